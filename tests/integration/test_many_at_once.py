"""More people than there are places in the queue of hashes: 503 with the time to wait, and nothing typed lost (T-34)."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import OperationalError
from django.test import Client
from psycopg_pool import PoolTimeout

from kunjae.audit.models import AuditEvent
from kunjae.identity import hashing
from kunjae.identity.models import Session, SignInAttempt
from kunjae.site import errors
from tests import factories
from tests.factories import PASSWORD
from tests.hashing import CountedArgon2id

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return factories.a_town()


@pytest.fixture
def full_queue(monkeypatch) -> Iterator[ExitStack]:
    """A queue whose one place is taken until it is closed."""
    with ExitStack() as taken:
        monkeypatch.setattr(hashing, "queue", hashing.Queue(parallel=1, waiting=0))
        taken.enter_context(hashing.queue.turn())
        yield taken


def test_sign_in_past_the_queue_is_told_when_to_try_again_and_keeps_what_was_typed(town, client, full_queue):
    typed = {"username": town.officer.username, "password": PASSWORD, "next": "/me/"}
    before = CountedArgon2id.runs

    answer = client.post("/sign-in/", typed)

    body = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert f'value="{town.officer.username}"' in body
    assert 'value="/me/"' in body
    assert PASSWORD not in body
    assert not Session.objects.exists()
    assert not SignInAttempt.objects.exists(), "it was no wrong try"
    full_queue.close()
    assert client.post("/sign-in/", typed)["Location"] == "/me/"
    assert CountedArgon2id.runs - before == 2, "the one that was refused, and the one that ran"


def test_sign_in_of_a_stranger_past_the_queue_looks_the_same(town, full_queue):
    assert Client().post("/sign-in/", {"username": "nobody.here", "password": "x"}).status_code == 503


def test_other_forms_past_the_queue_say_so_and_change_nothing(town, monkeypatch):
    client = Client()
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    events = AuditEvent.objects.count()
    monkeypatch.setattr(hashing, "queue", hashing.Queue(parallel=1, waiting=0))

    with hashing.queue.turn():
        typed = {"current_password": PASSWORD, "new_password": "maprao-khao-nuea-58"}
        answer = client.post("/me/password/", typed)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer["Cache-Control"] == "no-store"
    assert AuditEvent.objects.count() == events
    assert client.get("/me/").status_code == 200


def test_a_database_without_a_free_connection_is_busy_and_not_at_fault(rf):
    def answer(cause: Exception):
        try:
            raise OperationalError from cause  # noqa: TRY301 (the handler is asked while it is handled)
        except OperationalError:
            return errors.server_error(rf.get("/"))

    assert answer(PoolTimeout()).status_code == 503
    assert answer(PoolTimeout())["Retry-After"] == "5"
    assert answer(OSError()).status_code == 500
