"""Whether the database is as the code expects it; in the embedded mode, make it so."""

import fcntl
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kunjae.site.environment import EMBEDDED


def unapplied_migrations() -> list[str]:
    """
    Return the names of migrations that the database has not seen, in their order.

    :raises OperationalError: if the database cannot be reached
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def make_ready() -> None:
    """
    See that the database can be worked with: embedded creates and migrates, production only looks.

    :raises CommandError: if production's database lacks migrations
    """
    settings.KUNJAE_DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.KUNJAE_UPLOADS.mkdir(mode=0o700, exist_ok=True)
    if settings.KUNJAE_MODE == EMBEDDED:
        _migrate(settings.KUNJAE_DATA)
        return
    missing = unapplied_migrations()
    if missing:
        raise CommandError(
            f"The database lacks {len(missing)} migrations; run `kunjae migrate` once, then start again."
        )


def _migrate(data: Path) -> None:
    # Server and worker may start in the same second: the second waits, and finds nothing left to do.
    with (data / "migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if unapplied_migrations():
            call_command("migrate", verbosity=0, interactive=False)
    connection.close()
