"""Decoy user ids at the department's desk: those that lie, the tries with them, and a form to lay a further one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from kunjae.core import reasons
from kunjae.core.access import desk
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.identity import forms, operations
from kunjae.identity.honeytokens import honeytokens, last_tries
from kunjae.identity.models import Honeytoken
from kunjae.organisations.models import Desk

_FIELD_OF = {"user_id_taken": "username", "honeytoken_note_missing": "note"}
_DONE = ("laid", "lifted")


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Show the decoys and the last tries with them; by POST, lay one."""
    form = forms.NewHoneytoken(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.lay_honeytoken(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except Denied as denied:
            say_no(form, denied, field=_FIELD_OF.get(denied.reason))
        else:
            return _see_other("laid")
    return _page(request, form)


@desk(Desk.DEPARTMENT)
@require_POST
def lifting(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lift a decoy."""
    try:
        operations.lift_honeytoken(actor=request.actor, public_id=public_id, at=timezone.now())
    except Honeytoken.DoesNotExist as missing:
        raise Http404 from missing
    except Denied as denied:
        return _page(request, forms.NewHoneytoken(), refused=reasons.sentence(denied.reason, denied.facts))
    return _see_other("lifted")


def _page(request: HttpRequest, form: forms.NewHoneytoken, *, refused: str = "") -> HttpResponse:
    known = list(honeytokens())
    context: dict[str, Any] = {
        "lying": [one for one in known if one.lifted_at is None],
        "lifted": [one for one in known if one.lifted_at is not None],
        "tries": last_tries(),
        "form": form,
        "refused": refused,
        "done": request.GET.get("done") if request.GET.get("done") in _DONE else "",
    }
    return render(request, "identity/honeytokens.html", context, status=422 if form.errors or refused else 200)


def _see_other(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('identity:honeytokens')}?done={done}", status=303)
