"""Clause 2: the head gives the chief executive and the clerk a right to look, and to nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    ACTIVATION_LINK,
    HEAD,
    KARON,
    MAYOR,
    NEW_PASSWORD,
    RAWAI,
    Mailbox,
    choose,
    expect_refusal,
    expect_signed_out,
    fill_day,
    follow,
    press,
    sign_in,
    yesterday,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("worker")]

Window = Callable[..., Page]
Look = Callable[[Page], None]

HEAD_OF_KARON = "karon001"


@dataclass(frozen=True)
class Executive:
    """Somebody who takes office in กะรน."""

    office: str
    name: str
    username: str
    email: str
    mobile: str


MAYOR_OF_KARON = Executive("chief_executive", "สุรพล", "karon011", "suraphon@karon.example", "0813330011")
CLERK_OF_KARON = Executive("chief_administrator", "วิโรจน์", "karon012", "wirot@karon.example", "0813330012")


def test_a_new_chief_executive_is_given_access_sees_the_report_and_decides_nothing(
    open_page: Window, look_at: Look, javascript
):
    head, executive = open_page(javascript=javascript), open_page(javascript=javascript)
    who = MAYOR_OF_KARON if javascript else CLERK_OF_KARON
    mail, telephone = Mailbox(executive, who.email), Mailbox(open_page(), who.mobile)

    sign_in(head, HEAD_OF_KARON)
    _record_who_took_office(head, who, look_at)
    _give_access(head, who, look_at)
    mail.follow(ACTIVATION_LINK)
    executive.locator("[name=second_code]").fill(telephone.code(8))
    press(executive)
    executive.locator("[name=new_password]").fill(NEW_PASSWORD)
    press(executive)
    sign_in(executive, who.username, NEW_PASSWORD)
    look_at(executive)

    _sees_the_report_alone(executive, KARON, look_at)


def _record_who_took_office(head: Page, who: Executive, look_at: Look) -> None:
    head.goto(f"/o/{KARON}/people/")
    follow(head, "/executives/")
    look_at(head)
    follow(head, "/executives/new/")
    look_at(head)
    press(head)
    expect_refusal(head, "office", "capacity", "given_name", "from_date")
    look_at(head)
    choose(head, "office", who.office)
    choose(head, "capacity", "substantive")
    head.locator("[name=title_choice]").select_option("นาย")
    head.locator("[name=given_name]").fill(who.name)
    head.locator("[name=family_name]").fill("ปู่ดี")
    fill_day(head, "from_date", yesterday(), thai_digits=True)
    press(head)
    expect(head.locator("main table")).to_contain_text(who.name)
    look_at(head)


def _give_access(head: Page, who: Executive, look_at: Look) -> None:
    head.locator("main tr").filter(has_text=who.name).locator("a.btn").click()
    look_at(head)
    head.locator("[name=username]").fill(who.username)
    press(head)
    expect_refusal(head, "email", "mobile")
    expect(head.locator("[name=username]")).to_have_value(who.username)
    look_at(head)
    head.locator("[name=email]").fill(who.email)
    head.locator("[name=mobile]").fill(who.mobile)
    press(head)
    expect(head.locator("main")).to_contain_text(who.email)
    look_at(head)
    press(head)
    expect(head.locator("main tr").filter(has_text=who.name)).to_contain_text(who.username)
    look_at(head)


def _sees_the_report_alone(executive: Page, authority: str, look_at: Look) -> None:
    executive.locator("nav.menu a[href*='/reports/users-in-groups/']").click()
    expect(executive.locator("main table")).to_be_visible()
    look_at(executive)
    # Only to print it and to take it away as a table.
    buttons = executive.locator("main form[method=post] button, main button[form]").all()
    acts = [button.get_attribute("formaction") or "" for button in buttons]
    assert all("/reports/users-in-groups/" in act for act in acts), acts
    links = [link.get_attribute("href") or "" for link in executive.locator("a").all()]
    assert not [link for link in links if any(part in link for part in ("/requests/", "/people/", "/invitations/"))]
    # Nor by typing an address.
    for path in ("requests/", "people/", "groups/", "invitations/new/", "executives/", "record/"):
        answer = executive.request.get(f"/o/{authority}/{path}")
        assert answer.status in {403, 404}, path


def test_the_access_ends_with_the_office_at_the_next_click(open_page: Window, look_at: Look):
    head, mayor = open_page(), open_page()
    sign_in(mayor, MAYOR)
    report = f"/o/{RAWAI}/reports/users-in-groups/"
    mayor.goto(report)
    expect(mayor.locator("main table")).to_be_visible()

    sign_in(head, HEAD)
    head.goto(f"/o/{RAWAI}/executives/")
    head.locator("main tr").filter(has_text="ประสิทธิ์").locator("a[href$='/leaving/']").click()
    look_at(head)
    press(head)
    look_at(head)

    mayor.reload()
    expect(mayor.locator("main table")).to_have_count(0)
    if mayor.locator(".mast").count() == 0:
        expect_signed_out(mayor)
    assert mayor.request.get(report).status in {403, 404} or "/sign-in/" in mayor.request.get(report).url
