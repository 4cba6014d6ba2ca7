"""How Thai names are spelt in Latin letters: what the pattern of a name finds, and what it leaves alone."""

from itertools import pairwise

import pytest

from kunjae.identity import password_words
from kunjae.identity.thai_in_latin import spellings_of


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("ญาณิศา", "yanisa"),
        ("ญาณิศา", "nyanisa"),
        ("ณัฐวุฒิ", "nattawut"),
        ("ณัฐวุฒิ", "natthawuthi"),
        ("วุฒิ", "vudhi"),
        ("ศิริพร", "siriporn"),
        ("ศศิธร", "sasithorn"),
        ("วีรพล", "weerapol"),
        ("วีรพล", "viraphon"),
        ("พงษ์ศักดิ์", "phongsak"),
        ("ภูมิพัฒน์", "bhumiphat"),
        ("ประเสริฐ", "prasert"),
        ("ประเสริฐ", "prasoet"),
        ("เกรียงไกร", "kriangkrai"),
        ("เปรมชัย", "premchai"),
        ("เจริญ", "charoen"),
        ("เจริญ", "jaroen"),
        ("เสาวลักษณ์", "saowalak"),
        ("สมทรง", "somsong"),
        ("นิรันดร์", "niran"),
        ("จักรพงษ์", "jakkapong"),
        ("เดชา", "decha"),
        ("ธรรมรัตน์", "thammarat"),
        ("กรรณิการ์", "kannika"),
        ("หญิง", "ying"),
        ("แก้วตา", "kaewta"),
        ("บุญเลิศ", "boonlert"),
        ("ไพโรจน์", "pairoj"),
        ("อัจฉรา", "achara"),
        ("ยงยุทธ", "yongyuth"),
        ("เมธี", "methee"),
        ("ไพบูลย์", "paiboon"),
    ],
)
def test_spellings_of_a_name_find_how_it_is_written(name, spelling):
    assert spellings_of(name).fullmatch(spelling)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("ญาณิศา", "lantern"),
        ("สมชาย", "somsak"),
        ("วุฒิ", "kettle"),
        ("ประเสริฐ", "prasit"),
        ("นภา", "nipa"),
        ("ดาว", "river"),
    ],
)
def test_spellings_of_a_name_find_no_other(name, other):
    assert not spellings_of(name).search(other)


def test_spellings_of_find_those_of_our_list_of_names():
    """The list was typed by ear: nearly all of it is found."""
    listed = password_words.read_list("names")
    pairs = [(name, spelling) for name, spelling in pairwise(listed) if spelling.isascii() and not name.isascii()]
    missed = [pair for pair in pairs if not spellings_of(pair[0]).fullmatch(pair[1])]

    assert len(pairs) > 250
    assert len(missed) <= 0.03 * len(pairs), missed


@pytest.mark.parametrize("text", ["", "Yanisa", "42", "ๆ", "\u0e48\u0e49"])
def test_spellings_of_what_holds_no_thai_sound_are_none(text):
    assert spellings_of(text) is None


def test_spellings_of_a_name_that_never_ends_are_bounded():
    assert len(spellings_of("ก" * 1_000_000).pattern) < 2_000
