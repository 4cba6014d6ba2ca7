"""What an attacker tried to get by letter and must not get, each named after its threat (docs/threat-model.md)."""

import ast
import inspect
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import IntegrityError, transaction
from django.test import Client

import kunjae
from kunjae.audit import chain
from kunjae.audit.change import WriteOutsideOperation, state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import Actor, visitor
from kunjae.core.verdict import Denied
from kunjae.entitlements.models import Tenure
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Session, Subject, SubjectState
from kunjae.messaging import delivery
from kunjae.messaging.models import Message, MessageState
from kunjae.messaging.rendering import render
from kunjae.official_letters.models import CallBackOutcome, CaseState, LetterCase, NoticeParty, Objection, ProofChannel
from kunjae.official_letters.operations import deciding, objecting, proving, receiving, verifying
from kunjae.official_letters.operations.issuing import issue_keys
from kunjae.official_letters.queries import hold_ends_at, notices_of
from kunjae.organisations.models import Capacity, Desk, Posting
from kunjae.organisations.operations.contacts import confirm_contact, propose_contact
from tests import factories
from tests.factories import (
    HOLD_OVER,
    NOW,
    RECEIVED_AT,
    TOLD_AT,
    LetterDesk,
    Town,
    a_letter,
    a_letter_in,
    actor_of,
    approve_letter,
    letter_content,
    letter_for_the_head,
    verify_letter,
)

pytestmark = pytest.mark.django_db

SOURCE = Path(kunjae.__file__).parent
ROBOT = "facebookexternalhit/1.1;line-poker/1.0"
FORGED_EMAIL, FORGED_MOBILE = "thanakorn@attacker.example", "0890000666"


@pytest.fixture
def town() -> Town:
    town = factories.a_town_with_contacts()
    factories.an_account(town.clerk_post.person, town.authority)
    return town


@pytest.fixture
def desk() -> LetterDesk:
    return factories.a_letter_desk()


def refused(reason: str, act, *arguments, **named) -> None:
    """Try an act that is refused for one reason."""
    with pytest.raises(Denied) as denied:
        act(*arguments, **named)
    assert denied.value.reason == reason


def nothing_was_issued(town: Town) -> None:
    assert [tenure.until_at for tenure in Tenure.objects.all()] == [None]
    assert Tenure.objects.get().subject == town.head
    assert not LetterCase.objects.filter(state=CaseState.ISSUED).exists()
    assert not Message.objects.filter(
        kind__startswith="activation", to_address__in=[FORGED_EMAIL, FORGED_MOBILE]
    ).exists()


def about(case: LetterCase, officer: Subject, *, at=TOLD_AT) -> dict:
    return {"actor": actor_of(officer), "public_id": case.public_id, "version": case.version, "at": at}


def a_forged_letter(town: Town, desk: LetterDesk, **others: object) -> LetterCase:
    """A perfect forgery: every box right, but e-mail, mobile and contact are the attacker's."""
    content = letter_content(
        email=FORGED_EMAIL, mobile=FORGED_MOBILE, contact_mobile="0890000667", office_phone="0890000668", **others
    )
    return a_letter(town.authority, desk.verifier, content)


# --- T-01: a forged letter ----------------------------------------------------------------------------------------


def test_t01_forged_letter_tells_four_parties_at_addresses_of_record(town, desk):
    case = a_forged_letter(town, desk)

    told = {notice.party: notice.address for notice in notices_of(case)}
    clerk = Subject.objects.get(person=town.clerk_post.person)
    assert told == {
        NoticeParty.CENTRAL: town.authority.central_email,
        NoticeParty.PRESENT_HEAD: town.head.email,
        NoticeParty.CLERK: clerk.email,
        NoticeParty.PROVINCE: "phuket@province.example.go.th",
    }
    assert case.address_is_new


