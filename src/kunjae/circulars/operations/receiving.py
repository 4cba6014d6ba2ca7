"""What a recipient does with a circular: read it, and acknowledge it (L-07)."""

from datetime import datetime

from kunjae.audit.change import Change, state_change
from kunjae.circulars import policies
from kunjae.circulars.models import Receipt
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.entitlements.policies import lock_tenure
from kunjae.organisations.models import Person
from kunjae.organisations.queries import posting_of, signing_title


def open_circular(*, actor: Actor, receipt_public_id: str, at: datetime) -> Receipt:
    """
    Note that a recipient opened a circular, by who presses “read” first; later readers change nothing.

    A page that is merely fetched notes nothing: GET never writes, and previews of mail open pages too.

    :raises Denied: as `policies.may_read` says
    """
    receipt = Receipt.objects.select_related("circular").get(public_id=receipt_public_id)
    policies.may_read(actor, receipt, at=at).enforce()
    if receipt.opened_at is not None:
        return receipt
    with state_change(actor=actor, at=at) as change:
        receipt = _locked(receipt_public_id)
        policies.may_read(actor, receipt, at=at).enforce()
        _note_opening(change, actor, receipt, at=at)
    return receipt


def acknowledge(*, actor: Actor, receipt_public_id: str, at: datetime) -> Receipt:
    """
    Acknowledge a circular for an authority, as its head or acting head, or for a province, as its officer.

    :raises Denied: as `policies.may_acknowledge` says
    """
    with state_change(actor=actor, at=at) as change:
        receipt = _locked(receipt_public_id)
        if receipt.authority_id is not None:
            lock_tenure(receipt.authority_id)
        policies.may_acknowledge(actor, receipt, at=at).enforce()
        if receipt.opened_at is None:
            _note_opening(change, actor, receipt, at=at)
        receipt.change_to(
            acknowledged_at=at, acknowledged_by_id=actor.person_id, acknowledged_as=_title(actor, receipt, at=at)
        )
        change.record(
            "circular.acknowledged",
            receipt,
            organisation_id=receipt.authority_id,
            subject_person_id=actor.person_id,
            person=_name(actor),
            subject=receipt.circular.subject,
            recipient=receipt.recipient_name,
        )
    return receipt


def _locked(receipt_public_id: str) -> Receipt:
    return (
        Receipt.objects.select_for_update(of=("self",))
        .select_related("circular", "authority", "province")
        .get(public_id=receipt_public_id)
    )


def _note_opening(change: Change, actor: Actor, receipt: Receipt, *, at: datetime) -> None:
    if receipt.opened_at is None:
        receipt.change_to(opened_at=at, opened_by_id=actor.person_id)
    change.record(
        "circular.opened",
        receipt,
        organisation_id=receipt.authority_id,
        subject_person_id=actor.person_id,
        person=_name(actor),
        subject=receipt.circular.subject,
    )


def _name(actor: Actor) -> str:
    person = Person.objects.filter(pk=actor.person_id or 0).first()
    return person.full_name if person is not None else actor.name


def _title(actor: Actor, receipt: Receipt, *, at: datetime) -> str:
    """Give the position in which somebody acknowledges, as of that day."""
    if receipt.authority_id is not None:
        return signing_title(actor.person_id, receipt.authority_id, on=thai_day(at))
    posting = posting_of(actor.person_id, on=thai_day(at))
    return posting.position_th if posting is not None else ""
