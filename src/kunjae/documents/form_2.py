"""Form 2 of the letter on paper: an officer's request (part 1) and the closing of the account (part 2), on one A4.

Part 2 stands on the same sheet as the part 1 of the same account [A2-09]. A sheet is plain data: what was asked,
what was answered, who signed. The same data has the same content hash, which the sheet carries in its QR code and
the public page compares (T-33).
"""

import dataclasses
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from kunjae.core.clock import long_date, long_datetime, start_of_thai_day
from kunjae.documents import official_wording as wording
from kunjae.documents.fonts import printable
from kunjae.documents.numerals_on_paper import Numerals, in_numerals, page_digits
from kunjae.documents.qr import page_address, qr_svg, short_hash, verification_address
from kunjae.documents.render import render_pdf

#: Names the canonical form that is hashed. A change of meaning takes a new name; a new optional fact does not.
HASHED_AS = "kunjae form 2, version 1"

#: The date inside the PDF of a sheet without any date: the month of the circular, so that its bytes stay the same.
_UNDATED = datetime(2019, 7, 1, tzinfo=UTC)

#: Facts of how a sheet is shown, not of what it says.
_PRESENTATION = frozenset({"numerals", "with_explanation", "verification_base", "verification_code"})

#: Blanks that may part words; the no-break space of a date is none.
_BLANKS = re.compile(r"[ \t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")

