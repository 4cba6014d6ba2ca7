"""What follows the issue: a new activation, a slip, the announcement, and the clearing away of drafts."""

from dataclasses import dataclass
from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.identity.models import Activation, Subject
from kunjae.official_letters.models import LetterCase


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed once. `code` is the second secret; the first one stays with the mailbox."""

    case: LetterCase
    subject: Subject
    activation: Activation
    code: str
    ends_at: datetime


def reissue(*, actor: Actor, public_id: str, at: datetime) -> LetterCase:
    """
    Issue the activation of an issued case anew, to the same addresses; the older link is dead (T-02).

    :raises Denied: as `policies.deciding.may_reissue` says
    """
    raise NotImplementedError


def print_head_slip(*, actor: Actor, public_id: str, at: datetime) -> Slip:
    """
    Make the second code of a head's activation anew and give it out on paper, this once.

    :raises Denied: as `policies.deciding.may_print_head_slip` says
    """
    raise NotImplementedError


def follow_up(*, actor: Actor, at: datetime) -> int:
    """
    Tell all parties, once per case, that the keys came into use; remove abandoned drafts.

    :returns: how many activations were announced
    """
    raise NotImplementedError
