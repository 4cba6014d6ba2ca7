"""What the pages of the desk share: a refusal becomes the sentence of a form, and a POST answers with an address."""

from django.forms import Form

from kunjae.core import reasons
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied


def add_refusal(form: Form, refused: Denied | Unacceptable, *, field: str | None = None) -> None:
    """Say in a form why what it asked for was refused, at the field it concerns."""
    form.add_error(field if field in form.fields else None, reasons.sentence(refused.reason, refused.facts))


def status_of(form: Form) -> int:
    """422 for a form that was refused, else 200."""
    return 422 if form.errors else 200
