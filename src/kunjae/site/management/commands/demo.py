"""`kunjae demo`: what `make run` starts."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from io import StringIO
from types import FrameType

from django.conf import settings
from django.core.management import call_command
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
        self.stdout.write("Seeding the demo (once; a second start finds it done) …")
        self.stdout.flush()
        cast = StringIO()
        call_command("seed_demo", stdout=cast)
        connections.close_all()
        farewell = f"\nKunjae is at {settings.KUNJAE_BASE_URL}/ (Ctrl-C stops it)"
        sys.exit(_run_together(port, lambda: self._say(cast.getvalue() + farewell)))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _run_together(port: int, when_it_answers: Callable[[], None]) -> int:
    """Run server and worker until one ends or somebody stops us; then end both. Returns the exit code."""
    stopped: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    children = [_start("serve", "--port", str(port)), _start("worker")]
    has_answered = False
    while not stopped and all(child.poll() is None for child in children):
        if not has_answered and _answers(port):
            has_answered = True
            when_it_answers()
        time.sleep(0.2)
    codes = [child.returncode for child in children if child.returncode is not None]
    _end(children)
    return 0 if stopped else (codes[0] or 1)


def _start(*words: str) -> "subprocess.Popen[bytes]":
    # The console belongs to the cast: what goes well is not logged to it.
    variables = {"KUNJAE_LOG_LEVEL": "WARNING", **os.environ}
    # In a session of its own, so that Ctrl-C reaches it once: through us.
    return subprocess.Popen(
        [sys.executable, "-m", "kunjae.site.cli", *words],
        env=variables,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _end(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + SECONDS_TO_END
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
