"""
The catalogue of events: each name, the facts it must carry, and its sentence.

Stored names are plain strings; a retired name stays here, marked retired. Every floor adds its own
events in a module `events.py`, imported by its AppConfig. `make reference` writes the catalogue to
`docs/reference/events.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event: the sentence may name the facts in braces, and `{actor}`."""

    name: str
    sentence: Promise | str
    facts: frozenset[str]
    retired: bool = False


CATALOGUE: dict[str, EventKind] = {}
WORDS: dict[str, dict[str, Promise | str]] = {}
"""How a stored word is said, by fact, or by event and fact where a word means something else there."""


def declare(name: str, sentence: Promise | str, *facts: str, retired: bool = False) -> None:
    """
    Add one kind of event, `noun.past_participle`, with the facts it must carry.

    :raises ValueError: if the name is taken
    """
    if name in CATALOGUE:
        raise ValueError(f"the event {name} is declared twice")
    CATALOGUE[name] = EventKind(name, sentence, frozenset(facts), retired)


def declare_words(fact: str, words: Mapping[str, Promise | str]) -> None:
    """
    Say how the stored words of a fact appear in sentences: `channel`, or `session.ended.reason` for one event only.

    :raises ValueError: if one of them already has another wording
    """
    known = WORDS.setdefault(fact, {})
    for word, wording in words.items():
        if word in known and str(known[word]) != str(wording):
            raise ValueError(f"{fact} {word} is worded twice")
        known[word] = wording


def blanks_of(sentence: str) -> frozenset[str]:
    """List the facts that a sentence shows."""
    return frozenset(field for _, field, _, _ in Formatter().parse(sentence) if field)


declare("attempt.denied", _("An attempt was refused: {reason}"), "reason")
