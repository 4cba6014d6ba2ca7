"""
Codes of second factors as pure functions: those of an authenticator app (RFC 6238) and those of a printed sheet.

An app's code has six digits and holds for thirty seconds, one step before and after included (T-29).
"""

import re
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

import pyotp
from cryptography.fernet import Fernet
from django.conf import settings

from kunjae.core.numerals import to_ascii_digits

ISSUER = "Kunjae"
STEP_SECONDS = 30
STEPS_EITHER_SIDE = 1
CODES_ON_A_SHEET = 10
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no look-alikes: 0 O, 1 I
_LETTERS_OF_A_CODE = 12
_APP_CODE = re.compile(r"[0-9]{6}")
_SHEET_CODE = re.compile(rf"([0-9]{{2}})([{_ALPHABET}]{{{_LETTERS_OF_A_CODE}}})")


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"kunjae.identity.factors" + str(settings.SECRET_KEY).encode()).digest()))


def seal(secret: str) -> str:
    """Encrypt the secret of an app: it must be computed with, so it cannot be hashed."""
    return _cipher().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """
    Read a sealed secret.

    :raises cryptography.fernet.InvalidToken: if the key is another one
    """
    return _cipher().decrypt(sealed.encode()).decode()


def new_secret() -> str:
    """Draw the secret of an app: 160 bits, base32 (RFC 4226, 4)."""
    return pyotp.random_base32(32)


def address_for_app(secret: str, *, username: str) -> str:
    """Give the address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def app_code(secret: str, *, at: datetime) -> str:
    """Compute the code that an app shows at an instant."""
    return pyotp.HOTP(secret).at(_step(at))


def unused_code(secret: str, *, at: datetime, after: int) -> str:
    """Give the code that opens at an instant after the last one that was used; empty until the next is in reach."""
    step = max(_step(at), after + 1)
    return pyotp.HOTP(secret).at(step) if step <= _step(at) + STEPS_EITHER_SIDE else ""


def step_of(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """Find the step of time whose code this is, near an instant and after the last step that was used (ASVS 6.5.1)."""
    now, hotp, found = _step(at), pyotp.HOTP(secret), None
    for step in range(now - STEPS_EITHER_SIDE, now + STEPS_EITHER_SIDE + 1):
        if compare_digest(hotp.at(step), code) and step > after:
            found = step
    return found


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def new_sheet() -> list[str]:
    """Draw ten codes, each with its number before it: `07-K3QM-4TZB-9WHC`, 60 bits."""
    return [f"{number:02d}-{_grouped(_letters())}" for number in range(1, CODES_ON_A_SHEET + 1)]


def _letters() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS_OF_A_CODE))


def _grouped(letters: str) -> str:
    return "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))


def clean(typed: str) -> str:
    """Bring what was typed into one form: no spaces or hyphens, capitals, ASCII digits; at most 40 characters."""
    return re.sub(r"[\s\-–]", "", to_ascii_digits(typed[:40])).upper()


def is_app_code(cleaned: str) -> bool:
    """Test if this is formed like the code of an app."""
    return bool(_APP_CODE.fullmatch(cleaned))


def of_sheet(cleaned: str) -> tuple[int, str] | None:
    """Read the number and the letters of a recovery code, if it is formed like one."""
    found = _SHEET_CODE.fullmatch(cleaned)
    return (int(found[1]), found[2]) if found else None


def letters_of(code: str) -> str:
    """Give the letters of a code as it was printed, without number and hyphens."""
    return clean(code)[2:]
