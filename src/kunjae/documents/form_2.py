"""Form 2 of the letter on paper: an officer's request (part 1) and the closing of the account (part 2), on one A4.

Part 2 stands on the same sheet as the part 1 of the same account [A2-09]. A sheet is plain data: what was asked,
what was answered, who signed. The same data has the same content hash, which the sheet carries in its QR code and
the public page compares (T-33).
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from kunjae.core.clock import long_date, start_of_thai_day
from kunjae.documents import official_wording as wording
from kunjae.documents.fonts import width_in_ems
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

#: Names the canonical form that is hashed. A change of meaning takes a new name; a new optional fact does not.
HASHED_AS = "kunjae form 2, version 1"

#: The date inside the PDF of a sheet without any date: the month of the circular, so that its bytes stay the same.
_UNDATED = datetime(2019, 7, 1, tzinfo=UTC)

#: Facts of how a sheet is shown, not of what it says.
_PRESENTATION = frozenset({"numerals", "with_explanation", "verification_base", "verification_code"})

_MARKS_OF_CONTINUATION = ("ก", "ข", "ค", "ง", "จ", "ฉ")
_CASE_NUMBER_LENGTH = 30


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
    signature: Signature = UNSIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Form2Opinion:
    """What the head of finance answered [A2-06, A2-07]: exactly one of approve and refuse.

    `reason` is why not, or why the groups granted differ from those asked; the difference itself is worked out.
    """

    approved: bool
    granted_groups: tuple[str, ...] = ()
    reason: str = ""
    signature: Signature = UNSIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Form2Part2:
    """That the account was closed, and why [A2-09 to A2-11].

    `detail` is the exact reason printed beside the box ย้าย/ลาออก, such as โอน; `other_text` fills the box อื่น ๆ.
    """

    moved_or_resigned: bool
    detail: str = ""
    other_text: str = ""
    signature: Signature = UNSIGNED
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

    How it is made is told in `sheets.hash_of_facts`; the facts are the fields of `Form2Sheet` but its presentation.

    :raises ValueError: if an instant has no time zone
    """
    return hash_of_facts(HASHED_AS, facts_of(sheet, without=_PRESENTATION))


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


def _facts(sheet: Form2Sheet) -> dict[str, object]:
    paper = PaperText(sheet.numerals)
    part1, opinion, part2 = sheet.part1, sheet.opinion, sheet.part2
    applicant = dataclasses.replace(
        part1.signature,
        name=part1.signature.name or part1.applicant_name,
        position=part1.signature.position or part1.applicant_position,
    )
    name = paper.short(part1.applicant_name, wording.I_AM, LINE_LENGTH)
    position = paper.short(part1.applicant_position, wording.POSITION, LINE_LENGTH)
    head = sheet.addressee_title or wording.ANY_HEAD_OF_FINANCE
    case = f"  คำขอเลขที่ {paper.short(sheet.case_number, 'คำขอเลขที่', _CASE_NUMBER_LENGTH)}" if sheet.case_number else ""
    place = " ".join(part for part in (sheet.authority_name, sheet.district, sheet.province) if part)
    return {
        "words": _words(paper),
        "authority": paper.short(place, wording.AUTHORITY, LINE_LENGTH),
        "form_date": paper.line(long_date(sheet.form_date, "th")) if sheet.form_date else "",
        "addressee": paper.short(head, wording.ADDRESSEE_LABEL, LINE_LENGTH),
        "applicant": {
            "name": name,
            "position": position,
            "ems": [width_in_ems(f"{wording.I_AM} {name} {wording.POSITION} {position} {wording.WISH}")],
        },
        "ticks": {
            "credentials": part1.wants_credentials,
            "new_user": part1.is_new_user,
        },
        "fields": _fields(sheet, paper),
        "signatures": {
            "applicant": paper.signature(applicant),
            "decider": paper.signature(opinion.signature if opinion else UNSIGNED, printed=head),
            "closer": {
                **paper.signature(part2.signature if part2 else UNSIGNED, printed=head),
                "date": paper.line(long_date(part2.effective_date, "th")) if part2 and part2.effective_date else "",
            },
        },
        "continued": paper.continued,
        "explanation": _explanation(paper) if sheet.with_explanation else None,
        "seal": seal(
            base=sheet.verification_base,
            code=sheet.verification_code,
            case_number=sheet.case_number,
            content_hash=content_hash(sheet),
        ),
        "running": {
            "text": paper.line(f"แบบคำขอเป็นผู้ใช้งาน (สิ่งที่ส่งมาด้วย 2){case}"),
            "page": "หน้า",
            "digits": paper.digits(),
        },
    }


