"""What every printed sheet shares: its digits, its lines of text, its signatures, its seal and its content hash."""

import dataclasses
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from kunjae.core.clock import long_datetime
from kunjae.core.identifiers import group_short_code
from kunjae.core.numerals import to_thai_digits
from kunjae.documents.fonts import printable
from kunjae.documents.qr import page_address, qr_svg, short_hash, verification_address

#: Letters and forms may show Thai digits, by the authority's setting (the data keep Arabic ones).
Numerals = Literal["arabic", "thai"]

#: Thai is written without spaces: a word with a Latin letter is looked for in a run of visible ASCII.
_ASCII_RUN = re.compile(r"[!-~]+")
_LATIN_LETTER = re.compile(r"[A-Za-z]")

#: Blanks that may part words; the no-break space of a date is none.
_BLANKS = re.compile(r"[ \t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")

#: Characters of a name or position under a signature, and of any other line that is not ruled for more.
SIGNED_LENGTH = 64
LINE_LENGTH = 100

_SEAL_WORDS = {
    "th": {
        "code": "รหัสตรวจสอบ",
        "hash": "ลายพิมพ์ข้อมูล",
        "at": "ตรวจสอบได้ที่",
        "spoken": "คิวอาร์โค้ดสำหรับตรวจสอบเอกสาร",
    },
    "en": {
        "code": "Verification code",
        "hash": "Content hash",
        "at": "Verify at",
        "spoken": "QR code that verifies this document",
    },
}


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


#: A place left for the pen, for whoever signs.
UNSIGNED = Signature()


def in_numerals(text: str, numerals: Numerals) -> str:
    """Return the text in these digits. A word with a Latin letter stays: a user id, an address, a code."""
    if numerals == "arabic":
        return text
    return _ASCII_RUN.sub(lambda run: run[0] if _LATIN_LETTER.search(run[0]) else to_thai_digits(run[0]), text)


class PaperText:
    """Text on its way to one sheet: in the sheet's digits, with printable characters only, cut if need be.

    What was cut is kept in `continued`, in full, for the continuation sheet: paper loses no word.
    """

    def __init__(self, numerals: Numerals) -> None:
        self.numerals = numerals
        self.continued: list[dict[str, str]] = []

    def text(self, value: str) -> str:
        """Return the text with its own line breaks."""
        return in_numerals(printable("\n".join(value.strip().splitlines())), self.numerals)

    def line(self, value: str) -> str:
        """Return the text as one line."""
        return self.text(_BLANKS.sub(" ", value))

    def short(self, value: str, label: str, limit: int) -> str:
        """Return the text as one line, or its beginning with the whole of it kept under the label."""
        shown = self.line(value)
        if len(shown) <= limit:
            return shown
        entry = {"mark": "•", "label": self.line(label), "value": shown}
        if entry not in self.continued:
            self.continued.append(entry)
        end = limit
        while end > 1 and unicodedata.category(shown[end]).startswith("M"):
            end -= 1
        return f"{shown[:end]}\u00a0…"

    def numbered(self, items: Iterable[str]) -> str:
        """Return the items one after the other, numbered if there are several."""
        shown = [self.line(item) for item in items]
        if len(shown) <= 1:
            return "".join(shown)
        return "  ".join(f"{in_numerals(str(number), self.numerals)}) {item}" for number, item in enumerate(shown, 1))

    def digits(self) -> list[str]:
        """Return nought to nine, as the layout counts its pages."""
        return list(in_numerals("0123456789", self.numerals))

    def signature(self, signature: Signature, *, printed: str = "") -> dict[str, str]:
        """Return one place of signing; `printed` is the position printed while nobody is named."""
        pens = {"electronic": "(ลงชื่ออิเล็กทรอนิกส์)", "paper": "(ลงชื่อในเอกสารต้นฉบับ)", "": ""}
        instant = long_datetime(signature.at, "th") if signature.at else ""
        if instant and signature.signed == "electronic":
            instant = f"ลงชื่อในระบบเมื่อ {instant}"
        stamp = " ".join(part for part in (instant, signature.note) if part)
        return {
            "pen": pens[signature.signed],
            "name": self.short(signature.name, "ชื่อผู้ลงชื่อ", SIGNED_LENGTH),
            "position": self.short(signature.position, "ตำแหน่งผู้ลงชื่อ", SIGNED_LENGTH),
            "capacity": self.short(signature.capacity, "ตำแหน่งผู้ลงชื่อ", SIGNED_LENGTH),
            "printed": self.short(printed, "ตำแหน่งผู้ลงชื่อ", SIGNED_LENGTH),
            "stamp": self.short(stamp, "การลงชื่อ", LINE_LENGTH),
        }


def seal(
    *, base: str, code: str, case_number: str, content_hash: str, language: Literal["th", "en"] = "th"
) -> dict[str, object] | None:
    """Return the QR code for the foot with what it stands for; None without a `base` address to lead to.

    Codes and hashes keep their Arabic digits, because they are typed in.
    """
    if not base:
        return None
    address = verification_address(base, code, case_number=case_number, content_hash=content_hash)
    words = _SEAL_WORDS[language]
    code_shown = f"{words['code']} {group_short_code(code)}  " if code else ""
    return {
        "svg": qr_svg(address, quiet_zone=0).decode(),
        "spoken": printable(f"{words['spoken']} {address}", breaks=False),
        "lines": [
            printable(f"{code_shown}{words['hash']} {short_hash(content_hash)}", breaks=False),
            printable(f"{words['at']} {page_address(base, code)}", breaks=False),
        ],
    }


def hash_of_facts(hashed_as: str, facts: Mapping[str, object]) -> str:
    """Return SHA-256, in hexadecimal, of what a sheet says.

    Hashed is UTF-8 JSON with sorted keys and without blanks: {"facts": …, "hashed_as": …}. Dataclasses are their
    fields by name. Empty facts are left out, so that a fact added later does not change older sheets. Texts are in
    normal form C without blanks at either end, days are ISO 8601, instants are UTC to the second.

    :raises ValueError: if an instant has no time zone
    """
    canonical = json.dumps(
        {"hashed_as": hashed_as, "facts": _canonical(facts)}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def facts_of(record: object, *, without: frozenset[str] = frozenset()) -> dict[str, object]:
    """Return the fields of a dataclass by name, without those that only say how it is shown."""
    fields = dataclasses.fields(record)  # type: ignore[arg-type]
    return {field.name: getattr(record, field.name) for field in fields if field.name not in without}


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
            return _canonical(facts_of(value))
        case _:
            return value
