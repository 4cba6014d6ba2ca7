"""The six-month clock: days, warnings, the question at the sign-in and its answers (clause 4(3), D3, L-43)."""

from collections import Counter
from datetime import date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone, translation

from kunjae.audit.change import canonical_json, state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system
from kunjae.core.clock import add_months, start_of_thai_day, thai_day
from kunjae.core.identifiers import public_id
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.identity import deviations, due_passwords, queries, undertaking
from kunjae.identity import operations as identity
from kunjae.identity.models import PasswordClockAnswer, PasswordPolicyEdition, Session, Subject, SubjectState
from kunjae.identity.operations import password_clock as operations
from kunjae.identity.password_clock import ALWAYS_ROOM, SHARE_OF_A_DAY, asked_from, may_be_asked
from kunjae.identity.password_profiles import LETTER_2562, LETTER_2562_FORCED, MODERN
from kunjae.identity.proofs import Proved
from kunjae.messaging.models import Message
from kunjae.messaging.rendering import render
from kunjae.revocation import overview
from kunjae.revocation.queries import old_passwords
from kunjae.site import rounds
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, TODAY, actor_of

pytestmark = pytest.mark.django_db

ROUND = system("keep-password-days")
NEW = "otter-kettle7-violin"
REASON = "ออกพื้นที่ถึงวันศุกร์ ไม่มีเครื่องของตนเอง"


@pytest.fixture
def town():
    return factories.a_town()


def make_due(subject: Subject, on: date) -> Subject:
    """Let a password be so old that a sign-in asks from a day on."""
    with state_change(actor=TEST, at=NOW) as change:
        subject.refresh_from_db()
        subject.change_to(
            password_due_date=on, password_changed_at=start_of_thai_day(add_months(on, -6)), password_warned_days=None
        )
        change.record("credential.rehashed", subject, organisation_id=None, username=subject.username)
    return subject


def adopt(*, from_day: date, **facts: object) -> None:
    """Let another profile hold from a day on."""
    facts = {**LETTER_2562.as_facts(), **facts}
    with state_change(actor=TEST, at=NOW) as change:
        edition = PasswordPolicyEdition.objects.create(
            code=facts["code"],
            version=facts["version"],
            facts_json=canonical_json(facts),
            source=facts["source"],
            effective_date=from_day,
        )
        change.record("password_policy.adopted", edition, organisation_id=None, code=facts["code"], version=1)


@pytest.fixture
def due(town) -> Subject:
    """An officer whose sign-in asks today."""
    return make_due(town.officer, thai_day(timezone.now()))


def at_the_door(subject: Subject) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"username": subject.username, "password": PASSWORD, "next": "/me/sessions/"})
    assert answer["Location"] == "/sign-in/due-password/"
    return client


def factor_of(subject: Subject) -> int:
    """The key of a factor of the account, as a sign-in has shown it; 0 if there is none."""
    return next(iter(queries.kinds_of_factors(subject.pk)), 0)


def answer_later(subject: Subject, *, at: datetime, reason: str = REASON) -> PasswordClockAnswer:
    return identity.put_off_password_change(
        actor=actor_of(subject),
        subject_id=subject.pk,
        proved=Proved.now(subject, factor_id=factor_of(subject)),
        reason=reason,
        at=at,
    )


def noon(day: date) -> datetime:
    return start_of_thai_day(day) + timedelta(hours=12)


# The day


def test_a_password_that_is_set_gets_its_day(town):
    expected = asked_from(TODAY, 6, taken={})
    assert town.officer.password_due_date == expected

    later = NOW + timedelta(days=40)
    changed = identity.change_password(actor=actor_of(town.officer), current=PASSWORD, new=NEW, at=later)

    assert changed.password_due_date == asked_from(thai_day(later), 6, taken={})
    assert changed.password_warned_days is None


def test_a_day_that_is_full_is_not_given_again(town):
    day = asked_from(TODAY, 6, taken={})
    for _ in range(ALWAYS_ROOM - due_passwords.password_days_taken(on=TODAY)[day]):
        subject = factories.an_account(factories.a_person(), town.authority)
        if subject.password_due_date != day:
            make_due(subject, day)
    one_more = identity.change_password(actor=actor_of(town.officer), current=PASSWORD, new=NEW, at=NOW)
    assert one_more.password_due_date != day or due_passwords.password_days_taken(on=TODAY)[day] <= ALWAYS_ROOM

    assert max(due_passwords.password_days_taken(on=TODAY).values()) <= ALWAYS_ROOM


