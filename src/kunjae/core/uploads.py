"""Scans that people send: only PDF, JPEG and PNG, told by their content, and never shown as they came (T-26).

What opens the content runs in a process of its own (`upload_sandbox`) with little memory, little time and none of
our secrets: a decoder that crashes or loops there harms nobody, and PDFium is not safe between threads.
"""

import hashlib
import json
import math
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePath

from kunjae.core.unacceptable import Unacceptable

MEBIBYTE = 1024 * 1024
UPLOAD_SIZE_MAX = 10 * MEBIBYTE

_SANDBOX = Path(__file__).with_name("upload_sandbox.py")
_CHECK_SECONDS_MAX = 1.5
_DRAW_SECONDS_MAX = 2.0
_READ_SECONDS_MAX = 2.0
#: A busy machine may take this many times longer by the clock on the wall than by that of the processor.
_WALL_FACTOR = 5
#: The sandbox watches the clock itself; this is for one that cannot.
_GRACE_SECONDS = 1.0
_TIME_IS_UP = {-signal.SIGPROF, -signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL}


class UploadRefused(Unacceptable):
    """The file cannot be taken, for one named reason."""


class UploadKind(StrEnum):
    """What a file is by its content."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """The type under which the file is sent."""
        return "application/pdf" if self is UploadKind.PDF else f"image/{self.value}"

    @property
    def extension(self) -> str:
        """The ending of the names that we give to such files, without a dot."""
        return "jpg" if self is UploadKind.JPEG else self.value


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file that passed `check_upload`. The name it came under is not kept: it is the sender's word only."""

    kind: UploadKind
    page_count: int
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The digest under which the original is sealed, in 64 hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


_SIGNATURES = {b"%PDF-": UploadKind.PDF, b"\xff\xd8\xff": UploadKind.JPEG, b"\x89PNG\r\n\x1a\n": UploadKind.PNG}
_EXTENSIONS = {
    "pdf": UploadKind.PDF,
    "jpg": UploadKind.JPEG, "jpeg": UploadKind.JPEG, "jpe": UploadKind.JPEG, "jfif": UploadKind.JPEG,
    "png": UploadKind.PNG,
}  # fmt: skip
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})


def sniff(data: bytes) -> UploadKind:
    """Return what the file is by its first bytes, whatever its name says.

    :raises UploadRefused: `upload_wrong_type`, or `upload_heic` for a photograph as iPhones keep it
    """
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            return kind
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise UploadRefused("upload_heic")
    raise UploadRefused("upload_wrong_type")


def check_upload(data: bytes, *, filename: str, size_max: int = UPLOAD_SIZE_MAX) -> CheckedUpload:
    """Accept a scan, or say why not; it takes two seconds of the processor at most.

    :raises UploadRefused: `upload_empty`, `upload_too_large`, `upload_wrong_type`, `upload_heic`,
        `upload_extension`, `upload_truncated`, `upload_unreadable`, `upload_encrypted`, `upload_active_content`,
        `upload_two_kinds`, `upload_too_many_pages`, `upload_too_many_pixels`, `upload_too_complex`
    """
    if not data:
        raise UploadRefused("upload_empty")
    refuse_too_large(len(data), size_max=size_max)
    kind = sniff(data)
    if _EXTENSIONS.get(PurePath(filename).suffix.lstrip(".").lower()) is not kind:
        raise UploadRefused("upload_extension", extension=kind.extension)
    answer = json.loads(_run("check", data, kind, seconds_max=_CHECK_SECONDS_MAX))
    if "refused" in answer:
        raise UploadRefused(answer["refused"], **answer["facts"])
    return CheckedUpload(kind=kind, page_count=answer["page_count"], data=data)


def refuse_too_large(size: int, *, size_max: int = UPLOAD_SIZE_MAX) -> None:
    """Refuse a file by its size in bytes, before it is read.

    :raises UploadRefused: `upload_too_large`, with `size` and `size_max` in MB
    """
    if size > size_max:
        raise UploadRefused("upload_too_large", size=_mebibytes(size), size_max=_mebibytes(size_max))


def safe_page(data: bytes, kind: UploadKind, number: int) -> bytes:
    """
    Return one page as a freshly drawn PNG picture, 1,754 pixels long at most, without anything else of the file.

    It takes two seconds of the processor at most. Pages count from 1; a photograph is turned upright.

    :raises UploadRefused: `upload_unreadable`, also for a page that is not there, or `upload_too_complex`
    """
    return _run("draw", data, kind, seconds_max=_DRAW_SECONDS_MAX, page=number)


def read_codes(upload: CheckedUpload) -> list[str]:
    """
    Return the texts of the QR codes on the first pages of a scan, in their order.

    It takes two seconds of the processor at most. A scan that cannot be read within them gives none: a code is a help,
    and paper without one is looked at by a person.
    """
    try:
        answer = _run("read", upload.data, upload.kind, seconds_max=_READ_SECONDS_MAX)
    except UploadRefused:
        return []
    return [str(text) for text in json.loads(answer)]


def _run(task: str, data: bytes, kind: UploadKind, *, seconds_max: float, page: int = 1) -> bytes:
    wall_seconds_max = seconds_max * _WALL_FACTOR
    options = [task, kind.value, str(seconds_max), str(wall_seconds_max), str(page)]
    try:
        done = subprocess.run(  # noqa: S603 our own script, and no argument from outside
            [sys.executable, "-I", str(_SANDBOX), *options],
            input=data, capture_output=True, env={}, timeout=wall_seconds_max + _GRACE_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as too_slow:
        raise UploadRefused("upload_too_complex") from too_slow
    if done.returncode in _TIME_IS_UP:
        raise UploadRefused("upload_too_complex")
    if done.returncode != 0:
        raise UploadRefused("upload_unreadable")
    return done.stdout


def _mebibytes(size: int) -> str:
    # Rounded up: a file a little too large is never said to be of the size allowed.
    return f"{math.ceil(size * 10 / MEBIBYTE) / 10:.1f}".removesuffix(".0")
