"""A letter on paper, keyed at the desk: first its scan, then what stands in it (A1-01 … A1-19)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Self

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import (
    DocumentNumber,
    Email,
    Line,
    Mobile,
    PersonName,
    Phone,
    Scan,
    ThaiDate,
    Title,
)
from kunjae.core.identifiers import parse_short_code
from kunjae.documents import official_wording as wording
from kunjae.official_letters.content import LetterContent
from kunjae.official_letters.forms.saying import ShownVersion, refusal, said
from kunjae.official_letters.models import LeavingKind, OtherReason, PositionBox, SignerCapacity, WayIn
from kunjae.organisations.models import ACTING_CAPACITIES, Capacity, LocalAuthority
from kunjae.organisations.queries import authority_by_code, search_authorities

AUTHORITIES_OFFERED_MAX = 12
_NOT_IN_LIST = {"invalid_choice": _("Choose one from the list.")}


class LetterScan(forms.Form):
    """The scan that a letter begins with at the desk."""

    scan = Scan(
        label=_("Scan of the letter"),
        help_text=_(
            "PDF, JPEG or PNG, 10 MB at most, all pages in one file. A photograph by telephone will do if every word can be read."
        ),
    )


class OrderScan(forms.Form):
    """The scan of the order that appoints the recipient."""

    order = Scan(label=_("Scan of the order"), help_text=_("PDF, JPEG or PNG, 10 MB at most, all pages in one file."))


class CodeField(Line):
    """The code that stands under the QR of a letter prepared here; empty if there is none."""

    def clean_typed(self, typed: str) -> str:
        """Read the code as people type it."""
        return parse_short_code(typed)


class PreparedCode(forms.Form):
    """The code under the QR of a letter that was prepared here."""

    code = CodeField(
        required=True,
        label=_("Code under the QR of the letter"),
        missing=said("short_code_malformed"),
        help_text=_("10 digits. It fills in what was prepared; compare it with the letter."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def _own(field: forms.Field) -> forms.Field:
    """Keep the browser from offering its owner's own data for somebody else's."""
    field.widget.attrs["autocomplete"] = "off"
    return field


class LetterBody(forms.Form):
    """What the letter says. Hardly anything is required: what is missing is told, and may be asked of the authority."""

    is_lost = forms.BooleanField(required=False, label=wording.FORM_1_LOST)
    head_has_left = forms.BooleanField(required=False, label=wording.FORM_1_HEAD_HAS_LEFT)
    leaving_kind = forms.ChoiceField(
        required=False,
        label=_("Which of the three"),
        choices=[("", _("Not said")), *LeavingKind.choices],
        error_messages=_NOT_IN_LIST,
    )
    is_unusable = forms.BooleanField(required=False, label=wording.FORM_1_UNUSABLE)
    other_reason = forms.ChoiceField(
        required=False,
        label=wording.FORM_1_OTHER,
        choices=[("", _("Not ticked")), *OtherReason.choices],
        error_messages=_NOT_IN_LIST,
    )
    other_text = Line(required=False, length_max=300, label=_("What stands on its line"))
    recipient_title = Title(required=False, label=_("Title"))
    recipient_given_name = PersonName(label=_("First name"), missing=said("recipient_missing"))
    recipient_family_name = PersonName(required=False, label=_("Family name"))
    position_box = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        label=wording.POSITION,
        choices=PositionBox.choices,
        error_messages=_NOT_IN_LIST,
    )
    own_position_th = Line(required=False, length_max=150, label=_("Own position"))
    capacity = forms.ChoiceField(
        required=False,
        label=_("In what right"),
        choices=[("", _("Not said")), *((each.value, each.label) for each in ACTING_CAPACITIES)],
        error_messages=_NOT_IN_LIST,
    )
    acted_post_th = Line(required=False, length_max=150, label=_("Post that is acted for"))
    order_number = DocumentNumber(required=False, length_max=60, label=_("Order no."))
    order_date = ThaiDate(required=False, label=_("Day of the order"))
    order_from_date = ThaiDate(required=False, label=_("In force from"))
    order_until_date = ThaiDate(required=False, label=_("In force until"))
    email = _own(Email(required=False, label=_("E-mail address")))
    mobile = _own(Mobile(required=False, label=_("Mobile of the recipient")))
    contact_title = Title(required=False, label=_("Title"))
    contact_given_name = PersonName(required=False, label=_("First name"))
    contact_family_name = PersonName(required=False, label=_("Family name"))
    contact_mobile = _own(Mobile(required=False, label=_("Mobile of the contact")))
    signer_title = Title(required=False, label=_("Title"))
    signer_given_name = PersonName(required=False, label=_("First name"))
    signer_family_name = PersonName(required=False, label=_("Family name"))
    signer_position_th = Line(required=False, length_max=150, label=_("Position under the signature"))
    signer_capacity = forms.ChoiceField(
        required=False,
        label=_("Signs as"),
        choices=[("", _("Not said")), *SignerCapacity.choices],
        error_messages=_NOT_IN_LIST,
    )
    signer_basis = Line(required=False, length_max=300, label=_("Ground, where somebody signs for the executive"))
    office_name = Line(required=False, length_max=150, label=_("Office at the foot"))
    office_phone = _own(Phone(required=False, label=_("Telephone at the foot")))
    office_fax = _own(Phone(required=False, label=_("Fax at the foot")))

    #: How the page groups them: heading, then the fields below it.
    groups: Sequence[tuple[Any, Sequence[str]]] = (
        (wording.FORM_1_BECAUSE, ("is_lost", "head_has_left", "leaving_kind", "is_unusable", "other_reason", "other_text")),
        (
            _("Recipient of the keys"),
            (
                "recipient_title", "recipient_given_name", "recipient_family_name", "position_box", "own_position_th",
                "capacity", "acted_post_th", "email", "mobile",
            ),
        ),
        (_("Order of appointment or acting"), ("order_number", "order_date", "order_from_date", "order_until_date")),
        (
            _("Contact for questions"),
            ("contact_title", "contact_given_name", "contact_family_name", "contact_mobile"),
        ),
        (
            _("Signature and foot"),
            (
                "signer_title", "signer_given_name", "signer_family_name", "signer_position_th", "signer_capacity",
                "signer_basis", "office_name", "office_phone", "office_fax",
            ),
        ),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for the box of the position where the order of acting is told without it."""
        cleaned = super().clean() or self.cleaned_data
        from_date, until_date = cleaned.get("order_from_date"), cleaned.get("order_until_date")
        if from_date and until_date and until_date < from_date:
            self.add_error("order_until_date", refusal("order_ends_before_it_begins"))
        return cleaned

    def content(self) -> LetterContent:
        """Give what was keyed, once the form is valid."""
        names = LetterContent.__dataclass_fields__
        values = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        values["capacity"] = values["capacity"] or Capacity.SUBSTANTIVE
        return LetterContent(**values).settled()

    def without_complaints(self) -> Self:
        """Show what was typed so far as it is, without judging it yet."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        return self

    @property
    def grouped(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Give the fields as the page shows them."""
        return [(heading, [self[name] for name in names]) for heading, names in self.groups]

    @classmethod
    def initial_of(cls, content: LetterContent) -> dict[str, Any]:
        """Give the values with which the form shows a content."""
        initial = content.as_columns()
        initial["capacity"] = "" if content.capacity == Capacity.SUBSTANTIVE else content.capacity
        return initial


