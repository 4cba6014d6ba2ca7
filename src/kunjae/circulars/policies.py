"""Who may do what with a circular. One function for the page and for the operation."""

from datetime import datetime

from django.utils.translation import get_language

from kunjae.circulars.models import REMINDED_AGAIN_AFTER, Circular, Receipt
from kunjae.core.actor import Actor
from kunjae.core.clock import long_date, thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements.queries import tenures_of
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import Desk
from kunjae.organisations.queries import posting_of

ROWS_MAX = 50_000


def at_department_desk(actor: Actor, *, at: datetime) -> Verdict:
    """Test if the actor sits at the department's desk, from which circulars come."""
    posting = posting_of(actor.person_id, on=thai_day(at))
    if posting is None or posting.desk != Desk.DEPARTMENT:
        return Verdict("circulars_are_the_departments")
    return ALLOWED


def may_change(actor: Actor, circular: Circular, *, at: datetime) -> Verdict:
    """Test if the actor may still change a circular, or send it: at the department's desk, before it went out."""
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    return Verdict("circular_sent") if circular.is_sent else ALLOWED


def may_fill_in_reference(actor: Actor, circular: Circular, *, at: datetime) -> Verdict:
    """Test if the actor may fill in the number or the day of a circular that went out without (L-01)."""
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    if not circular.is_sent:
        return Verdict("circular_not_sent")
    return ALLOWED if circular.lacks_reference else Verdict("circular_reference_known")


def may_read(actor: Actor, receipt: Receipt, *, at: datetime) -> Verdict:
    """Test if a circular came to the actor: by an account or a tenure at the authority, or a desk in the province."""
    if not actor.is_person:
        return Verdict("circular_not_for_you")
    if receipt.province_id is not None:
        return ALLOWED if _sits_in(actor, receipt.province_id, at=at) else Verdict("circular_not_for_you")
    works_there = Subject.objects.filter(
        pk=actor.subject_id, authority_id=receipt.authority_id, state=SubjectState.ACTIVE
    )
    if works_there.exists() or _heads(actor, receipt, at=at):
        return ALLOWED
    return Verdict("circular_not_for_you", _about(receipt))


def may_acknowledge(actor: Actor, receipt: Receipt, *, at: datetime) -> Verdict:
    """
    Test if the actor may acknowledge: the head of finance in office, acting or not, or an officer of the province.

    Acknowledging binds the authority to act on the letter; that is the head's (L-04, L-07).
    """
    if receipt.province_id is not None:
        if not _sits_in(actor, receipt.province_id, at=at):
            return Verdict("circular_not_for_you")
    elif not _heads(actor, receipt, at=at):
        return Verdict("not_head", _about(receipt))
    return ALLOWED if receipt.acknowledged_at is None else Verdict("circular_acknowledged", _about(receipt))


def may_follow(actor: Actor, *, at: datetime) -> Verdict:
    """Test if the actor sits at a desk that follows circulars up: the department's, or a province's for its own."""
    return ALLOWED if posting_of(actor.person_id, on=thai_day(at)) else Verdict("circular_not_for_this_desk")


def may_remind(actor: Actor, receipt: Receipt, *, at: datetime) -> Verdict:
    """Test if the actor may remind a recipient: the department, or the province its own; once in seven days."""
    posting = posting_of(actor.person_id, on=thai_day(at))
    if posting is None:
        return Verdict("circular_not_for_this_desk")
    if posting.desk == Desk.PROVINCE and (
        receipt.authority is None or receipt.authority.province_id != posting.province_id
    ):
        return Verdict("circular_not_for_this_desk")
    return is_due(receipt, at=at)


def is_due(receipt: Receipt, *, at: datetime) -> Verdict:
    """Test if a reminder of a receipt is due: not acknowledged, and none within seven days."""
    about = _about(receipt)
    if receipt.acknowledged_at is not None:
        return Verdict("circular_acknowledged", about)
    if receipt.reminded_at is not None and receipt.reminded_at > at - REMINDED_AGAIN_AFTER:
        return Verdict("reminded_recently", {**about, **days_of_reminder(receipt.reminded_at)})
    return ALLOWED


def days_of_reminder(reminded_at: datetime) -> dict[str, str]:
    """Word the day of a reminder and of the next possible one, for the sentence of the refusal."""
    language = get_language() or "th"
    return {
        "day": long_date(thai_day(reminded_at), language),
        "next_day": long_date(thai_day(reminded_at + REMINDED_AGAIN_AFTER), language),
    }


def fits_a_file(rows: int) -> Verdict:
    """Test if so many recipients go into one file."""
    if rows > ROWS_MAX:
        return Verdict("follow_up_too_long", {"rows": f"{rows:,}", "rows_max": f"{ROWS_MAX:,}"})
    return ALLOWED


def _about(receipt: Receipt) -> dict[str, int]:
    return {"organisation_id": receipt.authority_id} if receipt.authority_id is not None else {}


def _sits_in(actor: Actor, province_id: int, *, at: datetime) -> bool:
    posting = posting_of(actor.person_id, on=thai_day(at))
    return posting is not None and posting.desk == Desk.PROVINCE and posting.province_id == province_id


def _heads(actor: Actor, receipt: Receipt, *, at: datetime) -> bool:
    return (
        tenures_of(actor.person_id, at=at)
        .filter(subject_id=actor.subject_id or 0, authority_id=receipt.authority_id)
        .exists()
    )
