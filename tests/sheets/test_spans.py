"""Cells that span columns and rows: the first keeps the text, the others are blank and merged with it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from carbonacct.sheets.spans import SpannedTable, lay_out


def test_a_cell_over_rows_and_columns_moves_those_beside_and_below():
    """The head of a balance: Item over two rows, Coal over two columns, captions above, as a browser shows it."""
    table = SpannedTable(
        ["Balance", ""],
        [
            [("Item", 1, 2), ("Coal", 2, 1), ("Gas", 1, 2)],
            [("raw", 1, 1), ("washed", 1, 1)],
            [("Industry", 1, 1), ("1", 1, 1), ("2", 1, 1), ("3", 1, 1)],
        ],
    )
    sheet = lay_out("a.html", "t", table)
    assert sheet.rows == [
        ["Balance"],
        ["Item", "Coal", "", "Gas"],
        ["", "raw", "washed"],
        ["Industry", "1", "2", "3"],
    ]
    assert sheet.merged == (((1, 0), (2, 0)), ((1, 1), (1, 2)), ((1, 3), (2, 3)))
    assert (sheet.file, sheet.name) == ("a.html", "t")


def test_a_cell_over_the_last_row_ends_with_the_table():
    """A span that promises more rows than there are takes nothing of what is not there."""
    sheet = lay_out("a.html", "", SpannedTable([], [[("a", 1, 3), ("b", 1, 1)], [("c", 1, 1)]]))
    assert sheet.rows == [["a", "b"], ["", "c"]]
    wide = lay_out(
        "a.html", "", SpannedTable([], [[("a", 2, 2), ("b", 1, 1)], [("c", 1, 1)], [("d", 1, 1)]])
    )
    assert wide.rows == [["a", "", "b"], ["", "", "c"], ["d"]]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=5),
        min_size=1,
        max_size=6,
    )
)
def test_every_text_stands_once_and_alone(spans):
    """Whatever the spans: each cell keeps its row and its text, in order, and no two texts share a cell."""
    rows = [[(f"{i}.{j}", *span) for j, span in enumerate(row)] for i, row in enumerate(spans)]
    sheet = lay_out("a.html", "", SpannedTable([], rows))
    assert [[cell for cell in row if cell] for row in sheet.rows] == [
        [text for text, *_ in row] for row in rows
    ]
    assert len(sheet.merged) == sum(span != (1, 1) for row in spans for span in row)
    for (top, left), (_, right) in sheet.merged:
        assert sheet.rows[top][left]
        assert not any(sheet.rows[top][left + 1 : right + 1])
