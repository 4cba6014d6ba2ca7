"""The department's desk: where nobody holds the right to administer, by province and since when (1.9.1, 6)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kunjae.core.access import desk
from kunjae.core.clock import thai_day
from kunjae.organisations.models import Desk
from kunjae.organisations.queries import provinces
from kunjae.oversight import forms
from kunjae.oversight.queries import states
from kunjae.oversight.queries.states import HeadState
from kunjae.oversight.views import frame


@desk(Desk.DEPARTMENT)
@require_safe
def vacancies(request: HttpRequest) -> HttpResponse:
    """Show how the authorities of the nation stand, and each province in one line."""
    now = timezone.now()
    today, rows = thai_day(now), states.by_province()
    counts = {state.value: sum(row.counts[state.value] for row in rows) for state in HeadState}
    context = {
        "counts": counts,
        "total": sum(row.total for row in rows),
        "segments": frame.segments(counts, list_url=reverse("oversight:vacancy_list")),
        "rows": [
            {"of": row, "counts": row.counts, "days": (today - thai_day(row.oldest)).days if row.oldest else None}
            for row in rows
        ],
        "today": today,
    }
    return render(request, "oversight/vacancies.html", context)


@desk(Desk.DEPARTMENT)
@require_safe
def vacancy_list(request: HttpRequest) -> HttpResponse:
    """List authorities of the nation with their state; those that are vacant with the longest first."""
    filters = forms.AuthorityFilter(request.GET, provinces=provinces())
    context = {
        "crumbs": [(_("Vacancies"), reverse("oversight:vacancies")), (_("State of the authorities"), None)],
        **frame.listed(request, filters, province_id=None, at=timezone.now()),
    }
    return render(request, "oversight/vacancy_list.html", context, status=422 if filters.errors else 200)
