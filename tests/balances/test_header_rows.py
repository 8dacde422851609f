"""Where the tables of a sheet stand: small sheets, ``|`` between cells and `` / `` between rows."""

from __future__ import annotations

import pytest

from carbonacct.balances.split.header_rows import _looks_like_header, numbers_columns
from carbonacct.balances.split.regions import split
from carbonacct.balances.words.mapping import Mapping
from carbonacct.sheets.raw_sheets import Sheet


def find(text, number=str):
    """Return the tables (title, header, data, end) of a sheet, and the cells that got the text of a heading."""
    rows = [
        [number(cell) if cell.isdigit() else cell for cell in line.split("|")]
        for line in text.split(" / ")
    ]
    found = split(Sheet("a.csv", "", rows), None)
    return [tuple(region) for region in found.regions], list(found.spread)


ONE = [(0, 0, 1, 2)]  # the first row is the header, the second holds the data
ONE_COLUMN = [(0, 0, 1, 3)]
LOW = [(0, 0, 2, 3)]  # a header of two rows
UNDER = [(0, 1, 2, 3)]  # a title above it
HEADERS = {
    "a row that names two columns is a header": {
        "标题|原煤生产量|x / 项目|原煤|焦炭 / 工业|1|2": [(0, 1, 2, 3)],
        "x|原煤消费量 / x|1": [],
        "x|原煤消费量 / 工业|1": ONE,
        "x|工业 / 原煤|1": [],
        "项目|原煤|焦炭 / 工业|1|2": ONE,
        "标题 / 项目|原煤|焦炭 / 工业|1|2 / 建筑业|3|4": [(0, 1, 2, 4)],
        "原煤|焦炭 / 1|2": ONE,
        "项目|原煤 / 工业|1": ONE,
        "地区|原煤 / 重庆|1": ONE,
        "年份|原煤|焦炭 / 2018|1|2 / 2019|3|4": [(0, 0, 1, 3)],
        "area|year|flow|product|value / A|2019|industry|raw_coal|5 / A|2020|industry|raw_coal|6": [
            (0, 0, 1, 3)
        ],
        "原煤消费量|焦炭消费量 / 1|2": ONE,
        "工业|建筑业|交通运输 / 1|2|3": ONE,
        "项目|合计|未知 / 工业|1|2": ONE,
        "项目|增长 / 工业|1": ONE,
        "项目|全市|市辖区 / 工业|1|2": ONE,
        "项目|上年|今年 / 工业|1|2": ONE,
        "项目|实物量|标准量 / 原煤|1|2": ONE,
        "项目|合计|工业|建筑业 / 原煤|1|2|3": ONE,
        "原煤生产量|原煤消费量 / 1|2": ONE,
        "x|范围1|范围2 / 工业|1|2": ONE,
        "年份|工业|交通 / 2018|1|2": ONE,
        "地区|工业|交通 / 重庆|1|2": ONE,
        "项目|原煤|工业|2018 / x|1|2|3": ONE,
    },
    "one name, or one of each kind, is the label of a row": {
        "原煤 / 1": [],
        "原煤|工业 / 1|2": [],
        "原煤|工业|2018 / 1|2|3": [],
        "工业|建筑业 / 1|2": [],
        "地区|重庆 / 原煤|1": [],
        "单位:万吨|原煤 / 工业|5": [],
        "单位|万吨 / 工业|5": [],
        "工业|100|200 / 建筑业|300|400": [],
        "项目|工业|交通 / 原煤|1|2": [],
        "2018|2018 / 5|6": [],
    },
    "the heading of labels over one use, above numbers": {
        "行业|能源消费总量 / 工业|1": ONE,
        "行业|工业 / 工业|1": ONE,
        "行业|消费量 / 工业|1": ONE,
        "行业|消费量 / 工业|x": [],
        "行业|x / 工业|1": [],
    },
    "years in order, or the same run again under a name of labels": {
        "2019|2020 / 5|6": ONE,
        "Year|2018|2019 / 工业|5|6": ONE,
        "Year|GWh / 2018|5": ONE,
        "工业|2018|2019 / 原煤|5|6": ONE,
        "工业|2018|2016 / 原煤|5|6": ONE,
        "Residential Sector|2018|2019|2020 / Electricity|5|6|7": ONE,
        "指标|2018|增长(%) / 原煤|1|2": ONE,
        "城市|2019 / 上海|5": ONE,
        "项目|2019|2020 / 工业|2019|2020": ONE,
        "项目|2018|2018|2019|2019 / 工业|5|6|7|8": ONE,
        "项目|2019|2018|2019|2018 / 工业|5|6|7|8": ONE,
        "项目|2018|2018|2019 / 工业|5|6|7": [],
        "工业|2018|2020|2019 / 原煤|5|6|7": [],
        "Residential Sector|2018|2019|2021 / Electricity|5|6|7": [],
        "工业|2018|2019|2018|2019 / 原煤|5|6|7|8": [],
        "项目|2018|2018 / 工业|5|6": ONE,
        "项目|2018|2020|2019|2018|2020|2019 / 工业|1|2|3|4|5|6": [],
    },
    "rows of labels whose numbers look like years": {
        "x|2019|2020": [(0, 0, 1, 1)],
        "x|2019|2020 / y|5|6": ONE,
        "x|2019|2020 / y|2019|6": [],
        "x|2019|2020 / y|2019|2020 / z|2018|2020": [],
        "重庆|2019|2018 / 上海|2019|2018 / 天津|2019|2018": [],
        "重庆|2019 / 上海|2015 / 天津|2019": [],
        "重庆|2019|5|6 / 北京|2019|7|8": [],
        "重庆|2019|原煤 / 上海|2018|焦炭": [],
        "x|2019|原煤 / y|2019|焦炭": [],
        "重庆|原煤|2019 / 重庆|焦炭|2018 / 重庆|原煤|2017": [],
        "x|2019|2018|5 / y|2019|2018": [],
        "x|2019|2020 / y|2018|2021": [(0, 0, 1, 2)],
        "x|2019|2020 / y|2018|2018 / z|2018|2018 / w|2018|2018 / v|2018|2018 / u|5|6": [
            (0, 0, 1, 6)
        ],
        "x|2019|2020 / y|2018|2018 / z|2018|2018 / w|2018|2018 / v|2018|2018 / u|2018|2018 / t|5|6": [],
    },
    "a header that comes again begins another table, with the title above it": {
        "表一 / 行业|消费量 / 工业|1 / 表二 / 行业|消费量 / 工业|3": [(0, 1, 2, 4), (3, 4, 5, 6)],
        "行业|消费量 / 工业|1 / 部门|终端消费量 / 工业|3": [(0, 0, 1, 2), (2, 2, 3, 4)],
        "行业|吨 / 工业|1 / 行业|万立方米 / 工业|3": [(0, 0, 1, 2), (2, 2, 3, 4)],
        "行业|消费量 / 工业|1 / 农业|消费量 / 工业|3": [(0, 0, 1, 4)],
        "项目|原煤|焦炭 / 工业|1|2 / 项目|原煤|焦炭 / 工业|3|4": [(0, 0, 1, 2), (2, 2, 3, 4)],
        "项目|原煤|焦炭 / 工业|1|2 / 续表 / 项目|汽油|柴油 / 工业|3|4": [
            (0, 0, 1, 3),
            (2, 3, 4, 5),
        ],
        "标题 / 说明 / 项目|原煤|焦炭 / 工业|1|2 / 表二 / (万吨) / 项目|汽油|柴油 / 工业|3|4": [
            (0, 2, 3, 6),
            (4, 6, 7, 8),
        ],
        "项目|原煤|焦炭 / 工业|1|2 / 其他|汽油|柴油|电力 / 工业|3|4|5": [
            (0, 0, 1, 2),
            (2, 2, 3, 4),
        ],
        "项目|原煤|焦炭 / 工业|1|2 / |2018| / 项目|汽油|柴油 / 工业|3|4": [
            (0, 0, 1, 3),
            (2, 3, 4, 5),
        ],
        "项目|原煤|焦炭 / 工业|1|2 / 注:xxx / 合计|汽油|柴油 / 工业|3|4": [(0, 0, 1, 5)],
        "项目|原煤|焦炭 / 工业|原煤|2 / 其他|汽油|柴油 / 工业|3|4": [(0, 0, 1, 4)],
        "项目|原煤|焦炭 / 项目|原煤|焦炭 / 工业|3|4": LOW,
        "项目|原煤|焦炭 / 工业|1|2 / 年份|汽油 / 2018|3": [(0, 0, 1, 2), (2, 2, 3, 4)],
        "项目|原煤|焦炭 / 工业|1|2 / 年份|2018|汽油 / 2018|3|4": [(0, 0, 1, 4)],
        "项目|原煤|焦炭 / 工业|1|2 / 年份|2018|2019 / 工业|3|4": [(0, 0, 1, 2), (2, 2, 3, 4)],
        "项目|原煤|焦炭 / x|| / 项目|汽油|柴油 / 工业|3|4": [(0, 0, 3, 4)],
        "项目|原煤|焦炭 / 2018|| / 项目|汽油|柴油 / 工业|3|4": [(0, 0, 2, 2), (1, 2, 3, 4)],
        "项目|原煤|焦炭 / 工业|1|2 / 建筑业|1|2 / 表二 / 项目|汽油|柴油 / 工业|3|4": [
            (0, 0, 1, 4),
            (3, 4, 5, 6),
        ],
    },
    "units, the other language, and where a series comes from stand between header and data": {
        "项目|原煤|焦炭 / 单位|万吨|万吨 / 工业|1|2": LOW,
        "项目|原煤|焦炭 / |万吨|万吨 / 工业|1|2": LOW,
        "项目|原煤|焦炭 / 万吨|万吨|万吨 / 工业|1|2": LOW,
        "项目|原煤|焦炭 / 2018|2018|2018 / 工业|1|2": LOW,
        "项目|原煤|焦炭 / Item|Raw coal|Coke / 工业|3|4": LOW,
        "项目|原煤|焦炭 / 原煤(万吨)|| / 工业|3|4": LOW,
        "Item|Raw coal|Coke / Frequency|Annual|Annual / Source|A|B / Industry|3|4": [(0, 0, 3, 4)],
    },
    "data begin with the label of a flow or product, or with numbers": {
        "项目|原煤|焦炭 / 胡言(万吨)|| / 工业|1|2": [(0, 0, 1, 3)],
        "项目|原煤|焦炭 / 原煤(万吨)|| / 工业|1|2": LOW,
        "项目|原煤|焦炭 / 工业|2018|2019 / 建筑业|1|2": [(0, 0, 1, 3)],
        "项目|原煤|焦炭 / 甲|1|2 / 工业|3|4": [(0, 0, 1, 3)],
        "项目|原煤|焦炭 / 一、终端消费|| / 工业|3|4": [(0, 0, 1, 3)],
        "项目|原煤|焦炭 / 工业|5万吨|6万吨 / 建筑业|3|4": [(0, 0, 1, 3)],
        "项目|原煤|焦炭 / 工业|-|- / 建筑业|3|4": [(0, 0, 1, 3)],
        "项目|原煤|焦炭 / 原煤|| / 焦炭|3|4": [(0, 0, 1, 3)],
        "|原煤|焦炭 / 工业|3|4": ONE,
        "||原煤|焦炭 / |工业|3|4": ONE,
        "||原煤|焦炭 / x|工业|a|b / x|工业|3|4": LOW,
        "项目|单位|工业|消费量 / 原煤|万吨|| / 焦炭|万吨|1|2": [(0, 0, 1, 3)],
        "项目|原煤|焦炭 / 工业|万吨| / 工业|1|2": [(0, 0, 1, 3)],
        "项目|原煤|焦炭 / 工业|万吨|万吨 / 工业|1|2": LOW,
        "项目|原煤|焦炭 / x|2018|y / 建筑业|1|2": [(0, 0, 1, 3)],
        "项目|原煤|焦炭 / 万吨|2018| / 建筑业|1|2": LOW,
        "|||原煤|焦炭 / |||工业| / |||1|2": [(0, 0, 1, 3)],
    },
    "headings above belong to a header: shares, what goes in and out, the name of the labels": {
        "|占比|增长率 / 项目|原煤|焦炭 / 工业|3|4": LOW,
        "项目|投入量|产出量 / |原煤|焦炭 / 工业|3|4": LOW,
        "|投入量|产出量 / 项目|原煤|焦炭 / 工业|3|4": LOW,
        "|投入量| / 项目|原煤|焦炭 / 工业|3|4": UNDER,
        "行业|能源|消费 / |原煤|汽油 / 工业|1|2": LOW,
        "行业|能源消费量|x / |原煤|汽油 / 工业|1|2": LOW,
        "x / 行业|能源消费量|x / |原煤|汽油 / 工业|1|2": [(0, 1, 3, 4)],
        "工业|能源消费量|x / |原煤|汽油 / 纺织业|1|2": UNDER,
        "行业|| / |原煤|汽油 / 工业|1|2": UNDER,
        "|能源消费量| / 行业|原煤|汽油 / 工业|1|2": UNDER,
        "项目|原煤|焦炭 / 工业|1|2 / |增长率|增长率 / 项目|汽油|柴油 / 工业|3|4": [
            (0, 0, 1, 3),
            (2, 2, 4, 5),
        ],
        "|占比 / 项目|原煤 / 工业|3": LOW,
        "|投入量 / 项目|原煤 / 工业|3": UNDER,
        "|投入量|产出量 / |占比|占比 / 项目|原煤|焦炭 / 工业|3|4": [(0, 0, 3, 4)],
        "|占比|占比 / ||x / 项目|原煤|焦炭 / 工业|3|4": [(0, 2, 3, 4)],
        "项目|x| / |供热总量| / |蒸汽|热水 / 工业|1|2": [(0, 2, 3, 4)],
        "|能源消费总量| / |消费量|增长(%) / 工业|1|2": LOW,
        "|能源消费总量|x / |消费量|增长(%) / 工业|1|2": UNDER,
    },
    "a use above its amounts heads them where the labels have no heading, and stands beside its rates": {
        "|能源消费总量 / 工业|3 / 农业|4": ONE_COLUMN,
        "|能源消费总量 / |工业|3 / |农业|4": [],
        "|胡言 / 工业|3 / 农业|4": [],
        "|消费量|增长(%) / 工业|1|2": ONE,
        "项目|能源消费总量| / |消费量|增长(%) / 工业|1|2": LOW,
    },
}
CASES = [
    pytest.param(text, tables, id=f"{rule}: {text}")
    for rule, sheets in HEADERS.items()
    for text, tables in sheets.items()
]


