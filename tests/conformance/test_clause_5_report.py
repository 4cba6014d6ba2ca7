"""
Clause 5: ให้หัวหน้าหน่วยงานคลัง ตรวจสอบรายชื่อผู้ใช้งานในกลุ่มผู้ใช้งาน เป็นประจำทุก ๆ 6 เดือน โดยตรวจสอบที่เมนู
การบริหารระบบ > รายงาน > รายงานรายชื่อและข้อมูลผู้ใช้งานในกลุ่มผู้ใช้ ดังนี้.
"""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from kunjae.entitlements.models import EndOfGrant
from kunjae.reports import operations
from kunjae.reports.queries.membership import Selection, membership
from kunjae.revocation import operations as revocation
from tests import factories
from tests.factories import NOW, TODAY, actor_of
from tests.integration.reports_ground import a_member, access_of_the_mayor, signed_in, words_of
from tests.unit.documents_text import pages_of, plain

pytestmark = pytest.mark.django_db

MENU = ("การบริหารระบบ", "รายงาน", "รายงานรายชื่อและข้อมูลผู้ใช้งานในกลุ่มผู้ใช้")
"""The letter's own words for the way to the report."""


@pytest.fixture
def town():
    return factories.a_town()


@pytest.fixture
def head(town) -> Client:
    return signed_in(town.head)


class Menu(HTMLParser):
    """The main menu of a page: each entry with the headings and entries above it, and its address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.entries: dict[tuple[str, ...], str] = {}
        self._within, self._heading, self._above, self._depth = False, "", [], 0
        self._tag, self._text, self._address = "", "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "nav" and attributes.get("id") == "menu":
            self._within = True
        if not self._within:
            return
        self._depth += tag == "ul"
        if tag in {"h2", "a"}:
            self._tag, self._text, self._address = tag, "", attributes.get("href", "")

    def handle_data(self, data):
        if self._within and self._tag:
            self._text += data

    def handle_endtag(self, tag):
        if not self._within:
            return
        if tag == "nav":
            self._within = False
        elif tag == "ul":
            self._depth -= 1
        elif tag == self._tag == "h2":
            self._heading, self._tag = self._text.strip(), ""
        elif tag == self._tag == "a":
            self._above = [*self._above[: self._depth - 1], self._text.strip()]
            self.entries[self._heading, *self._above] = self._address
            self._tag = ""


def test_clause_5_the_menu_leads_to_the_report_in_the_letters_own_words(head):
    """โดยตรวจสอบที่เมนู การบริหารระบบ > รายงาน > รายงานรายชื่อและข้อมูลผู้ใช้งานในกลุ่มผู้ใช้ (L-51)."""
    first_page = head.get("/").content.decode()

    report = head.get(Menu(first_page).entries[MENU])

    assert report.status_code == 200
    page = report.content.decode()
    assert re.search(r"<h1>(.*?)</h1>", page)[1].replace('<span class="keep">', "").replace("</span>", "") == MENU[-1]
    crumbs = re.search(r'<ol class="crumbs">(.*?)</ol>', page, re.DOTALL)[1]
    assert tuple(re.sub(r"<[^>]+>", "", item) for item in re.findall(r"<li.*?</li>", crumbs, re.DOTALL)) == MENU


def test_clause_5_the_report_names_each_user_in_each_group(town, head):
    """รายชื่อผู้ใช้งานในกลุ่มผู้ใช้งาน: name, position, user id, status, since, last sign-in, by whom, request (L-51)."""
    member = a_member(town)
    access_of_the_mayor(town)

    page = words_of(head.get(f"/o/{town.authority.code}/reports/users-in-groups/")).replace("\u00a0", " ")

    for column in ("ชื่อ ชื่อสกุล และตำแหน่ง", "รหัสผู้ใช้", "สถานะ", "ตั้งแต่", "เข้าใช้ล่าสุด", "ให้สิทธิโดย", "คำขอเลขที่"):
        assert column in page, column
    for group in ("หัวหน้าหน่วยงานคลัง", "ผู้บริหารท้องถิ่น", "เจ้าหน้าที่การเงิน"):
        assert group in page, group
    for fact in (
        member.person.given_name,
        member.subject.username,
        "16 ต.ค. 2569",
        "0042/2570",
        "ข้อ 2",
        "รักษาราชการแทน",
    ):
        assert fact in page, fact


def test_clause_5_the_report_prints_on_a4_to_be_signed(town):
    """ตรวจสอบ … เป็นประจำทุก ๆ 6 เดือน: the paper bears the menu's words, the day, and the head's place to sign."""
    a_member(town)

    file = operations.export_membership(
        actor=actor_of(town.head),
        authority=town.authority,
        selection=Selection(on=TODAY),
        file_format="pdf",
        language="th",
        at=NOW,
    )

    paper = "".join(pages_of(file.content))
    for words in (" > ".join(MENU), "ณ วันที่ ๑๖ ตุลาคม ๒๕๖๙", "ตรวจสอบแล้ว", f"({town.head.person.full_name})"):
        assert plain(words) in paper, words


def test_clause_5_1_each_membership_shows_the_duty_it_rests_on(town):
    """(1) กำหนดผู้ใช้งานในกลุ่มผู้ใช้งาน ให้ตรงกับหน้าที่และความรับผิดชอบที่ได้รับมอบหมาย (L-52)."""
    a_member(town)
    access_of_the_mayor(town)

    for member in membership(town.authority.pk, Selection(on=TODAY), at=NOW).lines:
        assert member.case or member.order_number or member.is_by_office, member.name


def test_clause_5_2_whoever_left_the_duty_is_out_of_the_report_at_once(town):
    """(2) ควรยกเลิกผู้ใช้งานในกลุ่มผู้ใช้งานทันที เมื่อผู้ใช้งานพ้นจากหน้าที่และความรับผิดชอบที่ได้รับมอบหมาย (L-53)."""
    grant = a_member(town)

    revocation.remove_from_group(
        actor=actor_of(town.head), grant_id=grant.pk, reason=EndOfGrant.LEFT_DUTY, note="", at=NOW
    )

    on_the_day = membership(town.authority.pk, Selection(on=TODAY), at=NOW).lines
    the_day_after = membership(
        town.authority.pk, Selection(on=TODAY + timedelta(days=1)), at=NOW + timedelta(days=1)
    ).lines
    assert [(m.status, m.over_on) for m in on_the_day if m.user_id == grant.subject.username] == [("over", TODAY)]
    assert [m for m in the_day_after if m.user_id == grant.subject.username] == []
