"""What every test stands on: its database, a closed network, and a flush that the record's triggers allow."""

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from tools import postgresql_cluster

from tests.settings import TEST_DATABASE, TEST_FOLDER

TESTS = Path(__file__).parent


class NetworkIsClosed(Exception):
    """A test tried to reach another machine."""


def _is_this_machine(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # A socket file.
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _close_the_network() -> None:
    for name in ("connect", "connect_ex"):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    resolve = socket.getaddrinfo

    def getaddrinfo(host, *arguments, **options):
        if host is not None and not _is_this_machine((host,)):
            raise NetworkIsClosed(host)
        return resolve(host, *arguments, **options)

    socket.getaddrinfo = getaddrinfo


def _guarded(method):
    def guarded(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_this_machine(address):
            raise NetworkIsClosed(address[0])
        return method(self, address)

    return guarded


def pytest_configure(config: pytest.Config) -> None:
    _close_the_network()


def pytest_report_header() -> str:
    return f"database: {TEST_DATABASE}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if TEST_DATABASE == "postgresql":
        # The suite on SQLite runs them: on a second database they prove the same.
        asking_none = [item for item in items if not _asks_a_database(item)]
        config.hook.pytest_deselected(items=asking_none)
        items[:] = [item for item in items if item not in asking_none]
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        if folder in {"postgresql", "browser"}:
            item.add_marker(folder)
        if item.get_closest_marker("postgresql") and TEST_DATABASE != "postgresql":
            item.add_marker(pytest.mark.skip(reason="needs KUNJAE_TEST_DATABASE=postgresql"))


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup", "django_db_blocker", "django_db_modify_db_settings"}
    marks = ("django_db", "postgresql")
    is_marked = any(item.get_closest_marker(name) for name in marks) or (TESTS / "postgresql") in item.path.parents
    return is_marked or not fixtures.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Start the private cluster before the first test database is made in it."""
    if TEST_DATABASE != "postgresql":
        yield
        return
    with postgresql_cluster.cluster(TEST_FOLDER / "pg"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Let a transactional test's clean-up empty tables whose triggers refuse it to everybody else."""
    operations = connection.ops
    sql_flush = operations.sql_flush

    def flush_without_triggers(style, tables, **options):
        before, after = _triggers_off_and_on()
        return [*before, *sql_flush(style, tables, **options), *after]

    operations.sql_flush = flush_without_triggers


def _triggers_off_and_on() -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            return [f'DROP TRIGGER "{name}"' for name, _sql in triggers], [sql for _name, sql in triggers]
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        tables = [row[0] for row in cursor.fetchall()]
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables],
        [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables],
    )


@pytest.fixture
def required(settings) -> None:
    """Ask a second factor of whom the product asks it; the other tests sign in by password alone."""
    settings.KUNJAE_SECOND_FACTORS = "required"