def test_whoever_has_no_password_has_no_day(town):
    with state_change(actor=TEST, at=NOW):
        revoked = identity.revoke_password(actor=TEST, subject_id=town.officer.pk, why="may_be_known", case="", at=NOW)
    assert revoked.password_due_date is None
    assert identity.keep_password_days(actor=ROUND, at=NOW) == 0, "and is given none"

    with state_change(actor=TEST, at=NOW):
        closed = identity.close_subject(actor=TEST, subject_id=town.head.pk, case="", at=NOW)
    assert closed.password_due_date is None


def test_the_profile_of_the_standards_has_no_clock(town):
    adopt(from_day=TODAY, **MODERN.as_facts())

    changed = identity.change_password(
        actor=actor_of(town.officer), current=PASSWORD, new="otter kettle violin marble", at=NOW
    )

    assert changed.password_due_date is None


def test_keep_password_days_follows_the_policy_in_force(town):
    adopt(from_day=TODAY + timedelta(days=1), **MODERN.as_facts())
    with_day = due_passwords.passwords_with_day().count()
    tomorrow = NOW + timedelta(days=1)

    assert identity.keep_password_days(actor=ROUND, at=NOW) == 0, "the clock goes still"
    assert [identity.keep_password_days(actor=ROUND, at=tomorrow) for _ in range(2)] == [with_day, 0]
    assert not due_passwords.passwords_with_day().exists()

    adopt(from_day=TODAY + timedelta(days=400))
    much_later = NOW + timedelta(days=400)
    assert [identity.keep_password_days(actor=ROUND, at=much_later) for _ in range(2)] == [with_day, 0]
    days = set(due_passwords.passwords_with_day().values_list("password_due_date", flat=True))
    assert min(days) > thai_day(much_later) + timedelta(days=14), "nobody is asked before both warnings"
    names = AuditEvent.objects.filter(name__startswith="password_clock.").order_by("pk").values_list("name", flat=True)
    assert list(names) == ["password_clock.stopped", "password_clock.started"]


def many_accounts(town, *, count: int, set_at: datetime) -> None:
    """Accounts of which each has set a password long ago, and no day yet."""
    person = town.officer.person
    with state_change(actor=TEST, at=NOW) as change:
        type(person).objects.bulk_create(
            [
                type(person)(public_id=f"many{number}", title="นาย", given_name="ก", family_name=f"ข{number}")
                for number in range(count)
            ]
        )
        people = type(person).objects.filter(public_id__startswith="many")
        Subject.objects.bulk_create([
            Subject(
                public_id=public_id(), username=f"many.{one.pk}", skeleton=f"many.{one.pk}", person=one,
                authority=town.authority, state=SubjectState.ACTIVE, password="argon2$kept", opened_at=set_at,
                activated_at=set_at, password_changed_at=set_at,
            )
            for one in people
        ])  # fmt: skip
        change.record("credential.rehashed", town.officer, organisation_id=None, username="many")


def assert_no_storm(days: Counter) -> None:
    assert max(days.values()) <= max(ALWAYS_ROOM, SHARE_OF_A_DAY * days.total())
    assert all(may_be_asked(day) for day in days)


@pytest.mark.slow
def test_keep_password_days_spreads_a_storm(town):
    many_accounts(town, count=2_000, set_at=NOW - timedelta(days=300))

    assert identity.keep_password_days(actor=ROUND, at=NOW) == 2_000

    days = due_passwords.password_days_taken(on=TODAY)
    assert days.total() >= 2_000
    assert_no_storm(days)