_MARKS_OF_CONTINUATION = ("ก", "ข", "ค", "ง", "จ", "ฉ")
#: Characters of a line that is not ruled for more; what is longer goes on in full on the continuation sheet.
_SIGNED_LENGTH = 64
_LINE_LENGTH = 100
_CASE_NUMBER_LENGTH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed, in which position, and how.

    `position` and `capacity` are texts as of the signing ("รักษาราชการแทนผู้อำนวยการกองคลัง"). `signed` is
    "electronic" for an authenticated submit, "paper" if the signed original was keyed in later, and "" while the
    place is left for the pen. `note` says how the signer was known, as in "ยืนยันตัวด้วยรหัสผ่าน".
    """

    name: str = ""
    position: str = ""
    capacity: str = ""
    signed: Literal["", "electronic", "paper"] = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form2Part1:
    """What the officer asks [A2-02 to A2-05]. `cannot_enter_reason` ticks its own box when there is one."""

    applicant_name: str = ""
    applicant_position: str = ""
    wants_credentials: bool = False
    is_new_user: bool = False
    cannot_enter_reason: str = ""
    wants_groups: bool = False
    duty_text: str = ""
    asked_groups: tuple[str, ...] = ()
    signature: Signature = Signature()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form2Opinion:
    """What the head of finance answered [A2-06, A2-07]: exactly one of approve and refuse.

    `reason` is why not, or why the groups granted differ from those asked; the difference itself is worked out.
    """

    approved: bool
    granted_groups: tuple[str, ...] = ()
    reason: str = ""
    signature: Signature = Signature()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form2Part2:
    """That the account was closed, and why [A2-09 to A2-11].

    `detail` is the exact reason printed beside the box ย้าย/ลาออก, such as โอน; `other_text` fills the box อื่น ๆ.
    """

    moved_or_resigned: bool
    detail: str = ""
    other_text: str = ""
    signature: Signature = Signature()
    effective_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form2Sheet:
    """One sheet of form 2. Texts are final: names with their titles, "อำเภอเมืองภูเก็ต", "จังหวัดภูเก็ต".

    Without `verification_base` (as in "https://…/verify") the sheet carries no QR code. What stands empty is
    printed as a dotted line.
    """

    authority_name: str = ""
    district: str = ""
    province: str = ""
    form_date: date | None = None
    addressee_title: str = ""
    part1: Form2Part1 = Form2Part1()
    opinion: Form2Opinion | None = None
    part2: Form2Part2 | None = None
    case_number: str = ""
    verification_base: str = ""
    verification_code: str = ""
    numerals: Numerals = "thai"
    with_explanation: bool = False


def render_form_2(sheet: Form2Sheet) -> bytes:
    """Set the sheet as PDF/A: both parts on one A4.

    A text too long for its lines first makes the type smaller; what still does not fit is cut on the form with a
    reference, and stands in full on a continuation sheet. The explanation, if asked for, is the last page. The
    same sheet yields the same bytes.

    :raises FontsMissing: if the document fonts have not been built
    """
    return render_pdf("form_2", _facts(sheet), at=_latest_date(sheet))


def blank_form_2(
    *,
    authority_name: str = "",
    district: str = "",
    province: str = "",
    addressee_title: str = "",
    numerals: Numerals = "thai",
    with_explanation: bool = True,
) -> bytes:
    """Set an empty form 2 to be filled in by hand; what is known of the authority is printed on it.

    :raises FontsMissing: if the document fonts have not been built
    """
    return render_form_2(
        Form2Sheet(
            authority_name=authority_name,
            district=district,
            province=province,
            addressee_title=addressee_title,
            numerals=numerals,
            with_explanation=with_explanation,
        )
    )


def content_hash(sheet: Form2Sheet) -> str:
    """Return SHA-256, in hexadecimal, of what the sheet says, whatever the digits or the layout it is shown in.

    Hashed is UTF-8 JSON with sorted keys and without blanks: {"hashed_as": HASHED_AS, "facts": …}. Facts are the
    fields of the dataclasses by name; empty ones are left out, texts are in normal form C without blanks at
    either end, days are ISO 8601, instants are UTC to the second.
    """
    said = {
        field.name: getattr(sheet, field.name)
        for field in dataclasses.fields(sheet)
        if field.name not in _PRESENTATION
    }
    canonical = json.dumps(
        {"hashed_as": HASHED_AS, "facts": _canonical(said)},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def groups_not_granted(sheet: Form2Sheet) -> tuple[str, ...]:
    """Return the groups that were asked for and not given, in the order asked; none before an approval."""
    if sheet.opinion is None or not sheet.opinion.approved:
        return ()
    return tuple(group for group in sheet.part1.asked_groups if group not in sheet.opinion.granted_groups)


def groups_granted_unasked(sheet: Form2Sheet) -> tuple[str, ...]:
    """Return the groups that were given without being asked for; none before an approval."""
    if sheet.opinion is None or not sheet.opinion.approved:
        return ()
    return tuple(group for group in sheet.opinion.granted_groups if group not in sheet.part1.asked_groups)


def _canonical(value: object) -> object:
    match value:
        case str():
            return unicodedata.normalize("NFC", value).strip()
        case datetime():
            if value.tzinfo is None:
                raise ValueError("An instant needs a time zone.")
            return value.astimezone(UTC).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case tuple():
            return [_canonical(item) for item in value]
        case Mapping():
            return {key: _canonical(item) for key, item in value.items() if item not in (None, "", (), False)}
        case _ if dataclasses.is_dataclass(value):
            fields = dataclasses.fields(value)
            return _canonical({field.name: getattr(value, field.name) for field in fields})
        case _:
            return value


def _latest_date(sheet: Form2Sheet) -> datetime:
    signatures = [sheet.part1.signature]
    days = [sheet.form_date]
    if sheet.opinion:
        signatures.append(sheet.opinion.signature)
    if sheet.part2:
        signatures.append(sheet.part2.signature)
        days.append(sheet.part2.effective_date)
    instants = [signature.at for signature in signatures if signature.at]
    instants += [start_of_thai_day(day) for day in days if day]
    return max(instants, default=_UNDATED)


class _Paper:
    """Text on its way to one sheet: in the sheet's digits, with printable characters only, cut if need be."""

    def __init__(self, numerals: Numerals) -> None:
        self.numerals = numerals
        self.continued: list[dict[str, str]] = []

    def text(self, value: str) -> str:
        return in_numerals(printable("\n".join(value.strip().splitlines())), self.numerals)

    def line(self, value: str) -> str:
        return self.text(_BLANKS.sub(" ", value))

    def short(self, value: str, label: str, limit: int) -> str:
        """Return the line, or its beginning with the whole of it noted for the continuation sheet."""
        shown = self.line(value)
        if len(shown) <= limit:
            return shown
        self.continued.append({"mark": "•", "label": label, "value": shown})
        end = limit
        while end > 1 and unicodedata.category(shown[end]).startswith("M"):
            end -= 1
        return f"{shown[:end]}\u00a0…"

    def numbered(self, items: Iterable[str]) -> str:
        shown = [self.line(item) for item in items]
        if len(shown) <= 1:
            return "".join(shown)
        return "  ".join(f"{in_numerals(str(number), self.numerals)}) {item}" for number, item in enumerate(shown, 1))


