"""Who cannot get in: the four troubles, as people meet them (N-01, D11)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    NEW_PASSWORD,
    Mailbox,
    expect_refusal,
    follow,
    give_code,
    press,
    sign_in,
    sign_out,
    with_a_device,
)
from tests.browser.server import Demo

pytestmark = pytest.mark.browser

Window = Callable[..., Page]
Look = Callable[[Page], None]

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
    with_a_device(officer)
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
