"""
Seal and verify the chains of the record (D13; T-11).

The seal of an event is SHA-256 over the seal before it and the event's own stored values, joined
by the unit separator U+001F, which no stored value may contain. The first event of a chain is
sealed to a fixed word. Whoever can read the table can check it with any SHA-256 tool.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.db import connection, transaction

BEGINNING = "kunjae"
_SEPARATOR = "\x1f"

# --- Sealing ----------------------------------------------------------------------------------------------------


class UnsealableText(ValueError):
    """A value holds the separator of the seal, so two different events could look alike."""


def instant_text(at: datetime) -> str:
    """Write an instant in UTC to the microsecond, as the seal sees it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00")


def seal_of(before: str, values: tuple[object, ...]) -> str:
    """
    Compute the seal over the values (chain … facts, in table order) and the seal before.

    :raises UnsealableText: if a value holds U+001F
    """
    parts = ["" if value is None else str(value) for value in values]
    if any(_SEPARATOR in part for part in parts):
        raise UnsealableText
    return sha256(_SEPARATOR.join([before, *parts]).encode()).hexdigest()


# --- Verifying --------------------------------------------------------------------------------------------------

ALTERED = "altered"
"""The row's values do not fit its seal, or its seal the one before it."""
MISSING = "missing"
"""The row is not there, although a later one is."""
CUT = "tail cut"
"""The rows from this one on are not there, although the chain's recorded end names one of them."""
END_ALTERED = "end altered"
"""The chain's last row is not the one that its recorded end names."""
ADDED = "added"
"""The row stands after the chain's recorded end: nobody appended it by the one way of writing."""

