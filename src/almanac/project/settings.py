"""Django's settings: one person on loopback, one folder, two SQLite files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from almanac.project.home import home, secret

# Before numpy is loaded: its matrices here are small, and two threads make them five times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

ALMANAC_HOME = home()
SECRET_KEY = secret(ALMANAC_HOME)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

INSTALLED_APPS = [
    "django.contrib.sitemaps",
    "almanac.record",
    "almanac.faces.web",
    "django_htmx",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "almanac.faces.web.middleware.PolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "almanac.faces.web.middleware.GateMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Innermost, as those around it measure the page.
    "almanac.faces.web.typography.TypographyMiddleware",
]
ROOT_URLCONF = "almanac.project.urls"
WSGI_APPLICATION = "almanac.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [Path(__file__).parents[1] / "press" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "almanac.faces.web.context_processors.surroundings",
            ],
            "builtins": [
                "almanac.press.tags",
                "almanac.faces.web.templatetags.words",
                "almanac.faces.web.templatetags.facts",
            ],
        },
    }
]

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA secure_delete=ON;"
        ),
    },
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": SQLITE | {"NAME": str(ALMANAC_HOME / "almanac.sqlite3")},
    "private": SQLITE | {"NAME": str(ALMANAC_HOME / "private.sqlite3")},
}
if os.environ.get("DATABASE_URL"):
    import dj_database_url

    DATABASES["default"] = {**dj_database_url.parse(os.environ["DATABASE_URL"])}
DATABASE_ROUTERS = ["almanac.record.infra.routing.PrivateRouter"]

MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "almanac.faces.web.views.errors.csrf_failed"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
