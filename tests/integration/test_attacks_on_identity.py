"""What an attacker tried on accounts, activations and sessions, and must not get."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import visitor
from kunjae.core.verdict import Denied
from kunjae.identity import operations as identity
from kunjae.identity import throttle
from kunjae.identity.models import Activation, Session, SignInAttempt, Subject
from kunjae.messaging.models import Message
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, actor_of

pytestmark = pytest.mark.django_db
OTHER_PASSWORD = "maprao-khao-nuea-58"


@pytest.fixture
def town():
    return factories.a_town()


def activation_for(subject: Subject, *, at=NOW) -> dict:
    with state_change(actor=TEST, at=at):
        identity.issue_activation(
            actor=TEST, subject=subject, purpose=Activation.Purpose.REPLACE, case="0003/2570", at=at
        )
    return factories.secrets_sent(subject)


def prove(secrets: dict, *, at=NOW, **changed) -> Activation:
    given = {"link_secret": secrets["link_secret"], "second_code": secrets["second_code"]} | changed
    return identity.prove_activation(actor=visitor("activation"), at=at, **given)


def test_t_18_an_older_activation_is_dead_once_the_password_is_revoked(town):
    secrets = activation_for(town.officer)
    with state_change(actor=TEST, at=NOW):
        identity.revoke_password(actor=TEST, subject_id=town.officer.pk, why="may_be_known", case="", at=NOW)

    with pytest.raises(Denied, match="activation_failed"):
        prove(secrets)


def test_t_18_an_older_activation_is_dead_once_the_password_is_changed(town):
    secrets = activation_for(town.officer)
    identity.change_password(actor=actor_of(town.officer), current=PASSWORD, new=OTHER_PASSWORD, at=NOW)

    with pytest.raises(Denied, match="activation_failed"):
        prove(secrets)


def test_t_21_a_stranger_cannot_end_somebodys_activation(town):
    secrets = activation_for(town.officer)
    for _ in range(12):
        with pytest.raises(Denied, match="activation_failed"):
            prove(secrets, link_secret="", second_code="00000000", username=town.officer.username, case="0003/2570",
                  mail_code="00000000")  # fmt: skip

    assert prove(secrets)


def test_t_22_guessing_the_first_code_is_slowed_on_the_page(town):
    activation_for(town.officer)
    typed = {
        "username": town.officer.username, "case": "0003/2570", "mail_code": "00000000", "second_code": "00000000",
    }  # fmt: skip
    client = Client()
    for _ in range(5):
        assert "นาที" not in client.post("/activate/", typed).content.decode().split("<form")[0]

    assert "นาที" in client.post("/activate/", typed).content.decode()


def test_t_20_tries_while_waiting_do_not_end_the_wait(town):
    for _ in range(5):
        throttle.note("somebody", "10.0.0.1", "", SignInAttempt.Outcome.REFUSED, subject=None, at=NOW)
    for number in range(80):
        at = NOW + timedelta(milliseconds=100 * number)
        with pytest.raises(Denied, match="sign_in_throttled"):
            throttle.refuse_while_waiting("somebody", "10.0.0.1", at=at)

    assert SignInAttempt.objects.filter(outcome="throttled").count() == 1


def test_t_20_all_addresses_of_one_ipv6_network_wait_together():
    for number in range(5):
        throttle.note("somebody", f"2001:db8:1:2::{number}", "", SignInAttempt.Outcome.REFUSED, subject=None, at=NOW)

    assert throttle.wait_for("somebody", "2001:db8:1:2:ffff::9", at=NOW)
    assert not throttle.wait_for("somebody", "2001:db8:1:3::9", at=NOW)


def test_change_password_guesses_are_slowed_and_do_not_fill_the_record(town):
    events = AuditEvent.objects.count()
    for _ in range(5):
        with pytest.raises(Denied, match="wrong_password"):
            identity.change_password(actor=actor_of(town.officer), current="guess", new=OTHER_PASSWORD, at=NOW)

    with pytest.raises(Denied, match="sign_in_throttled"):
        identity.change_password(actor=actor_of(town.officer), current=PASSWORD, new=OTHER_PASSWORD, at=NOW)
    assert AuditEvent.objects.count() == events


def test_t_22_a_slip_neither_forgives_tries_nor_revives_nor_comes_unnoticed(town):
    secrets = activation_for(town.officer)
    for _ in range(4):
        with pytest.raises(Denied):
            prove(secrets, second_code="00000000")
    activation = Activation.objects.get(subject=town.officer, ended_at=None, used_at=None)
    with state_change(actor=TEST, at=NOW):
        identity.print_slip(actor=TEST, activation_id=activation.pk, at=NOW)

    assert Message.objects.filter(kind="slip_printed", person=town.officer.person).count() == 1
    with pytest.raises(Denied):
        prove(secrets, second_code="00000000")
    activation.refresh_from_db()
    assert activation.ended_at == NOW

    late = NOW + timedelta(hours=100)
    activation_for(town.officer)
    newer = Activation.objects.get(subject=town.officer, ended_at=None, used_at=None)
    with pytest.raises(Denied, match="activation_ended"), state_change(actor=TEST, at=late):
        identity.print_slip(actor=TEST, activation_id=newer.pk, at=late)


def test_l_34_what_one_person_proved_is_gone_when_another_signs_in_on_the_same_computer(town):
    now = timezone.now()
    secrets = activation_for(town.officer, at=now)
    client = Client()
    client.get(f"/activate/link/{secrets['link_secret']}/")
    client.post("/activate/code/", {"second_code": secrets["second_code"]})
    assert client.get("/activate/password/").status_code == 200

    client.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})

    assert client.get("/activate/password/").status_code == 404


def test_l_32_activating_where_somebody_is_signed_in_signs_him_out_and_goes_on(town):
    now = timezone.now()
    secrets = activation_for(town.officer, at=now)
    client = Client()
    client.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})
    client.get(f"/activate/link/{secrets['link_secret']}/")
    client.post("/activate/code/", {"second_code": secrets["second_code"]})

    assert client.get("/activate/password/").status_code == 200
    assert Session.objects.get(subject=town.head).ended_at is not None


def test_l_32_signing_in_over_another_session_ends_it(town):
    client = Client()
    client.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})

    assert Session.objects.get(subject=town.head).end_reason == "signed_out"
    assert Session.objects.get(subject=town.officer).ended_at is None


def test_a_body_larger_than_any_form_is_refused_unread(town):
    answer = Client().post("/sign-in/", data="x" * (1024 * 1024 + 1), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413
    assert "10 MB" in answer.content.decode()


def test_a_former_code_in_thai_digits_leads_to_the_page_once(town):
    client = Client()
    client.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})
    thai = town.authority.code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))

    answer = client.get(f"/o/{thai}/people/", follow=True)

    assert answer.status_code == 200
    assert len(answer.redirect_chain) == 1


@pytest.mark.parametrize("act", ["DELETE FROM audit_chainhead", "UPDATE audit_chainhead SET sequence = sequence - 1"])
def test_t_11_the_end_of_a_chain_is_neither_removed_nor_set_back(town, act):
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)
