"""
How many people sign in a second, beside how many the password hash alone would let in.

Both are measured in turns, in the same run, on the same cores and with the same parallelism: so many processes, each
with so many hashes at a time. The measuring client and the database share the cores with the server.

With as many hashes as cores, the ratio says what everything around the hash costs. With one hash at a time, another
core is left to the rest, and the ratio says whether anything but the hash holds people up.

First nobody is asked for a second factor; then all are, and each shows the code of an app: typed with the password, in
one request, or on the page that asks for it, in three.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tools.bench.ground import Ground, cpu_seconds, serving
from tools.bench.hashing import Hashers
from tools.bench.nation import Databases
from tools.bench.second_factors import Person, bind_apps, enter
from tools.bench.table import Figure, at_least, plain
from tools.bench.wire import Door, Wire, WrongAnswer, status_of

RATIO_GOAL = 0.85
THREADS, CLIENTS = 4, 12
WARMING = CLIENTS * 2


@dataclass(frozen=True, slots=True)
class _Parallel:
    """So many processes, each with so many hashes at a time."""

    workers: int
    hashes: int


AS_IN_PRODUCTION = _Parallel(workers=2, hashes=2)


def measure(
    place: Ground, databases: Databases, database: str, usernames: Sequence[str], *, rounds: int, sign_ins: int
) -> list[Figure]:
    """Let each of these accounts in once, in rounds, between rounds of bare hashing."""
    fewer_rounds = max(1, rounds // 2)
    names = iter(usernames)
    people = (Person(name) for name in names)
    plainly = place.environment(database)
    hashed, entered = _in_turns(place, plainly, people, AS_IN_PRODUCTION, rounds=rounds, sign_ins=sign_ins)
    hashed_alone, entered_alone = _in_turns(
        place, plainly, people, _Parallel(1, 1), rounds=fewer_rounds, sign_ins=sign_ins // 2
    )
    barely = plainly | {"DJANGO_SETTINGS_MODULE": "tools.bench.floor_settings"}
    hashed_barely, entered_barely = _in_turns(
        place, barely, people, AS_IN_PRODUCTION, rounds=fewer_rounds, sign_ins=sign_ins
    )
    each = WARMING + fewer_rounds * sign_ins
    with databases.working_in(database):
        at_once = iter(bind_apps(list(islice(names, 2 * each)), types_all_at_once=True))
        one_by_one = iter(bind_apps(list(islice(names, each))))
    databases.close()
    asking = place.environment(database, BENCH_SECOND_FACTORS="required")
    with_code = _in_turns(place, asking, at_once, AS_IN_PRODUCTION, rounds=fewer_rounds, sign_ins=sign_ins)
    with_code_alone = _in_turns(place, asking, at_once, _Parallel(1, 1), rounds=fewer_rounds, sign_ins=sign_ins // 2)
    then_code = _in_turns(place, asking, one_by_one, AS_IN_PRODUCTION, rounds=fewer_rounds, sign_ins=sign_ins)
    return [
        *_figures("Password sign-ins through the server", hashed, entered),
        _with_a_core_left(hashed_alone, entered_alone),
        plain(
            "– ratio of the barest view: one row read, one hash, one row written",
            entered_barely.rate / hashed_barely.rate,
            digits=2,
            note=f"{entered_barely.rate:.1f} of {hashed_barely.rate:.1f}/s",
        ),
        *_figures("Sign-ins by password and code of an app, typed together", *with_code),
        _with_a_core_left(*with_code_alone),
        *_figures("Sign-ins by password, then the code on a page of its own", *then_code),
    ]


def _with_a_core_left(hashed: "_Tally", entered: "_Tally") -> Figure:
    return at_least(
        "– ratio with one hash at a time, a core left to the rest",
        entered.rate / hashed.rate,
        RATIO_GOAL,
        digits=2,
        note=f"{entered.rate:.1f} of {hashed.rate:.1f}/s",
    )


def _figures(what: str, hashed: "_Tally", entered: "_Tally") -> list[Figure]:
    argon2 = hashed.milliseconds[0]
    program, postgresql, client = entered.milliseconds
    note = f"{entered.count} accounts, {AS_IN_PRODUCTION.workers} processes, {AS_IN_PRODUCTION.hashes} hashes each"
    return [
        plain(what, entered.rate, "/s", digits=1, note=note),
        plain("– Argon2 alone, same parallelism, same run", hashed.rate, "/s", digits=1),
        at_least("– ratio of the two", entered.rate / hashed.rate, RATIO_GOAL, digits=2),
        Figure(
            "– processor time of one sign-in",
            f"Argon2 {argon2:.1f} ms, the program around it {program - argon2:.1f}, "
            f"PostgreSQL {postgresql:.1f}, the measuring client {client:.1f}",
        ),
    ]


def _in_turns(
    place: Ground,
    environment: dict[str, str],
    people: Iterator[Person],
    parallel: _Parallel,
    *,
    rounds: int,
    sign_ins: int,
) -> "tuple[_Tally, _Tally]":
    """Hash and let in, by turns, with the same parallelism."""
    environment = environment | {"KUNJAE_PASSWORD_HASHES_PARALLEL": str(parallel.hashes)}
    with (
        serving(place, environment, workers=parallel.workers, threads=THREADS) as server,
        Hashers(parallel.workers, parallel.hashes) as hashers,
    ):
        door = Door(server.port)
        _let_in(door, list(islice(people, WARMING)))
        hashers.hash(parallel.workers * parallel.hashes)
        hashed = _Tally(hashers.process_ids)
        entered = _Tally(server.workers(), place.postgresql_processes(), [os.getpid()])
        for _ in range(rounds):
            hashed.add(lambda: hashers.hash(sign_ins // 2))
            entered.add(lambda: _let_in(door, list(islice(people, sign_ins))))
        hashed.add(lambda: hashers.hash(sign_ins // 2))
    return hashed, entered


class _Tally:
    """Counts over rounds: how many, in which time, and what the processor time of groups of processes was."""

    def __init__(self, *groups: list[int]) -> None:
        self._groups = groups
        self._cpu = [0.0] * len(groups)
        self.count, self.seconds = 0, 0.0

    def add(self, work: Callable[[], tuple[int, float]]) -> None:
        """Do one round of work, which says how many it did and the seconds it took."""
        before = [cpu_seconds(*group) for group in self._groups]
        count, seconds = work()
        self.count, self.seconds = self.count + count, self.seconds + seconds
        for place, group in enumerate(self._groups):
            self._cpu[place] += cpu_seconds(*group) - before[place]

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def milliseconds(self) -> list[float]:
        """Processor time for one, by group of processes."""
        return [seconds / self.count * 1000 for seconds in self._cpu]


# --- The sign-ins -----------------------------------------------------------------------------------------------


def _let_in(door: Door, people: Sequence[Person]) -> tuple[int, float]:
    """Let all of them in over a few connections; returns how many, and the seconds it took."""
    waiting, lock = iter(people), threading.Lock()
    faults: list[Exception] = []
    session = b""

    def client(wire: Wire) -> None:
        nonlocal session
        while not faults:
            with lock:
                person = next(waiting, None)
            if person is None:
                return
            try:
                session = enter(door, wire, person)
            except (OSError, WrongAnswer) as fault:
                faults.append(fault)

    wires = [Wire(door.port) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=client, args=(wire,)) for wire in wires]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if faults:
        raise faults[0]
    # Off the clock: who was let in last is in.
    if status_of(wires[0].get("/me/", session=session)) != 200:
        raise WrongAnswer("somebody who signed in is not signed in")
    for wire in wires:
        wire.close()
    return len(people), seconds
