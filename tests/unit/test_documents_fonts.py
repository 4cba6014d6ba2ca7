"""The fonts of printed documents: found or missed in one clear sentence, and what they can show."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kunjae.documents import fonts
from kunjae.documents.form_2 import Form2Part1, Form2Sheet, render_form_2


@pytest.fixture
def configured():
    yield fonts.configure
    fonts.configure(None)


def test_font_directory_is_the_built_one_until_told_otherwise(configured, tmp_path):
    built = fonts.font_directory()
    (tmp_path / "Sarabun.ttf").write_bytes(b"")

    configured(tmp_path)

    assert built.parts[-5:] == ("site", "static", "built", "fonts", "pdf")
    assert fonts.font_directory() == tmp_path


def test_font_directory_without_a_font_says_what_to_do(configured, tmp_path):
    configured(tmp_path)

    with pytest.raises(fonts.FontsMissing, match="build the static files"):
        fonts.font_directory()


def test_printable_codepoints_cover_thai_and_no_symbols():
    known = fonts.printable_codepoints()

    assert {ord(character) for character in "กฎฏฐญๅๆ๏๙๚๛฿ำิ์–…“”A~"} <= known
    assert not {ord(character) for character in "☐中😀\u202e"} & known


def test_printable_leaves_ordinary_text_alone():
    text = "ฏู ปู่ ญี่ปุ่น ผู้ใช้งาน ๒๕๖๙ – “rawai.003”\nบรรทัดที่สอง"

    assert fonts.printable(text) == text


def test_printable_names_what_the_font_cannot_draw_and_the_eye_cannot_see():
    assert fonts.printable("ก☐\u202e\x00") == "ก[U+2610][U+202E][U+0000]"


def test_printable_names_marks_that_flood_a_line():
    assert fonts.printable("ก" + "่" * 5) == "ก" + "่" * 3 + "[U+0E48]" * 2


def test_printable_gives_endless_words_places_to_break_unless_they_are_copied():
    address = "a" * 60

    assert "\u200b" in fonts.printable(address)
    assert fonts.printable(address).replace("\u200b", "") == address
    assert fonts.printable(address, breaks=False) == address


def test_width_in_ems_follows_the_font():
    assert fonts.width_in_ems("") == 0
    assert fonts.width_in_ems("กก") == pytest.approx(2 * fonts.width_in_ems("ก"))
    assert fonts.width_in_ems("กู้") == pytest.approx(fonts.width_in_ems("ก"))
    assert 0.4 < fonts.width_in_ems("ก") < 0.8


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_render_form_2_takes_any_text_at_all(text):
    sheet = Form2Sheet(authority_name=text, part1=Form2Part1(applicant_name=text, wants_groups=True, duty_text=text))

    assert render_form_2(sheet).startswith(b"%PDF")
