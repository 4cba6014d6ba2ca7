"""Whose password is being guessed at hears of it once a day, and so does the head (L-30, T-21)."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system
from kunjae.identity import factor_codes, throttle
from kunjae.identity import operations as identity
from kunjae.identity.models import FactorSource, SignInAttempt, Subject
from kunjae.messaging.models import Message
from kunjae.messaging.rendering import render
from kunjae.organisations.models import Desk
from kunjae.revocation.watching import tell_of_guessing, tell_of_wrong_codes
from kunjae.site import rounds
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ROUND = system("tell-of-guessing")
KINDS = ("password_guessed", "officers_password_guessed")


@pytest.fixture
def town():
    return factories.a_town()


def guess(subject: Subject | None, *, times: int = 20, at: datetime = NOW, lane: str = "") -> None:
    refused = SignInAttempt.Outcome.REFUSED
    for number in range(times):
        name = subject.username if subject else "nobody.here"
        throttle.note(name, f"100.64.0.{number}", "", refused, subject=subject, at=at, lane=lane)


def told(**about: object) -> list[tuple[str, int | None]]:
    return list(Message.objects.filter(kind__in=KINDS, **about).order_by("pk").values_list("kind", "person_id"))


def test_tell_of_guessing_tells_the_owner_and_the_head_once_a_day(town):
    guess(town.officer)

    assert [tell_of_guessing(actor=ROUND, at=NOW + timedelta(minutes=number)) for number in (1, 6, 11)] == [1, 0, 0]

    assert told() == [("password_guessed", town.officer.person_id), ("officers_password_guessed", town.head.person_id)]
    [event] = AuditEvent.objects.filter(name="sign_in.guessed_at")
    assert event.subject_person_id == town.officer.person_id
    tomorrow = NOW + timedelta(days=1, minutes=2)
    guess(town.officer, at=tomorrow)
    assert tell_of_guessing(actor=ROUND, at=tomorrow) == 1
    assert len(told()) == 4


def test_tell_of_guessing_tells_a_head_of_his_own_account_once(town):
    guess(town.head)
    tell_of_guessing(actor=ROUND, at=NOW)

    assert told() == [("password_guessed", town.head.person_id)]


def test_tell_of_guessing_sends_a_head_one_message_a_day_however_many_are_guessed_at(town):
    others = [factories.an_account(factories.a_person(), town.authority) for _ in range(3)]
    for subject in (town.officer, *others):
        guess(subject)

    assert tell_of_guessing(actor=ROUND, at=NOW) == 4
    assert len(told(person=town.head.person)) == 1
    assert AuditEvent.objects.filter(name="sign_in.guessed_at").count() == 4, "the record names all"


def test_tell_of_guessing_is_silent_below_the_bound_and_about_what_is_none(town):
    guess(town.officer, times=19)
    guess(town.head, lane=throttle.session_lane(7))
    guess(None, times=30)

    assert tell_of_guessing(actor=ROUND, at=NOW) == 0
    assert told() == []


def test_tell_of_guessing_counts_tries_on_devices_that_the_account_knows(town):
    """A colleague at the office's computer, where the officer has signed in before."""
    other = factories.an_account(factories.a_person("อารี", "ใจงาม"), town.authority)
    guess(town.officer, lane="digest-of-a-known-device")
    guess(other, times=12)
    guess(other, times=7, lane="digest-of-a-known-device")
    guess(other, times=15, lane=throttle.session_lane(7))

    assert tell_of_guessing(actor=ROUND, at=NOW) == 1
    assert told() == [("password_guessed", town.officer.person_id), ("officers_password_guessed", town.head.person_id)]

    guess(other, times=1, lane="digest-of-a-known-device")
    assert tell_of_guessing(actor=ROUND, at=NOW) == 1, "twenty at the door, whoever they were"


def test_wrong_passwords_at_the_door_count_on_a_known_device_and_inside_a_session_do_not(town):
    """What the pages write is what the round reads."""
    shared = factories.sign_in_client(Client(), town.officer)
    typed = {"current_password": "wrong-password-1", "new_password": "maprao-khao-nuea-58"}
    assert shared.post("/me/password/", typed).status_code == 422
    shared.post("/sign-out/")
    at_the_door = {"username": town.officer.username, "password": "wrong-password-1"}
    assert shared.post("/sign-in/", at_the_door).status_code == 422
    inside, known = SignInAttempt.objects.filter(outcome=SignInAttempt.Outcome.REFUSED).order_by("pk")
    assert known.lane
    for lane in (inside.lane, known.lane):
        guess(town.officer, times=18, at=timezone.now(), lane=lane)
    assert tell_of_guessing(actor=ROUND, at=timezone.now()) == 0

    guess(town.officer, times=1, at=timezone.now(), lane=known.lane)
    assert tell_of_guessing(actor=ROUND, at=timezone.now()) == 1


def test_tell_of_guessing_names_the_account_and_never_where_the_guesses_came_from(town):
    guess(town.officer)
    tell_of_guessing(actor=ROUND, at=NOW)

    for message in Message.objects.filter(kind__in=KINDS):
        text = str(render(message, at=NOW))
        assert town.officer.username in text
        assert "100.64" not in text


def test_tell_of_guessing_is_a_round_of_the_worker(town):
    guess(town.officer)
    [due] = [one for one in rounds.ROUNDS if one.name == "tell-of-guessing"]

    assert due.make(NOW) == 1


