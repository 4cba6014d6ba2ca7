"""How a test reads a printed sheet."""

import re

import pypdfium2

_DOUBLED_SYLLABLE = re.compile(r"([ก-ฮ][ัิ-ฺ็-๎]{1,2})(?=\1)")
_BLANKS = re.compile(r"[\s\u200b]+")


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page without blanks, which readers of Thai PDFs place as they like.

    A mark on a mark makes them say the syllable twice (ส่วนท้องถิ่ถิ่น): once is enough.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [plain(page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


def plain(text: str) -> str:
    """Return the text as `pages_of` gives it."""
    return _DOUBLED_SYLLABLE.sub("", _BLANKS.sub("", text))
