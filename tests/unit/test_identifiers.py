"""User ids that cannot pass for one another (T-14); numbers and codes that can be spoken and mistyped."""

import hashlib
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunjae.core import identifiers
from kunjae.core.unacceptable import Unacceptable

USER_IDS = st.from_regex(r"[a-z](?:[._-]?[a-z0-9]){3,15}", fullmatch=True)
LOOK_ALIKES = st.text("wvrnm1lio0", max_size=12)


@pytest.mark.parametrize(
    ("typed", "user_id"),
    [
        ("somchai", "somchai"),
        ("SomChai.J", "somchai.j"),
        ("  somchai_1 \n", "somchai_1"),
        ("\ufeffsomchai\u200b", "somchai"),
        ("tk๑๒๓๔", "tk1234"),
        ("a-b.c_d", "a-b.c_d"),
        ("abcd", "abcd"),
        ("a" * 32, "a" * 32),
    ],
)
def test_clean_user_id_stores_one_form(typed, user_id):
    assert identifiers.clean_user_id(typed) == user_id


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "user_id_empty"),
        (" \u200b ", "user_id_empty"),
        ("abc", "user_id_length"),
        ("a" * 33, "user_id_length"),
        ("a" * 10_000, "user_id_length"),
        ("som chai", "user_id_characters"),
        ("som\u200bchai", "user_id_characters"),
        ("som\u202echai", "user_id_characters"),
        ("som\x00chai", "user_id_characters"),
        ("somch\u0430i", "user_id_characters"),  # Cyrillic а
        ("somcha\u0456", "user_id_characters"),  # Ukrainian і
        ("\u212aelvin", "user_id_characters"),  # Kelvin sign, which lower() turns into an ASCII k
        ("somcha\u0130", "user_id_characters"),  # Turkish İ
        ("ｓomchai", "user_id_characters"),  # full-width s
        ("สมชาย", "user_id_characters"),
        ("som१chai", "user_id_characters"),
        ("som@chai", "user_id_characters"),
        ("1somchai", "user_id_start"),
        (".somchai", "user_id_start"),
        ("๑somchai", "user_id_start"),
        ("som..chai", "user_id_punctuation"),
        ("som._chai", "user_id_punctuation"),
        ("somchai-", "user_id_punctuation"),
    ],
)
def test_clean_user_id_refuses(typed, reason):
    with pytest.raises(Unacceptable, match=f"^{reason}$"):
        identifiers.clean_user_id(typed)


@given(st.text())
def test_clean_user_id_gives_clean_ids_or_a_reason(typed):
    try:
        user_id = identifiers.clean_user_id(typed)
    except Unacceptable:
        return

    assert re.fullmatch(r"[a-z0-9._-]{4,32}", user_id)
    assert identifiers.clean_user_id(user_id) == user_id


@pytest.mark.parametrize(
    "alike",
    [
        ("somchai1", "somchaiI", "somchail", "som.chai1", "som_chai-l"),
        ("wow0", "wowo", "vvow0", "w0w.o"),
        ("mano", "rnano", "man0", "r.nano"),
        ("vvvo", "vwo", "wv0"),
        ("bill1", "bi11i", "bllll"),
    ],
)
def test_skeleton_is_one_for_what_an_eye_confuses(alike):
    assert len({identifiers.skeleton(user_id.lower()) for user_id in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("somchai1", "somchai2"), ("anan5", "anans"), ("cloud", "doud"), ("mali", "nali")]
)
def test_skeleton_parts_what_can_be_told_apart(one, other):
    assert identifiers.skeleton(one) != identifiers.skeleton(other)


@given(LOOK_ALIKES)
def test_skeleton_of_a_skeleton_is_itself_and_no_longer(user_id):
    skeleton = identifiers.skeleton(user_id)

    assert identifiers.skeleton(skeleton) == skeleton
    assert len(skeleton) <= len(user_id)


@given(LOOK_ALIKES, st.sampled_from(["w:vv", "m:rn", "1:l", "i:l", "0:o", "-:", ".:"]))
def test_skeleton_does_not_see_any_single_disguise(user_id, pair):
    shown, disguised = pair.split(":")

    assert identifiers.skeleton(user_id.replace(shown, disguised)) == identifiers.skeleton(user_id)


@given(USER_IDS)
def test_skeleton_ignores_marks(user_id):
    assert identifiers.skeleton(re.sub("[._-]", "", user_id)) == identifiers.skeleton(user_id)


