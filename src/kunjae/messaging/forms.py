"""What the mailbox page of the demo asks."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MailboxFilter(forms.Form):
    """Whose letters to show."""

    address = forms.CharField(label=_("E-mail address or mobile number"), required=False, max_length=254)