@pytest.mark.slow
def test_the_migration_gives_days_to_passwords_that_were_set_before(town):
    many_accounts(town, count=200, set_at=NOW - timedelta(days=300))
    before = town.officer.password_due_date
    with state_change(actor=TEST, at=NOW) as change:
        Subject.objects.update(password_due_date=None)
        change.record("credential.rehashed", town.officer, organisation_id=None, username="all")

    migration = import_module("kunjae.identity.migrations.0016_days_of_passwords")
    with state_change(actor=TEST, at=NOW) as change:
        migration.give_days(apps, SimpleNamespace(connection=connection))
        change.record("credential.rehashed", town.officer, organisation_id=None, username="all")

    assert not due_passwords.passwords_without_day().exists()
    days = due_passwords.password_days_taken(on=TODAY)
    assert_no_storm(days)
    assert min(days) > thai_day(timezone.now()) + timedelta(days=14)
    town.officer.refresh_from_db()
    assert town.officer.password_due_date == before


# The warnings


def told() -> list[tuple[str, int | None]]:
    return list(Message.objects.filter(kind="password_due").order_by("pk").values_list("to_address", "person_id"))


def test_warn_of_due_passwords_fourteen_and_three_days_before_each_once(town):
    day = date(2027, 6, 1)
    make_due(town.officer, day)
    rest = Subject.objects.exclude(pk=town.officer.pk)
    with state_change(actor=TEST, at=NOW) as change:
        rest.update(password_due_date=None)
        change.record("credential.rehashed", town.officer, organisation_id=None, username="rest")

    def warned(days_before: int) -> int:
        return identity.warn_of_due_passwords(actor=ROUND, at=noon(day - timedelta(days=days_before)))

    assert [warned(days) for days in (15, 14, 14, 13, 4)] == [0, 1, 0, 0, 0]
    assert [warned(days) for days in (3, 3, 2, 1, 0, -5)] == [1, 0, 0, 0, 0, 0]

    assert told() == [(town.officer.email, town.officer.person_id)] * 2
    events = AuditEvent.objects.filter(name="credential.due_soon", subject_person_id=town.officer.person_id)
    assert events.count() == 2
    message = Message.objects.filter(kind="password_due").first()
    text = render(message, at=NOW)
    assert "1 มิถุนายน 2570" in text.subject.replace("\u00a0", " ")
    assert town.officer.username in text.text


def test_warn_of_due_passwords_is_made_up_for_once_when_the_worker_stood_still(town):
    day = date(2027, 6, 1)
    make_due(town.officer, day)

    assert identity.warn_of_due_passwords(actor=ROUND, at=noon(day - timedelta(days=2))) == 1
    assert identity.warn_of_due_passwords(actor=ROUND, at=noon(day - timedelta(days=1))) == 0


def test_warn_of_due_passwords_leaves_out_whom_it_does_not_concern(town):
    day = date(2027, 6, 1)
    make_due(town.officer, day)
    make_due(town.head, day)
    with state_change(actor=TEST, at=NOW) as change:
        Subject.objects.filter(pk=town.head.pk).update(email="", mailbox_key="")
        change.record("credential.rehashed", town.head, organisation_id=None, username="head")
        identity.suspend_subject(actor=actor_of(town.head), subject_id=town.officer.pk, reason="ลา", at=NOW)

    assert identity.warn_of_due_passwords(actor=ROUND, at=noon(day - timedelta(days=3))) == 0

    adopt(from_day=day - timedelta(days=5), **MODERN.as_facts())
    with state_change(actor=TEST, at=NOW):
        identity.resume_subject(actor=actor_of(town.head), subject_id=town.officer.pk, at=NOW)
    assert identity.warn_of_due_passwords(actor=ROUND, at=noon(day - timedelta(days=3))) == 0, "no clock"
    assert told() == []


def test_warn_of_due_passwords_goes_by_batches(town, monkeypatch):
    monkeypatch.setattr(operations, "BATCH", 2)
    day = date(2027, 6, 1)
    for subject in (
        town.officer,
        town.head,
        *(factories.an_account(factories.a_person(), town.authority) for _ in "ab"),
    ):
        make_due(subject, day)

    assert identity.warn_of_due_passwords(actor=ROUND, at=noon(day - timedelta(days=14))) == 4


def test_the_clock_is_looked_after_by_the_worker():
    assert {"keep-password-days", "warn-of-due-passwords"} <= {one.name for one in rounds.ROUNDS}


