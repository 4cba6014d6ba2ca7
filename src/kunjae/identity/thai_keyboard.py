"""
The Thai Kedmanee keyboard beside US QWERTY: what one set of key strokes writes on the other layout.

People choose a Thai word and type it with the keyboard on English, or an English word with it on Thai: `สวัสดี` becomes
`l;ylfu`, `password` becomes `ยฟหหไนพก`. Both are guessed early, so the password policy reads every password both ways
(requirement L-41). Forgetting which layout is on is also the commonest cause of a failed sign-in.
"""

from typing import NamedTuple

# One string per row of keys and shift state; the same place in two strings is the same key.
_US_ROWS = (
    ("`1234567890-=", "~!@#$%^&*()_+"),
    ("qwertyuiop[]\\", "QWERTYUIOP{}|"),
    ("asdfghjkl;'", 'ASDFGHJKL:"'),
    ("zxcvbnm,./", "ZXCVBNM<>?"),
)
# Vowels and tone marks are written as escapes: alone in a string they would attach to whatever stands before them.
_THAI_ROWS = (
    ("_ๅ/-ภถ\u0e38\u0e36คตจขช", "%+๑๒๓๔\u0e39฿๕๖๗๘๙"),
    ("ๆไ\u0e33พะ\u0e31\u0e35รนยบลฃ", '๐"ฎฑธ\u0e4d\u0e4aณฯญฐ,ฅ'),
    ("ฟหกดเ\u0e49\u0e48าสวง", "ฤฆฏโฌ\u0e47\u0e4bษศซ."),
    ("ผปแอ\u0e34\u0e37ทมใฝ", "()ฉฮ\u0e3a\u0e4c?ฒฬฦ"),
)


class Key(NamedTuple):
    """A key's place: row from the digits (0) down to the bottom row (3), column from the left (0)."""

    row: int
    column: int


def _pair_up() -> tuple[dict[int, str], dict[int, str], dict[str, Key]]:
    to_thai: dict[int, str] = {}
    to_us: dict[int, str] = {}
    places: dict[str, Key] = {}
    for row, (us_states, thai_states) in enumerate(zip(_US_ROWS, _THAI_ROWS, strict=True)):
        # The key left of 1 stands one column further left than q, a and z do.
        first_column = -1 if row == 0 else 0
        for us_keys, thai_keys in zip(us_states, thai_states, strict=True):
            for column, (us, thai) in enumerate(zip(us_keys, thai_keys, strict=True), first_column):
                to_thai[ord(us)] = thai
                to_us[ord(thai)] = us
                places[us] = Key(row, column)
    return to_thai, to_us, places


_TO_THAI, _TO_US, _PLACES = _pair_up()


def as_typed_on_thai(text: str) -> str:
    """Return what the key strokes of a US text write when the keyboard is on Thai, character for character."""
    return text.translate(_TO_THAI)


def as_typed_on_us(text: str) -> str:
    """
    Return what the key strokes of a Thai text write when the keyboard is on English, character for character.

    A character that Kedmanee cannot type, such as `1`, stays as it is. Eleven signs (among them `-`, `/` and `.`) are on
    both layouts and are read as Thai here.
    """
    return text.translate(_TO_US)


def has_thai(text: str) -> bool:
    """Test if any character is of the Thai block (U+0E00–U+0E7F)."""
    return any("\u0e00" <= character <= "\u0e7f" for character in text)


def place_of(character: str) -> Key | None:
    """
    Find the key that types this character, or None when no key does.

    A sign that both layouts have is placed where the US layout has it.
    """
    return _PLACES.get(character) or _PLACES.get(_TO_US.get(ord(character), ""))