# --- Somebody knows the password ------------------------------------------------------------------------------------


def wrong_codes(subject: Subject, *, times: int = 5, lane: str = "", at: datetime = NOW) -> None:
    for number in range(times):
        key, wrong = throttle.code_key(subject), SignInAttempt.Outcome.WRONG_CODE
        throttle.note(key, f"100.64.0.{number}", "", wrong, subject=subject, at=at, lane=lane)


def test_t_22_who_knows_the_password_and_guesses_at_codes_is_told_of_once_a_day(town):
    wrong_codes(town.officer)

    assert [tell_of_wrong_codes(actor=ROUND, at=NOW + timedelta(minutes=number)) for number in (1, 6)] == [1, 0]

    sent = Message.objects.filter(kind__in=["codes_guessed", "officers_codes_guessed"]).order_by("pk")
    assert [(one.kind, one.person_id) for one in sent] == [
        ("codes_guessed", town.officer.person_id),
        ("officers_codes_guessed", town.head.person_id),
    ]
    for one in sent:
        letter = render(one, at=NOW)
        assert town.officer.username in letter.text + letter.subject
        assert "100.64" not in letter.text
    [event] = AuditEvent.objects.filter(name="sign_in.codes_guessed_at")
    assert event.subject_person_id == town.officer.person_id
    tomorrow = NOW + timedelta(days=1, minutes=2)
    wrong_codes(town.officer, at=tomorrow)
    assert tell_of_wrong_codes(actor=ROUND, at=tomorrow) == 1


def test_wrong_codes_are_told_to_the_head_of_each_account_once_a_day(town):
    other = factories.an_account(factories.a_person("อารี", "ใจงาม"), town.authority)
    for number, subject in enumerate((town.officer, other, town.officer)):
        wrong_codes(subject, at=NOW + timedelta(minutes=number))
        tell_of_wrong_codes(actor=ROUND, at=NOW + timedelta(minutes=number))

    sent = Message.objects.filter(kind="officers_codes_guessed", person=town.head.person).order_by("pk")
    assert [one.facts["officers_username"] for one in sent] == [town.officer.username, other.username]


def test_wrong_codes_are_told_to_a_head_of_ten_accounts_a_day_at_most(town):
    others = [factories.an_account(factories.a_person(), town.authority) for _ in range(11)]
    for subject in (town.officer, *others):
        wrong_codes(subject)

    assert tell_of_wrong_codes(actor=ROUND, at=NOW) == 12
    assert Message.objects.filter(kind="officers_codes_guessed", person=town.head.person).count() == 10
    assert AuditEvent.objects.filter(name="sign_in.codes_guessed_at").count() == 12, "the record names all"


def test_wrong_codes_of_a_head_are_told_to_who_stands_above_him_once_a_day(town):
    clerk = factories.an_account(town.clerk_post.person, town.authority)
    desk = factories.a_desk_officer()
    factories.a_desk_officer(Desk.PROVINCE, town.authority.province)
    wrong_codes(town.head)

    assert [tell_of_wrong_codes(actor=ROUND, at=NOW + timedelta(minutes=number)) for number in (1, 6)] == [1, 0]

    assert [one.person_id for one in Message.objects.filter(kind="codes_guessed")] == [town.head.person_id]
    assert not Message.objects.filter(kind="officers_codes_guessed").exists(), "no head is told of himself"
    above = Message.objects.filter(kind="heads_codes_guessed")
    assert {one.person_id for one in above} == {clerk.person_id, desk.person_id}
    assert above.count() == 2
    text = str(render(above[0], at=NOW))
    assert town.head.username in text
    assert town.authority.full_name in text
    assert "100.64" not in text


def test_wrong_codes_of_an_officer_are_told_to_nobody_above_the_head(town):
    factories.an_account(town.clerk_post.person, town.authority)
    factories.a_desk_officer()
    wrong_codes(town.officer)
    tell_of_wrong_codes(actor=ROUND, at=NOW)

    assert not Message.objects.filter(kind="heads_codes_guessed").exists()


def test_an_owner_on_his_own_device_and_four_wrong_codes_alert_nobody(town):
    wrong_codes(town.officer, times=4)
    wrong_codes(town.head, times=9, lane="digest-of-a-known-device")

    assert tell_of_wrong_codes(actor=ROUND, at=NOW) == 0
    assert not Message.objects.filter(kind="codes_guessed").exists()


def test_wrong_codes_at_the_door_count_for_the_alert(town, settings):
    """What the page writes is what the round reads."""
    settings.KUNJAE_SECOND_FACTORS = "required"
    at, secret = timezone.now() - timedelta(hours=1), factor_codes.new_secret()
    identity.bind_app(
        actor=factories.actor_of(town.officer),
        secret=secret,
        code=factor_codes.app_code(secret, at=at),
        source=FactorSource.OWN_PAGE,
        at=at,
    )
    stranger = Client()
    stranger.post("/sign-in/", {"username": town.officer.username, "password": factories.PASSWORD})
    right = factor_codes.app_code(secret, at=timezone.now())
    for _time in range(5):
        stranger.post("/sign-in/second-factor/", {"code": "000000" if right != "000000" else "111111"})

    [due] = [one for one in rounds.ROUNDS if one.name == "tell-of-wrong-codes"]
    assert due.make(timezone.now()) == 1
