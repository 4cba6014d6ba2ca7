"""Clause 4(3): a password of six months, as its owner and the head of finance meet it (L-43, D3)."""

import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    HEAD,
    NEW_PASSWORD,
    PASSWORD,
    RAWAI,
    expect_refusal,
    press,
    sign_in,
    sign_out,
)
from tests.browser.server import Demo

pytestmark = pytest.mark.browser

Window = Callable[..., Page]
Look = Callable[[Page], None]
REASON = "ออกพื้นที่ถึงวันศุกร์ และไม่มีเครื่องคอมพิวเตอร์ของตนเอง"


def _let_the_password_grow_old(demo: Demo, username: str, *, set_on: str = "2026-01-05") -> None:
    """Set back when a password was set; the program itself offers no way to."""
    with sqlite3.connect(demo.data / "kunjae.sqlite3", timeout=20) as rows:
        rows.execute(
            "UPDATE identity_subject SET password_changed_at = ?, password_due_date = ? WHERE username = ?",
            [f"{set_on} 03:00:00", "2026-07-06", username],
        )


def _come_to_the_question(page: Page, username: str) -> None:
    page.goto("/sign-in/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    press(page)
    expect(page.locator("[name=new_password]")).to_be_visible()


def test_an_officer_puts_it_off_and_the_head_reads_why(open_page: Window, look_at: Look, demo: Demo, javascript):
    username, width = ("rawai006", 1280) if javascript else ("rawai011", 390)
    _let_the_password_grow_old(demo, username)
    officer = open_page(javascript=javascript, width=width)
    _come_to_the_question(officer, username)
    look_at(officer)
    later = officer.locator("section[aria-labelledby=later]")
    later.locator("button").click()
    expect_refusal(officer, "reason")
    look_at(officer)
    later.locator("[name=reason]").fill(REASON)
    later.locator("button").click()
    expect(officer.locator("form.sign-out")).to_have_count(1)
    officer.goto("/me/")
    look_at(officer)
    sign_out(officer)
    sign_in(officer, username)

    head = open_page(javascript=javascript, width=width)
    sign_in(head, HEAD)
    head.goto(f"/o/{RAWAI}/people/")
    head.locator("a[href$='/old-passwords/']").first.click()

    expect(head.locator("main table")).to_contain_text(username)
    expect(head.locator("main table")).to_contain_text(REASON)
    look_at(head)


def test_an_officer_changes_it_on_the_way_in(open_page: Window, look_at: Look, demo: Demo, javascript):
    username = "rawai014" if javascript else "rawai006"
    _let_the_password_grow_old(demo, username, set_on="2026-01-06")
    officer = open_page(javascript=javascript, width=1280 if javascript else 390)
    _come_to_the_question(officer, username)
    now = officer.locator("section[aria-labelledby=now]")
    now.locator("[name=new_password]").fill(PASSWORD)
    now.locator("button[data-prevent-double-click]").click()
    expect_refusal(officer, "new_password")
    look_at(officer)
    now.locator("[name=new_password]").fill(NEW_PASSWORD)
    now.locator("button[data-prevent-double-click]").click()
    expect(officer.locator("form.sign-out")).to_have_count(1)
    sign_out(officer)

    sign_in(officer, username, NEW_PASSWORD)


def test_an_officer_binds_a_passkey_instead(open_page: Window, look_at: Look, demo: Demo, width):
    username = "rawai001" if width == 1280 else "rawai002"
    _let_the_password_grow_old(demo, username)
    officer = open_page(width=width)
    device = officer.context.new_cdp_session(officer)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    _come_to_the_question(officer, username)
    officer.locator("main a[href='/sign-in/due-password/passkey/']").click()
    look_at(officer)
    officer.locator("[name=name]").fill("โทรศัพท์ของฉัน")
    officer.locator("button[data-start]").click()
    expect(officer.locator("form.sign-out")).to_have_count(1)
    sign_out(officer)

    officer.locator("a[href='/sign-in/passkey/']").click()
    officer.locator("button[data-start]").click()
    expect(officer.locator("form.sign-out")).to_have_count(1)
