"""One spelling, nothing unseen, names, order and search of Thai text (T-14, T-15, stack 4)."""

import itertools
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kunjae.core import text
from kunjae.core.unacceptable import Unacceptable

THAI_MARKS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e"
#: Letters and marks in the combinations that go wrong, with marks of other scripts and unseen characters between.
TROUBLE = st.text(f"กนปเแโา\u0e33{THAI_MARKS}\u0301\u0323eé \u00a0\u200b\u200d\n\r\t", max_size=14)
THAI_WORDS = st.from_regex(r"([เแโใไ]?[ก-ฮ][ะาำิีึืุู]?[่้๊๋็์]?){1,6}", fullmatch=True)


# --- One spelling -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "spellings"),
    [
        ("น้ำ", ["น\u0e49\u0e33", "น\u0e49\u0e4d\u0e32", "น\u0e4d\u0e49\u0e32", "น\u0e33\u0e49"]),
        ("คำ", ["ค\u0e33", "ค\u0e4d\u0e32"]),
        ("แม่", ["แม่", "เเม่"]),
        ("แปลแล้ว", ["แปลแล้ว", "เเปลเเล้ว"]),
        ("ที่", ["ท\u0e35\u0e48", "ท\u0e48\u0e35"]),
        ("กู้", ["ก\u0e39\u0e49", "ก\u0e49\u0e39"]),
        ("สิทธิ์", ["สิทธ\u0e34\u0e4c", "สิทธ\u0e4c\u0e34"]),
        ("พันธุ์", ["พันธ\u0e38\u0e4c", "พันธ\u0e4c\u0e38"]),
        ("ผู้ใช้งาน", ["ผู้\u200bใช้\u200bงาน", "\ufeffผู้ใช้งาน", "ผู้ใช้\u2060งาน", "ผู้ใช้\u00adงาน", "ผู้ใช้\u200dงาน"]),
        ("นายก เทศมนตรี", ["นายก\u00a0เทศมนตรี", " นายก  เทศมนตรี ", "นายก\t เทศมนตรี", "นายก\u3000เทศมนตรี"]),
        ("café", ["caf\u00e9", "cafe\u0301"]),
    ],
)
def test_canonical_makes_equal_what_looks_equal(word, spellings):
    assert {text.canonical(spelling) for spelling in spellings} == {word}


def test_nfc_alone_would_not_do():
    # The reason for the Thai part: neither เเ nor a tone before ◌ี is touched by Unicode's own forms.
    assert unicodedata.normalize("NFC", "เเ") != "แ"
    assert unicodedata.normalize("NFC", "ท\u0e48\u0e35") != "ท\u0e35\u0e48"


@pytest.mark.parametrize("untouched", ["เก่า", "พรฺหฺม", "เสน่ห์", "ฤๅษี", "ก็", "ต่าง ๆ ฯลฯ", "a\nb", ""])
def test_canonical_leaves_good_text(untouched):
    assert text.canonical(untouched) == untouched


def test_canonical_makes_every_line_break_a_line_feed():
    assert text.canonical("ก \r\n ข\rค\u2028ง\u0085จ\x0bฉ\n\n") == "ก\nข\nค\nง\nจ\nฉ"


@given(TROUBLE)
def test_canonical_of_canonical_is_itself(trouble):
    once = text.canonical(trouble)

    assert text.canonical(once) == once


@given(st.text(max_size=30))
def test_canonical_of_any_text_is_itself_and_in_nfc(anything):
    once = text.canonical(anything)

    assert text.canonical(once) == once
    assert unicodedata.normalize("NFC", once) == once


@given(st.sampled_from("กปฟ"), st.permutations(["\u0e35", "\u0e48"]), st.sampled_from(["", "น"]))
def test_canonical_does_not_depend_on_the_order_of_typing(consonant, marks, after):
    assert text.canonical(consonant + "".join(marks) + after) == f"{consonant}\u0e35\u0e48{after}"


