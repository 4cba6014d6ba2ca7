"""The record of what happened: append-only rows, each sealed to the one before it."""

import json
from typing import Any

from django.db import models

NATION = "nation"


def chain_of(organisation_id: int | None) -> str:
    """Name the chain that an act belongs to: one per authority, one for the nation's own acts."""
    return NATION if organisation_id is None else f"o{organisation_id}"


class ChainHead(models.Model):
    """The end of one chain: its last number and seal. Locked by whoever appends."""

    chain = models.CharField(max_length=24, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=64)


class AuditEvent(models.Model):
    """
    One sentence of the record: who did what to which thing, and when.

    `facts_json` is canonical JSON text, so that the seal is taken over exactly what is stored.
    The database refuses UPDATE and DELETE (see the migrations of this app).
    """

    chain = models.CharField(max_length=24)
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    actor = models.CharField(max_length=64)
    actor_person_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=45, blank=True)
    target = models.CharField(max_length=60, blank=True)
    subject_person_id = models.BigIntegerField(null=True)
    case = models.CharField(max_length=40, blank=True)
    facts_json = models.TextField(default="{}")
    seal = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="audit_event_has_one_place_in_its_chain"),
        ]
        indexes = [
            models.Index(fields=["subject_person_id", "-id"], name="audit_by_person"),
            models.Index(fields=["actor_person_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["chain", "name", "-sequence"], name="audit_by_name"),
            models.Index(fields=["chain", "case"], name="audit_by_case"),
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """Read the facts of this event."""
        facts: dict[str, Any] = json.loads(self.facts_json)
        return facts
