"""Text in the cells of a spreadsheet: what a person typed must never run as a formula (T-13)."""

_FORMULA_STARTS = frozenset("=+-@＝＋－＠")
_CONTROL_STARTS = ("\t", "\r", "\n")
#: What a spreadsheet may skip before it looks for a formula.
_SKIPPED = " \t\r\n\v\f\u00a0\u200b\u2060\u3000\ufeff"


def safe_cell(text: str) -> str:
    """Return the text so that a spreadsheet shows it and does not run it: with an apostrophe before it if need be."""
    seen_first = text.lstrip(_SKIPPED)[:1]
    return f"'{text}" if seen_first in _FORMULA_STARTS or text.startswith(_CONTROL_STARTS) else text
