"""
A circular on its way to its recipients: receipts and notices, a hundred at a time, by the worker.

Each batch is one change: it locks the circular, writes the next receipts with their notices, and moves the mark up to
which it is done. Two workers at it take turns; a worker that is killed loses its batch and nothing else, and the watch
that was queued before goes on from the mark. Once everything is written, another run changes nothing.

Reminding all who have not acknowledged goes the same way; there the mark is the day of the last reminder.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from kunjae.audit.change import Change, state_change
from kunjae.circulars import queries
from kunjae.circulars.models import Circular, Receipt
from kunjae.circulars.queries import Address
from kunjae.core import identifiers
from kunjae.core.actor import system
from kunjae.core.clock import thai_day
from kunjae.messaging.models import Channel
from kunjae.messaging.operations import queue
from kunjae.organisations.models import LocalAuthority, Province

BATCH = 100
WATCH = timedelta(minutes=10)
"""Longer than the longest pause between two batches: then somebody was killed."""

_BEHIND_LETTERS = -20
_SPREAD, _REMIND = system("spread-circular"), system("remind-of-circular")


# --- Receipts ---------------------------------------------------------------------------------------------------


@task(priority=_BEHIND_LETTERS)
def spread(circular_id: int, is_watched: bool = False) -> None:
    """Write one batch of receipts, and queue the next; the first of a row also queues its watch."""
    if Circular.objects.filter(pk=circular_id, spread_at__isnull=False).exists():
        return
    now = timezone.now()
    if not is_watched:
        spread.using(run_after=now + WATCH).enqueue(circular_id)
    if not spread_batch(circular_id, at=now):
        spread.enqueue(circular_id, True)


def begin(circular: Circular) -> None:
    """Queue the work, in the transaction that is open."""
    spread.enqueue(circular.pk)


def spread_batch(circular_id: int, *, at: datetime, size: int = BATCH) -> bool:
    """
    Write the next receipts and notices of a circular that was sent: the provinces first, then its authorities.

    It may be called any number of times, by any number of workers at once.

    :returns: True once every recipient has its receipt
    """
    with transaction.atomic():
        circular = Circular.objects.select_for_update().get(pk=circular_id)
        if circular.spread_at is not None or circular.sent_at is None:
            return True
        with state_change(actor=_SPREAD, at=at) as change:
            return _write_batch(change, circular, size=size, at=at)


def _write_batch(change: Change, circular: Circular, *, size: int, at: datetime) -> bool:
    provinces = list(queries.provinces_addressed(circular)) if circular.spread_after == 0 else []
    waiting = queries.authorities_addressed(circular).filter(pk__gt=circular.spread_after)
    authorities = list(waiting[:size])
    Receipt.objects.bulk_create(
        [_receipt(circular, at=at, province=province) for province in provinces]
        + [_receipt(circular, at=at, authority=authority) for authority in authorities]
    )
    _tell(circular, queries.recipients().filter(
        Q(province__in=provinces) | Q(authority__in=authorities), circular=circular
    ), kind="circular", at=at)  # fmt: skip
    is_done = len(authorities) < size
    done = Receipt.objects.filter(circular=circular).count()
    circular.change_to(
        spread_after=authorities[-1].pk if authorities else circular.spread_after,
        spread_at=at if is_done else None,
        # What was counted when it was sent may have changed by a merger meanwhile.
        recipients_count=done if is_done else circular.recipients_count,
    )
    change.record(
        "circular.delivered",
        circular,
        organisation_id=None,
        count=len(provinces) + len(authorities),
        done=done,
        recipients=circular.recipients_count,
    )
    return is_done


def _receipt(
    circular: Circular, *, at: datetime, authority: LocalAuthority | None = None, province: Province | None = None
) -> Receipt:
    return Receipt(
        public_id=identifiers.public_id(), circular=circular, authority=authority, province=province, delivered_at=at
    )


# --- Reminders --------------------------------------------------------------------------------------------------


@task(priority=_BEHIND_LETTERS)
def remind_all(circular_id: int, is_watched: bool = False) -> None:
    """Remind one batch of those who have not acknowledged, and queue the next; the first also queues its watch."""
    now = timezone.now()
    if not queries.to_be_reminded(circular_id, at=now).exists():
        return
    if not is_watched:
        remind_all.using(run_after=now + WATCH).enqueue(circular_id)
    if not remind_batch(circular_id, at=now):
        remind_all.enqueue(circular_id, True)


def begin_reminding(circular: Circular) -> None:
    """Queue the work, in the transaction that is open."""
    remind_all.enqueue(circular.pk)


def remind_batch(circular_id: int, *, at: datetime, size: int = BATCH) -> bool:
    """
    Remind the next recipients who have not acknowledged and were not reminded for seven days.

    It may be called any number of times, by any number of workers at once.

    :returns: True once nobody is left to be reminded
    """
    with transaction.atomic():
        circular = Circular.objects.select_for_update().get(pk=circular_id)
        due = queries.to_be_reminded(circular_id, at=at).order_by("pk").values_list("pk", flat=True)[:size]
        locked = Receipt.objects.select_for_update().filter(pk__in=list(due)).order_by("pk")
        ids = [receipt.pk for receipt in locked]
        # Asked again under the lock: somebody may have reminded one of them by hand, or one has just acknowledged.
        receipts = list(queries.recipients().filter(pk__in=queries.to_be_reminded(circular_id, at=at), id__in=ids))
        if not receipts:
            return len(ids) < size
        with state_change(actor=_REMIND, at=at) as change:
            remind_each(change, circular, receipts, at=at)
    return len(ids) < size


def remind_each(change: Change, circular: Circular, receipts: Iterable[Receipt], *, at: datetime) -> int:
    """
    Send reminders about these receipts within a change, and note the day on each; who may is the caller's question.

    :returns: how many messages were queued
    """
    receipts = list(receipts)
    told = _tell(circular, receipts, kind="circular_reminder", at=at)
    for receipt in receipts:
        receipt.change_to(reminded_at=at, reminders_count=receipt.reminders_count + 1)
        change.record(
            "circular.reminded",
            receipt,
            organisation_id=receipt.authority_id,
            recipient=receipt.recipient_name,
            subject=circular.subject,
        )
    return told


# --- Notices ----------------------------------------------------------------------------------------------------


def _tell(circular: Circular, receipts: Iterable[Receipt], *, kind: str, at: datetime) -> int:
    """Queue one mail to each address of each recipient; those without any are seen on the page of the follow-up."""
    on, receipts = thai_day(at), list(receipts)
    of_authorities = queries.addresses_of_authorities([r.authority_id for r in receipts if r.authority_id], on=on)
    of_provinces = queries.addresses_of_provinces([r.province_id for r in receipts if r.province_id], on=on)
    count = 0
    for receipt in receipts:
        if receipt.authority_id is not None:
            addresses = of_authorities[receipt.authority_id]
        else:
            addresses = of_provinces[receipt.province_id or 0]
        for address in addresses:
            _queue(circular, receipt, address, kind=kind, at=at)
        count += len(addresses)
    return count


def _queue(circular: Circular, receipt: Receipt, address: Address, *, kind: str, at: datetime) -> None:
    facts: dict[str, Any] = {
        "subject": circular.subject,
        "recipient": receipt.recipient_name,
        "page": ("circulars" if receipt.authority_id else "province/circulars") + f"/{receipt.public_id}",
    }
    if circular.due_date is not None:
        facts["due"] = circular.due_date
    queue(
        kind=kind,
        channel=Channel.MAIL,
        to_address=address.email,
        at=at,
        person=address.person,
        organisation_id=receipt.authority_id,
        language=address.language,
        facts=facts,
        is_bulk=True,
    )
