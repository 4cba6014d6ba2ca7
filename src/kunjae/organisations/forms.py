"""What a desk asks of the register of authorities."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons
from kunjae.core.form_fields import Email, Line, Phone
from kunjae.organisations.models import Kind, Province


class Search(forms.Form):
    """Words, province and kind, each of them optional. A provincial office has no province to choose."""

    words = Line(
        label=_("Code, telephone, or any part of the name"),
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

    def __init__(self, data: Mapping[str, Any], *, provinces: Iterable[Province] | None) -> None:
        super().__init__(data)
        if provinces is None:
            del self.fields["province"]
        else:
            self.fields["province"].choices = [
                ("", _("All provinces")),
                *((province.code, province.name_th) for province in provinces),
            ]


class Contact(forms.Form):
    """The addresses of record as they shall be, and where they were learnt."""

    email = Email(
        label=_("Central e-mail address"),
        required=False,
        help_text=_("Leave it empty if there is none any more."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = Phone(
        label=_("Telephone of the office"),
        required=False,
        help_text=_("For instance 076 613 801 or 02 241 9000 ext. 3401"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    source = Line(
        label=_("Where they were learnt"),
        length_max=300,
        missing=lazy(reasons.sentence, str)("contact_source_missing"),
        help_text=_("Never from the letter whose truth is to be found out with them."),
    )
