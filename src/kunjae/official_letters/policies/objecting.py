"""Who may object to a letter, tell a party, and resolve an objection (T-01)."""

from datetime import datetime, timedelta

from kunjae.core.actor import Actor
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.messaging.models import MessageState
from kunjae.official_letters import queries
from kunjae.official_letters.models import CaseState, LetterCase, Notice, Objection
from kunjae.official_letters.policies.desk import at_department_desk
from kunjae.official_letters.policies.recipients import concerns
from kunjae.official_letters.recognising import is_same_human

LINK_HOLDS_AFTER_ISSUE = timedelta(days=30)
"""Whoever was told must not hold a way to suspend every later head for ever."""

LINKS_HEARD_MAX = 2
"""So often is a party heard by its links in one case; then a human at the desk hears it, who may take it down."""


def may_object_by(notice: Notice | None, *, at: datetime) -> Verdict:
    """Test if a link of objection can still be used; the page that shows it asks the same."""
    if notice is None:
        return Verdict("objection_link_unknown")
    case = notice.case
    about = {"organisation_id": case.authority_id}
    if case.state in (CaseState.RETURNED, CaseState.REFUSED):
        return Verdict("letter_came_to_nothing", about)
    resolved = Objection.objects.filter(notice__case_id=case.pk, notice__party=notice.party).exclude(resolved_at=None)
    if notice.objections.exclude(resolved_at=None).exists() or resolved.count() >= LINKS_HEARD_MAX:
        return Verdict("objection_was_heard", about)
    if case.state == CaseState.ISSUED and case.decided_at and at > case.decided_at + LINK_HOLDS_AFTER_ISSUE:
        return Verdict("objection_too_late", about)
    return ALLOWED


def may_take_down(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may take down an objection that somebody made to the desk; it has no time limit."""
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    if case.state in (CaseState.RETURNED, CaseState.REFUSED):
        return Verdict("letter_came_to_nothing", {"organisation_id": case.authority_id})
    return ALLOWED


def may_note_told(actor: Actor, notice: Notice, *, at: datetime) -> Verdict:
    """
    Test if the actor may note that a party was told otherwise.

    Only where no message could reach it: what waits for a mail server goes out when that is back.
    """
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    case = notice.case
    about = {"organisation_id": case.authority_id}
    if case.state not in (CaseState.RECEIVED, CaseState.VERIFIED) or notice.version != case.version:
        return Verdict("letter_is_not_open", about)
    message = notice.message
    if notice.told_at is not None or (message is not None and message.state != MessageState.FAILED):
        return Verdict("party_was_told", about)
    return concerns(actor, case)


def may_resolve(actor: Actor, objection: Objection, *, at: datetime) -> Verdict:
    """
    Test if the actor may resolve an objection: at the desk, and by other hands than the letter so far (T-07).

    Whoever received, verified or decided it, or took this objection down, is recognised in any account.
    """
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    case = objection.case
    about = {"organisation_id": case.authority_id}
    if objection.resolved_at is not None:
        return Verdict("objection_is_resolved", about)
    hands = queries.hands_on(case) | ({objection.taken_by_id} if objection.taken_by_id else set())
    if any(is_same_human(actor.person_id, hand) for hand in hands):
        return Verdict("objection_by_other_hands", about)
    return concerns(actor, case)
