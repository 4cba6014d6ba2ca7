"""At six months a sign-in asks: a new password now, or later with a reason (clause 4(3), D3)."""

from collections.abc import Callable
from datetime import datetime

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kunjae.core import reasons
from kunjae.core.access import public
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.saying_no import say_no
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.identity import forms, operations, policies, queries
from kunjae.identity.models import Subject
from kunjae.identity.password_clock import asked_again_from
from kunjae.identity.password_clock_stage import PasswordClockStage
from kunjae.identity.sign_in import place_of
from kunjae.identity.views.choosing import rules_shown, say_why

_AT_THE_FIELD = ("same_password", "password_reason_missing")


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def due_password(request: HttpRequest) -> HttpResponse:
    """Ask whoever signs in with a password whose day has come; take the answer, and go on with the sign-in."""
    stage = PasswordClockStage.entered(request)
    if stage is None or stage.login.user is None:
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)
    now, subject = timezone.now(), queries.subject_with_places(stage.login.user.pk)
    asked = queries.password_question(subject.pk, on=thai_day(now))
    if asked is None and request.method != "POST":  # answered in another window
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)
    change, later = forms.NewPassword(), forms.PutOff()
    if request.method == "POST":
        puts_off = request.POST.get("answer") == "later"
        change, later = (change, forms.PutOff(request.POST)) if puts_off else (forms.NewPassword(request.POST), later)
        if _answer(request, later if puts_off else change, subject, stage.password_set_at, at=now):
            request.signed_in_at = now
            return stage.exit()
    context = {
        "form": later if later.is_bound else change,
        "change": change,
        "later": later,
        "subject": subject,
        "asked_again_from": asked_again_from(thai_day(now)),
        "is_forced": asked is not None and asked.is_forced,
        "may_put_off": bool(asked and policies.may_put_off_password_change(subject, asked)),
        **rules_shown(subject),
    }
    status = 422 if change.errors or later.errors else 200
    return render(request, "identity/due_password.html", context, status=status)


def _answer(
    request: HttpRequest,
    form: django_forms.Form,
    subject: Subject,
    password_set_at: datetime | None,
    *,
    at: datetime,
) -> bool:
    """Record one answer; if that is refused, the form says why."""
    if not form.is_valid():
        return False
    [(field, typed)] = form.cleaned_data.items()
    act: Callable[..., object] = (
        operations.put_off_password_change if field == "reason" else operations.change_due_password
    )
    try:
        act(
            actor=Actor(subject.username, subject.person_id, subject.pk, address=place_of(request).address),
            subject_id=subject.pk,
            password_set_at=password_set_at,
            at=at,
            **{"reason" if field == "reason" else "new": typed},
        )
    except Denied as denied:
        say_no(form, denied, field=field if denied.reason in _AT_THE_FIELD else None)
    except Unacceptable as refused:
        form.add_error(field, reasons.sentence(refused.reason, refused.facts))
    except operations.PasswordRefused as refused:
        say_why(form, refused.reasons, subject)
    else:
        return True
    return False
