"""Form 2 on paper: the letter's own words, one A4, nothing lost, nothing run."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from kunjae.documents import official_wording as wording
from kunjae.documents.form_2 import (
    Form2Opinion,
    Form2Part1,
    Form2Part2,
    Form2Sheet,
    Signature,
    blank_form_2,
    content_hash,
    groups_granted_unasked,
    groups_not_granted,
    render_form_2,
)
from tests.unit.documents_text import bottom_of, pages_of, plain

ASKED_AT = datetime(2026, 10, 10, 3, 31, tzinfo=UTC)
DECIDED_AT = datetime(2026, 10, 16, 2, 5, tzinfo=UTC)
DUTY = "จัดทำเช็คและใบถอน แทนนายสมภพ อยู่เย็น ตามคำสั่งที่ 338/2569 ลงวันที่ 8 ตุลาคม 2569"

HEAD = Signature(
    name="นางสาวปุญญิศา ตั้งพิสุทธิ์กุล",
    position="นักวิชาการเงินและบัญชีชำนาญการ",
    capacity="รักษาราชการแทนผู้อำนวยการกองคลัง",
    signed="electronic",
    at=DECIDED_AT,
    note="ยืนยันตัวด้วยรหัสผ่าน",
)


def a_part_1(**facts) -> Form2Part1:
    return Form2Part1(
        **{
            "applicant_name": "นางสาวญาณิศา ภู่ประเสริฐ",
            "applicant_position": "นักวิชาการเงินและบัญชีปฏิบัติการ",
            "signature": Signature(signed="electronic", at=ASKED_AT),
            **facts,
        }
    )


def a_sheet(**facts) -> Form2Sheet:
    return Form2Sheet(
        **{
            "authority_name": "เทศบาลตำบลราไวย์",
            "district": "อำเภอเมืองภูเก็ต",
            "province": "จังหวัดภูเก็ต",
            "form_date": date(2026, 10, 10),
            "addressee_title": "ผู้อำนวยการกองคลัง",
            "part1": a_part_1(wants_groups=True, duty_text=DUTY, asked_groups=("เจ้าหน้าที่การเงิน", "เจ้าหน้าที่บัญชี")),
            "case_number": "0147/2570",
            "verification_base": "https://kunjae.example.go.th/verify",
            "verification_code": "4829137756",
            **facts,
        }
    )


APPROVAL = Form2Opinion(
    approved=True, granted_groups=("เจ้าหน้าที่การเงิน", "เจ้าหน้าที่พัสดุ"), reason="หน้าที่ขัดกัน", signature=HEAD
)


def test_render_form_2_prints_every_word_of_the_letter():
    (page,) = pages_of(blank_form_2(numerals="arabic", with_explanation=False))

    for words in (
        wording.ATTACHMENT,
        *wording.TITLE_LINES,
        wording.PART_1,
        wording.AUTHORITY,
        wording.DAY_MONTH_YEAR,
        wording.SUBJECT,
        wording.ANY_HEAD_OF_FINANCE,
        f"{wording.I_AM} {wording.TITLES}",
        wording.WISH,
        wording.WANTS_CREDENTIALS,
        wording.NEW_USER,
        wording.CANNOT_ENTER,
        wording.WANTS_GROUPS,
        wording.OPINION,
        f"{wording.APPROVED} {wording.APPROVED_GROUPS}",
        f"{wording.REFUSED} {wording.BECAUSE}",
        wording.PART_2,
        wording.CANCEL_BECAUSE,
        wording.MOVED_OR_RESIGNED,
        wording.OTHER,
        wording.ON_DAY,
    ):
        assert plain(words) in page


def test_blank_form_2_carries_the_explanation_on_its_back_and_the_authority_if_known():
    front, back = pages_of(blank_form_2(authority_name="เทศบาลตำบลราไวย์", numerals="arabic"))

    assert "เทศบาลตำบลราไวย์" in front
    assert plain("".join(wording.EXPLANATION_TITLE_LINES)) in back
    for number, text, cases in wording.EXPLANATION:
        assert plain(number + text) in back
        assert all(plain(part + case) in back for part, case in cases)


def test_render_form_2_of_a_request_shows_what_was_asked_and_by_whom():
    (page,) = pages_of(render_form_2(a_sheet(numerals="arabic")))

    for words in (
        "เทศบาลตำบลราไวย์ อำเภอเมืองภูเก็ต จังหวัดภูเก็ต",
        "10 ตุลาคม 2569",
        "เรียน ผู้อำนวยการกองคลัง",
        "ข้าพเจ้า นางสาวญาณิศา ภู่ประเสริฐ ตำแหน่ง นักวิชาการเงินและบัญชีปฏิบัติการ",
        DUTY,
        "กลุ่มที่ขอ 1) เจ้าหน้าที่การเงิน 2) เจ้าหน้าที่บัญชี",
        "(ลงชื่ออิเล็กทรอนิกส์)",
        "ลงชื่อในระบบเมื่อ 10 ตุลาคม 2569 เวลา 10:31 น.",
        "คำขอเลขที่ 0147/2570",
        "รหัสตรวจสอบ 482 913 7756",
        "https://kunjae.example.go.th/verify/4829137756",
        "หน้า 1/1",
    ):
        assert plain(words) in page


def test_render_form_2_in_thai_numerals_leaves_what_is_typed_in_alone():
    (page,) = pages_of(
        render_form_2(a_sheet(part1=a_part_1(wants_groups=True, duty_text="แทน rawai003 คำสั่ง 338/2569")))
    )

    assert "๑๐ตุลาคม๒๕๖๙" in page
    assert "คำขอเลขที่๐๑๔๗/๒๕๗๐" in page
    assert plain("แทน rawai003 คำสั่ง ๓๓๘/๒๕๖๙") in page
    assert "4829137756" in page


def test_render_form_2_of_an_approval_shows_the_groups_granted_and_how_they_differ():
    sheet = a_sheet(opinion=APPROVAL, numerals="arabic")

    (page,) = pages_of(render_form_2(sheet))

    assert groups_not_granted(sheet) == ("เจ้าหน้าที่บัญชี",)
    assert groups_granted_unasked(sheet) == ("เจ้าหน้าที่พัสดุ",)
    assert plain("เห็นควรให้เพิ่มกลุ่มผู้ใช้งาน 1) เจ้าหน้าที่การเงิน 2) เจ้าหน้าที่พัสดุ") in page
    assert plain("ต่างจากที่ขอ: ไม่ให้ เจ้าหน้าที่บัญชี และให้เพิ่ม เจ้าหน้าที่พัสดุ") in page
    assert plain("เนื่องจาก หน้าที่ขัดกัน") in page
    assert plain("(นางสาวปุญญิศา ตั้งพิสุทธิ์กุล)") in page
    assert plain("รักษาราชการแทนผู้อำนวยการกองคลัง") in page


def test_render_form_2_of_a_refusal_gives_the_reason_and_grants_nothing():
    sheet = a_sheet(opinion=Form2Opinion(approved=False, reason="ไม่ตรงกับหน้าที่", signature=HEAD), numerals="arabic")

    (page,) = pages_of(render_form_2(sheet))

    assert plain("ไม่อนุมัติ เนื่องจาก ไม่ตรงกับหน้าที่") in page
    assert groups_not_granted(sheet) == groups_granted_unasked(sheet) == ()
    assert plain("ต่างจากที่ขอ") not in page


def test_render_form_2_with_part_2_stands_on_the_same_page():
    closing = Form2Part2(moved_or_resigned=True, detail="โอน", signature=HEAD, effective_date=date(2027, 1, 4))

    (page,) = pages_of(render_form_2(a_sheet(opinion=APPROVAL, part2=closing, numerals="arabic")))

    assert plain("ย้าย/ลาออก โอน") in page
    assert plain("วันที่ 4 มกราคม 2570") in page


@pytest.mark.parametrize(("asks", "boxes"), [(False, 0), (True, 2)])
def test_render_form_2_draws_its_boxes_and_says_aloud_which_are_ticked(asks, boxes):
    sheet = a_sheet(part1=a_part_1(wants_credentials=asks, is_new_user=asks))

    pdf = render_form_2(sheet)

    # The alternative text of a drawn box, as a screen reader is told it.
    assert pdf.upper().count(as_a_pdf_string("ทำเครื่องหมายไว้")) == boxes
    assert pdf.upper().count(as_a_pdf_string("ไม่ได้ทำเครื่องหมาย")) == 8 - boxes


def as_a_pdf_string(text: str) -> bytes:
    return text.encode("utf-16-be").hex().upper().encode()


def test_render_form_2_yields_the_same_bytes_for_the_same_sheet():
    sheet = a_sheet(opinion=APPROVAL)

    assert render_form_2(sheet) == render_form_2(replace(sheet))
    assert blank_form_2() == blank_form_2()


def test_render_form_2_in_many_threads_at_once_yields_what_one_thread_yields():
    sheets = [a_sheet(case_number=f"{number:04}/2570") for number in range(8)]
    alone = [render_form_2(sheet) for sheet in sheets]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(render_form_2, sheets))

    assert together == alone


def test_render_form_2_with_a_duty_of_500_characters_keeps_one_page_and_every_word():
    duty = ("จัดทำเช็คและใบถอน บันทึกบัญชี ตรวจฎีกาและผู้ใช้งานที่กู้ชื่อปู่ญี่ปุ่น " * 8)[:497] + "จบ"

    pages = pages_of(render_form_2(a_sheet(part1=a_part_1(wants_groups=True, duty_text=duty), opinion=APPROVAL)))

    assert len(pages) == 1
    assert plain(duty) in pages[0]


def test_render_form_2_with_far_too_long_texts_goes_on_in_full_on_a_continuation_sheet():
    long = "ก่อนเก่ากู้ฎีกา " * 120 + "ปลายทาง"
    name = "นางสาวกนกวรรณ " * 20 + "ปลายชื่อ"
    crowded = a_sheet(
        part1=a_part_1(
            applicant_name=name, wants_groups=True, duty_text=long, cannot_enter_reason=long, asked_groups=("กลุ่ม",) * 40
        ),
        opinion=replace(APPROVAL, reason=long, signature=replace(HEAD, name=name, position=long, note=long)),
        part2=Form2Part2(moved_or_resigned=False, other_text=long, signature=HEAD, effective_date=date(2027, 1, 4)),
    )

    pdf = render_form_2(crowded)

    form, *continuation = pages_of(pdf)
    assert bottom_of("มกราคม", pdf) > 34 > bottom_of("482", pdf)

    assert plain("(ดูใบต่อ ข้อ ข)") in form
    assert plain(wording.PART_2.replace("2", "๒")) in form
    assert plain("วันที่ ๔ มกราคม ๒๕๗๐") in form
    told = "".join(continuation)
    assert plain("ใบต่อแบบคำขอเป็นผู้ใช้งาน") in told
    assert told.count("ปลายทาง") >= 6
    assert "ปลายชื่อ" in told


HOSTILE = '#eval("x") #{panic()} $x^2$ \\ "q" ] } *b* _i_ <a> @ref // c /* d */ `r` = h'


def test_render_form_2_shows_typesetting_commands_as_the_characters_they_are():
    signature = Signature(name=HOSTILE, position=HOSTILE, note=HOSTILE)
    sheet = Form2Sheet(
        authority_name=HOSTILE,
        addressee_title=HOSTILE,
        case_number=HOSTILE,
        verification_base="https://kunjae.example.go.th/verify",
        part1=Form2Part1(
            applicant_name=HOSTILE,
            applicant_position=HOSTILE,
            wants_groups=True,
            duty_text=f"{HOSTILE}\n= heading\n- item",
            asked_groups=(HOSTILE,),
            signature=signature,
        ),
        opinion=Form2Opinion(approved=False, reason=HOSTILE, signature=signature),
        numerals="arabic",
    )

    text = "".join(pages_of(render_form_2(sheet)))

    assert text.count(plain(HOSTILE)) >= 5
    assert plain(f"{HOSTILE} = heading - item") in text


def test_render_form_2_names_characters_that_cannot_be_seen_or_drawn():
    (page,) = pages_of(render_form_2(a_sheet(part1=a_part_1(wants_groups=True, duty_text="ก\u202eข ☐ \x07 😀 \ud800"))))

    assert plain("ก[U+202E]ข [U+2610] [U+0007] [U+1F600] [U+D800]") in page


def test_content_hash_is_this_one_for_these_facts():
    sheet = a_sheet(opinion=APPROVAL)

    assert content_hash(sheet) == "5daa9c5e41e713bb6cdbe2bad68df60661a1d6bc61c2c048f9b0e726254b45ae"
    assert f"{content_hash(sheet)[:4]}{content_hash(sheet)[4:8]}" in pages_of(render_form_2(sheet))[0]


def test_content_hash_does_not_depend_on_how_the_sheet_is_shown():
    sheet = a_sheet(opinion=APPROVAL)

    shown_otherwise = replace(
        sheet,
        numerals="arabic",
        with_explanation=True,
        verification_base="",
        verification_code="",
        district="อำเภอเมืองภูเก็ต ",
    )

    assert content_hash(shown_otherwise) == content_hash(sheet)


def test_content_hash_does_not_depend_on_the_time_zone_of_an_instant():
    in_bangkok = replace(HEAD, at=DECIDED_AT.astimezone(timezone(timedelta(hours=7))))

    assert content_hash(a_sheet(opinion=replace(APPROVAL, signature=in_bangkok))) == content_hash(
        a_sheet(opinion=APPROVAL)
    )


@pytest.mark.parametrize(
    "change",
    [
        {"authority_name": "เทศบาลตำบลราไวย"},
        {"form_date": date(2026, 10, 11)},
        {"case_number": "0148/2570"},
        {"part1": a_part_1(applicant_name="นางสาวญาณิศา ภู่ประเสริฐกุล")},
        {"opinion": None},
        {"opinion": replace(APPROVAL, approved=False)},
        {"opinion": replace(APPROVAL, granted_groups=("เจ้าหน้าที่พัสดุ", "เจ้าหน้าที่การเงิน"))},
        {"part2": Form2Part2(moved_or_resigned=False)},
    ],
)
def test_content_hash_changes_with_every_fact(change):
    sheet = a_sheet(opinion=APPROVAL)

    assert content_hash(replace(sheet, **change)) != content_hash(sheet)


def test_content_hash_of_an_instant_without_a_time_zone_is_refused():
    naive = replace(HEAD, at=datetime(2026, 10, 16, 9, 5))

    with pytest.raises(ValueError, match="time zone"):
        content_hash(a_sheet(opinion=replace(APPROVAL, signature=naive)))
