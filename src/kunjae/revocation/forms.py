"""Is what was typed well formed? Whether it may be done is asked of the policies."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons
from kunjae.core.form_fields import Line, Paragraph, PersonName, ThaiDate, Title
from kunjae.entitlements.models import EndOfGrant
from kunjae.identity.models import SubjectState
from kunjae.revocation.models import ClosureReason
from kunjae.revocation.overview import Ending, Use


def _no(reason: str) -> ValidationError:
    return ValidationError(reasons.sentence(reason), code=reason)


class NameFilter(forms.Form):
    """Whose account is looked for."""

    words = Line(
        required=False,
        length_max=100,
        label=_("Name or user id"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class PeopleFilter(NameFilter):
    """What of the accounts is shown."""

    field_order = ("state", "words")

    state = forms.ChoiceField(
        required=False, label=_("Status"), choices=[("", _("Every status")), *SubjectState.choices]
    )


class UseFilter(forms.Form):
    """Which accounts are shown, by how they are used."""

    which = forms.ChoiceField(
        label=_("Use of the account"),
        choices=Use.choices,
        error_messages={"invalid_choice": _("Choose from the list."), "required": _("Choose from the list.")},
    )


class EndingFilter(forms.Form):
    """Which sessions are shown, by how they ended."""

    how = forms.ChoiceField(
        required=False,
        label=_("How it ended"),
        choices=[("", _("However it ended")), *Ending.choices],
        error_messages={"invalid_choice": _("Choose from the list.")},
    )


class Removal(forms.Form):
    """Why somebody leaves a group (clause 5(2))."""

    reason = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Why does the person leave the group?"),
        choices=[
            (EndOfGrant.LEFT_DUTY, _("Left the duty")),
            (EndOfGrant.CHANGED_DUTY, _("The duty was changed")),
            (EndOfGrant.GIVEN_IN_ERROR, _("The group was given in error")),
            (EndOfGrant.OTHER, _("Another reason")),
        ],
        error_messages={
            "required": _("Choose why the person leaves the group."),
            "invalid_choice": _("Choose why the person leaves the group."),
        },
    )
    note = Paragraph(
        required=False,
        length_max=300,
        rows=3,
        label=_("Note"),
        help_text=_("For another reason, write it here. The note stays on record."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == EndOfGrant.OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _no("reason_untold"))
        return cleaned


class Suspension(forms.Form):
    """Why an account is suspended."""

    reason = Line(
        length_max=300,
        label=_("Why is the account suspended?"),
        help_text=_(
            "For example: leave, transfer under way, the password may be known. The person is told these words."
        ),
        missing=_("Write why the account is suspended. The person will be told."),
    )


class Keeping(forms.Form):
    """Why an account stays in use that nobody uses."""

    reason = Line(
        length_max=300,
        label=_("Why does the account stay in use?"),
        help_text=_(
            "For example: maternity leave until a day, needed at the end of the fiscal year. It stays on record."
        ),
        missing=_("Write why the account stays in use though nobody uses it. It stays on record."),
    )


class EmergencySuspension(Suspension):
    """Whose account is suspended, and why, on one page; `accounts` are the choices: public id and what to call it."""

    field_order = ("account", "reason")

    account = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Whose account is suspended?"),
        error_messages={
            "required": _("Choose whose account is to be suspended."),
            "invalid_choice": _("Choose whose account is to be suspended."),
        },
    )

    def __init__(self, *args: Any, accounts: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["account"].choices = accounts


class Part2(forms.Form):
    """Part 2 of the form: why and from when an account is closed (A2-09 … A2-11)."""

    reason = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Why is the account closed?"),
        choices=ClosureReason.choices,
        error_messages={
            "required": _("Choose why the account is closed."),
            "invalid_choice": _("Choose why the account is closed."),
        },
    )
    other_text = Line(
        required=False,
        length_max=300,
        label=_("The reason, as it shall stand on the form"),
    )
    effective_date = ThaiDate(
        label=_("Day of closing"), help_text=_("The day on the form; the closing itself takes effect at once.")
    )
    left_date = ThaiDate(
        required=False,
        label=_("Day on which the person left"),
        help_text=_("Only if the person left before the day of closing."),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Ask for the words of another reason; words under a reason that needs none do not count."""
        cleaned = super().clean() or {}
        if cleaned.get("reason") and cleaned["reason"] != ClosureReason.OTHER:
            self.errors.pop("other_text", None)
            cleaned["other_text"] = ""
        elif cleaned.get("reason") and not cleaned.get("other_text") and "other_text" not in self.errors:
            self.add_error("other_text", _no("closing_reason_untold"))
        self._clean_days(cleaned.get("effective_date"), cleaned.get("left_date"))
        return cleaned

    def _clean_days(self, effective: date | None, left: date | None) -> None:
        if effective is None:
            return
        if effective > self.today:
            self.add_error("effective_date", _no("closing_in_the_future"))
        elif left is not None and left > effective:
            self.add_error("left_date", _no("left_after_closing"))
        elif effective < self.today and left is None and "left_date" not in self.errors:
            self.add_error("left_date", _no("closing_in_the_past"))


class CheckedPart2(forms.Form):
    """Part 2 as it was shown for checking, sent back with the confirmation: what was read is what is recorded."""

    reason = forms.ChoiceField(choices=ClosureReason.choices, widget=forms.HiddenInput)
    other_text = Line(required=False, length_max=300, widget=forms.HiddenInput)
    effective_date = forms.DateField(input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)
    left_date = forms.DateField(required=False, input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)


class NewName(forms.Form):
    """What a person is called from today, and on the ground of which paper."""

    title = Title(label=_("Title"))
    given_name = PersonName(label=_("First name"))
    family_name = PersonName(
        required=False, label=_("Family name"), help_text=_("Leave it empty if the person has one name only.")
    )
    document = Line(
        length_max=200,
        label=_("On the ground of which document"),
        help_text=_("For example a certificate of marriage or of a changed name, with its number and day."),
        missing=_("Write on the ground of which document the name is changed."),
    )


class NewUnit(forms.Form):
    """A unit of the authority by its name."""

    name_th = Line(
        length_max=150,
        label=_("Name of the unit"),
        help_text=_("As in the order that set it up, in Thai."),
        missing=_("Write the name of the unit."),
    )
