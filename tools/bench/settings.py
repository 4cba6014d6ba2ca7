"""The settings of an installed wheel: static files collected, hashed and compressed, in the benchmark's own folder."""

import os

from kunjae.site.settings import *  # noqa: F403 (a mode is the base and its differences)
from kunjae.site.settings import KUNJAE_DATA, STORAGES

STATIC_ROOT = KUNJAE_DATA / "static"
WHITENOISE_USE_FINDERS = False
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
# Production asks heads and desks for a second factor, and its environment refuses to do without. What is measured with
# the password alone is therefore let in here, in the settings of the benchmark, which no installation has.
KUNJAE_SECOND_FACTORS = os.environ.get("BENCH_SECOND_FACTORS", "off")
