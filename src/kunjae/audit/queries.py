"""Reads of the record. Rights are known above: the caller asks for what its reader may see."""

from dataclasses import dataclass

from django.db.models import Q

from kunjae.audit.models import AuditEvent, chain_of

EVENTS_A_PAGE = 50
TIMELINE_EVENTS_MAX = 500


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, newest first; `before` asks for the next, older page, and is None at the end."""

    events: list[AuditEvent]
    before: int | None


def events_of(
    organisation_id: int | None,
    *,
    case: str | None = None,
    person_id: int | None = None,
    name: str | None = None,
    before: int | None = None,
    limit: int = EVENTS_A_PAGE,
) -> EventPage:
    """
    Read one page of an authority's record, or of the nation's (`organisation_id=None`), newest first.

    `case` and `name` are compared as they are stored; `person_id` finds what a person did and what was done about
    the person; `before` is the number from which on nothing is shown, as the page before gave it.
    """
    events = AuditEvent.objects.filter(chain=chain_of(organisation_id))
    if case is not None:
        events = events.filter(case=case)
    if person_id is not None:
        events = events.filter(Q(subject_person_id=person_id) | Q(actor_person_id=person_id))
    if name is not None:
        events = events.filter(name=name)
    if before is not None:
        events = events.filter(sequence__lt=before)
    found = list(events.order_by("-sequence")[: limit + 1])
    shown = found[:limit]
    return EventPage(shown, shown[-1].sequence if len(found) > limit else None)


def timeline(organisation_id: int | None, case: str) -> list[AuditEvent]:
    """Read what happened in one case, oldest first."""
    events = AuditEvent.objects.filter(chain=chain_of(organisation_id), case=case).order_by("-sequence")
    return list(reversed(events[:TIMELINE_EVENTS_MAX]))
