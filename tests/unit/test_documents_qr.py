"""The QR code of a sheet, and the address it carries."""

from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

from kunjae.documents.qr import page_address, qr_svg, short_hash, verification_address

HASH = "0123456789abcdef" * 4


def test_short_hash_groups_its_first_twelve_digits():
    assert short_hash(HASH) == "0123 4567 89ab"


def test_verification_address_carries_what_the_paper_claims_to_be():
    address = urlsplit(
        verification_address(
            "https://kunjae.example.go.th/verify/", "4829137756", case_number="0147/2570", content_hash=HASH
        )
    )

    assert address.path == "/verify/4829137756"
    assert parse_qs(address.query) == {"n": ["0147/2570"], "h": ["0123456789ab"]}


def test_verification_address_cannot_be_bent_by_a_case_number():
    address = urlsplit(
        verification_address("https://kunjae.example.go.th/verify", "1", case_number="&h=ff#x\n", content_hash=HASH)
    )

    assert parse_qs(address.query) == {"n": ["&h=ff#x\n"], "h": ["0123456789ab"]}
    assert address.fragment == ""


def test_page_address_of_no_code_is_the_page_itself():
    assert page_address("https://kunjae.example.go.th/verify", "") == "https://kunjae.example.go.th/verify"


def test_qr_svg_is_one_path_without_style_or_script():
    picture = ET.fromstring(qr_svg("https://kunjae.example.go.th/verify/4829137756", title="ตรวจสอบ"))  # noqa: S314

    names = [element.tag.rpartition("}")[2] for element in picture.iter()]
    assert names == ["svg", "title", "path"]
    assert not {"style", "class", "onload"} & {key for element in picture.iter() for key in element.attrib}
    assert picture.attrib["viewBox"].split()[2] == picture.attrib["viewBox"].split()[3]


def test_qr_svg_leaves_a_white_border_of_four_modules_on_screen_and_none_on_paper():
    on_screen = ET.fromstring(qr_svg("x"))  # noqa: S314
    on_paper = ET.fromstring(qr_svg("x", quiet_zone=0))  # noqa: S314

    def side(picture: ET.Element) -> int:
        return int(picture.attrib["viewBox"].split()[2])

    assert side(on_screen) - side(on_paper) == 8
