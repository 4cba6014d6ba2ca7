"""Lists for spreadsheets: the same table as XLSX and as CSV, in which no cell can run as a formula (T-13)."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import xlsxwriter

from kunjae.core.spreadsheet_cells import safe_cell

#: What a cell of a worksheet holds at most; the rest of a longer text would be refused.
_CELL_LENGTH_MAX = 32_767
_SHEET_NAME_LENGTH_MAX = 31
_WIDTH_MAX = 60
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list with its heading lines, its column heads and its rows, all of them text."""

    sheet_name: str
    lead: tuple[str, ...]
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def write_csv(table: Table) -> bytes:
    """Return the column heads and rows as CSV (RFC 4180): UTF-8 with a byte order mark, lines ending in CRLF.

    The heading lines are left out: the first line names the columns, for whoever reads it by machine.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (table.heads, *table.rows):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(table: Table, *, at: datetime) -> bytes:
    """Return the table as a workbook of text cells, its heads kept in view and on every printed page.

    `at` is written as the time of making; the same table and time yield the same bytes.
    """
    out = io.BytesIO()
    made_at = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": _cell(table.lead[0]) if table.lead else "", "created": made_at})
        face = {"font_name": "TH Sarabun New", "font_size": 14, "valign": "top"}
        plain = book.add_format({**face, "text_wrap": True, "border": 1, "num_format": "@"})
        bold = book.add_format({**face, "bold": True})
        head = book.add_format({**face, "bold": True, "text_wrap": True, "border": 1, "bg_color": "#F1EDE3"})
        sheet = book.add_worksheet(table.sheet_name[:_SHEET_NAME_LENGTH_MAX])
        for index, text in enumerate(table.lead):
            sheet.write_string(index, 0, _cell(text), bold)
        top = len(table.lead)
        for row_index, row in enumerate((table.heads, *table.rows)):
            for column, text in enumerate(row):
                sheet.write_string(top + row_index, column, _cell(text), plain if row_index else head)
        for column, width in enumerate(_widths(table)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, top + len(table.rows), len(table.heads) - 1)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&R&P/&N")
    return out.getvalue()


def _cell(text: str) -> str:
    """
    Return the text as a cell may hold it: no control character, no formula, not longer than a cell.

    Nor a blank that is none: what keeps a day in one line on a page keeps a search from finding it here.
    """
    seen = "".join(
        character for character in text if character == "\n" or unicodedata.category(character) not in _INVISIBLE
    ).replace("\u00a0", " ")
    return safe_cell(seen)[:_CELL_LENGTH_MAX]


def _widths(table: Table) -> list[float]:
    columns = zip(table.heads, *table.rows, strict=True)
    return [min(_WIDTH_MAX, 3 + max(len(text) for text in column)) for column in columns]
