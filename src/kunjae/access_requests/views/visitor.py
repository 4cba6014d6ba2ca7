"""
Form 2 without a sign-in: by the link in one's mail, then a code on one's mobile (T-02, T-03).

The secret of the link stands in one address only. Behind it the browser's session knows the
invitation; it forgets it after half an hour without use, since offices share computers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kunjae.access_requests import forms, operations, policies, queries, wording
from kunjae.access_requests.models import AccessRequest, CredentialWish, Invitation, RequestState
from kunjae.access_requests.views.answering import add_refusal, add_sentence, is_too_often, status_of, unseen
from kunjae.access_requests.views.cases import facts_of, outcome_of, pdf_of, sheet_context
from kunjae.access_requests.views.officer import answers_of, denied_sentence, edit_form, groups_for, save_correction
from kunjae.core import phones
from kunjae.core.access import public
from kunjae.core.actor import Actor, visitor
from kunjae.core.clock import thai_day
from kunjae.core.leading_on import see_other
from kunjae.core.verdict import Denied
from kunjae.entitlements.queries import groups_for_officers, tenures_of
from kunjae.identity.queries import looked_back_over
from kunjae.organisations.queries import signing_title

IDLE_END = timedelta(minutes=30)
CODES_AN_HOUR = 20

_INVITATION, _SEEN, _MOBILE = "form_2_invitation", "form_2_seen", "form_2_mobile"

View = Callable[..., HttpResponse]


# --- The link ---------------------------------------------------------------------------------------------------


@public
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """
    Show who invites, with one button; only the button opens (T-03).

    A link that is dead says so with status 200: an address with a secret has no place in a list of failures.
    """
    now = timezone.now()
    found = queries.invitation_by_link(secret)
    if found is None or not found.is_open_at(now):
        return unseen(render(request, "access_requests/invitation_ended.html", {}))
    context: dict[str, Any] = {"invitation": found, "is_signed_in": request.actor.is_person}
    if request.method != "POST" or request.actor.is_person:
        return unseen(render(request, "access_requests/invitation.html", context))
    try:
        opened = operations.open_invitation(
            actor=visitor("invitation", address=request.actor.address), link_secret=secret, at=now
        )
    except Denied:
        return unseen(render(request, "access_requests/invitation_ended.html", {}))
    request.session.flush()
    request.session.cycle_key()
    request.session[_INVITATION] = opened.public_id
    request.session[_SEEN] = now.isoformat()
    leads_to = "form_2_lost" if opened.is_lost else "mobile"
    return unseen(see_other(reverse(f"access_requests:{leads_to}")))


# --- Behind the link --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody behind an opened link: his invitation, what he wrote, and as whom he acts."""

    invitation: Invitation
    item: AccessRequest | None
    has_proven_mobile: bool
    is_head: bool
    actor: Actor

    @property
    def is_writing(self) -> bool:
        """Tell whether the form is still to be filled in or sent."""
        return self.item is None or self.item.state in (RequestState.DRAFT, RequestState.WITHDRAWN)


def _visit_of(request: HttpRequest, *, at: datetime) -> Visit | None:
    public_id, seen = request.session.get(_INVITATION), request.session.get(_SEEN)
    if not public_id or not seen or at - datetime.fromisoformat(seen) > IDLE_END:
        return None
    found = queries.invitation_by_public_id(public_id)
    if found is None or found.opened_at is None or not found.is_open_at(at):
        return None
    item = queries.request_by_invitation(found.pk)
    person_id = item.applicant_id if item else (found.subject.person_id if found.subject else None)
    owner = found.subject
    return Visit(
        invitation=found,
        item=item,
        has_proven_mobile=bool(request.session.get(_MOBILE)) and found.mobile_confirmed_at is not None,
        is_head=owner is not None and tenures_of(owner.person_id, at=at).exists(),
        actor=visitor("invitation", person_id=person_id, address=request.actor.address),
    )


