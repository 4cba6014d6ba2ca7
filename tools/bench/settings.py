"""The settings of an installed wheel: static files collected, hashed and compressed, in the benchmark's own folder."""

import os
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper

from kunjae.site.settings import *  # noqa: F403 (a mode is the base and its differences)
from kunjae.site.settings import KUNJAE_DATA, STORAGES

STATIC_ROOT = KUNJAE_DATA / "static"
WHITENOISE_USE_FINDERS = False
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}

_inherited: list[Any] = []


def _forget_pools_of_the_parent() -> None:
    """
    Let a forked worker open its own pool.

    `kunjae serve` looks at the database before it forks, and the pool of that look is inherited without its threads.
    """
    # Kept, not closed: their connections are still the parent's.
    _inherited.append(dict(DatabaseWrapper._connection_pools))  # noqa: SLF001 (Django has no public name for it)
    DatabaseWrapper._connection_pools.clear()  # noqa: SLF001


os.register_at_fork(after_in_child=_forget_pools_of_the_parent)
