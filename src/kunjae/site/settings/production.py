"""Behind HTTPS, on PostgreSQL. Nothing of the demo can be switched on here."""

from .base import *
from .base import ENVIRONMENT

SECRET_KEY = ENVIRONMENT.secret_key

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# The prefix binds the cookie to this very host, over HTTPS, whole site.
SESSION_COOKIE_NAME = "__Host-kunjae_session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-kunjae_csrf"
CSRF_COOKIE_SECURE = True
KUNJAE_DEVICE_COOKIE = "__Host-kunjae_device"
LANGUAGE_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.base_url]