def test_t01_forged_letter_obtains_nothing_before_the_hold_is_over(town, desk):
    case = verify_letter(a_forged_letter(town, desk), desk.verifier)

    for minutes in (1, 60, 23 * 60 + 59):
        refused(
            "letter_hold_runs",
            approve_letter,
            case,
            desk.approver,
            user_id="rawai.x",
            at=TOLD_AT + timedelta(minutes=minutes),
        )

    nothing_was_issued(town)


@pytest.mark.parametrize("party", [party for party in NoticeParty if party != NoticeParty.FORMER])
def test_t01_any_party_freezes_it_at_once(town, desk, party):
    case = a_forged_letter(town, desk)
    secret = factories.objection_secrets(case)[party]
    case = verify_letter(case, desk.verifier)

    objecting.object_by_notice(actor=visitor("objection"), secret=secret, name="", text="ไม่เคยออกหนังสือ", at=HOLD_OVER)

    assert LetterCase.objects.get().state == CaseState.FROZEN
    refused(
        "letter_is_frozen", approve_letter, case, desk.approver, user_id="rawai.x", at=HOLD_OVER + timedelta(days=9)
    )
    nothing_was_issued(town)


def test_t01_the_number_in_the_letter_is_never_called(town, desk):
    case = a_forged_letter(town, desk)
    factories.call_back(case, desk.verifier)

    assert case.calls.get().number == town.authority.phone
    assert "number" not in inspect.signature(verifying.note_call).parameters


def test_t01_authority_that_knows_of_no_letter_ends_it(town, desk):
    case = a_forged_letter(town, desk)
    factories.notices_go_out(case)
    factories.answer_points(case, desk.verifier)
    factories.prove_addresses(case, desk.verifier)
    factories.call_back(case, desk.verifier, CallBackOutcome.DENIED)

    refused("letter_not_verified_yet", verifying.complete_verification, **about(case, desk.verifier))
    nothing_was_issued(town)


def test_t01_one_officer_alone_issues_nothing(town, desk):
    case = verify_letter(a_forged_letter(town, desk), desk.verifier)

    refused("letter_verified_by_you", approve_letter, case, desk.verifier, user_id="rawai.x")
    nothing_was_issued(town)


def test_t01_letter_in_the_name_of_the_present_head_with_another_mailbox_waits(town, desk):
    """The commonest forgery: the same person "cannot get in", only the e-mail is the attacker's."""
    case = a_letter(town.authority, desk.verifier, letter_for_the_head(town, email=FORGED_EMAIL, mobile=FORGED_MOBILE))
    case = verify_letter(case, desk.verifier, person_id=town.head.person_id)

    assert case.address_is_new
    refused("letter_hold_runs", approve_letter, case, desk.approver, at=HOLD_OVER - timedelta(seconds=1))
    assert Message.objects.filter(kind="letter_notice", to_address=town.head.email).exists()


def test_t01_address_confirmed_after_the_receipt_is_not_one_of_record(town, desk):
    """Who holds the head's session changes the mailbox first, then lets the letter find it "on record"."""
    case = a_letter(town.authority, desk.verifier, letter_for_the_head(town, email=FORGED_EMAIL))
    with state_change(actor=actor_of(town.head), at=TOLD_AT):
        identity.change_contact(
            actor=actor_of(town.head),
            subject_id=town.head.pk,
            email=FORGED_EMAIL,
            email_confirmed_at=TOLD_AT,
            mobile=town.head.mobile,
            mobile_confirmed_at=NOW,
            at=TOLD_AT,
        )

    verifying.choose_recipient(person_id=town.head.person_id, **about(case, desk.verifier))

    assert LetterCase.objects.get().address_is_new


