"""Passkeys: sign in by one, and bind one, at the door or on one's own page."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kunjae.core.access import public, signed_in
from kunjae.core.actor import Actor
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.identity import forms, operations, passkeys, policies, queries, second_factor
from kunjae.identity.models import FactorKind, FactorSource, SecondFactor, Subject
from kunjae.identity.places import place_of
from kunjae.identity.proofs import Proved
from kunjae.identity.sign_in import safe_next, sign_in_by_passkey
from kunjae.identity.sign_in_stages import EnrolmentStage
from kunjae.identity.views.own_factors import crumbs_of, to_proof
from kunjae.identity.views.passkey_asking import asked, taken


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let in whoever signs with a passkey of an account in use; nobody says who he is first."""
    if request.actor.is_person and request.method != "POST":
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)
    now, onwards = timezone.now(), safe_next(request, request.GET.get("next", ""))
    form = forms.Passkey(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        state = taken(request)
        if form.is_valid():
            try:
                factor = second_factor.proved_by_passkey(state, form.cleaned_data["credential"], at=now)
            except Denied as denied:
                say_no(form, denied)
            else:
                return sign_in_by_passkey(request, factor, next_url=onwards, at=now)
    context = {"form": form, "options": asked(request, passkeys.ask_to_sign())}
    return render(request, "identity/passkey_sign_in.html", context, status=422 if form.errors else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment(request: HttpRequest) -> HttpResponse:
    """Bind a passkey in place of an app, before somebody whose duty asks for a factor is let in."""
    stage = EnrolmentStage.entered(request)
    if stage is None or stage.has_bound:
        return HttpResponseRedirect(reverse("identity:enrolment"), status=303)
    subject = queries.subject_with_places(stage.login.user.pk)
    actor = Actor(subject.username, subject.person_id, subject.pk, address=place_of(request).address)
    form, factor = bound(request, _binding(actor, FactorSource.FIRST_SIGN_IN, proved=stage.proved))
    if factor is not None:
        stage.note_bound(factor)
        return HttpResponseRedirect(reverse("identity:enrolment"), status=303)
    context = {"form": form, "subject": subject, "options": options_for(request, subject)}
    return render(request, "identity/enrolment_passkey.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: HttpRequest) -> HttpResponse:
    """Bind a passkey to one's own account."""
    subject = queries.subject_with_places(request.actor.subject_id)
    if not policies.may_bind_factor(request.actor, subject, at=timezone.now()):
        return to_proof(request)
    form, factor = bound(request, _binding(request.actor, FactorSource.OWN_PAGE))
    if factor is not None:
        return HttpResponseRedirect(f"{reverse('identity:own_factors')}?done=passkey", status=303)
    context = {"form": form, "options": options_for(request, subject), "crumbs": crumbs_of(_("Bind a passkey"))}
    return render(request, "identity/bind_passkey.html", context, status=422 if form.errors else 200)


def options_for(request: HttpRequest, subject: Subject) -> str:
    """Write what the page asks the browser to make for an account."""
    known = list(queries.open_factors(subject.pk).filter(kind=FactorKind.PASSKEY))
    return asked(request, passkeys.ask_to_make(subject, known=known))


def _binding(actor: Actor, source: FactorSource, *, proved: Proved | None = None) -> Callable[..., SecondFactor]:
    return partial(operations.bind_passkey, actor=actor, source=source, at=timezone.now(), proved=proved)


_Bound = TypeVar("_Bound")


def bound(request: HttpRequest, bind: Callable[..., _Bound]) -> tuple[forms.NamedPasskey, _Bound | None]:
    """Hand what the browser has made to `bind`, as `passkey` and `name`; if that is refused, the form says why."""
    form = forms.NamedPasskey(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return form, None
    state = taken(request)
    if not form.is_valid():
        return form, None
    try:
        return form, bind(passkey=_made(state, form.cleaned_data["credential"]), name=form.cleaned_data["name"])
    except Denied as denied:
        say_no(form, denied)
        return form, None


def _made(state: dict[str, Any] | None, typed: str) -> passkeys.Made:
    try:
        answer = json.loads(typed) if len(typed) <= passkeys.CREDENTIAL_LENGTH_MAX else None
        if state is None or not isinstance(answer, dict):
            raise Denied("passkey_not_made")
        return passkeys.made(state, answer)
    except (ValueError, RecursionError, passkeys.NotProved) as fault:
        raise Denied("passkey_not_made") from fault
