"""The first page of the department's desk: which letters wait for whom, and where nobody is in charge."""

from datetime import datetime
from typing import Any

from django.db.models import Count

from kunjae.core.actor import Actor
from kunjae.official_letters import queue, wording
from kunjae.organisations.models import LocalAuthority
from kunjae.organisations.queries import contact_changes_that_wait
from kunjae.oversight.queries import states
from kunjae.oversight.queries.states import HeadState

SHOWN = 8
#: In the order in which they ask for a hand.
_UNHEADED = (HeadState.VACANT, HeadState.SUSPENDED, HeadState.PENDING, HeadState.NEVER)


def for_department(actor: Actor, *, at: datetime) -> dict[str, Any]:
    """Gather what the desk's home shows: figures that lead to lists, the next letters, vacancies."""
    waiting = queue.queue(queue.Asked(), person_id=actor.person_id or 0, page=1, at=at)
    heads = _heads()
    return {
        "figures": queue.figures(at=at),
        "letters": [
            {
                "case": case,
                "reasons": wording.reasons_of(case),
                "standing": wording.standing_of(case),
                "term": wording.term_of(case, at=at),
            }
            for case in waiting.cases[:SHOWN]
        ],
        "has_more": waiting.has_next or len(waiting.cases) > SHOWN,
        "objected": list(queue.open_objections_to_issued()[:SHOWN]),
        "contact_changes": contact_changes_that_wait().count(),
        "total": heads["total"],
        "heads": [(state.value, state.label, heads[state.value]) for state in _UNHEADED],
    }


def _heads() -> dict[str, int]:
    """Count the authorities of the nation by who heads them, and all of them as `total`; each state is found once."""
    found = states.with_state(LocalAuthority.objects.filter(closed_date=None))
    counted = dict(found.order_by().values_list("head_state").annotate(count=Count("pk")))
    return {state.value: 0 for state in _UNHEADED} | counted | {"total": sum(counted.values())}
