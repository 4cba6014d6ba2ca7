"""Queue messages inside a change. How they are delivered, and what is noted of it: see `delivery`."""

from datetime import datetime
from typing import Any

from kunjae.audit.change import canonical_json, require_open_change
from kunjae.core import identifiers
from kunjae.messaging import delivery
from kunjae.messaging.delivery import ATTEMPTS_MAX, delay_after, mark_sent, take_up_stranded
from kunjae.messaging.models import Channel, Message
from kunjae.messaging.sealing import seal
from kunjae.organisations.models import Person

__all__ = ["ATTEMPTS_MAX", "delay_after", "mark_sent", "queue", "take_up_stranded"]


def queue(
    *,
    kind: str,
    channel: Channel,
    to_address: str,
    at: datetime,
    person: Person | None = None,
    organisation_id: int | None = None,
    case: str = "",
    language: str = "th",
    facts: dict[str, Any] | None = None,
    secrets: dict[str, Any] | None = None,
    is_bulk: bool = False,
) -> Message:
    """
    Queue one message within the change that is open; it goes out after the commit, or never.

    The text is the template `messages/<kind>.<channel>.txt` with `facts` and `secrets` (see `rendering.render`).
    `is_bulk` lets a message that goes to thousands wait for those that somebody waits for.

    :raises WriteOutsideOperation: if no change is open
    """
    require_open_change("messaging.Message")
    message = Message.objects.create(
        public_id=identifiers.public_id(),
        kind=kind,
        channel=channel,
        to_address=to_address,
        language=language,
        person=person,
        organisation_id=organisation_id,
        case=case,
        facts_json=canonical_json(facts or {}),
        sealed=seal(secrets or {}),
        queued_at=at,
        next_attempt_at=at,
    )
    delivery.enqueue(message.pk, at=at, priority=delivery.BULK if is_bulk else 0)
    return message
