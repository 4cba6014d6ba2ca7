"""The department's reply to form 1: an official letter that says what became of the authority's own.

Number, day and name are left to the pen: the department gives them, and no template knows them (L-01, L-08). So is the
emblem, for which three centimetres stay free; see docs/decisions/0013.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from kunjae.core.clock import long_date, start_of_thai_day
from kunjae.documents import official_wording as wording
from kunjae.documents.render import render_pdf
from kunjae.documents.sheets import (
    LINE_LENGTH,
    SIGNED_LENGTH,
    UNSIGNED,
    Numerals,
    PaperText,
    Signature,
    facts_of,
    hash_of_facts,
    seal,
)

#: Names the canonical form that is hashed. A change of meaning takes a new name; a new optional fact does not.
HASHED_AS = "kunjae letter reply, version 1"

_UNDATED = datetime(2019, 7, 1, tzinfo=UTC)
_NOT_CONTENT = frozenset(
    {"numerals", "verification_base", "verification_code", "reply_number", "reply_date", "signature"}
)
_REASON_LENGTH = 500
#: A longer word of a name may be wider than its line.
_KEPT_LENGTH_MAX = 40

Outcome = Literal["issued", "returned", "refused"]

_SUBJECTS = {
    "issued": "การจัดส่งรหัสผู้ใช้และรหัสผ่านเข้าใช้งานในระบบบัญชีคอมพิวเตอร์ขององค์กรปกครองส่วนท้องถิ่น (e-LAAS)",
    "returned": "ส่งคืนหนังสือขอรหัสผู้ใช้และรหัสผ่านในระบบบัญชีคอมพิวเตอร์ขององค์กรปกครองส่วนท้องถิ่น (e-LAAS) เพื่อแก้ไข",
    "refused": "แจ้งผลการขอรหัสผู้ใช้และรหัสผ่านในระบบบัญชีคอมพิวเตอร์ขององค์กรปกครองส่วนท้องถิ่น (e-LAAS)",
}
_CLOSINGS = {
    "issued": "จึงเรียนมาเพื่อโปรดทราบ",
    "returned": "จึงเรียนมาเพื่อโปรดพิจารณาดำเนินการ",
    "refused": "จึงเรียนมาเพื่อโปรดทราบ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySheet:
    """One reply. Texts are final: "จังหวัดภูเก็ต", "นายกเทศมนตรีตำบลราไวย์".

    `letter_number` and `letter_date` are those of the authority's letter, `received_number` and `received_date` the
    department's. `recipient_position` is what the letter asks the keys for. `user_id` is printed with an issue
    only; no password is ever printed. `reason` is why a letter was returned or refused. `reply_number`,
    `reply_date` and `signature` are the department's own; empty, they wait for the pen.
    """

    outcome: Outcome
    authority_name: str
    district: str = ""
    province: str = ""
    addressee: str = ""
    letter_number: str = ""
    letter_date: date | None = None
    received_number: str = ""
    received_date: date | None = None
    case_number: str = ""
    recipient_name: str = ""
    recipient_position: str = ""
    user_id: str = ""
    reason: str = ""
    reply_number: str = ""
    reply_date: date | None = None
    signature: Signature = UNSIGNED
    verification_base: str = ""
    verification_code: str = ""
    numerals: Numerals = "thai"


def render_letter_reply(sheet: ReplySheet) -> bytes:
    """Set the reply as PDF/A on one A4; the same sheet yields the same bytes.

    :raises FontsMissing: if the document fonts have not been built
    """
    known = sheet.reply_date or sheet.received_date or sheet.letter_date
    return render_pdf("letter_reply", _facts(sheet), at=start_of_thai_day(known) if known else _UNDATED)


def content_hash(sheet: ReplySheet) -> str:
    """Return SHA-256, in hexadecimal, of what the reply says, without what the pen adds.

    How it is made is told in `sheets.hash_of_facts`.
    """
    return hash_of_facts(HASHED_AS, facts_of(sheet, without=_NOT_CONTENT))


def _facts(sheet: ReplySheet) -> dict[str, object]:
    paper = PaperText(sheet.numerals)

    def short(value: str, label: str, limit: int = LINE_LENGTH) -> str:
        return paper.short(value, label, limit)

    return {
        "words": {key: paper.text(value) for key, value in _WORDS.items()},
        "number": short(sheet.reply_number, "ที่", SIGNED_LENGTH),
        "date": paper.line(long_date(sheet.reply_date, "th")) if sheet.reply_date else "",
        "subject": paper.text(_SUBJECTS[sheet.outcome]),
        "addressee": short(sheet.addressee or f"นายก {sheet.authority_name}", "เรียน"),
        "reference": short(_reference(sheet), "อ้างถึง", 2 * LINE_LENGTH),
        "paragraphs": [short(text, "ข้อความ", limit) for text, limit in _paragraphs(sheet)],
        "kept": [paper.text(word) for word in _words_of_names(sheet)],
        "closing": paper.text(_CLOSINGS[sheet.outcome]),
        "signature": paper.signature(sheet.signature),
        "beside": paper.line(_beside(sheet)),
        "continued": paper.continued,
        "seal": seal(
            base=sheet.verification_base,
            code=sheet.verification_code,
            case_number=sheet.case_number,
            content_hash=content_hash(sheet),
        ),
        "running": {
            "text": paper.line(f"หนังสือตอบ  เลขที่เรื่อง {sheet.case_number}" if sheet.case_number else "หนังสือตอบ"),
            "page": "หน้า",
            "digits": paper.digits(),
        },
    }


_WORDS = {
    "title": "หนังสือตอบแบบการขอรหัสผู้ใช้และรหัสผ่าน",
    "number": wording.FORM_1_NUMBER,
    "department": wording.DEPARTMENT,
    "address": wording.DEPARTMENT_ADDRESS,
    "subject_label": wording.SUBJECT_LABEL,
    "addressee_label": wording.ADDRESSEE_LABEL,
    "reference_label": wording.REFERENCE_LABEL,
    "respect": wording.FORM_1_RESPECT,
    "position": wording.POSITION,
    "section": wording.SECTION,
    "phone": wording.FORM_1_PHONE,
    "fax": wording.FORM_1_FAX,
    "continuation": "ใบต่อหนังสือตอบ",
    "continuation_note": "ข้อความต่อไปนี้เป็นส่วนหนึ่งของหนังสือ และแสดงไว้ครบถ้วน",
}


def _words_of_names(sheet: ReplySheet) -> list[str]:
    """List the words of the names in the letter that no line may break, the longer ones first."""
    names = (sheet.authority_name, sheet.district, sheet.province, sheet.recipient_name, sheet.recipient_position)
    words = {word for name in names for word in name.split() if 2 < len(word) <= _KEPT_LENGTH_MAX}
    return sorted(words, key=lambda word: (-len(word), word))


def _reference(sheet: ReplySheet) -> str:
    number = f" ที่ {sheet.letter_number}" if sheet.letter_number else ""
    day = f" ลงวันที่ {long_date(sheet.letter_date, 'th')}" if sheet.letter_date else ""
    return f"หนังสือ{sheet.authority_name}{number}{day}"


def _paragraphs(sheet: ReplySheet) -> list[tuple[str, int]]:
    """Return why we write, what was decided, and what is to be done; each with how long it may be on the page."""
    place = " ".join(part for part in (sheet.authority_name, sheet.district, sheet.province) if part)
    whom = f" ให้{sheet.recipient_name}" if sheet.recipient_name else ""
    post = f" {sheet.recipient_position}" if sheet.recipient_position else ""
    asked = (
        f"ตามหนังสือที่อ้างถึง {place} ขอรหัสผู้ใช้และรหัสผ่านเข้าใช้งานในระบบบัญชีคอมพิวเตอร์ขององค์กรปกครองส่วนท้องถิ่น "
        f"(e-LAAS){whom}{post} นั้น"
    )
    return [(asked, 2 * _REASON_LENGTH), *((text, 2 * _REASON_LENGTH) for text in _decided(sheet))]


def _decided(sheet: ReplySheet) -> list[str]:
    who = wording.DEPARTMENT
    because = f" เนื่องจาก {sheet.reason}" if sheet.reason else ""
    if sheet.outcome == "issued":
        user_id = f" {sheet.user_id}" if sheet.user_id else ""
        return [
            (
                f"{who} ตรวจสอบหนังสือและยืนยันกับ{sheet.authority_name}แล้ว จึงได้เปิดรหัสผู้ใช้{user_id} "
                "และจัดส่งวิธีตั้งรหัสผ่านไปยัง e-mail address และเบอร์มือถือที่แจ้งมาในหนังสือ "
                "ผู้รับต้องตั้งรหัสผ่านด้วยตนเอง ไม่มีผู้ใดทราบรหัสผ่านนั้น และต้องไม่เปิดเผยให้ผู้อื่นทราบ"
            ),
            f"หาก{sheet.authority_name}มิได้ขอตามหนังสือข้างต้น โปรดแจ้ง{who}ทันที เพื่อระงับรหัสผู้ใช้ดังกล่าว",
        ]
    if sheet.outcome == "returned":
        return [(f"{who} พิจารณาแล้ว ขอส่งคืนหนังสือดังกล่าวเพื่อแก้ไข{because} ทั้งนี้ เมื่อแก้ไขแล้วโปรดจัดทำหนังสือฉบับใหม่ และจัดส่งอีกครั้ง")]
    return [f"{who} พิจารณาแล้ว ไม่อาจจัดส่งรหัสผู้ใช้และรหัสผ่านให้ตามที่ขอได้{because}"]


def _beside(sheet: ReplySheet) -> str:
    number = f"เลขรับ {sheet.received_number}" if sheet.received_number else ""
    day = f"ลงวันที่ {long_date(sheet.received_date, 'th')}" if sheet.received_date else ""
    return " ".join(part for part in (number, day) if part)
