"""Who may object to a letter, tell a party, and resolve an objection (T-01)."""

from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.core.verdict import Verdict
from kunjae.official_letters.models import LetterCase, Notice, Objection


def may_object_by(notice: Notice | None, *, at: datetime) -> Verdict:
    """Test if a link of objection can still be used; the page that shows it asks the same."""
    raise NotImplementedError


def may_take_down(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may take down an objection that somebody made to the desk."""
    raise NotImplementedError


def may_note_told(actor: Actor, notice: Notice, *, at: datetime) -> Verdict:
    """Test if the actor may note that a party was told otherwise."""
    raise NotImplementedError


def may_resolve(actor: Actor, objection: Objection, *, at: datetime) -> Verdict:
    """Test if the actor may resolve an objection: at the desk, and he neither received nor verified the letter."""
    raise NotImplementedError
