"""การจัดการข้อมูลผู้ใช้: the accounts of an authority, and the page of one of them."""

from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kunjae.audit.sentences import lines
from kunjae.core.access import permitted
from kunjae.core.clock import thai_day
from kunjae.core.numerals import parse_whole_number
from kunjae.core.phones import mask, mask_email
from kunjae.core.saying_no import say_no
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import ALLOWED, Denied
from kunjae.entitlements import permissions
from kunjae.entitlements.models import Grant
from kunjae.entitlements.policies import may_end_grant
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import ACTING_CAPACITIES, Capacity, LocalAuthority
from kunjae.organisations.queries import former_names
from kunjae.revocation import forms, operations, policies, queries

PER_PAGE = 25
PAGES_MAX = 9999

Crumbs = list[tuple[str, str | None]]


def crumbs_of(authority: LocalAuthority, *further: tuple[str, str | None]) -> Crumbs:
    """Repeat the letter's path: การบริหารระบบ > การจัดการข้อมูลผู้ใช้."""
    people_url = reverse("revocation:people", args=[authority.code])
    return [(_("System administration"), None), (_("Managing user data"), people_url if further else None), *further]


def subject_or_404(authority: LocalAuthority, public_id: str) -> Subject:
    """Find an account that this authority's head may know of; every other one does not exist (T-09)."""
    subject = queries.person_here(authority.pk, public_id, on=thai_day(timezone.now()))
    if subject is None:
        raise Http404
    return subject


def person_url(authority: LocalAuthority, subject: Subject, *, done: str = "") -> str:
    """Give the address of an account's page, with what has just been done to it."""
    url = reverse("revocation:person", args=[authority.code, subject.public_id])
    return f"{url}?done={done}" if done else url


def acting_label(capacity: str) -> str:
    """Name the capacity in which somebody holds another's post; empty for a post of one's own."""
    return Capacity(capacity).label if capacity in ACTING_CAPACITIES else ""


@permitted(permissions.SEE_ACCOUNTS)
@require_safe
def people(request: HttpRequest, org_code: str) -> HttpResponse:
    """List the accounts of an authority, with their groups and their last sign-in."""
    authority, on = request.organisation, thai_day(timezone.now())
    filters = forms.PeopleFilter(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    state, words = chosen.get("state", ""), chosen.get("words", "")
    page = _page(queries.people(authority.pk, on=on, state=state, words=words), request.GET.get("page", ""))
    keys: dict[int, list[Grant]] = {}
    for grant in queries.keys_of(
        [subject.pk for subject in page], authority.pk, on=on, language=get_language() or "th"
    ):
        keys.setdefault(grant.subject_id, []).append(grant)
    rows = [
        {
            "subject": subject,
            "acting": acting_label(subject.position_capacity),
            "keys": keys.get(subject.pk, []),
            "is_own": subject.pk == request.actor.subject_id,
            "is_elsewhere": subject.authority_id != authority.pk,
        }
        for subject in page
    ]
    context = {
        "authority": authority,
        "page": page,
        "rows": rows,
        "counts": _counts(page),
        "filters": filters,
        "is_filtered": bool(state or words),
        "today": on,
        "tenure": request.standing.tenure_in(authority.pk),
        "crumbs": crumbs_of(authority),
    }
    return render(request, "revocation/people.html", context)


def _page(found: Any, typed: str) -> Page:
    """Give one page of a list whose rows know how many there are; beyond the end, the last page."""
    try:
        number = parse_whole_number(typed, low=1, high=PAGES_MAX) if typed else 1
    except Unacceptable:
        number = 1
    rows = list(found[(number - 1) * PER_PAGE : number * PER_PAGE])
    paginator = Paginator(found, PER_PAGE)
    if rows:
        paginator.count = rows[0].found
    elif number == 1:
        paginator.count = 0
    else:
        number = paginator.num_pages
        rows = list(found[(number - 1) * PER_PAGE : number * PER_PAGE])
    return Page(rows, number, paginator)


def _counts(page: Page) -> list[tuple[str, int]]:
    """Count the whole list by state, for its caption; states that nobody is in are left out."""
    if not page.object_list:
        return []
    first = page.object_list[0]
    counts = [(state.label, getattr(first, f"{state.value}_count")) for state in SubjectState]
    return [(label, count) for label, count in counts if count]


@permitted(permissions.SEE_ACCOUNTS)
@require_safe
def person(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Show one account: who it belongs to, what it opens, what happened to it, and what may be done."""
    subject = subject_or_404(request.organisation, public_id)
    context = _person(request, subject, at=timezone.now()) | {"done": request.GET.get("done", "")}
    return render(request, "revocation/person.html", context)


def _person(request: HttpRequest, subject: Subject, *, at: datetime) -> dict[str, Any]:
    authority, on, language = request.organisation, thai_day(at), get_language() or "th"
    is_own_account = subject.pk == request.actor.subject_id
    is_elsewhere = subject.authority_id != authority.pk
    grants = list(queries.grants_ever(subject.pk, authority.pk, on=on, language=language))
    held = [grant for grant in grants if grant.ended_at is None and (not grant.until_date or grant.until_date >= on)]
    events = queries.story_of(subject.person_id, authority.pk)
    return {
        "authority": authority,
        "subject": subject,
        "acting": acting_label(subject.position_capacity),
        "is_own": is_own_account,
        "is_elsewhere": is_elsewhere,
        "tenure": request.standing.tenure_in(authority.pk) if is_own_account else None,
        "email": mask_email(subject.email) if subject.email and not is_elsewhere else "",
        "mobile": mask(subject.mobile) if subject.mobile and not is_elsewhere else "",
        # The gate has asked for the right of a head here already; what is left to ask is asked of each grant.
        "former": former_names(subject.person_id),
        "held": [(grant, may_end_grant(request.actor, grant, at=at, permitted=ALLOWED)) for grant in held],
        "ended": [grant for grant in grants if grant not in held],
        "sign_ins": [] if is_elsewhere else queries.last_sign_ins(subject.pk),
        "story": lines(events, language=language),
        "acts": policies.acts_on(
            request.actor,
            subject,
            at=at,
            # The gate read the tenure a moment ago; an operation asks anew, under the lock.
            permitted=ALLOWED if request.standing.tenure_in(subject.authority_id) else None,
            is_signed_in=bool(subject.open_sessions_count),
            has_factor=subject.has_factor,
        ),
        "today": on,
        "crumbs": crumbs_of(authority, (subject.person.full_name, None)),
    }


@permitted(permissions.END_SESSIONS)
@require_POST
def sessions(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Sign somebody out everywhere."""
    subject, now = subject_or_404(request.organisation, public_id), timezone.now()
    form = django_forms.Form(request.POST)
    try:
        operations.end_sessions(actor=request.actor, subject_public_id=subject.public_id, at=now)
    except Denied as denied:
        form.is_valid()
        say_no(form, denied)
        return render(request, "revocation/person.html", _person(request, subject, at=now) | {"form": form}, status=422)
    return HttpResponseRedirect(person_url(request.organisation, subject, done="sessions"), status=303)
