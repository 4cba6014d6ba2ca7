"""The scan of a signed form that comes back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import Scan


class SignedScan(forms.Form):
    """A scan whose QR code says to which request it belongs."""

    scan = Scan(
        label=_("Scan of the signed form"),
        help_text=_("PDF, JPEG or PNG, 10 MB at most. A photograph by telephone will do if every word can be read."),
    )


class SignedScanOfRequest(SignedScan):
    """A scan of one request; without a readable code the head answers for it."""

    answers_for_it = forms.BooleanField(
        required=False,
        label=_("I have compared the paper with this request, and it is the right one"),
        help_text=_("Needed only where the QR code cannot be read, for instance on a form written by hand."),
    )
