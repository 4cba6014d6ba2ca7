"""Reads of circulars: which went to whom, and who has not answered yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from kunjae.circulars.models import REMINDED_AGAIN_AFTER, Audience, Circular, Receipt
from kunjae.core.text import search_key
from kunjae.entitlements.models import Tenure
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import Desk, LocalAuthority, Office, Person, Posting, Province
from kunjae.organisations.queries import in_force

PROVINCES_ALONE = "province"
"""The word of the filter by kind that means the provincial offices."""

WORDS_MAX = 8


def circulars() -> QuerySet[Circular]:
    """Circulars with who prepared and sent them: drafts first, then the last sent first."""
    return Circular.objects.select_related("prepared_by", "sent_by", "file").order_by(
        F("sent_at").desc(nulls_first=True), "-pk"
    )


def figures_of(circular_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Count how many recipients circulars reached, and how many opened and acknowledged, in one query for all."""
    rows = (
        Receipt.objects.filter(circular_id__in=circular_ids)
        .values("circular_id")
        .annotate(
            reached=Count("pk"),
            opened=Count("pk", filter=Q(opened_at__isnull=False)),
            acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)),
        )
        .order_by()
    )
    return {row["circular_id"]: row for row in rows}


def recipients() -> QuerySet[Receipt]:
    """Receipts with their recipients, without the letter: of thousands of rows it is one and the same."""
    return Receipt.objects.select_related(
        "authority__district", "authority__province", "province", "opened_by", "acknowledged_by"
    ).defer("authority__search_key")


def receipts() -> QuerySet[Receipt]:
    """Receipts with their recipients and the letter itself."""
    return Receipt.objects.select_related(
        "circular", "authority__district", "authority__province", "province", "opened_by", "acknowledged_by"
    )


def not_acknowledged(*, authority_ids: Collection[int] = (), province_id: int | None = None) -> QuerySet[Receipt]:
    """What still waits to be acknowledged by these authorities, or by this provincial office; the next due first."""
    waiting = Q(authority_id__in=list(authority_ids))
    if province_id is not None:
        waiting |= Q(province_id=province_id)
    return (
        Receipt.objects.filter(waiting, acknowledged_at=None)
        .select_related("circular", "authority", "province")
        .defer("circular__body", "authority__search_key")
        .order_by(F("circular__due_date").asc(nulls_last=True), "-circular__sent_at", "pk")
    )


def receipts_of(*, authority_ids: Collection[int] = (), province_id: int | None = None) -> QuerySet[Receipt]:
    """All that came to these authorities, or to this provincial office: what waits first, then the newest."""
    mine = Q(authority_id__in=list(authority_ids))
    if province_id is not None:
        mine |= Q(province_id=province_id)
    return (
        receipts()
        .filter(mine)
        .defer("circular__body", "authority__search_key")
        .order_by(F("acknowledged_at").desc(nulls_first=True), "-circular__sent_at", "authority__sort_key", "pk")
    )


# --- To whom ----------------------------------------------------------------------------------------------------


def authorities_addressed(circular: Circular) -> QuerySet[LocalAuthority]:
    """The authorities that a circular is meant for, in the order in which they are reached."""
    found = LocalAuthority.objects.filter(closed_date=None).order_by("pk")
    if circular.audience == Audience.PROVINCES:
        return found.filter(province__code__in=circular.limited_to)
    if circular.audience == Audience.KINDS:
        return found.filter(kind__in=circular.limited_to)
    return found


def provinces_addressed(circular: Circular) -> QuerySet[Province]:
    """The provincial offices that pass a circular on: those that have such authorities."""
    ids = authorities_addressed(circular).order_by().values("province_id")
    return Province.objects.filter(pk__in=ids).order_by("sort_key", "pk")


# --- Addresses --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """Where a notice goes, to whom, and in which language."""

    email: str
    language: str = "th"
    person: Person | None = None


def addresses_of_authorities(authority_ids: Collection[int], *, on: date) -> dict[int, list[Address]]:
    """
    The e-mail addresses of authorities by their ids, in two queries: the central one and that of the head.

    Where nobody holds the right to administer, the clerk is told instead.
    """
    found: dict[int, list[Address]] = {pk: [] for pk in authority_ids}
    heads = {
        tenure.authority_id: tenure.subject
        for tenure in Tenure.objects.filter(
            authority_id__in=authority_ids, until_at=None, subject__state=SubjectState.ACTIVE
        ).select_related("subject__person")
    }
    central = LocalAuthority.objects.filter(pk__in=authority_ids).values_list("pk", "central_email")
    clerks = _clerks([pk for pk, _email in central if pk not in heads], on=on)
    for pk, email in central:
        if email:
            found[pk].append(Address(email))
        if (subject := heads.get(pk) or clerks.get(pk)) is not None and subject.email:
            found[pk].append(Address(subject.email, subject.language, subject.person))
    return {pk: _once(addresses) for pk, addresses in found.items()}


