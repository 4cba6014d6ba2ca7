"""What two persons of the department decide, one after the other: a proposal waits until it is confirmed or withdrawn."""

from django.db import models
from django.db.models import F, Q

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models import Person

CONFIRMED_BY_ANOTHER = Q(confirmed_at=None, confirmed_by=None) | (
    Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by"))
)
"""Nobody confirms what he proposed (T-07)."""

WAITS_OR_IS_SETTLED = (
    Q(is_waiting=True, confirmed_at=None, withdrawn_at=None)
    | Q(is_waiting=False, confirmed_at=None, withdrawn_at__isnull=False)
    | Q(is_waiting=False, confirmed_at__isnull=False, withdrawn_at=None)
)


class Proposal(GuardedModel):
    """
    One person of the department makes it, another confirms it; nothing changes before.

    `instrument` is the paper of the department behind it, `effective_date` the day from which it shall hold. A model of
    this kind has both conditions above as its constraints, and one that lets one proposal wait at a time.
    """

    public_id = models.CharField(max_length=16, unique=True)
    instrument = models.CharField(max_length=300)
    effective_date = models.DateField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    is_waiting = models.BooleanField(default=True)

    class Meta:
        abstract = True
