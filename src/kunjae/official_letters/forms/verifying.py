"""What an officer of the desk answers for, takes down and types while a letter is verified."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import Code, Line, Paragraph
from kunjae.official_letters.forms.saying import ShownVersion, said
from kunjae.official_letters.models import CallBackOutcome, Point, ProofChannel
from kunjae.organisations.models import Person

NEW = "new"
NAMESAKE = "namesake"
_NOT_IN_LIST = {"invalid_choice": _("Choose one from the list.")}

#: What the officer says of each point, before the button.
ANSWERS = {
    Point.AS_PREPARED: _("I have compared every line with the scan"),
    Point.SIGNER: _("I have looked who signed, and in what right"),
    Point.ORDER: _("I have read the order; it names the recipient and the post"),
}


class PointAnswer(forms.Form):
    """One point of the checklist, answered for."""

    version = ShownVersion()
    point = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[(point.value, point.label) for point in ANSWERS], error_messages=_NOT_IN_LIST
    )
    note = Line(required=False, length_max=300, label=_("Remark, if there is one"))


class Recipient(forms.Form):
    """Who the recipient is: somebody on record, or somebody new."""

    version = ShownVersion()
    person = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Who is the recipient?"),
        error_messages={"required": said("letter_recipient_unanswered"), **_NOT_IN_LIST},
    )

    def __init__(self, *args: Any, persons: Sequence[tuple[Person, str]], has_namesake: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [
            *((person.public_id, f"{person.full_name} {where}".strip()) for person, where in persons),
            (NEW, _("Somebody who has no account and no post on record")),
            *([(NAMESAKE, _("Somebody new; who has an account under this name is another person"))] if has_namesake else []),
        ]  # fmt: skip


class Call(forms.Form):
    """What the call to the number of record brought."""

    version = ShownVersion()
    outcome = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("What did the call bring?"),
        choices=CallBackOutcome.choices,
        error_messages={"required": said("call_outcome_missing"), **_NOT_IN_LIST},
    )
    spoke_with = Line(
        required=False, length_max=250, label=_("Spoke with"), help_text=_("Name and position, as they were told")
    )
    said_words = Paragraph(
        required=False, length_max=500, rows=3, label=_("What was said"), help_text=_("In the words of the other side")
    )


class ToldCode(forms.Form):
    """A code that the recipient told on the telephone."""

    channel = forms.ChoiceField(widget=forms.HiddenInput, choices=ProofChannel.choices, error_messages=_NOT_IN_LIST)
    code = Code(
        digits=6,
        label=_("Code that was told"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ToldNotice(forms.Form):
    """How a party was told that no message reached."""

    how = Line(
        length_max=300,
        label=_("How they were told"),
        missing=said("told_how_missing"),
        help_text=_("For instance: telephoned 076 222 111, spoke with Mrs …, clerk"),
    )


class TakenDown(forms.Form):
    """An objection that somebody made to the desk."""

    name = Line(length_max=250, label=_("Who objects"), missing=said("objector_missing"))
    text = Paragraph(required=False, length_max=500, rows=3, label=_("What is objected"))


class Resolution(forms.Form):
    """How an objection is resolved, in writing."""

    outcome = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("How is the objection resolved?"),
        choices=[
            ("dismissed", _("Dismissed: everything is verified anew, and all parties are told again")),
            ("upheld", _("Upheld: the letter is refused, and keys that it issued stay taken away")),
        ],
        error_messages={"required": said("resolution_outcome_missing"), **_NOT_IN_LIST},
    )
    resolution = Paragraph(length_max=500, rows=4, label=_("Because"), missing=said("resolution_missing"))
