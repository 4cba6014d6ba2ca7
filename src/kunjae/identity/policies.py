"""
What the department decides here: by two persons the password policy, and the day from which everybody needs a second
factor; decoys. Who may bind and remove second factors, and how the six-month clock may be answered.

One function for the page and the operation.
"""

from datetime import date, datetime, timedelta

from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.identity import due_passwords, factor_days, factor_duty, queries
from kunjae.identity.models import (
    FactorKind,
    PasswordPolicyProposal,
    SecondFactor,
    SecondFactorDay,
    Subject,
    SubjectState,
)
from kunjae.identity.proofs import Proved
from kunjae.messaging.queries import sent_to_person_since
from kunjae.organisations.models import Desk
from kunjae.organisations.queries import is_namesake, posting_of


def _sits_at_the_department(actor: Actor, *, at: datetime) -> bool:
    posting = posting_of(actor.person_id, on=thai_day(at)) if actor.is_person else None
    return posting is not None and posting.desk == Desk.DEPARTMENT


def may_keep_password_policy(actor: Actor, *, at: datetime) -> Verdict:
    """Test if the actor decides on the password policy at all: a person at the department's desk."""
    return ALLOWED if _sits_at_the_department(actor, at=at) else Verdict("password_policy_is_the_departments")


def may_keep_honeytokens(actor: Actor, *, at: datetime) -> Verdict:
    """Test if the actor lays and lifts decoy user ids: a person at the department's desk."""
    return ALLOWED if _sits_at_the_department(actor, at=at) else Verdict("honeytokens_are_the_departments")


def may_propose_password_policy(actor: Actor, *, at: datetime) -> Verdict:
    """Test if the actor may propose a profile now; one proposal waits at a time."""
    verdict = may_keep_password_policy(actor, at=at)
    if verdict and queries.waiting_password_policy() is not None:
        return Verdict("password_policy_waits")
    return verdict


def may_hold_from(effective_date: date, *, at: datetime) -> Verdict:
    """Test if a profile may hold from a day on: today or later, for nobody knew of it before."""
    return ALLOWED if effective_date >= thai_day(at) else Verdict("password_policy_day_past")


def may_confirm_password_policy(actor: Actor, proposed: PasswordPolicyProposal, *, at: datetime) -> Verdict:
    """
    Test if the actor may confirm a proposal: never the person who made it, and not after its day.

    Somebody entered twice is known by the name (T-07).
    """
    verdict = may_withdraw_password_policy(actor, proposed, at=at)
    if not verdict:
        return verdict
    if actor.person_id == proposed.proposed_by_id or is_namesake(actor.person_id, proposed.proposed_by):
        return Verdict("password_policy_own")
    return may_hold_from(proposed.effective_date, at=at)


def may_withdraw_password_policy(actor: Actor, proposed: PasswordPolicyProposal, *, at: datetime) -> Verdict:
    """Test if the actor may withdraw a proposal: anybody at the desk, while it waits."""
    verdict = may_keep_password_policy(actor, at=at)
    return Verdict("password_policy_settled") if verdict and not proposed.is_waiting else verdict


# --- The six-month clock (clause 4(3)) -----------------------------------------------------------------------------


def may_put_off_password_change(subject: Subject, question: due_passwords.PasswordQuestion) -> Verdict:
    """Test if “later” is an answer: always, unless the policy in force makes a duty of the advice (clause 4(3), D3)."""
    if question.is_forced:
        return Verdict("password_change_forced", {"organisation_id": subject.authority_id})
    return ALLOWED


def may_use_passkey_instead(subject: Subject) -> Verdict:
    """
    Test if “a passkey instead” is an answer: of whoever has one bound, also where the change is forced (D3).

    Beside a passkey the password alone opens nothing, which is more than another password would do.
    """
    if not queries.has_passkey(subject.pk):
        return Verdict("passkey_missing", {"organisation_id": subject.authority_id})
    return ALLOWED


# --- The day from which everybody needs a second factor -------------------------------------------------------------


def may_keep_factor_day(actor: Actor, *, at: datetime) -> Verdict:
    """Test if the actor decides on that day at all: a person at the department's desk."""
    return ALLOWED if _sits_at_the_department(actor, at=at) else Verdict("factor_day_is_the_departments")


def may_propose_factor_day(actor: Actor, *, at: datetime) -> Verdict:
    """Test if the actor may propose a day now; one proposal waits at a time."""
    verdict = may_keep_factor_day(actor, at=at)
    return Verdict("factor_day_waits") if verdict and factor_days.waiting() is not None else verdict


def may_ask_everybody_from(effective_date: date, *, at: datetime) -> Verdict:
    """Test if everybody may be asked from a day on: today or later, for nobody knew of it before."""
    return ALLOWED if effective_date >= thai_day(at) else Verdict("factor_day_past")


def may_confirm_factor_day(actor: Actor, proposed: SecondFactorDay, *, at: datetime) -> Verdict:
    """
    Test if the actor may confirm a proposal: never the person who made it, and not after its day.

    Somebody entered twice is known by the name (T-07).
    """
    verdict = may_withdraw_factor_day(actor, proposed, at=at)
    if not verdict:
        return verdict
    if actor.person_id == proposed.proposed_by_id or is_namesake(actor.person_id, proposed.proposed_by):
        return Verdict("factor_day_own")
    return may_ask_everybody_from(proposed.effective_date, at=at)


