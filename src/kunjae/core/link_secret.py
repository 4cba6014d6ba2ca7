"""
The secret of a link in a mail: out of the address at once, into a cookie of the pages behind it (T-02, T-03).

Nothing is looked up and nothing is used: robots that follow links change nothing.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def out_of_the_address(
    request: HttpRequest, secret: str, *, cookie: str, leads_to: str, path: str, life: timedelta
) -> HttpResponse:
    """Lead on to `leads_to`, with the secret in a cookie of `path` and below."""
    response = HttpResponseRedirect(leads_to)
    response.set_cookie(
        cookie,
        secret,
        max_age=int(life.total_seconds()),
        path=path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    response["Referrer-Policy"] = "no-referrer"
    return response
