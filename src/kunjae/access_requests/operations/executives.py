"""Clause 2: the head of finance gives the chief executive and the clerk their read-only access."""

from datetime import datetime

from kunjae.access_requests.operations.numbering import next_case
from kunjae.access_requests.operations.opening import open_account
from kunjae.access_requests.policies import reaches_another, reaches_nobody_else
from kunjae.audit.change import state_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements import permissions, policies
from kunjae.entitlements.models import Basis, Grant
from kunjae.entitlements.queries import group_names
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation
from kunjae.identity.policies import may_act_gravely
from kunjae.identity.queries import open_subject_of
from kunjae.organisations.models import Appointment, Office
from kunjae.organisations.queries import in_force

GROUP_OF_OFFICE = {Office.CHIEF_EXECUTIVE: "executive", Office.CHIEF_ADMINISTRATOR: "clerk"}


def give_executive_access(
    *, actor: Actor, appointment_id: int, username: str, email: str, mobile: str, at: datetime
) -> Grant:
    """
    Open the account of a chief executive or clerk, put it into the view-only group, send the
    activation (L-20). The executive sets the password; the head never learns it (L-21, T-06).

    An account that the person has already is used as it is; `username`, `email` and `mobile` then
    have no effect.

    :raises Denied: as `entitlements.policies.may` and `may_grant` say; `executive_needs_both`,
        `contact_is_yours` or `contact_is_anothers`
    """
    with state_change(actor=actor, at=at) as change:
        on = thai_day(at)
        post = (
            Appointment.objects.select_for_update(of=("self",))
            .select_related("person", "authority")
            .get(in_force(on), pk=appointment_id, office__in=GROUP_OF_OFFICE)
        )
        policies.lock_tenure(post.authority_id)
        policies.may(actor, permissions.GRANT, post.authority_id, at=at).enforce()
        may_act_gravely(actor, at=at).enforce()
        case, _ = next_case(post.authority, at=at)
        subject = open_subject_of(post.person_id)
        if subject is None:
            if not email or not mobile:
                # A slip would pass one of the two keys through the head's hands (T-06).
                raise Denied("executive_needs_both", {"organisation_id": post.authority_id})
            reaches_another(actor, post.authority_id, [(email, mobile)]).enforce()
            reaches_nobody_else(post.person_id, post.authority_id, email=email, mobile=mobile).enforce()
            subject = open_account(
                actor=actor,
                username=username,
                person=post.person,
                authority=post.authority,
                email=email,
                mobile=mobile,
                case=case,
                at=at,
            )
            identity.issue_activation(actor=actor, subject=subject, purpose=Activation.Purpose.FIRST, case=case, at=at)
        code = GROUP_OF_OFFICE[Office(post.office)]
        given = entitlements.grant(
            actor=actor,
            subject=subject,
            authority=post.authority,
            group_code=code,
            basis=Basis.OFFICE,
            position_th=post.position_th,
            until_date=post.until_date,
            case=case,
            at=at,
        )
        change.record(
            "executive_access.given",
            given,
            organisation_id=post.authority_id,
            subject_person_id=post.person_id,
            case=case,
            person=post.person.full_name,
            group=group_names(on, "th", codes=[code]).get(code, code),
        )
    return given