def test_the_rounds_of_a_worker_give_days_and_warn_once(town):
    day = date(2027, 6, 1)
    make_due(town.officer, day)
    with state_change(actor=TEST, at=NOW) as change:
        Subject.objects.filter(pk=town.head.pk).update(password_due_date=None)
        change.record("credential.rehashed", town.head, organisation_id=None, username="head")

    for _ in range(2):
        rounds.make(rounds.ROUNDS, at=noon(day - timedelta(days=14)))

    assert told() == [(town.officer.email, town.officer.person_id)]
    assert not due_passwords.passwords_without_day().exists()


# The question at the sign-in


def test_sign_in_with_a_password_that_is_not_due_asks_nothing(town):
    make_due(town.officer, thai_day(timezone.now()) + timedelta(days=1))

    sent = Client().post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})

    assert sent["Location"] == "/"


def test_sign_in_asks_and_takes_a_new_password(due):
    client = at_the_door(due)
    page = client.get("/sign-in/due-password/").content.decode()
    assert "ข้อ 4 (3)" in page
    assert client.get("/me/").status_code == 302, "nobody is in before"
    assert not Session.objects.filter(subject=due, ended_at=None).exists()

    sent = client.post("/sign-in/due-password/", {"answer": "change", "new_password": NEW})

    assert (sent.status_code, sent["Location"]) == (303, "/me/sessions/")
    assert client.get("/me/").status_code == 200
    [kept] = PasswordClockAnswer.objects.filter(subject=due)
    assert (kept.answer, kept.reason, kept.ask_again_date) == ("changed", "", None)
    set_ = AuditEvent.objects.filter(name="credential.set", subject_person_id=due.person_id).latest("pk")
    assert '"how":"asked"' in set_.facts_json
    assert Client().post("/sign-in/", {"username": due.username, "password": PASSWORD}).status_code == 422
    assert Client().post("/sign-in/", {"username": due.username, "password": NEW})["Location"] == "/", "asked once"


def test_sign_in_asks_and_takes_later_with_its_reason(due):
    client = at_the_door(due)

    sent = client.post("/sign-in/due-password/", {"answer": "later", "reason": f"  {REASON} "})

    assert (sent.status_code, sent["Location"]) == (303, "/me/sessions/")
    assert client.get("/me/").status_code == 200
    [kept] = PasswordClockAnswer.objects.filter(subject=due)
    assert (kept.answer, kept.reason) == ("later", REASON)
    [event] = AuditEvent.objects.filter(name="credential.change_put_off")
    assert (event.subject_person_id, event.at) == (due.person_id, kept.answered_at)
    assert Client().post("/sign-in/", {"username": due.username, "password": PASSWORD})["Location"] == "/", "not now"


def test_later_asks_again_after_fourteen_days(town):
    day = date(2027, 6, 1)
    officer = make_due(town.officer, day)
    answer_later(officer, at=noon(day))

    again = day + timedelta(days=14)
    assert due_passwords.password_question(officer.pk, on=again - timedelta(days=1)) is None
    assert due_passwords.password_question(officer.pk, on=again).asked_date == again
    answer_later(officer, at=noon(again))
    assert due_passwords.password_question(officer.pk, on=again) is None
    assert PasswordClockAnswer.objects.filter(subject=officer).count() == 2


def test_later_counts_on_the_day_of_asking_again_and_no_more_on_the_first(town, django_assert_num_queries):
    day, stranger = date(2027, 6, 1), town.head.password_due_date
    officer = make_due(town.officer, day)
    before = due_passwords.password_days_taken(on=day)

    again = answer_later(officer, at=noon(day)).ask_again_date

    with django_assert_num_queries(1):
        taken = due_passwords.password_days_taken(on=day)
    assert (before[day], taken[day], taken[again]) == (1, 0, 1)
    assert taken[stranger] == before[stranger]
    assert taken.total() == before.total(), "each password counts once"
    assert due_passwords.password_days_taken(on=again)[again] == 0, "what has come is no day ahead"

    second = answer_later(officer, at=noon(again)).ask_again_date
    taken = due_passwords.password_days_taken(on=again)
    assert (taken[again], taken[second], taken.total()) == (0, 1, before.total()), "the last answer counts"

    identity.change_password(actor=actor_of(officer), current=PASSWORD, new=NEW, at=noon(again))
    officer.refresh_from_db()
    taken = due_passwords.password_days_taken(on=again)
    assert (taken[second], taken[officer.password_due_date]) == (0, 1), "a new password has no answers"


