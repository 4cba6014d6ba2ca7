"""
The words a password is guessed from first: our own lists, Django's and zxcvbn's; each is read once, when first needed.

Our lists lie in `wordlists/`, typed by us: Thai words and names in Thai and romanised, the words of the office, places,
patterns over the keys. Thai lists of this kind are missing elsewhere: zxcvbn alone rates `สวัสดี1234` as safe.
"""

import unicodedata
from functools import cache
from math import log10
from pathlib import Path
from typing import NamedTuple

from django.contrib.auth.password_validation import CommonPasswordValidator
from zxcvbn import matching

from kunjae.core.text import canonical
from kunjae.identity.password_lookalikes import as_latin

_FOLDER = Path(__file__).parent / "wordlists"

# Shorter ones would be found by chance in passwords drawn at random.
_LENGTH_MIN = 3
_LENGTH_MIN_DJANGO = 4


class Listed(NamedTuple):
    """Why a word is weak, and about how many guesses find it, as a power of ten."""

    reason: str
    exponent: float


# The better known list wins a word. Guesses are below the lists' lengths, since people choose the first ones most.
_LISTS = {
    "little_words": Listed("common_password", 1.6),
    "keyboard_walks": Listed("keyboard_walk", 2.0),
    "common_passwords": Listed("common_password", 2.0),
    "office_words": Listed("office_word", 2.3),
    "common_words": Listed("common_password", 2.5),
    "places": Listed("place_name", 2.5),
    "names": Listed("common_name", 2.6),
}
_DJANGO = Listed("common_password", 3.5)


def read_list(name: str) -> list[str]:
    """Read one of our lists in its order; lines that begin with # are remarks."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def ascii_digits(text: str) -> str:
    """Return the text with the decimal digits of every script written 0–9, length unchanged."""
    return "".join(
        str(unicodedata.decimal(character)) if unicodedata.category(character) == "Nd" else character
        for character in text
    )


def lower(text: str) -> str:
    """Return the text in small letters, length unchanged (a letter that would become two stays)."""
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)


def spell(text: str) -> str:
    """Return the one spelling in which words are compared; never what is stored."""
    return ascii_digits(as_latin(canonical(unicodedata.normalize("NFKC", text))))


def fold(text: str) -> str:
    """Return the one spelling in small letters."""
    return lower(spell(text))


@cache
def weak_words() -> dict[str, Listed]:
    """Return every word of our lists and of Django's list of common passwords, folded."""
    words: dict[str, Listed] = {}
    for name, listed in _LISTS.items():
        for word in read_list(name):
            if len(folded := fold(word)) >= _LENGTH_MIN:
                words.setdefault(folded, listed)
    for word in CommonPasswordValidator().passwords:
        if len(word) >= _LENGTH_MIN_DJANGO:
            words.setdefault(fold(word), _DJANGO)
    return words


@cache
def word_ranks() -> dict[str, int]:
    """
    Return all words with their rank among guesses, as zxcvbn wants them: ours, Django's and its own.

    One table in place of zxcvbn's seven makes a look-up seven times as quick, with the same least rank.
    """
    ranks: dict[str, int] = {}
    for dictionary in matching.RANKED_DICTIONARIES.values():
        for word, rank in dictionary.items():
            if rank < ranks.get(word, rank + 1):
                ranks[word] = rank
    for word, listed in weak_words().items():
        rank = round(10**listed.exponent)
        if rank < ranks.get(word, rank + 1):
            ranks[word] = rank
    return ranks


@cache
def generic_name_parts() -> frozenset[str]:
    """Return what stands in very many names: titles, and kinds of authority and place, folded."""
    return frozenset(map(fold, read_list("generic_name_parts")))


@cache
def passphrase_words(language: str = "en") -> tuple[str, ...]:
    """Return the words from which passphrases are drawn, each once; Thai ones for "th"."""
    return tuple(dict.fromkeys(read_list("passphrase_words_th" if language == "th" else "passphrase_words")))


@cache
def _romanisations(list_name: str) -> dict[str, tuple[str, ...]]:
    """Read which romanised spellings follow each Thai name in one of our lists."""
    found: dict[str, tuple[str, ...]] = {}
    names: list[str] = []
    spellings: list[str] = []
    for word in [*read_list(list_name), "ก"]:
        if not word.isascii() and spellings:
            found |= dict.fromkeys(names, tuple(spellings))
            names, spellings = [], []
        (spellings if word.isascii() else names).append(word)
    return found


def romanised(place: str) -> tuple[str, ...]:
    """Return the usual romanised spellings of a place, as far as our list of places knows it."""
    known = _romanisations("places")
    return known.get(place) or known.get(place.removeprefix("เมือง"), ())


@cache
def _spellings_of_names() -> frozenset[str]:
    return frozenset(word for word in read_list("names") if word.isascii())


def is_of_another_name(spelling: str, name: str) -> bool:
    """Test if our list of names has a romanised spelling, but for others than this Thai name."""
    return spelling in _spellings_of_names() and spelling not in _romanisations("names").get(name, ())


def exponent(guesses: float) -> float:
    """Return guesses as a power of ten."""
    return log10(max(guesses, 1))
