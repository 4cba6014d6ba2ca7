"""Django's settings, chosen by `KUNJAE_MODE`."""

from kunjae.site.environment import PRODUCTION, read

if read().mode == PRODUCTION:
    from .production import *
else:
    from .embedded import *