def test_later_is_asked_again_on_the_next_day_when_that_one_is_full(town):
    day = thai_day(timezone.now())
    first = due_passwords.day_of_asking_again(on=day)
    for _ in range(ALWAYS_ROOM):
        make_due(factories.an_account(factories.a_person(), town.authority), first)
    client = at_the_door(make_due(town.officer, day))
    expected = due_passwords.day_of_asking_again(on=day)

    shown = client.get("/sign-in/due-password/").context["asked_again_from"]
    client.post("/sign-in/due-password/", {"answer": "later", "reason": REASON})

    assert expected > first >= day + timedelta(days=14)
    assert shown == PasswordClockAnswer.objects.get().ask_again_date == expected


@pytest.mark.slow
def test_a_storm_of_later_is_spread(town):
    day = date(2027, 6, 1)
    many_accounts(town, count=2_000, set_at=NOW - timedelta(days=300))
    identity.keep_password_days(actor=ROUND, at=noon(day))
    officers = [factories.an_account(factories.a_person(), town.authority) for _ in range(60)]

    for officer in officers:
        answer_later(make_due(officer, day), at=noon(day))

    days = due_passwords.password_days_taken(on=day)
    assert_no_storm(days)
    answered = set(PasswordClockAnswer.objects.values_list("ask_again_date", flat=True))
    assert min(answered) >= day + timedelta(days=14)
    assert len(answered) > 1


@pytest.mark.parametrize("reason", ["", "   ", "ลา", "\u200b\u200b\u200b\u200b\u200b\u200b", "ก" * 301])
def test_later_needs_a_reason(due, reason):
    client = at_the_door(due)

    sent = client.post("/sign-in/due-password/", {"answer": "later", "reason": reason})

    assert sent.status_code == 422
    assert client.get("/me/").status_code == 302
    assert not PasswordClockAnswer.objects.exists()


def test_put_off_password_change_itself_refuses_what_is_no_reason(due):
    with pytest.raises(Denied, match="password_reason_missing"):
        answer_later(due, at=timezone.now(), reason="ลา")
    with pytest.raises(Unacceptable):
        answer_later(due, at=timezone.now(), reason="ก" * 301)

    assert not PasswordClockAnswer.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"answer": "passkey"}, {"answer": "change"}, {"reason": REASON}])
def test_no_answer_lets_nobody_in(due, sent):
    client = at_the_door(due)

    assert client.post("/sign-in/due-password/", sent).status_code == 422
    assert client.get("/me/").status_code == 302
    assert not PasswordClockAnswer.objects.exists()


@pytest.mark.parametrize("new", [PASSWORD, "password1", "สั้น1"])
def test_a_new_password_that_is_refused_keeps_the_question_open(due, new):
    client = at_the_door(due)

    assert client.post("/sign-in/due-password/", {"answer": "change", "new_password": new}).status_code == 422
    assert not PasswordClockAnswer.objects.exists()
    sent = client.post("/sign-in/due-password/", {"answer": "change", "new_password": NEW})
    assert sent.status_code == 303, "the sign-in still waits"


def test_the_way_goes_on_to_the_duties_after_the_answer(due, monkeypatch):
    monkeypatch.setattr(undertaking, "VERSION", undertaking.VERSION + 1)
    client = at_the_door(due)

    sent = client.post("/sign-in/due-password/", {"answer": "change", "new_password": NEW})

    assert sent["Location"] == "/sign-in/undertaking/"
    assert client.get("/me/").status_code == 302
    sent = client.post("/sign-in/undertaking/", {"version": undertaking.VERSION, "accepted": "on"})
    assert sent["Location"] == "/me/sessions/", "the new password holds to the end of the sign-in"
    assert client.get("/me/").status_code == 200


