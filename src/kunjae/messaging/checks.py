"""What the settings of messages must be like, told at every start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

TRANSPORTS = ("mailbox", "real")


@register("messaging")
def check_transport(**options: Any) -> list[CheckMessage]:
    """Refuse a transport that is unknown, and the demo's mailbox in production."""
    if settings.KUNJAE_MESSAGE_TRANSPORT not in TRANSPORTS:
        return [Error(f"KUNJAE_MESSAGE_TRANSPORT is {' or '.join(TRANSPORTS)}.", id="messaging.E001")]
    if settings.KUNJAE_MESSAGE_TRANSPORT == "mailbox" and settings.KUNJAE_MODE == "production":
        return [Error("In production messages cannot stay in the demo's mailbox.", id="messaging.E002")]
    return []
