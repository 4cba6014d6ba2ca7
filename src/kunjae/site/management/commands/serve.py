"""`kunjae serve`: the web server."""

import socket

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from granian import Granian
from granian.constants import Interfaces

from kunjae.site import environment


class Command(BaseCommand):
    help = "Serve the pages; settings come from the environment."

    def add_arguments(self, parser: CommandParser) -> None:
        chosen = environment.read()
        parser.add_argument("--host", default=chosen.host, help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=chosen.port, help="port to listen on (default: %(default)s)")
        parser.add_argument("--workers", type=int, default=chosen.workers, help="processes (default: %(default)s)")
        parser.add_argument(
            "--threads", type=int, default=chosen.threads, help="threads in each process (default: %(default)s)"
        )

    def handle(self, *, host: str, port: int, workers: int, threads: int, **options: object) -> None:
        _refuse_a_demo_for_everybody(host)
        _refuse_a_port_in_use(host, port)
        # A forked or inherited connection serves nobody: each worker opens its own.
        connections.close_all()
        if connection.vendor == "postgresql":
            connection.close_pool()  # a pool's threads do not survive the fork: each worker opens its own
        server = Granian(
            "kunjae.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_dictconfig=settings.LOGGING,
        )
        server.serve()


def _refuse_a_demo_for_everybody(host: str) -> None:
    """The embedded mode shows every secret that was sent on a page: it is for this machine alone."""
    if settings.KUNJAE_MODE == environment.PRODUCTION or host in ("localhost", "::1") or host.startswith("127."):
        return
    raise CommandError(
        "The embedded mode serves this machine alone (KUNJAE_HOST=127.0.0.1): its mailbox shows the secrets that were "
        "sent. For others use KUNJAE_MODE=production."
    )


def _refuse_a_port_in_use(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            reason = fault.strerror or "not possible"
            raise CommandError(f"Cannot listen on {host}, port {port}: {reason}; choose another with PORT.") from fault