def test_due_password_cannot_be_jumped_to(due):
    client = Client()
    client.get("/sign-in/")

    assert client.get("/sign-in/due-password/")["Location"] == "/sign-in/"
    for sent in ({"answer": "later", "reason": REASON}, {"answer": "change", "new_password": NEW}):
        assert client.post("/sign-in/due-password/", sent)["Location"] == "/sign-in/"
    client.post("/sign-in/", {"username": due.username, "password": "wrong-password-7"})
    assert client.post("/sign-in/due-password/", {"answer": "later", "reason": REASON})["Location"] == "/sign-in/"
    assert client.get("/me/").status_code == 302
    assert not PasswordClockAnswer.objects.exists()


def test_the_stage_after_it_cannot_be_jumped_to(due):
    client = at_the_door(due)

    assert client.get("/sign-in/undertaking/")["Location"] == "/sign-in/"
    assert client.post("/sign-in/undertaking/", {"version": 1, "accepted": "on"})["Location"] == "/sign-in/"
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("sent", [{"answer": "later", "reason": REASON}, {"answer": "change", "new_password": NEW}])
def test_due_password_takes_a_new_session_key(due, sent):
    client = Client()
    client.get("/sign-in/")
    client.post("/sign-in/", {"username": due.username, "password": PASSWORD})
    before = client.cookies["kunjae_session"].value

    client.post("/sign-in/due-password/", sent)

    assert client.get("/me/").status_code == 200
    assert client.cookies["kunjae_session"].value != before


def test_a_second_answer_is_refused(due):
    first, second = at_the_door(due), at_the_door(due)
    assert first.post("/sign-in/due-password/", {"answer": "later", "reason": REASON}).status_code == 303

    assert second.get("/sign-in/due-password/")["Location"] == "/sign-in/"
    assert second.post("/sign-in/due-password/", {"answer": "later", "reason": REASON}).status_code == 422
    assert second.get("/me/").status_code == 302
    with pytest.raises(Denied, match="password_not_asked"):
        answer_later(due, at=timezone.now())
    assert PasswordClockAnswer.objects.count() == 1


def test_an_answer_for_a_password_that_was_changed_meanwhile_is_refused(due):
    """Whoever proved the old password alone must not get in, nor set one, once the owner has changed it."""
    waiting = at_the_door(due)
    identity.change_password(actor=actor_of(due), current=PASSWORD, new=NEW, at=timezone.now())

    for sent in ({"answer": "later", "reason": REASON}, {"answer": "change", "new_password": "marble-lantern4-cedar"}):
        assert waiting.post("/sign-in/due-password/", sent)["Location"].startswith("/sign-in/")
    assert waiting.get("/me/").status_code == 302
    assert not PasswordClockAnswer.objects.exists()


def test_an_answer_of_a_suspended_account_is_refused(due, town):
    client = at_the_door(due)
    with state_change(actor=actor_of(town.head), at=NOW):
        identity.suspend_subject(actor=actor_of(town.head), subject_id=due.pk, reason="ลา", at=NOW)

    for sent in ({"answer": "later", "reason": REASON}, {"answer": "change", "new_password": NEW}):
        assert client.post("/sign-in/due-password/", sent)["Location"].startswith("/sign-in/")
    assert not PasswordClockAnswer.objects.exists()


def test_nobody_answers_for_another(due, town):
    with pytest.raises(Denied, match="not_permitted"):
        identity.put_off_password_change(
            actor=actor_of(town.head),
            subject_id=due.pk,
            proved=Proved.now(due),
            reason=REASON,
            at=timezone.now(),
        )
    with pytest.raises(Denied, match="not_permitted"):
        identity.change_due_password(
            actor=actor_of(town.head),
            subject_id=due.pk,
            proved=Proved.now(due),
            new=NEW,
            at=timezone.now(),
        )


def test_a_profile_that_forces_takes_no_later(due):
    adopt(from_day=TODAY, **LETTER_2562_FORCED.as_facts())
    client = at_the_door(due)

    assert 'name="reason"' not in client.get("/sign-in/due-password/").content.decode()
    assert client.post("/sign-in/due-password/", {"answer": "later", "reason": REASON}).status_code == 422
    with pytest.raises(Denied, match="password_change_forced"):
        answer_later(due, at=timezone.now())
    assert client.get("/me/").status_code == 302
    assert not PasswordClockAnswer.objects.exists()
    assert client.post("/sign-in/due-password/", {"answer": "change", "new_password": NEW}).status_code == 303


