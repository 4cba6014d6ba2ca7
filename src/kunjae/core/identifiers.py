"""Names that machines and telephones pass on: user ids, case numbers, codes, secrets, references."""

import hashlib
import re
import secrets
from typing import NamedTuple

from kunjae.core.numerals import to_ascii_digits
from kunjae.core.unacceptable import Unacceptable

USER_ID_LENGTH_MIN = 4
USER_ID_LENGTH_MAX = 32

_USER_ID_CHARACTERS = re.compile(r"[a-z0-9._-]+")
_USER_ID_PUNCTUATION = re.compile(r"[._-]{2}|[._-]\Z")
#: What a copied user id brings along at its ends without anybody seeing it.
_EDGES = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff"


def clean_user_id(text: str) -> str:
    """Return the user id in the form in which it is stored and compared (T-14): lower-case ASCII.

    It has 4 to 32 of the characters a–z 0–9 . _ -, begins with a letter, ends with a letter or a digit, and has
    no two marks in a row. Thai digits are taken as the digits they are.

    :raises Unacceptable: `user_id_empty`, `user_id_length`, `user_id_characters`, `user_id_start`,
        `user_id_punctuation`
    """
    typed = to_ascii_digits(text).strip(_EDGES)
    if not typed:
        raise Unacceptable("user_id_empty")
    # Before lower(): the Kelvin sign K becomes an ASCII k there.
    if not typed.isascii() or not _USER_ID_CHARACTERS.fullmatch(typed.lower()):
        raise Unacceptable("user_id_characters")
    user_id = typed.lower()
    if not USER_ID_LENGTH_MIN <= len(user_id) <= USER_ID_LENGTH_MAX:
        raise Unacceptable("user_id_length", low=USER_ID_LENGTH_MIN, high=USER_ID_LENGTH_MAX)
    if not "a" <= user_id[0] <= "z":
        raise Unacceptable("user_id_start")
    if _USER_ID_PUNCTUATION.search(user_id):
        raise Unacceptable("user_id_punctuation")
    return user_id


def skeleton(user_id: str) -> str:
    """Return what two user ids share when an eye may take one for the other; unique over all user ids ever given.

    Marks are dropped, so that som.chai and som_chai are one; i, 1 and l are one letter, 0 and o another, rn reads
    as m and vv as w. Runs are spelt out before they are drawn together, or vw and wv, both vvv to the eye, would
    differ. Pairs that the screen font keeps apart (5 s, 2 z, cl d) stay apart: each further class takes
    honest names away. It is never longer than the user id.
    """
    bare = re.sub(r"[._-]", "", user_id.lower())
    spelt_out = bare.replace("w", "vv").replace("m", "rn")
    drawn = spelt_out.replace("vv", "w").replace("rn", "m")
    return drawn.translate(str.maketrans("1i0", "llo"))


class CaseNumber(NamedTuple):
    """A case as people say it: the running number within a fiscal year (Buddhist era)."""

    sequence: int
    fiscal_year: int


_CASE_NUMBER = re.compile(r"(?:เลขที่|ที่|no\.?)?\s*([0-9]{1,7})\s*[/\\\-\u2010-\u2015 ]\s*([0-9]{4})", re.IGNORECASE)
_FISCAL_YEARS = range(2500, 2700)


def case_number(sequence: int, fiscal_year: int) -> str:
    """Return the number of a case as it is shown and spoken, as in 0147/2570."""
    return f"{sequence:04d}/{fiscal_year}"


def parse_case_number(text: str) -> CaseNumber:
    """Read a case number as people write it: Thai digits, missing zeros, spaces, a hyphen for the stroke.

    :raises Unacceptable: `case_number_malformed`
    """
    match = _CASE_NUMBER.fullmatch(to_ascii_digits(text).strip(_EDGES))
    if match is None:
        raise Unacceptable("case_number_malformed")
    number = CaseNumber(sequence=int(match[1]), fiscal_year=int(match[2]))
    if number.sequence < 1 or number.fiscal_year not in _FISCAL_YEARS:
        raise Unacceptable("case_number_malformed")
    return number


_CODE_DIGITS = range(6, 13)
_LINK_SECRET_BYTES = 32


def new_code(digits: int) -> str:
    """Return a fresh secret of so many decimal digits (6 to 12), zeros in front included.

    Too short to be kept by `digest_secret`: store it with a password hasher, and count the tries (T-22).
    """
    if digits not in _CODE_DIGITS:
        raise ValueError("A code has 6 to 12 digits.")
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def new_link_secret() -> str:
    """Return a fresh secret of 256 bits for a link, in 43 characters that a URL carries as they are."""
    return secrets.token_urlsafe(_LINK_SECRET_BYTES)


def digest_secret(secret: str) -> str:
    """Return the SHA-256 of a link secret, in 64 hexadecimal digits: all that is ever stored of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


#: Damm's quasigroup: the check digit finds every single wrong digit and every swap of neighbours.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
_SHORT_CODE = re.compile(r"[0-9]{10}")
_SHORT_CODE_SPACING = re.compile(r"[\s\-\u00a0\u2010-\u2015]+")


def short_code() -> str:
    """Return a fresh code under which a printed document is verified: 10 digits, the last one a check digit.

    It names a document and is no secret. It never begins with 0, which spreadsheets and speakers drop.
    """
    body = str(10**8 + secrets.randbelow(9 * 10**8))
    return body + _check_digit(body)


def group_short_code(code: str) -> str:
    """Return the code of a document as it is printed and spoken, as in 482 913 7756."""
    return f"{code[:3]}\u00a0{code[3:6]}\u00a0{code[6:]}"


def parse_short_code(text: str) -> str:
    """Read the code of a document as people type it: Thai digits, spaces and hyphens where they like.

    :raises Unacceptable: `short_code_malformed`, or `short_code_mistyped` if the check digit does not fit
    """
    code = _SHORT_CODE_SPACING.sub("", to_ascii_digits(text).strip(_EDGES))
    if not _SHORT_CODE.fullmatch(code):
        raise Unacceptable("short_code_malformed")
    if _check_digit(code) != "0":
        raise Unacceptable("short_code_mistyped")
    return code


def _check_digit(digits: str) -> str:
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim


#: No vowels, hence no words; no 0, 1, l, hence nothing to confuse. Twelve of them are 57 bits.
_PUBLIC_ID_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
PUBLIC_ID_LENGTH = 12
PUBLIC_ID_PATTERN = f"[{_PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}"
_PUBLIC_ID = re.compile(PUBLIC_ID_PATTERN)


def public_id() -> str:
    """Return a fresh opaque name for a thing in URLs; it tells neither order nor number, and grants nothing."""
    return "".join(secrets.choice(_PUBLIC_ID_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def is_public_id(text: str) -> bool:
    """Test if a text from outside has the form of such a name."""
    return _PUBLIC_ID.fullmatch(text) is not None


def reference_number() -> str:
    """Return a fresh number of 8 digits by which an error page is found in the log when somebody telephones."""
    return str(10**7 + secrets.randbelow(9 * 10**7))
