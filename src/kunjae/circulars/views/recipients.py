"""
What an authority gets: its circulars, read and acknowledged (L-07).

The letter itself stands behind a button, because opening is noted and a GET writes nothing: a page that a preview of
mail or a careless click fetched would otherwise count as read.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kunjae.circulars import operations, policies, queries, wording
from kunjae.circulars.models import Receipt
from kunjae.circulars.views import frame
from kunjae.core import reasons
from kunjae.core.access import signed_in
from kunjae.core.leading_on import see_other
from kunjae.core.verdict import Denied
from kunjae.documents.showing import page_of_scan


@signed_in
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the circulars that came to the reader's authorities."""
    ids = _authority_ids(request)
    if not ids:
        raise Http404
    page = Paginator(queries.receipts_of(authority_ids=ids), frame.ROWS_PER_PAGE).get_page(frame.page_number(request))
    return render(request, "circulars/inbox.html", {"page": page, "lines": inbox_lines(page), "several": len(ids) > 1})


def inbox_lines(receipts: Any) -> list[dict[str, Any]]:
    """Give each receipt of a list with its words."""
    return [
        {
            "receipt": receipt,
            "state": wording.state_of(receipt),
            "reference": wording.reference(receipt.circular, frame.language()),
        }
        for receipt in receipts
    ]


@signed_in
@require_safe
def letter(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one circular: at first what it is about, once it was opened the letter itself."""
    return show_letter(request, _receipt(request, public_id), where="circulars:")


@signed_in
@require_POST
def read(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open the letter; who opened it first is noted."""
    _receipt(request, public_id)
    operations.open_circular(actor=request.actor, receipt_public_id=public_id, at=timezone.now())
    return see_other(reverse("circulars:letter", args=[public_id]))


@signed_in
@require_POST
def acknowledge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Acknowledge the letter for the authority."""
    return acknowledged(request, _receipt(request, public_id), where="circulars:")


@signed_in
@require_safe
def page(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Show one page of the scan of the letter."""
    return show_page(request, _receipt(request, public_id), number, where="circulars:")


# --- Shared with the province -----------------------------------------------------------------------------------


def show_letter(
    request: HttpRequest, receipt: Receipt, *, where: str, refused: str = "", more: dict[str, Any] | None = None
) -> HttpResponse:
    """Show one circular to a recipient; `where` is how the names of its addresses begin."""
    now = timezone.now()
    acknowledges = policies.may_acknowledge(request.actor, receipt, at=now)
    context = {
        **frame.letter(receipt.circular),
        "receipt": receipt,
        "state": wording.state_of(receipt),
        "facts": frame.reading_facts(receipt),
        "may_acknowledge": bool(acknowledges),
        "why_not": "" if acknowledges or receipt.acknowledged_at else acknowledges.sentence,
        "refused": refused,
        "done": request.GET.get("done") == "acknowledged" and receipt.acknowledged_at is not None,
        "read_url": reverse(f"{where}read", args=[receipt.public_id]),
        "acknowledge_url": reverse(f"{where}acknowledge", args=[receipt.public_id]),
        "page_url": f"{where}page",
        "crumbs": _crumbs(receipt, where),
        **(more or {}),
    }
    return render(request, "circulars/letter.html", context, status=422 if refused else 200)


def acknowledged(request: HttpRequest, receipt: Receipt, *, where: str) -> HttpResponse:
    """Acknowledge, and lead back to the letter."""
    try:
        operations.acknowledge(actor=request.actor, receipt_public_id=receipt.public_id, at=timezone.now())
    except Denied as denied:
        if denied.reason != "circular_acknowledged":
            sentence = reasons.sentence(denied.reason, denied.facts)
            return show_letter(request, receipt, where=where, refused=sentence)
    return see_other(f"{reverse(f'{where}letter', args=[receipt.public_id])}?done=acknowledged")


def show_page(request: HttpRequest, receipt: Receipt, number: int, *, where: str) -> HttpResponse:
    """Show one page of the scan, once the letter was opened."""
    if receipt.circular.file is None or receipt.opened_at is None:
        raise Http404
    back = reverse(f"{where}letter", args=[receipt.public_id])
    return page_of_scan(request, receipt.circular.file, number, back_url=back, crumbs=_crumbs(receipt, where))


def _crumbs(receipt: Receipt, where: str) -> frame.Crumbs:
    return [(_("Circulars"), reverse(f"{where}inbox")), (receipt.recipient_name, None)]


def _authority_ids(request: HttpRequest) -> list[int]:
    """The authorities for which the reader gets letters: where he heads, and where his account is."""
    standing = request.standing
    ids = {tenure.authority_id for tenure in standing.tenures}
    if standing.subject.authority_id is not None:
        ids.add(standing.subject.authority_id)
    return sorted(ids)


def _receipt(request: HttpRequest, public_id: str) -> Receipt:
    receipt = queries.receipts().filter(public_id=public_id, authority_id__in=_authority_ids(request)).first()
    if receipt is None or not policies.may_read(request.actor, receipt, at=timezone.now()):
        raise Http404
    return receipt
