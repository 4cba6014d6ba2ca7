"""Clause 3: a head's keys are confidential above all. Second factors, as a head and an officer meet them (D5, L-31)."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    HEAD,
    PASSWORD,
    RAWAI,
    choose,
    expect_refusal,
    press,
    sign_in,
    sign_out,
    with_a_device,
)
from tests.browser.server import Demo

pytestmark = pytest.mark.browser

Window = Callable[..., Page]
Look = Callable[[Page], None]


def _let_the_proof_grow_old(demo: Demo) -> None:
    """Set back when everybody proved himself last; the program itself offers no way to."""
    with sqlite3.connect(demo.data / "kunjae.sqlite3", timeout=20) as rows:
        at = (datetime.now(UTC) - timedelta(minutes=21)).replace(tzinfo=None)
        rows.execute("UPDATE identity_session SET proved_at = ?", [str(at)])


def test_a_head_shows_the_code_of_an_app_and_once_more_before_a_grave_act(
    open_page: Window, look_at: Look, demo: Demo, javascript
):
    head = open_page(javascript=javascript, width=1280 if javascript else 390)
    head.goto("/sign-in/")
    head.locator("[name=username]").fill(HEAD)
    head.locator("[name=password]").fill(PASSWORD)
    press(head)
    look_at(head)
    press(head)
    expect_refusal(head, "code")
    look_at(head)
    sign_in(head, HEAD)

    head.goto(f"/o/{RAWAI}/people/")
    head.locator("main table a").filter(has_text="อุบลวรรณ" if javascript else "ฐิติรัตน์").first.click()
    head.locator("main a[href$='/closure/']").click()
    choose(head, "reason", "other")
    head.locator("[name=other_text]").fill("ลาออกไปประกอบอาชีพอื่น")
    press(head)
    expect(head.locator(".sheet")).to_contain_text("ลาออกไปประกอบอาชีพอื่น")
    _let_the_proof_grow_old(demo)
    press(head)

    expect(head.locator("[name=proof]")).to_be_visible()
    look_at(head)
    head.locator("[name=proof]").fill("12345")
    press(head)
    expect_refusal(head, "proof")
    for _second in range(35):
        if head.locator("main .demo-code .id").count():
            break
        head.wait_for_timeout(1_000)
        press(head)  # The page comes back with all that it carries.
    head.locator("[name=proof]").fill(head.locator("main .demo-code .id").inner_text())
    press(head)

    expect(head.locator(".success, .note--ok").first).to_be_visible()


def test_an_officer_binds_an_app_and_is_asked_for_it_from_then_on(open_page: Window, look_at: Look, javascript):
    username = "rawai014" if javascript else "rawai011"
    officer = open_page(javascript=javascript)
    sign_in(officer, username)
    officer.goto("/me/second-factors/")
    look_at(officer)
    officer.locator("main a[href$='/app/']").click()
    look_at(officer)
    press(officer)
    expect_refusal(officer, "code")
    key = officer.locator("main ol .id").first.inner_text().replace(" ", "")
    officer.locator("[name=code]").fill(pyotp.TOTP(key).now())
    press(officer)
    expect(officer.locator(".success, .note--ok").first).to_be_visible()
    look_at(officer)
    officer.locator("main a[href$='/codes/']").click()
    look_at(officer)
    press(officer)
    codes = officer.locator("main ul.id .keep").all_inner_texts()
    assert len(codes) == 10
    look_at(officer)
    officer.locator("main .btn--main").click()
    officer.locator("main table a").first.click()
    look_at(officer)
    sign_out(officer)

    officer.locator("[name=username]").fill(username)
    officer.locator("[name=password]").fill(PASSWORD)
    press(officer)
    officer.locator("[name=code]").fill(codes[4])
    press(officer)
    expect(officer.locator("form.sign-out")).to_have_count(1)
    sign_out(officer)

    _type_all_at_once(officer, username, "000000", look_at)
    expect_refusal(officer, "code")
    look_at(officer)
    officer.goto("/sign-in/")
    _type_all_at_once(officer, username, codes[5], look_at)

    expect(officer.locator("form.sign-out")).to_have_count(1)


def _type_all_at_once(page: Page, username: str, code: str, look_at: Look) -> None:
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("summary").click()
    page.locator("[name=code]").fill(code)
    look_at(page)
    press(page)


def test_an_officer_makes_a_passkey_and_signs_in_by_it(open_page: Window, look_at: Look, width):
    username = "rawai001" if width == 1280 else "rawai002"
    officer = open_page(width=width)
    with_a_device(officer)
    sign_in(officer, username)
    officer.goto("/me/second-factors/")
    officer.locator("main a[href$='/passkey/']").click()
    look_at(officer)
    officer.locator("button[data-start]").click()
    expect_refusal(officer, "name")
    officer.locator("[name=name]").fill("โทรศัพท์ของฉัน")
    officer.locator("button[data-start]").click()
    expect(officer.locator(".success, .note--ok").first).to_be_visible()
    expect(officer.locator("main table")).to_contain_text("โทรศัพท์ของฉัน")
    look_at(officer)
    sign_out(officer)

    officer.locator("a[href='/sign-in/passkey/']").click()
    look_at(officer)
    officer.locator("button[data-start]").click()

    expect(officer.locator("form.sign-out")).to_have_count(1)
    expect(officer.locator(".mast")).to_be_visible()


def test_a_page_of_passkeys_says_so_where_there_are_none(open_page: Window, look_at: Look):
    officer = open_page(javascript=False)
    officer.goto("/sign-in/passkey/")

    expect(officer.locator("[data-without]")).to_be_visible()
    expect(officer.locator("button[data-start]")).to_be_hidden()
    look_at(officer)
