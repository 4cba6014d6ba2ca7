"""
How many guesses a password takes: zxcvbn's estimate, and our own where zxcvbn does not look.

zxcvbn knows English words, dates of the common era and US keyboards, and takes any three pieces for 10^8 guesses, so
that `สวัสดีครับ2569` would pass. Our own estimate splits the password into the cheapest pieces (weak words read forwards,
backwards, with signs for letters and with the keyboard on the other layout; years and dates of either era; citizen
numbers; runs; rows of keys; repetitions, and what was said before) and multiplies; and it reads letters and digits
apart, as they are under `p1a2s3s4`. The lower of the two counts.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import log10
from typing import NamedTuple

from zxcvbn import matching, scoring

from kunjae.identity.password_words import Listed, ascii_digits, exponent, lower, spell, weak_words, word_ranks
from kunjae.identity.thai_keyboard import as_typed_on_thai, as_typed_on_us, has_thai, place_of

# zxcvbn refuses more, and its time grows with the square of the length; our own estimate takes no more either.
SCORED_LENGTH_MAX = 72
# So many ways to read signs as letters zxcvbn may try; unbounded, forty well-chosen signs cost it half a second.
LEET_READINGS_MAX = 12
# zxcvbn's steps from score to score, taken as they are. It adds five guesses to each, by which no password of eight
# characters could reach 3, whatever it is, and the least length of clause 4(2) would be an empty word.
_STRENGTH_STEPS = (3, 6, 8, 10)

_WORD_LENGTH_MIN, _WORD_LENGTH_MAX = 3, 32
# On the other keyboard layout any text reads as something; short words there are chance.
_OTHER_LAYOUT_LENGTH_MIN = 4
_DISGUISE = 0.3
# A piece said before: which one, and how it is joined on.
_AGAIN = 0.6
# Digits strewn into letters: where they stand.
_STREWN = 1.0

_LETTER, _DIGIT, _SIGN = 1.4, 1.0, 1.2
_YEAR, _DATE, _SEQUENCE, _WALK = 2.0, 4.2, 1.8, 2.3
_CITIZEN_NUMBER = 5.0

_LEET = "013457@$!|+89(", "oieastasiltbgc"
_LEET_TABLES = (str.maketrans(*_LEET), str.maketrans(_LEET[0], _LEET[1].replace("i", "l", 1)))
_ALL_LEET = {ord(sign): letter for letter, signs in matching.L33T_TABLE.items() for sign in signs}

_YEARS = re.compile("(?=(19[3-9][0-9]|20[0-9][0-9]|24[7-9][0-9]|25[0-9][0-9]))")
# A pattern finds one date at each place: the longer reading stands first, and years in full have patterns of their own.
_DAY, _MONTH = "(?:[12][0-9]|3[01]|0?[1-9])", "(?:1[0-2]|0?[1-9])"
_DATES = tuple(
    re.compile(f"(?=({order}))")
    for year in ("(?:19[3-9]|20[0-9]|2[45][0-9])[0-9]", "[0-9]{2}")
    for order in (f"{_DAY}([-/. ]?){_MONTH}\\2{year}", f"{year}([-/. ]?){_MONTH}\\2{_DAY}")
)
# It stands on every form of an office. Whether its last digit fits is not looked at: with one digit off it is found too.
_CITIZEN_NUMBERS = re.compile("(?<![0-9])[1-8][0-9]{12}(?![0-9])")
_DIGITS = re.compile("[0-9]+")
_NOT_DIGITS = re.compile("[^0-9]+")
_REPEATS = re.compile(r"(.+?)\1+")
_SEPARATORS = re.compile(r"[ \-_./,:;*+#@|\\]")

_CONSONANTS = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
# As the alphabet stands, as children say it without the two dead letters, and as people type it without the rare ones.
_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "02468",
    "13579",
    _CONSONANTS,
    re.sub("[ฃฅ]", "", _CONSONANTS),
    re.sub("[ฃฅฆฌฎฏฐฑฒณฬ]", "", _CONSONANTS),
)
_NEXT = frozenset(pair for alphabet in _ALPHABETS for pair in pairwise(alphabet))


class Guesses(NamedTuple):
    """About how many guesses find a password, as a power of ten, and which weaknesses make them so few."""

    exponent: float
    reasons: frozenset[str]

    @property
    def strength(self) -> int:
        """The score from 0 to 4, on zxcvbn's scale."""
        return sum(self.exponent >= step for step in _STRENGTH_STEPS)


class _Piece(NamedTuple):
    start: int
    end: int
    exponent: float
    reason: str = ""


