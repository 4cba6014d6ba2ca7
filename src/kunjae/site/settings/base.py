"""What holds in every mode. What the operator may change stands in `kunjae.site.environment`."""

from pathlib import Path
from urllib.parse import urlsplit

import kunjae
from kunjae.site import environment, logs

ENVIRONMENT = environment.read()
PACKAGE = Path(kunjae.__file__).parent

DEBUG = False
ROOT_URLCONF = "kunjae.site.urls"
WSGI_APPLICATION = "kunjae.site.wsgi.application"
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts) or [urlsplit(ENVIRONMENT.base_url).hostname]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Ours by name, so that no app below `site` reads the environment itself.
KUNJAE_MODE = ENVIRONMENT.mode
KUNJAE_DATA = ENVIRONMENT.data
KUNJAE_UPLOADS = ENVIRONMENT.data / "uploads"
KUNJAE_BASE_URL = ENVIRONMENT.base_url
KUNJAE_HELP_PHONE = ENVIRONMENT.help_phone
KUNJAE_PASSWORD_HASHES_PARALLEL = ENVIRONMENT.password_hashes_parallel
# Of whom a second factor is asked at all: kunjae.identity.factor_duty; production refuses "off".
KUNJAE_SECOND_FACTORS = ENVIRONMENT.second_factors
KUNJAE_BREACHED_PASSWORDS = ENVIRONMENT.breached_passwords
KUNJAE_SMS_URL = ENVIRONMENT.sms_url
KUNJAE_SMS_TOKEN = ENVIRONMENT.sms_token
KUNJAE_SMS_SENDER = ENVIRONMENT.sms_sender
KUNJAE_REGISTER = ENVIRONMENT.register
# "mailbox" keeps mail and SMS on a page of the demo; only embedded.py may choose it.
KUNJAE_MESSAGE_TRANSPORT = "real"
# The guides stand beside the source in a checkout, and inside the package in a wheel.
KUNJAE_GUIDES = next(
    (folder for folder in (PACKAGE / "site" / "guides", PACKAGE.parents[1] / "docs" / "guides") if folder.is_dir()),
    PACKAGE / "site" / "guides",
)

INSTALLED_APPS = [
    # Ours first: of two translations or commands of one name, Django takes the first app's.
    "kunjae.site",
    "kunjae.reports",
    "kunjae.oversight",
    "kunjae.access_requests",
    "kunjae.official_letters",
    "kunjae.circulars",
    "kunjae.revocation",
    "kunjae.entitlements",
    "kunjae.identity",
    "kunjae.messaging",
    "kunjae.documents",
    "kunjae.organisations",
    "kunjae.core",
    "kunjae.audit",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

# Ours are added where they are marked; the order matters.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kunjae.site.middleware.bounded_requests",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kunjae.site.middleware.reader_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kunjae.site.middleware.private_pages",
    "kunjae.site.middleware.session_guard",
    "kunjae.site.middleware.AccessGate",
    "kunjae.site.middleware.QueueOfHashes",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the apps', so that our templates stand in for those of allauth and of Django's forms.
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "kunjae.site.context.frame",
            ],
        },
    }
]

# Database

DATABASES = {"default": environment.database(ENVIRONMENT)}
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Who is who

AUTH_USER_MODEL = "identity.Subject"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# The policy is ours: kunjae.identity.password_policy, a dated row (decision D2).
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []
PASSWORD_HASHERS = ["kunjae.identity.hashing.Argon2id"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

ACCOUNT_ADAPTER = "kunjae.identity.sign_in.Adapter"
ACCOUNT_RATE_LIMITS = False  # ours: kunjae.identity.throttle, which an office behind one address survives
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
# Clause 3(2) of the letter: nothing is remembered.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True

# Sessions: on the server, gone with the browser, twelve hours at most.

# By it a browser is known to the accounts that have signed in there: kunjae.identity.known_devices.
KUNJAE_DEVICE_COOKIE = "kunjae_device"
SESSION_ENGINE = "kunjae.identity.browser_session"
SESSION_COOKIE_NAME = "kunjae_session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "kunjae_csrf"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# What a browser is told

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

# Language and time: instants in UTC, shown in Thai time (decision D14).

USE_TZ = True
TIME_ZONE = "Asia/Bangkok"
USE_I18N = True
LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "kunjae_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60

# Files

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "site" / "collected"
# A wheel carries its files collected, hashed and compressed; a checkout serves them as they stand.
IS_COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file()
WHITENOISE_USE_FINDERS = not IS_COLLECTED
# No other site has a use for them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Thai letters in a name take three bytes each: the limit of a whole form, files apart.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # No base_url: an upload is never reachable by address, only through a page that asks who you are.
        "OPTIONS": {"location": KUNJAE_UPLOADS, "base_url": None, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# Mail

DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from
SERVER_EMAIL = ENVIRONMENT.mail_from
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
globals().update(environment.mail(ENVIRONMENT))

LOGGING_CONFIG = "kunjae.site.logs.configure"
LOGGING = logs.configuration(
    level=ENVIRONMENT.log_level,
    with_values=ENVIRONMENT.log_level == "DEBUG" and not ENVIRONMENT.is_production,
)
