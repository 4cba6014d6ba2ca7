"""What the pages across authorities share: the figure of states, the list with its filters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext

from kunjae.core.clock import thai_day
from kunjae.core.numerals import parse_whole_number
from kunjae.core.unacceptable import Unacceptable
from kunjae.oversight import forms, wording
from kunjae.oversight.queries import states
from kunjae.oversight.queries.states import HeadState

ROWS_PER_PAGE = 50
BAR_LENGTH = 1000
_PAGE_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Segment:
    """One state in the figure and in the table beside it; `x` and `width` are thousandths of the bar."""

    state: HeadState
    label: str
    colour: str
    count: int
    x: float
    width: float
    url: str


def segments(counts: dict[str, int], *, list_url: str, **narrowed: str) -> list[Segment]:
    """Lay the states of authorities out on one bar that begins at zero, each leading to its list."""
    total = sum(counts[state.value] for state in HeadState) or 1
    laid, x = [], 0.0
    for state in HeadState:
        width = BAR_LENGTH * counts[state.value] / total
        url = f"{list_url}?{urlencode({**narrowed, 'state': state.value})}"
        label = str(state.label)
        laid.append(
            Segment(state, label, wording.COLOURS[state], counts[state.value], round(x, 2), round(width, 2), url)
        )
        x += width
    return laid


def page_number(request: HttpRequest) -> int:
    """Read which page of a list is asked for."""
    try:
        return parse_whole_number(request.GET.get("page", "1"), low=1, high=_PAGE_MAX)
    except Unacceptable:
        return 1


def listed(
    request: HttpRequest, filters: forms.AuthorityFilter, *, province_id: int | None, at: datetime
) -> dict[str, Any]:
    """Give one page of the list of authorities, each with its state in words."""
    is_valid = filters.is_valid()
    selection = filters.selection() if is_valid else states.Selection()
    found = states.authorities_by_state(selection, province_id=province_id, at=at)
    page = Paginator(found if is_valid else found.none(), ROWS_PER_PAGE).get_page(page_number(request))
    today, language = thai_day(at), get_language() or "th"
    total = page.paginator.count
    return {
        "filters": filters,
        "is_filtered": is_valid and any(filters.cleaned_data.values()),
        "page": page,
        "lines": [
            {
                "authority": row,
                "standing": (standing := states.standing_of(row)),
                "said": wording.said(standing, on=today, language=language),
            }
            for row in page
        ],
        "caption": ngettext("%(count)s authority", "%(count)s authorities", total) % {"count": f"{total:,}"},
    }
