"""
The operator's list of leaked passwords, kept as a bloom filter: which SHA-1 of a password is surely not in it.

A file of KUNJAE_DATA, named by its own digest and read once by each process. It holds no password and no hash: nothing
can be read back out of it. One password in 50,000 that never leaked is taken for one that did.
"""

import hashlib
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rbloom import Bloom

from kunjae.identity.password_policy import normalise

#: One in 50,000: 1,000,000 entries take 2.8 MB (22.5 bits an entry).
FALSE_POSITIVE_RATE = 1 / 50_000
ENTRIES_MAX = 50_000_000
LINE_LENGTH_MAX = 1024

_SHA_1_LINE = re.compile(rb"([0-9A-Fa-f]{40})(?::[0-9]+)?\s*")
_loading = threading.Lock()
_loaded: dict[str, Bloom] = {}


class Counted(NamedTuple):
    """A filter written to a file: how many lines went in, and the digest that seals it."""

    entries: int
    digest: str
    path: Path


class Unsealed(Exception):
    """The file of a list is missing, or is not the one that was imported."""


def place_of_digest(digest: bytes) -> int:
    """Turn a SHA-1 into the signed number of 128 bits that the filter takes for a hash."""
    return int.from_bytes(digest[:16], "big", signed=True)


def sha_1(password: str) -> bytes:
    """Hash as the known lists do; for looking up only, never to keep a password."""
    return hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()


def digests_in(file: Path) -> Iterator[bytes]:
    """
    Read the SHA-1 of each line: lines of the known format (`HEX` or `HEX:COUNT`) as they are, others as passwords.

    Empty lines are passed over, and so are lines longer than any password.
    """
    with file.open("rb") as stream:
        for line in stream:
            stripped = line.rstrip(b"\r\n")
            if found := _SHA_1_LINE.fullmatch(stripped):
                yield bytes.fromhex(found[1].decode())
            elif stripped and len(stripped) <= LINE_LENGTH_MAX:
                yield sha_1(normalise(stripped.decode("utf-8", "replace")))


def write_filter(file: Path, folder: Path) -> Counted:
    """
    Make a filter of a list and write it into a folder, readable by its owner alone, under the name of its digest.

    The list is read twice: once to be counted, once to be taken in.

    :raises ValueError: if it holds nothing, or more than 50 million entries
    """
    entries = sum(1 for _digest in digests_in(file))
    if not 1 <= entries <= ENTRIES_MAX:
        raise ValueError(f"a list holds 1 to {ENTRIES_MAX} entries, not {entries}")
    bloom = Bloom(entries, FALSE_POSITIVE_RATE, hash_func=place_of_digest)
    bloom.update(digests_in(file))
    data = bloom.save_bytes()
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest, folder)
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_bytes(data)
    draft.replace(path)
    return Counted(entries, digest, path)


def path_of(digest: str, folder: Path) -> Path:
    """Name the file of a list."""
    return folder / f"breached-{digest[:32]}.bloom"


def load_filter(digest: str, folder: Path) -> Bloom:
    """
    Read the list with this digest, once in each process.

    :raises Unsealed: if the file is missing or is another one
    """
    with _loading:
        if digest not in _loaded:
            data = _sealed(digest, folder)
            _loaded.clear()  # one list is in use at a time
            _loaded[digest] = Bloom.load_bytes(data, hash_func=place_of_digest)
        return _loaded[digest]


def verify(digest: str, folder: Path) -> None:
    """
    Read the file anew and compare it with its seal.

    :raises Unsealed: if the file is missing or is another one
    """
    _sealed(digest, folder)


def _sealed(digest: str, folder: Path) -> bytes:
    try:
        data = path_of(digest, folder).read_bytes()
    except OSError as fault:
        raise Unsealed("The file of the list of leaked passwords cannot be read.") from fault
    if hashlib.sha256(data).hexdigest() != digest:
        raise Unsealed("The file of the list of leaked passwords is not the one that was imported.")
    return data
