"""Reads about authorities, persons and posts."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Case, Q, QuerySet, When

from kunjae.core.numerals import to_ascii_digits
from kunjae.core.phones import clean_phone, mailbox_key
from kunjae.core.text import search_key
from kunjae.core.unacceptable import Unacceptable
from kunjae.organisations.models import (
    Appointment,
    AuthorityEdition,
    ContactChange,
    Desk,
    LocalAuthority,
    LookUp,
    Office,
    Person,
    PersonName,
    Posting,
    Province,
    Unit,
)
from kunjae.organisations.register.names import NAME_BEGINS

WORDS_MAX = 8
_CODE = re.compile("0?([0-9]{7})")
_DIGITS = re.compile("[0-9]{4,10}")


def in_force(on: date, *, prefix: str = "") -> Q:
    """Condition: the row's from–until days hold this day (both ends included)."""
    return Q(**{f"{prefix}from_date__lte": on}) & (
        Q(**{f"{prefix}until_date": None}) | Q(**{f"{prefix}until_date__gte": on})
    )


def authorities() -> QuerySet[LocalAuthority]:
    """Authorities with district and province, which always stand beside the name."""
    return LocalAuthority.objects.select_related("district", "province")


def authority_by_code(code: str) -> LocalAuthority | None:
    """Find an authority by today's code, or by one it had; a zero before it and Thai digits do not matter."""
    match = _CODE.fullmatch(to_ascii_digits(code))
    if match is None:
        return None
    bare = match[1]
    found = authorities().filter(code=bare).first()
    if found is None:
        former = AuthorityEdition.objects.filter(code=bare).order_by("-from_date").first()
        found = former and authorities().get(pk=former.authority_id)
    return found


def search_authorities(words: str, *, province_id: int | None = None, kind: str = "") -> QuerySet[LocalAuthority]:
    """
    Find authorities by code or by any part of the name, district or province; each word must match.

    A whole telephone number finds those whose number of record it is; four of its digits or more match as a word.
    First come those whose name is one of the words, then those whose name begins with one, then those that are
    found by their place or their past.
    """
    found = authorities().filter(closed_date=None)
    if province_id is not None:
        found = found.filter(province_id=province_id)
    if kind:
        found = found.filter(kind=kind)
    if number := _phone_in(words):
        return found.filter(Q(phone=number) | Q(phone__startswith=f"{number}x")).order_by("sort_key", "id")
    keys = [key for key in map(search_key, words.split()[:WORDS_MAX]) if key]
    if not keys:
        return found.order_by("sort_key", "id")
    is_named = begins = Q()
    for key in keys:
        matches = Q(search_key__contains=key)
        if _DIGITS.fullmatch(key):
            matches |= Q(phone__contains=key)
        found = found.filter(matches)
        is_named |= Q(search_key__contains=f"{NAME_BEGINS}{key} ")
        begins |= Q(search_key__contains=f"{NAME_BEGINS}{key}")
    rank = Case(When(is_named, then=0), When(begins, then=1), default=2)
    return found.order_by(rank, "sort_key", "id")


def _phone_in(words: str) -> str:
    """Read the words as one telephone number; nothing if they are none."""
    try:
        return clean_phone(words)
    except Unacceptable:
        return ""


def provinces() -> QuerySet[Province]:
    """The provinces in the order of the Thai dictionary."""
    return Province.objects.order_by("sort_key", "id")


def editions_of(authority_id: int) -> QuerySet[AuthorityEdition]:
    """What an authority was called and coded, the present first."""
    return (
        AuthorityEdition.objects.filter(authority_id=authority_id)
        .select_related("district__province")
        .order_by("-from_date", "-id")
    )


def look_ups_of(authority_id: int) -> QuerySet[LookUp]:
    """Who at a desk looked at an authority, the last first (D16)."""
    return LookUp.objects.filter(authority_id=authority_id).select_related("person").order_by("-at", "-id")


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
    return foremost(Appointment.objects.filter(in_force(on), person_id=person_id, authority_id=authority_id))


def foremost(posts: Iterable[Appointment]) -> Appointment | None:
    """Of posts that a person holds at one authority, the one by which he is known: an office before a position."""
    return min(
        posts, key=lambda post: (post.office == Office.NONE, post.is_acting, -post.from_date.toordinal()), default=None
    )


