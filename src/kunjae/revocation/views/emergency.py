"""One page that suspends at once: for the clerk, the head and the department (requirements 1.9.2)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kunjae.core.access import permitted
from kunjae.core.clock import thai_day
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.entitlements import permissions
from kunjae.identity.models import Subject
from kunjae.organisations.models import LocalAuthority
from kunjae.organisations.operations import look_at
from kunjae.revocation import forms, operations, policies, queries

ACCOUNTS_SHOWN_MAX = 200


@permitted(permissions.SUSPEND)
@require_http_methods(["GET", "HEAD", "POST"])
def suspensions(request: HttpRequest, org_code: str) -> HttpResponse:
    """Choose an account of the authority, say why, and it is suspended; below, who is suspended already."""
    authority, now = request.organisation, timezone.now()
    on, posted = thai_day(now), request.method == "POST"
    if request.standing.posting is not None:
        look_at(actor=request.actor, authority=authority, at=now)
    filters = forms.NameFilter(request.GET)
    words = filters.cleaned_data["words"] if filters.is_valid() else ""
    in_use = list(queries.accounts_to_suspend(authority.pk, on=on, words=words)[: ACCOUNTS_SHOWN_MAX + 1])
    shown = [subject for subject in in_use[:ACCOUNTS_SHOWN_MAX] if subject.person_id != request.actor.person_id]
    form = forms.EmergencySuspension(
        request.POST if posted else None, accounts=[(subject.public_id, _called(subject)) for subject in shown]
    )
    if posted and form.is_valid() and (done := _suspend(request, form)):
        return HttpResponseRedirect(f"{_here(authority)}?done={done}", status=303)
    suspended = queries.suspended_accounts(authority.pk, on=on)
    context = {
        "authority": authority,
        "form": form,
        "filters": filters,
        "has_more": len(in_use) > ACCOUNTS_SHOWN_MAX,
        "suspended": [(subject, policies.may_resume(request.actor, subject, at=now)) for subject in suspended],
        "done": next((subject for subject in suspended if subject.public_id == request.GET.get("done")), None),
        "crumbs": [(authority.full_name, None), (_("Suspend an account at once"), None)],
    }
    return render(request, "revocation/suspensions.html", context, status=422 if form.errors else 200)


def _suspend(request: HttpRequest, form: forms.EmergencySuspension) -> str:
    """Suspend what was chosen; empty if that was refused, and the form then says why."""
    chosen: str = form.cleaned_data["account"]
    try:
        operations.suspend(
            actor=request.actor, subject_public_id=chosen, reason=form.cleaned_data["reason"], at=timezone.now()
        )
    except Denied as denied:
        say_no(form, denied)
        return ""
    return chosen


def _called(subject: Any) -> str:
    """Name an account so that nobody takes one person for another: name, position, user id."""
    position = subject.position or _("position unknown")
    return format_html(
        '{} <small>{} · <span class="id">{}</span></small>', subject.person.full_name, position, subject.username
    )


def _here(authority: LocalAuthority) -> str:
    return reverse("revocation:suspensions", args=[authority.code])


def after_act_url(request: HttpRequest, subject: Subject, *, done: str = "") -> str:
    """Where one goes on after an act on an account: its page for the head, this page for who may not see that."""
    authority = request.organisation
    if request.standing.tenure_in(authority.pk):
        url = reverse("revocation:person", args=[authority.code, subject.public_id])
        return f"{url}?done={done}" if done else url
    return f"{_here(authority)}?done={subject.public_id}" if done == "suspension" else _here(authority)
