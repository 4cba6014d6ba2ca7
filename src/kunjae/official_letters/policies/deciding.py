"""Who may approve, return or refuse a letter (T-07): never who verified it, in whatever account."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import get_language

from kunjae.core.actor import Actor
from kunjae.core.clock import short_datetime, thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements.models import Tenure
from kunjae.identity.models import Activation, SubjectState
from kunjae.identity.queries import open_activation, open_subject_of
from kunjae.official_letters import queries
from kunjae.official_letters.models import (
    CallBack,
    CaseState,
    ContactProof,
    LetterCase,
    Notice,
    Objection,
    VerifiedPoint,
)
from kunjae.official_letters.policies.desk import at_department_desk
from kunjae.official_letters.policies.recipients import concerns, is_suspended_by_a_letter
from kunjae.official_letters.policies.verifying import is_complete
from kunjae.official_letters.recognising import is_same_human
from kunjae.organisations.models import ContactChange

CONTACTS_REST = timedelta(days=7)
"""So long does who changed an authority's addresses of record approve nothing for it (T-01, T-07)."""

_NOT_WAITING = {
    CaseState.RECEIVED: "letter_waits_for_verification",
    CaseState.FROZEN: "letter_is_frozen",
    CaseState.ISSUED: "letter_already_decided",
    CaseState.RETURNED: "letter_already_decided",
    CaseState.REFUSED: "letter_already_decided",
}


def verifiers_of(case: LetterCase) -> frozenset[int]:
    """List the persons who had a hand in the verification of the present version."""
    present = Q(case=case, version=case.version)
    hands = {
        case.verified_by_id,
        *VerifiedPoint.objects.filter(present).values_list("noted_by_id", flat=True),
        *CallBack.objects.filter(present).values_list("called_by_id", flat=True),
        *ContactProof.objects.filter(present).values_list("noted_by_id", flat=True),
        *Notice.objects.filter(present).values_list("told_by_id", flat=True),
    }
    return frozenset(hand for hand in hands if hand is not None)


def may_approve(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may approve a verified case and so issue the keys; the version is asked by the operation."""
    about = {"organisation_id": case.authority_id, "case": case.case}
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    if reason := _NOT_WAITING.get(CaseState(case.state)):
        return Verdict(reason, about)
    if Objection.objects.filter(case=case, resolved_at=None).exists():
        return Verdict("letter_is_frozen", about)
    if not (verdict := concerns(actor, case)):
        return verdict
    if not (verdict := _is_another(actor, case, at=at)):
        return verdict
    if not (verdict := is_complete(case, at=at)):
        return verdict
    if not (verdict := _hold_is_over(case, at=at)):
        return verdict
    return _can_begin(case, at=at)


def _is_another(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    about = {"organisation_id": case.authority_id}
    if any(is_same_human(actor.person_id, verifier) for verifier in verifiers_of(case)):
        return Verdict("letter_verified_by_you", about)
    # Is the officer known as the recipient only under another name? The rows know each other by mailbox and mobile.
    if is_same_human(actor.person_id, case.recipient_id):
        return Verdict("letter_recipient_is_you", about)
    since = at - CONTACTS_REST
    # The province's mailbox is one of those that must have been told: it counts as the authority's own.
    of_record = Q(authority_id=case.authority_id) | Q(province_id=case.authority.province_id)
    changes = ContactChange.objects.filter(
        of_record, Q(proposed_at__gt=since) | Q(confirmed_at__gt=since), withdrawn_at=None
    ).values_list("proposed_by_id", "confirmed_by_id")
    if any(is_same_human(actor.person_id, hand) for hands in changes for hand in hands):
        return Verdict("letter_contacts_changed_by_you", {**about, "days": CONTACTS_REST.days})
    return ALLOWED


def _hold_is_over(case: LetterCase, *, at: datetime) -> Verdict:
    if not case.address_is_new:
        return ALLOWED
    about = {"organisation_id": case.authority_id}
    ends_at = queries.hold_ends_at(case)
    if ends_at is None:
        return Verdict("notices_not_told", about)
    if ends_at > at:
        return Verdict("letter_hold_runs", {**about, "until": short_datetime(ends_at, get_language() or "th")})
    return ALLOWED


def _can_begin(case: LetterCase, *, at: datetime) -> Verdict:
    """Test that the order holds today, the authority still exists, and the recipient's account can be used."""
    about = {"organisation_id": case.authority_id}
    today = thai_day(at)
    if case.order_from_date is not None and case.order_from_date > today:
        return Verdict("letter_order_begins_later", about)
    if case.order_until_date is not None and case.order_until_date < today:
        return Verdict("letter_order_is_over", about)
    if case.authority.closed_date is not None and case.authority.closed_date <= today:
        return Verdict("authority_is_closed", about)
    subject = open_subject_of(case.recipient_id) if case.recipient_id else None
    if (
        subject is not None
        and subject.state == SubjectState.SUSPENDED
        and not is_suspended_by_a_letter(subject, case.authority_id)
    ):
        return Verdict("letter_recipient_is_suspended", {**about, "username": subject.username})
    return ALLOWED


def may_send_back(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may return a case for correction or refuse it: at the desk, no party, nothing frozen."""
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    about = {"organisation_id": case.authority_id, "case": case.case}
    if case.state == CaseState.FROZEN:
        return Verdict("letter_is_frozen", about)
    if case.state not in (CaseState.RECEIVED, CaseState.VERIFIED):
        return Verdict("letter_already_decided", about)
    return concerns(actor, case)


def _may_follow(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test what every act after the issue asks: the keys are still on their way to who holds the tenure."""
    about = {"organisation_id": case.authority_id, "case": case.case}
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    if case.state != CaseState.ISSUED or case.subject is None:
        return Verdict("letter_not_issued", about)
    if is_same_human(actor.person_id, case.recipient_id):
        return Verdict("letter_recipient_is_you", about)
    if Objection.objects.filter(case=case, resolved_at=None).exists():
        return Verdict("letter_is_frozen", about)
    if not Tenure.objects.filter(letter=case, until_at=None).exists():
        return Verdict("letter_tenure_is_over", about)
    if case.subject.state not in (SubjectState.ACTIVE, SubjectState.PENDING):
        return Verdict("letter_account_not_in_use", about)
    if Activation.objects.filter(subject=case.subject, case=case.case, used_at__isnull=False).exists():
        return Verdict("letter_is_activated", about)
    return ALLOWED


def may_reissue(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may issue the activation of an issued case anew; not once it was used."""
    return _may_follow(actor, case, at=at)


def may_print_head_slip(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may print the second code of an issued case's activation on a slip (D4)."""
    if not (verdict := _may_follow(actor, case, at=at)):
        return verdict
    activation = open_activation(case.subject_id or 0)
    if activation is None or activation.case != case.case or activation.expires_at <= at:
        return Verdict("activation_ended", {"organisation_id": case.authority_id})
    return ALLOWED
