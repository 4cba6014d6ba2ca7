"""The accounts of the officers of the department and the provinces: a colleague at the department stops one at once."""

from collections.abc import Iterator
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kunjae.core.access import desk, proved_lately
from kunjae.core.clock import short_date, thai_day
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.identity.models import SubjectState
from kunjae.organisations.models import Desk
from kunjae.revocation import forms, operations, policies, queries

ACCOUNTS_SHOWN_MAX = 200
_DONE = ("suspension", "resumption")


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def officers(request: HttpRequest) -> HttpResponse:
    """List these accounts, and who is suspended; by POST, suspend one at once."""
    now = timezone.now()
    filters = forms.NameFilter(request.GET)
    words = filters.cleaned_data["words"] if filters.is_valid() else ""
    accounts = queries.desk_accounts(on=thai_day(now))
    in_use = queries.named(accounts, words).exclude(state=SubjectState.SUSPENDED)
    found = list(in_use.exclude(person=request.actor.person_id)[: ACCOUNTS_SHOWN_MAX + 1])
    form = forms.EmergencySuspension(
        request.POST if request.method == "POST" else None,
        accounts=[(one.public_id, _called(one)) for one in found[:ACCOUNTS_SHOWN_MAX]],
    )
    if form.is_valid():
        try:
            operations.suspend(
                actor=request.actor,
                subject_public_id=form.cleaned_data["account"],
                reason=form.cleaned_data["reason"],
                at=now,
            )
        except Denied as denied:
            say_no(form, denied)
        else:
            return _see_other("suspension")
    suspended = accounts.filter(state=SubjectState.SUSPENDED).order_by("suspended_at", "pk")
    context: dict[str, Any] = {
        "form": form,
        "filters": filters,
        "has_more": len(found) > ACCOUNTS_SHOWN_MAX,
        "suspended": [(one, seat(one), policies.may_resume(request.actor, one, at=now)) for one in suspended],
        "done": request.GET.get("done") if request.GET.get("done") in _DONE else "",
    }
    return render(request, "revocation/desk_officers.html", context, status=422 if form.errors else 200)


@proved_lately
@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def resumption(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a suspended account of a desk back into use: another colleague than the one who suspended it."""
    now = timezone.now()
    subject = queries.desk_accounts(on=thai_day(now)).filter(public_id=public_id).first()
    if subject is None:
        raise Http404
    here, title = reverse("revocation:desk_officers"), _("Put the account back into use")
    crumbs = [(_("Officers of department and provinces"), here), (subject.person.full_name, None)]
    context = {"subject": subject, "back_url": here, "crumbs": crumbs}
    if request.method != "POST" and not (verdict := policies.may_resume(request.actor, subject, at=now)):
        refusal = {"verdict": verdict, "act_title": title, "back_label": _("Back to the list")}
        return render(request, "revocation/not_now.html", context | refusal, status=403)
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.resume(actor=request.actor, subject_public_id=subject.public_id, at=now)
        except Denied as denied:
            say_no(form, denied)
        else:
            return _see_other("resumption")
    status = 422 if form.errors else 200
    return render(request, "revocation/resumption.html", context | {"form": form}, status=status)


def _called(subject: Any) -> str:
    """Name an account so that nobody takes one person for another: name, position, where, user id."""
    return format_html(
        '{} <small>{} · {} · <span class="id">{}</span><br>{}</small>',
        subject.person.full_name,
        subject.position or _("position unknown"),
        seat(subject),
        subject.username,
        ", ".join(_used(subject)),
    )


def _used(subject: Any) -> Iterator[str]:
    """Say what a colleague looks for: whether the account is used, and what stands before it."""
    if subject.last_sign_in:
        yield _("last sign-in %(day)s") % {"day": short_date(thai_day(subject.last_sign_in), get_language() or "th")}
    else:
        yield _("never signed in")
    if not subject.has_factor:
        yield _("no second factor")


def seat(subject: Any) -> str:
    """Say where the person of an account sits: at the department, at which province, or nowhere any more."""
    if subject.province_name:
        return _("province %(name)s") % {"name": subject.province_name}
    return _("the department") if subject.desk else _("posted nowhere")


def _see_other(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('revocation:desk_officers')}?done={done}", status=303)
