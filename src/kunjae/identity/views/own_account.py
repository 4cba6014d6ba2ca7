"""My account: rights, password, sessions, sign-ins."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kunjae.core.access import signed_in
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.identity import forms, operations, queries
from kunjae.identity.models import EndReason, Session
from kunjae.identity.views.choosing import rules_shown, say_why

PER_PAGE = 25


def _crumbs(title: str) -> list[tuple[str, str | None]]:
    return [(_("My account and rights"), reverse("site:me")), (title, None)]


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password: the present one, then a new one by the rules shown before typing."""
    subject = request.kunjae_session.subject
    form = forms.ChangePassword(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.change_password(
                actor=request.actor,
                current=form.cleaned_data["current_password"],
                new=form.cleaned_data["new_password"],
                at=timezone.now(),
            )
        except Denied as denied:
            say_no(form, denied, field="current_password" if denied.reason == "wrong_password" else "new_password")
        except operations.PasswordRefused as refused:
            say_why(form, refused.reasons, subject)
        else:
            return HttpResponseRedirect(f"{reverse('site:me')}?done=password", status=303)
    context = {"form": form, "crumbs": _crumbs(_("Change password")), **rules_shown(subject)}
    return render(request, "identity/change_password.html", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Show one's own tries to sign in, the refused ones too."""
    page = Paginator(queries.sign_ins_of(request.actor.subject_id), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "identity/sign_ins.html", {"page": page, "crumbs": _crumbs(_("My sign-ins"))})


@signed_in
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in."""
    still_open = queries.sessions_of(request.actor.subject_id).filter(ended_at=None)
    context = {
        "sessions": list(still_open[:100]),
        "here": request.actor.session_id,
        "crumbs": _crumbs(_("Where I am signed in")),
    }
    return render(request, "identity/sessions.html", context)


@signed_in
@require_POST
def end_session(request: HttpRequest, public_id: str) -> HttpResponse:
    """End one of one's own sessions elsewhere (ASVS 7.5.2)."""
    session = Session.objects.filter(public_id=public_id, subject_id=request.actor.subject_id).first()
    if session is None:
        raise Http404
    operations.end_session(
        actor=request.actor, session_id=session.pk, reason=EndReason.ENDED_BY_OWNER, at=timezone.now()
    )
    return HttpResponseRedirect(reverse("identity:sessions"), status=303)


@signed_in
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End every session of one's own but the one that asks (ASVS 7.4.3)."""
    operations.end_sessions_of(
        actor=request.actor,
        subject=request.kunjae_session.subject,
        reason=EndReason.ENDED_BY_OWNER,
        at=timezone.now(),
        except_id=request.actor.session_id,
    )
    return HttpResponseRedirect(reverse("identity:sessions"), status=303)
