"""What somebody fills in on form 1, on the public page or from a letter on paper, and the letter that it makes."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self, cast

from kunjae.core import phones
from kunjae.documents import form_1
from kunjae.documents.form_1 import Box, Form1Sheet
from kunjae.official_letters.models import (
    ACTING_SIGNERS,
    OTHER_REASONS_NEEDING_AN_ORDER,
    LetterFacts,
    OtherReason,
    PositionBox,
)
from kunjae.official_letters.recognising import name_key
from kunjae.organisations.models import ACTING_CAPACITIES, Capacity, LocalAuthority

__all__ = [
    "LetterContent",
    "content_of",
    "hash_of",
    "missing_from",
    "name_key",
    "other_reason_th",
    "sheet_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterContent:
    """
    The boxes and lines of form 1 (A1-07 … A1-19), under the names of `LetterFacts`.

    A half-written letter is a content too. What stands under a box that is not ticked is no part of it: see `settled`.
    """

    is_lost: bool = False
    head_has_left: bool = False
    leaving_kind: str = ""
    is_unusable: bool = False
    other_reason: str = ""
    other_text: str = ""
    recipient_title: str = ""
    recipient_given_name: str = ""
    recipient_family_name: str = ""
    position_box: str = ""
    own_position_th: str = ""
    acted_post_th: str = ""
    capacity: str = Capacity.SUBSTANTIVE
    order_number: str = ""
    order_date: date | None = None
    order_from_date: date | None = None
    order_until_date: date | None = None
    email: str = ""
    mobile: str = ""
    contact_title: str = ""
    contact_given_name: str = ""
    contact_family_name: str = ""
    contact_mobile: str = ""
    signer_title: str = ""
    signer_given_name: str = ""
    signer_family_name: str = ""
    signer_position_th: str = ""
    signer_capacity: str = ""
    signer_basis: str = ""
    office_name: str = ""
    office_phone: str = ""
    office_fax: str = ""

    @property
    def needs_order(self) -> bool:
        """Tell whether the appointing or acting order must be attached (A1-19)."""
        return (
            self.head_has_left
            or self.position_box == PositionBox.ACTING
            or self.other_reason in OTHER_REASONS_NEEDING_AN_ORDER
        )

    @property
    def recipient_key(self) -> str:
        """Return what two spellings of the recipient's name share."""
        return name_key(self.recipient_given_name, self.recipient_family_name)

    @property
    def signer_key(self) -> str:
        """Return what two spellings of the signer's name share."""
        return name_key(self.signer_given_name, self.signer_family_name)

    @property
    def contact_key(self) -> str:
        """Return what two spellings of the contact's name share."""
        return name_key(self.contact_given_name, self.contact_family_name)

    def settled(self) -> Self:
        """Leave out what stands under a box that is not ticked."""
        is_acting = self.position_box == PositionBox.ACTING
        return replace(
            self,
            leaving_kind=self.leaving_kind if self.head_has_left else "",
            other_text=self.other_text if self.other_reason else "",
            own_position_th=self.own_position_th if is_acting else "",
            acted_post_th=self.acted_post_th if is_acting else "",
            capacity=self.capacity if is_acting else Capacity.SUBSTANTIVE,
            order_until_date=self.order_until_date if is_acting else None,
            signer_basis=self.signer_basis if self.signer_capacity in ACTING_SIGNERS else "",
        )

    def as_columns(self) -> dict[str, Any]:
        """Give the columns of `LetterFacts` that hold this content."""
        return {name: getattr(self, name) for name in _NAMES}

    def asks_the_same_as(self, other: Self) -> bool:
        """Test if two contents ask for the same person, in the same post, reached by the same addresses."""
        return all(getattr(self, name) == getattr(other, name) for name in _WHAT_PARTIES_ARE_TOLD)


_NAMES = tuple(field.name for field in fields(LetterContent))
#: What a notice says: whoever was told of these need not be told again (T-01).
_WHAT_PARTIES_ARE_TOLD = (
    "recipient_title", "recipient_given_name", "recipient_family_name", "position_box", "email", "mobile",
)  # fmt: skip


