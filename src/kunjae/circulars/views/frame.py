"""What the pages of circulars share: how a letter is shown, the follow-up as page and as file, where a list stands."""

from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kunjae.circulars import forms, operations, policies, queries, wording
from kunjae.circulars.models import Circular, Receipt
from kunjae.core import reasons
from kunjae.core.numerals import parse_whole_number
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.organisations.queries import provinces

ROWS_PER_PAGE = 50
_PAGE_MAX = 10_000

Crumbs = list[tuple[str, str | None]]


def language() -> Literal["th", "en"]:
    """Return the language of the page."""
    return "en" if (get_language() or "th").startswith("en") else "th"


def page_number(request: HttpRequest) -> int:
    """Read which page of a list is asked for."""
    try:
        return parse_whole_number(request.GET.get("page", "1"), low=1, high=_PAGE_MAX)
    except Unacceptable:
        return 1


def letter(circular: Circular) -> dict[str, Any]:
    """Give what the sheet of a circular shows."""
    return {
        "circular": circular,
        "reference": wording.reference(circular, language()),
        "letter_date_th": wording.date_of(circular, "th"),
        "letter_pages": range(1, circular.file.pages_count + 1) if circular.file else (),
    }


def lines_of(circular: Circular, receipts: Iterable[Receipt]) -> list[dict[str, Any]]:
    """Give each receipt of a page with the words of its state, and whether a reminder is due and reaches somebody."""
    now, receipts = timezone.now(), list(receipts)
    ids = [receipt.pk for receipt in receipts]
    reached = set(queries.to_be_reminded(circular.pk, at=now).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        {
            "receipt": receipt,
            "state": wording.state_of(receipt),
            "may_remind": receipt.pk in reached,
            "has_no_address": receipt.pk not in reached and bool(policies.is_due(receipt, at=now)),
        }
        for receipt in receipts
    ]


def follow_up_page(
    request: HttpRequest,
    circular: Circular,
    *,
    province_id: int | None,
    context: dict[str, Any],
    denied: Denied | None = None,
    filters: forms.FollowUpFilter | None = None,
) -> HttpResponse:
    """Show how far a circular got with each recipient: of the nation, or of one province."""
    if filters is None:
        filters = follow_up_filter(request, province_id)
    is_valid = filters.is_valid()
    selection = filters.selection() if is_valid else queries.Selection()
    found = queries.follow_up(circular.pk, selection, province_id=province_id)
    page = Paginator(found if is_valid else found.none(), ROWS_PER_PAGE).get_page(page_number(request))
    total = page.paginator.count
    context = {
        **letter(circular),
        "filters": filters,
        "asked": {field.html_name: field.value() or "" for field in filters},
        "is_filtered": is_valid and any(filters.cleaned_data.values()),
        "figures": queries.figures(circular.pk, province_id=province_id),
        "page": page,
        "lines": lines_of(circular, page.object_list),
        "caption": ngettext("%(count)s recipient", "%(count)s recipients", total) % {"count": f"{total:,}"},
        "refused": denied and reasons.sentence(denied.reason, denied.facts),
        "of_one_province": province_id is not None,
        **context,
    }
    status = 422 if filters.errors or denied else 200
    return render(request, "circulars/follow_up.html", context, status=status)


def follow_up_filter(request: HttpRequest, province_id: int | None) -> forms.FollowUpFilter:
    """Read what the follow-up is narrowed down to."""
    typed = request.POST.dict() if request.method == "POST" else request.GET.dict()
    return forms.FollowUpFilter(typed, provinces=None if province_id is not None else provinces())


def export(request: HttpRequest, circular: Circular, file_format: str, filters: forms.FollowUpFilter) -> HttpResponse:
    """
    Give the follow-up out as a file; the record keeps that it went.

    :raises Denied: as `operations.export_follow_up` says
    """
    file = operations.export_follow_up(
        actor=request.actor,
        circular=circular,
        selection=filters.selection(),
        file_format=file_format,
        language=language(),
        at=timezone.now(),
    )
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = (
        f"attachment; filename=\"{file.plain_name}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    )
    return response


def reading_facts(receipt: Receipt) -> list[tuple[str, Any]]:
    """List where a recipient stands with a circular."""
    circular = receipt.circular
    facts: list[tuple[str, Any]] = [(_("Recipient"), receipt.recipient_name), (_("Sent"), circular.sent_at)]
    if circular.clauses:
        facts.append((_("Clauses that it concerns"), circular.clauses))
    if circular.due_date:
        facts.append((_("To be acknowledged by"), circular.due_date))
    if receipt.opened_at and receipt.opened_by:
        facts.append((_("Opened by"), receipt.opened_by.full_name))
        facts.append((_("Opened on"), receipt.opened_at))
    if receipt.acknowledged_at and receipt.acknowledged_by:
        name = f"{receipt.acknowledged_by.full_name} {receipt.acknowledged_as}".strip()
        facts += [(_("Acknowledged by"), name), (_("Acknowledged on"), receipt.acknowledged_at)]
    if receipt.reminded_at:
        facts.append((_("Reminded on"), receipt.reminded_at))
    return facts
