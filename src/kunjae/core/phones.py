"""Telephone numbers and e-mail addresses: any way of writing them comes in, one way is stored."""

import re

from kunjae.core.numerals import to_ascii_digits
from kunjae.core.text import canonical
from kunjae.core.unacceptable import Unacceptable

# --- Telephone --------------------------------------------------------------------------------------------------

#: Stored: nine or ten digits, and x with an inner number behind a landline, as in 021234567x123.
PHONE_LENGTH_MAX = 17

_LABEL = re.compile(r"\A(?:โทรศัพท์|โทร|เบอร์|มือถือ|tel|phone|mobile)[\s.:]*", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:ต่อ|กด|extension|ext|x|#)[\s.:]*", re.IGNORECASE)
_BETWEEN_NUMBERS = re.compile(r"[0-9][\s)]*(?:[,;/\n]|หรือ|และ|ถึง|or|and|to)")
_WRITTEN_AROUND_DIGITS = re.compile(r"[\s().\-\u2010-\u2015\u2212]+")
_COUNTRY_CODE = re.compile(r"(?:\+|00)660?(?=[1-9])|66(?=[689][0-9]{8}\Z|[23457][0-9]{7}\Z)")
_MOBILE = re.compile(r"0[689][0-9]{8}")
_LANDLINE = re.compile(r"0[23457][0-9]{7}")
_INNER_NUMBER = re.compile(r"[0-9]{1,6}")
_MOBILE_LENGTH, _LANDLINE_LENGTH = 10, 9


def clean_phone(text: str) -> str:
    """Return a Thai number as it is stored: ASCII digits that begin with 0, and x123 for an inner number.

    Thai digits, +66, brackets, hyphens, dots, a label in front (โทร.) and ต่อ 123 behind are all understood.

    :raises Unacceptable: `phone_missing`, `phone_several`, `phone_characters`, `phone_not_thai`, `phone_prefix`,
        `phone_mobile_length`, `phone_landline_length`, `phone_extension`
    """
    typed = _LABEL.sub("", to_ascii_digits(canonical(text)))
    if not typed:
        raise Unacceptable("phone_missing")
    if _BETWEEN_NUMBERS.search(typed):
        raise Unacceptable("phone_several")
    outer, *inner = _EXTENSION.split(typed, maxsplit=1)
    number = _national_number(_WRITTEN_AROUND_DIGITS.sub("", outer))
    if not inner:
        return number
    inner_number = _WRITTEN_AROUND_DIGITS.sub("", inner[0])
    if not _INNER_NUMBER.fullmatch(inner_number) or _MOBILE.fullmatch(number):
        raise Unacceptable("phone_extension")
    return f"{number}x{inner_number}"


def clean_mobile(text: str) -> str:
    """Return a Thai mobile number as it is stored: ten ASCII digits. Only to these a text message can be sent.

    :raises Unacceptable: see `clean_phone`; `phone_not_mobile`
    """
    number = clean_phone(text)
    if not is_mobile(number):
        raise Unacceptable("phone_not_mobile")
    return number


def is_mobile(number: str) -> bool:
    """Test if a stored number is a mobile one."""
    return _MOBILE.fullmatch(number) is not None


def display(number: str, language: str = "th") -> str:
    """Return a stored number as it is read: 081-234-5678, 02-123-4567, 053-123-456 ต่อ 12."""
    outer, _, inner = number.partition("x")
    if not inner:
        return _grouped(outer)
    return f"{_grouped(outer)}\u00a0{'ext.' if language.lower().startswith('en') else 'ต่อ'}\u00a0{inner}"


def mask(number: str) -> str:
    """Return a stored number so that only its owner recognises it, as in xxx-xxx-5678."""
    outer = number.partition("x")[0]
    return _grouped("x" * (len(outer) - 4) + outer[-4:], bangkok=outer.startswith("02"))


def _grouped(digits: str, *, bangkok: bool = False) -> str:
    first = 2 if bangkok or digits.startswith("02") else 3
    return "-".join((digits[:first], digits[first : first + 3], digits[first + 3 :]))


def _national_number(digits: str) -> str:
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise Unacceptable("phone_characters")
    number = _COUNTRY_CODE.sub("0", digits, count=1) if _COUNTRY_CODE.match(digits) else digits
    if number.startswith(("+", "00")):
        raise Unacceptable("phone_not_thai")
    if re.match(r"0[689]", number):
        if not _MOBILE.fullmatch(number):
            raise Unacceptable("phone_mobile_length", length=len(number), expected=_MOBILE_LENGTH)
    elif re.match(r"0[23457]", number):
        if not _LANDLINE.fullmatch(number):
            raise Unacceptable("phone_landline_length", length=len(number), expected=_LANDLINE_LENGTH)
    else:
        raise Unacceptable("phone_prefix")
    return number


# --- E-mail -----------------------------------------------------------------------------------------------------

EMAIL_LENGTH_MAX = 254
_LOCAL_LENGTH_MAX = 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL_OF_DOMAIN = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL_OF_DOMAIN}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})")


def clean_email(text: str) -> str:
    """Return an e-mail address as it is stored: ASCII, its domain in small letters, nothing a mail header obeys.

    :raises Unacceptable: `email_missing`, `email_several`, `email_not_ascii`, `email_malformed`, `email_too_long`
    """
    typed = canonical(text)
    if not typed:
        raise Unacceptable("email_missing")
    if len(typed) > EMAIL_LENGTH_MAX:
        raise Unacceptable("email_too_long", length=len(typed), length_max=EMAIL_LENGTH_MAX)
    if typed.count("@") > 1 and re.search(r"[\s,;/]", typed):
        raise Unacceptable("email_several")
    if not typed.isascii():
        raise Unacceptable("email_not_ascii")
    local, _, domain = typed.rpartition("@")
    domain = domain.lower()
    if len(local) > _LOCAL_LENGTH_MAX or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise Unacceptable("email_malformed")
    return f"{local}@{domain}"


#: Here a mailbox is reached under both names, and with full stops wherever one likes.
_GOOGLE = frozenset({"gmail.com", "googlemail.com"})


def mailbox_key(address: str) -> str:
    """Return what two addresses share that reach one mailbox: no capitals, no +tag, and with Google no full stops.

    For comparing only: a mail goes to the address as it was given.
    """
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '')}@gmail.com" if domain in _GOOGLE else f"{local}@{domain}"


def mask_email(address: str) -> str:
    """Return an address so that only its owner recognises it: at most two letters before the @, and the domain."""
    local, _, domain = address.rpartition("@")
    shown = local[: min(2, len(local) - 1)]
    return f"{shown}***@{domain}"
