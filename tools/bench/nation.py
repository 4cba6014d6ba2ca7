"""The two databases of the benchmark: one nation, and one with a tenth of its accounts and events."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from kunjae.core.actor import system
from kunjae.entitlements import catalogue
from kunjae.entitlements import operations as entitlements
from kunjae.identity import operations as identity
from kunjae.identity.password_profiles import LETTER_2562
from kunjae.organisations import operations as organisations
from tools.bench.bulk import settle
from tools.bench.history import write_history
from tools.bench.letters import add_letters
from tools.bench.population import Nation, populate, sizes_looked_at

BENCH = system("bench")
WHOLE, TENTH = "kunjae", "tenth"


@dataclass(frozen=True, slots=True)
class Made:
    """A database with its nation, and how it was made."""

    database: str
    nation: Nation
    events_count: int
    seconds: float


class Databases:
    """Connections to the databases of the cluster, each kept open, of which one at a time is Django's own."""

    def __init__(self) -> None:
        self._own = connections[DEFAULT_DB_ALIAS]
        self._opened: dict[str, BaseDatabaseWrapper] = {}

    @contextlib.contextmanager
    def working_in(self, database: str) -> Iterator[None]:
        """Let everything go to this database until the block ends."""
        before = connections[DEFAULT_DB_ALIAS]
        if database not in self._opened:
            description = {**self._own.settings_dict, "NAME": database, "CONN_MAX_AGE": None}
            description["OPTIONS"] = {key: value for key, value in description["OPTIONS"].items() if key != "pool"}
            self._opened[database] = self._own.__class__(description, DEFAULT_DB_ALIAS)
        connections[DEFAULT_DB_ALIAS] = self._opened[database]
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = before

    def close(self) -> None:
        """Hang up everywhere."""
        for connection_ in self._opened.values():
            connection_.close()
        self._opened.clear()


def prepare(databases: Databases, register: Path) -> None:
    """Bring register, catalogue and password policy into the migrated database, and make its smaller twin."""
    at = timezone.now()
    settings.KUNJAE_UPLOADS.mkdir(mode=0o700, exist_ok=True)
    with databases.working_in(WHOLE):
        organisations.import_register(actor=BENCH, file=register.read_bytes(), at=at)
        entitlements.publish_catalogue(actor=BENCH, data=catalogue.read(), at=at)
        identity.adopt_password_policy(actor=BENCH, profile=LETTER_2562, effective_date=at.date(), at=at)
    databases.close()  # A database that somebody works in cannot be copied.
    with databases.working_in("postgres"), connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {TENTH} TEMPLATE {WHOLE}")


def make(databases: Databases, database: str, *, accounts: int, events: int, letters: int, smallest: int) -> Made:
    """Fill a database; `smallest` is the number of accounts of the smaller one, by which the looked-at are chosen."""
    began, at = time.perf_counter(), timezone.now()
    with databases.working_in(database):
        nation = populate(accounts, sizes=sizes_looked_at(smallest), at=at)
        add_letters(nation, letters, at=at)
        written = write_history(nation, events, at=at)
        settle()
    return Made(database, nation, written, time.perf_counter() - began)
