"""The digits of a printed document: letters and forms may show Thai ones, by the authority's setting."""

import re
from typing import Literal

from kunjae.core.numerals import to_thai_digits

Numerals = Literal["arabic", "thai"]

#: Thai is written without spaces: a word is a run of visible ASCII.
_WORD = re.compile(r"[!-~]+")
_LATIN_LETTER = re.compile(r"[A-Za-z]")


def in_numerals(text: str, numerals: Numerals) -> str:
    """Return the text in these digits. A word with a Latin letter stays: a user id, an address, a code."""
    if numerals == "arabic":
        return text
    return _WORD.sub(lambda word: word[0] if _LATIN_LETTER.search(word[0]) else to_thai_digits(word[0]), text)


def page_digits(numerals: Numerals) -> list[str]:
    """Return the ten digits, from nought to nine, in which a layout counts its pages."""
    return list(in_numerals("0123456789", numerals))
