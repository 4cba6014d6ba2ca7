"""
The keys of an authority pass to the recipient of an approved letter: part of the approval, never alone (T-07).

One tenure ends and another begins, the former head's rights end, the account is opened or kept, and the
activation goes out; all of it in the transaction that notes the decision.
"""

from datetime import date, datetime, timedelta
from typing import TypedDict

from kunjae.audit.change import require_open_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import EndOfGrant, Tenure
from kunjae.entitlements.policies import lock_tenure
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, FactorEnd, Subject, SubjectState
from kunjae.identity.operations import Issued
from kunjae.identity.queries import open_subject_of
from kunjae.official_letters.models import (
    OTHER_REASONS_NEEDING_AN_ORDER,
    ContactProof,
    LetterCase,
    ProofChannel,
)
from kunjae.official_letters.papers import POST_OF_BOX
from kunjae.official_letters.policies.recipients import has_mobile_of_his_own
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Appointment, Capacity, Office, Person
from kunjae.organisations.queries import in_force


def issue_keys(*, actor: Actor, case: LetterCase, user_id: str, at: datetime) -> tuple[Tenure, Issued]:
    """
    Give the right to administer to the recipient, and send the activation.

    The caller holds the tenure and the case locked, and has asked whether the actor may.

    :raises Denied: `letter_user_id_missing`, `user_id_taken`, or `tenure_by_delegation`
    """
    require_open_change("entitlements.Tenure")
    former = lock_tenure(case.authority_id)
    person = case.recipient or _registered(actor, case, at=at)
    _lock_accounts(person, former)
    if former is not None:
        entitlements.close_tenure(actor=actor, tenure_id=former.pk, at=at)
        if former.person_id != person.pk:
            _end_rights(actor, case, former, at=at)
    subject = open_subject_of(person.pk)
    subject = _opened(actor, case, person, user_id, at=at) if subject is None else _renewed(actor, case, subject, at=at)
    _record_posts(actor, case, person, former, at=at)
    tenure = entitlements.open_tenure(
        actor=actor,
        authority=case.authority,
        subject=subject,
        capacity=Capacity(case.capacity),
        order_number=case.order_number,
        order_date=case.order_date,
        at=at,
    )
    purpose = Activation.Purpose.REPLACE if subject.activated_at else Activation.Purpose.FIRST
    issued = identity.issue_activation(actor=actor, subject=subject, purpose=purpose, case=case.case, at=at)
    return tenure, issued


def _registered(actor: Actor, case: LetterCase, *, at: datetime) -> Person:
    return organisations.register_person(
        actor=actor,
        title=case.recipient_title,
        given_name=case.recipient_given_name,
        family_name=case.recipient_family_name,
        organisation_id=case.authority_id,
        at=at,
    )


def _lock_accounts(person: Person, former: Tenure | None) -> None:
    """Lock the accounts that change, in one order."""
    touched = Subject.objects.filter(person_id__in=[person.pk, former.person_id if former else person.pk])
    list(touched.exclude(state=SubjectState.CLOSED).order_by("pk").select_for_update().values_list("pk", flat=True))


def _end_rights(actor: Actor, case: LetterCase, former: Tenure, *, at: datetime) -> None:
    """
    Take from the former head what he had here; the new one closes the account with part 2.

    Who heads another authority too, or whose account another authority answers for, keeps the account and
    loses what he had in this one (requirements 1.9.1, 4 and 8; docs/decisions).
    """
    subject = former.subject
    serves_elsewhere = (
        subject.authority_id != case.authority_id
        or Tenure.objects.filter(person_id=former.person_id, until_at=None).exists()
    )
    entitlements.end_all_grants(
        actor=actor,
        subject=subject,
        reason=EndOfGrant.LEFT_DUTY,
        authority=case.authority if serves_elsewhere else None,
        at=at,
    )
    state = Subject.objects.values_list("state", flat=True).get(pk=subject.pk)
    if not serves_elsewhere and state in (SubjectState.ACTIVE, SubjectState.PENDING):
        identity.suspend_subject(
            actor=actor, subject_id=subject.pk, reason=f"มีหัวหน้าหน่วยงานคลังคนใหม่ตามหนังสือ เลขที่เรื่อง {case.case}", at=at
        )


def _proven_at(case: LetterCase, channel: ProofChannel) -> datetime | None:
    return (
        ContactProof.objects.filter(case=case, version=case.version, channel=channel, proven_at__isnull=False)
        .values_list("proven_at", flat=True)
        .order_by("-proven_at")
        .first()
    )


class _Contact(TypedDict):
    email: str
    email_confirmed_at: datetime | None
    mobile: str
    mobile_confirmed_at: datetime | None