# --- Nothing unseen ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unseen", "code"),
    [
        ("\x00", "U+0000"),
        ("\x1b", "U+001B"),
        ("\x7f", "U+007F"),
        ("\u202e", "U+202E"),
        ("\u2066", "U+2066"),
        ("\u200f", "U+200F"),
        ("\ue000", "U+E000"),
        ("\U000e0041", "U+E0041"),
        ("\uffff", "U+FFFF"),
        ("\ufffd", "U+FFFD"),
        ("\ud800", "U+D800"),
        ("\u3164", "U+3164"),
        ("\u034f", "U+034F"),
        ("\U000e0100", "U+E0100"),
    ],
)
def test_refuse_unprintable_names_the_character_and_its_place(unseen, code):
    with pytest.raises(Unacceptable, match="text_unprintable") as refused:
        text.refuse_unprintable(f"กขคง{unseen}")

    assert refused.value.facts["code"] == code
    assert refused.value.facts["position"] in {4, 5}  # It is the fifth, or a mark of the fourth.


@pytest.mark.parametrize("category", ["Cc", "Cf", "Co", "Cs"])
def test_refuse_unprintable_knows_every_character_of_a_category(category):
    members = [chr(code) for code in range(0x11000) if unicodedata.category(chr(code)) == category]

    for character in members[:: max(1, len(members) // 300)]:
        with pytest.raises(Unacceptable):
            text.refuse_unprintable(f"ก{character}")


def test_refuse_unprintable_lets_line_breaks_pass_where_lines_are_meant():
    text.refuse_unprintable("ก\nข", multiline=True)

    with pytest.raises(Unacceptable, match="text_line_break"):
        text.refuse_unprintable("ก\nข")


@pytest.mark.parametrize(
    ("flood", "position"),
    [
        ("ก" + "\u0e48" * 200, 1),
        ("ที่ก\u0e35\u0e48\u0e49", 2),
        ("e\u0301\u0302\u0303", 1),
        ("น\u0e49\u0e49", 1),
        ("\u0e48" * 3, 1),
    ],
)
def test_refuse_unprintable_stops_a_flood_of_marks(flood, position):
    with pytest.raises(Unacceptable, match="text_marks") as refused:
        text.refuse_unprintable(flood)

    assert refused.value.facts == {"position": position}


@pytest.mark.parametrize("good", ["ที่นี่ผู้ใหญ่ยื่นฎีกา", "ฯพณฯ", "เสน่ห์ ๆ", "Ünïcödé", "☐ ๑/๒ “…” – ₿ 100 %", "😀", "ปฏิญฺญาณ"])
def test_refuse_unprintable_lets_writing_pass(good):
    text.refuse_unprintable(good)


@pytest.mark.parametrize(
    ("counted", "count"), [("", 0), ("ก", 1), ("ที่", 1), ("ผู้ใช้งาน", 6), ("น้ำ", 2), ("\u0e48", 1), ("é", 1)]
)
def test_grapheme_count_counts_what_people_see(counted, count):
    assert text.grapheme_count(counted) == count


def test_clean_line_returns_one_spelling():
    assert text.clean_line("  นํ้า\u00a0ดื่ม\n", length_max=20) == "น้ำ ดื่ม"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("ก\nข", "text_line_break"),
        ("ก\u202eข", "text_unprintable"),
        ("ก" + "\u0e48" * 200, "text_marks"),
        ("ก" * 101, "text_too_long"),
        ("ก" * 10_000, "text_too_long"),
        ("ก" * 10_000_000, "text_too_long"),
    ],
)
def test_clean_line_refuses(typed, reason):
    with pytest.raises(Unacceptable, match=reason):
        text.clean_line(typed, length_max=100)


def test_clean_line_too_long_says_how_long_it_is():
    with pytest.raises(Unacceptable) as refused:
        text.clean_line("ที่" * 40, length_max=100)

    assert refused.value.facts == {"length": 120, "length_max": 100}


