"""Text that people type: one spelling of it, nothing unseen in it, its order and how it is searched (T-14, T-15).

Unicode lets the same Thai word be written in several ways that look alike. `canonical` chooses one; everything
that is stored or compared passes through it. The rest of this module builds on canonical text.
"""

import re
import unicodedata

from kunjae.core.numerals import to_ascii_digits
from kunjae.core.unacceptable import Unacceptable

#: Two marks are the most that Thai sets on one consonant: a vowel above or below, and a tone.
MARKS_PER_BASE_MAX = 2

# --- One spelling -----------------------------------------------------------------------------------------------

#: Dropped without a word: break hints, joiners, the byte order mark, the choice between text and emoji.
_DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff"))
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\u0085\u2028\u2029]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")

_TONES = "\u0e48-\u0e4b"
_SARA_AM, _NIKHAHIT, _SARA_AA = "\u0e33", "\u0e4d", "\u0e32"
#: The order of marks on one consonant: phinthu, vowel, shortener, nikhahit, tone, silencer.
_MARK_ORDER = {
    "\u0e3a": 0,
    **dict.fromkeys("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39", 1),
    "\u0e47": 2,
    _NIKHAHIT: 3,
    **dict.fromkeys("\u0e48\u0e49\u0e4a\u0e4b", 4),
    **dict.fromkeys("\u0e4c\u0e4e", 5),
}
_MARK_RUN = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{2,}")
_TONE_AFTER_SARA_AM = re.compile(f"({_NIKHAHIT}[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*){_SARA_AA}([{_TONES}]+)")
_PARTED_SARA_AM = re.compile(f"{_NIKHAHIT}([{_TONES}\u0e4c\u0e4e]*){_SARA_AA}")


def canonical(text: str) -> str:
    """Return the one spelling under which equal-looking text is equal.

    NFC; in Thai two เ become แ, sara am is one character after its tone, and the marks of a consonant stand in
    one order; what nobody sees is dropped, spaces are single and plain, lines are trimmed and end in a line feed.
    """
    visible = _LINE_BREAK.sub("\n", text.translate(_DROPPED))
    lines = [_SPACES.sub(" ", _spell(line)).strip(" ") for line in visible.split("\n")]
    return "\n".join(lines).strip("\n")


def _spell(line: str) -> str:
    # Marks of several scripts on one base can need a second round; the order is then settled.
    while (spelt := unicodedata.normalize("NFC", _spell_thai(unicodedata.normalize("NFC", line)))) != line:
        line = spelt
    return line


def _spell_thai(line: str) -> str:
    line = line.replace("เเ", "แ").replace(_SARA_AM, _NIKHAHIT + _SARA_AA)
    line = _TONE_AFTER_SARA_AM.sub(rf"\1\2{_SARA_AA}", line)
    line = _MARK_RUN.sub(lambda run: "".join(sorted(run[0], key=_MARK_ORDER.__getitem__)), line)
    return _PARTED_SARA_AM.sub(rf"\1{_SARA_AM}", line)


# --- Nothing unseen ---------------------------------------------------------------------------------------------

#: Controls, directions and other formats, private use, unassigned, halves of a pair.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
#: Letters and marks that draw nothing, and the sign that a text was decoded wrongly.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0d\uffa0\ufffd\U000e0100-\U000e01ef]"
)


def refuse_unprintable(text: str, *, multiline: bool = False) -> None:
    """Refuse what cannot be seen or would spoil the line it is shown in: controls, bidi overrides, floods of marks.

    :raises Unacceptable: `text_line_break` (unless multiline), `text_unprintable` with `code` and `position`,
        `text_marks` with `position`
    """
    position = marks = 0
    previous = ""
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "M":
            marks = marks + 1 if character != previous else MARKS_PER_BASE_MAX + 1
        else:
            position, marks = position + 1, 0
        if character == "\n":
            if not multiline:
                raise Unacceptable("text_line_break")
        elif category in _UNPRINTABLE or _BLANK.match(character):
            raise Unacceptable("text_unprintable", code=f"U+{ord(character):04X}", position=max(position, 1))
        if marks > MARKS_PER_BASE_MAX:
            raise Unacceptable("text_marks", position=max(position, 1))
        previous = character


def grapheme_count(text: str) -> int:
    """Return how many characters people see: marks count with the letter that carries them."""
    bare = sum(unicodedata.category(character)[0] != "M" for character in text)
    starts_with_mark = text != "" and unicodedata.category(text[0])[0] == "M"
    return bare + starts_with_mark


def clean_line(text: str, *, length_max: int) -> str:
    """Return one line in its one spelling.

    `length_max` counts vowels and marks as characters too, so that a column of that length always holds the text.

    :raises Unacceptable: see `refuse_unprintable`; `text_too_long` with `length` and `length_max`
    """
    return _clean(text, length_max=length_max, multiline=False)


