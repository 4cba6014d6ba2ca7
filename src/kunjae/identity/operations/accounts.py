"""
An account is opened, suspended, put back into use, closed.

Whether somebody may is judged on the floors above (entitlements, revocation, access_requests),
which know tenures; these steps run only inside a change that they opened.
"""

from datetime import datetime

from kunjae.audit.change import require_open_change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.phones import mailbox_key
from kunjae.core.verdict import Denied
from kunjae.identity import honeytokens, known_devices
from kunjae.identity.models import Activation, EndReason, FactorEnd, FactorKind, Subject, SubjectState
from kunjae.identity.operations.factor_rows import end_rows
from kunjae.identity.operations.locking import locked
from kunjae.identity.operations.sessions import end_sessions_of
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Channel
from kunjae.organisations.models import LocalAuthority, Person


def open_subject(
    *,
    actor: Actor,
    username: str,
    person: Person,
    authority: LocalAuthority | None,
    at: datetime,
    email: str = "",
    email_confirmed_at: datetime | None = None,
    mobile: str = "",
    mobile_confirmed_at: datetime | None = None,
    language: str = "th",
    case: str = "",
) -> Subject:
    """
    Open an account, pending until its person has set a password.

    :raises ValueError: if the user id is not well formed (T-14)
    :raises Denied: `user_id_taken` (also by a closed account: never reused), `person_has_account` or `mailbox_taken`
    """
    require_open_change("identity.Subject")
    username = identifiers.clean_user_id(username)
    organisation_id = authority.pk if authority else None
    with state_change(actor=actor, at=at) as change:
        skeleton = identifiers.skeleton(username)
        if Subject.objects.filter(skeleton=skeleton).exists() or honeytokens.takes_user_id(username):
            raise Denied("user_id_taken", {"organisation_id": organisation_id})
        if Subject.objects.filter(person=person).exclude(state=SubjectState.CLOSED).exists():
            raise Denied("person_has_account", {"organisation_id": organisation_id})
        _refuse_taken_mailbox(email, person.pk, organisation_id=organisation_id)
        subject = Subject(
            public_id=identifiers.public_id(),
            username=username,
            skeleton=skeleton,
            person=person,
            authority=authority,
            email=email,
            email_confirmed_at=email_confirmed_at,
            mobile=mobile,
            mobile_confirmed_at=mobile_confirmed_at,
            language=language,
            opened_at=at,
        )
        subject.set_unusable_password()
        subject.save()
        change.record(
            "subject.opened",
            subject,
            organisation_id=organisation_id,
            subject_person_id=person.pk,
            case=case,
            username=username,
            person=person.full_name,
        )
    return subject


def _refuse_taken_mailbox(email: str, person_id: int, *, organisation_id: int | None) -> None:
    """One mailbox is of one open account: the database refuses it too, should two come at once."""
    taken = Subject.objects.filter(mailbox_key=mailbox_key(email)).exclude(state=SubjectState.CLOSED)
    if email and taken.exclude(person_id=person_id).exists():
        raise Denied("mailbox_taken", {"organisation_id": organisation_id})


def suspend_subject(*, actor: Actor, subject_id: int, reason: str, at: datetime, by_sms: bool = True) -> Subject:
    """
    Suspend an account at once: its sessions end, its open activation is dead.

    Without `by_sms` an owner who has no mailbox is not told: what a rule does to many at once shall cost nothing.

    :raises Denied: `subject_not_active`
    """
    require_open_change("identity.Subject")
    with state_change(actor=actor, at=at) as change:
        subject = locked(subject_id)
        if subject.state not in (SubjectState.ACTIVE, SubjectState.PENDING):
            raise Denied("subject_not_active", {"organisation_id": subject.authority_id})
        subject.change_to(
            state=SubjectState.SUSPENDED, suspended_at=at, suspended_by_id=actor.person_id, suspended_reason=reason
        )
        change.record(
            "subject.suspended",
            subject,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
            reason=reason,
        )
        end_activations(actor=actor, subject=subject, why="suspended", at=at)
        end_sessions_of(actor=actor, subject=subject, reason=EndReason.SUSPENDED, at=at)
        if subject.email or by_sms:
            tell_owner(subject, "account_suspended", at=at, reason=reason)
    return subject


def resume_subject(*, actor: Actor, subject_id: int, at: datetime) -> Subject:
    """
    Put a suspended account back: in use if it was ever activated, pending otherwise.

    :raises Denied: `subject_not_suspended`
    """
    require_open_change("identity.Subject")
    with state_change(actor=actor, at=at) as change:
        subject = locked(subject_id)
        if subject.state != SubjectState.SUSPENDED:
            raise Denied("subject_not_suspended", {"organisation_id": subject.authority_id})
        subject.change_to(
            state=SubjectState.ACTIVE if subject.activated_at else SubjectState.PENDING,
            suspended_at=None,
            suspended_by=None,
            suspended_reason="",
            resumed_at=at,
        )
        change.record(
            "subject.resumed",
            subject,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
        )
        tell_owner(subject, "account_resumed", at=at)
    return subject


