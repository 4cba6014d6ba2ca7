"""Where scans lie: outside the web root, under names of ours, the original and pictures drawn from it (T-26, ASVS 5.3).

The original is sealed by its digest and never shown; pages show the pictures, which hold nothing else of the file.
The worker draws them once the scan is kept (`drawing`): what a file makes a decoder do costs no request anything.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kunjae.core import identifiers
from kunjae.core.uploads import CheckedUpload, UploadKind, UploadRefused, safe_page
from kunjae.documents.models import StoredFile

_FOLDER = "scans"


@dataclass(frozen=True, slots=True)
class LaidDown:
    """A scan whose files are on the disk, and whose row is still to be written."""

    public_id: str
    upload: CheckedUpload


class NotDrawnYet(Exception):
    """The pictures of a scan are still being prepared."""


@contextmanager
def laid_down(upload: CheckedUpload) -> Iterator[LaidDown]:
    """
    Lay a scan down as it came; take it away again if the block does not end well.

    Put it around the change that keeps the scan, so that what is rolled back leaves no file.
    """
    scan = LaidDown(identifiers.public_id(), upload)
    name = default_storage.save(_original(scan.public_id, upload.kind), ContentFile(upload.data))
    try:
        yield scan
    except BaseException:
        default_storage.delete(name)
        raise


def draw_page(scan: StoredFile, data: bytes, number: int) -> bool:
    """
    Draw one page of a scan and lay its picture down, unless it lies there; pages count from 1.

    It takes two seconds of the processor at most.

    :returns: False if the page cannot be drawn within its limits
    """
    name = _page(scan.public_id, number)
    if default_storage.exists(name):
        return True
    try:
        picture = safe_page(data, UploadKind(scan.kind), number)
    except UploadRefused:
        return False
    saved = default_storage.save(name, ContentFile(picture))
    if saved != name:
        default_storage.delete(saved)  # Somebody else drew the same page meanwhile.
    return True


def rendered_pages(scan: StoredFile) -> list[bytes]:
    """
    Read the pictures of all pages of a scan, as PNG in their order; a page that cannot be drawn is left out.

    :raises NotDrawnYet: while the worker has not drawn them
    """
    if scan.drawn_at is None:
        raise NotDrawnYet
    pages = []
    for number in range(1, scan.pages_count + 1):
        with suppress(FileNotFoundError):
            pages.append(page_picture(scan.public_id, number))
    return pages


def page_picture(public_id: str, number: int) -> bytes:
    """
    Read the picture of one page of a scan, as PNG; pages count from 1.

    :raises FileNotFoundError: if there is no such page
    """
    with default_storage.open(_page(public_id, number)) as file:
        return file.read()


def original(public_id: str, kind: str) -> bytes:
    """
    Read a scan as it came, to compare it with its digest; it is never sent to a browser.

    :raises FileNotFoundError: if it is not there
    """
    with default_storage.open(_original(public_id, kind)) as file:
        return file.read()


def take_away(public_id: str, kind: str, pages_count: int) -> None:
    """Take a scan away that no row holds, with its pictures; what is not there does not matter."""
    names = [_original(public_id, kind), *(_page(public_id, number) for number in range(1, pages_count + 1))]
    for name in names:
        default_storage.delete(name)


def _original(public_id: str, kind: str) -> str:
    return f"{_FOLDER}/{public_id[:2]}/{public_id}.{kind}"


def _page(public_id: str, number: int) -> str:
    return f"{_FOLDER}/{public_id[:2]}/{public_id}-{number}.png"
