"""From two secrets on two ways to a password of one's own (D4)."""

from datetime import datetime, timedelta

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.core.access import public
from kunjae.core.actor import visitor
from kunjae.core.link_secret import out_of_the_address
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.identity import forms, known_devices, operations, throttle
from kunjae.identity.models import Activation, EndReason, SignInAttempt
from kunjae.identity.places import place_of
from kunjae.identity.views.choosing import rules_shown, say_why

LINK_COOKIE = "kunjae_activation"
PROOF_LIFE = timedelta(minutes=20)


@public
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address at once, into a cookie of this path, and go on (T-03)."""
    return out_of_the_address(
        request,
        secret,
        cookie=LINK_COOKIE,
        leads_to=reverse("identity:activate_by_link"),
        path=reverse("identity:activate"),
        life=PROOF_LIFE,
    )


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest) -> HttpResponse:
    """Ask for the code that came the other way."""
    secret = request.COOKIES.get(LINK_COOKIE, "")
    if not secret:
        return HttpResponseRedirect(reverse("identity:activate"))
    form = forms.SecondCode(request.POST if request.method == "POST" else None)
    if form.is_valid() and (response := _prove(request, form, link_secret=secret, **form.cleaned_data)):
        response.delete_cookie(LINK_COOKIE, path=reverse("identity:activate"))
        return response
    return render(request, "identity/activate_by_link.html", {"form": form}, status=422 if form.errors else 200)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_typing(request: HttpRequest) -> HttpResponse:
    """Activate without any link: user id, case number and both codes."""
    form = forms.TypedActivation(request.POST if request.method == "POST" else None)
    if form.is_valid() and (response := _prove(request, form, **form.cleaned_data)):
        return response
    return render(request, "identity/activate.html", {"form": form}, status=422 if form.errors else 200)


def _prove(request: HttpRequest, form: BaseForm, **secrets: str) -> HttpResponse | None:
    now, place = timezone.now(), place_of(request)
    actor = visitor("activation", address=place.address)
    guessed = f"activation {secrets.get('username', '')}"
    try:
        if "username" in secrets:
            throttle.refuse_while_waiting(guessed, place.address, at=now)
        activation = operations.prove_activation(actor=actor, at=now, **secrets)
    except Denied as denied:
        if denied.reason == "activation_failed" and "username" in secrets:
            throttle.note(guessed, place.address, "", SignInAttempt.Outcome.REFUSED, subject=None, at=now)
        say_no(form, denied)
        return None
    if request.kunjae_session is not None:  # a shared computer: whoever was signed in here is so no longer
        operations.end_session(
            actor=request.actor, session_id=request.kunjae_session.pk, reason=EndReason.SIGNED_OUT, at=now
        )
    request.session.flush()
    request.session["activation_proved"] = {"id": activation.pk, "at": now.isoformat()}
    return HttpResponseRedirect(reverse("identity:choose_password"), status=303)


def _proved(request: HttpRequest) -> Activation | None:
    proof = request.session.get("activation_proved")
    if not proof or timezone.now() - datetime.fromisoformat(proof["at"]) > PROOF_LIFE:
        return None
    return (
        Activation.objects.select_related(
            "subject__person", "subject__authority__district", "subject__authority__province"
        )
        .filter(pk=proof["id"], used_at=None, ended_at=None)
        .first()
    )


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Show the rules, then take the password that the person chooses; it does not sign in."""
    activation = _proved(request)
    if activation is None:
        return render(request, "identity/activation_over.html", {}, status=404 if request.method != "POST" else 409)
    form = forms.NewPassword(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actor = visitor("activation", person_id=activation.subject.person_id, address=place_of(request).address)
        try:
            operations.set_password_by_activation(
                actor=actor,
                activation_id=activation.pk,
                password=form.cleaned_data["new_password"],
                at=timezone.now(),
            )
        except Denied as denied:
            say_no(form, denied)
        except operations.PasswordRefused as refused:
            say_why(form, refused.reasons, activation.subject)
        else:
            request.session.flush()
            response = HttpResponseRedirect(reverse("identity:activated"), status=303)
            # Two secrets on two ways: whoever is being guessed at comes in from here all the same (T-21).
            secret = known_devices.remember(request, activation.subject, at=timezone.now())
            known_devices.set_cookie(request, response, secret)
            return response
    context = {"form": form, "activation": activation, "subject": activation.subject, **rules_shown(activation.subject)}
    return render(request, "identity/choose_password.html", context, status=422 if form.errors else 200)


@public
@require_safe
def activated(request: HttpRequest) -> HttpResponse:
    """Say that it is done and where to go on."""
    return render(request, "identity/activated.html")
