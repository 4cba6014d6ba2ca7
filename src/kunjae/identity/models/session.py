"""Our own registry of sessions, and the record of attempts to sign in."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.identity.models.subject import Subject


class EndReason(models.TextChoices):
    """Why a session ended; explicit sign-out and time-out are told apart (L-32)."""

    SIGNED_OUT = "signed_out", _("signed out")
    IDLE = "idle", _("nothing done for 15 minutes")
    ABSOLUTE = "absolute", _("12 hours over")
    PASSWORD_CHANGED = "password_changed", _("password changed")
    SUSPENDED = "suspended", _("account suspended")
    CLOSED = "closed", _("account closed")
    ENDED_BY_OWNER = "ended_by_owner", _("ended by its owner from elsewhere")
    FACTOR_NEEDED = "factor_needed", _("a second factor needed from now on")
    ENDED_BY_HEAD = "ended_by_head", _("ended by the head of finance")


IDLE_END = timedelta(minutes=15)
ABSOLUTE_END = timedelta(hours=12)
"""How long a session lives without a sign of life, and in all (L-32)."""


class Session(GuardedModel):
    """
    One signed-in browser. The cookie's key is kept as a digest only.

    `factor` is the kind of second factor that was proved at its beginning, if any, until the last one of the account is
    gone; `proved_at` says when its owner proved himself last, which graver acts ask to be fresh (ASVS 7.5.3).

    `seen_at` moves at most once a minute and is bookkeeping, not state: it is written outside
    `state_change` (docs/decisions/0008-session-bookkeeping.md).
    """

    public_id = models.CharField(max_length=16, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="sessions")
    key_digest = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, choices=EndReason.choices, blank=True)
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=120, blank=True)
    factor = models.CharField(max_length=8, blank=True)
    proved_at = models.DateTimeField(null=True)

    @property
    def name_in_record(self) -> str:
        """Its public name: it is written together with the event that names it, before it has a key."""
        return self.public_id

    def overdue(self, at: datetime) -> EndReason | None:
        """Tell why the session is at its end at an instant, if it is."""
        if at - self.started_at >= ABSOLUTE_END:
            return EndReason.ABSOLUTE
        return EndReason.IDLE if at - self.seen_at >= IDLE_END else None

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="session_ends_for_a_reason",
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "-started_at"], name="session_by_subject"),
            models.Index(fields=["subject"], condition=Q(ended_at=None), name="session_open_by_subject"),
        ]


class SignInAttempt(models.Model):
    """
    One try to sign in, successful or not: for the person's own history and for throttling.

    Bookkeeping, written outside `state_change`; `account_key` is a keyed digest of what
    was typed, so that a password typed into the wrong field is not kept. `lane` is the digest of the known device, or
    the session, in which it was tried; it is empty for a try from anywhere else.

    `password` is a right password after which a second factor was asked; it becomes the `signed_in` to which it leads, and
    where it leads to none, somebody knows the password. A `wrong_code` follows one; a `reset_code` was wrong behind the link of a forgotten password.
    """

    class Outcome(models.TextChoices):
        SIGNED_IN = "signed_in"
        REFUSED = "refused"
        THROTTLED = "throttled"
        SUSPENDED = "suspended"
        WRONG_CODE = "wrong_code"
        PASSWORD_SHOWN = "password"  # noqa: S105 (a word)
        RESET_CODE = "reset_code"

    subject = models.ForeignKey(Subject, null=True, on_delete=models.PROTECT, related_name="attempts")
    account_key = models.CharField(max_length=32)
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=120, blank=True)
    lane = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)

    class Meta:
        indexes = [
            models.Index(fields=["account_key", "address", "-at"], name="attempt_by_account_and_place"),
            models.Index(fields=["subject", "-at"], name="attempt_by_subject"),
            models.Index(
                fields=["address", "-at"], condition=Q(outcome="refused", lane=""), name="attempt_refused_by_place"
            ),
            models.Index(fields=["-at"], condition=Q(outcome="refused"), name="attempt_refused_lately"),
            models.Index(
                fields=["-at"],
                condition=Q(outcome__in=["password", "wrong_code"], lane=""),
                name="attempt_password_shown_lately",
            ),
        ]
