"""`kunjae import-breached FILE`: refuse passwords that are known to have leaked."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kunjae.core.actor import system
from kunjae.identity import operations


class Command(BaseCommand):
    help = "Import a list of leaked passwords: SHA-1 lines, with or without :COUNT, or plain words."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="one entry a line; nothing of it is kept in readable form")
        parser.add_argument("--source", default="", help="where the list is from, for the record (default: its name)")

    def handle(self, *, file: Path, source: str, **options: Any) -> None:
        try:
            imported = operations.import_breached(
                actor=system("import-breached"), file=file, source=source or file.name, at=timezone.now()
            )
        except ValueError as fault:
            raise CommandError(f"{file.name} was not imported: {fault}.") from fault
        self.stdout.write(
            f"{imported.entries} entries are in use. A backup of the data folder holds the list; "
            "kunjae doctor tells if it is missing."
        )
