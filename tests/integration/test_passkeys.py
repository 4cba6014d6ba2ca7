"""Passkeys: bound, signed with, and everything that is none refused (D5, T-21, T-23)."""

import json

import pytest
from django.conf import settings
from django.test import Client

from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.identity import operations as identity
from kunjae.identity import throttle
from kunjae.identity.models import SecondFactor, Session, SignInAttempt, Subject
from kunjae.messaging.models import Message
from tests import factories
from tests.factories import NOW, PASSWORD, actor_of
from tests.integration.test_second_factors import stale
from tests.passkey_device import Device

pytestmark = pytest.mark.django_db

SIGN_IN, BIND = "/sign-in/passkey/", "/me/second-factors/passkey/"


@pytest.fixture
def town():
    return factories.a_town()


def signed_in(subject: Subject) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"username": subject.username, "password": PASSWORD})["Location"] == "/"
    return client


def a_passkey(subject: Subject, *, counts: bool = True) -> Device:
    """Bind a passkey on the owner's own page."""
    client, device = signed_in(subject), Device(settings.KUNJAE_BASE_URL, counts=counts)
    made = device.make(client.get(BIND).context["options"])
    assert client.post(BIND, {"name": "โทรศัพท์", "credential": made})["Location"] == "/me/second-factors/?done=passkey"
    return device


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def enter(device: Device, **falsified) -> tuple[Client, int]:
    client = Client()
    answer = client.post(SIGN_IN, {"credential": device.sign(client.get(SIGN_IN).context["options"], **falsified)})
    return client, answer.status_code


@pytest.mark.parametrize("counts", [True, False])
def test_a_passkey_is_bound_and_signs_in_without_a_password(town, counts):
    device = a_passkey(town.officer, counts=counts)

    for _ in range(2):
        client, status = enter(device)
        assert status == 303
        assert is_in(client)

    assert Session.objects.latest("pk").factor == "passkey"
    factor = SecondFactor.objects.get()
    assert (factor.name, factor.sealed) == ("โทรศัพท์", "")
    assert factor.used_at is not None
    assert AuditEvent.objects.filter(name="second_factor.bound", subject_person_id=town.officer.person_id).count() == 1
    assert Message.objects.filter(kind="factor_bound", person=town.officer.person).count() == 1


def test_a_password_alone_no_longer_opens_once_a_passkey_is_bound(town):
    a_passkey(town.officer)

    client = Client()
    answer = client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})

    assert answer["Location"] == "/sign-in/second-factor/"
    assert not is_in(client)


@pytest.mark.parametrize("falsified", [{"origin": "https://kunjae.evil.example"}, {"verified": False}, {"count": 1}])
def test_t_23_an_assertion_of_another_origin_without_its_owner_or_of_a_copy_is_refused(town, falsified):
    device = a_passkey(town.officer)
    enter(device)

    client, status = enter(device, **falsified)

    assert status == 422
    assert not is_in(client)


def test_t_23_a_passkey_made_at_another_origin_or_without_its_owner_is_not_bound(town):
    client, device = signed_in(town.officer), Device(settings.KUNJAE_BASE_URL)

    for falsified in ({"origin": "https://kunjae.evil.example"}, {"verified": False}):
        made = device.make(client.get(BIND).context["options"], **falsified)
        assert client.post(BIND, {"name": "x", "credential": made}).status_code == 422

    assert not SecondFactor.objects.exists()


def test_an_answer_opens_once_and_in_its_own_browser_only(town):
    device = a_passkey(town.officer)
    first, thief = Client(), Client()
    answer = device.sign(first.get(SIGN_IN).context["options"])
    thief.get(SIGN_IN)

    assert thief.post(SIGN_IN, {"credential": answer}).status_code == 422
    assert Client().post(SIGN_IN, {"credential": answer}).status_code == 422, "nobody asked"
    assert first.post(SIGN_IN, {"credential": answer}).status_code == 303
    first.post("/sign-out/")
    assert first.post(SIGN_IN, {"credential": answer}).status_code == 422


