"""Without a mouse: signing in and deciding a request, by Tab, Space, the arrows and Enter."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import HEAD, PASSWORD, yesterday

pytestmark = pytest.mark.browser

TABS_MAX = 80
FOCUS_IS_SEEN = """
() => {
    const style = getComputedStyle(document.activeElement)
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none'
}
"""


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands on a control; it must be seen wherever it stands on the way."""
    for _tab in range(TABS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue
        assert page.evaluate(FOCUS_IS_SEEN), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector} on {page.url}")


def _type_into(page: Page, name: str, text: str) -> None:
    _tab_to(page, f"[name={name}]")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_head_signs_in_and_decides_without_a_mouse(open_page: Callable[..., Page], javascript):
    page = open_page(javascript=javascript)
    applicant = "ญาณิศา" if javascript else "วีรภัทร"
    page.goto("/sign-in/")
    _type_into(page, "username", HEAD)
    _type_into(page, "password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/second-factor/")
    _type_into(page, "code", page.locator("main .demo-code .id").inner_text())
    page.keyboard.press("Enter")
    expect(page.locator(".mast")).to_be_visible()

    _tab_to(page, "a.skip")  # The first stop of every page leads past the menu.
    page.keyboard.press("Enter")
    address = page.locator("main a[href$='/decision/']").filter(has_text=applicant).get_attribute("href")
    _tab_to(page, f"main a[href='{address}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")

    _tab_to(page, "[name=opinion]")
    page.keyboard.press("Space")
    expect(page.locator("[name=opinion][value=approve]")).to_be_checked()
    _tab_to(page, "[name=groups]")
    page.keyboard.press("Space")
    _type_into(page, "order_number", "338/2569")
    day = yesterday()
    _type_into(page, "order_date_day", str(day.day))
    _tab_to(page, "[name=order_date_month]")
    for _month in range(day.month):
        page.keyboard.press("ArrowDown")
    _type_into(page, "order_date_year", str(day.year + 543))
    page.keyboard.press("Enter")
    expect(page.locator("main form button.btn--main")).to_be_visible()
    expect(page.locator("main")).to_contain_text("338/2569")

    _tab_to(page, "main button.btn--main")
    page.keyboard.press("Enter")
    expect(page.locator(".success, .note--ok").first).to_be_visible()
    assert page.url.endswith("/decided/")


def test_an_error_takes_the_focus_and_leads_to_its_control(open_page: Callable[..., Page]):
    page = open_page()
    page.goto("/sign-in/")
    _tab_to(page, "main form button.btn--main")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("[name=username]")).to_be_focused()