@pytest.mark.parametrize(("text", "tables"), CASES)
def test_where_tables_stand(text, tables):
    """Found, not declared: what names columns is a header, what stands above it the title, what follows the data."""
    assert find(text)[0] == tables
    assert find(text, float)[0] == tables  # a workbook holds numbers, a CSV their texts


@pytest.mark.parametrize("pair", [" / 注:资料来源 / ", " / "])
def test_a_sheet_without_cells_has_no_table(pair):
    """Nothing, or notes alone."""
    assert find(pair)[0] == []


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        # A heading over columns that repeat below it.
        ("煤炭||焦炭| / 2018|2019|2018|2019 / 1|2|3|4", [(0, 1), (0, 3)]),
        ("|煤炭||焦炭| / 项目|2018|2019|2018|2019 / 工业|1|2|3|4", [(0, 2), (0, 4)]),
        ("题目|||煤炭||焦炭| / 项目|||2018|2019|2018|2019 / 工业|||1|2|3|4", [(0, 4), (0, 6)]),
        ("项目|标准量||实物量| / |原煤|焦炭|原煤|焦炭 / 工业|1|2|3|4", [(0, 2), (0, 4)]),
        ("项目|2018||2019| / |原煤|焦炭|原煤|焦炭 / 工业|1|2|3|4", [(0, 2), (0, 4)]),
        ("项目|工业||交通运输| / |原煤|焦炭|原煤|焦炭 / 2018|1|2|3|4", [(0, 2), (0, 4)]),
        ("x|煤炭||| / 项目|2018|2019|2018|2019 / 工业|1|2|3|4", []),
        # One that says what those below leave open: a flow over products, a product over flows.
        ("项目|供热总量| / |蒸汽|热水 / 工业|1|2", [(0, 2)]),
        ("上面|||| / 项目|供热总量|||x / |蒸汽|热水|电力|y / 工业|1|2|3|4", [(1, 2)]),
        ("行业|能源消费量| / |原煤|汽油 / 工业|1|2", [(0, 2)]),
        ("项目|终端消费量|| / |原煤|焦炭|汽油 / 重庆|1|2|3", [(0, 2), (0, 3)]),
        ("项目|煤炭|| / |工业|建筑业|交通 / 2018|1|2|3", [(0, 2), (0, 3)]),
        # Over its own parts, a unit, or 合计 it says nothing that they do not.
        ("项目|煤炭||石油| / |原煤|焦炭|汽油|柴油 / 工业|1|2|3|4", []),
        ("项目|煤合计||油合计| / |原煤|焦炭|汽油|柴油 / 工业|1|2|3|4", []),
        ("项目|煤炭|| / |原煤|洗精煤|合计 / 工业|1|2|3", []),
        ("项目|工业|| / |纺织业|化学工业|居民 / 2018|1|2|3", []),
        ("项目|万吨||亿立方米| / |原煤|焦炭|天然气|煤气 / 工业|1|2|3|4", []),
        ("项目|煤炭||焦炭| / |万吨|万吨|万吨|万吨 / 工业|1|2|3|4", []),
        ("行业|增长率| / |原煤|汽油 / 工业|1|2", []),
        # More of each: over a row between, beside a title, over columns that stand apart.
        ("|甲||乙| / 项目|原煤|焦炭|原煤|焦炭 / 工业|1|2|3|4", [(0, 2), (0, 4)]),
        ("题|||| / |甲||乙| / 项目|原煤|焦炭|原煤|焦炭 / 工业|1|2|3|4", [(1, 2), (1, 4)]),
        ("|甲|||乙| / 项目|原煤|焦炭||原煤|焦炭 / 工业|1|2||3|4", [(0, 2), (0, 5)]),
        ("|甲||| / 项目|原煤|焦炭|原煤|焦炭 / 工业|1|2|3|4", []),
        ("项目|||甲| / |原煤|焦炭|原煤|焦炭 / 工业|1|2|3|4", [(0, 4)]),
        ("项目|2018||| / |原煤|焦炭|原煤|焦炭 / 工业|1|2|3|4", [(0, 2), (0, 3), (0, 4)]),
        ("项目|全市| / |供热总量| / |蒸汽|热水 / 工业|1|2", [(0, 2), (1, 2)]),
        ("项目|电力|供热总量| / |||| / ||蒸汽|热水 / 工业|1|2|3", [(0, 3)]),
        ("项目|电力|| / ||供热总量| / ||蒸汽|热水 / 工业|1|2|3", [(1, 3)]),
        ("项目|全市|市辖区 / |供热总量| / |蒸汽|热水 / 工业|1|2", []),
        ("项目|工业|| / |合计|原煤|焦炭 / 2018|1|2|3", [(0, 2), (0, 3)]),
        ("项目|工业|| / |x|原煤|焦炭 / 2018|1|2|3", []),
        ("项目|原煤消费量|| / |工业|建筑业|交通 / 2018|1|2|3", [(0, 2), (0, 3)]),
        ("项目|原煤生产量|| / |工业|建筑业|交通 / 2018|1|2|3", []),
        ("项目|煤炭|| / |2018|2019|2020 / 工业|1|2|3", [(0, 2), (0, 3)]),
        ("项目|煤炭(万吨)|| / |原煤|洗精煤|焦炭 / 工业|1|2|3", [(0, 2)]),
        ("项目|投入量|| / |原煤|洗精煤|型煤 / 工业|1|2|3", [(0, 2), (0, 3)]),
        ("项目|煤炭|| / |合计|原煤|洗精煤 / 工业|1|2|3", []),
        # All columns filled: nothing is blank.
        ("项目|工业|工业|建筑业|建筑业 / |原煤|焦炭|原煤|焦炭 / x|1|2|3|4", []),
    ],
)
def test_a_heading_that_has_lost_its_merge(text, cells):
    """What a merged header leaves in a CSV: its text holds for the blank cells on its right."""
    assert find(text)[1] == cells


