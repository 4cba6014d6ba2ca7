"""The department's queue of letters (L-11)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kunjae.core.access import desk
from kunjae.core.clock import thai_day
from kunjae.core.numerals import parse_whole_number
from kunjae.core.unacceptable import Unacceptable
from kunjae.official_letters import queue, wording
from kunjae.official_letters.forms.desk import QueueFilter
from kunjae.organisations.models import Desk
from kunjae.organisations.queries import persons_at_desk, provinces

_PAGE_MAX = 4_000


@desk(Desk.DEPARTMENT)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """List the letters: what waits for the reader first, by filter and page."""
    now = timezone.now()
    officers = persons_at_desk(Desk.DEPARTMENT, province_id=None, on=thai_day(now)).order_by("sort_key", "pk")
    filters = QueueFilter(request.GET, provinces=provinces(), officers=officers)
    asked = filters.asked()
    shown = queue.queue(asked, person_id=request.actor.person_id, page=_page_number(request), at=now)
    rows = [
        {
            "case": case,
            "reasons": wording.reasons_of(case),
            "age": wording.age_of(case, at=now),
            "term": wording.term_of(case, at=now),
            "standing": wording.standing_of(case),
        }
        for case in shown.cases
    ]
    context = {
        "filters": filters,
        "rows": rows,
        "slice": shown,
        "figures": queue.figures(at=now),
        "is_filtered": asked != queue.Asked(),
    }
    return render(request, "official_letters/desk/letters.html", context, status=422 if filters.errors else 200)


def _page_number(request: HttpRequest) -> int:
    try:
        return parse_whole_number(request.GET.get("page", "1"), low=1, high=_PAGE_MAX)
    except Unacceptable:
        return 1
