"""How somebody who forgot his password sets a new one by himself: his mailbox and his second factor (D11, N-01)."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from kunjae.audit.change import GuardedModel
from kunjae.identity.models.subject import Subject
from kunjae.messaging.models import Message

LIFE = timedelta(hours=1)


class PasswordReset(GuardedModel):
    """
    A link that went to the proven mailbox of an account with a second factor; it is used once.

    `stamp` tells of what it rests upon, password, mailbox and second factors: once one of them is another, the link is
    dead. `proved_at` is
    when the second factor was shown behind it.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="password_resets")
    link_digest = models.CharField(max_length=64, unique=True)
    mail = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    stamp = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(used_at=None, ended_at=None), name="subject_has_one_open_reset"
            ),
            models.CheckConstraint(name="reset_is_used_or_ended_once", condition=Q(used_at=None) | Q(ended_at=None)),
            models.CheckConstraint(
                name="reset_is_used_after_the_second_factor", condition=Q(used_at=None) | Q(proved_at__isnull=False)
            ),
        ]

    @property
    def expires_at(self) -> datetime:
        """Say until when it holds: an hour from the mail's hand-over, so that the clock does not run before (F7)."""
        return (self.mail.sent_at or self.asked_at) + LIFE