def test_a_table_keeps_what_it_says_whatever_stands_to_its_right():
    """Blank columns on the right change nothing; the place of the header moves down with the rows above it."""
    for text, tables in (
        (text, tables) for sheets in HEADERS.values() for text, tables in sheets.items()
    ):
        wider = " / ".join(row + "||" for row in text.split(" / "))
        assert find(wider)[0] == tables, text
        lower = find(f"一个标题 /  / {text}")[0]
        assert lower == [
            (top + 2 if k else 0, *(n + 2 for n in rest)) for k, (top, *rest) in enumerate(tables)
        ], text


@pytest.mark.parametrize(
    ("row", "is_numbering"),
    [
        ("1|2|3|4", True),
        ("(1)|(2)|(3)", True),
        ("甲|乙|1|2|3", True),
        ("A||1|2|3|4=1+2+3", True),
        ("1|2", False),  # may be two amounts
        ("1|2|4", False),
        ("工业|1|2|3", False),
        ("2|3|4", False),
    ],
)
def test_a_row_that_numbers_the_columns_is_no_row_of_data(row, is_numbering):
    """Indian and Chinese tables number their columns below the header; a workbook holds (1) as -1."""
    cells = row.split("|")
    assert numbers_columns(cells) is is_numbering
    held = [float(cell) if cell.isdigit() else cell for cell in cells]
    assert numbers_columns(held) is is_numbering
    assert (
        numbers_columns([-cell if isinstance(cell, float) else cell for cell in held])
        is is_numbering
    )


