"""Reads about authorities, persons and posts."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from kunjae.core.text import search_key
from kunjae.organisations.models import (
    Appointment,
    AuthorityEdition,
    Desk,
    LocalAuthority,
    Office,
    Person,
    Posting,
)


def in_force(on: date, *, prefix: str = "") -> Q:
    """Condition: the row's from–until days hold this day (both ends included)."""
    return Q(**{f"{prefix}from_date__lte": on}) & (
        Q(**{f"{prefix}until_date": None}) | Q(**{f"{prefix}until_date__gte": on})
    )


def authorities() -> QuerySet[LocalAuthority]:
    """Authorities with district and province, which always stand beside the name."""
    return LocalAuthority.objects.select_related("district", "province")


def authority_by_code(code: str) -> LocalAuthority | None:
    """Find an authority by today's code, or by one it had."""
    found = authorities().filter(code=code).first()
    if found is None:
        former = AuthorityEdition.objects.filter(code=code).order_by("-from_date").first()
        found = former and authorities().get(pk=former.authority_id)
    return found


def search_authorities(words: str, *, province_id: int | None = None) -> QuerySet[LocalAuthority]:
    """Find authorities by code or by any part of the name, district or province; each word must match."""
    found = authorities().filter(closed_date=None).order_by("sort_key", "id")
    if province_id is not None:
        found = found.filter(province_id=province_id)
    for word in words.split()[:8]:
        found = found.filter(search_key__contains=search_key(word))
    return found


def holds_office(*, person_id: int | None, organisation_id: int, office: Office, on: date) -> bool:
    """Test if this person holds the office, in his own right or acting, on that day."""
    if person_id is None:
        return False
    return (
        Appointment.objects.filter(in_force(on), person_id=person_id, authority_id=organisation_id, office=office)
        .exclude(capacity="delegated")
        .exists()
    )


def appointments_of(person_id: int, *, on: date) -> QuerySet[Appointment]:
    """Posts that a person holds on a day, offices first."""
    return Appointment.objects.filter(in_force(on), person_id=person_id).order_by("-office", "from_date")


def position_of(person_id: int, authority_id: int, *, on: date) -> Appointment | None:
    """The post by which a person is known at an authority on a day: an office before a position."""
    held = list(Appointment.objects.filter(in_force(on), person_id=person_id, authority_id=authority_id))
    held.sort(key=lambda post: (post.office == Office.NONE, post.is_acting, -post.from_date.toordinal()))
    return held[0] if held else None


def office_holder(authority_id: int, office: Office, *, on: date) -> Appointment | None:
    """Who holds an office on a day: the substantive holder before an acting one."""
    held = (
        Appointment.objects.filter(in_force(on), authority_id=authority_id, office=office)
        .exclude(capacity="delegated")
        .select_related("person")
    )
    return min(held, key=lambda post: (post.is_acting, post.from_date), default=None)


def posting_of(person_id: int, *, on: date) -> Posting | None:
    """The desk above the authorities where a person sits on a day."""
    return Posting.objects.filter(in_force(on), person_id=person_id).select_related("province").first()


def persons_at_desk(desk: Desk, *, province_id: int | None, on: date) -> QuerySet[Person]:
    """Persons who sit at a desk on a day."""
    return Person.objects.filter(
        pk__in=Posting.objects.filter(in_force(on), desk=desk, province_id=province_id).values("person_id")
    )


def signing_title(person_id: int | None, authority_id: int, *, on: date) -> str:
    """
    In what words a person signs for an authority on a day: the position, and the post acted for.

    As on the form: นักวิชาการเงินและบัญชีชำนาญการ รักษาราชการแทน ผู้อำนวยการกองคลัง.
    """
    if person_id is None:
        return ""
    held = list(Appointment.objects.filter(in_force(on), person_id=person_id, authority_id=authority_id))
    own = [post.position_th for post in held if not post.is_acting]
    acting = [f"{post.get_capacity_display()} {post.position_th}" for post in held if post.is_acting]
    return " ".join(own[:1] + acting[:1])


def names_of_persons(ids: Iterable[int]) -> dict[int, str]:
    """Names of persons by id, in one query."""
    return {person.pk: person.full_name for person in Person.objects.filter(pk__in=set(ids))}
