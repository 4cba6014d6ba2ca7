"""What the strokes of one keyboard layout write on the other."""

import string

import pytest

from kunjae.identity.thai_keyboard import Key, as_typed_on_thai, as_typed_on_us, has_thai, place_of

PRINTABLE_KEYS = string.ascii_letters + string.digits + string.punctuation


@pytest.mark.parametrize(
    ("thai", "us"),
    [
        ("สวัสดี", "l;ylfu"),
        ("รหัสผ่าน", "isylzjko"),
        ("ยฟหหไนพก", "password"),
        ("เทศบาล", "gmL[k]"),
        ("กุญแจ", "d6Pc0"),
        ("โชคดี", "F=8fu"),
        ("น้ำ", "ohe"),
        ("ฤฆฏโฌ็๋ษศซ.", 'ASDFGHJKL:"'),
        ("๑๒๓๔ู฿๕๖๗๘๙", "@#$%^&*()_+"),
    ],
)
def test_typed_text_reads_the_same_from_both_sides(thai, us):
    assert as_typed_on_us(thai) == us
    assert as_typed_on_thai(us) == thai


def test_every_printable_key_is_mapped_there_and_back():
    thai = as_typed_on_thai(PRINTABLE_KEYS)

    assert len(set(thai)) == len(PRINTABLE_KEYS) == 94
    assert as_typed_on_us(thai) == PRINTABLE_KEYS


def test_every_thai_consonant_and_digit_can_be_typed():
    typed = set(as_typed_on_thai(PRINTABLE_KEYS))

    assert {chr(code) for code in range(0x0E01, 0x0E2F)} <= typed
    assert {chr(code) for code in range(0x0E50, 0x0E5A)} <= typed


def test_what_the_other_layout_lacks_stays():
    assert as_typed_on_us("ยฟหหไนพก1") == "password1"
    assert as_typed_on_thai("é ☃") == "é ☃"
    assert as_typed_on_us("a ☃\ud800") == "a ☃\ud800"


def test_length_is_kept():
    text = "น้ำใจ Water-7 🔑"

    assert len(as_typed_on_us(text)) == len(as_typed_on_thai(text)) == len(text)


def test_place_of_a_key_is_one_on_both_layouts_and_shift_states():
    assert place_of("a") == place_of("A") == place_of("ฟ") == place_of("ฤ") == Key(2, 0)
    assert place_of("1") == place_of("!") == place_of("ๅ") == Key(0, 0)
    assert place_of("`").column == -1
    assert place_of("é") is None
    assert place_of(" ") is None


def test_has_thai_sees_letters_marks_and_digits():
    assert has_thai("abcก")
    assert has_thai("\u0e48")
    assert has_thai("๙")
    assert not has_thai("abc 123 ñ")
