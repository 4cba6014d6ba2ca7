"""May they? One function for the page and for the operation."""

from datetime import date, datetime

from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements import permissions, queries
from kunjae.entitlements.models import Grant, GroupEdition, Holders, Tenure
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import LocalAuthority, Office
from kunjae.organisations.queries import holds_office

EXECUTIVE_OFFICES = (Office.CHIEF_EXECUTIVE, Office.CHIEF_ADMINISTRATOR)


def may(actor: Actor, permission: str, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if the actor has a permission in an authority at this instant."""
    if LocalAuthority.objects.filter(queries.where_permitted(actor, permission, at=at), pk=organisation_id).exists():
        return ALLOWED
    return Verdict(
        "not_head" if permission in permissions.OF_TENURE else "not_permitted", {"organisation_id": organisation_id}
    )


def lock_tenure(organisation_id: int) -> Tenure | None:
    """
    Lock the open tenure of an authority until the change commits (D6).

    A change that uses the right to administer calls this before `may`, so that a tenure cannot end
    between the check and the act (T-04).
    """
    return Tenure.objects.select_for_update().filter(authority_id=organisation_id, until_at=None).first()


def is_executive(person_id: int, organisation_id: int, *, on: date) -> bool:
    """Test if a person is the authority's chief executive or clerk, in his own right or acting."""
    return any(
        holds_office(person_id=person_id, organisation_id=organisation_id, office=office, on=on)
        for office in EXECUTIVE_OFFICES
    )


def may_grant(actor: Actor, subject: Subject, organisation_id: int, edition: GroupEdition, *, at: datetime) -> Verdict:
    """
    Test if the actor may put this account into this group of this authority.

    Only what the catalogue lets a head hand out (D8); executives see and sign nothing (D10, L-20).
    """
    on = thai_day(at)
    about = {"organisation_id": organisation_id, "group": edition.name_th}
    if not (verdict := may(actor, permissions.GRANT, organisation_id, at=at)):
        return verdict
    if actor.person_id == subject.person_id:
        return Verdict("own_case", about)
    if subject.state == SubjectState.CLOSED:
        return Verdict("subject_is_closed", about)
    if edition.from_date > on or (edition.until_date is not None and edition.until_date < on):
        return Verdict("group_not_in_force", about)
    if edition.holders == Holders.NOBODY:
        return Verdict("group_not_for_heads", about)
    executive = is_executive(subject.person_id, organisation_id, on=on)
    if executive and not edition.is_view_only:
        return Verdict("group_not_for_executives", about)
    if edition.holders == Holders.EXECUTIVES and not executive:
        return Verdict("group_for_executives_only", about)
    return ALLOWED


def may_end_grant(actor: Actor, grant: Grant, *, at: datetime) -> Verdict:
    """Test if the actor may take a person out of a group (clause 5(2), path 1)."""
    if not (verdict := may(actor, permissions.END_GRANT, grant.authority_id, at=at)):
        return verdict
    if actor.person_id == grant.person_id:
        return Verdict("own_case", {"organisation_id": grant.authority_id})
    if grant.ended_at is not None:
        return Verdict("grant_has_ended", {"organisation_id": grant.authority_id})
    return ALLOWED
