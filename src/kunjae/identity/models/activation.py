"""How a person comes to a password: by two secrets on two ways (D4)."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from kunjae.audit.change import GuardedModel
from kunjae.identity.models.subject import Subject
from kunjae.messaging.models import Message
from kunjae.organisations.models import Person

LIFE = timedelta(hours=24)
SLIP_LIFE = timedelta(hours=72)
TRIES_MAX = 5


class Activation(GuardedModel):
    """
    A single-use right to set one's own password.

    The first secret travels by mail, as a link or as a typed code; the second by SMS or on a
    printed slip. Both are needed. Only digests are kept: of the link SHA-256, of the codes the
    password hash, since they are short (ASVS 6.5.2).
    """

    class Purpose(models.TextChoices):
        FIRST = "first"
        REPLACE = "replace"

    class SecondWay(models.TextChoices):
        SMS = "sms"
        SLIP = "slip"

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="activations")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    case = models.CharField(max_length=40)
    link_digest = models.CharField(max_length=64, unique=True)
    mail_code_hash = models.CharField(max_length=200)
    second_code_hash = models.CharField(max_length=200)
    second_way = models.CharField(max_length=4, choices=SecondWay.choices)
    mail = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    tries_count = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(used_at=None, ended_at=None), name="subject_has_one_open_activation"
            ),
            models.CheckConstraint(
                name="activation_is_used_or_ended_once",
                condition=Q(used_at=None) | Q(ended_at=None),
            ),
        ]
        indexes = [models.Index(fields=["case"], name="activation_by_case")]

    @property
    def expires_at(self) -> datetime:
        """
        Say until when it holds: 24 hours from the mail's hand-over, 72 with a printed slip.

        While the mail still waits for its server the clock does not run (F7).
        """
        life = SLIP_LIFE if self.second_way == self.SecondWay.SLIP else LIFE
        handed_over = self.mail.sent_at if self.mail_id and self.mail and self.mail.sent_at else self.issued_at
        return handed_over + life
