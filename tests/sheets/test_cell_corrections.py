"""Cells that a person corrects: read as told where the file still holds what was seen, else refused."""

from __future__ import annotations

import pytest

from carbonacct.errors import TableError
from carbonacct.sheets.cell_corrections import Correction, correct_sheets, find_cell, find_held
from carbonacct.sheets.raw_sheets import Sheet


def correction(cell="B1", seen="12", value="21", *, file="a.xlsx", sheet="S"):
    """Return a correction."""
    return Correction(file, sheet, cell, seen, value, "misprint", "Li")


def sheets(*rows):
    """Return two sheets of a file, and one of another."""
    return [
        Sheet("a.xlsx", "R", [["x"]]),
        Sheet("a.xlsx", "S", list(rows)),
        Sheet("b.csv", "", [["y"]]),
    ]


@pytest.mark.parametrize(
    ("rows", "one", "expected"),
    [
        ([["coal", "12"]], correction(), [["coal", "21"]]),
        ([["coal", 12.0]], correction(), [["coal", 21.0]]),
        ([["coal", 12]], correction(), [["coal", 21.0]]),
        ([["coal", 12.0]], correction(value="x"), [["coal", "x"]]),
        ([["coal", 12.0]], correction(value=""), [["coal", ""]]),
        ([["coal", True]], correction(seen="True"), [["coal", "21"]]),
        ([["coal", None]], correction(seen=""), [["coal", "21"]]),
        (
            [["coal"], ["gas", "1", "2"]],
            correction("C1", ""),
            [["coal", "", "21"], ["gas", "1", "2"]],
        ),
        ([["coal", "12"], ["12"]], correction("A2"), [["coal", "12"], ["21"]]),
    ],
)
def test_a_cell_is_read_as_told(rows, one, expected):
    """A number in the place of a number; cells that a short line lacks are blank; the file's own rows stay."""
    before = [list(row) for row in rows]
    other, changed, apart = correct_sheets(sheets(*rows), [one])
    assert changed.rows == expected
    assert [type(cell) for row in changed.rows for cell in row] == [
        type(cell) for row in expected for cell in row
    ]
    assert rows == before
    assert (other.findings, apart.findings) == ((), ())
    assert changed.findings[0].where == f"a.xlsx!S!{one.cell}"
    assert (
        changed.findings[0].message
        == f"{one.seen or '-'} is read as {one.value or '-'} (Li: misprint)"
    )


def test_corrections_follow_one_another():
    """Each sees what the one before made; one of a file that is not read is none."""
    found = correct_sheets(
        sheets(["coal", "12"]),
        [correction(), correction(seen="21", value="22"), correction(file="c.csv")],
    )[1]
    assert found.rows == [["coal", "22"]]
    assert len(found.findings) == 2


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (
            correction(seen="13"),
            r"a\.xlsx!S!B1: holds '12', and its correction was made of '13'; look at the cell",
        ),
        (correction("B2", ""), r"a\.xlsx!S!B2: holds '', and"),
        (correction("C1", ""), r"a\.xlsx!S!C1: holds '', and"),
        (correction(sheet="T"), r"a\.xlsx: a correction is of the sheet 'T', which is not there"),
        (correction("1B"), "'1B' is no cell; write it as B12"),
    ],
)
def test_a_correction_of_another_table_is_refused(one, message):
    """With what is there and what was."""
    with pytest.raises(TableError, match=message):
        correct_sheets(sheets(["coal", "12"]), [one])


def test_cells_are_found_by_name():
    """As spreadsheets count; what a cell holds is told as a text."""
    assert [find_cell(name) for name in ("A1", "Z9", "AA10", "XFD1048576")] == [
        (0, 0),
        (8, 25),
        (9, 26),
        (1048575, 16383),
    ]
    for name in ("A0", "a1", "A", "1", "ABCD1", "A12345678", ""):
        with pytest.raises(TableError, match="is no cell"):
            find_cell(name)
    held = sheets(["coal", 12.5], ["gas"])
    assert [find_held(held, "S", cell) for cell in ("A1", "B1", "B2")] == ["coal", "12.5", ""]
    for cell in ("C1", "A3"):
        with pytest.raises(TableError, match=rf"a\.xlsx!S!{cell}: is outside the sheet"):
            find_held(held, "S", cell)
    with pytest.raises(TableError, match=r"a\.xlsx: has no sheet 'T'; its sheets: R, S"):
        find_held(held, "T", "A1")
