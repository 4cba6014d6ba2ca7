"""The words in which circulars are spoken of: their reference, their date, how far they got."""

from django.utils.translation import gettext as _

from kunjae.circulars.models import Audience, Circular, DatePrecision, Receipt
from kunjae.core import clock
from kunjae.organisations.models import Kind, Province


def reference(circular: Circular, language: str) -> str:
    """Name a circular as letters are: its number and its date; what is not known is said to be unknown (L-01)."""
    shown = f"{circular.mark}{' ' if circular.mark and circular.number else ''}{circular.number}"
    number = shown if circular.number else " ".join(filter(None, [shown, _("(number not known)")]))
    said = {"number": number, "date": date_of(circular, language)}
    if circular.date_precision == DatePrecision.MONTH:
        return _("No. %(number)s of %(date)s") % said
    return _("No. %(number)s, %(date)s") % said


def date_of(circular: Circular, language: str) -> str:
    """Say the date of a circular as far as it is known, as in กรกฎาคม 2562."""
    if circular.date_precision == DatePrecision.DAY:
        return clock.long_date(circular.dated, language)
    year = clock.be_year(circular.dated)
    month = clock.month_name(circular.dated.month, language)
    return f"{month}\u00a0{year}" + ("\u00a0BE" if language.startswith("en") else "")


def audience_of(circular: Circular) -> str:
    """Say to whom a circular goes."""
    if circular.audience == Audience.PROVINCES:
        names = Province.objects.filter(code__in=circular.limited_to).order_by("sort_key")
        return _("Provinces: %(names)s") % {"names": ", ".join(province.name_th for province in names)}
    if circular.audience == Audience.KINDS:
        kinds = (str(Kind(kind).label) for kind in circular.limited_to)
        return _("Kinds: %(names)s") % {"names": ", ".join(kinds)}
    return str(Audience.ALL.label)


def state_of(receipt: Receipt) -> tuple[str, str]:
    """Return how far a recipient got: the kind of its tag, and the words."""
    if receipt.acknowledged_at is not None:
        return "ok", _("Acknowledged")
    if receipt.opened_at is not None:
        return "wait", _("Opened, not acknowledged")
    return "due", _("Not read yet")
