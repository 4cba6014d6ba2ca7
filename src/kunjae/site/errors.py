"""Error pages: they stand alone, fail closed and say a reference number that the log holds too."""

import sys
from datetime import timedelta

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from psycopg_pool import PoolTimeout

from kunjae.core.identifiers import reference_number

RETRY_AFTER = timedelta(seconds=5)

log = structlog.get_logger("kunjae.errors")


def _page(request: HttpRequest, status: int, *, template: str = "") -> HttpResponse:
    reference = reference_number()
    log.warning("error_page", status=status, reference=reference, method=request.method, route=_route(request))
    body = loader.get_template(template or f"{status}.html").render({"reference": reference})
    return HttpResponse(body, status=status)


def _route(request: HttpRequest) -> str:
    """Name the page by its pattern: the address itself may hold a secret."""
    return request.resolver_match.route if request.resolver_match else ""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read."""
    return _page(request, 400)


def too_large(request: HttpRequest, *, status: int) -> HttpResponse:
    """Answer a request whose body is larger than any form of ours, or of untold size."""
    return _page(request, status, template="413.html")


def busy(request: HttpRequest, *, retry_after: timedelta) -> HttpResponse:
    """Answer while too many passwords and codes wait to be checked (T-34)."""
    response = _page(request, 503)
    response["Retry-After"] = str(int(retry_after.total_seconds()))
    return response


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is refused."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer alike what does not exist and what the reader has nothing to do with (T-09)."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after a fault of ours; that all connections to the database are taken passes by itself."""
    fault = sys.exc_info()[1]
    if isinstance(fault, OperationalError) and isinstance(fault.__cause__, PoolTimeout):
        return busy(request, retry_after=RETRY_AFTER)
    return _page(request, 500)
