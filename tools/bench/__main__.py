"""
Run the benchmarks: `make bench`, or `python -m tools.bench [--quick] [--output FILE]`.

Everything is made for it and removed again: a SQLite file, a private PostgreSQL cluster, a server on the loopback
interface. A full run writes docs/benchmarks.md; `--quick` takes a hundredth of the data and writes nothing unless told.
"""

import argparse
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import FrameType

from tools import postgresql_cluster
from tools.bench import ground, register, table
from tools.bench.table import Figure
from tools.bench.wire import WrongAnswer

PAGE = ground.ROOT / "docs" / "benchmarks.md"
CHAPTERS = ("register", "record", "pages", "sign-ins", "at-once", "worker", "first-page")


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    accounts: int
    events: int
    letters: int
    openings: int
    sign_in_rounds: int
    sign_ins: int
    at_once: int
    requests: int
    minutes_max: int


FULL = Size(
    accounts=100_000,
    events=1_000_000,
    letters=20_000,
    openings=140,
    sign_in_rounds=4,
    sign_ins=200,
    at_once=500,
    requests=200,
    minutes_max=25,
)
QUICK = Size(
    accounts=1_000,
    events=10_000,
    letters=200,
    openings=3,
    sign_in_rounds=1,
    sign_ins=24,
    at_once=60,
    requests=60,
    minutes_max=5,
)


class TimeIsUp(Exception):
    """The run took longer than it may."""


def main(arguments: list[str]) -> int:
    """Measure, print the table, write the page; exit code 1 if something did not work (a missed goal is no failure)."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measure Kunjae on this machine.")
    parser.add_argument("--quick", action="store_true", help="a hundredth of the data, to see that it runs")
    parser.add_argument("--only", nargs="+", choices=CHAPTERS, default=CHAPTERS, help="these chapters")
    parser.add_argument("--output", type=Path, help="where to write the page (a full run: docs/benchmarks.md)")
    chosen = parser.parse_args(arguments)
    size = QUICK if chosen.quick else FULL
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGALRM, _time_is_up)
    signal.alarm(size.minutes_max * 60)
    began, load = time.perf_counter(), os.getloadavg()[0]
    try:
        with ground.ground() as place:
            figures = _measure(place, size, chosen.only)
    except (postgresql_cluster.NoPostgresql, ground.ProgramFailed, TimeIsUp) as fault:
        print(f"kunjae: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("kunjae: the benchmark was interrupted", file=sys.stderr)
        return 130
    seconds = time.perf_counter() - began
    closing = f"{table.closing_line(figures)} in {seconds:.0f} s"
    print(f"\n{table.as_text(figures)}\n\n{closing}")
    is_whole = not chosen.quick and chosen.only == CHAPTERS
    output = chosen.output or (PAGE if is_whole else None)
    if output is not None:
        output.write_text(_page(figures, size, closing, load), encoding="utf-8")
        print(f"Written to {output.name}.")
    return 1 if any(figure.misses == table.FAILED for figure in figures) else 0


def _time_is_up(_number: int, _frame: FrameType | None) -> None:
    raise TimeIsUp("the benchmark was stopped: it took longer than it may")


def _measure(place: ground.Ground, size: Size, only: tuple[str, ...]) -> list[Figure]:
    """Take one chapter after the other, each while nothing else of ours runs."""
    file = place.folder / "register.csv"
    file.write_bytes(_register(place))
    figures = []
    if "register" in only:
        # First, while this process is small: a child's peak is never told below its parent's.
        figures += _chapter("register", lambda: register.measure(place.folder, file))
    if set(only) == {"register"}:
        return figures
    _say("two databases: migrate, register, catalogue")
    os.environ.update(place.environment("kunjae"))
    ground.run("migrate", "--verbosity=0", environment=dict(os.environ), folder=place.folder)
    ground.run("collectstatic", "--no-input", environment=dict(os.environ), folder=place.folder)
    import django

    django.setup()
    from tools.bench import at_once, first_page, nation, pages, record, sign_ins, worker

    databases = nation.Databases()
    nation.prepare(databases, file)
    made = {}
    for database, part in ((nation.TENTH, 10), (nation.WHOLE, 1)):
        made[database] = nation.make(
            databases,
            database,
            accounts=size.accounts // part,
            events=size.events // part,
            letters=size.letters // part,
            smallest=size.accounts // 10,
        )
        filled = made[database]
        _say(f"{filled.nation.accounts_count:,} accounts and {filled.events_count:,} events in {filled.seconds:.0f} s")
    tenth, whole = made[nation.TENTH], made[nation.WHOLE]
    people = [
        account.username for town in whole.nation.others for account in town.accounts if account.state == "active"
    ]
    databases.close()
    chapters: dict[str, Callable[[], list[Figure]]] = {
        "record": lambda: record.measure(place, nation.WHOLE),
        "pages": lambda: pages.measure(databases, whole, tenth, openings=size.openings),
        "sign-ins": lambda: sign_ins.measure(
            place, databases, nation.WHOLE, people, rounds=size.sign_in_rounds, sign_ins=size.sign_ins
        ),
        "at-once": lambda: at_once.measure(place, nation.WHOLE, people[: size.at_once]),
        "worker": lambda: worker.measure(place, whole, requests=size.requests),
        "first-page": lambda: first_page.measure(place, nation.WHOLE),
    }
    for name, measure in chapters.items():
        if name in only:
            figures += _chapter(name, measure)
    databases.close()
    return figures


_MAKE_REGISTER = """
import sys, django
django.setup()
from kunjae.organisations.register.generator import national_register
sys.stdout.buffer.write(national_register())
"""


def _register(place: ground.Ground) -> bytes:
    """Make the national register, in a process of its own: this one stays small."""
    return ground.python(_MAKE_REGISTER, environment=place.environment("kunjae"))


def _chapter(name: str, measure: Callable[[], list[Figure]]) -> list[Figure]:
    began = time.perf_counter()
    try:
        figures = measure()
    except (ground.ProgramFailed, WrongAnswer, OSError) as fault:
        figures = [table.failed(f"Chapter: {name}", fault)]
    _say(f"{name}: {time.perf_counter() - began:.0f} s")
    return figures


def _say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def _page(figures: list[Figure], size: Size, closing: str, load: float) -> str:
    """Write the page of the documentation."""
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    return f"""<!-- Written by `make bench`; do not edit. -->
# Benchmarks

Measured on {datetime.now(UTC):%d %B %Y} on a machine with {cores} cores ({_processor()}), {memory:.0f} GB of memory,
Python {platform.python_version()}, Django {version("django")}, {_postgresql()}; load when it began: {load:.1f}. Program, database and
measuring client share the cores. How each figure is taken, and what stands in the way of those that miss their goal:
[decision 12](decisions/0012-benchmarks.md).

The nation: 7,849 authorities, {size.accounts:,} accounts, {size.events:,} events, {size.letters:,} letters of form 1. Pages are compared with a nation
of a tenth of the accounts, events and letters, in the same run.

{table.as_markdown(figures)}

{closing}.
"""


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _postgresql() -> str:
    said = subprocess.run(
        [postgresql_cluster.programs() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return f"PostgreSQL {said.stdout.partition(') ')[2].split()[0]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
