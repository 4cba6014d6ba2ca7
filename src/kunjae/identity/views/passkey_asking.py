"""The challenge of a passkey, from the page that asks to the answer."""

import json
from typing import Any

from django.http import HttpRequest

from kunjae.identity import passkeys

STATE = "passkey_asked"
"""In the browser's session: the challenge that waits for one answer."""


def asked(request: HttpRequest, found: passkeys.Asked) -> str:
    """Keep the challenge for one answer, and write what the page asks the browser."""
    request.session[STATE] = found.state
    return json.dumps(found.options)


def taken(request: HttpRequest) -> dict[str, Any] | None:
    """Take the challenge that waits: an answer that comes twice finds none."""
    state: dict[str, Any] | None = request.session.pop(STATE, None)
    return state
