"""Say what the record holds: each event as a sentence in the reader's language."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from kunjae.audit.events import CATALOGUE, WORDS
from kunjae.audit.models import AuditEvent
from kunjae.core import clock, reasons

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})")
_UNKNOWN = "…"

NamesOf = Callable[[Collection[int]], Mapping[int, str]]
"""Gives the names of persons by their ids: a query of the floor above, which knows persons."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event as a page shows it. `at`, `text` and `state` are what a timeline takes."""

    event: AuditEvent
    at: datetime
    text: str
    actor: str
    state: str = "done"


def lines(events: Iterable[AuditEvent], *, language: str, names_of: NamesOf | None = None) -> list[Line]:
    """Word the events of a page; the names of all its actors are asked for at once."""
    events = list(events)
    person_ids = {event.actor_person_id for event in events if event.actor_person_id is not None}
    names = names_of(person_ids) if names_of and person_ids else {}
    return [
        Line(event, event.at, sentence(event, language, names=names), actor_name(event, language, names=names))
        for event in events
    ]


def sentence(event: AuditEvent, language: str, *, names: Mapping[int, str] | None = None) -> str:
    """Say one event. A fact that it lacks stands as an ellipsis; an unknown event is named by its name."""
    kind = CATALOGUE.get(event.name)
    if kind is None:
        return event.name
    with translation.override(language):
        facts = _facts_of(event)
        blanks = _Blanks({fact: _wording(event.name, fact, facts[fact], facts, language) for fact in facts})
        blanks["actor"] = actor_name(event, language, names=names)
        return str(kind.sentence).format_map(blanks)


def actor_name(event: AuditEvent, language: str, *, names: Mapping[int, str] | None = None) -> str:
    """Name who acted: the person if the name is known, else the job, the visitor or the user id."""
    known = (names or {}).get(event.actor_person_id) if event.actor_person_id is not None else None
    if known:
        return known
    with translation.override(language):
        role, _, _ = event.actor.partition(":")
        if role == "system":
            return gettext("The system")
        if role == "visitor":
            return gettext("Somebody not signed in")
    return event.actor


def in_words(value: Any, language: str) -> Any:
    """Word a day or an instant, given as ISO text, in the Buddhist era; everything else stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        if _DAY.fullmatch(value):
            return clock.long_date(date.fromisoformat(value), language)
        if _INSTANT.fullmatch(value):
            return clock.long_datetime(datetime.fromisoformat(value), language)
    except ValueError:
        pass
    return value


class _Blanks(dict[str, Any]):
    def __missing__(self, fact: str) -> str:
        return _UNKNOWN


def _facts_of(event: AuditEvent) -> dict[str, Any]:
    """Read the facts; a row that somebody spoilt must not take the page with it, `verify-audit` names it."""
    try:
        facts = event.facts
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _wording(name: str, fact: str, value: Any, facts: Mapping[str, Any], language: str) -> str:
    if isinstance(value, list):
        return ", ".join(_wording(name, fact, item, facts, language) for item in value) or "–"
    if value is None or value == "":
        return "–"
    for words in (WORDS.get(f"{name}.{fact}", {}), WORDS.get(fact, {})):
        if str(value) in words:
            return str(words[str(value)])
    if fact == "reason" and value in reasons.keys():  # noqa: SIM118 (a function)
        return _reason(value, facts.get("reason_facts") or {})
    return str(in_words(value, language))


def _reason(key: str, facts: Mapping[str, Any]) -> str:
    """Say a refusal, with an ellipsis for each fact that was not kept."""
    known = dict(facts)
    while True:
        try:
            return reasons.sentence(key, known)
        except KeyError as missing:
            known[missing.args[0]] = _UNKNOWN
