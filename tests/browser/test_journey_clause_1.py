"""Clause 1 and form 2, part 1: from an invitation, from paper, from somebody who cannot get in, to a decision."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from kunjae.core.numerals import to_thai_digits
from tests.browser.journeys import (
    ACTIVATION_LINK,
    FORM_2_LINK,
    HEAD,
    NEW_PASSWORD,
    PASSWORD,
    RAWAI,
    Mailbox,
    a_photograph,
    a_scan,
    choose,
    expect_refusal,
    expect_signed_out,
    fill_day,
    filled_in,
    follow,
    open_menu_entry,
    press,
    send_again,
    sign_in,
    sign_out,
    words_of_pdf,
    yesterday,
)
from tests.browser.server import Demo

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("worker")]

Window = Callable[..., Page]
Look = Callable[[Page], None]


@dataclass(frozen=True)
class Newcomer:
    """Somebody who has no account yet."""

    given_name: str
    family_name: str
    username: str
    email: str
    mobile: str

    @property
    def name(self) -> str:
        return f"นางสาว{self.given_name} {self.family_name}"


KANYA = Newcomer("กัญญา", "ที่รัก", "rawai021", "kanya@rawai.example", "0812220021")
NIRAMON = Newcomer("นิรมล", "ฏีกา", "rawai022", "niramon@rawai.example", "0812220022")
DUTY = "จัดทำฎีกาเบิกจ่ายและเช็ค ตามคำสั่งที่ 345/2569"


# --- From the invitation to the first sign-in -------------------------------------------------------------------


def test_an_officer_comes_to_an_account_by_the_invitation_of_the_head(open_page: Window, look_at: Look, javascript):
    newcomer = KANYA if javascript else NIRAMON
    head, officer = open_page(javascript=javascript), open_page(javascript=javascript)
    mail = Mailbox(officer, newcomer.email)
    telephone = Mailbox(open_page(javascript=javascript), newcomer.mobile)

    _invite(head, newcomer, look_at)
    _open_the_invitation(officer, mail, telephone, newcomer, look_at)
    case = _fill_in_form_2(officer, newcomer, look_at)
    _decide_otherwise_than_asked(head, newcomer, case, look_at)
    assert case in mail.letter("อนุมัติเมื่อ")
    look_at(officer)
    _activate_by_the_link(officer, mail, telephone, newcomer, look_at)
    _accept_the_three_duties(officer, newcomer, look_at)
    _see_the_rights_and_leave(officer, newcomer, look_at)


def _invite(head: Page, newcomer: Newcomer, look_at: Look) -> None:
    sign_in(head, HEAD)
    look_at(head)
    open_menu_entry(head, "/people/")
    look_at(head)
    follow(head, "/invitations/new/")
    look_at(head)
    head.locator("[name=title_choice]").select_option("นางสาว")
    head.locator("[name=given_name]").fill(newcomer.given_name)
    head.locator("[name=family_name]").fill(newcomer.family_name)
    head.locator("[name=email]").fill(newcomer.email)
    press(head)
    expect(head.locator(".success, .note--ok").first).to_contain_text(newcomer.given_name)
    expect(head.locator("main table")).to_contain_text(newcomer.email)
    look_at(head)


def _open_the_invitation(officer: Page, mail: Mailbox, telephone: Mailbox, newcomer: Newcomer, look_at: Look) -> None:
    mail.follow(FORM_2_LINK)
    expect(officer.locator("main")).to_contain_text(newcomer.name)
    look_at(officer)
    press(officer)
    look_at(officer)
    officer.locator("[name=mobile]").fill(newcomer.mobile)
    press(officer)
    look_at(officer)
    officer.locator("[name=code]").fill("000000")
    press(officer)
    expect_refusal(officer, "code")
    look_at(officer)
    officer.locator("[name=code]").fill(telephone.code(6))
    press(officer)
    expect(officer.locator("[name=position_th]")).to_be_visible()
    assert "/form-2/write/" in officer.url  # The secret of the link stands in no later address.


def _fill_in_form_2(officer: Page, newcomer: Newcomer, look_at: Look) -> str:
    look_at(officer)
    officer.locator("[name=position_th]").fill("เจ้าพนักงานการเงินและบัญชีปฏิบัติงาน")
    officer.locator("[name=wants_credentials]").check()
    officer.locator("[name=wants_groups]").check()
    officer.locator("[name=duty]").fill(DUTY)
    choose(officer, "groups", "finance_officer")
    choose(officer, "groups", "accounting_officer")
    look_at(officer)
    press(officer)
    sheet = officer.locator(".sheet")
    expect(sheet).to_contain_text("ผู้ใช้งานใหม่")
    expect(sheet).to_contain_text(newcomer.name)
    expect(sheet).to_contain_text("345/2569")
    expect(sheet.locator(".box.on")).to_have_count(3)
    look_at(officer)
    press(officer)
    expect(officer.locator("h1")).to_contain_text("/25")
    look_at(officer)
    printed = officer.request.get("/form-2/form.pdf")
    case = officer.locator("h1").inner_text().split()[-1]
    assert printed.status == 200
    assert to_thai_digits(case) in words_of_pdf(printed.body()) or case in words_of_pdf(printed.body())
    return case


def _decide_otherwise_than_asked(head: Page, newcomer: Newcomer, case: str, look_at: Look) -> None:
    head.goto("/")
    expect(head.locator("main")).to_contain_text(case)
    head.get_by_role("link", name=newcomer.name).first.click()
    look_at(head)
    choose(head, "opinion", "approve")
    head.locator("[name=username]").fill(newcomer.username)
    choose(head, "groups", "finance_officer")
    head.locator("details.govuk-details summary").first.click()
    choose(head, "groups", "revenue_officer")
    head.locator("[name=order_number]").fill(to_thai_digits("345/2569"))
    fill_day(head, "order_date", yesterday(), thai_digits=True)
    press(head)
    look_at(head)
    head.go_back()
    expect(head.locator("[name=opinion][value=approve]")).to_be_checked()
    expect(head.locator("[name=username]")).to_have_value(newcomer.username)
    head.go_forward()
    summary = head.locator("main")
    for words in (newcomer.username, "เจ้าหน้าที่การเงิน", "เจ้าหน้าที่จัดเก็บรายได้", "345/2569"):
        expect(summary).to_contain_text(words)
    expect(summary.locator(".note").filter(has_text="เจ้าหน้าที่บัญชี")).to_have_count(1)
    press(head)
    expect(head.locator(".success, .note--ok").first).to_contain_text(case)
    look_at(head)
    head.locator("main .acts-below a").last.click()
    expect(head.locator(".sheet")).to_contain_text("เจ้าหน้าที่จัดเก็บรายได้")
    look_at(head)


def _activate_by_the_link(officer: Page, mail: Mailbox, telephone: Mailbox, newcomer: Newcomer, look_at: Look) -> None:
    mail.follow(ACTIVATION_LINK)
    assert "/activate/code/" in officer.url
    look_at(officer)
    officer.locator("[name=second_code]").fill("00000000")
    press(officer)
    expect_refusal(officer)
    look_at(officer)
    officer.locator("[name=second_code]").fill(telephone.code(8))
    press(officer)
    _choose_a_password(officer, newcomer.username, look_at)


def _choose_a_password(officer: Page, username: str, look_at: Look) -> None:
    expect(officer.locator("main")).to_contain_text(username)
    look_at(officer)
    officer.locator("[name=new_password]").fill("12345")
    press(officer)
    refusals = expect_refusal(officer, "new_password").locator("li")
    assert refusals.count() >= 2  # Every rule that fails is named, not only the first.
    assert "12345" not in officer.content()
    look_at(officer)
    officer.locator("[name=new_password]").fill(NEW_PASSWORD)
    press(officer)
    look_at(officer)
    expect(officer.locator("main a[href='/sign-in/']").first).to_be_visible()


def _accept_the_three_duties(officer: Page, newcomer: Newcomer, look_at: Look) -> None:
    officer.goto("/sign-in/")
    officer.locator("[name=username]").fill(newcomer.username)
    officer.locator("[name=password]").fill(NEW_PASSWORD)
    press(officer)
    expect(officer.locator("main")).to_contain_text("(1) ให้ออกจากระบบทุกครั้งหลังใช้งาน")
    look_at(officer)
    press(officer)
    expect_refusal(officer, "accepted")
    look_at(officer)
    officer.locator("[name=accepted]").check()
    press(officer)


def _see_the_rights_and_leave(officer: Page, newcomer: Newcomer, look_at: Look) -> None:
    expect(officer.locator(".mast")).to_contain_text(newcomer.name)
    expect(officer.locator("main")).to_contain_text("เจ้าหน้าที่การเงิน")
    look_at(officer)
    open_menu_entry(officer, "/me/")
    rights = officer.locator("main table").first
    expect(rights).to_contain_text("เจ้าหน้าที่จัดเก็บรายได้")
    expect(rights).to_contain_text("345/2569")
    expect(rights).not_to_contain_text("เจ้าหน้าที่บัญชี")
    look_at(officer)
    sign_out(officer)
    look_at(officer)
    officer.go_back()
    expect_signed_out(officer)
    officer.goto("/me/")
    expect_signed_out(officer)


def test_an_account_is_activated_without_any_link(open_page: Window, look_at: Look):
    officer = open_page()
    words = Mailbox(officer, "rawai015@phuket.example", unread=True).letter(ACTIVATION_LINK).split()
    second = Mailbox(open_page(), "0812000115", unread=True).code(8)

    officer.goto("/sign-in/")
    follow(officer, "/activate/")
    look_at(officer)
    officer.locator("[name=username]").fill("rawai015")
    officer.locator("[name=case]").fill(next(word for word in words if "/25" in word and word[0].isdecimal()))
    officer.locator("[name=mail_code]").fill(next(w for w in words if len(w) == 8 and w.isdecimal()))
    officer.locator("[name=second_code]").fill("11111111")
    press(officer)
    expect_refusal(officer)
    expect(officer.locator("[name=username]")).to_have_value("rawai015")
    look_at(officer)

    # Digits as a Thai keyboard gives them.
    officer.locator("[name=second_code]").fill(to_thai_digits(second))
    press(officer)
    _choose_a_password(officer, "rawai015", look_at)

    sign_in(officer, "rawai015", NEW_PASSWORD)
    expect(officer.locator("main")).to_contain_text("เจ้าหน้าที่ธุรการ")


# --- From paper -------------------------------------------------------------------------------------------------


def test_a_signed_paper_is_keyed_with_its_scan_and_refused_with_a_reason(
    open_page: Window, look_at: Look, demo: Demo, javascript
):
    head = open_page(javascript=javascript)
    sign_in(head, HEAD)
    head.goto(f"/o/{RAWAI}/people/")
    follow(head, "/requests/paper/")
    look_at(head)
    name = "สมใจ" if javascript else "สมคิด"
    _fill_in_a_paper(head, name)
    _add_the_scan(head, b"GIF89a no form at all")
    press(head)
    expect_refusal(head, "scan")
    expect(head.locator("[name=given_name]")).to_have_value(name)
    look_at(head)
    _add_the_scan(head, a_scan("form 2"))
    press(head)
    expect(head.locator(".sheet")).to_contain_text(name)
    look_at(head)
    # The worker draws the scan; until then its page says so, and never shows the file itself.
    address = head.locator("main a[href*='/scan/1.png']").get_attribute("href") or ""
    demo.deliver()
    scan = head.request.get(address)
    assert (scan.status, scan.headers["content-type"]) == (200, "image/png")

    follow(head, "/decision/")
    choose(head, "opinion", "refuse")
    press(head)
    expect_refusal(head, "refusal_reason")
    look_at(head)
    head.locator("[name=refusal_reason]").fill("ไม่มีลายมือชื่อผู้ขอ")
    press(head)
    look_at(head)
    press(head)
    expect(head.locator(".success, .note--ok").first).to_be_visible()
    head.locator("main .acts-below a").last.click()
    expect(head.locator(".sheet")).to_contain_text("ไม่มีลายมือชื่อผู้ขอ")
    look_at(head)


def test_who_came_by_paper_without_a_mobile_activates_with_the_slip(open_page: Window, look_at: Look):
    head, officer = open_page(), open_page()
    mail = Mailbox(officer, "somporn@rawai.example")
    sign_in(head, HEAD)
    head.goto(f"/o/{RAWAI}/requests/paper/")
    _fill_in_a_paper(head, "สมพร", email="somporn@rawai.example")
    _add_the_scan(head, a_photograph("form 2"), "form.jpg")
    press(head)
    follow(head, "/decision/")
    choose(head, "opinion", "approve")
    head.locator("[name=username]").fill("rawai041")
    head.locator("details.govuk-details summary").first.click()
    choose(head, "groups", "procurement_officer")
    press(head)
    press(head)
    expect(head.locator(".success, .note--ok").first).to_be_visible()
    look_at(head)
    head.locator("main form[action$='/slip/'] button").click()
    look_at(head)
    code = re.search(r"\d{4} ?\d{4}(?!/)", head.locator("main").inner_text())
    assert code

    mail.follow(ACTIVATION_LINK)
    officer.locator("[name=second_code]").fill(code.group())
    press(officer)
    officer.locator("[name=new_password]").fill(NEW_PASSWORD)
    press(officer)
    sign_in(officer, "rawai041", NEW_PASSWORD)
    expect(officer.locator("main")).to_contain_text("เจ้าหน้าที่พัสดุ")


def _add_the_scan(head: Page, content: bytes, name: str = "form.pdf") -> None:
    # The type that a browser tells is not believed: it is wrong here.
    head.locator("[name=scan]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})


def _fill_in_a_paper(head: Page, name: str, *, email: str = "somjai@rawai.example") -> None:
    fill_day(head, "form_date", yesterday())
    head.locator("[name=applicant]").select_option("new")
    summary = head.locator("details.govuk-details summary").first
    if not head.locator("[name=given_name]").is_visible():
        summary.click()
    head.locator("[name=title_choice]").select_option("นาย")
    head.locator("[name=given_name]").fill(name)
    head.locator("[name=position_th]").fill("นักวิชาการพัสดุปฏิบัติการ")
    head.locator("[name=wants_credentials]").check()
    choose(head, "credential_wish", "new_user")
    head.locator("[name=email]").fill(email)
    head.locator("[name=wants_groups]").check()
    head.locator("[name=duty]").fill("งานพัสดุ")


# --- The officer's own request ----------------------------------------------------------------------------------


def test_an_officer_asks_corrects_and_withdraws(open_page: Window, look_at: Look, javascript):
    officer = open_page(javascript=javascript)
    sign_in(officer, "rawai006" if javascript else "rawai011")
    open_menu_entry(officer, "/my-requests/")
    look_at(officer)
    _write_a_request(officer, look_at)
    press(officer)
    expect(officer.locator(".success, .note--ok").first).to_be_visible()
    look_at(officer)

    follow(officer, "/edit/")
    officer.locator("[name=duty]").fill("ช่วยงานงบประมาณ ตามคำสั่งที่ 350/2569")
    press(officer)
    expect(officer.locator(".sheet")).to_contain_text("350/2569")
    look_at(officer)

    follow(officer, "/withdrawal/")
    look_at(officer)
    press(officer)
    expect(officer.locator(".success, .note--ok").first).to_be_visible()
    expect(officer.locator("main a[href*='/edit/']")).to_have_count(0)
    look_at(officer)
    officer.go_back()
    expect(officer.locator("main [role=alert]")).to_be_visible()  # It cannot be withdrawn again, and the page says so.
    look_at(officer)


def _write_a_request(officer: Page, look_at: Look) -> None:
    officer.goto(f"/o/{RAWAI}/my-requests/new/")
    look_at(officer)
    officer.locator("[name=position_th]").fill("นักวิชาการเงินและบัญชีปฏิบัติการ")
    officer.locator("[name=duty]").fill("")
    choose(officer, "groups", "budget_officer")
    press(officer)
    expect_refusal(officer, "duty")
    expect(officer.locator("input[name=groups][value=budget_officer]")).to_be_checked()
    look_at(officer)
    officer.locator("[name=duty]").fill("ช่วยงานงบประมาณ")
    press(officer)
    expect(officer.locator(".sheet")).to_contain_text("ช่วยงานงบประมาณ")
    look_at(officer)


# --- Cannot get in ----------------------------------------------------------------------------------------------


def test_who_cannot_get_in_asks_by_mail_and_chooses_a_new_password(open_page: Window, look_at: Look):
    officer, head = open_page(), open_page()
    mail = Mailbox(officer, "rawai006@phuket.example")
    telephone = Mailbox(open_page(), "0812000106")
    officer.goto("/sign-in/")
    follow(officer, "/cannot-enter/")
    look_at(officer)
    follow(officer, "/cannot-enter/lost/")
    look_at(officer)
    officer.locator("[name=username]").fill("rawai006")
    press(officer)
    look_at(officer)

    mail.follow(FORM_2_LINK)
    look_at(officer)
    press(officer)
    look_at(officer)

    # Lost means revoked first: the password that may be known opens nothing any more.
    officer.get_by_role("button", name="Make the password invalid now").or_(
        officer.get_by_role("button", name="ยกเลิกรหัสผ่านเดี๋ยวนี้")
    ).click()
    expect(officer.locator(".note--ok")).to_be_visible()
    look_at(officer)
    follow(officer, "/form-2/mobile/")
    if officer.locator("[name=mobile]").count():
        officer.locator("[name=mobile]").fill("0812000106")
    press(officer)
    officer.locator("[name=code]").fill(telephone.code(6))
    press(officer)
    officer.locator("[name=position_th]").fill("นักวิชาการเงินและบัญชีปฏิบัติการ")
    officer.locator("[name=cannot_enter_reason]").fill("ลืมรหัสผ่าน")
    expect(officer.locator("[name=secret_may_be_known][value=yes]")).to_be_checked()
    look_at(officer)
    press(officer)
    expect(officer.locator(".sheet")).to_contain_text("ลืมรหัสผ่าน")
    press(officer)
    case = officer.locator("h1").inner_text().split()[-1]

    officer.goto("/sign-in/")
    officer.locator("[name=username]").fill("rawai006")
    officer.locator("[name=password]").fill(PASSWORD)
    press(officer)
    expect_refusal(officer)

    sign_in(head, HEAD)
    head.goto(f"/o/{RAWAI}/requests/")
    head.locator("main li, main tr").filter(has_text=case).get_by_role("link").last.click()
    look_at(head)
    choose(head, "opinion", "approve")
    press(head)
    press(head)
    expect(head.locator(".success, .note--ok").first).to_contain_text(case)

    mail.follow(ACTIVATION_LINK)
    officer.locator("[name=second_code]").fill(telephone.code(8))
    press(officer)
    officer.locator("[name=new_password]").fill(NEW_PASSWORD)
    press(officer)
    sign_in(officer, "rawai006", NEW_PASSWORD)


def test_help_answers_alike_for_a_user_id_that_does_not_exist(open_page: Window):
    window = open_page(javascript=False)
    answers = []
    for username in ("rawai014", "nobody.9999"):
        window.goto("/cannot-enter/password/")
        window.locator("[name=username]").fill(username)
        press(window)
        answers.append((window.url, window.locator("main").inner_text()))

    assert answers[0] == answers[1]


# --- Twice, and at once -----------------------------------------------------------------------------------------


def test_of_two_windows_one_decides_and_the_other_is_told(open_page: Window, look_at: Look, javascript):
    first, second = open_page(javascript=javascript), open_page(javascript=javascript)
    sign_in(first, HEAD)
    first.goto(f"/o/{RAWAI}/requests/")
    applicant = "ญาณิศา" if javascript else "วีรภัทร"
    first.locator("main a[href$='/decision/']").filter(has_text=applicant).click()
    sign_in(second, HEAD)
    second.goto(first.url)
    choose(first, "opinion", "approve")
    choose(first, "groups", "finance_officer" if javascript else "procurement_officer")
    choose(second, "opinion", "refuse")
    second.locator("[name=refusal_reason]").fill("ยังไม่มีคำสั่ง")
    press(first)
    press(second)

    form, address = filled_in(first.locator("main form")), first.locator("main form").get_attribute("action")
    press(first)
    expect(first.locator(".success, .note--ok").first).to_be_visible()
    press(second)
    expect(second.locator("main [role=alert]")).to_be_visible()
    look_at(second)
    second.locator("main a.btn[href*='/requests/']").click()
    expect(second.locator(".sheet")).not_to_contain_text("ยังไม่มีคำสั่ง")

    # The same button once more, as by Back or a second press: the same answer, and no second decision.
    again = first.request.post(address or "", form=form, headers={"Referer": first.url})
    assert (again.status, again.url) == (200, first.url)


def test_an_invitation_sent_twice_from_one_page_is_one(open_page: Window):
    head = open_page(javascript=False)
    sign_in(head, HEAD)
    head.goto(f"/o/{RAWAI}/invitations/new/")
    head.locator("[name=title_choice]").select_option("นาย")
    head.locator("[name=given_name]").fill("ทวี")
    head.locator("[name=email]").fill("thawi@rawai.example")

    answers = [send_again(head, head.locator("main form.question")) for _press in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    head.reload()
    expect(head.locator("main table").get_by_text("thawi@rawai.example")).to_have_count(1)


# --- Nothing filled in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "empty",
    [
        ("invitations/new/", {"family_name": "ใจดี"}, ("title", "given_name", "email")),
        ("requests/paper/", {"duty": "งานพัสดุ"}, ("scan", "form_date", "applicant", "position_th")),
        ("executives/new/", {"given_name": "ฐานิดา"}, ("office", "capacity", "title", "from_date")),
    ],
    ids=lambda empty: empty[0].rstrip("/"),
)
def test_an_empty_form_says_what_is_missing_and_keeps_what_was_typed(
    open_page: Window, look_at: Look, javascript, empty
):
    path, kept, expected = empty
    head = open_page(javascript=javascript)
    sign_in(head, HEAD)
    head.goto(f"/o/{RAWAI}/{path}")
    for name, value in kept.items():
        # A box may be folded away; what stands in it is sent all the same.
        head.locator(f"[name={name}]").evaluate("(control, value) => { control.value = value }", value)

    press(head)

    summary = expect_refusal(head, *expected)
    for name, value in kept.items():
        expect(head.locator(f"[name={name}]")).to_have_value(value)
    assert "ผิดพลาด" in head.title() or "พบปัญหา" in head.title()
    look_at(head)
    first = summary.locator("a").first
    first.click()
    expect(head.locator(f"[id='{(first.get_attribute('href') or '')[1:]}']")).to_be_visible()
