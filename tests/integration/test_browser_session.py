"""What a sign-in writes, and that no key of before opens anything after it (T-18)."""

import pytest
from django.contrib.sessions.models import Session as StoredSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kunjae.identity.models import Session, SignInAttempt
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

COOKIE = "kunjae_session"


@pytest.fixture
def town():
    return factories.a_town()


def sign_in(client, subject):
    answer = client.post("/sign-in/", {"username": subject.username, "password": PASSWORD})
    assert answer.status_code == 303
    return client.cookies[COOKIE].value


def holds(key: str) -> bool:
    """Test if a browser with this key is somebody."""
    browser = Client()
    browser.cookies[COOKIE] = key
    return browser.get("/me/").status_code == 200


def test_sign_in_again_in_the_same_browser_takes_a_new_key(town, client):
    first = sign_in(client, town.officer)
    second = sign_in(client, town.officer)

    assert first != second
    assert not holds(first)
    assert holds(second)
    assert not StoredSession.objects.filter(pk=first).exists()


def test_sign_in_as_somebody_else_keeps_nothing_of_the_one_before(town, client):
    first = sign_in(client, town.officer)
    second = sign_in(client, town.head)

    assert not holds(first)
    assert holds(second)
    assert town.head.username in client.get("/me/").content.decode()
    assert StoredSession.objects.get(pk=second).get_decoded()["_auth_user_id"] == str(town.head.pk)


def test_sign_in_writes_the_session_once_and_with_the_try(town, client):
    client.get("/sign-in/")

    with CaptureQueriesContext(connection) as queries:
        sign_in(client, town.officer)

    said = [query["sql"] for query in queries.captured_queries if "django_session" in query["sql"]]
    assert len(said) == 1, "one statement, which on PostgreSQL writes the other rows, too"
    assert 'INSERT INTO "django_session"' in said[0]
    # Inside a test's own transaction a savepoint stands for the one that the sign-in opens.
    assert sum(query["sql"].startswith("SAVEPOINT") for query in queries.captured_queries) == 1
    assert Session.objects.get(subject=town.officer).started_at == SignInAttempt.objects.get().at
