"""One's own account: somebody else has signed in with it."""

from django import forms as django_forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kunjae.core.access import signed_in
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.revocation import operations


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def disowning(request: HttpRequest) -> HttpResponse:
    """Say what taking the password back means, and do it; the way leads out of the door."""
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.disown_use(actor=request.actor, at=timezone.now())
        except Denied as denied:
            say_no(form, denied)
        else:
            logout(request)
            response = HttpResponseRedirect(f"{reverse('identity:sign_in')}?ended=disowned", status=303)
            response["Clear-Site-Data"] = '"cache", "storage"'
            return response
    back_url = reverse("identity:sign_ins")
    context = {
        "form": form,
        "back_url": back_url,
        "is_of_desk": request.standing.subject.authority_id is None,
        "crumbs": [
            (_("My account and rights"), reverse("site:me")),
            (_("My sign-ins"), back_url),
            (_("This was not me"), None),
        ],
    }
    return render(request, "revocation/disowning.html", context, status=422 if form.errors else 200)
