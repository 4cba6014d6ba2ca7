"""Network addresses, as the server established them: what is none is nothing."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

LENGTH_MAX = 100
"""Longer text is no address, and is not kept in memory as one."""


def clean_address(text: str) -> str:
    """Return an IP address in its shortest form, or nothing for text that is none."""
    return _parsed(text) if len(text) <= LENGTH_MAX else ""


@lru_cache(maxsize=1024)
def _parsed(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""


@lru_cache(maxsize=1024)
def neighbourhood(address: str) -> str:
    """Return whom a limit holds for: the address, or of IPv6 its /64, which one household has whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64)) + "/64"
    return address
