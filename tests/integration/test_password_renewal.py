"""A new profile, or a leak, applies to old passwords at their next use: a right one leads to a new one (D2, L-41)."""

import logging
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements.queries import tenure_of
from kunjae.identity import breached, factor_codes, operations, queries
from kunjae.identity.models import (
    BreachedList,
    FactorSource,
    PasswordPolicyEdition,
    SecondFactor,
    Session,
    SignInAttempt,
    Subject,
)
from kunjae.identity.password_profiles import MODERN
from kunjae.identity.proofs import Proved
from kunjae.messaging.models import Message
from kunjae.organisations.models import Desk
from kunjae.revocation import operations as revocation
from kunjae.site import health
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, actor_of
from tests.integration.test_second_factors import a_factor, code_now

pytestmark = pytest.mark.django_db

DOOR, RENEWAL = "/sign-in/", "/sign-in/new-password/"
SHORT = "x7Kp2mQ9"
NEW = "otter-kettle7-violin-harbour"
BESIDE_A_FACTOR = "qx7!vR2m#k"


@pytest.fixture
def short_password():
    """Somebody with a password of eight characters, as the letter asks."""
    factories.the_catalogue()
    authority = factories.a_local_authority()
    return factories.an_account(factories.a_person(), authority, password=SHORT)


def modern_holds() -> PasswordPolicyEdition:
    """Let two persons of the department decide on the profile of the standards, from today on."""
    now = timezone.now()
    first = factories.a_desk_officer(Desk.DEPARTMENT)
    second = factories.a_desk_officer(Desk.DEPARTMENT, given_name="ศิริพร", family_name="วงศ์ทอง")
    proposed = operations.propose_password_policy(
        actor=actor_of(first), code="modern", instrument="บันทึก 77/2569", effective_date=thai_day(now), at=now
    )
    return operations.confirm_password_policy(actor=actor_of(second), public_id=proposed.public_id, at=now)


def enter(client: Client, subject: Subject, password: str):
    return client.post(DOOR, {"username": subject.username, "password": password, "next": "/me/"})


def import_words(tmp_path, settings, *words: str) -> None:
    settings.KUNJAE_DATA = tmp_path
    file = tmp_path / "leaked.txt"
    file.write_text("".join(f"{word}\n" for word in words), encoding="utf-8")
    call_command("import_breached", str(file))


def test_sign_in_with_a_password_too_short_for_the_new_profile_leads_to_a_new_one(short_password):
    modern_holds()
    client = Client(headers={"accept-language": "en"})
    client.cookies["kunjae_language"] = "en"

    answer = enter(client, short_password, SHORT)

    assert (answer.status_code, answer["Location"]) == (303, RENEWAL)
    assert not Session.objects.filter(subject=short_password).exists()
    page = client.get(RENEWAL).content.decode()
    assert "Your password is right, but it does not meet the rules any more" in page
    assert "Use 15 characters or more." in page
    assert SHORT not in page
    # Nothing else is open yet.
    assert client.get("/me/").status_code == 302

    chosen = client.post(RENEWAL, {"new_password": NEW})

    assert (chosen.status_code, chosen["Location"]) == (303, "/me/")
    assert client.get("/me/").status_code == 200
    kept = Subject.objects.get(pk=short_password.pk)
    assert kept.check_password(NEW)
    assert kept.password_policy.code == "modern"
    assert AuditEvent.objects.filter(name="credential.set", facts_json__contains="renewed").count() == 1
    assert Message.objects.filter(to_address=kept.email, kind="password_set").count() >= 2
    assert SignInAttempt.objects.filter(subject=kept, outcome="signed_in").count() == 1


def test_sign_in_with_a_password_that_meets_the_new_profile_is_noted_and_not_judged_again(monkeypatch):
    town = factories.a_town()
    edition = modern_holds()

    assert enter(Client(), town.officer, PASSWORD)["Location"] == "/me/"
    assert Subject.objects.get(pk=town.officer.pk).password_policy == edition
    assert AuditEvent.objects.filter(name="credential.judged").count() == 1

    monkeypatch.setattr(queries, "judge_password", None)
    assert enter(Client(), town.officer, PASSWORD)["Location"] == "/me/"


