"""Is what was typed well formed? Whether it is right is asked elsewhere."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kunjae.core.form_fields import CaseNumber, Code, Line, ThaiDate, UserId
from kunjae.identity.operations.activating import CODE_DIGITS
from kunjae.identity.operations.honeytokens import NOTE_LENGTH_MAX
from kunjae.identity.operations.password_clock import REASON_LENGTH_MAX
from kunjae.identity.operations.password_policy import INSTRUMENT_LENGTH_MAX
from kunjae.identity.password_sentences import profile_names


class TypedPassword(forms.CharField):
    """A password as typed: nothing is trimmed, pasting is allowed, what was typed is not shown again."""

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, widget=widget, max_length=None, **options)
        # The policy says in its own words what cannot be seen; a NUL is no error of the form.
        self.validators = []


class UsedUp(forms.TextInput):
    """A code in a box: it is not shown again, since it was right or is of no more use."""

    def __init__(self) -> None:
        super().__init__(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "id",
            }
        )

    def format_value(self, value: Any) -> None:
        return None


class FactorCodeBox(forms.CharField):
    """A box for the code of an app, or a recovery code."""

    def __init__(self, **options: Any) -> None:
        say_what = _("Type the six digits that the app shows, or a recovery code with its number.")
        super().__init__(
            label=_("The code that the app shows now, or a recovery code"),
            widget=UsedUp(),
            max_length=40,
            error_messages={"required": say_what, "max_length": say_what},
            **options,
        )


class SignIn(forms.Form):
    """User id and password; the code of an app or of a sheet with them, if somebody has it at hand."""

    username = forms.CharField(
        label=_("User id (User)"),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "class": "id"}
        ),
        max_length=200,
        error_messages={
            "required": _("Type your user id."),
            "max_length": _("A user id has 32 characters at most. Look whether the password got into this box."),
        },
    )
    password = TypedPassword(
        label=_("Password"),
        help_text=_("Look first whether the keyboard is set to Thai or English."),
        autocomplete="current-password",
        error_messages={"required": _("Type your password.")},
    )
    code = FactorCodeBox(
        help_text=_("Leave it empty if you have no app. If you need a code, the next page asks for it."), required=False
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)  # nobody types it: `safe_next` judges it


class SecondCode(forms.Form):
    """The code that came another way than the link."""

    second_code = Code(digits=CODE_DIGITS, label=_("The eight-digit code"))


class TypedActivation(forms.Form):
    """Activation without a link: what the mail says, typed (D4)."""

    username = forms.CharField(
        label=_("User id (User)"),
        help_text=_("It stands in the mail, for example rawai014."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        max_length=64,
        error_messages={"required": _("Type the user id that stands in the mail.")},
    )
    case = CaseNumber(label=_("Case number"), help_text=_("For example 0147/2570."))
    mail_code = Code(digits=CODE_DIGITS, label=_("The code in the mail (or first SMS), eight digits"))
    second_code = Code(digits=CODE_DIGITS, label=_("The code by SMS or on the printed slip, eight digits"))


class NewPassword(forms.Form):
    """A password of one's own; no second box to repeat it, it can be shown instead."""

    new_password = TypedPassword(
        label=_("New password"),
        autocomplete="new-password",
        error_messages={"required": _("Type the password that you choose.")},
    )


class PutOff(forms.Form):
    """Why a password is changed later."""

    reason = Line(
        length_max=REASON_LENGTH_MAX,
        label=_("Why later?"),
        help_text=_("For example: I am in the field until Friday and have no computer of my own there."),
        missing=_("Write in a few words why the password is changed later."),
    )


class ChangePassword(NewPassword):
    """The present password, and the new one (ASVS 6.2.3)."""

    current_password = TypedPassword(
        label=_("Present password"),
        autocomplete="current-password",
        error_messages={"required": _("Type your present password.")},
    )
    field_order = ("current_password", "new_password")


class FactorCode(forms.Form):
    """The code of an app, or a recovery code."""

    code = FactorCodeBox()


class AppCode(forms.Form):
    """The first code of an app that is being bound."""

    code = Code(digits=6, label=_("The six digits that the app shows now"))


