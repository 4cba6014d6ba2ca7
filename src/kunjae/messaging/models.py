"""Mail and SMS: what is to be said to whom, and how far it got."""

import json
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.audit.events import WORDS
from kunjae.core import clock, phones
from kunjae.organisations.models import LocalAuthority, Person


class Channel(models.TextChoices):
    """How a message travels."""

    MAIL = "mail", _("e-mail")
    SMS = "sms", _("SMS")


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

    That a message went, or was given up, is a change of state and recorded. The attempts in between
    are bookkeeping: an outage of a day would otherwise fill the record with nothing but itself.
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
                condition=Q(state="sent", sent_at__isnull=False, sealed="")
                | Q(state="queued", sent_at=None)
                | Q(state="failed", sent_at=None, sealed=""),
            ),
            models.CheckConstraint(
                name="message_that_waits_has_a_next_attempt",
                condition=Q(state="queued", next_attempt_at__isnull=False)
                | (~Q(state="queued") & Q(next_attempt_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "case"], name="message_by_case"),
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="message_that_waits"),
            # So many went to one number within a day: asked before each code.
            models.Index(fields=["to_address", "queued_at"], name="message_by_address"),
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """Read what the message's text shows."""
        facts: dict[str, Any] = json.loads(self.facts_json)
        return facts

    @property
    def purpose(self) -> str:
        """Say what the message is for, as the record does, in the reader's language."""
        return str(WORDS.get("message.sent.kind", {}).get(self.kind, self.kind))

    @property
    def masked_address(self) -> str:
        """Name the address so that only its owner recognises it."""
        return phones.mask_email(self.to_address) if self.channel == Channel.MAIL else phones.mask(self.to_address)

    @property
    def why(self) -> str:
        """Say why it has not gone, in the reader's language; empty if nothing went wrong."""
        return gettext(self.last_error) if self.last_error else ""

    @property
    def state_sentence(self) -> str:
        """Say how far the message got, and what comes next, in the reader's language."""
        language = get_language() or "th"
        if self.state == MessageState.SENT and self.sent_at:
            return gettext("sent %(at)s") % {"at": clock.short_datetime(self.sent_at, language)}
        if self.state == MessageState.FAILED:
            return gettext("could not be sent: %(why)s") % {"why": self.why}
        if self.why and self.next_attempt_at:
            at = clock.short_datetime(self.next_attempt_at, language)
            return gettext("waiting: %(why)s; next try %(at)s") % {"why": self.why, "at": at}
        return gettext("waiting to be sent")

    @classmethod
    def claim(cls, message_id: int, *, at: datetime, until: datetime) -> bool:
        """
        Take the attempt that is due, so that nobody else makes it before `until`; count it.

        :returns: False if the message does not wait, is not due yet, or somebody else took the attempt
        """
        due = _bookkeeping().filter(pk=message_id, state=MessageState.QUEUED, next_attempt_at__lte=at)
        return due.update(attempts_count=F("attempts_count") + 1, next_attempt_at=until) == 1

    def put_off(self, *, until: datetime, why: str) -> None:
        """Note why an attempt failed and when the next one is due."""
        self.next_attempt_at, self.last_error = until, why
        _bookkeeping().filter(pk=self.pk).update(next_attempt_at=until, last_error=why)

    def mark_sent(self, *, at: datetime) -> None:
        """Note the hand-over, and wipe the secret."""
        self.change_to(state=MessageState.SENT, sent_at=at, sealed="", last_error="", next_attempt_at=None)

    def mark_failed(self, *, why: str) -> None:
        """Note that no further attempt is made, and wipe the secret."""
        self.change_to(state=MessageState.FAILED, sealed="", last_error=why, next_attempt_at=None)


def _bookkeeping() -> models.QuerySet[Message]:
    """Reach the messages past their guard, for what is not recorded."""
    return models.QuerySet(Message)


class DeliveredCopy(models.Model):
    """A message as it arrived in the demo's mailbox. It may hold a secret: no other mode writes here."""

    public_id = models.CharField(max_length=16, unique=True)
    channel = models.CharField(max_length=4, choices=Channel.choices)
    to_address = models.CharField(max_length=254)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    delivered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-delivered_at", "-id"], name="delivered_copy_newest_first")]
