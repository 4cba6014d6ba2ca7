"""The units of an authority (L-06): divisions, schools and centres; they share the one head of finance."""

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kunjae.core.access import permitted
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.entitlements import permissions
from kunjae.organisations.models import LocalAuthority
from kunjae.organisations.queries import units_of
from kunjae.revocation import forms, operations
from kunjae.revocation.views.people import crumbs_of


def _home(authority: LocalAuthority, done: str = "") -> str:
    url = reverse("revocation:units", args=[authority.code])
    return f"{url}?done={done}" if done else url


@permitted(permissions.KEEP_UNITS)
@require_http_methods(["GET", "HEAD", "POST"])
def units(request: HttpRequest, org_code: str) -> HttpResponse:
    """List the units of an authority, and enter a further one."""
    authority = request.organisation
    form = forms.NewUnit(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.add_unit(
                actor=request.actor, authority=authority, name_th=form.cleaned_data["name_th"], at=timezone.now()
            )
        except Denied as denied:
            say_no(form, denied, field="name_th" if denied.reason == "unit_is_known" else None)
        else:
            return HttpResponseRedirect(_home(authority, "added"), status=303)
    known = list(units_of(authority.pk))
    context = {
        "authority": authority,
        "form": form,
        "open": [unit for unit in known if unit.closed_date is None],
        "closed": [unit for unit in known if unit.closed_date is not None],
        "done": "" if form.is_bound else request.GET.get("done", ""),
        "crumbs": crumbs_of(authority, (_("Units"), None)),
    }
    return render(request, "revocation/units.html", context, status=422 if form.errors else 200)


@permitted(permissions.KEEP_UNITS)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_closing(request: HttpRequest, org_code: str, unit_id: int) -> HttpResponse:
    """Ask once more, then close a unit."""
    authority = request.organisation
    unit = units_of(authority.pk).filter(pk=unit_id).first()
    if unit is None:
        raise Http404
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.close_unit(actor=request.actor, authority=authority, unit_id=unit.pk, at=timezone.now())
        except Denied as denied:
            say_no(form, denied)
        else:
            return HttpResponseRedirect(_home(authority, "closed"), status=303)
    context = {
        "form": form,
        "unit": unit,
        "facts": [(_("Unit"), unit.name_th)],
        "back_url": _home(authority),
        "crumbs": crumbs_of(authority, (_("Units"), _home(authority)), (_("Close the unit"), None)),
    }
    return render(request, "revocation/unit_closing.html", context, status=422 if form.errors else 200)