class NumberedLetter(LetterBody):
    """What the letter says, with its numbers and days."""

    letter_number = DocumentNumber(length_max=60, label=_("Letter no. (ที่)"), missing=said("letter_number_missing"))
    letter_date = ThaiDate(label=_("Day of the letter"))
    received_number = DocumentNumber(
        length_max=60, label=_("Received no. of the department"), missing=said("received_number_missing")
    )
    received_date = ThaiDate(label=_("Day of receipt"))

    heads: Sequence[str] = ("letter_number", "letter_date", "received_number", "received_date")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("letter_date", "received_date"):
            self.fields[name].latest = today

    def clean(self) -> dict[str, Any]:
        """Compare the two days."""
        cleaned = super().clean()
        letter_date, received_date = cleaned.get("letter_date"), cleaned.get("received_date")
        if letter_date and received_date and received_date < letter_date:
            self.add_error("received_date", refusal("received_before_written"))
        return cleaned

    @property
    def head(self) -> list[forms.BoundField]:
        """Give the fields that stand before what the letter says."""
        return [self[name] for name in self.heads]


class Correction(NumberedLetter):
    """A letter that came in, read once more."""

    version = ShownVersion()


class KeyedLetter(NumberedLetter):
    """A letter that comes in: how, and whose it is."""

    way_in = forms.ChoiceField(
        widget=forms.RadioSelect, label=_("How it came"), choices=WayIn.choices, initial=WayIn.PAPER
    )
    authority = Line(
        length_max=150,
        label=_("Authority"),
        missing=said("letter_authority_missing"),
        help_text=_("Its code, or its name; where a name is not enough, those that fit are offered."),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    authority_choice = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=_("Which of these"))

    heads = ("way_in", "letter_number", "letter_date", "received_number", "received_date")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.found: LocalAuthority | None = None
        self.fields["authority_choice"].choices = self._offered()

    def _offered(self) -> list[tuple[str, str]]:
        """Offer the authorities that fit what was typed, where it names none by itself."""
        typed = str(self.data.get("authority", "")).strip()[:150] if self.is_bound else ""
        if not typed or authority_by_code(typed) is not None:
            return []
        fitting = search_authorities(typed).select_related("district", "province")[:AUTHORITIES_OFFERED_MAX]
        return [(found.code, f"{found.full_name} {found.place}") for found in fitting]

    def clean(self) -> dict[str, Any]:
        """Find the authority: by its code, by a name that one only has, or as chosen."""
        cleaned = super().clean()
        typed = cleaned.get("authority", "")
        if typed:
            offered = [code for code, _name in self.fields["authority_choice"].choices]
            code = cleaned.get("authority_choice") or (offered[0] if len(offered) == 1 else typed)
            self.found = authority_by_code(code)
            if self.found is None:
                reason = "letter_authority_several" if offered else "letter_authority_unknown"
                self.add_error("authority", refusal(reason))
        return cleaned


def as_posted(form: forms.Form, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give values as a browser would send them in this form."""
    posted: dict[str, list[str]] = {}
    for name, value in values.items():
        field = form.fields.get(name)
        if field is None or value in (None, "", False):
            continue
        if isinstance(field.widget, forms.MultiWidget):
            parts = zip(field.widget.widgets_names, field.widget.decompress(value), strict=True)
            posted.update({f"{name}{suffix}": [str(part)] for suffix, part in parts if part})
        else:
            posted[name] = ["on" if value is True else str(value)]
    return posted


def as_query(typed: Mapping[str, Sequence[str]]) -> QueryDict:
    """Give what was kept as a form takes it."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, list(values))
    return data
