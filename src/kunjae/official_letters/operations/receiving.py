"""A signed letter comes in at the department's desk, is corrected there, gets its order and its owner (L-11)."""

from dataclasses import dataclass
from datetime import date, datetime

from kunjae.core.actor import Actor
from kunjae.documents.storage import LaidDown
from kunjae.official_letters.content import LetterContent
from kunjae.official_letters.models import LetterCase, WayIn
from kunjae.organisations.models import LocalAuthority


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
    raise NotImplementedError


def correct(*, actor: Actor, public_id: str, content: LetterContent, version: int, at: datetime) -> LetterCase:
    """
    Correct what was keyed: a new version, of which every point is open again.

    Proofs and notices stand as long as what they are about did not change; a new address begins its hold anew.
    A content that changes nothing leaves the case as it is.

    :raises Denied: as `policies.receiving.may_correct` and `may_stand` say; `letter_changed`
    """
    raise NotImplementedError


def attach_order(*, actor: Actor, public_id: str, scan: LaidDown, at: datetime) -> LetterCase:
    """
    Attach the order that appoints the recipient, in place of an earlier one (A1-19).

    :raises Denied: as `policies.receiving.may_correct` says
    """
    raise NotImplementedError


def take(*, actor: Actor, public_id: str, at: datetime) -> LetterCase:
    """
    Make the actor the one who sees to the case; it passes from hand to hand freely.

    :raises Denied: as `policies.receiving.may_correct` says
    """
    raise NotImplementedError
