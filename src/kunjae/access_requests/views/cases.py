"""One request: its page, its paper, its scan."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.access_requests import operations, policies, queries, sheet, wording
from kunjae.access_requests.models import AccessRequest, CredentialWish, RequestState, WayIn
from kunjae.access_requests.queries import Groups
from kunjae.audit.queries import timeline
from kunjae.core import phones
from kunjae.core.access import member
from kunjae.core.clock import long_date, long_datetime
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.documents import official_wording
from kunjae.documents import queries as documents
from kunjae.documents.form_2 import (
    Form2Sheet,
    blank_form_2,
    content_hash,
    groups_granted_unasked,
    groups_not_granted,
    render_form_2,
)
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.documents.showing import page_of_scan
from kunjae.identity.models import SignInAttempt
from kunjae.identity.queries import looked_back_over, open_activation
from kunjae.messaging.queries import messages_of_case

Facts = list[tuple[str, Any]]

_DONE = {
    "submitted": RequestState.SUBMITTED,
    "corrected": RequestState.SUBMITTED,
    "withdrawn": RequestState.WITHDRAWN,
}


def language() -> str:
    """Name the reader's language."""
    return get_language() or "th"


def load(request: HttpRequest, public_id: str) -> AccessRequest:
    """
    Load the request in the path, if it belongs to the authority in the path and the reader may see it.

    :raises Http404: otherwise, alike for what does not exist and for what is somebody else's (T-09)
    """
    found = queries.request_in(request.organisation, public_id)
    if found is None or not policies.may_see(request.actor, found, at=timezone.now()):
        raise Http404
    return found


def load_submitted(request: HttpRequest, public_id: str) -> AccessRequest:
    """
    Load the request in the path for the head of its authority, whom the page's rule has let in.

    :raises Http404: if there is none here, or if it is a draft, which is its author's own affair
    """
    found = queries.request_in(request.organisation, public_id)
    if found is None or not found.case:
        raise Http404
    return found


def right_of_head(request: HttpRequest) -> Verdict | None:
    """
    Say whether the reader administers the authority, as the gate read it a moment ago; None where `may` must be asked.

    Every permission of `OF_TENURE` comes with it. An operation asks anew, under the lock.
    """
    return ALLOWED if request.standing.tenure_in(request.organisation.pk) else None


def url_of(name: str, item: AccessRequest) -> str:
    """Give the address of a page about a request."""
    return reverse(f"access_requests:{name}", args=[item.authority.code, item.public_id])


def sheet_context(item: AccessRequest, groups: Groups) -> dict[str, Any]:
    """Give what the sheet's partial shows."""
    filled_in = sheet.sheet_of(item, groups)
    return {
        "sheet": filled_in,
        "wording": official_wording,
        "not_granted": groups_not_granted(filled_in),
        "unasked": groups_granted_unasked(filled_in),
    }


