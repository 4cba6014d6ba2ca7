"""Telephone numbers and e-mail addresses: any way in, one way stored, none shown whole to strangers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunjae.core import phones
from kunjae.core.unacceptable import Unacceptable

MOBILES = st.from_regex(r"0[689][0-9]{8}", fullmatch=True)
LANDLINES = st.from_regex(r"0[23457][0-9]{7}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0812345678", "0812345678"),
        ("081-234-5678", "0812345678"),
        ("081 234 5678", "0812345678"),
        ("081.234.5678", "0812345678"),
        ("(081) 234–5678", "0812345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678"),
        ("０８１２３４５６７８", "0812345678"),
        ("+66812345678", "0812345678"),
        ("+66 (0)81 234 5678", "0812345678"),
        ("0066 81 234 5678", "0812345678"),
        ("66812345678", "0812345678"),
        ("โทร. 081-234-5678", "0812345678"),
        ("มือถือ: 0612345678", "0612345678"),
        ("Tel 091 234 5678", "0912345678"),
        ("\u200b081\u00a0234\u00a05678 ", "0812345678"),
        ("02-123-4567", "021234567"),
        ("0-2123-4567", "021234567"),
        ("+66 2 123 4567", "021234567"),
        ("6621234567", "021234567"),
        ("053 123 456", "053123456"),
        ("02 123 4567 ต่อ 123", "021234567x123"),
        ("๐๒ ๑๒๓ ๔๕๖๗ ต่อ ๑๒", "021234567x12"),
        ("021234567 ext. 9", "021234567x9"),
        ("021234567#1234", "021234567x1234"),
        ("021234567x123", "021234567x123"),
    ],
)
def test_clean_phone_takes_any_way_of_writing(typed, stored):
    assert phones.clean_phone(typed) == stored
    assert phones.clean_phone(stored) == stored


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "phone_missing"),
        ("โทร.", "phone_missing"),
        ("081-234-5678, 089-999-9999", "phone_several"),
        ("081-234-5678 หรือ 02-123-4567", "phone_several"),
        ("02-123-4567/8", "phone_several"),
        ("ไม่มี", "phone_characters"),
        ("08O-234-5678", "phone_characters"),
        ("०८१२३४५६७८", "phone_characters"),
        ("081\u202e2345678", "phone_characters"),
        ("+1 650 555 1212", "phone_not_thai"),
        ("0044 20 7946 0000", "phone_not_thai"),
        ("1567", "phone_prefix"),
        ("012345678", "phone_prefix"),
        ("812345678", "phone_prefix"),
        ("081234567", "phone_mobile_length"),
        ("08123456789", "phone_mobile_length"),
        ("02-123-456", "phone_landline_length"),
        ("02-241-9000-9", "phone_landline_length"),
        ("0812345678 ต่อ 12", "phone_extension"),
        ("021234567 ต่อ", "phone_extension"),
        ("021234567 ต่อ บัญชี", "phone_extension"),
        ("021234567 ต่อ 1234567", "phone_extension"),
        ("0" * 10_000, "phone_not_thai"),
    ],
)
def test_clean_phone_refuses(typed, reason):
    with pytest.raises(Unacceptable, match=f"^{reason}$"):
        phones.clean_phone(typed)


def test_clean_phone_of_a_wrong_length_tells_both_lengths():
    with pytest.raises(Unacceptable) as refused:
        phones.clean_phone("081-234-567")

    assert refused.value.facts == {"length": 9, "expected": 10}


@given(st.text(max_size=40))
def test_clean_phone_gives_ascii_or_a_reason(typed):
    try:
        stored = phones.clean_phone(typed)
    except Unacceptable:
        return

    assert stored.isascii()
    assert len(stored) <= phones.PHONE_LENGTH_MAX
    assert phones.clean_phone(phones.display(stored)) == stored


@given(st.one_of(MOBILES, LANDLINES), st.sampled_from(["th", "en"]))
def test_display_is_read_back(stored, language):
    assert phones.clean_phone(phones.display(stored, language)) == stored


@pytest.mark.parametrize(
    ("stored", "thai", "english", "masked"),
    [
        ("0812345678", "081-234-5678", "081-234-5678", "xxx-xxx-5678"),
        ("021234567", "02-123-4567", "02-123-4567", "xx-xxx-4567"),
        ("053123456", "053-123-456", "053-123-456", "xxx-xx3-456"),
        ("021234567x12", "02-123-4567 ต่อ 12", "02-123-4567 ext. 12", "xx-xxx-4567"),
    ],
)
def test_display_and_mask_group_the_digits(stored, thai, english, masked):
    assert phones.display(stored).replace("\u00a0", " ") == thai
    assert phones.display(stored, "en").replace("\u00a0", " ") == english
    assert phones.mask(stored) == masked


@given(st.one_of(MOBILES, LANDLINES))
def test_mask_leaves_four_digits(stored):
    masked = phones.mask(stored)

    assert [character for character in masked if character not in "x-"] == list(stored[-4:])


def test_clean_mobile_takes_mobiles_only():
    assert phones.clean_mobile("+66 61 234 5678") == "0612345678"
    assert phones.is_mobile("0612345678")
    assert not phones.is_mobile("021234567")
    with pytest.raises(Unacceptable, match="phone_not_mobile"):
        phones.clean_mobile("02 123 4567")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("somchai@phuket.go.th", "somchai@phuket.go.th"),
        (" Somchai.J@GMAIL.COM\n", "Somchai.J@gmail.com"),
        ("\u200bsomchai@example.co.th\u00a0", "somchai@example.co.th"),
        ("a+b_c-d@sub.example.go.th", "a+b_c-d@sub.example.go.th"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("x@xn--12c1fe0br.xn--o3cw4h", "x@xn--12c1fe0br.xn--o3cw4h"),
    ],
)
def test_clean_email_stores_one_form(typed, stored):
    assert phones.clean_email(typed) == stored


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "email_missing"),
        ("a@b.com, c@d.com", "email_several"),
        ("a@b.com c@d.com", "email_several"),
        ("a@b.com\nBcc: c@d.com", "email_several"),
        ("สมชาย@gmail.com", "email_not_ascii"),
        ("somchai@ภูเก็ต.ไทย", "email_not_ascii"),
        ("som\u0441hai@gmail.com", "email_not_ascii"),
        ("somchai", "email_malformed"),
        ("somchai@", "email_malformed"),
        ("@gmail.com", "email_malformed"),
        ("somchai@gmail", "email_malformed"),
        ("somchai@gmail,com", "email_malformed"),
        ("somchai@gmail..com", "email_malformed"),
        ("som..chai@gmail.com", "email_malformed"),
        (".somchai@gmail.com", "email_malformed"),
        ("som chai@gmail.com", "email_malformed"),
        ("Somchai <somchai@gmail.com>", "email_malformed"),
        ('"a\\"b"@gmail.com', "email_malformed"),
        ("somchai@-gmail.com", "email_malformed"),
        ("somchai@[127.0.0.1]", "email_malformed"),
        ("somchai@127.0.0.1", "email_malformed"),
        ("a\r\nSubject: x@gmail.com", "email_malformed"),
        ("a%0d%0aBcc:b@gmail.com", "email_malformed"),
        ("a" * 65 + "@gmail.com", "email_malformed"),
        ("a@" + "b" * 250 + ".com", "email_too_long"),
        ("a" * 10_000, "email_too_long"),
    ],
)
def test_clean_email_refuses(typed, reason):
    with pytest.raises(Unacceptable, match=f"^{reason}$"):
        phones.clean_email(typed)


@given(st.text(max_size=60).map(lambda typed: f"{typed}@example.go.th"))
def test_clean_email_never_lets_a_header_pass(typed):
    try:
        address = phones.clean_email(typed)
    except Unacceptable:
        return

    assert address.isascii()
    assert not set(address) & set('\r\n\t ,;:<>()[]"\\\x00')
    assert address.count("@") == 1


@pytest.mark.parametrize(
    ("address", "masked"),
    [("somchai@phuket.go.th", "so***@phuket.go.th"), ("ab@x.com", "a***@x.com"), ("a@x.com", "***@x.com")],
)
def test_mask_email_leaves_the_domain(address, masked):
    assert phones.mask_email(address) == masked
