"""The WSGI application that `kunjae serve` runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunjae.site.settings")

application = get_wsgi_application()
