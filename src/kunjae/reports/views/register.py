"""ทะเบียนคุมคำขอและการยกเลิก (N-02)."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kunjae.core import reasons
from kunjae.core.access import permitted
from kunjae.core.clock import thai_day
from kunjae.core.numerals import parse_whole_number
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.entitlements.permissions import SEE_ACCOUNTS
from kunjae.reports import forms, operations, wording
from kunjae.reports.queries.register import Entry, Sort
from kunjae.reports.queries.register import register as read_register
from kunjae.reports.views import frame

ENTRIES_A_PAGE = 25
_PAGES_MAX = 100_000


@permitted(SEE_ACCOUNTS)
@require_safe
def register(request: HttpRequest, org_code: str) -> HttpResponse:
    """Show the requests and closings of a fiscal year, newest first."""
    now = timezone.now()
    return _page(request, forms.RegisterFilter(request.GET.dict(), today=thai_day(now)), at=now)


@permitted(SEE_ACCOUNTS)
@require_POST
def export(request: HttpRequest, org_code: str, file_format: str) -> HttpResponse:
    """Give the register out as a file; the record keeps that it went."""
    now = timezone.now()
    filters = forms.RegisterFilter(request.POST.dict(), today=thai_day(now))
    if not filters.is_valid():
        return _page(request, filters, at=now)
    try:
        file = operations.export_register(
            actor=request.actor,
            authority=request.organisation,
            year=filters.cleaned_data["year"],
            outcome=filters.cleaned_data["outcome"],
            file_format=file_format,
            language=frame.language_of_reader(),
            at=now,
        )
    except Denied as denied:
        return _page(request, filters, at=now, denied=denied)
    return frame.send(file)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is shown."""

    entry: Entry
    wishes: list[str]
    tag: str
    outcome: str
    closing: str
    is_request: bool


def _page(
    request: HttpRequest, filters: forms.RegisterFilter, *, at: datetime, denied: Denied | None = None
) -> HttpResponse:
    asked = filters.cleaned_data if filters.is_valid() else {}
    number = _number(request.GET.get("page", ""))
    entries = read_register(
        request.organisation.pk,
        year=asked.get("year"),
        outcome=asked.get("outcome", ""),
        language=frame.language_of_reader(),
        on=thai_day(at),
        start=(number - 1) * ENTRIES_A_PAGE,
        size=ENTRIES_A_PAGE,
    )
    page: Page = Paginator(entries, ENTRIES_A_PAGE).get_page(entries.start // ENTRIES_A_PAGE + 1)  # type: ignore[arg-type]
    context = {
        "filters": filters,
        "asked": {field.html_name: field.value() or "" for field in filters},
        "year": asked.get("year"),
        "total": entries.total,
        "page": page,
        "lines": [_line(entry) for entry in entries.rows],
        "is_filtered": any(asked.values()),
        "refused": denied and reasons.sentence(denied.reason, denied.facts),
        "crumbs": frame.crumbs(request, _("Register of requests and cancellations")),
    }
    status = 422 if filters.errors or denied else 200
    return frame.render_list(request, "reports/register.html", "reports/_register_list.html", context, status=status)


def _number(typed: str) -> int:
    try:
        return parse_whole_number(typed, low=1, high=_PAGES_MAX)
    except Unacceptable:
        return 1


def _line(entry: Entry) -> Line:
    tag, outcome = wording.outcome_of(entry)
    return Line(
        entry,
        wording.wish_of(entry),
        tag,
        outcome,
        wording.closing_of(entry),
        is_request=entry.sort == Sort.REQUEST,
    )
