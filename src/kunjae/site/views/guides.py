"""คู่มือและเอกสาร: the manuals of these very menus, from the same source as docs/guides."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from kunjae.core.access import public


@dataclass(frozen=True, slots=True)
class Guide:
    """One manual: its name in the address, its title, its first paragraph, its text as HTML."""

    name: str
    title: str
    about: str
    html: SafeString


def _folder() -> Path:
    return Path(settings.KUNJAE_GUIDES)


@lru_cache(maxsize=64)
def _read(name: str, language: str) -> Guide | None:
    """Read `<name>.<language>.md`: its first line is the title, the paragraph below says what for."""
    file = _folder() / f"{name}.{language}.md"
    if not file.is_file():
        return None
    head, _, body = file.read_text(encoding="utf-8").partition("\n")
    about = body.strip().split("\n\n", 1)[0].replace("\n", " ")
    # Our own files; raw HTML in them is refused all the same.
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    return Guide(name, head.removeprefix("# ").strip(), about, mark_safe(html))  # noqa: S308


def _names() -> list[str]:
    """List the manuals in the order of their readers, which a file beside them gives."""
    order = _folder() / "order.txt"
    return order.read_text(encoding="utf-8").split() if order.is_file() else []


def _language() -> str:
    return "en" if get_language() == "en" else "th"


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the manuals."""
    guides = [guide for name in _names() if (guide := _read(name, _language()))]
    base = "page.html" if request.actor.is_person else "plain.html"
    return render(request, "site/guides.html", {"guides": guides, "base": base})


@public
@require_safe
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """Show one manual; it prints."""
    found = _read(name, _language()) if name in _names() else None
    if found is None:
        raise Http404
    base = "page.html" if request.actor.is_person else "plain.html"
    return render(request, "site/guide.html", {"guide": found, "base": base})
