"""
One attempt to hand a message over, and what follows from how it went (F7, F12).

A message that waits always has a task ahead that makes its next attempt. Whoever makes an attempt
first puts the next one off by `CLAIM`, with a task for it, in one transaction; only then, outside
of any transaction, is the letter handed over. A worker that is killed in between therefore delays
a message and never loses it; what the server took before the kill is handed over once more, under
the same Message-ID.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from kunjae.audit.change import Change, state_change
from kunjae.core.actor import Actor, system
from kunjae.messaging import faults, rendering, transports
from kunjae.messaging.faults import Undelivered
from kunjae.messaging.models import Message, MessageState

ATTEMPTS_MAX = 84
"""With one attempt an hour at the end, about three days: an outage of a day loses nothing (F7)."""

CLAIM = timedelta(minutes=10)
"""Longer than any hand-over takes: the transports give up after seconds."""

BULK = -50
"""The place in the queue of what goes to thousands: a code that somebody waits for is never behind it."""

_log = logging.getLogger(__name__)
_ACTOR = system("deliver-messages")


@task()
def deliver(message_id: int) -> None:
    """Make the attempt of a message that is due now."""
    attempt(message_id, at=timezone.now())


def enqueue(message_id: int, *, at: datetime, priority: int = 0) -> None:
    """Queue the attempt that is due at an instant, in the transaction that is open."""
    deliver.using(run_after=at, priority=priority).enqueue(message_id)


def attempt(message_id: int, *, at: datetime) -> None:
    """
    Hand the message over unless that was done already or is not due; on failure see to the next attempt.

    It may be called any number of times, by any number of workers at once.
    """
    message = _claimed(message_id, at=at)
    if message is None:
        return
    try:
        transports.transport_for(message.channel).send(rendering.render(message, at=at))
    except Undelivered as fault:
        note_failure(actor=_ACTOR, message_id=message_id, why=fault.why, is_final=fault.is_final, at=at)
    except Exception:  # noqa: BLE001 (whatever it is, the message must not be lost for it)
        _log.exception("A message of the kind %s met a fault", message.kind)
        note_failure(actor=_ACTOR, message_id=message_id, why=faults.PROGRAM, at=at)
    else:
        mark_sent(actor=_ACTOR, message_id=message_id, at=at)


def _claimed(message_id: int, *, at: datetime) -> Message | None:
    with transaction.atomic():
        if not Message.claim(message_id, at=at, until=at + CLAIM):
            return None
        enqueue(message_id, at=at + CLAIM)
    message = Message.objects.get(pk=message_id)
    if message.attempts_count <= ATTEMPTS_MAX:
        return message
    # Each attempt ended with its worker: this message is what kills them.
    note_failure(actor=_ACTOR, message_id=message_id, why=faults.BROKEN_OFF, is_final=True, at=at)
    return None


def mark_sent(*, actor: Actor, message_id: int, at: datetime) -> None:
    """Note that a message was handed over, and wipe its secret; a second time nothing happens."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.state != MessageState.QUEUED:
            return
        with state_change(actor=actor, at=at) as change:
            message.mark_sent(at=at)
            _record(change, "message.sent", message)


def note_failure(*, actor: Actor, message_id: int, why: str, at: datetime, is_final: bool = False) -> None:
    """Note why an attempt failed and queue the next one; after the last one give up and wipe the secret."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.state != MessageState.QUEUED:
            return
        if not is_final and message.attempts_count < ATTEMPTS_MAX:
            next_at = at + delay_after(message.attempts_count)
            message.put_off(until=next_at, why=why)
            enqueue(message_id, at=next_at)
            return
        with state_change(actor=actor, at=at) as change:
            message.mark_failed(why=why)
            _record(change, "message.failed", message)


def delay_after(attempts_count: int) -> timedelta:
    """Say how long to wait after so many failed attempts: doubling from 30 seconds, one hour at most."""
    return min(timedelta(seconds=30 * 2 ** min(max(attempts_count, 1) - 1, 10)), timedelta(hours=1))


def take_up_stranded(*, at: datetime) -> int:
    """
    Queue anew what waits although its time is past: its task ended with a worker that was killed (F12).

    The worker calls it when it starts. A task too many does nothing.

    :returns: how many messages were queued anew
    """
    stranded = Message.objects.filter(state=MessageState.QUEUED, next_attempt_at__lte=at)
    message_ids = list(stranded.order_by("next_attempt_at").values_list("pk", flat=True))
    with transaction.atomic():
        for message_id in message_ids:
            enqueue(message_id, at=at)
    return len(message_ids)


def _record(change: Change, name: str, message: Message) -> None:
    change.record(
        name,
        message,
        organisation_id=message.organisation_id,
        subject_person_id=message.person_id,
        case=message.case,
        kind=message.kind,
        channel=message.channel,
    )
