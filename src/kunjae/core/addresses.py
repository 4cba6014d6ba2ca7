"""Network addresses, as the server established them: what is none is nothing."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

LENGTH_MAX = 100
"""Longer text is no address, and is not kept in memory as one."""


def clean_address(text: str) -> str:
    """
    Return an IP address in its shortest form, or nothing for text that is none.

    An IPv4 address that a door for both kinds gives as IPv6 (RFC 4291 2.5.5.2) is the IPv4 address: all of them share
    one /64, and would be one place.
    """
    return _parsed(text) if len(text) <= LENGTH_MAX else ""


@lru_cache(maxsize=1024)
def _parsed(text: str) -> str:
    try:
        parsed = ip_address(text.strip())
    except ValueError:
        return ""
    return str(_unmapped(parsed))


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


@lru_cache(maxsize=1024)
def neighbourhood(address: str) -> str:
    """Return whom a limit holds for: the address, or of IPv6 its /64, which one household has whole."""
    try:
        parsed = _unmapped(ip_address(address))
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64)) + "/64"
    return str(parsed)
