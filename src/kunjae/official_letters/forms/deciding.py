"""What the second person says: approved under a user id, or sent back with a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import Paragraph, UserId
from kunjae.official_letters.forms.saying import ShownVersion, said


class Approval(forms.Form):
    """The version that was read, and the user id of a recipient who has none."""

    version = ShownVersion()
    user_id = UserId(
        label=_("User id that is opened"),
        help_text=_("Proposed from the authority's name. It is never given to a second person."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, needs_user_id: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not needs_user_id:
            del self.fields["user_id"]


class SendBack(forms.Form):
    """Why a letter is returned or refused, as the authority will read it."""

    version = ShownVersion()
    note = Paragraph(
        length_max=500,
        rows=4,
        label=_("Reason, as the authority will read it"),
        missing=said("letter_reason_missing"),
        help_text=_("Say what to correct or to add. It stands in the reply letter and in the mail to the contact."),
    )
