"""Codes of a mapping file meet the cells of a workbook, which holds them as numbers."""

from __future__ import annotations

import openpyxl
import pytest

import carbonacct as ca
from carbonacct.balances.split.number_codes import write_codes
from carbonacct.balances.words.mapping import Mapping
from carbonacct.sheets.raw_sheets import Sheet

LINES = (
    "kind,name,id\ncolumn,品种代码,product\nproduct,1,raw_coal\nproduct,8,natural_gas\n"
    "unit,raw_coal,1e4 t\nunit,natural_gas,1e8 m3\n"
)
ROWS = [["西安市能源消费 2019"], ["品种代码", "工业消费量", "居民生活"], [1, 500, 20], [8, 30, 1]]


def write_book(path, rows):
    """Write a workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_codes_of_a_workbook_read_as_those_of_a_text(tmp_path):
    """1 in a column of codes is the code 1 of the mapping; 1 among the amounts stays an amount."""
    (mapping := tmp_path / "m.csv").write_text(LINES, encoding="utf-8")
    (text := tmp_path / "a.csv").write_text(
        "\n".join(",".join(map(str, row)) for row in ROWS), encoding="utf-8"
    )
    for path in (text, write_book(tmp_path / "a.xlsx", ROWS)):
        amounts = ca.read_balance(path, mapping=mapping).amounts.squeeze()
        assert amounts.sel(flow="industry", product="raw_coal").item() == 5e6
        assert amounts.sel(flow="households", product="natural_gas").item() == 1e8


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["品种", "工业"], [1.0, 500.5], [8, 2]], [["品种", "工业"], ["1", 500.5], ["8", 2]]),
        ([["行业", 1, 8], ["总计", 30, 5]], [["行业", "1", "8"], ["总计", 30, 5]]),
        (
            [["x", "y"], [1, 500], [9, 2]],
            [["x", "y"], [1, 500], [9, 2]],
        ),  # 9 is no code: a column of amounts
        ([["x"], [1.5], [True]], [["x"], [1.5], [True]]),
    ],
)
def test_a_row_or_column_is_of_codes_where_all_its_numbers_are(rows, expected):
    """One number that no code is makes a row or column one of amounts."""
    own = Mapping(products={"1": "raw_coal", "a>8": "natural_gas"})
    found = write_codes(Sheet("a.xlsx", "", rows), own).rows
    assert found == expected
    assert [[type(cell) for cell in row] for row in found] == [
        [type(cell) for cell in row] for row in expected
    ]


def test_without_codes_a_sheet_is_as_it_was():
    """Nothing is copied where no mapping names a number."""
    sheet = Sheet("a.xlsx", "", [[1, 2]])
    assert write_codes(sheet, None) is sheet
    assert write_codes(sheet, Mapping(products={"甲种煤": "raw_coal"})) is sheet