def clean_text(text: str, *, length_max: int) -> str:
    """Return text of several lines in its one spelling; lines are parted by a line feed, at most one left empty.

    `length_max` counts vowels and marks as characters too, so that a column of that length always holds the text.

    :raises Unacceptable: see `refuse_unprintable`; `text_too_long` with `length` and `length_max`
    """
    return re.sub("\n{3,}", "\n\n", _clean(text, length_max=length_max, multiline=True))


#: What is so much longer than its field is not worth bringing into its one spelling.
_WORTH_READING_MAX = 50_000


def _clean(text: str, *, length_max: int, multiline: bool) -> str:
    if len(text) > _WORTH_READING_MAX + length_max:
        raise Unacceptable("text_too_long", length=len(text), length_max=length_max)
    cleaned = canonical(text)
    refuse_unprintable(cleaned, multiline=multiline)
    if len(cleaned) > length_max:
        raise Unacceptable("text_too_long", length=len(cleaned), length_max=length_max)
    return cleaned


# --- Names ------------------------------------------------------------------------------------------------------

_NAME_MARKS = frozenset(" .-'’")
_WORD_BREAK = re.compile(r"[ .\-'’]+")
#: Programs that show mail make a link of it, whatever stands before the full stop.
_LIKE_AN_ADDRESS = re.compile("[^ ]\\.[A-Za-z\u00c0-\u024f]{2}")


def clean_person_name(text: str, *, length_max: int) -> str:
    """Return a name, or part of one, of a person: words in Thai or Latin letters, with . - ' ’ between them.

    A full stop with two Roman letters or more behind it would be read as an address; that of an initial stands.

    :raises Unacceptable: see `clean_line` and `refuse_mixed_scripts`; `name_characters`, `name_mark_alone`,
        `name_like_an_address`
    """
    name = clean_line(text, length_max=length_max)
    if not all(character in _NAME_MARKS or unicodedata.category(character)[0] in "LM" for character in name):
        raise Unacceptable("name_characters")
    if name and not any(unicodedata.category(character)[0] == "L" for character in name):
        raise Unacceptable("name_characters")
    if any(word and unicodedata.category(word[0])[0] == "M" for word in _WORD_BREAK.split(name)):
        raise Unacceptable("name_mark_alone")
    if _LIKE_AN_ADDRESS.search(name):
        raise Unacceptable("name_like_an_address")
    refuse_mixed_scripts(name)
    return name


def refuse_mixed_scripts(text: str) -> None:
    """Refuse letters that are neither Thai nor Latin, and a word that mixes the two: one may pass for another.

    :raises Unacceptable: `name_other_script`, `name_mixed_scripts`
    """
    for word in _WORD_BREAK.split(text):
        scripts = {_script(character) for character in word}
        if "other" in scripts:
            raise Unacceptable("name_other_script")
        if {"thai", "latin"} <= scripts:
            raise Unacceptable("name_mixed_scripts")


def _script(character: str) -> str:
    if "\u0e01" <= character <= "\u0e5b":
        return "thai"
    category = unicodedata.category(character)
    if category[0] == "L":
        return "latin" if unicodedata.name(character, "").startswith("LATIN ") else "other"
    if category[0] == "M":
        return "latin" if unicodedata.name(character, "").startswith("COMBINING ") else "other"
    return "none"


# --- Order ------------------------------------------------------------------------------------------------------

#: A sort key is never longer; texts that agree that far share it, and their primary keys part them.
SORT_KEY_LENGTH_MAX = 240

_LEADING_VOWEL = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
#: ๎ ์ ็ and the four tones, in the order of the Unicode collation for Thai.
_SECOND_LEVEL = {mark: str(rank) for rank, mark in enumerate("\u0e4e\u0e4c\u0e47\u0e48\u0e49\u0e4a\u0e4b", start=1)}
_SPACE_WEIGHT, _SIGN_WEIGHT, _DIGIT_WEIGHT, _THAI_WEIGHT, _LATIN_WEIGHT = 0x02, 0x0E, 0x10, 0x20, 0x70
#: Nikhahit takes the place of ฯ, which is a sign: after the last consonant, before the first vowel.
_NIKHAHIT_WEIGHT = "4e"


def sort_key(text: str) -> str:
    """Return a key whose order is that of the Thai dictionary: ก before เกาะ before ขา before แขก before ไข่.

    A vowel written before its consonant counts after it; tones, ็ and ์ decide only between words that are equal
    without them; ฯ and ๆ come first, then digits, Thai, Latin; punctuation counts for nothing. The key is made of
    0–9 and a–f alone, so that every collation of every database orders it alike. Store it beside its text.
    """
    first, second = [], []
    for character in _LEADING_VOWEL.sub(r"\2\1", _plain(canonical(text))):
        if character in _SECOND_LEVEL:
            second.append(_SECOND_LEVEL[character])
        elif weight := _weight(character):
            first.append(weight)
            second.append("0")
    key = "".join(first) + "00" + "".join(second).rstrip("0")
    return key[:SORT_KEY_LENGTH_MAX]


