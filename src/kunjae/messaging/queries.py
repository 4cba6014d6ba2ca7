"""Reads about messages, and about the demo's mailbox."""

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
