"""What several forms share: a choice with a hint below, the version that was shown, the name of one filled-in page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy

from kunjae.core import reasons
from kunjae.core.form_fields import Line
from kunjae.core.identifiers import is_public_id, public_id
from kunjae.core.numerals import parse_whole_number
from kunjae.core.unacceptable import Unacceptable
from kunjae.entitlements.models import GroupEdition

_VERSION_MAX = 32_000


@dataclass(frozen=True, slots=True)
class Described:
    """The label of a choice, with a hint that stands below it."""

    text: str
    hint: str

    def __str__(self) -> str:
        return self.text


def group_choices(editions: Iterable[GroupEdition], language: str) -> list[tuple[str, Described]]:
    """List groups as choices, each with what it opens."""
    return [(edition.group.code, Described(edition.name(language), edition.opens(language))) for edition in editions]


said = lazy(reasons.sentence, str)
"""Say a reason of the catalogue once it is shown, in the language of then."""


def refusal(reason: str, **facts: object) -> ValidationError:
    """Say a refusal of the catalogue as Django's forms do."""
    return ValidationError(reasons.sentence(reason, facts), code=reason)


class ShownVersion(Line):
    """The version of the request that the page showed; 0, which none has, if it cannot be read."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, length_max=10)

    def clean(self, value: object) -> int:
        """Read the number."""
        try:
            return parse_whole_number(str(value or ""), low=0, high=_VERSION_MAX)
        except Unacceptable:
            return 0


class FilledInPage(Line):
    """
    A name for one filled-in page: what is sent twice from it is one thing (F9).

    A name that is none of ours is replaced, so that nothing but a fresh thing can come of it.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, length_max=20, initial=public_id)

    def clean(self, value: object) -> str:
        """Read the name, or make one."""
        typed = str(value or "")
        return typed if is_public_id(typed) else public_id()
