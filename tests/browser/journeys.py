"""What the people of the journeys do on their pages: sign in, open their mail, press the one button."""

import re
from datetime import date, timedelta
from io import BytesIO

import pyotp
import pypdfium2
from PIL import Image, ImageDraw
from playwright.sync_api import APIResponse, Locator, Page, expect

from kunjae.core.numerals import to_thai_digits

RAWAI, KARON = "5830107", "5830104"
HEAD, CLERK, MAYOR = "rawai003", "rawai002", "rawai001"
PASSWORD = "tonmai-suai-mak-27"  # Of all the cast, as the demo prints it.
NEW_PASSWORD = "thale-fa-khram-58-rim-hat"  # Chosen by the people of the journeys.
SECONDS_FOR_A_LETTER = 20
SECONDS_FOR_A_CODE = 35  # An app shows a code for thirty seconds, and it opens once.

ACTIVATION_LINK, FORM_2_LINK = "/activate/link/", "/form-2/"


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Sign in as one of the cast and arrive at the first page."""
    page.goto("/sign-in/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    press(page)
    expect(page).not_to_have_url(re.compile(r"/sign-in/$"))
    if "/sign-in/second-factor/" in page.url:
        give_code(page)
    if "/sign-in/undertaking/" in page.url:
        page.locator("[name=accepted]").check()
        press(page)
    if "/sign-in/enrolment/" in page.url:
        bind_app(page)
    expect(page.locator("form.sign-out")).to_have_count(1)


def give_code(page: Page) -> None:
    """Type the code that the demo shows for the app of one of its cast; a code that was used waits for the next."""
    for _ in range(SECONDS_FOR_A_CODE):
        shown = page.locator("main .demo-code .id")
        if shown.count():
            page.locator("[name=code]").fill(shown.inner_text())
            press(page)
            return
        page.wait_for_timeout(1_000)
        page.reload()
    raise AssertionError("the demo showed no code")


def bind_app(page: Page) -> None:
    """Bind an authenticator app as its key says, look at the recovery codes and go on."""
    key = page.locator("main .bullets .id").first.inner_text().replace(" ", "")
    page.locator("[name=code]").fill(pyotp.TOTP(key).now())
    press(page)
    press(page)
    press(page)


def sign_out(page: Page) -> None:
    """Press the button that stands on every page."""
    page.locator("form.sign-out button").click()
    expect(page.locator("[name=password]")).to_be_visible()


def press(page: Page) -> None:
    """Press the one filled button of a page."""
    page.locator("main .btn--main, main .btn--danger").first.click()


def follow(page: Page, part_of_address: str) -> None:
    """Follow the first link of the page's own content whose address contains a part."""
    page.locator(f"main a[href*='{part_of_address}']").first.click()


def open_menu_entry(page: Page, part_of_address: str) -> None:
    """Follow an entry of the menu on the left."""
    page.locator(f"nav.menu a[href*='{part_of_address}']").first.click()


def choose(page: Page, name: str, value: str) -> None:
    """Tick a box or a radio by its name and value."""
    page.locator(f"input[name={name}][value='{value}']").check()


def filled_in(form: Locator) -> dict[str, str]:
    """Read what a form would send, its button aside."""
    boxes = form.locator("[name]:not(button)").all()
    return {box.get_attribute("name") or "": box.input_value() for box in boxes}


def send_again(page: Page, form: Locator) -> APIResponse:
    """Send a form as its button would, past the window: twice, or to keep a paper that the window would show."""
    address = form.get_attribute("action") or page.url
    return page.request.post(address, form=filled_in(form), headers={"Referer": page.url})


def fill_day(page: Page, name: str, day: date, *, thai_digits: bool = False) -> None:
    """Fill in a day as on paper: the year is of the Buddhist era."""
    digits = to_thai_digits if thai_digits else str
    page.locator(f"[name={name}_day]").fill(digits(str(day.day)))
    page.locator(f"[name={name}_month]").select_option(str(day.month))
    page.locator(f"[name={name}_year]").fill(digits(str(day.year + 543)))


def yesterday() -> date:
    """Name a day that is surely not in the future, whatever the time zone of this machine."""
    return date.today() - timedelta(days=1)


# --- The mailbox ------------------------------------------------------------------------------------------------


class Mailbox:
    """
    The letters to one address in the demo's mailbox, looked at in a window.

    What lay there when the mailbox was first looked into is left aside, unless it is still `unread`.
    """

    def __init__(self, window: Page, address: str, *, unread: bool = False) -> None:
        self.window, self.address = window, address
        self.read: set[str] = set()
        if not unread:
            self.read.update(self._look())

    def letter(self, pattern: str) -> str:
        """Wait for a new letter that holds what is looked for, and return its text; the window then shows it."""
        for _look in range(SECONDS_FOR_A_LETTER * 4):
            for path in [path for path in self._look() if path not in self.read]:
                self.window.goto(path)
                text = self.window.locator("main .prose").inner_text()
                links = " ".join(a.get_attribute("href") or "" for a in self.window.locator("main .prose a").all())
                if re.search(pattern, f"{text} {links}"):
                    self.read.add(path)
                    return text
            self.window.wait_for_timeout(250)
        raise AssertionError(f"no new letter to {self.address} holds {pattern}")

    def code(self, digits: int) -> str:
        """Read the code of so many digits in a new letter."""
        pattern = rf"(?<!\d)\d{{{digits}}}(?!\d)"
        found = re.search(pattern, self.letter(pattern))
        assert found
        return found.group()

    def follow(self, part_of_address: str) -> None:
        """Follow the link in a new letter that has it."""
        self.letter(part_of_address)
        self.window.locator(f".prose a[href*='{part_of_address}']").first.click()

    def _look(self) -> list[str]:
        self.window.goto(f"/demo/mailbox/?address={self.address}")
        return [link.get_attribute("href") or "" for link in self.window.locator("main table th a").all()]


# --- What pages must show ---------------------------------------------------------------------------------------


def expect_refusal(page: Page, *names: str) -> Locator:
    """
    Expect the summary of what is wrong, and that each of its links leads to a control that exists.

    `names` are fields that must be among them.
    """
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_visible()
    targets = [link.get_attribute("href") or "" for link in summary.locator("a").all()]
    for target in targets:
        assert target.startswith("#id_"), target
        expect(page.locator(f"[id='{target[1:]}']")).to_have_count(1)
    for name in names:
        assert any(target.startswith(f"#id_{name}") for target in targets), f"{name} is not among {targets}"
    return summary


def expect_signed_out(page: Page) -> None:
    """Expect a page that shows nothing of anybody: the sign-in."""
    expect(page.locator("[name=username]")).to_be_visible()
    expect(page.locator(".mast")).to_have_count(0)


# --- Papers -----------------------------------------------------------------------------------------------------


def a_photograph(words: str) -> bytes:
    """Make a JPEG such as a telephone makes of a sheet of paper."""
    picture = Image.new("RGB", (900, 1270), "white")
    ImageDraw.Draw(picture).text((80, 80), words, fill="black")
    made = BytesIO()
    picture.save(made, "JPEG", quality=80)
    return made.getvalue()


def a_scan(words: str) -> bytes:
    """Make a PDF of one page such as a scanner makes."""
    made = BytesIO()
    Image.open(BytesIO(a_photograph(words))).save(made, "PDF", resolution=110)
    return made.getvalue()


def words_of_pdf(data: bytes) -> str:
    """Read the text of a PDF, without its spaces: Thai stands there in pieces."""
    assert data.startswith(b"%PDF-")
    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s", "", text)
