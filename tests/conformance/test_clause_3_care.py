"""
Clause 3: ให้หัวหน้าหน่วยงานคลังควบคุมดูแลการใช้รหัสผู้ใช้งาน (User) และรหัสผ่าน (Password) ของเจ้าหน้าที่
โดยเฉพาะหัวหน้าหน่วยงานคลังให้ถือเป็นความลับ.
"""

import re

import pytest
from django.core import serializers
from django.test import Client

from kunjae.audit.models import AuditEvent
from kunjae.identity.models import Session
from kunjae.messaging.models import Message
from kunjae.organisations.models import Person
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return factories.a_town()


@pytest.fixture
def client(town):
    client = Client()
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    return client


def test_clause_3_1_sign_out_every_time_after_use(client):
    """(1) ให้ออกจากระบบทุกครั้งหลังใช้งาน: on every page, and for good (L-32)."""
    for page in ("/", "/me/", "/me/password/", "/me/sign-ins/", "/guides/"):
        assert 'action="/sign-out/"' in client.get(page).content.decode(), page

    client.post("/sign-out/")

    assert Session.objects.get().end_reason == "signed_out"
    assert client.get("/me/").status_code == 302


def test_clause_3_2_nothing_is_remembered(town):
    """(2) ไม่ควรตั้งค่าการจำรหัสผ่าน (Remember): no such box, no lasting cookie (L-33)."""
    client = Client()
    page = client.get("/sign-in/").content.decode()
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD, "remember": "on"})

    assert not re.search(r'name="remember', page)
    assert "(Remember)" in page, "the circular's own advice stands beside the form"
    assert not client.cookies["kunjae_session"]["max-age"]
    assert 'autocomplete="off"' not in page, "password managers are not blocked (ASVS 6.2.7)"


def test_clause_3_3_nobody_but_the_owner_ever_holds_the_password(town, client):
    """(3) ไม่ควรเปิดเผยรหัสผ่านให้ผู้อื่นทราบ: no row and no page holds it (L-34)."""
    rows = serializers.serialize("json", [*Message.objects.all(), *AuditEvent.objects.all(), *Person.objects.all()])
    pages = "".join(client.get(page).content.decode() for page in ("/", "/me/", "/me/password/"))

    assert PASSWORD not in rows
    assert PASSWORD not in pages


def test_clause_3_the_three_duties_are_read_and_accepted_before_the_first_sign_in(town):
    """ให้หัวหน้าหน่วยงานคลังควบคุมดูแล…ดังนี้ (1)–(3): word for word, accepted by each person, and kept (L-31)."""
    letter = (
        "(1) ให้ออกจากระบบทุกครั้งหลังใช้งาน",
        "(2) ไม่ควรตั้งค่าการจำรหัสผ่าน (Remember) บนเว็บไซต์ ในเครื่องคอมพิวเตอร์ที่ใช้งาน",
        "(3) ไม่ควรเปิดเผยรหัสผ่านให้ผู้อื่นทราบ",
    )
    newcomer = factories.an_account(factories.a_person(), town.authority, undertakes=False)
    client = Client()

    first = client.post("/sign-in/", {"username": newcomer.username, "password": PASSWORD})
    page = client.get("/sign-in/undertaking/").content.decode()

    assert first["Location"] == "/sign-in/undertaking/"
    assert [duty in page for duty in letter] == [True, True, True]
    assert client.get("/").status_code == 302
    client.post("/sign-in/undertaking/", {"version": 1, "accepted": "on"})
    assert client.get("/").status_code == 200
