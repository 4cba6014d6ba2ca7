"""How a page says a refusal: the policy's sentence at the head of the form, what was typed kept."""

from django.core.exceptions import ValidationError
from django.forms import BaseForm

from kunjae.core import reasons
from kunjae.core.verdict import Denied


def say_no(form: BaseForm, denied: Denied, *, field: str | None = None) -> None:
    """Add the sentence of a refusal to a form, at a field or at its head."""
    form.add_error(field, ValidationError(reasons.sentence(denied.reason, denied.facts), code=denied.reason))
