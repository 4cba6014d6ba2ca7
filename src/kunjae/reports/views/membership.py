"""การบริหารระบบ > รายงาน > รายงานรายชื่อและข้อมูลผู้ใช้งานในกลุ่มผู้ใช้ (clause 5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kunjae.core import reasons
from kunjae.core.access import permitted
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements.permissions import SEE_MEMBERSHIP_REPORT
from kunjae.organisations.operations import look_at
from kunjae.reports import forms, operations, wording
from kunjae.reports.queries.members import Member, Status
from kunjae.reports.queries.membership import Membership, membership
from kunjae.reports.views import frame

LINES_A_PAGE = 25


@permitted(SEE_MEMBERSHIP_REPORT)
@require_safe
def index(request: HttpRequest, org_code: str) -> HttpResponse:
    """List the reports that the reader may open."""
    context = {"is_head": frame.is_head(request), "crumbs": frame.crumbs(request, _("Reports"), below_reports=False)}
    return render(request, "reports/index.html", context)


@permitted(SEE_MEMBERSHIP_REPORT)
@require_safe
def report(request: HttpRequest, org_code: str) -> HttpResponse:
    """Show who is in which group on a day."""
    now = timezone.now()
    if _looks_from_a_desk(request):
        look_at(actor=request.actor, authority=request.organisation, at=now)
    filters = forms.MembershipFilter(request.GET.dict(), today=thai_day(now))
    return _page(request, filters, at=now)


def _looks_from_a_desk(request: HttpRequest) -> bool:
    """Tell a look across authorities, which leaves a note (D16), from one at one's own."""
    standing, here = request.standing, request.organisation.pk
    own = [standing.subject, *standing.tenures, *standing.grants]
    return standing.posting is not None and here not in {tie.authority_id for tie in own}


@permitted(SEE_MEMBERSHIP_REPORT)
@require_POST
def export(request: HttpRequest, org_code: str, file_format: str) -> HttpResponse:
    """Give the report out as a file, as the filters have it; the record keeps that it went."""
    now = timezone.now()
    filters = forms.MembershipFilter(request.POST.dict(), today=thai_day(now))
    if not filters.is_valid():
        return _page(request, filters, at=now)
    try:
        file = operations.export_membership(
            actor=request.actor,
            authority=request.organisation,
            selection=filters.selection,
            file_format=file_format,
            language=frame.language_of_reader(),
            at=now,
        )
    except Denied as denied:
        return _page(request, filters, at=now, denied=denied)
    return frame.send(file)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list as it is shown."""

    number: int
    member: Member
    tag: str
    status: str
    sheet: str
    order: str
    signed_in_today: bool


@dataclass(frozen=True, slots=True)
class Band:
    """The lines of one group on a page; `goes_on` if it began on the page before."""

    name: str
    opens: str
    persons: int
    goes_on: bool
    lines: list[Line]


def _page(
    request: HttpRequest, filters: forms.MembershipFilter, *, at: datetime, denied: Denied | None = None
) -> HttpResponse:
    language = frame.language_of_reader()
    found = membership(request.organisation.pk, filters.selection, at=at)
    filters.offer(found.groups, language)
    page: Page = Paginator(found.lines, LINES_A_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    context: dict[str, Any] = {
        "filters": filters,
        "asked": {field.html_name: field.value() or "" for field in filters},
        "found": found,
        "grants_count": len(found.lines),
        "on": filters.selection.on,
        "page": page,
        "bands": list(_bands(found, page, language, at=at)),
        "is_head": frame.is_head(request),
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
        "shows_ended": filters.selection.status == Status.OVER,
        "refused": denied and reasons.sentence(denied.reason, denied.facts),
        "crumbs": frame.crumbs(request, _("Report of names and data of users in user groups")),
    }
    status = 422 if filters.errors or denied else 200
    return frame.render_list(
        request, "reports/membership.html", "reports/_membership_list.html", context, status=status
    )


def _bands(found: Membership, page: Page, language: str, *, at: datetime) -> Iterator[Band]:
    starts, today = found.starts(), thai_day(at)
    first = (page.number - 1) * page.paginator.per_page
    numbered = enumerate(page.object_list, start=first + 1)
    for code, members in groupby(numbered, key=lambda item: item[1].group_code):
        group = found.by_code[code]
        lines = []
        for number, member in members:
            tag, status = wording.status_of(member, language)
            is_today = member.signed_in_at is not None and thai_day(member.signed_in_at) == today
            sheet, order = wording.sheet_of(member), wording.order_of(member)
            lines.append(Line(number, member, tag, status, sheet, order, is_today))
        yield Band(
            group.name(language), group.opens(language), group.persons, goes_on=starts[code] < first, lines=lines
        )
