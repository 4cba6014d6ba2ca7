"""Reads about messages, and about the demo's mailbox."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from kunjae.messaging.models import DeliveredCopy, Message


def messages_of_case(organisation_id: int | None, case: str) -> QuerySet[Message]:
    """Messages that went out, or wait, for one case, oldest first; without their secrets."""
    return (
        Message.objects.filter(~Q(case=""), organisation_id=organisation_id, case=case)
        .select_related("person")
        .defer("sealed", "facts_json")
        .order_by("queued_at", "id")
    )


def delivered_copies(address: str = "") -> QuerySet[DeliveredCopy]:
    """Letters in the demo's mailbox, newest first; with `address`, those whose address holds these characters."""
    copies = DeliveredCopy.objects.order_by("-delivered_at", "-id")
    return copies.filter(to_address__icontains=address) if address else copies


def sent_to_since(to_address: str, since: datetime, *, kinds: Iterable[str] | None = None) -> int:
    """How many messages, of these kinds or of any, were queued to an address or number since an instant (T-22)."""
    found = Message.objects.filter(to_address=to_address, queued_at__gt=since)
    return (found if kinds is None else found.filter(kind__in=list(kinds))).count()


def sent_to_person_since(person_id: int, since: datetime, *, kinds: Iterable[str]) -> int:
    """How many messages of these kinds were queued to a person since an instant."""
    return Message.objects.filter(person_id=person_id, kind__in=list(kinds), queued_at__gt=since).count()


def sent_for_authority_since(organisation_id: int, since: datetime, *, kinds: Iterable[str]) -> int:
    """How many messages of these kinds were queued on behalf of an authority since an instant (T-22)."""
    return Message.objects.filter(organisation_id=organisation_id, kind__in=list(kinds), queued_at__gt=since).count()
