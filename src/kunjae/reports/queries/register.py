"""ทะเบียนคุมคำขอและการยกเลิก: every request, every access by office, every closing, in one order (N-02)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat

from kunjae.access_requests.models import AccessRequest, GrantedGroup, RequestedGroup, RequestState
from kunjae.core.clock import BE_OFFSET, start_of_thai_day
from kunjae.entitlements.models import Basis, Grant, GroupEdition
from kunjae.revocation.models import Closure

_REQUESTS_AT_A_TIME = 500


class Sort(TextChoices):
    """What an entry of the register is."""

    REQUEST = "request"
    OFFICE = "office"
    CLOSURE = "closure"


class Outcome(TextChoices):
    """How an entry stands; what the filter offers."""

    SUBMITTED = RequestState.SUBMITTED.value
    APPROVED = RequestState.APPROVED.value
    REFUSED = RequestState.REFUSED.value
    WITHDRAWN = RequestState.WITHDRAWN.value
    SELF_SERVED = RequestState.SELF_SERVED.value
    OFFICE = "office"
    CLOSED = "closed"


@dataclass(slots=True, kw_only=True)
class Entry:
    """
    One line of the register.

    A closing stands on the line of the request by which the account was opened (A2-09), or on one of its own if
    nobody asked for that account here.
    """

    sort: Sort
    row_id: int
    public_id: str
    case: str
    received_at: datetime
    name: str
    position_th: str
    user_id: str
    wish: str
    wants_groups: bool
    state: str
    decided_at: datetime | None
    decided_by: str
    refusal_reason: str
    closed_on: date | None
    closed_for: str
    closed_words: str
    closed_by: str
    asked: list[str] = field(default_factory=list)
    granted: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entries:
    """One page of the register, read; `total` counts all of it."""

    rows: list[Entry]
    start: int
    total: int

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, part: slice) -> list[Entry]:
        return self.rows[part.start - self.start : part.stop - self.start]


def fiscal_days(year: int) -> tuple[date, date]:
    """Return the first day of a fiscal year (Buddhist era) and the first day after it."""
    return date(year - BE_OFFSET - 1, 10, 1), date(year - BE_OFFSET, 10, 1)


def register(
    authority_id: int,
    *,
    year: int | None,
    outcome: str,
    language: str,
    on: date,
    start: int = 0,
    size: int | None = None,
) -> Entries:
    """
    Read the register of an authority, newest first: `size` entries from `start` on, or all.

    A fiscal year holds what was received in it and what was closed in it. Past the end the first page is given.
    """
    branches = _branches(authority_id, year, outcome)
    total = sum((_number(rows) for rows in branches.values()), Value(0))
    requests, offices, closures = (
        rows.annotate(**_columns(sort, on, language), in_all=total).values_list(*_COLUMNS, "in_all")
        for sort, rows in branches.items()
    )
    ordered = requests.union(offices, closures, all=True).order_by("-received_at", "row_sort", "-row_id")
    rows = list(ordered[start : None if size is None else start + size])
    if not rows and start:
        start, rows = 0, list(ordered[:size])
    entries = [_entry(row) for row in rows]
    _name_groups([entry for entry in entries if entry.sort == Sort.REQUEST], language=language, on=on)
    return Entries(entries, start, rows[0][-1] if rows else 0)


# --- Which ------------------------------------------------------------------------------------------------------


def _branches(authority_id: int, year: int | None, outcome: str) -> dict[Sort, QuerySet]:
    requests = AccessRequest.objects.filter(authority_id=authority_id).exclude(case="")
    offices = Grant.objects.filter(authority_id=authority_id, basis=Basis.OFFICE)
    closures = Closure.objects.filter(authority_id=authority_id, subject__opened_by_requests=None)
    if year is not None:
        first, after = fiscal_days(year)
        instants = (start_of_thai_day(first), start_of_thai_day(after))
        requests = requests.filter(
            _between("submitted_at", instants) | _between("opened_subject__closure__effective_date", (first, after))
        )
        offices = offices.filter(_between("granted_at", instants))
        closures = closures.filter(_between("effective_date", (first, after)))
    if outcome == Outcome.CLOSED:
        requests, offices = requests.exclude(opened_subject__closure=None), offices.filter(pk__in=[])
    elif outcome == Outcome.OFFICE:
        requests, closures = requests.filter(pk__in=[]), closures.filter(pk__in=[])
    elif outcome:
        requests = requests.filter(state=outcome)
        offices, closures = offices.filter(pk__in=[]), closures.filter(pk__in=[])
    return {Sort.REQUEST: requests, Sort.OFFICE: offices, Sort.CLOSURE: closures}


def _between(name: str, bounds: tuple[Any, Any]) -> Q:
    return Q(**{f"{name}__gte": bounds[0], f"{name}__lt": bounds[1]})


def _number(rows: QuerySet) -> Coalesce:
    number = rows.order_by().values("authority_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


# --- The lines --------------------------------------------------------------------------------------------------

_COLUMNS = (
    "row_sort",
    "row_id",
    "key",
    "sheet",
    "received_at",
    "who",
    "post",
    "user_id",
    "wish",
    "asks_groups",
    "outcome",
    "settled_at",
    "settled_by",
    "why_not",
    "closed_on",
    "closed_for",
    "closed_words",
    "closed_by_whom",
    "group_named",
)


def _columns(sort: Sort, on: date, language: str) -> dict[str, Combinable]:
    makers = {Sort.REQUEST: _of_request, Sort.OFFICE: lambda: _of_office(on, language), Sort.CLOSURE: _of_closure}
    return {"row_sort": _text(sort.value), "row_id": F("pk"), **makers[sort]()}


def _of_request() -> dict[str, Combinable]:
    return {
        "key": F("public_id"),
        "sheet": F("case"),
        "received_at": F("submitted_at"),
        "who": _name("applicant__"),
        "post": F("position_th"),
        "user_id": Coalesce("opened_subject__username", "subject__username", _text(""), output_field=CharField()),
        "wish": F("credential_wish"),
        "asks_groups": F("wants_groups"),
        "outcome": F("state"),
        "settled_at": Coalesce("decided_at", "withdrawn_at", output_field=DateTimeField()),
        "settled_by": _name("decided_by__"),
        "why_not": F("refusal_reason"),
        **_closing("opened_subject__closure__"),
        "group_named": _text(""),
    }


def _of_office(on: date, language: str) -> dict[str, Combinable]:
    return {
        "key": F("subject__public_id"),
        "sheet": F("case"),
        "received_at": F("granted_at"),
        "who": _name("person__"),
        "post": F("position_th"),
        "user_id": F("subject__username"),
        "wish": _text(""),
        "asks_groups": Value(False, output_field=BooleanField()),
        "outcome": _text(Outcome.OFFICE.value),
        "settled_at": F("granted_at"),
        "settled_by": _name("granted_by__"),
        "why_not": _text(""),
        "closed_on": Cast(Value(None), DateField()),
        "closed_for": _text(""),
        "closed_words": _text(""),
        "closed_by_whom": _text(""),
        "group_named": _group_name("group_id", on, language),
    }


def _of_closure() -> dict[str, Combinable]:
    return {
        "key": F("subject__public_id"),
        "sheet": F("case"),
        "received_at": F("closed_at"),
        "who": _name("person__"),
        "post": _text(""),
        "user_id": F("subject__username"),
        "wish": _text(""),
        "asks_groups": Value(False, output_field=BooleanField()),
        "outcome": _text(Outcome.CLOSED.value),
        "settled_at": Cast(Value(None), DateTimeField()),
        "settled_by": _text(""),
        "why_not": _text(""),
        **_closing(""),
        "group_named": _text(""),
    }


def _closing(prefix: str) -> dict[str, Combinable]:
    nothing = _text("")
    return {
        "closed_on": F(f"{prefix}effective_date"),
        "closed_for": Coalesce(f"{prefix}reason", nothing, output_field=CharField()),
        "closed_words": Coalesce(f"{prefix}other_text", nothing, output_field=CharField()),
        "closed_by_whom": _name(f"{prefix}closed_by__"),
    }


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())


def _name(prefix: str) -> Combinable:
    title, given, family = (F(f"{prefix}{part}") for part in ("title", "given_name", "family_name"))
    return Concat(title, given, Value(" "), family, output_field=CharField())


def _group_name(group: str, on: date, language: str) -> Subquery:
    """What a group was last called up to a day, in the reader's language."""
    named = GroupEdition.objects.filter(group=OuterRef(group), from_date__lte=on).order_by("-from_date")
    return Subquery(named.values("name_en" if language == "en" else "name_th")[:1], output_field=CharField())


