"""What the worker does by the clock: sessions to which nobody came back, work whose worker was killed."""

from datetime import datetime, timedelta

import pytest

from kunjae.audit import chain
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system
from kunjae.identity import operations as identity
from kunjae.identity.models import EndReason, Session, Subject
from kunjae.identity.operations import sessions
from kunjae.identity.queries import note_seen
from kunjae.site import rounds
from kunjae.site.rounds import Round
from tests import factories
from tests.factories import NOW, Town, actor_of

pytestmark = pytest.mark.django_db

SWEEP = system("end-overdue-sessions")


@pytest.fixture
def town() -> Town:
    return factories.a_town()


def a_session(subject: Subject, *, at: datetime = NOW, number: int = 1) -> Session:
    return identity.start_session(
        subject=subject, session_key=f"key-{subject.pk}-{number}", address="127.0.0.1", device="Firefox", at=at
    )


def ends() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name="session.ended").order_by("pk"))


def swept(*, after: timedelta) -> int:
    return identity.end_overdue_sessions(actor=SWEEP, at=NOW + after)


def test_end_overdue_sessions_ends_what_was_idle_for_a_quarter_of_an_hour_with_one_event(town):
    session = a_session(town.officer)

    assert swept(after=timedelta(minutes=15)) == 1

    session.refresh_from_db()
    assert (session.ended_at, session.end_reason) == (NOW + timedelta(minutes=15), EndReason.IDLE)
    [event] = ends()
    assert (event.actor, event.subject_person_id) == (SWEEP.name, town.officer.person_id)
    assert '"reason":"idle"' in event.facts_json
    assert chain.verify().faults == ()


def test_end_overdue_sessions_ends_after_twelve_hours_whoever_is_still_there(town):
    session = a_session(town.officer)
    note_seen(session, at=NOW + timedelta(hours=12))

    assert swept(after=timedelta(hours=12)) == 1

    session.refresh_from_db()
    assert session.end_reason == EndReason.ABSOLUTE
    assert len(ends()) == 1


def test_end_overdue_sessions_leaves_who_is_at_work(town):
    session = a_session(town.officer)
    note_seen(session, at=NOW + timedelta(hours=11))

    assert swept(after=timedelta(hours=11, minutes=14)) == 0

    session.refresh_from_db()
    assert session.ended_at is None
    assert ends() == []


def test_end_overdue_sessions_a_second_time_ends_nothing(town):
    a_session(town.officer)
    swept(after=timedelta(minutes=20))

    assert swept(after=timedelta(minutes=21)) == 0

    assert len(ends()) == 1


def test_end_overdue_sessions_goes_in_batches(town, monkeypatch):
    monkeypatch.setattr(sessions, "BATCH", 2)
    for number in range(5):
        a_session(town.officer, number=number)
    a_session(town.head)

    assert swept(after=timedelta(hours=1)) == 6

    assert not Session.objects.filter(ended_at=None).exists()
    assert len(ends()) == 6
    assert chain.verify().faults == ()


def test_end_session_that_the_round_has_ended_is_told_once(town):
    session = a_session(town.officer)
    swept(after=timedelta(minutes=20))

    identity.end_session(
        actor=actor_of(town.officer), session_id=session.pk, reason=EndReason.SIGNED_OUT, at=NOW + timedelta(hours=1)
    )

    session.refresh_from_db()
    assert session.end_reason == EndReason.IDLE
    assert len(ends()) == 1


def test_make_goes_on_after_a_fault_and_logs_it(town, caplog):
    made = []

    def fails(at: datetime) -> int:
        raise ZeroDivisionError

    rounds.make(
        [Round("broken", timedelta(0), fails), Round("whole", timedelta(0), lambda at: made.append(at) or 1)], at=NOW
    )

    assert made == [NOW]
    assert "broken" in caplog.text


def test_the_rounds_of_a_worker_end_overdue_sessions(town):
    a_session(town.officer)

    rounds.make(rounds.ROUNDS, at=NOW + timedelta(minutes=16))

    assert Session.objects.get().end_reason == EndReason.IDLE
