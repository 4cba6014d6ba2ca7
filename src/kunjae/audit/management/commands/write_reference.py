"""`kunjae write-reference`: the generated pages about events and reasons."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kunjae.audit.reference import PAGES


class Command(BaseCommand):
    help = "Write docs/reference/events.md and reasons.md from the catalogues."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path("docs/reference"), help="default: %(default)s")
        parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if a page is stale")

    def handle(self, *, folder: Path, check: bool, **options: object) -> None:
        stale = [name for name, draw in PAGES.items() if _text_of(folder / name) != draw()]
        if check:
            if stale:
                raise CommandError(f"{', '.join(stale)} in {folder} no longer says what the code does: make reference.")
            return
        for name in stale:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(PAGES[name](), encoding="utf-8")
            self.stdout.write(f"wrote {folder / name}")


def _text_of(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None
