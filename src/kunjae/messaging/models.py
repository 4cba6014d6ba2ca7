"""Mail and SMS: what is to be said to whom, and how far it got."""

import json
from typing import Any

from django.db import models

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models import LocalAuthority, Person


class Channel(models.TextChoices):
    """How a message travels."""

    MAIL = "mail", "e-mail"
    SMS = "sms", "SMS"


class MessageState(models.TextChoices):
    """How far a message got."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Message(GuardedModel):
    """
    One message to one address.

    `facts` hold nothing secret. A one-time secret (link, code) travels in `sealed`, encrypted, and
    is wiped when the message has been handed over or given up (I8: no secret readable anywhere).
    """

    public_id = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=4, choices=Channel.choices)
    to_address = models.CharField(max_length=254)
    language = models.CharField(max_length=2, default="th")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="messages")
    organisation = models.ForeignKey(LocalAuthority, null=True, on_delete=models.PROTECT, related_name="+")
    case = models.CharField(max_length=40, blank=True)
    facts_json = models.TextField(default="{}")
    sealed = models.TextField(blank=True)
    state = models.CharField(max_length=6, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts_count = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    queued_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_is_sent_at_an_instant",
                condition=models.Q(state="sent", sent_at__isnull=False, sealed="")
                | models.Q(state="queued", sent_at=None)
                | models.Q(state="failed", sent_at=None, sealed=""),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "case"], name="message_by_case")]

    @property
    def facts(self) -> dict[str, Any]:
        """Read what the message's text shows."""
        return json.loads(self.facts_json)