def _clerks(authority_ids: Collection[int], *, on: date) -> dict[int, Subject]:
    return clerks_of(authority_ids, on=on) if authority_ids else {}


def clerks_of(authority_ids: Collection[int], *, on: date) -> dict[int, Subject]:
    """Accounts in use of the clerks of authorities, by authority."""
    subjects = (
        Subject.objects.filter(state=SubjectState.ACTIVE, person__appointments__authority_id__in=authority_ids)
        .filter(
            in_force(on, prefix="person__appointments__"),
            person__appointments__office=Office.CHIEF_ADMINISTRATOR,
        )
        .annotate(clerk_of=F("person__appointments__authority_id"))
        .select_related("person")
        .order_by("pk")
    )
    return {subject.clerk_of: subject for subject in subjects if subject.clerk_of in set(authority_ids)}


def addresses_of_provinces(province_ids: Collection[int], *, on: date) -> dict[int, list[Address]]:
    """The e-mail addresses of provincial offices by their ids: that of record, and those of who sits there."""
    found: dict[int, list[Address]] = {pk: [] for pk in province_ids}
    for pk, email in (
        Province.objects.filter(pk__in=province_ids).exclude(office_email="").values_list("pk", "office_email")
    ):
        found[pk].append(Address(email))
    seated = Posting.objects.filter(in_force(on), desk=Desk.PROVINCE, province_id__in=province_ids)
    accounts = Subject.objects.filter(
        state=SubjectState.ACTIVE, person_id__in=[posting.person_id for posting in seated]
    ).select_related("person")
    by_person = {subject.person_id: subject for subject in accounts if subject.email}
    for posting in seated:
        subject = by_person.get(posting.person_id)
        if subject is not None and posting.province_id is not None:
            found[posting.province_id].append(Address(subject.email, subject.language, subject.person))
    return {pk: _once(addresses) for pk, addresses in found.items()}


def _once(addresses: list[Address]) -> list[Address]:
    return list({address.email.lower(): address for address in addresses}.values())


# --- Follow-up --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What the follow-up is narrowed down to."""

    words: str = ""
    province: str = ""
    kind: str = ""
    state: str = ""


STATES = {
    "acknowledged": Q(acknowledged_at__isnull=False),
    "opened": Q(acknowledged_at=None, opened_at__isnull=False),
    "unopened": Q(opened_at=None),
    "waiting": Q(acknowledged_at=None),
}
"""How far a recipient got, as the filter of the follow-up names it."""


def follow_up(circular_id: int, selection: Selection, *, province_id: int | None) -> QuerySet[Receipt]:
    """
    Read how far a circular got with each recipient; with `province_id` with the authorities of one province.

    In the order of provinces, the provincial office before its authorities.
    """
    found = recipients().filter(circular_id=circular_id)
    if province_id is not None:
        found = found.filter(authority__province_id=province_id)
    if selection.province:
        found = found.filter(Q(authority__province__code=selection.province) | Q(province__code=selection.province))
    if selection.kind == PROVINCES_ALONE:
        found = found.filter(province__isnull=False)
    elif selection.kind:
        found = found.filter(authority__kind=selection.kind)
    if selection.state:
        found = found.filter(STATES[selection.state])
    for key in filter(None, map(search_key, selection.words.split()[:WORDS_MAX])):
        found = found.filter(Q(authority__search_key__contains=key) | Q(province__name_th__contains=key))
    province_key = Coalesce("authority__province__sort_key", "province__sort_key")
    return found.order_by(province_key, F("authority__sort_key").asc(nulls_first=True), "pk")


def figures(circular_id: int, *, province_id: int | None = None) -> dict[str, int]:
    """Count the recipients of a circular by how far they got, in one query; `total`, and each of `STATES`."""
    found = Receipt.objects.filter(circular_id=circular_id)
    if province_id is not None:
        found = found.filter(authority__province_id=province_id)
    return found.aggregate(
        total=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in STATES.items()}
    )


def to_be_reminded(circular_id: int, *, at: datetime) -> QuerySet[Receipt]:
    """Receipts not acknowledged whose recipient has an address and was not reminded for seven days."""
    heads = Tenure.objects.filter(
        authority=OuterRef("authority"), until_at=None, subject__state=SubjectState.ACTIVE
    ).exclude(subject__email="")
    seated = Posting.objects.filter(
        desk=Desk.PROVINCE, province=OuterRef("province"), until_date=None, person__subjects__state=SubjectState.ACTIVE
    )
    return (
        Receipt.objects.filter(circular_id=circular_id, acknowledged_at=None)
        .filter(Q(reminded_at=None) | Q(reminded_at__lte=at - REMINDED_AGAIN_AFTER))
        .filter(
            (Q(authority__isnull=False) & ~Q(authority__central_email=""))
            | Q(Exists(heads))
            | (Q(province__isnull=False) & ~Q(province__office_email=""))
            | Q(Exists(seated))
        )
    )
