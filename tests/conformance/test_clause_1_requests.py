"""Clause 1: การขอรหัสผู้ใช้งาน (User) สำหรับผู้ปฏิบัติงานระบบบัญชีคอมพิวเตอร์ … and attachment 2, its form."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kunjae.access_requests import operations as form_2
from kunjae.access_requests import queries, sheet
from kunjae.access_requests.models import AccessRequest, CredentialWish, RequestState
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.verdict import Denied
from kunjae.documents.form_2 import groups_granted_unasked, groups_not_granted
from kunjae.entitlements.models import Grant
from kunjae.identity.models import Activation, Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.organisations.models import FinanceHeadTitle
from kunjae.revocation import operations as revocation
from kunjae.revocation.models import ClosureReason
from tests import factories
from tests.factories import NOW, TODAY, Town, actor_of, content, sign_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def town() -> Town:
    return factories.a_town()


def sheet_of(request: AccessRequest):
    current = queries.requests().get(pk=request.pk)
    return sheet.sheet_of(current, queries.groups_of(current))


def words(client: Client, name: str, request: AccessRequest) -> str:
    """What a page about a request says."""
    answer = client.get(reverse(f"access_requests:{name}", args=[request.authority.code, request.public_id]))
    assert answer.status_code == 200
    plain = re.sub(r"</?(?:span|b|small)\b[^>]*>", "", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", plain)))


def test_clause_1_2_new_user_asks_the_head_of_finance(town):
    """(2) สำหรับผู้ใช้งานอื่น กรณีเป็นผู้ใช้งานใหม่ … ให้ยื่นแบบคำขอต่อหัวหน้าหน่วยงานคลัง ตามสิ่งที่ส่งมาด้วย 2 (L-12)."""
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)

    assert Message.objects.get(kind="request_waits").person == town.head.person
    factories.approve(town, request, username="rawai.new")

    opened = Subject.objects.get(username="rawai.new")
    assert (opened.state, opened.person) == (SubjectState.PENDING, request.applicant)
    assert factories.activate(opened).state == SubjectState.ACTIVE


def test_clause_1_2_change_of_rights_goes_the_same_way(town):
    """… หรือมีการเปลี่ยนแปลงสิทธิการใช้งาน … (L-12); a wish to give up groups is written under the duty."""
    adding = factories.a_request(town, groups=("finance_officer",))
    factories.approve(town, adding)
    reducing = form_2.draft(
        actor=actor_of(town.officer),
        authority=town.authority,
        content=form_2.Content(
            "นักวิชาการเงินและบัญชี", TODAY, CredentialWish.NONE, wants_groups=True, duty="ขอลดกลุ่มเจ้าหน้าที่การเงิน"
        ),
        at=NOW,
    )
    form_2.submit(actor=actor_of(town.officer), request_public_id=reducing.public_id, at=NOW)

    assert Grant.objects.get(subject=town.officer).case == adding.case
    assert sheet_of(reducing).part1.duty_text == "ขอลดกลุ่มเจ้าหน้าที่การเงิน"


def test_clause_1_2_who_cannot_get_in_keeps_the_user_id_and_gets_a_new_password(town):
    """… หรือไม่สามารถเข้าใช้งานได้ ให้ยื่นแบบคำขอต่อหัวหน้าหน่วยงานคลัง (L-12, N-01 1.2)."""
    request = factories.a_request(town, wish=CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="ลืมรหัสผ่าน")

    factories.approve(town, request, groups=())

    activation = Activation.objects.get(subject=town.officer, used_at=None)
    assert activation.purpose == Activation.Purpose.REPLACE
    assert Subject.objects.get(person=town.officer.person).username == town.officer.username


def test_clause_1_1_the_head_of_finance_is_sent_to_form_1(town):
    """(1) สำหรับหัวหน้าหน่วยงานคลัง … ให้จัดทำหนังสือราชการแจ้งกรมส่งเสริมการปกครองท้องถิ่น (L-10)."""
    with pytest.raises(Denied, match="head_uses_form_1"):
        form_2.draft(actor=actor_of(town.head), authority=town.authority, content=content(), at=NOW)


def test_clause_1_nobody_decides_on_himself(town):
    """L-13: as a person; the database refuses it too."""
    request = factories.a_request(town)

    with pytest.raises(Denied, match="own_request"):
        form_2.decide(
            actor=actor_of(town.officer),
            request_public_id=request.public_id,
            opinion=form_2.Opinion(version=1, approve=True, group_codes=("finance_officer",)),
            at=NOW,
        )
    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=actor_of(town.officer), at=NOW):
        AccessRequest.objects.filter(pk=request.pk).update(
            state=RequestState.APPROVED, decided_by=request.applicant, decided_at=NOW
        )


@pytest.mark.parametrize("title", list(FinanceHeadTitle))
def test_form_2_is_addressed_to_the_head_by_the_title_of_that_authority(town, title):
    """เรียน ผอ.สำนักการคลัง/ผอ.กองคลัง/หัวหน้าหน่วยงานคลัง (A2-01)."""
    with state_change(actor=factories.TEST, at=NOW) as change:
        town.authority.change_to(finance_head_title=title)
        change.record("unit.added", organisation_id=None, unit="")
    request = factories.a_request(town)

    said = words(sign_in_client(Client(), town.officer), "request", request)
    assert "ส่วนที่ 1 การขอเป็นผู้ใช้งาน" in said
    assert f"เรียน {title.label}" in said
    assert "เทศบาลตำบลราไวย์" in said
    assert "16 ตุลาคม 2569" in said


def test_form_2_names_the_applicant_and_the_position_as_signed(town):
    """ข้าพเจ้า นาย/นาง/นางสาว … ตำแหน่ง … (A2-02, A2-05)."""
    part_1 = sheet_of(factories.a_request(town)).part1

    assert (part_1.applicant_name, part_1.applicant_position) == (
        "นางสาวญาณิศา ภู่ประเสริฐ",
        "นักวิชาการเงินและบัญชีปฏิบัติการ",
    )
    assert (part_1.signature.signed, part_1.signature.at) == ("electronic", NOW)


def test_form_2_takes_both_main_boxes_together(town):
    """ขอรหัสผู้ใช้และ/หรือรหัสผ่าน … และ ขอเพิ่มกลุ่มผู้ใช้งาน เพื่อปฏิบัติหน้าที่ … (A2-03, A2-04)."""
    request = factories.a_request(town, wish=CredentialWish.NEW_USER, groups=("finance_officer",))

    part_1 = sheet_of(request).part1
    assert (part_1.wants_credentials, part_1.is_new_user, part_1.wants_groups) == (True, True, True)
    assert part_1.asked_groups == ("เจ้าหน้าที่การเงิน",)


def test_form_2_opinion_names_the_groups_as_granted_and_the_difference(town):
    """อนุมัติ เห็นควรให้เพิ่มกลุ่มผู้ใช้งาน … (A2-06, A2-07)."""
    request = factories.a_request(town, groups=("finance_officer", "accounting_officer"))
    factories.approve(town, request, groups=("finance_officer", "budget_officer"))

    filled_in = sheet_of(request)
    assert filled_in.opinion.approved
    assert groups_not_granted(filled_in) == ("เจ้าหน้าที่บัญชี",)
    assert groups_granted_unasked(filled_in) == ("เจ้าหน้าที่งบประมาณ",)
    signed = filled_in.opinion.signature
    assert signed.name == "นางสาวปุญญิศา ตั้งพิสุทธิ์กุล"
    assert signed.position == "นักวิชาการเงินและบัญชีชำนาญการ รักษาราชการแทน ผู้อำนวยการกองคลัง"
    assert "ต่างจากที่ขอ" not in words(sign_in_client(Client(), town.officer), "request", request)
    assert "ขอแต่ไม่ได้ให้ เจ้าหน้าที่บัญชี" in words(sign_in_client(Client(), town.officer), "request", request)


def test_form_2_refusal_says_why_and_the_applicant_is_told(town):
    """ไม่อนุมัติ เนื่องจาก… (A2-06)."""
    request = factories.a_request(town)
    form_2.decide(
        actor=actor_of(town.head),
        request_public_id=request.public_id,
        opinion=form_2.Opinion(version=1, approve=False, refusal_reason="ยังไม่มีคำสั่งมอบหมายหน้าที่"),
        at=NOW,
    )

    assert sheet_of(request).opinion.reason == "ยังไม่มีคำสั่งมอบหมายหน้าที่"
    assert Message.objects.get(kind="request_refused").person == town.officer.person


def test_form_2_reaches_its_person_by_proven_mail_and_mobile_and_asks_for_no_citizen_id(town):
    """A2-08; no citizen id (D16)."""
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)

    assert request.email_confirmed_at
    assert request.mobile_confirmed_at
    fields = {field.name for field in AccessRequest._meta.get_fields()}
    assert not {name for name in fields if "citizen" in name or "id_card" in name}


def test_form_2_part_2_stands_on_the_sheet_of_the_account_it_opened(town):
    """ส่วนที่ 2 ใช้เมื่อมีการยกเลิกรหัสผู้ใช้และรหัสผ่าน (A2-09, A2-10)."""
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    factories.approve(town, request, username="rawai.new")
    subject = factories.activate(Subject.objects.get(username="rawai.new"))
    revocation.close_account(
        actor=actor_of(town.head),
        subject_public_id=subject.public_id,
        reason=ClosureReason.MOVED,
        other_text="",
        effective_date=TODAY,
        left_date=date(2026, 10, 15),
        case=request.case,
        at=NOW,
    )

    part_2 = sheet_of(request).part2
    assert (part_2.moved_or_resigned, part_2.effective_date) == (True, TODAY)
    assert "15\u00a0ตุลาคม\u00a02569" in part_2.detail
    assert "ส่วนที่ 2 ใช้เมื่อมีการยกเลิกรหัสผู้ใช้และรหัสผ่าน" in words(sign_in_client(Client(), town.head), "request", request)


def test_explanation_1_all_three_cases_leave_the_same_trail(town):
    """1.1 ผู้ใช้งานใหม่ 1.2 ลืมรหัสผู้ใช้หรือรหัสผ่าน 1.3 เพิ่มสิทธิการใช้งาน (N-01)."""
    new = factories.a_request(town, wish=CredentialWish.NEW_USER)
    forgotten = factories.a_request(town, wish=CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="ลืมรหัสผ่าน")
    factories.approve(town, forgotten, groups=())
    added = factories.a_request(town)

    for request in (new, forgotten, added):
        assert AuditEvent.objects.filter(name="access_request.submitted", case=request.case).count() == 1
    assert [new.case, forgotten.case, added.case] == ["0001/2570", "0002/2570", "0003/2570"]
