"""ทะเบียนเอกสาร: what was printed, under which number and digest, by whom, and how long it is kept."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kunjae.core.access import desk, permitted
from kunjae.core.identifiers import group_short_code
from kunjae.core.numerals import parse_whole_number
from kunjae.core.unacceptable import Unacceptable
from kunjae.documents import queries
from kunjae.documents.models import IssuedDocument
from kunjae.documents.qr import short_hash
from kunjae.entitlements.permissions import SEE_RECORD
from kunjae.organisations.models import Desk
from kunjae.reports import forms
from kunjae.reports.views import frame

DOCUMENTS_A_PAGE = 50
_PAGES_MAX = 100_000


@permitted(SEE_RECORD)
@require_safe
def documents(request: HttpRequest, org_code: str) -> HttpResponse:
    """Show the documents of an authority, newest first."""
    filters = forms.DocumentFilter(request.GET)
    found = queries.register(organisation_id=request.organisation.pk, **_asked(filters))
    context = {"crumbs": frame.crumbs(request, _("Register of documents")), "shows_authority": False}
    return _page(request, filters, found, context)


@desk(Desk.DEPARTMENT)
@require_safe
def all_documents(request: HttpRequest) -> HttpResponse:
    """Show the documents of every authority, newest first."""
    filters = forms.DocumentFilter(request.GET)
    context = {
        "crumbs": [(_("What waits for you"), reverse("site:home")), (_("Register of documents"), None)],
        "shows_authority": True,
    }
    return _page(request, filters, queries.register(**_asked(filters)), context)


def _asked(filters: forms.DocumentFilter) -> dict[str, str]:
    return filters.cleaned_data if filters.is_valid() else {}


def _page(
    request: HttpRequest, filters: forms.DocumentFilter, found: QuerySet[IssuedDocument], context: dict[str, Any]
) -> HttpResponse:
    if filters.errors:
        found = found.none()
    page = Paginator(found, DOCUMENTS_A_PAGE).get_page(_number(request.GET.get("page", "")))
    rows = [(document, group_short_code(document.code), short_hash(document.content_hash)) for document in page]
    context |= {"filters": filters, "is_filtered": any(_asked(filters).values()), "page": page, "rows": rows}
    return render(request, "reports/documents.html", context, status=422 if filters.errors else 200)


def _number(typed: str) -> int:
    try:
        return parse_whole_number(typed, low=1, high=_PAGES_MAX)
    except Unacceptable:
        return 1
