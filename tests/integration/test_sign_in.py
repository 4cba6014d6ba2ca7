"""Signing in and out through the pages, and what the guard does at each request."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.identity import operations as identity
from kunjae.identity.models import EndReason, Session, SignInAttempt, Subject, SubjectState
from tests import factories
from tests.factories import PASSWORD, TEST
from tests.hashing import CountedArgon2id

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return factories.a_town()


def sign_in(client: Client, subject: Subject, password: str = PASSWORD, **extra):
    return client.post("/sign-in/", {"username": subject.username, "password": password}, **extra)


def move_session(subject: Subject, **ago: timedelta) -> None:
    """Let time pass for the one open session of a person."""
    session = Session.objects.get(subject=subject, ended_at=None)
    with state_change(actor=TEST, at=factories.NOW) as change:
        session.change_to(**{field: timezone.now() - delta for field, delta in ago.items()})
        change.record("session.started", organisation_id=None, username=subject.username)


def test_sign_in_begins_a_session_with_a_new_key(town, client):
    client.get("/sign-in/")
    client.cookies["kunjae_session"] = "fixed-by-an-attacker-000000000000"

    answer = sign_in(client, town.officer)

    assert answer.status_code == 303
    assert client.cookies["kunjae_session"].value != "fixed-by-an-attacker-000000000000"
    assert Session.objects.get(subject=town.officer).ended_at is None
    assert client.get("/me/").status_code == 200


def test_sign_in_session_cookie_is_for_this_browser_session_only(town, client):
    sign_in(client, town.officer)

    cookie = client.cookies["kunjae_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert not cookie["expires"]


def test_sign_in_unknown_wrong_pending_and_closed_look_alike(town, client):
    closed = town.officer
    with state_change(actor=TEST, at=factories.NOW):
        identity.close_subject(actor=TEST, subject_id=closed.pk, case="", at=factories.NOW)
        pending = identity.open_subject(
            actor=TEST,
            username="rawai.pending",
            person=factories.a_person(),
            authority=town.authority,
            at=factories.NOW,
        )
    pages = []
    for username in ("nobody.here", town.head.username, pending.username, closed.username):
        answer = Client().post("/sign-in/", {"username": username, "password": "wrong-password-1"})
        body = answer.content.decode().replace(username, "USER")
        token = body.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        pages.append((answer.status_code, body.replace(token, "TOKEN"), dict(answer.headers).get("Location")))

    assert len(set(pages)) == 1
    assert pages[0][0] == 422


def test_sign_in_keeps_the_user_id_typed_and_clears_the_password(town, client):
    answer = client.post("/sign-in/", {"username": "somebody", "password": "secret-typed-1"})

    body = answer.content.decode()
    assert 'value="somebody"' in body
    assert "secret-typed-1" not in body


def test_sign_in_of_a_suspended_account_tells_only_who_knows_the_password(town, client):
    with state_change(actor=TEST, at=factories.NOW):
        identity.suspend_subject(actor=TEST, subject_id=town.officer.pk, reason="ลา", at=factories.NOW)

    knows, guesses = sign_in(Client(), town.officer), sign_in(Client(), town.officer, "wrong-password-1")

    assert "ระงับ" in knows.content.decode()
    assert "ระงับ" not in guesses.content.decode()
    assert not Session.objects.filter(subject=town.officer).exists()


def test_sign_in_guessing_is_slowed_for_one_place_and_hinders_nobody_else(town):
    attacker = Client(REMOTE_ADDR="10.1.1.1")
    for _ in range(5):
        sign_in(attacker, town.officer, "wrong-password-1")

    slowed = sign_in(attacker, town.officer)
    colleague = sign_in(Client(REMOTE_ADDR="10.1.1.1"), town.head)
    owner_elsewhere = sign_in(Client(REMOTE_ADDR="10.2.2.2"), town.officer)

    assert slowed.status_code == 422
    assert colleague.status_code == 303
    assert owner_elsewhere.status_code == 303
    assert SignInAttempt.objects.filter(outcome="throttled").count() == 1


def test_sign_in_never_leads_to_another_site(town, client):
    answer = client.post(
        "/sign-in/", {"username": town.officer.username, "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert answer["Location"] == "/"


def test_sign_in_leads_on_to_an_address_as_long_as_a_search_in_thai_makes_it(town, client):
    long = "/me/?q=" + quote("ที่ทำการองค์การบริหารส่วนตำบล" * 3)
    assert len(long) > 500

    answer = client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD, "next": long})

    assert (answer.status_code, answer["Location"]) == (303, long)


def test_sign_in_leads_home_from_an_address_without_end(town, client):
    endless = "/me/?q=" + "x" * 20_000

    answer = client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD, "next": endless})

    assert (answer.status_code, answer["Location"]) == (303, "/")


def test_sign_in_does_not_keep_what_was_typed_as_user_id(town, client):
    client.post("/sign-in/", {"username": PASSWORD, "password": "x"})

    assert not any(PASSWORD in str(row) for row in SignInAttempt.objects.values())


def test_sign_out_ends_the_session_on_the_server(town, client):
    sign_in(client, town.officer)
    old_cookie = client.cookies["kunjae_session"].value

    answer = client.post("/sign-out/")

    assert Session.objects.get(subject=town.officer).end_reason == EndReason.SIGNED_OUT
    assert "storage" in answer["Clear-Site-Data"]
    replay = Client()
    replay.cookies["kunjae_session"] = old_cookie
    assert replay.get("/me/").status_code == 302


@pytest.mark.parametrize(
    ("moved", "reason"),
    [
        ({"seen_at": timedelta(minutes=15)}, EndReason.IDLE),
        ({"started_at": timedelta(hours=12), "seen_at": timedelta(minutes=1)}, EndReason.ABSOLUTE),
    ],
)
def test_session_ends_by_time(town, client, moved, reason):
    sign_in(client, town.officer)
    move_session(town.officer, **moved)

    answer = client.get("/me/")

    assert answer.status_code == 302
    assert f"ended={reason}" in answer["Location"]
    assert Session.objects.get(subject=town.officer).end_reason == reason


def test_session_of_14_minutes_without_a_sign_of_life_goes_on(town, client):
    sign_in(client, town.officer)
    move_session(town.officer, seen_at=timedelta(minutes=14))

    assert client.get("/stay/").status_code == 204
    assert timezone.now() - Session.objects.get(subject=town.officer).seen_at < timedelta(minutes=1)


def test_session_of_a_suspended_person_ends_at_the_next_request(town, client):
    sign_in(client, town.officer)
    with state_change(actor=TEST, at=timezone.now()):
        identity.suspend_subject(actor=TEST, subject_id=town.officer.pk, reason="ตรวจสอบ", at=timezone.now())

    assert client.get("/me/").status_code == 302


def test_pages_are_not_stored_by_a_browser(town, client):
    sign_in(client, town.officer)

    assert client.get("/me/")["Cache-Control"] == "no-store"


def test_own_sign_ins_show_the_refused_ones_too(town, client):
    sign_in(Client(), town.officer, "wrong-password-1")
    sign_in(client, town.officer)

    body = client.get("/me/sign-ins/").content.decode()

    assert "รหัสผ่านไม่ถูกต้อง" in body
    assert body.count("<tr>") == 3


def test_end_session_of_somebody_else_does_not_exist(town, client):
    other = identity.start_session(subject=town.head, session_key="z" * 32, address="", device="", at=timezone.now())
    sign_in(client, town.officer)

    assert client.post(f"/me/sessions/{other.public_id}/end/").status_code == 404
    assert Session.objects.get(pk=other.pk).ended_at is None


def test_activation_link_is_untouched_by_robots_and_then_works_for_a_person(town, client):
    with state_change(actor=TEST, at=factories.NOW):
        subject = identity.open_subject(
            actor=TEST,
            username="rawai.fresh",
            person=factories.a_person(),
            authority=town.authority,
            email="fresh@example.go.th",
            mobile="0899999999",
            at=timezone.now(),
        )
        identity.issue_activation(actor=TEST, subject=subject, purpose="first", case="0009/2570", at=timezone.now())
    secrets = factories.secrets_sent(subject)
    link = f"/activate/link/{secrets['link_secret']}/"
    for number in range(20):
        robot = Client(headers={"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"})
        assert (robot.head if number % 2 else robot.get)(link).status_code == 302

    first_hop = client.get(link)
    assert secrets["link_secret"] not in first_hop["Location"]
    assert first_hop["Referrer-Policy"] == "no-referrer"
    code = client.post("/activate/code/", {"second_code": secrets["second_code"]})
    assert code["Location"] == "/activate/password/"
    weak = client.post("/activate/password/", {"new_password": "abcd1234"})
    assert weak.status_code == 422
    done = client.post("/activate/password/", {"new_password": PASSWORD})

    assert done["Location"] == "/activate/done/"
    assert Subject.objects.get(pk=subject.pk).state == SubjectState.ACTIVE
    assert client.get("/me/").status_code == 302, "activation does not sign in"
    again = Client()
    again.get(link)
    assert again.post("/activate/code/", {"second_code": secrets["second_code"]}).status_code == 422


def test_choose_password_cannot_be_jumped_to(client, town):
    assert client.get("/activate/password/").status_code == 404
    assert client.post("/activate/password/", {"new_password": PASSWORD}).status_code == 409


def test_change_password_page_names_each_rule_that_failed(town, client):
    sign_in(client, town.officer)

    answer = client.post("/me/password/", {"current_password": PASSWORD, "new_password": "abc"})

    assert answer.status_code == 422
    assert "abc" not in answer.content.decode().split("<form")[1]


def test_host_header_is_not_believed(client):
    assert client.get("/sign-in/", headers={"Host": "evil.example"}).status_code == 400


def test_sign_in_costs_one_hash_whoever_it_is(town):
    with state_change(actor=TEST, at=factories.NOW):
        identity.close_subject(actor=TEST, subject_id=town.officer.pk, case="", at=factories.NOW)
        pending = identity.open_subject(
            actor=TEST,
            username="rawai.pending",
            person=factories.a_person(),
            authority=town.authority,
            at=factories.NOW,
        )
    runs = set()
    for username in ("nobody.here", town.head.username, pending.username, town.officer.username):
        before = CountedArgon2id.runs
        Client().post("/sign-in/", {"username": username, "password": "wrong-password-1"})
        runs.add(CountedArgon2id.runs - before)

    assert runs == {1}
