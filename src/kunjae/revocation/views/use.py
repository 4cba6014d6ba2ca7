"""The head watches over the use of the accounts (clause 3, L-30): figures, the lists behind them, and his answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.core.access import permitted
from kunjae.core.clock import thai_day
from kunjae.core.numerals import parse_whole_number
from kunjae.core.saying_no import say_no
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.entitlements import permissions
from kunjae.identity.queries import SIMULTANEOUS_USES_MAX, simultaneous_use
from kunjae.organisations.models import LocalAuthority
from kunjae.revocation import dormancy, forms, operations, overview, policies
from kunjae.revocation.overview import Ending, Use
from kunjae.revocation.views.people import PAGES_MAX, PER_PAGE, subject_or_404
from kunjae.revocation.views.removing import not_now

BAR_LENGTH = 1000
_COLOURS = {Ending.SIGNED_OUT: "c5", Ending.TIMED_OUT: "c2", Ending.OTHERWISE: "c3"}


def _url(authority: LocalAuthority, name: str = "use", **chosen: str) -> str:
    return reverse(f"revocation:{name}", args=[authority.code], query=chosen or None)


def _crumbs(authority: LocalAuthority, *further: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    own = _url(authority) if further else None
    return [(_("Duties under the circular"), None), (_("Use of the accounts"), own), *further]


@dataclass(frozen=True, slots=True)
class Segment:
    """One way in which sessions ended, in the figure and in the table; `x` and `width` are thousandths of the bar."""

    label: str
    colour: str
    count: int
    share: int
    x: float
    width: float
    url: str


def _segments(authority: LocalAuthority, counts: dict[Ending, int]) -> list[Segment]:
    total, laid, x = sum(counts.values()) or 1, [], 0.0
    for ending, count in counts.items():
        width = BAR_LENGTH * count / total
        url = _url(authority, "use_sessions", how=ending.value)
        share = round(100 * count / total)
        laid.append(Segment(ending.label, _COLOURS[ending], count, share, round(x, 2), round(width, 2), url))
        x += width
    return laid


@permitted(permissions.WATCH_USE)
@require_safe
def use(request: HttpRequest, org_code: str) -> HttpResponse:
    """Show how the accounts of an authority are used, each figure leading to its list."""
    authority, now = request.organisation, timezone.now()
    since = now - overview.LOOKED_BACK
    counts = overview.count_by_use(authority.pk, at=now)
    endings = overview.count_by_ending(authority.pk, since=since)
    segments = _segments(authority, endings)
    two_places = len(simultaneous_use(authority.pk, since=since))
    context = {
        "authority": authority,
        "today": thai_day(now),
        "rows": [(one.label, counts[one], _url(authority, "use_accounts", which=one.value)) for one in Use],
        "in_use": counts[Use.IN_USE],
        "proposed": counts[Use.PROPOSED],
        "in_use_url": _url(authority, "use_accounts", which=Use.IN_USE.value),
        "proposed_url": _url(authority, "use_accounts", which=Use.PROPOSED.value),
        "two_places": two_places,
        "are_two_places_cut": two_places >= SIMULTANEOUS_USES_MAX,
        "two_places_url": _url(authority, "use_two_places"),
        "segments": segments,
        "timed_out": next(one for one in segments if one.colour == _COLOURS[Ending.TIMED_OUT]),
        "ended": sum(endings.values()),
        "ended_url": _url(authority, "use_sessions"),
        "days": overview.LOOKED_BACK.days,
        "crumbs": _crumbs(authority),
    }
    return render(request, "revocation/use.html", context)


@permitted(permissions.WATCH_USE)
@require_safe
def use_accounts(request: HttpRequest, org_code: str) -> HttpResponse:
    """List the accounts of one use, the longest unused first; those to be decided with the way to the answer."""
    authority, now = request.organisation, timezone.now()
    filters = forms.UseFilter({"which": request.GET.get("which") or Use.IN_USE.value})
    is_known = filters.is_valid()
    which = Use(filters.cleaned_data["which"]) if is_known else Use.IN_USE
    page = _page(overview.accounts(authority.pk, which, at=now), request)
    context = {
        "authority": authority,
        "page": page,
        "rows": [_row(subject, request, which, at=now) for subject in page],
        "filters": filters,
        "which": which,
        "done": request.GET.get("done") == "kept",
        "crumbs": _crumbs(authority, (_("Accounts by use"), None)),
    }
    return render(request, "revocation/use_accounts.html", context, status=200 if is_known else 422)


def _row(subject: Any, request: HttpRequest, which: Use, *, at: datetime) -> dict[str, Any]:
    return {
        "subject": subject,
        "is_own": subject.person_id == request.actor.person_id,
        "days": (thai_day(at) - thai_day(subject.last_use)).days,
        "rule_at": subject.last_use + dormancy.SUSPENDED_AFTER if which in (Use.PROPOSED, Use.KEPT) else None,
        "is_kept": which == Use.KEPT,
    }


@permitted(permissions.WATCH_USE)
@require_safe
def use_sessions(request: HttpRequest, org_code: str) -> HttpResponse:
    """List the sessions that ended lately, by how they ended (L-32)."""
    authority, now = request.organisation, timezone.now()
    filters = forms.EndingFilter(request.GET)
    is_known = filters.is_valid()
    how = filters.cleaned_data.get("how", "")
    found = overview.ended_sessions(authority.pk, since=now - overview.LOOKED_BACK)
    page = _page(found.filter(overview.ended_by(Ending(how))) if how else found, request)
    context = {
        "authority": authority,
        "page": page,
        "filters": filters,
        "days": overview.LOOKED_BACK.days,
        "crumbs": _crumbs(authority, (_("Sessions that ended"), None)),
    }
    return render(request, "revocation/use_sessions.html", context, status=200 if is_known else 422)


@permitted(permissions.WATCH_USE)
@require_safe
def use_two_places(request: HttpRequest, org_code: str) -> HttpResponse:
    """List the uses of one account from two places at the same time (L-34)."""
    authority, now = request.organisation, timezone.now()
    found = simultaneous_use(authority.pk, since=now - overview.LOOKED_BACK)
    context = {
        "authority": authority,
        "page": _page(found, request),
        "most": SIMULTANEOUS_USES_MAX if len(found) >= SIMULTANEOUS_USES_MAX else None,
        "days": overview.LOOKED_BACK.days,
        "crumbs": _crumbs(authority, (_("From two places at once"), None)),
    }
    return render(request, "revocation/use_two_places.html", context)


def _page(found: Any, request: HttpRequest) -> Page:
    """Give one page of a list; beyond the end, the last page."""
    try:
        number = parse_whole_number(request.GET.get("page", "1"), low=1, high=PAGES_MAX)
    except Unacceptable:
        number = 1
    return Paginator(found, PER_PAGE).get_page(number)


@permitted(permissions.WATCH_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def keeping(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Ask whether an account that nobody uses is still needed: it is kept for a reason, or suspended."""
    authority, now = request.organisation, timezone.now()
    subject, title = subject_or_404(authority, public_id), _("Is this account still needed?")
    if request.method != "POST" and not (verdict := policies.may_keep_in_use(request.actor, subject, at=now)):
        return not_now(request, subject, verdict, title)
    form = forms.Keeping(request.POST if request.method == "POST" else None)
    back_url = _url(authority, "use_accounts", which=Use.PROPOSED.value)
    if form.is_valid():
        try:
            operations.keep_in_use(
                actor=request.actor, subject_public_id=subject.public_id, reason=form.cleaned_data["reason"], at=now
            )
        except Denied as denied:
            say_no(form, denied)
        else:
            return HttpResponseRedirect(f"{back_url}&done=kept", status=303)
    context = {
        "authority": authority,
        "form": form,
        "subject": subject,
        "back_url": back_url,
        "crumbs": _crumbs(authority, (_("Accounts by use"), back_url), (subject.person.full_name, None)),
    }
    return render(request, "revocation/keeping.html", context, status=422 if form.errors else 200)
