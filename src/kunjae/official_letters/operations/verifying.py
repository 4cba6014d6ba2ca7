"""An officer of the desk finds out whether a letter is true, point by point."""

from datetime import datetime

from kunjae.audit.change import state_change
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.official_letters import queries
from kunjae.official_letters.models import CallBack, CallBackOutcome, CaseState, LetterCase, Point, VerifiedPoint
from kunjae.official_letters.operations.noticing import judge_address
from kunjae.official_letters.operations.recording import locked_case, record
from kunjae.official_letters.policies import recipients
from kunjae.official_letters.policies import verifying as policies
from kunjae.organisations.models import Person


def note_point(*, actor: Actor, public_id: str, version: int, point: Point, note: str, at: datetime) -> VerifiedPoint:
    """
    Answer for one point of the checklist; PERSON is answered by `choose_recipient`.

    :raises Denied: as `policies.verifying.may_verify` says; `letter_changed`, `point_is_noted`,
        `point_needs_no_answer`, `point_needs_a_note`, `order_not_attached`
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policies.may_verify(actor, case, at=at).enforce()
        policies.is_as_read(case, version).enforce()
        about = {"organisation_id": case.authority_id}
        if point == Point.PERSON or point not in policies.points_of(case):
            raise Denied("point_needs_no_answer", about)
        if point == Point.ORDER and case.order_scan_id is None:
            raise Denied("order_not_attached", about)
        if point == Point.AS_PREPARED and not note and queries.is_as_prepared(case) is False:
            raise Denied("point_needs_a_note", about)
        if VerifiedPoint.objects.filter(case=case, version=case.version, point=point).exists():
            raise Denied("point_is_noted", about)
        noted = VerifiedPoint.objects.create(
            case=case,
            version=case.version,
            point=point,
            note=note,
            noted_at=at,
            noted_by_id=actor.person_id or 0,
        )
        record(change, "letter.point_noted", case, point=point, version=case.version, note=note)
    return noted


def choose_recipient(
    *,
    actor: Actor,
    public_id: str,
    version: int,
    person_id: int | None,
    at: datetime,
    is_namesake: bool = False,
) -> LetterCase:
    """
    Say who the recipient is: a person on record, or (None) somebody new; it answers for PERSON.

    `is_namesake` says that whoever has an account under the same name is another person. Who answered may
    choose anew in the same version. Whether the addresses are new is judged again, for this person.

    :raises Denied: as `policies.verifying.may_verify`, `policies.recipients.may_be_recipient` and
        `is_nobody_known` say; `letter_changed`, `point_is_noted`
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policies.may_verify(actor, case, at=at).enforce()
        policies.is_as_read(case, version).enforce()
        noted = VerifiedPoint.objects.filter(case=case, version=case.version, point=Point.PERSON).first()
        if noted is not None and noted.noted_by_id != actor.person_id:
            raise Denied("point_is_noted", {"organisation_id": case.authority_id})
        person = Person.objects.get(pk=person_id) if person_id is not None else None
        if actor.person_id == person_id:
            raise Denied("letter_recipient_is_you", {"organisation_id": case.authority_id})
        recipients.may_be_recipient(case, person, at=at).enforce()
        if person is None and not is_namesake:
            recipients.is_nobody_known(case).enforce()
        case.change_to(recipient=person, recipient_is_new=person is None)
        if noted is None:
            VerifiedPoint.objects.create(
                case=case, version=case.version, point=Point.PERSON, noted_at=at, noted_by_id=actor.person_id or 0
            )
        else:
            noted.change_to(noted_at=at)
        judge_address(change, case, at=at)
        record(
            change,
            "letter.recipient_chosen",
            case,
            version=case.version,
            is_new=person is None,
            is_namesake=is_namesake,
        )
    return case


def note_call(
    *,
    actor: Actor,
    public_id: str,
    version: int,
    outcome: CallBackOutcome,
    spoke_with: str,
    said: str,
    at: datetime,
) -> CallBack:
    """
    Keep what a call to the authority's number of record brought (A1-15); the number is taken from the record.

    :raises Denied: as `policies.verifying.may_verify` says; `letter_changed`, `no_number_of_record`,
        `call_says_too_little`
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policies.may_verify(actor, case, at=at).enforce()
        policies.is_as_read(case, version).enforce()
        about = {"organisation_id": case.authority_id}
        if not case.authority.phone:
            raise Denied("no_number_of_record", about)
        if outcome != CallBackOutcome.NOT_REACHED and not (spoke_with and said):
            raise Denied("call_says_too_little", about)
        call = CallBack.objects.create(
            case=case,
            version=case.version,
            number=case.authority.phone,
            called_at=at,
            called_by_id=actor.person_id or 0,
            spoke_with=spoke_with,
            said=said,
            outcome=outcome,
        )
        record(change, "letter.called_back", case, outcome=outcome, spoke_with=spoke_with)
    return call


def complete_verification(*, actor: Actor, public_id: str, version: int, at: datetime) -> LetterCase:
    """
    Say that everything was verified; another person then approves.

    :raises Denied: as `policies.verifying.may_complete` says; `letter_changed`
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policies.may_verify(actor, case, at=at).enforce()
        policies.is_as_read(case, version).enforce()
        policies.is_complete(case, at=at).enforce()
        case.change_to(state=CaseState.VERIFIED, verified_at=at, verified_by_id=actor.person_id)
        record(change, "letter.verified", case, version=case.version)
    return case
