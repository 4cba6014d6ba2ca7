"""Clause 3: a head's keys are confidential above all. Second factors, as a head and an officer meet them (D5, L-31)."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    HEAD,
    NEW_PASSWORD,
    PASSWORD,
    RAWAI,
    Mailbox,
    choose,
    expect_refusal,
    follow,
    give_code,
    press,
    sign_in,
    sign_out,
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


def _with_a_device(officer: Page) -> None:
    """Give a window a device that makes passkeys and knows its owner by his finger."""
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


def test_an_officer_makes_a_passkey_and_signs_in_by_it(open_page: Window, look_at: Look, width):
    username = "rawai001" if width == 1280 else "rawai002"
    officer = open_page(width=width)
    _with_a_device(officer)
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


# --- Forgotten ------------------------------------------------------------------------------------------------------

RESET_LINK = "/cannot-enter/new-password/link/"


def _ask_for_the_link(window: Page, username: str, look_at: Look) -> None:
    window.goto("/sign-in/")
    follow(window, "/cannot-enter/")
    look_at(window)
    follow(window, "/cannot-enter/password/")
    press(window)
    expect_refusal(window, "username")
    look_at(window)
    window.locator("[name=username]").fill(username)
    press(window)
    look_at(window)


def test_a_head_who_forgot_the_password_sets_it_anew_with_the_code_of_the_app(
    open_page: Window, look_at: Look, demo: Demo, worker: None
):
    """D11: mailbox and second factor; the second factor is asked for at the sign-in all the same."""
    head = open_page(javascript=False, width=390)
    mail = Mailbox(head, "kathu001@phuket.example")
    _ask_for_the_link(head, "kathu001", look_at)
    mail.follow(RESET_LINK)
    look_at(head)
    head.locator("[name=code]").fill("12")
    press(head)
    expect_refusal(head, "code")
    look_at(head)
    give_code(head)
    look_at(head)
    head.locator("[name=new_password]").fill("password1")
    press(head)
    expect_refusal(head, "new_password")
    head.locator("[name=new_password]").fill(NEW_PASSWORD)
    press(head)
    expect(head.locator(".note--ok")).to_be_visible()
    look_at(head)

    head.goto("/cannot-enter/new-password/")
    expect(head.locator("h1")).to_have_text("ลิงก์นี้ใช้ไม่ได้")
    look_at(head)
    sign_in(head, "kathu001", NEW_PASSWORD)


def test_an_officer_who_forgot_the_password_shows_his_passkey(
    open_page: Window, look_at: Look, demo: Demo, worker: None
):
    officer = open_page()
    mail = Mailbox(officer, "rawai006@phuket.example")
    _with_a_device(officer)
    sign_in(officer, "rawai006")
    officer.goto("/me/second-factors/passkey/")
    officer.locator("[name=name]").fill("โทรศัพท์")
    officer.locator("button[data-start]").click()
    expect(officer.locator(".success, .note--ok").first).to_be_visible()
    sign_out(officer)

    _ask_for_the_link(officer, "rawai006", look_at)
    mail.follow(RESET_LINK)
    look_at(officer)
    officer.locator("button[data-start]").click()
    officer.locator("[name=new_password]").fill(NEW_PASSWORD)
    press(officer)
    expect(officer.locator(".note--ok")).to_be_visible()
    expect(officer.locator("main")).to_contain_text("/25")
    look_at(officer)
    follow(officer, "/sign-in/")
    officer.locator("[name=username]").fill("rawai006")
    officer.locator("[name=password]").fill(NEW_PASSWORD)
    press(officer)
    expect(officer).to_have_url(re.compile("/sign-in/second-factor/"))


def test_a_forgotten_user_id_and_one_that_does_not_open_are_answered_by_mail(
    open_page: Window, look_at: Look, demo: Demo, worker: None
):
    officer = open_page()
    mail = Mailbox(officer, "rawai001@phuket.example")
    officer.goto("/cannot-enter/user-id/")
    look_at(officer)
    officer.locator("[name=email]").fill("rawai001@phuket.example")
    press(officer)
    look_at(officer)
    assert "rawai001" in mail.letter(r"rawai001\b(?!@)")
    officer.goto("/cannot-enter/unusable/")
    look_at(officer)
    officer.locator("[name=username]").fill("rawai001")
    press(officer)
    mail.letter("24")
