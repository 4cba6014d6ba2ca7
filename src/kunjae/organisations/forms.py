"""What a desk asks of the register of authorities."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import Line
from kunjae.organisations.models import Kind, Province


class Search(forms.Form):
    """Words, province and kind, each of them optional. A provincial office has no province to choose."""

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

    def __init__(self, data: Mapping[str, Any], *, provinces: Iterable[Province] | None) -> None:
        super().__init__(data)
        if provinces is None:
            del self.fields["province"]
        else:
            self.fields["province"].choices = [
                ("", _("All provinces")),
                *((province.code, province.name_th) for province in provinces),
            ]
