"""Clause 5: out of a group, suspended, back into use, closed; effective at the next click of any session."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kunjae.core.numerals import to_ascii_digits
from tests.browser.journeys import (
    HEAD,
    PASSWORD,
    RAWAI,
    Mailbox,
    choose,
    expect_refusal,
    expect_signed_out,
    fill_day,
    follow,
    open_menu_entry,
    press,
    send_again,
    sign_in,
    words_of_pdf,
    yesterday,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("worker")]

Window = Callable[..., Page]
Look = Callable[[Page], None]


def _open_person(head: Page, name: str) -> None:
    head.goto("/")
    open_menu_entry(head, "/people/")
    head.locator("main table a").filter(has_text=name).click()
    expect(head.locator("h1")).to_contain_text(name)


def test_a_person_is_taken_out_of_a_group(open_page: Window, look_at: Look, javascript):
    head, officer = open_page(javascript=javascript), open_page(javascript=javascript)
    name, username, group = (
        ("ญาณิศา", "rawai014", "เจ้าหน้าที่จัดเก็บรายได้") if javascript else ("ฐิติรัตน์", "rawai006", "เจ้าหน้าที่บัญชี")
    )
    mail = Mailbox(open_page(), f"{username}@phuket.example")
    sign_in(officer, username)
    officer.goto("/me/")
    expect(officer.locator("main")).to_contain_text(group)

    sign_in(head, HEAD)
    _open_person(head, name)
    look_at(head)
    follow(head, "/removal/")
    look_at(head)
    choose(head, "reason", "other")
    press(head)
    expect_refusal(head, "note")
    expect(head.locator("[name=reason][value=other]")).to_be_checked()
    look_at(head)
    head.locator("[name=note]").fill("ย้ายไปงานพัสดุ")
    press(head)
    expect(head.locator(".success, .note--ok").first).to_be_visible()
    expect(head.locator("main")).to_contain_text("ย้ายไปงานพัสดุ")
    look_at(head)

    officer.reload()
    held = officer.locator(".key:not(.key--gone)").filter(has_text=group)
    expect(held).to_have_count(0)
    assert group in mail.letter(group)
    head.goto(f"/o/{RAWAI}/reports/users-in-groups/")
    expect(head.locator("main tr").filter(has_text=username)).to_contain_text("สิ้นสุด")  # On its last day.


def test_a_suspended_person_is_out_at_the_next_click_and_comes_back(open_page: Window, look_at: Look, javascript):
    head, officer = open_page(javascript=javascript), open_page(javascript=javascript)
    sign_in(officer, "rawai011")
    sign_in(head, HEAD)
    _open_person(head, "ภาณุวัฒน์")
    follow(head, "/suspension/")
    look_at(head)
    press(head)
    expect_refusal(head, "reason")
    look_at(head)
    head.locator("[name=reason]").fill("ลาศึกษาต่อ")
    press(head)
    expect(head.locator("main aside")).to_contain_text("ลาศึกษาต่อ")
    look_at(head)

    officer.locator("nav.menu a[href='/me/']").click()
    expect_signed_out(officer)
    look_at(officer)
    officer.locator("[name=username]").fill("rawai011")
    officer.locator("[name=password]").fill(PASSWORD)
    press(officer)
    expect_refusal(officer)
    look_at(officer)

    head.goto(f"/o/{RAWAI}/reports/users-in-groups/")
    expect(head.locator("main tr").filter(has_text="rawai011")).to_contain_text("ระงับ")
    _open_person(head, "ภาณุวัฒน์")
    follow(head, "/resumption/")
    look_at(head)
    press(head)
    expect(head.locator(".success, .note--ok").first).to_be_visible()
    sign_in(officer, "rawai011")


def test_an_account_is_closed_with_part_2_and_the_paper_is_verified(open_page: Window, look_at: Look):
    head, officer, stranger = open_page(), open_page(), open_page()
    sign_in(officer, "rawai011")
    sign_in(head, HEAD)
    _open_person(head, "ภาณุวัฒน์")
    follow(head, "/closure/")
    look_at(head)
    choose(head, "reason", "other")
    press(head)
    expect_refusal(head, "other_text")
    look_at(head)
    head.locator("[name=other_text]").fill("ไม่ได้รับมอบหมายให้ปฏิบัติงานในระบบ")
    fill_day(head, "effective_date", yesterday(), thai_digits=True)
    press(head)
    expect_refusal(head, "left_date")  # A day in the past asks since when the person had left.
    fill_day(head, "left_date", yesterday())
    press(head)
    expect(head.locator(".sheet")).to_contain_text("ไม่ได้รับมอบหมายให้ปฏิบัติงานในระบบ")
    expect(head.locator(".sheet")).to_contain_text("ส่วนที่ 2")
    case = re.search(r"\d{4}/25\d\d", head.locator(".give").inner_text())
    assert case
    look_at(head)
    press(head)
    expect(head.locator(".success, .note--ok").first).to_be_visible()
    look_at(head)

    officer.locator("nav.menu a[href='/me/']").click()
    expect_signed_out(officer)
    head.goto(f"/o/{RAWAI}/reports/users-in-groups/")
    expect(head.locator("main tr").filter(has_text="rawai011")).to_contain_text("สิ้นสุด")
    head.goto(f"/o/{RAWAI}/reports/requests/")
    expect(head.locator("main")).to_contain_text("rawai011")
    look_at(head)

    code = _print_the_sheet(head, case.group())
    stranger.goto("/verify/")
    look_at(stranger)
    stranger.locator("[name=code]").fill("XXXX-0000")
    press(stranger)
    look_at(stranger)
    stranger.goto("/verify/")
    stranger.locator("[name=code]").fill(code)
    press(stranger)
    main = stranger.locator("main")
    expect(main).to_contain_text(case.group())
    expect(main).to_contain_text("ราไวย์")
    expect(main).not_to_contain_text("ภาณุวัฒน์")  # Minimal facts: the page names nobody.
    look_at(stranger)


def _print_the_sheet(head: Page, case: str) -> str:
    """Print form 2 of a closed account with both parts, and return the code beside its QR."""
    head.goto(f"/o/{RAWAI}/requests/")
    head.locator("main tr").filter(has_text=case).locator("a").first.click()
    expect(head.locator(".sheet")).to_contain_text("ส่วนที่ 2")
    printed = send_again(head, head.locator("main .acts form[action$='/form.pdf']"))
    assert printed.status == 200
    words = to_ascii_digits(words_of_pdf(printed.body()))
    assert case in words
    assert "ยกเลิก" in words
    found = re.search(r"verify/([A-Za-z0-9-]+)", words)
    assert found, words
    return found.group(1)
