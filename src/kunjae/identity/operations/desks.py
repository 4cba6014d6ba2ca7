"""
The accounts of the officers of the department and of the provinces: opened, restored and closed by the operator.

No form and no head stands behind these accounts, so an order does, and the record names it and the human who ran the
command. A command gives nobody a password: what is restored is activated anew by two secrets (D4).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kunjae.audit.change import Change, state_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.identity import queries
from kunjae.identity.models import Activation, Subject, SubjectState
from kunjae.identity.operations.accounts import (
    change_contact,
    close_subject,
    open_subject,
    resume_subject,
    revoke_password,
    tell_owner,
)
from kunjae.identity.operations.activating import issue_activation
from kunjae.identity.operations.locking import locked
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Desk, Province
from kunjae.organisations.queries import posting_of, postings_without_end


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
    _refuse_unnamed(officer.order_number, posted_by)
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
        _record(change, subject, "posted", order_number=officer.order_number, posted_by=posted_by)
    return subject


def restore_officer(
    *,
    actor: Actor,
    user_id: str,
    order_number: str,
    restored_by: str,
    at: datetime,
    email: str = "",
    mobile: str = "",
) -> Subject:
    """
    Give an officer of a desk a way back who has none: password lost, factors lost, suspended, mailbox changed.

    Nothing of what opened the account before opens it afterwards: password, second factors and sessions end, and a new
    activation goes out in two parts, to the new `email` and `mobile` where these are given. The owner hears of it at his
    former mailbox, his colleagues at the department at theirs (T-35).

    :raises Denied: `posting_order_missing`, `operator_missing`, `not_a_desk_account`, `not_posted`, `subject_closed`, or
        as `change_contact` and `issue_activation` say
    """
    _refuse_unnamed(order_number, restored_by)
    with state_change(actor=actor, at=at) as change:
        subject = _locked_desk_account(user_id)
        if posting_of(subject.person_id, on=thai_day(at)) is None:
            raise Denied("not_posted")
        subject = revoke_password(actor=actor, subject_id=subject.pk, why="restored", case="", at=at)
        if subject.state == SubjectState.SUSPENDED:
            subject = resume_subject(actor=actor, subject_id=subject.pk, at=at)
        if email or mobile:
            subject = _with_contact(actor, subject, email, mobile, at=at)
        purpose = Activation.Purpose.REPLACE if subject.activated_at else Activation.Purpose.FIRST
        issue_activation(actor=actor, subject=subject, purpose=purpose, case="", at=at)
        _record(change, subject, "restored", order_number=order_number, restored_by=restored_by)
        tell_desk_of(subject, "restored", at=at, by=restored_by, order_number=order_number)
    return subject


def release_officer(*, actor: Actor, user_id: str, order_number: str, released_by: str, at: datetime) -> Subject:
    """
    End the posting of an officer of a desk today, and close his account: duties end and rights end with them.

    :raises Denied: `posting_order_missing`, `operator_missing`, `not_a_desk_account` or `subject_closed`
    """
    _refuse_unnamed(order_number, released_by)
    with state_change(actor=actor, at=at) as change:
        subject = _locked_desk_account(user_id)
        today = thai_day(at)
        for posting in postings_without_end(subject.person_id):
            organisations.end_posting(actor=actor, posting_id=posting.pk, until_date=today, at=at)
        subject = close_subject(actor=actor, subject_id=subject.pk, case="", at=at)
        _record(change, subject, "released", order_number=order_number, released_by=released_by)
        tell_desk_of(subject, "released", at=at, by=released_by, order_number=order_number)
    return subject


def tell_desk_of(subject: Subject, what: str, *, at: datetime, **facts: Any) -> None:
    """
    Queue a mail to every colleague at the department's desk about what happened to an account of a desk.

    Nobody heads these accounts, so the colleagues are who would notice what should not have been (T-07).
    """
    for colleague in queries.accounts_at_department(on=thai_day(at)):
        if colleague.pk != subject.pk:
            tell_owner(
                colleague,
                "desk_account",
                at=at,
                what=what,
                officer=subject.person.full_name,
                officers_username=subject.username,
                **facts,
            )


def _refuse_unnamed(order_number: str, operator: str) -> None:
    if not order_number:
        raise Denied("posting_order_missing")
    if not operator:
        raise Denied("operator_missing")


def _locked_desk_account(user_id: str) -> Subject:
    """Lock the account of this user id, if it is of a desk and not of an authority, and not closed."""
    found = (
        Subject.objects.filter(username=user_id.strip().lower(), authority=None).values_list("pk", flat=True).first()
    )
    if found is None:
        raise Denied("not_a_desk_account")
    subject = locked(found)
    if subject.state == SubjectState.CLOSED:
        raise Denied("subject_closed")
    return subject


def _with_contact(actor: Actor, subject: Subject, email: str, mobile: str, *, at: datetime) -> Subject:
    """Change what the operator named; what he did not name stays, and stays proven."""
    return change_contact(
        actor=actor,
        subject_id=subject.pk,
        email=email or subject.email,
        email_confirmed_at=None if email else subject.email_confirmed_at,
        mobile=mobile or subject.mobile,
        mobile_confirmed_at=None if mobile else subject.mobile_confirmed_at,
        at=at,
    )


def _record(change: Change, subject: Subject, what: str, **facts: str) -> None:
    change.record(
        f"desk_officer.{what}",
        subject,
        organisation_id=None,
        subject_person_id=subject.person_id,
        person=subject.person.full_name,
        username=subject.username,
        **facts,
    )
