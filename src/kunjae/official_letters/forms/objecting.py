"""What somebody says who objects to a letter; nothing of it is needed to stop the letter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import Line, PersonName


class ObjectionForm(forms.Form):
    """Who objects, and why, both as far as the person likes to say."""

    name = PersonName(
        required=False, length_max=200, label=_("Your name"), help_text=_("So that the department can ask you back")
    )
    text = Line(
        required=False,
        length_max=500,
        label=_("What is wrong with the letter"),
        help_text=_("As in: our chief executive has signed no such letter"),
    )
