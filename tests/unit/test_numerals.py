"""Digits of two scripts come in, of one go out (T-16)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunjae.core.numerals import parse_whole_number, to_ascii_digits, to_thai_digits
from kunjae.core.unacceptable import Unacceptable

# Every digit of every script that Python itself would take for one.
FOREIGN_DIGITS = [
    chr(code)
    for code in range(0x80, 0x110000)
    if unicodedata.category(chr(code)) in {"Nd", "No"}
    and chr(code) not in "๐๑๒๓๔๕๖๗๘๙"
    and not 0xFF10 <= code <= 0xFF19
]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("๐๑๒๓๔๕๖๗๘๙", "0123456789"),
        ("０１２３４５６７８９", "0123456789"),
        ("เลขที่ ๑๔๗/๒๕๗๐", "เลขที่ 147/2570"),
        ("already 123", "already 123"),
        ("", ""),
    ],
)
def test_to_ascii_digits_writes_thai_and_full_width_digits_as_ascii(typed, stored):
    assert to_ascii_digits(typed) == stored


def test_to_ascii_digits_leaves_the_digits_of_other_scripts():
    foreign = "".join(FOREIGN_DIGITS)

    assert to_ascii_digits(foreign) == foreign


def test_to_thai_digits_writes_numbers_as_letters_do():
    assert to_thai_digits("15 กรกฎาคม 2562") == "๑๕ กรกฎาคม ๒๕๖๒"
    assert to_thai_digits(2570) == "๒๕๗๐"


@given(st.text())
def test_digits_survive_the_way_there_and_back(text):
    ascii_text = to_ascii_digits(text)

    assert to_ascii_digits(to_thai_digits(ascii_text)) == ascii_text


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0", 0), ("๑๒", 12), (" 007 ", 7), ("1,234", 1234), ("๑,๒๓๔,๕๖๗", 1234567), ("０９", 9)],
)
def test_parse_whole_number_reads_what_officers_write(typed, number):
    assert parse_whole_number(typed, low=0, high=10_000_000) == number


@pytest.mark.parametrize(
    "typed", ["", " ", "-1", "+1", "1.0", "1e3", "1_000", "12,34", "1 2", "หนึ่ง", "٣", "१२", "²", "½", "9" * 19]
)
def test_parse_whole_number_refuses_what_is_none(typed):
    with pytest.raises(Unacceptable, match="not_a_whole_number"):
        parse_whole_number(typed, low=0, high=10**18)


def test_parse_whole_number_refuses_every_other_script():
    for digit in FOREIGN_DIGITS:
        with pytest.raises(Unacceptable, match="not_a_whole_number"):
            parse_whole_number(digit, low=0, high=9)


@pytest.mark.parametrize("typed", ["0", "11"])
def test_parse_whole_number_out_of_range_names_the_bounds(typed):
    with pytest.raises(Unacceptable, match="number_out_of_range") as refused:
        parse_whole_number(typed, low=1, high=10)

    assert refused.value.facts == {"low": 1, "high": 10}
