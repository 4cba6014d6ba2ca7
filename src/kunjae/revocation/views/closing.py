"""Path 2: the account is closed, and part 2 of the form is recorded in the same act (N-02, A2-09 … A2-11)."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kunjae.core.access import permitted, proved_lately
from kunjae.core.clock import long_date, thai_day
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.documents import official_wording
from kunjae.documents.sheets import Signature
from kunjae.entitlements import permissions
from kunjae.identity.models import Subject
from kunjae.organisations.queries import signing_title
from kunjae.revocation import forms, operations, policies, queries
from kunjae.revocation.models import ClosureReason
from kunjae.revocation.on_paper import part_2
from kunjae.revocation.views.people import crumbs_of, person_url, subject_or_404
from kunjae.revocation.views.removing import not_now

DRAFTS = "closures"
"""Under which key the session keeps what was filled in, by account, until it is confirmed."""


@permitted(permissions.CLOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Fill in part 2: why and from when; nothing takes effect yet."""
    authority, now = request.organisation, timezone.now()
    subject, title = subject_or_404(authority, public_id), _("Close the account")
    if not (verdict := policies.may_close(request.actor, subject, at=now)):
        return not_now(request, subject, verdict, title)
    form = forms.Part2(
        request.POST if request.method == "POST" else None,
        today=thai_day(now),
        initial=_draft(request, subject) or {"effective_date": thai_day(now)},
    )
    if form.is_valid():
        _keep_draft(request, subject, form.cleaned_data)
        return HttpResponseRedirect(
            reverse("revocation:closure_check", args=[authority.code, subject.public_id]), status=303
        )
    context = {
        "form": form,
        "subject": subject,
        "back_url": person_url(authority, subject),
        "crumbs": crumbs_of(authority, (subject.person.full_name, person_url(authority, subject)), (title, None)),
    }
    return render(request, "revocation/closure.html", context, status=422 if form.errors else 200)


@proved_lately
@permitted(permissions.CLOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def closure_check(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Show part 2 as it will stand on the sheet and all that ends; the second press closes the account."""
    authority, now = request.organisation, timezone.now()
    subject, title = subject_or_404(authority, public_id), _("Close the account")
    draft = _draft(request, subject)
    if request.method == "POST":
        form = forms.CheckedPart2(request.POST)
        if form.is_valid():
            try:
                _close(request, subject, form.cleaned_data)
            except Denied as denied:
                say_no(form, denied)
            else:
                request.session.get(DRAFTS, {}).pop(subject.public_id, None)
                request.session.modified = True
                return HttpResponseRedirect(person_url(authority, subject, done="closure"), status=303)
        shown = form.cleaned_data if not form.errors.keys() - {"__all__"} else draft
    else:
        if not (verdict := policies.may_close(request.actor, subject, at=now)):
            return not_now(request, subject, verdict, title)
        form, shown = None, draft
    if not shown:
        return HttpResponseRedirect(reverse("revocation:closure", args=[authority.code, subject.public_id]), status=303)
    context = _checking(request, subject, shown) | {
        "form": form,
        "hidden": forms.CheckedPart2(initial=shown, auto_id=False),
        "change_url": reverse("revocation:closure", args=[authority.code, subject.public_id]),
        "crumbs": crumbs_of(authority, (subject.person.full_name, person_url(authority, subject)), (title, None)),
    }
    return render(request, "revocation/closure_check.html", context, status=422 if form is not None else 200)


def _close(request: HttpRequest, subject: Subject, cleaned: dict[str, Any]) -> None:
    operations.close_account(
        actor=request.actor,
        subject_public_id=subject.public_id,
        reason=ClosureReason(cleaned["reason"]),
        other_text=cleaned["other_text"],
        effective_date=cleaned["effective_date"],
        left_date=cleaned["left_date"],
        case=queries.sheet_case(subject),
        at=timezone.now(),
    )


def _checking(request: HttpRequest, subject: Subject, shown: dict[str, Any]) -> dict[str, Any]:
    authority, on = request.organisation, thai_day(timezone.now())
    name, title = request.standing.subject.person.full_name, signing_title(request.actor.person_id, authority.pk, on=on)
    grants = queries.grants_ever(subject.pk, authority.pk, on=on, language=get_language() or "th")
    return {
        "subject": subject,
        # A refused act is shown once more, also to a head who does not answer for the account (L-30).
        "is_elsewhere": subject.authority_id != authority.pk,
        "part_2": part_2(
            reason=ClosureReason(shown["reason"]),
            other_text=shown["other_text"],
            effective_date=shown["effective_date"],
            left_date=shown["left_date"],
            signature=Signature(name=name, position=title),
        ),
        "wording": {
            "part_2": official_wording.PART_2,
            "because": official_wording.CANCEL_BECAUSE,
            "moved": official_wording.MOVED_OR_RESIGNED,
            "other": official_wording.OTHER,
            "position": official_wording.POSITION,
            "on_day": official_wording.ON_DAY,
        },
        "effective_day": long_date(shown["effective_date"], "th"),
        "held": grants.filter(ended_at=None),
        "case": queries.sheet_case(subject),
    }


def _draft(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    kept = request.session.get(DRAFTS, {}).get(subject.public_id)
    if not kept:
        return None
    return {
        "reason": kept["reason"],
        "other_text": kept["other_text"],
        "effective_date": date.fromisoformat(kept["effective_date"]),
        "left_date": date.fromisoformat(kept["left_date"]) if kept["left_date"] else None,
    }


def _keep_draft(request: HttpRequest, subject: Subject, cleaned: dict[str, Any]) -> None:
    drafts = request.session.get(DRAFTS, {})
    left = cleaned["left_date"]
    drafts[subject.public_id] = {
        "reason": cleaned["reason"],
        "other_text": cleaned["other_text"],
        "effective_date": cleaned["effective_date"].isoformat(),
        "left_date": left.isoformat() if left else "",
    }
    request.session[DRAFTS] = drafts