def office_holder(authority_id: int, office: Office, *, on: date) -> Appointment | None:
    """Who holds an office on a day: the substantive holder before an acting one."""
    held = (
        Appointment.objects.filter(in_force(on), authority_id=authority_id, office=office)
        .exclude(capacity="delegated")
        .select_related("person")
    )
    return min(held, key=lambda post: (post.is_acting, post.from_date), default=None)


def office_holders(authority_id: int, *, on: date) -> list[Appointment]:
    """Who holds the offices of an authority on a day, in the letter's order, the substantive holder first."""
    held = (
        Appointment.objects.filter(in_force(on), authority_id=authority_id)
        .exclude(office=Office.NONE)
        .exclude(capacity="delegated")
        .select_related("person")
    )
    order = list(Office)
    return sorted(held, key=lambda post: (order.index(Office(post.office)), post.is_acting, post.from_date))


def posting_of(person_id: int | None, *, on: date) -> Posting | None:
    """The desk above the authorities where a person sits on a day; the department's, if he sits at two."""
    if person_id is None:
        return None
    return (
        Posting.objects.filter(in_force(on), person_id=person_id)
        .select_related("province")
        .order_by("desk", "from_date", "pk")
        .first()
    )


def postings_without_end(person_id: int) -> list[Posting]:
    """The postings of a person of which no last day is known."""
    return list(Posting.objects.filter(person_id=person_id, until_date=None).order_by("pk"))


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


def contact_of(place: LocalAuthority | Province) -> tuple[str, str]:
    """The e-mail and the telephone that are on record for an authority, or for a province's office."""
    if isinstance(place, LocalAuthority):
        return place.central_email, place.phone
    return place.office_email, place.office_phone


def contact_changes(place: LocalAuthority | Province) -> QuerySet[ContactChange]:
    """How the addresses of record of a place came to be, the newest proposal first."""
    of_place = {"authority": place} if isinstance(place, LocalAuthority) else {"province": place}
    return (
        ContactChange.objects.filter(**of_place)
        .select_related("proposed_by", "confirmed_by", "withdrawn_by", "authority", "province")
        .order_by("-proposed_at", "-pk")
    )


def former_email(authority: LocalAuthority, *, since: datetime) -> str:
    """
    The e-mail of an authority that stood on record before the changes since an instant; empty if none was replaced.

    The oldest of them counts: by changing twice nobody washes it away.
    """
    changed = contact_changes(authority).filter(confirmed_at__gt=since).order_by("confirmed_at", "pk")
    former = [email for email in changed.values_list("former_email", flat=True) if email]
    if not former or mailbox_key(former[0]) == mailbox_key(authority.central_email):
        return ""
    return former[0]


def open_contact_change(place: LocalAuthority | Province) -> ContactChange | None:
    """The proposal that waits for another person, if there is one."""
    return contact_changes(place).filter(confirmed_at=None, withdrawn_at=None).first()


def contact_change(public_id: str) -> ContactChange:
    """
    One proposal with its place.

    :raises ContactChange.DoesNotExist: if there is none of this id
    """
    return ContactChange.objects.select_related("authority", "province", "proposed_by").get(public_id=public_id)


def contact_changes_that_wait() -> QuerySet[ContactChange]:
    """All proposals that wait for another person, the oldest first."""
    return (
        ContactChange.objects.filter(confirmed_at=None, withdrawn_at=None)
        .select_related("proposed_by", "authority__district", "authority__province", "province")
        .order_by("proposed_at", "pk")
    )


def is_namesake(person_id: int | None, other: Person) -> bool:
    """Test if a person bears the name of another: somebody entered twice, as far as anybody can see."""
    return Person.objects.filter(pk=person_id, search_key=other.search_key).exists()


def units_of(authority_id: int) -> QuerySet[Unit]:
    """Divisions of an authority, the closed ones too, in the order of names."""
    return Unit.objects.filter(authority_id=authority_id).order_by("sort_key", "pk")


def former_names(person_id: int) -> list[PersonName]:
    """What a person was called before, the last name first."""
    return list(PersonName.objects.filter(person_id=person_id).exclude(until_date=None).order_by("-until_date", "-pk"))
