"""The second code on paper: it lies inside the fold, and its hash does not give it away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kunjae.documents.activation_slip import ActivationSlip, content_hash, render_activation_slip
from tests.unit.documents_text import bottom_of, pages_of, plain

NOW = datetime(2026, 10, 16, 2, 5, tzinfo=UTC)
PANEL = 99


def a_slip(**facts) -> ActivationSlip:
    return ActivationSlip(
        **{
            "person_name": "นางสาวปุญญิศา ตั้งพิสุทธิ์กุล",
            "authority_name": "เทศบาลตำบลราไวย์",
            "place": "อำเภอเมืองภูเก็ต จังหวัดภูเก็ต",
            "user_id": "rawai003",
            "case_number": "0012/2570",
            "code": "48291377",
            "ends_at": NOW + timedelta(hours=72),
            "printed_at": NOW,
            "activation_address": "https://kunjae.example.go.th/activate/",
            "numerals": "arabic",
            **facts,
        }
    )


def test_render_activation_slip_shows_name_and_case_outside_and_the_code_inside():
    pdf = render_activation_slip(a_slip())

    (page,) = pages_of(pdf)
    assert bottom_of("ปุญญิศา", pdf) > 2 * PANEL
    assert bottom_of("เทศบาล", pdf) > 2 * PANEL
    for inside in ("4829 1377", "rawai003", "activate"):
        assert PANEL < bottom_of(inside, pdf) < 2 * PANEL
    for words in ("ลับ", "เลขที่เรื่อง 0012/2570", "19 ตุลาคม 2569 เวลา 09:05 น.", "ได้รับทางอีเมล", "พับครั้งที่ 1", "พับครั้งที่ 2"):
        assert plain(words) in page


def test_render_activation_slip_covers_the_code_with_a_pattern_when_folded():
    pdf = render_activation_slip(a_slip())

    # The pattern stands 6 to 70 mm below the second fold; the code must not lie further from it than that.
    above_the_fold = bottom_of("4829 1377", pdf) - PANEL
    assert 6 < above_the_fold < 62


def test_render_activation_slip_in_thai_numerals_keeps_what_is_typed_in():
    (page,) = pages_of(render_activation_slip(a_slip(numerals="thai")))

    assert "48291377" in page
    assert "rawai003" in page
    assert "๐๐๑๒/๒๕๗๐" in page


def test_render_activation_slip_of_a_person_without_a_mailbox_names_the_message():
    (page,) = pages_of(render_activation_slip(a_slip(first_way="sms")))

    assert plain("ได้รับทางข้อความ (SMS)") in page


def test_render_activation_slip_with_a_very_long_name_loses_no_word():
    name = "นางสาวกนกวรรณ " * 15 + "ปลายชื่อ"

    front, more = pages_of(render_activation_slip(a_slip(person_name=name)))

    assert "48291377" in front
    assert "ปลายชื่อ" in more


def test_render_activation_slip_yields_the_same_bytes_for_the_same_slip():
    assert render_activation_slip(a_slip()) == render_activation_slip(replace(a_slip()))


def test_content_hash_of_a_slip_says_nothing_about_the_code():
    assert content_hash(a_slip(code="00000000")) == content_hash(a_slip())
    assert content_hash(a_slip(user_id="rawai004")) != content_hash(a_slip())
