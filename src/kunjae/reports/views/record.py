"""The record of an authority, for its head (issue point 8)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kunjae.audit.sentences import lines
from kunjae.core.access import permitted
from kunjae.core.clock import thai_day
from kunjae.core.numerals import parse_whole_number
from kunjae.core.unacceptable import Unacceptable
from kunjae.documents.qr import short_hash
from kunjae.entitlements.permissions import SEE_RECORD
from kunjae.organisations.queries import names_of_persons
from kunjae.reports import forms
from kunjae.reports.queries.record import record_of
from kunjae.reports.views import frame


@permitted(SEE_RECORD)
@require_safe
def record(request: HttpRequest, org_code: str) -> HttpResponse:
    """Show what happened here, newest first, narrowed down as asked."""
    filters = forms.RecordFilter(request.GET.dict(), today=thai_day(timezone.now()))
    before = _before(request.GET.get("before", ""))
    found = record_of(request.organisation.pk, filters.narrowing, before=before)
    context = {
        "filters": filters,
        "is_narrowed": any(field.value() for field in filters),
        "lines": lines(found.events, language=frame.language_of_reader(), names_of=names_of_persons),
        "before": found.before,
        "is_older": before is not None,
        "end_sequence": found.end_sequence,
        "end_seal": short_hash(found.end_seal),
        "crumbs": frame.crumbs(request, _("The record"), below_reports=False),
    }
    status = 422 if filters.errors else 200
    return frame.render_list(request, "reports/record.html", "reports/_record_list.html", context, status=status)


def _before(typed: str) -> int | None:
    try:
        return parse_whole_number(typed, low=1, high=10**15)
    except Unacceptable:
        return None
