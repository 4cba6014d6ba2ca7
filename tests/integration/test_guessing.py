"""Guessing is slowed, and nobody is locked out by it: neither an office behind one address nor a head (T-20, T-21)."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.core.verdict import Denied
from kunjae.identity import door, known_devices, throttle
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, KnownDevice, Session, SignInAttempt, Subject
from tests import factories
from tests.factories import NOW, PASSWORD, TEST
from tests.hashing import CountedArgon2id

pytestmark = pytest.mark.django_db

REFUSED = SignInAttempt.Outcome.REFUSED
OFFICE = "203.0.113.10"
DEVICE = "kunjae_device"


@pytest.fixture
def town():
    return factories.a_town()


def at_door(client: Client, subject: Subject, password: str = PASSWORD, **extra: str):
    return client.post("/sign-in/", {"username": subject.username, "password": password}, **extra)


def known_browser(subject: Subject, address: str = "198.51.100.7") -> Client:
    """A browser in which somebody has signed in before, and out again."""
    client = Client(REMOTE_ADDR=address)
    assert at_door(client, subject).status_code == 303
    client.post("/sign-out/")
    return client


def guess(username: str, *, times: int, at=NOW, address: str = "", lane: str = "") -> None:
    """Wrong tries as the throttle keeps them, each from another address unless one is named."""
    for number in range(times):
        where = address or f"100.64.{number // 250}.{number % 250}"
        throttle.note(username, where, "", REFUSED, subject=None, at=at, lane=lane)


# --- One account, guessed at from everywhere ----------------------------------------------------------------------


@pytest.mark.slow
def test_t_21_a_thousand_wrong_tries_from_elsewhere_while_the_head_enters(town):
    head = known_browser(town.head)
    hashes, entered = CountedArgon2id.runs, []
    for number in range(1000):
        address = f"100.64.{number // 250}.{number % 250}"
        if number % 10 == 0:  # one of ten through the page, the others as the page asks: a test of a minute less
            answer = at_door(Client(REMOTE_ADDR=address), town.head, "wrong-password-1")
            assert answer.status_code == 422
        else:
            with suppress(Denied):
                throttle.refuse_while_waiting(town.head.username, address, at=timezone.now())
                guess(town.head.username, times=1, at=timezone.now(), address=address)
        if number % 250 == 249:
            entered.append(at_door(head, town.head).status_code)
            assert head.get("/me/").status_code == 200
            head.post("/sign-out/")

    assert entered == [303] * 4
    assert SignInAttempt.objects.filter(lane="", outcome=REFUSED).count() < 40, "the others were not even judged"
    assert CountedArgon2id.runs - hashes < 40


def test_t_21_guesses_from_many_addresses_slow_an_account_and_never_lock_it(town):
    username = town.head.username
    guess(username, times=19)
    assert not throttle.wait_for(username, "192.0.2.1", at=NOW)

    guess(username, times=1)
    waits = [throttle.wait_for(username, "192.0.2.1", at=NOW)]
    for _ in range(200):
        guess(username, times=1)
        waits.append(throttle.wait_for(username, "192.0.2.1", at=NOW))

    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert max(waits) == timedelta(minutes=1)
    assert not throttle.wait_for(username, "192.0.2.1", at=NOW + timedelta(minutes=1))


def test_t_21_a_place_where_the_account_signed_in_before_does_not_wait_for_strangers(town):
    at_door(Client(REMOTE_ADDR=OFFICE), town.head)
    guess(town.head.username, times=60, at=timezone.now())

    new_computer_at_the_office, elsewhere = Client(REMOTE_ADDR=OFFICE), Client(REMOTE_ADDR="192.0.2.1")

    assert at_door(new_computer_at_the_office, town.head).status_code == 303
    answer = at_door(elsewhere, town.head)
    assert answer.status_code == 422
    assert "เคยเข้าสู่ระบบ" in answer.content.decode(), "and is told where to go"


def test_t_21_a_known_device_enters_from_any_address(town):
    head = known_browser(town.head)
    guess(town.head.username, times=60, at=timezone.now())

    assert at_door(head, town.head, REMOTE_ADDR="192.0.2.99").status_code == 303


def test_t_21_whoever_activates_anew_enters_in_that_browser(town):
    now = timezone.now()
    guess(town.head.username, times=60, at=now)
    with state_change(actor=TEST, at=now):
        identity.issue_activation(
            actor=TEST, subject=town.head, purpose=Activation.Purpose.REPLACE, case="0003/2570", at=now
        )
    secrets = factories.secrets_sent(town.head)
    browser = Client(REMOTE_ADDR="192.0.2.5")
    browser.get(f"/activate/link/{secrets['link_secret']}/")
    browser.post("/activate/code/", {"second_code": secrets["second_code"]})
    browser.post("/activate/password/", {"new_password": "maprao-khao-nuea-58"})

    assert at_door(browser, town.head, "maprao-khao-nuea-58").status_code == 303


def test_t_21_a_lane_has_a_bound_of_its_own(town):
    head = known_browser(town.head)
    for _ in range(5):
        at_door(head, town.head, "wrong-password-1")

    assert at_door(head, town.head).status_code == 422
    assert at_door(Client(REMOTE_ADDR="192.0.2.1"), town.head).status_code == 303, "and hinders nobody elsewhere"


def test_t_21_guesses_at_the_door_do_not_hinder_who_is_inside(town):
    client = Client()
    at_door(client, town.head)
    guess(town.head.username, times=60, at=timezone.now())
    guess(town.head.username, times=20, at=timezone.now(), address="127.0.0.1")

    typed = {"current_password": PASSWORD, "new_password": "maprao-khao-nuea-58"}

    assert client.post("/me/password/", typed).status_code == 303


# --- The device's cookie ------------------------------------------------------------------------------------------


def test_device_cookie_is_random_unreadable_and_no_key(town):
    head = known_browser(town.head)
    cookie = head.cookies[DEVICE]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert KnownDevice.objects.get().digest not in cookie.value
    assert not any(cookie.value in str(row) for row in KnownDevice.objects.values())
    only_the_cookie = Client()
    only_the_cookie.cookies[DEVICE] = cookie.value
    assert only_the_cookie.get("/me/").status_code == 302
    assert at_door(only_the_cookie, town.head, "wrong-password-1").status_code == 422


def test_device_is_known_to_those_who_signed_in_there_only(town):
    head = known_browser(town.head)
    guess(town.officer.username, times=60, at=timezone.now())

    assert at_door(head, town.officer, REMOTE_ADDR="192.0.2.1").status_code == 422


def test_device_on_a_shared_computer_is_known_to_each(town):
    shared = known_browser(town.head)
    first = shared.cookies[DEVICE].value
    at_door(shared, town.officer)

    assert shared.cookies[DEVICE].value == first
    assert KnownDevice.objects.count() == 2


def test_device_secret_that_we_did_not_give_is_not_taken_over(town):
    planted = "a" * 43
    client = Client()
    client.cookies[DEVICE] = planted
    at_door(client, town.head)

    assert client.cookies[DEVICE].value != planted


@pytest.mark.parametrize("value", ["", "x", "a" * 42 + "é", "a" * 5000, "'; --"])
def test_device_cookie_of_another_form_is_none(town, value):
    client = Client()
    client.cookies[DEVICE] = value

    assert at_door(client, town.head).status_code == 303


def test_devices_of_one_account_are_bounded(town):
    for _ in range(known_devices.PER_SUBJECT_MAX + 3):
        at_door(Client(), town.head)

    assert KnownDevice.objects.filter(subject=town.head).count() == known_devices.PER_SUBJECT_MAX


def test_devices_are_forgotten_once_somebody_else_may_know_the_password(town):
    known_browser(town.head)
    with state_change(actor=TEST, at=NOW):
        identity.revoke_password(actor=TEST, subject_id=town.head.pk, why="may_be_known", case="", at=NOW)

    assert not KnownDevice.objects.exists()


# --- One address, shared by an office -----------------------------------------------------------------------------


@pytest.mark.slow
def test_t_20_a_hundred_wrong_on_one_account_from_the_office_while_15_colleagues_sign_in(town):
    colleagues = [factories.an_account(factories.a_person(), town.authority) for _ in range(15)]
    entered = []
    for number in range(100):
        at_door(Client(REMOTE_ADDR=OFFICE), town.officer, "wrong-password-1")
        if number >= 85:
            entered.append(at_door(Client(REMOTE_ADDR=OFFICE), colleagues[number - 85]).status_code)

    assert entered == [303] * 15
    assert Session.objects.count() == 15
    assert at_door(Client(REMOTE_ADDR=OFFICE), town.officer).status_code == 422, "that pair is slowed"
    assert SignInAttempt.objects.filter(outcome=REFUSED).count() == throttle.FREE_FAILURES


def test_t_20_one_address_that_tries_many_accounts_is_slowed_by_seconds_only(town):
    for number in range(100):
        guess(f"somebody{number}", times=1, address=OFFICE)

    assert throttle.wait_for(town.officer.username, OFFICE, at=NOW) == timedelta(seconds=5)
    assert not throttle.wait_for(town.officer.username, OFFICE, at=NOW + timedelta(seconds=5))
    assert not throttle.wait_for(town.officer.username, "192.0.2.1", at=NOW)
    throttle.note(town.officer.username, OFFICE, "", SignInAttempt.Outcome.SIGNED_IN, subject=town.officer, at=NOW)
    assert not throttle.wait_for(town.officer.username, OFFICE, at=NOW), "who belongs to the office does not wait"


def test_t_20_at_a_door_for_both_kinds_of_addresses_one_address_slows_no_other(town):
    """RFC 4291 2.5.5.2: `::ffff:a.b.c.d` of everybody lies in one /64, and is not one household."""
    for number in range(8):
        at_door(Client(REMOTE_ADDR="::ffff:203.0.113.9"), town.head, f"wrong-password-{number}")

    assert at_door(Client(REMOTE_ADDR="::ffff:198.51.100.7"), town.head).status_code == 303
    assert set(SignInAttempt.objects.values_list("address", flat=True)) == {"203.0.113.9", "198.51.100.7"}


def test_t_20_a_success_of_the_owner_forgives_no_stranger(town):
    guess(town.officer.username, times=5, address=OFFICE)
    throttle.note(
        town.officer.username,
        OFFICE,
        "",
        SignInAttempt.Outcome.SIGNED_IN,
        subject=town.officer,
        at=NOW,
        lane="digest-of-his-device",
    )

    with pytest.raises(Denied, match="sign_in_throttled"):
        throttle.refuse_while_waiting(town.officer.username, OFFICE, at=NOW)


def test_t_19_an_account_that_does_not_exist_is_slowed_alike(town):
    for username in (town.officer.username, "nobody.here"):
        guess(username, times=25)
    waits = {throttle.wait_for(username, "192.0.2.1", at=NOW) for username in (town.officer.username, "nobody.here")}

    assert waits == {timedelta(seconds=60)}


@pytest.mark.parametrize("lane", ["", "d" * 64], ids=["a stranger", "a known device"])
def test_t_20_a_flood_at_one_address_pushes_out_no_wait_of_an_account(town, lane):
    for _ in range(20):
        throttle.note(town.officer.username, OFFICE, "", REFUSED, subject=None, at=NOW, lane=lane)
    SignInAttempt.objects.bulk_create(
        throttle.attempt_of(f"x{number}", OFFICE, "", REFUSED, subject=None, at=NOW + timedelta(seconds=1))
        for number in range(1_200)
    )

    wait = throttle.wait_for(town.officer.username, OFFICE, at=NOW + timedelta(seconds=10), lane=lane)

    assert wait > timedelta(minutes=14)


def test_a_flood_at_one_address_makes_no_try_there_read_more_than_matters(town):
    SignInAttempt.objects.bulk_create(
        throttle.attempt_of(f"x{number}", OFFICE, "", REFUSED, subject=None, at=NOW) for number in range(1_200)
    )

    read = throttle._LATELY.ask(account_key="k", address=OFFICE, since=NOW - throttle.WINDOW)

    assert len(read) == throttle.OF_AN_ADDRESS.free


@pytest.mark.parametrize("kept", ["", "md5$x$y", "nonsense"])
def test_a_password_that_we_did_not_write_looks_like_a_wrong_one(town, client, kept):
    QuerySet(Subject).filter(pk=town.officer.pk).update(password=kept)

    odd = client.post("/sign-in/", {"username": town.officer.username, "password": "x"})
    unknown = client.post("/sign-in/", {"username": "nobody.here", "password": "x"})

    assert (odd.status_code, unknown.status_code) == (422, 422)


def test_t_19_where_there_is_nobody_of_a_name_a_row_is_read_all_the_same_and_nothing_of_it_is_used(town):
    first = Subject.objects.order_by("pk").first()
    QuerySet(KnownDevice).create(subject=first, digest="d" * 64, first_seen_at=NOW, seen_at=NOW)

    with CaptureQueriesContext(connection) as asked:
        nobody = door.who_comes("nobody.here", device="d" * 64, on=NOW.date())
        somebody = door.who_comes(f" {first.username.upper()} ", device="d" * 64, on=NOW.date())

    assert len(asked) == 2
    assert nobody == door.NOBODY
    assert (somebody.subject, somebody.known_devices, somebody.is_known_here) == (first, 1, True)
    assert not door.has_key(nobody, PASSWORD)
    assert door.has_key(somebody, PASSWORD)


def test_where_there_is_no_account_at_all_nobody_comes():
    assert door.who_comes("anybody", device="", on=NOW.date()) == door.NOBODY
