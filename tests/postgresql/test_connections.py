"""A connection that the server has ended is replaced before a page notices, without a question where nothing ended."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.settings import TEST_DATABASE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(TEST_DATABASE != "postgresql", reason="needs KUNJAE_TEST_DATABASE=postgresql"),
]


@contextmanager
def pooled() -> Iterator[BaseDatabaseWrapper]:
    """Open the database of the tests as production does, with a pool of its own."""
    wrapper = connections["default"].copy(alias="pooled")
    wrapper.settings_dict["OPTIONS"] = wrapper.settings_dict["OPTIONS"] | {
        "pool": {"min_size": 1, "max_size": 1, "timeout": 10}
    }
    try:
        yield wrapper
    finally:
        wrapper.close()
        wrapper.close_pool()


def number_of(wrapper: BaseDatabaseWrapper) -> int:
    """Ask which process serves the connection, as a request would: take it from the pool and give it back."""
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number = cursor.fetchone()[0]
    wrapper.close()
    return number


def end(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])


def test_a_connection_goes_from_request_to_request_and_is_asked_nothing_between():
    with pooled() as wrapper:
        first = number_of(wrapper)

        assert number_of(wrapper) == first
        with connection.cursor() as cursor:
            cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [first])
            assert cursor.fetchone()[0] == "SELECT pg_backend_pid()"


def test_a_connection_that_the_server_ended_is_replaced_before_it_is_used():
    with pooled() as wrapper:
        first = number_of(wrapper)
        for _ in range(3):
            end(first)
            second = number_of(wrapper)
            assert second != first
            first = second


def test_a_connection_that_ends_in_use_fails_that_request_and_no_further_one():
    with pooled() as wrapper:
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            end(cursor.fetchone()[0])
            with pytest.raises(OperationalError):
                cursor.execute("SELECT 1")
        wrapper.close()

        assert number_of(wrapper) > 0
