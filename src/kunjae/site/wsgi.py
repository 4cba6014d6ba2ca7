"""The WSGI application that `kunjae serve` runs."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunjae.site.settings")

from django.core.wsgi import get_wsgi_application

from kunjae.site import environment, proxies

application = get_wsgi_application()
if _trusted := environment.read().trusted_proxies:
    application = proxies.behind(_trusted, application)