@given(st.text(max_size=60))
def test_clean_line_always_fits_its_column(typed):
    try:
        cleaned = text.clean_line(typed, length_max=30)
    except Unacceptable:
        return

    assert len(cleaned) <= 30
    assert "\n" not in cleaned
    assert cleaned.isprintable()


def test_clean_text_keeps_lines_and_one_empty_one():
    assert text.clean_text(" ข้อ 1 \r\n\r\n\r\n\r\nข้อ  2\r\n", length_max=100) == "ข้อ 1\n\nข้อ 2"


# --- Names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "สมชาย",
        "ณ อยุธยา",
        "ม.ล.ปิ่น",
        "Anne-Marie",
        "O'Brien",
        "D’Souza",
        "José",
        "สมชาย Smith",
        "อำ",
        "ญาณิศา",
        "Łukasz",
        "",
    ],
)
def test_clean_person_name_takes_names(name):
    assert text.clean_person_name(name, length_max=100) == name


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("สมชาย2", "name_characters"),
        ("สมชาย๒", "name_characters"),
        ("=HYPERLINK(1)", "name_characters"),
        ("<b>สมชาย</b>", "name_characters"),
        ("- -", "name_characters"),
        ("่สมชาย", "name_mark_alone"),
        ("สมชาย ่ใจดี", "name_mark_alone"),
        ("Сергей", "name_other_script"),
        ("som\u0430", "name_other_script"),  # Cyrillic а
        ("Σωκράτης", "name_other_script"),
        ("王小明", "name_other_script"),
        ("ລາວ", "name_other_script"),
        ("ｓom", "name_other_script"),
        ("สมchai", "name_mixed_scripts"),
        ("สมชายa", "name_mixed_scripts"),
        ("a\u0e48", "name_mixed_scripts"),
        ("ก" * 101, "text_too_long"),
        ("สม\u202eชาย", "text_unprintable"),
    ],
)
def test_clean_person_name_refuses(typed, reason):
    with pytest.raises(Unacceptable, match=f"^{reason}$"):
        text.clean_person_name(typed, length_max=100)


# --- Order ------------------------------------------------------------------------------------------------------


DICTIONARY = [
    "ก กก กระบี่ กลาง กะ กัน กา ก้า กำ กิน กุ้ง เก่ง เก็บ เกลือ เกา เก่า เก้า เกาะ แก แก่ แก้ว โกน ใกล้ ไก่",
    "ก กา เกาะ ขา แขก ไข่ ค คน",
    "ร รวม ฤดู ฤๅษี ล",
    "ปา ป่า ป้า ป๊า ป๋า ปาก ป่าก",
    "1 ก ฮ โฮ z",
    "กระบี่ กรุงเทพมหานคร กาญจนบุรี กาฬสินธุ์ กำแพงเพชร ขอนแก่น จันทบุรี ฉะเชิงเทรา เชียงราย เชียงใหม่ ตรัง แพร่ ภูเก็ต แม่ฮ่องสอน ยโสธร เลย สระแก้ว",
]  # fmt: skip


@pytest.mark.parametrize("words", DICTIONARY)
def test_sort_key_orders_as_the_dictionary_does(words):
    ordered = words.split()
    backwards = list(reversed(ordered))

    assert sorted(backwards, key=text.sort_key) == ordered
    assert len(set(map(text.sort_key, ordered))) == len(ordered)


def test_code_points_alone_would_not_do():
    assert sorted(["ขา", "เกาะ"]) != sorted(["ขา", "เกาะ"], key=text.sort_key)


def test_sort_key_ends_a_word_before_a_longer_one_begins():
    names = ["สมชาย จันทร์", "สมชาย ใจดี", "สมชายา กา"]
    backwards = list(reversed(names))

    assert sorted(backwards, key=text.sort_key) == names


def test_sort_key_is_one_for_every_spelling():
    assert text.sort_key("นํ้า") == text.sort_key("น้ำ")
    assert text.sort_key("José 1") == text.sort_key("JOSE ๑")
    assert text.sort_key("อบต. ก") == text.sort_key("อบต ก")


