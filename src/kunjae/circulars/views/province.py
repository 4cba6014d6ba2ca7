"""A provincial office: its own circulars, acknowledged; those of its authorities, followed up (L-02, L-07)."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kunjae.circulars import forms, operations, queries
from kunjae.circulars.models import Circular, Receipt
from kunjae.circulars.views import frame, recipients
from kunjae.core.access import desk
from kunjae.core.leading_on import see_other
from kunjae.core.verdict import Denied
from kunjae.organisations.models import Desk

_HERE = "circulars:province_"


@desk(Desk.PROVINCE)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the circulars that came to the province."""
    found = queries.receipts_of(province_id=_province_id(request))
    page = Paginator(found, frame.ROWS_PER_PAGE).get_page(frame.page_number(request))
    context = {"page": page, "lines": recipients.inbox_lines(page), "of_province": True}
    return render(request, "circulars/inbox.html", context)


@desk(Desk.PROVINCE)
@require_safe
def letter(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one circular of the province."""
    receipt = _receipt(request, public_id)
    more = {"follow_up_url": reverse("circulars:province_follow_up", args=[public_id])}
    return recipients.show_letter(request, receipt, where=_HERE, more=more)


@desk(Desk.PROVINCE)
@require_POST
def read(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open the letter; who opened it first is noted."""
    _receipt(request, public_id)
    operations.open_circular(actor=request.actor, receipt_public_id=public_id, at=timezone.now())
    return see_other(reverse("circulars:province_letter", args=[public_id]))


@desk(Desk.PROVINCE)
@require_POST
def acknowledge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Acknowledge the letter for the province."""
    return recipients.acknowledged(request, _receipt(request, public_id), where=_HERE)


@desk(Desk.PROVINCE)
@require_safe
def page(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Show one page of the scan of the letter."""
    return recipients.show_page(request, _receipt(request, public_id), number, where=_HERE)


@desk(Desk.PROVINCE)
@require_safe
def follow_up(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show which authorities of the province opened and acknowledged the circular."""
    return _follow_up(request, _receipt(request, public_id))


@desk(Desk.PROVINCE)
@require_POST
def export(request: HttpRequest, public_id: str, file_format: str) -> HttpResponse:
    """Give the follow-up of the province out as a file."""
    receipt = _receipt(request, public_id)
    filters = frame.follow_up_filter(request, receipt.province_id)
    if not filters.is_valid():
        return _follow_up(request, receipt, filters=filters)
    try:
        return frame.export(request, receipt.circular, file_format, filters)
    except Denied as denied:
        return _follow_up(request, receipt, denied=denied, filters=filters)


@desk(Desk.PROVINCE)
@require_POST
def remind(request: HttpRequest, public_id: str, receipt_id: str) -> HttpResponse:
    """Remind one authority of the province."""
    receipt = _receipt(request, public_id)
    of_authority = queries.receipts().filter(
        circular=receipt.circular, public_id=receipt_id, authority__province_id=receipt.province_id
    )
    if not of_authority.exists():
        raise Http404
    try:
        operations.remind(actor=request.actor, receipt_public_id=receipt_id, at=timezone.now())
    except Denied as denied:
        return _follow_up(request, receipt, denied=denied, filters=forms.FollowUpFilter({}, provinces=None))
    return see_other(f"{reverse('circulars:province_follow_up', args=[public_id])}?done={receipt_id}")


def _follow_up(
    request: HttpRequest,
    receipt: Receipt,
    *,
    denied: Denied | None = None,
    filters: forms.FollowUpFilter | None = None,
) -> HttpResponse:
    circular: Circular = receipt.circular
    done = request.GET.get("done", "")
    context = {
        "reminded": queries.receipts()
        .filter(circular=circular, public_id=done, authority__province_id=receipt.province_id)
        .exclude(reminded_at=None)
        .first()
        if done
        else None,
        "xlsx_url": reverse("circulars:province_xlsx", args=[receipt.public_id]),
        "csv_url": reverse("circulars:province_csv", args=[receipt.public_id]),
        "here": reverse("circulars:province_follow_up", args=[receipt.public_id]),
        "remind_url": "circulars:province_remind",
        "remind_id": receipt.public_id,
        "crumbs": [
            (_("Circulars"), reverse("circulars:province_inbox")),
            (receipt.recipient_name, reverse("circulars:province_letter", args=[receipt.public_id])),
            (_("Follow-up"), None),
        ],
    }
    return frame.follow_up_page(
        request, circular, province_id=receipt.province_id, context=context, denied=denied, filters=filters
    )


def _province_id(request: HttpRequest) -> int:
    posting = request.standing.posting
    if posting is None or posting.province_id is None:
        raise Http404
    return int(posting.province_id)


def _receipt(request: HttpRequest, public_id: str) -> Receipt:
    receipt = queries.receipts().filter(public_id=public_id, province_id=_province_id(request)).first()
    if receipt is None:
        raise Http404
    return receipt
