"""The officer's own requests: begin, check, send, correct, withdraw (A2-01 … A2-05)."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.access_requests import forms, operations, policies, queries, wording
from kunjae.access_requests.models import AccessRequest, CredentialWish, RequestState, WayIn
from kunjae.access_requests.views.answering import add_refusal, status_of
from kunjae.access_requests.views.cases import crumbs_of, language, load, sheet_context, url_of
from kunjae.core.access import member
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.leading_on import see_other
from kunjae.core.verdict import Denied, Verdict
from kunjae.entitlements.models import GroupEdition, Holders
from kunjae.organisations.queries import signing_title

REQUESTS_A_PAGE = 20

#: What may stand in the first box of a form that was begun in this way.
WISHES_OF_WAY = {
    WayIn.SIGNED_IN: (),
    WayIn.PAPER: (CredentialWish.NEW_USER, CredentialWish.CANNOT_ENTER),
}


def wishes_of(item: AccessRequest) -> tuple[CredentialWish, ...]:
    """Say what may stand in the first box of a request, by how it came."""
    if item.way_in == WayIn.INVITATION:
        return (CredentialWish.CANNOT_ENTER if item.subject_id else CredentialWish.NEW_USER,)
    return WISHES_OF_WAY[WayIn(item.way_in)]


@member
@require_safe
def mine(request: HttpRequest, org_code: str) -> HttpResponse:
    """List one's own requests in this authority, newest first."""
    now = timezone.now()
    own = queries.requests_by(request.actor.person_id, request.organisation.pk)
    page = Paginator(own, REQUESTS_A_PAGE).get_page(request.GET.get("page"))
    groups = queries.groups_on(item.pk for item in page)
    rows = [
        {"item": item, "groups": groups.get(item.pk), "standing": wording.standing_of(item, at=now)} for item in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "may_ask": policies.may_ask_here(request.actor, request.organisation.pk, at=now),
        "is_writing": any(item.state == RequestState.DRAFT for item in page),
    }
    return render(request, "access_requests/mine.html", context)


@member
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, org_code: str) -> HttpResponse:
    """Ask for groups: the form, with the position as in the appointment. One is written at a time."""
    now, actor, authority = timezone.now(), request.actor, request.organisation
    verdict = policies.may_ask_here(actor, authority.pk, at=now)
    if not verdict:
        return render(request, "refused.html", {"verdict": verdict}, status=403)
    standing = queries.draft_of(actor.person_id, authority.pk)
    if request.method != "POST" and standing is not None:
        return HttpResponseRedirect(reverse("access_requests:edit", args=[authority.code, standing.public_id]))
    on = thai_day(now)
    editions, held = groups_for(actor.subject_id, authority.pk, on=on)
    form = forms.Part1(
        request.POST if request.method == "POST" else None,
        initial={"position_th": signing_title(actor.person_id, authority.pk, on=on)},
        editions=editions,
    )
    if request.method == "POST" and form.is_valid():
        try:
            item = operations.draft(actor=actor, authority=authority, content=form.content(form_date=on), at=now)
        except Denied as denied:
            add_refusal(form, denied)
        else:
            return see_other(reverse("access_requests:check", args=[authority.code, item.public_id]))
    context = {
        "form": form,
        "held": held,
        "standing_draft": standing,
        "crumbs": [
            (_("My requests"), reverse("access_requests:mine", args=[authority.code])),
            (_("New request"), None),
        ],
    }
    return render(request, "access_requests/write.html", context, status=status_of(form))


def groups_for(
    subject_id: int | None, authority_id: int, *, on: date, asked: Collection[str] = ()
) -> tuple[list[GroupEdition], list[str]]:
    """List the groups that can be asked for, those on the form already among them, and the names of those held."""
    in_force = queries.editions_beside(subject_id, authority_id, on=on)
    can_be_asked = [
        edition
        for edition in in_force
        if edition.holders == Holders.OFFICERS and (edition.held_from is None or edition.group.code in asked)
    ]
    return can_be_asked, [edition.name(language()) for edition in in_force if edition.held_from is not None]


