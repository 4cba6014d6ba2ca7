"""The accounts of the department's and the provinces' officers: restored and closed on an order, stopped by a colleague."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from kunjae.audit.models import AuditEvent
from kunjae.core.verdict import Denied
from kunjae.identity import factor_codes, throttle
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, FactorSource, SecondFactor, Session, SignInAttempt, Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.messaging.rendering import render
from kunjae.organisations.models import Desk
from kunjae.organisations.queries import posting_of
from kunjae.revocation import operations, policies, watching
from tests import factories
from tests.factories import NOW, PASSWORD, TODAY, actor_of, sign_in_client

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def town():
    return factories.a_town()


@pytest.fixture
def orathai() -> Subject:
    return factories.a_desk_officer()


@pytest.fixture
def siriporn() -> Subject:
    return factories.a_desk_officer(given_name="ศิริพร", family_name="วงศ์ทอง")


@pytest.fixture
def of_province(town) -> Subject:
    return factories.a_desk_officer(Desk.PROVINCE, town.authority.province, given_name="มาลี", family_name="สุขใจ")


def restore(subject: Subject, **changed: str) -> None:
    given = {"user_id": subject.username, "order": "๙๙/๒๕๗๐", "by": "สมชาย ใจดี"}
    call_command("restore_officer", **(given | changed))


def release(subject: Subject, **changed: str) -> None:
    given = {"user_id": subject.username, "order": "๙๙/๒๕๗๐", "by": "สมชาย ใจดี"}
    call_command("release_officer", **(given | changed))


def suspend(actor: Subject, subject: Subject) -> Subject:
    return operations.suspend(actor=actor_of(actor), subject_public_id=subject.public_id, reason="เครื่องหาย", at=LATER)


def resume(actor: Subject, subject: Subject) -> Subject:
    return operations.resume(actor=actor_of(actor), subject_public_id=subject.public_id, at=LATER)


def refused(act, *who: Subject) -> str:
    with pytest.raises(Denied) as denied:
        act(*who)
    return denied.value.reason


def bind_an_app(subject: Subject) -> None:
    secret = factor_codes.new_secret()
    identity.bind_app(
        actor=actor_of(subject),
        secret=secret,
        code=factor_codes.app_code(secret, at=NOW),
        source=FactorSource.FIRST_SIGN_IN,
        at=NOW,
    )


def told_of(what: str) -> list[Message]:
    found = Message.objects.filter(kind="desk_account").order_by("pk")
    return [one for one in found if json.loads(one.facts_json)["what"] == what]


# --- Restored by the operator -----------------------------------------------------------------------------------


def test_restoring_ends_every_way_in_and_sends_two_secrets(orathai, siriporn, capsys):
    factors = SecondFactor.objects.filter(subject=orathai, ended_at=None)
    bind_an_app(orathai)
    assert factors.exists()

    restore(orathai)

    assert not factors.exists()
    assert not Session.objects.filter(subject=orathai, ended_at=None).exists()
    orathai.refresh_from_db()
    assert not orathai.has_usable_password()
    assert Client().post("/sign-in/", {"username": orathai.username, "password": PASSWORD}).status_code == 422
    activation = Activation.objects.get(subject=orathai, used_at=None, ended_at=None)
    assert activation.purpose == Activation.Purpose.REPLACE
    kinds = set(Message.objects.filter(person=orathai.person).values_list("kind", flat=True))
    assert {"activation", "activation_code", "password_revoked"} <= kinds
    assert orathai.username in capsys.readouterr().out
    event = AuditEvent.objects.get(name="desk_officer.restored")
    facts = json.loads(event.facts_json)
    assert (facts["order_number"], facts["restored_by"], event.actor) == (
        "๙๙/๒๕๗๐",
        "สมชาย ใจดี",
        "system:restore-officer",
    )
    [mail] = told_of("restored")
    assert mail.person_id == siriporn.person_id
    text = str(render(mail, at=NOW))
    assert all(said in text for said in (orathai.username, "๙๙/๒๕๗๐", "สมชาย ใจดี", "/department/officers/"))


def test_restored_officer_activates_and_is_asked_to_bind_a_factor_anew(orathai):
    restore(orathai)
    orathai.refresh_from_db()

    assert factories.activate(orathai, at=timezone.now()).state == SubjectState.ACTIVE


def test_restoring_lifts_a_suspension_and_writes_to_the_new_mailbox(orathai, siriporn):
    suspend(siriporn, orathai)
    former = orathai.email

    restore(orathai, email="orathai.new@dla.example.go.th", mobile="0812345678")

    orathai.refresh_from_db()
    assert (orathai.state, orathai.email, orathai.email_confirmed_at) == (
        SubjectState.ACTIVE,
        "orathai.new@dla.example.go.th",
        None,
    )
    link = Message.objects.filter(kind="activation").latest("pk")
    assert link.to_address == "orathai.new@dla.example.go.th"
    assert Message.objects.filter(kind="contact_changed", to_address=former).exists()
    assert {one.person_id for one in told_of("restored")} == {siriporn.person_id}


def test_who_never_activated_gets_a_first_activation_anew(orathai):
    post_given = {
        "desk": "department",
        "name": ["นาง", "นภา", "ทองดี"],
        "position": "นิติกร",
        "order": "๑/๒๕๗๐",
        "user_id": "dla.napa",
        "email": "napa@dla.example.go.th",
        "mobile": "0812345678",
        "by": "สมชาย ใจดี",
    }
    call_command("post_officer", **post_given)
    posted = Subject.objects.get(username="dla.napa")

    restore(posted)

    assert [one.purpose for one in Activation.objects.filter(subject=posted, ended_at=None)] == ["first"]
    assert factories.activate(posted, at=timezone.now()).state == SubjectState.ACTIVE


def test_restoring_an_officer_of_a_province_tells_the_department(of_province, orathai):
    restore(of_province)

    assert {one.person_id for one in told_of("restored")} == {orathai.person_id}


def test_no_account_of_an_authority_is_restored_or_released_by_a_command(town, orathai):
    for whose in (town.officer, town.head):
        for act in (restore, release):
            with pytest.raises(CommandError, match=r"สิ่งที่ส่งมาด้วย 1"):
                act(whose)
        assert Subject.objects.get(pk=whose.pk).has_usable_password()
    assert not AuditEvent.objects.filter(name__startswith="desk_officer.").exists()


@pytest.mark.parametrize(
    "changed", [{"order": " "}, {"by": "\u200b"}, {"user_id": "dla.nobody"}, {"email": "nobody"}, {"mobile": "12"}]
)
def test_what_is_incomplete_restores_nobody(orathai, changed):
    with pytest.raises(CommandError):
        restore(orathai, **changed)
    assert not AuditEvent.objects.filter(name="desk_officer.restored").exists()
    assert Subject.objects.get(pk=orathai.pk).has_usable_password()


def test_a_mailbox_of_somebody_else_restores_nobody(orathai, siriporn):
    with pytest.raises(CommandError):
        restore(orathai, email=siriporn.email)
    assert Subject.objects.get(pk=orathai.pk).has_usable_password()


# --- Released by the operator -----------------------------------------------------------------------------------


def test_releasing_ends_posting_account_and_sessions(orathai, siriporn):
    browser = sign_in_client(Client(), orathai)

    release(orathai)

    orathai.refresh_from_db()
    assert orathai.state == SubjectState.CLOSED
    assert browser.get("/me/").status_code == 302
    assert posting_of(orathai.person_id, on=TODAY + timedelta(days=3650)) is None
    assert json.loads(AuditEvent.objects.get(name="desk_officer.released").facts_json)["order_number"] == "๙๙/๒๕๗๐"
    assert {one.person_id for one in told_of("released")} == {siriporn.person_id}
    for act in (restore, release):
        with pytest.raises(CommandError):
            act(orathai)


def test_whose_posting_has_ended_is_not_restored(orathai):
    posting = posting_of(orathai.person_id, on=TODAY)
    factories.organisations.end_posting(
        actor=factories.TEST, posting_id=posting.pk, until_date=TODAY - timedelta(days=400), at=NOW
    )

    with pytest.raises(CommandError):
        restore(orathai)
    release(orathai)
    assert Subject.objects.get(pk=orathai.pk).state == SubjectState.CLOSED


# --- Stopped by a colleague -------------------------------------------------------------------------------------


def test_a_colleague_suspends_at_once_and_another_takes_it_back(orathai, siriporn, of_province):
    third = factories.a_desk_officer(given_name="วิภาวี", family_name="แสงจันทร์")
    sign_in_client(Client(), orathai)

    suspend(siriporn, orathai)

    assert not Session.objects.filter(subject=orathai, ended_at=None).exists()
    assert {one.person_id for one in told_of("suspended")} == {siriporn.person_id, third.person_id}
    assert refused(resume, siriporn, orathai) == "resumed_by_another"
    assert refused(resume, of_province, orathai) == "not_permitted"
    assert resume(third, orathai).state == SubjectState.ACTIVE
    assert {one.person_id for one in told_of("resumed")} >= {siriporn.person_id, third.person_id}


def test_nobody_suspends_himself_or_somebody_of_his_name(orathai):
    namesake = factories.a_desk_officer()

    assert refused(suspend, orathai, orathai) == "own_desk_account"
    assert refused(suspend, namesake, orathai) == "own_desk_account"


def test_who_bears_the_name_of_the_one_who_suspended_does_not_take_it_back(orathai, siriporn):
    suspend(siriporn, orathai)
    namesake = factories.a_desk_officer(given_name="ศิริพร", family_name="วงศ์ทอง")

    assert refused(resume, namesake, orathai) == "resumed_by_another"


def test_no_province_head_clerk_or_officer_touches_an_account_of_a_desk(town, orathai, of_province):
    clerk = factories.an_account(town.clerk_post.person, town.authority)
    for stranger in (of_province, town.head, town.officer, clerk):
        assert refused(suspend, stranger, orathai) == "not_permitted"
    assert Subject.objects.get(pk=orathai.pk).state == SubjectState.ACTIVE


def test_a_colleague_ends_no_factors_or_sessions_renames_and_closes_nothing(orathai, siriporn):
    actor = actor_of(siriporn)
    acts = policies.acts_on(actor, orathai, at=NOW)

    assert acts.suspend
    assert not any((acts.rename, acts.close, acts.end_sessions, acts.end_factors))
    assert (
        refused(lambda: operations.end_factors(actor=actor, subject_public_id=orathai.public_id, at=NOW))
        == "not_permitted"
    )


# --- On the page ------------------------------------------------------------------------------------------------

PAGE = "/department/officers/"


def test_the_page_lists_colleagues_and_provinces_and_suspends_with_a_reason(orathai, siriporn, of_province, town):
    browser = sign_in_client(Client(), siriporn)
    page = browser.get(PAGE)
    body = page.content.decode()

    assert orathai.username in body
    assert of_province.username in body
    assert town.authority.province.name_th in body
    assert f'value="{siriporn.public_id}"' not in body
    assert town.head.username not in body

    unsaid = browser.post(PAGE, {"account": orathai.public_id, "reason": " "})
    assert unsaid.status_code == 422
    assert Subject.objects.get(pk=orathai.pk).state == SubjectState.ACTIVE

    done = browser.post(PAGE, {"account": orathai.public_id, "reason": "เครื่องหาย"})
    assert (done.status_code, done["Location"]) == (303, f"{PAGE}?done=suspension")
    assert Subject.objects.get(pk=orathai.pk).state == SubjectState.SUSPENDED
    assert "เครื่องหาย" in browser.get(PAGE).content.decode()


@pytest.mark.parametrize("chosen", ["", "nobody", "own", "head"])
def test_the_page_suspends_nobody_who_is_not_on_it(siriporn, orathai, town, chosen):
    browser = sign_in_client(Client(), siriporn)
    account = {"own": siriporn.public_id, "head": town.head.public_id}.get(chosen, chosen)

    answer = browser.post(PAGE, {"account": account, "reason": "ทดสอบ"})

    assert answer.status_code == 422
    assert not Subject.objects.filter(state=SubjectState.SUSPENDED).exists()


def test_the_page_finds_by_name(siriporn, orathai, of_province):
    body = sign_in_client(Client(), siriporn).get(PAGE, {"words": "อรทัย"}).content.decode()

    assert orathai.username in body
    assert of_province.username not in body


def test_another_colleague_puts_it_back_on_its_page(orathai, siriporn):
    suspend(siriporn, orathai)
    third = factories.a_desk_officer(given_name="วิภาวี", family_name="แสงจันทร์")
    url = f"{PAGE}{orathai.public_id}/resumption/"

    assert sign_in_client(Client(), siriporn).get(url).status_code == 403
    browser = sign_in_client(Client(), third)
    assert browser.get(url).status_code == 200
    assert Subject.objects.get(pk=orathai.pk).state == SubjectState.SUSPENDED
    assert browser.post(url)["Location"] == f"{PAGE}?done=resumption"
    assert Subject.objects.get(pk=orathai.pk).state == SubjectState.ACTIVE


def test_to_strangers_the_pages_do_not_exist(town, of_province, orathai):
    for stranger in (town.head, town.officer, of_province):
        browser = sign_in_client(Client(), stranger)
        for url in (PAGE, f"{PAGE}{orathai.public_id}/resumption/"):
            assert browser.get(url).status_code in (403, 404)
            assert browser.post(url, {"account": orathai.public_id, "reason": "ทดสอบ"}).status_code in (403, 404)
    assert Subject.objects.get(pk=orathai.pk).state == SubjectState.ACTIVE


def test_no_account_of_an_authority_comes_back_by_the_desk_s_page(town, siriporn):
    operations.suspend(actor=actor_of(town.head), subject_public_id=town.officer.public_id, reason="ลา", at=LATER)
    browser = sign_in_client(Client(), siriporn)

    assert browser.post(f"{PAGE}{town.officer.public_id}/resumption/").status_code == 404


# --- Told of danger ---------------------------------------------------------------------------------------------


def test_colleagues_hear_when_an_officer_of_a_desk_disowns_a_sign_in(orathai, siriporn, of_province):
    browser = sign_in_client(Client(), orathai)
    assert "แบบที่ 2" not in browser.get("/me/sign-ins/not-me/").content.decode()

    browser.post("/me/sign-ins/not-me/")

    [mail] = told_of("disowned")
    assert mail.person_id == siriporn.person_id
    assert orathai.username in str(render(mail, at=NOW))
    [to_owner] = Message.objects.filter(kind="password_revoked")
    assert "คำสั่ง" in str(render(to_owner, at=NOW))


def test_colleagues_hear_once_a_day_when_somebody_knows_the_password(orathai, siriporn, of_province):
    for number in range(5):
        throttle.note(
            throttle.code_key(orathai),
            f"100.64.0.{number}",
            "",
            SignInAttempt.Outcome.WRONG_CODE,
            subject=orathai,
            at=NOW,
            lane="",
        )

    rounds = [watching.tell_of_wrong_codes(actor=factories.TEST, at=NOW + timedelta(minutes=late)) for late in (1, 6)]

    assert rounds == [1, 0]
    [mail] = told_of("codes_guessed")
    assert mail.person_id == siriporn.person_id
    assert orathai.username in str(render(mail, at=NOW))


def test_an_account_of_an_authority_tells_no_desk_in_this_way(town, orathai):
    sign_in_client(Client(), town.officer).post("/me/sign-ins/not-me/")
    operations.suspend(
        actor=actor_of(town.head), subject_public_id=town.officer.public_id, reason="ลา", at=timezone.now()
    )

    assert not Message.objects.filter(kind="desk_account").exists()
