"""How much memory one worker process holds after mixed work."""

from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from django.urls import NoReverseMatch, reverse

from tools.bench.ground import Ground, Server, serving
from tools.bench.nation import Made
from tools.bench.pages import PAGES, Visit
from tools.bench.population import Nation
from tools.bench.table import Figure, at_most, missing, plain
from tools.bench.wire import Door, Wire, WrongAnswer, session_of, status_of

MEMORY_GOAL_MB = 150
PAPERS = 20
#: Libraries of native code that papers need, by a part of their files' names.
HEAVY = {"typst": "typst", "pillow": "_imaging.", "pdfium": "pdfium"}


def measure(place: Ground, made: Made, *, requests: int) -> list[Figure]:
    """Serve with one worker, and look at its memory after pages, and again after papers."""
    with serving(place, place.environment(made.database), workers=1) as server:
        worker = _Reader(server)
        counted = worker.open(_visits(made.nation), requests)
        after_pages = _memory(server)
        papers = _papers(made.nation)
        worker.open(papers, PAPERS)
        after_papers = _memory(server)
        note = f"{counted} requests, {after_pages.libraries}"
        return [
            at_most("Memory of one worker process (RSS)", after_pages.rss, MEMORY_GOAL_MB, " MB", note=note),
            plain("– its own part, shared pages counted by share (PSS)", after_pages.pss, " MB"),
            plain(f"– RSS after {PAPERS} PDFs more", after_papers.rss, " MB", note=after_papers.libraries)
            if papers
            else missing("– RSS after PDFs", "not there"),
            plain("– the process that starts the workers (RSS)", rss_mb(server.process.pid), " MB"),
        ]


@dataclass(frozen=True, slots=True)
class _Memory:
    rss: float
    pss: float
    libraries: str


def _memory(server: Server) -> _Memory:
    process_id = server.workers()[0]
    files = Path(f"/proc/{process_id}/maps").read_text()
    loaded = [name for name, part in HEAVY.items() if part in files]
    return _Memory(
        rss=rss_mb(process_id),
        pss=_kilobytes(Path(f"/proc/{process_id}/smaps_rollup"), "Pss:") * 1024 / 1e6,
        libraries=f"{', '.join(loaded)} loaded" if loaded else "none of " + ", ".join(HEAVY) + " loaded",
    )


def rss_mb(process_id: int) -> float:
    """Return what a process holds in memory, in megabytes."""
    return _kilobytes(Path(f"/proc/{process_id}/status"), "VmRSS:") * 1024 / 1e6


def _kilobytes(file: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in file.read_text().splitlines() if line.startswith(name))


class _Reader:
    """People who sign in once and open pages."""

    def __init__(self, server: Server) -> None:
        self._port = server.port
        self._door = Door(server.port)
        self._sessions: dict[str, bytes] = {}

    def open(self, visits: list[Visit], count: int) -> int:
        """Open pages in turns until so many requests were made, sign-ins included; returns how many."""
        made = 0
        with Wire(self._port) as wire:
            for visit in cycle(visits):
                if made >= count:
                    break
                name = visit.account.username
                if name not in self._sessions:
                    self._sessions[name] = session_of(wire.ask(self._door.sign_in(name)))
                    made += 1
                session = self._sessions[name]
                answer = (
                    wire.ask(self._door.post(visit.path, session=session))
                    if visit.is_post
                    else wire.get(visit.path, session=session)
                )
                made += 1
                if status_of(answer) != 200:
                    raise WrongAnswer(f"{visit.path} answered {status_of(answer)} to {name}")
        return made


def _visits(nation: Nation) -> list[Visit]:
    """Mix the pages: one of each kind after the other."""
    kinds = []
    for page in PAGES:
        try:
            kinds.append(page.visits(nation))
        except NoReverseMatch:
            continue
    longest = max(len(kind) for kind in kinds)
    return [kind[number % len(kind)] for number in range(longest) for kind in kinds]


def _papers(nation: Nation) -> list[Visit]:
    """The PDFs that a head asks for: the report, and the sheet of form 2."""
    visits = []
    for town in nation.looked_at:
        head = town.accounts[0]
        try:
            visits += [
                Visit(head, reverse("reports:membership_pdf", args=[town.code]), is_post=True),
                Visit(head, reverse("access_requests:form_pdf", args=[town.code, town.decided[0]])),
            ]
        except NoReverseMatch:
            return []
    return visits
