"""Whose word about an address is believed, before Django sees a request."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from kunjae.core.addresses import clean_address

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def behind(trusted: Sequence[str], application: Application) -> Application:
    """
    Let an application see who asks behind the proxies that are trusted (addresses, networks or names).

    Only what these hosts forward is believed; from anybody else X-Forwarded-* is text without meaning. Addresses are
    compared as they are written shortest: a door for both kinds names an IPv4 proxy in its IPv6 form, and some proxies
    forward the port, too.
    """
    believing = wrap_wsgi_with_proxy_headers(application, trusted_hosts=list(trusted))

    def entered(scope: dict[str, Any], start: Any) -> Iterable[bytes]:
        if peer := scope.get("REMOTE_ADDR"):
            scope["REMOTE_ADDR"] = clean_address(peer) or peer
        if forwarded := scope.get("HTTP_X_FORWARDED_FOR"):
            scope["HTTP_X_FORWARDED_FOR"] = ", ".join(_address_in(hop) for hop in forwarded.split(","))
        answer: Iterable[bytes] = believing(scope, start)
        return answer

    return entered


def _address_in(hop: str) -> str:
    """Take the address out of `203.0.113.9:4711` and `[2001:db8::9]:4711`; what is no address stays as it is."""
    text = hop.strip()
    bare, colon, port = text.rpartition(":")
    if text.startswith("["):
        bare = text[1:].partition("]")[0]
    elif not colon or ":" in bare or not port.isdecimal():
        bare = text
    return clean_address(bare) or text