def test_t01_hold_that_would_end_while_the_mail_server_is_down_does_not(town, desk, settings):
    settings.KUNJAE_MESSAGE_TRANSPORT = "smtp"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    case = a_forged_letter(town, desk)
    waiting = [notice.message_id for notice in notices_of(case)]
    for hours in (0, 26):
        for message_id in waiting:
            delivery.attempt(message_id, at=RECEIVED_AT + timedelta(hours=hours))
    assert set(Message.objects.filter(pk__in=waiting).values_list("state", flat=True)) == {MessageState.QUEUED}

    assert hold_ends_at(LetterCase.objects.get()) is None
    factories.answer_points(case, desk.verifier)
    factories.prove_addresses(case, desk.verifier)
    factories.call_back(case, desk.verifier)
    refused("letter_not_verified_yet", verifying.complete_verification, **about(case, desk.verifier, at=HOLD_OVER))

    back = RECEIVED_AT + timedelta(hours=30)
    factories.notices_go_out(case, at=back)
    verifying.complete_verification(**about(case, desk.verifier, at=back))
    case = LetterCase.objects.get()
    refused(
        "letter_hold_runs", approve_letter, case, desk.approver, user_id="rawai.head2", at=back + timedelta(hours=23)
    )
    assert approve_letter(case, desk.approver, user_id="rawai.head2", at=back + timedelta(hours=24)).tenure


def test_t01_letter_number_is_used_once(town, desk):
    first = a_letter_in(CaseState.REFUSED, town, desk, number="ภก 52001/1147")

    with pytest.raises(Denied, match="letter_number_is_used") as denied:
        a_letter(town.authority, desk.verifier, number="ที่ ภก ๕๒๐๐๑ / ๑๑๔๗", at=HOLD_OVER)
    assert denied.value.facts["case"] == first.case
    second = a_letter(town.authority, desk.verifier, number="ภก 52001/1148", at=HOLD_OVER)
    by_force(actor_of(desk.verifier), second, letter_number_key=first.letter_number_key)


def test_t01_a_letter_for_one_authority_takes_no_mailbox_of_another_account(town, desk):
    case = a_letter(town.authority, desk.verifier, letter_content(email=town.officer.email.upper()))

    refused("letter_email_is_anothers", verifying.choose_recipient, person_id=None, **about(case, desk.verifier))


# --- T-02, T-03: the activation -----------------------------------------------------------------------------------


def test_t02_whoever_reads_the_mailbox_alone_gets_no_session(town, desk, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: HOLD_OVER)
    case = a_letter_in(CaseState.ISSUED, town, desk)
    secrets = factories.secrets_sent(case.email)

    client.get(f"/activate/link/{secrets['link_secret']}/")
    for _ in range(5):
        assert client.post("/activate/code/", {"second_code": "00000000"}).status_code == 422

    assert not Session.objects.filter(subject=case.subject).exists()
    assert Activation.objects.get(subject=case.subject).ended_at == HOLD_OVER
    assert Subject.objects.get(pk=case.subject_id).state == SubjectState.PENDING


def test_t03_activation_link_fetched_twenty_times_by_robots_then_used_by_a_person(town, desk, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: HOLD_OVER)
    case = a_letter_in(CaseState.ISSUED, town, desk)
    secrets = factories.secrets_sent(case.subject)
    link = f"/activate/link/{secrets['link_secret']}/"
    for number in range(20):
        robot = Client(headers={"User-Agent": ROBOT})
        assert (robot.head if number % 2 else robot.get)(link).status_code == 302
    assert Activation.objects.get(subject=case.subject).tries_count == 0

    client.get(link)
    client.post("/activate/code/", {"second_code": secrets["second_code"]})
    done = client.post("/activate/password/", {"new_password": factories.PASSWORD})

    assert done["Location"] == "/activate/done/"
    assert Subject.objects.get(pk=case.subject_id).state == SubjectState.ACTIVE


@pytest.mark.parametrize("kind", ["proof", "objection"])
def test_t03_links_of_proof_and_objection_do_nothing_when_fetched(town, desk, monkeypatch, kind):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TOLD_AT)
    case = a_letter(town.authority, desk.verifier)
    proving.send_proofs(actor=actor_of(desk.verifier), public_id=case.public_id, at=TOLD_AT)
    if kind == "proof":
        link = f"/letters/confirm/{factories.secrets_sent(case.email)['link_secret']}/"
    else:
        link = f"/letters/objection/{factories.objection_secrets(case)[NoticeParty.CENTRAL]}/"

    before = AuditEvent.objects.count()
    for number in range(20):
        robot = Client(headers={"User-Agent": ROBOT})
        assert (robot.head if number % 2 else robot.get)(link).status_code in {200, 302}

    assert AuditEvent.objects.count() == before
    assert not case.proofs.exclude(proven_at=None).exists()
    assert LetterCase.objects.get().state == CaseState.RECEIVED


