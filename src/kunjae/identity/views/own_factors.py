"""One's own second factors: what is bound, since when and from where; binding, removing, proving oneself anew."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.core.access import signed_in
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.identity import factor_duty, forms, operations, passkeys, policies, queries, second_factor, throttle
from kunjae.identity.models import FactorKind, FactorSource, SecondFactor
from kunjae.identity.places import place_of
from kunjae.identity.sign_in import safe_next
from kunjae.identity.views.passkey_asking import asked, taken
from kunjae.identity.views.second_factor import PENDING, how_to_bind, pending_secret

SENT = "sent"
NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "proof", "credential", SENT})


def crumbs_of(title: str) -> list[tuple[str, str | None]]:
    """Lead back to the list of factors."""
    return [
        (_("My account and rights"), reverse("site:me")),
        (_("My second factors"), reverse("identity:own_factors")),
        (title, None),
    ]


def to_proof(request: HttpRequest) -> HttpResponse:
    """Ask for a proof first, and come back."""
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('identity:proof')}?{query}", status=303)


@signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show one's own factors, and what can be done."""
    subject, now = request.kunjae_session.subject, timezone.now()
    context = {
        "factors": list(queries.open_factors(subject.pk)),
        "codes_left": queries.recovery_codes_left(subject.pk),
        "must": factor_duty.must(subject, at=now),
        "done": request.GET.get("done", ""),
        "crumbs": [(_("My account and rights"), reverse("site:me")), (_("My second factors"), None)],
    }
    return render(request, "identity/own_factors.html", context)


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """Bind an authenticator app, in place of a former one."""
    subject, now = request.kunjae_session.subject, timezone.now()
    if not policies.may_bind_factor(request.actor, subject, at=now):
        return to_proof(request)
    form, secret = forms.AppCode(request.POST if request.method == "POST" else None), pending_secret(request)
    if form.is_valid():
        try:
            operations.bind_app(
                actor=request.actor,
                secret=secret,
                code=form.cleaned_data["code"],
                source=FactorSource.OWN_PAGE,
                at=now,
            )
        except Denied as denied:
            say_no(form, denied, field="code")
        else:
            request.session.pop(PENDING, None)
            return HttpResponseRedirect(f"{reverse('identity:own_factors')}?done=app", status=303)
    context = {"form": form, "crumbs": crumbs_of(_("Bind an authenticator app")), **how_to_bind(secret, subject)}
    return render(request, "identity/bind_app.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("drawn")
def codes(request: HttpRequest) -> HttpResponse:
    """Draw recovery codes; the answer itself shows them, once, for a redirect would have to keep them."""
    subject, now, drawn = request.kunjae_session.subject, timezone.now(), []
    verdict = policies.may_draw_codes(request.actor, subject, at=now)
    if verdict.reason == "proof_not_fresh":
        return to_proof(request)
    form = forms.Nothing(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            drawn = operations.draw_recovery_codes(actor=request.actor, source=FactorSource.OWN_PAGE, at=now)
        except Denied as denied:
            say_no(form, denied)
    context = {"form": form, "verdict": verdict, "codes": drawn, "crumbs": crumbs_of(_("Recovery codes"))}
    return render(request, "identity/recovery_codes.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take away one of one's own factors."""
    subject, now = request.kunjae_session.subject, timezone.now()
    factor = SecondFactor.objects.filter(subject=subject, public_id=public_id, ended_at=None).first()
    if factor is None:
        raise Http404
    verdict = policies.may_remove_factor(request.actor, subject, factor, at=now)
    if verdict.reason == "proof_not_fresh":
        return to_proof(request)
    form = forms.Nothing(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.remove_factor(actor=request.actor, public_id=public_id, at=now)
        except Denied as denied:
            say_no(form, denied)
        else:
            return HttpResponseRedirect(f"{reverse('identity:own_factors')}?done=removed", status=303)
    context = {"form": form, "factor": factor, "verdict": verdict, "crumbs": crumbs_of(_("Remove a second factor"))}
    return render(request, "identity/remove_factor.html", context, status=422 if form.errors else 200)


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """
    Ask whoever is signed in to prove himself anew: by a code, or by the password where there is no factor.

    What a form meant to send comes along (307), waits here in hidden fields, and goes on to where it was going. That it was
    sent at all waits too, for a form may be one button; no address can say it, or a link would press the button.
    """
    subject, now = request.kunjae_session.subject, timezone.now()
    has_factor = queries.has_second_factor(subject)
    kind = forms.FactorProof if has_factor else forms.PasswordProof
    form = kind(request.POST if "proof" in request.POST else None)
    by_passkey = forms.Passkey(request.POST if "credential" in request.POST else None)
    onwards = safe_next(request, request.GET.get("next", ""))
    carried = [(name, value) for name, values in request.POST.lists() if name not in NOT_CARRIED for value in values]
    was_sent = request.method == "POST" and (SENT in request.POST or not (form.is_bound or by_passkey.is_bound))
    proved, asked_form = "", by_passkey if by_passkey.is_bound else form
    if asked_form.is_valid():
        try:
            if by_passkey.is_bound:
                answer = by_passkey.cleaned_data["credential"]
                second_factor.proved_by_passkey(taken(request), answer, at=now, of=subject.pk)
                proved = FactorKind.PASSKEY.value
            else:
                lane = throttle.session_lane(request.actor.session_id)
                trier = second_factor.Trier(request.actor, place_of(request).device, lane=lane)
                proved = second_factor.prove_anew(trier, form.cleaned_data["proof"], at=now)
        except Denied as denied:
            say_no(asked_form, denied, field=None if by_passkey.is_bound else "proof")
    if proved:
        request.session.cycle_key()
        operations.note_proof(actor=request.actor, kind=proved, session_key=request.session.session_key or "", at=now)
        return HttpResponseRedirect(onwards, status=307 if was_sent else 303)
    has_passkey = queries.open_factors(subject.pk).filter(kind=FactorKind.PASSKEY).exists()
    context = {
        "form": asked_form if asked_form.errors else form,
        "proof": form,
        "by_passkey": by_passkey if has_passkey else None,
        "options": asked(request, passkeys.ask_to_sign()) if has_passkey else "",
        "carried": [*carried, (SENT, "1")] if was_sent else carried,
        "has_factor": has_factor,
        "demo_code": second_factor.shown_by_the_demo(subject, at=now) if has_factor else None,
        "crumbs": [(_("My account and rights"), reverse("site:me")), (_("Prove that it is you"), None)],
    }
    return render(request, "identity/proof.html", context, status=422 if asked_form.errors else 200)
