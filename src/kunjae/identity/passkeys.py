"""
Passkeys (WebAuthn): what the browser is asked, and whether what it answers holds. Stateless, but for the challenge.

A passkey is bound to the address of this service, so that a page of another address gets nothing out of it (T-23); its
owner is verified by the device, so that it is two factors in one (D5). Which browser makes it, or which device, is not
asked: no attestation.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kunjae.identity.models import SecondFactor, Subject

CREDENTIAL_LENGTH_MAX = 20_000
CREDENTIAL_ID_BYTES_MAX = 1023  # WebAuthn, 4
_WAIT_MILLISECONDS = 120_000


class NotProved(Exception):
    """What the browser answered proves nothing: malformed, another address, another challenge, a wrong signature."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is asked (`options`, for the page), and what must be kept until it answers (`state`)."""

    options: dict[str, Any]
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that a browser has made."""

    credential_id: str
    public_key: str
    sign_count: int


def _server() -> Fido2Server:
    address = urlsplit(settings.KUNJAE_BASE_URL)
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=address.hostname or "", name="Kunjae"),
        verify_origin=lambda origin: origin == f"{address.scheme}://{address.netloc}",
    )


def ask_to_make(subject: Subject, *, known: list[SecondFactor]) -> Asked:
    """Ask for a passkey of an account: one that the device can find by itself, and not beside one it has already."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=subject.public_id.encode(), name=subject.username, display_name=subject.person.full_name
        ),
        credentials=[_data_of(passkey) for passkey in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _asked(options, state)


def made(state: dict[str, Any], answer: dict[str, Any]) -> Made:
    """
    Read what a browser has made.

    :raises NotProved: if it is not what was asked for
    """
    try:
        data = _server().register_complete(state, answer)
    except Exception as fault:  # whatever a stranger sends, the library may stumble over it in any way
        raise NotProved from fault
    credential = data.credential_data
    if credential is None or len(credential.credential_id) > CREDENTIAL_ID_BYTES_MAX:
        raise NotProved
    return Made(_text(credential.credential_id), _text(bytes(credential)), data.counter)


def ask_to_sign() -> Asked:
    """Ask for a signature of any passkey that the device has for this service: nobody says who he is first (T-19)."""
    options, state = _server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return _asked(options, state)


def credential_id_of(answer: dict[str, Any]) -> str:
    """
    Read which passkey a browser has signed with.

    :raises NotProved: if the answer is malformed
    """
    try:
        return _text(AuthenticationResponse.from_dict(answer).raw_id)
    except Exception as fault:
        raise NotProved from fault


def signed(state: dict[str, Any], answer: dict[str, Any], passkey: SecondFactor) -> int:
    """
    Judge a signature by a passkey of ours.

    :returns: the counter of the device; zero where it has none
    :raises NotProved: if it does not hold, or names another owner
    """
    try:
        _server().authenticate_complete(state, [_data_of(passkey)], answer)
        response = AuthenticationResponse.from_dict(answer).response
    except Exception as fault:
        raise NotProved from fault
    if response.user_handle not in (None, b"", passkey.subject.public_id.encode()):
        raise NotProved
    return response.authenticator_data.counter


def _asked(options: Any, state: Any) -> Asked:
    asked = dict(options)
    asked["publicKey"] = {**dict(asked["publicKey"]), "timeout": _WAIT_MILLISECONDS}
    return Asked(asked, dict(state))


def _data_of(passkey: SecondFactor) -> AttestedCredentialData:
    return AttestedCredentialData(b64decode(passkey.public_key))


def _text(data: bytes) -> str:
    return b64encode(data).decode()
