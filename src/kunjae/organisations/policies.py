"""Who may look across authorities, and who may import their register."""

from datetime import date

from kunjae.core.actor import Actor, system
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.organisations import queries
from kunjae.organisations.models import Desk, LocalAuthority, Posting

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
