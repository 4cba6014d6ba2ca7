"""
Every address of the product with its method-independent access rule, one a line.

    python -m tests.house.routes > tests/house/routes.txt    after you have read the difference
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import django
from django.urls import URLPattern, URLResolver, get_resolver

from kunjae.core.access import Rule, asks_fresh_proof, rule_of


@dataclass(frozen=True)
class Route:
    """One address: its pattern as written, the names of its parts, and who may open it."""

    pattern: str
    names: tuple[str, ...]
    parts: dict[str, object]
    rule: Rule | None
    asks_proof: bool = False

    def __str__(self) -> str:
        return f"/{self.pattern}\t{self.rule or 'NO RULE'}{', after a proof' if self.asks_proof else ''}"

    def __hash__(self) -> int:
        return hash(self.pattern)


def routes() -> list[Route]:
    """List every address that the resolver knows, in order of its pattern."""
    return sorted(_walk(get_resolver(), "", (), {}), key=lambda route: route.pattern)


def _walk(resolver: URLResolver, prefix: str, names: tuple[str, ...], parts: dict[str, object]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        converters = {**parts, **entry.pattern.converters}
        if isinstance(entry, URLResolver):
            namespace = (entry.namespace,) if entry.namespace else ()
            yield from _walk(entry, pattern, names + namespace, converters)
        elif isinstance(entry, URLPattern):
            view = entry.callback
            yield Route(
                pattern=pattern,
                names=(*names, entry.name or ""),
                parts=converters,
                rule=rule_of(getattr(view, "view_class", view)) or rule_of(view),
                asks_proof=asks_fresh_proof(view),
            )


def listed() -> str:
    """Write the list as it stands in routes.txt."""
    return "".join(f"{route}\n" for route in routes())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    sys.stdout.write(listed())
