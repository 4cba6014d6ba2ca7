"""How a request is spoken of on its pages: where it stands, what happened to it, what comes next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kunjae.access_requests.models import AccessRequest, RequestState
from kunjae.audit.models import AuditEvent
from kunjae.audit.sentences import NamesOf, lines
from kunjae.core.clock import thai_day
from kunjae.identity.models import SubjectState
from kunjae.organisations.queries import names_of_persons

#: After so many days a request that waits is marked: an officer without rights cannot work.
DUE_AFTER_DAYS = 3

TAG_OF_STATE = {
    RequestState.DRAFT: "wait",
    RequestState.SUBMITTED: "wait",
    RequestState.WITHDRAWN: "over",
    RequestState.APPROVED: "ok",
    RequestState.REFUSED: "stop",
    RequestState.SELF_SERVED: "ok",
}

#: Events that the case page shows otherwise, or that only the auditor asks for.
_NOT_TOLD = frozenset({"document.issued", "message.sent", "message.failed", "person.registered", "scan.kept"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands, as a tag."""

    kind: str
    text: str


def standing_of(request: AccessRequest, *, at: datetime) -> Standing:
    """Say where a request stands; of one that waits, for how many days."""
    state = RequestState(request.state)
    if state is not RequestState.SUBMITTED or request.submitted_at is None:
        return Standing(TAG_OF_STATE[state], str(state.label))
    days = (thai_day(at) - thai_day(request.submitted_at)).days
    if days < 1:
        return Standing(TAG_OF_STATE[state], str(state.label))
    text = ngettext("Waiting for %(days)s day", "Waiting for %(days)s days", days) % {"days": days}
    return Standing("due" if days >= DUE_AFTER_DAYS else "wait", text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One knot of the timeline."""

    text: str
    at: datetime | None = None
    state: str = "done"
    when: str = ""


def timeline_of(request: AccessRequest, events: Collection[AuditEvent], *, language: str) -> list[Entry]:
    """Tell a case from its record, who did it at the end of each sentence; then what it waits for."""
    told = [event for event in events if event.name not in _NOT_TOLD]
    return [
        *(
            Entry(_told_by(line.text, line.actor) if _is_another(line.event) else line.text, line.at)
            for line in lines(told, language=language, names_of=_names_beside(request))
        ),
        *_to_come(request),
    ]


def _names_beside(request: AccessRequest) -> NamesOf:
    known: dict[int, str] = {request.applicant_id: request.applicant.full_name}
    for person in (request.decided_by, request.keyed_by):
        if person is not None:
            known[person.pk] = person.full_name

    def names_of(ids: Collection[int]) -> Mapping[int, str]:
        unknown = set(ids) - known.keys()
        return known | (names_of_persons(unknown) if unknown else {})

    return names_of


def _is_another(event: AuditEvent) -> bool:
    """Tell whether somebody else than the person spoken of acted, and a human being did."""
    return event.actor_person_id is not None and event.actor_person_id != event.subject_person_id


def _told_by(sentence: str, name: str) -> str:
    return _("%(sentence)s, by %(name)s") % {"sentence": sentence, "name": name}


def _to_come(request: AccessRequest) -> list[Entry]:
    if request.state == RequestState.SUBMITTED:
        office = request.authority.finance_head_title_th
        return [
            Entry(_("Waits for the opinion of the %(office)s") % {"office": office}, state="now", when=_("Now")),
            Entry(_("The applicant is told the result"), state="next", when=_("Next")),
        ]
    if request.state == RequestState.APPROVED and _is_pending(request):
        return [Entry(_("Waits for the user to set a password"), state="now", when=_("Now"))]
    return []


def _is_pending(request: AccessRequest) -> bool:
    return request.opened_subject is not None and request.opened_subject.state == SubjectState.PENDING
