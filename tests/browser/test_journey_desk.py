"""The department's desk: a letter comes in, one officer verifies it, another approves, the keys go out (clause 1(1))."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PICTURES
from tests.browser.journeys import (
    ACTIVATION_LINK,
    KARON,
    NEW_PASSWORD,
    Mailbox,
    a_scan,
    choose,
    expect_refusal,
    fill_day,
    follow,
    open_menu_entry,
    press,
    sign_in,
    words_of_pdf,
    yesterday,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("worker")]

Window = Callable[..., Page]
Look = Callable[[Page], None]

VERIFIER, APPROVER, HEAD_OF_KARON = "dla.orathai", "dla.siriporn", "karon001"
EMAIL, MOBILE = "karon001@phuket.example", "0812000004"


def test_a_letter_is_keyed_verified_approved_by_another_and_the_head_is_back(
    open_page: Window, look_at: Look, javascript
):
    verifier, approver = open_page(javascript=javascript), open_page(javascript=javascript)
    head = open_page(javascript=javascript)
    mail, telephone = Mailbox(head, EMAIL), Mailbox(open_page(), MOBILE)
    number = "ภก 52201/311" if javascript else "ภก 52201/312"

    sign_in(verifier, VERIFIER)
    look_at(verifier)
    _receive(verifier, number, look_at)
    case_url = verifier.url.partition("?")[0]
    _verify(verifier, look_at)
    # Who verified reads why another must approve.
    verifier.goto(f"{case_url}approval/")
    expect(verifier.locator(".note--stop")).to_be_visible()
    look_at(verifier)

    sign_in(approver, APPROVER)
    open_menu_entry(approver, "/department/letters/")
    expect(approver.locator(f"main a[href='{urlsplit(case_url).path}']")).to_be_visible()
    approver.goto(case_url)
    _approve(approver, case_url, look_at)

    mail.follow(ACTIVATION_LINK)
    head.locator("[name=second_code]").fill(telephone.code(8))
    press(head)
    head.locator("[name=new_password]").fill(NEW_PASSWORD if javascript else f"{NEW_PASSWORD}-9")
    press(head)
    sign_in(head, HEAD_OF_KARON, NEW_PASSWORD if javascript else f"{NEW_PASSWORD}-9")
    expect(head.locator(".mast")).to_contain_text("กะรน")

    approver.goto(f"{case_url}issued/")
    look_at(approver)


def _receive(page: Page, number: str, look_at: Look) -> None:
    """Lay the scan down, key the letter, stumble over what is missing, be asked, and receive it."""
    open_menu_entry(page, "/department/letters/receive/")
    look_at(page)
    press(page)
    expect_refusal(page, "scan")
    page.locator("[name=scan]").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": a_scan(f"karon {number}")}
    )
    press(page)
    picture = page.locator(".paper img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    look_at(page)
    page.locator("[name=authority]").fill(KARON)
    page.locator("[name=recipient_given_name]").fill("ธีรวุฒิ")
    press(page)
    expect_refusal(page, "letter_number", "letter_date", "received_number")
    expect(page.locator("[name=recipient_given_name]")).to_have_value("ธีรวุฒิ")
    look_at(page)
    _key(page, number)
    press(page)
    expect(page.locator("#warnings li")).to_have_count(1)  # That the letter is incomplete: nobody signed it yet.
    page.locator("[name=signer_given_name]").fill("สุรชัย")
    page.locator("[name=signer_family_name]").fill("กาญจนวงศ์")
    page.locator("[name=signer_position_th]").fill("นายกเทศมนตรีตำบลกะรน")
    page.locator("[name=signer_capacity]").select_option("chief_executive")
    press(page)
    expect(page.locator(".note--ok")).to_be_visible()
    look_at(page)


def _key(page: Page, number: str) -> None:
    """Type what stands in the letter of the head who cannot get in."""
    page.locator("[name=letter_number]").fill(number)
    fill_day(page, "letter_date", yesterday(), thai_digits=True)
    page.locator("[name=received_number]").fill(number.rpartition("/")[2])
    page.locator("[name=is_unusable]").check()
    page.locator("[name=recipient_title_choice]").select_option("นาย")
    page.locator("[name=recipient_family_name]").fill("ปู่เจริญ")
    choose(page, "position_box", "division")
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=mobile]").fill(MOBILE)
    page.locator("[name=contact_given_name]").fill("พิมพ์ใจ")
    page.locator("[name=contact_family_name]").fill("สายบุญ")
    page.locator("[name=contact_mobile]").fill("086 765 4321")


def _verify(page: Page, look_at: Look) -> None:
    """Meet each point of the checklist by the act beside it."""
    form = "form[action$='/points/']"
    while page.locator(form).count():
        details = page.locator(f"details:has({form})").first
        details.locator("summary").click()
        details.locator("button").click()
        expect(page.locator(".note--ok").first).to_be_visible()
    recipient = page.locator("form[action$='/recipient/']")
    recipient.locator("input[type=radio]").first.check()
    recipient.locator("button").click()
    call = page.locator("form[action$='/call/']")
    call.locator("button").click()
    expect_refusal(page, "call_outcome")
    look_at(page)
    choose(page, "outcome", "confirmed")
    call.locator("[name=spoke_with]").fill("นางวรรณา ศรีสวัสดิ์ ปลัดเทศบาล")
    call.locator("[name=said_words]").fill("ยืนยันว่าออกหนังสือจริง")
    call.locator("button").click()
    expect(page.locator(".note--ok").first).to_be_visible()
    page.locator("form[action$='/proofs/'] button").click()
    expect(page.locator("section:has(#proofs) .tag--ok")).to_have_count(2)  # Both are on record.
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "desk-case.png", full_page=True)
    page.locator("form[action$='/verification/'] button").click()
    expect(page.locator(".note--ok").first).to_be_visible()
    look_at(page)


def _approve(page: Page, case_url: str, look_at: Look) -> None:
    """Read everything, look at the summary, go back, and let it take effect once."""
    follow(page, "/approval/")
    look_at(page)
    page.screenshot(path=PICTURES / "desk-approval.png", full_page=True)
    press(page)
    expect(page).to_have_url(f"{case_url}approval/summary/")
    look_at(page)
    page.go_back()
    expect(page).to_have_url(f"{case_url}approval/")
    press(page)
    press(page)
    expect(page).to_have_url(f"{case_url}issued/")
    expect(page.locator("main")).to_contain_text(HEAD_OF_KARON)
    look_at(page)
    page.screenshot(path=PICTURES / "desk-issued.png", full_page=True)
    reply = page.request.get(f"{case_url}reply.pdf")
    assert "กะรน" in words_of_pdf(reply.body())


def test_an_objection_on_the_telephone_freezes_and_a_third_person_resolves_it(open_page: Window, look_at: Look):
    verifier, third = open_page(), open_page()
    sign_in(verifier, VERIFIER)
    verifier.goto("/department/letters/?state=received")
    link = verifier.locator("main table a[href^='/department/letters/']").first
    link.click()
    case_url = verifier.url
    verifier.locator("details:has(form[action$='/objection/']) summary").click()
    form = verifier.locator("form[action$='/objection/']")
    form.locator("button").click()
    expect_refusal(verifier, "objection_name")
    form.locator("[name=name]").fill("ปลัดเทศบาล")
    form.locator("[name=text]").fill("ไม่ได้ออกหนังสือนี้")
    form.locator("button").click()
    expect(verifier.locator(".note--stop").first).to_be_visible()
    look_at(verifier)

    sign_in(third, "dla.wipawee")
    third.goto(case_url)
    resolve = third.locator("form[action*='/objections/']")
    resolve.locator("input[value=dismissed]").check()
    resolve.locator("textarea").fill("สอบถามปลัดเทศบาลแล้ว ยืนยันหนังสือ")
    resolve.locator("button").click()
    expect(third.locator(".note--ok").first).to_be_visible()
    look_at(third)


def test_an_address_of_record_is_proposed_by_one_and_confirmed_by_another(open_page: Window, look_at: Look):
    one, other = open_page(), open_page()
    sign_in(one, VERIFIER)
    one.goto(f"/authorities/{KARON}/addresses/")
    look_at(one)
    one.locator("[name=phone]").fill("076 330 999")
    press(one)
    expect_refusal(one, "source")
    one.locator("[name=source]").fill("เว็บไซต์ของเทศบาล")
    press(one)
    expect(one.locator("form[action$='/confirmation/']")).to_have_count(0)
    look_at(one)

    sign_in(other, APPROVER)
    other.goto("/addresses/")
    look_at(other)
    follow(other, f"/authorities/{KARON}/addresses/")
    press(other)
    expect(other.locator("main .facts").first).to_contain_text("076-330-999")
    look_at(other)


def test_the_queue_folds_on_a_telephone(open_page: Window, look_at: Look, width):
    page = open_page(width=width)
    sign_in(page, VERIFIER)
    for address in ("/", "/department/letters/", "/department/letters/?state=all", "/department/letters/receive/"):
        page.goto(address)
        look_at(page)
