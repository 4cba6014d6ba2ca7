"""A password is set or changed by its owner, and by nobody else (D4, clause 4)."""

from datetime import datetime

from django.contrib.auth.hashers import check_password

from kunjae.audit.change import Change, state_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.identity import due_passwords, password_policy, policies, queries, throttle
from kunjae.identity.models import Activation, EndReason, PasswordPolicyEdition, SignInAttempt, Subject, SubjectState
from kunjae.identity.operations.accounts import end_activations, tell_owner
from kunjae.identity.operations.locking import locked, locked_as_proved
from kunjae.identity.operations.sessions import end_sessions_of
from kunjae.identity.proofs import Proved


class PasswordRefused(Exception):
    """The policy refuses a password; `reasons` are keys of `password_policy.reason_sentences`."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


def set_password_by_activation(*, actor: Actor, activation_id: int, password: str, at: datetime) -> Subject:
    """
    Use up an activation whose two secrets were proved: set the password, put the account into use.

    It does not sign in. All former sessions end, the owner is told.

    :raises Denied: `activation_ended`
    :raises PasswordRefused: with what the policy says; the activation stays usable
    """
    with state_change(actor=actor, at=at) as change:
        # The account first, as everybody does who ends an activation: two in the other order would wait for each other.
        subject = locked(Activation.objects.values_list("subject_id", flat=True).get(pk=activation_id))
        activation = Activation.objects.select_for_update(of=("self",)).select_related("mail").get(pk=activation_id)
        if (
            activation.used_at
            or activation.ended_at
            or activation.expires_at <= at
            or subject.state not in (SubjectState.PENDING, SubjectState.ACTIVE)
        ):
            raise Denied("activation_ended", {"organisation_id": subject.authority_id})
        _set(change, subject, password, how=f"activation_{activation.purpose}", case=activation.case, at=at)
        activation.change_to(used_at=at)
        if subject.state == SubjectState.PENDING:
            subject.change_to(state=SubjectState.ACTIVE, activated_at=at)
        _confirm_contact(subject, activation, at=at)
        end_sessions_of(actor=actor, subject=subject, reason=EndReason.PASSWORD_CHANGED, at=at)
        tell_owner(subject, "password_set", at=at, case=activation.case)
    return subject


def _confirm_contact(subject: Subject, activation: Activation, *, at: datetime) -> None:
    """Using an activation proves where its secrets went (A2-08): the mailbox, and the mobile by SMS."""
    by_mail = bool(subject.email)
    by_sms = not by_mail or activation.second_way == Activation.SecondWay.SMS
    if by_mail and subject.email_confirmed_at is None:
        subject.change_to(email_confirmed_at=at)
    if by_sms and subject.mobile and subject.mobile_confirmed_at is None:
        subject.change_to(mobile_confirmed_at=at)


def change_password(*, actor: Actor, current: str, new: str, at: datetime) -> Subject:
    """
    Change one's own password; other sessions end, the owner is told (ASVS 6.2.3, 7.4.3).

    :raises Denied: `wrong_password`, `sign_in_throttled`, `same_password`, or `session_ended`
    :raises PasswordRefused: with what the policy says
    """
    refuse_wrong_present_password(actor, current, at=at)
    with state_change(actor=actor, at=at) as change:
        subject = locked(actor.subject_id or 0)
        about = {"organisation_id": subject.authority_id}
        if subject.state != SubjectState.ACTIVE:
            raise Denied("session_ended", about)
        if not check_password(password_policy.normalise(current), subject.password):
            raise Denied("wrong_password", about)  # it was changed this very moment
        if password_policy.normalise(current) == password_policy.normalise(new):
            raise Denied("same_password", about)
        _set(change, subject, new, how="changed", case="", at=at)
        end_activations(actor=actor, subject=subject, why="changed", at=at)
        end_sessions_of(
            actor=actor, subject=subject, reason=EndReason.PASSWORD_CHANGED, at=at, except_id=actor.session_id
        )
        tell_owner(subject, "password_set", at=at)
    return subject


def renew_password(
    *,
    actor: Actor,
    subject_id: int,
    proved: Proved,
    new: str,
    at: datetime,
    how: str = "renewed",
) -> Subject:
    """
    Replace a right password that no longer meets the rules, in the middle of a sign-in; every session ends (D2).

    `how` stands in the record.

    :raises Denied: `renewal_over` or `same_password`
    :raises PasswordRefused: with what the policy says
    """
    with state_change(actor=actor, at=at) as change:
        subject = locked_as_proved(subject_id, proved)
        if check_password(password_policy.normalise(new), subject.password):
            raise Denied("same_password", {"organisation_id": subject.authority_id})
        _set(change, subject, new, how=how, case="", at=at)
        end_activations(actor=actor, subject=subject, why="changed", at=at)
        end_sessions_of(actor=actor, subject=subject, reason=EndReason.PASSWORD_CHANGED, at=at)
        tell_owner(subject, "password_set", at=at)
    return subject


def set_by_owner(*, actor: Actor, subject: Subject, password: str, how: str, case: str, at: datetime) -> None:
    """
    Set a password that its owner chose, and tell him; the account is locked, and the caller has seen why he may.

    :raises PasswordRefused: with what the policy says
    """
    with state_change(actor=actor, at=at) as change:
        _set(change, subject, password, how=how, case=case, at=at)
        tell_owner(subject, "password_set", at=at, case=case)


def note_policy_met(*, actor: Actor, subject_id: int, edition_id: int, beside_factor: bool, at: datetime) -> None:
    """
    Note that the password just proved right meets a policy that came after it, so that it is not judged again.

    :raises Denied: `renewal_over` if it was judged beside a second factor that is gone meanwhile
    """
    with state_change(actor=actor, at=at) as change:
        subject = locked(subject_id)
        if beside_factor and not queries.has_second_factor(subject):
            raise Denied("renewal_over", {"organisation_id": subject.authority_id})
        edition = PasswordPolicyEdition.objects.get(pk=edition_id)
        subject.change_to(password_policy=edition)
        change.record(
            "credential.judged",
            subject,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
            policy=f"{edition.code} {edition.version}",
        )


def refuse_wrong_present_password(actor: Actor, current: str, *, at: datetime) -> None:
    """
    Check the present password before anything opens; guesses in an open session are slowed like those at the door.

    :raises Denied: `wrong_password`, `sign_in_throttled`, or `session_ended`
    """
    subject = Subject.objects.filter(pk=actor.subject_id, state=SubjectState.ACTIVE).first()
    if subject is None:
        raise Denied("session_ended")
    address = actor.address or ""
    lane = throttle.session_lane(actor.session_id)
    with throttle.in_turn(subject.username, lane=lane):
        throttle.refuse_while_waiting(subject.username, address, at=at, lane=lane)
        if check_password(password_policy.normalise(current), subject.password):
            return
        throttle.note(subject.username, address, "", SignInAttempt.Outcome.REFUSED, subject=subject, at=at, lane=lane)
    raise Denied("wrong_password", {"organisation_id": subject.authority_id})


def upgrade_hash(*, actor: Actor, subject_id: int, proved: Proved, password: str, at: datetime) -> Subject:
    """
    Hash the password just verified anew, if the parameters have risen since (ASVS 11.4.2).

    :raises Denied: as `policies.proof_holds` says: one that was revoked meanwhile does not come back
    """
    with state_change(actor=actor, at=at) as change:
        subject = locked(subject_id)
        policies.password_holds(subject, proved).enforce()
        subject.set_password(password)
        subject.change_to(password=subject.password)
        change.record(
            "credential.rehashed",
            subject,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
        )
    return subject


def _set(change: Change, subject: Subject, password: str, *, how: str, case: str, at: datetime) -> None:
    edition, profile = queries.password_policy_on(thai_day(at))
    judgement = queries.judge_password(subject, password, profile=profile)
    if judgement.reasons:
        raise PasswordRefused(judgement.reasons)
    subject.set_password(password_policy.normalise(password))
    subject.change_to(
        password=subject.password,
        password_changed_at=at,
        password_policy=edition,
        password_due_date=due_passwords.day_of_new_password(profile, set_on=thai_day(at)),
        password_warned_days=None,
    )
    change.record(
        "credential.set",
        subject,
        organisation_id=subject.authority_id,
        subject_person_id=subject.person_id,
        case=case,
        username=subject.username,
        how=how,
        policy=f"{profile.code} {profile.version}",
    )
