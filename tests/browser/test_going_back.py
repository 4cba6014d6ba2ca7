"""The browser's own Back: from the page that asks once more to the form, with all that was typed."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.journeys import HEAD, RAWAI, choose, expect_refusal, fill_day, press, sign_in, sign_out, yesterday

Window = Callable[..., Page]


def test_back_from_the_summary_of_an_opinion_finds_the_form_as_it_was_left(open_page: Window, javascript: bool):
    head = open_page(javascript=javascript)
    sign_in(head, HEAD)
    head.goto("/")
    head.locator("main a[href$='/decision/']").first.click()
    choose(head, "opinion", "approve")
    choose(head, "groups", "finance_officer")
    head.locator("[name=order_number]").fill("338/2569")
    if javascript:
        # A refusal in between must not stand in the way; without a script the browser asks before it sends anew.
        press(head)
        expect_refusal(head, "order_date")
    fill_day(head, "order_date", yesterday())
    press(head)
    expect(head.locator("main")).to_contain_text("338/2569")

    head.go_back()

    expect(head.locator("[name=opinion][value=approve]")).to_be_checked()
    expect(head.locator("[name=groups][value=finance_officer]")).to_be_checked()
    expect(head.locator("[name=order_number]")).to_have_value("338/2569")
    head.locator("[name=order_number]").fill("339/2569")
    press(head)
    expect(head.locator("main")).to_contain_text("339/2569")
    head.reload()
    expect(head.locator("main")).to_contain_text("339/2569")


def test_back_from_the_check_of_a_closing_finds_the_form_as_it_was_left(open_page: Window):
    head = open_page()
    sign_in(head, HEAD)
    head.goto(f"/o/{RAWAI}/people/")
    head.locator("main table a").filter(has_text="ภาณุวัฒน์").click()
    head.locator("main a[href$='/closure/']").click()
    choose(head, "reason", "other")
    press(head)
    expect_refusal(head, "other_text")
    head.locator("[name=other_text]").fill("ลาออกไปประกอบอาชีพอื่น")
    press(head)
    expect(head.locator(".sheet")).to_contain_text("ลาออกไปประกอบอาชีพอื่น")

    head.go_back()

    expect(head.locator("[name=other_text]")).to_have_value("ลาออกไปประกอบอาชีพอื่น")


def test_back_after_a_refused_form_of_one_step_finds_the_form(open_page: Window):
    head = open_page()
    sign_in(head, HEAD)
    head.goto(f"/o/{RAWAI}/people/")
    head.locator("main table a").filter(has_text="ภาณุวัฒน์").click()
    head.locator("main a[href*='/suspension/']").click()
    press(head)
    expect_refusal(head, "reason")
    head.locator("[name=reason]").fill("ลาศึกษาต่อ")
    press(head)
    expect(head.locator(".success, .note--ok").first).to_be_visible()

    head.go_back()

    expect(head.locator("main h1")).to_be_visible()


def test_back_after_signing_out_shows_nothing_of_before(open_page: Window, javascript: bool):
    head = open_page(javascript=javascript)
    sign_in(head, HEAD)
    head.goto(f"/o/{RAWAI}/people/")
    expect(head.locator("main")).to_contain_text("ภาณุวัฒน์")
    sign_out(head)

    head.go_back()

    expect(head.locator("[name=password]")).to_be_visible()
    expect(head.locator("body")).not_to_contain_text("ภาณุวัฒน์")
