"""Persons, the posts they hold and the units they work in."""

from datetime import date, datetime

from django.db.models import Q

from kunjae.audit.change import state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.text import search_key, sort_key
from kunjae.core.verdict import Denied
from kunjae.organisations.models import (
    Appointment,
    Capacity,
    Desk,
    LocalAuthority,
    Office,
    Person,
    PersonName,
    Posting,
    Province,
    Unit,
)


def _keys_of(given_name: str, family_name: str) -> dict[str, str]:
    name = f"{given_name} {family_name}".strip()
    return {"search_key": search_key(name), "sort_key": sort_key(name)}


def register_person(
    *, actor: Actor, title: str, given_name: str, family_name: str, organisation_id: int | None, at: datetime
) -> Person:
    """Enter a person, known from now on by one row; `organisation_id` is whose record tells it."""
    with state_change(actor=actor, at=at) as change:
        person = Person.objects.create(
            public_id=identifiers.public_id(),
            title=title,
            given_name=given_name,
            family_name=family_name,
            **_keys_of(given_name, family_name),
        )
        PersonName.objects.create(
            person=person, title=title, given_name=given_name, family_name=family_name, from_date=thai_day(at)
        )
        change.record(
            "person.registered",
            person,
            organisation_id=organisation_id,
            subject_person_id=person.pk,
            person=person.full_name,
        )
    return person


def rename_person(
    *,
    actor: Actor,
    person_id: int,
    title: str,
    given_name: str,
    family_name: str,
    organisation_id: int | None,
    at: datetime,
    document: str = "",
) -> Person:
    """
    Give a person another name from today; the former one stays in the history.

    `document` says on the ground of which paper, as the record keeps it.

    :raises Denied: `name_unchanged`
    """
    with state_change(actor=actor, at=at) as change:
        person = Person.objects.select_for_update().get(pk=person_id)
        former, today = person.full_name, thai_day(at)
        if (person.title, person.given_name, person.family_name) == (title, given_name, family_name):
            raise Denied("name_unchanged")
        open_name = PersonName.objects.get(person=person, until_date=None)
        if open_name.from_date == today:
            open_name.change_to(title=title, given_name=given_name, family_name=family_name)
        else:
            open_name.change_to(until_date=today)
            PersonName.objects.create(
                person=person, title=title, given_name=given_name, family_name=family_name, from_date=today
            )
        person.change_to(
            title=title, given_name=given_name, family_name=family_name, **_keys_of(given_name, family_name)
        )
        change.record(
            "person.renamed",
            person,
            organisation_id=organisation_id,
            subject_person_id=person.pk,
            person=person.full_name,
            former=former,
            document=document,
        )
    return person


def appoint(
    *,
    actor: Actor,
    person: Person,
    authority: LocalAuthority,
    position_th: str,
    from_date: date,
    at: datetime,
    office: Office = Office.NONE,
    capacity: Capacity = Capacity.SUBSTANTIVE,
    unit: Unit | None = None,
    order_number: str = "",
    order_date: date | None = None,
    order_signer: str = "",
    until_date: date | None = None,
) -> Appointment:
    """
    Record that a person holds a post of an authority, from a day.

    :raises Denied: `post_is_held` if the office has another substantive holder
    """
    with state_change(actor=actor, at=at) as change:
        if (
            office != Office.NONE
            and capacity == Capacity.SUBSTANTIVE
            and Appointment.objects.select_for_update()
            .filter(authority=authority, office=office, capacity=capacity, until_date=None)
            .exists()
        ):
            raise Denied("post_is_held")
        appointment = Appointment.objects.create(
            person=person,
            authority=authority,
            unit=unit,
            office=office,
            position_th=position_th,
            capacity=capacity,
            order_number=order_number,
            order_date=order_date,
            order_signer=order_signer,
            from_date=from_date,
            until_date=until_date,
        )
        change.record(
            "appointment.made",
            appointment,
            organisation_id=authority.pk,
            subject_person_id=person.pk,
            person=person.full_name,
            position=position_th,
            capacity=capacity,
            order_number=order_number,
            from_date=from_date,
        )
    return appointment


