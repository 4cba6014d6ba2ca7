"""A page of a scan as an answer: its picture, or a word on why there is none yet. The file itself is never sent."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kunjae.documents import storage
from kunjae.documents.models import StoredFile

_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; sandbox"}


def page_of_scan(
    request: HttpRequest, scan: StoredFile, number: int, *, back_url: str, crumbs: list[tuple[str, str | None]]
) -> HttpResponse:
    """
    Answer with the picture of one page, or with a page that says that it is being prepared or cannot be shown (T-26).

    Who may see the scan is the caller's question. Pages count from 1.

    :raises Http404: if the scan has no such page
    """
    if not 1 <= number <= scan.pages_count:
        raise Http404
    try:
        picture = storage.page_picture(scan.public_id, number)
    except FileNotFoundError:
        context = {
            "number": number,
            "is_being_prepared": scan.drawn_at is None,
            "back_url": back_url,
            "crumbs": crumbs,
        }
        return render(request, "documents/scan_page_waits.html", context)
    return HttpResponse(picture, content_type="image/png", headers=_HEADERS)
