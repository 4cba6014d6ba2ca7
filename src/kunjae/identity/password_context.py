"""What a password must not be made of because it is known about its owner (requirement L-41)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from kunjae.identity.password_guesses import letters_and_digits, readings_of, sources_of
from kunjae.identity.password_words import Listed, ascii_digits, fold, generic_name_parts, is_of_another_name
from kunjae.identity.thai_in_latin import spellings_of

# Anything this short is in too many words: it counts only when it stands alone between signs or digits.
_ANYWHERE_LENGTH_MIN = 4
_ALONE_LENGTH_MIN = 2
# All spellings together find more by chance than one word does.
_SPELT_ANYWHERE_LENGTH_MIN = 5
_PHONE_DIGITS_MIN = 6
_WORDS_MAX = 100
_GUESSES_EXPONENT = 0.7
_BUDDHIST_ERA = 543

_NOT_A_LETTER = re.compile("[\x00-@\\[-`{-\x7f]+")
_NOT_A_DIGIT = re.compile("[^0-9]+")
_LATIN = re.compile("[a-z]{2}")

_TITLES = ("ว่าที่ร้อยตรี", "ว่าที่", "นางสาว", "นาง", "นาย")
_AUTHORITY_PREFIXES = (
    "องค์การบริหารส่วนตำบล", "องค์การบริหารส่วนจังหวัด", "เทศบาลตำบล", "เทศบาลเมือง", "เทศบาลนคร", "เทศบาล",
    "อบต.", "อบจ.", "อบต", "อบจ", "ทต.", "ทม.", "ทน.",
)  # fmt: skip
_PLACE_PREFIXES = ("จังหวัด", "อำเภอ", "ตำบล", "แขวง", "เขต", "จ.", "อ.", "ต.", "เมือง")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PasswordContext:
    """
    What is known about somebody who chooses a password; names in Thai and romanised where both are known.

    Birth years may be of either era. It has no repr: what it holds is personal and belongs in no log.
    """

    user_id: str = ""
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    authority_names: tuple[str, ...] = ()
    place_names: tuple[str, ...] = ()
    birth_years: tuple[int, ...] = ()

    def known_words(self) -> dict[str, Listed]:
        """Return the words known about this person, folded, each with the reason it is refused for."""
        words: dict[str, Listed] = {}
        # Our list of office words holds these against short passwords; they are no name by themselves.
        generic = generic_name_parts()
        for reason, texts, prefixes in (
            ("contains_user_id", (self.user_id,), ()),
            ("contains_name", self.names, _TITLES),
            ("contains_email", tuple(email.partition("@")[0] for email in self.emails), ()),
            ("contains_authority_name", self.authority_names, _AUTHORITY_PREFIXES),
            ("contains_place_name", self.place_names, _PLACE_PREFIXES),
        ):
            for text in texts:
                for word in _parts(fold(text), prefixes):
                    if len(word) >= _ALONE_LENGTH_MIN and word not in generic and len(words) < _WORDS_MAX:
                        words.setdefault(word, Listed(reason, _GUESSES_EXPONENT))
        for year in self._years():
            words.setdefault(year, Listed("contains_birth_year", _GUESSES_EXPONENT))
        for number in self._numbers():
            words.setdefault(number, Listed("contains_phone", _GUESSES_EXPONENT))
        return words

    def spelt_names(self, password: str) -> dict[str, Listed]:
        """
        Return what a password in NFC holds of the Thai names in Latin letters, as `known_words` does.

        สมใจ may be written Somchai too, but that is somebody else to every reader.
        """
        readings = [reading for reading in _readings(password) if _LATIN.search(reading)]
        alone = _standing_alone(password)
        parts = (part for text in self.names for part in _parts(fold(text), _TITLES) if not part.isascii())
        found = set()
        for part in islice(dict.fromkeys(parts), _WORDS_MAX):
            if spellings := spellings_of(part):
                anywhere = {word for reading in readings for word in spellings.find_all(reading)}
                words = {word for word in anywhere if len(word) >= _SPELT_ANYWHERE_LENGTH_MIN}
                words |= {run for run in alone if spellings.spell(run)}
                found |= {word for word in words if not is_of_another_name(word, part)}
        return dict.fromkeys(found, Listed("contains_name", _GUESSES_EXPONENT))

    def _years(self) -> Iterator[str]:
        for year in self.birth_years:
            common_era = year - _BUDDHIST_ERA if year >= 2400 else year
            yield from (str(common_era), str(common_era + _BUDDHIST_ERA))

    def _numbers(self) -> Iterator[str]:
        for phone in self.phones:
            digits = _NOT_A_DIGIT.sub("", ascii_digits(phone))
            if len(digits) >= _PHONE_DIGITS_MIN:
                yield "0" + digits[2:] if phone.lstrip().startswith("+66") else digits


def _parts(text: str, prefixes: tuple[str, ...]) -> Iterator[str]:
    """Give a name whole, without spaces, in words, and each without what names of its kind begin with."""
    words = text.split()
    for part in ("".join(words), *words):
        yield part
        yield _without(prefixes, part)
    letters = [run for word in words for run in _NOT_A_LETTER.split(word) if run]
    yield from letters
    if len(letters) > 1:
        yield "".join(letters)


def _without(prefixes: tuple[str, ...], part: str) -> str:
    for prefix in prefixes:
        # Not so that a mark would be left without its consonant.
        if part.startswith(prefix) and part[len(prefix) :][:1].isalpha():
            return _without(prefixes, part[len(prefix) :])
    return part


def personal_faults(password: str, context: PasswordContext, known: dict[str, Listed]) -> set[str]:
    """Find what a password in NFC holds of its owner, read in every way a guesser would."""
    readings, alone = _readings(password), _standing_alone(password)
    faults = set()
    for word, listed in known.items():
        if word in alone or (len(word) >= _ANYWHERE_LENGTH_MIN and any(word in reading for reading in readings)):
            faults.add(listed.reason)
    if _holds_phone(fold(password), [word for word, listed in known.items() if listed.reason == "contains_phone"]):
        faults.add("contains_phone")
    return faults


def _readings(password: str) -> set[str]:
    # A name with digits strewn into it is the name.
    sources = (*sources_of(password), letters_and_digits(password)[0])
    readings = {reading for source in sources for reading, _reason, _disguise in readings_of(source)}
    return readings | {reading[::-1] for reading in readings}


def _standing_alone(password: str) -> set[str]:
    plain = fold(password)
    runs = {run for text in (plain, plain[::-1]) for run in _NOT_A_LETTER.split(text)}
    return {run for run in runs if len(run) >= _ALONE_LENGTH_MIN}


def _holds_phone(plain: str, numbers: list[str]) -> bool:
    digits = _NOT_A_DIGIT.sub("", plain)
    stretches = (
        number[start : start + _PHONE_DIGITS_MIN]
        for number in numbers
        for start in range(len(number) - _PHONE_DIGITS_MIN + 1)
    )
    return any(stretch in digits for stretch in stretches)
