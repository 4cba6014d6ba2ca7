"""Where scans lie: outside the web root, under names of ours, the original and pictures drawn from it (T-26, ASVS 5.3).

The original is sealed by its digest and never shown; pages show the pictures, which hold nothing else of the file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kunjae.core import identifiers
from kunjae.core.uploads import CheckedUpload, safe_rendering

_FOLDER = "scans"


@dataclass(frozen=True, slots=True)
class LaidDown:
    """A scan whose files are on the disk, and whose row is still to be written."""

    public_id: str
    upload: CheckedUpload


@contextmanager
def laid_down(upload: CheckedUpload) -> Iterator[LaidDown]:
    """
    Lay a scan and the pictures of its pages down; take them away again if the block does not end well.

    Put it around the change that keeps the scan, so that what is rolled back leaves no file.

    :raises Unacceptable: if the scan cannot be drawn
    """
    scan = LaidDown(identifiers.public_id(), upload)
    contents = {_original(scan.public_id, upload.kind): upload.data}
    for number, picture in enumerate(safe_rendering(upload.data, upload.kind), start=1):
        contents[_page(scan.public_id, number)] = picture
    saved: list[str] = []
    try:
        for name, data in contents.items():
            saved.append(default_storage.save(name, ContentFile(data)))
        yield scan
    except BaseException:
        for name in saved:
            default_storage.delete(name)
        raise


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


def _original(public_id: str, kind: str) -> str:
    return f"{_FOLDER}/{public_id[:2]}/{public_id}.{kind}"


def _page(public_id: str, number: int) -> str:
    return f"{_FOLDER}/{public_id[:2]}/{public_id}-{number}.png"
