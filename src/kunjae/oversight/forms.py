"""What the lists across authorities can be narrowed down by, and what an authority is reminded of."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import Line
from kunjae.organisations.models import Kind, Province
from kunjae.oversight.models import Matter
from kunjae.oversight.queries.states import HeadState, Matters, Selection


class AuthorityFilter(forms.Form):
    """Words, province, kind, state and what is open, each optional; a provincial office has no province to choose."""

    words = Line(
        label=_("Code, or any part of the name"),
        length_max=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "spellcheck": "false"}),
    )
    province = forms.ChoiceField(
        label=_("Province"),
        required=False,
        error_messages={"invalid_choice": _("Choose a province from the list.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All kinds")), *Kind.choices],
        error_messages={"invalid_choice": _("Choose a kind from the list.")},
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *HeadState.choices],
        error_messages={"invalid_choice": _("Choose a state from the list.")},
    )
    matter = forms.ChoiceField(
        label=_("What is open there"),
        required=False,
        choices=[("", _("Everything")), *Matters.choices],
        error_messages={"invalid_choice": _("Choose a matter from the list.")},
    )

    def __init__(self, data: Mapping[str, Any], *, provinces: Iterable[Province] | None) -> None:
        super().__init__(data)
        if provinces is None:
            del self.fields["province"]
            return
        choices = [(province.code, province.name_th) for province in provinces]
        self.fields["province"].choices = [("", _("All provinces")), *choices]

    def selection(self) -> Selection:
        """Give what was chosen, once it is valid."""
        cleaned = self.cleaned_data
        return Selection(
            words=cleaned["words"],
            province=cleaned.get("province", ""),
            kind=cleaned["kind"],
            state=cleaned["state"],
            matter=cleaned["matter"],
        )


class Reminder(forms.Form):
    """What an authority is reminded of; of a circular with its receipt."""

    about = forms.ChoiceField(choices=Matter.choices, widget=forms.HiddenInput)
    receipt = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
