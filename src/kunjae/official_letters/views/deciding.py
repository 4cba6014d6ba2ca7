"""The second person: approve what was verified, or send it back; and what follows the issue (T-07)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kunjae.core import phones, reasons
from kunjae.core.access import desk, proved_lately
from kunjae.core.leading_on import see_other
from kunjae.core.verdict import Denied, Verdict
from kunjae.documents import queries as documents
from kunjae.documents.activation_slip import render_activation_slip
from kunjae.documents.letter_reply import content_hash, render_letter_reply
from kunjae.documents.models import DocumentKind
from kunjae.entitlements.queries import tenure_of
from kunjae.identity.models import Subject
from kunjae.identity.queries import open_subject_of, suggest_user_id
from kunjae.official_letters import papers, queries, wording
from kunjae.official_letters.forms import deciding as forms
from kunjae.official_letters.models import CaseState, LetterCase
from kunjae.official_letters.operations import deciding, following
from kunjae.official_letters.policies import deciding as policies
from kunjae.official_letters.policies.recipients import has_mobile_of_his_own
from kunjae.official_letters.views.answering import add_refusal, status_of
from kunjae.official_letters.views.case_page import (
    activation_facts,
    case_page,
    checked,
    crumbs_of,
    language,
    letter_facts,
    load,
    url_of,
)
from kunjae.organisations.models import Desk

READ = "letters_read"
_FIELD_OF = {
    "letter_reason_missing": "note",
    "letter_user_id_missing": "user_id",
    "user_id_taken": "user_id",
}
Facts = list[tuple[str, Any]]


# --- Approval ---------------------------------------------------------------------------------------------------


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show everything once more to the second person, and take the version that was read; the summary follows."""
    case, now = load(public_id), timezone.now()
    verdict = policies.may_approve(request.actor, case, at=now)
    if case.state == CaseState.ISSUED:
        return see_other(url_of("issued", case))
    if request.method != "POST":
        return _approval_page(request, case, _form(case, request.session.get(READ, {}).get(public_id)), verdict, at=now)
    form = _form(case, request.POST)
    if not verdict:
        form.add_error(None, verdict.sentence)
    elif form.is_valid():
        request.session[READ] = {
            **request.session.get(READ, {}),
            public_id: {name: str(request.POST.get(name, ""))[:60] for name in ("version", "user_id")},
        }
        return see_other(url_of("approval_summary", case))
    return _approval_page(request, case, form, verdict, at=now)


def _form(case: LetterCase, typed: Any) -> forms.Approval:
    account = _account_of(case)
    initial: dict[str, Any] = {"version": case.version}
    if typed is None and account is None:
        initial["user_id"] = suggest_user_id(case.authority)
    return forms.Approval(typed, initial=initial, needs_user_id=account is None)


def _account_of(case: LetterCase) -> Subject | None:
    return open_subject_of(case.recipient_id) if case.recipient_id else None


def _approval_page(
    request: HttpRequest, case: LetterCase, form: forms.Approval, verdict: Verdict, *, at: datetime
) -> HttpResponse:
    posted = request.method == "POST"
    context = {
        "case": case,
        "form": form,
        "may_approve": verdict,
        "standing": wording.standing_of(case),
        "term": wording.term_of(case, at=at),
        "letter": letter_facts(case),
        "items": checked(request, case, at=at),
        "pages": range(1, case.scan.pages_count + 1),
        "order_pages": range(1, case.order_scan.pages_count + 1) if case.order_scan else (),
        "calls": case.calls.filter(version=case.version).select_related("called_by").order_by("called_at", "pk"),
        "points": case.points.filter(version=case.version).exclude(note="").select_related("noted_by"),
        "hold_ends_at": queries.hold_ends_at(case),
        "crumbs": crumbs_of(case, (_("Approval"), None)),
    }
    status = status_of(form) if posted else 200
    return render(request, "official_letters/desk/approval.html", context, status=status)


