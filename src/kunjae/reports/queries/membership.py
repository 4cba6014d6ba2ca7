"""
Who is in which user group of an authority on a day (clause 5, L-51).

A day of the past answers as it was then: memberships by their days, the state of an account by the record, names
and positions by their own histories. Every list is one query, whatever its length.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat

from kunjae.audit.models import AuditEvent
from kunjae.core.clock import start_of_thai_day, thai_day
from kunjae.core.numerals import to_ascii_digits
from kunjae.core.text import search_key, without_title
from kunjae.entitlements.models import AccessGroup, Basis, Grant, GroupEdition, Tenure
from kunjae.identity.models import SignInAttempt, SubjectState
from kunjae.organisations.models import ACTING_CAPACITIES, Appointment, Capacity, Office, PersonName
from kunjae.organisations.queries import in_force

#: The catalogue's group of the head of finance: what the right to administer opens stands under its name.
HEAD_GROUP = "finance_head"

_WORDS_MAX = 6


class Status(TextChoices):
    """How a membership stands on the day asked."""

    ACTIVE = "active"
    PENDING = "pending"
    SUSPENDED = "suspended"
    NEVER = "never"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What of the report is asked for. Without a status: every membership that held on the day."""

    on: date
    group: str = ""
    status: str = ""
    words: str = ""

    def moment(self, at: datetime) -> datetime:
        """Return the last instant of the day asked, or now if the day is not over."""
        end = start_of_thai_day(self.on + timedelta(days=1)) - timedelta(microseconds=1)
        return min(at, end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One line of the report: a membership, or the head's right to administer (`is_head`)."""

    is_head: bool
    group_code: str
    name: str
    subject_public_id: str
    user_id: str
    is_own_account: bool
    position_th: str
    status: Status
    since: date
    over_on: date | None
    signed_in_at: datetime | None
    granted_by: str
    case: str
    is_by_office: bool
    order_number: str
    capacity: str

    @property
    def is_acting(self) -> bool:
        """Tell a head who holds the right for somebody else."""
        return self.is_head and self.capacity in ACTING_CAPACITIES

    @property
    def capacity_th(self) -> str:
        """Say in what right the head holds it, in the words of the orders."""
        return str(Capacity(self.capacity).label) if self.capacity else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCount:
    """One group on the day: what it is called and opens, and how many are in it of those asked for."""

    code: str
    name_th: str
    name_en: str
    opens_th: str
    opens_en: str
    is_in_force: bool
    lines: int
    persons: int

    def name(self, language: str) -> str:
        """Name the group in the reader's language."""
        return self.name_en if language == "en" else self.name_th

    def opens(self, language: str) -> str:
        """Say in one line what the group opens."""
        return self.opens_en if language == "en" else self.opens_th


@dataclass(frozen=True, slots=True)
class Membership:
    """The report as selected: its groups counted, its lines still in the database."""

    groups: tuple[GroupCount, ...]
    persons: int
    lines: "Lines"
    by_code: Mapping[str, GroupCount] = field(repr=False)

    @property
    def filled(self) -> list[GroupCount]:
        """List the groups that somebody is in."""
        return [group for group in self.groups if group.lines]

    def starts(self) -> dict[str, int]:
        """Say at which line, counted from nought, each group begins."""
        starts, start = {}, 0
        for group in self.groups:
            starts[group.code] = start
            start += group.lines
        return starts


class Lines:
    """The lines in their order, read when a slice of them is asked for; their number is known beforehand."""

    def __init__(self, rows: QuerySet, *, count: int, authority_id: int) -> None:
        self._rows, self._count, self._authority_id = rows, count, authority_id

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: slice) -> list[Member]:
        return [_member(row, self._authority_id) for row in self._rows[part]]

    def __iter__(self) -> Iterator[Member]:
        return (_member(row, self._authority_id) for row in self._rows)


def membership(authority_id: int, selection: Selection, *, at: datetime) -> Membership:
    """Count the report of an authority as selected, in one query; its lines are one more when they are read."""
    moment = selection.moment(at)
    # Of today the row itself tells the state; of a day gone by only the record does.
    is_past = selection.on < thai_day(at)
    heads = _heads(authority_id, selection, moment=moment, is_past=is_past)
    grants = _grants(authority_id, selection, moment=moment, is_past=is_past)
    counted = _counted(heads, grants, on=selection.on)
    groups = tuple(_group(row) for row in counted)
    rows = _as_rows(heads, Tenure, selection.on, moment, is_past=is_past).union(
        _as_rows(grants, Grant, selection.on, moment, is_past=is_past), all=True
    )
    return Membership(
        groups=groups,
        persons=counted[0]["all_persons"] + counted[0]["heads_alone"] if counted else 0,
        lines=Lines(
            rows.order_by("group_order", "name_order", "row_kind", "row_id"),
            count=sum(group.lines for group in groups),
            authority_id=authority_id,
        ),
        by_code={group.code: group for group in groups},
    )


# --- Which ------------------------------------------------------------------------------------------------------


