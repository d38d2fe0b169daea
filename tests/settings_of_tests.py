"""The settings of the tests: the county's own, with everything it owns in a folder that is thrown away.

The folder is made once and handed to the parallel workers by the environment, so that they share one database
server; a real installation's database, files and keys are never touched by a test.
"""

import os
import tempfile

os.environ.pop("DATABASE_URL", None)
if "JINGWEI_TEST_STATE" not in os.environ:
    os.environ["JINGWEI_TEST_STATE"] = tempfile.mkdtemp(prefix="jingwei-tests-", dir="/tmp")
# Playwright's synchronous door runs an event loop in this thread, and Django would refuse the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
os.environ["JINGWEI_STATE"] = os.environ["JINGWEI_TEST_STATE"]

from jingwei.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a sign-in in a test need not be slow