class Passkey(forms.Form):
    """What the browser answered, written by the script."""

    credential = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Press the button and follow what the browser asks.")},
    )


class NamedPasskey(Passkey):
    """A passkey, and how its owner calls it."""

    name = Line(
        label=_("A name for it"),
        help_text=_("As in: my telephone, key on my key ring."),
        length_max=60,
        missing=_("Give it a name, by which you tell it from others."),
    )
    field_order = ("name", "credential")


class Nothing(forms.Form):
    """A button that asks nothing more."""


class FactorProof(forms.Form):
    """A code of one's own, before a grave act."""

    proof = forms.CharField(
        label=_("The code that the app shows now, or a recovery code"),
        widget=UsedUp(),
        max_length=40,
        error_messages={
            "required": _("Type the six digits that the app shows, or a recovery code with its number."),
            "max_length": _("Type the six digits that the app shows, or a recovery code with its number."),
        },
    )


class PasswordProof(forms.Form):
    """The present password, of somebody who has no second factor."""

    proof = TypedPassword(
        label=_("Present password"),
        autocomplete="current-password",
        error_messages={"required": _("Type your present password.")},
    )


class NewHoneytoken(forms.Form):
    """A user id that belongs to nobody, and where it is left."""

    username = UserId(
        label=_("User id of the decoy"),
        help_text=_("As the user ids around it look, for example rawai.admin. No account can ever take it."),
    )
    note = Line(
        length_max=NOTE_LENGTH_MAX,
        label=_("Where it is left"),
        help_text=_(
            "For example: in the list of users on the shared drive of the section. A try tells from where it was taken."
        ),
        missing=_("Write where the decoy is left, so that a try tells from where it was taken."),
    )


class PasswordPolicy(forms.Form):
    """Which profile shall hold, by which paper, from which day (D2)."""

    code = forms.ChoiceField(
        label=_("Profile"),
        choices=lambda: list(profile_names.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the profiles on this page."),
            "invalid_choice": _("Choose one of the profiles on this page."),
        },
    )
    instrument = Line(
        label=_("The paper of the department that it rests on"),
        help_text=_("As in: memorandum no. … of …"),
        length_max=INSTRUMENT_LENGTH_MAX,
        missing=_("Name the paper that it rests on, as in: memorandum no. … of …"),
    )
    effective_date = ThaiDate(label=_("From which day it holds"))


class SecondFactorDay(forms.Form):
    """From which day everybody needs a second factor, by which paper (D5); no day is suggested."""

    effective_date = ThaiDate(label=_("From which day it holds"))
    instrument = Line(
        label=_("The paper of the department that it rests on"),
        help_text=_("As in: memorandum no. … of …"),
        length_max=INSTRUMENT_LENGTH_MAX,
        missing=_("Name the paper that it rests on, as in: memorandum no. … of …"),
    )


class Simulation(forms.Form):
    """A password rule to be tried on what is on record; it is read from the address and changes nothing."""

    length_min = forms.TypedChoiceField(
        label=_("Least length without a second factor"),
        choices=[(length, length) for length in (8, 10, 12, 14, 15, 16, 20)],
        coerce=int,
        error_messages={
            "required": _("Choose a length from the list."),
            "invalid_choice": _("Choose a length from the list."),
        },
    )
    needs_letter = forms.BooleanField(label=_("At least one letter"), required=False)
    needs_digit = forms.BooleanField(label=_("At least one digit"), required=False)
    change_months = forms.TypedChoiceField(
        label=_("Change by the clock, forced"),
        choices=[
            ("", _("no clock")),
            *((months, format_lazy(_("every {months} months"), months=months)) for months in (3, 6, 12, 24)),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the clocks from the list.")},
    )
    needs_second_factor = forms.BooleanField(label=_("A second factor for everybody"), required=False)
    minutes_each = forms.TypedChoiceField(
        label=_("Minutes that one change takes"),
        help_text=_("Yours to estimate: choosing, noting it down, and help by telephone."),
        choices=[(minutes, minutes) for minutes in (5, 10, 15, 20, 30)],
        coerce=int,
        error_messages={
            "required": _("Choose the minutes from the list."),
            "invalid_choice": _("Choose the minutes from the list."),
        },
    )