def test_a_profile_that_comes_to_force_asks_who_put_it_off_at_the_day_he_was_told(town):
    day = date(2027, 6, 1)
    officer = make_due(town.officer, day)
    answer_later(officer, at=noon(day))
    adopt(from_day=day + timedelta(days=1), **LETTER_2562_FORCED.as_facts())

    assert due_passwords.password_question(officer.pk, on=day + timedelta(days=2)) is None
    assert due_passwords.password_question(officer.pk, on=day + timedelta(days=14)).is_forced


def test_a_profile_without_a_clock_asks_nobody(due):
    adopt(from_day=TODAY, **{**MODERN.as_facts(), "length_min_single_factor": 8})

    sent = Client().post("/sign-in/", {"username": due.username, "password": PASSWORD})

    assert sent["Location"] == "/"


def test_a_password_renewed_in_the_same_sign_in_is_not_asked_for_again(due, monkeypatch):
    monkeypatch.setattr(queries, "is_leaked", lambda password, _digest: password == PASSWORD)
    client = Client()
    first = client.post("/sign-in/", {"username": due.username, "password": PASSWORD})
    assert first["Location"] == "/sign-in/new-password/"

    assert client.post("/sign-in/new-password/", {"new_password": NEW})["Location"] == "/"


def test_the_database_refuses_later_without_reason_and_a_second_answer(due):
    facts = {
        "subject": due,
        "password_set_at": due.password_changed_at,
        "asked_date": due.password_due_date,
        "answered_at": NOW,
    }
    for wrong in (
        {"answer": "later", "ask_again_date": due.password_due_date + timedelta(days=14)},
        {"answer": "later", "reason": REASON},
        {"answer": "changed", "reason": REASON},
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
            PasswordClockAnswer.objects.create(**facts, **wrong)
    answer_later(due, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        PasswordClockAnswer.objects.create(**facts, answer="changed")


# Who sees it


def in_browser(subject: Subject) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": subject.username, "password": PASSWORD})
    return client


def test_the_head_sees_the_old_passwords_of_his_authority_with_the_last_answer(town, due):
    answer_later(due, at=timezone.now())
    client = in_browser(town.head)
    people = client.get(f"/o/{town.authority.code}/people/").content.decode()
    address = f"/o/{town.authority.code}/people/old-passwords/"
    assert address in people

    page = client.get(address).content.decode()

    assert due.username in page
    assert due.person.full_name in page
    assert REASON in page
    assert town.head.username not in page.partition("<main")[2], "his own is young"


def test_a_password_is_listed_at_six_months_though_its_day_comes_later(town):
    today = thai_day(timezone.now())
    officer = make_due(town.officer, today + timedelta(days=20))
    with state_change(actor=TEST, at=NOW) as change:
        officer.change_to(password_changed_at=start_of_thai_day(add_months(today, -6)))
        change.record("credential.rehashed", officer, organisation_id=None, username=officer.username)

    page = in_browser(town.head).get(f"/o/{town.authority.code}/people/old-passwords/").content.decode()

    assert officer.username in page


def test_the_list_of_old_passwords_is_paged(town):
    many_accounts(town, count=30, set_at=NOW - timedelta(days=300))
    client = in_browser(town.head)

    first = client.get(f"/o/{town.authority.code}/people/old-passwords/").content.decode()
    second = client.get(f"/o/{town.authority.code}/people/old-passwords/?page=2").content.decode()

    assert (first.count(">many."), second.count(">many.")) == (25, 5)


def test_old_passwords_are_shown_to_the_head_of_this_authority_only(town, due):
    address = f"/o/{town.authority.code}/people/old-passwords/"
    other = factories.a_town("กะรน", "karon")

    assert in_browser(other.head).get(address).status_code == 404
    assert (
        due.username
        not in in_browser(other.head).get(f"/o/{other.authority.code}/people/old-passwords/").content.decode()
    )
    colleague = factories.an_account(factories.a_person(), town.authority)
    assert in_browser(colleague).get(address).status_code in (403, 404)
    assert Client().get(address).status_code == 302


def test_without_a_clock_no_password_is_old(town, due):
    adopt(from_day=TODAY, **{**MODERN.as_facts(), "length_min_single_factor": 8})

    page = in_browser(town.head).get(f"/o/{town.authority.code}/people/old-passwords/").content.decode()

    assert due.username not in page


def set_on(subject: Subject, day: date, *, due_date: date | None = None) -> None:
    with state_change(actor=TEST, at=NOW) as change:
        subject.change_to(password_changed_at=start_of_thai_day(day) + timedelta(hours=5), password_due_date=due_date)
        change.record("credential.rehashed", subject, organisation_id=None, username=subject.username)


def counted_and_listed(town, *, on: date, months: int | None = 6) -> tuple[int, list[Subject]]:
    """The figure of the overview of use, whose own list agrees, and the list with the answers."""
    at = start_of_thai_day(on) + timedelta(hours=4)
    figure = overview.count_by_use(town.authority.pk, at=at)[overview.Use.OLD_PASSWORD]
    assert len(overview.accounts(town.authority.pk, overview.Use.OLD_PASSWORD, at=at)) == figure
    return figure, list(old_passwords(town.authority.pk, on=on, months=months))


@pytest.mark.parametrize(
    ("today", "day", "is_old"),
    [
        (date(2026, 10, 16), date(2026, 4, 16), True),
        (date(2026, 10, 16), date(2026, 4, 17), False),
        (date(2026, 9, 30), date(2026, 3, 31), True),
        (date(2027, 2, 28), date(2026, 8, 31), True),
    ],
)
def test_figure_and_list_of_old_passwords_begin_on_one_day(town, today, day, is_old):
    set_on(town.officer, day)
    set_on(town.head, today)

    assert counted_and_listed(town, on=today) == (is_old, [town.officer] * is_old)


def test_figure_and_list_of_old_passwords_take_the_day_asked_for_and_the_suspended(town):
    set_on(town.head, TODAY - timedelta(days=170), due_date=TODAY)
    set_on(town.officer, TODAY - timedelta(days=300))
    with state_change(actor=TEST, at=NOW):
        identity.suspend_subject(actor=TEST, subject_id=town.officer.pk, reason="ลา", at=NOW)

    assert counted_and_listed(town, on=TODAY) == (2, [town.officer, town.head])


def test_figure_and_list_of_old_passwords_hold_none_that_was_taken_back(town):
    set_on(town.officer, TODAY - timedelta(days=300))
    with state_change(actor=TEST, at=NOW):
        identity.revoke_password(actor=TEST, subject_id=town.officer.pk, why="may_be_known", case="", at=NOW)

    assert counted_and_listed(town, on=TODAY) == (0, [])


@pytest.mark.parametrize(("months", "is_old"), [(12, False), (9, True), (None, False)])
def test_figure_of_old_passwords_goes_by_the_policy_in_force(town, months, is_old):
    adopt(from_day=TODAY, change_months=months)
    set_on(town.officer, add_months(TODAY, -10), due_date=None if months is None else add_months(TODAY, 1))

    assert counted_and_listed(town, on=TODAY, months=months) == (is_old, [town.officer] * is_old)


def test_own_account_tells_from_when_a_new_password_is_advised(town):
    make_due(town.officer, date(2027, 6, 1))

    page = in_browser(town.officer).get("/me/").content.decode()

    assert "1 มิ.ย. 2570" in page.replace("\u00a0", " ").replace("&nbsp;", " ")


def test_the_register_says_when_the_profile_in_force_forces(town):
    advised = Client().get("/password-standards/").content.decode()
    adopt(from_day=TODAY, **LETTER_2562_FORCED.as_facts())
    forced = Client().get("/password-standards/").content.decode()

    rotation = next(item for item in deviations.REGISTER if item.key == "asvs-rotation")
    assert rotation.clause == "6.2.10"
    with translation.override("th"):
        assert str(rotation.instead) in advised
        assert str(rotation.departing) not in advised
        assert str(rotation.departing) in forced