def test_renewal_refuses_what_the_rules_refuse_and_the_password_itself(short_password):
    modern_holds()
    client = Client()
    client.cookies["kunjae_language"] = "en"
    enter(client, short_password, SHORT)

    short = client.post(RENEWAL, {"new_password": "vG4tLq8Z"})
    empty = client.post(RENEWAL, {"new_password": ""})

    assert short.status_code == empty.status_code == 422
    assert "Use 15 characters or more." in short.content.decode()
    assert "vG4tLq8Z" not in short.content.decode()
    assert Subject.objects.get(pk=short_password.pk).check_password(SHORT)


def test_renewal_is_shut_without_a_right_password(short_password):
    modern_holds()
    client = Client()

    assert client.get(RENEWAL)["Location"] == DOOR
    enter(client, short_password, "wrong-password-7")
    assert client.post(RENEWAL, {"new_password": NEW})["Location"] == DOOR
    assert Subject.objects.get(pk=short_password.pk).check_password(SHORT)


def test_renewal_after_the_password_changed_elsewhere_is_refused(short_password):
    modern_holds()
    slow, quick = Client(), Client()
    for client in (slow, quick):
        client.cookies["kunjae_language"] = "en"
        enter(client, short_password, SHORT)
    assert quick.post(RENEWAL, {"new_password": NEW}).status_code == 303

    late = slow.post(RENEWAL, {"new_password": "lantern-otter8-mango-violin"})

    assert late["Location"] == f"{DOOR}?ended=changed_meanwhile"
    assert "Your account or password changed while you were signing in" in slow.get(late["Location"]).content.decode()
    assert Subject.objects.get(pk=short_password.pk).check_password(NEW)


def test_renewal_of_a_suspended_account_is_refused(short_password):
    modern_holds()
    client = Client()
    enter(client, short_password, SHORT)
    with state_change(actor=TEST, at=NOW) as change:
        Subject.objects.get(pk=short_password.pk).change_to(state="suspended")
        change.record("subject.suspended", short_password, organisation_id=None, username="x", reason="y")

    assert client.post(RENEWAL, {"new_password": NEW})["Location"] == f"{DOOR}?ended=changed_meanwhile"
    with pytest.raises(Denied):
        operations.renew_password(
            actor=TEST, subject_id=short_password.pk, proved=Proved.now(short_password), new=NEW, at=timezone.now()
        )


def test_renewal_takes_a_new_session_key_before_and_after(short_password):
    modern_holds()
    client = Client()
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    keys = [planted.session_key]

    enter(client, short_password, SHORT)
    cookie = next(name for name in client.cookies if "session" in name)
    keys.append(client.cookies[cookie].value)
    client.post(RENEWAL, {"new_password": NEW})
    keys.append(client.cookies[cookie].value)

    assert len(set(keys)) == 3


def test_a_profile_to_come_changes_nothing_yet(short_password):
    with state_change(actor=TEST, at=NOW) as change:
        edition = PasswordPolicyEdition.objects.create(
            code="modern", version=1, source="x", effective_date=date(2999, 1, 1),
            facts_json=__import__("json").dumps(MODERN.as_facts()),
        )  # fmt: skip
        change.record("password_policy.adopted", edition, organisation_id=None, code="modern", version=1)

    assert enter(Client(), short_password, SHORT)["Location"] == "/me/"


# --- Leaks ------------------------------------------------------------------------------------------------------


def test_a_leaked_password_is_refused_when_chosen(tmp_path, settings):
    town = factories.a_town()
    import_words(tmp_path, settings, NEW, "another")

    with pytest.raises(operations.PasswordRefused) as refused:
        operations.change_password(actor=actor_of(town.officer), current=PASSWORD, new=NEW, at=NOW)

    assert refused.value.reasons == ("breached_password",)
    assert AuditEvent.objects.get(name="breached_list.imported").facts["entries"] == 2