def _facts(sheet: Form2Sheet) -> dict[str, object]:
    paper = _Paper(sheet.numerals)
    part1, opinion, part2 = sheet.part1, sheet.opinion, sheet.part2
    applicant = dataclasses.replace(
        part1.signature,
        name=part1.signature.name or part1.applicant_name,
        position=part1.signature.position or part1.applicant_position,
    )
    head = sheet.addressee_title or wording.ANY_HEAD_OF_FINANCE
    case = f"  คำขอเลขที่ {paper.short(sheet.case_number, 'คำขอเลขที่', _CASE_NUMBER_LENGTH)}" if sheet.case_number else ""
    place = " ".join(part for part in (sheet.authority_name, sheet.district, sheet.province) if part)
    return {
        "words": _words(paper),
        "authority": paper.short(place, wording.AUTHORITY, _LINE_LENGTH),
        "author": printable(sheet.authority_name) or wording.AUTHORITY,
        "form_date": paper.line(long_date(sheet.form_date, "th")) if sheet.form_date else "",
        "addressee": paper.short(head, wording.ADDRESSEE_LABEL, _LINE_LENGTH),
        "applicant": {
            "name": paper.short(part1.applicant_name, wording.I_AM, _LINE_LENGTH),
            "position": paper.short(part1.applicant_position, wording.POSITION, _LINE_LENGTH),
        },
        "ticks": {
            "credentials": part1.wants_credentials,
            "new_user": part1.is_new_user,
            "cannot_enter": bool(part1.cannot_enter_reason),
            "groups": part1.wants_groups,
            "approved": opinion is not None and opinion.approved,
            "refused": opinion is not None and not opinion.approved,
            "moved": part2 is not None and part2.moved_or_resigned,
            "other": part2 is not None and not part2.moved_or_resigned,
        },
        "fields": _fields(sheet, paper),
        "signatures": {
            "applicant": _signature(applicant, paper),
            "decider": _signature(
                opinion.signature if opinion else Signature(), paper, printed=head
            ),
            "closer": {
                **_signature(part2.signature if part2 else Signature(), paper, printed=head),
                "date": paper.line(long_date(part2.effective_date, "th")) if part2 and part2.effective_date else "",
            },
        },
        "continued": paper.continued,
        "explanation": _explanation(paper) if sheet.with_explanation else None,
        "seal": _seal(sheet, paper) if sheet.verification_base else None,
        "running": {
            "text": paper.line(f"แบบคำขอเป็นผู้ใช้งาน (สิ่งที่ส่งมาด้วย 2){case}"),
            "page": "หน้า",
            "digits": page_digits(sheet.numerals),
        },
    }


def _words(paper: _Paper) -> dict[str, object]:
    verbatim = {
        "attachment": wording.ATTACHMENT,
        "title": " ".join(wording.TITLE_LINES),
        "part_1": wording.PART_1,
        "authority": wording.AUTHORITY,
        "day_month_year": wording.DAY_MONTH_YEAR,
        "subject_label": wording.SUBJECT_LABEL,
        "subject": wording.SUBJECT,
        "addressee_label": wording.ADDRESSEE_LABEL,
        "i_am": f"{wording.I_AM} {wording.TITLES}",
        "i_am_named": wording.I_AM,
        "position": wording.POSITION,
        "wish": wording.WISH,
        "wants_credentials": wording.WANTS_CREDENTIALS,
        "new_user": wording.NEW_USER,
        "opinion": wording.OPINION,
        "part_2": wording.PART_2,
        "cancel_because": wording.CANCEL_BECAUSE,
        "moved_or_resigned": wording.MOVED_OR_RESIGNED,
        "on_day": wording.ON_DAY,
        "continuation": "ใบต่อแบบคำขอเป็นผู้ใช้งาน",
        "continuation_note": "ข้อความต่อไปนี้เป็นส่วนหนึ่งของแบบคำขอ และแสดงไว้ครบถ้วน",
    }
    return {
        **{key: paper.text(value) for key, value in verbatim.items()},
        "title_lines": [paper.text(line) for line in wording.TITLE_LINES],
        "spoken": ["ทำเครื่องหมายไว้", "ไม่ได้ทำเครื่องหมาย"],
    }


