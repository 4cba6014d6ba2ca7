"""Texts of mail and SMS: none asks for a password, none leads to another host than ours (T-17, T-28)."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kunjae"
TEXTS = sorted(SOURCE.glob("*/templates/messages/**/*"))
NAME = re.compile(r"[a-z0-9_]+\.(mail|sms)\.txt")
CATALOGUES = sorted(SOURCE.glob("*/locale/th/LC_MESSAGES/django.po"))
# A blank to be filled with a password, in either language, or a variable that would hold one.
ASKS_FOR_A_PASSWORD = re.compile(
    r"(?:password|passwd|รหัสผ่าน)\s*[:=\uff1a]|[_.…]{3,}\s*(?:password|รหัสผ่าน)|{{[^}]*passw(?:or)?d[^}]*}}",
    re.IGNORECASE,
)
LINK = re.compile(r"(?:https?|ftp)://|\bwww\.", re.IGNORECASE)
ADDRESS_OF_A_REQUEST = re.compile(r"{[{%][^}\"]*\brequest\.|get_host|{%\s*url\b")


def _name(file: Path) -> str:
    return str(file.relative_to(SOURCE))


@pytest.mark.parametrize("file", TEXTS, ids=_name)
def test_text_is_named_by_its_kind_and_channel(file):
    assert NAME.fullmatch(file.name)


@pytest.mark.parametrize("file", [file for file in TEXTS if ".mail." in file.name], ids=_name)
def test_mail_begins_with_its_subject(file):
    text = re.sub(
        r"{%\s*load[^%]*%}|{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", "", file.read_text(), flags=re.DOTALL
    )

    assert text.lstrip().startswith("Subject: ")


@pytest.mark.parametrize("file", TEXTS, ids=_name)
def test_text_asks_for_no_password(file):
    assert ASKS_FOR_A_PASSWORD.search(file.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("file", TEXTS, ids=_name)
def test_text_leads_to_our_own_host_only(file):
    text = file.read_text(encoding="utf-8")

    assert LINK.search(text) is None, "an address begins with {{ base_url }}"
    assert ADDRESS_OF_A_REQUEST.search(text) is None


def test_no_translation_of_a_text_brings_a_link_in():
    found = [
        f"{_name(file)}: {line}" for file in CATALOGUES for line in file.read_text().splitlines() if LINK.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("text", ["Password: ____", "รหัสผ่าน : ", "your password={{ x }}", "{{ new_password }}"])
def test_a_text_that_asks_would_be_found(text):
    assert ASKS_FOR_A_PASSWORD.search(text)