def close_subject(*, actor: Actor, subject_id: int, case: str, at: datetime) -> Subject:
    """
    Close an account for good: no password, no session, no activation; the user id is never reused.

    :raises Denied: `subject_closed`
    """
    require_open_change("identity.Subject")
    with state_change(actor=actor, at=at) as change:
        subject = locked(subject_id)
        if subject.state == SubjectState.CLOSED:
            raise Denied("subject_closed", {"organisation_id": subject.authority_id})
        subject.set_unusable_password()
        subject.change_to(
            state=SubjectState.CLOSED,
            closed_at=at,
            password=subject.password,
            password_due_date=None,
            suspended_at=None,
            suspended_by=None,
            suspended_reason="",
        )
        change.record(
            "subject.closed",
            subject,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            case=case,
            username=subject.username,
        )
        end_activations(actor=actor, subject=subject, why="closed", at=at)
        end_sessions_of(actor=actor, subject=subject, reason=EndReason.CLOSED, at=at)
        end_rows(change, subject, kinds=list(FactorKind), why=FactorEnd.CLOSED, at=at)
        known_devices.forget(subject)
        tell_owner(subject, "account_closed", at=at)
    return subject


def revoke_password(*, actor: Actor, subject_id: int, why: str, case: str, at: datetime) -> Subject:
    """
    Make the password useless, end the sessions and every second factor: lost means revoke first (D11).

    Whoever knew the password may have bound a passkey of his own, and a passkey opens alone.
    """
    require_open_change("identity.Subject")
    with state_change(actor=actor, at=at) as change:
        subject = locked(subject_id)
        subject.set_unusable_password()
        subject.change_to(password=subject.password, password_due_date=None)
        change.record(
            "credential.revoked",
            subject,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            case=case,
            username=subject.username,
            why=why,
        )
        end_activations(actor=actor, subject=subject, why="revoked", at=at)
        ended = end_rows(change, subject, kinds=list(FactorKind), why=FactorEnd.REVOKED, at=at)
        known_devices.forget(subject)
        end_sessions_of(actor=actor, subject=subject, reason=EndReason.PASSWORD_CHANGED, at=at)
        facts = {"factors_ended": ended > 0, "is_of_desk": subject.authority_id is None}
        tell_owner(subject, "password_revoked", at=at, case=case, **facts)
    return subject


def change_contact(
    *,
    actor: Actor,
    subject_id: int,
    email: str,
    email_confirmed_at: datetime | None,
    mobile: str,
    mobile_confirmed_at: datetime | None,
    at: datetime,
) -> Subject:
    """
    Set the contact details of an account; the former mailbox is told (ASVS 6.3.7).

    :raises Denied: `mailbox_taken`
    """
    require_open_change("identity.Subject")
    with state_change(actor=actor, at=at) as change:
        subject = locked(subject_id)
        _refuse_taken_mailbox(email, subject.person_id, organisation_id=subject.authority_id)
        tell_owner(subject, "contact_changed", at=at)
        end_activations(actor=actor, subject=subject, why="contact_changed", at=at)
        subject.change_to(
            email=email,
            email_confirmed_at=email_confirmed_at,
            mobile=mobile,
            mobile_confirmed_at=mobile_confirmed_at,
        )
        change.record(
            "subject.contact_changed",
            subject,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
        )
    return subject


def end_activations(*, actor: Actor, subject: Subject, why: str, at: datetime) -> None:
    """Kill the open activation of an account, if there is one."""
    for activation in Activation.objects.select_for_update(of=("self",)).filter(
        subject=subject, used_at=None, ended_at=None
    ):
        with state_change(actor=actor, at=at) as change:
            activation.change_to(ended_at=at)
            change.record(
                "activation.ended",
                activation,
                organisation_id=subject.authority_id,
                subject_person_id=subject.person_id,
                case=activation.case,
                username=subject.username,
                why=why,
            )


def tell_owner(subject: Subject, kind: str, *, at: datetime, case: str = "", **facts: object) -> None:
    """Queue a notice to the person behind an account, by mail or else by SMS; never with a secret."""
    facts = {"username": subject.username, "person": subject.person.full_name, "case": case, "at": at, **facts}
    if subject.email:
        channel, to_address = Channel.MAIL, subject.email
    elif subject.mobile:
        channel, to_address = Channel.SMS, subject.mobile
    else:
        return
    messaging.queue(
        kind=kind,
        channel=channel,
        to_address=to_address,
        at=at,
        person=subject.person,
        organisation_id=subject.authority_id,
        case=case,
        language=subject.language,
        facts=facts,
    )
