"""Tenures of heads, the group catalogue, and who is in which group (clauses 1, 2, 5; D6, D8)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.identity.models import Subject
from kunjae.organisations.models import Capacity, LocalAuthority, Person


class Tenure(GuardedModel):
    """
    A person's right to administer one authority's access, from an instant until an instant (D6).

    Half-open: `[from_at, until_at)`. At most one is open per authority; none open is VACANT.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="tenures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tenures")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="tenures")
    capacity = models.CharField(max_length=20, choices=Capacity.choices)
    order_number = models.CharField(max_length=60)
    order_date = models.DateField(null=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    # Somebody says that it was obtained by fraud: until that is resolved it gives no right to anybody (T-01).
    contested_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority"], condition=Q(until_at=None), name="authority_has_one_open_tenure"
            ),
            models.CheckConstraint(
                name="tenure_ends_after_it_begins", condition=Q(until_at=None) | Q(until_at__gt=F("from_at"))
            ),
            models.CheckConstraint(name="tenure_is_not_held_by_delegation", condition=~Q(capacity=Capacity.DELEGATED)),
        ]
        indexes = [models.Index(fields=["person"], name="tenure_by_person")]


class CatalogueVersion(GuardedModel):
    """One edition of the group catalogue as the department published it, from a day on."""

    number = models.PositiveIntegerField(unique=True)
    effective_date = models.DateField()
    source = models.CharField(max_length=300)
    data_digest = models.CharField(max_length=64)


class AccessGroup(GuardedModel):
    """A user group (กลุ่มผู้ใช้งาน) by its stable code; what it is called and opens is in its editions."""

    code = models.CharField(max_length=40, unique=True)
    sort_order = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.code


class Holders(models.TextChoices):
    """Whom a head may put into a group."""

    OFFICERS = "officers", _("officers")
    EXECUTIVES = "executives", _("chief executive and clerk")
    NOBODY = "nobody", _("not handed out by a head")


class GroupEdition(GuardedModel):
    """What a group was called and opened, from a day until a day."""

    group = models.ForeignKey(AccessGroup, on_delete=models.PROTECT, related_name="editions")
    catalogue = models.ForeignKey(CatalogueVersion, on_delete=models.PROTECT, related_name="editions")
    name_th = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)
    opens_th = models.CharField(max_length=300, blank=True)
    opens_en = models.CharField(max_length=300, blank=True)
    holders = models.CharField(max_length=12, choices=Holders.choices)
    is_view_only = models.BooleanField(default=False)
    is_inferred = models.BooleanField(default=False)
    source = models.CharField(max_length=300)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group"], condition=Q(until_date=None), name="group_has_one_open_edition"),
            models.CheckConstraint(
                name="edition_ends_after_it_begins", condition=Q(until_date=None) | Q(until_date__gte=F("from_date"))
            ),
            models.CheckConstraint(
                name="executive_group_is_view_only", condition=~Q(holders="executives") | Q(is_view_only=True)
            ),
        ]

    def name(self, language: str) -> str:
        """Name the group in the reader's language; the Thai name is the official one."""
        return self.name_en if language == "en" else self.name_th

    def opens(self, language: str) -> str:
        """Say in one line what the group opens."""
        return self.opens_en if language == "en" else self.opens_th


class GroupPermission(GuardedModel):
    """One permission `area:resource:action` that an edition of a group opens."""

    edition = models.ForeignKey(GroupEdition, on_delete=models.PROTECT, related_name="permissions")
    permission = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "permission"], name="edition_opens_a_permission_once"),
        ]


class Basis(models.TextChoices):
    """On what a grant rests (D8, L-52)."""

    ORDER = "order", _("assignment order")
    POSITION = "position", _("position")
    OFFICE = "office", _("office (clause 2)")
    TO_FOLLOW = "to_follow", _("order to follow within 30 days")


class EndOfGrant(models.TextChoices):
    """Why a person left a group."""

    LEFT_DUTY = "left_duty", _("left the duty")
    CHANGED_DUTY = "changed_duty", _("duty changed")
    GIVEN_IN_ERROR = "given_in_error", _("given in error")
    OTHER = "other", _("other")
    ACCOUNT_CLOSED = "account_closed", _("account closed")
    RAN_OUT = "ran_out", _("its last day had passed")


ENDED_BY_A_HEAD = (EndOfGrant.LEFT_DUTY, EndOfGrant.CHANGED_DUTY, EndOfGrant.GIVEN_IN_ERROR, EndOfGrant.OTHER)
"""The reasons among which a head chooses; the others follow from something else."""


class Grant(GuardedModel):
    """A person in a group of an authority: on which basis, from–until, by whom, on which request (D8)."""

    public_id = models.CharField(max_length=16, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="grants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="grants")
    group = models.ForeignKey(AccessGroup, on_delete=models.PROTECT, related_name="grants")
    basis = models.CharField(max_length=12, choices=Basis.choices)
    order_number = models.CharField(max_length=60, blank=True)
    order_date = models.DateField(null=True)
    position_th = models.CharField(max_length=150, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    case = models.CharField(max_length=40, blank=True)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=16, choices=EndOfGrant.choices, blank=True)
    end_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "authority", "group"], condition=Q(ended_at=None), name="grant_is_open_once"
            ),
            models.CheckConstraint(
                name="grant_is_not_given_to_oneself", condition=Q(granted_by=None) | ~Q(granted_by=F("person"))
            ),
            models.CheckConstraint(
                name="grant_is_not_ended_by_oneself", condition=Q(ended_by=None) | ~Q(ended_by=F("person"))
            ),
            models.CheckConstraint(
                name="grant_ends_for_a_reason",
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
            models.CheckConstraint(
                name="grant_ended_for_another_reason_says_which", condition=~Q(end_reason="other") | ~Q(end_note="")
            ),
            models.CheckConstraint(
                name="grant_ends_after_it_begins", condition=Q(until_date=None) | Q(until_date__gte=F("from_date"))
            ),
            models.CheckConstraint(
                name="grant_by_order_names_the_order", condition=~Q(basis="order") | ~Q(order_number="")
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "group"], name="grant_by_group"),
            models.Index(fields=["subject"], name="grant_by_subject"),
        ]
