"""docs/asvs.md answers each row of chapters V6 and V7 once, and every test in it exists."""

import re

from tests.house.test_letter_map import ROOT, TEST, _tests_in

#: ASVS 5.0.0, level 1 and 2, and nothing of level 3.
ROWS = {
    "6": {
        "1": (1, 2, 3),
        "2": range(1, 13),
        "3": range(1, 5),
        "4": range(1, 5),
        "5": range(1, 6),
        "6": (1, 2, 3),
        "8": (1, 2, 4),
    },
    "7": {"1": (1, 2, 3), "2": range(1, 5), "3": (1, 2), "4": range(1, 6), "5": (1, 2), "6": (1, 2)},
}
ANSWERS = {"met", "departs", "not yet", "no such way"}


def _rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d", line)]


def test_every_row_of_v6_and_v7_is_answered_once():
    asked = [
        f"{chapter}.{part}.{row}" for chapter, parts in ROWS.items() for part, rows in parts.items() for row in rows
    ]

    assert [cells[0] for cells in _rows()] == asked


def test_an_answer_is_one_of_four_and_what_is_met_or_departs_names_a_test():
    for number, _asks, answer, how, tests in _rows():
        assert answer in ANSWERS, number
        assert how, number
        assert bool(TEST.findall(tests)) == (answer in {"met", "departs"}), number


def test_every_test_named_exists():
    named = [test for cells in _rows() for test in TEST.findall(cells[4])]

    assert named
    for test in named:
        file, name = test.split("::")
        assert name in _tests_in(file), test
