"""Keep a one-time secret unreadable while its message waits (I8)."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"kunjae.messaging.sealing" + str(settings.SECRET_KEY).encode()).digest()))


def seal(secrets: dict[str, Any]) -> str:
    """Encrypt secrets for the time until they are handed over."""
    return _cipher().encrypt(json.dumps(secrets).encode()).decode() if secrets else ""


def unseal(sealed: str) -> dict[str, Any]:
    """
    Read sealed secrets again.

    :raises cryptography.fernet.InvalidToken: if the key is another one
    """
    secrets: dict[str, Any] = json.loads(_cipher().decrypt(sealed.encode())) if sealed else {}
    return secrets