def visiting(*, mobile: bool, is_for_heads: bool = False) -> Callable[[View], View]:
    """
    Let a view be seen only behind an opened link; with `mobile`, once the mobile was proven there too.

    A head of finance comes behind the link of a lost password only, and there is no form 2 for him.
    """

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            now = timezone.now()
            visit = _visit_of(request, at=now)
            if visit is None:
                for key in (_INVITATION, _SEEN, _MOBILE):
                    request.session.pop(key, None)
                return unseen(render(request, "access_requests/invitation_needed.html", {}, status=403))
            request.session[_SEEN] = now.isoformat()
            if visit.is_head and not visit.invitation.is_lost:  # he has become one behind a link to form 2
                return unseen(render(request, "access_requests/invitation_needed.html", {}, status=403))
            if visit.is_head and not is_for_heads:
                return unseen(see_other(reverse("access_requests:form_2_lost")))
            if mobile and not visit.has_proven_mobile:
                return unseen(see_other(reverse("access_requests:mobile")))
            return unseen(view(request, visit))

        return guarded

    return around


@public
@require_http_methods(["GET", "HEAD", "POST"])
@visiting(mobile=False, is_for_heads=True)
def lost(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Make a lost password invalid before anything else is asked (D11); then the form goes on."""
    subject = visit.invitation.subject
    if subject is None or not visit.invitation.is_lost:
        return see_other(reverse("access_requests:mobile"))
    if request.method == "POST" and subject.has_usable_password():
        try:
            operations.revoke_lost(actor=visit.actor, invitation_id=visit.invitation.pk, at=timezone.now())
        except Denied:
            return see_other(reverse("access_requests:mobile"))  # the link ended this very moment, and says so there
        return see_other(reverse("access_requests:form_2_lost"))
    is_revoked = not subject.has_usable_password()
    tries = looked_back_over(subject.pk, at=timezone.now()) if is_revoked else ()
    context = {"is_revoked": is_revoked, "subject": subject, "tries": tries, "is_head": visit.is_head}
    return render(request, "access_requests/lost.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@visiting(mobile=False)
def mobile(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for the mobile number and send a code to it; one that was confirmed before stays (T-02, T-22)."""
    known = visit.invitation.mobile if visit.invitation.mobile_confirmed_at else ""
    form = forms.Mobile(_posted_number(request, known), initial={"mobile": visit.invitation.mobile})
    if request.method == "POST" and form.is_valid():
        if is_too_often(request, "code", an_hour=CODES_AN_HOUR):
            add_sentence(form, "too_often")
        else:
            try:
                operations.send_mobile_code(
                    actor=visit.actor,
                    invitation_id=visit.invitation.pk,
                    mobile=form.cleaned_data["mobile"],
                    at=timezone.now(),
                )
            except Denied as denied:
                add_refusal(form, denied)
            else:
                return see_other(reverse("access_requests:mobile_code"))
    context = {
        "form": form,
        "known": phones.mask(known) if known else "",
        "is_help": visit.invitation.subject_id is not None,
    }
    return render(request, "access_requests/mobile.html", context, status=status_of(form))


def _posted_number(request: HttpRequest, known: str) -> dict[str, str] | Any:
    if request.method != "POST":
        return None
    return {"mobile": known} if known else request.POST


@public
@require_http_methods(["GET", "HEAD", "POST"])
@visiting(mobile=False)
def mobile_code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for the six digits that were sent."""
    if not visit.invitation.mobile:
        return see_other(reverse("access_requests:mobile"))
    form = forms.MobileCode(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.confirm_mobile(
                actor=visit.actor,
                invitation_id=visit.invitation.pk,
                code=form.cleaned_data["code"],
                at=timezone.now(),
            )
        except Denied as denied:
            add_refusal(form, denied)
        else:
            request.session[_MOBILE] = True
            return see_other(reverse("access_requests:write"))
    context = {
        "form": form,
        "number": phones.mask(visit.invitation.mobile),
        "can_be_another": visit.invitation.mobile_confirmed_at is None,
    }
    return render(request, "access_requests/mobile_code.html", context, status=status_of(form))


@public
@require_http_methods(["GET", "HEAD", "POST"])
@visiting(mobile=True)
def write(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form itself: begun, or corrected as long as nobody has decided."""
    item = visit.item
    if item is not None and item.state != RequestState.WITHDRAWN:
        return _correct(request, visit, item)
    now = timezone.now()
    form = _first_form(request, visit)
    if request.method == "POST" and form.is_valid():
        try:
            operations.draft(
                actor=visit.actor,
                authority=visit.invitation.authority,
                content=form.content(form_date=thai_day(now)),
                invitation=visit.invitation,
                at=now,
            )
        except Denied as denied:
            add_refusal(form, denied)
        else:
            return see_other(reverse("access_requests:write_check"))
    return _write_page(request, visit, form)


def _first_form(request: HttpRequest, visit: Visit) -> forms.Part1:
    subject, authority, on = visit.invitation.subject, visit.invitation.authority, thai_day(timezone.now())
    if subject is None:
        wish, position, editions = CredentialWish.NEW_USER, "", list(groups_for_officers(on))
    else:
        wish, position = CredentialWish.CANNOT_ENTER, signing_title(subject.person_id, authority.pk, on=on)
        editions, _held = groups_for(subject.pk, authority.pk, on=on)
    return forms.Part1(
        request.POST if request.method == "POST" else None,
        initial={
            "position_th": position,
            "wants_credentials": True,
            **({"secret_may_be_known": forms.YES} if visit.invitation.is_lost else {}),
        },
        wishes=(wish,),
        editions=editions,
    )


def _correct(request: HttpRequest, visit: Visit, item: AccessRequest) -> HttpResponse:
    verdict = policies.may_edit(visit.actor, item, at=timezone.now())
    if not verdict:
        return see_other(reverse("access_requests:submitted"))
    form = edit_form(request, item)
    if request.method == "POST" and form.is_valid():
        saved = save_correction(visit.actor, item, form, at=timezone.now())
        if saved is not None:
            name = "write_check" if saved.state == RequestState.DRAFT else "submitted"
            return see_other(reverse(f"access_requests:{name}"))
    return _write_page(request, visit, form)


def _write_page(request: HttpRequest, visit: Visit, form: forms.Part1) -> HttpResponse:
    context = {"form": form, "visit": visit}
    return render(request, "access_requests/visitor_write.html", context, status=status_of(form))


@public
@require_http_methods(["GET", "HEAD", "POST"])
@visiting(mobile=True)
def write_check(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the form as it will be sent, and send it."""
    item = visit.item
    if item is None or item.state == RequestState.WITHDRAWN:
        return see_other(reverse("access_requests:write"))
    if item.state != RequestState.DRAFT:
        return see_other(reverse("access_requests:submitted"))
    sentence = ""
    if request.method == "POST":
        try:
            operations.submit(actor=visit.actor, request_public_id=item.public_id, at=timezone.now())
        except Denied as denied:
            sentence = denied_sentence(denied)
        else:
            return see_other(reverse("access_requests:submitted"))
    context = {
        "item": item,
        "visit": visit,
        "sentence": sentence,
        "answers": answers_of(item, reverse("access_requests:write")),
        "addressee": item.authority.finance_head_title_th,
        **sheet_context(item, queries.groups_of(item)),
    }
    return render(request, "access_requests/visitor_check.html", context, status=422 if sentence else 200)


@public
@require_safe
@visiting(mobile=True)
def submitted(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Confirm the sending with its number; the way back to what was sent."""
    item = visit.item
    if item is None or visit.is_writing:
        return see_other(reverse("access_requests:write"))
    context = {
        "item": item,
        "visit": visit,
        "standing": wording.standing_of(item, at=timezone.now()),
        "facts": facts_of(item),
        "outcome": outcome_of(item),
        "may_edit": policies.may_edit(visit.actor, item, at=timezone.now()),
        **sheet_context(item, queries.groups_of(item)),
    }
    return render(request, "access_requests/visitor_submitted.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@visiting(mobile=True)
def write_withdrawal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask once more, then take the request back."""
    item = visit.item
    if item is None or not policies.may_edit(visit.actor, item, at=timezone.now()):
        return see_other(reverse("access_requests:write"))
    if request.method == "POST":
        try:
            operations.withdraw(actor=visit.actor, request_public_id=item.public_id, at=timezone.now())
        except Denied:
            return see_other(reverse("access_requests:submitted"))
        _forget(request)
        return see_other(f"{reverse('access_requests:left')}?done=withdrawn")
    return render(request, "access_requests/visitor_withdrawal.html", {"item": item, "visit": visit})


@public
@require_safe
@visiting(mobile=True)
def own_form_pdf(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the sheet as PDF, to print and keep."""
    if visit.item is None:
        raise Http404
    return pdf_of(visit.item)


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the invitation in this browser; the link in the mail opens it again."""
    _forget(request)
    return unseen(see_other(reverse("access_requests:left")))


@public
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Say that this browser has forgotten the invitation."""
    context = {"withdrawn": request.GET.get("done") == "withdrawn"}
    return unseen(render(request, "access_requests/visitor_left.html", context))


def _forget(request: HttpRequest) -> None:
    if not request.actor.is_person:
        request.session.flush()
