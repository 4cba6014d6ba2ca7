"""QR codes that lead from a printed sheet to the public page that verifies it (T-33)."""

import io
from urllib.parse import urlencode

import segno

#: Hexadecimal digits of a content hash that are shown on paper; the register holds all 64.
SHORT_HASH_LENGTH = 12

_GROUP = 4
_QUIET_ZONE_ON_SCREEN = 4

#: Readers take any mask. Trying all eight for the best looking one costs a fifth of a whole sheet, and addresses
#: that end in a code and a hash look as good in any.
_MASK = 6


def short_hash(content_hash: str) -> str:
    """Return the first digits of a content hash in groups of four, as in 3f2a 9c01 77be."""
    shown = content_hash[:SHORT_HASH_LENGTH]
    return " ".join(shown[start : start + _GROUP] for start in range(0, len(shown), _GROUP))


def page_address(base: str, code: str) -> str:
    """Return the address of the public page that verifies the document with this code."""
    return f"{base.rstrip('/')}/{code}" if code else base


def verification_address(base: str, code: str, *, case_number: str, content_hash: str) -> str:
    """Return the address that the QR code carries: the public page, and what the paper claims to be.

    `n` is the case number and `h` the short content hash as printed, so that the page can compare them.
    """
    claims = {"n": case_number, "h": content_hash[:SHORT_HASH_LENGTH]}
    return f"{page_address(base, code)}?{urlencode({key: value for key, value in claims.items() if value})}"


def qr_svg(text: str, *, quiet_zone: int = _QUIET_ZONE_ON_SCREEN, title: str = "") -> bytes:
    """Return the QR code of the text as an SVG picture: one path, without style, script or text.

    `quiet_zone` is the white border in modules; paper that is white around needs none. Pages show the picture
    through an `img` element.
    """
    out = io.BytesIO()
    segno.make_qr(text, error="m", mask=_MASK).save(
        out,
        kind="svg",
        border=quiet_zone,
        xmldecl=False,
        omitsize=True,
        svgclass=None,
        lineclass=None,
        title=title or None,
    )
    return out.getvalue()
