"""
Chromium against the real program: `demo` (a server per module), `open_page` (a window), `assert_accessible`.

A page fails its test by an error on its console, by a request to another machine, or by a fault that axe finds.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.server import Demo, copied, kunjae, serving, working
from tests.settings import TEST_FOLDER

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "build" / "browser"
DESK, TELEPHONE = 1280, 390
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOODS = [".govuk-error-summary", ".success", ".note", ".sheet", "main table", ".empty"]
AXE_RUN = """
rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], elementRef: false})
    .then(found => found.violations)
"""


@pytest.fixture(scope="session")
def seeded_data() -> Path:
    """Seed the demo once; every server works in a copy."""
    data = TEST_FOLDER / "seeded"
    kunjae("seed-demo", data=data)
    kunjae("worker", "--batch", data=data)  # What was sent before the tests has arrived.
    return data


@pytest.fixture(scope="module")
def demo(seeded_data: Path, request: pytest.FixtureRequest) -> Iterator[Demo]:
    """Serve a fresh copy of the demo to the tests of one module."""
    folder = TEST_FOLDER / request.module.__name__.rpartition(".")[2]
    with serving(copied(seeded_data, folder)) as server:
        yield server


@pytest.fixture(scope="module")
def worker(demo: Demo) -> Iterator[None]:
    """Send the letters of the module's demo while its tests run."""
    with working(demo):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium."""
    program = os.environ.get("KUNJAE_TEST_CHROMIUM") or shutil.which("chromium")
    arguments = ["--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's sandbox refuses root.
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=arguments, headless=True)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, demo: Demo, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """
    Return a function that opens a window of its own, signed in as nobody.

    Its options: `width` (1280 or 390), `javascript`, `language` (th or en, by the cookie of the page).
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(*, width: int = DESK, javascript: bool = True, language: str = "th") -> Page:
        context = browser.new_context(
            base_url=demo.url,
            java_script_enabled=javascript,
            locale="th-TH",
            timezone_id="Asia/Bangkok",
            viewport={"width": width, "height": 900},
        )
        context.set_default_timeout(10_000)
        context.add_cookies([{"name": "kunjae_language", "value": language, "url": demo.url}])
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request", lambda sent: faults.append(f"request to {sent.url}") if _is_elsewhere(sent.url, demo) else None
        )
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda line: faults.append(f"console: {line.text}") if _is_a_fault(line) else None)
        return page

    yield open_page
    if getattr(request.node, "failed", False):
        _keep_pictures(contexts, request.node.name)
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Run the test twice: with and without JavaScript."""
    return request.param


@pytest.fixture(params=[DESK, TELEPHONE], ids=["desk", "telephone"])
def width(request: pytest.FixtureRequest) -> int:
    """Run the test twice: at the width of a desk and of a telephone, in pixels."""
    return request.param


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Return a function that fails with every fault axe finds on a page, and where the page is wider than its window."""
    source = AXE.read_text(encoding="utf-8")

    def assert_accessible(page: Page) -> None:
        # Evaluated by the debugger, so that the page's own policy stays in force.
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(source)
        result = page.evaluate(AXE_RUN, AXE_RULES)
        found = [
            f"{fault['id']} ({fault['impact']}): {node['target']} {node['failureSummary']}"
            for fault in result
            for node in fault["nodes"]
        ]
        assert not found, f"{page.url}\n" + "\n".join(found)
        assert_fits(page)

    return assert_accessible


@pytest.fixture(scope="session")
def look_at(assert_accessible: Callable[[Page], None]) -> Callable[[Page], None]:
    """
    Return a function that looks at a page which a journey has reached: title, heading, width, and axe.

    Axe looks once at each page in each of its moods (an error, a success), whichever journey comes first. Without
    JavaScript it cannot wait for itself; the same page is looked at with JavaScript.
    """
    known: set[tuple[str, ...]] = set()

    def look_at(page: Page) -> None:
        assert_named(page)
        assert_fits(page)
        moods = [mood for mood in MOODS if page.locator(mood).count()]
        face = (resolve(urlsplit(page.url).path).view_name, *moods)
        if face not in known and _runs_scripts(page):
            assert_accessible(page)
            known.add(face)

    return look_at


def assert_named(page: Page) -> None:
    """Fail if the page has not exactly one heading of the first level, or if its title does not say the page."""
    # It waits: the page that a button leads to may still be on its way.
    expect(page.locator("h1")).to_have_count(1)
    headings = page.locator("h1").all_inner_texts()
    heading, title = (re.sub(r"\s+", " ", text).strip() for text in (headings[0], page.title()))
    assert heading in title, f"{page.url}: the title {title!r} does not say {heading!r}"


def assert_fits(page: Page) -> None:
    """Fail if the page must be scrolled sideways."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px wider than its window"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    report = yield
    if report.when == "call" and report.failed:
        item.failed = True
    return report


def _runs_scripts(page: Page) -> bool:
    return page.locator("html").evaluate("() => matchMedia('(scripting: enabled)').matches")


def _is_elsewhere(url: str, demo: Demo) -> bool:
    return not url.startswith((demo.url + "/", "data:", "blob:", "about:"))


def _is_a_fault(line) -> bool:
    # A page that answers 404 or 422 is what some tests are about; the browser reports it on the console.
    return line.type == "error" and "the server responded with a status of 4" not in line.text


def _keep_pictures(contexts, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, start=1):
        page.screenshot(path=PICTURES / f"{re.sub(r'[^A-Za-z0-9]+', '-', name)}-{number}.png", full_page=True)
