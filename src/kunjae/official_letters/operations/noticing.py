"""The four parties are told of a letter before a new address may receive keys, each with a way to object (T-01)."""

from datetime import datetime

from kunjae.audit.change import Change
from kunjae.core.actor import Actor
from kunjae.official_letters.models import LetterCase, Notice


def judge_address(change: Change, case: LetterCase, *, at: datetime) -> None:
    """
    Find out whether the addresses are new, for the recipient as now known; a hold begins or falls away.

    Part of a change that holds the case locked: receipt, correction, the choice of the recipient.
    """
    raise NotImplementedError


def tell_parties(change: Change, case: LetterCase, *, at: datetime) -> list[Notice]:
    """Tell each party of the present version that was not told of it; part of a change that holds the case locked."""
    raise NotImplementedError


def note_told(*, actor: Actor, notice_id: int, how: str, at: datetime) -> Notice:
    """
    Note that an officer told a party otherwise, which no message reached; the hold runs from then.

    :raises Denied: as `policies.objecting.may_note_told` says; `told_how_missing`
    """
    raise NotImplementedError
