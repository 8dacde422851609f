"""The one reader of labelled rows: any file, Chinese or English heads, years as rows or columns."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
import xlwt

from carbonacct.cities.indicator_table import read_indicators
from carbonacct.errors import TableError, UncertaintyError
from carbonacct.projects.driver_tables import read_driver_table
from carbonacct.records.labelled_rows import read_tables
from carbonacct.uncertainty.uncertain_inputs import read_overrides

LONG = [
    ("地区", "年份", "指标", "数值", "单位"),
    ("厦门", 2018, "GDP", 5000, "亿元"),
    ("厦门", 2019, "GDP", 5995, "亿元"),
]
WIDE = [("地区", "指标", "单位", "2018年", "2019年"), ("厦门", "GDP", "亿元", 5000, 5995)]


def save(folder, rows, kind):
    """Save rows as a workbook, or as text in an encoding."""
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(folder / "a.xlsx")
        return folder / "a.xlsx"
    path = folder / "a.csv"
    path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding=kind)
    return path


@pytest.mark.parametrize("kind", ["xlsx", "utf-8", "gb18030"])
@pytest.mark.parametrize("rows", [LONG, WIDE], ids=["years down", "years across"])
def test_indicators_of_any_file(tmp_path, rows, kind):
    """The same two values, each with its cell."""
    found = read_indicators(save(tmp_path, rows, kind))
    assert [(one.year, one.value) for one in found] == [(2018, 5000.0), (2019, 5995.0)]
    cells = ["D2", "D3"] if rows is LONG else ["D2", "E2"]
    assert [one.where.rpartition("!")[2] for one in found] == cells


def test_indicators_of_a_frame():
    """A data frame is read as the sheet that it would be; what is NaN is blank."""
    rows = [dict(zip(LONG[0], row, strict=True)) for row in LONG[1:]]
    rows[0]["数值"] = float("nan")
    assert [one.year for one in read_indicators(pd.DataFrame(rows))] == [2019]


def test_a_table_of_indicators_without_its_head(tmp_path):
    """The columns that are looked for are named, and a column that is not known with near ones."""
    with pytest.raises(
        TableError, match="has no head with the columns area, indicator, value, unit"
    ):
        read_indicators(save(tmp_path, [("x", "y"), (1, 2)], "utf-8"))
    rows = [(*LONG[0], "valeu"), (*LONG[1], 3)]
    with pytest.raises(
        TableError, match=r"a\.csv!F1: the column 'valeu' is not known; did you mean value"
    ):
        read_indicators(save(tmp_path, rows, "utf-8"))


@pytest.mark.parametrize("kind", ["xlsx", "gb18030"])
def test_own_uncertainties_of_any_file(tmp_path, kind):
    """A workbook, or a Chinese CSV, says the same as a CSV in English."""
    rows = [("输入", "行", "品种", "百分比"), ("activity", "industry", "raw_coal", 5)]
    found = read_overrides(save(tmp_path, rows, kind))
    assert [(one.input, one.keys) for one in found] == [
        ("activity", {"flow": "industry", "product": "raw_coal"})
    ]
    assert found[0].uncertainty.upper == pytest.approx(1.05)
    with pytest.raises(UncertaintyError, match="holds no row"):
        read_overrides(save(tmp_path, rows[:1], kind))


@pytest.mark.parametrize("suffix", [".xls", ".xlsx"])
@pytest.mark.parametrize("across", [True, False])
def test_drivers_of_any_workbook(tmp_path, suffix, across):
    """Population of two years in a workbook of Excel 97 or 2007, years as columns or rows."""
    rows = (
        [("指标", "单位", 2018, 2019), ("常住人口", "万人", 411, 429)]
        if across
        else [("年份", "常住人口(万人)"), (2018, 411), (2019, 429)]
    )
    path = tmp_path / f"a{suffix}"
    if suffix == ".xlsx":
        path = save(tmp_path, rows, "xlsx")
    else:
        book = xlwt.Workbook()
        sheet = book.add_sheet("a")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)
        book.save(str(path))
    frame, _ = read_driver_table(path)
    assert frame[["year", "population"]].to_numpy().tolist() == [[2018, 411.0], [2019, 429.0]]


def test_years_across_are_asked_for(tmp_path):
    """A page of a yearbook is no table of activities because a column of it is called 指标."""
    path = save(tmp_path, [("指标", "单位", 2018, 2019), ("水泥产量", "万吨", 1, 2)], "utf-8")
    needed = ("activity", "value", "unit")
    assert not read_tables(path, "activity", needed=needed, faults=[])
    across = read_tables(path, "activity", needed=needed, faults=[], years_across=True)
    rows = [(row.text("year"), row.text("value"), row.address("value")) for row in across[0].rows()]
    assert rows == [("2018", "1", "a.csv!C2"), ("2019", "2", "a.csv!D2")]