# --- T-06, T-07: the desk itself ----------------------------------------------------------------------------------


def test_t06_no_keys_to_the_officers_own_mailbox_or_mobile(town, desk):
    local, _, domain = desk.verifier.email.partition("@")
    for number, addresses in enumerate(({"email": f"{local}+rawai@{domain}"}, {"mobile": desk.verifier.mobile})):
        refused(
            "letter_recipient_is_you",
            a_letter,
            town.authority,
            desk.verifier,
            letter_content(**addresses),
            at=RECEIVED_AT + timedelta(minutes=number),
        )
    case = a_letter(town.authority, desk.verifier, letter_content(mobile=desk.approver.mobile))
    case = verify_letter(case, desk.verifier)

    refused("letter_recipient_is_you", approve_letter, case, desk.approver, user_id="rawai.x")
    nothing_was_issued(town)


def test_t07_acts_in_the_wrong_order_are_refused(town, desk):
    case = a_letter(town.authority, desk.verifier)

    refused("letter_waits_for_verification", approve_letter, case, desk.approver, user_id="rawai.x")
    refused("letter_not_verified_yet", verifying.complete_verification, **about(case, desk.verifier))
    case = verify_letter(case, desk.verifier)
    refused("letter_is_verified", verifying.complete_verification, **about(case, desk.approver))
    case = approve_letter(case, desk.approver, user_id="rawai.head2")
    refused("letter_already_decided", approve_letter, case, desk.third, user_id="rawai.x")
    refused("letter_already_decided", deciding.refuse, note="ช้าไป", **about(case, desk.third))


def test_t07_inner_functions_do_nothing_by_themselves(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    with pytest.raises(WriteOutsideOperation):
        issue_keys(actor=actor_of(desk.approver), case=case, user_id="rawai.x", at=HOLD_OVER)

    nothing_was_issued(town)


def by_force(actor: Actor, case: LetterCase, **values: object) -> None:
    """Write past every policy, as a careless or a bribed function would; the database has the last word."""
    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=actor, at=HOLD_OVER):
        LetterCase.objects.filter(pk=case.pk).update(**values)


def test_t07_the_database_refuses_an_issue_without_another_person(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)
    tenure, approver, verifier = Tenure.objects.get(), desk.approver.person, desk.verifier.person
    issued = {
        "state": CaseState.ISSUED,
        "decided_at": HOLD_OVER,
        "decided_by": approver,
        "tenure": tenure,
        "subject": tenure.subject,
        "recipient": tenure.person,
    }
    who = actor_of(desk.verifier)

    by_force(who, case, **issued | {"decided_by": verifier})
    by_force(who, case, **issued | {"decided_by": None, "decided_at": None})
    by_force(who, case, **issued | {"verified_by": None, "verified_at": None})
    by_force(who, case, **issued | {"tenure": None})
    by_force(who, case, **issued | {"subject": None})
    by_force(who, case, **issued | {"recipient": approver})
    by_force(who, case, **issued | {"recipient": verifier})
    by_force(who, case, scan=None)
    nothing_was_issued(town)


def test_t07_the_database_refuses_a_second_head(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=actor_of(desk.approver), at=HOLD_OVER):
        Tenure.objects.create(
            authority=town.authority,
            person=town.officer.person,
            subject=town.officer,
            capacity=Capacity.SUBSTANTIVE,
            order_number="1",
            from_at=HOLD_OVER,
        )
    assert Tenure.objects.get().person == town.head.person
    assert case.state == CaseState.VERIFIED


