"""Argon2id at the OWASP minimum, with a bound on how many run at once (ASVS 11.4.2; stack 3)."""

from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

_running = BoundedSemaphore(settings.KUNJAE_PASSWORD_HASHES_PARALLEL)


class Argon2id(Argon2PasswordHasher):
    """19 MiB, 2 passes, 1 lane: about 20 ms; memory is 19 MiB times the allowed parallel hashes."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _running:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _running:
            return super().verify(password, encoded)

    def harden_runtime(self, password: str, encoded: str) -> Any:
        """Do nothing: the parameters only ever rise, and a sign-in re-hashes older ones."""
