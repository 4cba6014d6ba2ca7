"""How the department's password policy comes to change, and which list of leaked passwords is in use."""

from django.db import models
from django.db.models import F, Q

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models import Person


class PasswordPolicyProposal(GuardedModel):
    """
    A proposal to adopt a password profile from a day on: one person of the department makes it, another confirms it.

    `instrument` is the paper of the department behind it. Nothing changes before the confirmation; one waits at a time.
    """

    public_id = models.CharField(max_length=16, unique=True)
    code = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    facts_json = models.TextField()
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
        constraints = [
            models.CheckConstraint(
                name="password_policy_is_confirmed_by_another",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="password_policy_waits_or_is_settled",
                condition=Q(is_waiting=True, confirmed_at=None, withdrawn_at=None)
                | Q(is_waiting=False, confirmed_at=None, withdrawn_at__isnull=False)
                | Q(is_waiting=False, confirmed_at__isnull=False, withdrawn_at=None),
            ),
            models.UniqueConstraint(
                fields=["is_waiting"], condition=Q(is_waiting=True), name="password_policy_has_one_waiting_proposal"
            ),
        ]


class BreachedList(GuardedModel):
    """A list of leaked passwords that the operator imported; the last one counts. `digest` seals its file."""

    digest = models.CharField(max_length=64)
    entries = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()
