"""Argon2id at the OWASP minimum; how many run at once, and how many wait, is bounded (ASVS 11.4.2; T-34)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

WAITING_PER_HASH = 16
"""So many wait in one process for each that runs: a third of a second at 20 ms."""
WAIT_MAX = timedelta(seconds=5)
RETRY_AFTER = timedelta(seconds=5)
"""After which time somebody who found the queue full is told to try again."""


class QueueFull(Exception):
    """More wait to be hashed than are let in: say so, and never hash more weakly."""


class Queue:
    """So many at a time, so many who wait for at most `WAIT_MAX`, and nobody else."""

    def __init__(self, *, parallel: int, waiting: int) -> None:
        self._places = BoundedSemaphore(parallel + waiting)
        self._running = BoundedSemaphore(parallel)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """
        Wait for one's turn and hold it for the block.

        :raises QueueFull: at once if too many wait already, or after `WAIT_MAX`
        """
        if not self._places.acquire(blocking=False):
            raise QueueFull
        try:
            if not self._running.acquire(timeout=WAIT_MAX.total_seconds()):
                raise QueueFull
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._places.release()


queue = Queue(
    parallel=settings.KUNJAE_PASSWORD_HASHES_PARALLEL,
    waiting=settings.KUNJAE_PASSWORD_HASHES_PARALLEL * WAITING_PER_HASH,
)


class Argon2id(Argon2PasswordHasher):
    """19 MiB, 2 passes, 1 lane: about 20 ms; memory is 19 MiB times the allowed parallel hashes."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with queue.turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with queue.turn():
            return super().verify(password, encoded)

    def harden_runtime(self, password: str, encoded: str) -> Any:
        """Do nothing: the parameters only ever rise, and a sign-in re-hashes older ones."""
