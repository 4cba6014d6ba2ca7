"""How the department's password policy comes to change, and which list of leaked passwords is in use."""

from django.db import models
from django.db.models import Q

from kunjae.audit.change import GuardedModel
from kunjae.identity.models.proposal import CONFIRMED_BY_ANOTHER, WAITS_OR_IS_SETTLED, Proposal


class PasswordPolicyProposal(Proposal):
    """
    A proposal to adopt a password profile from a day on: one person of the department makes it, another confirms it.

    `instrument` is the paper of the department behind it. Nothing changes before the confirmation; one waits at a time.
    """

    code = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    facts_json = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="password_policy_is_confirmed_by_another",
                condition=CONFIRMED_BY_ANOTHER,
            ),
            models.CheckConstraint(
                name="password_policy_waits_or_is_settled",
                condition=WAITS_OR_IS_SETTLED,
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
