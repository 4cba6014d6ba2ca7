"""One machine, no preparation: the demo, a trial, a developer's desk."""

from kunjae.site.environment import embedded_secret_key

from .base import *
from .base import ALLOWED_HOSTS, ENVIRONMENT

SECRET_KEY = ENVIRONMENT.secret_key or embedded_secret_key(ENVIRONMENT.data)
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]"]

if ENVIRONMENT.mail_url is None:
    KUNJAE_MESSAGE_TRANSPORT = "mailbox"
