"""The labels of a row, and the header of a column, as they are printed."""

from __future__ import annotations

import pytest

from carbonacct.balances.path.columns import read_columns
from carbonacct.balances.path.printed_labels import find_header, join_labels, row_label
from carbonacct.balances.split.grid import read_grid
from carbonacct.balances.words.mapping import Mapping
from carbonacct.sheets.raw_sheets import Sheet


@pytest.mark.parametrize(
    ("rows", "first", "column", "found"),
    [
        ("标题/项目|原煤/万吨|/工业|1", 3, 0, (2, 0)),  # the lowest text
        ("标题/项目|原煤/万吨|/工业|1", 3, 1, (1, 1)),
        ("标题/项目| |原煤/工业|1|2", 2, 1, (1, 1)),  # a blank is no text: the row above the data
        ("标题/项目|原煤/工业|1|2", 2, 2, (1, 2)),  # rows that end before the column
        ("原煤/工业|1", 1, 0, (0, 0)),
        ("|/工业|1", 1, 1, (0, 1)),
        ("工业|1", 0, 1, (0, 1)),  # nothing stands above
    ],
)
def test_the_header_of_a_column(rows, first, column, found):
    """The lowest cell with a text above the rows of a table."""
    assert (
        find_header(Sheet("a.csv", "", [row.split("|") for row in rows.split("/")]), first, column)
        == found
    )


def test_a_number_is_no_header():
    """A year that a workbook holds as a number is passed over."""
    assert find_header(
        Sheet("a.xlsx", "", [["项目", "原煤"], ["", 2019.0], ["工业", 1.0]]), 2, 1
    ) == (0, 1)


@pytest.mark.parametrize(
    ("row", "places", "text"),
    [
        (["工业", "原煤", 1.0], [0, 1], "工业 原煤"),
        (["工业", "原煤", 1.0], [1, 0], "原煤 工业"),
        ([" 工业 ", "", "原煤"], [0, 1, 2], "工业 原煤"),
        ([2019.0, "原煤"], [0, 1], "原煤"),
        (["", " "], [0, 1], ""),
    ],
)
def test_texts_of_a_row(row, places, text):
    """In the order of the places, without blanks and numbers."""
    assert join_labels(row, places) == text


def test_a_row_is_called_by_its_flow_and_then_its_product():
    """Whatever column comes first; units and areas are no part of it."""
    rows = [
        ["产品", "单位", "流向", "数量"],
        ["原煤", "吨", "工业", 1.0],
        ["焦炭", "吨", "农业", 2.0],
    ]
    sheet = Sheet("a.csv", "", rows)
    columns = read_columns(sheet, read_grid(sheet), Mapping(), (0, 1, 3))
    assert row_label(sheet, columns, 1) == "工业 原煤"
