"""Whether this installation works: one finding per thing that must be so."""

import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks, mail
from django.core.mail.backends.smtp import EmailBackend as Smtp
from django.db import connection
from django.db.utils import DatabaseError, InterfaceError
from django_tasks_db.models import DBTaskResult

from kunjae.audit.models import AuditEvent
from kunjae.identity import breached
from kunjae.identity.models import BreachedList
from kunjae.messaging.models import Message, MessageState
from kunjae.site import database

CLOCK_DIFFERENCE_MAX = timedelta(seconds=2)
QUEUE_AGE_MAX = timedelta(minutes=10)

OK, WARNING, FAILED = "ok", "warning", "failed"


@dataclass(frozen=True)
class Finding:
    """What one check found: `ok`, `warning` (work goes on) or `failed` (it does not)."""

    check: str
    state: str
    sentence: str


def examine(*, at: datetime) -> list[Finding]:
    """Run every check; a fault in one is its finding and stops no other."""
    examinations: list[tuple[str, Callable[[datetime], Finding]]] = [
        ("settings", _settings),
        ("database", _database),
        ("clock", _clock),
        ("mail", _mail),
        ("keys", _keys),
        ("queue", _queue),
        ("messages", _messages),
        ("breached", _breached),
    ]
    return [_examined(name, examination, at) for name, examination in examinations]


def _examined(name: str, examination: Callable[[datetime], Finding], at: datetime) -> Finding:
    try:
        return examination(at)
    except (DatabaseError, InterfaceError, OSError) as fault:
        lines = str(fault).strip().splitlines() or [type(fault).__name__]
        return Finding(name, FAILED, f"Could not be looked at: {lines[0].rstrip('.')}.")


def _settings(_at: datetime) -> Finding:
    faults = checks.run_checks(include_deployment_checks=settings.KUNJAE_MODE == "production")
    serious = [fault for fault in faults if fault.is_serious()]
    if serious:
        return Finding("settings", FAILED, f"Faults: {len(serious)}, the first: {serious[0].msg}")
    if faults:
        return Finding("settings", WARNING, f"Remarks: {len(faults)}, the first: {faults[0].msg}")
    return Finding("settings", OK, f"The settings of the {settings.KUNJAE_MODE} mode are complete.")


def _database(_at: datetime) -> Finding:
    missing = database.unapplied_migrations()
    if missing:
        return Finding(
            "database", FAILED, f"{len(missing)} migrations are not applied, the first is {missing[0]}: kunjae migrate."
        )
    return Finding("database", OK, f"{connection.display_name} answers and has every migration.")


def _clock(at: datetime) -> Finding:
    latest = AuditEvent.objects.order_by("-pk").values_list("at", flat=True).first()
    if latest is not None and latest - at > CLOCK_DIFFERENCE_MAX:
        return Finding("clock", FAILED, f"This clock is {latest - at} behind the last event of the record.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            there = cursor.fetchone()[0]
        # `at` was read before the database was asked: only a larger difference than that says anything.
        if abs(there - at) > CLOCK_DIFFERENCE_MAX + timedelta(seconds=3):
            return Finding("clock", FAILED, f"This clock and the database's are {abs(there - at)} apart.")
    return Finding("clock", OK, "The clock agrees with the database and the record.")


def _mail(_at: datetime) -> Finding:
    if settings.KUNJAE_MESSAGE_TRANSPORT == "mailbox":
        return Finding("mail", OK, "Mail stays in the demo's mailbox.")
    with mail.get_connection() as link:
        if isinstance(link, Smtp):
            return Finding("mail", OK, f"The mail server {link.host} takes our connection.")
    return Finding("mail", OK, "Mail goes through a provider's interface, which cannot be tried without sending.")


def _keys(_at: datetime) -> Finding:
    private = [settings.KUNJAE_DATA, settings.KUNJAE_DATA / "secret-key", settings.KUNJAE_UPLOADS]
    open_to_others = [path.name for path in private if path.exists() and _others_may_read(path)]
    if open_to_others:
        return Finding("keys", FAILED, f"Other users of this machine may read {', '.join(open_to_others)}: chmod go=.")
    return Finding("keys", OK, "Keys and uploads are readable by their owner alone.")


def _others_may_read(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _queue(at: datetime) -> Finding:
    ready = DBTaskResult.objects.ready()
    oldest = ready.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    failed_count = DBTaskResult.objects.failed().filter(enqueued_at__gte=at - timedelta(days=1)).count()
    if oldest is not None and at - oldest > QUEUE_AGE_MAX:
        minutes = (at - oldest) // timedelta(minutes=1)
        return Finding("queue", FAILED, f"{ready.count()} tasks wait, one for {minutes} minutes: is a worker running?")
    if failed_count:
        return Finding("queue", WARNING, f"{failed_count} tasks failed in the last 24 hours.")
    return Finding("queue", OK, f"{ready.count()} tasks wait, none for long.")


def _messages(at: datetime) -> Finding:
    stuck = Message.objects.filter(state=MessageState.QUEUED, attempts_count__gt=0).count()
    lost = Message.objects.filter(state=MessageState.FAILED, queued_at__gte=at - timedelta(days=7)).count()
    if stuck or lost:
        return Finding("messages", WARNING, f"{stuck} messages are being tried again; {lost} were given up this week.")
    return Finding("messages", OK, "Every message went out or waits for its first attempt.")


def _breached(_at: datetime) -> Finding:
    newest = BreachedList.objects.order_by("-pk").first()
    if newest is None:
        return Finding("breached", OK, "No list of leaked passwords was imported: kunjae import-breached FILE.")
    try:
        breached.verify(newest.digest, settings.KUNJAE_DATA)
    except breached.Unsealed as fault:
        return Finding("breached", FAILED, f"{fault} Import it again: kunjae import-breached FILE.")
    return Finding(
        "breached", OK, f"{newest.entries} leaked passwords are refused, imported {newest.imported_at:%Y-%m-%d}."
    )
