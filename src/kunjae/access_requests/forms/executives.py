"""The chief executive and the clerk: who took office, who left, and how they are reached (clause 2)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kunjae.access_requests.forms.parts import Described, refusal
from kunjae.core import reasons
from kunjae.core.form_fields import DocumentNumber, Email, Mobile, PersonName, ThaiDate, Title, UserId
from kunjae.organisations.models import Capacity, Office

SOMEBODY_ELSE = "somebody_else"


class ExecutiveAccess(forms.Form):
    """The user id of an executive who has none, and where the two secrets of the activation go."""

    username = UserId(
        label=_("User id"),
        help_text=_("Suggested by the system; you may change it. It is never given to anybody else."),
    )
    email = Email(
        label=_("E-mail address"),
        help_text=_("The person's own, which nobody else reads."),
    )
    mobile = Mobile(label=_("Mobile number"), help_text=_("The person's own, for example 081 234 5678."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.fields:
            # They are another person's: the browser's own would be the wrong ones.
            self.fields[name].widget.attrs["autocomplete"] = "off"


class NewExecutive(forms.Form):
    """Who took office: name, office, capacity, day and order."""

    office = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Which office?"),
        error_messages={"required": _("Choose the office."), "invalid_choice": _("Choose the office.")},
    )
    capacity = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("In which capacity?"),
        choices=[
            (Capacity.SUBSTANTIVE, _("Holder of the office")),
            (Capacity.ACTING_FOR, _("Acting for the holder (รักษาราชการแทน)")),
            (Capacity.ACTING_IN, _("Acting in a vacant office (รักษาการในตำแหน่ง)")),
        ],
        error_messages={"required": _("Choose the capacity."), "invalid_choice": _("Choose the capacity.")},
    )
    title = Title(label=_("Title"))
    given_name = PersonName(label=_("First name"))
    family_name = PersonName(
        required=False, label=_("Family name"), help_text=_("Leave it empty if the person has one name only.")
    )
    namesake = forms.ChoiceField(widget=forms.RadioSelect, label=_("Is it somebody who is known here already?"))
    from_date = ThaiDate(label=_("In office since"))
    order_number = DocumentNumber(
        required=False, length_max=60, label=_("Number of the order or announcement"), help_text=_("As in 338/2569.")
    )
    order_date = ThaiDate(required=False, label=_("Date of the order"))

    def __init__(self, *args: Any, offices: Iterable[tuple[Office, str]], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].choices = list(offices)
        self.fields["from_date"].latest = today
        self.fields["order_date"].latest = today

    def ask_which(self, namesakes: Sequence[tuple[str, str, str]]) -> None:
        """Offer persons of the same name (public id, name, what is known of each); without any, ask nothing."""
        if not namesakes:
            del self.fields["namesake"]
            return
        said = reasons.sentence("namesake_missing")
        self.fields["namesake"].error_messages.update({"required": said, "invalid_choice": said})
        self.fields["namesake"].choices = [
            *((public_id, Described(name, known)) for public_id, name, known in namesakes),
            (SOMEBODY_ELSE, _("No, another person of the same name")),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for number and date of an order together."""
        cleaned = super().clean() or {}
        if {"order_number", "order_date"} & self.errors.keys():
            return cleaned
        if cleaned.get("order_number") and not cleaned.get("order_date"):
            self.add_error("order_date", refusal("order_date_missing"))
        if cleaned.get("order_date") and not cleaned.get("order_number"):
            self.add_error("order_number", refusal("order_number_missing"))
        return cleaned


class Leaving(forms.Form):
    """The last day in office."""

    until_date = ThaiDate(label=_("Last day in office"))

    def __init__(self, *args: Any, today: date, planned: date | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        # A planned end is brought forward, also to a day still to come; without one the access ends at once.
        self.fields["until_date"].latest = today if planned is None else max(today, planned - timedelta(days=1))
