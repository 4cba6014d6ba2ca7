"""The checklist that cannot be skipped, and who may answer its points (A1-12 … A1-19, T-01)."""

from dataclasses import dataclass
from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.core.verdict import Verdict
from kunjae.official_letters.models import LetterCase


@dataclass(frozen=True, slots=True)
class Item:
    """
    One point of the checklist of a case, about its present version.

    `point` is a value of `Point`, or one of `number`, `record`, `call`, `email`, `mobile`, `notices`,
    which the system finds out by itself; `verdict` says why it is not met, with what to do next.
    """

    point: str
    verdict: Verdict

    @property
    def is_met(self) -> bool:
        """Tell whether nothing is missing here."""
        return bool(self.verdict)

    @property
    def sentence(self) -> str:
        """Say in the reader's language what was found, or what is missing and what to do next."""
        raise NotImplementedError


def checklist(case: LetterCase, at: datetime) -> list[Item]:
    """List every point of the checklist in the order of work; page and operation ask this one."""
    raise NotImplementedError


def may_verify(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may answer points of a case: at the desk, the case received, and he no party to it."""
    raise NotImplementedError


def may_complete(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may say that everything is verified: as `may_verify`, and no point is missing."""
    raise NotImplementedError
