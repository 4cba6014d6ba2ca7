"""
Who is chief executive or clerk, as the head of finance records it (clause 2, L-20, L-22).

The register of authorities names no persons: who took office and who left it is known here first.
"""

from datetime import date, datetime

from django.db.models import Q

from kunjae.access_requests import policies as requests
from kunjae.access_requests.operations.executives import GROUP_OF_OFFICE
from kunjae.access_requests.operations.numbering import next_case
from kunjae.audit.change import state_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements import permissions, policies
from kunjae.entitlements.models import EndOfGrant, Grant
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Subject, SubjectState
from kunjae.identity.operations import Issued
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Appointment, Capacity, LocalAuthority, Office, Person
from kunjae.organisations.queries import in_force
from kunjae.revocation import operations as revocation


def record_executive(
    *,
    actor: Actor,
    authority: LocalAuthority,
    office: Office,
    capacity: Capacity,
    position_th: str,
    person: Person | None,
    title: str,
    given_name: str,
    family_name: str,
    from_date: date,
    order_number: str,
    order_date: date | None,
    at: datetime,
) -> Appointment:
    """
    Record that somebody took office as chief executive or clerk; the access itself is given afterwards.

    `person` is who is known here already; without one, a person of that name is registered.

    :raises Denied: as `entitlements.policies.may` says; `own_case`, `own_name`, `not_an_executive_office`,
        `office_begins_later`, `in_office_already`, or `post_is_held`
    """
    about = {"organisation_id": authority.pk}
    with state_change(actor=actor, at=at):
        policies.lock_tenure(authority.pk)
        policies.may(actor, permissions.RECORD_POST, authority.pk, at=at).enforce()
        if office not in GROUP_OF_OFFICE or capacity == Capacity.DELEGATED:
            raise Denied("not_an_executive_office", about)
        if from_date > thai_day(at):
            raise Denied("office_begins_later", about)
        if person is not None and person.pk == actor.person_id:
            raise Denied("own_case", about)
        named = (person.given_name, person.family_name) if person is not None else (given_name, family_name)
        requests.bears_another_name(actor, authority.pk, *named).enforce()
        held = Appointment.objects.filter(in_force(thai_day(at)), authority=authority, office=office)
        if person is not None and held.filter(person=person).exclude(capacity=Capacity.DELEGATED).exists():
            raise Denied("in_office_already", about)
        # The former one's last day may be the new one's first.
        stays = Q(until_date=None) | Q(until_date__gt=from_date)
        if capacity == Capacity.SUBSTANTIVE and held.filter(stays, capacity=capacity).exists():
            raise Denied("post_is_held", about)
        if person is None:
            person = organisations.register_person(
                actor=actor,
                title=title,
                given_name=given_name,
                family_name=family_name,
                organisation_id=authority.pk,
                at=at,
            )
        return organisations.appoint(
            actor=actor,
            person=person,
            authority=authority,
            office=office,
            capacity=capacity,
            position_th=position_th,
            from_date=from_date,
            order_number=order_number,
            order_date=order_date,
            at=at,
        )


def record_leaving(*, actor: Actor, appointment_id: int, until_date: date, at: datetime) -> Appointment:
    """
    Record that an executive left office; the access that went with the office ends at once (L-22).

    A planned end may be brought forward to a day still to come; the access then ends with that day.

    :raises Denied: as `entitlements.policies.may` and `organisations.operations.end_appointment` say; `own_case`,
        `leaving_in_the_future`, or `left_before_taking_office`
    """
    with state_change(actor=actor, at=at):
        post = Appointment.objects.select_for_update().get(pk=appointment_id, office__in=GROUP_OF_OFFICE)
        about = {"organisation_id": post.authority_id}
        policies.lock_tenure(post.authority_id)
        policies.may(actor, permissions.RECORD_POST, post.authority_id, at=at).enforce()
        if actor.person_id == post.person_id:
            raise Denied("own_case", about)
        has_left = until_date <= thai_day(at)
        if not has_left and post.until_date is None:
            raise Denied("leaving_in_the_future", about)
        if until_date < post.from_date:
            raise Denied("left_before_taking_office", about)
        ended = organisations.end_appointment(actor=actor, appointment_id=appointment_id, until_date=until_date, at=at)
        for grant_id in _access_of(post, on=thai_day(at)):
            if not has_left:
                entitlements.shorten_grant(actor=actor, grant_id=grant_id, until_date=until_date, at=at)
                continue
            revocation.remove_from_group(actor=actor, grant_id=grant_id, reason=EndOfGrant.LEFT_DUTY, note="", at=at)
    return ended


def _access_of(post: Appointment, *, on: date) -> list[int]:
    """The memberships that rest on this post alone: not where the person holds the office by another one."""
    others = Appointment.objects.filter(
        in_force(on), person_id=post.person_id, authority_id=post.authority_id, office=post.office
    )
    if others.exclude(pk=post.pk).exclude(capacity=Capacity.DELEGATED).exists():
        return []
    return list(
        Grant.objects.filter(
            person_id=post.person_id,
            authority_id=post.authority_id,
            group__code=GROUP_OF_OFFICE[Office(post.office)],
            ended_at=None,
        ).values_list("pk", flat=True)
    )


def renew_executive_activation(*, actor: Actor, appointment_id: int, at: datetime) -> Issued:
    """
    Issue a new activation to a chief executive or clerk, to the contact on record; an older one dies.

    No form is prescribed for them (L-20). The head names neither address nor password here (T-06).

    :raises Denied: as `entitlements.policies.may` and `policies.reaches_another` say; `own_case`,
        `no_account_to_activate`, or as `identity.operations.issue_activation` says
    """
    with state_change(actor=actor, at=at):
        post = Appointment.objects.select_related("authority").get(
            in_force(thai_day(at)), pk=appointment_id, office__in=GROUP_OF_OFFICE
        )
        about = {"organisation_id": post.authority_id}
        policies.lock_tenure(post.authority_id)
        policies.may(actor, permissions.GRANT, post.authority_id, at=at).enforce()
        if actor.person_id == post.person_id:
            raise Denied("own_case", about)
        subject = (
            Subject.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(person_id=post.person_id, authority_id=post.authority_id)
            .filter(state__in=[SubjectState.PENDING, SubjectState.ACTIVE])
            .first()
        )
        if subject is None:
            raise Denied("no_account_to_activate", about)
        requests.reaches_another(actor, post.authority_id, [(subject.email, subject.mobile)]).enforce()
        case, _ = next_case(post.authority, at=at)
        purpose = Activation.Purpose.REPLACE if subject.activated_at else Activation.Purpose.FIRST
        return identity.issue_activation(actor=actor, subject=subject, purpose=purpose, case=case, at=at)
