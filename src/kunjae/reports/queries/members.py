"""One line of the report of users in groups: a membership or the head's right, in the same columns."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
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
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat

from kunjae.core.clock import thai_day
from kunjae.entitlements.models import Basis, Tenure
from kunjae.identity.models import SignInAttempt
from kunjae.organisations.models import ACTING_CAPACITIES, Appointment, Capacity, Office, PersonName
from kunjae.organisations.queries import in_force

#: The catalogue's group of the head of finance: what the right to administer opens stands under its name.
HEAD_GROUP = "finance_head"


class Status(TextChoices):
    """How a membership stands on the day asked."""

    ACTIVE = "active"
    PENDING = "pending"
    SUSPENDED = "suspended"
    NEVER = "never"
    OVER = "over"


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
    basis: str
    order_number: str
    capacity: str

    @property
    def is_by_office(self) -> bool:
        """Tell what clause 2 gives to an executive."""
        return self.basis == Basis.OFFICE

    @property
    def is_acting(self) -> bool:
        """Tell a head who holds the right for somebody else."""
        return self.is_head and self.capacity in ACTING_CAPACITIES

    @property
    def capacity_th(self) -> str:
        """Say in what right the head holds it, in the words of the orders."""
        return str(Capacity(self.capacity).label) if self.capacity else ""


def sign_ins(moment: datetime) -> QuerySet[SignInAttempt]:
    """Read when the account of the outer row signed in up to a moment, the last first."""
    return SignInAttempt.objects.filter(
        subject_id=OuterRef("subject_id"), outcome=SignInAttempt.Outcome.SIGNED_IN, at__lte=moment
    ).order_by("-at")


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


def as_rows(rows: QuerySet, model: type, on: date, moment: datetime, *, is_past: bool) -> QuerySet:
    """Give tenures and grants the same columns, so that the database can put them into one order."""
    own = _columns_of_tenure() if model is Tenure else _columns_of_grant()
    in_columns: QuerySet = rows.annotate(
        name_order=F("person__sort_key"),
        row_id=F("pk"),
        person_name=_name_on(on) if is_past else _name("person__"),
        account=F("subject__public_id"),
        user_id=F("subject__username"),
        account_home=F("subject__authority_id"),
        post=Coalesce(_position(on), own.pop("known_post"), output_field=CharField()),
        status_shown=F("status_on_day"),
        signed_in_at=Subquery(sign_ins(moment).values("at")[:1]),
        **own,
    ).values_list(*_COLUMNS)
    return in_columns


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
    borne = PersonName.objects.filter(
        Q(until_date=None) | Q(until_date__gt=on), person=OuterRef("person_id"), from_date__lte=on
    )
    return Coalesce(
        Subquery(borne.order_by("-from_date").annotate(whole=_name("")).values("whole")[:1]), _name("person__")
    )


def _position(on: date) -> Subquery:
    """The post by which a person is known on a day: his own before one he acts in, an office before a position."""
    held = Appointment.objects.filter(
        in_force(on), person_id=OuterRef("person_id"), authority_id=OuterRef("authority_id")
    ).annotate(
        acts=Case(When(capacity=Capacity.SUBSTANTIVE, then=0), default=1),
        is_plain=Case(When(office=Office.NONE, then=1), default=0),
    )
    return Subquery(held.order_by("acts", "is_plain", "-from_date", "-pk").values("position_th")[:1])


def member_of(row: tuple[Any, ...], authority_id: int) -> Member:
    """Read one row of `as_rows` as a line of an authority's report."""
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
        basis=cell["rests_on"],
        order_number=cell["by_order"],
        capacity=cell["held_as"],
    )


def _over_on(last_day: date | None, ended_at: datetime | None) -> date | None:
    """The day on which it ended: the last day given, unless it was ended before."""
    days = [day for day in (last_day, thai_day(ended_at) if ended_at else None) if day is not None]
    return min(days, default=None)
