"""The register of issued documents, and the scans of signed paper."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models import LocalAuthority, Person


class DocumentKind(models.TextChoices):
    """What kind of paper it is."""

    FORM_1 = "form_1", "แบบการขอรหัสผู้ใช้และรหัสผ่าน (สิ่งที่ส่งมาด้วย 1)"
    FORM_2 = "form_2", "แบบคำขอเป็นผู้ใช้งาน (สิ่งที่ส่งมาด้วย 2)"
    MEMBERSHIP_REPORT = "membership_report", "รายงานรายชื่อและข้อมูลผู้ใช้งานในกลุ่มผู้ใช้"
    LETTER_REPLY = "letter_reply", "หนังสือตอบของกรมส่งเสริมการปกครองท้องถิ่น"
    ACTIVATION_SLIP = "activation_slip", "ใบแจ้งรหัสเปิดใช้งาน"
    CIRCULAR = "circular", "หนังสือเวียน"


class Retention(models.TextChoices):
    """How long a document is kept (Saraban rules, clause 57; standards 3.12)."""

    AFTER_CLOSURE = "after_closure", _("10 years after the account is closed")
    TEN_YEARS = "ten_years", _("10 years")
    ONE_YEAR = "one_year", _("1 year")
    UNTIL_REPLACED = "until_replaced", _("until it is replaced")


RETENTION: dict[DocumentKind, Retention] = {
    DocumentKind.FORM_1: Retention.AFTER_CLOSURE,
    DocumentKind.FORM_2: Retention.AFTER_CLOSURE,
    DocumentKind.MEMBERSHIP_REPORT: Retention.TEN_YEARS,
    DocumentKind.LETTER_REPLY: Retention.AFTER_CLOSURE,
    DocumentKind.ACTIVATION_SLIP: Retention.ONE_YEAR,
    DocumentKind.CIRCULAR: Retention.UNTIL_REPLACED,
}


class IssuedDocument(GuardedModel):
    """
    One state of a document that was handed out: what its QR proves (T-33).

    The same content is registered once; a changed content is a new row with a new code. `issued_by` had it made
    first; it is empty where somebody without an account did, or a job.
    """

    code = models.CharField(max_length=14, unique=True)
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    organisation = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="+")
    case = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    summary = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField()
    issued_to = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    issued_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "organisation", "case", "content_hash"], name="document_content_is_registered_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-issued_at"], name="document_by_authority"),
            models.Index(fields=["-issued_at"], name="document_by_time"),
        ]

    @property
    def retention(self) -> Retention:
        """Say how long a document of this kind is kept."""
        return RETENTION[DocumentKind(self.kind)]


class StoredFile(GuardedModel):
    """A scan, sealed as it came: content outside the web root under a name of ours (ASVS 5.3)."""

    public_id = models.CharField(max_length=16, unique=True)
    # Empty for a file of the department's own, as of a circular.
    organisation = models.ForeignKey(LocalAuthority, null=True, on_delete=models.PROTECT, related_name="+")
    case = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    pages_count = models.PositiveSmallIntegerField(default=1)
    content_hash = models.CharField(max_length=64)
    kept_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    # When the worker had drawn its pages; until then a page says that it is being prepared.
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kept_at"], condition=Q(drawn_at=None), name="stored_file_to_be_drawn"),
        ]
