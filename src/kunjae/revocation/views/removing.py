"""Path 1, out of one group at once (clause 5(2)); and suspension, which is taken back."""

from collections.abc import Callable

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kunjae.core.access import permitted, proved_lately
from kunjae.core.clock import thai_day
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied, Verdict
from kunjae.entitlements import permissions
from kunjae.entitlements.models import EndOfGrant
from kunjae.entitlements.policies import may_end_grant
from kunjae.identity.models import Subject
from kunjae.revocation import forms, operations, policies, queries
from kunjae.revocation.views.emergency import after_act_url
from kunjae.revocation.views.people import crumbs_of, person_url, subject_or_404


def not_now(request: HttpRequest, subject: Subject, verdict: Verdict, title: str) -> HttpResponse:
    """Say why an act cannot be done, where its page would have stood."""
    back_url = after_act_url(request, subject)
    context = {
        "subject": subject,
        "verdict": verdict,
        "act_title": title,
        "back_url": back_url,
        "crumbs": crumbs_of(request.organisation, (subject.person.full_name, back_url), (title, None)),
    }
    return render(request, "revocation/not_now.html", context, status=403)


@permitted(permissions.END_GRANT)
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, org_code: str, public_id: str, grant_public_id: str) -> HttpResponse:
    """Take a person out of one group at once; the other groups stay."""
    authority, now = request.organisation, timezone.now()
    subject, title = subject_or_404(authority, public_id), _("Remove from the group")
    grants = queries.grants_ever(subject.pk, authority.pk, on=thai_day(now), language=get_language() or "th")
    grant = grants.filter(public_id=grant_public_id).first()
    if grant is None:
        raise Http404
    if request.method != "POST" and not (verdict := may_end_grant(request.actor, grant, at=now)):
        return not_now(request, subject, verdict, title)
    form = forms.Removal(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.remove_from_group(
                actor=request.actor,
                grant_id=grant.pk,
                reason=EndOfGrant(form.cleaned_data["reason"]),
                note=form.cleaned_data["note"],
                at=now,
            )
        except Denied as denied:
            say_no(form, denied)
        else:
            return HttpResponseRedirect(person_url(authority, subject, done="removal"), status=303)
    context = {
        "form": form,
        "subject": subject,
        "grant": grant,
        "others": [other for other in grants.filter(ended_at=None) if other.pk != grant.pk],
        "back_url": person_url(authority, subject),
        "crumbs": crumbs_of(authority, (subject.person.full_name, person_url(authority, subject)), (title, None)),
    }
    return render(request, "revocation/removal.html", context, status=422 if form.errors else 200)


@permitted(permissions.SUSPEND)
@require_http_methods(["GET", "HEAD", "POST"])
def suspension(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Suspend an account at once, until it is put back into use."""
    now = timezone.now()
    subject = subject_or_404(request.organisation, public_id)
    title = _("Suspend the account")
    if request.method != "POST" and not (verdict := policies.may_suspend(request.actor, subject, at=now)):
        return not_now(request, subject, verdict, title)
    form = forms.Suspension(request.POST if request.method == "POST" else None)

    def suspend() -> None:
        operations.suspend(
            actor=request.actor, subject_public_id=subject.public_id, reason=form.cleaned_data["reason"], at=now
        )

    return _act(request, subject, form, suspend, template="revocation/suspension.html", title=title, done="suspension")


@proved_lately
@permitted(permissions.SUSPEND)
@require_http_methods(["GET", "HEAD", "POST"])
def resumption(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Put a suspended account back into use."""
    now = timezone.now()
    subject = subject_or_404(request.organisation, public_id)
    title = _("Put the account back into use")
    if request.method != "POST" and not (verdict := policies.may_resume(request.actor, subject, at=now)):
        return not_now(request, subject, verdict, title)
    form = django_forms.Form(request.POST if request.method == "POST" else None)

    def resume() -> None:
        operations.resume(actor=request.actor, subject_public_id=subject.public_id, at=now)

    return _act(request, subject, form, resume, template="revocation/resumption.html", title=title, done="resumption")


@proved_lately
@permitted(permissions.END_SESSIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def second_factors(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """End the second factors of an officer who lost them all."""
    now = timezone.now()
    subject, title = subject_or_404(request.organisation, public_id), _("End the second factors")
    if request.method != "POST" and not (verdict := policies.may_end_factors(request.actor, subject, at=now)):
        return not_now(request, subject, verdict, title)
    form = django_forms.Form(request.POST if request.method == "POST" else None)

    def end() -> None:
        operations.end_factors(actor=request.actor, subject_public_id=subject.public_id, at=now)

    return _act(request, subject, form, end, template="revocation/second_factors.html", title=title, done="factors")


def _act(
    request: HttpRequest,
    subject: Subject,
    form: django_forms.Form,
    operation: Callable[[], None],
    *,
    template: str,
    title: str,
    done: str,
) -> HttpResponse:
    """Run one operation on an account, or show its page (again)."""
    if form.is_valid():
        try:
            operation()
        except Denied as denied:
            say_no(form, denied)
        else:
            return HttpResponseRedirect(after_act_url(request, subject, done=done), status=303)
    back_url = after_act_url(request, subject)
    context = {
        "form": form,
        "subject": subject,
        # A refused act is shown once more, also to a head who does not answer for the account (L-30).
        "is_elsewhere": subject.authority_id != request.organisation.pk,
        "back_url": back_url,
        "crumbs": crumbs_of(request.organisation, (subject.person.full_name, back_url), (title, None)),
    }
    return render(request, template, context, status=422 if form.errors else 200)
