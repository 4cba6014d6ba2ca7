"""Every page that somebody of the cast can reach by following links, at a desk and on a telephone, in both languages."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from babel.messages.pofile import read_po
from django.urls import resolve
from playwright.sync_api import Page

from tests.browser.conftest import DESK, TELEPHONE, assert_fits, assert_named
from tests.browser.journeys import sign_in

pytestmark = pytest.mark.browser

#: Who walks, and of which kind he is: two of a kind have the same pages, so only what is new is looked at closely.
CAST = {
    "rawai003": "head of finance",
    "karon001": "head of an authority where nothing has happened yet",
    "rawai014": "officer",
    "rawai011": "officer",
    "rawai001": "executive",
    "rawai002": "executive",
    "dla.orathai": "desk of the department",
    "phuket.nattaphon": "desk of a province",
    "": "nobody",
}
LANGUAGES = ("th", "en")
SMALLEST = 320
PAGES_MAX = 150
#: Of a pattern of addresses one page is looked at closely; where the state of a thing changes its page, more are.
FACES = {"access_requests:request": 4, "revocation:person": 4}
#: What is read besides the text: attributes that a reader hears or sees.
SAID_BY_ATTRIBUTES = ["aria-label", "alt", "title", "placeholder", "data-l"]

CATALOGUES = Path(__file__).resolve().parents[2] / "src" / "kunjae"
WORDS = re.compile(r"[A-Za-z][A-Za-z'’-]*")
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}|<[^>]+>")
#: What stands in Latin letters in every language: e-LAAS, formats of files, user ids, addresses.
RUN_OF_ENGLISH = re.compile(r"\b[a-z]{2,}(?:[ ,]+[a-z]{2,}){3,}\b")


@pytest.fixture(scope="module")
def english() -> list[str]:
    """List the English texts of the catalogues, in the pieces between their holes, of three words and more."""
    pieces: set[str] = set()
    for path in CATALOGUES.glob("*/locale/th/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                texts = message.id if isinstance(message.id, tuple) else (message.id,)
                for text in texts:
                    pieces.update(_plain(piece) for piece in HOLES.split(text))
    return sorted(piece for piece in pieces if len(WORDS.findall(piece)) >= 3)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .,:;()")


@pytest.fixture(scope="module")
def looked_at() -> set[str]:
    """Keep which patterns of pages a kind of person has been looked at with."""
    return set()


@pytest.mark.parametrize("username", CAST, ids=lambda username: username or "nobody")
def test_every_page_that_a_person_can_reach_is_sound(
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    english: list[str],
    looked_at: set[str],
    username: str,
):
    page = open_page()
    page.goto("/")
    if username:
        sign_in(page, username)
    faults: list[str] = []
    kind = CAST[username]

    walked = list(_walk(page, english, faults))
    unlike = [path for path in walked if _face(kind, path) not in looked_at or path == "/"]
    for language in LANGUAGES:
        page.context.add_cookies([{"name": "kunjae_language", "value": language, "url": urljoin(page.url, "/")}])
        for path in unlike:
            faults += _look_closely(page, path, language, assert_accessible)

    looked_at.update(_face(kind, path) for path in walked)
    assert not faults, "\n" + "\n".join(dict.fromkeys(faults))
    assert len(walked) >= 3


def _walk(page: Page, english: list[str], faults: list[str]) -> Iterator[str]:
    """Follow links from the first page; yield one address of each pattern, of pages that hold HTML."""
    base = page.url
    waiting, seen, patterns = ["/"], {"/"}, Counter[str]()
    fetched = 0
    while waiting and fetched < PAGES_MAX:
        path = waiting.pop(0)
        answer = page.request.get(path, max_redirects=5)
        fetched += 1
        if answer.status != 200:
            faults.append(f"{path} answers {answer.status}")
            continue
        if "text/html" not in answer.headers["content-type"]:
            continue
        text, links = _read(page, answer.text())
        if 'lang="th"' in answer.text()[:200]:
            faults += [f"{path} says in English: {piece}" for piece in english if piece in text]
            faults += [f"{path} says in English: {words}" for words in RUN_OF_ENGLISH.findall(text)]
        for link in links:
            target = urlsplit(urljoin(urljoin(base, path), link))
            where = target.path + (f"?{target.query}" if target.query else "")
            if urljoin(base, "/").rstrip("/") == f"{target.scheme}://{target.netloc}" and where not in seen:
                seen.add(where)
                waiting.append(where)
        pattern = _pattern(path)
        patterns[pattern] += 1
        if patterns[pattern] <= FACES.get(pattern.split()[0], 1):
            yield path


def _read(page: Page, html: str) -> tuple[str, list[str]]:
    """Return what a page says, outside of what is marked as another language, and its links."""
    text, links = page.evaluate(
        """([html, attributes]) => {
            const read = new DOMParser().parseFromString(html, 'text/html')
            const links = [...read.querySelectorAll('a[href]')].map(link => link.getAttribute('href'))
            read.querySelectorAll('[lang=en], [translate=no], script, style').forEach(other => other.remove())
            const said = attributes.flatMap(name =>
                [...read.querySelectorAll(`[${name}]`)].map(element => element.getAttribute(name)))
            return [[read.documentElement.textContent, ...said].join(' \\n '), links]
        }""",
        [html, SAID_BY_ATTRIBUTES],
    )
    return _plain(text), [link for link in links if not link.startswith(("#", "mailto:", "tel:"))]


def _pattern(path: str) -> str:
    """Name the pattern of an address: of all persons' pages one is looked at, but with and without a query."""
    parts = urlsplit(path)
    names = sorted(name.partition("=")[0] for name in parts.query.split("&") if name)
    match = resolve(parts.path)
    kept = match.kwargs.get("name", "")  # Every manual is a text of its own.
    return f"{match.view_name} {kept} {names}"


def _face(kind: str, path: str) -> str:
    """Name a page as a kind of person sees it; manuals and one's own sessions are alike to all who are signed in."""
    pattern = _pattern(path)
    is_alike = pattern.startswith(("site:guide", "identity:")) and kind != "nobody"
    return f"{'anybody' if is_alike else kind} {pattern}"


def _look_closely(page: Page, path: str, language: str, assert_accessible: Callable[[Page], None]) -> Iterator[str]:
    """Look at a page at its three widths, and yield what is wrong."""
    page.set_viewport_size({"width": DESK, "height": 900})
    page.goto(path)
    spoken = page.locator("html").get_attribute("lang")
    if spoken != language:
        yield f"{path} speaks {spoken} and not {language}"
    for width in (DESK, TELEPHONE, SMALLEST):
        page.set_viewport_size({"width": width, "height": 900})
        # What axe finds depends on the language and on the width, hardly on both at once.
        is_for_axe = width == DESK or (width == TELEPHONE and language == "th")
        for look in (assert_named, assert_accessible if is_for_axe else assert_fits):
            try:
                look(page)
            except AssertionError as fault:
                yield f"[{language}, {width} px] {str(fault).splitlines()[0]} {fault if is_for_axe else ''}"
