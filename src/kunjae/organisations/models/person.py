"""Persons, what they are called and which posts they hold."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models.authority import LocalAuthority, Province, Unit


class Person(GuardedModel):
    """
    A human being, once, whatever authorities he serves (requirements 1.9.1, 8).

    No citizen id (D16). A family name may be empty: one-word names exist.
    """

    public_id = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=40)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    search_key = models.CharField(max_length=300, db_index=True)
    sort_key = models.CharField(max_length=400)

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Name the person as forms do: the title glued to the first name."""
        return f"{self.title}{self.given_name} {self.family_name}".strip()


class PersonName(GuardedModel):
    """What a person was called, from a day until a day (marriage, rank)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="names")
    title = models.CharField(max_length=40)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until_date=None), name="person_has_one_name_today"),
        ]

    @property
    def full_name(self) -> str:
        """Name the person as forms do: the title glued to the first name."""
        return f"{self.title}{self.given_name} {self.family_name}".strip()


class Office(models.TextChoices):
    """The offices that the letter names; everybody else holds a position only."""

    HEAD_OF_FINANCE = "head_of_finance", _("Head of finance")
    CHIEF_EXECUTIVE = "chief_executive", _("Chief executive")
    CHIEF_ADMINISTRATOR = "chief_administrator", _("Clerk")
    NONE = "none", _("Officer")


class Capacity(models.TextChoices):
    """In what right a post is held; the acting kinds are different legal states (requirements 1.10, 6)."""

    SUBSTANTIVE = "substantive", "ดำรงตำแหน่ง"
    ACTING_FOR = "acting_for", "รักษาราชการแทน"
    ACTING_IN = "acting_in", "รักษาการในตำแหน่ง"
    DELEGATED = "delegated", "ปฏิบัติราชการแทน"


ACTING_CAPACITIES = (Capacity.ACTING_FOR, Capacity.ACTING_IN)


class Appointment(GuardedModel):
    """A person in a post of an authority, from a day until a day, by an order."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=30, choices=Office.choices, default=Office.NONE)
    position_th = models.CharField(max_length=150)
    capacity = models.CharField(max_length=20, choices=Capacity.choices, default=Capacity.SUBSTANTIVE)
    order_number = models.CharField(max_length=60, blank=True)
    order_date = models.DateField(null=True)
    order_signer = models.CharField(max_length=150, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_it_begins",
                condition=Q(until_date=None) | Q(until_date__gte=models.F("from_date")),
            ),
            models.UniqueConstraint(
                fields=["authority", "office"],
                condition=Q(until_date=None, capacity="substantive") & ~Q(office="none"),
                name="office_has_one_substantive_holder",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "office"], name="appointment_by_office"),
            models.Index(fields=["person"], name="appointment_by_person"),
        ]

    @property
    def is_acting(self) -> bool:
        """Tell whether the post is held for somebody else."""
        return self.capacity != Capacity.SUBSTANTIVE


class Desk(models.TextChoices):
    """The desks above the authorities."""

    DEPARTMENT = "department", _("Department desk")
    PROVINCE = "province", _("Provincial office")


class Posting(GuardedModel):
    """A person at the department's desk, or at one province's office, from a day until a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    desk = models.CharField(max_length=12, choices=Desk.choices)
    province = models.ForeignKey(Province, null=True, on_delete=models.PROTECT, related_name="postings")
    position_th = models.CharField(max_length=150)
    order_number = models.CharField(max_length=60, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="posting_names_a_province_only_at_a_province",
                condition=Q(desk="department", province=None) | Q(desk="province", province__isnull=False),
            ),
        ]
