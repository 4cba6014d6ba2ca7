"""The report of clause 5, รายงานรายชื่อและข้อมูลผู้ใช้งานในกลุ่มผู้ใช้, on paper and as a spreadsheet.

Plain data in: who holds which group on a day. The official title stays Thai in English, too, with a gloss.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from kunjae.core.clock import long_date, long_datetime, short_date, short_datetime
from kunjae.documents import official_wording as wording
from kunjae.documents.fonts import printable
from kunjae.documents.render import render_pdf
from kunjae.documents.sheets import (
    LINE_LENGTH,
    UNSIGNED,
    Numerals,
    PaperText,
    Signature,
    facts_of,
    hash_of_facts,
    seal,
)
from kunjae.documents.tables import Table, write_csv, write_xlsx

Language = Literal["th", "en"]

#: Names the canonical form that is hashed. A change of meaning takes a new name; a new optional fact does not.
HASHED_AS = "kunjae membership report, version 1"

_PRESENTATION = frozenset({"numerals", "language", "made_at", "verification_base", "verification_code"})

_WORDS: dict[Language, dict[str, str]] = {
    "th": {
        "gloss": "",
        "sheet": "ผู้ใช้งานในกลุ่มผู้ใช้",
        "menu": "เมนู",
        "counts": "ผู้ใช้งาน {users} คน ใน {groups} กลุ่ม รวม {grants} สิทธิ ณ วันที่ {day}",
        "ended": " และสิ้นสุดในวันนั้นอีก {ended} สิทธิ",
        "in_group": "{users} คน",
        "made": "จัดทำจากระบบเมื่อ {instant}",
        "group": "กลุ่มผู้ใช้",
        "number": "ที่",
        "name_and_position": "ชื่อ ชื่อสกุล และตำแหน่ง",
        "name": "ชื่อ ชื่อสกุล",
        "position": "ตำแหน่ง",
        "user_id": "รหัสผู้ใช้",
        "status": "สถานะ",
        "since": "ตั้งแต่",
        "last_sign_in": "เข้าใช้ล่าสุด",
        "granted_by": "ให้สิทธิโดย",
        "case_number": "คำขอเลขที่",
        "never": "ไม่เคย",
        "nobody": "ไม่มีผู้ใช้งานในกลุ่มนี้",
        "nothing": "ไม่มีรายการ",
        "checked": "ตรวจสอบแล้ว",
        "on_day": "วันที่",
        "page": "หน้า",
    },
    "en": {
        "gloss": "Report of the names and data of users in user groups",
        "sheet": "Users in user groups",
        "menu": "Menu",
        "counts": "Users: {users}. Groups: {groups}. Memberships: {grants}. As of {day}",
        "ended": ". Ended on that day: {ended}",
        "in_group": "users: {users}",
        "made": "Made from the system on {instant}",
        "group": "User group",
        "number": "No.",
        "name_and_position": "Name and position",
        "name": "Name",
        "position": "Position",
        "user_id": "User id",
        "status": "Status",
        "since": "Since",
        "last_sign_in": "Last sign-in",
        "granted_by": "Granted by",
        "case_number": "Request no.",
        "never": "Never",
        "nobody": "Nobody is in this group",
        "nothing": "There is nothing to list",
        "checked": "Checked",
        "on_day": "Date",
        "page": "Page",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """
    One membership. `status` is the word as shown; no `last_sign_in` means never.

    `is_over` tells one that ended on the very day of the report: it is listed, and not counted.
    """

    name: str
    position: str = ""
    user_id: str
    status: str
    since: date | None = None
    last_sign_in: datetime | None = None
    granted_by: str = ""
    case_number: str = ""
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportGroup:
    """One group with its members; `note` says what it opens."""

    name: str
    note: str = ""
    rows: tuple[ReportRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipReport:
    """Who is in which group of one authority on one day.

    `filter_note` says what was left out, if anything was. `head` is who signs that the list was checked: with only
    a name and a position, the place is left for the pen.
    """

    authority_name: str
    district: str = ""
    province: str = ""
    as_of: date
    groups: tuple[ReportGroup, ...]
    made_at: datetime
    filter_note: str = ""
    head: Signature = UNSIGNED
    verification_base: str = ""
    verification_code: str = ""
    numerals: Numerals = "thai"
    language: Language = "th"


def render_report_pdf(report: MembershipReport) -> bytes:
    """Set the report as PDF/A on A4: bands by group, heads repeated on each page, a place to sign at the end.

    :raises FontsMissing: if the document fonts have not been built
    """
    return render_pdf("membership_report", _facts(report), at=report.made_at)


def render_report_xlsx(report: MembershipReport) -> bytes:
    """Return the report as a workbook of text cells, the group in the first column."""
    return write_xlsx(_table(report), at=report.made_at)


def render_report_csv(report: MembershipReport) -> bytes:
    """Return the report as CSV: UTF-8 with a byte order mark, CRLF, the group in the first column."""
    return write_csv(_table(report))


def report_content_hash(report: MembershipReport) -> str:
    """Return SHA-256, in hexadecimal, of what the report says, whatever its digits, language or hour of making.

    How it is made is told in `sheets.hash_of_facts`.

    :raises ValueError: if an instant has no time zone
    """
    return hash_of_facts(HASHED_AS, facts_of(report, without=_PRESENTATION))


def _counts(report: MembershipReport, day: str) -> str:
    """Count who is a member as of the day, in one line."""
    still = [[row.user_id for row in group.rows if not row.is_over] for group in report.groups]
    grants = sum(map(len, still))
    ended = _lines_count(report) - grants
    words = _WORDS[report.language]
    said = words["counts"].format(
        users=len({user_id for group in still for user_id in group}),
        groups=sum(bool(group) for group in still),
        grants=grants,
        day=day,
    )
    return said + (words["ended"].format(ended=ended) if ended else "")


def _lines_count(report: MembershipReport) -> int:
    return sum(len(group.rows) for group in report.groups)


def _place(report: MembershipReport) -> str:
    return " ".join(part for part in (report.authority_name, report.district, report.province) if part)


def _facts(report: MembershipReport) -> dict[str, object]:
    language = report.language
    words = _WORDS[language]
    paper = PaperText(report.numerals)
    day = long_date(report.as_of, language)
    numbers = iter(range(1, 1 + _lines_count(report)))
    return {
        "language": language,
        "title": wording.REPORT_TITLE,
        "gloss": words["gloss"],
        "place": paper.line(_place(report)),
        "menu": f"{words['menu']} {wording.REPORT_MENU_PATH}",
        "counts": paper.line(_counts(report, day)),
        "filter_note": paper.line(report.filter_note),
        "made": paper.line(words["made"].format(instant=long_datetime(report.made_at, language))),
        "heads": [
            words[key]
            for key in (
                "number",
                "name_and_position",
                "user_id",
                "status",
                "since",
                "last_sign_in",
                "granted_by",
                "case_number",
            )
        ],
        "groups": [
            {
                "name": paper.line(group.name),
                "note": paper.line(group.note),
                "count": paper.line(
                    words["in_group"].format(users=len({row.user_id for row in group.rows if not row.is_over}))
                ),
                "rows": [_row(row, next(numbers), paper, language) for row in group.rows],
            }
            for group in report.groups
        ],
        "words": {key: words[key] for key in ("nobody", "nothing", "checked", "position", "on_day")},
        "head": {**paper.signature(report.head), "date": ""},
        "continued": paper.continued,
        "seal": seal(
            base=report.verification_base,
            code=report.verification_code,
            case_number="",
            content_hash=report_content_hash(report),
            language=language,
        ),
        "running": {
            "text": paper.short(f"{_place(report)}  {day}", wording.AUTHORITY, LINE_LENGTH),
            "page": words["page"],
            "digits": paper.digits(),
        },
    }


def _row(row: ReportRow, number: int, paper: PaperText, language: Language) -> dict[str, str]:
    never = _WORDS[language]["never"]
    return {
        "number": paper.line(str(number)),
        "name": paper.line(row.name),
        "position": paper.line(row.position),
        "user_id": printable(row.user_id, breaks=False),
        "status": paper.line(row.status),
        "since": paper.line(short_date(row.since, language)) if row.since else "",
        "last_sign_in": paper.line(short_datetime(row.last_sign_in, language)) if row.last_sign_in else never,
        "granted_by": paper.line(row.granted_by),
        "case_number": paper.line(row.case_number),
    }


def _table(report: MembershipReport) -> Table:
    words = _WORDS[report.language]
    day = long_date(report.as_of, report.language)
    columns = (
        "group",
        "number",
        "name",
        "position",
        "user_id",
        "status",
        "since",
        "last_sign_in",
        "granted_by",
        "case_number",
    )
    lead = (
        wording.REPORT_TITLE,
        words["gloss"],
        _place(report),
        _counts(report, day),
        report.filter_note,
    )
    return Table(
        sheet_name=words["sheet"],
        lead=tuple(text for text in lead if text),
        heads=tuple(words[key] for key in columns),
        rows=list(_table_rows(report)),
    )


def _table_rows(report: MembershipReport) -> Iterator[tuple[str, ...]]:
    """Yield one row of text for each membership, in Arabic digits for whoever reckons with them."""
    language = report.language
    number = 0
    for group in report.groups:
        for row in group.rows:
            number += 1
            yield (
                group.name,
                str(number),
                row.name,
                row.position,
                row.user_id,
                row.status,
                short_date(row.since, language) if row.since else "",
                short_datetime(row.last_sign_in, language) if row.last_sign_in else _WORDS[language]["never"],
                row.granted_by,
                row.case_number,
            )
