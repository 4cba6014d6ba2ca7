"""The day from which everybody needs a second factor, as the department decides it (D5)."""

from django.db import models
from django.db.models import F, Q

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models import Person


class SecondFactorDay(GuardedModel):
    """
    A day from which nobody is let in without a second factor: one person of the department proposes it, another confirms.

    `instrument` is the paper of the department behind it. One waits at a time; what holds is the last one confirmed.
    `told_up_to` is the account up to which its owners were told by mail, `told_at` when the last of them was.
    """

    public_id = models.CharField(max_length=16, unique=True)
    effective_date = models.DateField()
    instrument = models.CharField(max_length=300)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    is_waiting = models.BooleanField(default=True)
    told_up_to = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="second_factor_day_is_confirmed_by_another",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="second_factor_day_is_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            models.CheckConstraint(
                name="second_factor_day_waits_or_is_settled",
                condition=Q(is_waiting=True, confirmed_at=None, withdrawn_at=None)
                | Q(is_waiting=False, confirmed_at=None, withdrawn_at__isnull=False)
                | Q(is_waiting=False, confirmed_at__isnull=False, withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="second_factor_day_is_told_once_confirmed",
                condition=Q(told_up_to=0, told_at=None) | Q(confirmed_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["is_waiting"], condition=Q(is_waiting=True), name="second_factor_day_has_one_waiting_proposal"
            ),
        ]
