"""A signed letter comes in at the department's desk, is corrected there, gets its order and its owner (L-11)."""

from dataclasses import dataclass
from datetime import date, datetime

from kunjae.audit.change import state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.clock import be_year
from kunjae.core.verdict import Denied
from kunjae.documents import operations as documents
from kunjae.documents.storage import LaidDown
from kunjae.entitlements.policies import lock_tenure
from kunjae.entitlements.queries import tenure_of
from kunjae.identity import operations as identity
from kunjae.identity.models import SubjectState
from kunjae.official_letters import queries
from kunjae.official_letters.content import LetterContent, content_of, hash_of
from kunjae.official_letters.models import CaseState, LetterCase, WayIn
from kunjae.official_letters.operations.noticing import carry_notices, judge_address, tell_parties
from kunjae.official_letters.operations.numbering import lock_register, next_case
from kunjae.official_letters.operations.proving import carry_proofs
from kunjae.official_letters.operations.recording import locked_case, record
from kunjae.official_letters.policies import receiving as policy
from kunjae.official_letters.policies.recipients import concerns
from kunjae.organisations.models import LocalAuthority, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """
    How a letter came: both numbers, both dates, the scans, and what its QR claims when it could be read.

    The caller lays the scans down around the call (`documents.storage.laid_down`).
    """

    way_in: WayIn
    letter_number: str
    letter_date: date
    received_number: str
    received_date: date
    scan: LaidDown
    order_scan: LaidDown | None = None
    draft_code: str = ""
    prepared_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers and dates of a letter, as corrected."""

    letter_number: str
    letter_date: date
    received_number: str
    received_date: date


def receive(
    *,
    actor: Actor,
    authority: LocalAuthority,
    content: LetterContent,
    intake: Intake,
    at: datetime,
    public_id: str = "",
) -> LetterCase:
    """
    Enter a letter that came in: the case gets its number, the four parties are told (T-01).

    If it tells of danger, the present head's account is suspended now (D11, A1-07). `public_id` names one
    filled-in page, so that the same page sent twice is one case.

    :raises Denied: as `policies.receiving.may_receive` and `may_stand` say; `sent_already`
    """
    with state_change(actor=actor, at=at) as change:
        about = {"organisation_id": authority.pk}
        lock_tenure(authority.pk)
        policy.may_receive(actor, authority, at=at).enforce()
        if public_id and LetterCase.objects.filter(public_id=public_id).exists():
            raise Denied("sent_already", about)
        # From here on nobody else enters a letter, so what is found out about numbers holds until the commit.
        number = next_case(at=at)
        numbers = Numbers(
            letter_number=intake.letter_number,
            letter_date=intake.letter_date,
            received_number=intake.received_number,
            received_date=intake.received_date,
        )
        officer = Person.objects.get(pk=actor.person_id or 0)
        said = content.settled()
        _enforce_standing(authority, said, numbers, at=at)
        case = LetterCase(
            public_id=public_id or identifiers.public_id(),
            case=number,
            authority=authority,
            draft_code=intake.draft_code,
            prepared_hash=intake.prepared_hash,
            way_in=intake.way_in,
            received_at=at,
            received_by=officer,
            owner=officer,
            content_hash=hash_of(authority, said),
            **_columns_of(numbers),
            **said.as_columns(),
        )
        concerns(actor, case).enforce()
        case.scan = documents.keep_scan(actor=actor, scan=intake.scan, authority=authority, case=number, at=at)
        if intake.order_scan is not None:
            case.order_scan = documents.keep_scan(
                actor=actor, scan=intake.order_scan, authority=authority, case=number, at=at
            )
        case.complete_at = None if queries.missing_in(case) else at
        case.save()
        record(
            change,
            "letter.received",
            case,
            letter_number=case.letter_number,
            letter_date=case.letter_date,
            received_number=case.received_number,
            way_in=case.way_in,
        )
        if case.tells_of_danger:
            _suspend_present_head(actor, case, at=at)
        judge_address(change, case, at=at)
        tell_parties(change, case, at=at)
    return case


def _enforce_standing(
    authority: LocalAuthority,
    content: LetterContent,
    numbers: Numbers,
    *,
    at: datetime,
    except_id: int | None = None,
) -> None:
    policy.may_stand(
        authority,
        content,
        letter_number=numbers.letter_number,
        letter_date=numbers.letter_date,
        received_number=numbers.received_number,
        received_date=numbers.received_date,
        at=at,
        except_id=except_id,
    ).enforce()


def _columns_of(numbers: Numbers) -> dict[str, object]:
    return {
        "letter_number": numbers.letter_number,
        "letter_number_key": policy.letter_number_key(numbers.letter_number),
        "letter_year": be_year(numbers.letter_date),
        "letter_date": numbers.letter_date,
        "received_number": policy.received_number_as_kept(numbers.received_number),
        "received_year": be_year(numbers.received_date),
        "received_date": numbers.received_date,
    }


def _suspend_present_head(actor: Actor, case: LetterCase, *, at: datetime) -> None:
    """
    Take the keys that may be in other hands out of use, with their sessions and activation, and tell their owner.

    At receipt and not when somebody has time (D11); only another person, or the issue, ends it.
    """
    tenure = tenure_of(case.authority_id, at=at)
    if tenure is None or tenure.subject.state not in (SubjectState.ACTIVE, SubjectState.PENDING):
        return
    reason = f"ได้รับหนังสือแจ้งว่ารหัสสูญหายหรืออาจมีผู้อื่นรู้รหัส (เลขที่เรื่อง {case.case})"
    identity.suspend_subject(actor=actor, subject_id=tenure.subject_id, reason=reason, at=at)


def correct(
    *,
    actor: Actor,
    public_id: str,
    content: LetterContent,
    version: int,
    at: datetime,
    numbers: Numbers | None = None,
) -> LetterCase:
    """
    Correct what was keyed: a new version, of which every point is open again.

    Proofs and notices stand as long as what they are about did not change; a new address begins its hold anew.
    A content that changes nothing leaves the case as it is.

    :raises Denied: as `policies.receiving.may_correct` and `may_stand` say; `letter_changed`
    """
    said = content.settled()
    standing = LetterCase.objects.get(public_id=public_id)
    if standing.version == version and _says(standing, said, numbers):
        return standing
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policy.may_correct(actor, case, at=at).enforce()
        if version != case.version:
            raise Denied("letter_changed", {"organisation_id": case.authority_id, "case": case.case})
        numbers = numbers or _numbers_of(case)
        lock_register(at=at)
        _enforce_standing(case.authority, said, numbers, at=at, except_id=case.pk)
        former, was_danger = content_of(case), case.tells_of_danger
        _begin_version(case, said, numbers, at=at)
        concerns(actor, case).enforce()
        record(change, "letter.corrected", case, version=case.version)
        if case.tells_of_danger and not was_danger:
            _suspend_present_head(actor, case, at=at)
        if said.asks_the_same_as(former):
            carry_notices(case)
        carry_proofs(change, case, at=at)
        judge_address(change, case, at=at)
        tell_parties(change, case, at=at)
    return case


def _numbers_of(case: LetterCase) -> Numbers:
    return Numbers(
        letter_number=case.letter_number,
        letter_date=case.letter_date,
        received_number=case.received_number,
        received_date=case.received_date,
    )


def _says(case: LetterCase, content: LetterContent, numbers: Numbers | None) -> bool:
    return content_of(case) == content and numbers in (None, _numbers_of(case))


def _begin_version(case: LetterCase, content: LetterContent, numbers: Numbers, *, at: datetime) -> None:
    """Write what was corrected; who the recipient is must be found out again if he is named otherwise."""
    is_named_otherwise = content.recipient_key != content_of(case).recipient_key
    values: dict[str, object] = {
        "version": case.version + 1,
        "state": CaseState.RECEIVED,
        "verified_at": None,
        "verified_by": None,
        "content_hash": hash_of(case.authority, content),
        **_columns_of(numbers),
        **content.as_columns(),
    }
    if is_named_otherwise:
        values |= {"recipient": None, "recipient_is_new": False}
    if content_of(case).email != content.email or content_of(case).mobile != content.mobile:
        # Judged anew, as if the letter had come in with it.
        values |= {"address_is_new": False, "hold_began_at": None}
    case.change_to(**values)
    _note_completeness(case, at=at)


def _note_completeness(case: LetterCase, *, at: datetime) -> None:
    """Let the clock of one working day run from when nothing was missing any more."""
    complete_at = None if queries.missing_in(case) else case.complete_at or at
    if complete_at != case.complete_at:
        case.change_to(complete_at=complete_at)


def attach_order(*, actor: Actor, public_id: str, scan: LaidDown, at: datetime) -> LetterCase:
    """
    Attach the order that appoints the recipient, in place of an earlier one (A1-19).

    What was answered about the earlier one, or about a letter that seemed complete, is open again.

    :raises Denied: as `policies.receiving.may_correct` says
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policy.may_correct(actor, case, at=at).enforce()
        is_looked_at = case.order_scan_id is not None or case.state == CaseState.VERIFIED
        kept = documents.keep_scan(actor=actor, scan=scan, authority=case.authority, case=case.case, at=at)
        case.change_to(order_scan=kept)
        record(change, "letter.order_attached", case)
        _note_completeness(case, at=at)
        if is_looked_at:
            _begin_version(case, content_of(case), _numbers_of(case), at=at)
            carry_notices(case)
            carry_proofs(change, case, at=at)
    return case


def take(*, actor: Actor, public_id: str, at: datetime) -> LetterCase:
    """
    Make the actor the one who sees to the case; it passes from hand to hand freely.

    :raises Denied: as `policies.receiving.may_correct` says
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policy.may_correct(actor, case, at=at).enforce()
        case.change_to(owner_id=actor.person_id)
        owner = Person.objects.get(pk=actor.person_id or 0).full_name
        record(change, "letter.taken", case, owner=owner)
    return case
