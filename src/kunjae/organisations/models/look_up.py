"""Who looked across authorities, and at which (D16)."""

from typing import Any

from django.db import models

from kunjae.organisations.models.authority import LocalAuthority
from kunjae.organisations.models.person import Desk, Person


class LookUpIsFinal(Exception):
    """A look-up that was noted is neither changed nor removed."""


class LookUp(models.Model):
    """
    One look of somebody at a desk at one authority: a note like a line of an access log, no change of state.

    It is written when the page is read, so outside of `state_change`; the database refuses UPDATE and DELETE
    (see the migrations of this app and docs/decisions/0007-looking-across.md).
    """

    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=64)
    address = models.CharField(max_length=45, blank=True)
    desk = models.CharField(max_length=12, choices=Desk.choices)
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="look_ups")

    class Meta:
        indexes = [
            models.Index(fields=["authority", "-at"], name="look_up_by_authority"),
            models.Index(fields=["person", "-at"], name="look_up_by_person"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise LookUpIsFinal
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise LookUpIsFinal
