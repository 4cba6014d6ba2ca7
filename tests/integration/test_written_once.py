"""Statements that are written once ask and write what the ORM would, each time with other values."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import CharField, DateTimeField, Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from kunjae.audit.change import WriteOutsideOperation
from kunjae.core.written_once import Blank, Question, insert
from kunjae.identity.models import Session, SignInAttempt, Subject
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

SIGNED_IN, REFUSED = SignInAttempt.Outcome.SIGNED_IN, SignInAttempt.Outcome.REFUSED


@pytest.fixture
def town():
    return factories.a_town()


def a_try(subject: Subject, *, at=NOW, outcome=REFUSED) -> SignInAttempt:
    return SignInAttempt(subject=subject, account_key="k", address="192.0.2.1", at=at, outcome=outcome)


def test_a_question_is_written_once_and_asked_with_other_values(town):
    written = []

    def build():
        written.append(1)
        return Subject.objects.filter(username=Blank("username", CharField()))

    question = Question(build)

    assert question.first(username=town.head.username) == town.head
    assert question.first(username=town.officer.username) == town.officer
    assert question.first(username="nobody.here") is None
    assert written == [1]


def test_the_rows_are_as_the_orm_gives_them(town):
    insert(a_try(town.head))
    wrong = SignInAttempt.objects.filter(subject=OuterRef("pk"), at__gt=Blank("since", DateTimeField()))
    question = Question(lambda: Subject.objects.order_by("pk").annotate(was_refused=Exists(wrong)))

    asked = question.ask(since=NOW - timedelta(days=1))

    for one, other in zip(asked, Subject.objects.order_by("pk"), strict=True):
        assert {field.name: getattr(one, field.attname) for field in Subject._meta.concrete_fields} == {
            field.name: getattr(other, field.attname) for field in Subject._meta.concrete_fields
        }
        assert one.was_refused is (one.pk == town.head.pk)
    assert not any(one.was_refused for one in question.ask(since=NOW))


def test_columns_that_were_left_out_are_read_when_they_are_asked_for(town):
    question = Question(lambda: Subject.objects.filter(username=Blank("username", CharField())).only("pk", "state"))
    found = question.first(username=town.head.username)

    with CaptureQueriesContext(connection) as queries:
        assert (found.state, found.email) == ("active", town.head.email)

    assert len(queries) == 1


def test_a_row_that_is_inserted_is_the_one_that_would_have_been_saved(town):
    one, other = a_try(town.head, outcome=SIGNED_IN), a_try(town.head, outcome=SIGNED_IN)

    insert(one)
    other.save()

    kept = list(SignInAttempt.objects.order_by("pk").values())
    assert [row.pop("id") for row in kept] == [one.pk, other.pk]
    assert kept[0] == kept[1]
    one.outcome = REFUSED
    one.save()
    assert SignInAttempt.objects.get(pk=one.pk).outcome == REFUSED, "it is saved as a row that is there"


def test_a_guarded_row_is_inserted_in_a_change_only(town):
    session = Session(subject=town.head, public_id="a" * 12, key_digest="d" * 64, started_at=NOW, seen_at=NOW)

    with pytest.raises(WriteOutsideOperation):
        session.insert()

    assert not Session.objects.exists()
