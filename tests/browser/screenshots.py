"""The pictures of the README: `python -m tests.browser.screenshots` draws docs/images/ from a fresh demo."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.journeys import HEAD, RAWAI, send_again, sign_in, sign_out
from tests.browser.server import kunjae, serving

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
WIDTH, HEIGHT_MIN, HEIGHT_MAX = 1280, 720, 1500
COLOURS = 192
DESK = "dla.siriporn"
WEIGHT_MAX = 200_000


def main() -> None:
    """Seed a demo in a folder that is thrown away, and photograph its main pages."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kunjae-") as folder:
        data = Path(folder) / "data"
        kunjae("seed-demo", data=data)
        kunjae("worker", "--batch", data=data)  # It draws the scans.
        with serving(data) as demo, sync_playwright() as playwright:
            arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
            program = os.environ.get("KUNJAE_TEST_CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=program, args=arguments)
            context = browser.new_context(
                base_url=demo.url, locale="th-TH", viewport={"width": WIDTH, "height": HEIGHT_MIN}
            )
            page = context.new_page()
            page.goto("/sign-in/")
            _photograph(page, "sign-in")
            sign_in(page, HEAD)
            for name, go in PAGES.items():
                go(page)
                _photograph(page, name)
            _draw_form_2(page)
            sign_out(page)
            sign_in(page, DESK)
            for name, go in DESK_PAGES.items():
                go(page)
                _photograph(page, name)
            browser.close()


def _to_home(page: Page) -> None:
    page.goto("/")


def _to_decision(page: Page) -> None:
    page.goto("/")
    page.locator("main a[href$='/decision/']").first.click()
    page.locator("[name=opinion][value=approve]").check()
    for box in page.locator("table [name=groups]").all():
        box.check()


def _to_report(page: Page) -> None:
    page.goto(f"/o/{RAWAI}/reports/users-in-groups/")


def _to_person(page: Page) -> None:
    page.goto(f"/o/{RAWAI}/people/")
    page.locator("main table a").filter(has_text="ภาณุวัฒน์").click()


PAGES: dict[str, Callable[[Page], None]] = {
    "home": _to_home,
    "decision": _to_decision,
    "report": _to_report,
    "person": _to_person,
}


def _to_letters(page: Page) -> None:
    page.goto("/department/letters/")


def _to_letter(page: Page) -> None:
    page.goto("/department/letters/")
    page.locator("main table tr").filter(has_text="กะทู้").locator("a").first.click()


def _to_vacancies(page: Page) -> None:
    page.goto("/department/vacancies/")


DESK_PAGES: dict[str, Callable[[Page], None]] = {
    "letters": _to_letters,
    "letter": _to_letter,
    "vacancies": _to_vacancies,
}


def _draw_form_2(page: Page) -> None:
    """Draw the first sheet of a form 2 whose both parts are filled in, as it is printed."""
    page.goto(f"/o/{RAWAI}/requests/")
    page.locator("main table a").filter(has_text="สมภพ").first.click()
    printed = send_again(page, page.locator("main form[action$='/form.pdf']"))
    sheet = pypdfium2.PdfDocument(printed.body())[0]
    _keep(sheet.render(scale=WIDTH / sheet.get_width()).to_pil(), "form-2")


def _photograph(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate("document.activeElement.blur()")
    taken = Image.open(BytesIO(page.screenshot(full_page=True)))
    _keep(taken.crop((0, 0, WIDTH, min(taken.height, HEIGHT_MAX))), name)


def _keep(picture: Image.Image, name: str) -> None:
    target = IMAGES / f"{name}.png"
    full = picture.convert("RGB")
    full.save(target, optimize=True)
    if target.stat().st_size > WEIGHT_MAX:
        # So chosen, the few greens and violets of a page keep their colours.
        few = full.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE, kmeans=2)
        few.save(target, optimize=True)
    weight = target.stat().st_size
    if weight > WEIGHT_MAX:
        raise SystemExit(f"{target.name} weighs {weight:,} bytes, more than {WEIGHT_MAX:,}")
    sys.stdout.write(f"{target.name}: {full.width} × {full.height}, {weight:,} bytes\n")


if __name__ == "__main__":
    main()
