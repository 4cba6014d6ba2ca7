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
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from kunjae.audit.models import AuditEvent
from kunjae.core.clock import start_of_thai_day, thai_day
from kunjae.core.numerals import to_ascii_digits
from kunjae.core.text import search_key, without_title
from kunjae.entitlements.models import AccessGroup, Grant, GroupEdition, Tenure
from kunjae.identity.models import SubjectState
from kunjae.organisations.queries import in_force
from kunjae.reports.queries.members import HEAD_GROUP, Member, Status, as_rows, member_of, sign_ins

_WORDS_MAX = 6


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
class GroupCount:
    """
    One group on the day: what it is called and opens, and how many are in it of those asked for.

    `lines` are all that are listed; `members`, those that still held as the day is asked for, and of whom `persons`.
    """

    code: str
    name_th: str
    name_en: str
    opens_th: str
    opens_en: str
    is_in_force: bool
    lines: int
    members: int
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
        return [group for group in self.groups if group.members]

    @property
    def members(self) -> int:
        """Count the memberships that still held: one that ended in the course of the day is listed, not counted."""
        return sum(group.members for group in self.groups)

    @property
    def ended(self) -> int:
        """Count the lines of memberships that ended in the course of the day."""
        return sum(group.lines for group in self.groups) - self.members

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
        return [member_of(row, self._authority_id) for row in self._rows[part]]

    def __iter__(self) -> Iterator[Member]:
        return (member_of(row, self._authority_id) for row in self._rows)


def membership(authority_id: int, selection: Selection, *, at: datetime) -> Membership:
    """Count the report of an authority as selected, in one query; its lines are one more when they are read."""
    moment = selection.moment(at)
    # Of today the row itself tells the state; of a day gone by only the record does.
    is_past = selection.on < thai_day(at)
    heads = _heads(authority_id, selection, moment=moment, is_past=is_past)
    grants = _grants(authority_id, selection, moment=moment, is_past=is_past)
    counted = _counted(heads, grants, asks_for_ended=selection.status == Status.OVER, on=selection.on)
    groups = tuple(_group(row) for row in counted)
    rows = as_rows(heads, Tenure, selection.on, moment, is_past=is_past).union(
        as_rows(grants, Grant, selection.on, moment, is_past=is_past), all=True
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


def _selected(rows: QuerySet, selection: Selection, *, held: Q, over: Q, moment: datetime, is_past: bool) -> QuerySet:
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
    told: QuerySet = rows.alias(
        signed_in_before=Exists(sign_ins(moment)),
        status_on_day=Case(
            When(over, then=Value(Status.OVER.value)),
            When(suspended, then=Value(Status.SUSPENDED.value)),
            When(Q(subject__activated_at=None) | Q(subject__activated_at__gt=moment), then=Value(Status.PENDING.value)),
            When(signed_in_before=False, then=Value(Status.NEVER.value)),
            default=Value(Status.ACTIVE.value),
            output_field=CharField(),
        ),
    )
    return told


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


# --- How many ---------------------------------------------------------------------------------------------------


def _counted(
    heads: QuerySet[Tenure], grants: QuerySet[Grant], *, asks_for_ended: bool, on: date
) -> list[dict[str, Any]]:
    """
    Read every group with its names on the day and its numbers; the numbers of persons in all stand in each row.

    Who left on the very day is no member as of that day; only a list of those who left counts them.
    """
    of_whom = Q() if asks_for_ended else ~Q(status_on_day=Status.OVER)
    members, heads_still = grants.filter(of_whom), heads.filter(of_whom)
    named = GroupEdition.objects.filter(group=OuterRef("pk"), from_date__lte=on).order_by("-from_date")
    of_group, members_of_group = grants.filter(group=OuterRef("pk")), members.filter(group=OuterRef("pk"))
    heads_alone = heads_still.exclude(subject_id__in=members.order_by().values("subject_id"))
    counted: QuerySet = (
        AccessGroup.objects.annotate(
            name_th=Subquery(named.values("name_th")[:1]),
            name_en=Subquery(named.values("name_en")[:1]),
            opens_th=Subquery(named.values("opens_th")[:1]),
            opens_en=Subquery(named.values("opens_en")[:1]),
            is_in_force=Exists(GroupEdition.objects.filter(in_force(on), group=OuterRef("pk"))),
            grants_here=_number(of_group, Count("pk")),
            members_here=_number(members_of_group, Count("pk")),
            persons_here=_number(members_of_group, Count("subject_id", distinct=True)),
            all_persons=_number(members, Count("subject_id", distinct=True)),
            heads=_number(heads, Count("pk")),
            heads_still=_number(heads_still, Count("pk")),
            heads_alone=_number(heads_alone, Count("subject_id", distinct=True)),
        )
        .exclude(name_th=None)
        .order_by("sort_order", "pk")
        .values()
    )
    return list(counted)


def _number(rows: QuerySet, counted: Count) -> Coalesce:
    # Grouped by the authority, which all of them share: a subquery of one row.
    number = rows.order_by().values("authority_id").annotate(number=counted).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def _group(row: dict[str, Any]) -> GroupCount:
    heads, heads_still = (row["heads"], row["heads_still"]) if row["code"] == HEAD_GROUP else (0, 0)
    return GroupCount(
        code=row["code"],
        name_th=row["name_th"],
        name_en=row["name_en"],
        opens_th=row["opens_th"],
        opens_en=row["opens_en"],
        is_in_force=row["is_in_force"],
        lines=row["grants_here"] + heads,
        members=row["members_here"] + heads_still,
        persons=row["persons_here"] + heads_still,
    )
