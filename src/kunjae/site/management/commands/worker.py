"""`kunjae worker`: sends what waits to be sent."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from kunjae.messaging.operations import take_up_stranded


class Command(BaseCommand):
    help = "Do the work that waits in the queue: mail, SMS and what else follows a change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="do what waits now, then end")
        parser.add_argument("--interval", type=float, default=1, help="seconds between looks (default: %(default)s)")

    def handle(self, *, batch: bool, interval: float, verbosity: int, **options: object) -> None:
        take_up_stranded(at=timezone.now())
        call_command(
            "db_worker",
            queue_name="*",
            batch=batch,
            interval=interval,
            reload=False,
            startup_delay=False,
            verbosity=verbosity,
        )
