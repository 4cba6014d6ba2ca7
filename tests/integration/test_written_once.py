"""Statements that are written once ask and write what the ORM would, each time with other values."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField, Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from kunjae.audit.chain import verify
from kunjae.audit.change import UnknownEvent, WriteOutsideOperation, state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import Actor
from kunjae.core.written_once import Blank, Question, Update, insert
from kunjae.identity.models import KnownDevice, Session, SignInAttempt, Subject
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


def test_rows_of_several_kinds_are_written_together_and_each_gets_its_key(town):
    one, other = a_try(town.head), a_try(town.officer, outcome=SIGNED_IN)
    device = KnownDevice(subject=town.head, digest="d" * 64, first_seen_at=NOW, seen_at=NOW)

    with CaptureQueriesContext(connection) as queries:
        insert(one, device, other)

    assert len(queries) == (1 if connection.vendor == "postgresql" else 3)
    assert KnownDevice.objects.get(pk=device.pk).digest == "d" * 64
    assert {attempt.pk: attempt.outcome for attempt in SignInAttempt.objects.all()} == {
        one.pk: REFUSED,
        other.pk: SIGNED_IN,
    }


def test_what_goes_beside_rows_is_done_with_them(town):
    attempt = a_try(town.head)

    insert(
        attempt, beside=("UPDATE identity_subject SET email = %s WHERE id = %s", ("new@rawai.example", town.head.pk))
    )

    town.head.refresh_from_db()
    assert town.head.email == "new@rawai.example"
    assert SignInAttempt.objects.get().pk == attempt.pk


def test_constants_stand_in_the_statement_and_mean_what_they_are(town):
    insert(a_try(town.head), a_try(town.officer, outcome=SIGNED_IN))
    odd = "100%s 'x' %"
    question = Question(
        lambda: SignInAttempt.objects.filter(outcome=REFUSED, at__gt=Blank("since", DateTimeField())).exclude(
            device=odd
        )
    )

    assert [attempt.subject_id for attempt in question.ask(since=NOW - timedelta(days=1))] == [town.head.pk]
    SignInAttempt.objects.update(device=odd)
    assert question.ask(since=NOW - timedelta(days=1)) == []


def test_a_value_that_is_hidden_from_the_plan_is_asked_all_the_same(town):
    question = Question(lambda: Subject.objects.filter(username=Blank("username", CharField(), is_hidden=True)))

    assert question.first(username=town.head.username) == town.head
    assert question.first(username="nobody.here") is None


def a_session(town) -> Session:
    return Session(subject=town.head, public_id="a" * 12, key_digest="d" * 64, started_at=NOW, seen_at=NOW)


def test_a_guarded_row_is_inserted_in_a_change_only(town):
    with pytest.raises(WriteOutsideOperation):
        insert(a_session(town))

    assert not Session.objects.exists()


def test_what_is_written_with_the_record_is_written_with_it_or_not_at_all(town):
    actor = Actor("head", town.head.person_id, town.head.pk)
    facts = {"organisation_id": town.authority.pk, "username": "x", "factor": ""}

    with pytest.raises(UnknownEvent), state_change(actor=actor, at=NOW) as change:  # noqa: PT012 (the second fails)
        change.insert_at_end(a_session(town))
        change.record("session.started", a_session(town), **facts)
        change.record("session.flown_away", a_session(town), **facts)
    assert not Session.objects.exists()

    session = a_session(town)
    with state_change(actor=actor, at=NOW), state_change(actor=actor, at=NOW) as inner:
        inner.insert_at_end(session)
        inner.record("session.started", session, **facts)
        assert session.pk is None
    assert Session.objects.get().pk == session.pk
    assert AuditEvent.objects.get(name="session.started").target == f"identity.session:{session.public_id}"


def test_rows_are_written_with_a_record_of_several_events_too(town):
    actor, session = Actor("head", town.head.person_id, town.head.pk), a_session(town)
    facts = {"organisation_id": town.authority.pk, "username": "x", "factor": ""}

    with state_change(actor=actor, at=NOW) as change:
        change.insert_at_end(session)
        change.record("session.started", session, **facts)
        change.record("session.started", session, **facts)

    assert Session.objects.get().pk == session.pk
    assert AuditEvent.objects.filter(name="session.started").count() == 2
    assert not verify().faults


def test_questions_are_asked_as_one_each_with_its_own_limit(town):
    insert(*(a_try(town.head) for _ in range(3)), *(a_try(town.officer, outcome=SIGNED_IN) for _ in range(3)))

    def newest(outcome, most):
        found = SignInAttempt.objects.filter(outcome=outcome, at__gt=Blank("since", DateTimeField())).order_by("-pk")
        return found.only("pk", "outcome")[:most]

    question = Question(lambda: newest(REFUSED, 1), lambda: newest(SIGNED_IN, 2))
    with CaptureQueriesContext(connection) as queries:
        asked = sorted(attempt.outcome for attempt in question.ask(since=NOW - timedelta(days=1)))

    assert (asked, len(queries)) == ([REFUSED, SIGNED_IN, SIGNED_IN], 1)
    assert question.ask(since=NOW) == []


def test_questions_about_other_columns_are_not_asked_as_one(town):
    question = Question(
        lambda: SignInAttempt.objects.filter(outcome=REFUSED).only("pk", "outcome"),
        lambda: SignInAttempt.objects.filter(outcome=SIGNED_IN).only("pk", "at"),
    )

    with pytest.raises(TypeError, match="different columns"):
        question.ask()


def test_a_row_that_has_a_key_is_not_inserted_under_another(town):
    attempt = a_try(town.head)
    attempt.pk = 987_654

    with pytest.raises(TypeError, match="chooses the key"):
        insert(attempt)


def test_a_row_without_a_name_cannot_be_named_in_the_record(town):
    with (
        pytest.raises(TypeError, match="no name in the record"),
        state_change(actor=Actor("head", town.head.person_id, town.head.pk), at=NOW) as change,
    ):
        change.record("session.started", a_try(town.head), organisation_id=None, username="x", factor="")


def test_an_update_is_written_once_and_says_how_many_rows_it_changed(town):
    insert(a_try(town.head), a_try(town.head), a_try(town.officer))
    update = Update(
        lambda: SignInAttempt.objects.filter(subject=Blank("subject", BigIntegerField()), outcome=REFUSED),
        outcome=SIGNED_IN,
        at=Blank("at", DateTimeField()),
    )
    later = NOW + timedelta(minutes=5)

    assert [update.run(subject=subject.pk, at=later) for subject in (town.head, town.officer, town.head)] == [2, 1, 0]
    assert set(SignInAttempt.objects.values_list("outcome", "at")) == {(SIGNED_IN, later)}