def test_t07_only_an_approved_letter_makes_a_head():
    """A tenure is opened in one place of the product; whoever adds another one says so here."""
    callers = set()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
        names = {getattr(call, "attr", getattr(call, "id", "")) for call in calls}
        if "open_tenure" in names:
            callers.add(path.relative_to(SOURCE).as_posix())
        if "issue_keys" in names:
            assert path.name == "deciding.py"

    assert callers - {"site/demo/cast.py"} == {"official_letters/operations/issuing.py"}


def test_t07_no_function_decides_on_many_letters_at_once():
    for act in (deciding.approve, deciding.refuse, deciding.return_for_correction):
        assert inspect.signature(act).parameters["public_id"].annotation in (str, "str")


def _another_row(desk: LetterDesk, *, given_name: str, family_name: str, mobile: str = "") -> Subject:
    """A second person and account for an officer of the desk, as an insider would have them made."""
    person = factories.a_person(given_name, family_name, "นาง")
    with state_change(actor=factories.TEST, at=NOW) as change:
        Posting.objects.create(person=person, desk=Desk.DEPARTMENT, position_th="-", from_date=date(2026, 10, 1))
        change.record("unit.added", organisation_id=None, unit="-")
    account = factories.an_account(person, None)
    if mobile:
        with state_change(actor=factories.TEST, at=NOW):
            identity.change_contact(
                actor=factories.TEST,
                subject_id=account.pk,
                email=account.email,
                email_confirmed_at=NOW,
                mobile=mobile,
                mobile_confirmed_at=NOW,
                at=NOW,
            )
    return Subject.objects.get(pk=account.pk)


def test_t07_the_same_human_in_a_second_account_approves_nothing(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)
    own = desk.verifier.person
    same_name = _another_row(desk, given_name=own.given_name, family_name=own.family_name)
    same_name_written_otherwise = _another_row(desk, given_name=f"นาง{own.given_name}", family_name=own.family_name)
    same_mobile = _another_row(desk, given_name="จันทร์", family_name="เพ็ญดี", mobile=desk.verifier.mobile)

    for second in (same_name, same_name_written_otherwise, same_mobile):
        refused("letter_verified_by_you", approve_letter, case, second, user_id="rawai.x")

    nothing_was_issued(town)


def test_t07_whoever_had_a_hand_in_the_verification_does_not_approve(town, desk):
    case = a_letter(town.authority, desk.verifier)
    factories.notices_go_out(case)
    factories.answer_points(case, desk.verifier)
    factories.prove_addresses(case, desk.verifier)
    factories.call_back(case, desk.third)
    verifying.complete_verification(**about(case, desk.verifier))

    refused("letter_verified_by_you", approve_letter, case, desk.third, user_id="rawai.x")
    assert approve_letter(case, desk.approver, user_id="rawai.head2").state == CaseState.ISSUED


def test_t07_whoever_changed_the_number_of_record_does_not_approve_within_the_week(town, desk):
    proposed = propose_contact(
        actor=actor_of(desk.approver),
        authority=town.authority,
        email=town.authority.central_email,
        phone="076111222",
        source="หนังสือ อปท.",
        at=NOW + timedelta(days=1),
    )
    confirm_contact(actor=actor_of(desk.third), public_id=proposed.public_id, at=NOW + timedelta(days=1))
    case = verify_letter(a_letter(town.authority, desk.verifier), desk.verifier)

    for officer in (desk.approver, desk.third):
        refused("letter_contacts_changed_by_you", approve_letter, case, officer, user_id="rawai.x")

    later = NOW + timedelta(days=8, minutes=1)
    assert approve_letter(case, desk.approver, user_id="rawai.head2", at=later).state == CaseState.ISSUED


