"""QR codes come back from scans: straight, askew, upside down, photographed; and what they claim is taken apart."""

import io
import math
import random
from datetime import date

import pypdfium2
import pytest
from PIL import Image, ImageFilter

from kunjae.core.uploads import check_upload, read_codes
from kunjae.documents.form_2 import Form2Sheet, render_form_2
from kunjae.documents.scan_reading import Claim, claim_of

CODE = "4829137758"


@pytest.fixture(scope="module")
def paper() -> bytes:
    return render_form_2(
        Form2Sheet(
            authority_name="เทศบาลตำบลราไวย์",
            form_date=date(2026, 11, 20),
            case_number="0147/2570",
            verification_base="https://kunjae.example/verify",
            verification_code=CODE,
        )
    )


@pytest.fixture(scope="module")
def picture(paper) -> Image.Image:
    document = pypdfium2.PdfDocument(paper)
    try:
        return document[0].render(scale=250 / 72).to_pil().convert("L")
    finally:
        document.close()


def codes_in(image: Image.Image, *, quality: int = 70) -> list[str]:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    texts = read_codes(check_upload(out.getvalue(), filename="scan.jpg"))
    return [claim.code for text in texts if (claim := claim_of(text))]


def as_photographed(image: Image.Image, seed: int) -> Image.Image:
    """The sheet as a telephone sees it: askew, turned, a little blurred, on a grey desk."""
    chance = random.Random(seed)  # noqa: S311
    desk = Image.new("L", (image.width * 5 // 4, image.height * 5 // 4), 96)
    desk.paste(image, (image.width // 8, image.height // 8))
    width, height = desk.size
    near = [chance.uniform(0, 0.1) for _ in range(8)]
    corners = (
        near[0] * width, near[1] * height, near[2] * width, height - near[3] * height,
        width - near[4] * width, height - near[5] * height, width - near[6] * width, near[7] * height,
    )  # fmt: skip
    # A quadrilateral of the desk fills the frame: what a lens does, the other way round.
    framed = desk.transform(desk.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    turned = framed.rotate(chance.uniform(-14, 14), expand=True, fillcolor=96, resample=Image.Resampling.BICUBIC)
    turned.thumbnail((3264, 3264))
    return turned.filter(ImageFilter.GaussianBlur(0.8))


def test_the_code_of_a_pdf_is_read(paper):
    (text,) = read_codes(check_upload(paper, filename="scan.pdf"))

    claim = claim_of(text)
    assert claim is not None
    assert (claim.code, claim.case, len(claim.short_hash)) == (CODE, "0147/2570", 12)


@pytest.mark.parametrize("turn", [0, 90, 180, 270, 7])
def test_the_code_of_a_scan_is_read_however_the_sheet_lay(picture, turn):
    assert codes_in(picture.rotate(turn, expand=True, fillcolor=255)) == [CODE]


@pytest.mark.parametrize("seed", range(6))
def test_the_code_of_a_photograph_is_read(picture, seed):
    assert codes_in(as_photographed(picture, seed)) == [CODE]


def test_every_page_of_a_pdf_of_several_scans_is_read(picture):
    blank = Image.new("L", picture.size, 255)
    out = io.BytesIO()
    blank.save(out, "PDF", save_all=True, append_images=[picture, blank])

    texts = read_codes(check_upload(out.getvalue(), filename="scan.pdf"))

    assert [claim_of(text).code for text in texts] == [CODE]


def test_paper_without_a_code_gives_none():
    assert codes_in(Image.new("L", (1240, 1754), 255)) == []


def test_a_picture_full_of_noise_costs_no_more_than_its_limit():
    side = math.isqrt(4_000_000)
    noise = Image.effect_noise((side, side), 200)

    assert codes_in(noise, quality=30) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "สวัสดี",
        "https://kunjae.example/verify/",
        "https://kunjae.example/verify/4829137759?n=0147%2F2570",  # the check digit does not fit
        "https://[kunjae/verify/4829137758",
        "WIFI:S:office;T:WPA;P:secret;;",
        "https://kunjae.example/verify/4829137758?" + "&".join(f"a{number}=1" for number in range(400)),
        "x" * 5000,
    ],
)
def test_other_codes_claim_nothing(text):
    assert claim_of(text) is None


def test_a_claim_is_read_whatever_the_host_and_its_digits():
    assert claim_of("https://other.example/verify/๔๘๒๙๑๓๗๗๕๘?n=0147%2F2570&h=ABCDEF012345") == Claim(
        code=CODE, case="0147/2570", short_hash="abcdef012345"
    )
