"""Whose address a request bears behind the proxies that are trusted, and that nobody else's word counts."""

import pytest

from kunjae.site.proxies import behind


def seen(trusted: list[str], peer: str, forwarded: str = "", proto: str = "") -> tuple[str, str]:
    """Let a request come from a peer, and tell the address and the scheme that the application sees."""
    found = {}

    def application(scope, start):
        found.update(scope)
        return []

    scope = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http"}
    if forwarded:
        scope["HTTP_X_FORWARDED_FOR"] = forwarded
    if proto:
        scope["HTTP_X_FORWARDED_PROTO"] = proto
    behind(trusted, application)(scope, None)
    return found["REMOTE_ADDR"], found["wsgi.url_scheme"]


@pytest.mark.parametrize("peer", ["127.0.0.1", "::ffff:127.0.0.1", "::FFFF:7f00:1"])
@pytest.mark.parametrize("trusted", ["127.0.0.1", "127.0.0.0/8"])
def test_a_trusted_proxy_is_known_in_either_form_of_its_address(trusted, peer):
    assert seen([trusted], peer, "203.0.113.9", "https") == ("203.0.113.9", "https")


@pytest.mark.parametrize("peer", ["203.0.113.50", "::ffff:203.0.113.50", "2001:db8::50"])
def test_nobody_else_is_believed(peer):
    address, scheme = seen(["127.0.0.1", "10.0.0.0/8"], peer, "198.51.100.1", "https")

    assert address in {"203.0.113.50", "2001:db8::50"}
    assert scheme == "http"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:DB8::9", "2001:db8::9"),
        ("[2001:db8::9]:4711", "2001:db8::9"),
        ("[2001:db8::9]", "2001:db8::9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9, ::ffff:127.0.0.1", "203.0.113.9"),
        ("203.0.113.9:port", "203.0.113.9:port"),
        ("unknown", "unknown"),
    ],
)
def test_the_last_address_that_no_trusted_proxy_has_is_who_asks(forwarded, address):
    assert seen(["127.0.0.1"], "127.0.0.1", forwarded)[0] == address


def test_a_proxy_behind_a_socket_file_is_known_by_name():
    assert seen(["unix"], "unix", "203.0.113.9")[0] == "203.0.113.9"
