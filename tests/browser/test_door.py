"""The pages before the sign-in: they stand on a server that nobody has seeded, too."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import press
from tests.browser.server import Demo, kunjae, serving
from tests.settings import TEST_FOLDER


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Serve an empty database."""
    data = TEST_FOLDER / "empty"
    kunjae("worker", "--batch", data=data)
    with serving(data) as server:
        yield server


@pytest.mark.parametrize("path", ["/sign-in/", "/activate/", "/no-such-page/"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_a_page_before_the_sign_in_is_accessible(open_page, assert_accessible, path, width, language):
    page = open_page(width=width, language=language)

    page.goto(path)

    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert_accessible(page)


def test_a_wrong_password_is_refused_and_what_was_typed_is_kept(open_page: Callable[..., Page], javascript):
    page = open_page(javascript=javascript)
    page.goto("/sign-in/")

    page.locator("[name=username]").fill("nobody.9999")
    page.locator("[name=password]").fill("wrong-password-1")
    press(page)

    expect(page.locator(".error-summary, [role=alert]").first).to_be_visible()
    expect(page.locator("[name=username]")).to_have_value("nobody.9999")
    expect(page.locator("[name=password]")).to_have_value("")
