"""Statements of a page: the same whichever way it lies and however it is saved."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonacct.errors import TableError
from carbonacct.records.statements import read_statements
from carbonacct.records.yearbook_pages import pages_in
from carbonacct.sheets.raw_sheets import read_sheets
from tests.records.test_quantity_tables import save
from tests.records.test_yearbook_pages import SHAPES, write

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
    """1900 and 2000 behind a label are amounts once a header has named years; a second table has its own."""
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


@pytest.mark.parametrize("shape", sorted(SHAPES.keys() - {"areas down, years across"}))
def test_statements_and_pages_are_the_same_numbers(tmp_path, shape):
    """Both read a page by one reader of its rows: the same numbers in the same cells, of the same years and units."""
    (sheet,) = read_sheets(write(tmp_path, SHAPES[shape]))
    pages = [(one.where, one.year, one.value[0], one.units[0][0]) for one in pages_in([sheet])]
    assert [
        (one.where, one.year, one.value, one.unit.split()[0]) for one in read_statements(sheet)
    ] == pages


def statements(folder, rows):
    """Return labels, unit, year and value of the statements of some rows."""
    (sheet,) = read_sheets(save(folder, rows, "utf-8"))
    return [(one.labels, one.unit, one.year, one.value) for one in read_statements(sheet, 2020)]


def test_labels_lie_below_those_that_are_printed_once(tmp_path):
    """A column of groups is filled down; numbered labels lie below a section; a unit of either holds for them."""
    groups = [
        ["类别", "指标", "2019年"],
        ["供气总量(万立方米)", "居民", 3],
        ["", "工业", 4],
        ["用电(万千瓦时)", "居民", 5],
    ]
    assert statements(tmp_path, groups) == [
        (("供气总量(万立方米)", "居民"), "万立方米", 2019, 3),
        (("供气总量(万立方米)", "工业"), "万立方米", 2019, 4),
        (("用电(万千瓦时)", "居民"), "万千瓦时", 2019, 5),
    ]
    sections = [
        ["单位：万吨", ""],
        ["项目", "2019年"],
        ["在消费量中：", ""],
        ["2.中间消费(用于加工转换)", 9],
        ["发电", 7],
    ]
    (above, below) = statements(tmp_path, sections)
    assert (above[0], below[0]) == (
        ("在消费量中：", "2.中间消费(用于加工转换)"),
        ("在消费量中：", "2.中间消费(用于加工转换)", "发电"),
    )
    assert below[1:] == ("万吨", 2019, 7)  # what it is used for is no unit


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("用电情况 单位：亿千瓦小时 (100 million kWh)", "亿千瓦小时"),
        ("用电情况（亿千瓦时）", "亿千瓦时"),
        ("生产总值 单位：万元", "万元"),
    ],
)
def test_the_unit_above_a_table(tmp_path, line, unit):
    """In two languages, in the brackets of the title, or of money: each holds for the rows below it."""
    rows = [[line, ""], ["指标", "2019年"], ["工业", 3], ["第三产业(万人)", 4]]
    assert [one[1] for one in statements(tmp_path, rows)] == [unit, "万人"]


def test_years_down_the_side_as_they_lie(tmp_path):
    """Two header rows, two halves side by side, a period as a section, headers that name no quantity."""
    heads = [["年份", "供气总量(万立方米)", ""], ["", "合计", "居民"], [2018, 5, 1], [2019, 6, 2]]
    assert statements(tmp_path, heads)[1] == (("供气总量(万立方米)", "居民"), "万立方米", 2018, 1)
    halves = [
        ["年份", "煤(吨)", "", "年份", "煤(吨)"],
        ["“十五”", "", "", "", ""],
        [2001, 5, "", 2018, 1],
        [2002, 6, "", 2019, 2],
    ]
    found = statements(tmp_path, halves)
    assert {(year, value) for _, _, year, value in found} == {
        (2001, 5),
        (2002, 6),
        (2018, 1),
        (2019, 2),
    }
    assert {(labels, unit) for labels, unit, _, _ in found} == {(("煤(吨)",), "吨")}
    series = [
        ["", "Coal", "Gas"],
        ["Unit", "万吨", "万立方米"],
        ["Status", "Active", "Active"],
        [2018, 5, 1],
        [2019, 6, 2],
    ]
    assert statements(tmp_path, series)[:2] == [
        (("Coal",), "万吨", 2018, 5),
        (("Gas",), "万立方米", 2018, 1),
    ]


def test_what_is_said_of_a_part_is_none_of_the_whole(tmp_path):
    """A district in a column of areas is the label of its numbers; the area as a whole is none."""
    rows = [
        ["地区", "指标", "单位", "2019年"],
        ["全市", "用电", "万千瓦时", 9],
        ["渝中区", "用电", "万千瓦时", 4],
    ]
    assert [one[0] for one in statements(tmp_path, rows)] == [("用电",), ("用电", "渝中区")]


def test_growth_beside_amounts_is_no_amount(tmp_path):
    """A column of growth names a year as well, and its numbers are not of the row's unit; a row of shares has them."""
    rows = [
        ["指标", "2019年", "2019年增长%", "2019年为2018年%"],
        ["工业用电(万千瓦时)", 5, 3.2, 101],
        ["工业", 7, 3.2, 101],
    ]
    assert [one[3] for one in statements(tmp_path, rows)] == [5, 7]
    shares = [["指标", "单位", "2019年(%)"], ["煤炭比重", "%", 60], ["用电", "万千瓦时", 2]]
    assert [one[3] for one in statements(tmp_path, shares)] == [60]


def test_a_group_ends_where_the_one_outside_it_does(tmp_path):
    """Below another outermost label a blank cell is no label of the group before."""
    rows = [
        ["部门", "类别", "指标", "2019年"],
        ["城市", "供气", "居民", 3],
        ["", "", "工业", 4],
        ["农村", "", "沼气", 5],
    ]
    assert [one[0] for one in statements(tmp_path, rows)] == [
        ("城市", "供气", "居民"),
        ("城市", "供气", "工业"),
        ("农村", "沼气"),
    ]


def test_a_column_of_labels_below_heads_of_a_whole_table(tmp_path):
    """Unit and area of a table, said at the left of its head, make the column below them none of units or areas."""
    head = [
        ["Geopolitical entity", "Austria", "Austria"],
        ["Unit of measure", "TJ", "TJ"],
        ["TIME", 2020, 2021],
    ]
    rows = [*head, ["Industry", 5, 6], ["Transport", 7, 8]]
    assert statements(tmp_path, rows)[:2] == [
        (("Industry",), "TJ", 2020, 5),
        (("Industry",), "TJ", 2021, 6),
    ]