def _contact(case: LetterCase) -> _Contact:
    """Give the addresses as proven; a mobile that others answer too is left out, so that no secret goes there."""
    is_own = has_mobile_of_his_own(case)
    return {
        "email": case.email,
        "email_confirmed_at": _proven_at(case, ProofChannel.EMAIL),
        "mobile": case.mobile if is_own else "",
        "mobile_confirmed_at": _proven_at(case, ProofChannel.MOBILE) if is_own else None,
    }


def _opened(actor: Actor, case: LetterCase, person: Person, user_id: str, *, at: datetime) -> Subject:
    if not user_id:
        raise Denied("letter_user_id_missing", {"organisation_id": case.authority_id})
    return identity.open_subject(
        actor=actor,
        username=user_id,
        person=person,
        authority=case.authority,
        case=case.case,
        at=at,
        **_contact(case),
    )


def _renewed(actor: Actor, case: LetterCase, subject: Subject, *, at: datetime) -> Subject:
    """Keep the user id of who has an account: into use again, the old password useless, the addresses as proven."""
    if subject.state == SubjectState.SUSPENDED:
        identity.resume_subject(actor=actor, subject_id=subject.pk, at=at)
    # Whoever comes by form 1 has lost the way in: the letter, its proofs and two officers stand for him anew.
    identity.end_factors_of(actor=actor, subject=subject, why=FactorEnd.LOST, at=at)
    if subject.activated_at is not None:
        identity.revoke_password(actor=actor, subject_id=subject.pk, why="letter", case=case.case, at=at)
    contact = _contact(case)
    if (subject.email, subject.mobile) != (contact["email"], contact["mobile"]):
        identity.change_contact(actor=actor, subject_id=subject.pk, at=at, **contact)
    renewed: Subject = Subject.objects.select_related("person", "authority").get(pk=subject.pk)
    return renewed


def _record_posts(actor: Actor, case: LetterCase, person: Person, former: Tenure | None, *, at: datetime) -> None:
    """Record who is head of finance from the day of the order, and that a predecessor is it no longer (L-10)."""
    capacity = Capacity(case.capacity)
    from_date = min(case.order_from_date or thai_day(at), thai_day(at))
    held = Appointment.objects.filter(
        in_force(thai_day(at)), authority_id=case.authority_id, office=Office.HEAD_OF_FINANCE
    ).select_for_update()
    stays = None
    for post in list(held):
        if post.person_id == person.pk and _is_the_same_post(post, case):
            stays = post
        elif not _goes_on(post, person, former, case) and post.until_date != thai_day(at):
            organisations.end_appointment(
                actor=actor, appointment_id=post.pk, until_date=_last_day(post, from_date, at=at), at=at
            )
    if stays is not None:
        return
    if case.own_position_th:
        _record_own_position(actor, case, person, from_date, at=at)
    organisations.appoint(
        actor=actor,
        person=person,
        authority=case.authority,
        position_th=case.acted_post_th or POST_OF_BOX.get(case.position_box, case.authority.finance_head_title_th),
        office=Office.HEAD_OF_FINANCE,
        capacity=capacity,
        order_number=case.order_number,
        order_date=case.order_date,
        order_signer=case.signer_position_th if case.order_number else "",
        from_date=from_date,
        until_date=case.order_until_date,
        at=at,
    )


def _goes_on(post: Appointment, person: Person, former: Tenure | None, case: LetterCase) -> bool:
    """
    Tell whether somebody else's post stays beside the new one.

    Who only acts stands in for a holder, who may come back; unless the letter says that he has left.
    """
    if post.person_id == person.pk or case.capacity == Capacity.SUBSTANTIVE:
        return False
    is_former = former is not None and post.person_id == former.person_id
    has_left = case.head_has_left or case.other_reason in OTHER_REASONS_NEEDING_AN_ORDER
    return post.capacity == Capacity.SUBSTANTIVE and not (is_former and has_left)


def _is_the_same_post(post: Appointment, case: LetterCase) -> bool:
    return post.capacity == case.capacity and (not case.order_number or post.order_number == case.order_number)


def _last_day(post: Appointment, from_date: date, *, at: datetime) -> date:
    return max(post.from_date, min(from_date - timedelta(days=1), thai_day(at)))


def _record_own_position(actor: Actor, case: LetterCase, person: Person, from_date: date, *, at: datetime) -> None:
    """Record in which post of his own somebody acts, unless one is known (A1-13)."""
    own = Appointment.objects.filter(person=person, authority_id=case.authority_id, office=Office.NONE, until_date=None)
    if not own.exists():
        organisations.appoint(
            actor=actor,
            person=person,
            authority=case.authority,
            position_th=case.own_position_th,
            from_date=from_date,
            at=at,
        )
