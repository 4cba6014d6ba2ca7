"""What proves an address of a letter: a code of six digits, and for whom it is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import CaseNumber, Code
from kunjae.official_letters.models import ProofChannel


class MobileCode(forms.Form):
    """The six digits that went to the mobile."""

    code = Code(label=_("Code in the text message (SMS)"), help_text=_("Six digits"))


class CodeWithoutLink(forms.Form):
    """A code typed without the mailed link: the case is named by its number."""

    case = CaseNumber(label=_("Case number"), help_text=_("As it stands in the message, such as 0012/2570"))
    channel = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("How the code came"),
        choices=[
            (ProofChannel.MOBILE, _("By text message (SMS)")),
            (ProofChannel.EMAIL, _("By e-mail")),
        ],
        error_messages={"required": _("Say how the code came."), "invalid_choice": _("Say how the code came.")},
    )
    code = Code(label=_("Code"), help_text=_("Six digits"))
