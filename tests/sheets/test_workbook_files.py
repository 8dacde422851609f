"""Worksheets of a workbook: the visible ones, hidden ones that are named, and what is said of the others."""

from __future__ import annotations

import io

import openpyxl
import pytest

from carbonacct.errors import TableError
from carbonacct.sheets import archive, workbook_files
from carbonacct.sheets.raw_sheets import read_content


def workbook(*sheets, chart=False, merged=()):
    """Return a workbook: name, state and first cell of each sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, state, cell in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet["A1"] = cell
        for area in merged:
            sheet.merge_cells(area)
    if chart:
        book.create_chartsheet("Chart")
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def read(content, named=()):
    """Return the sheets of a workbook."""
    return read_content("a.xlsx", content, named=named)


def test_hidden_sheets_are_read_where_they_are_named():
    """Of either kind; the others are told of, at the first sheet that is read."""
    content = workbook(
        ("A", "visible", "a"),
        ("H", "hidden", "h"),
        ("V", "veryHidden", "v"),
        ("B", "visible", "b"),
        chart=True,
    )
    sheets = read(content)
    assert [(sheet.name, sheet.rows) for sheet in sheets] == [("A", [["a"]]), ("B", [["b"]])]
    assert [note.where for note in sheets[0].findings] == ["a.xlsx!H", "a.xlsx!V", "a.xlsx!Chart"]
    assert sheets[0].findings[0].message == "sheet 'H' is hidden and was not read"
    assert sheets[1].findings == ()
    assert [sheet.name for sheet in read(content, ["H"])] == ["A", "H", "B"]
    assert [note.where for note in read(content, ["H", "V"])[0].findings] == ["a.xlsx!Chart"]


@pytest.mark.parametrize("module", [workbook_files, archive])
def test_sheets_up_to_a_limit(monkeypatch, module):
    """As many as any table has; one more is refused."""
    monkeypatch.setattr(module, "_MAX_SHEETS", 2)
    two = [("A", "visible", "a"), ("B", "visible", "b")]
    assert len(read(workbook(*two))) == 2
    with pytest.raises(
        TableError, match=r"a\.xlsx: has 3 sheets, more than the 2 read here; keep the tables alone"
    ):
        read(workbook(*two, ("C", "hidden", "c")))


def test_merged_ranges_up_to_a_limit(monkeypatch):
    """Each is kept with its corners."""
    monkeypatch.setattr(workbook_files, "_MAX_MERGED", 2)
    content = workbook(("A", "visible", "a"), merged=["A1:B2", "D1:D3"])
    assert sorted(read(content)[0].merged) == [((0, 0), (1, 1)), ((0, 3), (2, 3))]
    with pytest.raises(TableError, match=r"a\.xlsx!A: has 3 merged ranges, more than a table has"):
        read(workbook(("A", "visible", "a"), merged=["A1:B2", "D1:D3", "F1:G1"]))


def test_a_workbook_without_a_visible_worksheet_is_refused():
    """With what it has instead."""
    content = workbook(("A", "visible", "a"), ("H", "hidden", "h"))
    broken = content[: len(content) // 2]
    with pytest.raises(TableError, match=r"a\.xlsx: is damaged"):
        read(broken)
