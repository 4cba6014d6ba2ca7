"""The mailbox of the demo: where mail and SMS land while there is neither server nor gateway."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from kunjae.core.access import public
from kunjae.messaging import forms, queries, transports

LETTERS_A_PAGE = 25


def _exist_in_the_demo_only() -> None:
    """Answer as if there were no such page, should its address ever be reachable elsewhere."""
    if not transports.is_mailbox():
        raise Http404


@public
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the letters, newest first."""
    _exist_in_the_demo_only()
    filters = forms.MailboxFilter(request.GET)
    address = filters.cleaned_data["address"] if filters.is_valid() else ""
    page = Paginator(queries.delivered_copies(address), LETTERS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "messaging/mailbox.html", {"filters": filters, "page": page, "address": address})


@public
def letter(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one letter as its reader sees it, its link ready to follow."""
    _exist_in_the_demo_only()
    return render(
        request,
        "messaging/letter.html",
        {"letter": get_object_or_404(queries.delivered_copies(), public_id=public_id)},
    )
