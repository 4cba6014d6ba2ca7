"""The pages of the desks that look across authorities: find one, look at one."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kunjae.core.access import desk
from kunjae.core.clock import thai_day
from kunjae.core.numerals import parse_whole_number
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.organisations import forms, operations, policies, queries
from kunjae.organisations.models import Desk, LocalAuthority, Posting
from kunjae.organisations.views.contacts import contact_facts

ROWS_PER_PAGE = 50
_PAGE_MAX = 10_000


@desk(Desk.DEPARTMENT, Desk.PROVINCE)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find authorities: the department among all, a province among its own."""
    today = thai_day(timezone.now())
    posting = queries.posting_of(request.actor.person_id, on=today)
    if posting is None or not policies.may_look_across(request.actor, on=today):
        raise Http404
    form = forms.Search(request.GET, provinces=None if posting.province else queries.provinces())
    found = _found(form, posting) if form.is_valid() else LocalAuthority.objects.none()
    paginator = Paginator(found, ROWS_PER_PAGE)
    context = {
        "filters": form,
        "posting": posting,
        "is_filtered": any(form.cleaned_data.values()),
        "page": paginator.get_page(_page_number(request)),
        "caption": ngettext("%(count)s authority", "%(count)s authorities", paginator.count)
        % {"count": f"{paginator.count:,}"},
    }
    return render(request, "organisations/authority_search.html", context, status=422 if form.errors else 200)


def _found(form: forms.Search, posting: Posting) -> Any:
    filters = form.cleaned_data
    found = queries.search_authorities(filters["words"], province_id=posting.province_id, kind=filters["kind"])
    if filters.get("province"):
        found = found.filter(province__code=filters["province"])
    return found


def _page_number(request: HttpRequest) -> int:
    try:
        return parse_whole_number(request.GET.get("page", "1"), low=1, high=_PAGE_MAX)
    except Unacceptable:
        return 1


@desk(Desk.DEPARTMENT, Desk.PROVINCE)
@require_safe
def authority(request: HttpRequest, code: str) -> HttpResponse:
    """Show one authority; that somebody looked is noted (D16)."""
    now = timezone.now()
    today = thai_day(now)
    found = queries.authority_by_code(code)
    if found is None or not policies.may_look_at(request.actor, found, on=today):
        raise Http404
    if found.code != code:
        return redirect("organisations:authority", code=found.code)
    try:
        operations.look_at(actor=request.actor, authority=found, at=now)
    except Denied as denied:
        raise Http404 from denied
    editions = list(queries.editions_of(found.pk))
    context = {
        "authority": found,
        "facts": _facts(found),
        "holders": queries.office_holders(found.pk, on=today),
        "present": next((edition for edition in editions if edition.until_date is None), None),
        "contact": contact_facts(found),
        "keeps_contacts": policies.may_keep_contacts(request.actor, at=now),
        "former": [edition for edition in editions if edition.until_date is not None],
        "crumbs": [(_("Find an authority"), reverse("organisations:search")), (found.full_name, None)],
    }
    return render(request, "organisations/authority.html", context)


def _facts(found: LocalAuthority) -> list[tuple[str, str]]:
    return [
        (_("Code"), found.code),
        (_("Kind"), found.get_kind_display()),
        (_("District"), found.district.name_th),
        (_("Province"), found.province.name_th),
        (_("Title of the head of finance"), found.finance_head_title_th),
        (_("Title of the chief executive"), found.chief_executive_title_th),
        (_("Title of the clerk"), found.clerk_title_th),
    ]
