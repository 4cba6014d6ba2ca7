"""The day from which everybody needs a second factor, at the department's desk: what holds, what waits, whom it reaches."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from kunjae.core import reasons
from kunjae.core.access import desk, proved_lately
from kunjae.core.clock import thai_day
from kunjae.core.saying_no import say_no
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.identity import factor_days, forms, operations, policies
from kunjae.identity.models import SecondFactorDay
from kunjae.organisations.models import Desk

_FIELD_OF = {
    "factor_day_past": "effective_date",
    "factor_day_unchanged": "effective_date",
    "factor_day_instrument_missing": "instrument",
}
_DONE = ("proposed", "confirmed", "withdrawn")
WITHDRAWN_SHOWN = 20


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Show which day holds, what waits, and how many have no second factor; by POST, propose a day."""
    form = forms.SecondFactorDay(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.propose_factor_day(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except Denied as denied:
            if not _sent_twice(request, form):
                say_no(form, denied, field=_FIELD_OF.get(denied.reason))
        except Unacceptable as refused:
            form.add_error("instrument", reasons.sentence(refused.reason, refused.facts))
        if not form.errors:
            return _see_other("proposed")
    return _page(request, form)


def _sent_twice(request: HttpRequest, form: forms.SecondFactorDay) -> bool:
    waiting, typed = factor_days.waiting(), form.cleaned_data
    return (
        waiting is not None
        and waiting.proposed_by_id == request.actor.person_id
        and (waiting.instrument, waiting.effective_date) == (typed["instrument"], typed["effective_date"])
    )


@proved_lately
@desk(Desk.DEPARTMENT)
@require_POST
def confirmation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm the day that another person of the department proposed."""
    return _settle(request, public_id, operations.confirm_factor_day, done="confirmed")


@desk(Desk.DEPARTMENT)
@require_POST
def withdrawal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Withdraw a proposal."""
    return _settle(request, public_id, operations.withdraw_factor_day, done="withdrawn")


def _settle(request: HttpRequest, public_id: str, act: Callable[..., object], *, done: str) -> HttpResponse:
    try:
        act(actor=request.actor, public_id=public_id, at=timezone.now())
    except SecondFactorDay.DoesNotExist as missing:
        raise Http404 from missing
    except Denied as denied:
        return _page(request, forms.SecondFactorDay(), refused=reasons.sentence(denied.reason, denied.facts))
    return _see_other(done)


def _page(request: HttpRequest, form: forms.SecondFactorDay, *, refused: str = "") -> HttpResponse:
    now = timezone.now()
    waiting, history = factor_days.waiting(), list(factor_days.history())
    context: dict[str, Any] = {
        "present": history[0] if history else None,
        "has_come": bool(history) and history[0].effective_date <= thai_day(now),
        "reach": factor_days.reach(),
        "waiting": waiting,
        "may_propose": waiting is None and policies.may_keep_factor_day(request.actor, at=now),
        "may_confirm": policies.may_confirm_factor_day(request.actor, waiting, at=now) if waiting else None,
        "history": history,
        "withdrawn": list(factor_days.withdrawn()[:WITHDRAWN_SHOWN]),
        "told_before": factor_days.TOLD_BEFORE.days,
        "form": form,
        "refused": refused,
        "done": request.GET.get("done") if request.GET.get("done") in _DONE else "",
    }
    return render(request, "identity/factor_days.html", context, status=422 if form.errors or refused else 200)


def _see_other(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('identity:factor_days')}?done={done}", status=303)
