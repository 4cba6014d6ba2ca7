"""A record of many events with true seals: as if each had been appended by the one way of writing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from kunjae.audit.chain import BEGINNING, instant_text, seal_of
from kunjae.audit.change import canonical_json
from kunjae.audit.models import AuditEvent, ChainHead, chain_of
from kunjae.identity.models import SubjectState
from tools.bench.bulk import Load
from tools.bench.population import HISTORY_DAYS, Account, Nation, Town

LOOKED_AT_SHARE, NATION_SHARE = 500, 50
"""One event in so many lies in the chain of each authority looked at, and in the nation's own."""

_MOMENTS = 50_000
"""So many different instants the history has."""


@dataclass(slots=True)
class _Chain:
    name: str
    sequence: int
    seal: str
    events: Iterator[tuple]
    length: int


def write_history(nation: Nation, events: int, *, at: datetime) -> int:
    """Append so many events to the chains of the nation, interleaved as in life; returns how many."""
    load = Load()
    heads = {head.chain: (head.sequence, head.seal) for head in ChainHead.objects.all()}
    chains = _chains(nation, events, heads)
    writer = _Writer(load)
    began, span = at - timedelta(days=HISTORY_DAYS), timedelta(days=HISTORY_DAYS)
    # The events of each chain are spread over the whole time, so the chains lie in each other on the disk.
    places = sorted(
        (number * _MOMENTS // chain.length, index)
        for index, chain in enumerate(chains)
        for number in range(chain.length)
    )
    for moment, together in groupby(places, key=itemgetter(0)):
        writer.write([chains[index] for _moment, index in together], began + span * (moment / _MOMENTS))
    written = writer.finish()
    _set_heads(load, chains)
    load.close()
    return written


def _chain(
    organisation_id: int | None, heads: dict[str, tuple[int, str]], events: Iterator[tuple], length: int
) -> _Chain:
    name = chain_of(organisation_id)
    sequence, seal = heads.get(name, (0, BEGINNING))
    return _Chain(name, sequence, seal, events, length)


def _chains(nation: Nation, events: int, heads: dict[str, tuple[int, str]]) -> list[_Chain]:
    special = events // LOOKED_AT_SHARE
    others = events - special * len(nation.looked_at) - events // NATION_SHARE
    each, more = divmod(others, len(nation.others))
    lengths = [special] * len(nation.looked_at)
    lengths += [each + (1 if number < more else 0) for number in range(len(nation.others))]
    chains = [
        _chain(town.authority_id, heads, _town_events(town), length)
        for town, length in zip(nation.towns, lengths, strict=True)
        if length
    ]
    chains.append(_chain(None, heads, _visits(nation.desk), events // NATION_SHARE))
    return chains


class _Writer:
    """Seals events at the ends of their chains and hands them to COPY."""

    def __init__(self, load: Load) -> None:
        self._load = load
        rows = load.of(AuditEvent)
        self._table, self._next = rows.table, rows.last + 1
        self._columns = (
            "id", "chain", "sequence", "at", "name", "actor", "actor_person_id", "address", "target",
            "subject_person_id", "case", "facts_json", "seal",
        )  # fmt: skip
        self._lines: list[str] = []
        self._first = self._next

    def write(self, chains: list[_Chain], instant: datetime) -> None:
        """Append the next event to each of these chains, all at one instant."""
        at = instant_text(instant)
        add, number = self._lines.append, self._next
        for chain in chains:
            name, actor, actor_person, target, person, case, facts = next(chain.events)
            sequence = chain.sequence + 1
            seal = seal_of(
                chain.seal,
                (chain.name, sequence, at, name, actor, actor_person, "127.0.0.1", target, person, case, facts),
            )
            add(
                f"{number}\t{chain.name}\t{sequence}\t{at}+00\t{name}\t{actor}\t{actor_person}\t127.0.0.1\t{target}\t"
                f"{person}\t{case}\t{facts}\t{seal}"
            )
            chain.sequence, chain.seal = sequence, seal
            number += 1
        self._next = number
        if len(self._lines) >= 50_000:
            self._copy()

    def _copy(self) -> None:
        self._load.copy(self._table, self._columns, self._lines)
        self._lines.clear()

    def finish(self) -> int:
        """Write the rest; returns how many events were written."""
        self._copy()
        return self._next - self._first


def _set_heads(load: Load, chains: list[_Chain]) -> None:
    """Note the new end of each chain."""
    ends = [ChainHead(chain=chain.name, sequence=chain.sequence, seal=chain.seal) for chain in chains]
    ChainHead.objects.bulk_create(
        ends, batch_size=5000, update_conflicts=True, unique_fields=["chain"], update_fields=["sequence", "seal"]
    )


# --- What happened ----------------------------------------------------------------------------------------------


def _town_events(town: Town) -> Iterator[tuple]:
    """Tell first what waits, then how each account was opened, then visit after visit for ever."""
    head = town.accounts[0]
    for _public_id, case, account in town.waiting:
        who, request = account or head, "access_requests.accessrequest:1"
        yield _event("access_request.drafted", who, request, who, case=case, person=who.name)
        yield _event("access_request.submitted", who, request, who, case=case, person=who.name, way_in="signed_in")
    for account in town.accounts:
        if account.case:
            yield from _opening(head, account)
    visits = [_visits(account) for account in town.accounts if account.state == SubjectState.ACTIVE]
    while True:
        for visit in visits:
            yield next(visit)


def _opening(head: Account, account: Account) -> Iterator[tuple]:
    target, person, case = f"identity.subject:{account.subject_id}", account.name, account.case
    granted = ["เจ้าหน้าที่การเงิน"]
    yield _event("access_request.submitted", account, target, account, case=case, person=person, way_in="invitation")
    yield _event(
        "access_request.approved", head, target, account, case=case, person=person, asked=granted, granted=granted
    )
    yield _event("subject.opened", head, target, account, case=case, person=person, username=account.username)
    yield _event("grant.given", head, target, account, case=case, person=person, group="finance_officer", basis="order")


def _visits(account: Account) -> Iterator[tuple]:
    """Sign in and out, for ever."""
    target = f"identity.session:{account.subject_id}"
    began = _event("session.started", account, target, account, username=account.username)
    ended = _event("session.ended", account, target, account, username=account.username, reason="signed_out")
    while True:
        yield began
        yield ended


def _event(name: str, who: Account, target: str, whom: Account, *, case: str = "", **facts: object) -> tuple:
    return name, who.username, who.person_id, target, whom.person_id, case, canonical_json(facts)
