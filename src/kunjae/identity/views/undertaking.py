"""The duties of clause 3: read and accepted at the first sign-in, kept, and printed."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.core.access import public, signed_in
from kunjae.core.actor import Actor
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.identity import operations, queries
from kunjae.identity import undertaking as words
from kunjae.identity.places import place_of
from kunjae.identity.sign_in_stages import UndertakingStage


class Acceptance(forms.Form):
    """A box that nobody ticks by accident, and the version of what was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)
    accepted = forms.BooleanField(
        label=gettext_lazy("I have read these three duties and will keep them"),
        error_messages={
            "required": gettext_lazy("Tick the box if you will keep the three duties. Without it you cannot go on.")
        },
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def undertaking(request: HttpRequest) -> HttpResponse:
    """Show the duties to whoever signs in for the first time, take the acceptance, and go on."""
    stage = UndertakingStage.entered(request)
    if stage is None or stage.login.user is None:
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)
    now, subject = timezone.now(), queries.subject_with_places(stage.login.user.pk)
    form = Acceptance(request.POST if request.method == "POST" else None, initial={"version": words.VERSION})
    if form.is_valid():
        actor = Actor(subject.username, subject.person_id, subject.pk, address=place_of(request).address)
        try:
            operations.accept_undertaking(
                actor=actor, version=form.cleaned_data["version"], at=now, proved=stage.proved
            )
        except Denied as denied:
            say_no(form, denied)
        else:
            request.signed_in_at = now
            return stage.exit()
    context = {"form": form, "subject": subject, "duties": words.DUTIES}
    return render(request, "identity/undertaking.html", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def own_undertaking(request: HttpRequest) -> HttpResponse:
    """Show, to be printed, what one has accepted, with version and time."""
    subject = request.kunjae_session.subject
    context = {
        "subject": subject,
        "duties": words.DUTIES,
        "accepted": queries.undertakings_of(subject.pk).filter(version=words.VERSION).first(),
        "crumbs": [(_("My account and rights"), reverse("site:me")), (_("What I have undertaken"), None)],
    }
    return render(request, "identity/own_undertaking.html", context)
