"""Part 2 of form 2 as the words that stand on the paper, in every language of the product (A2-09 … A2-11)."""

from datetime import date

from kunjae.core.clock import long_date
from kunjae.documents.form_2 import Form2Part2
from kunjae.documents.sheets import UNSIGNED, Signature
from kunjae.revocation.models import MOVED_OR_RESIGNED, Closure, ClosureReason

REASON_TH = {
    ClosureReason.MOVED: "ย้าย",
    ClosureReason.TRANSFERRED: "โอน",
    ClosureReason.RESIGNED: "ลาออก",
    ClosureReason.RETIRED: "เกษียณอายุราชการ",
    ClosureReason.DIED: "ถึงแก่กรรม",
    ClosureReason.DISMISSED: "ถูกให้ออกหรือพักราชการ",
    ClosureReason.DUPLICATE: "รหัสผู้ใช้ซ้ำซ้อน",
    ClosureReason.OTHER: "",
}
"""Why an account is closed, in the words of the office."""

PROVEN_BY = "ยืนยันตัวด้วยรหัสผ่าน"
"""How whoever closed it was known."""


def part_2(
    *,
    reason: ClosureReason,
    other_text: str,
    effective_date: date,
    left_date: date | None,
    signature: Signature = UNSIGNED,
) -> Form2Part2:
    """Fill in part 2: the reason at the nearest box, and both days where the person had left before."""
    words = " ".join(filter(None, [REASON_TH[reason], other_text]))
    if left_date is not None and left_date != effective_date:
        words = f"{words} พ้นจากหน้าที่เมื่อ {long_date(left_date, 'th')}"
    moved_or_resigned = reason in MOVED_OR_RESIGNED
    return Form2Part2(
        moved_or_resigned=moved_or_resigned,
        detail=words if moved_or_resigned else "",
        other_text="" if moved_or_resigned else words,
        signature=signature,
        effective_date=effective_date,
    )


def part_2_of(closure: Closure) -> Form2Part2:
    """Fill in part 2 as it was recorded and signed."""
    return part_2(
        reason=ClosureReason(closure.reason),
        other_text=closure.other_text,
        effective_date=closure.effective_date,
        left_date=closure.left_date,
        signature=Signature(
            name=closure.closer_name,
            position=closure.closer_position_th,
            signed="electronic",
            at=closure.closed_at,
            note=PROVEN_BY,
        ),
    )
