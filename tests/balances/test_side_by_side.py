"""A long table that is printed in halves side by side reads as the same table in one piece."""

from __future__ import annotations

import csv
from itertools import zip_longest

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.sheet_stages import read_page
from carbonacct.errors import CarbonacctError
from carbonacct.sheets.raw_sheets import Sheet

HEADINGS = ["年份", "煤炭（万吨）", "工业用电量（亿千瓦时）"]
amounts = st.integers(1, 99_999).map(lambda number: number / 100)


def put(folder, name, rows):
    """Write a table."""
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["重庆能源消费量"], *rows])
    return folder / name


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    numbers=st.lists(st.tuples(amounts, amounts), min_size=4, max_size=13),
    parts=st.integers(2, 3),
    gap=st.booleans(),
    note=st.booleans(),
)
def test_halves_read_as_the_whole(tmp_path, numbers, parts, gap, note):
    """Two or three parts, the last one shorter, with a blank column between them or without, and a note below."""
    rows = [[1990 + n, *pair] for n, pair in enumerate(numbers)]
    length = -(-len(rows) // parts)
    halves = [rows[start : start + length] for start in range(0, len(rows), length)]
    between = [""] * gap
    printed = [[HEADINGS] * len(halves), *zip_longest(*halves, fillvalue=["", "", ""])]
    lines = [[cell for part in line for cell in (*part, *between)] for line in printed]
    lines += [["注：某年为快报数。"]] * note
    whole = ca.read_balance(put(tmp_path, "whole.csv", [HEADINGS, *rows]))
    reading = ca.read_tables(put(tmp_path, "halves.csv", lines))
    parted = reading.require()
    kept = {"area": "重庆", "year": whole.years, "flow": whole.flows, "product": whole.products}
    pd.testing.assert_series_equal(
        whole.amounts.sel(kept).to_series().dropna(), parted.amounts.sel(kept).to_series().dropna()
    )
    assert parted.years == whole.years
    cells = reading.fates
    assert not cells.duplicated(["row", "column"]).any()
    assert (cells[cells["role"] == "number"]["fate"] == "used").all()


def test_labels_that_stand_twice_are_no_halves(tmp_path):
    """The same years in both columns of years: two columns of one meaning, which stop with both."""
    rows = [HEADINGS * 2, [1990, 1, 2, 1990, 1, 2], [1991, 3, 4, 1991, 3, 4]]
    with pytest.raises(
        CarbonacctError, match=r"E2: a second column of coal_total, beside twice.csv!B2"
    ):
        ca.read_balance(put(tmp_path, "twice.csv", rows))


def test_labels_without_a_heading_are_one_table(tmp_path):
    """Two columns of labels, the first of which has no heading."""
    rows = [
        ["", "项目", "煤炭（万吨）", "柴油（万吨）"],
        ["Industry", "工业", 1, 2],
        ["Households", "居民生活", 3, 4],
    ]
    balance = ca.read_balance(put(tmp_path, "blank.csv", rows), year=2019)
    place = {"area": "重庆", "year": 2019, "flow": "households", "product": "diesel"}
    assert float(balance.amounts.sel(place)) == 4e4


@pytest.mark.parametrize(
    ("heads", "rows", "where"),
    [
        (["年份", HEADINGS[1], "年份", HEADINGS[2]], [[1990, 1, 1992, 5], [1991, 2, 1993, 6]], "C"),
        ([*HEADINGS, "年份", HEADINGS[1]], [[1990, 1, 5, 1992, 3], [1991, 2, 6, 1993, 4]], "D"),
    ],
)
def test_parts_of_other_columns_are_no_halves(tmp_path, heads, rows, where):
    """A row that says two years stops with both: what stands beside may be another table."""
    with pytest.raises(
        CarbonacctError, match=rf"{where}3: the row says 1990 and 1992; correct one of them"
    ):
        ca.read_balance(put(tmp_path, "unlike.csv", [heads, *rows]))


@pytest.mark.parametrize(
    ("head", "flows"),
    [
        (
            "项目|原煤(万吨)|项目|原煤(万吨)",
            [["industry", "farming"], ["construction", "transport"]],
        ),
        ("项目|原煤(万吨)|项目|焦炭(万吨)", None),  # of other columns: no second half of it
        ("|原煤(万吨)||原煤(万吨)", None),  # no heading of labels
    ],
)
def test_two_tables_beside_one_another_are_two(head, flows):
    """Where the same headings begin again; each has the labels in its own first column."""
    rows = [
        ["重庆能源消费 2019"],
        head.split("|"),
        ["工业", "1", "建筑业", "2"],
        ["农业", "3", "交通", "4"],
    ]
    found = [
        [key.flow for key in block.rows.keys]
        for block in read_page(Sheet("a.csv", "", rows)).blocks
    ]
    assert found == flows if flows else len(found) < 2
