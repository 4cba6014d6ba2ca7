"""`kunjae adopt-password-policy`: put the first password policy into force; the department decides on later ones."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kunjae.core.actor import system
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.identity import operations
from kunjae.identity.password_profiles import SHIPPED


class Command(BaseCommand):
    help = "Put the first password policy into force from today (a second run changes nothing)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", default="letter-2562", choices=sorted(SHIPPED))

    def handle(self, *, code: str, **options: object) -> None:
        now = timezone.now()
        try:
            edition = operations.adopt_password_policy(
                actor=system("adopt-password-policy"), profile=SHIPPED[code], effective_date=thai_day(now), at=now
            )
        except Denied as denied:
            raise CommandError(
                "A password policy holds already: another is decided by two persons of the department, on its page."
            ) from denied
        self.stdout.write(
            f"Password policy {edition.code} {edition.version} is in force from {edition.effective_date}."
        )