_ROWS_AT_A_TIME = 5000
#: The values as `seal_of` joined them, beginning with a separator, written by the database.
_SEALED_TEXT = """
    {separator} || e.chain || {separator} || e.sequence || {separator} || {at} || {separator} || e.name
    || {separator} || e.actor || {separator} || coalesce(cast(e.actor_person_id AS text), '')
    || {separator} || e.address || {separator} || e.target
    || {separator} || coalesce(cast(e.subject_person_id AS text), '')
    || {separator} || e."case" || {separator} || e.facts_json
"""
_SEPARATORS_COUNT = 11
_DIALECTS = {
    "postgresql": {"separator": "chr(31)", "at": """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""},
    # Django keeps instants as text in UTC there, without a fraction that is zero.
    "sqlite": {
        "separator": "char(31)",
        "at": "replace(e.at, ' ', 'T') || CASE WHEN instr(e.at, '.') THEN '' ELSE '.000000' END",
    },
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing wrong in a chain: at which number, in which row of the table if there is one, and what."""

    chain: str
    sequence: int
    row: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a verification saw: events and chains counted, the first fault of each chain."""

    events: int
    chains: int
    faults: tuple[Fault, ...]


def verify(*, since: datetime | None = None, progress: Callable[[int], None] | None = None) -> Finding:
    """
    Recompute every seal, or of each chain those from its first event since an instant on, and compare the ends.

    With `since`, the seal before that first event is trusted. Events may be appended meanwhile: the recorded ends
    are read before the events, and those of chains that had grown by then once more after them. `progress` is told
    about every 100,000 events.
    """
    heads, faults = _recorded_ends()
    starts = None if since is None else _starts(since)
    scan = _Scan(starts)
    # Without a transaction PostgreSQL's server-side cursor would first copy everything.
    with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
        # As the rows lie on the disk, which is much faster than chain by chain …
        for events_count in scan.read(_rows("WHERE e.id >= %s ORDER BY e.id", starts.row if starts else 0)):
            if progress:
                progress(events_count)
        # … and chain by chain where something seemed amiss: it may only have lain in another order.
        for chain in scan.faults:
            again = _Scan(starts)
            deque(again.read(_rows("WHERE e.chain = %s ORDER BY e.sequence", chain)), maxlen=0)
            scan.ends.update(again.ends)
            faults.update(again.faults)
    for chain, fault in _rows_beyond(heads, scan.ends).items():
        faults.setdefault(chain, fault)
    return Finding(
        events=scan.events_count,
        chains=len(heads.keys() | scan.ends.keys() | scan.faults.keys()),
        faults=tuple(faults[chain] for chain in sorted(faults)),
    )


@dataclass(frozen=True, slots=True)
class _Starts:
    """Where a verification since an instant begins: in which row, and at which number behind which seal by chain."""

    row: int
    chains: dict[str, tuple[int, bytes]]


def _starts(since: datetime) -> _Starts:
    with connection.cursor() as cursor:
        # By number, not by instant: two operations at once may have been recorded in the other order.
        cursor.execute(
            "SELECT f.chain, f.sequence, f.row, e.seal FROM (SELECT chain, min(sequence) AS sequence, min(id) AS row "
            "FROM audit_auditevent WHERE at >= %s GROUP BY chain) f "
            "LEFT JOIN audit_auditevent e ON e.chain = f.chain AND e.sequence = f.sequence - 1",
            [connection.ops.adapt_datetimefield_value(since)],
        )
        found = cursor.fetchall()
    # Without the row before, the first one's seal cannot be right: the fault is then named there.
    chains = {chain: (sequence, (seal or BEGINNING).encode()) for chain, sequence, _row, seal in found}
    return _Starts(row=min((row for _chain, _sequence, row, _seal in found), default=0), chains=chains)


_BROKEN, _NOT_LOOKED_AT = (-1, b""), (-2, b"")


class _Scan:
    """One pass over events that keeps the first fault and the last good number of each chain."""

    def __init__(self, starts: _Starts | None) -> None:
        self.events_count = 0
        self.ends: dict[str, int] = {}
        self.faults: dict[str, Fault] = {}
        self._starts = starts.chains if starts else {}
        self._elsewhere = _NOT_LOOKED_AT if starts else (1, BEGINNING.encode())

    def read(self, batches: Iterable[list[tuple]]) -> Iterator[int]:
        """Read rows of chain, number, seal, row and sealed text; yield the count so far about every 100,000."""
        positions, elsewhere, ends = dict(self._starts), self._elsewhere, self.ends
        separator, told = _SEPARATOR.encode(), 0
        for rows in batches:
            for chain, sequence, seal, row, text in rows:
                expected, before = positions.get(chain, elsewhere)
                if sequence != expected:
                    if expected == _NOT_LOOKED_AT[0] or sequence < self._starts.get(chain, elsewhere)[0]:
                        self.events_count -= 1
                    elif expected != _BROKEN[0]:
                        positions[chain] = self._broken(Fault(chain, expected, None, MISSING))
                    continue
                sealed = before + text.encode()
                if sha256(sealed).hexdigest() != seal or sealed.count(separator) != _SEPARATORS_COUNT:
                    positions[chain] = self._broken(Fault(chain, sequence, row, ALTERED))
                    continue
                positions[chain] = (sequence + 1, seal.encode())
                ends[chain] = sequence
            self.events_count += len(rows)
            if self.events_count // 100_000 > told:
                told = self.events_count // 100_000
                yield self.events_count

    def _broken(self, fault: Fault) -> tuple[int, bytes]:
        self.faults[fault.chain] = fault
        return _BROKEN


def _rows(which: str, parameter: int | str) -> Iterator[list[tuple]]:
    text = _SEALED_TEXT.format(**_DIALECTS[connection.vendor])
    sql = f"SELECT e.chain, e.sequence, e.seal, e.id, {text} FROM audit_auditevent e {which}"  # noqa: S608 (all of it stands in this file)
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [parameter])
        while rows := cursor.fetchmany(_ROWS_AT_A_TIME):
            yield rows


def _recorded_ends() -> tuple[dict[str, int], dict[str, Fault]]:
    """Read the end that is recorded for each chain, and compare it with the row that it names."""
    heads: dict[str, int] = {}
    faults: dict[str, Fault] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.chain, h.sequence, h.seal, e.seal, e.id FROM audit_chainhead h "
            "LEFT JOIN audit_auditevent e ON e.chain = h.chain AND e.sequence = h.sequence"
        )
        for chain, sequence, recorded, seal, row in cursor.fetchall():
            heads[chain] = sequence
            if sequence and seal is None:
                faults[chain] = Fault(chain, _last_number(chain, below=sequence) + 1, None, CUT)
            elif sequence and seal != recorded:
                faults[chain] = Fault(chain, sequence, row, END_ALTERED)
    return heads, faults


def _last_number(chain: str, *, below: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(sequence), 0) FROM audit_auditevent WHERE chain = %s AND sequence < %s", [chain, below]
        )
        last: int = cursor.fetchone()[0]
    return last


def _rows_beyond(heads: dict[str, int], ends: dict[str, int]) -> dict[str, Fault]:
    """Find the chains whose last row lies beyond their recorded end, even now."""
    grown = [chain for chain, sequence in ends.items() if sequence > heads.get(chain, 0)]
    if not grown:
        return {}
    heads_now, _ = _recorded_ends()
    beyond = [chain for chain in grown if ends[chain] > heads_now.get(chain, 0)]
    return {chain: _first_beyond(chain, heads_now.get(chain, 0)) for chain in beyond}


def _first_beyond(chain: str, sequence: int) -> Fault:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM audit_auditevent WHERE chain = %s AND sequence = %s", [chain, sequence + 1])
        row = cursor.fetchone()
    return Fault(chain, sequence + 1, row[0] if row else None, ADDED)