def _entry(row: tuple[Any, ...]) -> Entry:
    cell = dict(zip(_COLUMNS, row, strict=False))
    return Entry(
        sort=Sort(cell["row_sort"]),
        row_id=cell["row_id"],
        public_id=cell["key"],
        case=cell["sheet"],
        received_at=cell["received_at"],
        name=cell["who"].strip(),
        position_th=cell["post"],
        user_id=cell["user_id"],
        wish=cell["wish"],
        wants_groups=bool(cell["asks_groups"]),
        state=cell["outcome"],
        decided_at=cell["settled_at"],
        decided_by=cell["settled_by"].strip(),
        refusal_reason=cell["why_not"],
        closed_on=cell["closed_on"],
        closed_for=cell["closed_for"],
        closed_words=cell["closed_words"],
        closed_by=cell["closed_by_whom"].strip(),
        granted=[cell["group_named"]] if cell["group_named"] else [],
    )


def _name_groups(entries: Sequence[Entry], *, language: str, on: date) -> None:
    """Put the groups asked for and granted to their requests: one query for a page, few for a file."""
    for start in range(0, len(entries), _REQUESTS_AT_A_TIME):
        by_id = {entry.row_id: entry for entry in entries[start : start + _REQUESTS_AT_A_TIME]}
        asked, granted = (
            model.objects.filter(request__in=by_id)
            .annotate(
                called=_group_name("group_id", on, language),
                group_order=F("group__sort_order"),
                was_granted=Value(model is GrantedGroup, output_field=BooleanField()),
            )
            .values_list("request_id", "was_granted", "group_order", "called")
            for model in (RequestedGroup, GrantedGroup)
        )
        for request_id, was_granted, _order, called in asked.union(granted, all=True).order_by("group_order"):
            entry = by_id[request_id]
            (entry.granted if was_granted else entry.asked).append(called)