@member
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Correct a draft or a request that waits; what another window changed meanwhile is not lost."""
    now, item = timezone.now(), load(request, public_id)
    verdict = policies.may_edit(request.actor, item, at=now)
    if not verdict:
        return refused(request, item, verdict.sentence)
    form = edit_form(request, item)
    if request.method == "POST" and form.is_valid():
        saved = save_correction(request.actor, item, form, at=now)
        if saved is not None:
            return see_other(after_correction(saved))
    context = {
        "form": form,
        "item": item,
        "crumbs": crumbs_of(request, item, (_("Correct"), None)),
    }
    return render(request, "access_requests/write.html", context, status=status_of(form))


def edit_form(request: HttpRequest, item: AccessRequest) -> forms.Part1:
    """Fill the form with what a request says."""
    content = queries.content_of(item)
    editions, _held = groups_for(
        item.subject_id, item.authority_id, on=thai_day(timezone.now()), asked=content.group_codes
    )
    return forms.Part1(
        request.POST if request.method == "POST" else None,
        initial=forms.Part1.initial_of(content, version=item.version),
        wishes=wishes_of(item),
        editions=editions,
    )


def save_correction(actor: Actor, item: AccessRequest, form: forms.Part1, *, at: datetime) -> AccessRequest | None:
    """Correct the request as the form says; None if that was refused, and the form then says why."""
    try:
        return operations.correct(
            actor=actor,
            request_public_id=item.public_id,
            content=form.content(form_date=item.form_date),
            version=form.cleaned_data["version"],
            at=at,
        )
    except Denied as denied:
        add_refusal(form, denied)
        if denied.reason == "changed_elsewhere":
            # Told once; who saves again has compared.
            form.data = form.data.copy()
            form.data["version"] = str(AccessRequest.objects.get(pk=item.pk).version)
        return None


def after_correction(item: AccessRequest) -> str:
    """Lead to the check of a draft, or to the page of a request that waits."""
    if item.state == RequestState.DRAFT:
        return url_of("check", item)
    return f"{url_of('request', item)}?done=corrected"


def refused(request: HttpRequest, item: AccessRequest, sentence: str) -> HttpResponse:
    """Show the page of a request that cannot be changed any more, and why."""
    context = {"item": item, "sentence": sentence, "crumbs": crumbs_of(request, item, (_("Not possible"), None))}
    return render(request, "access_requests/not_possible.html", context, status=422)


@member
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Show the form as it will be sent, and send it."""
    now, item = timezone.now(), load(request, public_id)
    if item.applicant_id != request.actor.person_id:
        raise Http404
    if item.state != RequestState.DRAFT:
        return see_other(f"{url_of('request', item)}?done=submitted")
    sentence = ""
    if request.method == "POST":
        try:
            operations.submit(actor=request.actor, request_public_id=item.public_id, at=now)
        except Denied as denied:
            sentence = denied_sentence(denied)
        else:
            return see_other(f"{url_of('request', item)}?done=submitted")
    context = {
        "item": item,
        "sentence": sentence,
        "answers": answers_of(item, url_of("edit", item)),
        "addressee": item.authority.finance_head_title_th,
        "crumbs": crumbs_of(request, item, (_("Check"), None)),
        **sheet_context(item, queries.groups_of(item)),
    }
    return render(request, "access_requests/check.html", context, status=422 if sentence else 200)


def denied_sentence(denied: Denied) -> str:
    """Say a refusal where there is no form to say it in."""
    return Verdict(denied.reason, denied.facts).sentence


def answers_of(item: AccessRequest, edit_url: str) -> list[dict[str, Any]]:
    """List the parts of the form that can be changed, each with its way there."""
    parts = [(_("Position"), "id_position_th")]
    if wishes_of(item):
        parts.append((_("User id or password"), "id_wants_credentials"))
        parts.append((_("Groups and duty"), "id_wants_groups"))
    else:
        parts += [(_("The duty"), "id_duty"), (_("User groups"), "id_groups")]
    return [{"term": term, "change_url": f"{edit_url}#{anchor}"} for term, anchor in parts]


@member
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Ask once more, then take a request back."""
    now, item = timezone.now(), load(request, public_id)
    verdict = policies.may_edit(request.actor, item, at=now)
    if not verdict:
        return refused(request, item, verdict.sentence)
    if request.method == "POST":
        try:
            operations.withdraw(actor=request.actor, request_public_id=item.public_id, at=now)
        except Denied as denied:
            return refused(request, item, denied_sentence(denied))
        return see_other(f"{url_of('request', item)}?done=withdrawn")
    context = {
        "item": item,
        "back_url": url_of("request", item),
        "facts": [(_("Request"), item.case or _("being written")), (_("Applicant"), item.applicant.full_name)],
        "crumbs": crumbs_of(request, item, (_("Withdraw"), None)),
    }
    return render(request, "access_requests/withdrawal.html", context)
