"""A user id that belongs to nobody: whoever tries it has it from where it was left, or guesses."""

from django.db import models
from django.db.models import Q

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models import Person


class Honeytoken(GuardedModel):
    """
    A decoy that the department laid: nobody signs in with it, and no account ever takes it or one that looks like it.

    `note` says where it was left; `alerted_at` is when the department was last told of a try. The row stays when the
    decoy is lifted, so that nobody is given a user id that strangers have tried.
    """

    public_id = models.CharField(max_length=16, unique=True)
    username = models.CharField(max_length=32, unique=True)
    skeleton = models.CharField(max_length=32, unique=True)
    note = models.CharField(max_length=300)
    laid_at = models.DateTimeField()
    laid_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    alerted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="honeytoken_is_lifted_by_somebody",
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="honeytoken_user_id_is_plain_ascii",
                condition=Q(username__regex=r"^[a-z0-9._-]{4,32}$"),
            ),
        ]
