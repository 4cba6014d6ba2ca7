"""Tenures are opened and closed, the catalogue published, people put into groups and taken out."""

from datetime import date, datetime, timedelta

from kunjae.audit.change import Change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements import policies, queries
from kunjae.entitlements.catalogue import CatalogueData
from kunjae.entitlements.models import (
    AccessGroup,
    Basis,
    CatalogueVersion,
    EndOfGrant,
    Grant,
    GroupEdition,
    GroupPermission,
    Tenure,
)
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import Capacity, LocalAuthority


def publish_catalogue(*, actor: Actor, data: CatalogueData, at: datetime) -> CatalogueVersion:
    """
    Publish a version of the catalogue: editions that it changes end the day before it begins.

    Publishing the same file again changes nothing and returns what stands.
    """
    if standing := CatalogueVersion.objects.filter(number=data.number, data_digest=data.digest).first():
        return standing
    with state_change(actor=actor, at=at) as change:
        version = CatalogueVersion.objects.create(
            number=data.number, effective_date=data.effective_date, source=data.source, data_digest=data.digest
        )
        for order, entry in enumerate(data.groups, start=1):
            _publish_group(version, entry, sort_order=order * 10)
        # A group that the new version no longer names is abolished (D8).
        GroupEdition.objects.filter(until_date=None, from_date__lt=data.effective_date).exclude(
            group__code__in=[entry["code"] for entry in data.groups]
        ).update(until_date=data.effective_date - timedelta(days=1))
        change.record("catalogue.published", version, organisation_id=None, number=data.number, data_digest=data.digest)
    return version


def _publish_group(version: CatalogueVersion, entry: dict, *, sort_order: int) -> None:
    group, _ = AccessGroup.objects.get_or_create(code=entry["code"], defaults={"sort_order": sort_order})
    until_date = date.fromisoformat(entry["until_date"]) if entry.get("until_date") else None
    content = {
        "name_th": entry["name_th"],
        "name_en": entry["name_en"],
        "opens_th": entry["opens_th"],
        "opens_en": entry["opens_en"],
        "holders": entry["holders"],
        "is_view_only": entry["view_only"],
        "is_inferred": entry["inferred"],
        "source": entry["source"],
        "until_date": until_date,
    }
    if _stands_already(group, content, frozenset(entry["permissions"])):
        return
    standing = GroupEdition.objects.filter(group=group, until_date=None).first()
    from_date = date.fromisoformat(entry["from_date"])
    if standing is not None and until_date is not None and until_date < version.effective_date:
        standing.change_to(until_date=until_date)
        return
    if standing is not None:
        # The past stays as it was: what is new holds from the day of the new version at the earliest.
        from_date = max(from_date, version.effective_date)
        standing.change_to(until_date=from_date - timedelta(days=1))
    edition = GroupEdition.objects.create(group=group, catalogue=version, from_date=from_date, **content)
    GroupPermission.objects.bulk_create(
        GroupPermission(edition=edition, permission=permission) for permission in entry["permissions"]
    )


def _stands_already(group: AccessGroup, content: dict, opened: frozenset[str]) -> bool:
    """Test if an earlier version published the group with the same content, which then simply goes on."""
    return any(
        opened == frozenset(edition.permissions.values_list("permission", flat=True))
        for edition in GroupEdition.objects.filter(group=group, **content)
    )


def open_tenure(
    *,
    actor: Actor,
    authority: LocalAuthority,
    subject: Subject,
    capacity: Capacity,
    order_number: str,
    order_date: date | None,
    at: datetime,
) -> Tenure:
    """
    Give a person the right to administer an authority (D6). Form 1 and handover will call this.

    :raises Denied: `authority_has_a_head`, `tenure_by_delegation` or `subject_is_closed`
    """
    with state_change(actor=actor, at=at) as change:
        LocalAuthority.objects.select_for_update().get(pk=authority.pk)
        if policies.lock_tenure(authority.pk) is not None:
            raise Denied("authority_has_a_head", {"organisation_id": authority.pk})
        if capacity == Capacity.DELEGATED:
            raise Denied("tenure_by_delegation", {"organisation_id": authority.pk})
        subject = Subject.objects.select_for_update(of=("self",)).select_related("person").get(pk=subject.pk)
        if subject.state == SubjectState.CLOSED:
            raise Denied("subject_is_closed", {"organisation_id": authority.pk})
        tenure = Tenure.objects.create(
            authority=authority,
            person=subject.person,
            subject=subject,
            capacity=capacity,
            order_number=order_number,
            order_date=order_date,
            from_at=at,
        )
        change.record(
            "tenure.opened",
            tenure,
            organisation_id=authority.pk,
            subject_person_id=subject.person_id,
            person=subject.person.full_name,
            capacity=capacity,
            order_number=order_number,
        )
    return tenure


