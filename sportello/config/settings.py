"""How is Django set up? Everything that differs between installations comes from `env.py`."""

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from sportello.config import env

SECRET_KEY = env.SECRET_KEY
DEBUG = env.DEBUG
ALLOWED_HOSTS = [*env.HOSTS, urlsplit(env.URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "sportello.config.urls"
WSGI_APPLICATION = "sportello.config.wsgi.application"
ASGI_APPLICATION = "sportello.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W021"]  # the proxy in front does TLS

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "csp",
    "sportello.kernel",
    "sportello.people",
    "sportello.tickets",
    "sportello.channels",
    "sportello.channels.email",
    "sportello.ui",
    "sportello.desk",
    "sportello.portal",
    "sportello.api",
    "sportello.account",
    "sportello.demo",
    "sportello.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sportello.config.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "sportello.account.middleware.PersonMiddleware",
    "sportello.account.middleware.FirstRunMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sportello.ui.problem_middleware.ProblemMiddleware",
]

if DEBUG:
    MIDDLEWARE.insert(1, "servestatic.middleware.ServeStaticMiddleware")  # assets as they are written now

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": not DEBUG,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "csp.context_processors.nonce",
                "sportello.ui.context.look",
            ],
        },
    }
]
if DEBUG:
    TEMPLATES[0]["OPTIONS"]["loaders"] = ["django.template.loaders.app_directories.Loader"]
FORM_RENDERER = "sportello.ui.forms.FormRenderer"


def _database() -> dict[str, Any]:
    if env.DATABASE_URL:
        parsed: dict[str, Any] = env.env.dj_db_url("DATABASE_URL")
        # in seconds: how long a request waits for a connection, and after how long each further one tries anew
        pool = {"min_size": 1, "max_size": 24, "timeout": 5, "reconnect_timeout": 5}
        parsed["OPTIONS"] = {**parsed.get("OPTIONS", {}), "pool": pool}
        return parsed | {"CONN_MAX_AGE": 0}
    env.DATA.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "sportello.kernel.sqlite",
        "NAME": env.DATA / "sportello.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-4096;"
            "pragma mmap_size=268435456; pragma temp_store=memory",
        },
    }


DATABASES = {"default": _database()}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LANES = ["mail", "default", "send", "fetch", "bulk"]
TASKS = {"default": {"BACKEND": "sportello.kernel.jobs.backend.DatabaseBackend", "QUEUES": LANES}}

PASSWORD_HASHERS = ["sportello.people.hashing.Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["sportello.people.passwords.AddressBackend"]
LOGIN_URL = "account:sign_in"
LOGIN_REDIRECT_URL = "/"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # a word of confirmation costs no writing
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [env.URL]
CSRF_FAILURE_VIEW = "sportello.ui.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"  # mail bodies are shown in a sandboxed frame of our own
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("it", _("Italian")), ("ro", _("Romanian"))]
LOCALE_PATHS = [env.REPOSITORY / "sportello" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.REPOSITORY / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": env.DATA / "files"}},
    "staticfiles": {
        "BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        # who sets up need not be who runs, and everybody may fetch them
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}

UPLOAD_LIMIT_BYTES = env.UPLOAD_LIMIT_MB * 1024 * 1024
MAIL_LIMIT_BYTES = env.MAIL_LIMIT_MB * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

SPORTELLO_DATA = env.DATA
SPORTELLO_URL = env.URL
SPORTELLO_SEAL_KEYS = env.SEAL_KEYS  # newest first; the secret key serves where none is given
SPORTELLO_TRUSTED_PROXIES = env.TRUSTED_PROXIES

LOGGING_CONFIG = None  # config/logs.py sets up structlog once, from AppConfig.ready