def test_a_password_that_leaked_since_leads_to_a_new_one(tmp_path, settings):
    town = factories.a_town()
    import_words(tmp_path, settings, PASSWORD)
    client = Client()
    client.cookies["kunjae_language"] = "en"

    assert enter(client, town.officer, PASSWORD)["Location"] == RENEWAL
    assert "known from a leak of passwords elsewhere" in client.get(RENEWAL).content.decode()
    assert client.post(RENEWAL, {"new_password": PASSWORD}).status_code == 422
    assert client.post(RENEWAL, {"new_password": NEW}).status_code == 303


def test_a_later_list_takes_the_place_of_the_former(tmp_path, settings):
    import_words(tmp_path, settings, "former-list-kettle7")
    import_words(tmp_path, settings, "later-list-kettle7")

    assert not queries.is_breached("former-list-kettle7")
    assert queries.is_breached("later-list-kettle7")
    assert BreachedList.objects.count() == 2


def test_a_list_that_is_lost_stops_nobody_and_fails_the_doctor(tmp_path, settings, caplog):
    town = factories.a_town()
    import_words(tmp_path, settings, PASSWORD)
    breached.path_of(BreachedList.objects.get().digest, tmp_path).unlink()
    breached._loaded.clear()

    with caplog.at_level(logging.ERROR):
        assert enter(Client(), town.officer, PASSWORD)["Location"] == "/me/"

    assert PASSWORD not in caplog.text
    finding = next(one for one in health.examine(at=NOW) if one.check == "breached")
    assert finding.state == health.FAILED


def test_the_doctor_tells_of_the_list(tmp_path, settings):
    assert next(one for one in health.examine(at=NOW) if one.check == "breached").state == health.OK
    import_words(tmp_path, settings, "otter", "kettle")

    assert "2 leaked passwords" in next(one for one in health.examine(at=NOW) if one.check == "breached").sentence


# --- Odd input --------------------------------------------------------------------------------------------------


@pytest.fixture
def changing():
    town = factories.a_town()
    client = factories.sign_in_client(Client(), town.officer)
    client.cookies["kunjae_language"] = "en"
    return client, town.officer


ODD = {
    "a megabyte": ("x" * 1_000_000, "Use no more than 256 characters."),
    "a megabyte of Thai": ("ก" * 100_000, "Use no more than 256 characters."),
    "NUL": ("kite7\x00lantern-river", "Remove the characters that cannot be seen."),
    "200 tone marks": ("\u0e48" * 200, "Add at least one letter, Thai or English."),
    "a lone surrogate's place": ("kite7\ufffdlantern-river", "Remove the characters that cannot be seen."),
    "blanks alone": (" " * 20, "Add at least one letter, Thai or English."),
}


@pytest.mark.parametrize(("typed", "sentence"), ODD.values(), ids=ODD)
def test_odd_password_is_refused_with_a_sentence(changing, typed, sentence):
    client, subject = changing

    answer = client.post("/me/password/", {"current_password": PASSWORD, "new_password": typed})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert typed.strip() == "" or typed not in page
    assert Subject.objects.get(pk=subject.pk).check_password(PASSWORD)


@pytest.mark.parametrize("typed", ["x" * 1_000_000, "a\x00b", "\u0e48" * 200, "\ufffd" * 20], ids=ascii)
def test_odd_password_at_the_door_is_a_wrong_one(changing, typed):
    _client, subject = changing
    stranger = Client()
    stranger.cookies["kunjae_language"] = "en"

    answer = enter(stranger, subject, typed)

    assert answer.status_code == 422
    assert "The user id or the password is not right." in answer.content.decode()


def test_a_password_longer_than_any_is_not_cut_at_the_door():
    factories.the_catalogue()
    # As typed it has four code points for each one that is kept: 256 of them are as long as a password may be.
    kept = ("river-candle7-mango-table " * 10)[:256]
    subject = factories.an_account(factories.a_person(), factories.a_local_authority(), password=kept)

    assert enter(Client(), subject, kept).status_code == 303
    assert enter(Client(), subject, kept + "x" * 800).status_code == 422


