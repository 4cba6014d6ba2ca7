"""How a letter is spoken of at the desk: where it stands, how long it has left, what happened to it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kunjae.audit.models import AuditEvent
from kunjae.audit.sentences import lines
from kunjae.core.clock import thai_day
from kunjae.core.working_days import one_working_day_after
from kunjae.official_letters.content import LetterContent, content_of, other_reason_th
from kunjae.official_letters.models import CaseState, LeavingKind, LetterCase, LetterFacts
from kunjae.organisations.queries import names_of_persons

TAG_OF_STATE = {
    CaseState.RECEIVED: "wait",
    CaseState.VERIFIED: "wait",
    CaseState.FROZEN: "stop",
    CaseState.ISSUED: "ok",
    CaseState.RETURNED: "over",
    CaseState.REFUSED: "stop",
}

#: In a table, where the whole sentence of a state would not stand in a line.
SHORT_STATE: dict[CaseState, str | Promise] = {
    CaseState.RECEIVED: gettext_lazy("Being verified"),
    CaseState.VERIFIED: gettext_lazy("Waits for approval"),
    CaseState.FROZEN: gettext_lazy("Frozen"),
    CaseState.ISSUED: gettext_lazy("Issued"),
    CaseState.RETURNED: gettext_lazy("Returned"),
    CaseState.REFUSED: gettext_lazy("Refused"),
}

#: Events that the case page shows otherwise, or that only the auditor asks for.
_NOT_TOLD = ("message.", "scan.", "document.", "person.", "session.", "attempt.")
_HOUR = timedelta(hours=1)
_DUE_WHEN_LEFT = timedelta(hours=4)
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something stands, as a tag."""

    kind: str
    text: str


def standing_of(case: LetterCase) -> Standing:
    """Say where a letter stands, in one or two words."""
    state = CaseState(case.state)
    return Standing(TAG_OF_STATE[state], str(SHORT_STATE[state]))


def term_of(case: LetterCase, *, at: datetime) -> Standing | None:
    """
    Say how long a letter has left of its one working day, or how late it is.

    The clock begins when nothing is missing any more, and stands while somebody objects; of a letter that is
    decided there is nothing to say.
    """
    if case.state == CaseState.FROZEN:
        return Standing("over", _("The clock stands"))
    if case.state not in (CaseState.RECEIVED, CaseState.VERIFIED):
        return None
    if case.complete_at is None:
        return Standing("over", _("Not complete yet"))
    due = one_working_day_after(case.complete_at)
    if at > due:
        return Standing("stop", _("Late by %(time)s") % {"time": _time(at - due)})
    kind = "due" if due - at < _DUE_WHEN_LEFT else "wait"
    return Standing(kind, _("%(time)s left") % {"time": _time(due - at)})


def _time(span: timedelta) -> str:
    hours = max(1, round(span / _HOUR))
    if hours < 2 * _HOURS_A_DAY:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = hours // _HOURS_A_DAY
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def age_of(case: LetterCase, *, at: datetime) -> str:
    """Say how old a letter is since it was received."""
    days = (thai_day(at) - thai_day(case.received_at)).days
    if days < 1:
        return _("today")
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def reasons_of(facts: LetterFacts) -> str:
    """Say the reasons of a letter in its own words, short enough for a table."""
    said = []
    if facts.is_lost:
        said.append("สูญหาย")
    if facts.head_has_left:
        said.append(str(LeavingKind(facts.leaving_kind).label) if facts.leaving_kind else "โอน/ย้าย/ลาออก")
    if facts.is_unusable:
        said.append("ใช้งานไม่ได้")
    content: LetterContent = content_of(facts)
    if other := other_reason_th(content):
        said.append(other)
    return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Entry:
    """One knot of the timeline."""

    text: str
    at: datetime | None = None
    state: str = "done"
    when: str = ""


def timeline_of(case: LetterCase, events: Collection[AuditEvent], *, language: str) -> list[Entry]:
    """Tell a case from its record, who did it at the end of each sentence; then what it waits for."""
    told = [event for event in events if not event.name.startswith(_NOT_TOLD)]
    entries = [
        Entry(
            _("%(sentence)s, by %(name)s") % {"sentence": line.text, "name": line.actor}
            if line.event.actor_person_id is not None
            else line.text,
            line.at,
        )
        for line in lines(told, language=language, names_of=names_of_persons)
    ]
    waits = {
        CaseState.RECEIVED: _("Waits until everything is verified"),
        CaseState.VERIFIED: _("Waits for the approval of another person"),
        CaseState.FROZEN: _("Waits until the objection is resolved"),
    }.get(CaseState(case.state))
    return [*entries, Entry(waits, state="now", when=_("Now"))] if waits else entries
