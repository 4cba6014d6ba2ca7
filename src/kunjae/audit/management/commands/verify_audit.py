"""`kunjae verify-audit`: is the record whole and unaltered?"""

import json as json_format
import re
import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kunjae.audit import chain
from kunjae.core import clock
from kunjae.core.numerals import to_ascii_digits

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_THAI = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
#: No event is older than this century, and no year of the common era will be mistaken for one of the Buddhist era.
_FIRST_BE_YEAR = 2400


class Command(BaseCommand):
    help = "Recompute every seal of the record; exit code 1 if a row was altered, removed or added."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            metavar="DATE",
            help="only events from this day on, as 2026-01-05 or, in the Buddhist era, 5/1/2569",
        )
        parser.add_argument("--json", action="store_true", help="for a program that reads it")

    def handle(self, *, since: str | None, json: bool, **options: object) -> None:
        day = None if since is None else _day(since)
        began = time.perf_counter()
        finding = chain.verify(since=None if day is None else clock.start_of_thai_day(day))
        seconds = time.perf_counter() - began
        report = _as_json(finding, day, seconds) if json else _as_lines(finding, day, seconds)
        self.stdout.write(report)
        if finding.faults:
            raise SystemExit(1)


def _day(text: str) -> date:
    typed = to_ascii_digits(text).strip()
    try:
        if match := _ISO.fullmatch(typed):
            year, month, day = map(int, match.groups())
            return date(year - clock.BE_OFFSET if year >= _FIRST_BE_YEAR else year, month, day)
        if match := _THAI.fullmatch(typed):
            day, month, year = map(int, match.groups())
            if year < _FIRST_BE_YEAR:
                raise CommandError(f"In {typed} the year must be of the Buddhist era: {day}/{month}/{year + 543}.")
            return date(year - clock.BE_OFFSET, month, day)
    except ValueError:
        raise CommandError(f"There is no day {typed} in the calendar.") from None
    raise CommandError("Write the day as 2026-01-05 or, in the Buddhist era, as 5/1/2569.")


def _as_lines(finding: chain.Finding, day: date | None, seconds: float) -> str:
    rate = f"{finding.events / seconds:,.0f}" if seconds else "–"
    since = f" since {day.isoformat()}" if day else ""
    lines = [f"{finding.events:,} events{since} in {finding.chains:,} chains, {seconds:.1f} s, {rate} events/s"]
    lines += [f"{fault.chain}, {_place(fault)}: {fault.what}" for fault in finding.faults]
    lines.append(_verdict(finding))
    return "\n".join(lines)


def _place(fault: chain.Fault) -> str:
    return f"event {fault.sequence} (row {fault.row})" if fault.row is not None else f"event {fault.sequence} (no row)"


def _verdict(finding: chain.Finding) -> str:
    if not finding.faults:
        return "The record is whole."
    count = len(finding.faults)
    return f"The record is not whole: {count} {'chains have' if count > 1 else 'chain has'} a fault, the first of each is named."


def _as_json(finding: chain.Finding, day: date | None, seconds: float) -> str:
    report: dict[str, Any] = {
        "events": finding.events,
        "chains": finding.chains,
        "since": day.isoformat() if day else None,
        "seconds": round(seconds, 3),
        "events_per_second": round(finding.events / seconds) if seconds else None,
        "faults": [
            {"chain": fault.chain, "number": fault.sequence, "row": fault.row, "what": fault.what}
            for fault in finding.faults
        ],
    }
    return json_format.dumps(report)
