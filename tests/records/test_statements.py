"""Statements of a page: the same whichever way it lies and however it is saved."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonacct.errors import TableError
from carbonacct.records.statements import read_statements
from carbonacct.sheets.raw_sheets import read_sheets
from tests.records.test_quantity_tables import save

LABELS = {"生活用煤": "吨", "天然气供气总量": "万立方米", "全社会用电总计": "亿千瓦时"}
YEARS = (2018, 2019)
HEADS = [
    ("指标", "单位", "年份", "数值"),
    ("label", "unit", "year", "value"),
    ("项目 Item", "计量单位 Unit", "年度 Year", "数量 Value"),
]


@st.composite
def pages(draw):
    """Draw the numbers of some labels and years, and the rows of a page that prints them."""
    numbers = {(label, year): draw(st.integers(1, 9999)) for label in LABELS for year in YEARS}
    item, unit, year, value = draw(st.sampled_from(HEADS))
    shape = draw(st.sampled_from(["across", "down", "long"]))
    if shape == "across":
        rows = [[item, unit, *(f"{one}年" for one in YEARS)]]
        rows += [[a, LABELS[a], *(numbers[a, one] for one in YEARS)] for a in LABELS]
    elif shape == "down":
        rows = [[year, *(f"{a}({LABELS[a]})" for a in LABELS)]]
        rows += [[f"{one}年", *(numbers[a, one] for a in LABELS)] for one in YEARS]
    else:
        rows = [[item, unit, year, value]]
        rows += [[a, LABELS[a], one, numbers[a, one]] for a in LABELS for one in YEARS]
    return numbers, rows


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(page=pages(), kind=st.sampled_from(["utf-8", "gb18030", "xlsx"]))
def test_statements_are_the_same_in_any_shape(tmp_path, page, kind):
    """Years across, down the side, or a row for each number: the same numbers, units and cells."""
    numbers, rows = page
    (sheet,) = read_sheets(save(tmp_path, rows, kind))
    found = read_statements(sheet)
    read = {(one.labels[-1].partition("(")[0], one.year): one for one in found}
    assert len(found) == len(read)
    assert {key: one.value for key, one in read.items()} == numbers
    for (label, _), one in read.items():
        assert one.unit == LABELS[label]
        assert float(sheet.rows[one.row][one.column]) == one.value


def test_numbers_that_look_like_years_are_no_head(tmp_path):
    """1900 and 2000 behind a label are amounts once a head has named years, in text or in numbers; a second table has a head."""
    for first, second in (("2018年", "2019年"), (2018, 2019)):
        rows = [
            ["城市燃气供应情况", "", ""],
            ["指标", first, second],
            ["天然气供气总量(万立方米)", 26000, 28000],
            [" #商业用量", 1900, 2000],
            ["", "", ""],
            ["居民生活用电", "", ""],
            ["指标", first, second],
            ["生活用电(万千瓦时)", 70, 80],
        ]
        (sheet,) = read_sheets(save(tmp_path, rows, "utf-8"))
        found = [
            (one.table, one.labels[-1], one.unit, one.year, one.value)
            for one in read_statements(sheet)
        ]
        assert found[2:] == [
            ("城市燃气供应情况", "#商业用量", "万立方米", 2018, 1900),
            ("城市燃气供应情况", "#商业用量", "万立方米", 2019, 2000),
            ("居民生活用电", "生活用电(万千瓦时)", "万千瓦时", 2018, 70),
            ("居民生活用电", "生活用电(万千瓦时)", "万千瓦时", 2019, 80),
        ]


def test_columns_that_are_not_known_are_passed_over(tmp_path):
    """A long table may hold columns of its own; a year that is none is refused with its cell."""
    rows = [["指标", "说明文字", "单位", "年份", "数值"], ["生活用煤", "快报", "吨", 2019, 3]]
    (sheet,) = read_sheets(save(tmp_path, rows, "utf-8"))
    (one,) = read_statements(sheet)
    assert (one.labels, one.unit, one.year, one.where) == (("生活用煤",), "吨", 2019, "a.csv!E2")
    rows[1][3] = "soon"
    (sheet,) = read_sheets(save(tmp_path, rows, "utf-8"))
    with pytest.raises(TableError, match=r"a\.csv!D2: the year is 'soon'; write it as 2019"):
        read_statements(sheet)
