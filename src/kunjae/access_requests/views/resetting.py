"""
A forgotten password is set anew: the link in one's mail, the second factor, the new password (D11, N-01, ASVS 6.4.3).

The secret of the link stands in one address only; then in a cookie of these pages. Who has shown the second factor is
known by the browser's session. It never signs in.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.access_requests import operations
from kunjae.access_requests.views.answering import unseen
from kunjae.core.access import public
from kunjae.core.actor import Actor, visitor
from kunjae.core.leading_on import see_other
from kunjae.core.link_secret import out_of_the_address
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.entitlements.queries import tenures_of
from kunjae.identity import forms, passkeys, policies, queries, second_factor
from kunjae.identity import operations as identity
from kunjae.identity.models import EndReason, FactorKind, PasswordReset, SignInAttempt
from kunjae.identity.places import place_of
from kunjae.identity.views.choosing import rules_shown, say_why
from kunjae.identity.views.passkey_asking import asked, taken

LINK_COOKIE = "kunjae_reset"
LINK_LIFE = timedelta(hours=1)
PROVED = "reset_proved"


@public
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address at once, into a cookie of these pages, and go on (T-03)."""
    pages = reverse("access_requests:reset")
    return out_of_the_address(request, secret, cookie=LINK_COOKIE, leads_to=pages, path=pages, life=LINK_LIFE)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor behind the link: a code of the app, a recovery code, or a passkey."""
    now = timezone.now()
    reset = _by_link(request, at=now)
    if reset is None:
        return _over(request)
    subject = reset.subject
    form = forms.FactorCode(request.POST if "code" in request.POST else None)
    by_passkey = forms.Passkey(request.POST if "credential" in request.POST else None)
    bound_form = by_passkey if by_passkey.is_bound else form
    if bound_form.is_valid():
        try:
            kind = _proved(request, reset, bound_form, at=now)
            reset = identity.note_reset_proved(actor=_actor(request, reset), reset_id=reset.pk, kind=kind, at=now)
        except Denied as denied:
            say_no(bound_form, denied, field=None if by_passkey.is_bound else "code")
        else:
            return unseen(_to_choosing(request, reset, at=now))
    kinds = set(queries.open_factors(subject.pk).values_list("kind", flat=True))
    context = {
        "form": bound_form if bound_form.errors else form,
        "code": form,
        "subject": subject,
        "has_app": kinds != {FactorKind.PASSKEY},
        "by_passkey": by_passkey if FactorKind.PASSKEY in kinds else None,
        "options": asked(request, passkeys.ask_to_sign()) if FactorKind.PASSKEY in kinds else "",
        "demo_code": second_factor.shown_by_the_demo(subject, at=now),
    }
    page = render(request, "access_requests/reset.html", context, status=422 if bound_form.errors else 200)
    return unseen(page)


def _by_link(request: HttpRequest, *, at: datetime) -> PasswordReset | None:
    secret = request.COOKIES.get(LINK_COOKIE, "")
    found = queries.reset_by_link(secret) if secret else None
    return found if found is not None and _holds(found, at=at) else None


def _holds(reset: PasswordReset, *, at: datetime) -> bool:
    return queries.is_reset_open(reset, reset.subject, at=at) and bool(policies.may_reset(reset.subject))


def _proved(request: HttpRequest, reset: PasswordReset, form: forms.FactorCode | forms.Passkey, *, at: datetime) -> str:
    subject, place = reset.subject, place_of(request)
    if isinstance(form, forms.Passkey):
        second_factor.proved_by_passkey(taken(request), form.cleaned_data["credential"], at=at, of=subject.pk)
        return FactorKind.PASSKEY.value
    wrong = SignInAttempt.Outcome.RESET_CODE
    trier = second_factor.trier_at_the_door(request, subject, address=place.address, device=place.device, wrong=wrong)
    return str(second_factor.prove(trier, form.cleaned_data["code"], at=at).kind)


def _to_choosing(request: HttpRequest, reset: PasswordReset, *, at: datetime) -> HttpResponse:
    if request.kunjae_session is not None:  # a shared computer: whoever was signed in here is so no longer
        identity.end_session(
            actor=request.actor, session_id=request.kunjae_session.pk, reason=EndReason.SIGNED_OUT, at=at
        )
    request.session.flush()
    request.session[PROVED] = [reset.pk, at.isoformat()]  # what another browser proves later is not proved here
    response = see_other(reverse("access_requests:reset_choosing"))
    response.delete_cookie(LINK_COOKIE, path=reverse("access_requests:reset"))
    return response


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choosing(request: HttpRequest) -> HttpResponse:
    """Take the new password of who has shown link and second factor in this browser; it does not sign in."""
    now = timezone.now()
    reset = _proved_here(request, at=now)
    if reset is None:
        return _over(request)
    subject = reset.subject
    form = forms.NewPassword(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            settled = operations.reset_password(
                actor=_actor(request, reset), reset_id=reset.pk, password=form.cleaned_data["new_password"], at=now
            )
        except Denied as denied:
            say_no(form, denied)
        except identity.PasswordRefused as refused:
            say_why(form, refused.reasons, subject)
        else:
            request.session.flush()
            request.session["reset_case"] = settled.case if settled else ""
            request.session["reset_of_head"] = tenures_of(subject.person_id, at=now).exists()
            return unseen(see_other(reverse("access_requests:reset_done")))
    context = {"form": form, "subject": subject, **rules_shown(subject)}
    page = render(request, "access_requests/reset_choosing.html", context, status=422 if form.errors else 200)
    return unseen(page)


def _proved_here(request: HttpRequest, *, at: datetime) -> PasswordReset | None:
    kept = request.session.get(PROVED)
    reset_id, proved_at = kept if isinstance(kept, list) else (0, "")
    found = (
        PasswordReset.objects.select_related(
            "mail", "subject__person", "subject__authority__district", "subject__authority__province"
        )
        .filter(pk=reset_id, proved_at__gt=at - identity.PROOF_HOLDS)
        .first()
    )
    is_proved_here = found is not None and found.proved_at is not None and found.proved_at.isoformat() == proved_at
    return found if is_proved_here and _holds(found, at=at) else None


def _actor(request: HttpRequest, reset: PasswordReset) -> Actor:
    return visitor("reset", person_id=reset.subject.person_id, address=place_of(request).address)


def _over(request: HttpRequest) -> HttpResponse:
    status = 404 if request.method != "POST" else 409
    return unseen(render(request, "access_requests/reset_over.html", {}, status=status))


@public
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Say that it is done, under which number, and that the way in is the sign-in."""
    context = {"case": request.session.get("reset_case", ""), "is_head": request.session.get("reset_of_head", False)}
    return unseen(render(request, "access_requests/reset_done.html", context))
