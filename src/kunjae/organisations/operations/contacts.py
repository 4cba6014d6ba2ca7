"""Addresses of record: one person proposes, another confirms (T-01, T-07)."""

from datetime import datetime
from typing import Any

from kunjae.audit.change import Change, state_change
from kunjae.core import identifiers, phones, text
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.organisations import policies, queries
from kunjae.organisations.models import ContactChange, LocalAuthority, Province

SOURCE_LENGTH_MAX = 300


def propose_contact(
    *,
    actor: Actor,
    authority: LocalAuthority | None = None,
    province: Province | None = None,
    email: str,
    phone: str,
    source: str,
    at: datetime,
) -> ContactChange:
    """
    Propose what the e-mail and the telephone of an authority, or of a province's office, shall be.

    Both are given, as they shall stand; an empty one is taken off the record. Nothing changes before another
    person confirms. Exactly one of `authority` and `province` is named; `source` says where it was learnt.

    :raises Denied: `contact_needs_department_desk`, `contact_change_waits`, `contact_unchanged`, `contact_empty`,
        `contact_source_missing`
    :raises Unacceptable: if the e-mail or the telephone is none
    """
    place = _one_place(authority, province)
    email = phones.clean_email(email) if email else ""
    phone = phones.clean_phone(phone) if phone else ""
    source = text.clean_line(source, length_max=SOURCE_LENGTH_MAX)
    with state_change(actor=actor, at=at) as change:
        # The place is locked first, so that of two who propose at once one waits and then sees the other's.
        place = type(place).objects.select_for_update().get(pk=place.pk)
        policies.may_propose_contact(actor, place, at=at).enforce()
        if not (email or phone):
            raise Denied("contact_empty")
        if not source:
            raise Denied("contact_source_missing")
        if (email, phone) == queries.contact_of(place):
            raise Denied("contact_unchanged")
        proposed = ContactChange.objects.create(
            public_id=identifiers.public_id(),
            authority=authority,
            province=province,
            email=email,
            phone=phone,
            source=source,
            proposed_at=at,
            proposed_by_id=actor.person_id or 0,
        )
        _record(change, "contact_of_record.proposed", proposed, source=source)
    return proposed


def confirm_contact(*, actor: Actor, public_id: str, at: datetime) -> ContactChange:
    """
    Confirm what somebody else proposed: from now on it is the address of record.

    :raises Denied: `contact_needs_department_desk`, `contact_change_settled`, `contact_change_own`
    """
    with state_change(actor=actor, at=at) as change:
        proposed = _locked(public_id)
        policies.may_confirm_contact(actor, proposed, at=at).enforce()
        if proposed.authority_id is not None:
            authority = LocalAuthority.objects.select_for_update().get(pk=proposed.authority_id)
            former_email, former_phone = queries.contact_of(authority)
            authority.change_to(central_email=proposed.email, phone=proposed.phone)
        else:
            province = Province.objects.select_for_update().get(pk=proposed.province_id or 0)
            former_email, former_phone = queries.contact_of(province)
            province.change_to(office_email=proposed.email, office_phone=proposed.phone)
        proposed.change_to(
            confirmed_at=at, confirmed_by_id=actor.person_id, former_email=former_email, former_phone=former_phone
        )
        _record(change, "contact_of_record.confirmed", proposed, source=proposed.source)
    return proposed


def withdraw_contact(*, actor: Actor, public_id: str, at: datetime) -> ContactChange:
    """
    Withdraw a proposal, one's own or a colleague's; the addresses of record stay as they are.

    :raises Denied: `contact_needs_department_desk`, `contact_change_settled`
    """
    with state_change(actor=actor, at=at) as change:
        proposed = _locked(public_id)
        policies.may_withdraw_contact(actor, proposed, at=at).enforce()
        proposed.change_to(withdrawn_at=at, withdrawn_by_id=actor.person_id)
        _record(change, "contact_of_record.withdrawn", proposed)
    return proposed


def _one_place(authority: LocalAuthority | None, province: Province | None) -> LocalAuthority | Province:
    place = authority or province
    if place is None or (authority is not None and province is not None):
        raise ValueError("An address of record is of one authority or of one province.")
    return place


def _locked(public_id: str) -> ContactChange:
    return (
        ContactChange.objects.select_for_update(of=("self",))
        .select_related("authority", "province", "proposed_by")
        .get(public_id=public_id)
    )


def _record(change: Change, name: str, proposed: ContactChange, **facts: Any) -> None:
    """Record what kinds of address changed; the addresses themselves stand in the row, not in the record."""
    place = proposed.authority or proposed.province
    change.record(
        name,
        proposed,
        organisation_id=proposed.authority_id,
        place=place.full_name if isinstance(place, LocalAuthority) else f"สถจ.{place}",
        **facts,
    )
