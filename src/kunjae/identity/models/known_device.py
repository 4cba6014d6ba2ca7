"""Browsers from which an account has signed in before: bookkeeping of the throttle, never a key."""

from django.db import models

from kunjae.identity.models.subject import Subject


class KnownDevice(models.Model):
    """
    One browser of one account, told by a random cookie of which only a digest is kept.

    It gives its account a lane of its own past waits that strangers cause (T-21). It signs nobody in, replaces no
    password and skips no second factor (L-33). Written outside `state_change` (docs/decisions/0008).
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="known_devices")
    digest = models.CharField(max_length=64)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "subject"], name="device_is_known_to_a_subject_once")]
