"""That a person has read the duties of clause 3 and accepted them."""

from django.db import models

from kunjae.audit.change import GuardedModel
from kunjae.identity.models.subject import Subject


class Undertaking(GuardedModel):
    """One acceptance of one version of the duties, by the owner of an account; `text_digest` seals what was shown."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="undertakings")
    version = models.PositiveSmallIntegerField()
    text_digest = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="undertaking_is_accepted_once_a_version"),
        ]
