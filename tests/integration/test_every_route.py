"""
Every address tried as nobody, as an officer without the right, and as another authority's head.

Unknown and forbidden look alike to a stranger (T-09): both are 404.
"""

import pytest
from django.test import Client
from django.urls import reverse

from kunjae.entitlements import policies
from tests import factories
from tests.factories import NOW, PASSWORD, Town, actor_of
from tests.house.routes import Route, routes

pytestmark = pytest.mark.django_db

ROUTES = routes()
OF_AN_AUTHORITY = [route for route in ROUTES if "org_code" in route.parts]
#: A word of each form that names nothing.
NOTHING = {"IntConverter": "0", "PublicId": "bcdfghjkmnpq"}
OF_A_DESK = [route for route in ROUTES if route.rule and route.rule.kind == "desk"]


def address(route: Route, **parts: str) -> str:
    """Fill the blanks of an address; what is not given gets a word that names nothing."""
    filled = route.pattern
    for name, converter in route.parts.items():
        word = parts.get(name, NOTHING.get(type(converter).__name__, "nothing"))
        for blank in (f"<{prefix}{name}>" for prefix in ("", "str:", "slug:", "int:", "public_id:")):
            filled = filled.replace(blank, word)
    assert "<" not in filled, f"a converter that this test does not know: {route.pattern}"
    return f"/{filled}"


def signed_in(subject, **options) -> Client:
    """A browser that has gone through the sign-in page."""
    client = Client(**options)
    browser = Client()
    answer = browser.post(reverse("identity:sign_in"), {"username": subject.username, "password": PASSWORD})
    assert answer.status_code in {302, 303}, answer.content.decode()
    client.cookies = browser.cookies
    return client


@pytest.fixture
def town() -> Town:
    return factories.a_town()


def both(client: Client, path: str) -> list[int]:
    """Open a page and post to it; return both answers."""
    return [client.get(path).status_code, client.post(path).status_code]


def test_nobody_is_sent_to_the_sign_in_page():
    client, door = Client(), reverse("identity:sign_in")

    let_in = [
        f"{route}: {answer.status_code}"
        for route in ROUTES
        if route.rule.kind != "public"
        for answer in (client.get(address(route)), client.post(address(route)))
        if answer.status_code != 302 or not answer["Location"].startswith(door)
    ]

    assert let_in == []


def test_nobody_breaks_no_public_page():
    client = Client()

    broken = {
        route.pattern: answers
        for route in ROUTES
        if route.rule.kind == "public" and (answers := both(client, address(route))) and max(answers) >= 500
    }

    assert broken == {}


def test_another_authoritys_head_finds_nothing(town):
    client = signed_in(factories.a_town("กะรน", "karon").head)

    found = {
        route.pattern: answers
        for route in OF_AN_AUTHORITY
        if (answers := both(client, address(route, org_code=town.authority.code))) != [404, 404]
    }

    assert found == {}


def test_a_stranger_cannot_tell_an_authority_from_none(town):
    client = signed_in(factories.a_town("กะรน", "karon").head)

    for route in OF_AN_AUTHORITY:
        real = client.get(address(route, org_code=town.authority.code))
        none = client.get(address(route, org_code="9999999"))
        assert (real.status_code, len(real.content)) == (none.status_code, len(none.content)), route.pattern


def test_an_officer_is_refused_what_no_group_gives(town):
    client, actor = signed_in(town.officer), actor_of(town.officer)

    let_in = {
        route.pattern: answers
        for route in OF_AN_AUTHORITY
        if route.rule.kind == "permitted"
        and not policies.may(actor, route.rule.permission, town.authority.pk, at=NOW)
        and (answers := both(client, address(route, org_code=town.authority.code))) != [403, 403]
    }

    assert let_in == {}


def test_an_officer_finds_no_desk(town):
    client = signed_in(town.officer)

    found = {route.pattern: answers for route in OF_A_DESK if (answers := both(client, address(route))) != [404, 404]}

    assert found == {}


def test_the_head_breaks_no_page_with_a_word_that_names_nothing(town):
    client = signed_in(town.head)

    broken = {
        route.pattern: answers
        for route in ROUTES
        if "sign-out" not in route.pattern
        and (answers := both(client, address(route, org_code=town.authority.code)))
        and max(answers) >= 500
    }

    assert broken == {}


def test_no_page_takes_a_post_without_its_token(town):
    client = signed_in(town.head, enforce_csrf_checks=True)

    taken = {
        route.pattern: answer.status_code
        for route in ROUTES
        if (answer := client.post(address(route, org_code=town.authority.code))).status_code != 403
    }

    assert taken == {}


def test_pages_are_kept_by_no_browser(town):
    client = signed_in(town.head)

    kept = [
        route.pattern
        for route in ROUTES
        if (answer := client.get(address(route, org_code=town.authority.code))).status_code == 200
        and "no-store" not in answer.headers.get("Cache-Control", "")
    ]

    assert kept == []