def test_both_spellings_of_one_password_open_the_door():
    import unicodedata

    factories.the_catalogue()
    composed = "Ünïque-köttbullar-4-älvar"
    parted = unicodedata.normalize("NFD", composed)
    subject = factories.an_account(factories.a_person(), factories.a_local_authority(), password=parted)

    assert composed != parted
    assert enter(Client(), subject, composed).status_code == 303
    assert enter(Client(), subject, parted).status_code == 303


def test_full_width_digits_are_digits_and_stay_what_they_are():
    factories.the_catalogue()
    subject = factories.an_account(factories.a_person(), factories.a_local_authority(), password="otter７kettle-violin")

    assert enter(Client(), subject, "otter７kettle-violin").status_code == 303
    assert enter(Client(), subject, "otter7kettle-violin").status_code == 422


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_that_sets_a_password_offers_two_passphrases_once(changing, language):
    client, _subject = changing
    client.cookies["kunjae_language"] = language

    pages = [client.get("/me/password/").content.decode() for _ in range(2)]

    offered = [[part.split("</code>")[0].split(">")[-1] for part in page.split('translate="no"')[1:]] for page in pages]
    found = [[text for text in texts if text.count("-") >= 3] for texts in offered]
    assert [len(texts) for texts in found] == [2, 2]
    assert not set(found[0]) & set(found[1])


# --- A password that is long enough only beside a second factor ----------------------------------------------------------


def short_beside_an_app() -> tuple[Subject, str]:
    """Somebody with an app, and under the profile of the standards a password of ten characters; the app's secret."""
    officer = factories.a_town().officer
    modern_holds()
    secret = a_factor(officer)
    operations.change_password(actor=actor_of(officer), current=PASSWORD, new=BESIDE_A_FACTOR, at=timezone.now())
    return Subject.objects.get(pk=officer.pk), secret


def inside(officer: Subject, secret: str) -> Actor:
    """The same, signed in a moment ago by password and app."""
    client = Client()
    enter(client, officer, BESIDE_A_FACTOR)
    assert client.post("/sign-in/second-factor/", {"code": code_now(secret)})["Location"] == "/me/"
    return replace(actor_of(officer), session_id=Session.objects.get(subject=officer, ended_at=None).pk)


def the_owner_removes_it(officer: Subject, secret: str) -> None:
    public_id = SecondFactor.objects.get(subject=officer, ended_at=None).public_id
    operations.remove_factor(actor=inside(officer, secret), public_id=public_id, at=timezone.now())


def the_head_ends_it(officer: Subject, secret: str) -> None:
    head = Subject.objects.get(person=tenure_of(officer.authority_id, at=timezone.now()).person)
    revocation.end_factors(actor=actor_of(head), subject_public_id=officer.public_id, at=timezone.now())


@pytest.mark.parametrize("end", [the_owner_removes_it, the_head_ends_it])
def test_a_password_short_beside_a_factor_is_judged_anew_once_the_factor_is_gone(end):
    officer, secret = short_beside_an_app()
    assert enter(Client(), officer, BESIDE_A_FACTOR)["Location"] == "/sign-in/second-factor/"

    end(officer, secret)
    client = Client()

    assert enter(client, officer, BESIDE_A_FACTOR)["Location"] == RENEWAL
    assert client.get("/me/").status_code == 302


def test_a_new_app_in_place_of_the_old_one_judges_nothing_anew():
    officer, secret = short_beside_an_app()
    actor, at, new = inside(officer, secret), timezone.now(), factor_codes.new_secret()

    operations.bind_app(
        actor=actor, secret=new, code=factor_codes.app_code(new, at=at), source=FactorSource.OWN_PAGE, at=at
    )

    assert Subject.objects.get(pk=officer.pk).password_policy.code == "modern"


def test_a_judgement_beside_a_factor_that_is_gone_meanwhile_is_not_noted():
    officer, secret = short_beside_an_app()
    edition = officer.password_policy
    the_owner_removes_it(officer, secret)

    with pytest.raises(Denied, match="renewal_over"):
        operations.note_policy_met(
            actor=actor_of(officer), subject_id=officer.pk, edition_id=edition.pk, beside_factor=True, at=timezone.now()
        )

    assert Subject.objects.get(pk=officer.pk).password_policy is None
