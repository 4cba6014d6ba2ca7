"""
Who may decide on the password policy: two persons of the department; and who may answer the six-month clock.

One function for the page and the operation.
"""

from datetime import date, datetime

from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.identity import queries
from kunjae.identity.models import PasswordPolicyProposal, Subject
from kunjae.organisations.models import Desk
from kunjae.organisations.queries import is_namesake, posting_of


def may_keep_password_policy(actor: Actor, *, at: datetime) -> Verdict:
    """Test if the actor decides on the password policy at all: a person at the department's desk."""
    posting = posting_of(actor.person_id, on=thai_day(at)) if actor.is_person else None
    return ALLOWED if posting and posting.desk == Desk.DEPARTMENT else Verdict("password_policy_is_the_departments")


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


def may_put_off_password_change(subject: Subject, question: queries.PasswordQuestion) -> Verdict:
    """Test if “later” is an answer: always, unless the policy in force makes a duty of the advice (clause 4(3), D3)."""
    if question.is_forced:
        return Verdict("password_change_forced", {"organisation_id": subject.authority_id})
    return ALLOWED
