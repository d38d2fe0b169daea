"""The site as it is served to a county, over the database and the folder of one test: `granian wire:application`."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "settings_of_tests"
import settings_of_tests as settings

settings.DATABASES["default"]["NAME"] = os.environ["WIRE_DATABASE"]
settings.FILES_ROOT = os.environ["WIRE_FILES"]  # type: ignore[assignment]

from jingwei.wsgi import application  # noqa: E402

__all__ = ["application"]
