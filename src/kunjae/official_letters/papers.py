"""What the department hands out about a letter, on paper: its reply, and the slip with the second code."""

from datetime import date, datetime
from typing import Any

from kunjae.documents.activation_slip import ActivationSlip
from kunjae.documents.letter_reply import Outcome, ReplySheet
from kunjae.identity.models import Activation
from kunjae.messaging.models import Channel
from kunjae.official_letters.models import CaseState, LetterCase, PositionBox
from kunjae.organisations.models import AuthorityEdition, Capacity

POST_OF_BOX: dict[str, str] = {
    PositionBox.BUREAU: "ผู้อำนวยการสำนักการคลัง",
    PositionBox.DIVISION: "ผู้อำนวยการกองคลัง",
    PositionBox.UNIT: "หัวหน้าหน่วยงานคลัง",
}
"""The posts that the boxes of the form shorten (A1-13)."""

_OUTCOMES: dict[CaseState, Outcome] = {
    CaseState.ISSUED: "issued",
    CaseState.RETURNED: "returned",
    CaseState.REFUSED: "refused",
}


def reply_of(case: LetterCase, **shown: Any) -> ReplySheet:
    """
    Set the department's reply to a letter that was decided.

    An authority that was renamed since is called by both names. `shown` is what is no part of the content:
    `numerals`, `verification_base` and `verification_code`.
    """
    outcome = _OUTCOMES[CaseState(case.state)]
    return ReplySheet(
        outcome=outcome,
        authority_name=name_with_former(case),
        district=f"อำเภอ{case.authority.district.name_th}",
        province=f"จังหวัด{case.authority.province.name_th}",
        addressee=case.authority.chief_executive_title_th,
        letter_number=case.letter_number,
        letter_date=case.letter_date,
        received_number=case.received_number,
        received_date=case.received_date,
        case_number=case.case,
        recipient_name=case.recipient_name,
        recipient_position=post_of(case),
        user_id=case.subject.username if outcome == "issued" and case.subject else "",
        reason=case.decision_note,
        **shown,
    )


def name_with_former(case: LetterCase) -> str:
    """
    Name the authority as it is called at the decision, or now, with the name it bore when it wrote (T-33).

    As in เทศบาลเมืองราไวย์ (เดิม เทศบาลตำบลราไวย์).
    """
    now = case.authority_name_at_issue or case.authority.full_name
    then = _name_on(case, case.letter_date)
    return now if then in ("", now) else f"{now} (เดิม {then})"


def _name_on(case: LetterCase, day: date) -> str:
    """Name the authority as on a day; empty where the register does not reach back so far."""
    edition = (
        AuthorityEdition.objects.filter(authority_id=case.authority_id, from_date__lte=day)
        .order_by("-from_date", "-id")
        .first()
    )
    return edition.full_name if edition else ""


def post_of(case: LetterCase) -> str:
    """Name the post that the letter asks the keys for, in the words of the office (A1-13)."""
    if case.acted_post_th:
        return f"{case.own_position_th} {Capacity(case.capacity).label}{case.acted_post_th}".strip()
    return POST_OF_BOX.get(case.position_box, case.authority.finance_head_title_th)


def slip_of(
    case: LetterCase, activation: Activation, *, code: str, ends_at: datetime, at: datetime, **shown: Any
) -> ActivationSlip:
    """
    Set the slip of a head's activation; `code` is printed once and never kept.

    `shown` is what is no part of the content: `numerals`, `activation_address` and the verification.
    """
    by_mail = activation.mail is None or activation.mail.channel == Channel.MAIL
    return ActivationSlip(
        person_name=activation.subject.person.full_name,
        authority_name=case.authority.full_name,
        place=case.authority.place,
        user_id=activation.subject.username,
        case_number=case.case,
        code=code,
        ends_at=ends_at,
        printed_at=at,
        first_way="mail" if by_mail else "sms",
        **shown,
    )
