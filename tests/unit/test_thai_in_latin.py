"""How Thai names are spelt in Latin letters: what the pattern of a name finds, and what it leaves alone."""

from itertools import pairwise

import pytest

from kunjae.identity import password_words, thai_in_latin
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
    assert spellings_of(name).spell(spelling)


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
    assert not spellings_of(name).find_all(other)


def test_spellings_of_find_those_of_our_list_of_names():
    """The list was typed by ear: nearly all of it is found."""
    listed = password_words.read_list("names")
    pairs = [(name, spelling) for name, spelling in pairwise(listed) if spelling.isascii() and not name.isascii()]
    missed = [pair for pair in pairs if not spellings_of(pair[0]).spell(pair[1])]

    assert len(pairs) > 250
    assert len(missed) <= 0.03 * len(pairs), missed


@pytest.mark.parametrize("text", ["", "Yanisa", "42", "ๆ", "\u0e48\u0e49"])
def test_spellings_of_what_holds_no_thai_sound_are_none(text):
    assert spellings_of(text) is None


def test_spellings_find_the_longest_word_and_none_inside_another():
    assert spellings_of("สมชาย").find_all("my.somchai.and.somchay99") == ["somchai", "somchay"]


@pytest.mark.parametrize("name", ["อ" * 9 + "ก", "อก" * 30, "ออกอ" * 15, "ก" * 1_000_000])
def test_spellings_of_a_name_that_was_made_to_be_slow_are_looked_for_once_at_each_place(name, monkeypatch):
    """One pattern for the whole name went back and forth for minutes over such a pair."""
    looked, look = [], thai_in_latin._ends_of
    monkeypatch.setattr(thai_in_latin, "_ends_of", lambda *about: looked.append(1) or look(*about))
    text = "o" * 60 + "1a!"

    spellings_of(name).find_all(text)

    assert len(looked) <= thai_in_latin._SOUNDS_MAX * (len(text) + 1)
