"""How the officers of the department and of the provinces come to their accounts: by the operator, on an order."""

from dataclasses import dataclass
from datetime import datetime

from kunjae.audit.change import state_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.identity.models import Activation, Subject
from kunjae.identity.operations.accounts import open_subject
from kunjae.identity.operations.activating import issue_activation
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Desk, Province


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOfficer:
    """Who is posted: his name and position, his ways to be reached, and the order that posts him."""

    title: str
    given_name: str
    family_name: str
    position_th: str
    order_number: str
    user_id: str
    email: str
    mobile: str


def post_officer(
    *, actor: Actor, officer: NewOfficer, desk: Desk, province: Province | None, posted_by: str, at: datetime
) -> Subject:
    """
    Post somebody at the department or at a province's office, and send the activation of a new account.

    Only the operator's command calls this: no page gives a desk to anybody. `posted_by` names the human who ran
    it and `officer.order_number` the order behind it, and both stand in the nation's record (T-35).

    :raises Unacceptable: if the user id is not well formed
    :raises Denied: `posting_order_missing`, `operator_missing`, or as `open_subject` and `issue_activation` say
    """
    if not officer.order_number:
        raise Denied("posting_order_missing")
    if not posted_by:
        raise Denied("operator_missing")
    with state_change(actor=actor, at=at) as change:
        person = organisations.register_person(
            actor=actor,
            title=officer.title,
            given_name=officer.given_name,
            family_name=officer.family_name,
            organisation_id=None,
            at=at,
        )
        organisations.post_to_desk(
            actor=actor,
            person=person,
            desk=desk,
            province=province,
            position_th=officer.position_th,
            order_number=officer.order_number,
            from_date=thai_day(at),
            at=at,
        )
        subject = open_subject(
            actor=actor,
            username=officer.user_id,
            person=person,
            authority=None,
            email=officer.email,
            mobile=officer.mobile,
            at=at,
        )
        issue_activation(actor=actor, subject=subject, purpose=Activation.Purpose.FIRST, case="", at=at)
        change.record(
            "desk_officer.posted",
            subject,
            organisation_id=None,
            subject_person_id=person.pk,
            person=person.full_name,
            username=subject.username,
            order_number=officer.order_number,
            posted_by=posted_by,
        )
    return subject
