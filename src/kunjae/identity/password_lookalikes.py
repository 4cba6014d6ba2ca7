"""
Signs that stand for a Latin letter to every reader: letters with accents, of other scripts, small capitals, in boxes.

Whoever writes `pásswоrd` with an accent and a Cyrillic о has changed nothing that a guesser does not change too.
The pairs are the common ones of Unicode's own list of look-alikes (UTS 39), typed by us.
"""

import re
import unicodedata

_MARKED_LATIN = re.compile("([A-Za-z])[\u0300-\u036f]+")
_ASCII_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_LOOKALIKES = {
    **dict(zip("АВЕЅНІЈКМОРСТХҮԌԚԜ", "ABESHIJKMOPCTXYGQW", strict=True)),
    **dict(zip("авеѕһіјкморстухүԁԛԝӏ", "abeshijkmopctyxydqwl", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ", "ABEZHIKMNOPTYXC", strict=True)),
    **dict(zip("αβεικνορτυχϲ", "abeiknoptuxc", strict=True)),
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)),
    **dict(zip("øđłıħŧɡɑƙƥɓɗØĐŁĦŦ", "odlihtgakpbdODLHT", strict=True)),
}
# Letters in black circles and squares, and those of flags; white ones are letters to NFKC already.
for _first in (0x1F150, 0x1F170, 0x1F1E6):
    _LOOKALIKES |= {chr(_first + place): letter for place, letter in enumerate(_ASCII_CAPITALS)}
_TO_LATIN = str.maketrans(_LOOKALIKES)


def as_latin(text: str) -> str:
    """Return a text in NFC with Latin letters in place of what only looks different; Thai is left as it is."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFD", text.translate(_TO_LATIN))
    return unicodedata.normalize("NFC", _MARKED_LATIN.sub("\\1", text))
