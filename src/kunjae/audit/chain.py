"""
Seal and verify the chains of the record (D13; T-11).

The seal of an event is SHA-256 over the seal before it and the event's own stored values, joined
by the unit separator U+001F, which no stored value may contain. The first event of a chain is
sealed to a fixed word. Whoever can read the table can check it with any SHA-256 tool.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.db import connection

BEGINNING = "kunjae"
_SEPARATOR = "\x1f"
_COLUMNS = (
    "chain, sequence, at, name, actor, actor_person_id, address, target, subject_person_id, "
    '"case", facts_json, seal, id'
)


class UnsealableText(ValueError):
    """A value holds the separator of the seal, so two different events could look alike."""


def instant_text(at: datetime) -> str:
    """Write an instant in UTC to the microsecond, as the seal sees it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def seal_of(before: str, values: tuple[object, ...]) -> str:
    """
    Compute the seal over the values (chain … facts, in table order) and the seal before.

    :raises UnsealableText: if a value holds U+001F
    """
    parts = ["" if value is None else str(value) for value in values]
    if any(_SEPARATOR in part for part in parts):
        raise UnsealableText
    return sha256(_SEPARATOR.join([before, *parts]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing wrong in a chain."""

    chain: str
    sequence: int
    row: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a verification saw: events counted, chains counted, faults found."""

    events: int
    chains: int
    faults: tuple[Fault, ...]


def _rows(since: datetime | None) -> Iterator[tuple]:
    where, params = ("", [])
    if since is not None:
        where, params = (" WHERE at >= %s", [since])
    sql = f"SELECT {_COLUMNS} FROM audit_auditevent{where} ORDER BY chain, sequence"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(5000):
            yield from rows


def _as_utc_text(at: datetime | str) -> str:
    if isinstance(at, str):  # SQLite hands out the text it holds, in UTC
        text = at.replace(" ", "T").removesuffix("+00:00")
        return text if "." in text else text + ".000000"
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"


def verify(*, since: datetime | None = None, progress=None) -> Finding:
    """
    Recompute every seal, or those of events since an instant, and compare the ends of the chains.

    With `since`, the first event of each chain is taken as the anchor: its own seal is trusted.

    :returns: what was seen; `faults` holds the first fault of each chain
    """
    faults: list[Fault] = []
    ends: dict[str, tuple[int, str]] = {}
    chain = before = ""
    expected = events = 0
    broken = False
    digest, join, separator = sha256, _SEPARATOR.join, _SEPARATOR
    for row in _rows(since):
        events += 1
        if progress and events % 100_000 == 0:
            progress(events)
        if row[0] != chain:
            chain, broken = row[0], False
            before, expected = (BEGINNING, 1) if since is None else ("", row[1])
        elif broken:
            continue
        sequence, seal = row[1], row[11]
        if sequence != expected:
            faults.append(Fault(chain, expected, None, "missing"))
            broken = True
            continue
        if before:
            at = row[2]
            parts = [
                before, chain, str(sequence), _as_utc_text(at), row[3], row[4],
                "" if row[5] is None else str(row[5]), row[6], row[7],
                "" if row[8] is None else str(row[8]), row[9], row[10],
            ]  # fmt: skip
            text = join(parts)
            if digest(text.encode()).hexdigest() != seal or text.count(separator) != 11:
                faults.append(Fault(chain, sequence, row[12], "altered"))
                broken = True
                continue
        before, expected = seal, sequence + 1
        ends[chain] = (sequence, seal)
    faults.extend(_faults_at_the_ends(ends, {fault.chain for fault in faults}, whole=since is None))
    return Finding(events=events, chains=len(ends), faults=tuple(faults))


def _faults_at_the_ends(ends: dict[str, tuple[int, str]], known: set[str], *, whole: bool) -> Iterator[Fault]:
    """Compare the last event of each chain with its recorded head: a cut tail shows here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain, sequence, seal FROM audit_chainhead ORDER BY chain")
        heads = {chain: (sequence, seal) for chain, sequence, seal in cursor.fetchall()}
    for chain, (sequence, seal) in heads.items():
        if chain in known or (not whole and chain not in ends):
            continue
        if ends.get(chain) != (sequence, seal):
            yield Fault(chain, sequence, None, "end")
    for chain, (sequence, _) in ends.items():
        if chain not in heads and chain not in known:
            yield Fault(chain, sequence, None, "end")