@proved_lately
@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def approval_summary(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what the approval will do; by POST, let what was shown take effect."""
    case, now = load(public_id), timezone.now()
    if case.state == CaseState.ISSUED:
        return see_other(url_of("issued", case))
    verdict = policies.may_approve(request.actor, case, at=now)
    typed = request.POST if request.method == "POST" else request.session.get(READ, {}).get(public_id)
    form = _form(case, typed)
    if typed is None or not verdict or not form.is_valid():
        if request.method == "POST" and not verdict:
            form.add_error(None, verdict.sentence)
        return see_other(url_of("approval", case)) if typed is None else _approval_page(
            request, case, form, verdict, at=now
        )  # fmt: skip
    if request.method != "POST":
        if form.cleaned_data["version"] != case.version:
            # Corrected meanwhile: it must be read again.
            _forget(request, public_id)
            return see_other(url_of("approval", case))
        return _summary_page(request, case, form)
    try:
        deciding.approve(
            actor=request.actor,
            public_id=public_id,
            version=form.cleaned_data["version"],
            user_id=form.cleaned_data.get("user_id", ""),
            at=now,
        )
    except Denied as denied:
        case = load(public_id)
        if case.state == CaseState.ISSUED and case.decided_by_id == request.actor.person_id:
            return see_other(url_of("issued", case))
        _forget(request, public_id)
        fresh = forms.Approval(
            {"version": str(case.version), "user_id": form.cleaned_data.get("user_id", "")},
            needs_user_id=_account_of(case) is None,
        )
        add_refusal(fresh, denied, field=_FIELD_OF.get(denied.reason))
        return _approval_page(request, case, fresh, policies.may_approve(request.actor, case, at=now), at=now)
    _forget(request, public_id)
    return see_other(url_of("issued", case))


def _forget(request: HttpRequest, public_id: str) -> None:
    if request.session.get(READ, {}).pop(public_id, None) is not None:
        request.session.modified = True


def _summary_page(request: HttpRequest, case: LetterCase, form: forms.Approval) -> HttpResponse:
    account = _account_of(case)
    tenure = tenure_of(case.authority_id, at=timezone.now())
    facts: Facts = [
        (_("Authority"), f"{case.authority.full_name} {case.authority.place}"),
        (_("New head of finance"), f"{case.recipient_name} {papers.post_of(case)}"),
        (
            _("User id"),
            account.username if account else _("%(user_id)s (new)") % {"user_id": form.cleaned_data["user_id"]},
        ),
        (_("Where the keys will go"), _ways(case)),
    ]
    if tenure is not None and (account is None or tenure.subject_id != account.pk):
        ends = _(
            "%(name)s (%(user_id)s): the right to administer and every group end at once, the account is suspended"
        )
        facts.append(
            (
                _("Whose rights end"),
                ends % {"name": tenure.subject.person.full_name, "user_id": tenure.subject.username},
            )
        )
    context = {
        "case": case,
        "facts": facts,
        "version": form.cleaned_data["version"],
        "user_id": form.cleaned_data.get("user_id", ""),
        "crumbs": crumbs_of(case, (_("Approval"), url_of("approval", case)), (_("Summary"), None)),
    }
    return render(request, "official_letters/desk/approval_summary.html", context)


def _ways(case: LetterCase) -> str:
    if has_mobile_of_his_own(case):
        return _("A link goes to %(email)s, a code by SMS to %(mobile)s. Without both, nothing opens.") % {
            "email": case.email,
            "mobile": phones.display(case.mobile, language()),
        }
    return _("A link goes to %(contact)s. You print the code on a slip and hand it over in person.") % {
        "contact": case.email
    }


# --- Sending back -----------------------------------------------------------------------------------------------


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def returning(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return a letter for correction, with the reason."""
    return _send_back(request, public_id, "returned")


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def refusing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Refuse a letter, with the reason."""
    return _send_back(request, public_id, "refused")


def _send_back(request: HttpRequest, public_id: str, outcome: str) -> HttpResponse:
    case, now = load(public_id), timezone.now()
    posted = request.method == "POST"
    form = forms.SendBack(request.POST if posted else None, initial={"version": case.version})
    if posted and form.is_valid():
        act = deciding.return_for_correction if outcome == "returned" else deciding.refuse
        cleaned = form.cleaned_data
        try:
            act(actor=request.actor, public_id=public_id, version=cleaned["version"], note=cleaned["note"], at=now)
        except Denied as denied:
            case = load(public_id)
            if case.state == outcome and case.decided_by_id == request.actor.person_id:
                return see_other(f"{url_of('case', case)}?done={outcome}")
            add_refusal(form, denied, field=_FIELD_OF.get(denied.reason))
        else:
            return see_other(f"{url_of('case', case)}?done={outcome}")
    is_return = outcome == "returned"
    context = {
        "case": case,
        "form": form,
        "is_return": is_return,
        "may_send_back": policies.may_send_back(request.actor, case, at=now),
        "crumbs": crumbs_of(case, (_("Return for correction") if is_return else _("Refuse the letter"), None)),
    }
    return render(request, "official_letters/desk/send_back.html", context, status=status_of(form))


# --- After the issue --------------------------------------------------------------------------------------------


@desk(Desk.DEPARTMENT)
@require_safe
def issued(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm an issue with its number, and show how far the keys have got."""
    case, now = load(public_id), timezone.now()
    if case.state != CaseState.ISSUED:
        return see_other(url_of("case", case))
    context = {
        "case": case,
        "facts": activation_facts(case, at=now),
        "may_reissue": policies.may_reissue(request.actor, case, at=now),
        "may_print_slip": policies.may_print_head_slip(request.actor, case, at=now),
        "done": request.GET.get("done", ""),
        "crumbs": crumbs_of(case, (_("Issued"), None)),
    }
    return render(request, "official_letters/desk/issued.html", context)


@proved_lately
@desk(Desk.DEPARTMENT)
@require_POST
def reissue(request: HttpRequest, public_id: str) -> HttpResponse:
    """Issue the activation anew; the earlier one opens nothing any more."""
    case, now = load(public_id), timezone.now()
    try:
        following.reissue(actor=request.actor, public_id=public_id, at=now)
    except Denied as denied:
        return _refused(request, case, denied, at=now)
    return see_other(f"{url_of('issued', case)}?done=reissued")


@proved_lately
@desk(Desk.DEPARTMENT)
@require_POST
def slip(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the slip with the second code as PDF, this once: only the answer to a POST ever holds it."""
    case, now = load(public_id), timezone.now()
    try:
        printed = following.print_head_slip(actor=request.actor, public_id=public_id, at=now)
    except Denied as denied:
        return _refused(request, case, denied, at=now)
    registered = documents.latest_of_case(DocumentKind.ACTIVATION_SLIP, case.authority_id, case.case)
    paper = papers.slip_of(
        printed.case,
        printed.activation,
        code=printed.code,
        ends_at=printed.ends_at,
        at=now,
        activation_address=f"{settings.KUNJAE_BASE_URL}{reverse('identity:activate')}",
        **(_seal(registered.code) if registered else {}),
    )
    return _pdf(render_activation_slip(paper), f"slip-{case.case.replace('/', '-')}.pdf")


def _refused(request: HttpRequest, case: LetterCase, denied: Denied, *, at: datetime) -> HttpResponse:
    return case_page(request, load(case.public_id), at=at, refused=reasons.sentence(denied.reason, denied.facts))


@desk(Desk.DEPARTMENT)
@require_safe
def reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the department's reply to a decided letter as PDF."""
    case = load(public_id)
    if case.state not in (CaseState.ISSUED, CaseState.RETURNED, CaseState.REFUSED):
        raise Http404
    plain = papers.reply_of(case)
    registered = documents.issued(
        kind=DocumentKind.LETTER_REPLY,
        organisation_id=case.authority_id,
        case=case.case,
        content_hash=content_hash(plain),
    )
    sealed = papers.reply_of(case, **(_seal(registered.code) if registered else {}))
    return _pdf(render_letter_reply(sealed), f"reply-{case.case.replace('/', '-')}.pdf")


def _seal(code: str) -> dict[str, str]:
    return {"verification_base": f"{settings.KUNJAE_BASE_URL}/verify", "verification_code": code}


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
