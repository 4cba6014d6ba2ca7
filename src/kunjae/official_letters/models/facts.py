"""What form 1 says, field by field (สิ่งที่ส่งมาด้วย 1; A1-01 … A1-19)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models import Capacity, LocalAuthority


class LeavingKind(models.TextChoices):
    """Which of the three the second reason means: โอน / ย้าย / ลาออก (A1-08)."""

    TRANSFERRED = "transferred", "โอน"
    MOVED = "moved", "ย้าย"
    RESIGNED = "resigned", "ลาออก"


class OtherReason(models.TextChoices):
    """What stands behind อื่น ๆ (โปรดระบุ) (A1-10)."""

    RETIRED = "retired", "เกษียณ"
    DIED = "died", "เสียชีวิต"
    DISMISSED = "dismissed", "พักราชการ/ถูกสั่งให้ออก"
    NEW_AUTHORITY = "new_authority", "อปท. ตั้งใหม่/ยกฐานะ"
    COMPROMISED = "compromised", "สงสัยถูกละเมิด"
    OTHER = "other", "อื่น ๆ"


OTHER_REASONS_NEEDING_AN_ORDER = (OtherReason.RETIRED, OtherReason.DIED, OtherReason.DISMISSED)
"""Behind these another person takes the post, so the order that appoints him is asked for (A1-19)."""


class PositionBox(models.TextChoices):
    """ตำแหน่ง: exactly one of the four boxes (A1-13)."""

    BUREAU = "bureau", "ผอ.สำนักการคลัง"
    DIVISION = "division", "ผอ.กองคลัง"
    UNIT = "unit", "หัวหน้าหน่วยงานคลัง"
    ACTING = "acting", "รักษาราชการแทน ผอ.สำนักการคลัง/กองคลัง/หัวหน้าหน่วยงานคลัง"


class SignerCapacity(models.TextChoices):
    """In what right the letter was signed (A1-16); never the head of finance himself."""

    CHIEF_EXECUTIVE = "chief_executive", _("chief executive")
    CLERK_FOR_VACANT = "clerk_for_vacant", _("clerk, for a vacant chief executive")
    DEPUTY_ACTING = "deputy_acting", _("deputy, acting for the chief executive")


ACTING_SIGNERS = (SignerCapacity.CLERK_FOR_VACANT, SignerCapacity.DEPUTY_ACTING)
"""Who signs in these rights names the ground for it."""


class LetterFacts(GuardedModel):
    """
    What a letter says: the same for one that is being prepared and for one that has come in.

    Names are texts as written; who the recipient is as a person is found out in verification.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="+")
    # สาเหตุเนื่องจาก: several may hold (A1-11)
    is_lost = models.BooleanField(default=False)
    head_has_left = models.BooleanField(default=False)
    leaving_kind = models.CharField(max_length=12, choices=LeavingKind.choices, blank=True)
    is_unusable = models.BooleanField(default=False)
    other_reason = models.CharField(max_length=14, choices=OtherReason.choices, blank=True)
    other_text = models.CharField(max_length=300, blank=True)
    # จึงขอให้จัดส่งรหัสผู้ใช้และรหัสผ่าน ให้ …
    recipient_title = models.CharField(max_length=40, blank=True)
    recipient_given_name = models.CharField(max_length=100, blank=True)
    recipient_family_name = models.CharField(max_length=100, blank=True)
    position_box = models.CharField(max_length=8, choices=PositionBox.choices, blank=True)
    own_position_th = models.CharField(max_length=150, blank=True)
    acted_post_th = models.CharField(max_length=150, blank=True)
    # Which kind of acting; SUBSTANTIVE with the three other boxes.
    capacity = models.CharField(max_length=20, choices=Capacity.choices, default=Capacity.SUBSTANTIVE)
    order_number = models.CharField(max_length=60, blank=True)
    order_date = models.DateField(null=True)
    order_from_date = models.DateField(null=True)
    order_until_date = models.DateField(null=True)
    email = models.CharField(max_length=254, blank=True)
    # The recipient's own; the form itself has the contact's only (A1-15, A1-18).
    mobile = models.CharField(max_length=20, blank=True)
    # หากมีข้อสงสัยสามารถติดต่อประสานงานกับ …
    contact_title = models.CharField(max_length=40, blank=True)
    contact_given_name = models.CharField(max_length=100, blank=True)
    contact_family_name = models.CharField(max_length=100, blank=True)
    contact_mobile = models.CharField(max_length=20, blank=True)
    # The foot of the letter (A1-16, A1-17)
    signer_title = models.CharField(max_length=40, blank=True)
    signer_given_name = models.CharField(max_length=100, blank=True)
    signer_family_name = models.CharField(max_length=100, blank=True)
    signer_position_th = models.CharField(max_length=150, blank=True)
    signer_capacity = models.CharField(max_length=18, choices=SignerCapacity.choices, blank=True)
    signer_basis = models.CharField(max_length=300, blank=True)
    office_name = models.CharField(max_length=150, blank=True)
    office_phone = models.CharField(max_length=40, blank=True)
    office_fax = models.CharField(max_length=40, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    @property
    def recipient_name(self) -> str:
        """Name the recipient as forms do: the title glued to the first name."""
        return f"{self.recipient_title}{self.recipient_given_name} {self.recipient_family_name}".strip()

    @property
    def contact_name(self) -> str:
        """Name whom to ask."""
        return f"{self.contact_title}{self.contact_given_name} {self.contact_family_name}".strip()

    @property
    def signer_name(self) -> str:
        """Name who signs."""
        return f"{self.signer_title}{self.signer_given_name} {self.signer_family_name}".strip()

    @property
    def needs_order(self) -> bool:
        """Tell whether the appointing or acting order must be attached (A1-19): another person, or an acting one."""
        return (
            self.head_has_left
            or self.position_box == PositionBox.ACTING
            or self.other_reason in OTHER_REASONS_NEEDING_AN_ORDER
        )

    @property
    def tells_of_danger(self) -> bool:
        """Tell whether the old secret may be in other hands: then it is revoked at receipt (A1-07, D11)."""
        return self.is_lost or self.other_reason == OtherReason.COMPROMISED
