"""What every cell of a sheet reads as."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct.balances.split import grid
from carbonacct.balances.split.grid import read_grid
from carbonacct.errors import TableError
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import Sheet

CELLS = {
    7.5: (7.5, values.NUMBER),
    0.0: (0.0, values.NUMBER),
    "1,234": (1234.0, values.NUMBER),
    "-3.5": (-3.5, values.NUMBER),
    "": (np.nan, values.BLANK),
    "-": (np.nan, values.MARK),
    "…": (np.nan, values.MARK),
    "工业": (np.nan, values.UNREADABLE),
}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=4), min_size=1, max_size=5)
)
def test_each_cell_reads_as_what_it_holds(rows):
    """Wherever it stands, and however long the rows beside it are: what is behind the end of a row is blank."""
    found = read_grid(Sheet("a.csv", "", [list(row) for row in rows]))
    width = max(map(len, rows))
    whole = [[*row, *[""] * (width - len(row))] for row in rows]
    assert found.number.shape == (len(rows), width)
    np.testing.assert_array_equal(found.number, [[CELLS[cell][0] for cell in row] for row in whole])
    np.testing.assert_array_equal(found.status, [[CELLS[cell][1] for cell in row] for row in whole])
    np.testing.assert_array_equal(
        found.has_numbers, [any(CELLS[cell][1] == values.NUMBER for cell in row) for row in whole]
    )


@pytest.mark.parametrize(("most", "is_refused"), [(6, False), (5, True)])
def test_a_sheet_of_very_many_cells_is_refused(monkeypatch, most, is_refused):
    """By what it spans: two rows of three columns are six cells."""
    monkeypatch.setattr(grid, "MAX_CELLS", most)
    sheet = Sheet("a.csv", "", [["x", 1.0, 2.0], ["y"]])
    if not is_refused:
        assert read_grid(sheet).number.size == 6
        return
    with pytest.raises(TableError, match="spans 2 rows x 3 columns; delete what is not the table"):
        read_grid(sheet)
