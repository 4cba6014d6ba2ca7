"""How much memory the C library keeps for threads that have hashed."""

import os
import sys

_CHOICES = {
    # One place from which all threads take memory: in places of their own each thread that ever hashed keeps 19 MiB.
    "MALLOC_ARENA_MAX": "1",
    # What a hash gave back is kept for the next one. To take it from the kernel anew, page by page, costs half as much
    # again as the hash. Larger than one hash: it is taken there and not mapped by itself.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(256 * 1024 * 1024),
}


def share_between_threads() -> None:
    """
    Begin this program anew, in its own process, with the choices above.

    glibc reads them only when a program begins; other C libraries do not know them. An operator's own choice of any of
    them stands, and then he has chosen all.
    """
    if not _CHOICES.keys() & os.environ.keys():
        os.environ.update(_CHOICES)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 (itself)
