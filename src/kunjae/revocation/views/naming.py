"""A person takes another name (marriage); the former one stays on record."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kunjae.core.access import permitted
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.entitlements import permissions
from kunjae.organisations.queries import former_names
from kunjae.revocation import forms, operations, policies
from kunjae.revocation.views.people import crumbs_of, person_url, subject_or_404
from kunjae.revocation.views.removing import not_now

_FIELD_OF = {"name_is_yours": "given_name", "name_unchanged": "given_name"}


@permitted(permissions.RENAME_PERSON)
@require_http_methods(["GET", "HEAD", "POST"])
def naming(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Change the name on record, from today."""
    authority, now = request.organisation, timezone.now()
    subject, title = subject_or_404(authority, public_id), _("Change the name")
    if request.method != "POST" and not (verdict := policies.may_rename(request.actor, subject, at=now)):
        return not_now(request, subject, verdict, title)
    person = subject.person
    form = forms.NewName(
        request.POST if request.method == "POST" else None,
        initial={"title": person.title, "given_name": person.given_name, "family_name": person.family_name},
    )
    if form.is_valid():
        try:
            operations.rename(actor=request.actor, subject_public_id=subject.public_id, at=now, **form.cleaned_data)
        except Denied as denied:
            say_no(form, denied, field=_FIELD_OF.get(denied.reason))
        else:
            return HttpResponseRedirect(person_url(authority, subject, done="naming"), status=303)
    context = {
        "form": form,
        "subject": subject,
        "former": former_names(person.pk),
        "back_url": person_url(authority, subject),
        "crumbs": crumbs_of(authority, (person.full_name, person_url(authority, subject)), (title, None)),
    }
    return render(request, "revocation/naming.html", context, status=422 if form.errors else 200)