def _words(paper: PaperText) -> dict[str, object]:
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
        "on_day": wording.ON_DAY,
        "continuation": "ใบต่อแบบคำขอเป็นผู้ใช้งาน",
        "continuation_note": "ข้อความต่อไปนี้เป็นส่วนหนึ่งของแบบคำขอ และแสดงไว้ครบถ้วน",
    }
    return {
        **{key: paper.text(value) for key, value in verbatim.items()},
        "title_lines": [paper.text(line) for line in wording.TITLE_LINES],
    }


def _fields(sheet: Form2Sheet, paper: PaperText) -> dict[str, dict[str, object]]:
    """Return the blanks that may take several lines: box, printed words, value, fewest and most lines on the form.

    Where a pen is still awaited, the letter's three lines are kept.
    """
    part1, opinion, part2 = sheet.part1, sheet.opinion, sheet.part2
    approved = opinion if opinion and opinion.approved else None
    refused = opinion if opinion and not opinion.approved else None
    duty = [paper.text(part1.duty_text)] if part1.duty_text else []
    if part1.asked_groups:
        duty.append(f"กลุ่มที่ขอ {paper.numbered(part1.asked_groups)}")
    rows = {
        "cannot_enter": (
            bool(part1.cannot_enter_reason),
            wording.CANNOT_ENTER,
            paper.text(part1.cannot_enter_reason),
            (1, 2),
        ),
        "duty": (part1.wants_groups, wording.WANTS_GROUPS, "\n".join(duty), (1 if part1.signature.signed else 3, 4)),
        "approve": (
            approved is not None,
            f"{wording.APPROVED}  {wording.APPROVED_GROUPS}",
            "\n".join(_granted(sheet, approved, paper)) if approved else "",
            (1 if opinion else 3, 3),
        ),
        "refuse": (
            refused is not None,
            f"{wording.REFUSED}  {wording.BECAUSE}",
            paper.text(refused.reason) if refused else "",
            (1, 2),
        ),
        "moved": (
            part2 is not None and part2.moved_or_resigned,
            wording.MOVED_OR_RESIGNED,
            paper.text(part2.detail) if part2 else "",
            (1, 1),
        ),
        "other": (
            part2 is not None and not part2.moved_or_resigned,
            wording.OTHER,
            paper.text(part2.other_text) if part2 else "",
            (1, 2),
        ),
    }
    return {
        key: {
            "ticked": ticked,
            "label": label,
            "value": value,
            "least": least,
            "most": most,
            "ems": [width_in_ems(line) for line in f"{label} {value}".split("\n")],
            "mark": mark,
            "more": f"(ดูใบต่อ ข้อ {mark})",
        }
        for mark, (key, (ticked, label, value, (least, most))) in zip(_MARKS_OF_CONTINUATION, rows.items(), strict=True)
    }


def _granted(sheet: Form2Sheet, opinion: Form2Opinion, paper: PaperText) -> Iterator[str]:
    """Yield the lines under อนุมัติ: what is given, and where it departs from what was asked [A2-06]."""
    if opinion.granted_groups:
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


def _explanation(paper: PaperText) -> dict[str, object]:
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