def guesses_for(password: str, known: Mapping[str, Listed]) -> Guesses:
    """
    Estimate the guesses for a password in NFC; `known` are folded words about its owner.

    A password is as strong as its strongest part: of a long one, the beginning is looked at, and the end if need be.
    """
    first = _part(password[:SCORED_LENGTH_MAX], known)
    if len(password) <= SCORED_LENGTH_MAX or first.strength >= len(_STRENGTH_STEPS):
        return first
    last = _part(password[-SCORED_LENGTH_MAX:], known)
    return max(first, last, key=lambda guesses: guesses.exponent)


def _part(password: str, known: Mapping[str, Listed]) -> Guesses:
    ours = min(_estimates(password, known), key=lambda guesses: guesses.exponent)
    # zxcvbn's own words are English: what was typed with the keyboard on Thai is shown to it as English too.
    shown = [spell(password), as_typed_on_us(password)] if has_thai(password) else [spell(password)]
    theirs = min(_zxcvbn_exponent(text, known) for text in shown)
    # Pieces found in what we hold to be strong are chance, and no help to somebody whom zxcvbn refuses.
    reasons = ours.reasons if ours.strength < 3 else frozenset[str]()
    return Guesses(min(ours.exponent, theirs), reasons)


def _estimates(password: str, known: Mapping[str, Listed]) -> Iterator[Guesses]:
    for source in sources_of(password):
        yield cheapest(source, known)
    letters, digits = letters_and_digits(password)
    of_letters, of_digits = cheapest(letters, known), cheapest(digits, known)
    yield Guesses(of_letters.exponent + of_digits.exponent + _STREWN, of_letters.reasons | of_digits.reasons)


def letters_and_digits(password: str) -> tuple[str, str]:
    """Give what a password says without its digits and separators, and its digits alone."""
    spelt = _SEPARATORS.sub("", spell(password))
    return _DIGITS.sub("", spelt), _NOT_DIGITS.sub("", spelt)


def sources_of(password: str) -> list[str]:
    """List what is worth reading: the password as typed, in its one spelling, and without separators."""
    spelt = spell(password)
    return list(dict.fromkeys(text for text in (ascii_digits(password), spelt, _SEPARATORS.sub("", spelt)) if text))


def readings_of(source: str) -> Iterator[tuple[str, str, float]]:
    """
    Read a text in the ways a guesser does, each as long as the text.

    Gives the reading in small letters, the reason that holds for any word found in it (empty: the word's own),
    and what the disguise adds to the guesses.
    """
    plain = lower(source)
    yield plain, "", 0.0
    for table in _LEET_TABLES:
        if (undisguised := plain.translate(table)) != plain:
            yield undisguised, "", _DISGUISE
    if any("a" <= character <= "z" for character in plain):
        for typed in dict.fromkeys((source, plain)):
            yield as_typed_on_thai(typed), "thai_word_on_us_keyboard", _DISGUISE
    if has_thai(source):
        yield lower(as_typed_on_us(source)), "english_word_on_thai_keyboard", _DISGUISE


# --- Our own estimate -------------------------------------------------------------------------------------------


def cheapest(source: str, known: Mapping[str, Listed]) -> Guesses:
    """Split a text into the pieces that are guessed soonest together."""
    length = len(source)
    starting: list[list[_Piece]] = [[] for _ in range(length)]
    for piece in _pieces(source, known):
        starting[piece.start].append(piece)
    best = [0.0] + [float("inf")] * length
    arrived: list[_Piece | None] = [None] * (length + 1)
    for start, character in enumerate(source):
        single = _Piece(start, start + 1, _single(character))
        for piece in (single, *_cheaper_when_said_before(starting[start], source)):
            if best[start] + piece.exponent < best[piece.end]:
                best[piece.end] = best[start] + piece.exponent
                arrived[piece.end] = piece
    reasons = set()
    end = length
    while end and (piece := arrived[end]):
        reasons.add(piece.reason)
        end = piece.start
    return Guesses(best[length], frozenset(reasons - {""}))


def _cheaper_when_said_before(pieces: list[_Piece], source: str) -> Iterator[_Piece]:
    for piece in pieces:
        if piece.exponent > _AGAIN and source.find(source[piece.start : piece.end], 0, piece.start) >= 0:
            yield piece._replace(exponent=_AGAIN)
        else:
            yield piece


def _single(character: str) -> float:
    if "0" <= character <= "9":
        return _DIGIT
    return _SIGN if character.isascii() and not character.isalpha() else _LETTER