def close_tenure(*, actor: Actor, tenure_id: int, at: datetime) -> Tenure:
    """
    End a right to administer; the authority is VACANT until another is opened in the same change.

    :raises Denied: `tenure_is_closed`
    """
    with state_change(actor=actor, at=at) as change:
        tenure = Tenure.objects.select_for_update().select_related("person").get(pk=tenure_id)
        if tenure.until_at is not None:
            raise Denied("tenure_is_closed", {"organisation_id": tenure.authority_id})
        tenure.change_to(until_at=at)
        change.record(
            "tenure.closed",
            tenure,
            organisation_id=tenure.authority_id,
            subject_person_id=tenure.person_id,
            person=tenure.person.full_name,
        )
    return tenure


def contest_tenure(*, actor: Actor, tenure_id: int, at: datetime) -> Tenure:
    """Let a right to administer rest, since somebody says that it was obtained by fraud; once contested it stays so."""
    with state_change(actor=actor, at=at) as change:
        tenure = Tenure.objects.select_for_update().select_related("person").get(pk=tenure_id)
        tenure.change_to(contested_at=tenure.contested_at or at)
        _record_dispute(change, "tenure.contested", tenure)
    return tenure


def clear_tenure(*, actor: Actor, tenure_id: int, at: datetime) -> Tenure:
    """Let a right to administer that was contested hold again."""
    with state_change(actor=actor, at=at) as change:
        tenure = Tenure.objects.select_for_update().select_related("person").get(pk=tenure_id)
        tenure.change_to(contested_at=None)
        _record_dispute(change, "tenure.cleared", tenure)
    return tenure


def _record_dispute(change: Change, name: str, tenure: Tenure) -> None:
    change.record(
        name,
        tenure,
        organisation_id=tenure.authority_id,
        subject_person_id=tenure.person_id,
        person=tenure.person.full_name,
    )


def grant(
    *,
    actor: Actor,
    subject: Subject,
    authority: LocalAuthority,
    group_code: str,
    basis: Basis,
    at: datetime,
    order_number: str = "",
    order_date: date | None = None,
    position_th: str = "",
    until_date: date | None = None,
    case: str = "",
) -> Grant:
    """
    Put a person into a group of an authority, from today (D8).

    :raises Denied: as `policies.may_grant` says, `order_missing`, or `already_in_group`
    """
    with state_change(actor=actor, at=at) as change:
        policies.lock_tenure(authority.pk)
        on = thai_day(at)
        edition = queries.edition_on(group_code, on=on)
        if edition is None:
            raise Denied("group_not_in_force", {"organisation_id": authority.pk, "group": group_code})
        subject = Subject.objects.select_for_update(of=("self",)).select_related("person").get(pk=subject.pk)
        policies.may_grant(actor, subject, authority.pk, edition, at=at).enforce()
        if basis == Basis.ORDER and not order_number:
            raise Denied("order_missing", {"organisation_id": authority.pk})
        held = Grant.objects.filter(subject=subject, authority=authority, group=edition.group, ended_at=None)
        for earlier in held.select_for_update(of=("self",)).select_related("person", "group"):
            if earlier.until_date is None or earlier.until_date >= on:
                raise Denied("already_in_group", {"organisation_id": authority.pk, "group": edition.name_th})
            _end(change, actor, earlier, reason=EndOfGrant.RAN_OUT, note="", at=at)
        given = Grant.objects.create(
            public_id=identifiers.public_id(),
            subject=subject,
            person=subject.person,
            authority=authority,
            group=edition.group,
            basis=basis,
            order_number=order_number,
            order_date=order_date,
            position_th=position_th,
            from_date=on,
            until_date=until_date,
            case=case,
            granted_at=at,
            granted_by_id=actor.person_id,
        )
        change.record(
            "grant.given",
            given,
            organisation_id=authority.pk,
            subject_person_id=subject.person_id,
            case=case,
            person=subject.person.full_name,
            group=edition.name_th,
            group_code=group_code,
            basis=basis,
            order_number=order_number,
            until_date=until_date,
        )
    return given


