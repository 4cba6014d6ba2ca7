"""Part 2 of form 2, by which an account is closed (A2-09 … A2-11); what came of accounts that nobody uses (T-08)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.identity.models import Subject
from kunjae.organisations.models import LocalAuthority, Person


class ClosureReason(models.TextChoices):
    """Why an account is closed (A2-11); each prints under the nearest box of the form."""

    MOVED = "moved", _("Moved to another post")
    TRANSFERRED = "transferred", _("Transferred")
    RESIGNED = "resigned", _("Resigned")
    RETIRED = "retired", _("Retired")
    DIED = "died", _("Died")
    DISMISSED = "dismissed", _("Dismissed or suspended from service")
    DUPLICATE = "duplicate", _("Duplicate account")
    OTHER = "other", _("Other")


MOVED_OR_RESIGNED = (ClosureReason.MOVED, ClosureReason.TRANSFERRED, ClosureReason.RESIGNED)
"""The reasons that tick ย้าย/ลาออก, the nearest box; the rest is written after อื่น ๆ (A2-11)."""


class Closure(GuardedModel):
    """
    ส่วนที่ 2 ใช้เมื่อมีการยกเลิกรหัสผู้ใช้และรหัสผ่าน.

    `effective_date` is the day on the form; `left_date` an earlier day on which the person left,
    if he did. `case` is the sheet: the request by which the account was opened. Name and position of
    who closed are kept as they were on that day.
    """

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="closure")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="closures")
    case = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=12, choices=ClosureReason.choices)
    other_text = models.CharField(max_length=300, blank=True)
    effective_date = models.DateField()
    left_date = models.DateField(null=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closer_name = models.CharField(max_length=250)
    # An own position and the post acted for, each of up to 150 characters.
    closer_position_th = models.CharField(max_length=350)

    class Meta:
        constraints = [
            models.CheckConstraint(name="closure_is_not_of_oneself", condition=~Q(closed_by=F("person"))),
            models.CheckConstraint(
                name="closure_for_another_reason_says_which", condition=~Q(reason="other") | ~Q(other_text="")
            ),
            models.CheckConstraint(
                name="closure_follows_the_leaving",
                condition=Q(left_date=None) | Q(left_date__lte=F("effective_date")),
            ),
        ]


class Dormancy(GuardedModel):
    """
    An account that was not used for long, and what came of it (T-08): the last time of each, the record holds all.

    `proposed_at`, when the head was told; `kept_at`, when he said why it stays in use; `spared_at`, when the rule
    passed it by, because a head of finance is its owner.
    """

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="dormancy")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)
    kept_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    kept_reason = models.CharField(max_length=300, blank=True)
    spared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="account_is_kept_for_a_reason",
                condition=Q(kept_at=None, kept_by=None, kept_reason="")
                | (Q(kept_at__isnull=False, kept_by__isnull=False) & ~Q(kept_reason="")),
            ),
            models.CheckConstraint(
                name="account_is_kept_by_another_person", condition=Q(kept_by=None) | ~Q(kept_by=F("person"))
            ),
        ]
