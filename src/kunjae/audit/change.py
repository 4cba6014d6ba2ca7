"""The one way in which this system changes its state."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from django.db import connection, models, transaction

from kunjae.audit import chain
from kunjae.audit.events import CATALOGUE
from kunjae.audit.models import AuditEvent, ChainHead, chain_of
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.core.written_once import Blank, Question, insert

_open: ContextVar["Change | None"] = ContextVar("open_change", default=None)


class UnrecordedChange(Exception):
    """An operation ended without saying what it did."""


class WriteOutsideOperation(Exception):
    """A row was written by something that is not an operation."""


class UnknownEvent(Exception):
    """An event that is not in the catalogue, or that lacks a fact of its sentence."""


@dataclass
class Change:
    """One open change: collects what will be recorded when it commits, and the rows that are written with the record."""

    actor: Actor
    at: datetime
    events: list[AuditEvent] = field(default_factory=list)
    rows: list[models.Model] = field(default_factory=list)

    def insert_at_end(self, *rows: models.Model) -> None:
        """Write new rows together with the record, when the change ends: no sooner have they a key, or are found."""
        self.rows.extend(rows)

    def record(
        self,
        name: str,
        target: models.Model | None = None,
        /,
        *,
        organisation_id: int | None,
        subject_person_id: int | None = None,
        case: str = "",
        **facts: Any,
    ) -> None:
        """
        Record one event in the chain of an authority, or of the nation (`organisation_id=None`).

        `facts` are short words, numbers, days and instants that the event's sentence shows; never
        a secret, never contact data.

        :raises UnknownEvent: if the catalogue does not hold this event with these facts
        """
        kind = CATALOGUE.get(name)
        if kind is None or not kind.facts <= facts.keys():
            raise UnknownEvent(name, sorted(kind.facts - facts.keys()) if kind else None)
        self.events.append(
            AuditEvent(
                chain=chain_of(organisation_id),
                at=self.at,
                name=name,
                actor=self.actor.name,
                actor_person_id=self.actor.person_id,
                address=self.actor.address or "",
                target=_name_of(target) if target is not None else "",
                subject_person_id=subject_person_id,
                case=case,
                facts_json=canonical_json(facts),
            )
        )


def _name_of(target: models.Model) -> str:
    """
    Name a row as the record does: by its kind and key, or by the name that it has for the record.

    :raises TypeError: if it has neither, since it is yet to be written
    """
    name = getattr(target, "name_in_record", target.pk)
    if name is None:
        raise TypeError(f"a {target._meta.label} that is yet to be written has no name in the record")
    return f"{target._meta.label_lower}:{name}"


def canonical_json(facts: dict[str, Any]) -> str:
    """Write facts as JSON with sorted keys and no spaces; days and instants as ISO 8601."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def _append(events: list[AuditEvent], rows: list[models.Model]) -> None:
    """Seal the events at the end of their chains, and write these rows; locks the heads in one order, last of all."""
    heads = _locked_heads(sorted({event.chain for event in events}))
    for event in events:
        head = heads[event.chain]
        head.sequence += 1
        event.sequence = head.sequence
        head.seal = event.seal = chain.seal_of(
            head.seal,
            (
                event.chain, event.sequence, chain.instant_text(event.at), event.name, event.actor,
                event.actor_person_id, event.address, event.target, event.subject_person_id,
                event.case, event.facts_json,
            ),
        )  # fmt: skip
    moves = [(head.sequence, head.seal, head.chain) for head in heads.values()]
    if len(events) == 1:
        insert(*rows, events[0], beside=(_MOVE_END, moves[0]))
        return
    if rows:
        insert(*rows)
    AuditEvent.objects.bulk_create(events, batch_size=500)
    with connection.cursor() as cursor:
        cursor.executemany(_MOVE_END, moves)


_MOVE_END = f'UPDATE "{ChainHead._meta.db_table}" SET sequence = %s, seal = %s WHERE chain = %s'  # noqa: S608 (ours)
_ONE_END = Question(
    lambda: ChainHead.objects.select_for_update().filter(chain=Blank("chain", ChainHead._meta.get_field("chain")))
)


def _locked_heads(names: list[str]) -> dict[str, ChainHead]:
    """Lock the ends of these chains, which are in order; a chain that has none begins here."""
    heads = _lock(names) if len(names) == 1 else {}
    if heads.keys() != set(names):
        # Nothing is locked yet. A head that was begun while others are held would be locked out of the one order,
        # so for several chains all are begun first; almost every change writes into one, and finds it there.
        ChainHead.objects.bulk_create(
            [ChainHead(chain=name, sequence=0, seal=chain.BEGINNING) for name in names], ignore_conflicts=True
        )
        heads = _lock(names)
    return heads


def _lock(names: list[str]) -> dict[str, ChainHead]:
    if len(names) == 1:
        return {head.chain: head for head in _ONE_END.ask(chain=names[0])}
    locked = ChainHead.objects.select_for_update().filter(chain__in=names).order_by("chain")
    return {head.chain: head for head in locked}


@contextmanager
def state_change(*, actor: Actor, at: datetime) -> Iterator[Change]:
    """
    Open one change: every row, event and task in it is written, or none is.

    A change inside a change joins it: both record, one transaction, one commit. A refused attempt
    is rolled back and remembered as `attempt.denied`, in a transaction of its own.

    :raises UnrecordedChange: if it ends without an event
    :raises Denied: as the policy inside raised it
    """
    outer = _open.get()
    change = Change(actor, at)
    try:
        with transaction.atomic():
            token = _open.set(change)
            try:
                yield change
                if not change.events:
                    raise UnrecordedChange
                if outer is not None:
                    outer.events.extend(change.events)
                    outer.rows.extend(change.rows)
                else:
                    _append(change.events, change.rows)
            finally:
                _open.reset(token)
    except Denied as denied:
        if outer is None:
            _remember(denied, actor=actor, at=at)
        raise


def _remember(denied: Denied, *, actor: Actor, at: datetime) -> None:
    """Keep that somebody tried: in the chain of the authority that the refusal names, else in the nation's."""
    attempt = Change(actor, at)
    attempt.record(
        "attempt.denied",
        organisation_id=denied.facts.get("organisation_id"),
        reason=denied.reason,
        reason_facts={name: fact for name, fact in denied.facts.items() if name != "organisation_id"},
    )
    with transaction.atomic():
        _append(attempt.events, [])


def in_change() -> bool:
    """Tell whether an operation is under way."""
    return _open.get() is not None


def require_open_change(what: str) -> None:
    """
    Refuse to go on unless an operation is under way.

    :raises WriteOutsideOperation: naming what would have been written
    """
    if _open.get() is None:
        raise WriteOutsideOperation(what)


class GuardedQuerySet(models.QuerySet):
    """Rows that may only be written while a change is open."""

    def update(self, **kwargs: Any) -> int:
        require_open_change(self.model._meta.label)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        require_open_change(self.model._meta.label)
        return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        require_open_change(self.model._meta.label)
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        require_open_change(self.model._meta.label)
        return super().bulk_update(*args, **kwargs)


class GuardedModel(models.Model):
    """A row of the product's state. The guard is a seat-belt; the lock is the database's constraints."""

    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        require_open_change(self._meta.label)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        require_open_change(self._meta.label)
        return super().delete(*args, **kwargs)

    def guard_insertion(self) -> None:
        """Refuse to be inserted past `save` unless a change is open."""
        require_open_change(self._meta.label)

    def change_to(self, **values: Any) -> Self:
        """Set these fields and save only them."""
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
        return self
