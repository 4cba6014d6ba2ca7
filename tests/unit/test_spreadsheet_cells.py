"""What a person typed never runs in a spreadsheet (T-13)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunjae.core.spreadsheet_cells import safe_cell


@pytest.mark.parametrize(
    "dangerous",
    [
        "=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "＝1+1", "＋1", "－1", "＠x", "\t=1", "\r=1", "\n=1", "\tword",
        "  =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u3000＝1", " \t\n @x",
    ],
)  # fmt: skip
def test_safe_cell_puts_an_apostrophe_before_a_formula(dangerous):
    assert safe_cell(dangerous) == f"'{dangerous}"


@pytest.mark.parametrize("harmless", ["", "สมชาย", "1=1", "0812345678", "ก-ข", "a@b.com", "'=1", " ก", "1-2"])
def test_safe_cell_leaves_other_text(harmless):
    assert safe_cell(harmless) == harmless


@given(st.text())
def test_safe_cell_twice_is_once(text):
    assert safe_cell(safe_cell(text)) == safe_cell(text)
    assert safe_cell(text).removeprefix("'") == text.removeprefix("'")