@pytest.mark.parametrize(("sequence", "shown"), [(147, "0147/2570"), (1, "0001/2570"), (12345, "12345/2570")])
def test_case_number_is_short_and_speakable(sequence, shown):
    assert identifiers.case_number(sequence, 2570) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "0147/2570", "147/2570", "๐๑๔๗/๒๕๗๐", "๑๔๗/2570", " 0147 / 2570 ", "0147-2570", "0147–2570", "0147 2570",
        "เลขที่ 0147/2570", "ที่ ๑๔๗/๒๕๗๐", "No. 147/2570", "0147\\2570", "0147\u00a0/\u00a02570",
    ],
)  # fmt: skip
def test_parse_case_number_reads_what_people_write(typed):
    assert identifiers.parse_case_number(typed) == (147, 2570)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0147",
        "0147/70",
        "0147/2027",
        "0000/2570",
        "x/2570",
        "0147/2570/1",
        "12345678/2570",
        "१४७/2570",
        "147//2570",
    ],
)
def test_parse_case_number_refuses(typed):
    with pytest.raises(Unacceptable, match="case_number_malformed"):
        identifiers.parse_case_number(typed)


@given(st.integers(1, 9_999_999), st.integers(2500, 2699))
def test_parse_case_number_reads_every_number_given(sequence, fiscal_year):
    assert identifiers.parse_case_number(identifiers.case_number(sequence, fiscal_year)) == (sequence, fiscal_year)


@pytest.mark.parametrize("digits", [6, 8, 12])
def test_new_code_has_so_many_ascii_digits(digits):
    codes = {identifiers.new_code(digits) for _ in range(500)}

    assert all(re.fullmatch(rf"[0-9]{{{digits}}}", code) for code in codes)
    assert len(codes) > 450
    assert any(code.startswith("0") for code in codes)


@pytest.mark.parametrize("digits", [0, 4, 5, 13])
def test_new_code_too_short_or_too_long_is_refused(digits):
    with pytest.raises(ValueError, match="6 to 12"):
        identifiers.new_code(digits)


def test_new_link_secret_is_256_bits_that_a_url_carries():
    secrets = {identifiers.new_link_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", secret) for secret in secrets)


def test_digest_secret_is_sha256_in_hexadecimal():
    secret = identifiers.new_link_secret()

    assert identifiers.digest_secret(secret) == hashlib.sha256(secret.encode()).hexdigest()


def test_short_code_is_ten_digits_that_check_themselves():
    for _ in range(200):
        code = identifiers.short_code()

        assert re.fullmatch(r"[1-9][0-9]{9}", code)
        assert identifiers.parse_short_code(code) == code


def test_group_short_code_is_read_back():
    code = identifiers.short_code()
    grouped = identifiers.group_short_code(code)

    assert grouped == f"{code[:3]}\u00a0{code[3:6]}\u00a0{code[6:]}"
    assert identifiers.parse_short_code(grouped) == code


def test_parse_short_code_takes_thai_digits_and_hyphens():
    code = identifiers.short_code()
    thai = code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))

    assert identifiers.parse_short_code(f" {thai[:5]}-{thai[5:]}\n") == code


def test_parse_short_code_finds_every_wrong_digit_and_every_swap():
    code = identifiers.short_code()
    wrong_digits = {
        code[:place] + digit + code[place + 1 :] for place, digit in itertools.product(range(10), "0123456789")
    } - {code}
    swaps = {code[:place] + code[place + 1] + code[place] + code[place + 2 :] for place in range(9)} - {code}

    for mistyped in wrong_digits | swaps:
        with pytest.raises(Unacceptable, match="short_code_mistyped"):
            identifiers.parse_short_code(mistyped)


@pytest.mark.parametrize("typed", ["", "123", "12345678901", "12345abcde", "१२३४५६७८९०"])
def test_parse_short_code_refuses_what_is_none(typed):
    with pytest.raises(Unacceptable, match="short_code_malformed"):
        identifiers.parse_short_code(typed)


def test_public_id_is_opaque_and_has_no_look_alikes():
    ids = {identifiers.public_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert all(re.fullmatch(identifiers.PUBLIC_ID_PATTERN, public_id) for public_id in ids)
    assert not set("".join(ids)) & set("01loiaeu")


def test_reference_number_is_eight_digits():
    assert all(re.fullmatch(r"[1-9][0-9]{7}", identifiers.reference_number()) for _ in range(100))
