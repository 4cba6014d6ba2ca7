"""The second code of an activation on paper, folded so that it is its own envelope (D4).

Printed on one side and folded twice it shows a name and a case number outside; the code lies between two layers,
before a pattern that keeps it from being read against the light. Whoever prints it learns the second secret only: the
first one went to the person's own mailbox or telephone (docs/decisions/0009).
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from kunjae.core.clock import long_datetime
from kunjae.documents.fonts import printable
from kunjae.documents.render import render_pdf
from kunjae.documents.sheets import LINE_LENGTH, Numerals, PaperText, facts_of, hash_of_facts, seal

#: Names the canonical form that is hashed. A change of meaning takes a new name; a new optional fact does not.
HASHED_AS = "kunjae activation slip, version 1"

#: The code is no part of what is hashed: from a hash in the register, eight digits are soon found.
_NOT_CONTENT = frozenset({"numerals", "verification_base", "verification_code", "code", "activation_address"})

FirstWay = Literal["mail", "sms"]

_FIRST_WAYS = {"mail": "อีเมล", "sms": "ข้อความ (SMS)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationSlip:
    """One slip: for whom, to which account and case, the code, and until when it works.

    `first_way` is how the first secret went out; `activation_address` is the page where both are typed.
    """

    person_name: str
    authority_name: str
    place: str = ""
    user_id: str
    case_number: str
    code: str
    ends_at: datetime
    printed_at: datetime
    first_way: FirstWay = "mail"
    activation_address: str = ""
    verification_base: str = ""
    verification_code: str = ""
    numerals: Numerals = "thai"


def render_activation_slip(slip: ActivationSlip) -> bytes:
    """Set the slip as PDF/A on one A4, with its two folds; the same slip yields the same bytes.

    Nothing of it may be kept: the caller sends it once and stores the hash alone.

    :raises FontsMissing: if the document fonts have not been built
    """
    return render_pdf("activation_slip", _facts(slip), at=slip.printed_at.astimezone(UTC))


def content_hash(slip: ActivationSlip) -> str:
    """Return SHA-256, in hexadecimal, of what the slip says but its code.

    How it is made is told in `sheets.hash_of_facts`.

    :raises ValueError: if an instant has no time zone
    """
    return hash_of_facts(HASHED_AS, facts_of(slip, without=_NOT_CONTENT))


def _facts(slip: ActivationSlip) -> dict[str, object]:
    paper = PaperText(slip.numerals)
    code = " ".join((slip.code[:4], slip.code[4:]))
    return {
        "words": {key: paper.text(value) for key, value in _WORDS.items()},
        "person": paper.short(slip.person_name, "ผู้รับ", LINE_LENGTH),
        "authority": paper.short(slip.authority_name, "หน่วยงาน", LINE_LENGTH),
        "place": paper.short(slip.place, "หน่วยงาน", LINE_LENGTH),
        "case": paper.line(slip.case_number),
        # Typed on a keyboard: Arabic digits, whatever those of the paper.
        "user_id": printable(slip.user_id, breaks=False),
        "code": printable(code, breaks=False),
        "address": printable(slip.activation_address, breaks=False),
        "ends": paper.line(long_datetime(slip.ends_at, "th")),
        "first": paper.line(
            f"เปิดเว็บไซต์ด้านล่าง แล้วพิมพ์รหัสที่ได้รับทาง{_FIRST_WAYS[slip.first_way]} คู่กับรหัสในใบนี้ จากนั้นตั้งรหัสผ่านของท่านเอง"
        ),
        "pattern": _pattern(),
        "continued": paper.continued,
        "seal": seal(
            base=slip.verification_base,
            code=slip.verification_code,
            case_number=slip.case_number,
            content_hash=content_hash(slip),
        ),
        "running": {
            "text": paper.line(
                f"ใบแจ้งรหัสเปิดใช้งาน  เลขที่เรื่อง {slip.case_number}  พิมพ์เมื่อ {long_datetime(slip.printed_at, 'th')}"
            ),
            "page": "หน้า",
            "digits": paper.digits(),
        },
    }


_WORDS = {
    "title": "ใบแจ้งรหัสเปิดใช้งาน",
    "secret": "ลับ",
    "only": "เปิดได้เฉพาะผู้รับ",
    "to": "ถึง",
    "case": "เลขที่เรื่อง",
    "about": "รหัสเปิดใช้งานระบบ e-LAAS",
    "if_open": "หากซองถูกเปิดก่อนถึงมือท่าน อย่าใช้รหัสนี้ โปรดแจ้งผู้ออกรหัสทันที",
    "fold_up": "พับครั้งที่ 1: พับส่วนล่างขึ้นมาทับรหัส",
    "fold_back": "พับครั้งที่ 2: พับส่วนนี้ไปด้านหลัง ให้ชื่อผู้รับอยู่ด้านนอก แล้วปิดผนึกทั้งสามด้าน",
    "user_id": "รหัสผู้ใช้ (User)",
    "code": "รหัสในใบนี้",
    "ends": "ใช้ได้ถึง",
    "keep": "ไม่มีผู้ใดทราบรหัสผ่านที่ท่านตั้ง อย่าเปิดเผยให้ผู้อื่นทราบ และทำลายใบนี้เมื่อใช้แล้ว",
    "pattern": "ลายกันอ่านผ่านกระดาษ",
}

_PATTERN_WIDTH, _PATTERN_HEIGHT = 160, 64
_SEGMENTS = ("h3", "m0 3h3", "m0 6h3", "v3", "m3 0v3", "m0 3v3", "m3 3v3")


def _pattern() -> str:
    """Draw what lies against the code once the paper is folded: figures in heaps, the same on every slip."""
    drawn = random.Random(1704)  # noqa: S311 (a picture, not a secret)
    strokes = []
    for _layer in range(2):
        for row in range(0, _PATTERN_HEIGHT, 8):
            for column in range(0, _PATTERN_WIDTH, 5):
                x, y = column + drawn.randrange(3) / 2, row + drawn.randrange(3) / 2
                strokes += [f"M{x} {y}{drawn.choice(_SEGMENTS)}" for _segment in range(4)]
    path = "".join(strokes)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_PATTERN_WIDTH} {_PATTERN_HEIGHT}'>"
        f"<path d='{path}' fill='none' stroke='#333' stroke-width='0.7'/></svg>"
    )
