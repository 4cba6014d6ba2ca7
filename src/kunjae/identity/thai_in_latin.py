"""
A Thai name as people write it in Latin letters: all the spellings in use.

There is an official romanisation, and hardly anybody spells his name by it: วุฒิ is Wut, Wuthi or Vudhi, ประเสริฐ Prasert or
Prasoet. So each letter stands for whatever is written for it, and the vowel that Thai leaves out may be there or not. That
finds a little more than the name, which is the right side to err on: it only tells what a password must not be made of
(requirement L-41).
"""

import re
from functools import lru_cache

_SOUNDS_MAX = 24
"""Of a longer name the beginning is looked for."""
_LETTERS_OF_A_SOUND_MAX = 16
_NAMES_KEPT = 1_024

_UNSPOKEN = re.compile("(?:[ดตท]ร|[กษ]ณ|[ก-ฮ])[\u0e34\u0e38]?\u0e4c")
_NOT_A_SOUND = re.compile("[^ก-ฮฤะ-\u0e39เ-ไ]")

# What is written for a consonant before its vowel, and what besides when it may close the syllable before.
_CONSONANTS = {
    "ก": ("kk?|g", "gg"), "ขฃคฅฆ": ("kk?h?", "g"), "ง": ("ng", ""), "จ": ("jj?|tch|ch", "t|d"), "ฉชฌ": ("tch|ch|sh", "t|d|j|s"),
    "ซศษส": ("ss?h?|z", "tt?|d"), "ญ": ("ny|y", "nn?"), "ดฎ": ("dd?", "tt?|th"), "ตฏ": ("tt?|dt", "th|d"),
    "ฐฑฒถทธ": ("tt?h?|dh?", ""), "ณน": ("nn?", ""), "บ": ("bb?", "p|v"), "ป": ("pp?|bp", "b"), "ผพ": ("pp?h?", "b"),
    "ภ": ("pp?h?|bh?", ""), "ฝฟ": ("f", "p"), "ม": ("mm?", ""), "ย": ("y", "i"), "ร": ("r", "rr|nn?"), "ลฬ": ("ll?", "nn?"),
    "ว": ("w|v", "u|o"), "หฮ": ("h", ""), "อ": ("", "or|aw|au|oo|o|a"), "ฤ": ("rue|roe|ri|re|ru", ""),
}  # fmt: skip
_OPENING = {letter: opening for letters, (opening, _closing) in _CONSONANTS.items() for letter in letters}
_ANYWHERE = {
    letter: f"{opening}|{closing}" if closing else opening
    for letters, (opening, closing) in _CONSONANTS.items()
    for letter in letters
}
# The first of two that are one sound, as in ยุทธ and อัจฉรา.
_DOUBLED = ("จฉ", "ทธ", "ตถ", "ตต", "กข", "ปผ", "พภ")

_A, _I, _U, _O = "(?:aa|ar|ah|a)", "(?:ee|ie|ii|i|y)", "(?:oo|u)", "(?:orh|or|oh|oo|aw|o)"
_UE, _AI, _E, _AE = "(?:uea|ue|ee|eu|u)", "(?:ai|ay|ei|i|y)", "(?:ay|ae|eh|e)", "(?:air|ae|a|e)"
_LEFT_OUT = "(?:or|aw|a|o|u)?"
_VOWELS = {
    "ะ": _A, "\u0e31": "[au]", "า": _A, "\u0e33": "(?:arm|am|um)", "\u0e34": _I, "\u0e35": _I, "\u0e36": _UE,
    "\u0e37อ": _UE, "\u0e37": _UE, "\u0e38": _U, "\u0e39": "(?:oo|ou|uu|u)", "\u0e31ว": "(?:oua|uar|ua)", "\u0e31ย": _AI, "": _LEFT_OUT,
    "เ": _E, "แ": _AE, "โ": _O, "ใ": _AI, "ไ": _AI, "ไย": _AI,
    "เ\u0e34": "(?:ear|oer|oe|er|ir|eo|e)", "เ\u0e35ย": "(?:ear|eea|ia|ie|ea)", "เ\u0e37อ": "(?:eua|uea|ue|ua)",
    "เา": "(?:ao|aw|ow|au)", "เย": "(?:oei|oey|uey|ery)", "เอ": "(?:oe|er|ur|e)",
}  # fmt: skip
_VOWEL = re.compile("\u0e37อ|\u0e31[วย]|[ะ-\u0e39]")
# A vowel that is written before its consonant is spoken after it, or after the second of two.
_AFTER = "\u0e35ย|\u0e37อ|[\u0e34าะ]|[ยอ](?![ะ-\u0e39])"
_BEFORE = re.compile(f"([เ-ไ])([ก-ฮ])(?:({_AFTER})|([ก-ฮ])({_AFTER}|(?![ะ-\u0e39])))?")


