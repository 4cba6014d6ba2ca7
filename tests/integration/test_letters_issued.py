"""Form 1 at the desk: the checklist, the approval by another person, the issue and what follows (clause 1(1), L-10)."""

from datetime import date, timedelta

import pytest

from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system, visitor
from kunjae.core.verdict import Denied
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import AccessGroup, Basis, Grant, Tenure
from kunjae.entitlements.queries import tenure_of, tenures_of
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Session, Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.official_letters import papers
from kunjae.official_letters.models import (
    CallBackOutcome,
    CaseState,
    LetterCase,
    Point,
    PositionBox,
    ProofChannel,
)
from kunjae.official_letters.operations import deciding, following, verifying
from kunjae.official_letters.policies import deciding as policies
from kunjae.official_letters.policies.verifying import CALL, NOTICES, checklist
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Appointment, AuthorityEdition, Capacity, Kind, LocalAuthority, Office
from kunjae.organisations.queries import office_holder, signing_title
from kunjae.revocation import operations as revocation
from kunjae.revocation.models import ClosureReason
from tests import factories
from tests.factories import (
    HOLD_OVER,
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

VISITOR = visitor("letter")


@pytest.fixture
def town() -> Town:
    return factories.a_town_with_contacts()


@pytest.fixture
def desk() -> LetterDesk:
    return factories.a_letter_desk()


def sent(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("to_address", flat=True))


def events(name: str) -> int:
    return AuditEvent.objects.filter(name=name).count()


def again(subject: Subject) -> Subject:
    return Subject.objects.get(pk=subject.pk)


def missing(case: LetterCase, *, at=TOLD_AT) -> dict[str, str]:
    """The points of the checklist that are not met, with their reasons."""
    case = LetterCase.objects.select_related("authority", "recipient").get(pk=case.pk)
    return {item.point: item.reason for item in checklist(case, at) if not item.is_met}


def about(case: LetterCase, officer: Subject, *, at=TOLD_AT) -> dict:
    return {"actor": actor_of(officer), "public_id": case.public_id, "version": case.version, "at": at}


# --- Somebody new takes over ------------------------------------------------------------------------------------


def test_approve_opens_one_tenure_and_closes_the_other_in_one_change(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)

    former, present = Tenure.objects.order_by("pk")
    assert (former.until_at, present.from_at, present.until_at) == (HOLD_OVER, HOLD_OVER, None)
    assert tenure_of(town.authority.pk, at=HOLD_OVER) == present == case.tenure
    assert (case.decided_by, case.verified_by) == (desk.approver.person, desk.verifier.person)
    assert (present.capacity, present.order_number, present.person) == (
        Capacity.SUBSTANTIVE,
        "402/2569",
        case.recipient,
    )
    assert events("letter.issued") == events("tenure.closed") == 1
    assert chain.verify().faults == ()


def test_approve_opens_a_pending_account_with_two_secrets_on_two_ways(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk, user_id="rawai.head2")

    subject = Subject.objects.get(username="rawai.head2")
    assert (subject.state, subject.authority, subject.person) == (
        SubjectState.PENDING,
        town.authority,
        case.recipient,
    )
    assert case.recipient.full_name == "นายธนากร รุ่งเรืองกิจ"
    assert subject.email_confirmed_at == subject.mobile_confirmed_at == TOLD_AT
    activation = Activation.objects.get(subject=subject)
    assert (activation.purpose, activation.second_way, activation.case) == ("first", "sms", case.case)
    assert sent("activation") >= {case.email}
    assert sent("activation_code") >= {case.mobile}
    assert factories.activate(subject, at=HOLD_OVER).state == SubjectState.ACTIVE


def test_approve_ends_what_the_former_head_had(town, desk):
    grants = _a_grant_of_the_head(town)
    session = identity.start_session(
        subject=town.head, session_key="k" * 40, address="10.0.0.1", device="", at=RECEIVED_AT
    )

    a_letter_in(CaseState.ISSUED, town, desk)

    former = again(town.head)
    assert former.state == SubjectState.SUSPENDED
    assert former.suspended_by == desk.approver.person
    assert "10001/2570" in former.suspended_reason
    assert Session.objects.get(pk=session.pk).ended_at == HOLD_OVER
    assert not Grant.objects.filter(pk__in=grants, ended_at=None).exists()
    assert not tenures_of(former.person_id, at=HOLD_OVER).exists()
    assert sent("account_suspended") == {town.head.email}


def test_the_new_head_closes_the_former_ones_account_with_part_2(town, desk):
    """Requirements 1.9.1, 4: nobody is silently closed; the new head records part 2."""
    case = a_letter_in(CaseState.ISSUED, town, desk)
    new_head = factories.activate(case.subject, at=HOLD_OVER)

    closure = revocation.close_account(
        actor=actor_of(new_head),
        subject_public_id=town.head.public_id,
        reason=ClosureReason.MOVED,
        other_text="",
        effective_date=date(2026, 10, 20),
        left_date=date(2026, 10, 15),
        case="",
        at=HOLD_OVER + timedelta(hours=1),
    )

    assert again(town.head).state == SubjectState.CLOSED
    assert closure.closer_name == case.recipient.full_name


def test_approve_records_who_holds_the_post(town, desk):
    a_letter_in(CaseState.ISSUED, town, desk)

    post = office_holder(town.authority.pk, Office.HEAD_OF_FINANCE, on=date(2026, 10, 20))
    assert (post.person.full_name, post.position_th) == ("นายธนากร รุ่งเรืองกิจ", "ผู้อำนวยการกองคลัง")
    assert (post.order_number, post.from_date) == ("402/2569", date(2026, 10, 16))
    former = Appointment.objects.get(person=town.head.person, office=Office.HEAD_OF_FINANCE)
    assert former.until_date == date(2026, 10, 15)


def test_approve_of_somebody_acting_records_both_posts(town, desk):
    content = letter_content(
        position_box=PositionBox.ACTING,
        own_position_th="นักวิชาการเงินและบัญชีปฏิบัติการ",
        acted_post_th="ผู้อำนวยการกองคลัง",
        capacity=Capacity.ACTING_FOR,
        order_until_date=date(2027, 3, 31),
    )

    case = a_letter_in(CaseState.ISSUED, town, desk, content)

    assert case.tenure.capacity == Capacity.ACTING_FOR
    title = signing_title(case.recipient_id, town.authority.pk, on=date(2026, 10, 20))
    assert title == "นักวิชาการเงินและบัญชีปฏิบัติการ รักษาราชการแทน ผู้อำนวยการกองคลัง"


def test_approve_ends_an_acting_post_before_its_last_day_and_leaves_a_holder_who_may_come_back(town, desk):
    holder = factories.a_person("กมล", "ดวงดี", "นาย")
    post = factories.a_post(holder, town.authority, "ผู้อำนวยการกองคลัง", Office.HEAD_OF_FINANCE)
    with state_change(actor=factories.TEST, at=factories.NOW) as change:
        acting = Appointment.objects.get(person=town.head.person, office=Office.HEAD_OF_FINANCE)
        acting.change_to(until_date=date(2027, 9, 30))
        change.record("unit.added", organisation_id=town.authority.pk, unit="-")
    content = letter_content(
        position_box=PositionBox.ACTING,
        own_position_th="นักวิชาการคลัง",
        acted_post_th="ผู้อำนวยการกองคลัง",
        capacity=Capacity.ACTING_FOR,
    )

    a_letter_in(CaseState.ISSUED, town, desk, content)

    assert Appointment.objects.get(pk=acting.pk).until_date == date(2026, 10, 15)
    assert Appointment.objects.get(pk=post.pk).until_date is None


def test_approve_tells_all_parties_and_registers_the_reply(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)

    assert sent("letter_issued") == {
        town.authority.central_email,
        town.head.email,
        "phuket@province.example.go.th",
    }
    reply = IssuedDocument.objects.get(kind=DocumentKind.LETTER_REPLY)
    assert (reply.organisation, reply.case, reply.issued_to) == (town.authority, case.case, case.recipient)


def test_approve_of_an_authority_renamed_meanwhile_shows_both_names(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)
    with state_change(actor=factories.TEST, at=TOLD_AT) as change:
        AuthorityEdition.objects.create(
            authority=town.authority,
            code=town.authority.code,
            kind=town.authority.kind,
            name_th="ราไวย์",
            district=town.authority.district,
            from_date=date(2019, 7, 1),
            until_date=date(2026, 10, 20),
            source="register",
        )
        AuthorityEdition.objects.create(
            authority=town.authority,
            code=town.authority.code,
            kind=Kind.TOWN,
            name_th="ราไวย์",
            district=town.authority.district,
            from_date=date(2026, 10, 20),
            source="register",
        )
        LocalAuthority.objects.filter(pk=town.authority.pk).update(kind=Kind.TOWN)
        change.record("unit.added", organisation_id=town.authority.pk, unit="-")

    case = approve_letter(case, desk.approver, user_id="rawai.head2")

    assert case.authority_name_at_issue == "เทศบาลเมืองราไวย์"
    case = LetterCase.objects.select_related("authority__district", "authority__province", "subject").get(pk=case.pk)
    assert papers.reply_of(case).authority_name == "เทศบาลเมืองราไวย์ (เดิม เทศบาลตำบลราไวย์)"
    told = Message.objects.filter(kind="letter_issued").first()
    assert told.facts["authority"] == "เทศบาลเมืองราไวย์ (เดิม เทศบาลตำบลราไวย์)"


def test_first_head_of_a_new_authority(desk):
    factories.the_catalogue()
    authority = factories.contacts_of_record(factories.a_local_authority("ฉลอง", stem="chalong"))
    case = a_letter(authority, desk.verifier, factories.letter_of_a_new_authority())
    case = verify_letter(case, desk.verifier)

    case = approve_letter(case, desk.approver, user_id="chalong001")

    assert Tenure.objects.get().person == case.recipient
    assert events("tenure.closed") == 0
    head = factories.activate(case.subject, at=HOLD_OVER)
    assert [tenure.authority for tenure in tenures_of(head.person_id, at=HOLD_OVER)] == [authority]


def test_approve_without_a_user_id_for_somebody_new_is_refused_and_changes_nothing(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    with pytest.raises(Denied, match="letter_user_id_missing"):
        approve_letter(case, desk.approver, user_id="")
    with pytest.raises(Denied, match="user_id_taken"):
        approve_letter(case, desk.approver, user_id=town.officer.username)

    assert Tenure.objects.get().until_at is None
    assert LetterCase.objects.get().state == CaseState.VERIFIED
    assert again(town.head).state == SubjectState.ACTIVE


# --- The same person, or one who is known -----------------------------------------------------------------------


def test_the_present_head_keeps_user_id_and_groups_and_gets_a_new_password(town, desk):
    grants = _a_grant_of_the_head(town)
    content = letter_for_the_head(town)

    case = a_letter_in(CaseState.ISSUED, town, desk, content, person_id=town.head.person_id)

    head = again(town.head)
    assert case.subject == head
    assert (head.username, head.state, head.has_usable_password()) == (
        town.head.username,
        SubjectState.ACTIVE,
        False,
    )
    assert Activation.objects.get(subject=head, used_at=None).purpose == Activation.Purpose.REPLACE
    assert Grant.objects.filter(pk__in=grants, ended_at=None).count() == len(grants)
    assert not case.address_is_new
    assert Tenure.objects.filter(person=head.person).count() == 2
    assert Appointment.objects.filter(person=head.person, office=Office.HEAD_OF_FINANCE).count() == 1
    assert factories.activate(head, at=HOLD_OVER).has_usable_password()


def test_addresses_on_record_wait_for_nothing(town, desk):
    case = a_letter(town.authority, desk.verifier, letter_for_the_head(town))
    case = verify_letter(case, desk.verifier, person_id=town.head.person_id)

    case = approve_letter(case, desk.approver, at=TOLD_AT + timedelta(minutes=1))

    assert case.state == CaseState.ISSUED


def test_lost_suspends_at_receipt_and_the_issue_puts_back_into_use(town, desk):
    content = letter_for_the_head(town, is_unusable=False, is_lost=True)
    case = a_letter(town.authority, desk.verifier, content)
    assert again(town.head).state == SubjectState.SUSPENDED

    case = verify_letter(case, desk.verifier, person_id=town.head.person_id)
    approve_letter(case, desk.approver)

    head = again(town.head)
    assert (head.state, head.has_usable_password()) == (SubjectState.ACTIVE, False)
    assert factories.activate(head, at=HOLD_OVER).state == SubjectState.ACTIVE


def test_an_account_that_a_person_suspended_is_not_put_back_by_a_letter(town, desk):
    content = letter_for_the_head(town)
    case = a_letter(town.authority, desk.verifier, content)
    case = verify_letter(case, desk.verifier, person_id=town.head.person_id)
    with state_change(actor=actor_of(desk.third), at=TOLD_AT):
        identity.suspend_subject(actor=actor_of(desk.third), subject_id=town.head.pk, reason="ตรวจสอบ", at=TOLD_AT)

    with pytest.raises(Denied, match="letter_recipient_is_suspended"):
        approve_letter(case, desk.approver)


def test_an_officer_of_the_authority_keeps_his_account(town, desk):
    person = town.officer.person
    content = letter_content(
        recipient_title=person.title,
        recipient_given_name=person.given_name,
        recipient_family_name=person.family_name,
        email="yanisa.new@example.go.th",
    )

    case = a_letter_in(CaseState.ISSUED, town, desk, content, person_id=person.pk)

    officer = again(town.officer)
    assert (case.subject, officer.email, officer.mobile) == (officer, "yanisa.new@example.go.th", "0891234567")
    assert sent("contact_changed") == {town.officer.email}
    assert factories.activate(officer, at=HOLD_OVER).state == SubjectState.ACTIVE


def test_the_head_of_another_authority_stays_one_person_with_one_account(town, desk):
    """Requirements 1.9.1, 8: one identity, several tenures."""
    other = factories.a_head_of(
        factories.a_local_authority("กะรน", stem="karon"), given_name="ธีรวุฒิ", family_name="ปู่เจริญ"
    )
    content = letter_content(
        recipient_given_name="ธีรวุฒิ",
        recipient_family_name="ปู่เจริญ",
        email=other.subject.email,
        mobile=other.subject.mobile,
    )

    case = a_letter_in(CaseState.ISSUED, town, desk, content, person_id=other.person_id)

    assert case.subject == other.subject
    assert Subject.objects.filter(person=other.person).count() == 1
    held = tenures_of(other.person_id, at=HOLD_OVER).values_list("authority", flat=True)
    assert set(held) == {other.authority_id, town.authority.pk}


def test_a_letter_of_one_authority_does_not_move_the_keys_of_another(town, desk):
    other = factories.a_head_of(
        factories.a_local_authority("กะรน", stem="karon"), given_name="ธีรวุฒิ", family_name="ปู่เจริญ"
    )
    content = letter_content(recipient_given_name="ธีรวุฒิ", recipient_family_name="ปู่เจริญ")
    case = a_letter(town.authority, desk.verifier, content)

    with pytest.raises(Denied, match="letter_account_of_another_authority"):
        verifying.choose_recipient(person_id=other.person_id, **about(case, desk.verifier))


def test_a_former_head_who_heads_another_authority_too_keeps_the_account(town, desk):
    karon = factories.a_local_authority("กะรน", stem="karon")
    entitlements.open_tenure(
        actor=factories.TEST,
        authority=karon,
        subject=town.head,
        capacity=Capacity.ACTING_FOR,
        order_number="9/2569",
        order_date=None,
        at=factories.NOW,
    )
    grants = _a_grant_of_the_head(town)

    a_letter_in(CaseState.ISSUED, town, desk)

    assert again(town.head).state == SubjectState.ACTIVE
    assert [tenure.authority for tenure in tenures_of(town.head.person_id, at=HOLD_OVER)] == [karon]
    assert not Grant.objects.filter(pk__in=grants, ended_at=None).exists()


def test_a_former_head_who_comes_back_gets_the_same_user_id(town, desk):
    first = a_letter_in(CaseState.ISSUED, town, desk)
    factories.activate(first.subject, at=HOLD_OVER)
    content = letter_for_the_head(town, email="back@example.go.th")
    later = HOLD_OVER + timedelta(days=30)
    case = a_letter(town.authority, desk.verifier, content, at=later)
    case = verify_letter(case, desk.verifier, person_id=town.head.person_id, at=later)

    case = approve_letter(case, desk.approver, at=later + timedelta(hours=25))

    assert case.subject == again(town.head)
    assert again(town.head).state == SubjectState.ACTIVE
    assert again(first.subject).state == SubjectState.SUSPENDED
    assert Tenure.objects.filter(until_at=None).count() == 1


def test_a_mobile_shared_with_the_contact_gets_no_sms(town, desk):
    content = letter_content(contact_mobile="0891234567")

    case = a_letter_in(CaseState.ISSUED, town, desk, content)

    activation = Activation.objects.get(subject=case.subject)
    assert activation.second_way == Activation.SecondWay.SLIP
    assert case.subject.mobile == ""
    assert not sent("activation_code") & {"0891234567"}


def test_a_mobile_of_another_account_gets_no_sms(town, desk):
    content = letter_content(mobile=town.officer.mobile)

    case = a_letter_in(CaseState.ISSUED, town, desk, content)

    assert Activation.objects.get(subject=case.subject).second_way == Activation.SecondWay.SLIP


# --- The checklist ----------------------------------------------------------------------------------------------


def test_checklist_names_every_point_and_what_to_do(town, desk):
    case = a_letter(town.authority, desk.verifier)

    assert missing(case) == {
        Point.AS_PREPARED: "point_as_prepared_open",
        Point.SIGNER: "point_signer_open",
        Point.ORDER: "point_order_open",
        Point.PERSON: "point_person_open",
        CALL: "call_back_open",
        ProofChannel.EMAIL: "email_not_proven",
        ProofChannel.MOBILE: "mobile_not_proven",
        NOTICES: "notices_not_told",
    }
    items = checklist(LetterCase.objects.select_related("authority").get(), TOLD_AT)
    assert all(item.sentence for item in items)


def test_checklist_asks_for_no_order_where_none_is_needed(town, desk):
    content = letter_for_the_head(town, position_box=PositionBox.DIVISION, own_position_th="", acted_post_th="",
                                  capacity=Capacity.SUBSTANTIVE)  # fmt: skip
    case = a_letter(town.authority, desk.verifier, content)

    assert Point.ORDER not in missing(case)
    with pytest.raises(Denied, match="point_needs_no_answer"):
        verifying.note_point(point=Point.ORDER, note="", **about(case, desk.verifier))


@pytest.mark.parametrize("left_out", [*Point, CALL, "proofs", NOTICES])
def test_no_point_can_be_left_out(town, desk, left_out):
    case = a_letter(town.authority, desk.verifier)
    if left_out != NOTICES:
        factories.notices_go_out(case)
    factories.answer_points(case, desk.verifier, without=(left_out,))
    if left_out != "proofs":
        factories.prove_addresses(case, desk.verifier)
    if left_out != CALL:
        factories.call_back(case, desk.verifier)

    with pytest.raises(Denied, match="letter_not_verified_yet"):
        verifying.complete_verification(**about(case, desk.verifier))

    assert LetterCase.objects.get().state == CaseState.RECEIVED


def test_order_that_is_not_attached_is_not_answered_for(town, desk):
    case = a_letter(town.authority, desk.verifier, with_order=False)

    with pytest.raises(Denied, match="order_not_attached"):
        verifying.note_point(point=Point.ORDER, note="", **about(case, desk.verifier))


def test_what_differs_from_the_prepared_letter_needs_a_note(town, desk):
    case = a_letter(town.authority, desk.verifier, prepared_hash="0" * 16)

    with pytest.raises(Denied, match="point_needs_a_note"):
        verifying.note_point(point=Point.AS_PREPARED, note="", **about(case, desk.verifier))
    verifying.note_point(point=Point.AS_PREPARED, note="แก้เบอร์มือถือด้วยลายมือ มีลงชื่อกำกับ", **about(case, desk.verifier))


def test_without_a_number_of_record_nothing_is_verified(town, desk):
    with state_change(actor=factories.TEST, at=factories.NOW) as change:
        LocalAuthority.objects.filter(pk=town.authority.pk).update(phone="")
        change.record("unit.added", organisation_id=town.authority.pk, unit="-")
    case = a_letter(town.authority, desk.verifier)

    assert missing(case)[CALL] == "no_number_of_record"
    with pytest.raises(Denied, match="no_number_of_record"):
        factories.call_back(case, desk.verifier)


def test_a_call_to_a_number_that_was_changed_since_does_not_count(town, desk):
    case = a_letter(town.authority, desk.verifier)
    factories.call_back(case, desk.verifier)
    assert CALL not in missing(case)

    factories.contacts_of_record(town.authority, phone="076999999")

    assert missing(case)[CALL] == "call_back_open"


def test_a_call_that_denies_the_letter_stops_it(town, desk):
    case = a_letter(town.authority, desk.verifier)
    factories.call_back(case, desk.verifier)
    factories.call_back(case, desk.verifier, CallBackOutcome.DENIED, at=TOLD_AT + timedelta(minutes=5))
    factories.call_back(case, desk.verifier, CallBackOutcome.NOT_REACHED, at=TOLD_AT + timedelta(minutes=9))

    assert missing(case)[CALL] == "call_back_denied"


def test_a_call_says_with_whom_and_what(town, desk):
    case = a_letter(town.authority, desk.verifier)

    with pytest.raises(Denied, match="call_says_too_little"):
        verifying.note_call(outcome=CallBackOutcome.CONFIRMED, spoke_with="", said="", **about(case, desk.verifier))


def test_a_point_is_answered_once_in_a_version(town, desk):
    case = a_letter(town.authority, desk.verifier)
    factories.answer_points(case, desk.verifier)

    with pytest.raises(Denied, match="point_is_noted"):
        verifying.note_point(point=Point.SIGNER, note="", **about(case, desk.verifier))
    with pytest.raises(Denied, match="point_is_noted"):
        verifying.choose_recipient(person_id=None, **about(case, desk.approver))


@pytest.mark.parametrize("executive", ["executive_post", "clerk_post"])
def test_an_executive_never_receives_the_keys(town, desk, executive):
    """L-20: the chief executive and the clerk only see reports; a new row under the same name changes nothing."""
    person = getattr(town, executive).person
    content = letter_content(
        recipient_given_name=person.given_name,
        recipient_family_name=person.family_name,
        signer_given_name="สมชาย",
        signer_family_name="รองนายก",
    )
    case = a_letter(town.authority, desk.verifier, content)

    for chosen in (person.pk, None):
        with pytest.raises(Denied, match="letter_recipient_is_executive"):
            verifying.choose_recipient(person_id=chosen, **about(case, desk.verifier))


def test_somebody_else_than_the_letter_names_is_not_chosen(town, desk):
    case = a_letter(town.authority, desk.verifier)

    with pytest.raises(Denied, match="letter_recipient_other_name"):
        verifying.choose_recipient(person_id=town.officer.person_id, **about(case, desk.verifier))


def test_a_person_is_known_by_a_former_name(town, desk):
    person = town.officer.person
    content = letter_content(recipient_given_name=person.given_name, recipient_family_name=person.family_name)
    organisations.rename_person(
        actor=factories.TEST,
        person_id=person.pk,
        title="นาง",
        given_name=person.given_name,
        family_name="ใจกว้าง",
        organisation_id=None,
        at=factories.NOW + timedelta(days=1),
    )
    case = a_letter(town.authority, desk.verifier, content)

    verifying.choose_recipient(person_id=person.pk, **about(case, desk.verifier))

    assert LetterCase.objects.get().recipient == person


def test_somebody_of_a_known_name_is_new_only_if_the_officer_says_so(town, desk):
    person = town.officer.person
    content = letter_content(recipient_given_name=person.given_name, recipient_family_name=person.family_name)
    case = a_letter(town.authority, desk.verifier, content)

    with pytest.raises(Denied, match="letter_recipient_is_known") as denied:
        verifying.choose_recipient(person_id=None, **about(case, desk.verifier))
    assert denied.value.facts["usernames"] == town.officer.username
    verifying.choose_recipient(person_id=None, is_namesake=True, **about(case, desk.verifier))

    assert LetterCase.objects.get().recipient_is_new


def test_a_mailbox_of_another_account_receives_no_keys(town, desk):
    local, _, domain = town.officer.email.partition("@")
    case = a_letter(town.authority, desk.verifier, letter_content(email=f"{local}+head@{domain}"))

    with pytest.raises(Denied, match="letter_email_is_anothers"):
        verifying.choose_recipient(person_id=None, **about(case, desk.verifier))


def test_whoever_sits_at_a_desk_heads_no_authority(town, desk):
    person = desk.third.person
    content = letter_content(recipient_given_name=person.given_name, recipient_family_name=person.family_name)
    case = a_letter(town.authority, desk.verifier, content)

    with pytest.raises(Denied, match="letter_recipient_sits_at_a_desk"):
        verifying.choose_recipient(person_id=person.pk, **about(case, desk.verifier))


def test_only_the_departments_desk_verifies_and_decides(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)
    province = factories.a_desk_officer(
        factories.Desk.PROVINCE, town.authority.province, given_name="ณัฐพล", family_name="ทองอยู่"
    )

    for subject in (province, town.head, town.officer):
        for act in (
            lambda who: verifying.note_point(point=Point.SIGNER, note="", **about(case, who)),
            lambda who: verifying.complete_verification(**about(case, who)),
            lambda who: approve_letter(case, who, user_id="rawai.head2"),
            lambda who: deciding.refuse(note="ไม่จริง", **about(case, who)),
            lambda who: following.reissue(actor=actor_of(who), public_id=case.public_id, at=HOLD_OVER),
            lambda who: following.print_head_slip(actor=actor_of(who), public_id=case.public_id, at=HOLD_OVER),
        ):
            with pytest.raises(Denied, match="only_department_desk"):
                act(subject)


# --- When it can be approved ------------------------------------------------------------------------------------


def test_approve_before_the_hold_is_over_says_until_when(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    verdict = policies.may_approve(actor_of(desk.approver), case, at=HOLD_OVER - timedelta(seconds=1))

    assert verdict.reason == "letter_hold_runs"
    assert "20" in verdict.sentence
    assert policies.may_approve(actor_of(desk.approver), case, at=HOLD_OVER)


def test_approve_outside_the_days_of_the_order_is_refused(town, desk):
    later = letter_content(order_from_date=date(2026, 11, 1))
    case = a_letter_in(CaseState.VERIFIED, town, desk, later)

    assert policies.may_approve(actor_of(desk.approver), case, at=HOLD_OVER).reason == "letter_order_begins_later"
    assert policies.may_approve(actor_of(desk.approver), case, at=HOLD_OVER + timedelta(days=14))


def test_approve_after_the_last_day_of_the_order_is_refused(town, desk):
    content = letter_content(
        position_box=PositionBox.ACTING,
        own_position_th="นักวิชาการคลัง",
        acted_post_th="ผู้อำนวยการกองคลัง",
        capacity=Capacity.ACTING_FOR,
        order_until_date=date(2026, 10, 20),
    )
    case = a_letter_in(CaseState.VERIFIED, town, desk, content)

    assert policies.may_approve(actor_of(desk.approver), case, at=HOLD_OVER)
    assert policies.may_approve(actor_of(desk.approver), case, at=HOLD_OVER + timedelta(days=1)).reason == (
        "letter_order_is_over"
    )


# --- Sent back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "state"), [
    (deciding.return_for_correction, CaseState.RETURNED), (deciding.refuse, CaseState.REFUSED),
])  # fmt: skip
def test_a_letter_goes_back_with_a_reason_and_changes_nothing(town, desk, act, state):
    case = a_letter_in(CaseState.VERIFIED, town, desk)
    with pytest.raises(Denied, match="letter_reason_missing"):
        act(note="", **about(case, desk.verifier))

    act(note="ชื่อผู้รับไม่ตรงกับคำสั่ง", **about(case, desk.verifier))

    case.refresh_from_db()
    assert (case.state, case.decision_note) == (state, "ชื่อผู้รับไม่ตรงกับคำสั่ง")
    assert sent(f"letter_{state}") == {case.email, town.authority.central_email}
    assert IssuedDocument.objects.filter(kind=DocumentKind.LETTER_REPLY).count() == 1
    assert again(town.head).state == SubjectState.ACTIVE
    assert Tenure.objects.get().until_at is None
    with pytest.raises(Denied, match="letter_already_decided"):
        act(note="อีกครั้ง", **about(case, desk.third))


def test_an_address_that_was_not_proven_is_told_nothing(town, desk):
    a_letter_in(CaseState.REFUSED, town, desk)

    assert sent("letter_refused") == {town.authority.central_email}


def test_a_returned_letter_may_come_again_under_its_number(town, desk):
    a_letter_in(CaseState.RETURNED, town, desk, number="ภก 52001/77")

    again_ = a_letter(town.authority, desk.verifier, number="ภก 52001/77", at=HOLD_OVER)

    assert again_.state == CaseState.RECEIVED


# --- After the issue --------------------------------------------------------------------------------------------


def test_reissue_kills_the_older_link(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)
    older = factories.secrets_sent(case.subject)
    later = HOLD_OVER + timedelta(hours=2)

    following.reissue(actor=actor_of(desk.verifier), public_id=case.public_id, at=later)

    with pytest.raises(Denied, match="activation_failed"):
        identity.prove_activation(
            actor=VISITOR, link_secret=older["link_secret"], second_code=older["second_code"], at=later
        )
    assert factories.activate(case.subject, at=later).state == SubjectState.ACTIVE


def test_reissue_after_the_password_was_set_is_refused(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)
    factories.activate(case.subject, at=HOLD_OVER)

    for act in (following.reissue, following.print_head_slip):
        with pytest.raises(Denied, match="letter_is_activated"):
            act(actor=actor_of(desk.verifier), public_id=case.public_id, at=HOLD_OVER)


@pytest.mark.parametrize("state", [CaseState.RECEIVED, CaseState.VERIFIED, CaseState.REFUSED])
def test_nothing_is_sent_anew_for_a_letter_that_issued_nothing(town, desk, state):
    case = a_letter_in(state, town, desk)

    with pytest.raises(Denied, match="letter_not_issued"):
        following.reissue(actor=actor_of(desk.verifier), public_id=case.public_id, at=HOLD_OVER)


def test_slip_alone_opens_nothing_and_with_the_link_it_does(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk, letter_content(contact_mobile="0891234567"))
    link = factories.secrets_sent(case.email)["link_secret"]

    slip = following.print_head_slip(actor=actor_of(desk.third), public_id=case.public_id, at=HOLD_OVER)

    assert (len(slip.code), slip.subject, slip.ends_at) == (8, case.subject, HOLD_OVER + timedelta(hours=72))
    paper = IssuedDocument.objects.get(kind=DocumentKind.ACTIVATION_SLIP)
    assert paper.issued_to == case.recipient
    assert slip.code not in "".join(AuditEvent.objects.values_list("facts_json", flat=True))
    with pytest.raises(Denied, match="activation_failed"):
        identity.prove_activation(
            actor=VISITOR, username=case.subject.username, case=case.case, second_code=slip.code, at=HOLD_OVER
        )
    assert identity.prove_activation(actor=VISITOR, link_secret=link, second_code=slip.code, at=HOLD_OVER)


def test_follow_up_announces_the_activation_to_all_parties_once(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)
    worker = system("follow-up")
    assert following.follow_up(actor=worker, at=HOLD_OVER) == 0
    factories.activate(case.subject, at=HOLD_OVER)

    assert following.follow_up(actor=worker, at=HOLD_OVER + timedelta(minutes=1)) == 1
    assert following.follow_up(actor=worker, at=HOLD_OVER + timedelta(minutes=2)) == 0

    assert sent("letter_activated") == {
        town.authority.central_email,
        town.head.email,
        "phuket@province.example.go.th",
    }
    assert Message.objects.filter(kind="letter_activated").count() == 3
    assert LetterCase.objects.get().activation_told_at == HOLD_OVER + timedelta(minutes=1)


def _a_grant_of_the_head(town: Town) -> list[int]:
    """Put the head into a group, as an earlier head did when he was an officer."""
    with state_change(actor=factories.TEST, at=factories.NOW) as change:
        given = Grant.objects.create(
            public_id="bcdfghjkmnp2",
            subject=town.head,
            person=town.head.person,
            authority=town.authority,
            group=AccessGroup.objects.get(code="finance_officer"),
            basis=Basis.POSITION,
            from_date=factories.TODAY,
            granted_at=factories.NOW,
        )
        change.record("unit.added", organisation_id=town.authority.pk, unit="-")
    return [given.pk]
