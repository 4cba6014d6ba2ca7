"""Sign in, sign out, stay signed in."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kunjae.core import reasons
from kunjae.core.access import public, signed_in
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.identity import forms, hashing, operations, sign_in
from kunjae.identity.models import EndReason

ENDED = {
    EndReason.SIGNED_OUT: _("You have signed out."),
    EndReason.IDLE: _("You were signed out because nothing was done for 15 minutes. What you had sent is kept."),
    EndReason.ABSOLUTE: _("You were signed out because a sign-in holds for 12 hours."),
    EndReason.PASSWORD_CHANGED: _("You were signed out because the password was changed."),
    EndReason.SUSPENDED: _("Your account has been suspended. Ask the head of finance of your authority."),
    EndReason.CLOSED: _("You have been signed out."),
    EndReason.FACTOR_NEEDED: _("Your duty asks for a second factor from now on. Sign in again; the page leads you on."),
    EndReason.ENDED_BY_OWNER: _("This session was ended from another device."),
    EndReason.ENDED_BY_HEAD: _("This session was ended by your head of finance."),
    "changed_meanwhile": _("Your account or password changed while you were signing in. Begin again."),
    "disowned": _(
        "Your password is no longer valid, and every session has ended. For a new one press “I cannot get in”."
    ),
}


@public
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def signing_in(request: HttpRequest) -> HttpResponse:
    """Show the door, and let in whoever has the key."""
    if request.actor.is_person and request.method != "POST":
        return _somebody_is_here(request)
    form = forms.SignIn(
        request.POST if request.method == "POST" else None, initial={"next": request.GET.get("next", "")}
    )
    if form.is_valid():
        try:
            return sign_in.sign_in(
                request,
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                code=form.cleaned_data["code"],
                next_url=sign_in.safe_next(request, form.cleaned_data["next"]),
                at=timezone.now(),
            )
        except Denied as denied:
            say_no(form, denied)
        except hashing.QueueFull:
            return _busy(request, form)
    ended = ENDED.get(request.GET.get("ended", ""))  # type: ignore[call-overload]
    context = {"form": form, "ended": None if form.is_bound else ended}
    return render(request, "identity/sign_in.html", context, status=422 if form.errors else 200)


def _somebody_is_here(request: HttpRequest) -> HttpResponse:
    """Ask on a shared computer who is there, before anybody goes on in another's name (L-34)."""
    subject = request.kunjae_session.subject
    return render(request, "identity/signed_in_already.html", {"subject": subject, "person": subject.person})


def _busy(request: HttpRequest, form: forms.SignIn) -> HttpResponse:
    """Show the door again with all but the password, while too many are at it (T-34)."""
    form.add_error(None, reasons.sentence("too_many_at_once", {}))
    response = render(request, "identity/sign_in.html", {"form": form, "ended": None}, status=503)
    response["Retry-After"] = str(int(hashing.RETRY_AFTER.total_seconds()))
    return response


@public
@require_POST
def signing_out(request: HttpRequest) -> HttpResponse:
    """End the session here and on the server, and clear what the browser holds (clause 3(1))."""
    if request.kunjae_session is not None:
        operations.end_session(
            actor=request.actor,
            session_id=request.kunjae_session.pk,
            reason=EndReason.SIGNED_OUT,
            at=timezone.now(),
        )
    logout(request)
    response = HttpResponseRedirect(f"{reverse('identity:sign_in')}?ended={EndReason.SIGNED_OUT}", status=303)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@signed_in
@require_GET
def stay(request: HttpRequest) -> HttpResponse:
    """Answer that the session lives; being asked is what keeps it alive."""
    return HttpResponse(status=204)
