"""
Read the file of the national register: comma-separated, one authority a line, all of it or nothing.

A file that is not as it should be is refused by the number of its first wrong line (the heads are
line 1) and one reason of `kunjae.organisations.reasons`; the refused text itself is not repeated.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from kunjae.core.numerals import to_ascii_digits
from kunjae.core.text import clean_line, refuse_mixed_scripts
from kunjae.core.unacceptable import Unacceptable
from kunjae.organisations.models import Kind

COLUMNS = (
    "lao_code7", "type_th", "name_th", "province_code", "province_th", "amphoe_code_from_lao_code", "amphoe_th",
)  # fmt: skip
#: May stand beside the others: the code that an authority had until it was upgraded or recoded.
FORMER_CODE = "former_code"

SIZE_MAX_MB = 16
NAME_LENGTH_MAX, DISTRICT_LENGTH_MAX, PROVINCE_LENGTH_MAX = 150, 80, 60

KINDS = {
    "อบจ.": Kind.PROVINCIAL,
    "เทศบาลนคร": Kind.CITY,
    "เทศบาลเมือง": Kind.TOWN,
    "เทศบาลตำบล": Kind.SUBDISTRICT_MUNICIPALITY,
    "อบต.": Kind.SUBDISTRICT_ORGANISATION,
    "เมืองพัทยา": Kind.PATTAYA,
}
"""The kind as `type_th` says it. It is never read off the code: two เทศบาลตำบล have the first digit of an อบต."""

_KINDS_WRITTEN = {
    **KINDS,
    "องค์การบริหารส่วนจังหวัด": Kind.PROVINCIAL,
    "องค์การบริหารส่วนตำบล": Kind.SUBDISTRICT_ORGANISATION,
    "อบจ": Kind.PROVINCIAL,
    "อบต": Kind.SUBDISTRICT_ORGANISATION,
}

UTF_8, TIS_620, WINDOWS_874 = "UTF-8", "TIS-620", "Windows-874"


@dataclass(frozen=True, slots=True)
class Row:
    """One authority as the file has it, checked and in its one spelling; `line` is where it stands."""

    line: int
    code: str
    kind: Kind
    name_th: str
    province_code: str
    province_th: str
    district_code: str
    district_th: str
    former_code: str


@dataclass(frozen=True, slots=True)
class Register:
    """A whole file: its rows, the encoding it was in, and the SHA-256 of its bytes."""

    rows: tuple[Row, ...]
    encoding: str
    digest: str


def read(file: bytes) -> Register:
    """
    Read a register, or refuse it whole.

    :raises Unacceptable: a `register_…` reason, with `line` where it is one line's fault
    """
    text, encoding = _decoded(file)
    heads, lines = _lines_of(text)
    rows = tuple(_rows(heads, lines))
    if not rows:
        raise Unacceptable("register_no_rows")
    return Register(rows=rows, encoding=encoding, digest=sha256(file).hexdigest())


# --- From bytes to text -----------------------------------------------------------------------------------------

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def _decoded(file: bytes) -> tuple[str, str]:
    if not file.strip():
        raise Unacceptable("register_empty")
    if len(file) > SIZE_MAX_MB * 1024 * 1024:
        raise Unacceptable("register_too_large", size_max=SIZE_MAX_MB)
    if file.startswith(_SPREADSHEETS):
        raise Unacceptable("register_spreadsheet")
    try:
        return file.decode("utf-8-sig"), UTF_8
    except UnicodeDecodeError as fault:
        line = file.count(b"\n", 0, fault.start) + 1
        if _is_mostly_utf_8(file):
            is_at_the_end = fault.reason == "unexpected end of data"
            raise Unacceptable("register_cut" if is_at_the_end else "register_encoding", line=line) from fault
    # Thai offices still save in the one-byte encodings; Windows-874 is TIS-620 with a few signs more.
    try:
        text = file.decode("cp874")
    except UnicodeDecodeError as fault:
        raise Unacceptable("register_encoding", line=line) from fault
    return text, WINDOWS_874 if file.translate(None, _ASCII_AND_TIS_620) else TIS_620


_ASCII = bytes(range(0x80))
_ASCII_AND_TIS_620 = _ASCII + bytes(range(0xA1, 0x100))


def _is_mostly_utf_8(file: bytes) -> bool:
    """Tell a damaged UTF-8 file, whose Thai letters begin with E0 B8 or E0 B9, from one that is none."""
    letters_bytes = 3 * (file.count(b"\xe0\xb8") + file.count(b"\xe0\xb9"))
    return 2 * letters_bytes > len(file.translate(None, _ASCII))


# --- From text to cells -----------------------------------------------------------------------------------------

_LINE_END = re.compile("\r\n|\r|\n")
Line = tuple[int, list[str]]


def _lines_of(text: str) -> tuple[list[str], Iterator[Line]]:
    lines = _LINE_END.split(text)
    if lines[-1] or (text.endswith("\r") and "\r\n" in text):
        # Every program ends the last line; one that has no end has lost at least that, and who knows what.
        raise Unacceptable("register_cut", line=len(lines) if lines[-1] else len(lines) - 1)
    lines.pop()
    heads = [head.strip() for head in _cells(lines[0], line=1)]
    if missing := [column for column in COLUMNS if column not in heads]:
        raise Unacceptable("register_columns", columns=", ".join(missing))
    if twice := [column for column in (*COLUMNS, FORMER_CODE) if heads.count(column) > 1]:
        raise Unacceptable("register_column_twice", column=twice[0])
    return heads, _lines(lines, width=len(heads))


def _lines(lines: list[str], *, width: int) -> Iterator[Line]:
    for number, line in enumerate(lines[1:], start=2):
        cells = _cells(line, line=number)
        if not any(cells):
            continue  # Spreadsheets leave empty lines at the end.
        if len(cells) != width:
            raise Unacceptable("register_cells", line=number, found=len(cells), wanted=width)
        yield number, cells


def _cells(text: str, *, line: int) -> list[str]:
    """Part one line. No value goes over lines, so a quotation mark that stays open is found where it stands."""
    if '"' not in text:
        return text.split(",")
    try:
        cells = next(csv.reader([text], strict=True))
    except csv.Error as fault:
        raise Unacceptable("register_quotes", line=line) from fault
    if any('"' in cell for cell in cells):
        raise Unacceptable("register_quotes", line=line)
    return cells


# --- From cells to authorities ----------------------------------------------------------------------------------

_CODE = re.compile("0?([0-9]{7})")
_PROVINCE_CODE = re.compile("[0-9]{2}")
_DISTRICT_CODE = re.compile("[0-9]{4}")
_THAI_LETTER = re.compile("[\u0e01-\u0e2e]")
_NAME = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e\u0e50-\u0e590-9A-Za-z .()/-]+")
#: Nothing but Thai letters, and hence in need of no look for what cannot be seen.
_PLAIN = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e0-9a-z_.]*")
_PATTAYA_PREFIX = "เมือง"


def _rows(heads: list[str], lines: Iterator[Line]) -> Iterator[Row]:
    places = {column: heads.index(column) for column in (*COLUMNS, FORMER_CODE) if column in heads}
    names = _Names()
    seen: dict[str, int] = {}
    provinces: dict[str, tuple[str, int]] = {}
    for line, cells in lines:
        cell = {column: _visible(cells[place], line=line, column=column) for column, place in places.items()}
        row = _row(cell, line=line, names=names)
        if (first := seen.setdefault(row.code, line)) != line:
            raise Unacceptable("register_code_twice", line=line, first=first)
        province_th, first = provinces.setdefault(row.province_code, (row.province_th, line))
        if province_th != row.province_th:
            raise Unacceptable("register_province_name", line=line, first=first)
        yield row


def _visible(cell: str, *, line: int, column: str) -> str:
    """Refuse what cannot be seen, even what is dropped from a form without a word: here nobody types."""
    if not _PLAIN.fullmatch(cell):
        for position, character in enumerate(cell, start=1):
            if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}:
                code = f"U+{ord(character):04X}"
                raise Unacceptable("register_unprintable", line=line, column=column, code=code, position=position)
    return cell.strip()


class _Names:
    """Cleans names; provinces and districts come again and again and are cleaned once."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, int], str] = {}

    def clean(self, typed: str, *, length_max: int, line: int, column: str) -> str:
        known = self.known.get((typed, length_max))
        if known is None:
            known = self.known[typed, length_max] = _clean_name(typed, length_max=length_max, line=line, column=column)
        return known