class Spellings:
    """
    All spellings of one name, sound by sound.

    Of each sound every place is kept to which it may lead. One pattern for the whole name would try each way to each of
    them anew: somebody could choose a name, and a password, that keep a process busy for minutes.
    """

    def __init__(self, sounds: list[str]) -> None:
        self._sounds = [re.compile(sound) for sound in sounds]

    def spell(self, text: str) -> bool:
        """Test if a text in small Latin letters is the name, and nothing else."""
        return len(text) in self._ends(text, {0: {0}}).get(0, ())

    def find_all(self, text: str) -> list[str]:
        """Find where the name stands in such a text: the longest word at each place, none inside another."""
        ends = self._ends(text, {start: {start} for start in range(len(text))})
        found, after = [], 0
        for start in sorted(ends):
            end = max(ends[start])
            if start >= after and end > start:
                found.append(text[start:end])
                after = end
        return found

    def _ends(self, text: str, reached: dict[int, set[int]]) -> dict[int, set[int]]:
        """Lead each beginning on, sound by sound, to every place where the name may end."""
        for sound in self._sounds:
            leads: dict[int, set[int]] = {}
            onwards = {}
            for start, places in reached.items():
                for place in places - leads.keys():
                    leads[place] = _ends_of(sound, text, place)
                if ends := set().union(*(leads[place] for place in places)):
                    onwards[start] = ends
            reached = onwards
        return reached


def _ends_of(sound: re.Pattern[str], text: str, place: int) -> set[int]:
    last = min(len(text), place + _LETTERS_OF_A_SOUND_MAX)
    return {end for end in range(place, last + 1) if sound.fullmatch(text, place, end)}


@lru_cache(_NAMES_KEPT)
def spellings_of(name: str) -> Spellings | None:
    """Return the spellings of a Thai name in small Latin letters; None for one that holds nothing Thai."""
    sounds = _NOT_A_SOUND.sub("", _UNSPOKEN.sub("", name))[:_SOUNDS_MAX]
    parts = []
    place = 0
    while place < len(sounds):
        part, place = _next_part(sounds, place)
        parts.append(part)
    return Spellings(parts) if parts else None


def _next_part(sounds: str, place: int) -> tuple[str, int]:
    if sounds.startswith("รร", place):
        return "(?:or?n?r|un|an|a|u)", place + 2
    if before := _BEFORE.match(sounds, place):
        return _of_vowel_before(sounds, before), before.end()
    if sounds[place] not in _OPENING:
        return "", place + 1
    vowel = _VOWEL.match(sounds, place + 1)
    part = _consonant(sounds, place, opens=vowel is not None or place == 0)
    if vowel is None:
        return part + (_LEFT_OUT if place + 1 < len(sounds) else ""), place + 1
    # The last vowel of ชาติ and วุฒิ is silent, unless something follows that makes it heard.
    silent = "?" if vowel[0] in "\u0e34\u0e38" and sounds[place] in "ตฒธม" else ""
    return part + _VOWELS[vowel[0]] + silent, vowel.end()


def _of_vowel_before(sounds: str, before: re.Match[str]) -> str:
    vowel, _first, after, second, after_second = before.groups(default="")
    first = _consonant(sounds, before.start(2), opens=True)
    apart = first + _VOWELS.get(vowel + after, _VOWELS[vowel])
    if not second:
        return apart
    apart += _consonant(sounds, before.start(4), opens=bool(after_second)) + _VOWELS.get(after_second, _LEFT_OUT)
    together = first + _LEFT_OUT + _consonant(sounds, before.start(4), opens=True)
    return f"(?:{together}{_VOWELS.get(vowel + after_second, _VOWELS[vowel])}|{apart})"


def _consonant(sounds: str, place: int, *, opens: bool) -> str:
    letter, before, after = sounds[place], sounds[max(place - 1, 0) : place], sounds[place + 1 : place + 2]
    spellings = (_OPENING if opens else _ANYWHERE)[letter]
    if letter == "ท" and after == "ร":
        spellings += "|s"
    leads = letter == "ห" and after and after in "งญนมยรลว"
    # As in จักร, ศรี and เกียรติ.
    unheard = letter == "ร" and ("ก" <= before <= "ฮ" or "ก" <= after <= "ฮ")
    return f"(?:{spellings}){'?' if leads or unheard or letter + after in _DOUBLED else ''}"
