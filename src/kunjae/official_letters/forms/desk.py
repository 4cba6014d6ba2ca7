"""What the queue of the desk is asked."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import Line
from kunjae.official_letters import queue
from kunjae.official_letters.models import CaseState
from kunjae.official_letters.wording import SHORT_STATE
from kunjae.organisations.models import Person, Province

_STATES = [
    (queue.OPEN, _("All that are open")),
    (CaseState.RECEIVED.value, SHORT_STATE[CaseState.RECEIVED]),
    (CaseState.VERIFIED.value, SHORT_STATE[CaseState.VERIFIED]),
    (CaseState.FROZEN.value, SHORT_STATE[CaseState.FROZEN]),
    (queue.LATE, _("Late")),
    (CaseState.ISSUED.value, SHORT_STATE[CaseState.ISSUED]),
    (CaseState.RETURNED.value, SHORT_STATE[CaseState.RETURNED]),
    (CaseState.REFUSED.value, SHORT_STATE[CaseState.REFUSED]),
    (queue.ALL, _("All letters")),
]
_NOT_IN_LIST = {"invalid_choice": _("Choose one from the list.")}


class QueueFilter(forms.Form):
    """Words, state, province and owner, each of them optional."""

    words = Line(
        label=_("Case or letter no., authority, code, telephone"),
        length_max=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "spellcheck": "false"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=_STATES, error_messages=_NOT_IN_LIST)
    province = forms.ChoiceField(label=_("Province"), required=False, error_messages=_NOT_IN_LIST)
    owner = forms.ChoiceField(label=_("Seen to by"), required=False, error_messages=_NOT_IN_LIST)

    def __init__(self, data: Mapping[str, Any], *, provinces: Iterable[Province], officers: Iterable[Person]) -> None:
        super().__init__(data)
        self.fields["province"].choices = [
            ("", _("All provinces")),
            *((province.code, province.name_th) for province in provinces),
        ]
        self.fields["owner"].choices = [
            ("", _("Anybody")),
            (queue.MINE, _("Me")),
            (queue.NOBODYS, _("Nobody yet")),
            *((officer.public_id, officer.full_name) for officer in officers),
        ]

    def asked(self) -> queue.Asked:
        """Give what is asked for; what cannot be read asks for nothing."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        return queue.Asked(
            state=cleaned.get("state") or queue.OPEN,
            province=cleaned.get("province", ""),
            owner=cleaned.get("owner", ""),
            words=cleaned.get("words", ""),
        )
