"""Who holds which right where: every answer is a WHERE clause (D8, T-09)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.entitlements import permissions
from kunjae.entitlements.models import AccessGroup, Grant, GroupEdition, GroupPermission, Holders, Tenure
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import Appointment, Capacity, Desk, LocalAuthority, Office, Posting
from kunjae.organisations.queries import in_force


def open_at(at: datetime) -> Q:
    """Condition: the tenure's half-open interval holds this instant."""
    return Q(from_at__lte=at) & (Q(until_at=None) | Q(until_at__gt=at))


def grants_in_force(on: date) -> QuerySet[Grant]:
    """Memberships that hold on a day and were not ended."""
    return Grant.objects.filter(in_force(on), ended_at=None)


def editions_on(on: date) -> QuerySet[GroupEdition]:
    """What each group is called and opens on a day; a group without one is not in force."""
    return GroupEdition.objects.filter(in_force(on)).select_related("group").order_by("group__sort_order")


def edition_on(group_code: str, *, on: date) -> GroupEdition | None:
    """One group as the catalogue holds it on a day."""
    return editions_on(on).filter(group__code=group_code).first()


def groups_for_officers(on: date) -> QuerySet[GroupEdition]:
    """Groups that a head may hand to officers on a day."""
    return editions_on(on).filter(holders=Holders.OFFICERS)


def groups_for_executives(on: date) -> QuerySet[GroupEdition]:
    """Groups that a head may hand to the chief executive and the clerk on a day (clause 2)."""
    return editions_on(on).filter(holders=Holders.EXECUTIVES)


def tenure_of(authority_id: int, *, at: datetime) -> Tenure | None:
    """The tenure that is open at an instant; None is VACANT."""
    return Tenure.objects.filter(open_at(at), authority_id=authority_id).select_related("person", "subject").first()


def tenures_of(person_id: int | None, *, at: datetime) -> QuerySet[Tenure]:
    """The authorities that a person administers at an instant."""
    return Tenure.objects.filter(
        open_at(at),
        person_id=person_id,
        contested_at=None,
        subject__state=SubjectState.ACTIVE,
        subject__person_id=person_id,
    ).select_related("authority__district", "authority__province")


def where_permitted(actor: Actor, permission: str, *, at: datetime) -> Q:
    """
    Condition on `LocalAuthority`: the authorities in which the actor has the permission.

    Nobody has anything by default; a closed or suspended account has nothing (I5).
    """
    nowhere = Q(pk__in=[])
    if not actor.is_person:
        return nowhere
    on, where = thai_day(at), nowhere
    if permission in permissions.OF_TENURE:
        where |= Q(pk__in=tenures_of(actor.person_id, at=at).filter(subject_id=actor.subject_id).values("authority_id"))
    opened = GroupPermission.objects.filter(
        in_force(on, prefix="edition__"), permission=permission, edition__group=OuterRef("group")
    )
    where |= Q(
        pk__in=grants_in_force(on)
        .filter(Exists(opened), subject_id=actor.subject_id, subject__state=SubjectState.ACTIVE)
        .values("authority_id")
    )
    for office, of_office in permissions.OF_OFFICE.items():
        if permission in of_office:
            where |= Q(pk__in=_offices_of(actor, office, on=on).values("authority_id"))
    here = Posting.objects.filter(in_force(on), person_id=actor.person_id)
    if permission in permissions.OF_DESK[Desk.DEPARTMENT]:
        where |= Q(Exists(here.filter(desk=Desk.DEPARTMENT)))
    if permission in permissions.OF_DESK[Desk.PROVINCE]:
        where |= Q(province_id__in=here.filter(desk=Desk.PROVINCE).values("province_id"))
    return where


def _offices_of(actor: Actor, office: Office, *, on: date) -> QuerySet[Appointment]:
    """Where the actor holds an office on a day, in his own right or acting, with an account in use."""
    signs_in = Subject.objects.filter(pk=actor.subject_id, person_id=actor.person_id, state=SubjectState.ACTIVE)
    return Appointment.objects.filter(in_force(on), Exists(signs_in), person_id=actor.person_id, office=office).exclude(
        capacity=Capacity.DELEGATED
    )


def organisations_with(actor: Actor, permission: str, *, at: datetime) -> QuerySet[LocalAuthority]:
    """The authorities in which the actor has the permission."""
    return LocalAuthority.objects.filter(where_permitted(actor, permission, at=at))


def grants_of_subject(subject_id: int, *, on: date) -> QuerySet[Grant]:
    """A person's memberships on a day, in the order of the catalogue."""
    return (
        grants_in_force(on)
        .filter(subject_id=subject_id)
        .select_related("group", "authority__district", "authority__province", "granted_by")
        .order_by("authority__sort_key", "group__sort_order")
    )


def group_names(on: date, language: str, *, codes: Iterable[str] | None = None) -> dict[str, str]:
    """Names of groups by code, as of a day; a group that ended keeps its last name."""
    editions = GroupEdition.objects.select_related("group").filter(from_date__lte=on).order_by("from_date")
    if codes is not None:
        editions = editions.filter(group__code__in=list(codes))
    return {edition.group.code: edition.name(language) for edition in editions}


def with_group_names(grants: QuerySet[Grant], *, on: date, language: str) -> QuerySet[Grant]:
    """Add `group_name`: what the group of each grant is called on a day, or was called last."""
    editions = GroupEdition.objects.filter(group=OuterRef("group"), from_date__lte=on).order_by("-from_date")
    name = "name_en" if language == "en" else "name_th"
    return grants.annotate(group_name=Subquery(editions.values(name)[:1]))


def holds_tenure(person_id: int, *, at: datetime) -> bool:
    """Test if a person holds the right to administer any authority, whatever the state of the account."""
    return Tenure.objects.filter(open_at(at), person_id=person_id).exists()


def is_contested(person_id: int) -> bool:
    """Test if somebody says of a right that a person holds that it was obtained by fraud."""
    return Tenure.objects.filter(person_id=person_id, until_at=None, contested_at__isnull=False).exists()


def grants_given_in(tenure: Tenure) -> QuerySet[Grant]:
    """Memberships that the holder of a tenure gave in its authority while it was open, ended or not."""
    given = Grant.objects.filter(
        authority_id=tenure.authority_id, granted_by_id=tenure.person_id, granted_at__gte=tenure.from_at
    )
    return given if tenure.until_at is None else given.filter(granted_at__lte=tenure.until_at)


def groups_with_members(authority_id: int, *, on: date) -> QuerySet[AccessGroup]:
    """Groups of the catalogue in force, each with its members in one authority (`members`)."""
    members = Prefetch(
        "grants",
        queryset=grants_in_force(on)
        .filter(authority_id=authority_id)
        .select_related("subject", "person", "granted_by")
        .order_by("person__sort_key"),
        to_attr="members",
    )
    editions = Prefetch("editions", queryset=GroupEdition.objects.filter(in_force(on)), to_attr="in_force")
    return (
        AccessGroup.objects.filter(Exists(GroupEdition.objects.filter(in_force(on), group=OuterRef("pk"))))
        .prefetch_related(editions, members)
        .order_by("sort_order")
    )
