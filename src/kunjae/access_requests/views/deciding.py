"""The head of finance: what waits, the opinion, and the slip that is handed over (A2-06, A2-07, D4)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.access_requests import forms, operations, policies, queries, wording
from kunjae.access_requests.models import AccessRequest, CredentialWish, RequestState
from kunjae.access_requests.queries import Groups, NamedGroup
from kunjae.access_requests.views import opinion_drafts
from kunjae.access_requests.views.answering import add_refusal, add_sentence, status_of
from kunjae.access_requests.views.cases import (
    crumbs_of,
    facts_of,
    language,
    load_submitted,
    outcome_of,
    right_of_head,
    sheet_context,
    slip_for,
    url_of,
)
from kunjae.access_requests.views.officer import denied_sentence, refused
from kunjae.audit.queries import timeline
from kunjae.core import phones
from kunjae.core.access import permitted, proved_lately
from kunjae.core.clock import long_date, thai_day
from kunjae.core.leading_on import see_other
from kunjae.core.text import canonical
from kunjae.core.verdict import Denied, Verdict
from kunjae.entitlements.models import GroupEdition, Holders
from kunjae.entitlements.permissions import DECIDE_REQUEST

DONE_A_PAGE = 20
#: Refusals of `may_approve` after which no opinion at all can be given, not even to refuse.
_NO_OPINION = frozenset({"already_decided", "not_waiting", "own_request", "own_name", "not_head", "not_permitted"})


@permitted(DECIDE_REQUEST)
@require_safe
def waiting(request: HttpRequest, org_code: str) -> HttpResponse:
    """List what waits for an opinion, the longest wait first; then what was decided, by filter and page."""
    now, authority = timezone.now(), request.organisation
    filters = forms.RequestFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    done = queries.done_in(authority.pk, words=wanted.get("words", ""), state=wanted.get("state", ""))
    page = Paginator(done, DONE_A_PAGE).get_page(request.GET.get("page"))
    still = list(queries.waiting_in(authority.pk))
    groups = queries.groups_on([item.pk for item in (*still, *page)])

    def rows(items: Any) -> list[dict[str, Any]]:
        return [
            {"item": item, "groups": groups.get(item.pk, Groups()), "standing": wording.standing_of(item, at=now)}
            for item in items
        ]

    context = {
        "waiting": rows(still),
        "done": rows(page),
        "page": page,
        "filters": filters,
        "is_filtered": bool(wanted.get("words") or wanted.get("state")),
    }
    return render(request, "access_requests/waiting.html", context)


# --- The opinion ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Material:
    """What an opinion is formed on: the groups asked for, and the catalogue with those held (`held_from`)."""

    groups: Groups
    editions: tuple[GroupEdition, ...]

    @property
    def grantable(self) -> list[GroupEdition]:
        """Groups that a head may hand to officers and that the applicant is not in."""
        return [e for e in self.editions if e.holders == Holders.OFFICERS and e.held_from is None]

    @property
    def held(self) -> dict[str, date]:
        """Groups that the applicant is in, and since when."""
        return {e.group.code: e.held_from for e in self.editions if e.held_from is not None}

    @property
    def asked_codes(self) -> list[str]:
        """Groups asked for that can be given."""
        asked = {group.code for group in self.groups.asked}
        return [edition.group.code for edition in self.grantable if edition.group.code in asked]

    @property
    def names(self) -> dict[str, str]:
        """Groups by code, in the reader's language."""
        return {edition.group.code: edition.name(language()) for edition in self.editions}

    def name_of(self, group: NamedGroup) -> str:
        """Name a group in the reader's language; one that is no longer in force keeps its name on the form."""
        return self.names.get(group.code, group.name_th)


def _material(item: AccessRequest) -> Material:
    editions = queries.editions_beside(item.subject_id, item.authority_id, on=thai_day(timezone.now()))
    return Material(groups=queries.groups_of(item), editions=tuple(editions))


def _form(item: AccessRequest, material: Material, typed: QueryDict | None) -> forms.Decision:
    needs_user_id = item.credential_wish == CredentialWish.NEW_USER
    initial: dict[str, Any] = {"version": item.version}
    beside = queries.beside_newcomer(item.applicant, item.authority) if needs_user_id else None
    if beside is not None and typed is None:
        initial["username"] = beside.username
    return forms.Decision(
        typed,
        initial=initial,
        editions=material.grantable,
        asked_codes=material.asked_codes,
        needs_user_id=needs_user_id,
        namesakes=beside.namesakes if beside else (),
        must_grant=bool(material.asked_codes),
        today=thai_day(timezone.now()),
    )


def _approval(request: HttpRequest, item: AccessRequest) -> Verdict:
    """Ask the policy of an approval, with what the gate and the frame have read already."""
    return policies.may_approve(
        request.actor,
        item,
        at=timezone.now(),
        permitted=right_of_head(request),
        himself=request.standing.subject,
    )


