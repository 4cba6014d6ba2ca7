"""No page is added without a rule, and none vanishes unnoticed."""

import difflib
from pathlib import Path

from django.urls.resolvers import RegexPattern, URLResolver, get_resolver

from tests.house.routes import listed, routes

ROUTES = Path(__file__).with_name("routes.txt")


def test_routes_are_those_that_were_read_and_agreed():
    agreed, present = ROUTES.read_text(encoding="utf-8").splitlines(), listed().splitlines()

    difference = list(difflib.unified_diff(agreed, present, "agreed", "present", lineterm="", n=0))
    assert not difference, "\n".join(
        [*difference, "read each; then: python -m tests.house.routes > tests/house/routes.txt"]
    )


def test_routes_have_a_rule_each():
    assert [route.pattern for route in routes() if route.rule is None] == []


def test_routes_of_an_authority_are_never_open_to_anybody():
    open_to_anybody = [
        route.pattern for route in routes() if "org_code" in route.parts and route.rule.kind in {"public", "signed_in"}
    ]

    assert open_to_anybody == []


def test_routes_end_in_a_slash_and_are_in_small_letters():
    odd = [
        route.pattern
        for route in routes()
        if route.pattern
        and not route.pattern.endswith(("/", ".txt", ".svg", ".pdf", ".png", ".xlsx", ".csv", ".ico", ".json"))
    ]

    assert odd == []


def test_routes_are_written_with_converters():
    def patterns(resolver):
        for entry in resolver.url_patterns:
            yield entry.pattern
            if isinstance(entry, URLResolver):
                yield from patterns(entry)

    assert [str(pattern) for pattern in patterns(get_resolver()) if isinstance(pattern, RegexPattern)] == []
