"""The manuals are whole: both languages, in order, and naming what stands on the screen."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kunjae.site.views.guides import _read as read_guide

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "guides"
NAMES = (GUIDES / "order.txt").read_text(encoding="utf-8").split()
LANGUAGES = ("th", "en")
QUOTED = re.compile("“(.+?)”", re.DOTALL)
BLANK = re.compile(r"%\(\w+\)s|…")


@cache
def _on_screen(language: str) -> set[str]:
    """Collect every text of the product, in one language, with its blanks as the manuals write them."""
    said = set()
    for file in ROOT.glob("src/kunjae/*/locale/th/LC_MESSAGES/django.po"):
        with file.open("rb") as stream:
            for message in read_po(stream):
                texts = message.string if language == "th" else message.id
                said |= {texts} if isinstance(texts, str) else set(texts)
    return {BLANK.sub("…", text) for text in said}


def _text(name: str, language: str) -> str:
    return (GUIDES / f"{name}.{language}.md").read_text(encoding="utf-8")


def _marks(text: str) -> list[str]:
    """Reduce a manual to what must be alike in both languages: headings, steps, lists, quotations, columns of tables."""
    found = (re.match(r"(?:#+|\s*\d+\.|\s*-|>) |\|", line) for line in text.splitlines())
    return [mark[0].strip() if mark[0] != "|" else f"|{mark.string.count('|')}" for mark in found if mark]


def test_order_names_every_manual_once():
    files = {file.name for file in GUIDES.glob("*.md")}

    assert len(NAMES) == len(set(NAMES))
    assert files == {f"{name}.{language}.md" for name in NAMES for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_guide_begins_with_its_title_and_for_whom_it_is(name, language):
    first, second, third, *_ = _text(name, language).splitlines()

    assert re.fullmatch("# [^#].*", first)
    assert second == ""
    assert re.match("สำหรับ" if language == "th" else "For ", third)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_guide_names_buttons_and_menus_as_they_stand_on_the_screen(name, language):
    quoted = {" ".join(text.split()) for text in QUOTED.findall(_text(name, language))}

    assert sorted(quoted - _on_screen(language)) == []


@pytest.mark.parametrize("name", NAMES)
def test_guide_says_the_same_in_both_languages(name):
    thai, english = _text(name, "th"), _text(name, "en")

    assert _marks(thai) == _marks(english)
    assert re.findall("^> .+", thai, re.MULTILINE) == re.findall("^> .+", english, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_guide_has_no_exclamation_and_no_address_elsewhere(name):
    for language in LANGUAGES:
        text = _text(name, language)
        assert "!" not in text
        assert "://" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_guides_are_shown_in_both_languages(client, language):
    client.cookies["kunjae_language"] = language
    index = client.get("/guides/").content.decode()

    for name in NAMES:
        title = _text(name, language).splitlines()[0].removeprefix("# ")
        page = client.get(f"/guides/{name}/")
        assert page.status_code == 200
        assert page.headers["Content-Language"] == language
        assert title in re.sub("\u2060", "", page.content.decode())
        assert f'href="/guides/{name}/"' in index
    assert read_guide("head", language) is not None


@pytest.mark.django_db
def test_a_manual_that_is_not_listed_does_not_exist(client):
    assert client.get("/guides/order/").status_code == 404
    assert client.get("/guides/..%2Fletter/").status_code == 404
