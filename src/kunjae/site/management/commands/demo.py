"""`kunjae demo`: what `make run` starts."""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from kunjae.site import environment

SECONDS_TO_END = 15


class Command(BaseCommand):
    help = "Seed the demo, start server and worker, and print how to sign in as each of the cast."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=environment.read().port)

    def handle(self, *, port: int, **options: object) -> None:
        if settings.KUNJAE_MODE != environment.EMBEDDED:
            raise CommandError("The demo exists in the embedded mode only; use `kunjae serve` and `kunjae worker`.")
        if "seed_demo" in get_commands():
            call_command("seed_demo", stdout=self.stdout)
        self.stdout.write(f"\nKunjae is at {settings.KUNJAE_BASE_URL}/ (Ctrl-C stops it)\n")
        self.stdout.flush()
        connections.close_all()
        sys.exit(_run_together([["serve", "--port", str(port)], ["worker"]]))


def _run_together(commands: list[list[str]]) -> int:
    """Run them until one ends or somebody stops us; then end the others. Returns the exit code."""
    stopped: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    children = [
        # In sessions of their own, so that Ctrl-C reaches them once: through us.
        subprocess.Popen([sys.executable, "-m", "kunjae.site.cli", *words], env=os.environ, start_new_session=True)
        for words in commands
    ]
    while not stopped and all(child.poll() is None for child in children):
        time.sleep(0.2)
    codes = [child.returncode for child in children if child.returncode is not None]
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + SECONDS_TO_END
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if stopped else (codes[0] or 1)
