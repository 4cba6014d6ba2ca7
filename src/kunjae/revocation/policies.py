"""May they take access away? Reducing is for the head; nobody does it to himself (D7, N-02)."""

from datetime import date, datetime

from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements import permissions, queries
from kunjae.entitlements.policies import may
from kunjae.identity.models import Subject, SubjectState


def _may_touch(actor: Actor, subject: Subject, permission: str, *, at: datetime) -> Verdict:
    if subject.authority_id is None:
        return Verdict("not_permitted")
    about = {"organisation_id": subject.authority_id}
    if not (verdict := may(actor, permission, subject.authority_id, at=at)):
        return verdict
    if actor.person_id == subject.person_id:
        return Verdict("own_case", about)
    return ALLOWED


def may_suspend(actor: Actor, subject: Subject, *, at: datetime) -> Verdict:
    """Test if the actor may suspend an account (requirements 1.9.2)."""
    if not (verdict := _may_touch(actor, subject, permissions.SUSPEND, at=at)):
        return verdict
    if subject.state not in (SubjectState.ACTIVE, SubjectState.PENDING):
        return Verdict("subject_not_active", {"organisation_id": subject.authority_id})
    return ALLOWED


def may_resume(actor: Actor, subject: Subject, *, at: datetime) -> Verdict:
    """Test if the actor may put a suspended account back into use."""
    if not (verdict := _may_touch(actor, subject, permissions.SUSPEND, at=at)):
        return verdict
    if subject.state != SubjectState.SUSPENDED:
        return Verdict("subject_not_suspended", {"organisation_id": subject.authority_id})
    return ALLOWED


def may_close(actor: Actor, subject: Subject, *, at: datetime) -> Verdict:
    """Test if the actor may close an account with part 2 of the form (N-02, A2-09)."""
    if not (verdict := _may_touch(actor, subject, permissions.CLOSE, at=at)):
        return verdict
    about = {"organisation_id": subject.authority_id}
    if subject.state == SubjectState.CLOSED:
        return Verdict("subject_closed", about)
    if queries.tenures_of(subject.person_id, at=at).exists():
        return Verdict("holds_tenure", about)
    return ALLOWED


def dates_fit(*, effective_date: date, left_date: date | None, at: datetime) -> Verdict:
    """Test if the days on part 2 make sense together (A2-10)."""
    if effective_date > thai_day(at):
        return Verdict("closing_in_the_future")
    if left_date is not None and left_date > effective_date:
        return Verdict("left_after_closing")
    return ALLOWED
