"""
Who cannot get in, by his trouble: lost, unusable, forgotten (N-01, D11, requirements 1.9.3).

The jobs write to proven mailboxes only, so that whoever asks learns nothing (T-19).
"""

from datetime import datetime, timedelta

from django.db import transaction

from kunjae.access_requests.models import AccessRequest, CredentialWish, Invitation, RequestState, WayIn
from kunjae.access_requests.operations.inviting import help_by_mail, usable
from kunjae.access_requests.operations.numbering import next_case
from kunjae.access_requests.operations.recording import record, register_sheet
from kunjae.audit.change import Change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.clock import long_datetime, thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements.policies import lock_tenure
from kunjae.entitlements.queries import tenures_of
from kunjae.identity import operations as identity
from kunjae.identity.models import PasswordReset, Subject, SubjectState
from kunjae.identity.operations.accounts import tell_owner
from kunjae.identity.policies import may_reset
from kunjae.identity.queries import has_second_factor, recent_tries
from kunjae.messaging.queries import sent_to_person_since
from kunjae.organisations.models import LocalAuthority, Person
from kunjae.organisations.queries import signing_title
from kunjae.revocation.watching import tell_above_head, tell_head_of

FORGOTTEN = "ลืมรหัสผ่าน"
"""What stands on the form as the reason, in the words of its instructions (N-01)."""

DIAGNOSES_PER_DAY_MAX = 3
TRIES_OF = timedelta(days=1)


def forgotten_password(*, actor: Actor, subject_id: int, at: datetime) -> None:
    """Mail a link to set the password anew to who has a second factor; else the link to form 2 (N-01)."""
    subject = Subject.objects.filter(pk=subject_id).first()
    if subject is not None and may_reset(subject):
        identity.send_reset(actor=actor, subject_id=subject.pk, at=at)
    else:
        help_by_mail(actor=actor, subject_id=subject_id, at=at)


def diagnose_by_mail(*, actor: Actor, subject_id: int, at: datetime) -> bool:
    """
    Mail to the proven mailbox how an account stands that cannot be entered, and what helps (1.9.3: unusable).

    :returns: whether a mail was queued
    """
    with transaction.atomic():
        subject: Subject | None = (
            Subject.objects.select_for_update(of=("self",))
            .select_related("person", "authority")
            .filter(pk=subject_id, email_confirmed_at__isnull=False)
            .exclude(email="")
            .exclude(state=SubjectState.CLOSED)
            .first()
        )
        if subject is None or _is_told_enough(subject, at=at):
            return False
        with state_change(actor=actor, at=at) as change:
            _tell_how_it_stands(subject, at=at)
            change.record(
                "account.diagnosed",
                subject,
                organisation_id=subject.authority_id,
                subject_person_id=subject.person_id,
                username=subject.username,
            )
    return True


def _tell_how_it_stands(subject: Subject, *, at: datetime) -> None:
    set_at = subject.password_changed_at
    tries = recent_tries(subject.pk, since=at - TRIES_OF)
    tell_owner(
        subject,
        "diagnosis",
        at=at,
        state=subject.state,
        is_revoked=not subject.has_usable_password(),
        set_at=long_datetime(set_at, subject.language) if set_at else "",
        signed_in=tries.signed_in,
        refused=tries.refused,
        has_factor=has_second_factor(subject),
    )


def _is_told_enough(subject: Subject, *, at: datetime) -> bool:
    sent = sent_to_person_since(subject.person_id, at - timedelta(days=1), kinds=["diagnosis"])
    return sent >= DIAGNOSES_PER_DAY_MAX


def revoke_lost(*, actor: Actor, invitation_id: int, at: datetime) -> Invitation:
    """
    Make a password invalid that somebody else may know, by the mailbox alone: lost means revoke first (D11).

    An officer's head is told; of a head the clerk and the department.

    :raises Denied: `invitation_ended`
    """
    authority_id = Invitation.objects.values_list("authority_id", flat=True).get(pk=invitation_id)
    with state_change(actor=actor, at=at):
        lock_tenure(authority_id)
        invitation = usable(at, pk=invitation_id, opened_at__isnull=False)
        if invitation.subject_id is None or not invitation.is_lost:
            raise Denied("invitation_ended", {"organisation_id": authority_id})
        subject = identity.revoke_password(
            actor=actor, subject_id=invitation.subject_id, why="may_be_known", case="", at=at
        )
        tell_head_of(subject, "officers_password_revoked", at=at)
        tell_above_head(subject, "heads_password_revoked", at=at)
    return invitation


def reset_password(*, actor: Actor, reset_id: int, password: str, at: datetime) -> AccessRequest | None:
    """
    Set a forgotten password anew behind link and second factor, and leave what the form would have left (D11).

    A form 2 that is settled already stands in the register, and the head is told; of a head the clerk and the
    department are told, and the record says it.

    :returns: the request; none of a head, or of a desk, for whom there is no form 2
    :raises Denied: `reset_ended`
    :raises PasswordRefused: with what the policy says; nothing is written
    """
    owner = PasswordReset.objects.select_related("subject__authority__district", "subject__person").get(pk=reset_id)
    subject, request = owner.subject, None
    with state_change(actor=actor, at=at) as change:
        if subject.authority_id is not None:
            lock_tenure(subject.authority_id)
        is_head = tenures_of(subject.person_id, at=at).exists()
        if subject.authority is not None and not is_head:
            request = _settled(subject, subject.authority, at=at)
        identity.set_password_by_reset(
            actor=actor, reset_id=reset_id, password=password, case=request.case if request else "", at=at
        )
        if request is not None:
            _leave_the_record(change, actor, request, at=at)
            tell_head_of(subject, "officer_reset", at=at, case=request.case)
        elif is_head:
            tell_above_head(subject, "heads_reset", at=at)
    return request


def _settled(subject: Subject, authority: LocalAuthority, *, at: datetime) -> AccessRequest:
    Person.objects.select_for_update(no_key=True).get(pk=subject.person_id)  # a mail to him may go on being queued
    case, year = next_case(authority, at=at)
    return AccessRequest.objects.create(
        public_id=identifiers.public_id(),
        authority=authority,
        case=case,
        fiscal_year=year,
        applicant=subject.person,
        applicant_name=subject.person.full_name,
        subject=subject,
        way_in=WayIn.SELF_SERVICE,
        state=RequestState.SELF_SERVED,
        position_th=signing_title(subject.person_id, authority.pk, on=thai_day(at)),
        form_date=thai_day(at),
        credential_wish=CredentialWish.CANNOT_ENTER,
        cannot_enter_reason=FORGOTTEN,
        email=subject.email,
        email_confirmed_at=subject.email_confirmed_at,
        mobile=subject.mobile,
        mobile_confirmed_at=subject.mobile_confirmed_at,
        created_at=at,
        submitted_at=at,
    )


def _leave_the_record(change: Change, actor: Actor, request: AccessRequest, *, at: datetime) -> None:
    record(change, "access_request.self_served", request)
    register_sheet(actor=actor, request=request, at=at)
