"""
A sign-in on its way is worth what it has proved, as long as that holds (T-18): each test is an attack by who knows the
password, while its owner, alarmed, revokes it, sets another, or binds a second factor.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.core.clock import thai_day
from kunjae.identity import factor_codes, queries, sign_in, undertaking
from kunjae.identity import operations as identity
from kunjae.identity.models import FactorEnd, SecondFactor, Session, Subject
from kunjae.identity.views.second_factor import PENDING
from kunjae.revocation import operations as revocation
from tests import factories
from tests.factories import PASSWORD, TEST, actor_of, sign_in_client
from tests.hashing import CountedArgon2id
from tests.integration.test_passkeys import a_passkey, enter
from tests.integration.test_password_clock import REASON, make_due
from tests.integration.test_second_factors import a_factor, code_now

pytestmark = pytest.mark.django_db

OWNERS, THIEFS = "tonkla-nam-jai-93-rim", "kradan-dam-tua-yai-93"
DUE, RENEWAL = "/sign-in/due-password/", "/sign-in/new-password/"
ENROLMENT, UNDERTAKING = "/sign-in/enrolment/", "/sign-in/undertaking/"


@pytest.fixture
def town():
    return factories.a_town()


@pytest.fixture
def leaked(monkeypatch):
    """The password of the factories is in the list of leaked ones."""
    monkeypatch.setattr(queries, "is_leaked", lambda password, _digest: password == PASSWORD)


def at_the_door(subject: Subject, waits_at: str, *, client: Client | None = None) -> Client:
    """Show the password, and wait where the sign-in then asks something."""
    client = client or Client()
    answer = client.post("/sign-in/", {"username": subject.username, "password": PASSWORD})
    assert answer["Location"] == waits_at
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def opens(subject: Subject, password: str) -> bool:
    return Subject.objects.get(pk=subject.pk).check_password(password)


def revoke(subject: Subject) -> None:
    """Make the password invalid, as whoever reports it lost does."""
    with state_change(actor=TEST, at=timezone.now()):
        identity.revoke_password(actor=TEST, subject_id=subject.pk, why="may_be_known", case="", at=timezone.now())


def change(subject: Subject) -> None:
    identity.change_password(actor=actor_of(subject), current=PASSWORD, new=OWNERS, at=timezone.now())


def disown(subject: Subject) -> None:
    revocation.disown_use(actor=actor_of(subject), at=timezone.now())


def secret_shown(client: Client) -> str:
    """The secret of the app that the enrolment page offers."""
    assert client.get(ENROLMENT).status_code == 200
    return factor_codes.unseal(client.session[PENDING])


# --- The password is another ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("meanwhile", [revoke, change, disown])
def test_a_password_that_is_another_sets_no_new_one_by_renewal(town, leaked, meanwhile):
    thief = at_the_door(town.officer, RENEWAL)
    meanwhile(town.officer)

    answer = thief.post(RENEWAL, {"new_password": THIEFS})

    assert answer["Location"] == "/sign-in/?ended=changed_meanwhile"
    assert not opens(town.officer, THIEFS)
    assert not is_in(thief)


@pytest.mark.parametrize("meanwhile", [revoke, change, disown])
@pytest.mark.parametrize("sent", [{"answer": "change", "new_password": THIEFS}, {"answer": "later", "reason": REASON}])
def test_a_password_that_is_another_answers_no_clock(town, meanwhile, sent):
    make_due(town.officer, thai_day(timezone.now()))
    thief = at_the_door(town.officer, DUE)
    meanwhile(town.officer)

    thief.post(DUE, sent)

    assert not opens(town.officer, THIEFS)
    assert not is_in(thief)


@pytest.mark.parametrize("meanwhile", [revoke, change])
def test_a_password_that_is_another_binds_no_app(town, required, meanwhile):
    thief = at_the_door(town.head, ENROLMENT)
    secret = secret_shown(thief)
    meanwhile(town.head)

    thief.post(ENROLMENT, {"code": code_now(secret)})

    assert not SecondFactor.objects.filter(subject=town.head).exists()


@pytest.mark.parametrize("meanwhile", [revoke, change])
def test_a_password_that_is_another_accepts_no_duties(town, meanwhile):
    newcomer = factories.an_account(factories.a_person("กานดา", "มีสุข"), town.authority, undertakes=False)
    thief = at_the_door(newcomer, UNDERTAKING)
    meanwhile(newcomer)

    thief.post(UNDERTAKING, {"version": undertaking.VERSION, "accepted": "on"})

    assert not queries.undertakings_of(newcomer.pk).exists()
    assert not is_in(thief)


def test_a_sign_in_that_waits_for_nothing_ends_too_if_the_password_is_revoked_while_it_is_judged(town, monkeypatch):
    judge = sign_in._faults_of

    def meanwhile(comer, subject, typed, **about):
        revoke(subject)
        return judge(comer, subject, typed, **about)

    monkeypatch.setattr(sign_in, "_faults_of", meanwhile)
    thief = at_the_door(town.officer, "/sign-in/?ended=changed_meanwhile")

    assert not is_in(thief)
    assert not Session.objects.filter(subject=town.officer).exists()


def test_a_revoked_password_does_not_come_back_by_being_hashed_anew(town, monkeypatch):
    upgrade = identity.upgrade_hash
    monkeypatch.setattr(CountedArgon2id, "must_update", lambda _self, _encoded: True)

    def meanwhile(**about):
        revoke(town.officer)
        return upgrade(**about)

    monkeypatch.setattr(sign_in.operations, "upgrade_hash", meanwhile)
    thief = Client()
    answer = thief.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})

    assert answer.status_code == 422
    assert not opens(town.officer, PASSWORD)
    assert not is_in(thief)


# --- The second factor is another -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [{"answer": "change", "new_password": THIEFS}, {"answer": "later", "reason": REASON}])
def test_a_factor_bound_meanwhile_is_not_gone_round(town, sent):
    make_due(town.officer, thai_day(timezone.now()))
    thief = at_the_door(town.officer, DUE)
    a_factor(town.officer, at=timezone.now())

    thief.post(DUE, sent)

    assert not opens(town.officer, THIEFS)
    assert not is_in(thief)


def test_a_factor_bound_by_the_owner_meanwhile_draws_the_thief_no_recovery_codes(town, required):
    thief = at_the_door(town.head, ENROLMENT)
    secret_shown(thief)
    a_factor(town.head, at=timezone.now())

    for sent in ({}, {"act": "go_on"}):
        answer = thief.post(ENROLMENT, sent)
        assert answer["Location"].startswith("/sign-in/")
    assert SecondFactor.objects.filter(subject=town.head).count() == 1
    assert not is_in(thief)


def test_a_passkey_that_was_ended_meanwhile_lets_nobody_in(town, monkeypatch):
    device = a_passkey(town.officer)
    monkeypatch.setattr(undertaking, "VERSION", undertaking.VERSION + 1)
    client, status = enter(device)
    assert (status, client.get(UNDERTAKING).status_code) == (303, 200)
    with state_change(actor=TEST, at=timezone.now()):
        identity.end_factors_of(actor=TEST, subject=town.officer, why=FactorEnd.LOST, at=timezone.now())

    client.post(UNDERTAKING, {"version": undertaking.VERSION, "accepted": "on"})

    assert not is_in(client)


# --- One browser, two persons ---------------------------------------------------------------------------------------


def test_an_app_that_was_offered_to_one_is_not_offered_to_the_next(town, required):
    browser = at_the_door(factories.a_desk_officer(), ENROLMENT)
    photographed = secret_shown(browser)

    at_the_door(town.head, ENROLMENT, client=browser)

    assert secret_shown(browser) != photographed


def test_a_factor_that_one_has_bound_lets_the_next_not_in(town, required):
    browser = at_the_door(factories.a_desk_officer(), ENROLMENT)
    assert browser.post(ENROLMENT, {"code": code_now(secret_shown(browser))}).status_code == 303
    at_the_door(town.head, ENROLMENT, client=browser)

    browser.post(ENROLMENT, {"act": "go_on"})

    assert not is_in(browser)
    assert not Session.objects.filter(subject=town.head).exists()


def test_whoever_signs_in_where_another_still_is_ends_that_and_comes_in(town):
    secret = a_factor(town.head, at=timezone.now() - timedelta(hours=1))
    browser = sign_in_client(Client(), town.officer)

    at_the_door(town.head, "/sign-in/second-factor/", client=browser)
    assert not Session.objects.filter(subject=town.officer, ended_at=None).exists()
    assert browser.post("/sign-in/second-factor/", {"code": code_now(secret)})["Location"] == "/"

    assert browser.get("/me/").context["request"].actor.subject_id == town.head.pk
