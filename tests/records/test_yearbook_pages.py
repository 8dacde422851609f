"""Pages of yearbooks: each number with the labels of its row and column, its unit, year and area."""

from __future__ import annotations

import csv

import openpyxl
import pytest

from carbonacct.equations.dimensions import scale_of
from carbonacct.errors import UnitError
from carbonacct.records.activity_labels import read_label, units_of
from carbonacct.records.counted_topics import read_words
from carbonacct.records.yearbook_pages import pages_in
from carbonacct.sheets.raw_sheets import read_sheets
from tests.balances import packing


def write(folder, text, name="page.csv", encoding="utf-8"):
    """Write a page and return its path."""
    path = folder / name
    path.write_text(text.lstrip("\n"), encoding=encoding)
    return path


def told(path):
    """Return the inner label of row and column, nearest unit, year, area and value of each number."""
    return [
        (
            *(labels[0] if labels else "" for labels in (one.row_labels, one.column_labels)),
            one.units[0][0] if one.units else "",
            one.year,
            one.area or one.context.area,
            one.value[0],
        )
        for one in pages_in(read_sheets(path))
    ]


SHAPES = {
    "items down, years across": """
重庆市主要工业产品产量,,,
产品名称,单位,2006,2007
水泥,万吨,2300,2500
""",
    "unit in the label": """
重庆市主要工业产品产量,,
指标,2006年,2007年
水泥(万吨),2300,2500
""",
    "unit in the title": """
重庆市主要工业产品产量,,
单位：万吨,,
,2006,2007
水泥,2300,2500
注：快报数,,
""",
    "years down, items across": """
重庆市主要工业产品产量,
年份,水泥(万吨)
2006,2300
2007,2500
""",
    "areas down, years across": """
各地区主要工业产品产量,,
地区,2006,2007
,水泥(万吨),水泥(万吨)
重庆,2300,2500
""",
    "two languages": """
重庆市主要工业产品产量 Output of Major Industrial Products,,,
指标 Item,单位 Unit,2006,2007
水泥 Cement,万吨 10 000 tons,2300,2500
""",
    "a blank row and a page that goes on": """
重庆市主要工业产品产量,,,

产品名称,单位,2006,2007
生铁,万吨,1,1

续表,,,
产品名称,单位,2006,2007
水泥,万吨,2300,2500
""",
    "two tables side by side": """
重庆市主要工业产品产量,,,,,,,
产品,单位,2006,2007,产品,单位,2006,2007
生铁,万吨,1,1,水泥,万吨,2300,2500
""",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_one_number_in_the_shapes_that_yearbooks_print(tmp_path, shape):
    """The same two numbers are told with item, year and area, whatever the shape."""
    found = {
        (one.year, one.area or one.context.area, one.value[0])
        for one in pages_in(read_sheets(write(tmp_path, SHAPES[shape])))
        if any("水泥" in label for label in (*one.row_labels, *one.column_labels))
        and any(
            scale_of(unit.split()[0], "t cement") == 1e4 for place in one.units for unit in place
        )
    }
    assert {(year, value) for year, _, value in found} == {(2006, 2300.0), (2007, 2500.0)}
    assert {area.removesuffix("市") for _, area, _ in found} == {"重庆"}


def test_amounts_that_could_be_years_are_amounts(tmp_path):
    """Two thousand pigs and two thousand and ten are no head of years; a repeated head is one."""
    text = """
牲畜,,,
品种,单位,2006,2007
猪,万头,2000,2010
品种,单位,2008,2009
猪,万头,2001,2011
"""
    found = [(one.year, one.value[0]) for one in pages_in(read_sheets(write(tmp_path, text)))]
    assert found == [(2006, 2000), (2007, 2010), (2008, 2001), (2009, 2011)]


def test_sections_hold_for_the_rows_below_them(tmp_path):
    """A row without numbers heads the next rows, until another of its level; 其中 goes below."""
    text = """
,2007
一、年末存栏,
大牲畜,5
  牛,3
  #奶牛,1
二、当年出栏,
猪,9
"""
    paths = [one.row_labels for one in pages_in(read_sheets(write(tmp_path, text)))]
    assert paths == [
        ("大牲畜", "一、年末存栏"),
        ("牛", "大牲畜", "一、年末存栏"),
        ("#奶牛", "牛", "大牲畜", "一、年末存栏"),
        ("猪", "二、当年出栏"),
    ]


def test_headings_over_several_columns(tmp_path):
    """A merged heading, and one whose merge a CSV has lost, hold for the columns below them."""
    rows = [
        ["农作物播种面积和产量(2007年)"],
        ["地区", "播种面积(千公顷)", "", "产量(万吨)", ""],
        ["", "早稻", "小麦", "早稻", "小麦"],
        ["重庆", 45, 190, 20, 60],
    ]
    path = tmp_path / "lost.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(rows)
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    for cells in ("A1:E1", "A2:A3", "B2:C2", "D2:E2"):
        book.active.merge_cells(cells)
    book.save(tmp_path / "merged.xlsx")
    expected = [
        (("早稻", "播种面积"), ("千公顷",), 45),
        (("小麦", "播种面积"), ("千公顷",), 190),
        (("早稻", "产量"), ("万吨",), 20),
        (("小麦", "产量"), ("万吨",), 60),
    ]
    for name in ("lost.csv", "merged.xlsx"):
        found = pages_in(read_sheets(tmp_path / name))
        assert [(one.column_labels, one.units[0], one.value[0]) for one in found] == expected, name
        assert {(one.area, one.year, one.areas_said) for one in found} == {("重庆", 2007, True)}


def test_a_column_of_groups_is_printed_once_for_its_rows(tmp_path):
    """The outer of two columns of labels holds for the blank cells below it."""
    text = """
类别,品种,单位,2007
年末存栏,猪,万头,5
,山羊,万只,3
出栏,猪,万头,9
"""
    paths = [one.row_labels for one in pages_in(read_sheets(write(tmp_path, text)))]
    assert paths == [("猪", "年末存栏"), ("山羊", "年末存栏"), ("猪", "出栏")]


def test_marks_and_notation_keys(tmp_path):
    """A mark is no number; a notation key is told."""
    text = "指标,单位,2006,2007,2008\n水泥产量,万吨,…,NO,5\n"
    assert [
        one.value[1] or one.value[0] for one in pages_in(read_sheets(write(tmp_path, text)))
    ] == [
        "NO",
        5.0,
    ]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("其中: 早稻（千公顷）", ("其中: 早稻", ("千公顷",), 0, "")),
        ("化肥施用量(折纯)(万吨)", ("化肥施用量(折纯)", ("万吨",), 0, "")),
        ("Cement (10 000 tons)", ("Cement", ("10 000 tons",), 0, "")),
        ("2010年产量", ("产量", (), 2010, "")),
        ("2011年为2010年%", ("2011年为2010年%", (), 0, "")),
        ("北　京", ("北 京", (), 0, "北京")),
    ],
)
def test_what_a_label_says_by_itself(label, expected):
    """Units in brackets, a year, an area; two years are a comparison and no year."""
    assert tuple(read_label(label)) == expected


