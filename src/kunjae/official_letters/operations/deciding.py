"""Another person decides on a verified letter: the keys are issued, or the letter goes back with a reason."""

from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.official_letters.models import LetterCase


def approve(*, actor: Actor, public_id: str, version: int, user_id: str, at: datetime) -> LetterCase:
    """
    Approve the version that was read, and issue the keys in the same transaction.

    `user_id` is for a recipient without an account; it is not looked at for one who has one. Of two
    approvals at once one wins, the other is told `letter_already_decided` (T-10).

    :raises Denied: as `policies.deciding.may_approve` says; `letter_changed`, `letter_user_id_missing`,
        `user_id_taken`
    """
    raise NotImplementedError


def return_for_correction(*, actor: Actor, public_id: str, version: int, note: str, at: datetime) -> LetterCase:
    """
    Send a letter back to be corrected; its number may be used once more.

    :raises Denied: as `policies.deciding.may_send_back` says; `letter_changed`, `letter_reason_missing`
    """
    raise NotImplementedError


def refuse(*, actor: Actor, public_id: str, version: int, note: str, at: datetime) -> LetterCase:
    """
    Refuse a letter for good; its number stays used.

    :raises Denied: as `policies.deciding.may_send_back` says; `letter_changed`, `letter_reason_missing`
    """
    raise NotImplementedError
