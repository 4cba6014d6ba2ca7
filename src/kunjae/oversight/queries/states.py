"""
Who heads which authority, or since when nobody does: of a province or of the nation.

Everything is a condition or an annotation, so that 7,849 authorities are counted by the database and only the rows of
one page come out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kunjae.access_requests.models import AccessRequest, RequestState
from kunjae.circulars.models import Receipt
from kunjae.core.clock import thai_day
from kunjae.entitlements.models import Tenure
from kunjae.identity.models import Subject, SubjectState
from kunjae.official_letters.models import LetterCase
from kunjae.official_letters.models.case import OPEN_STATES
from kunjae.organisations.models import Appointment, Capacity, LocalAuthority, Office
from kunjae.organisations.queries import in_force, search_authorities

LATE_AFTER = timedelta(days=7)
"""A request that waits longer than this is one to ask about."""


class HeadState(TextChoices):
    """How the right to administer an authority stands."""

    HEAD = "head", _("Head in office")
    ACTING = "acting", _("Acting head")
    PENDING = "pending", _("Account not yet activated")
    SUSPENDED = "suspended", _("Head suspended")
    VACANT = "vacant", _("Vacant")
    NEVER = "never", _("Never had a head here")


UNHEADED = (HeadState.VACANT, HeadState.NEVER)


class Matters(TextChoices):
    """What is open at an authority, as the lists can be narrowed down to."""

    LETTERS = "letters", _("Letter of form 1 at work")
    CIRCULARS = "circulars", _("Circular not acknowledged")
    REQUESTS = "requests", _("Request older than 7 days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a list of authorities is narrowed down to."""

    words: str = ""
    kind: str = ""
    state: str = ""
    matter: str = ""
    province: str = ""


def with_state(found: QuerySet[LocalAuthority]) -> QuerySet[LocalAuthority]:
    """
    Add `head_state`, one of `HeadState`, and the open tenure as `held`.

    Who may not sign in is looked for among the few of the nation's accounts that are not in use.
    """
    had = Tenure.objects.filter(authority=OuterRef("pk"))
    accounts = Subject.objects.filter(pk=OuterRef("held__subject_id"))
    return found.annotate(
        held=FilteredRelation("tenures", condition=Q(tenures__until_at=None)),
    ).annotate(
        head_state=Case(
            When(Q(held__isnull=True) & Exists(had), then=Value(HeadState.VACANT.value)),
            When(held__isnull=True, then=Value(HeadState.NEVER.value)),
            When(Exists(accounts.filter(state=SubjectState.PENDING)), then=Value(HeadState.PENDING.value)),
            When(Exists(accounts.exclude(state=SubjectState.ACTIVE)), then=Value(HeadState.SUSPENDED.value)),
            When(held__capacity=Capacity.SUBSTANTIVE, then=Value(HeadState.HEAD.value)),
            default=Value(HeadState.ACTING.value),
            output_field=CharField(),
        )
    )


def _open_letters() -> QuerySet[LetterCase]:
    return LetterCase.objects.filter(authority=OuterRef("pk"), state__in=OPEN_STATES)


def _open_receipts() -> QuerySet[Receipt]:
    return Receipt.objects.filter(authority=OuterRef("pk"), acknowledged_at=None)


def _late_requests(at: datetime) -> QuerySet[AccessRequest]:
    return AccessRequest.objects.filter(
        authority=OuterRef("pk"), state=RequestState.SUBMITTED, submitted_at__lt=at - LATE_AFTER
    )


def _matters(at: datetime) -> dict[str, QuerySet[Any]]:
    return {
        Matters.LETTERS.value: _open_letters(),
        Matters.CIRCULARS.value: _open_receipts(),
        Matters.REQUESTS.value: _late_requests(at),
    }


def _in_service(province_id: int | None) -> QuerySet[LocalAuthority]:
    found = LocalAuthority.objects.filter(closed_date=None)
    return found if province_id is None else found.filter(province_id=province_id)


