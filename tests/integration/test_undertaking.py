"""At the first sign-in the three duties of clause 3 are read and accepted; the acceptance is kept (L-31, L-34)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.verdict import Denied
from kunjae.identity import operations as identity
from kunjae.identity import undertaking
from kunjae.identity.models import Session, Subject, Undertaking
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return factories.a_town()


@pytest.fixture
def newcomer(town, monkeypatch) -> Subject:
    """Somebody whose duties read otherwise than when he accepted them: he must accept them anew."""
    monkeypatch.setattr(undertaking, "VERSION", undertaking.VERSION + 1)
    return town.officer


def at_the_door(subject: Subject) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"username": subject.username, "password": PASSWORD, "next": "/me/sessions/"})
    assert answer["Location"] == "/sign-in/undertaking/"
    return client


def test_first_sign_in_asks_for_the_duties_and_then_leads_on(newcomer):
    client = at_the_door(newcomer)
    page = client.get("/sign-in/undertaking/").content.decode()

    assert all(duty in page for duty in undertaking.DUTIES), "verbatim"
    assert client.get("/me/").status_code == 302, "nobody is in before"
    assert not Session.objects.filter(subject=newcomer).exists()
    answer = client.post("/sign-in/undertaking/", {"version": undertaking.VERSION, "accepted": "on"})

    assert answer["Location"] == "/me/sessions/"
    assert client.get("/me/").status_code == 200
    kept = Undertaking.objects.get(subject=newcomer, version=undertaking.VERSION)
    assert kept.text_digest == undertaking.digest()
    [event] = AuditEvent.objects.filter(name="undertaking.accepted", at=kept.accepted_at)
    assert event.subject_person_id == newcomer.person_id
    shown = client.get("/me/undertaking/").content.decode()
    assert all(duty in shown for duty in undertaking.DUTIES)
    assert Client().post("/sign-in/", {"username": newcomer.username, "password": PASSWORD})["Location"] == "/", "once"


@pytest.mark.parametrize("sent", [{}, {"version": 2}, {"accepted": "on"}, {"version": 99, "accepted": "on"}])
def test_undertaking_not_accepted_lets_nobody_in(newcomer, sent):
    client = at_the_door(newcomer)

    answer = client.post("/sign-in/undertaking/", sent)

    assert answer.status_code == 422
    assert client.get("/me/").status_code == 302
    assert not Undertaking.objects.filter(subject=newcomer, version=undertaking.VERSION).exists()


def test_undertaking_cannot_be_jumped_to():
    client = Client()

    assert client.get("/sign-in/undertaking/")["Location"] == "/sign-in/"
    sent = client.post("/sign-in/undertaking/", {"version": undertaking.VERSION, "accepted": "on"})
    assert sent["Location"] == "/sign-in/"
    assert client.get("/me/undertaking/").status_code == 302


def test_undertaking_page_takes_a_new_session_key(newcomer):
    client = Client()
    client.get("/sign-in/")
    client.post("/sign-in/", {"username": newcomer.username, "password": PASSWORD})
    before = client.cookies["kunjae_session"].value

    client.post("/sign-in/undertaking/", {"version": undertaking.VERSION, "accepted": "on"})

    assert client.cookies["kunjae_session"].value != before


def test_accept_undertaking_a_second_time_changes_nothing(town):
    later = NOW + timedelta(days=1)

    identity.accept_undertaking(actor=actor_of(town.officer), version=undertaking.VERSION, at=later)

    [kept] = Undertaking.objects.filter(subject=town.officer)
    assert kept.accepted_at == NOW
    assert not AuditEvent.objects.filter(at=later).exists()


def test_accept_undertaking_of_other_words_or_for_somebody_else_is_refused(town):
    with pytest.raises(Denied, match="undertaking_changed"):
        identity.accept_undertaking(actor=actor_of(town.officer), version=undertaking.VERSION + 1, at=NOW)
    with pytest.raises(Denied, match="not_permitted"):
        identity.accept_undertaking(actor=TEST, version=undertaking.VERSION, at=NOW)

    assert Undertaking.objects.filter(version=undertaking.VERSION + 1).count() == 0


def test_accept_undertaking_of_a_suspended_account_is_refused(newcomer, town):
    client = at_the_door(newcomer)
    with state_change(actor=actor_of(town.head), at=NOW):
        identity.suspend_subject(actor=actor_of(town.head), subject_id=newcomer.pk, reason="ลา", at=NOW)

    late = client.post("/sign-in/undertaking/", {"version": undertaking.VERSION, "accepted": "on"})
    assert late["Location"] == "/sign-in/?ended=changed_meanwhile"
    assert not Undertaking.objects.filter(subject=newcomer, version=undertaking.VERSION).exists()


def test_the_database_refuses_a_second_acceptance_of_one_version(town):
    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        Undertaking.objects.create(
            subject=town.officer, version=undertaking.VERSION, text_digest=undertaking.digest(), accepted_at=NOW
        )
