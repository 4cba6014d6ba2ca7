"""Clause 4: การกำหนดรหัสผ่าน (Password) … ให้กำหนดรหัสผ่านที่มีความปลอดภัย."""

import pytest
from django.test import Client

from kunjae.identity import operations as identity
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


@pytest.mark.parametrize("password", ["password1", "1234abcd", "สวัสดี1234", "l;ylfu123", "qwerty2569", "bangkok1234"])
def test_clause_4_1_hard_to_guess(password):
    """(1) กำหนดรหัสผ่านให้ยากต่อการคาดเดา (L-41)."""
    assert refusals(password)


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