@given(st.text(max_size=200))
def test_sort_key_is_short_and_orders_alike_in_every_collation(anything):
    key = text.sort_key(anything)

    assert len(key) <= text.SORT_KEY_LENGTH_MAX
    assert set(key) <= set("0123456789abcdef")


@given(THAI_WORDS, THAI_WORDS)
def test_sort_key_puts_a_word_before_every_longer_one(word, rest):
    word, longer = text.canonical(word), text.canonical(word + rest)

    assert text.sort_key(word) < text.sort_key(longer)


@given(
    st.sampled_from("กขคงจ"),
    st.sampled_from("กขคงจ"),
    st.sampled_from(["", "เ", "แ", "โ", "ไ"]),
    st.sampled_from(["", "่", "้"]),
)
def test_sort_key_compares_the_consonant_first(one, other, vowel, tone):
    if one < other:
        assert text.sort_key(f"{vowel}{one}{tone}") < text.sort_key(f"{other}")


# --- Search -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("เทศบาลตำบลแม่สาย", "แม่สาย"),
        ("เทศบาลตำบลแม่สาย", "เเม่สาย"),
        ("เทศบาลตำบลแม่สาย", "แมสาย"),
        ("เทศบาลตำบลแม่สาย", " เทศบาล ตำบล  แม่สาย "),
        ("น้ำพอง", "นํ้าพอง"),
        ("สิทธิ์ ใจดี", "สิทธิใจดี"),
        ("ฤๅษี", "ฤาษี"),
        ("อบต. ๑๒", "อบต 12"),
        ("José O'Brien", "jose obrien"),
        ("ที่ มท 0808.4/ว 1704", "มท0808.4ว"),
        ("ต่าง ๆ", "ต่าง"),
    ],
)
def test_search_key_finds_what_people_type(stored, typed):
    assert text.search_key(typed) in text.search_key(stored)


@pytest.mark.parametrize(("stored", "typed"), [("แม่สาย", "แม่สอด"), ("ขา", "คา"), ("กา", "กะ")])
def test_search_key_does_not_find_another_word(stored, typed):
    assert text.search_key(typed) not in text.search_key(stored)


@pytest.mark.parametrize("nothing", ["", "  ", "\u200b", "%", "_", "-/.", "ๆ"])
def test_search_key_of_nothing_is_empty(nothing):
    assert text.search_key(nothing) == ""


@given(TROUBLE)
@example("เ เ")
@example("เ\u0e48เ")
def test_search_key_of_a_key_is_itself(typed):
    key = text.search_key(typed)

    assert text.search_key(key) == key


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("นายสมชาย ใจดี", "สมชาย ใจดี"),
        ("นาย สมชาย", "สมชาย"),
        ("นางสาวญาณิศา", "ญาณิศา"),
        ("น.ส.ญาณิศา", "ญาณิศา"),
        ("ว่าที่ ร.ต. ดร. สมชาย", "สมชาย"),
        ("ว่าที่ร้อยตรีหญิงสมศรี", "สมศรี"),
        ("Mr. John Smith", "John Smith"),
        ("MISS Anna", "Anna"),
        ("สมชาย", "สมชาย"),
        ("นายูง", "นายูง"),
        ("นาย", "นาย"),
        ("Missouri", "Missouri"),
        ("Drew", "Drew"),
    ],
)
def test_without_title_leaves_the_name(typed, name):
    assert text.without_title(typed) == name


def test_search_key_drops_the_title_if_asked():
    assert text.search_key("นางสาวสมศรี", drop_title=True) == text.search_key("สมศรี")
    assert text.search_key("นางสาวสมศรี") != text.search_key("สมศรี")


def test_order_and_search_agree_on_every_spelling():
    for tones in itertools.permutations(["\u0e4d", "\u0e49"]):
        spelt = f"น{''.join(tones)}\u0e32"
        assert text.search_key(spelt) == text.search_key("น้ำ")
        assert text.sort_key(spelt) == text.sort_key("น้ำ")
