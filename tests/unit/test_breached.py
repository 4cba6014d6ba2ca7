"""The operator's list of leaked passwords: read in both formats, kept small, quick to ask, sealed."""

import hashlib
import stat
import time

import pytest

from kunjae.identity import breached
from kunjae.identity.breached import Unsealed, digests_in, load_filter, path_of, sha_1, verify, write_filter


def upper(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def test_digests_in_reads_the_known_format_and_plain_words(tmp_path):
    file = tmp_path / "list"
    file.write_bytes(
        f"{upper('violin')}:52\r\n{upper('kettle').lower()}\n".encode()
        + "otter\nกู้ภัย7\n\n".encode()
        + b"x" * 5000
        + b"\n\xff\xfe\n"
    )

    digests = list(digests_in(file))

    assert digests[:4] == [sha_1("violin"), sha_1("kettle"), sha_1("otter"), sha_1("กู้ภัย7")]
    assert len(digests) == 5


def test_filter_finds_each_entry_and_takes_few_others(tmp_path):
    file = tmp_path / "list"
    file.write_text("".join(f"leaked{number}\n" for number in range(20_000)), encoding="utf-8")

    counted = write_filter(file, tmp_path)
    found = load_filter(counted.digest, tmp_path)

    assert counted.entries == 20_000
    assert all(sha_1(f"leaked{number}") in found for number in range(20_000))
    assert sum(sha_1(f"unheard{number}") in found for number in range(50_000)) <= 10
    assert stat.S_IMODE(counted.path.stat().st_mode) == 0o600
    assert b"leaked" not in counted.path.read_bytes()


def test_filter_of_a_million_entries_takes_three_megabytes_at_most(tmp_path):
    # The size follows from the count alone; taking them in is measured by the benchmark of the project.
    empty = breached.Bloom(1_000_000, breached.FALSE_POSITIVE_RATE, hash_func=breached.place_of_digest)

    assert len(empty.save_bytes()) <= 3_000_000


def test_filter_answers_in_a_millisecond(tmp_path):
    file = tmp_path / "list"
    file.write_text("".join(f"leaked{number}\n" for number in range(20_000)), encoding="utf-8")
    found = load_filter(write_filter(file, tmp_path).digest, tmp_path)

    began = time.perf_counter()
    for number in range(1000):
        _ = sha_1(f"leaked{number}") in found

    assert (time.perf_counter() - began) / 1000 < 0.001


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_filter_of_nothing_is_refused(tmp_path, content):
    file = tmp_path / "list"
    file.write_bytes(content)

    with pytest.raises(ValueError):
        write_filter(file, tmp_path)


def test_filter_that_was_changed_or_lost_is_not_used(tmp_path):
    file = tmp_path / "list"
    file.write_text("otter\nkettle\n", encoding="utf-8")
    digest = write_filter(file, tmp_path).digest
    verify(digest, tmp_path)

    path = path_of(digest, tmp_path)
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(Unsealed):
        load_filter(digest, tmp_path)
    path.unlink()
    with pytest.raises(Unsealed):
        verify(digest, tmp_path)
