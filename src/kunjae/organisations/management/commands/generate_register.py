"""`kunjae generate-register`: a register of the nation's shape, for machines without the real file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kunjae.organisations.register import generator


class Command(BaseCommand):
    help = "Write a made-up national register (CSV) of the real one's shape, for demos and benchmarks."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; it must not exist yet")
        parser.add_argument("--seed", type=int, default=generator.SEED, help="another number makes other names")

    def handle(self, *, file: Path, seed: int, **options: Any) -> None:
        register = generator.national_register(seed=seed)
        try:
            with file.open("xb") as stream:
                stream.write(register)
        except FileExistsError as fault:
            raise CommandError(f"{file} exists already. Name another file, or remove it first.") from fault
        except OSError as fault:
            raise CommandError(f"{file} cannot be written: {fault.strerror}. Name another place.") from fault
        authorities_count = register.count(b"\n") - 1
        self.stdout.write(f"{authorities_count:,} made-up authorities were written to {file}")
