"""Form 1 on paper: an official letter in the circular's own words, on one A4, nothing lost."""

from dataclasses import replace
from datetime import date

import pytest

from kunjae.documents import official_wording as wording
from kunjae.documents.form_1 import Form1Sheet, blank_form_1, content_hash, render_form_1
from tests.unit.documents_text import bottom_of, pages_of, plain

LONG = "ก่อนเก่ากู้ฎีกาที่นี่ " * 40
HOSTILE = '#eval"7b4d901d53010b45fb89de3d1083438d21acc107a019574c0e250b273c6462af" #{panic()} $x^2$ \\ "q" ] } *b* _i_ <a> @ref // c /* d */ `r` = h'


def a_letter(**facts) -> Form1Sheet:
    return Form1Sheet(
        **{
            "authority_name": "เทศบาลตำบลราไวย์",
            "district": "อำเภอเมืองภูเก็ต",
            "province": "จังหวัดภูเก็ต",
            "is_lost": True,
            "recipient_title": "นางสาว",
            "recipient_given_name": "ปุญญิศา",
            "recipient_family_name": "ตั้งพิสุทธิ์กุล",
            "position_box": "acting",
            "own_position": "นักวิชาการเงินและบัญชีชำนาญการ",
            "acting_as": "รักษาราชการแทนผู้อำนวยการกองคลัง",
            "email": "punyisa.t@rawai.example.go.th",
            "contact_title": "นาย",
            "contact_given_name": "สมภพ",
            "contact_family_name": "อยู่เย็น",
            "contact_mobile": "081-234-5678",
            "signer_name": "นายอรุณ โสฬส",
            "signer_position": "นายกเทศมนตรีตำบลราไวย์",
            "office_name": "กองคลัง เทศบาลตำบลราไวย์",
            "office_phone": "076-123-456",
            "office_fax": "076-123-457",
            "mobile": "089-876-5432",
            "order_number": "338/2569",
            "order_date": date(2026, 10, 8),
            "order_from_date": date(2026, 10, 12),
            "verification_base": "https://kunjae.example.go.th/verify",
            "verification_code": "4829137756",
            **facts,
        }
    )


def boxes_in(pdf: bytes, *, ticked: bool) -> int:
    words = "ทำเครื่องหมายไว้" if ticked else "ไม่ได้ทำเครื่องหมาย"
    return pdf.upper().count(words.encode("utf-16-be").hex().upper().encode())


def test_blank_form_1_prints_every_word_of_the_letter():
    (page,) = pages_of(blank_form_1(numerals="arabic"))

    for words in (
        wording.FORM_1_NUMBER,
        wording.AUTHORITY,
        wording.FORM_1_ADDRESS,
        wording.DAY_MONTH_YEAR,
        f"{wording.SUBJECT_LABEL} {wording.SUBJECT}",
        f"{wording.ADDRESSEE_LABEL} {wording.FORM_1_ADDRESSEE}",
        f"{wording.FORM_1_WHEREAS} {wording.FORM_1_AUTHORITY} {wording.FORM_1_DISTRICT}",
        f"{wording.FORM_1_PROVINCE} {wording.FORM_1_WISH} {wording.FORM_1_BECAUSE}",
        wording.FORM_1_LOST,
        wording.FORM_1_HEAD_HAS_LEFT,
        wording.FORM_1_UNUSABLE,
        wording.FORM_1_OTHER,
        f"{wording.FORM_1_THEREFORE} {wording.TITLES}",
        wording.FORM_1_FAMILY_NAME,
        f"{wording.POSITION} {' '.join(wording.FORM_1_POSITIONS.values())} {wording.POSITION}",
        f"{wording.FORM_1_ACTING} {wording.FORM_1_EMAIL}",
        f"{wording.FORM_1_CONTACT} {wording.TITLES}",
        wording.FORM_1_MOBILE,
        wording.FORM_1_CLOSING,
        wording.FORM_1_RESPECT,
        wording.FORM_1_CHIEF_EXECUTIVE,
        wording.FORM_1_OFFICE,
        wording.FORM_1_PHONE,
        wording.FORM_1_FAX,
        wording.FORM_1_NOTE,
    ):
        assert plain(words) in page


def test_blank_form_1_draws_eight_empty_boxes_and_names_an_authority_if_known():
    pdf = blank_form_1(authority_name="เทศบาลตำบลราไวย์", district="อำเภอเมืองภูเก็ต", province="จังหวัดภูเก็ต")

    (page,) = pages_of(pdf)
    assert (boxes_in(pdf, ticked=True), boxes_in(pdf, ticked=False)) == (0, 8)
    assert plain("ด้วย เทศบาลตำบลราไวย์ อำเภอเมืองภูเก็ต จังหวัดภูเก็ต มีความประสงค์") in page
    assert wording.FORM_1_AUTHORITY not in page