def end_appointment(*, actor: Actor, appointment_id: int, until_date: date, at: datetime) -> Appointment:
    """
    Record the last day of a post; one that is planned for a later day is brought forward.

    :raises Denied: `appointment_ended`, or `end_not_earlier` than the planned one
    """
    with state_change(actor=actor, at=at) as change:
        post = Appointment.objects.select_for_update(of=("self",)).select_related("person").get(pk=appointment_id)
        planned = post.until_date
        about = {"organisation_id": post.authority_id}
        # The past stays as it is.
        if planned is not None and planned <= thai_day(at):
            raise Denied("appointment_ended", about)
        if planned is not None and until_date >= planned:
            raise Denied("end_not_earlier", about)
        post.change_to(until_date=until_date)
        change.record(
            "appointment.ended" if planned is None else "appointment.shortened",
            post,
            organisation_id=post.authority_id,
            subject_person_id=post.person_id,
            person=post.person.full_name,
            position=post.position_th,
            until_date=until_date,
            planned_date=planned,
        )
    return post


def post_to_desk(
    *,
    actor: Actor,
    person: Person,
    desk: Desk,
    position_th: str,
    from_date: date,
    at: datetime,
    province: Province | None = None,
    order_number: str = "",
) -> Posting:
    """Record that a person sits at the department's desk or at a province's office."""
    with state_change(actor=actor, at=at) as change:
        posting = Posting.objects.create(
            person=person,
            desk=desk,
            province=province,
            position_th=position_th,
            order_number=order_number,
            from_date=from_date,
        )
        change.record(
            "posting.made",
            posting,
            organisation_id=None,
            subject_person_id=person.pk,
            person=person.full_name,
            desk=desk,
            province=province.name_th if province else "",
        )
    return posting


def end_posting(*, actor: Actor, posting_id: int, until_date: date, at: datetime) -> Posting:
    """
    Record the last day of a person at a desk; from the day after he looks across no authority.

    :raises Denied: `posting_ended`
    """
    with state_change(actor=actor, at=at) as change:
        posting = Posting.objects.select_for_update(of=("self",)).select_related("person").get(pk=posting_id)
        if posting.until_date is not None:
            raise Denied("posting_ended")
        posting.change_to(until_date=until_date)
        change.record(
            "posting.ended",
            posting,
            organisation_id=None,
            subject_person_id=posting.person_id,
            person=posting.person.full_name,
            desk=posting.desk,
            until_date=until_date,
        )
    return posting


def add_unit(*, actor: Actor, authority: LocalAuthority, name_th: str, at: datetime) -> Unit:
    """
    Enter a division of an authority.

    :raises Denied: `unit_is_known`
    """
    with state_change(actor=actor, at=at) as change:
        if Unit.objects.filter(authority=authority, name_th=name_th, closed_date=None).exists():
            raise Denied("unit_is_known", {"organisation_id": authority.pk})
        unit = Unit.objects.create(authority=authority, name_th=name_th, sort_key=sort_key(name_th))
        change.record("unit.added", unit, organisation_id=authority.pk, unit=name_th)
    return unit


def close_unit(*, actor: Actor, unit_id: int, authority: LocalAuthority, at: datetime) -> Unit:
    """
    Close a division of an authority from today; it stays on record.

    :raises Unit.DoesNotExist: if the authority has no such unit
    :raises Denied: `unit_is_closed`, `unit_is_staffed`
    """
    today, about = thai_day(at), {"organisation_id": authority.pk}
    with state_change(actor=actor, at=at) as change:
        unit: Unit = Unit.objects.select_for_update().get(pk=unit_id, authority=authority)
        if unit.closed_date is not None:
            raise Denied("unit_is_closed", about)
        if Appointment.objects.filter(Q(until_date=None) | Q(until_date__gt=today), unit=unit).exists():
            raise Denied("unit_is_staffed", about)
        unit.change_to(closed_date=today)
        change.record("unit.closed", unit, organisation_id=authority.pk, unit=unit.name_th)
    return unit
