"""May they? One function for the page and for the operation."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import BooleanField, Case, Value, When

from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements import permissions, queries
from kunjae.entitlements.models import ENDED_BY_A_HEAD, EndOfGrant, Grant, GroupEdition, Holders, Tenure
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import LocalAuthority, Office
from kunjae.organisations.queries import holds_office

EXECUTIVE_OFFICES = (Office.CHIEF_EXECUTIVE, Office.CHIEF_ADMINISTRATOR)


def may(actor: Actor, permission: str, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if the actor has a permission in an authority at this instant."""
    if LocalAuthority.objects.filter(queries.where_permitted(actor, permission, at=at), pk=organisation_id).exists():
        return ALLOWED
    return _not(permission, organisation_id)


def may_each(actor: Actor, wanted: Iterable[str], organisation_id: int, *, at: datetime) -> dict[str, Verdict]:
    """Test several permissions as `may` does, in one query: for a page that offers several acts."""
    named = {f"p{number}": permission for number, permission in enumerate(wanted)}
    answers = {
        name: Case(
            When(queries.where_permitted(actor, permission, at=at), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        for name, permission in named.items()
    }
    found = LocalAuthority.objects.filter(pk=organisation_id).values(**answers).first() or {}
    return {
        permission: ALLOWED if found.get(name) else _not(permission, organisation_id)
        for name, permission in named.items()
    }


def _not(permission: str, organisation_id: int) -> Verdict:
    reason = "not_head" if permission in permissions.OF_TENURE else "not_permitted"
    return Verdict(reason, {"organisation_id": organisation_id})


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


def may_end_grant(actor: Actor, grant: Grant, *, at: datetime, permitted: Verdict | None = None) -> Verdict:
    """
    Test if the actor may take a person out of a group (clause 5(2), path 1).

    `permitted` is what `may` says about `END_GRANT` there, for a page that shows many grants.
    """
    if permitted is None:
        permitted = may(actor, permissions.END_GRANT, grant.authority_id, at=at)
    if not permitted:
        return permitted
    if actor.person_id == grant.person_id:
        return Verdict("own_case", {"organisation_id": grant.authority_id})
    if grant.ended_at is not None:
        return Verdict("grant_has_ended", {"organisation_id": grant.authority_id})
    return ALLOWED


def reason_fits(reason: EndOfGrant, note: str, *, organisation_id: int) -> Verdict:
    """Test if a head may give this reason for taking somebody out of a group, and said enough."""
    if reason not in ENDED_BY_A_HEAD:
        return Verdict("reason_missing", {"organisation_id": organisation_id})
    if reason == EndOfGrant.OTHER and not note:
        return Verdict("reason_untold", {"organisation_id": organisation_id})
    return ALLOWED
