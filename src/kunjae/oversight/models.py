"""What a desk above the authorities has reminded them of."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models import LocalAuthority, Person

REMINDED_AGAIN_AFTER = timedelta(days=7)
"""An authority hears of one matter at most once in this time, whoever reminds."""


class Matter(models.TextChoices):
    """What an authority can be reminded of; of a circular the receipt keeps the day."""

    VACANCY = "vacancy", _("vacancy of the right to administer")
    CIRCULAR = "circular", _("circular not acknowledged")


class VacancyReminder(GuardedModel):
    """One reminder that nobody holds an authority's right to administer."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="vacancy_reminders")
    reminded_at = models.DateTimeField()
    reminded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["authority", "-reminded_at"], name="vacancy_reminder_newest_first")]