def crumbs_of(request: HttpRequest, item: AccessRequest, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """Give the way to a request: from the head's list, or from the officer's own."""
    code = item.authority.code
    if item.applicant_id == request.actor.person_id:
        first = (_("My requests"), reverse("access_requests:mine", args=[code]))
    else:
        first = (_("Officers' requests"), reverse("access_requests:waiting", args=[code]))
    name = _("No. %(case)s") % {"case": item.case} if item.case else _("Being written")
    return [first, (name, url_of("request", item) if more else None), *more]


@member
@require_safe
def request_page(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Show one request: its sheet, where it stands, what was sent, and what may be done next."""
    now = timezone.now()
    item = queries.request_in(request.organisation, public_id)
    if item is None:
        raise Http404
    right, himself = right_of_head(request), request.standing.subject
    decides = policies.may_decide(request.actor, item, at=now, permitted=right, himself=himself)
    # Whoever may decide may see: one question less.
    if not (decides or policies.may_see(request.actor, item, at=now, permitted=right)):
        raise Http404
    groups = queries.groups_of(item)
    is_own = item.applicant_id == request.actor.person_id
    is_author = bool(policies.may_edit(request.actor, item, at=now, permitted=right))
    context = {
        "item": item,
        "groups": groups,
        "standing": wording.standing_of(item, at=now),
        "facts": facts_of(item),
        "outcome": outcome_of(item),
        "is_own": is_own,
        "may_edit": is_author,
        "decides": decides,
        "looked_back": looked_back(item) if decides or right else (),
        "is_closed": getattr(item.opened_subject, "closure", None) is not None,
        "done": done_now(request, item),
        "slip": None if is_own else slip_for(request, item),
        "scan_pages": range(1, item.scan.pages_count + 1) if item.scan else (),
        "signed_scans": queries.signed_scans_of(item) if item.case else (),
        "may_scan": bool(item.case and right),
        "timeline": wording.timeline_of(item, timeline(item.authority_id, item.case), language=language())
        if item.case
        else (),
        "messages": messages_of_case(item.authority_id, item.case) if item.case else (),
        "crumbs": crumbs_of(request, item),
        **sheet_context(item, groups),
    }
    return render(request, "access_requests/request.html", context)


def looked_back(item: AccessRequest) -> Iterable[SignInAttempt]:
    """List the sign-ins before somebody said that his password may be known: what was done with it then (D11)."""
    if not item.secret_may_be_known or item.subject is None or item.submitted_at is None:
        return ()
    return looked_back_over(item.subject.pk, at=item.submitted_at)


def done_now(request: HttpRequest, item: AccessRequest) -> str:
    """Read from the address what the reader has just done, if the request still bears it out."""
    done = request.GET.get("done", "")
    if done == "scanned":
        return done
    return done if done in _DONE and _DONE[done] == item.state else ""


def slip_for(request: HttpRequest, item: AccessRequest) -> str:
    """Say why a slip is needed, or could be wanted: "slip", "sms", or "" where there is none to print."""
    if item.state != RequestState.APPROVED or item.subject is None or item.credential_wish == CredentialWish.NONE:
        return ""
    activation = open_activation(item.subject_id)
    if activation is None:
        return ""
    # What is known of the reader holds in the authority of the path; the account may be of another.
    right = right_of_head(request) if item.subject.authority_id == item.authority_id else None
    may_print = policies.may_print_slip(
        request.actor, item.subject, at=timezone.now(), permitted=right, activation=activation
    )
    return activation.second_way if may_print else ""


def facts_of(item: AccessRequest) -> Facts:
    """List what stands beside the sheet: how the request came, and how its person is reached (A2-08)."""
    facts: Facts = [(_("Came by"), WayIn(item.way_in).label)]
    if item.submitted_at:
        facts.append((_("Submitted"), item.submitted_at))
    if item.way_in == WayIn.PAPER and item.keyed_by is not None:
        facts.append((_("Keyed by"), item.keyed_by.full_name))
    if item.email:
        facts.append((_("E-mail"), _contact(item.email, item.email_confirmed_at)))
    if item.mobile:
        facts.append((_("Mobile"), _contact(phones.display(item.mobile, language()), item.mobile_confirmed_at)))
    if item.subject is not None:
        facts.append((_("User id"), item.subject.username))
    return facts


def _contact(shown: str, confirmed_at: Any) -> str:
    if confirmed_at is None:
        return _("%(contact)s (not confirmed)") % {"contact": shown}
    return _("%(contact)s (confirmed)") % {"contact": shown}


def outcome_of(item: AccessRequest) -> Facts:
    """List what was decided, by whom and on which order."""
    if item.decided_at is None:
        return []
    facts: Facts = [
        (_("Decided"), long_datetime(item.decided_at, language())),
        (_("By"), f"{item.decider_name} {item.decider_position_th}".strip()),
    ]
    if item.refusal_reason:
        facts.append((_("Because"), item.refusal_reason))
    if item.basis_order_number:
        day = long_date(item.basis_order_date, language()) if item.basis_order_date else ""
        facts.append(
            (_("Assignment order"), _("no. %(number)s of %(day)s") % {"number": item.basis_order_number, "day": day})
        )
    return facts


# --- Paper ------------------------------------------------------------------------------------------------------


@member
@require_http_methods(["GET", "HEAD", "POST"])
def form_pdf(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """
    Give the sheet as PDF. POST enters it in the register of documents first, if it reads anew.

    Each act on a request registers its sheet, so that a GET finds it there; part 2 is recorded on
    another floor, and a print after it comes by POST. An unregistered sheet bears no QR code.
    """
    item = load(request, public_id)
    if request.method == "POST":
        operations.register(actor=request.actor, request_public_id=item.public_id, at=timezone.now())
    return pdf_of(item)


def pdf_of(item: AccessRequest) -> HttpResponse:
    """Answer with a request's sheet, with its QR code if it is registered."""
    plain = sheet.sheet_of(item, queries.groups_of(item))
    registered = documents.issued(
        kind=DocumentKind.FORM_2,
        organisation_id=item.authority_id,
        case=item.case,
        content_hash=content_hash(plain),
    )
    name = f"form-2-{item.case.replace('/', '-') or 'draft'}.pdf"
    return _pdf(render_form_2(_sealed(plain, registered)), name)


def _sealed(plain: Form2Sheet, registered: IssuedDocument | None) -> Form2Sheet:
    if registered is None:
        return plain
    return sheet.with_seal(plain, base=f"{settings.KUNJAE_BASE_URL}/verify", code=registered.code)


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@member
@require_safe
def blank_form(request: HttpRequest, org_code: str) -> HttpResponse:
    """Give an empty form with the authority's name on it, to be filled in by hand (D12)."""
    content = blank_form_2(**sheet.blank_sheet(request.organisation))
    return _pdf(content, f"form-2-{request.organisation.code}.pdf")


@member
@require_safe
def scan(request: HttpRequest, org_code: str, public_id: str, page: int) -> HttpResponse:
    """Show one page of the signed paper, as we drew it; the file itself is never sent (T-26)."""
    item = load(request, public_id)
    if item.scan is None:
        raise Http404
    name = _("Page %(number)s of the scan") % {"number": page}
    return page_of_scan(
        request, item.scan, page, back_url=url_of("request", item), crumbs=crumbs_of(request, item, (name, None))
    )
