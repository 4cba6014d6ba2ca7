"""How much memory the C library keeps for threads that have hashed."""

import os
import sys

_PLACES = "MALLOC_ARENA_MAX"


def share_between_threads() -> None:
    """
    Begin this program anew, in its own process, with one place from which all its threads take memory.

    glibc otherwise gives threads places of their own and keeps in each the 19 MiB of a password's hash: a worker
    of four threads held 190 MB where 130 do. It reads the choice only when a program begins; other C libraries
    do not know it. An operator's own choice stands.
    """
    if _PLACES not in os.environ:
        os.environ[_PLACES] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 (itself)
