"""Who may approve, return or refuse a letter (T-07): never who verified it, in whatever account."""

from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.core.verdict import Verdict
from kunjae.official_letters.models import LetterCase


def may_approve(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may approve a verified case and so issue the keys; the version is asked by the operation."""
    raise NotImplementedError


def may_send_back(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may return a case for correction or refuse it."""
    raise NotImplementedError


def may_reissue(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may issue the activation of an issued case anew."""
    raise NotImplementedError


def may_print_head_slip(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may print the second code of an issued case's activation on a slip."""
    raise NotImplementedError