def _plain(text: str) -> str:
    """Return the text in small letters and ASCII digits, Latin without its accents, ๅ as า, line breaks as spaces."""
    folded = to_ascii_digits(text).casefold().replace("\u0e45", _SARA_AA).replace("\n", " ")
    # NFD takes no Thai letter apart.
    parted = unicodedata.normalize("NFD", folded)
    return "".join(c for c in parted if unicodedata.category(c) != "Mn" or "\u0e31" <= c <= "\u0e4e")


def _weight(character: str) -> str:
    if character == " ":
        return f"{_SPACE_WEIGHT:02x}"
    if "0" <= character <= "9":
        return f"{_DIGIT_WEIGHT + int(character):02x}"
    if character in "ฯๆ":
        return f"{_SIGN_WEIGHT + 'ฯๆ'.index(character):02x}"
    if character == _NIKHAHIT:
        return _NIKHAHIT_WEIGHT
    if "\u0e01" <= character <= "\u0e3a" or "\u0e40" <= character <= "\u0e44":
        return f"{_THAI_WEIGHT + ord(character) - 0x0E01:02x}"
    if "a" <= character <= "z":
        return f"{_LATIN_WEIGHT + ord(character) - ord('a'):02x}"
    # Letters of other scripts come last, in the order of their code points.
    return f"f{ord(character):06x}f" if character.isalpha() and not "\u0e00" <= character <= "\u0e7f" else ""


# --- Search -----------------------------------------------------------------------------------------------------

_UNSEARCHED_MARKS = dict.fromkeys(map(ord, "\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e"))
_UNSEARCHED_SIGNS = frozenset("ฯๆ")


def search_key(text: str, *, drop_title: bool = False) -> str:
    """Return what a search compares: a text is found if its key contains the key of what was typed.

    Spaces, punctuation, tones and accents do not matter, nor capitals, nor which digits were used; with
    `drop_title` neither does a title before the name. Empty if nothing is left, and then nothing was asked for.
    """
    typed = without_title(text) if drop_title else canonical(text)
    plain = _plain(typed).translate(_UNSEARCHED_MARKS)
    kept = "".join(c for c in plain if unicodedata.category(c)[0] in "LNM" and c not in _UNSEARCHED_SIGNS)
    # Where a mark or a space fell out, two เ may have met.
    return kept.replace("เเ", "แ")


#: Titles as people type them before a name, the longer before those they begin with.
_TITLES = sorted(
    (
        "นาย", "นาง", "นางสาว", "น.ส.", "นส.", "ด.ช.", "ด.ญ.", "ดร.", "ผศ.", "รศ.", "ศ.",
        "ว่าที่ร้อยตรี", "ว่าที่ร้อยตรีหญิง", "ว่าที่ร้อยโท", "ว่าที่ร้อยเอก", "ว่าที่ ร.ต.", "ว่าที่ร.ต.",
        "ร้อยตรี", "ร้อยโท", "ร้อยเอก", "พันตรี", "พันโท", "พันเอก", "จ่าเอก", "จ่าสิบเอก", "สิบเอก", "สิบโท", "สิบตรี",
        "ร.ต.", "ร.ท.", "ร.อ.", "พ.ต.", "พ.ท.", "พ.อ.", "จ.อ.", "จ.ส.อ.", "ส.อ.", "ส.ท.", "ส.ต.",
        "หม่อมราชวงศ์", "หม่อมหลวง", "ม.ร.ว.", "ม.ล.", "คุณ",
        "mr.", "mr ", "mrs.", "mrs ", "miss ", "ms.", "ms ", "dr.", "dr ",
    ),
    key=len,
    reverse=True,
)  # fmt: skip


def without_title(text: str) -> str:
    """Return a person's name without the titles before it, in its one spelling; a name of a title only stays."""
    name = canonical(text)
    while title := next((title for title in _TITLES if _is_title_of(title, name)), ""):
        name = name[len(title) :].lstrip(" ")
    return name


def _is_title_of(title: str, name: str) -> bool:
    rest = name[len(title) :].lstrip(" ")
    # นาย is no title in นายูง: no word begins with a mark or a vowel that follows.
    return name.lower().startswith(title) and len(rest) > 1 and _begins_word(rest[0])


def _begins_word(character: str) -> bool:
    return unicodedata.category(character)[0] == "L" and not "\u0e30" <= character <= "\u0e33"
