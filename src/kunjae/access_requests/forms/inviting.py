"""Inviting somebody to form 2, asking for help, confirming a mobile."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kunjae.access_requests.forms.parts import FilledInPage
from kunjae.core import form_fields


class Invitation(forms.Form):
    """Whom a head invites: the name as on the form, and the person's own mailbox."""

    page = FilledInPage()
    title = form_fields.Title(label=_("Title"))
    given_name = form_fields.PersonName(label=_("First name"))
    family_name = form_fields.PersonName(
        required=False, label=_("Family name"), help_text=_("Leave it empty if the person has one name only.")
    )
    email = form_fields.Email(
        label=_("E-mail address"),
        help_text=_("The person's own, which nobody else reads: whoever reads the mail can fill in the form."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Another person's address: the browser's own would be the wrong one.
        self.fields["email"].widget.attrs["autocomplete"] = "off"


class Help(forms.Form):
    """The user id of somebody who cannot get in; nothing else is asked (T-19)."""

    username = form_fields.UserId(label=_("User id (User)"))


class ForgottenUserId(forms.Form):
    """The mailbox of somebody who forgot his user id; the answer goes there only (T-19)."""

    email = form_fields.Email(label=_("E-mail address"), help_text=_("The one that was confirmed for your user id."))


class Mobile(forms.Form):
    """The applicant's own mobile number."""

    mobile = form_fields.Mobile(
        label=_("Your mobile number"),
        help_text=_("For instance 081 234 5678. A code of six digits is sent to it by SMS."),
    )


class MobileCode(forms.Form):
    """The six digits that were sent to the mobile."""

    code = form_fields.Code(digits=6, label=_("Code of six digits"))
