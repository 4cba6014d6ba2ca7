"""Clause 1(1) and form 1, the public part: three questions, the letter, the proof of addresses, the objection."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    RAWAI,
    Mailbox,
    choose,
    expect_refusal,
    fill_day,
    follow,
    press,
    sign_in,
    words_of_pdf,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("worker")]

Window = Callable[..., Page]
Look = Callable[[Page], None]

DESK_OFFICER = "dla.orathai"


def test_somebody_at_an_authority_prepares_the_letter_without_an_account(
    open_page: Window, look_at: Look, javascript, width
):
    page = open_page(javascript=javascript, width=width)

    _answer_the_questions(page, look_at)
    _choose_the_authority(page, look_at)
    _fill_in_the_letter(page, look_at)
    _check_change_and_print(page, look_at)
    _leave(page, look_at)


def test_the_letter_is_prepared_on_english_pages_in_the_letters_own_words(open_page: Window, look_at: Look):
    page = open_page(language="en")
    _answer_the_questions(page, look_at)
    _choose_the_authority(page, look_at)
    _fill_in_the_letter(page, look_at)

    expect(page.locator("h1")).to_have_text("Check the letter")
    expect(page.locator(".sheet")).to_contain_text("จึงเรียนมาเพื่อโปรดพิจารณาดำเนินการต่อไป")
    look_at(page)


def _answer_the_questions(page: Page, look_at: Look) -> None:
    page.goto("/sign-in/")
    follow(page, "/cannot-enter/")
    look_at(page)
    follow(page, "/letters/")
    look_at(page)
    press(page)
    expect_refusal(page, "happened", "may_be_known", "can_hand_over")
    look_at(page)
    for name, answer in (("happened", "lost"), ("may_be_known", "yes"), ("can_hand_over", "no")):
        choose(page, name, answer)
    press(page)
    expect(page.locator(".note--stop")).to_be_visible()
    look_at(page)
    follow(page, "/letters/authority/")


def _choose_the_authority(page: Page, look_at: Look) -> None:
    look_at(page)
    page.locator("[name=words]").fill("ไม่มีที่นี่")
    press(page)
    look_at(page)
    page.locator("[name=words]").fill("ราไวย์ ภูเก็ต")
    press(page)
    expect(page.locator("main table")).to_contain_text("อำเภอเมืองภูเก็ต จังหวัดภูเก็ต")
    look_at(page)
    page.locator(f"button[name=code][value='{RAWAI}']").click()


def _fill_in_the_letter(page: Page, look_at: Look) -> None:
    look_at(page)
    press(page)
    expect_refusal(page, "is_lost", "recipient_given_name", "email", "signer_capacity")
    look_at(page)
    for box in ("is_lost", "head_has_left"):
        page.locator(f"[name={box}]").check()
    choose(page, "leaving_kind", "moved")
    _name(page, "recipient", "นางสาว", "กรรณิการ์", "ฏีกาญี่ปุ่น")
    choose(page, "position_box", "acting")
    page.locator("[name=own_position_th]").fill("นักวิชาการเงินและบัญชีชำนาญการ")
    choose(page, "capacity", "acting_for")
    page.locator("[name=order_number]").fill("๓๓๘/๒๕๖๙")
    fill_day(page, "order_date", date(2026, 10, 8), thai_digits=True)
    fill_day(page, "order_from_date", date(2026, 10, 12))
    page.locator("[name=email]").fill("kannika@rawai.example")
    page.locator("[name=mobile]").fill("๐๘๑ ๒๒๒ ๐๐๗๗")
    choose(page, "contact_is", "recipient")
    _name(page, "signer", "นาย", "อรุณ", "โสฬส")
    choose(page, "signer_capacity", "chief_executive")
    press(page)
    expect(page.locator(".sheet")).to_be_visible()


def _name(page: Page, who: str, title: str, given_name: str, family_name: str) -> None:
    page.locator(f"[name={who}_title_choice]").select_option(title)
    page.locator(f"[name={who}_given_name]").fill(given_name)
    page.locator(f"[name={who}_family_name]").fill(family_name)


def _check_change_and_print(page: Page, look_at: Look) -> None:
    look_at(page)
    expect(page.locator(".sheet .box.on")).to_have_count(3)
    expect(page.locator(".sheet")).to_contain_text("มือถือของผู้รับรหัส 081-222-0077")
    follow(page, "#signer")
    page.locator("[name=signer_position_th]").fill("นายกเทศมนตรีตำบลราไวย์")
    press(page)
    expect(page.locator(".sheet")).to_contain_text("นายกเทศมนตรีตำบลราไวย์")
    press(page)
    look_at(page)
    address = page.locator("a[href$='letter.pdf']").get_attribute("href") or ""
    words = words_of_pdf(page.request.get(address).body())
    for said in ("นางสาวกรรณิการ์", "นายกเทศมนตรีตำบลราไวย์", "รหัสตรวจสอบ", "๐๘๑-๒๒๒-๐๐๗๗"):
        assert said in words


def _leave(page: Page, look_at: Look) -> None:
    address = page.url
    page.locator("form[action='/letters/leave/'] button").click()
    look_at(page)
    page.goto(address)
    expect(page.locator("h1")).not_to_contain_text("พร้อมพิมพ์")
    expect(page.locator("main")).not_to_contain_text("กรรณิการ์")


# --- What the mails lead to -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "stem", "javascript"),
    [("ศรีสุนทร", "sisunthon", True), ("รัษฎา", "ratsada", False)],
    indirect=["javascript"],
)
def test_the_recipient_proves_mailbox_and_mobile(open_page: Window, look_at: Look, place, stem, javascript):
    desk, page = open_page(), open_page(javascript=javascript)
    mail = Mailbox(page, f"finance.{stem}@mail.example")
    sign_in(desk, DESK_OFFICER)
    mobile = _let_the_desk_send_the_proofs(desk, place)
    telephone = Mailbox(open_page(), mobile, unread=True)

    mail.follow("/letters/confirm/")
    look_at(page)
    press(page)
    page.locator("[name=code]").fill("1")
    press(page)
    expect_refusal(page, "code")
    look_at(page)
    page.locator("[name=code]").fill(telephone.code(6))
    press(page)

    expect(page.locator(".tag--ok")).to_contain_text("ใช้งานได้ทั้งสองทาง")
    look_at(page)


def _let_the_desk_send_the_proofs(desk: Page, place: str) -> str:
    """Press the button of the desk; return the recipient's mobile as its page shows it."""
    desk.goto("/department/letters/")
    desk.locator("main table tr", has_text=place).locator("a[href*='/department/letters/']").first.click()
    desk.locator("form[action$='/proofs/'] button").first.click()
    return {"ศรีสุนทร": "0812000406", "รัษฎา": "0812000405"}[place]


@pytest.mark.parametrize(("stem", "javascript"), [("sisunthon", True), ("ratsada", False)], indirect=["javascript"])
def test_whoever_was_told_stops_a_false_letter(open_page: Window, look_at: Look, stem, javascript, width):
    page = open_page(javascript=javascript, width=width)
    mail = Mailbox(page, f"saraban@{stem}.example", unread=True)

    mail.letter("/letters/objection/")
    # The seed knew no port: of its links the path alone leads to this server.
    link = page.locator(".prose a[href*='/letters/objection/']").first.get_attribute("href") or ""
    page.goto(urlsplit(link).path)
    look_at(page)
    if page.locator(".btn--danger").count():
        page.locator("[name=text]").fill("นายกมิได้ลงนามในหนังสือฉบับนี้")
        press(page)

    expect(page.locator(".note--ok")).to_be_visible()
    look_at(page)


@pytest.mark.parametrize("path", ["/letters/confirm/", "/letters/confirm/nothing/", "/letters/objection/nothing/"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_a_link_that_leads_nowhere_is_a_sound_page(open_page: Window, look_at: Look, path, language, width):
    page = open_page(width=width, language=language)

    page.goto(path)

    look_at(page)
