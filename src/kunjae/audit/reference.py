"""The pages of docs/reference/ that are drawn from the catalogues of events and of reasons."""

from collections.abc import Callable
from functools import partial

from django.utils import translation

from kunjae.audit.events import CATALOGUE
from kunjae.core import reasons

NOTE = "<!-- Drawn from the code by `make reference`; do not edit. -->"


def events_page() -> str:
    """Draw the table of every event: its name, its sentence in Thai and English, the facts it carries."""
    rows = []
    for name, kind in sorted(CATALOGUE.items()):
        thai, english = _in_both_languages(partial(str, kind.sentence))
        label = f"`{name}` (retired)" if kind.retired else f"`{name}`"
        rows.append(f"| {label} | {thai} | {english} | {', '.join(sorted(kind.facts)) or '–'} |")
    head = ["| Event | Thai | English | Facts |", "|---|---|---|---|"]
    return "\n".join([NOTE, "# Events of the record", "", *head, *rows, ""])


def reasons_page() -> str:
    """Draw the table of every reason for a refusal: its key and what the reader is told to do next."""
    rows = []
    for key in sorted(reasons.keys()):
        thai, english = _in_both_languages(partial(_with_blanks, key))
        rows.append(f"| `{key}` | {thai} | {english} |")
    head = ["| Reason | Thai | English |", "|---|---|---|"]
    return "\n".join([NOTE, "# Reasons for a refusal", "", *head, *rows, ""])


PAGES: dict[str, Callable[[], str]] = {"events.md": events_page, "reasons.md": reasons_page}


def _in_both_languages(say: Callable[[], str]) -> tuple[str, str]:
    with translation.override("th"):
        thai = say()
    with translation.override("en"):
        english = say()
    return thai, english


def _with_blanks(key: str) -> str:
    """Say a reason with its blanks in braces, as the events' sentences stand in the same folder."""
    blanks: dict[str, str] = {}
    while True:
        try:
            return reasons.sentence(key, blanks)
        except KeyError as missing:
            blanks[missing.args[0]] = f"{{{missing.args[0]}}}"