@pytest.mark.parametrize(
    "sent", ["", "{", "[]", "null", "1", '{"id": 1}', "[" * 5_000, "x" * 30_000, "\x00", '{"id":"a"}']
)
def test_what_is_no_answer_is_refused_with_a_sentence(town, sent):
    client = Client()
    client.get(SIGN_IN)

    answer = client.post(SIGN_IN, {"credential": sent})

    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode() or "พบปัญหา" in answer.content.decode()


def test_another_ones_signature_for_my_passkey_is_refused(town):
    device, other = a_passkey(town.officer), Device(settings.KUNJAE_BASE_URL)
    other.credential_id, other.user_handle = device.credential_id, device.user_handle

    assert enter(other)[1] == 422


def test_a_passkey_with_the_handle_of_somebody_else_is_refused(town):
    device = a_passkey(town.officer)
    device.user_handle = town.head.public_id.encode()

    assert enter(device)[1] == 422


@pytest.mark.parametrize("state", ["suspended", "closed", "removed"])
def test_a_passkey_of_an_account_that_is_not_in_use_or_that_was_removed_opens_nothing(town, state):
    device = a_passkey(town.officer)
    actor = actor_of(town.head)
    with state_change(actor=actor, at=NOW):
        if state == "suspended":
            identity.suspend_subject(actor=actor, subject_id=town.officer.pk, reason="ลา", at=NOW)
        elif state == "closed":
            identity.close_subject(actor=actor, subject_id=town.officer.pk, case="", at=NOW)
        else:
            identity.end_factors_of(actor=actor, subject=town.officer, why="lost", at=NOW)

    client, status = enter(device)

    assert status == 422
    assert not is_in(client)


def test_one_passkey_is_bound_once_whoever_asks(town):
    device = a_passkey(town.officer)
    client = signed_in(town.head)
    made = device.make(client.get(BIND).context["options"])

    assert client.post(BIND, {"name": "x", "credential": made}).status_code == 422
    assert SecondFactor.objects.count() == 1


def test_binding_asks_for_a_fresh_proof(town):
    client = signed_in(town.officer)
    stale(client, town.officer)

    assert client.get(BIND)["Location"].startswith("/me/proof/")
    assert client.post(BIND, {"name": "x", "credential": "{}"})["Location"].startswith("/me/proof/")


def test_a_passkey_proves_anew_and_only_its_owner(town):
    device = a_passkey(town.officer)
    others = a_passkey(town.head)
    client, _ = enter(device)
    stale(client, town.officer)
    path = "/me/proof/?next=/me/second-factors/app/"

    assert client.post(path, {"credential": others.sign(client.get(path).context["options"])}).status_code == 422
    proved = client.post(path, {"credential": device.sign(client.get(path).context["options"])})

    assert proved["Location"] == "/me/second-factors/app/"
    assert client.get("/me/second-factors/app/").status_code == 200


def test_a_head_binds_a_passkey_at_the_first_sign_in(town, settings):
    settings.KUNJAE_SECOND_FACTORS = "required"
    client, device = Client(), Device(settings.KUNJAE_BASE_URL)
    client.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})
    made = device.make(client.get("/sign-in/enrolment/passkey/").context["options"])

    bound = client.post("/sign-in/enrolment/passkey/", {"name": "กุญแจ", "credential": made})
    assert bound["Location"] == "/sign-in/enrolment/"
    assert not is_in(client)
    assert client.post("/sign-in/enrolment/", {"act": "go_on"})["Location"] == "/"

    assert is_in(client)
    assert enter(device)[1] == 303


def test_t_21_a_head_enters_by_passkey_while_a_thousand_guesses_come_from_elsewhere(town):
    device = a_passkey(town.head)
    for number in range(1_000):
        throttle.note(
            town.head.username,
            f"198.51.{number // 250}.{number % 250}",
            "",
            SignInAttempt.Outcome.REFUSED,
            subject=town.head,
            at=NOW,
        )

    client, status = enter(device)

    assert status == 303
    assert is_in(client)


def test_nobody_learns_from_the_page_who_has_a_passkey(town):
    before = json.loads(Client().get(SIGN_IN).context["options"])
    a_passkey(town.officer)
    after = json.loads(Client().get(SIGN_IN).context["options"])

    assert (
        "allowCredentials" not in {**before["publicKey"], **after["publicKey"]}
        or not after["publicKey"]["allowCredentials"]
    )
    assert before["publicKey"].keys() == after["publicKey"].keys()
