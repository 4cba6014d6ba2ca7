"""A provincial office: how its authorities stand, what is open there, and a reminder (L-02)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kunjae.circulars import policies as circular_policies
from kunjae.circulars.queries import not_acknowledged
from kunjae.core import reasons
from kunjae.core.access import desk
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Desk, LocalAuthority, Posting
from kunjae.organisations.policies import desk_looks_after
from kunjae.organisations.queries import authority_by_code
from kunjae.oversight import forms, operations, policies, wording
from kunjae.oversight.models import Matter, VacancyReminder
from kunjae.oversight.queries import states
from kunjae.oversight.views import frame


@desk(Desk.PROVINCE)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show how the authorities of the province stand, and what is open there."""
    now, posting = timezone.now(), _posting(request)
    filters = forms.AuthorityFilter(request.GET, provinces=None)
    figures = states.figures(posting.province_id, at=now)
    here = reverse("oversight:province")
    context = {
        "province": posting.province,
        "figures": figures,
        "segments": frame.segments(figures, list_url=here),
        "today": thai_day(now),
        "here": here,
        **frame.listed(request, filters, province_id=posting.province_id, at=now),
    }
    return render(request, "oversight/province.html", context, status=422 if filters.errors else 200)


@desk(Desk.PROVINCE)
@require_safe
def authority(request: HttpRequest, code: str) -> HttpResponse:
    """Show one authority of the province; that somebody looked is noted (D16)."""
    found = _found(request, code)
    if found.code != code:
        return redirect("oversight:authority", code=found.code)
    return _authority_page(request, found)


@desk(Desk.PROVINCE)
@require_POST
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """Remind an authority of its vacancy, or of a circular."""
    found = _found(request, code)
    form = forms.Reminder(request.POST)
    if not form.is_valid():
        return _authority_page(request, found, refused=reasons.sentence("matter_unknown"))
    try:
        operations.remind(
            actor=request.actor,
            authority=found,
            about=Matter(form.cleaned_data["about"]),
            receipt_public_id=form.cleaned_data["receipt"],
            at=timezone.now(),
        )
    except Denied as denied:
        return _authority_page(request, found, refused=reasons.sentence(denied.reason, denied.facts))
    here = reverse("oversight:authority", args=[found.code])
    return HttpResponse(status=303, headers={"Location": f"{here}?done={form.cleaned_data['about']}"})


def _authority_page(request: HttpRequest, found: LocalAuthority, *, refused: str = "") -> HttpResponse:
    now = timezone.now()
    today = thai_day(now)
    try:
        organisations.look_at(actor=request.actor, authority=found, at=now)
    except Denied as denied:
        raise Http404 from denied
    standing = states.standing_of_authority(found.pk, on=today)
    last = VacancyReminder.objects.filter(authority=found).select_related("reminded_by").order_by("-pk").first()
    context: dict[str, Any] = {
        "authority": found,
        "standing": standing,
        "said": wording.said(standing, on=today, language=get_language() or "th"),
        "is_vacant": standing.state in states.UNHEADED,
        "may_remind": bool(policies.is_due(found, at=now)),
        "last_reminder": last,
        "letters": states.open_letters_of(found.pk),
        "receipts": [
            {"receipt": receipt, "may_remind": bool(circular_policies.is_due(receipt, at=now))}
            for receipt in not_acknowledged(authority_ids=[found.pk])
        ],
        "late": [
            {"request": item, "days": (today - thai_day(item.submitted_at)).days}
            for item in states.late_requests_of(found.pk, at=now)
            if item.submitted_at
        ],
        "refused": refused,
        "done": request.GET.get("done", "") in Matter.values,
        "crumbs": [(_("State of the authorities"), reverse("oversight:province")), (found.full_name, None)],
    }
    return render(request, "oversight/authority.html", context, status=422 if refused else 200)


def _posting(request: HttpRequest) -> Posting:
    posting: Posting | None = request.standing.posting
    if posting is None or posting.province_id is None:
        raise Http404
    return posting


def _found(request: HttpRequest, code: str) -> LocalAuthority:
    found = authority_by_code(code)
    if found is None or not desk_looks_after(_posting(request), found):
        raise Http404
    return found
