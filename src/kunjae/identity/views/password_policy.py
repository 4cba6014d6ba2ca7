"""The password policy at the department's desk: what holds, since when and by whom; what is proposed (D2, L-40)."""

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
from kunjae.identity import forms, operations, policies, queries
from kunjae.identity.models import PasswordPolicyEdition, PasswordPolicyProposal
from kunjae.identity.password_profiles import SHIPPED
from kunjae.identity.password_sentences import profile_names
from kunjae.identity.password_wording import lines_side_by_side, profile_sources
from kunjae.organisations.models import Desk

_FIELD_OF = {
    "password_policy_unknown": "code",
    "password_policy_unchanged": "code",
    "password_policy_day_past": "effective_date",
    "password_policy_instrument_missing": "instrument",
}
_DONE = ("proposed", "confirmed", "withdrawn")


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Show what holds, what differs, what waits and what was decided; by POST, propose a profile."""
    now = timezone.now()
    form = forms.PasswordPolicy(
        request.POST if request.method == "POST" else None, initial={"effective_date": thai_day(now)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.propose_password_policy(actor=request.actor, at=now, **form.cleaned_data)
        except Denied as denied:
            if not _sent_twice(request, form):
                say_no(form, denied, field=_FIELD_OF.get(denied.reason))
        except Unacceptable as refused:
            form.add_error("instrument", reasons.sentence(refused.reason, refused.facts))
        if not form.errors:
            return _see_other("proposed")
    return _page(request, form)


def _sent_twice(request: HttpRequest, form: forms.PasswordPolicy) -> bool:
    waiting = queries.waiting_password_policy()
    typed = form.cleaned_data
    return (
        waiting is not None
        and waiting.proposed_by_id == request.actor.person_id
        and (waiting.code, waiting.instrument, waiting.effective_date)
        == (typed["code"], typed["instrument"], typed["effective_date"])
    )


@proved_lately
@desk(Desk.DEPARTMENT)
@require_POST
def confirmation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm what another person of the department proposed."""
    return _settle(request, public_id, operations.confirm_password_policy, done="confirmed")


@desk(Desk.DEPARTMENT)
@require_POST
def withdrawal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Withdraw a proposal."""
    return _settle(request, public_id, operations.withdraw_password_policy, done="withdrawn")


def _settle(request: HttpRequest, public_id: str, act: Callable[..., object], *, done: str) -> HttpResponse:
    now = timezone.now()
    try:
        act(actor=request.actor, public_id=public_id, at=now)
    except PasswordPolicyProposal.DoesNotExist as missing:
        raise Http404 from missing
    except Denied as denied:
        form = forms.PasswordPolicy(initial={"effective_date": thai_day(now)})
        return _page(request, form, refused=reasons.sentence(denied.reason, denied.facts))
    return _see_other(done)


def _page(request: HttpRequest, form: forms.PasswordPolicy, *, refused: str = "") -> HttpResponse:
    now = timezone.now()
    history = list(queries.password_policy_history())
    edition, profile = queries.password_policy_on(thai_day(now))
    waiting = queries.waiting_password_policy()
    others = [shipped for shipped in SHIPPED.values() if shipped != profile]
    context: dict[str, Any] = {
        "present": edition,
        "name": profile_names[profile.code],
        "source": profile_sources[profile.code],
        "columns": [profile_names[one.code] for one in (profile, *others)],
        "lines": lines_side_by_side([profile, *others]),
        "waiting": waiting,
        "waiting_name": profile_names[waiting.code] if waiting else "",
        "may_propose": policies.may_propose_password_policy(request.actor, at=now),
        "may_confirm": policies.may_confirm_password_policy(request.actor, waiting, at=now) if waiting else None,
        "history": [_decision(one, present=edition, today=thai_day(now)) for one in history],
        "withdrawn": [(one, profile_names[one.code]) for one in queries.withdrawn_password_policies()[:20]],
        "form": form,
        "refused": refused,
        "done": request.GET.get("done") if request.GET.get("done") in _DONE else "",
    }
    return render(request, "identity/password_policy.html", context, status=422 if form.errors or refused else 200)


def _decision(one: PasswordPolicyEdition, *, present: PasswordPolicyEdition | None, today: Any) -> dict[str, Any]:
    is_present = present is not None and one.pk == present.pk
    return {
        "edition": one,
        "proposal": one.proposal,
        "name": profile_names[one.code],
        "state": "present" if is_present else "future" if one.effective_date > today else "past",
    }


def _see_other(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('identity:password_policy')}?done={done}", status=303)
