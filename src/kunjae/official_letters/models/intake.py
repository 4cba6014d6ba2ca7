"""A letter whose scan lies at the desk while somebody keys it; it is no case yet and gives no right."""

import json

from django.db import models

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models import Person


class LetterIntake(GuardedModel):
    """
    One letter being keyed from its scan.

    `public_id` becomes the case's, so that the same page sent twice is one case. The scans lie where `storage` laid
    them down; their rows are written with the case, since only then an authority is known. What was typed is
    kept as the browser sent it, so that no error costs a word of it.
    """

    public_id = models.CharField(max_length=16, unique=True)
    scan_id = models.CharField(max_length=16)
    scan_kind = models.CharField(max_length=4)
    scan_pages_count = models.PositiveSmallIntegerField()
    order_id = models.CharField(max_length=16, blank=True)
    order_kind = models.CharField(max_length=4, blank=True)
    order_pages_count = models.PositiveSmallIntegerField(default=0)
    # Of the issued document that the QR names; how its print compares with the register, as a reason if it is wrong.
    draft_code = models.CharField(max_length=14, blank=True)
    prepared_hash = models.CharField(max_length=64, blank=True)
    scan_says = models.CharField(max_length=40, blank=True)
    typed_json = models.TextField(default="{}")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_index=True)

    @property
    def typed(self) -> dict[str, list[str]]:
        """Read what was typed, as the names and values that a browser sends."""
        typed: dict[str, list[str]] = json.loads(self.typed_json)
        return typed
