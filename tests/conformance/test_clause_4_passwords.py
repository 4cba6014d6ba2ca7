"""
Clause 4.

การกำหนดรหัสผ่าน (Password) เพื่อเข้าใช้งานในระบบบัญชีคอมพิวเตอร์ขององค์กรปกครองส่วนท้องถิ่น (e-LAAS)
ให้กำหนดรหัสผ่านที่มีความปลอดภัย ดังนี้
(1) กำหนดรหัสผ่านให้ยากต่อการคาดเดา
(2) กำหนดรหัสผ่าน ประกอบด้วยตัวอักษรผสมกับตัวเลข โดยมีความยาว 8 ตัวอักษรขึ้นไป
(3) ควรมีการเปลี่ยนรหัสผ่านทุก ๆ 6 เดือน
"""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.core.clock import add_months, start_of_thai_day, thai_day
from kunjae.identity import operations as identity
from kunjae.identity import queries
from kunjae.identity.models import PasswordClockAnswer, Subject
from kunjae.identity.password_clock import asked_from
from kunjae.identity.password_profiles import LETTER_2562
from tests import factories
from tests.factories import NOW, PASSWORD, actor_of

pytestmark = pytest.mark.django_db


def refusals(password: str) -> tuple[str, ...]:
    """Try to change to a password; the reasons if it is refused."""
    town = factories.a_town()
    try:
        identity.change_password(actor=actor_of(town.officer), current=PASSWORD, new=password, at=NOW)
    except identity.PasswordRefused as refused:
        return refused.reasons
    return ()


def test_clause_4_a_secure_password_is_what_the_department_has_decided():
    """ให้กำหนดรหัสผ่านที่มีความปลอดภัย: one profile for all, decided, dated, with its source (L-40, D2)."""
    factories.the_catalogue()

    edition, profile = queries.password_policy_on(factories.TODAY)

    assert profile == LETTER_2562
    assert (edition.code, edition.effective_date) == ("letter-2562", date(2019, 7, 1))
    assert "4(1)" in edition.source


@pytest.mark.parametrize(
    "password",
    ["password1", "1234abcd", "สวัสดี1234", "l;ylfu123", "qwerty2569", "bangkok1234", "การบริหารระบบ1", "15082535ab"],
)
def test_clause_4_1_hard_to_guess(password):
    """(1) กำหนดรหัสผ่านให้ยากต่อการคาดเดา (L-41)."""
    assert refusals(password)


@pytest.mark.parametrize(
    ("made_of", "reason"),
    [
        (lambda town: town.officer.username, "contains_user_id"),
        (lambda town: town.officer.person.family_name, "contains_name"),
        (lambda _town: "yanisa", "contains_name"),
        (lambda town: town.officer.mobile, "contains_phone"),
        (lambda town: town.officer.email.partition("@")[0], "contains_email"),
        (lambda town: town.authority.name_th, "contains_authority_name"),
        (lambda _town: "rawai", "contains_user_id"),
        (lambda town: town.authority.province.name_th, "contains_place_name"),
        (lambda _town: "phuket", "contains_place_name"),
        (lambda _town: "งานบัญชี e-laas", "office_word"),
    ],
)
def test_clause_4_1_not_made_of_what_is_known_of_its_owner(made_of, reason):
    """(1) กำหนดรหัสผ่านให้ยากต่อการคาดเดา: user id, name, phone, authority, province, in Thai and romanised (L-41)."""
    town = factories.a_town()
    password = f"{made_of(town)}7"

    assert reason in queries.judge_password(town.officer, password, profile=LETTER_2562).reasons


def test_clause_4_1_a_leaked_password_is_easy_to_guess(tmp_path, settings):
    """(1) กำหนดรหัสผ่านให้ยากต่อการคาดเดา: the operator's list of leaks, offline (L-41)."""
    settings.KUNJAE_DATA = tmp_path
    (tmp_path / "leaks").write_text("otter-kettle7-violin\n", encoding="utf-8")
    call_command("import_breached", str(tmp_path / "leaks"))

    assert refusals("otter-kettle7-violin") == ("breached_password",)


@pytest.mark.parametrize(
    ("password", "reason"), [("kqzvbwmh", "needs_digit"), ("59372648", "needs_letter"), ("kq7vb2w", "too_short")]
)
def test_clause_4_2_letters_and_digits_of_8_characters_or_more(password, reason):
    """(2) ประกอบด้วยตัวอักษรผสมกับตัวเลข โดยมีความยาว 8 ตัวอักษรขึ้นไป (L-42)."""
    assert reason in refusals(password)


@pytest.mark.parametrize("password", ["kq7vb2wz", "ฟ้าใสใจเย็นๆ๔๘๒", "tonmai suai mak 88"])
def test_clause_4_2_any_letters_and_any_digits_will_do(password):
    """Letters of any script, Thai digits too; nothing else is demanded (D2)."""
    assert refusals(password) == ()


