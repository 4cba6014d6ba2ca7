"""L-02, L-07: the department sends a circular; a province and a head open, read and acknowledge it, others are reminded."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import HEAD, Mailbox, expect_refusal, follow, open_menu_entry, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("worker")]

Window = Callable[..., Page]
Look = Callable[[Page], None]

DEPARTMENT, PROVINCE, HEAD_OF_KARON = "dla.orathai", "phuket.nattaphon", "karon001"
TEXT = "ให้ทุกหน่วยงานตรวจสอบรายชื่อผู้ใช้งานภายในสิ้นเดือน"


def test_a_province_and_a_head_acknowledge_the_circular(open_page: Window, look_at: Look, javascript):
    department, province, head = (open_page(javascript=javascript) for _who in range(3))
    subject = f"การตรวจสอบรายชื่อผู้ใช้งาน {'ครั้งที่ 1' if javascript else 'ครั้งที่ 2'}"
    mail = Mailbox(open_page(), f"{HEAD_OF_KARON}@phuket.example")

    sign_in(department, DEPARTMENT)
    _prepare_and_send(department, subject, look_at)
    mail.letter(subject)

    sign_in(head, HEAD_OF_KARON)
    expect(head.locator("main")).to_contain_text(subject)
    _read_and_acknowledge(head, "/circulars/", subject, look_at)

    sign_in(province, PROVINCE)
    open_menu_entry(province, "/province/circulars/")
    look_at(province)
    _read_and_acknowledge(province, "/province/circulars/", subject, look_at)
    _follow_up_and_remind(province, look_at)

    open_menu_entry(department, "/department/circulars/")
    department.locator("main table th a").filter(has_text=subject).click()
    follow(department, "?state=acknowledged")
    look_at(department)
    expect(department.locator("main tbody tr")).to_have_count(2)


def _prepare_and_send(page: Page, subject: str, look_at: Look) -> None:
    open_menu_entry(page, "/department/circulars/")
    look_at(page)
    follow(page, "/circulars/new/")
    look_at(page)
    press(page)
    expect_refusal(page, "month", "year", "subject", "body")
    look_at(page)
    page.locator("[name=month]").select_option("11")
    page.locator("[name=year]").fill("๒๕๖๙")
    page.locator("[name=subject]").fill(subject)
    page.locator("[name=body]").fill(TEXT)
    press(page)
    look_at(page)
    follow(page, "/sending/")
    look_at(page)
    press(page)
    look_at(page)
    circular = page.url.partition("?")[0]
    for _look in range(60):
        page.goto(circular)
        if not page.locator("main .bar").count():
            break
        page.wait_for_timeout(500)
    expect(page.locator("main aside")).to_contain_text("20")


def _read_and_acknowledge(page: Page, part_of_address: str, subject: str, look_at: Look) -> None:
    page.goto(part_of_address)
    page.locator("main table th a").filter(has_text=subject).click()
    look_at(page)
    expect(page.locator("main")).not_to_contain_text(TEXT)
    press(page)
    expect(page.locator("main .sheet")).to_contain_text(TEXT)
    look_at(page)
    press(page)
    expect(page.locator("main [role=status]")).to_be_visible()
    look_at(page)


def _follow_up_and_remind(page: Page, look_at: Look) -> None:
    follow(page, "/follow-up/")
    look_at(page)
    page.locator("main table form[action*='/reminders/'] button").first.click()
    expect(page.locator("main [role=status]")).to_be_visible()
    look_at(page)


def test_a_province_sees_who_heads_its_authorities_and_reminds_of_a_vacancy(
    open_page: Window, look_at: Look, width, javascript
):
    page = open_page(javascript=javascript, width=width)
    first = width > 1000 and javascript

    sign_in(page, PROVINCE)
    page.goto("/province/")
    look_at(page)
    follow(page, "/province/?state=vacant")
    look_at(page)
    page.locator("main table.grid--fold th a").first.click()
    look_at(page)
    button = page.locator("main form:has([name=about][value=vacancy]) button")
    if first:
        button.click()
        expect(page.locator("main [role=status]")).to_be_visible()
        look_at(page)
    expect(button).to_have_count(0)


def test_the_department_sees_the_vacancies_of_the_nation(open_page: Window, look_at: Look, width):
    page = open_page(width=width)

    sign_in(page, DEPARTMENT)
    page.goto("/department/vacancies/")
    look_at(page)
    follow(page, "state=never")
    look_at(page)
    expect(page.locator("main tbody tr").first).to_be_visible()


def test_an_officer_reads_what_his_head_acknowledges(open_page: Window, look_at: Look):
    page = open_page()

    sign_in(page, "rawai014")
    open_menu_entry(page, "/circulars/")
    look_at(page)
    page.locator("main table th a").last.click()
    press(page)
    look_at(page)

    expect(page.locator("main .sheet")).to_be_visible()
    expect(page.locator("main form[action*='acknowledgement']")).to_have_count(0)


def test_the_acting_head_finds_the_letter_of_2562_and_no_invented_number(open_page: Window, look_at: Look, width):
    page = open_page(width=width)

    sign_in(page, HEAD)
    open_menu_entry(page, "/circulars/") if width > 1000 else page.goto("/circulars/")
    page.locator("main table th a").last.click()

    look_at(page)
    expect(page.locator("main")).to_contain_text("ไม่ปรากฏเลขที่")
    expect(page.locator("main")).to_contain_text("กรกฎาคม\u00a02562")
