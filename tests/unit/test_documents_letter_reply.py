"""The department's reply on paper: issued, returned or refused, on one A4."""

from dataclasses import replace
from datetime import date

import pytest

from kunjae.documents import official_wording as wording
from kunjae.documents.letter_reply import ReplySheet, content_hash, render_letter_reply
from kunjae.documents.sheets import Signature
from tests.unit.documents_text import bottom_of, pages_of, plain


def a_reply(**facts) -> ReplySheet:
    return ReplySheet(
        **{
            "outcome": "issued",
            "authority_name": "เทศบาลตำบลราไวย์",
            "district": "อำเภอเมืองภูเก็ต",
            "province": "จังหวัดภูเก็ต",
            "addressee": "นายกเทศมนตรีตำบลราไวย์",
            "letter_number": "ภก 52301/123",
            "letter_date": date(2026, 10, 12),
            "received_number": "4521",
            "received_date": date(2026, 10, 14),
            "case_number": "0012/2570",
            "recipient_name": "นางสาวปุญญิศา ตั้งพิสุทธิ์กุล",
            "recipient_position": "รักษาราชการแทนผู้อำนวยการกองคลัง",
            "user_id": "rawai003",
            "numerals": "arabic",
            "verification_base": "https://kunjae.example.go.th/verify",
            "verification_code": "4829137756",
            **facts,
        }
    )


def test_render_letter_reply_of_an_issue_names_letter_recipient_and_user_id_but_no_password():
    (page,) = pages_of(render_letter_reply(a_reply()))

    for words in (
        wording.DEPARTMENT,
        wording.DEPARTMENT_ADDRESS,
        "เรียน นายกเทศมนตรีตำบลราไวย์",
        "อ้างถึง หนังสือเทศบาลตำบลราไวย์ ที่ ภก 52301/123 ลงวันที่ 12 ตุลาคม 2569",
        "ให้ นางสาวปุญญิศา ตั้งพิสุทธิ์กุล รักษาราชการแทนผู้อำนวยการกองคลัง นั้น",
        "เปิดรหัสผู้ใช้ rawai003",
        "ไม่มีผู้ใดทราบรหัสผ่านนั้น",
        "มิได้ขอตามหนังสือข้างต้น",
        wording.FORM_1_RESPECT,
        "เลขรับ 4521 ลงวันที่ 14 ตุลาคม 2569",
        "เลขที่เรื่อง 0012/2570",
    ):
        assert plain(words) in page


@pytest.mark.parametrize(
    ("outcome", "words"), [("returned", "ขอส่งคืนหนังสือดังกล่าวเพื่อแก้ไข"), ("refused", "ไม่อาจจัดส่งรหัสผู้ใช้และรหัสผ่าน")]
)
def test_render_letter_reply_that_gives_nothing_says_why_and_names_no_user_id(outcome, words):
    reason = "หนังสือไม่มีสำเนาคำสั่งแต่งตั้ง"

    (page,) = pages_of(render_letter_reply(a_reply(outcome=outcome, reason=reason)))

    assert plain(words) in page
    assert plain(f"เนื่องจาก {reason}") in page
    assert "rawai003" not in page


def test_render_letter_reply_leaves_number_day_name_and_emblem_to_the_department():
    pdf = render_letter_reply(a_reply())
    (page,) = pages_of(pdf)

    assert bottom_of("กรมส่งเสริม", pdf) < 297 - 15 - 30
    assert "0808.4" not in page
    assert "อธิบดี" not in page
    assert "()" in page


def test_render_letter_reply_prints_who_signed_once_that_is_known():
    signed = a_reply(
        reply_number="มท 0808.4/77",
        reply_date=date(2026, 10, 15),
        signature=Signature(name="นางอรทัย ใจดี", position="ผู้อำนวยการส่วน", signed="paper"),
    )

    (page,) = pages_of(render_letter_reply(signed))

    assert plain("ที่ มท 0808.4/77") in page
    assert plain("15 ตุลาคม 2569") in page
    assert plain("(นางอรทัย ใจดี)") in page
    assert content_hash(signed) == content_hash(a_reply())


def test_render_letter_reply_with_the_longest_reason_keeps_one_page():
    reason = ("หนังสือไม่มีสำเนาคำสั่งแต่งตั้งผู้รักษาราชการแทนที่กู้ชื่อไว้ " * 12)[:500]

    (page,) = pages_of(render_letter_reply(a_reply(outcome="returned", reason=reason)))

    assert plain(reason) in page


def test_render_letter_reply_yields_the_same_bytes_for_the_same_reply():
    assert render_letter_reply(a_reply()) == render_letter_reply(replace(a_reply()))


@pytest.mark.parametrize(
    "change", [{"outcome": "refused"}, {"reason": "อื่น"}, {"user_id": "rawai004"}, {"case_number": "1"}]
)
def test_content_hash_of_a_reply_changes_with_every_fact(change):
    assert content_hash(a_reply(**change)) != content_hash(a_reply())
