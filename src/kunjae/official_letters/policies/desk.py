"""Who sits at the department's desk; whoever does may read every case, and only he may move one (L-11)."""

from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.organisations.models import Desk
from kunjae.organisations.queries import posting_of


def at_department_desk(actor: Actor, *, at: datetime) -> Verdict:
    """Test if the actor, as a person with an account, is posted to the department's desk on that day."""
    posting = posting_of(actor.person_id, on=thai_day(at)) if actor.is_person else None
    return ALLOWED if posting and posting.desk == Desk.DEPARTMENT else Verdict("only_department_desk")
