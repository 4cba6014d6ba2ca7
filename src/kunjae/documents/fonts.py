"""The fonts of printed documents: where they lie, and what they can show.

Paper is set in Sarabun, the open relative of the government's TH Sarabun: 12 pt of it stand as tall as
16 pt of TH Sarabun. The set-up copies the faces to the built static files; nothing is taken from the system,
so that a sheet looks the same on every machine.
"""

import re
import struct
import threading
import unicodedata
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

#: The family name inside the font files, as the layouts ask for it.
FAMILY = "Sarabun"

_BUILT = ("site", "static", "built", "fonts", "pdf")

#: Joiners and the zero-width space steer the shaping of a line; they need no glyph of their own.
_SHAPING_ONLY = frozenset("\u200b\u200c\u200d")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


_MARKS_ON_A_BASE = 3

#: Thirty characters of Latin script, twenty Thai consonants without a vowel, or one sound a dozen times: no word
#: is like that, and a line breaker finds none in it.
_WITHOUT_A_BREAK = re.compile(r"[^\s\u0e00-\u0e7f]{30,}|[\u0e01-\u0e2f\u0e46\u0e50-\u0e59]{20,}|(\S{1,6}?)\1{11,}")
#: About ten characters, without parting a consonant from the vowel or mark that follows it.
_PIECE = re.compile(r".{10,16}?(?![\u0e30-\u0e3a\u0e45\u0e47-\u0e4e])")


class FontsMissing(Exception):
    """The folder of the document fonts is not there, or holds no face of the family."""


_configured: Path | None = None
_lock = threading.Lock()


def configure(font_dir: Path | str | None) -> None:
    """Take the document fonts from this folder; with None, from the built static files again."""
    global _configured  # noqa: PLW0603 — one folder for the process, like a setting
    with _lock:
        _configured = None if font_dir is None else Path(font_dir)
        _faces.cache_clear()
        printable_codepoints.cache_clear()


def font_directory() -> Path:
    """Return the folder that holds the document fonts.

    :raises FontsMissing: if it has no TrueType file; the sentence says how to make it
    """
    folder = _configured or Path(str(files("kunjae").joinpath(*_BUILT)))
    if not any(folder.glob("*.ttf")):
        raise FontsMissing(f"No document fonts in {folder}: build the static files first (make setup).")
    return folder


@lru_cache(maxsize=1)
def printable_codepoints() -> frozenset[int]:
    """Return the code points that every face of the family can draw.

    :raises FontsMissing: if the folder has no TrueType file
    """
    return frozenset.intersection(*(frozenset(face) for face in _faces()))


def width_in_ems(text: str) -> float:
    """Return about how wide the text is in one line of the regular face: before kerning, to one or two per cent."""
    regular = _faces()[0]
    return sum(regular.get(ord(character), 0.0) for character in text)


@lru_cache(maxsize=1)
def _faces() -> tuple[dict[int, float], ...]:
    """Return what each face can draw, and how wide each character is in ems; the regular face comes first."""
    paths = sorted(font_directory().glob("*.ttf"), key=lambda path: ("Regular" not in path.name, path.name))
    return tuple(_widths_of(path.read_bytes()) for path in paths)


def printable(text: str, *, breaks: bool = True) -> str:
    """Return the text as paper can show it.

    A character that the font lacks or that cannot be seen, and a mark on top of three others, is written as
    [U+202E]: an archive's PDF may not hold a character without a glyph, and a sheet that is signed may not hide
    one. Line breaks stay. With `breaks`, a run that offers no place to break a line is given some (zero-width
    spaces); an address or a user id that is copied from the page must do without.
    """
    known = printable_codepoints()
    shown = []
    stacked = 0
    for character in text:
        stacked = stacked + 1 if unicodedata.category(character) == "Mn" else 0
        drawn = character == "\n" or (_can_be_drawn(character, known) and stacked <= _MARKS_ON_A_BASE)
        shown.append(character if drawn else f"[U+{ord(character):04X}]")
    if not breaks:
        return "".join(shown)
    return _WITHOUT_A_BREAK.sub(lambda run: _PIECE.sub("\\g<0>\u200b", run[0]), "".join(shown))


def _can_be_drawn(character: str, known: frozenset[int]) -> bool:
    if character in _SHAPING_ONLY:
        return True
    return ord(character) in known and unicodedata.category(character) not in _INVISIBLE_CATEGORIES


def _widths_of(font: bytes) -> dict[int, float]:
    """Read a TrueType file: the width in ems of each character that has a glyph."""
    (units_in_an_em,) = struct.unpack_from(">H", _table(font, b"head"), 18)
    (count,) = struct.unpack_from(">H", _table(font, b"hhea"), 34)
    metrics = struct.unpack_from(">" + "Hh" * count, _table(font, b"hmtx"))
    advances = metrics[0::2]
    return {
        codepoint: advances[min(glyph, count - 1)] / units_in_an_em
        for codepoint, glyph in _glyphs_of(_table(font, b"cmap")).items()
    }


def _glyphs_of(cmap: bytes) -> dict[int, int]:
    """Read a character map: its Unicode tables of formats 4 and 12."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    found: dict[int, int] = {}
    for index in range(count):
        _platform, _encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * index)
        (table_format,) = struct.unpack_from(">H", cmap, offset)
        if table_format == 4:
            found |= _glyphs_of_format_4(cmap[offset:])
        elif table_format == 12:
            found |= _glyphs_of_format_12(cmap[offset:])
    return found


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _checksum, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return font[offset : offset + length]
    raise FontsMissing(f"A document font has no table {tag.decode()}.")


def _glyphs_of_format_4(table: bytes) -> dict[int, int]:
    segments = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", table, 14)
    starts = struct.unpack_from(f">{segments}H", table, 16 + 2 * segments)
    deltas = struct.unpack_from(f">{segments}H", table, 16 + 4 * segments)
    ranges_at = 16 + 6 * segments
    ranges = struct.unpack_from(f">{segments}H", table, ranges_at)
    found = {}
    for index, (start, end, delta, glyph_range) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for codepoint in range(start, min(end, 0xFFFE) + 1):
            glyph = codepoint
            if glyph_range:
                at = ranges_at + 2 * index + glyph_range + 2 * (codepoint - start)
                (glyph,) = struct.unpack_from(">H", table, at)
                if not glyph:
                    continue
            if shifted := (glyph + delta) & 0xFFFF:
                found[codepoint] = shifted
    return found


def _glyphs_of_format_12(table: bytes) -> dict[int, int]:
    (groups,) = struct.unpack_from(">I", table, 12)
    found: dict[int, int] = {}
    for index in range(groups):
        start, end, glyph = struct.unpack_from(">III", table, 16 + 12 * index)
        found |= {codepoint: glyph + codepoint - start for codepoint in range(start, end + 1)}
    return {codepoint: glyph for codepoint, glyph in found.items() if glyph}