def test_units_of_a_title():
    """A list behind 单位, or brackets; a year in brackets is none."""
    assert units_of("单位：千公顷、万吨") == ("千公顷", "万吨")
    assert units_of("主要农产品产量(2010年)") == ()


@pytest.mark.parametrize(
    ("label", "use"),
    [
        ("产量", "amount"),
        ("单位面积产量", "rate"),
        ("猪出栏头数", "other"),
        ("年末存栏", "amount"),
        ("产值", "other"),
        ("2011年为2010年%", "rate"),
        ("收获面积", "other"),
    ],
)
def test_the_longest_word_says_what_is_counted(label, use):
    """A yield is no output, slaughter no stock, a harvested area no sown one."""
    assert {topic.use for topic in read_words(label).topics} == {use}


def test_a_unit_of_nothing_is_refused():
    """1 000 ha is a thousand hectares, and a number that reads as nothing is no unit."""
    assert scale_of("10 000 heads", "head") == 1e4
    assert scale_of("1,000 hectares", "ha") == 1e3
    assert scale_of("1 000 ha", "ha") == 1e3
    with pytest.raises(UnitError, match="it is nothing"):
        scale_of("1 000 day", "day")


@pytest.mark.parametrize(
    ("printed", "declared", "scale"),
    [
        ("万平方米", "ha", 1),
        ("平方公里", "ha", 100),
        ("km²", "ha", 100),
        ("10³公顷", "ha", 1e3),
        ("103公顷", "ha", 1e3),  # the superscript was lost
        ("千hm2", "ha", 1e3),
        ("10^3 hm²", "ha", 1e3),
        ("千公顷 (1 000 hectares)", "ha", 1e3),
        ("10^4头", "head", 1e4),
        ("万口", "head", 1e4),
        ("％", "1", 0.01),
        ("‰", "1", 0.001),
    ],
)
def test_units_of_areas_heads_and_shares(printed, declared, scale):
    """Squares, powers of ten, two languages and full-width signs are units as any."""
    assert scale_of(printed, declared) == pytest.approx(scale, rel=1e-12)


def test_a_unit_in_two_languages_that_differ_is_refused():
    """千公顷 beside 10 000 hectares is a misprint that nobody may resolve unseen."""
    with pytest.raises(UnitError, match="is not a unit known here"):
        scale_of("千公顷 (10 000 hectares)", "ha")


@pytest.mark.parametrize("numbers", [("2006", "2007"), ("Amount in 2007",)])
def test_a_page_of_a_pdf_keeps_its_columns_of_labels(tmp_path, numbers):
    """Item and unit are two columns though no number stands in them: below years, and beside one column of numbers."""
    pytest.importorskip("pypdfium2")
    rows = [
        ["Chongqing: Output of Major Industrial Products"],
        ["Item", "Unit", *numbers],
        *(
            [item, "10000 tons", *range(first, first + len(numbers))]
            for item, first in (("Cement", 2300), ("Lime", 50))
        ),
    ]
    path = packing.pdf(tmp_path / "page.pdf", rows, step=130)
    assert [one[:1] + one[2:] for one in told(path)] == [
        (item, "10000 tons", year, "Chongqing", value + n)
        for item, value in (("Cement", 2300), ("Lime", 50))
        for n, year in enumerate((2006, 2007) if len(numbers) > 1 else (2007,))
    ]


def test_amounts_that_look_like_years_stand_below_a_head_in_text(tmp_path):
    """Below 2018年 and 2019年 a row of 1990 and 2000 is one of amounts."""
    path = write(
        tmp_path, "重庆市牲畜存栏\n指标,2018年,2019年\n牛(头),1990,2000\n猪(头),3500,3600\n"
    )
    assert [(name, year, value) for name, _, _, year, _, value in told(path)] == [
        ("牛", 2018, 1990),
        ("牛", 2019, 2000),
        ("猪", 2018, 3500),
        ("猪", 2019, 3600),
    ]
