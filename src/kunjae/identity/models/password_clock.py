"""What somebody answered when a sign-in asked to change the password (clause 4(3), D3)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.identity.models.subject import Subject


class PasswordClockAnswer(GuardedModel):
    """
    One answer to the question of one day: `asked_date` is the day from which it was asked.

    `password_set_at` tells of which password it speaks. “Later” has a reason, and a day from which it is asked again.
    """

    class Answer(models.TextChoices):
        """The three answers of D3. A passkey is one as long as it is bound."""

        CHANGED = "changed", _("Changed at once")
        PASSKEY = "passkey", _("A passkey instead")
        LATER = "later", _("Put off")

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="password_clock_answers")
    password_set_at = models.DateTimeField()
    asked_date = models.DateField()
    answer = models.CharField(max_length=10, choices=Answer.choices)
    reason = models.CharField(max_length=300, blank=True)
    ask_again_date = models.DateField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "password_set_at", "asked_date"], name="password_clock_is_answered_once_a_question"
            ),
            models.CheckConstraint(
                name="password_clock_later_has_reason_and_day",
                condition=(
                    Q(answer="later", ask_again_date__isnull=False, ask_again_date__gt=F("asked_date")) & ~Q(reason="")
                )
                | (~Q(answer="later") & Q(reason="", ask_again_date=None)),
            ),
        ]
