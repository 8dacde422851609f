"""Cells that hold several numbers, one a line: rows that were joined into one are refused by their cell."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.account.stacked_cells import count_stacked
from carbonacct.errors import TableError


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("1200\n3", 2),
        ("1,200\n3.5\n\n-4\n", 3),  # blank lines are none
        ("1200\n", 0),
        ("1200", 0),
        ("\n", 0),
        ("", 0),
        (1200.0, 0),
        (None, 0),
        ("12\n万吨", 0),
        ("工业\n3", 0),
        ("12\n3\n-", 0),  # a mark is no number
    ],
)
def test_numbers_of_a_cell_are_counted_where_it_holds_nothing_else(cell, count):
    """Two at least."""
    assert count_stacked(cell) == count


HEAD = "某市2019年能源消费量\n行业,原煤(吨),焦炭(吨)\n农业,7,8\n"


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ('"工业\n建筑业","12\n3","4\n5"', "B4 holds 2 numbers"),
        ('"工业\n建筑业\n运输",,"4\n5\n6"', "C4 holds 3 numbers"),
        ('"工业\n建筑业",12,"4\n5"', "C4 holds 2 numbers"),
    ],
)
def test_rows_that_were_joined_into_one_are_asked_once(tmp_path, row, where):
    """By the first of their cells, and what to do."""
    path = tmp_path / "t.csv"
    path.write_text(f'{HEAD}{row}\n交通,"1\n2",3\n', encoding="utf-8")
    with pytest.raises(TableError, match=rf"{where}, one a line: .*split by line break") as caught:
        ca.read_balance(path, area="某市")
    assert "B5" not in str(caught.value)
