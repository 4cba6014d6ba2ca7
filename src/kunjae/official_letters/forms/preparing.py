"""Form 1 as somebody at an authority fills it in, with what is asked before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import DocumentNumber, Email, Line, Mobile, PersonName, Phone, ThaiDate, Title
from kunjae.official_letters.content import LetterContent, missing_from
from kunjae.official_letters.forms.saying import ShownVersion, refusal, said
from kunjae.official_letters.models import LeavingKind, OtherReason, PositionBox, SignerCapacity
from kunjae.official_letters.policies.preparing import may_print
from kunjae.organisations.models import ACTING_CAPACITIES, Capacity, FinanceHeadTitle, LocalAuthority

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Described:
    """The label of a choice, with a hint that stands below it."""

    text: str | Promise
    hint: str | Promise

    def __str__(self) -> str:
        return str(self.text)


# --- Before the letter ------------------------------------------------------------------------------------------

FORGOTTEN, UNUSABLE, LOST, LEFT, NONE_YET = "forgotten", "unusable", "lost", "left", "none-yet"


class Before(forms.Form):
    """Three questions that save most letters."""

    use_required_attribute = False
    happened = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("What has happened to the key of the head of finance?"),
        choices=[
            (FORGOTTEN, _("The password was forgotten")),
            (UNUSABLE, _("The system does not let the head in")),
            (LOST, _("The user id or the password was lost")),
            (LEFT, _("The head of finance was transferred, moved, resigned, or is no longer there")),
            (NONE_YET, _("The authority has never had a user id")),
        ],
        error_messages={"required": _("Say what has happened."), "invalid_choice": _("Say what has happened.")},
    )
    may_be_known = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("May somebody else know the password?"),
        choices=[(YES, _("Yes, or not sure")), (NO, _("No, nobody else knows it"))],
        error_messages={
            "required": _("Say whether somebody else may know the password."),
            "invalid_choice": _("Say whether somebody else may know the password."),
        },
    )
    can_hand_over = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Is the present head, or an acting one, still there?"),
        choices=[(YES, _("Yes, and can get in")), (NO, _("No, or cannot get in"))],
        error_messages={
            "required": _("Say whether somebody with the head's rights can get in."),
            "invalid_choice": _("Say whether somebody with the head's rights can get in."),
        },
    )


class AuthoritySearch(forms.Form):
    """Which authority the letter is of: words, and perhaps a province."""

    use_required_attribute = False
    words = Line(
        label=_("Name of the authority, district, province, or its code"),
        help_text=_("A part is enough: ราไวย์ เมืองภูเก็ต"),
        length_max=100,
        missing=_("Type a part of the name of the authority."),
        widget=forms.TextInput(attrs={"type": "search", "spellcheck": "false"}),
    )


class ChosenAuthority(forms.Form):
    """The authority whose button was pressed."""

    code = Line(length_max=8)


# --- The letter -------------------------------------------------------------------------------------------------

_FIELD_OF = {
    "cause_missing": "is_lost",
    "leaving_kind_missing": "leaving_kind",
    "other_cause_untold": "other_text",
    "recipient_missing": "recipient_given_name",
    "position_box_missing": "position_box",
    "own_position_missing": "own_position_th",
    "acted_post_missing": "acted_post_th",
    "acting_kind_missing": "capacity",
    "order_untold": "order_number",
    "order_begin_missing": "order_from_date",
    "letter_email_missing": "email",
    "letter_mobile_missing": "mobile",
    "signer_missing": "signer_given_name",
    "signer_capacity_missing": "signer_capacity",
    "signer_basis_missing": "signer_basis",
    "letter_recipient_is_signer": "signer_given_name",
}
RECIPIENT, SOMEBODY_ELSE = "recipient", "somebody-else"
_OFFICES = {FinanceHeadTitle.BUREAU: "สำนักการคลัง", FinanceHeadTitle.DIVISION: "กองคลัง"}
_OF_CONTACT = ("contact_title", "contact_given_name", "contact_family_name", "contact_mobile")


def _one_of(label: Any, choices: Iterable[tuple[str, object]], reason: str, **options: Any) -> forms.ChoiceField:
    """Offer radios of which one must be chosen; the same sentence says so whatever was sent instead."""
    messages = {"required": said(reason), "invalid_choice": said(reason)}
    return forms.ChoiceField(
        widget=forms.RadioSelect, label=label, choices=list(choices), error_messages=messages, **options
    )


def _not_theirs(field: forms.Field) -> forms.Field:
    """Keep the browser from filling in its owner's data: the letter speaks of others."""
    field.widget.attrs["autocomplete"] = "off"
    return field