def _clean_name(typed: str, *, length_max: int, line: int, column: str) -> str:
    if not typed:
        raise Unacceptable("register_value_missing", line=line, column=column)
    try:
        name = clean_line(typed, length_max=length_max)
        refuse_mixed_scripts(name)
    except Unacceptable as fault:
        reason = "register_too_long" if fault.reason == "text_too_long" else "register_name"
        raise Unacceptable(reason, line=line, column=column, length_max=length_max) from fault
    if not _NAME.fullmatch(name) or not _THAI_LETTER.search(name):
        raise Unacceptable("register_name", line=line, column=column, length_max=length_max)
    return name


def _row(cell: dict[str, str], *, line: int, names: _Names) -> Row:
    for column in COLUMNS:
        if not cell[column]:
            raise Unacceptable("register_value_missing", line=line, column=column)
    code = _code(cell, "lao_code7", line=line)
    kind = _KINDS_WRITTEN.get(cell["type_th"].replace(" ", ""))
    if kind is None:
        raise Unacceptable("register_kind", line=line, kinds=" ".join(KINDS))
    province_code = to_ascii_digits(cell["province_code"])
    if not _PROVINCE_CODE.fullmatch(province_code) or code[1:3] != province_code:
        raise Unacceptable("register_province_code", line=line)
    district_code = to_ascii_digits(cell["amphoe_code_from_lao_code"])
    if not _DISTRICT_CODE.fullmatch(district_code) or code[1:5] != district_code:
        raise Unacceptable("register_district_code", line=line)
    name_th = names.clean(cell["name_th"], length_max=NAME_LENGTH_MAX, line=line, column="name_th")
    if kind == Kind.PATTAYA:
        # The register repeats the kind in the name; elsewhere เมือง belongs to it (เทศบาลเมืองเมืองพล).
        name_th = name_th.removeprefix(_PATTAYA_PREFIX) or name_th
    former_code = _code(cell, FORMER_CODE, line=line) if cell.get(FORMER_CODE) else ""
    return Row(
        line=line,
        code=code,
        kind=kind,
        name_th=name_th,
        province_code=province_code,
        province_th=names.clean(cell["province_th"], length_max=PROVINCE_LENGTH_MAX, line=line, column="province_th"),
        district_code=district_code,
        district_th=names.clean(cell["amphoe_th"], length_max=DISTRICT_LENGTH_MAX, line=line, column="amphoe_th"),
        former_code="" if former_code == code else former_code,
    )


def _code(cell: dict[str, str], column: str, *, line: int) -> str:
    """Read a code of seven digits; it is often written with a zero before it (domain 3.2)."""
    match = _CODE.fullmatch(to_ascii_digits(cell[column]))
    if match is None:
        raise Unacceptable("register_code", line=line, column=column)
    return match[1]
