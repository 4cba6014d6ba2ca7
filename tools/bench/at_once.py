"""
Very many who sign in at the same moment: nobody is lost, and memory stays within its bound.

Each comes over a connection of its own. Whoever finds the queue of hashes full is told so, with the time to wait
(503, Retry-After); everybody else is let in. Measured twice: as `kunjae serve` starts, where the server's own few
threads are the narrower place, and with so many threads that the queue of hashes is.
"""

import re
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Self

from tools.bench.ground import Ground, Server, serving
from tools.bench.table import Figure, at_most, plain
from tools.bench.wire import Door, Wire, WrongAnswer, session_of, status_of
from tools.bench.worker import rss_mb

WORKERS, HASHES = 2, 2
THREADS = 4
THREADS_BEYOND_THE_QUEUE = 40
POOL_MIN = 8
SECONDS_MAX = 90
BYTES_OF_A_HASH = 19 * 1024 * 1024
MEMORY_GOAL_MB = 64 + WORKERS * HASHES * BYTES_OF_A_HASH / 1e6
_RETRY_AFTER = re.compile(rb"retry-after: *[0-9]+\r\n", re.IGNORECASE)


def measure(place: Ground, database: str, usernames: Sequence[str]) -> list[Figure]:
    """Let all of them come at once, on a server as it is run and on one with many threads."""
    return [
        *_rush(place, database, usernames, threads=THREADS),
        *_rush(place, database, usernames, threads=THREADS_BEYOND_THE_QUEUE),
    ]


def _rush(place: Ground, database: str, usernames: Sequence[str], *, threads: int) -> list[Figure]:
    environment = place.environment(database, KUNJAE_PASSWORD_HASHES_PARALLEL=str(HASHES))
    # Whoever raises the threads gives each a connection, or they wait for one before they come to the queue.
    pool = f"pool={max(threads, POOL_MIN)}"
    environment["KUNJAE_DATABASE_URL"] = environment["KUNJAE_DATABASE_URL"].replace(f"pool={POOL_MIN}", pool)
    with serving(place, environment, workers=WORKERS, threads=threads) as server:
        door = Door(server.port)
        for _ in range(WORKERS * 4):
            Door(server.port)
        with _Peak(server) as memory:
            outcomes, seconds = _come(door, usernames)
    lost = len(usernames) - outcomes["let in"] - outcomes["told to wait"]
    note = (
        f"{outcomes['let in']} let in, {outcomes['told to wait']} told to try again, "
        f"{WORKERS} processes of {threads} threads"
    )
    return [
        at_most(f"{len(usernames)} sign-ins at once, {threads} threads: lost", lost, 0, note=note),
        at_most("– memory of the processes above idle (RSS)", memory.above_idle_mb, MEMORY_GOAL_MB, " MB"),
        plain("– until the last had an answer", seconds, " s", digits=1),
    ]


def _come(door: Door, usernames: Sequence[str]) -> tuple[Counter[str], float]:
    """Send all requests at once, each over its own connection; returns what became of them, and the seconds."""
    outcomes: Counter[str] = Counter()
    gate, lock = threading.Barrier(len(usernames) + 1), threading.Lock()

    def come(request: bytes) -> None:
        gate.wait(timeout=SECONDS_MAX)
        try:
            with Wire(door.port, seconds_max=SECONDS_MAX) as wire:
                outcome = _outcome(wire.ask(request))
        except OSError as fault:
            outcome = type(fault).__name__
        except WrongAnswer:
            outcome = "hung up on"
        with lock:
            outcomes[outcome] += 1

    threads = [threading.Thread(target=come, args=(door.sign_in(name),)) for name in usernames]
    for thread in threads:
        thread.start()
    gate.wait(timeout=SECONDS_MAX)
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return outcomes, time.perf_counter() - began


def _outcome(answer: bytes) -> str:
    if status_of(answer) == 503 and _RETRY_AFTER.search(answer.partition(b"\r\n\r\n")[0] + b"\r\n"):
        return "told to wait"
    try:
        session_of(answer)
    except WrongAnswer:
        return f"answered {status_of(answer)}"
    return "let in"


class _Peak:
    """Look at the memory of a server's workers every twentieth of a second until the block ends."""

    def __init__(self, server: Server) -> None:
        self._workers = server.workers()
        self._idle_mb = self._most_mb = self._now()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def above_idle_mb(self) -> float:
        return self._most_mb - self._idle_mb

    def _now(self) -> float:
        return sum(rss_mb(process_id) for process_id in self._workers)

    def _look(self) -> None:
        while not self._over.wait(timeout=0.05):
            self._most_mb = max(self._most_mb, self._now())