@permitted(DECIDE_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Show the sheet and take the opinion; a well-formed one is shown once more before it takes effect."""
    item = load_submitted(request, public_id)
    approval = _approval(request, item)
    if approval.reason in _NO_OPINION:
        return _no_opinion(request, item, approval)
    material = _material(item)
    if request.method != "POST":
        form = _form_as_left(request, item, material)
    elif (form := _form(item, material, request.POST)).is_valid():
        opinion_drafts.keep(request, item, form)
        return see_other(url_of("decision" if "again" in request.POST else "decision_summary", item))
    return _decision_page(request, item, form, material, approval)


def _form_as_left(request: HttpRequest, item: AccessRequest, material: Material) -> forms.Decision:
    """Fill in what was kept, if anything was, and say so if the request was corrected meanwhile."""
    typed = opinion_drafts.kept(request, item)
    form = _form(item, material, typed)
    if typed is not None and form.is_valid() and form.cleaned_data["version"] != item.version:
        add_sentence(form, "changed_since_shown")
        typed["version"] = str(item.version)
    return form


@proved_lately
@permitted(DECIDE_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_summary(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Show what the opinion will do; by POST, let the one that was shown take effect."""
    item, now = load_submitted(request, public_id), timezone.now()
    approval = _approval(request, item)
    if request.method != "POST":
        return _no_opinion(request, item, approval) if approval.reason in _NO_OPINION else _as_kept(request, item)
    material = _material(item)
    form = _form(item, material, request.POST)
    if _is_done_so(request, item, material):
        return see_other(url_of("decided", item))
    if approval.reason in _NO_OPINION:
        return _no_opinion(request, item, approval)
    if form.is_valid():
        try:
            operations.decide(actor=request.actor, request_public_id=item.public_id, opinion=form.as_opinion(), at=now)
        except Denied as denied:
            if denied.reason in _NO_OPINION:
                return _no_opinion(request, item, Verdict(denied.reason, denied.facts))
            add_refusal(form, denied)
            _show_as_it_stands(form, denied, item)
        else:
            opinion_drafts.forget(request, item)
            return see_other(url_of("decided", item))
    return _decision_page(request, load_submitted(request, public_id), form, material, approval)


def _as_kept(request: HttpRequest, item: AccessRequest) -> HttpResponse:
    """Show the summary of what was kept; where there is none, or the request reads otherwise now, the form."""
    typed, material = opinion_drafts.kept(request, item), _material(item)
    form = _form(item, material, typed)
    if typed is None or not form.is_valid() or form.cleaned_data["version"] != item.version:
        return see_other(url_of("decision", item))
    return _summary(request, item, form, material)


def _is_done_so(request: HttpRequest, item: AccessRequest, material: Material) -> bool:
    """Tell whether the same person has just decided exactly so: the button was pressed twice (F9)."""
    if item.decided_by_id is None or item.decided_by_id != request.actor.person_id:
        return False
    if item.state == RequestState.REFUSED:
        said = canonical(request.POST.get("refusal_reason", ""))
        return request.POST.get("opinion") == forms.deciding.REFUSE and said == item.refusal_reason
    granted = {group.code for group in material.groups.granted}
    return request.POST.get("opinion") == forms.deciding.APPROVE and granted == set(request.POST.getlist("groups"))


def _show_as_it_stands(form: forms.Decision, denied: Denied, item: AccessRequest) -> None:
    """Once the head was told that the request was corrected, the form speaks of the version now shown."""
    if denied.reason == "changed_since_shown":
        form.data = form.data.copy()
        form.data["version"] = str(AccessRequest.objects.get(pk=item.pk).version)


def _no_opinion(request: HttpRequest, item: AccessRequest, verdict: Verdict) -> HttpResponse:
    """Say why no opinion can be given; a page that was merely opened too late is not a fault."""
    current = queries.requests().get(pk=item.pk)
    if request.method != "POST" and current.decided_at is not None:
        return see_other(url_of("decided", current))
    return refused(request, current, verdict.sentence)


def _decision_page(
    request: HttpRequest, item: AccessRequest, form: forms.Decision, material: Material, approval: Verdict
) -> HttpResponse:
    options = {option.data["value"]: option for option in form["groups"]}
    asked = [
        {
            "name": material.name_of(group),
            "option": options.pop(group.code, None),
            "held_since": material.held.get(group.code),
        }
        for group in material.groups.asked
    ]
    asked_codes = {group.code for group in material.groups.asked}
    context = {
        "item": item,
        "form": form,
        "approval": approval,
        "standing": wording.standing_of(item, at=timezone.now()),
        "asked": asked,
        "held": [
            {"name": material.names[code], "since": since}
            for code, since in material.held.items()
            if code not in asked_codes
        ],
        "others": list(options.values()),
        "others_are_open": any(option.data["selected"] for option in options.values()),
        "approve": next(o for o in form["opinion"] if o.data["value"] == forms.deciding.APPROVE),
        "refuse": next(o for o in form["opinion"] if o.data["value"] == forms.deciding.REFUSE),
        "facts": facts_of(item),
        "ways": _ways_of_the_keys(item),
        "scan_pages": range(1, item.scan.pages_count + 1) if item.scan else (),
        "timeline": wording.timeline_of(item, timeline(item.authority_id, item.case), language=language()),
        "crumbs": crumbs_of(request, item, (_("Opinion"), None)),
        **sheet_context(item, material.groups),
    }
    # A page that is opened anew with what was left in it is no refusal.
    status = status_of(form) if request.method == "POST" else 200
    return render(request, "access_requests/decision.html", context, status=status)


def _ways_of_the_keys(item: AccessRequest) -> str:
    """Say where the two secrets of an activation will go, so that the head can see they reach the person (D4)."""
    if item.credential_wish == CredentialWish.NONE:
        return ""
    contact = item.subject if item.subject_id else item
    email, mobile = contact.email, contact.mobile
    if email and mobile:
        return _("A link goes to %(email)s, a code by SMS to %(mobile)s. Without both, nothing opens.") % {
            "email": email,
            "mobile": phones.display(mobile, language()),
        }
    if email or mobile:
        return _("A link goes to %(contact)s. You print the code on a slip and hand it over in person.") % {
            "contact": email or phones.display(mobile, language())
        }
    return _("There is neither an e-mail address nor a mobile number, so nothing can be sent.")


def _summary(request: HttpRequest, item: AccessRequest, form: forms.Decision, material: Material) -> HttpResponse:
    names = material.names
    granted = form.cleaned_data["groups"] if form.approves else []
    facts: list[tuple[str, Any]] = [
        (_("Applicant"), f"{item.applicant_name} {item.position_th}"),
        (_("Opinion"), pgettext("opinion", "Approved") if form.approves else pgettext("opinion", "Not approved")),
    ]
    if form.approves:
        facts += _what_will_happen(item, form, [names[code] for code in granted])
    else:
        facts.append((_("Because"), form.cleaned_data["refusal_reason"]))
    context = {
        "item": item,
        "facts": facts,
        "approves": form.approves,
        "not_granted": [
            material.name_of(g) for g in material.groups.asked if g.code in set(material.asked_codes) - set(granted)
        ]
        if form.approves
        else [],
        "unasked": [names[code] for code in granted if code not in material.asked_codes],
        "ways": _ways_of_the_keys(item) if form.approves else "",
        "hidden": form.hidden_values(),
        "crumbs": crumbs_of(request, item, (_("Opinion"), url_of("decision", item)), (_("Summary"), None)),
    }
    return render(request, "access_requests/decision_summary.html", context)


def _what_will_happen(item: AccessRequest, form: forms.Decision, granted: list[str]) -> list[tuple[str, Any]]:
    cleaned = form.cleaned_data
    facts: list[tuple[str, Any]] = []
    if item.credential_wish == CredentialWish.NEW_USER:
        facts.append((_("User id that is opened"), cleaned["username"]))
    elif item.credential_wish == CredentialWish.CANNOT_ENTER and item.subject is not None:
        facts.append((_("User id that gets a new password"), item.subject.username))
    facts.append((_("Groups that are granted"), ", ".join(granted) or _("none")))
    if granted:
        number, day = cleaned["order_number"], cleaned["order_date"]
        facts.append(
            (
                _("By order"),
                _("no. %(number)s of %(day)s") % {"number": number, "day": long_date(day, language())}
                if number
                else _("to follow within 30 days"),
            )
        )
    return facts


@permitted(DECIDE_REQUEST)
@require_safe
def decided(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Confirm an opinion with its number, and say what comes next."""
    item = load_submitted(request, public_id)
    if item.decided_at is None:
        return see_other(url_of("request", item))
    groups = queries.groups_of(item)
    context = {
        "item": item,
        "groups": groups,
        "facts": outcome_of(item),
        "slip": slip_for(request, item),
        "crumbs": crumbs_of(request, item, (_("Recorded"), None)),
    }
    return render(request, "access_requests/decided.html", context)


@proved_lately
@permitted(DECIDE_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Print the second code on a slip, this once: only the answer to a POST ever holds it."""
    item = load_submitted(request, public_id)
    if request.method != "POST" or item.subject is None:
        return see_other(url_of("request", item))
    try:
        printed = operations.print_activation_slip(
            actor=request.actor, subject_public_id=item.subject.public_id, at=timezone.now()
        )
    except Denied as denied:
        return refused(request, item, denied_sentence(denied))
    response = render(request, "access_requests/slip.html", {"item": item, "slip": printed})
    response["Cache-Control"] = "no-store"
    return response
