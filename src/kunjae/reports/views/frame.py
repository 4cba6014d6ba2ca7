"""What the pages of this app share: the way to them, the list refreshed alone, the file on its way out."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kunjae.documents.membership_report import Language
from kunjae.reports.operations import File


def language_of_reader() -> Language:
    """Return the language of the page."""
    return "en" if (get_language() or "th").startswith("en") else "th"


def is_head(request: HttpRequest) -> bool:
    """Tell whether the reader administers the authority of the path."""
    return request.standing.tenure_in(request.organisation.pk) is not None


def crumbs(request: HttpRequest, title: str, *, below_reports: bool = True) -> list[tuple[str, str | None]]:
    """Return the way to a page, in the names of the letter's menu."""
    way: list[tuple[str, str | None]] = [(_("System administration"), reverse("site:home"))]
    if below_reports:
        way.append((_("Reports"), reverse("reports:index", args=[request.organisation.code])))
    return [*way, (title, None)]


def wants_list_only(request: HttpRequest) -> bool:
    """Tell a script's refresh of the list from a page; going back wants the page."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")


def render_list(
    request: HttpRequest, page: str, part: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Show the page, or only its list to a script that asked for no more.

    What is refused stands beside its filter, outside of the list: the script is sent to the whole page.
    """
    if not wants_list_only(request):
        response = render(request, page, context, status=status)
    elif status == HTTPStatus.OK:
        response = render(request, part, {**context, "list_only": True})
    else:
        response = HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": request.get_full_path()})
    patch_vary_headers(response, ["HX-Request"])
    return response


def send(file: File) -> HttpResponse:
    """Send a file under its Thai name (RFC 6266), with a plain one for programs that cannot read it."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = (
        f"attachment; filename=\"{file.plain_name}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    )
    return response