def _grants(authority_id: int, selection: Selection, *, moment: datetime, is_past: bool) -> QuerySet[Grant]:
    day_start = start_of_thai_day(selection.on)
    over = Q(ended_at__lte=moment) | Q(until_date__lt=selection.on)
    held = in_force(selection.on) & (Q(ended_at=None) | Q(ended_at__gte=day_start))
    rows = Grant.objects.filter(authority_id=authority_id, from_date__lte=selection.on)
    return _selected(rows, selection, held=held, over=over, moment=moment, is_past=is_past)


def _heads(authority_id: int, selection: Selection, *, moment: datetime, is_past: bool) -> QuerySet[Tenure]:
    day_start = start_of_thai_day(selection.on)
    over = Q(until_at__lte=moment)
    held = Q(until_at=None) | Q(until_at__gte=day_start)
    rows = Tenure.objects.filter(authority_id=authority_id, from_at__lte=moment)
    if selection.group not in ("", HEAD_GROUP):
        rows = rows.none()
    return _selected(rows, selection, held=held, over=over, moment=moment, is_past=is_past)


def _selected(
    rows: QuerySet, selection: Selection, *, held: Q, over: Q, moment: datetime, is_past: bool
) -> QuerySet:
    """Keep what the filters ask for; `status_on_day` is there to be shown."""
    if selection.group and rows.model is Grant:
        rows = rows.filter(group__code=selection.group)
    for word in without_title(selection.words).split()[:_WORDS_MAX]:
        key = search_key(word)
        by_name = Q(person__search_key__contains=key) if key else Q()
        rows = rows.filter(by_name | Q(subject__username__contains=to_ascii_digits(word).lower()))
    rows = _with_status(rows, over=over, moment=moment, is_past=is_past)
    if selection.status == Status.OVER:
        return rows.filter(over)
    rows = rows.filter(held)
    return rows.filter(status_on_day=selection.status) if selection.status else rows


def _with_status(rows: QuerySet, *, over: Q, moment: datetime, is_past: bool) -> QuerySet:
    suspended = Q(subject__state=SubjectState.SUSPENDED)
    if is_past:
        rows, suspended = rows.alias(last_state=_last_state(moment)), Q(last_state="subject.suspended")
    return rows.alias(
        signed_in_before=Exists(_sign_ins(moment)),
        status_on_day=Case(
            When(over, then=Value(Status.OVER.value)),
            When(suspended, then=Value(Status.SUSPENDED.value)),
            When(Q(subject__activated_at=None) | Q(subject__activated_at__gt=moment), then=Value(Status.PENDING.value)),
            When(signed_in_before=False, then=Value(Status.NEVER.value)),
            default=Value(Status.ACTIVE.value),
            output_field=CharField(),
        ),
    )


def _last_state(moment: datetime) -> Subquery:
    """The last event before the moment by which the account was suspended or put back: the row knows only today's."""
    return Subquery(
        AuditEvent.objects.filter(
            subject_person_id=OuterRef("person_id"),
            target=Concat(Value("identity.subject:"), Cast(OuterRef("subject_id"), CharField())),
            name__in=["subject.suspended", "subject.resumed"],
            at__lte=moment,
        )
        .order_by("-id")
        .values("name")[:1]
    )


def _sign_ins(moment: datetime) -> QuerySet[SignInAttempt]:
    return SignInAttempt.objects.filter(
        subject_id=OuterRef("subject_id"), outcome=SignInAttempt.Outcome.SIGNED_IN, at__lte=moment
    ).order_by("-at")


# --- How many ---------------------------------------------------------------------------------------------------


def _counted(heads: QuerySet[Tenure], grants: QuerySet[Grant], *, on: date) -> list[dict[str, Any]]:
    """Read every group with its names on the day and its numbers; the numbers of persons in all stand in each row."""
    named = GroupEdition.objects.filter(group=OuterRef("pk"), from_date__lte=on).order_by("-from_date")
    of_group = grants.filter(group=OuterRef("pk"))
    heads_alone = heads.exclude(subject_id__in=grants.order_by().values("subject_id"))
    return list(
        AccessGroup.objects.annotate(
            name_th=Subquery(named.values("name_th")[:1]),
            name_en=Subquery(named.values("name_en")[:1]),
            opens_th=Subquery(named.values("opens_th")[:1]),
            opens_en=Subquery(named.values("opens_en")[:1]),
            is_in_force=Exists(GroupEdition.objects.filter(in_force(on), group=OuterRef("pk"))),
            grants_here=_number(of_group, Count("pk")),
            persons_here=_number(of_group, Count("subject_id", distinct=True)),
            all_persons=_number(grants, Count("subject_id", distinct=True)),
            heads=_number(heads, Count("pk")),
            heads_alone=_number(heads_alone, Count("subject_id", distinct=True)),
        )
        .exclude(name_th=None)
        .order_by("sort_order", "pk")
        .values()
    )


def _number(rows: QuerySet, counted: Count) -> Coalesce:
    # Grouped by the authority, which all of them share: a subquery of one row.
    number = rows.order_by().values("authority_id").annotate(number=counted).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def _group(row: dict[str, Any]) -> GroupCount:
    heads = row["heads"] if row["code"] == HEAD_GROUP else 0
    names = {name: row[name] or "" for name in ("code", "name_th", "name_en", "opens_th", "opens_en", "is_in_force")}
    return GroupCount(**names, lines=row["grants_here"] + heads, persons=row["persons_here"] + heads)


