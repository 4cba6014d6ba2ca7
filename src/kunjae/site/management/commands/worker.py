"""`kunjae worker`: does what waits in the queue, and what the clock asks for."""

from contextlib import nullcontext

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from kunjae.site import rounds


class Command(BaseCommand):
    help = "Do the work that waits in the queue: mail, SMS, pictures of scans; end sessions past their time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="do what waits now, then end")
        parser.add_argument("--interval", type=float, default=1, help="seconds between looks (default: %(default)s)")

    def handle(self, *, batch: bool, interval: float, verbosity: int, **options: object) -> None:
        rounds.make([*rounds.AT_THE_START, *rounds.ROUNDS], at=timezone.now())
        with nullcontext() if batch else rounds.going_on():
            call_command(
                "db_worker",
                queue_name="*",
                batch=batch,
                interval=interval,
                reload=False,
                startup_delay=False,
                verbosity=verbosity,
            )
