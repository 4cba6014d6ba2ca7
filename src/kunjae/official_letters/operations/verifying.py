"""An officer of the desk finds out whether a letter is true, point by point."""

from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.official_letters.models import CallBack, CallBackOutcome, LetterCase, Point, VerifiedPoint


def note_point(*, actor: Actor, public_id: str, version: int, point: Point, note: str, at: datetime) -> VerifiedPoint:
    """
    Answer for one point of the checklist; PERSON is answered by `choose_recipient`.

    :raises Denied: as `policies.verifying.may_verify` says; `letter_changed`, `point_is_noted`,
        `point_needs_no_answer`, `order_not_attached`
    """
    raise NotImplementedError


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

    `is_namesake` says that whoever has an account under the same name is another person.

    :raises Denied: as `policies.verifying.may_verify` and `may_be_recipient` say; `letter_changed`
    """
    raise NotImplementedError


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
    raise NotImplementedError


def complete_verification(*, actor: Actor, public_id: str, version: int, at: datetime) -> LetterCase:
    """
    Say that everything was verified; another person then approves.

    :raises Denied: as `policies.verifying.may_complete` says; `letter_changed`
    """
    raise NotImplementedError