def _fields(sheet: Form2Sheet, paper: _Paper) -> dict[str, dict[str, object]]:
    """Return the blanks that may take several lines: printed words, value, fewest and most lines on the form."""
    part1, opinion, part2 = sheet.part1, sheet.opinion, sheet.part2
    approved = opinion if opinion and opinion.approved else None
    refused = opinion if opinion and not opinion.approved else None
    duty = [paper.text(part1.duty_text)] if part1.duty_text else []
    if part1.asked_groups:
        duty.append(f"กลุ่มที่ขอ {paper.numbered(part1.asked_groups)}")
    rows = {
        "cannot_enter": (wording.CANNOT_ENTER, paper.text(part1.cannot_enter_reason), 1, 2),
        "duty": (wording.WANTS_GROUPS, "\n".join(duty), 3, 4),
        "approve": (
            f"{wording.APPROVED}  {wording.APPROVED_GROUPS}",
            "\n".join(_granted(sheet, approved, paper)) if approved else "",
            3,
            3,
        ),
        "refuse": (
            f"{wording.REFUSED}  {wording.BECAUSE}",
            paper.text(refused.reason) if refused else "",
            1,
            2,
        ),
        "moved": (wording.MOVED_OR_RESIGNED, paper.text(part2.detail) if part2 else "", 1, 1),
        "other": (wording.OTHER, paper.text(part2.other_text) if part2 else "", 1, 2),
    }
    return {
        key: {"label": label, "value": value, "least": least, "most": most, "more": f"(ดูใบต่อ ข้อ {mark})", "mark": mark}
        for mark, (key, (label, value, least, most)) in zip(_MARKS_OF_CONTINUATION, rows.items(), strict=True)
    }


def _granted(sheet: Form2Sheet, opinion: Form2Opinion, paper: _Paper) -> Iterator[str]:
    """Yield the lines under อนุมัติ: what is given, and where it departs from what was asked [A2-06]."""
    yield paper.numbered(opinion.granted_groups)
    departures = []
    if not_granted := groups_not_granted(sheet):
        departures.append(f"ไม่ให้ {paper.numbered(not_granted)}")
    if unasked := groups_granted_unasked(sheet):
        departures.append(f"ให้เพิ่ม {paper.numbered(unasked)}")
    if departures and sheet.part1.asked_groups:
        yield f"ต่างจากที่ขอ: {' และ'.join(departures)}"
    if opinion.reason:
        yield f"{wording.BECAUSE} {paper.text(opinion.reason)}"


def _signature(signature: Signature, paper: _Paper, *, printed: str = "") -> dict[str, str]:
    """Return one place of signing; `printed` is the position printed while nobody is named."""
    pens = {"electronic": "(ลงชื่ออิเล็กทรอนิกส์)", "paper": "(ลงชื่อในเอกสารต้นฉบับ)", "": ""}
    stamp = " ".join(part for part in (long_datetime(signature.at, "th") if signature.at else "", signature.note) if part)
    lead_in = "ลงชื่อในระบบเมื่อ " if signature.signed == "electronic" and signature.at else ""
    return {
        "pen": pens[signature.signed],
        "name": paper.short(signature.name, "ชื่อผู้ลงชื่อ", _SIGNED_LENGTH),
        "position": paper.short(signature.position, "ตำแหน่งผู้ลงชื่อ", _SIGNED_LENGTH),
        "capacity": paper.short(signature.capacity, "ตำแหน่งผู้ลงชื่อ", _SIGNED_LENGTH),
        "printed": paper.line(printed),
        "stamp": paper.short(f"{lead_in}{stamp}", "การลงชื่อ", _LINE_LENGTH),
    }


def _explanation(paper: _Paper) -> dict[str, object]:
    return {
        "title_lines": [paper.text(line) for line in wording.EXPLANATION_TITLE_LINES],
        "points": [
            {
                "number": paper.text(number),
                "text": paper.text(text),
                "cases": [{"number": paper.text(part), "text": paper.text(case)} for part, case in cases],
            }
            for number, text, cases in wording.EXPLANATION
        ],
    }


def _seal(sheet: Form2Sheet, paper: _Paper) -> dict[str, object]:
    """Return the QR code with what it stands for. Codes and hashes keep their Arabic digits: they are typed in."""
    hashed = content_hash(sheet)
    address = verification_address(
        sheet.verification_base, sheet.verification_code, case_number=sheet.case_number, content_hash=hashed
    )
    code = f"รหัสตรวจสอบ {sheet.verification_code}  " if sheet.verification_code else ""
    return {
        "svg": qr_svg(address, quiet_zone=0).decode(),
        "spoken": printable(f"คิวอาร์โค้ดสำหรับตรวจสอบเอกสาร {address}"),
        "lines": [
            printable(f"{code}ลายพิมพ์ข้อมูล {short_hash(hashed)}"),
            printable(f"ตรวจสอบได้ที่ {page_address(sheet.verification_base, sheet.verification_code)}"),
        ],
    }

