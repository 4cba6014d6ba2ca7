"""`kunjae doctor`: does this installation work?"""

import dataclasses
import json

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from kunjae.site import health


class Command(BaseCommand):
    help = "Check settings, database, clock, mail, keys and queue; exit code 1 if one of them fails."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a program that reads it")

    def handle(self, *, json: bool, **options: object) -> None:
        findings = health.examine(at=timezone.now())
        self.stdout.write(_as_json(findings) if json else _as_lines(findings))
        if any(finding.state == health.FAILED for finding in findings):
            raise SystemExit(1)


def _as_json(findings: list[health.Finding]) -> str:
    return json.dumps({"findings": [dataclasses.asdict(finding) for finding in findings]}, ensure_ascii=False)


def _as_lines(findings: list[health.Finding]) -> str:
    return "\n".join(f"{finding.state:8} {finding.check:9} {finding.sentence}" for finding in findings)
