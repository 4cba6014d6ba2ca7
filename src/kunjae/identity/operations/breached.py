"""The operator brings a list of leaked passwords; the last one counts (L-41, ASVS 6.2.12)."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from kunjae.audit.change import state_change
from kunjae.core import text
from kunjae.core.actor import Actor
from kunjae.identity import breached
from kunjae.identity.models import BreachedList

SOURCE_LENGTH_MAX = 200


def import_breached(*, actor: Actor, file: Path, source: str, at: datetime) -> BreachedList:
    """
    Import a list of leaked passwords from a file; the former list is not used any more.

    :raises ValueError: if the file holds nothing, or too much
    :raises OSError: if it cannot be read, or the filter cannot be written
    """
    folder = settings.KUNJAE_DATA
    counted = breached.write_filter(file, folder)
    with state_change(actor=actor, at=at) as change:
        imported = BreachedList.objects.create(
            digest=counted.digest,
            entries=counted.entries,
            source=text.clean_line(source, length_max=SOURCE_LENGTH_MAX),
            imported_at=at,
        )
        change.record(
            "breached_list.imported",
            imported,
            organisation_id=None,
            entries=counted.entries,
            source=imported.source,
            digest=counted.digest,
        )
        transaction.on_commit(lambda: _remove_others(counted.path, folder))
    return imported


def _remove_others(path: Path, folder: Path) -> None:
    for other in folder.glob("breached-*.bloom"):
        if other != path:
            with suppress(OSError):
                other.unlink()