def test_t07_signer_and_present_head_at_the_desk_keep_out(town, desk):
    person = desk.approver.person
    content = letter_content(signer_given_name=person.given_name, signer_family_name=person.family_name)
    case = verify_letter(a_letter(town.authority, desk.verifier, content), desk.verifier)
    refused("letter_signer_is_you", approve_letter, case, desk.approver, user_id="rawai.x")

    with state_change(actor=factories.TEST, at=NOW) as change:
        Posting.objects.create(
            person=town.head.person, desk=Desk.DEPARTMENT, position_th="-", from_date=date(2026, 10, 1)
        )
        change.record("unit.added", organisation_id=None, unit="-")
    refused("letter_head_is_you", approve_letter, case, town.head, user_id="rawai.x")


# --- T-10: two at once, and what changed meanwhile -----------------------------------------------------------------


def test_t10_two_approvals_the_second_is_told(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    approve_letter(case, desk.approver, user_id="rawai.head2")

    refused("letter_already_decided", approve_letter, case, desk.third, user_id="rawai.head3")
    assert Tenure.objects.filter(until_at=None).count() == 1
    assert AuditEvent.objects.filter(name="letter.issued").count() == 1


def test_t10_approval_of_a_version_that_changed_after_it_was_shown(town, desk):
    shown = a_letter_in(CaseState.VERIFIED, town, desk)
    receiving.correct(
        actor=actor_of(desk.verifier),
        public_id=shown.public_id,
        content=letter_content(email="other@attacker.example"),
        version=shown.version,
        at=HOLD_OVER,
    )

    refused("letter_changed", approve_letter, shown, desk.approver, user_id="rawai.x")
    changed = LetterCase.objects.get()
    assert (changed.state, changed.version, changed.verified_by) == (CaseState.RECEIVED, 2, None)
    refused("letter_waits_for_verification", approve_letter, changed, desk.approver, user_id="rawai.x")
    nothing_was_issued(town)


def test_t10_a_corrected_address_begins_proofs_notices_and_hold_anew(town, desk):
    shown = a_letter_in(CaseState.VERIFIED, town, desk)
    receiving.correct(
        actor=actor_of(desk.verifier),
        public_id=shown.public_id,
        content=letter_content(email="other@example.go.th"),
        version=1,
        at=HOLD_OVER,
    )

    case = verify_letter(LetterCase.objects.get(), desk.verifier, at=HOLD_OVER)

    assert Message.objects.filter(kind="letter_notice").count() == 8
    refused(
        "letter_hold_runs", approve_letter, case, desk.approver, user_id="rawai.x", at=HOLD_OVER + timedelta(hours=23)
    )


def test_t10_objection_in_the_second_of_the_issue_comes_first(town, desk):
    case = a_letter(town.authority, desk.verifier)
    secret = factories.objection_secrets(case)[NoticeParty.PROVINCE]
    case = verify_letter(case, desk.verifier)

    objecting.object_by_notice(actor=visitor("objection"), secret=secret, name="", text="", at=HOLD_OVER)

    refused("letter_is_frozen", approve_letter, case, desk.approver, user_id="rawai.x", at=HOLD_OVER)
    nothing_was_issued(town)


def test_t10_objection_in_the_second_of_the_issue_comes_second(town, desk):
    case = a_letter(town.authority, desk.verifier)
    secret = factories.objection_secrets(case)[NoticeParty.PROVINCE]
    case = verify_letter(case, desk.verifier)
    case = approve_letter(case, desk.approver, user_id="rawai.head2", at=HOLD_OVER)
    keys = factories.secrets_sent(case.subject)

    objecting.object_by_notice(actor=visitor("objection"), secret=secret, name="", text="", at=HOLD_OVER)

    assert Subject.objects.get(pk=case.subject_id).state == SubjectState.SUSPENDED
    refused(
        "activation_failed",
        identity.prove_activation,
        actor=visitor("activation"),
        link_secret=keys["link_secret"],
        second_code=keys["second_code"],
        at=HOLD_OVER + timedelta(minutes=1),
    )


def test_t10_what_was_verified_before_an_objection_counts_no_more(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)
    objection = objecting.object_by_desk(
        actor=actor_of(desk.approver), public_id=case.public_id, name="ปลัด", text="ขอตรวจสอบก่อน", at=HOLD_OVER
    )
    objecting.resolve(
        actor=actor_of(desk.third), objection_id=objection.pk, upheld=False, resolution="ยืนยันแล้วว่าออกจริง", at=HOLD_OVER
    )

    refused("letter_changed", approve_letter, case, desk.approver, user_id="rawai.x", at=HOLD_OVER + timedelta(days=2))
    assert Objection.objects.get().resolved_by == desk.third.person
    again = LetterCase.objects.get()
    assert (again.version, again.state, again.verified_by) == (2, CaseState.RECEIVED, None)


# --- T-17, T-22, T-28: what is mailed -------------------------------------------------------------------------------


def every_mail_of_a_letter(town: Town, desk: LetterDesk) -> list[Message]:
    case = a_letter_in(
        CaseState.ISSUED, town, desk, letter_content(recipient_family_name="รุ่งเรือง http://evil.example/login")
    )
    second = a_letter(town.authority, desk.verifier, letter_content(email=FORGED_EMAIL), at=HOLD_OVER)
    proving.send_proofs(actor=actor_of(desk.verifier), public_id=second.public_id, at=HOLD_OVER)
    deciding.return_for_correction(note="ดูที่ http://evil.example/login", **about(second, desk.verifier, at=HOLD_OVER))
    assert case.state == CaseState.ISSUED
    return list(Message.objects.filter(organisation=town.authority))


def test_t17_t28_no_mail_of_a_letter_leads_elsewhere_or_asks_for_a_password(town, desk, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for message in every_mail_of_a_letter(town, desk):
        letter = render(message, at=HOLD_OVER)
        links = re.findall(r"https?://[^\s]+", f"{letter.subject} {letter.text}")
        assert all(link.startswith(configured.KUNJAE_BASE_URL) for link in links), letter.text
        assert not re.search(r"(?:รหัสผ่าน|password)\s*[:=]", letter.text, re.IGNORECASE)
        if message.kind.startswith("letter_") and message.channel == "mail":
            assert message.case in letter.subject + letter.text


def test_t22_sixth_code_kills_the_proof(town, desk):
    case = a_letter(town.authority, desk.verifier)
    proving.send_proofs(actor=actor_of(desk.verifier), public_id=case.public_id, at=TOLD_AT)
    right = factories.secrets_sent(case.mobile)["code"]
    wrong = "000000" if right != "000000" else "111111"

    for _ in range(5):
        with pytest.raises(Denied):
            proving.prove_by_code(
                actor=visitor("letter"), channel=ProofChannel.MOBILE, code=wrong, case=case.case, at=TOLD_AT
            )
    with pytest.raises(Denied, match="proof_failed"):
        proving.prove_by_code(
            actor=visitor("letter"), channel=ProofChannel.MOBILE, code=right, case=case.case, at=TOLD_AT
        )

    assert not case.proofs.exclude(proven_at=None).exists()


def test_t22_eleventh_code_of_a_day_is_not_sent(town, desk):
    case = a_letter(town.authority, desk.verifier)
    for number in range(10):
        proving.send_proofs(
            actor=actor_of(desk.verifier),
            public_id=case.public_id,
            channel=ProofChannel.MOBILE,
            at=TOLD_AT + timedelta(minutes=number),
        )

    refused(
        "too_many_codes_to_address",
        proving.send_proofs,
        actor=actor_of(desk.verifier),
        public_id=case.public_id,
        channel=ProofChannel.MOBILE,
        at=TOLD_AT + timedelta(hours=1),
    )


# --- The record -----------------------------------------------------------------------------------------------------


def test_no_event_of_a_letter_holds_a_secret_or_an_address(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)

    said = "".join(AuditEvent.objects.filter(name__startswith="letter").values_list("facts_json", flat=True))
    for hidden in (case.email, case.mobile, case.contact_mobile, *factories.secrets_sent(case.subject).values()):
        assert hidden not in said
    assert chain.verify().faults == ()
