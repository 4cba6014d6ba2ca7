"""Queue messages inside a change, and note how their delivery went."""

from datetime import datetime, timedelta
from typing import Any

from kunjae.audit.change import WriteOutsideOperation, canonical_json, in_change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.messaging import tasks
from kunjae.messaging.models import Channel, Message, MessageState
from kunjae.messaging.sealing import seal
from kunjae.organisations.models import Person

ATTEMPTS_MAX = 84
"""With one attempt an hour at the end, about three days: an outage of a day loses nothing (F7)."""


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
) -> Message:
    """
    Queue one message within the change that is open; it goes out after the commit, or never.

    The text is the template `messages/<kind>.<channel>.txt` with `facts` and `secrets`.

    :raises WriteOutsideOperation: if no change is open
    """
    if not in_change():
        raise WriteOutsideOperation("messaging.Message")
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
    tasks.deliver.enqueue(message.pk)
    return message


def mark_sent(*, actor: Actor, message_id: int, at: datetime) -> None:
    """Note that a message was handed over, and wipe its secret."""
    with state_change(actor=actor, at=at) as change:
        message = Message.objects.select_for_update().get(pk=message_id)
        message.change_to(
            state=MessageState.SENT,
            sent_at=at,
            sealed="",
            last_error="",
            next_attempt_at=None,
            attempts_count=message.attempts_count + 1,
        )
        _record(change, "message.sent", message)


def delay_after(attempts_count: int) -> timedelta:
    """Say how long to wait after so many failed attempts: doubling from 30 seconds, one hour at most."""
    return min(timedelta(seconds=30 * 2 ** min(attempts_count - 1, 10)), timedelta(hours=1))
