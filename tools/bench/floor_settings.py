"""The settings of the benchmark with the barest of views (`floor.py`), and no middleware but what any sign-in needs."""

from tools.bench.settings import *  # noqa: F403 (the same server and database)

ROOT_URLCONF = "tools.bench.floor"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # which its app insists on
]
