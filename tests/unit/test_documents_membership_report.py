"""The report of clause 5 on paper and as a spreadsheet."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from kunjae.documents import official_wording as wording
from kunjae.documents.membership_report import (
    MembershipReport,
    ReportGroup,
    ReportRow,
    render_report_csv,
    render_report_pdf,
    render_report_xlsx,
    report_content_hash,
)
from kunjae.documents.sheets import Signature
from tests.unit.documents_text import pages_of, plain

MADE_AT = datetime(2026, 10, 16, 2, 5, tzinfo=UTC)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://example.org")', " =1")


def a_row(number: int = 1, **facts) -> ReportRow:
    return ReportRow(
        **{
            "name": "นางจิราภรณ์ สู่สุข",
            "position": "นักวิชาการเงินและบัญชีชำนาญการ",
            "user_id": f"rawai{number:03}",
            "status": "ใช้งานอยู่",
            "since": date(2023, 10, 1),
            "last_sign_in": datetime(2026, 10, 15, 9, 2, tzinfo=UTC),
            "granted_by": "นางสาวปุญญิศา ตั้งพิสุทธิ์กุล",
            "case_number": f"{number:04}/2567",
            **facts,
        }
    )


def a_report(**facts) -> MembershipReport:
    finance = ReportGroup(
        name="เจ้าหน้าที่การเงิน", note="จัดทำเช็ค ใบถอน และฎีกาเบิกจ่าย", rows=(a_row(1), a_row(2, last_sign_in=None))
    )
    accounts = ReportGroup(name="เจ้าหน้าที่บัญชี", rows=(a_row(1),))
    return MembershipReport(
        **{
            "authority_name": "เทศบาลตำบลราไวย์",
            "district": "อำเภอเมืองภูเก็ต",
            "province": "จังหวัดภูเก็ต",
            "as_of": date(2026, 10, 16),
            "groups": (finance, accounts),
            "made_at": MADE_AT,
            "head": Signature(name="นางสาวปุญญิศา ตั้งพิสุทธิ์กุล", position="ผู้อำนวยการกองคลัง"),
            "verification_base": "https://kunjae.example.go.th/verify",
            "verification_code": "4829137756",
            **facts,
        }
    )


def a_long_report(rows: int, **facts) -> MembershipReport:
    members = tuple(a_row(number) for number in range(1, rows + 1))
    return a_report(groups=(ReportGroup(name="เจ้าหน้าที่การเงิน", rows=members),), **facts)


def test_render_report_pdf_has_the_title_the_menu_the_bands_and_every_column():
    (page,) = pages_of(render_report_pdf(a_report(numerals="arabic")))

    for words in (
        wording.REPORT_TITLE,
        f"เมนู {wording.REPORT_MENU_PATH}",
        "เทศบาลตำบลราไวย์ อำเภอเมืองภูเก็ต จังหวัดภูเก็ต",
        "ผู้ใช้งาน 2 คน ใน 2 กลุ่ม รวม 3 สิทธิ ณ วันที่ 16 ตุลาคม 2569",
        "ที่ ชื่อ ชื่อสกุล และตำแหน่ง รหัสผู้ใช้ สถานะ ตั้งแต่ เข้าใช้ล่าสุด ให้สิทธิโดย คำขอเลขที่",
        "เจ้าหน้าที่การเงิน จัดทำเช็ค ใบถอน และฎีกาเบิกจ่าย · 2 คน",
        "นักวิชาการเงินและบัญชีชำนาญการ",
        "rawai001",
        "1 ต.ค. 2566",
        "15 ต.ค. 2569",
        "16:02 น.",
        "ไม่เคย",
        "0002/2567",
        "ตรวจสอบแล้ว ผู้ใช้งาน 2 คน",
        "(นางสาวปุญญิศา ตั้งพิสุทธิ์กุล)",
        "482 913 7756",
        "หน้า 1/1",
    ):
        assert plain(words) in page


def test_render_report_pdf_in_thai_numerals_leaves_user_ids_alone():
    (page,) = pages_of(render_report_pdf(a_report()))

    assert plain("ณ วันที่ ๑๖ ตุลาคม ๒๕๖๙") in page
    assert plain("๐๐๐๑/๒๕๖๗") in page
    assert "rawai001" in page


def test_render_report_pdf_in_english_keeps_the_official_title():
    (page,) = pages_of(render_report_pdf(a_report(language="en", numerals="arabic")))

    assert plain(wording.REPORT_TITLE) in page
    assert plain("Report of the names and data of users in user groups") in page
    assert plain("No. Name and position User id Status Since Last sign-in Granted by Request no.") in page
    assert plain("As of 16 October 2569 BE") in page
    assert plain("Never") in page


def test_render_report_pdf_repeats_heads_and_band_on_every_page():
    pages = pages_of(render_report_pdf(a_long_report(60, numerals="arabic")))

    assert len(pages) > 4
    for number, page in enumerate(pages, 1):
        assert plain("รหัสผู้ใช้") in page
        assert plain("เจ้าหน้าที่การเงิน 60 คน") in page
        assert plain(f"หน้า {number}/{len(pages)}") in page
    text = "".join(pages)
    assert all(text.count(f"rawai{number:03}") == 1 for number in range(1, 61))


@pytest.mark.parametrize("rows", range(7, 14))
def test_render_report_pdf_never_leaves_the_signature_alone_on_a_page(rows):
    last = pages_of(render_report_pdf(a_long_report(rows)))[-1]

    assert plain("ตรวจสอบแล้ว") in last
    assert f"rawai{rows:03}" in last


def test_render_report_pdf_of_empty_groups_and_of_none_says_so():
    (empty,) = pages_of(render_report_pdf(a_report(groups=(ReportGroup(name="ผู้บริหารท้องถิ่น"),))))
    (nothing,) = pages_of(render_report_pdf(a_report(groups=())))

    assert plain("ผู้บริหารท้องถิ่น") in empty
    assert plain("ไม่มีผู้ใช้งานในกลุ่มนี้") in empty
    assert plain("ไม่มีรายการ") in nothing


def test_render_report_pdf_yields_the_same_bytes_for_the_same_report():
    assert render_report_pdf(a_report()) == render_report_pdf(a_report())


def test_render_report_pdf_shows_typesetting_commands_as_the_characters_they_are():
    hostile = '#eval("x") $x^2$ \\ ] } *b* @ref'
    row = a_row(name=hostile, position=hostile, granted_by=hostile, status=hostile)

    (page,) = pages_of(render_report_pdf(a_report(groups=(ReportGroup(name=hostile, rows=(row,)),))))

    assert page.count(plain('#eval("x")')) == 5


def test_report_content_hash_is_about_what_is_said_not_how_or_when():
    report = a_report()

    same = replace(report, numerals="arabic", language="en", made_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert report_content_hash(same) == report_content_hash(report)
    for change in ({"as_of": date(2026, 10, 17)}, {"groups": ()}, {"filter_note": "เฉพาะที่ใช้งานอยู่"}):
        assert report_content_hash(replace(report, **change)) != report_content_hash(report)


def test_render_report_xlsx_reads_back_as_text():
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_report_xlsx(a_report())))

    (sheet,) = (book.get_sheet_by_name(name) for name in book.sheet_names)
    rows = sheet.to_python()
    assert book.sheet_names == ["ผู้ใช้งานในกลุ่มผู้ใช้"]
    assert rows[0][0] == wording.REPORT_TITLE
    assert rows[-4] == [
        "กลุ่มผู้ใช้",
        "ที่",
        "ชื่อ ชื่อสกุล",
        "ตำแหน่ง",
        "รหัสผู้ใช้",
        "สถานะ",
        "ตั้งแต่",
        "เข้าใช้ล่าสุด",
        "ให้สิทธิโดย",
        "คำขอเลขที่",
    ]
    assert rows[-1] == [
        "เจ้าหน้าที่บัญชี",
        "3",
        "นางจิราภรณ์ สู่สุข",
        "นักวิชาการเงินและบัญชีชำนาญการ",
        "rawai001",
        "ใช้งานอยู่",
        "1 ต.ค. 2566",
        "15 ต.ค. 2569 16:02 น.",
        "นางสาวปุญญิศา ตั้งพิสุทธิ์กุล",
        "0001/2567",
    ]


def test_render_report_xlsx_yields_the_same_bytes_for_the_same_report():
    assert render_report_xlsx(a_report()) == render_report_xlsx(a_report())


@pytest.mark.parametrize("formula", FORMULAS)
def test_render_report_xlsx_and_csv_keep_formulas_as_text(formula):
    group = ReportGroup(name=formula, rows=(a_row(name=formula, position=formula, granted_by=formula),))
    report = a_report(groups=(group,), authority_name=formula, filter_note=formula)

    book = CalamineWorkbook.from_filelike(io.BytesIO(render_report_xlsx(report)))
    in_xlsx = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    in_csv = [cell for row in rows_of(render_report_csv(report)) for cell in row]

    for cells in (in_xlsx, in_csv):
        assert not [cell for cell in cells if str(cell).lstrip()[:1] in {"=", "+", "-", "@"}]
        assert any(str(cell).startswith("'") and formula.strip() in str(cell) for cell in cells)
    assert b"<f>" not in render_report_xlsx(report)


def test_render_report_csv_is_utf_8_with_a_mark_crlf_and_a_first_line_of_heads():
    content = render_report_csv(a_report(language="en"))

    assert content.startswith(b"\xef\xbb\xbfUser group,No.,Name,")
    assert content.count(b"\r\n") == content.count(b"\n") == 4
    assert rows_of(content)[3][:3] == ["เจ้าหน้าที่บัญชี", "3", "นางจิราภรณ์ สู่สุข"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_render_report_xlsx_and_csv_have_plain_blanks_in_their_days(language):
    report = a_report(language=language)

    in_csv = render_report_csv(report).decode("utf-8-sig")
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_report_xlsx(report)))
    in_xlsx = " ".join(str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)

    assert "\u00a0" not in in_csv + in_xlsx
    for cells in (in_csv, in_xlsx):
        assert {"th": "1 ต.ค. 2566", "en": "1 Oct 2566 BE"}[language] in cells


def test_report_counts_who_is_a_member_as_of_the_day():
    left = a_row(9, status="สิ้นสุด 16 ต.ค. 2569", is_over=True)
    one_stays = ReportGroup(name="เจ้าหน้าที่การเงิน", rows=(a_row(1), left))
    report = a_report(groups=(one_stays, ReportGroup(name="เจ้าหน้าที่บัญชี", rows=(left,))), numerals="arabic")

    (page,) = pages_of(render_report_pdf(report))

    assert plain("ผู้ใช้งาน 1 คน ใน 1 กลุ่ม รวม 1 สิทธิ ณ วันที่") in plain(page)
    assert plain("และสิ้นสุดในวันนั้นอีก 2 สิทธิ") in plain(page)
    assert len(rows_of(render_report_csv(report))) == 4


def test_render_report_csv_quotes_what_parts_cells_and_drops_what_cannot_be_seen():
    name = 'ก, "ข"\nค\x00\u202e'

    rows = rows_of(render_report_csv(a_report(groups=(ReportGroup(name="ก", rows=(a_row(name=name),)),))))

    assert rows[1][2] == 'ก, "ข"\nค'


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
