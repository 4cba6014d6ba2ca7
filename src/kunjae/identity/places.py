"""From where somebody comes: the network address, and a short name of the browser."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest

from kunjae.core.addresses import clean_address


@dataclass(frozen=True, slots=True)
class Place:
    """From where somebody signs in."""

    address: str
    device: str


def place_of(request: HttpRequest) -> Place:
    """Read the address that the server established, and a short name of the browser."""
    return Place(
        clean_address(request.META.get("REMOTE_ADDR", "")),
        device_name(request.META.get("HTTP_USER_AGENT", "")[:_AGENT_LENGTH_MAX]),
    )


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


_AGENT_LENGTH_MAX = 300
"""What names browser and system stands before; longer ones would only fill the memory that keeps the answers."""


@lru_cache(maxsize=1024)
def device_name(agent: str) -> str:
    """Name browser and system in two words that their owner recognises."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " ".join(filter(None, [browser, system]))
