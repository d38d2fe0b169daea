"""How this installation is set up.

Every setting a county changes is an environment variable, listed in `docs/reference/settings.md`.
"""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from jingwei.notices.addresses import webhooks
from jingwei.running.addresses import networks
from jingwei.running.journal import logging_settings
from jingwei.settings_from import base_url, database, in_file, number, secret, tls

ROOT = Path(__file__).resolve().parents[2]
"""The checkout: `packs/` and `data/` stand in it."""

STATE = Path(os.environ.get("JINGWEI_STATE", ROOT / "var" / "county"))
"""What this installation owns: database, files, keys. Never inside a release."""

SECRET_KEY = secret("JINGWEI_SECRET", STATE / "keys" / "secret")
FIELD_KEY_FILE = Path(os.environ.get("JINGWEI_FIELD_KEY", STATE / "keys" / "fields"))
FIELD_CIPHER = os.environ.get("JINGWEI_FIELD_CIPHER", "aes")
DEBUG = False
ALLOWED_HOSTS = [*os.environ.get("JINGWEI_HOSTS", "testserver").split(","), "127.0.0.1", "localhost", "[::1]"]
BASE_URL = base_url(os.environ)
SECURE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_cotton",
    "django_htmx",
    "csp",
    "jingwei.looks",
    "jingwei.trail",
    "jingwei.outbox",
    "jingwei.files",
    "jingwei.search",
    "jingwei.running",
    "jingwei.policy",
    "jingwei.imports",
    "jingwei.places",
    "jingwei.people",
    "jingwei.organisations",
    "jingwei.accounts",
    "jingwei.notices",
    "jingwei.figures",
    "jingwei.duties",
    "jingwei.casework",
    "jingwei.rulebook",
    "jingwei.affairs",
    "jingwei.doors.desk",
    "jingwei.doors.doorstep",
]

MIDDLEWARE = [
    "jingwei.running.arriving.Arriving",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "jingwei.running.telling.Telling",
    "jingwei.running.gate.Gate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "jingwei.looks.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "jingwei.files.whole.BrokenOffMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jingwei.accounts.sessions.Use",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "jingwei.urls"
WSGI_APPLICATION = "jingwei.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "jingwei.looks.templatetags.looks",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jingwei.looks.context.chrome",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ, STATE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "desk:sign_in"
OUTSIDE_SIGN_IN = {
    "issuer": os.environ.get("JINGWEI_OIDC_ISSUER", ""),
    "client": os.environ.get("JINGWEI_OIDC_CLIENT", ""),
    "secret_file": os.environ.get("JINGWEI_OIDC_SECRET_FILE", ""),
    "claim": os.environ.get("JINGWEI_OIDC_CLAIM", "sub"),
    "name": os.environ.get("JINGWEI_OIDC_NAME", ""),
}
"""The identity provider that may say who somebody is (OpenID Connect); see `jingwei.accounts.outside`."""

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILES_ROOT = STATE / "files"

TIANDITU_KEY = os.environ.get("JINGWEI_TIANDITU_KEY", "")
MAP_PMTILES = os.environ.get("JINGWEI_MAP_PMTILES", "")
"""What lies under our own boundaries on the map: nothing, 天地图, or a file of tiles at an address of this site."""
MAP_TILES_FROM = ["https://*.tianditu.gov.cn"] if TIANDITU_KEY else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF, *MAP_TILES_FROM],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = int(os.environ.get("JINGWEI_HSTS", "0")) if SECURE else 0
SESSION_ENGINE = "jingwei.accounts.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SESSION_COOKIE_AGE = 12 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 600
DATA_UPLOAD_MAX_NUMBER_FILES = 20
MOST_OF_A_REQUEST = 70_000_000
"""Bytes of a form with files: three photographs of 20 MB (`files.acts.LIMIT`), and what is written beside them."""
FILE_UPLOAD_HANDLERS = [
    "jingwei.running.sizes.WithinBounds",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CSRF_FAILURE_VIEW = "jingwei.running.answers.forged"

TRUSTED_PROXIES = networks(os.environ.get("JINGWEI_TRUSTED_PROXIES", ""))
SECURE_PROXY_SSL_HEADER = ("jingwei.scheme", "https")
GATE_SLOTS = number(os.environ.get("JINGWEI_SLOTS"), 8)
GATE_QUEUE = number(os.environ.get("JINGWEI_QUEUE"), 4 * GATE_SLOTS)
GATE_PATIENCE = 2.0
"""Seconds a request waits for a place before it is told to come again."""
STATEMENT_MS = number(os.environ.get("JINGWEI_STATEMENT_TIMEOUT"), 15_000)
LOCK_MS = number(os.environ.get("JINGWEI_LOCK_TIMEOUT"), 5_000)
IDLE_MS = number(os.environ.get("JINGWEI_IDLE_TIMEOUT"), 30_000)
SLOW_QUERY_MS = number(os.environ.get("JINGWEI_SLOW_QUERY"), 500)
MANY_QUERIES = number(os.environ.get("JINGWEI_MANY_QUERIES"), 80)
LIMITS_FACTOR = float(os.environ.get("JINGWEI_LIMITS", "1"))
METRICS_TOKEN = os.environ.get("JINGWEI_METRICS_TOKEN", "")

EMAIL_BACKEND = os.environ.get("JINGWEI_MAIL", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("JINGWEI_MAIL_HOST", "localhost")
MAIL_TLS = tls(os.environ.get("JINGWEI_MAIL_TLS", "none"))
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_TLS == "starttls", MAIL_TLS == "tls"
EMAIL_PORT = number(os.environ.get("JINGWEI_MAIL_PORT"), {"none": 25, "starttls": 587, "tls": 465}[MAIL_TLS])
EMAIL_HOST_USER = os.environ.get("JINGWEI_MAIL_USER", "")
EMAIL_HOST_PASSWORD = in_file("JINGWEI_MAIL_PASSWORD_FILE", os.environ.get("JINGWEI_MAIL_PASSWORD_FILE", ""))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("JINGWEI_MAIL_FROM", "jingwei@localhost")
JINGWEI_WEBHOOK = webhooks(os.environ.get("JINGWEI_WEBHOOK", ""))
JINGWEI_WEBHOOK_SECRET = os.environ.get("JINGWEI_WEBHOOK_SECRET", "")
FILING_NUMBER = os.environ.get("JINGWEI_FILING_NUMBER", "")
"""The county's filing number (备案号), shown on every page; 国办函〔2026〕12号."""

LOGGING = logging_settings(os.environ.get("JINGWEI_LOG", "WARNING"))
SILENCED_SYSTEM_CHECKS: list[str] = []
