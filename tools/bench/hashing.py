"""Processes that do nothing but verify passwords with the product's own hasher: the bound of all sign-ins."""

import multiprocessing
import threading
import time
from typing import Any, Self

import django
from django.contrib.auth.hashers import check_password, make_password

from tools.bench.ground import PASSWORD

SECONDS_MAX = 60


class Hashers:
    """So many processes with so many hashes at a time; they wait until they are asked, and end with the block."""

    def __init__(self, processes: int, parallel: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._parallel_in_all = processes * parallel
        self._start, self._done = context.Barrier(processes + 1), context.Barrier(processes + 1)
        self._count = context.Value("i", 0)
        arguments = (parallel, self._start, self._done, self._count)
        self._processes = [context.Process(target=_serve, args=arguments, daemon=True) for _ in range(processes)]

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        for process in self._processes:
            process.terminate()
            process.join()

    @property
    def process_ids(self) -> list[int]:
        """The processes that hash."""
        return [process.pid for process in self._processes if process.pid]

    def hash(self, wanted: int) -> tuple[int, float]:
        """Verify about so many passwords, shared evenly; returns how many, and the seconds it took."""
        each = max(1, wanted // self._parallel_in_all)
        self._count.value = each
        self._start.wait(timeout=SECONDS_MAX)
        began = time.perf_counter()
        self._done.wait(timeout=SECONDS_MAX)
        return each * self._parallel_in_all, time.perf_counter() - began


def _serve(parallel: int, start: Any, done: Any, count: Any) -> None:
    django.setup()
    encoded = make_password(PASSWORD)

    def verify() -> None:
        for _ in range(count.value):
            check_password(PASSWORD, encoded)

    while True:
        start.wait()
        threads = [threading.Thread(target=verify) for _ in range(parallel)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done.wait()
