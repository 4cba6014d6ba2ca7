"""Second factors: what a person holds besides the password (D5), every binding with its time and source."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.identity.models.subject import Subject


class FactorKind(models.TextChoices):
    """What a second factor is."""

    APP = "app", _("authenticator app")
    PASSKEY = "passkey", _("passkey")
    CODES = "codes", _("printed recovery codes")


class FactorSource(models.TextChoices):
    """Where a factor was bound."""

    FIRST_SIGN_IN = "first_sign_in", _("at the sign-in")
    OWN_PAGE = "own_page", _("on one's own page")
    DEMO = "demo", _("by the demonstration")


class FactorEnd(models.TextChoices):
    """Why a factor is no longer of use."""

    REMOVED = "removed", _("removed by its owner")
    REPLACED = "replaced", _("replaced by a newer one")
    LOST = "lost", _("all factors were lost")
    CLOSED = "closed", _("the account was closed")
    REVOKED = "revoked", _("the password was made invalid")


class SecondFactor(GuardedModel):
    """
    One factor of one account. Its row is never removed: it ends.

    `sealed` holds the secret of an app, encrypted, for it must be computed with; of a passkey there is only the public
    key, of recovery codes only hashes. `last_step` and `sign_count` make every code and every assertion single use;
    they and `used_at` are bookkeeping, written outside `state_change` (docs/decisions/0008).
    """

    public_id = models.CharField(max_length=16, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="second_factors")
    kind = models.CharField(max_length=8, choices=FactorKind.choices)
    name = models.CharField(max_length=60, blank=True)
    sealed = models.TextField(blank=True)
    credential_id = models.CharField(max_length=1400, blank=True)
    public_key = models.TextField(blank=True)
    sign_count = models.BigIntegerField(default=0)
    last_step = models.BigIntegerField(default=0)
    bound_at = models.DateTimeField()
    source = models.CharField(max_length=16, choices=FactorSource.choices)
    address = models.CharField(max_length=45, blank=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=FactorEnd.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="second_factor_ends_for_a_reason",
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
            models.UniqueConstraint(
                fields=["subject", "kind"],
                condition=Q(ended_at=None) & ~Q(kind="passkey"),
                name="subject_has_one_app_and_one_sheet",
            ),
            models.UniqueConstraint(
                fields=["credential_id"], condition=~Q(credential_id=""), name="passkey_is_bound_once"
            ),
        ]
        indexes = [
            models.Index(fields=["subject"], condition=Q(ended_at=None), name="second_factor_open_by_subject"),
        ]


class RecoveryCode(GuardedModel):
    """One code of a printed sheet, by its number; only a password hash of it is kept (ASVS 6.5.2)."""

    sheet = models.ForeignKey(SecondFactor, on_delete=models.PROTECT, related_name="codes")
    number = models.PositiveSmallIntegerField()
    code_hash = models.CharField(max_length=200)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="recovery_code_has_one_number"),
        ]