def test_clause_4_the_rules_stand_on_the_page_before_typing():
    """ASVS 6.2; standards 6.1: the rules are stated before typing."""
    town, client = factories.a_town(), Client()
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})

    page = client.get("/me/password/").content.decode()

    assert "มีความยาว 8 ตัวอักษรขึ้นไป" in page
    assert page.index("มีความยาว 8 ตัวอักษรขึ้นไป") < page.index('name="new_password"')


def test_clause_4_the_page_offers_a_password_that_satisfies_the_letter():
    """(1) and (2): whoever finds none himself takes one of those offered."""
    town, client = factories.a_town(), Client()
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})

    page = client.get("/me/password/").content.decode()
    offered = [part.partition("</code>")[0].rpartition(">")[2] for part in page.split('translate="no"')[1:]]
    phrases = [text for text in offered if text.count("-") >= 3]

    assert len(phrases) == 2
    assert [refusals(phrase) for phrase in phrases] == [(), ()]


def grown_old(town: factories.Town) -> Client:
    """Sign in with a password that was set long ago, and whose day has come."""
    with state_change(actor=factories.TEST, at=NOW) as change:
        Subject.objects.filter(pk=town.officer.pk).update(
            password_changed_at=start_of_thai_day(date(2025, 1, 1)), password_due_date=date(2025, 7, 1)
        )
        change.record("credential.rehashed", town.officer, organisation_id=None, username=town.officer.username)
    client = Client()
    answer = client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/due-password/")
    return client


def test_clause_4_3_a_password_is_asked_for_anew_after_six_months():
    """(3) ควรมีการเปลี่ยนรหัสผ่านทุก ๆ 6 เดือน: calendar months, as near as working days and others leave room (L-43)."""
    town = factories.a_town()

    assert town.officer.password_due_date == asked_from(factories.TODAY, 6, taken={})
    assert abs(town.officer.password_due_date - add_months(factories.TODAY, 6)) <= timedelta(days=7)
    assert asked_from(date(2024, 8, 31), 6, taken={}) == date(2025, 2, 28), "the end of a shorter month"
    page = grown_old(town).get("/sign-in/due-password/").content.decode()
    assert "ควรมีการเปลี่ยนรหัสผ่านทุก ๆ 6 เดือน" in page, "in the words of the letter"
    assert [f'value="{answer}"' in page for answer in ("change", "later")] == [True, True]


def test_clause_4_3_an_old_password_still_opens():
    """(3) ควรมีการเปลี่ยนรหัสผ่านทุก ๆ 6 เดือน: advice (ควร), so nobody is locked out by the calendar (L-43, D1, D3)."""
    client = grown_old(factories.a_town())
    reason = "ออกพื้นที่ถึงวันศุกร์"

    answer = client.post("/sign-in/due-password/", {"answer": "later", "reason": reason})

    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert client.get("/me/").status_code == 200
    assert PasswordClockAnswer.objects.get().reason == reason
    assert LETTER_2562.change_months == 6
    assert not LETTER_2562.change_is_forced


def test_clause_4_3_the_department_may_make_a_duty_of_the_advice():
    """(3) ควรมีการเปลี่ยนรหัสผ่านทุก ๆ 6 เดือน: forced by the decision of two persons of the department only (L-43, D3)."""
    town = factories.a_town()
    first = factories.a_desk_officer()
    second = factories.a_desk_officer(given_name="ศิริพร", family_name="วงศ์ทอง")
    now = timezone.now()
    proposed = identity.propose_password_policy(
        actor=actor_of(first), code="letter-2562-forced", instrument="บันทึก 9", effective_date=thai_day(now), at=now
    )
    identity.confirm_password_policy(actor=actor_of(second), public_id=proposed.public_id, at=now)
    client = grown_old(town)

    answer = client.post("/sign-in/due-password/", {"answer": "later", "reason": "ออกพื้นที่ถึงวันศุกร์"})

    assert answer.status_code == 422
    assert client.get("/me/").status_code == 302
    assert not PasswordClockAnswer.objects.exists()


def test_clause_4_3_the_head_sees_whose_password_is_old_and_why():
    """3 and 4(3): หัวหน้าหน่วยงานคลังควบคุมดูแลการใช้รหัสผ่านของเจ้าหน้าที่ (L-43)."""
    town, head = factories.a_town(), Client()
    grown_old(town).post("/sign-in/due-password/", {"answer": "later", "reason": "ออกพื้นที่ถึงวันศุกร์"})
    factories.sign_in_client(head, town.head)

    page = head.get(f"/o/{town.authority.code}/people/old-passwords/").content.decode()

    assert town.officer.username in page
    assert "ออกพื้นที่ถึงวันศุกร์" in page
