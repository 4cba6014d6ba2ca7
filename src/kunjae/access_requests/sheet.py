"""Form 2 as a sheet: the rows of a request, of its opinion and of the closing, as the words that stand on the paper."""

import dataclasses

from kunjae.access_requests.models import AccessRequest, CredentialWish, RequestState, WayIn
from kunjae.access_requests.queries import Groups
from kunjae.core.clock import long_datetime
from kunjae.documents.form_2 import Form2Opinion, Form2Part1, Form2Sheet
from kunjae.documents.sheets import UNSIGNED, Signature
from kunjae.organisations.models import LocalAuthority
from kunjae.revocation.on_paper import part_2_of

_PROVEN_BY = {
    WayIn.SIGNED_IN: "ยืนยันตัวด้วยรหัสผ่าน",
    WayIn.INVITATION: "ยืนยันอีเมลและโทรศัพท์มือถือแล้ว",
    WayIn.SELF_SERVICE: "ตั้งรหัสผ่านใหม่ด้วยตนเอง ยืนยันตัวด้วยอีเมลและปัจจัยที่สอง ไม่ต้องมีความเห็น",
}
_SUMMARY_TH = {
    RequestState.DRAFT: "ยังไม่ได้ยื่น",
    RequestState.SUBMITTED: "ยื่นแล้ว รอความเห็น",
    RequestState.WITHDRAWN: "ถอนคำขอแล้ว",
    RequestState.APPROVED: "อนุมัติ",
    RequestState.REFUSED: "ไม่อนุมัติ",
    RequestState.SELF_SERVED: "ผู้ขอตั้งรหัสผ่านใหม่ด้วยตนเองแล้ว",
}


def sheet_of(request: AccessRequest, groups: Groups) -> Form2Sheet:
    """Fill in the sheet of a request as `queries.requests` loads it; part 2 if the account it opened was closed."""
    authority = request.authority
    closure = getattr(request.opened_subject, "closure", None)
    return Form2Sheet(
        authority_name=authority.full_name,
        district=f"อำเภอ{authority.district.name_th}",
        province=f"จังหวัด{authority.province.name_th}",
        form_date=request.form_date,
        addressee_title=authority.finance_head_title_th,
        part1=_part_1(request, groups),
        opinion=_opinion(request, groups),
        part2=part_2_of(closure) if closure else None,
        case_number=request.case,
    )


def with_seal(sheet: Form2Sheet, *, base: str, code: str) -> Form2Sheet:
    """Add the QR code by which the sheet can be verified."""
    return dataclasses.replace(sheet, verification_base=base, verification_code=code)


def blank_sheet(authority: LocalAuthority) -> dict[str, str]:
    """Give what is known of an authority for a blank form."""
    return {
        "authority_name": authority.full_name,
        "district": f"อำเภอ{authority.district.name_th}",
        "province": f"จังหวัด{authority.province.name_th}",
        "addressee_title": authority.finance_head_title_th,
    }


def summary_of(request: AccessRequest) -> str:
    """Say what the public page may show of a sheet, in the words of the form: where it stands; it names nobody."""
    if getattr(request.opened_subject, "closure", None):
        return "ยกเลิกรหัสผู้ใช้และรหัสผ่านแล้ว"
    return _SUMMARY_TH[RequestState(request.state)]


def _part_1(request: AccessRequest, groups: Groups) -> Form2Part1:
    name = request.applicant_name or request.applicant.full_name
    return Form2Part1(
        applicant_name=name,
        applicant_position=request.position_th,
        wants_credentials=request.credential_wish != CredentialWish.NONE,
        is_new_user=request.credential_wish == CredentialWish.NEW_USER,
        cannot_enter_reason=request.cannot_enter_reason,
        wants_groups=request.wants_groups,
        duty_text=request.duty,
        asked_groups=tuple(group.name_th for group in groups.asked),
        signature=_applicants_signature(request, name),
    )


def _applicants_signature(request: AccessRequest, name: str) -> Signature:
    if request.submitted_at is None:
        return UNSIGNED
    if request.way_in == WayIn.PAPER:
        return Signature(
            name=name,
            position=request.position_th,
            signed="paper",
            note=f"บันทึกเข้าระบบเมื่อ {long_datetime(request.submitted_at, 'th')}",
        )
    return Signature(
        name=name,
        position=request.position_th,
        signed="electronic",
        at=request.submitted_at,
        note=_PROVEN_BY[WayIn(request.way_in)],
    )


def _opinion(request: AccessRequest, groups: Groups) -> Form2Opinion | None:
    if request.state not in (RequestState.APPROVED, RequestState.REFUSED):
        return None
    return Form2Opinion(
        approved=request.state == RequestState.APPROVED,
        granted_groups=tuple(group.name_th for group in groups.granted),
        reason=request.refusal_reason,
        signature=Signature(
            name=request.decider_name,
            position=request.decider_position_th,
            signed="electronic",
            at=request.decided_at,
            note=_PROVEN_BY[WayIn.SIGNED_IN],
        ),
    )
