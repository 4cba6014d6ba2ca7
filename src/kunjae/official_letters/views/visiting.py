"""What the public pages of form 1 share: they are kept in no cache, and a place may not do too much."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from kunjae.core.actor import Actor, visitor
from kunjae.official_letters.policies.preparing import place_key

_HOUR = 60 * 60


def unseen(response: HttpResponse) -> HttpResponse:
    """
    Keep a page out of every cache, and its path out of every referrer.

    Not `no-referrer`: a form sent under it names its origin as null, and would be refused as a forgery.
    """
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "strict-origin"
    return response


def acting(request: HttpRequest, flow: str) -> Actor:
    """Name who acts on a public page: whoever is signed in, or a visitor."""
    return request.actor if request.actor.is_person else visitor(flow, address=request.actor.address)


def is_too_often(request: HttpRequest, act: str, *, an_hour: int) -> bool:
    """
    Count an act from a place, and tell whether it happens too often there.

    Modest on purpose: a whole office stands behind one address (T-20).
    """
    key = f"official_letters:{act}:{place_key(request.actor.address)}"
    cache.add(key, 0, timeout=_HOUR)
    try:
        return cache.incr(key) > an_hour
    except ValueError:
        # It expired between the two calls: the first of a new hour.
        return False
