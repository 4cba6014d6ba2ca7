"""Form 1 of the letter on paper: the official letter by which an authority asks for its head of finance's keys.

It is a หนังสือภายนอก on one A4 in the letter's own words (สิ่งที่ส่งมาด้วย 1). A sheet is plain data. The same data
has the same bytes and the same content hash, which the sheet carries in its QR code, so that the desk finds what was
prepared and sees whether the paper says the same (L-09, T-33).

The three centimetres at the top stay empty: an authority's letter carries the authority's own emblem, which its
letterhead or its seal brings; Kunjae holds the emblem of nobody.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from kunjae.core.clock import long_date, start_of_thai_day
from kunjae.documents import official_wording as wording
from kunjae.documents.fonts import printable
from kunjae.documents.render import render_pdf
from kunjae.documents.sheets import LINE_LENGTH, SIGNED_LENGTH, Numerals, PaperText, facts_of, hash_of_facts, seal

#: Names the canonical form that is hashed. A change of meaning takes a new name; a new optional fact does not.
HASHED_AS = "kunjae form 1, version 1"

#: The date inside the PDF of a letter without a date: the month of the circular, so that its bytes stay the same.
_UNDATED = datetime(2019, 7, 1, tzinfo=UTC)

#: How the letter is shown, and what the pen adds after the print: the number and the day are no part of the content.
_NOT_CONTENT = frozenset({"numerals", "verification_base", "verification_code", "letter_number", "letter_date"})

_REASON_LENGTH = 300
_EMAIL_IN_A_LINE = 60

Box = Literal["", "bureau", "division", "unit", "acting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form1Sheet:
    """One letter. Texts are final: "อำเภอเมืองภูเก็ต", "จังหวัดภูเก็ต", telephone numbers as they are read.

    What stands empty is printed as a dotted line. `leaving` is which of โอน ย้าย ลาออก is meant; `other_reason`
    ticks its own box when there is one. `acting_as` says what the fourth box means in full, as in
    "รักษาราชการแทนผู้อำนวยการกองคลัง". `mobile`, `order`, `signer_ground` stand in no blank of the form; the system
    needs them, and they are printed in one small paragraph at the foot. Without `verification_base` the
    letter carries no QR code.
    """

    authority_name: str = ""
    district: str = ""
    province: str = ""
    letter_number: str = ""
    letter_date: date | None = None
    is_lost: bool = False
    head_has_left: bool = False
    leaving: str = ""
    is_unusable: bool = False
    other_reason: str = ""
    recipient_title: str = ""
    recipient_given_name: str = ""
    recipient_family_name: str = ""
    position_box: Box = ""
    own_position: str = ""
    acting_as: str = ""
    email: str = ""
    contact_title: str = ""
    contact_given_name: str = ""
    contact_family_name: str = ""
    contact_mobile: str = ""
    signer_name: str = ""
    signer_position: str = ""
    office_name: str = ""
    office_phone: str = ""
    office_fax: str = ""
    mobile: str = ""
    order_number: str = ""
    order_date: date | None = None
    order_from_date: date | None = None
    order_until_date: date | None = None
    signer_ground: str = ""
    verification_base: str = ""
    verification_code: str = ""
    numerals: Numerals = "thai"


def render_form_1(sheet: Form1Sheet) -> bytes:
    """Set the letter as PDF/A on one A4.

    Longer texts make the type smaller; a line that is far too long is cut with its whole text on a continuation
    sheet. The same sheet yields the same bytes.

    :raises FontsMissing: if the document fonts have not been built
    """
    at = start_of_thai_day(sheet.letter_date) if sheet.letter_date else _UNDATED
    return render_pdf("form_1", _facts(sheet), at=at)


def blank_form_1(
    *, authority_name: str = "", district: str = "", province: str = "", numerals: Numerals = "thai"
) -> bytes:
    """Set an empty form 1 to be filled in by hand; what is known of the authority is printed on it.

    :raises FontsMissing: if the document fonts have not been built
    """
    return render_form_1(
        Form1Sheet(authority_name=authority_name, district=district, province=province, numerals=numerals)
    )


def content_hash(sheet: Form1Sheet) -> str:
    """Return SHA-256, in hexadecimal, of what the letter says, without its number and its day.

    How it is made is told in `sheets.hash_of_facts`.
    """
    return hash_of_facts(HASHED_AS, facts_of(sheet, without=_NOT_CONTENT))


def beside_the_form(sheet: Form1Sheet) -> list[str]:
    """Return what the system needs and the form has no blank for (A1-15, A1-16, A1-19): one small paragraph."""
    told = []
    if sheet.mobile:
        told.append(f"มือถือของผู้รับรหัส {sheet.mobile}")
    order = [f"คำสั่งที่ {sheet.order_number}"] if sheet.order_number else []
    if sheet.order_date:
        order.append(f"ลงวันที่ {long_date(sheet.order_date, 'th')}")
    if sheet.order_from_date:
        order.append(f"ตั้งแต่ {long_date(sheet.order_from_date, 'th')}")
    if sheet.order_until_date:
        order.append(f"ถึง {long_date(sheet.order_until_date, 'th')}")
    if order:
        told.append(" ".join(order))
    if sheet.signer_ground:
        told.append(f"ผู้ลงนามตาม {sheet.signer_ground}")
    return told


def _facts(sheet: Form1Sheet) -> dict[str, object]:
    paper = PaperText(sheet.numerals)

    def short(value: str, label: str, limit: int = LINE_LENGTH) -> str:
        return paper.short(value, label, limit)

    return {
        "words": _words(paper),
        "authority": short(sheet.authority_name, wording.AUTHORITY),
        "district": short(sheet.district, wording.FORM_1_DISTRICT),
        "province": short(sheet.province, wording.FORM_1_PROVINCE),
        "number": short(sheet.letter_number, wording.FORM_1_NUMBER, SIGNED_LENGTH),
        "date": paper.line(long_date(sheet.letter_date, "th")) if sheet.letter_date else "",
        "reasons": [
            {"ticked": sheet.is_lost, "label": paper.text(wording.FORM_1_LOST)},
            {
                "ticked": sheet.head_has_left,
                "label": paper.text(wording.FORM_1_HEAD_HAS_LEFT),
                "value": paper.line(f"({sheet.leaving})") if sheet.leaving else "",
            },
            {"ticked": sheet.is_unusable, "label": paper.text(wording.FORM_1_UNUSABLE)},
        ],
        "other": {
            "ticked": bool(sheet.other_reason),
            "label": paper.text(wording.FORM_1_OTHER),
            "value": short(sheet.other_reason, wording.FORM_1_OTHER, _REASON_LENGTH),
        },
        "recipient": {
            "first": short(sheet.recipient_title + sheet.recipient_given_name, "ผู้รับรหัส"),
            "family": short(sheet.recipient_family_name, wording.FORM_1_FAMILY_NAME),
        },
        "boxes": [
            {"ticked": sheet.position_box == box, "label": paper.text(label)}
            for box, label in wording.FORM_1_POSITIONS.items()
        ],
        "acting": {
            "ticked": sheet.position_box == "acting",
            "position": short(sheet.own_position, wording.POSITION),
            "as": short(f"({sheet.acting_as})" if sheet.acting_as else "", wording.FORM_1_ACTING),
        },
        "email": _unbroken(sheet.email, paper),
        "contact": {
            "first": short(sheet.contact_title + sheet.contact_given_name, "ผู้ประสานงาน"),
            "family": short(sheet.contact_family_name, wording.FORM_1_FAMILY_NAME),
            "mobile": paper.line(sheet.contact_mobile),
        },
        "signer": {
            "name": short(sheet.signer_name, "ชื่อผู้ลงนาม", SIGNED_LENGTH),
            "position": short(sheet.signer_position, "ตำแหน่งผู้ลงนาม"),
        },
        "office": {
            "name": short(sheet.office_name, wording.FORM_1_OFFICE),
            "phone": paper.line(sheet.office_phone),
            "fax": paper.line(sheet.office_fax),
        },
        "beside": [paper.line(line) for line in beside_the_form(sheet)],
        "continued": paper.continued,
        "seal": seal(
            base=sheet.verification_base,
            code=sheet.verification_code,
            case_number="",
            content_hash=content_hash(sheet),
        ),
        "running": {
            "text": paper.line("แบบการขอรหัสผู้ใช้และรหัสผ่าน (สิ่งที่ส่งมาด้วย 1)"),
            "page": "หน้า",
            "digits": paper.digits(),
        },
    }


def _unbroken(address: str, paper: PaperText) -> str:
    """Return an e-mail address as it can be copied from the paper; only one too long for a line may break in it."""
    return printable(address, breaks=False) if len(address) <= _EMAIL_IN_A_LINE else paper.line(address)


def _words(paper: PaperText) -> dict[str, object]:
    verbatim = {
        "title": wording.FORM_1_TITLE,
        "number": wording.FORM_1_NUMBER,
        "authority": wording.AUTHORITY,
        "address": wording.FORM_1_ADDRESS,
        "day_month_year": wording.DAY_MONTH_YEAR,
        "subject_label": wording.SUBJECT_LABEL,
        "subject": wording.SUBJECT,
        "addressee_label": wording.ADDRESSEE_LABEL,
        "addressee": wording.FORM_1_ADDRESSEE,
        "whereas": wording.FORM_1_WHEREAS,
        "named": wording.FORM_1_AUTHORITY,
        "district": wording.FORM_1_DISTRICT,
        "province": wording.FORM_1_PROVINCE,
        "wish": wording.FORM_1_WISH,
        "because": wording.FORM_1_BECAUSE,
        "therefore": wording.FORM_1_THEREFORE,
        "titles": wording.TITLES,
        "family": wording.FORM_1_FAMILY_NAME,
        "position": wording.POSITION,
        "acting": wording.FORM_1_ACTING,
        "email": wording.FORM_1_EMAIL,
        "contact": wording.FORM_1_CONTACT,
        "mobile": wording.FORM_1_MOBILE,
        "closing": wording.FORM_1_CLOSING,
        "respect": wording.FORM_1_RESPECT,
        "chief": wording.FORM_1_CHIEF_EXECUTIVE,
        "office": wording.FORM_1_OFFICE,
        "phone": wording.FORM_1_PHONE,
        "fax": wording.FORM_1_FAX,
        "note": wording.FORM_1_NOTE,
        "beside": wording.FORM_1_BESIDE,
        "continuation": "ใบต่อแบบการขอรหัสผู้ใช้และรหัสผ่าน",
        "continuation_note": "ข้อความต่อไปนี้เป็นส่วนหนึ่งของหนังสือ และแสดงไว้ครบถ้วน",
    }
    return {key: paper.text(value) for key, value in verbatim.items()}
