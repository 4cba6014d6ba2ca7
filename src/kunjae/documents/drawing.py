"""
The pictures of a scan, drawn by the worker: a page costs two seconds of the processor at most (T-26).

A scan that is kept always has a task ahead. One whose worker was killed is taken up by the worker's rounds.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from kunjae.audit.change import state_change
from kunjae.core.actor import system
from kunjae.documents import storage
from kunjae.documents.models import StoredFile

STRANDED_AFTER = timedelta(minutes=10)
"""Longer than any scan takes: twenty pages of two seconds, on a busy machine."""

_ACTOR = system("draw-scans")
_BATCH = 100


@task(priority=-10)
def draw(scan_id: int) -> None:
    """Draw the pages of one scan; letters that wait go first."""
    draw_pages(scan_id, at=timezone.now())


def enqueue(scan: StoredFile) -> None:
    """Queue the drawing of a scan, in the transaction that is open."""
    draw.enqueue(scan.pk)


def draw_pages(scan_id: int, *, at: datetime) -> None:
    """
    Draw what is not drawn yet of a scan, and note that it is done.

    A page that cannot be drawn within its limits, or whose file is gone, stays without a picture. It may be called
    any number of times, by any number of workers at once.
    """
    scan = StoredFile.objects.get(pk=scan_id)
    if scan.drawn_at is not None:
        return
    numbers = range(1, scan.pages_count + 1)
    try:
        data = storage.original(scan.public_id, scan.kind)
    except FileNotFoundError:
        drawn = 0
    else:
        drawn = sum(storage.draw_page(scan, data, number) for number in numbers)
    with state_change(actor=_ACTOR, at=at) as change:
        scan = StoredFile.objects.select_for_update().get(pk=scan_id)
        if scan.drawn_at is None:
            scan.change_to(drawn_at=at)
        change.record(
            "scan.drawn",
            scan,
            organisation_id=scan.organisation_id,
            case=scan.case,
            pages=scan.pages_count,
            drawn=drawn,
        )


def take_up_stranded(*, at: datetime) -> int:
    """
    Queue anew the scans that nobody has drawn although they were kept long ago.

    :returns: how many were queued
    """
    stranded = StoredFile.objects.filter(drawn_at=None, kept_at__lte=at - STRANDED_AFTER).order_by("kept_at")[:_BATCH]
    for scan in stranded:
        enqueue(scan)
    return len(stranded)
