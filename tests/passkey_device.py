"""A passkey device in software: it makes a key pair for an address, and signs what a page of that address asks."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Device:
    """One device that holds one passkey; every answer may be falsified by the test."""

    def __init__(self, origin: str, *, counts: bool = True) -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = token_bytes(32)
        self.user_handle = b""
        self.count = 1 if counts else 0

    def make(self, options: str, *, verified: bool = True, origin: str | None = None) -> str:
        """Answer what a page asks that binds a passkey."""
        asked = json.loads(options)["publicKey"]
        self.user_handle = _bytes(asked["user"]["id"])
        public_key = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public_key
        flags = USER_PRESENT | ATTESTED | (USER_VERIFIED if verified else 0)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(asked["rp"]["id"], flags) + attested}
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", asked["challenge"], origin),
            attestationObject=cbor.encode(attestation),
        )

    def sign(self, options: str, *, verified: bool = True, origin: str | None = None, count: int | None = None) -> str:
        """Answer what a page asks that wants a signature."""
        asked = json.loads(options)["publicKey"]
        self.count = self.count + 1 if count is None and self.count else (count or self.count)
        data = self._data(asked["rpId"], USER_PRESENT | (USER_VERIFIED if verified else 0))
        client_data = self._client_data("webauthn.get", asked["challenge"], origin)
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client_data, authenticatorData=data, signature=signature, userHandle=self.user_handle
        )

    def _data(self, rp_id: str, flags: int) -> bytes:
        return sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str, origin: str | None) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin or self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        return json.dumps({
            "id": _text(self.credential_id),
            "rawId": _text(self.credential_id),
            "type": "public-key",
            "response": {name: _text(value) for name, value in response.items()},
            "clientExtensionResults": {},
        })  # fmt: skip
