"""A circular of the department, and how far it got with each of its recipients (L-02, L-07)."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.documents.models import StoredFile
from kunjae.organisations.models import LocalAuthority, Person, Province

REMINDED_AGAIN_AFTER = timedelta(days=7)
"""A recipient hears of one circular at most once in this time, whoever reminds."""


class Audience(models.TextChoices):
    """To whom a circular goes. The provincial offices concerned are always among them: they pass it on (L-02)."""

    ALL = "all", _("All provinces and all authorities")
    PROVINCES = "provinces", _("Some provinces and their authorities")
    KINDS = "kinds", _("Authorities of some kinds, and their provinces")


class DatePrecision(models.TextChoices):
    """How much of its date a circular bears; what is not known is never filled in (L-01)."""

    DAY = "day", _("Day, month and year")
    MONTH = "month", _("Month and year only")


class Circular(GuardedModel):
    """
    A letter of the department to many, from its draft to the last acknowledgement.

    `number` and the day of the date may be unknown for ever, as with the letter of July 2562: they stay empty until
    somebody who has the original fills them in. `limits` are codes of provinces or kinds, with commas between.
    `spread_after` is how far the receipts are written: the last authority, by its row.
    """

    public_id = models.CharField(max_length=16, unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    mark = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=60, blank=True)
    # The first of the month where only the month is known.
    dated = models.DateField()
    date_precision = models.CharField(max_length=5, choices=DatePrecision.choices)
    subject = models.CharField(max_length=500)
    body = models.TextField(blank=True)
    file = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="circular")
    clauses = models.CharField(max_length=200, blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    limits = models.CharField(max_length=400, blank=True)
    due_date = models.DateField(null=True)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    recipients_count = models.PositiveIntegerField(default=0)
    spread_after = models.BigIntegerField(default=0)
    spread_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="circular_of_a_month_names_no_day",
                condition=Q(date_precision="day") | Q(date_precision="month", dated__day=1),
            ),
            models.CheckConstraint(name="circular_says_something", condition=~Q(body="") | Q(file__isnull=False)),
            models.CheckConstraint(
                name="circular_is_limited_to_something",
                condition=Q(audience="all", limits="") | (~Q(audience="all") & ~Q(limits="")),
            ),
            models.CheckConstraint(
                name="circular_is_sent_by_somebody_at_an_instant",
                condition=Q(sent_at=None, sent_by=None, spread_at=None)
                | Q(sent_at__isnull=False, sent_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["-sent_at", "-id"], name="circular_newest_first")]

    @property
    def limited_to(self) -> list[str]:
        """List the codes of provinces, or the kinds, that the circular is for; empty for all."""
        return self.limits.split(",") if self.limits else []

    @property
    def is_sent(self) -> bool:
        """Tell a letter that went out from a draft."""
        return self.sent_at is not None

    @property
    def lacks_reference(self) -> bool:
        """Tell whether the number or the day is still unknown (L-01)."""
        return not self.number or self.date_precision == DatePrecision.MONTH


class Receipt(GuardedModel):
    """
    One circular at one recipient: a provincial office or an authority.

    Opened is when somebody there first pressed “read”; acknowledged is the answer of its head, or of an officer of the
    province, in the position of that day.
    """

    public_id = models.CharField(max_length=16, unique=True)
    circular = models.ForeignKey(Circular, on_delete=models.PROTECT, related_name="receipts")
    authority = models.ForeignKey(LocalAuthority, null=True, on_delete=models.PROTECT, related_name="circular_receipts")
    province = models.ForeignKey(Province, null=True, on_delete=models.PROTECT, related_name="circular_receipts")
    delivered_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_as = models.CharField(max_length=310, blank=True)
    reminded_at = models.DateTimeField(null=True)
    reminders_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="receipt_is_of_one_recipient",
                condition=Q(authority__isnull=False, province=None) | Q(authority=None, province__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["circular", "authority"],
                condition=Q(authority__isnull=False),
                name="circular_reaches_an_authority_once",
            ),
            models.UniqueConstraint(
                fields=["circular", "province"],
                condition=Q(province__isnull=False),
                name="circular_reaches_a_province_once",
            ),
            models.CheckConstraint(
                name="receipt_is_opened_by_somebody_at_an_instant",
                condition=Q(opened_at=None, opened_by=None) | Q(opened_at__isnull=False, opened_by__isnull=False),
            ),
            models.CheckConstraint(
                name="receipt_is_acknowledged_by_somebody_who_opened_it",
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_by__isnull=False, opened_at__isnull=False, acknowledged_at__gte=F("opened_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["authority"], condition=Q(acknowledged_at=None), name="receipt_open_by_authority"),
            models.Index(fields=["province"], condition=Q(acknowledged_at=None), name="receipt_open_by_province"),
            models.Index(fields=["circular", "acknowledged_at"], name="receipt_by_acknowledgement"),
        ]

    @property
    def recipient_name(self) -> str:
        """Name the recipient as it signs."""
        if self.authority is not None:
            return self.authority.full_name
        return office_name(self.province.name_th) if self.province is not None else ""


def office_name(province_th: str) -> str:
    """Name the office of local administration in a province."""
    return f"สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด{province_th}"
