"""Sessions begin at sign-in and end for a reason (L-32)."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.db import connection, models, transaction
from django.db.models import Q

from kunjae.audit.change import Change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.identity.models import ABSOLUTE_END, IDLE_END, EndReason, Session, Subject

BATCH = 100
"""Sessions that one change ends at most."""


class Begun(NamedTuple):
    """A browser's session that begins: its key, and the rows of bookkeeping that are written with ours."""

    key: str
    rows: tuple[models.Model, ...] = ()


def start_session(
    *,
    subject: Subject,
    session_key: str | Callable[[], Begun],
    address: str,
    device: str,
    at: datetime,
    factor: str = "",
) -> Session:
    """
    Register a session that begins; only a digest of its key is kept.

    `session_key` may be a function that begins the browser's own session in the same transaction, and gives its key with
    the bookkeeping that belongs to it (docs/decisions/0008); what it raises leaves nothing behind.
    `factor` names the kind of second factor that was proved, if any.
    """
    actor = Actor(name=subject.username, person_id=subject.person_id, subject_id=subject.pk, address=address)
    with state_change(actor=actor, at=at) as change:
        begun = Begun(session_key) if isinstance(session_key, str) else session_key()
        session = Session(
            public_id=identifiers.public_id(),
            subject=subject,
            key_digest=identifiers.digest_secret(begun.key),
            started_at=at,
            seen_at=at,
            address=address,
            device=device[:120],
            factor=factor,
            proved_at=at,
        )
        change.insert_at_end(*begun.rows, session)
        change.record(
            "session.started",
            session,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
            factor=factor,
        )
    return session


def end_session(*, actor: Actor, session_id: int, reason: EndReason, at: datetime) -> None:
    """End one session; one that has ended already stays as it is."""
    with transaction.atomic():
        still_open = Session.objects.filter(pk=session_id, ended_at=None).select_related("subject")
        session = still_open.select_for_update(of=("self",)).first()
        if session is None:
            return
        with state_change(actor=actor, at=at) as change:
            session.change_to(ended_at=at, end_reason=reason)
            _record_end(change, session)


def end_sessions_of(
    *, actor: Actor, subject: Subject, reason: EndReason, at: datetime, except_id: int | None = None
) -> int:
    """End every session of an account, except perhaps the one that asks; returns how many."""
    still_open = Session.objects.filter(subject=subject, ended_at=None).exclude(pk=except_id or 0)
    if not still_open.exists():
        return 0
    with state_change(actor=actor, at=at) as change:
        sessions = list(still_open.select_for_update())
        for session in sessions:
            session.change_to(ended_at=at, end_reason=reason)
            change.record(
                "session.ended",
                session,
                organisation_id=subject.authority_id,
                subject_person_id=subject.person_id,
                username=subject.username,
                reason=reason,
            )
    return len(sessions)


def end_overdue_sessions(*, actor: Actor, at: datetime) -> int:
    """
    End the sessions that are past their time and to which nobody came back (L-32); returns how many.

    In changes of `BATCH` sessions: none holds the records of many authorities for long. A session that shows a sign
    of life meanwhile stays.
    """
    ended = 0
    while batch := _end_a_batch(actor=actor, at=at):
        ended += batch
    return ended


def _end_a_batch(*, actor: Actor, at: datetime) -> int:
    is_overdue = Q(seen_at__lte=at - IDLE_END) | Q(started_at__lte=at - ABSOLUTE_END)
    overdue = Session.objects.filter(is_overdue, ended_at=None).order_by("pk")
    if not overdue.exists():
        return 0
    with transaction.atomic():
        # Somebody else's lock: a request, or another worker, is at the same session.
        sessions = list(
            overdue.select_related("subject").select_for_update(
                of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
            )[:BATCH]
        )
        if not sessions:
            return 0
        with state_change(actor=actor, at=at) as change:
            for session in sessions:
                session.change_to(ended_at=at, end_reason=session.overdue(at))
                _record_end(change, session)
    return len(sessions)


def _record_end(change: Change, session: Session) -> None:
    change.record(
        "session.ended",
        session,
        organisation_id=session.subject.authority_id,
        subject_person_id=session.subject.person_id,
        username=session.subject.username,
        reason=session.end_reason,
    )
