"""The settings of an installed wheel: static files collected, hashed and compressed, in the benchmark's own folder."""

from kunjae.site.settings import *  # noqa: F403 (a mode is the base and its differences)
from kunjae.site.settings import KUNJAE_DATA, STORAGES

STATIC_ROOT = KUNJAE_DATA / "static"
WHITENOISE_USE_FINDERS = False
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