def figures(province_id: int | None, *, at: datetime) -> dict[str, int]:
    """Count the authorities by state and by what is open there, in one query: `total`, each state, each matter."""
    found = with_state(_in_service(province_id)).annotate(
        **{f"has_{name}": Exists(rows) for name, rows in _matters(at).items()}
    )
    counted = {state.value: Count("pk", filter=Q(head_state=state)) for state in HeadState}
    counted |= {name: Count("pk", filter=Q(**{f"has_{name}": True})) for name in Matters.values}
    return found.aggregate(total=Count("pk"), **counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfProvince:
    """One province in the table of the nation; `oldest` is since when the longest vacancy lasts."""

    code: str
    name_th: str
    total: int
    counts: dict[str, int]
    oldest: datetime | None


def by_province() -> list[OfProvince]:
    """Count the authorities of each province by state, in one query, in the order of the Thai dictionary."""
    rows = (
        with_state(_in_service(None))
        .annotate(ended_at=_last_until())
        .values("province__code", "province__name_th", "province__sort_key")
        .annotate(
            total=Count("pk"),
            oldest=Min("ended_at", filter=Q(head_state=HeadState.VACANT)),
            **{f"n_{state.value}": Count("pk", filter=Q(head_state=state)) for state in HeadState},
        )
        .order_by("province__sort_key")
    )
    return [
        OfProvince(
            code=row["province__code"],
            name_th=row["province__name_th"],
            total=row["total"],
            counts={state.value: row[f"n_{state.value}"] for state in HeadState},
            oldest=row["oldest"],
        )
        for row in rows
    ]


def _last_until() -> Subquery:
    ended = Tenure.objects.filter(authority=OuterRef("pk"), until_at__isnull=False).order_by("-until_at")
    return Subquery(ended.values("until_at")[:1])


def authorities_by_state(selection: Selection, *, province_id: int | None, at: datetime) -> QuerySet[LocalAuthority]:
    """
    Find authorities with their state, who holds the right, since when, and how much is open there.

    Those of one state come with the longest vacancy first, others in the order of the search.
    """
    found = with_state(search_authorities(selection.words, province_id=province_id, kind=selection.kind))
    if selection.province:
        found = found.filter(province__code=selection.province)
    if selection.state:
        found = found.filter(head_state=selection.state)
    matters = _matters(at)
    if selection.matter:
        found = found.filter(Exists(matters[selection.matter]))
    found = _with_details(found, on=thai_day(at)).annotate(
        **{f"{name}_count": _number_of(rows) for name, rows in matters.items()}
    )
    return found.order_by("ended_at", "sort_key", "pk") if selection.state == HeadState.VACANT else found


def _with_details(found: QuerySet[LocalAuthority], *, on: date) -> QuerySet[LocalAuthority]:
    posts = Appointment.objects.filter(
        in_force(on),
        authority=OuterRef("pk"),
        person=OuterRef("held__person"),
        office=Office.HEAD_OF_FINANCE,
        capacity=OuterRef("held__capacity"),
    ).order_by("-from_date", "-pk")
    return found.annotate(
        ended_at=_last_until(),
        holder_title=F("held__person__title"),
        holder_given_name=F("held__person__given_name"),
        holder_family_name=F("held__person__family_name"),
        held_capacity=F("held__capacity"),
        held_from=F("held__from_at"),
        held_until=Subquery(posts.values("until_date")[:1]),
        suspended_at=F("held__subject__suspended_at"),
    )


def _number_of(rows: QuerySet[Any]) -> Coalesce:
    number = rows.order_by().values("authority").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the right to administer one authority stands, for a sentence."""

    state: HeadState
    holder: str
    capacity: str
    since: datetime | None
    until: date | None


def standing_of(row: Any) -> Standing:
    """Read the standing of an authority as `authorities_by_state` found it."""
    state = HeadState(row.head_state)
    since = {HeadState.VACANT: row.ended_at, HeadState.NEVER: None, HeadState.SUSPENDED: row.suspended_at}
    name = f"{row.holder_title or ''}{row.holder_given_name or ''} {row.holder_family_name or ''}".strip()
    return Standing(
        state=state,
        holder=name,
        capacity=row.held_capacity or "",
        since=since.get(state, row.held_from),
        until=row.held_until,
    )


def standing_of_authority(authority_id: int, *, on: date) -> Standing:
    """How the right to administer one authority stands on a day."""
    found = LocalAuthority.objects.filter(pk=authority_id)
    return standing_of(_with_details(with_state(found), on=on).get())


def open_letters_of(authority_id: int) -> Iterable[LetterCase]:
    """Letters of form 1 of an authority that are at work, oldest first."""
    return LetterCase.objects.filter(authority_id=authority_id, state__in=OPEN_STATES).order_by("received_at", "pk")


def late_requests_of(authority_id: int, *, at: datetime) -> list[AccessRequest]:
    """Requests of an authority that have waited for longer than a week, oldest first; without whose they are."""
    return list(
        AccessRequest.objects.filter(
            authority_id=authority_id, state=RequestState.SUBMITTED, submitted_at__lt=at - LATE_AFTER
        )
        .only("case", "submitted_at")
        .order_by("submitted_at", "pk")
    )
