"""`kunjae adopt-password-policy`: put a password policy that the package ships into force."""

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from kunjae.core.actor import system
from kunjae.core.clock import thai_day
from kunjae.identity import operations
from kunjae.identity.password_profiles import SHIPPED


class Command(BaseCommand):
    help = "Adopt a password policy from today (a second run changes nothing)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", default="letter-2562", choices=sorted(SHIPPED))

    def handle(self, *, code: str, **options: object) -> None:
        now = timezone.now()
        edition = operations.adopt_password_policy(
            actor=system("adopt-password-policy"), profile=SHIPPED[code], effective_date=thai_day(now), at=now
        )
        self.stdout.write(
            f"Password policy {edition.code} {edition.version} is in force from {edition.effective_date}."
        )
