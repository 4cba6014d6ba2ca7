"""
Clause 1(1): สำหรับหัวหน้าหน่วยงานคลัง กรณีไม่สามารถเข้าใช้งานในระบบได้ ให้จัดทำหนังสือราชการแจ้งกรมส่งเสริมการปกครองท้องถิ่น
เพื่อขอรหัสผู้ใช้งานและรหัสผ่านใหม่ ตามสิ่งที่ส่งมาด้วย 1; and attachment 1, its form, with its four reasons.
"""

from datetime import timedelta

import pytest

from kunjae.audit import chain
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system, visitor
from kunjae.core.verdict import Denied
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.entitlements import permissions
from kunjae.entitlements.models import Tenure
from kunjae.entitlements.policies import may
from kunjae.entitlements.queries import tenure_of
from kunjae.identity.models import Activation, Session, Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.official_letters.content import sheet_of
from kunjae.official_letters.models import (
    CaseState,
    LeavingKind,
    LetterCase,
    OtherReason,
    PositionBox,
    ProofChannel,
    SignerCapacity,
)
from kunjae.official_letters.operations import following, verifying
from kunjae.official_letters.policies.preparing import missing_from
from kunjae.official_letters.policies.receiving import is_signed_by_another
from kunjae.organisations.models import Capacity
from kunjae.organisations.queries import signing_title
from tests import factories
from tests.factories import (
    HOLD_OVER,
    RECEIVED_AT,
    TODAY,
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


@pytest.fixture
def town() -> Town:
    return factories.a_town_with_contacts()


@pytest.fixture
def desk() -> LetterDesk:
    return factories.a_letter_desk()


def administers(subject: Subject, town: Town, *, at) -> bool:
    return bool(may(actor_of(subject), permissions.DECIDE_REQUEST, town.authority.pk, at=at))


# --- สาเหตุเนื่องจาก: the four reasons, end to end ----------------------------------------------------------------


def test_reason_1_lost_is_revoked_at_receipt_and_the_same_user_id_comes_back(town, desk):
    """☐ รหัสเดิมสูญหาย (A1-07, D11): revoke first, then issue anew."""
    content = letter_for_the_head(town, is_unusable=False, is_lost=True)
    case = a_letter(town.authority, desk.verifier, content)
    assert Subject.objects.get(pk=town.head.pk).state == SubjectState.SUSPENDED
    assert not administers(town.head, town, at=RECEIVED_AT)

    case = verify_letter(case, desk.verifier, person_id=town.head.person_id)
    case = approve_letter(case, desk.approver)
    head = factories.activate(case.subject, at=HOLD_OVER, password="maprao-wan-mak-59")

    assert head.username == town.head.username
    assert administers(head, town, at=HOLD_OVER)
    assert AuditEvent.objects.filter(name="credential.revoked", subject_person_id=head.person_id).exists()


@pytest.mark.parametrize("kind", list(LeavingKind))
def test_reason_2_another_person_takes_the_place_of_a_head_who_left(town, desk, kind):
    """☐ ผอ.สำนักการคลัง/กองคลัง/หัวหน้าส่วนการคลัง โอน/ย้าย/ลาออก (A1-08)."""
    case = a_letter_in(CaseState.ISSUED, town, desk, letter_content(leaving_kind=kind))
    head = factories.activate(case.subject, at=HOLD_OVER)

    assert administers(head, town, at=HOLD_OVER)
    assert not administers(town.head, town, at=HOLD_OVER)
    assert Subject.objects.get(pk=town.head.pk).state == SubjectState.SUSPENDED
    assert Tenure.objects.filter(until_at=None).count() == 1


def test_reason_3_unusable_takes_nothing_away_before_the_issue(town, desk):
    """☐ รหัสเดิมไม่สามารถเข้าใช้งานได้ (A1-09): not by itself a matter of secrecy."""
    case = a_letter(town.authority, desk.verifier, letter_for_the_head(town))
    assert administers(town.head, town, at=RECEIVED_AT)

    case = verify_letter(case, desk.verifier, person_id=town.head.person_id)
    case = approve_letter(case, desk.approver, at=TOLD_AT)

    assert Activation.objects.get(subject=town.head, used_at=None).purpose == Activation.Purpose.REPLACE
    assert administers(factories.activate(case.subject, at=TOLD_AT), town, at=TOLD_AT)


@pytest.mark.parametrize("other", list(OtherReason))
def test_reason_4_other_says_which(town, desk, other):
    """☐ อื่น ๆ (โปรดระบุ) (A1-10): เกษียณ, เสียชีวิต, พักราชการ/ถูกสั่งให้ออก, อปท. ตั้งใหม่/ยกฐานะ, สงสัยถูกละเมิด."""
    content = letter_content(head_has_left=False, leaving_kind="", other_reason=other, other_text="ตามบันทึกแนบ")
    case = a_letter(town.authority, desk.verifier, content)
    suspended = Subject.objects.get(pk=town.head.pk).state == SubjectState.SUSPENDED
    assert suspended == (other == OtherReason.COMPROMISED)

    case = approve_letter(verify_letter(case, desk.verifier), desk.approver, user_id="rawai.head2")

    assert administers(factories.activate(case.subject, at=HOLD_OVER), town, at=HOLD_OVER)
    assert "ตามบันทึกแนบ" in sheet_of(town.authority, content).other_reason


def test_several_reasons_may_hold_together(town, desk):
    """A1-11: lost, and the head has moved; the stricter one counts at receipt."""
    case = a_letter(town.authority, desk.verifier, letter_content(is_lost=True))

    assert (case.is_lost, case.head_has_left) == (True, True)
    assert Subject.objects.get(pk=town.head.pk).state == SubjectState.SUSPENDED
    case = approve_letter(verify_letter(case, desk.verifier), desk.approver, user_id="rawai.head2")
    assert Subject.objects.get(pk=town.head.pk).state == SubjectState.SUSPENDED
    assert tenure_of(town.authority.pk, at=HOLD_OVER).person == case.recipient


# --- The lines of the form -----------------------------------------------------------------------------------------


def test_a_letter_keeps_both_numbers_and_both_days(town, desk):
    """ที่ … วัน เดือน ปี (A1-01, A1-03), and the department's own receipt (L-11)."""
    case = a_letter(town.authority, desk.verifier, number="ภก 52001/402")

    assert (case.letter_number, case.letter_date, case.letter_year) == ("ภก 52001/402", TODAY, 2569)
    assert (case.received_date.isoformat(), case.case) == ("2026-10-19", "10001/2570")
    with pytest.raises(Denied, match="letter_number_is_used"):
        a_letter_in(CaseState.RECEIVED, town, desk, number="ภก 52001/402")


def test_name_and_place_come_from_the_register(town):
    """ด้วย (ชื่อองค์กรปกครองส่วนท้องถิ่น) อำเภอ… จังหวัด… (A1-02, A1-06)."""
    sheet = sheet_of(town.authority, letter_content())

    assert (sheet.authority_name, sheet.district, sheet.province) == (
        "เทศบาลตำบลราไวย์",
        "อำเภอเมืองภูเก็ต",
        "จังหวัดภูเก็ต",
    )


@pytest.mark.parametrize("box", [PositionBox.BUREAU, PositionBox.DIVISION, PositionBox.UNIT])
def test_the_recipient_holds_one_of_the_posts_of_the_form(town, desk, box):
    """จึงขอให้จัดส่งรหัสผู้ใช้และรหัสผ่าน ให้ … ตำแหน่ง ☐ ☐ ☐ (A1-12, A1-13)."""
    case = a_letter_in(CaseState.ISSUED, town, desk, letter_content(position_box=box))

    title = signing_title(case.recipient_id, town.authority.pk, on=HOLD_OVER.date())
    assert title in {"ผู้อำนวยการสำนักการคลัง", "ผู้อำนวยการกองคลัง", "หัวหน้าหน่วยงานคลัง"}
    assert case.tenure.capacity == Capacity.SUBSTANTIVE


@pytest.mark.parametrize("capacity", [Capacity.ACTING_FOR, Capacity.ACTING_IN])
def test_the_recipient_may_act_and_then_an_order_is_asked_for(town, desk, capacity):
    """☐ ตำแหน่ง … รักษาราชการแทน … (A1-13, A1-19)."""
    content = letter_content(
        position_box=PositionBox.ACTING,
        own_position_th="นักวิชาการเงินและบัญชี",
        acted_post_th="ผู้อำนวยการกองคลัง",
        capacity=capacity,
    )
    assert "order_untold" in missing_from(letter_content(position_box=PositionBox.ACTING, order_number=""))

    case = a_letter_in(CaseState.ISSUED, town, desk, content)

    assert case.tenure.capacity == capacity


def test_keys_go_to_the_address_in_the_letter_only_once_it_is_proven(town, desk):
    """และให้จัดส่งที่ e-mail address … (A1-14); ** หมายเหตุ: e-mail และเบอร์มือถือ … จะต้อง … ใช้งานได้ (A1-18)."""
    case = a_letter(town.authority, desk.verifier)
    factories.notices_go_out(case)
    factories.answer_points(case, desk.verifier)
    factories.call_back(case, desk.verifier)
    with pytest.raises(Denied, match="letter_not_verified_yet"):
        verifying.complete_verification(actor=actor_of(desk.verifier), public_id=case.public_id, version=1, at=TOLD_AT)

    factories.prove_addresses(case, desk.verifier)

    proofs = {proof.channel: proof for proof in case.proofs.filter(ended_at=None)}
    assert {channel: proof.proven_at for channel, proof in proofs.items()} == dict.fromkeys(ProofChannel, TOLD_AT)
    assert proofs[ProofChannel.MOBILE].noted_by == desk.verifier.person
    verifying.complete_verification(actor=actor_of(desk.verifier), public_id=case.public_id, version=1, at=TOLD_AT)
    case = approve_letter(LetterCase.objects.get(), desk.approver, user_id="rawai.head2")
    assert Message.objects.get(kind="activation", case=case.case).to_address == case.email


def test_whom_to_ask_is_another_person_and_the_call_goes_to_the_number_of_record(town, desk):
    """ทั้งนี้ หากมีข้อสงสัยสามารถติดต่อประสานงานกับ … มือถือ … (A1-15)."""
    case = a_letter(town.authority, desk.verifier)
    factories.call_back(case, desk.verifier)

    assert case.contact_name == "นางสาวพิมพ์ใจ สายบุญ"
    assert case.calls.get().number == town.authority.phone != case.contact_mobile


@pytest.mark.parametrize("capacity", list(SignerCapacity))
def test_the_chief_executive_signs_or_who_stands_in_for_him(town, desk, capacity):
    """ขอแสดงความนับถือ ( ) นายก… (A1-16)."""
    content = letter_content(signer_capacity=capacity, signer_basis="คำสั่งที่ 1/2569")

    assert is_signed_by_another(town.authority, content, at=RECEIVED_AT)
    assert a_letter_in(CaseState.ISSUED, town, desk, content).state == CaseState.ISSUED


def test_neither_head_nor_recipient_signs(town):
    """A1-16: never the head of finance himself."""
    head = town.head.person
    by_head = letter_content(signer_given_name=head.given_name, signer_family_name=head.family_name)
    by_recipient = letter_content(signer_given_name="ธนากร", signer_family_name="รุ่งเรืองกิจ")

    assert is_signed_by_another(town.authority, by_head, at=RECEIVED_AT).reason == "letter_signer_is_head"
    assert is_signed_by_another(town.authority, by_recipient, at=RECEIVED_AT).reason == "letter_recipient_is_signer"


# --- What the department answers -----------------------------------------------------------------------------------


def test_the_letter_is_kept_sealed_and_answered_on_paper(town, desk):
    """L-10, L-11: หนังสือราชการ; the scan is sealed, the reply registered, the way from receipt to issue recorded."""
    case = a_letter_in(CaseState.ISSUED, town, desk)

    assert case.scan.content_hash == factories.a_scanned_page().sha256
    assert IssuedDocument.objects.get(kind=DocumentKind.LETTER_REPLY).case == case.case
    names = AuditEvent.objects.filter(case=case.case, name__startswith="letter.").values_list("name", flat=True)
    assert [name for name in names.order_by("sequence") if name in {"letter.received", "letter.verified", "letter.issued"}] == [
        "letter.received",
        "letter.verified",
        "letter.issued",
    ]  # fmt: skip
    assert chain.verify().faults == ()


def test_nobody_at_the_department_knows_the_password(town, desk):
    """ขอรหัสผู้ใช้งานและรหัสผ่านใหม่ (D4): what is sent is a way to set one, by two ways, to one person."""
    case = a_letter_in(CaseState.ISSUED, town, desk)
    assert not Subject.objects.get(pk=case.subject_id).has_usable_password()

    head = factories.activate(case.subject, at=HOLD_OVER)

    assert head.check_password(factories.PASSWORD)
    assert not Session.objects.filter(subject=head).exists()
    assert visitor("activation").name in set(
        AuditEvent.objects.filter(name="credential.set", subject_person_id=head.person_id).values_list(
            "actor", flat=True
        )
    )


def test_all_parties_learn_that_the_keys_are_in_use(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)
    factories.activate(case.subject, at=HOLD_OVER)

    following.follow_up(actor=system("follow-up"), at=HOLD_OVER + timedelta(minutes=5))

    assert Message.objects.filter(kind="letter_activated", case=case.case).count() == 3
