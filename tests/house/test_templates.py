"""Templates: they compile, find their files, and hold nothing that the content policy would refuse."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Engine, engines
from django.template.base import Template

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kunjae"
TEMPLATES = sorted(file for file in SOURCE.glob("*/templates/**/*") if file.suffix in {".html", ".txt", ".svg"})
REFUSED = {
    "a style attribute": re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE),
    "a style block": re.compile(r"<style", re.IGNORECASE),
    "a script within the page": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a script in an attribute": re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "a file of another host": re.compile(
        r"<(?:script|link|img|iframe)[^>]+(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE
    ),
    "a text marked safe": re.compile(r"\|\s*safe\b|autoescape off"),
}
STATIC = re.compile(r"{%\s*static\s+[\"']([^\"'{}]+)[\"']")


def _name(file: Path) -> str:
    return str(file.relative_to(SOURCE))


@pytest.mark.parametrize("file", TEMPLATES, ids=_name)
def test_template_compiles(file):
    engine: Engine = engines["django"].engine

    Template(file.read_text(encoding="utf-8"), engine=engine)


@pytest.mark.parametrize("file", [file for file in TEMPLATES if file.suffix == ".html"], ids=_name)
def test_template_holds_nothing_that_the_policy_refuses(file):
    text = file.read_text(encoding="utf-8")

    assert [what for what, pattern in REFUSED.items() if pattern.search(text)] == []


@pytest.mark.parametrize("file", TEMPLATES, ids=_name)
def test_template_names_files_that_exist(file):
    named = STATIC.findall(file.read_text(encoding="utf-8"))

    assert [name for name in named if finders.find(name) is None] == []