def test_render_form_1_says_what_was_filled_in():
    (page,) = pages_of(render_form_1(a_letter(numerals="arabic")))

    for words in (
        "ให้ นางสาวปุญญิศา นามสกุล ตั้งพิสุทธิ์กุล",
        "ตำแหน่ง นักวิชาการเงินและบัญชีชำนาญการ รักษาราชการแทน",
        "(รักษาราชการแทนผู้อำนวยการกองคลัง)",
        "punyisa.t@rawai.example.go.th",
        "ติดต่อประสานงานกับ นายสมภพ นามสกุล อยู่เย็น มือถือ 081-234-5678",
        "(นายอรุณ โสฬส) นายกเทศมนตรีตำบลราไวย์",
        "กองคลัง เทศบาลตำบลราไวย์ โทร. 076-123-456 โทรสาร 076-123-457",
        "มือถือของผู้รับรหัส 089-876-5432",
        "คำสั่งที่ 338/2569 ลงวันที่ 8 ตุลาคม 2569 ตั้งแต่ 12 ตุลาคม 2569",
        "รหัสตรวจสอบ 482 913 7756",
    ):
        assert plain(words) in page


def test_render_form_1_in_thai_numerals_leaves_what_is_typed_in_alone():
    (page,) = pages_of(render_form_1(a_letter(email="finance01@rawai.example.go.th", letter_date=date(2026, 10, 12))))

    assert "๑๒ตุลาคม๒๕๖๙" in page
    assert "มือถือ๐๘๑-๒๓๔-๕๖๗๘" in page
    assert "finance01@rawai.example.go.th" in page
    assert "4829137756" in page


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ({"is_lost": False, "position_box": ""}, 0),
        ({"position_box": "division"}, 2),
        ({"head_has_left": True, "leaving": "ย้าย", "is_unusable": True, "other_reason": "เกษียณ"}, 5),
    ],
)
def test_render_form_1_ticks_the_reasons_given_and_one_of_the_four_positions(facts, count):
    pdf = render_form_1(a_letter(**facts))

    assert (boxes_in(pdf, ticked=True), boxes_in(pdf, ticked=False)) == (count, 8 - count)


def test_render_form_1_leaves_three_centimetres_free_at_the_top_for_the_emblem():
    pdf = blank_form_1(numerals="arabic")

    assert bottom_of("ที่", pdf) < 297 - 15 - 30


def test_render_form_1_yields_the_same_bytes_for_the_same_letter():
    assert render_form_1(a_letter()) == render_form_1(replace(a_letter()))
    assert blank_form_1() == blank_form_1()


def test_render_form_1_with_the_longest_names_keeps_one_page():
    letter = a_letter(
        recipient_given_name="กนกวรรณ" * 5,
        recipient_family_name="ศรีสุวรรณภูมิ" * 3,
        own_position=LONG[:95],
        other_reason=LONG[:300],
        signer_ground=LONG[:250],
        email=f"{'a' * 60}@rawai.example.go.th",
    )

    (page,) = pages_of(render_form_1(letter))

    assert plain(LONG[:300]) in page
    assert "กนกวรรณ" * 5 in page


def test_render_form_1_with_far_too_long_lines_goes_on_in_full_on_a_continuation_sheet():
    name = "นางสาวกนกวรรณ " * 20 + "ปลายชื่อ"

    page, more = pages_of(render_form_1(a_letter(signer_name=name, own_position=f"{LONG[:140]} ปลายทาง")))

    assert plain(wording.FORM_1_NOTE) in page
    assert "ปลายชื่อ" in more
    assert "ปลายทาง" in more


def test_render_form_1_shows_typesetting_commands_as_the_characters_they_are():
    letter = a_letter(
        other_reason=HOSTILE,
        recipient_given_name=HOSTILE,
        signer_position=HOSTILE,
        signer_ground=HOSTILE,
        numerals="arabic",
    )

    assert "".join(pages_of(render_form_1(letter))).count(plain(HOSTILE)) >= 4


def test_render_form_1_names_characters_that_cannot_be_seen():
    (page,) = pages_of(render_form_1(a_letter(other_reason="ก\u202eข\u200fค")))

    assert "[U+202E]" in page
    assert "[U+200F]" in page


def test_content_hash_is_this_one_for_these_facts():
    assert content_hash(a_letter()) == "7b4d901d53010b45fb89de3d1083438d21acc107a019574c0e250b273c6462af"


def test_content_hash_does_not_depend_on_what_the_pen_adds_nor_on_how_it_is_shown():
    shown_otherwise = a_letter(
        numerals="arabic",
        verification_base="",
        verification_code="",
        letter_number="ภก 52301/1",
        letter_date=date(2026, 10, 12),
    )

    assert content_hash(shown_otherwise) == content_hash(a_letter())


@pytest.mark.parametrize(
    "change",
    [
        {"authority_name": "เทศบาลตำบลราไวย"},
        {"is_lost": False},
        {"email": "punyisa.t@rawai.example.com"},
        {"mobile": "089-876-5433"},
        {"contact_mobile": "081-234-5679"},
        {"recipient_family_name": "ตั้งพิสุทธิกุล"},
        {"order_number": "339/2569"},
        {"signer_name": "นายอรุณ โสฬสกุล"},
        {"position_box": "division"},
    ],
)
def test_content_hash_changes_with_every_fact(change):
    assert content_hash(a_letter(**change)) != content_hash(a_letter())
