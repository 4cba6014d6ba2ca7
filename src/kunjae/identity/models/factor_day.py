"""The day from which everybody needs a second factor, as the department decides it (D5)."""

from django.db import models
from django.db.models import Q

from kunjae.identity.models.proposal import CONFIRMED_BY_ANOTHER, WAITS_OR_IS_SETTLED, Proposal


class SecondFactorDay(Proposal):
    """
    A day from which nobody is let in without a second factor: one person of the department proposes it, another confirms.

    `instrument` is the paper of the department behind it. One waits at a time; what holds is the last one confirmed.
    `told_up_to` is the account up to which its owners were told by mail, `told_at` when the last of them was.
    """

    told_up_to = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="second_factor_day_is_confirmed_by_another",
                condition=CONFIRMED_BY_ANOTHER,
            ),
            models.CheckConstraint(
                name="second_factor_day_is_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            models.CheckConstraint(
                name="second_factor_day_waits_or_is_settled",
                condition=WAITS_OR_IS_SETTLED,
            ),
            models.CheckConstraint(
                name="second_factor_day_is_told_once_confirmed",
                condition=Q(told_up_to=0, told_at=None) | Q(confirmed_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["is_waiting"], condition=Q(is_waiting=True), name="second_factor_day_has_one_waiting_proposal"
            ),
        ]
