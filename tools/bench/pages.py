"""
How long the main pages take inside the program, and how many queries, in a nation and in one of a tenth of its size.

Each page is opened through every middleware by Django's own test client, in turns in both databases, so that what
else the machine does falls on both alike.
"""

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from kunjae.identity.models import SubjectState
from kunjae.organisations.models import LocalAuthority
from tools.bench.ground import HOST, PASSWORD
from tools.bench.nation import Databases, Made
from tools.bench.population import Account, Nation, Town
from tools.bench.table import Figure, failed, missing
from tools.bench.wire import WrongAnswer

P95_GOAL_MS, QUERIES_GOAL, GROWTH_GOAL = 100, 12, 1.3
OWN_QUERIES_GOAL = 8
"""What a page may ask that shows nothing but whoever is signed in."""
GROWTH_FLOOR_MS = 2
"""Below so much more milliseconds, growth is the clock's."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody opens an address, or sends a form to it."""

    account: Account
    path: str
    is_post: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A main page, by the name of its address; `visits` fills the blanks for a nation."""

    title: str
    visits: Callable[[Nation], list[Visit]]
    queries_goal: int = QUERIES_GOAL

    @property
    def goals(self) -> str:
        return f"≤ {P95_GOAL_MS} ms, ≤ {self.queries_goal} queries, ≤ ×{GROWTH_GOAL}"


def _officer(town: Town) -> Account:
    return next(account for account in town.accounts[3:] if account.state == SubjectState.ACTIVE)


def _as_head(name: str, words: Callable[[Town], list[str]] = lambda _town: []) -> Callable[[Nation], list[Visit]]:
    """Let each head looked at open a page of his authority."""
    return lambda nation: [
        Visit(town.accounts[0], reverse(name, args=[town.code, *words(town)])) for town in nation.looked_at
    ]


def _searches(nation: Nation) -> list[Visit]:
    path = reverse("organisations:search")
    words = (
        "",
        "?words=หนอง",
        "?words=เทศบาลตำบล",
        "?words=บ้าน+เชียงใหม่",
        f"?words={nation.looked_at[0].code}",
        "?page=40",
    )
    return [Visit(nation.desk, path + word) for word in words]


def _queues(nation: Nation) -> list[Visit]:
    path = reverse("official_letters:letters")
    province = LocalAuthority.objects.select_related("province").get(code=nation.looked_at[0].code).province
    words = (
        "",
        "?state=late",
        f"?state=verified&province={province.code}",
        "?state=all",
        "?state=all&words=หนอง",
        "?owner=me&page=2",
    )
    return [Visit(nation.desk, path + word) for word in words]


def _own_accounts(nation: Nation) -> list[Visit]:
    return [
        Visit(account, reverse("site:me"))
        for town in nation.looked_at
        for account in (town.accounts[0], _officer(town))
    ]


PAGES = (
    Page("Own account", _own_accounts, OWN_QUERIES_GOAL),
    Page("Home of a head", lambda nation: [Visit(t.accounts[0], reverse("site:home")) for t in nation.looked_at]),
    Page("Home of an officer", lambda nation: [Visit(_officer(t), reverse("site:home")) for t in nation.looked_at]),
    Page("Home of the department's desk", lambda nation: [Visit(nation.desk, reverse("site:home"))]),
    Page("Requests that wait", _as_head("access_requests:waiting")),
    Page("Case of a request", _as_head("access_requests:request", lambda town: [town.decided[0]])),
    Page("Decision, a newcomer's", _as_head("access_requests:decision", lambda town: [town.waiting[0][0]])),
    Page("Decision, an officer's", _as_head("access_requests:decision", lambda town: [town.waiting[-1][0]])),
    Page("People", _as_head("revocation:people")),
    Page("Person", _as_head("revocation:person", lambda town: [_officer(town).public_id])),
    Page("Groups", _as_head("revocation:groups")),
    Page("Report of users in groups", _as_head("reports:membership")),
    Page("Register of requests", _as_head("reports:register")),
    Page("Record", _as_head("reports:record")),
    Page("Search of authorities", _searches),
    Page("Queue of letters", _queues),
)


@dataclass(slots=True)
class _Times:
    milliseconds: list[float] = field(default_factory=list)
    queries: int = 0

    @property
    def p95(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[math.ceil(len(ordered) * 0.95) - 1]

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)


def measure(databases: Databases, whole: Made, tenth: Made, *, openings: int) -> list[Figure]:
    """Open every page at least so many times in each database, over all the authorities looked at."""
    # This process holds two nations, which no worker does: the collector of garbage shall not walk through them.
    gc.collect()
    gc.freeze()
    browsers = _Browsers(databases)
    figures = []
    for page in PAGES:
        try:
            figures.append(_measure(page, browsers, whole, tenth, openings))
        except WrongAnswer as fault:
            figures.append(failed(f"Page: {page.title}", fault))
    gc.unfreeze()
    return figures


def _measure(page: Page, browsers: "_Browsers", whole: Made, tenth: Made, openings: int) -> Figure:
    what = f"Page: {page.title}"
    try:
        visits = {made.database: page.visits(made.nation) for made in (tenth, whole)}
    except NoReverseMatch:
        return missing(what, "not there", page.goals)
    times = {database: _Times() for database in visits}
    pairs = list(zip(*visits.values(), strict=True))
    for number in range(1 + max(1, math.ceil(openings / len(pairs)))):
        for pair in pairs:
            for database, visit in zip(visits, pair, strict=True):
                milliseconds, queries = browsers.open(database, visit)
                times[database].queries = max(times[database].queries, queries)
                if number:  # The first round warms up.
                    times[database].milliseconds.append(milliseconds)
    return _figure(page, times[whole.database], times[tenth.database])


def _figure(page: Page, whole: _Times, tenth: _Times) -> Figure:
    growth = whole.p95 / tenth.p95
    misses = [
        name
        for name, is_missed in (
            ("p95", whole.p95 > P95_GOAL_MS),
            ("queries", whole.queries > page.queries_goal),
            ("growth", growth > GROWTH_GOAL and whole.p95 - tenth.p95 > GROWTH_FLOOR_MS),
        )
        if is_missed
    ]
    measured = (
        f"p95 {whole.p95:.0f} ms (median {whole.median:.0f}), {whole.queries} queries, "
        f"×{growth:.2f} (median ×{whole.median / tenth.median:.2f})"
    )
    return Figure(f"Page: {page.title}", measured, page.goals, not misses, ", ".join(misses))


class _Browsers:
    """A signed-in browser for each person in each database."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._clients: dict[tuple[str, int], Client] = {}

    def open(self, database: str, visit: Visit) -> tuple[float, int]:
        """Open a page; returns its milliseconds and how many queries it asked."""
        with self._databases.working_in(database), _counting() as counted:
            client = self._client(database, visit.account)
            counted.clear()
            began = time.perf_counter()
            answer = client.get(visit.path, secure=True)
            milliseconds = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise WrongAnswer(f"{visit.path} answered {answer.status_code} to {visit.account.username}")
        return milliseconds, len(counted)

    def _client(self, database: str, account: Account) -> Client:
        key = (database, account.subject_id)
        if key not in self._clients:
            client = Client(HTTP_HOST=HOST)
            form = {"username": account.username, "password": PASSWORD}
            answer = client.post(reverse("identity:sign_in"), form, secure=True)
            if answer.status_code != 303:
                raise WrongAnswer(f"{account.username} could not sign in: {answer.status_code}")
            self._clients[key] = client
        return self._clients[key]


@contextmanager
def _counting() -> Iterator[list[str]]:
    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield asked