def end_grant(*, actor: Actor, grant_id: int, reason: EndOfGrant, at: datetime, note: str = "") -> Grant:
    """
    Take a person out of a group at once (clause 5(2), path 1); other groups stay.

    :raises Denied: as `policies.may_end_grant` and `policies.reason_fits` say
    """
    with state_change(actor=actor, at=at) as change:
        # The tenure before the grant, as everywhere: two changes never wait for each other.
        policies.lock_tenure(Grant.objects.values_list("authority_id", flat=True).get(pk=grant_id))
        ending = (
            Grant.objects.select_for_update(of=("self",))
            .select_related("person", "group", "subject__person")
            .get(pk=grant_id)
        )
        policies.may_end_grant(actor, ending, at=at).enforce()
        policies.reason_fits(reason, note, organisation_id=ending.authority_id).enforce()
        _end(change, actor, ending, reason=reason, note=note, at=at)
    return ending


def shorten_grant(*, actor: Actor, grant_id: int, until_date: date, at: datetime) -> Grant:
    """
    Let a membership end on an earlier day than it would, as the office it rests on does.

    :raises Denied: as `policies.may_end_grant` says, or `end_not_earlier`
    """
    with state_change(actor=actor, at=at) as change:
        policies.lock_tenure(Grant.objects.values_list("authority_id", flat=True).get(pk=grant_id))
        held = (
            Grant.objects.select_for_update(of=("self",))
            .select_related("person", "group", "subject__person")
            .get(pk=grant_id)
        )
        policies.may_end_grant(actor, held, at=at).enforce()
        if held.until_date is not None and until_date >= held.until_date:
            raise Denied("end_not_earlier", {"organisation_id": held.authority_id})
        held.change_to(until_date=until_date)
        names = queries.group_names(thai_day(at), "th", codes=[held.group.code])
        change.record(
            "grant.shortened",
            held,
            organisation_id=held.authority_id,
            subject_person_id=held.person_id,
            case=held.case,
            person=held.person.full_name,
            group=names.get(held.group.code, held.group.code),
            group_code=held.group.code,
            until_date=until_date,
        )
    return held


def end_all_grants(
    *,
    actor: Actor,
    subject: Subject,
    reason: EndOfGrant,
    at: datetime,
    authority: LocalAuthority | None = None,
) -> int:
    """
    Take an account out of every group it is in, or out of those of one authority; never alone.

    It is part of closing the account, or of another head's beginning; the right is that of the act, which
    the caller has checked.
    """
    held = Grant.objects.filter(subject=subject, ended_at=None)
    if authority is not None:
        held = held.filter(authority=authority)
    if not held.exists():
        return 0
    with state_change(actor=actor, at=at) as change:
        ended = list(held.select_for_update(of=("self",)).select_related("person", "group").order_by("pk"))
        for ending in ended:
            _end(change, actor, ending, reason=reason, note="", at=at)
    return len(ended)


def end_grants_given_in(*, actor: Actor, tenure: Tenure, note: str, at: datetime) -> list[Grant]:
    """
    End what the holder of a tenure gave while it was open; never alone.

    It is part of taking back a tenure that was obtained by fraud; the right is that of the act, which the
    caller has checked. Nobody ends his own: what the actor himself was given stays for the next head.
    """
    given = queries.grants_given_in(tenure).filter(ended_at=None).exclude(person_id=actor.person_id or 0)
    if not given.exists():
        return []
    with state_change(actor=actor, at=at) as change:
        ended = list(
            given.select_for_update(of=("self",)).select_related("person", "group", "subject__person").order_by("pk")
        )
        for ending in ended:
            _end(change, actor, ending, reason=EndOfGrant.GIVEN_IN_ERROR, note=note, at=at)
    return ended


def _end(change: Change, actor: Actor, ending: Grant, *, reason: EndOfGrant, note: str, at: datetime) -> None:
    ending.change_to(ended_at=at, ended_by_id=actor.person_id, end_reason=reason, end_note=note)
    names = queries.group_names(thai_day(at), "th", codes=[ending.group.code])
    change.record(
        "grant.ended",
        ending,
        organisation_id=ending.authority_id,
        subject_person_id=ending.person_id,
        case=ending.case,
        person=ending.person.full_name,
        group=names.get(ending.group.code, ending.group.code),
        group_code=ending.group.code,
        reason=reason,
        note=note,
    )
