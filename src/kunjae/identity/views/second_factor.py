"""A second factor at the door: it is asked for, or bound for the first time (D5)."""

from base64 import b64encode
from io import BytesIO
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from kunjae.core.access import public
from kunjae.core.actor import Actor
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.identity import factor_codes, factor_duty, forms, operations, second_factor
from kunjae.identity.models import FactorSource, Subject
from kunjae.identity.places import place_of
from kunjae.identity.sign_in_stages import EnrolmentStage, SecondFactorStage

PENDING = "app_to_bind"
"""In the browser's session: the sealed secret of an app that is about to be bound."""


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest) -> HttpResponse:
    """Ask for the code of an app, or a recovery code; then the sign-in goes on."""
    stage = SecondFactorStage.entered(request)
    if stage is None:
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)
    now, subject, place = timezone.now(), stage.login.user, place_of(request)
    form = forms.FactorCode(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        stage.forget_refusal()
    elif refusal := stage.refusal(at=now):
        form = forms.FactorCode({"code": "-"})  # what was typed with the password is not shown again
        say_no(form, refusal, field="code")
    if form.is_valid():
        trier = second_factor.trier_at_the_door(request, subject, address=place.address, device=place.device)
        try:
            factor = second_factor.prove(trier, form.cleaned_data["code"], at=now)
        except Denied as denied:
            say_no(form, denied, field="code")
        else:
            request.signed_in_at = now
            stage.note_factor(factor)
            return stage.exit()
    context = {"form": form, "subject": subject, "demo_code": second_factor.shown_by_the_demo(subject, at=now)}
    is_refused = request.method == "POST" and form.errors
    return render(request, "identity/second_factor.html", context, status=422 if is_refused else 200)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment(request: HttpRequest) -> HttpResponse:
    """Bind an app and show the recovery codes, before somebody of whom it is asked is let in."""
    stage = EnrolmentStage.entered(request)
    if stage is None:
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)
    now, subject = timezone.now(), stage.login.user
    actor = Actor(subject.username, subject.person_id, subject.pk, address=place_of(request).address)
    if stage.has_bound:
        return _codes_at_the_door(request, stage, actor)
    form = forms.AppCode(request.POST if request.method == "POST" else None)
    secret = pending_secret(request)
    if form.is_valid():
        try:
            factor = operations.bind_app(
                actor=actor,
                secret=secret,
                code=form.cleaned_data["code"],
                source=FactorSource.FIRST_SIGN_IN,
                at=now,
                proved=stage.proved,
            )
        except Denied as denied:
            say_no(form, denied, field="code")
        else:
            request.session.pop(PENDING, None)
            stage.note_bound(factor)
            return HttpResponseRedirect(reverse("identity:enrolment"), status=303)
    has_duty = factor_duty.has_duty(subject, at=now)
    context = {"form": form, "subject": subject, "has_duty": has_duty, **how_to_bind(secret, subject)}
    return render(request, "identity/enrolment.html", context, status=422 if form.errors else 200)


@sensitive_variables("codes")
def _codes_at_the_door(request: HttpRequest, stage: EnrolmentStage, actor: Actor) -> HttpResponse:
    """Draw the codes on one button, let in on the other; they are in no redirect, for they would have to be kept."""
    now, codes = timezone.now(), []
    form = forms.Nothing(request.POST if request.method == "POST" else None)
    if request.method == "POST" and request.POST.get("act") == "go_on":
        request.signed_in_at = now
        return stage.exit()
    if form.is_valid():
        try:
            codes = operations.draw_recovery_codes(
                actor=actor, source=FactorSource.FIRST_SIGN_IN, at=now, proved=stage.proved
            )
        except Denied as denied:
            say_no(form, denied)
    context = {"form": form, "subject": stage.login.user, "codes": codes}
    return render(request, "identity/enrolment_codes.html", context, status=422 if form.errors else 200)


@sensitive_variables("secret")
def pending_secret(request: HttpRequest) -> str:
    """Give the secret of the app that is about to be bound in this browser: drawn once, kept sealed."""
    sealed = request.session.get(PENDING)
    if sealed:
        return factor_codes.unseal(sealed)
    secret = factor_codes.new_secret()
    request.session[PENDING] = factor_codes.seal(secret)
    return secret


@sensitive_variables("secret")
def how_to_bind(secret: str, subject: Subject) -> dict[str, Any]:
    """Give the QR code and the key in groups of four, for an app on this telephone or another."""
    address = factor_codes.address_for_app(secret, username=subject.username)
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=2, xmldecl=False)
    return {
        "qr": "data:image/svg+xml;base64," + b64encode(drawn.getvalue()).decode(),
        "key": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
    }
