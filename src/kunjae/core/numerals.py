r"""Thai and Arabic digits: either is taken, ASCII is stored (T-16).

Python's `int`, `isdigit` and the regular expression `\d` take the digits of every script. Here only Thai and
full-width ones are known, by an explicit table, so that no other script slips through a check.
"""

import re

from kunjae.core.unacceptable import Unacceptable

_ASCII = "0123456789"
_THAI = "๐๑๒๓๔๕๖๗๘๙"
_FULL_WIDTH = "".join(chr(0xFF10 + digit) for digit in range(10))

_TO_ASCII = str.maketrans(_THAI + _FULL_WIDTH, _ASCII * 2)
_TO_THAI = str.maketrans(_ASCII, _THAI)

_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")


def to_ascii_digits(text: str) -> str:
    """Return the text with Thai and full-width digits written 0–9; everything else stays."""
    return text.translate(_TO_ASCII)


def to_thai_digits(text: str | int) -> str:
    """Return the text with 0–9 written ๐–๙, as letters and forms show them; everything else stays."""
    return str(text).translate(_TO_THAI)


def parse_whole_number(text: str, *, low: int, high: int) -> int:
    """Read a whole number written in Arabic or Thai digits, thousands parted by commas if at all.

    :raises Unacceptable: `not_a_whole_number`, or `number_out_of_range` with the facts `low` and `high`
    """
    digits = to_ascii_digits(text).strip()
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    if not _WHOLE_NUMBER.fullmatch(digits):
        raise Unacceptable("not_a_whole_number")
    number = int(digits)
    if not low <= number <= high:
        raise Unacceptable("number_out_of_range", low=low, high=high)
    return number
