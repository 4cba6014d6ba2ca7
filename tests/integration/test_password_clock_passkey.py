"""The answer “a passkey instead” to the six-month clock, and that the clock spares nobody the second factor (D3, D5)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.identity import due_passwords
from kunjae.identity import operations as identity
from kunjae.identity.models import FactorEnd, PasswordClockAnswer, SecondFactor, Session, Subject
from kunjae.identity.password_profiles import LETTER_2562_FORCED
from kunjae.identity.proofs import Proved
from kunjae.messaging.models import Message
from tests import factories
from tests.factories import PASSWORD, TEST, actor_of
from tests.integration.test_passkeys import BIND, enter
from tests.integration.test_password_clock import NEW, REASON, TODAY, adopt, answer_later, at_the_door, make_due
from tests.integration.test_second_factors import a_factor, code_now, give, is_in
from tests.passkey_device import Device

pytestmark = pytest.mark.django_db

DUE, PASSKEY = "/sign-in/due-password/", "/sign-in/due-password/passkey/"


@pytest.fixture
def town():
    return factories.a_town()


@pytest.fixture
def due(town) -> Subject:
    """An officer whose sign-in asks today."""
    return make_due(town.officer, thai_day(timezone.now()))


@pytest.fixture
def with_both(town) -> tuple[Subject, str, Device]:
    """An officer with a passkey and an app, whose sign-in asks today."""
    secret, client, device = a_factor(town.officer), Client(), Device(settings.KUNJAE_BASE_URL)
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    give(client, code_now(secret, steps=-1))
    made = device.make(client.get(BIND).context["options"])
    assert client.post(BIND, {"name": "โทรศัพท์", "credential": made}).status_code == 303
    return make_due(town.officer, thai_day(timezone.now())), secret, device


def past_the_factor(subject: Subject, secret: str) -> Client:
    """Come to the question of the clock, having shown the code of the app."""
    client = Client()
    answer = client.post("/sign-in/", {"username": subject.username, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/second-factor/"
    assert give(client, code_now(secret))["Location"] == DUE
    return client


def bind_at_the_door(client: Client, *, device: Device | None = None, **changed: str):
    device = device or Device(settings.KUNJAE_BASE_URL)
    made = device.make(client.get(PASSKEY).context["options"])
    return client.post(PASSKEY, {"name": "โทรศัพท์", "credential": made, **changed})


def kept() -> list[tuple[str, str]]:
    return list(PasswordClockAnswer.objects.values_list("answer", "reason"))


def test_whoever_has_a_passkey_says_so_and_is_not_asked_for_this_password_again(with_both):
    officer, secret, _device = with_both
    client = past_the_factor(officer, secret)
    assert 'value="passkey"' in client.get(DUE).content.decode()

    assert client.post(DUE, {"answer": "passkey"})["Location"] == "/"

    assert is_in(client)
    assert kept() == [("passkey", "")]
    event = AuditEvent.objects.get(name="credential.passkey_chosen")
    assert event.subject_person_id == officer.person_id
    for days in (0, 14, 400):
        assert due_passwords.password_question(officer.pk, on=thai_day(timezone.now()) + timedelta(days=days)) is None
    assert chain.verify().faults == ()


def test_once_the_passkey_is_gone_the_password_is_asked_for_from_the_next_day(with_both):
    officer, secret, _device = with_both
    past_the_factor(officer, secret).post(DUE, {"answer": "passkey"})
    now = timezone.now()
    with state_change(actor=TEST, at=now):
        identity.end_factors_of(actor=TEST, subject=officer, why=FactorEnd.LOST, at=now)

    tomorrow = thai_day(now) + timedelta(days=1)
    assert due_passwords.password_question(officer.pk, on=thai_day(now)) is None
    assert due_passwords.password_question(officer.pk, on=tomorrow).asked_date == tomorrow
    answer_later(officer, at=now + timedelta(days=1))
    assert kept() == [("passkey", ""), ("later", REASON)]


def test_whoever_has_no_factor_binds_a_passkey_at_the_door_and_comes_in(due):
    client = at_the_door(due)
    assert PASSKEY in client.get(DUE).content.decode()
    device = Device(settings.KUNJAE_BASE_URL)

    assert bind_at_the_door(client, device=device)["Location"] == "/me/sessions/"

    assert is_in(client)
    assert kept() == [("passkey", "")]
    assert Session.objects.latest("pk").factor == "passkey"
    assert Message.objects.filter(kind="factor_bound", person=due.person).count() == 1
    again = Client()
    answer = again.post("/sign-in/", {"username": due.username, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/second-factor/", "the password alone opens nothing now"
    client, status = enter(device)
    assert status == 303
    assert is_in(client)


@pytest.mark.parametrize("changed", [{"credential": "{}"}, {"credential": ""}, {"name": ""}])
def test_a_passkey_that_could_not_be_bound_lets_nobody_in(due, changed):
    client = at_the_door(due)

    assert bind_at_the_door(client, **changed).status_code == 422
    assert not is_in(client)
    assert (kept(), SecondFactor.objects.count()) == ([], 0)
    assert bind_at_the_door(client).status_code == 303, "the sign-in still waits"


def test_without_a_passkey_it_is_no_answer(due):
    client = at_the_door(due)

    page = client.post(DUE, {"answer": "passkey"})

    assert page.status_code == 422
    assert not is_in(client)
    with pytest.raises(Denied, match="passkey_missing"):
        identity.use_passkey_instead(actor=actor_of(due), subject_id=due.pk, proved=Proved.now(due), at=timezone.now())
    assert kept() == []


def test_whoever_has_an_app_only_binds_no_passkey_here(town):
    secret = a_factor(town.officer)
    officer = make_due(town.officer, thai_day(timezone.now()))
    client = past_the_factor(officer, secret)
    page = client.get(DUE).content.decode()
    assert PASSKEY not in page
    assert 'value="passkey"' not in page
    assert client.get(PASSKEY)["Location"] == DUE

    other = Client()
    other.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})
    options = other.get("/me/second-factors/passkey/").context["options"]
    made = Device(settings.KUNJAE_BASE_URL).make(options)
    assert client.post(PASSKEY, {"name": "โทรศัพท์", "credential": made}).status_code == 422
    assert not is_in(client)
    assert not SecondFactor.objects.filter(subject=officer, kind="passkey").exists()
    assert client.post(DUE, {"answer": "later", "reason": REASON})["Location"] == "/"


def test_whoever_comes_by_passkey_is_asked_nothing(with_both):
    officer, _secret, device = with_both

    client, status = enter(device)

    assert status == 303
    assert is_in(client)
    assert due_passwords.password_question(officer.pk, on=thai_day(timezone.now())) is not None
    assert kept() == []


def test_the_clock_spares_nobody_the_second_factor(with_both):
    officer, _secret, _device = with_both
    client = Client()
    client.post("/sign-in/", {"username": officer.username, "password": PASSWORD})

    for path, sent in (
        (DUE, {"answer": "change", "new_password": NEW}),
        (DUE, {"answer": "later", "reason": REASON}),
        (DUE, {"answer": "passkey"}),
        (PASSKEY, {"name": "x", "credential": "{}"}),
    ):
        assert client.post(path, sent)["Location"] in ("/sign-in/", DUE)
    assert not is_in(client)
    assert kept() == []


def test_a_profile_that_forces_takes_a_passkey_for_a_change(with_both):
    adopt(from_day=TODAY, **LETTER_2562_FORCED.as_facts())
    officer, secret, _device = with_both
    client = past_the_factor(officer, secret)
    assert 'name="reason"' not in client.get(DUE).content.decode()

    assert client.post(DUE, {"answer": "passkey"})["Location"] == "/"
    assert is_in(client)


def test_a_password_changed_meanwhile_binds_no_passkey(due):
    """Whoever proved the old password alone must not bind his own telephone once the owner has changed it."""
    waiting = at_the_door(due)
    made = Device(settings.KUNJAE_BASE_URL).make(waiting.get(PASSKEY).context["options"])
    identity.change_password(actor=actor_of(due), current=PASSWORD, new=NEW, at=timezone.now())

    late = waiting.post(PASSKEY, {"credential": made, "name": "ของเขา"})

    assert late["Location"] == "/sign-in/?ended=changed_meanwhile"
    assert not is_in(waiting)
    assert (kept(), SecondFactor.objects.count()) == ([], 0)


def test_a_second_answer_binds_no_passkey(due):
    first, second = at_the_door(due), at_the_door(due)
    assert first.post(DUE, {"answer": "later", "reason": REASON}).status_code == 303

    assert bind_at_the_door(second).status_code == 422
    assert not is_in(second)
    assert SecondFactor.objects.count() == 0


def test_a_head_who_binds_a_passkey_here_is_not_asked_for_another_factor(town, settings):
    settings.KUNJAE_SECOND_FACTORS = "required"
    client = at_the_door(make_due(town.head, thai_day(timezone.now())))

    assert bind_at_the_door(client)["Location"] == "/me/sessions/"
    assert is_in(client)


def test_a_head_who_changes_the_password_is_asked_for_a_factor_all_the_same(town, settings):
    settings.KUNJAE_SECOND_FACTORS = "required"
    client = at_the_door(make_due(town.head, thai_day(timezone.now())))

    assert client.post(DUE, {"answer": "change", "new_password": NEW})["Location"] == "/sign-in/enrolment/"
    assert not is_in(client)


def test_nobody_answers_by_a_passkey_for_another(with_both, town):
    officer, _secret, _device = with_both
    with pytest.raises(Denied, match="not_permitted"):
        identity.use_passkey_instead(
            actor=actor_of(town.head),
            subject_id=officer.pk,
            proved=Proved.now(officer),
            at=timezone.now(),
        )


def test_own_account_says_no_day_while_the_passkey_stands_for_it(with_both):
    officer, secret, _device = with_both
    client = past_the_factor(officer, secret)
    client.post(DUE, {"answer": "passkey"})

    assert client.get("/me/").context["password_asked_from"] is None