class Letter(forms.Form):
    """
    The boxes and blanks of form 1, in its order.

    What stands under a box that is not ticked does not count, and neither does what is wrong there.
    """

    # What a field under a box needs, only its box knows.
    use_required_attribute = False
    version = ShownVersion()
    is_lost = forms.BooleanField(required=False, label=_("The user id or password was lost"))
    head_has_left = forms.BooleanField(
        required=False, label=_("The head of finance was transferred, moved or has resigned")
    )
    leaving_kind = _one_of(_("Which of the three?"), LeavingKind.choices, "leaving_kind_missing")
    is_unusable = forms.BooleanField(required=False, label=_("The user id or password cannot be used"))
    has_other = forms.BooleanField(required=False, label=_("Other (please specify)"))
    other_reason = _one_of(_("What is it?"), OtherReason.choices, "other_cause_untold")
    other_text = Line(
        required=False, length_max=300, label=_("In your own words"), help_text=_("Needed only with “อื่น ๆ”")
    )

    recipient_title = Title(label=_("Title"))
    recipient_given_name = PersonName(label=_("First name"), missing=said("recipient_missing"))
    recipient_family_name = PersonName(required=False, label=_("Family name"))
    position_box = _one_of(
        _("Position: one of the four boxes of the form"), PositionBox.choices, "position_box_missing"
    )
    own_position_th = Line(
        missing=said("own_position_missing"),
        length_max=150,
        label=_("Own position"),
        help_text=_("As in the appointment, with its level: นักวิชาการเงินและบัญชีชำนาญการ"),
    )
    capacity = _one_of(
        _("In what right"),
        [
            (Capacity.ACTING_FOR, Described("รักษาราชการแทน", _("The post has a holder who cannot act"))),
            (Capacity.ACTING_IN, Described("รักษาการในตำแหน่ง", _("The post is vacant"))),
        ],
        "acting_kind_missing",
    )
    acted_post_th = Line(missing=said("acted_post_missing"), length_max=150, label=_("Which post is acted for"))

    order_number = DocumentNumber(required=False, length_max=60, label=_("Number of the order"))
    order_date = ThaiDate(required=False, label=_("Date of the order"))
    order_from_date = ThaiDate(required=False, label=_("In force from"))
    order_until_date = ThaiDate(
        required=False, label=_("Until"), help_text=_("Only if the order names a last day for the acting")
    )

    email = Email(
        missing=said("letter_email_missing"),
        label=_("E-mail address"),
        help_text=_("The person's own, read by nobody else. The link to set the password goes there."),
    )
    mobile = Mobile(
        missing=said("letter_mobile_missing"),
        label=_("Mobile number of the person who is to receive the user id"),
        help_text=_("Not on the form, but the system needs it: a code goes there. It is printed small at the foot."),
    )

    contact_is = _one_of(
        _("Whom may the department ask?"),
        [(RECIPIENT, _("The same person, on the same mobile")), (SOMEBODY_ELSE, _("Somebody else"))],
        "letter_contact_missing",
    )
    contact_title = Title(label=_("Title"))
    contact_given_name = PersonName(label=_("First name"), missing=said("letter_contact_missing"))
    contact_family_name = PersonName(required=False, label=_("Family name"))
    contact_mobile = Mobile(missing=said("letter_contact_missing"), label=_("Mobile number"))

    signer_title = Title(label=_("Title"))
    signer_given_name = PersonName(label=_("First name"), missing=said("signer_missing"))
    signer_family_name = PersonName(required=False, label=_("Family name"))
    signer_position_th = Line(
        missing=said("signer_missing"),
        length_max=150,
        label=_("Position as under the signature"),
        help_text=_("In full, as in นายกเทศมนตรีตำบลราไวย์"),
    )
    signer_capacity = _one_of(
        _("In what right the letter is signed"),
        [
            (SignerCapacity.CHIEF_EXECUTIVE, _("As the chief executive")),
            (SignerCapacity.CLERK_FOR_VACANT, _("As the clerk, because there is no chief executive")),
            (SignerCapacity.DEPUTY_ACTING, _("As a deputy, acting for the chief executive")),
        ],
        "signer_capacity_missing",
    )
    signer_basis = Line(
        required=False,
        length_max=300,
        label=_("By which order or law"),
        help_text=_("Only if somebody signs for the chief executive: คำสั่งที่ 12/2569 ลงวันที่ 5 มกราคม 2569"),
    )

    office_name = Line(required=False, length_max=150, label=_("Office responsible"), help_text=_("As in กองคลัง"))
    office_phone = Phone(required=False, label=_("Telephone"))
    office_fax = Phone(required=False, label=_("Fax"))

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.missing: list[str] = []
        for field in self.fields.values():
            _not_theirs(field)

    def clean(self) -> dict[str, Any]:
        """Overlook what stands under a box that is not ticked; say what the letter still lacks."""
        cleaned = super().clean() or self.cleaned_data
        self._overlook_what_is_not_ticked(cleaned)
        content = self.content()
        self.missing = missing_from(content)
        for reason in self.missing:
            self._refuse(reason)
        if not self.errors and not (verdict := may_print(content)):
            self._refuse(verdict.reason)
        first, last = cleaned.get("order_from_date"), cleaned.get("order_until_date")
        if first and last and last < first:
            self.add_error("order_until_date", refusal("order_ends_before_it_begins"))
        return cleaned

    def _refuse(self, reason: str) -> None:
        name = _FIELD_OF.get(reason)
        if reason == "letter_contact_missing":
            return  # Said where the name or the number is missing: the contact's own, or the recipient's.
        if reason == "order_untold" and self.cleaned_data.get("order_number"):
            name = "order_date"
        # What cannot be read has its own sentence already.
        if name not in self.errors:
            self.add_error(name, refusal(reason))

    def _overlook_what_is_not_ticked(self, cleaned: Mapping[str, Any]) -> None:
        if not cleaned.get("head_has_left"):
            self._forget("leaving_kind")
        if not cleaned.get("has_other"):
            self._forget("other_reason", "other_text")
        if cleaned.get("position_box") != PositionBox.ACTING:
            self._forget("own_position_th", "acted_post_th", "capacity", "order_until_date")
        if cleaned.get("contact_is") != SOMEBODY_ELSE:
            self._forget(*_OF_CONTACT)

    def _forget(self, *names: str) -> None:
        """Overlook what is wrong in a field that does not count."""
        for name in names:
            self.errors.pop(name, None)

    def content(self) -> LetterContent:
        """Give what was filled in, as far as it could be read."""
        cleaned = self.cleaned_data
        names = LetterContent.__dataclass_fields__
        told = {name: cleaned[name] for name in names if cleaned.get(name) not in (None, "")}
        if not cleaned.get("has_other"):
            told.pop("other_reason", None)
        if cleaned.get("contact_is") == RECIPIENT:
            told |= {name: cleaned.get(name.replace("contact_", _SAME[name])) or "" for name in _OF_CONTACT}
        return LetterContent(**told).settled()

    @staticmethod
    def initial_of(content: LetterContent, *, version: int) -> dict[str, Any]:
        """Give the values with which the form shows a content again."""
        values = {name: getattr(content, name) for name in LetterContent.__dataclass_fields__}
        is_same = all(values[name] == values[name.replace("contact_", _SAME[name])] for name in _OF_CONTACT)
        contact_is = "" if not content.contact_given_name else RECIPIENT if is_same else SOMEBODY_ELSE
        if contact_is == RECIPIENT:
            values |= dict.fromkeys(_OF_CONTACT, "")
        if content.capacity not in ACTING_CAPACITIES:
            values["capacity"] = ""
        return {**values, "version": version, "has_other": bool(content.other_reason), "contact_is": contact_is}

    @staticmethod
    def first_content(authority: LocalAuthority) -> LetterContent:
        """Give what the register knows of an authority and a letter mostly says; no person's name is in it."""
        title = FinanceHeadTitle(authority.finance_head_title)
        return replace(
            LetterContent(),
            acted_post_th=authority.finance_head_title_th,
            signer_position_th=authority.chief_executive_title_th,
            office_name=_OFFICES.get(title, ""),
            office_phone=authority.phone,
        )


#: What of the recipient is the contact's, where both are one person.
_SAME = {
    "contact_title": "recipient_",
    "contact_given_name": "recipient_",
    "contact_family_name": "recipient_",
    "contact_mobile": "",
}
