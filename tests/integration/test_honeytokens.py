"""Decoy user ids: nobody can tell one from an unknown user id, and the department hears of a try (L-30, T-19)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kunjae.access_requests.models import CredentialWish
from kunjae.access_requests.queries import beside_newcomer
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.core.actor import system
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.identity import operations, throttle
from kunjae.identity.models import Honeytoken, SignInAttempt, Subject
from kunjae.identity.queries import suggest_user_id, user_id_is_free
from kunjae.messaging.models import Message
from kunjae.messaging.rendering import render
from kunjae.organisations.models import Desk
from kunjae.reports.queries.record import names_by_area
from kunjae.site import rounds
from tests import factories
from tests.factories import NOW, TEST, actor_of, sign_in_client

pytestmark = pytest.mark.django_db

DECOY, UNKNOWN = "rawai.admin", "rawai.other"
NOTE = "ในไฟล์รายชื่อผู้ใช้บนไดรฟ์กลาง"
ROUND = system("alert-of-honeytokens")
PAGE = "/department/honeytokens/"


@pytest.fixture
def desk() -> Subject:
    factories.the_catalogue()
    return factories.a_desk_officer()


@pytest.fixture
def decoy(desk) -> Honeytoken:
    return lay(desk)


def lay(who: Subject, username: str = DECOY, note: str = NOTE) -> Honeytoken:
    return operations.lay_honeytoken(actor=actor_of(who), username=username, note=note, at=NOW)


def tried(username: str = DECOY, *, minutes: int = 1, address: str = "203.0.113.7", times: int = 1) -> None:
    for _ in range(times):
        throttle.note(
            username,
            address,
            "Firefox Linux",
            SignInAttempt.Outcome.REFUSED,
            subject=None,
            at=NOW + timedelta(minutes=minutes),
        )


def alert(*, minutes: int) -> int:
    return operations.alert_of_honeytokens(actor=ROUND, at=NOW + timedelta(minutes=minutes))


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=name).order_by("pk"))


# --- Laying and lifting -------------------------------------------------------------------------------------------


def test_lay_honeytoken_is_recorded_for_the_nation_alone(desk, decoy):
    [event] = events("honeytoken.laid")

    assert event.chain == chain_of(None)
    assert event.actor_person_id == desk.person_id
    assert (decoy.username, decoy.note) == (DECOY, NOTE)


@pytest.mark.parametrize("who", ["head", "officer", "province", "job"])
def test_lay_honeytoken_by_anybody_else_is_refused(who):
    town = factories.a_town()
    actors = {
        "head": lambda: actor_of(town.head),
        "officer": lambda: actor_of(town.officer),
        "province": lambda: actor_of(factories.a_desk_officer(Desk.PROVINCE, town.authority.province)),
        "job": lambda: system("some-job"),
    }

    with pytest.raises(Denied, match="honeytokens_are_the_departments"):
        operations.lay_honeytoken(actor=actors[who](), username=DECOY, note=NOTE, at=NOW)

    assert not Honeytoken.objects.exists()


def test_lay_honeytoken_takes_no_user_id_of_an_account_and_none_that_looks_like_it(desk):
    officer = factories.a_town().officer
    for taken in (officer.username, officer.username.replace(".", "_")):
        with pytest.raises(Denied, match="user_id_taken"):
            lay(desk, taken)


@pytest.mark.parametrize("again", [DECOY, "rawai_admin", "rawaiadmln"])
def test_lay_honeytoken_twice_is_refused(desk, decoy, again):
    with pytest.raises(Denied, match="user_id_taken"):
        lay(desk, again)


def test_lay_honeytoken_needs_a_note_and_a_user_id_that_can_be_one(desk):
    with pytest.raises(Denied, match="honeytoken_note_missing"):
        lay(desk, note=" ")
    with pytest.raises(Unacceptable, match="user_id_characters"):
        lay(desk, "ผู้ดูแลระบบ")

    assert not Honeytoken.objects.exists()


def test_lift_honeytoken_once_and_its_user_id_stays_taken(desk, decoy):
    operations.lift_honeytoken(actor=actor_of(desk), public_id=decoy.public_id, at=NOW)

    with pytest.raises(Denied, match="honeytoken_lifted"):
        operations.lift_honeytoken(actor=actor_of(desk), public_id=decoy.public_id, at=NOW)
    assert len(events("honeytoken.lifted")) == 1
    assert not user_id_is_free(DECOY)
    tried()
    assert alert(minutes=2) == 0


def test_lift_honeytoken_by_a_head_is_refused(decoy):
    with pytest.raises(Denied, match="honeytokens_are_the_departments"):
        operations.lift_honeytoken(actor=actor_of(factories.a_town().head), public_id=decoy.public_id, at=NOW)

    assert Honeytoken.objects.get().lifted_at is None


# --- Real accounts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [DECOY, "rawai-admin", "rawaiadm1n"])
def test_a_real_account_takes_no_user_id_of_a_decoy_and_none_that_looks_like_it(decoy, wanted):
    town = factories.a_town()

    with pytest.raises(Denied, match="user_id_taken"), state_change(actor=TEST, at=NOW):
        operations.open_subject(
            actor=TEST, username=wanted, person=factories.a_person(), authority=town.authority, at=NOW
        )


def test_a_head_is_refused_the_user_id_of_a_decoy_in_the_words_of_any_other_taken_one(desk):
    town = factories.a_town()
    lay(desk, "rawai.finance")
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)

    refusals = []
    for username in ("rawai.finance", town.officer.username):
        with pytest.raises(Denied) as denied:
            factories.approve(town, request, username=username)
        refusals.append((denied.value.reason, denied.value.facts))

    assert refusals[0] == refusals[1]


def test_suggestions_pass_a_decoy_by_as_they_do_an_account(desk):
    town = factories.a_town()
    suggested = suggest_user_id(town.authority)
    assert beside_newcomer(factories.a_person(), town.authority).username == suggested

    lay(desk, suggested)

    assert suggest_user_id(town.authority) not in ("", suggested)
    assert beside_newcomer(factories.a_person(), town.authority).username == suggest_user_id(town.authority)


# --- The door -----------------------------------------------------------------------------------------------------


def answer_to(username: str, *, address: str) -> tuple[int, str, list[str]]:
    """What the door says and asks the database about a user id, with the user id itself blanked out."""
    client = Client(REMOTE_ADDR=address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.post("/sign-in/", {"username": username, "password": "wrong-password-1"})
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    questions = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in asked.captured_queries]
    return answer.status_code, body.replace(username, "USER-ID"), questions


def test_t_19_a_decoy_is_answered_like_an_unknown_user_id_and_after_the_same_work(decoy):
    answer_to("rawai.first", address="192.0.2.50")  # what is loaded once

    told = [
        answer_to(username, address=address)
        for _ in range(7)
        for username, address in ((DECOY, "192.0.2.1"), (UNKNOWN, "192.0.2.2"))
    ]

    assert {status for status, _, _ in told} == {422}
    assert told[0::2] == told[1::2], "also once both must wait"
    assert "honeytoken" not in str(told)


def test_activation_by_typing_answers_a_decoy_like_an_unknown_user_id(decoy):
    typed = {"case": "0001/2570", "mail_code": "12345678", "second_code": "12345678"}
    answers = []
    for number, username in enumerate((DECOY, UNKNOWN)):
        answer = Client(REMOTE_ADDR=f"192.0.2.{number}").post("/activate/", {"username": username, **typed})
        body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
        answers.append((answer.status_code, body.replace(username, "USER-ID")))

    assert answers[0] == answers[1]


# --- The alert ----------------------------------------------------------------------------------------------------


def test_alert_of_honeytokens_tells_every_officer_of_the_department_once_an_hour(desk, decoy):
    colleague = factories.a_desk_officer(given_name="ศิริพร")
    factories.a_desk_officer(Desk.PROVINCE, factories.a_town().authority.province)
    tried(times=3)
    tried(address="198.51.100.9")

    assert [alert(minutes=minutes) for minutes in (2, 7, 12)] == [1, 0, 0]
    tried(minutes=20, times=2)
    assert [alert(minutes=minutes) for minutes in (21, 61, 62, 67, 125)] == [0, 0, 1, 0, 0]

    assert [(event.chain, event.subject_person_id) for event in events("honeytoken.tried")] == [
        (chain_of(None), None)
    ] * 2
    sent = Message.objects.filter(kind="honeytoken_tried").order_by("pk")
    assert sorted(sent.values_list("person_id", flat=True)) == sorted([desk.person_id, colleague.person_id] * 2)
    first, last = (str(render(message, at=NOW)) for message in (sent[0], sent[3]))
    assert DECOY in first
    assert NOTE in first
    assert "203.0.113" not in first
    assert '"tries":4' in events("honeytoken.tried")[0].facts_json
    assert '"tries":2' in events("honeytoken.tried")[1].facts_json
    assert PAGE in last


def test_alert_of_honeytokens_is_silent_about_what_is_no_try_with_a_decoy(desk, decoy):
    town = factories.a_town()
    tried(UNKNOWN)
    tried(minutes=-5)
    throttle.note(town.officer.username, "", "", SignInAttempt.Outcome.REFUSED, subject=town.officer, at=NOW)

    assert alert(minutes=2) == 0
    assert not Message.objects.filter(kind="honeytoken_tried").exists()


def test_alert_of_honeytokens_finds_what_was_typed_in_capitals_at_the_door(decoy):
    Client().post("/sign-in/", {"username": f" {DECOY.upper()} ", "password": "x"})
    [due] = [one for one in rounds.ROUNDS if one.name == "alert-of-honeytokens"]

    assert due.make(SignInAttempt.objects.get().at + timedelta(minutes=1)) == 1


def test_alert_of_honeytokens_asks_little_while_nothing_lies(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert alert(minutes=1) == 0


# --- The page -----------------------------------------------------------------------------------------------------


def test_page_lays_a_decoy_shows_the_tries_and_lifts_it(desk):
    client = sign_in_client(Client(), desk)

    assert client.post(PAGE, {"username": DECOY, "note": NOTE})["Location"] == f"{PAGE}?done=laid"
    decoy = Honeytoken.objects.get()
    Client(REMOTE_ADDR="203.0.113.7").post("/sign-in/", {"username": DECOY, "password": "x"})
    shown = client.get(PAGE).content.decode()
    assert "203.0.113.7" in shown
    assert NOTE in shown
    lifting = reverse("identity:honeytoken_lifting", args=[decoy.public_id])
    assert client.get(lifting).status_code == 405
    assert client.post(lifting)["Location"] == f"{PAGE}?done=lifted"
    assert client.post(lifting).status_code == 422
    assert client.get(f"{PAGE}?done=lifted").status_code == 200


@pytest.mark.parametrize("typed", [{"username": "", "note": NOTE}, {"username": DECOY, "note": ""}])
def test_page_keeps_what_was_typed_of_a_refused_decoy(desk, typed):
    answer = sign_in_client(Client(), desk).post(PAGE, typed)

    assert answer.status_code == 422
    assert (typed["username"] or typed["note"]) in answer.content.decode()
    assert not Honeytoken.objects.exists()


@pytest.mark.parametrize("who", ["head", "officer", "province"])
def test_page_does_not_exist_for_anybody_else(decoy, who):
    town = factories.a_town()
    readers = {
        "head": town.head,
        "officer": town.officer,
        "province": factories.a_desk_officer(Desk.PROVINCE, town.authority.province),
    }

    assert sign_in_client(Client(), readers[who]).get(PAGE).status_code == 404


def test_no_head_reads_of_decoys_in_the_record(decoy):
    assert "honeytoken" not in str(names_by_area())
    town = factories.a_town()
    tried()
    alert(minutes=2)
    client = sign_in_client(Client(), town.head)

    shown = client.get(f"/o/{town.authority.code}/record/")
    assert shown.status_code == 200
    assert DECOY not in shown.content.decode()