def may_withdraw_factor_day(actor: Actor, proposed: SecondFactorDay, *, at: datetime) -> Verdict:
    """Test if the actor may withdraw a proposal: anybody at the desk, while it waits."""
    verdict = may_keep_factor_day(actor, at=at)
    return Verdict("factor_day_settled") if verdict and not proposed.is_waiting else verdict


# --- Forgotten ------------------------------------------------------------------------------------------------------

USER_ID_TOLD_A_DAY = 3


def may_reset(subject: Subject) -> Verdict:
    """
    Test if an owner may set a forgotten password anew by himself (D11, N-01).

    By the mailbox that he has proven and a second factor, nobody without one: a head without it writes form 1. A
    password that was revoked, because somebody else may know it, comes back by the form alone.
    """
    about = {"organisation_id": subject.authority_id}
    if subject.state != SubjectState.ACTIVE or not subject.has_usable_password():
        return Verdict("reset_ended", about)
    if not subject.email or subject.email_confirmed_at is None or not queries.has_second_factor(subject):
        return Verdict("reset_ended", about)
    return ALLOWED


def may_be_told_user_id(subject: Subject, *, at: datetime) -> Verdict:
    """Test if a forgotten user id goes to the mailbox of its account: a proven one, three times a day at most (T-22)."""
    about = {"organisation_id": subject.authority_id}
    if subject.state == SubjectState.CLOSED or not subject.email or subject.email_confirmed_at is None:
        return Verdict("not_permitted", about)
    told = sent_to_person_since(subject.person_id, at - timedelta(days=1), kinds=["user_id"])
    return ALLOWED if told < USER_ID_TOLD_A_DAY else Verdict("not_permitted", about)


# --- Second factors -------------------------------------------------------------------------------------------------

FRESH_FOR = timedelta(minutes=20)
AT_THE_DOOR = timedelta(minutes=15)
"""So long a sign-in waits at most, whatever it waits for."""


def proof_holds(subject: Subject, proved: Proved) -> Verdict:
    """
    Test if what a sign-in has proved still holds: the account is in use, its password the one that was shown, and its
    second factor, too; where none was shown, it still has none (T-18).

    Whoever revokes a password, sets another or binds a factor so ends every sign-in that is on its way.
    """
    if not (verdict := password_holds(subject, proved)):
        return verdict
    kinds = queries.kinds_of_factors(subject.pk)
    holds = proved.factor_id in kinds if proved.factor_id else set(kinds.values()) <= {FactorKind.CODES}
    return ALLOWED if holds else Verdict("renewal_over", {"organisation_id": subject.authority_id})


def password_holds(subject: Subject, proved: Proved) -> Verdict:
    """Test if an account is in use, and its password the one that was shown; before any factor is asked."""
    holds = subject.state == SubjectState.ACTIVE and Proved.now(subject).stamp == proved.stamp
    return ALLOWED if holds else Verdict("renewal_over", {"organisation_id": subject.authority_id})


def has_proved_lately(actor: Actor, *, at: datetime) -> Verdict:
    """Test if whoever is signed in has proved himself within twenty minutes (ASVS 7.5.3)."""
    proved_at = queries.proved_at(actor.session_id)
    return ALLOWED if proved_at is not None and at - proved_at <= FRESH_FOR else Verdict("proof_not_fresh")


def may_act_gravely(actor: Actor, *, at: datetime) -> Verdict:
    """
    Test if a grave act needs no further proof: whoever acts in a session has proved himself lately (D5, L-31).

    A job and a command have no session; no browser reaches an operation without one.
    """
    return has_proved_lately(actor, at=at) if actor.session_id is not None else ALLOWED


def _acts_on_own_account(actor: Actor, subject: Subject) -> Verdict:
    is_own = actor.subject_id == subject.pk and subject.state == SubjectState.ACTIVE
    return ALLOWED if is_own else Verdict("not_permitted", {"organisation_id": subject.authority_id})


def may_bind_factor(actor: Actor, subject: Subject, *, at: datetime) -> Verdict:
    """
    Test if the actor may bind a factor: to his own account, having proved himself lately.

    At the door, where there is no session yet, only the first one: whoever has another proves himself by it.
    """
    verdict = _acts_on_own_account(actor, subject)
    if not verdict:
        return verdict
    if actor.session_id is None and not queries.has_second_factor(subject):
        return ALLOWED
    return has_proved_lately(actor, at=at)


def may_draw_codes(actor: Actor, subject: Subject, *, at: datetime) -> Verdict:
    """Test if the actor may draw recovery codes: beside another factor, never instead of one."""
    verdict = _acts_on_own_account(actor, subject)
    if not verdict:
        return verdict
    if not queries.has_second_factor(subject):
        return Verdict("factor_missing", {"organisation_id": subject.authority_id})
    if actor.session_id is None:  # at the door, right after the first binding
        older = queries.open_factors(subject.pk).filter(bound_at__lt=at - AT_THE_DOOR)
        return Verdict("proof_not_fresh") if older.exists() else ALLOWED
    return has_proved_lately(actor, at=at)


def may_remove_factor(actor: Actor, subject: Subject, factor: SecondFactor, *, at: datetime) -> Verdict:
    """Test if the actor may take away a factor: his own, having proved himself lately, and not the last he must have."""
    verdict = _acts_on_own_account(actor, subject)
    if not verdict:
        return verdict
    others = queries.open_factors(subject.pk).exclude(kind=FactorKind.CODES).exclude(pk=factor.pk)
    if factor.kind != FactorKind.CODES and not others.exists() and factor_duty.must(subject, at=at):
        return Verdict("factor_last", {"organisation_id": subject.authority_id})
    return has_proved_lately(actor, at=at)
