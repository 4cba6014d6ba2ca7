"""Sessions begin at sign-in and end for a reason (L-32)."""

from collections.abc import Callable
from datetime import datetime

from kunjae.audit.change import state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.identity.models import EndReason, Session, Subject


def start_session(
    *,
    subject: Subject,
    session_key: str,
    address: str,
    device: str,
    at: datetime,
    keep: Callable[[], None] | None = None,
) -> Session:
    """
    Register a session that has just begun; only a digest of its key is kept.

    `keep` writes, in the same transaction, the bookkeeping that belongs to it (docs/decisions/0008).
    """
    actor = Actor(name=subject.username, person_id=subject.person_id, subject_id=subject.pk, address=address)
    with state_change(actor=actor, at=at) as change:
        if keep is not None:
            keep()
        session = Session.objects.create(
            public_id=identifiers.public_id(),
            subject=subject,
            key_digest=identifiers.digest_secret(session_key),
            started_at=at,
            seen_at=at,
            address=address,
            device=device[:120],
        )
        change.record(
            "session.started",
            session,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
        )
    return session


def end_session(*, actor: Actor, session_id: int, reason: EndReason, at: datetime) -> None:
    """End one session; one that has ended already stays as it is."""
    if not Session.objects.filter(pk=session_id, ended_at=None).exists():
        return
    with state_change(actor=actor, at=at) as change:
        session = Session.objects.select_for_update(of=("self",)).select_related("subject").get(pk=session_id)
        if session.ended_at is None:
            session.change_to(ended_at=at, end_reason=reason)
        change.record(
            "session.ended",
            session,
            organisation_id=session.subject.authority_id,
            subject_person_id=session.subject.person_id,
            username=session.subject.username,
            reason=session.end_reason,
        )


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