def _pieces(source: str, known: Mapping[str, Listed]) -> Iterator[_Piece]:
    plain = lower(source)
    yield from _words(source, known)
    yield from _numbers(plain)
    yield from _sequences(plain)
    yield from _walks(plain)
    yield from _repeats(source, known)


def _words(source: str, known: Mapping[str, Listed]) -> Iterator[_Piece]:
    weak = weak_words()
    length = len(source)
    for reading, reason, disguise in readings_of(source):
        shortest = _OTHER_LAYOUT_LENGTH_MIN if reason else _WORD_LENGTH_MIN
        for start in range(length):
            for end in range(start + shortest, min(start + _WORD_LENGTH_MAX, length) + 1):
                word = reading[start:end]
                if listed := known.get(word):
                    yield _Piece(start, end, listed.exponent + disguise, listed.reason)
                elif listed := weak.get(word):
                    yield _Piece(start, end, listed.exponent + disguise, reason or listed.reason)
                elif not reason and (listed := known.get(word[::-1]) or weak.get(word[::-1])):
                    yield _Piece(start, end, listed.exponent + disguise + _DISGUISE, listed.reason)


def _numbers(plain: str) -> Iterator[_Piece]:
    for match in _CITIZEN_NUMBERS.finditer(plain):
        yield _Piece(match.start(), match.end(), _CITIZEN_NUMBER)
    for match in _YEARS.finditer(plain):
        yield _Piece(match.start(), match.end(1), _YEAR)
    for dates in _DATES:
        for match in dates.finditer(plain):
            yield _Piece(match.start(), match.end(1), _DATE)


def _runs(plain: str, step_of: Mapping[int, object]) -> Iterator[tuple[int, int]]:
    """Give the stretches of three characters or more over which the step from each to the next is one and the same."""
    start = 0
    for place in range(1, len(plain) + 1):
        step = step_of.get(place)
        if step is None or (place - start > 1 and step != step_of.get(place - 1)):
            if place - start >= 3:
                yield start, place
            # The character before may begin the next run, if the step itself was one.
            start = place - 1 if step is not None else place


def _sequences(plain: str) -> Iterator[_Piece]:
    steps: dict[int, object] = {}
    for place, (before, after) in enumerate(pairwise(plain), 1):
        if (before, after) in _NEXT:
            steps[place] = "up"
        elif (after, before) in _NEXT:
            steps[place] = "down"
    for start, end in _runs(plain, steps):
        yield _Piece(start, end, _SEQUENCE, "sequence")


def _walks(plain: str) -> Iterator[_Piece]:
    steps: dict[int, object] = {}
    for place, (before, after) in enumerate(pairwise(plain), 1):
        left, right = place_of(before), place_of(after)
        if left and right:
            down, across = right.row - left.row, right.column - left.column
            # Along a row, or down a slanting column in either direction.
            if (down, across) in {(0, 1), (0, -1), (1, 0), (-1, 0), (1, -1), (-1, 1)}:
                steps[place] = (down, across)
    for start, end in _runs(plain, steps):
        yield _Piece(start, end, _WALK, "keyboard_walk")


def _repeats(source: str, known: Mapping[str, Listed]) -> Iterator[_Piece]:
    for match in _REPEATS.finditer(source):
        unit, count = match[1], len(match[0]) // len(match[1])
        if len(match[0]) >= 3:
            once = cheapest(unit, known)
            reason = min(once.reasons, default="repeated_characters")
            yield _Piece(match.start(), match.end(), once.exponent + log10(count), reason)


# --- zxcvbn's estimate ------------------------------------------------------------------------------------------


def leet_readings_count(text: str) -> int:
    """Count the ways in which zxcvbn may read the signs of a text as letters."""
    count = 1
    for signs in matching.L33T_TABLE.values():
        count *= max(1, sum(sign in text for sign in signs))
    return count


def zxcvbn_input(text: str) -> str:
    """Return what zxcvbn is given: at most 72 characters; with too many signs that may be letters, the letters."""
    text = text[:SCORED_LENGTH_MAX]
    return text if leet_readings_count(text) <= LEET_READINGS_MAX else text.translate(_ALL_LEET)


def _zxcvbn_exponent(text: str, known: Mapping[str, Listed]) -> float:
    """
    Estimate by zxcvbn with our words and those about the owner.

    Its front door keeps the words of the last caller in a table of the whole process, where another thread may read
    them; so its parts are called here, with tables of our own.
    """
    if not text:
        return 0.0
    text = zxcvbn_input(text)
    personal = {word: rank for rank, word in enumerate(known, 1)}
    matches = matching.omnimatch(text, {"words": word_ranks(), "personal": personal})
    return exponent(scoring.most_guessable_match_sequence(text, matches)["guesses"])