@pytest.mark.parametrize("between", ["", " / ||"], ids=["next row", "behind a blank row"])
def test_data_begin_below_a_row_that_numbers_the_columns(between):
    """It is told by the name below the number of the first column; amounts below it make it a row of data."""
    first = 2 + len(between.split("/")) - 1
    assert find(f"项目|原煤|焦炭 / 1|2|3{between} / 工业|1|2")[0] == [(0, 0, first, first + 1)]
    assert find(f"工业|建筑业|交通运输 / 1|2|3{between} / 4|5|6")[0] == [(0, 0, 1, first + 1)]


@pytest.mark.parametrize(
    ("row", "is_header", "has_numbers"),
    [
        # One name alone heads nothing; a year beside it may be an amount.
        ("工业", False, False),
        ("工业|3", False, True),
        ("佚名|2019", False, True),
        ("2019", False, True),
        ("佚名|3", False, True),
        ("佚名", False, False),
        ("", False, False),
        # Two names or years do.
        ("项目|原煤", True, False),
        ("原煤|焦炭", True, False),
        ("项目|2018|2019", True, True),
        ("工业|原煤", False, False),  # a row of a long table
        ("工业|原煤|3", False, True),
        ("工业|居民|农业", True, False),
        ("工业|居民", False, False),
        # Consumption beside its growth, below a blank heading of labels.
        ("|消费量(万吨)|比上年增长(%)", True, False),
    ],
)
def test_a_row_that_names_what_columns_hold(row, is_header, has_numbers):
    """Products, uses, years or kinds of columns, two at least; whether it holds numbers is told beside that."""
    cells = [float(cell) if cell.isdigit() and len(cell) < 4 else cell for cell in row.split("|")]
    assert _looks_like_header(cells, Mapping(), is_first=True) == (is_header, has_numbers)
