"""Who may look across authorities, and who may import their register."""

from datetime import date, datetime

from kunjae.core.actor import Actor, system
from kunjae.core.clock import thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.organisations import queries
from kunjae.organisations.models import ContactChange, Desk, LocalAuthority, Posting, Province

#: How the names of the system's own jobs begin; no user id holds a colon.
_JOB = system("").name


def may_look_across(actor: Actor, *, on: date) -> Verdict:
    """Test if the actor sits at a desk above the authorities on a day: the department's or a province's (D16)."""
    return ALLOWED if queries.posting_of(actor.person_id, on=on) else Verdict("not_at_a_desk")


def may_look_at(actor: Actor, authority: LocalAuthority, *, on: date) -> Verdict:
    """Test if the actor's desk looks after this authority on a day."""
    return desk_looks_after(queries.posting_of(actor.person_id, on=on), authority)


def desk_looks_after(posting: Posting | None, authority: LocalAuthority) -> Verdict:
    """Test if a desk looks after this authority: the department's after all, a province's after its own."""
    if posting is None:
        return Verdict("not_at_a_desk")
    if posting.desk == Desk.PROVINCE and posting.province_id != authority.province_id:
        return Verdict("not_in_this_province")
    return ALLOWED


def may_import_register(actor: Actor, *, on: date) -> Verdict:
    """Test if the actor is a job of the system, or sits at the department's desk on a day."""
    if actor.name.startswith(_JOB) and not actor.is_person:
        return ALLOWED
    posting = queries.posting_of(actor.person_id, on=on)
    return ALLOWED if posting and posting.desk == Desk.DEPARTMENT else Verdict("not_at_department_desk")


def may_keep_contacts(actor: Actor, *, at: datetime) -> Verdict:
    """Test if the actor keeps the addresses of record: a person at the department's desk."""
    posting = queries.posting_of(actor.person_id, on=thai_day(at)) if actor.is_person else None
    at_department = posting is not None and posting.desk == Desk.DEPARTMENT
    return ALLOWED if at_department else Verdict("contact_needs_department_desk")


def may_propose_contact(actor: Actor, place: LocalAuthority | Province, *, at: datetime) -> Verdict:
    """Test if the actor may propose other addresses for a place now; one proposal waits at a time."""
    verdict = may_keep_contacts(actor, at=at)
    if verdict and queries.open_contact_change(place) is not None:
        return Verdict("contact_change_waits")
    return verdict


def may_confirm_contact(actor: Actor, proposed: ContactChange, *, at: datetime) -> Verdict:
    """
    Test if the actor may confirm a proposal: never the person who made it.

    Somebody entered twice is known by the name (T-07).
    """
    verdict = may_keep_contacts(actor, at=at)
    if not verdict:
        return verdict
    if proposed.confirmed_at is not None or proposed.withdrawn_at is not None:
        return Verdict("contact_change_settled")
    if actor.person_id == proposed.proposed_by_id or queries.is_namesake(actor.person_id, proposed.proposed_by):
        return Verdict("contact_change_own")
    return ALLOWED


def may_withdraw_contact(actor: Actor, proposed: ContactChange, *, at: datetime) -> Verdict:
    """Test if the actor may withdraw a proposal: anybody at the desk, while it waits."""
    verdict = may_keep_contacts(actor, at=at)
    if verdict and (proposed.confirmed_at is not None or proposed.withdrawn_at is not None):
        return Verdict("contact_change_settled")
    return verdict