# --- The lines --------------------------------------------------------------------------------------------------

_COLUMNS = (
    "group_order",
    "name_order",
    "row_kind",
    "row_id",
    "in_group",
    "person_name",
    "account",
    "user_id",
    "account_home",
    "post",
    "status_shown",
    "since_day",
    "since_at",
    "over_day",
    "over_at",
    "signed_in_at",
    "giver",
    "sheet",
    "rests_on",
    "by_order",
    "held_as",
)


def _as_rows(rows: QuerySet, model: type, on: date, moment: datetime, *, is_past: bool) -> QuerySet:
    """Give tenures and grants the same columns, so that the database can put them into one order."""
    own = _columns_of_tenure() if model is Tenure else _columns_of_grant()
    return rows.annotate(
        name_order=F("person__sort_key"),
        row_id=F("pk"),
        person_name=_name_on(on) if is_past else _name("person__"),
        account=F("subject__public_id"),
        user_id=F("subject__username"),
        account_home=F("subject__authority_id"),
        post=Coalesce(_position(on), own.pop("known_post"), output_field=CharField()),
        status_shown=F("status_on_day"),
        signed_in_at=Subquery(_sign_ins(moment).values("at")[:1]),
        **own,
    ).values_list(*_COLUMNS)


def _columns_of_tenure() -> dict[str, Combinable]:
    nothing = Value("", output_field=CharField())
    return {
        "known_post": nothing,
        "group_order": Value(0, output_field=IntegerField()),
        "row_kind": Value("tenure", output_field=CharField()),
        "in_group": Value(HEAD_GROUP, output_field=CharField()),
        "since_day": Cast(Value(None), DateField()),
        "since_at": F("from_at"),
        "over_day": Cast(Value(None), DateField()),
        "over_at": F("until_at"),
        "giver": nothing,
        "sheet": nothing,
        "rests_on": nothing,
        "by_order": F("order_number"),
        "held_as": F("capacity"),
    }


def _columns_of_grant() -> dict[str, Combinable]:
    return {
        "known_post": F("position_th"),
        "group_order": F("group__sort_order"),
        "row_kind": Value("grant", output_field=CharField()),
        "in_group": F("group__code"),
        "since_day": F("from_date"),
        "since_at": Cast(Value(None), DateTimeField()),
        "over_day": F("until_date"),
        "over_at": F("ended_at"),
        "giver": _name("granted_by__"),
        "sheet": F("case"),
        "rests_on": F("basis"),
        "by_order": F("order_number"),
        "held_as": Value("", output_field=CharField()),
    }


def _name(prefix: str) -> Combinable:
    title, given, family = (F(f"{prefix}{part}") for part in ("title", "given_name", "family_name"))
    return Concat(title, given, Value(" "), family, output_field=CharField())


def _name_on(on: date) -> Coalesce:
    """What the person was called on a day; before the first day on record, what he is called."""
    borne = PersonName.objects.filter(Q(until_date=None) | Q(until_date__gt=on), person=OuterRef("person_id"), from_date__lte=on)
    return Coalesce(Subquery(borne.order_by("-from_date").annotate(whole=_name("")).values("whole")[:1]), _name("person__"))


def _position(on: date) -> Subquery:
    """The post by which a person is known on a day: his own before one he acts in, an office before a position."""
    held = Appointment.objects.filter(
        in_force(on), person_id=OuterRef("person_id"), authority_id=OuterRef("authority_id")
    ).annotate(
        acts=Case(When(capacity=Capacity.SUBSTANTIVE, then=0), default=1),
        is_plain=Case(When(office=Office.NONE, then=1), default=0),
    )
    return Subquery(held.order_by("acts", "is_plain", "-from_date", "-pk").values("position_th")[:1])


def _member(row: tuple[Any, ...], authority_id: int) -> Member:
    cell = dict(zip(_COLUMNS, row, strict=True))
    return Member(
        is_head=cell["row_kind"] == "tenure",
        group_code=cell["in_group"],
        name=cell["person_name"].strip(),
        subject_public_id=cell["account"],
        user_id=cell["user_id"],
        is_own_account=cell["account_home"] == authority_id,
        position_th=cell["post"],
        status=Status(cell["status_shown"]),
        since=cell["since_day"] or thai_day(cell["since_at"]),
        over_on=_over_on(cell["over_day"], cell["over_at"]),
        signed_in_at=cell["signed_in_at"],
        granted_by=(cell["giver"] or "").strip(),
        case=cell["sheet"],
        is_by_office=cell["rests_on"] == Basis.OFFICE,
        order_number=cell["by_order"],
        capacity=cell["held_as"],
    )


def _over_on(last_day: date | None, ended_at: datetime | None) -> date | None:
    """The day on which it ended: the last day given, unless it was ended before."""
    days = [day for day in (last_day, thai_day(ended_at) if ended_at else None) if day is not None]
    return min(days, default=None)
