"""Who may receive, correct and prove a letter, and which letter may stand at all (T-01, T-07)."""

from datetime import date, datetime

from kunjae.core.actor import Actor
from kunjae.core.verdict import Verdict
from kunjae.official_letters.content import LetterContent
from kunjae.official_letters.models import LetterCase
from kunjae.organisations.models import LocalAuthority


def may_receive(actor: Actor, authority: LocalAuthority, *, at: datetime) -> Verdict:
    """Test if the actor may enter a letter of an authority: at the desk, and no party to it."""
    raise NotImplementedError


def may_stand(
    authority: LocalAuthority,
    content: LetterContent,
    *,
    letter_number: str,
    letter_date: date,
    received_number: str,
    received_date: date,
    at: datetime,
    except_id: int | None = None,
) -> Verdict:
    """Test if a letter with these numbers, days and names may stand in the register."""
    raise NotImplementedError


def may_correct(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may correct a case, attach its order or take it."""
    raise NotImplementedError


def may_send_proofs(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may send what proves the addresses, or take a code on the telephone."""
    raise NotImplementedError
