"""The account: a user id that belongs to one person for ever."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel, GuardedQuerySet
from kunjae.core.phones import mailbox_key
from kunjae.identity.models.password_policy import PasswordPolicyProposal
from kunjae.organisations.models import LocalAuthority, Person


class SubjectState(models.TextChoices):
    """Where an account stands. Closed is final; suspended is not (requirements 1.9.2)."""

    PENDING = "pending", _("Not yet activated")
    ACTIVE = "active", _("In use")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")


class PasswordPolicyEdition(GuardedModel):
    """
    A password policy in force from a day on (D2); never changed, only followed.

    The first one is put into force by the installation, from any day; every later one rests on a proposal of the
    department that another person confirmed on `decided_date`, and holds from that day or a later one.
    """

    code = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    facts_json = models.TextField()
    source = models.CharField(max_length=200)
    effective_date = models.DateField()
    proposal = models.OneToOneField(PasswordPolicyProposal, null=True, on_delete=models.PROTECT, related_name="edition")
    decided_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="password_policy_holds_from_its_decision_on",
                condition=Q(proposal=None, decided_date=None)
                | Q(proposal__isnull=False, decided_date__isnull=False, effective_date__gte=F("decided_date")),
            ),
        ]


class SubjectManager(BaseUserManager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    """Finds accounts by user id, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "Subject":
        return self.get(username=(username or "").lower())


class Subject(GuardedModel, AbstractBaseUser):
    """
    An account (ผู้ใช้งาน): user id and password of one person (T-14: ASCII, skeleton-unique).

    The row is never removed and the user id never given to anybody else. `authority` is whose head
    of finance answers for the account; it is empty for the department and the provinces.
    `mailbox_key` is what every address of one mailbox has in common; it follows `email`.
    `password_due_date` is the day from which a sign-in asks to change the password (clause 4(3)), and
    `password_warned_days` how many days before it the owner was last told; without a clock there is no day.
    """

    public_id = models.CharField(max_length=16, unique=True)
    username = models.CharField(max_length=32, unique=True)
    skeleton = models.CharField(max_length=32, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="subjects")
    authority = models.ForeignKey(LocalAuthority, null=True, on_delete=models.PROTECT, related_name="subjects")
    state = models.CharField(max_length=10, choices=SubjectState.choices, default=SubjectState.PENDING)
    email = models.CharField(max_length=254, blank=True)
    email_confirmed_at = models.DateTimeField(null=True)
    mailbox_key = models.CharField(max_length=254, blank=True, editable=False)
    mobile = models.CharField(max_length=20, blank=True)
    mobile_confirmed_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=2, default="th")
    password_changed_at = models.DateTimeField(null=True)
    password_policy = models.ForeignKey(PasswordPolicyEdition, null=True, on_delete=models.PROTECT, related_name="+")
    password_due_date = models.DateField(null=True)
    password_warned_days = models.PositiveSmallIntegerField(null=True)
    opened_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    suspended_reason = models.CharField(max_length=300, blank=True)
    resumed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    # Sessions and tries are our own rows; Django's stamp would be a write outside any operation.
    last_login = None

    objects: ClassVar[SubjectManager] = SubjectManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=~Q(state="closed"), name="person_has_one_open_subject"
            ),
            # Who reads another's mailbox holds half of his keys (T-06); of two approvals at once, one is refused.
            models.UniqueConstraint(
                fields=["mailbox_key"],
                condition=~Q(state="closed") & ~Q(mailbox_key=""),
                name="mailbox_has_one_open_subject",
            ),
            models.CheckConstraint(
                name="subject_is_closed_at_an_instant",
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="subject_is_suspended_by_another_person",
                condition=Q(suspended_by=None) | ~Q(suspended_by=F("person")),
            ),
            models.CheckConstraint(
                name="subject_user_id_is_plain_ascii",
                condition=Q(username__regex=r"^[a-z0-9._-]{4,32}$"),
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "state"], name="subject_by_authority"),
            models.Index(fields=["person"], name="subject_by_person"),
            # Few, and the first page of the department asks which heads are among them.
            models.Index(fields=["state", "id"], condition=~Q(state="active"), name="subject_not_in_use"),
            # Whose number it is, is asked of the whole nation before a key goes to it.
            models.Index(fields=["mobile"], name="subject_by_mobile"),
            # All of them are counted by day whenever one is given.
            models.Index(fields=["password_due_date"], name="subject_by_password_due_date"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_active(self) -> bool:
        """Tell Django whether this account may sign in at all."""
        return self.state == SubjectState.ACTIVE

    def check_password(self, raw_password: str) -> bool:
        """Compare, without Django's silent re-hash: `operations.upgrade_hash` does that in a change."""
        return check_password(raw_password, self.password)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row through the guard of `GuardedModel`, with the key of its mailbox."""
        fields = kwargs.get("update_fields")
        if fields is None or "email" in fields:
            self.mailbox_key = mailbox_key(self.email) if self.email else ""
            if fields is not None:
                kwargs["update_fields"] = {*fields, "mailbox_key"}
        GuardedModel.save(self, *args, **kwargs)
