"""The WSGI application that `kunjae serve` runs."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunjae.site.settings")

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from kunjae.site import environment

application = get_wsgi_application()
_trusted = environment.read().trusted_proxies
if _trusted:
    # Only what these hosts forward is believed; from anybody else X-Forwarded-* is text without meaning.
    application = wrap_wsgi_with_proxy_headers(application, trusted_hosts=list(_trusted))
