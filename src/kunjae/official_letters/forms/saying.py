"""What the desk's forms share: a refusal of the catalogue, said as a form says it, and the version that was shown."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy

from kunjae.core import reasons
from kunjae.core.form_fields import Line
from kunjae.core.numerals import parse_whole_number
from kunjae.core.unacceptable import Unacceptable

_VERSION_MAX = 32_000

said = lazy(reasons.sentence, str)
"""Say a reason of the catalogue once it is shown, in the language of then."""


def refusal(reason: str, **facts: object) -> ValidationError:
    """Say a refusal of the catalogue as Django's forms do."""
    return ValidationError(reasons.sentence(reason, facts), code=reason)


class ShownVersion(Line):
    """The version of the letter that the page showed; 0, which none has, if it cannot be read."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, length_max=10)

    def clean(self, value: object) -> int:
        """Read the number."""
        try:
            return parse_whole_number(str(value or ""), low=0, high=_VERSION_MAX)
        except Unacceptable:
            return 0
