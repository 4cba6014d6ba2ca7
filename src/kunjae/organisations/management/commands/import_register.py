"""`kunjae import-register`: bring the authorities on record to what a file says."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kunjae.core import reasons
from kunjae.core.actor import system
from kunjae.core.unacceptable import Unacceptable
from kunjae.organisations import operations
from kunjae.organisations.operations import Entry, Outcome
from kunjae.organisations.register.reading import SIZE_MAX_MB, UTF_8

_SHOWN_MAX = 20


class Command(BaseCommand):
    help = "Import the national register of local authorities from a CSV file, all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the register, in UTF-8 or TIS-620")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
        parser.add_argument("--json", action="store_true", help="for a program that reads it")
        parser.add_argument("--language", choices=("en", "th"), default="en", help="of what is said (default: en)")

    def handle(self, *, file: Path, dry_run: bool, json: bool, language: str, **options: Any) -> None:
        with translation.override(language):
            try:
                outcome = operations.import_register(
                    actor=system("import-register"),
                    file=_content(file),
                    at=timezone.now(),
                    dry_run=dry_run,
                    progress=self._say_progress,
                )
            except Unacceptable as refused:
                sentence = reasons.sentence(refused.reason, refused.facts)
                if json:
                    self._say_json({"refused": refused.reason, **refused.facts, "sentence": sentence})
                raise CommandError(sentence) from refused
            if json:
                self._say_json(dataclasses.asdict(outcome))
            else:
                self.stdout.write("\n".join(_lines(outcome)))

    def _say_progress(self, done: int, total: int) -> None:
        # Beside the answer, which a program may read.
        self.stderr.write(_("%(done)s of %(total)s authorities written") % {"done": f"{done:,}", "total": f"{total:,}"})

    def _say_json(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            # One byte more than is taken tells that there is too much.
            return stream.read(SIZE_MAX_MB * 1024 * 1024 + 1)
    except OSError as fault:
        raise CommandError(
            _("%(file)s cannot be read. Look at its name and its permissions.") % {"file": file}
        ) from fault


def _lines(outcome: Outcome) -> list[str]:
    numbers = {"added": outcome.added, "changed": outcome.changed, "unchanged": outcome.unchanged}
    rows = ngettext(
        "%(rows)s authority: %(added)s new, %(changed)s changed, %(unchanged)s unchanged",
        "%(rows)s authorities: %(added)s new, %(changed)s changed, %(unchanged)s unchanged",
        outcome.rows,
    )
    lines = [rows % {"rows": f"{outcome.rows:,}", **{name: f"{number:,}" for name, number in numbers.items()}}]
    if outcome.encoding != UTF_8:
        lines.append(_("The file is in %(encoding)s; it was accepted so.") % {"encoding": outcome.encoding})
    lines += _listed([f"  {entry.code} {entry.name} ← {entry.former}" for entry in outcome.changes])
    if outcome.missing:
        missing = ngettext(
            "%(count)s authority on record is not in the file and stays as it is:",
            "%(count)s authorities on record are not in the file and stay as they are:",
            len(outcome.missing),
        )
        lines += [missing % {"count": f"{len(outcome.missing):,}"}, *_listed([_missing(e) for e in outcome.missing])]
    if outcome.dry_run:
        lines.append(_("Nothing was written: this was a dry run."))
    return lines


def _missing(entry: Entry) -> str:
    return f"  {entry.code} {entry.name}"


def _listed(lines: list[str]) -> list[str]:
    if len(lines) <= _SHOWN_MAX:
        return lines
    more = _("  and %(count)s more, which --json lists") % {"count": f"{len(lines) - _SHOWN_MAX:,}"}
    return [*lines[:_SHOWN_MAX], more]