def content_of(facts: LetterFacts) -> LetterContent:
    """Read the content of a draft or of a letter that came in."""
    return LetterContent(**{name: getattr(facts, name) for name in _NAMES})


def hash_of(authority: LocalAuthority, content: LetterContent) -> str:
    """Return the SHA-256 of what the letter says, without its number and day; the QR carries its beginning (T-33)."""
    return form_1.content_hash(sheet_of(authority, content))


def sheet_of(authority: LocalAuthority, content: LetterContent, **shown: Any) -> Form1Sheet:
    """
    Set a content as the letter that an authority sends.

    `shown` is what is no part of the content: `letter_number`, `letter_date`, `numerals`, `verification_base`
    and `verification_code`.
    """
    said = content.settled()
    return Form1Sheet(
        authority_name=authority.full_name,
        district=f"อำเภอ{authority.district.name_th}",
        province=f"จังหวัด{authority.province.name_th}",
        is_lost=said.is_lost,
        head_has_left=said.head_has_left,
        leaving=_label(LetterFacts._meta.get_field("leaving_kind"), said.leaving_kind),
        is_unusable=said.is_unusable,
        other_reason=other_reason_th(said),
        recipient_title=said.recipient_title,
        recipient_given_name=said.recipient_given_name,
        recipient_family_name=said.recipient_family_name,
        position_box=cast("Box", said.position_box),
        own_position=said.own_position_th,
        acting_as=f"{Capacity(said.capacity).label}{said.acted_post_th}" if said.acted_post_th else "",
        email=said.email,
        contact_title=said.contact_title,
        contact_given_name=said.contact_given_name,
        contact_family_name=said.contact_family_name,
        contact_mobile=_phone(said.contact_mobile),
        signer_name=f"{said.signer_title}{said.signer_given_name} {said.signer_family_name}".strip(),
        signer_position=said.signer_position_th,
        office_name=said.office_name,
        office_phone=_phone(said.office_phone),
        office_fax=_phone(said.office_fax),
        mobile=_phone(said.mobile),
        order_number=said.order_number,
        order_date=said.order_date,
        order_from_date=said.order_from_date,
        order_until_date=said.order_until_date,
        signer_ground=said.signer_basis,
        **shown,
    )


def other_reason_th(content: LetterContent) -> str:
    """Say what stands behind อื่น ๆ, in the words of the letter; empty if that box is not ticked."""
    if not content.other_reason:
        return ""
    if content.other_reason == OtherReason.OTHER:
        return content.other_text or str(OtherReason.OTHER.label)
    return f"{OtherReason(content.other_reason).label} {content.other_text}".strip()


def missing_from(content: LetterContent) -> list[str]:
    """List why a letter is incomplete, as reasons, in the order of the form; empty if nothing is missing."""
    is_acting = content.position_box == PositionBox.ACTING
    is_missing = {
        "cause_missing": not (content.is_lost or content.head_has_left or content.is_unusable or content.other_reason),
        "leaving_kind_missing": content.head_has_left and not content.leaving_kind,
        "other_cause_untold": content.other_reason == OtherReason.OTHER and not content.other_text,
        "recipient_missing": not content.recipient_given_name,
        "position_box_missing": not content.position_box,
        "own_position_missing": is_acting and not content.own_position_th,
        "acted_post_missing": is_acting and not content.acted_post_th,
        "acting_kind_missing": is_acting and content.capacity not in ACTING_CAPACITIES,
        "order_untold": content.needs_order and not (content.order_number and content.order_date),
        "order_begin_missing": is_acting and content.order_from_date is None,
        "letter_email_missing": not content.email,
        "letter_mobile_missing": not content.mobile,
        "letter_contact_missing": not (content.contact_given_name and content.contact_mobile),
        "signer_missing": not (content.signer_given_name and content.signer_position_th),
        "signer_capacity_missing": not content.signer_capacity,
        "signer_basis_missing": content.signer_capacity in ACTING_SIGNERS and not content.signer_basis,
    }
    return [reason for reason, missing in is_missing.items() if missing]


def _label(field: Any, value: str) -> str:
    return str(dict(field.flatchoices).get(value, ""))


def _phone(number: str) -> str:
    return phones.display(number) if number else ""
