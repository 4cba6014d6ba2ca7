"""Another person decides on a verified letter: the keys are issued, or the letter goes back with a reason."""

from datetime import datetime

from kunjae.audit.change import Change, state_change
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.identity.policies import may_act_gravely
from kunjae.official_letters.models import CaseState, LetterCase
from kunjae.official_letters.operations.issuing import issue_keys
from kunjae.official_letters.operations.recording import locked_case, record
from kunjae.official_letters.operations.telling import register_reply, tell_authority, tell_parties_again
from kunjae.official_letters.policies import deciding as policies
from kunjae.official_letters.policies.desk import at_department_desk
from kunjae.official_letters.policies.verifying import is_as_read


def approve(*, actor: Actor, public_id: str, version: int, user_id: str, at: datetime) -> LetterCase:
    """
    Approve the version that was read, and issue the keys in the same transaction.

    `user_id` is for a recipient without an account; it is not looked at for one who has one. Of two
    approvals at once one wins, the other is told `letter_already_decided` (T-10).

    :raises Denied: as `policies.deciding.may_approve` says; `letter_changed`, `letter_user_id_missing`,
        `user_id_taken`
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        at_department_desk(actor, at=at).enforce()
        is_as_read(case, version).enforce()
        policies.may_approve(actor, case, at=at).enforce()
        may_act_gravely(actor, at=at).enforce()
        tenure, issued = issue_keys(actor=actor, case=case, user_id=user_id, at=at)
        case.change_to(
            state=CaseState.ISSUED,
            decided_at=at,
            decided_by_id=actor.person_id,
            recipient=tenure.person,
            tenure=tenure,
            subject=tenure.subject,
            # Between the letter and today it may have been renamed (T-33): both names are kept.
            authority_name_at_issue=case.authority.full_name,
        )
        record(
            change,
            "letter.issued",
            case,
            version=case.version,
            username=tenure.subject.username,
            second_way=issued.activation.second_way,
            authority_name=case.authority_name_at_issue,
        )
        register_reply(actor=actor, case=case, at=at)
        tell_parties_again(case, "letter_issued", at=at, username=tenure.subject.username)
    return case


def return_for_correction(*, actor: Actor, public_id: str, version: int, note: str, at: datetime) -> LetterCase:
    """
    Send a letter back to be corrected; its number may be used once more.

    :raises Denied: as `policies.deciding.may_send_back` says; `letter_changed`, `letter_reason_missing`
    """
    with state_change(actor=actor, at=at) as change:
        return _send_back(change, public_id, version=version, note=note, state=CaseState.RETURNED)


def refuse(*, actor: Actor, public_id: str, version: int, note: str, at: datetime) -> LetterCase:
    """
    Refuse a letter for good; its number stays used.

    :raises Denied: as `policies.deciding.may_send_back` says; `letter_changed`, `letter_reason_missing`
    """
    with state_change(actor=actor, at=at) as change:
        return _send_back(change, public_id, version=version, note=note, state=CaseState.REFUSED)


def _send_back(change: Change, public_id: str, *, version: int, note: str, state: CaseState) -> LetterCase:
    actor, at = change.actor, change.at
    case = locked_case(public_id)
    policies.may_send_back(actor, case, at=at).enforce()
    is_as_read(case, version).enforce()
    if not note:
        raise Denied("letter_reason_missing", {"organisation_id": case.authority_id})
    case.change_to(state=state, decided_at=at, decided_by_id=actor.person_id, decision_note=note)
    record(change, f"letter.{state}", case, note=note)
    register_reply(actor=actor, case=case, at=at)
    tell_authority(case, f"letter_{state}", at=at, reason=note)
    return case
