"""At six months a sign-in asks: a new password now, a passkey instead, or later with a reason (clause 4(3), D3)."""

from datetime import datetime
from functools import partial
from typing import Any

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
from kunjae.identity import due_passwords, forms, operations, policies, queries
from kunjae.identity.models import FactorKind, Subject
from kunjae.identity.places import place_of
from kunjae.identity.sign_in_stages import PasswordClockStage
from kunjae.identity.views.choosing import rules_shown, say_why
from kunjae.identity.views.passkeys import bound, options_for

_AT_THE_FIELD = ("same_password", "password_reason_missing")


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def due_password(request: HttpRequest) -> HttpResponse:
    """Ask whoever signs in with a password whose day has come; take the answer, and go on with the sign-in."""
    stage = PasswordClockStage.entered(request)
    if stage is None:
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)
    now, subject = timezone.now(), queries.subject_with_places(stage.login.user.pk)
    asked = due_passwords.password_question(subject.pk, on=thai_day(now))
    if asked is None and request.method != "POST":  # answered in another window
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)
    shown = {"later": forms.PutOff(), "passkey": forms.Nothing(), "change": forms.NewPassword()}
    form = shown["change"]
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        answer = answer if answer in shown else "change"
        form = shown[answer] = type(shown[answer])(request.POST)
        if form.is_valid() and _take(form, answer, _about(request, stage, subject, at=now), stage):
            request.signed_in_at = now
            return stage.exit()
    may_put_off = bool(asked and policies.may_put_off_password_change(subject, asked))
    context = {
        "form": form,
        **shown,
        "subject": subject,
        "is_forced": asked is not None and asked.is_forced,
        "may_put_off": may_put_off,
        "asked_again_from": due_passwords.day_of_asking_again(on=thai_day(now)) if may_put_off else None,
        "has_passkey": bool(policies.may_use_passkey_instead(subject)),
        "has_other_factor": queries.has_second_factor(subject),
        **rules_shown(subject),
    }
    return render(request, "identity/due_password.html", context, status=422 if form.errors else 200)


def _about(request: HttpRequest, stage: PasswordClockStage, subject: Subject, *, at: datetime) -> dict[str, Any]:
    """Say who answers of which password, and when."""
    return {
        "actor": Actor(subject.username, subject.person_id, subject.pk, address=place_of(request).address),
        "subject_id": subject.pk,
        "proved": stage.proved,
        "at": at,
    }


def _take(form: django_forms.Form, answer: str, about: dict[str, Any], stage: PasswordClockStage) -> bool:
    """Record one answer; if that is refused, the form says why."""
    typed = form.cleaned_data
    try:
        if answer == "later":
            operations.put_off_password_change(**about, reason=typed["reason"])
        elif answer == "passkey":
            operations.use_passkey_instead(**about)
        else:
            stage.note_password(operations.change_due_password(**about, new=typed["new_password"]))
    except Denied as denied:
        at_the_field = denied.reason in _AT_THE_FIELD
        say_no(form, denied, field=next(iter(form.fields)) if at_the_field else None)
    except Unacceptable as refused:
        form.add_error("reason", reasons.sentence(refused.reason, refused.facts))
    except operations.PasswordRefused as refused:
        say_why(form, refused.reasons, stage.login.user)
    else:
        return True
    return False


@public
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """Bind a passkey, of whoever has no factor yet, and so answer that it is used instead; then the sign-in goes on."""
    stage = PasswordClockStage.entered(request)
    if stage is None:
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)
    now, subject = timezone.now(), queries.subject_with_places(stage.login.user.pk)
    if request.method != "POST" and queries.has_second_factor(subject):  # another is bound after a proof, not here
        return HttpResponseRedirect(reverse("identity:due_password"), status=303)
    form, answer = bound(request, partial(operations.use_passkey_instead, **_about(request, stage, subject, at=now)))
    if answer is not None:
        request.signed_in_at = now
        stage.note_factor(queries.open_factors(subject.pk).get(kind=FactorKind.PASSKEY))
        return stage.exit()
    context = {"form": form, "subject": subject, "options": options_for(request, subject)}
    return render(request, "identity/due_password_passkey.html", context, status=422 if form.errors else 200)
