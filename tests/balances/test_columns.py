"""What each column of a table holds, by its header and by its cells."""

from __future__ import annotations

import pytest

from carbonacct.balances.path.columns import part_of_year, read_columns
from carbonacct.balances.split.grid import read_grid
from carbonacct.balances.words.mapping import Mapping, make_mapping
from carbonacct.sheets.raw_sheets import Sheet

CODES = make_mapping([{"kind": "product", "name": "1", "id": "raw_coal"}])


def kinds(text, words=None):
    """Return what columns hold: ``/`` between rows, the first of them the header, ``|`` between cells."""
    sheet = Sheet("a.csv", "", [line.split("|") for line in text.split("/")])
    columns = read_columns(sheet, read_grid(sheet), words or Mapping(), (0, 1, len(sheet.rows)))
    return " ".join(one.kind for one in columns.each)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("项目|原煤|焦炭/工业|1|2/农业|3|4", "label data data"),
        ("项目|工业/原煤|1/焦炭|2", "product data"),
        ("产品|流向|数量/原煤|工业|1/焦炭|农业|2", "product label data"),
        ("a|b|c/原煤|工业|1/焦炭|农业|2", "product label unknown"),  # by what the texts name
        ("a|b|c/原煤消费量|工业|1", "product label unknown"),
        ("项目|怪|备注|原煤/工业|1|文字|2", "label unknown text data"),
        ("项目|/工业|1", "label unlabelled"),
        ("项目|(万吨)/原煤|1", "product data"),  # nothing but its unit stands over the amounts
        ("项目|工业/原煤|文/焦炭|字", "product text"),  # a flow over texts is no amount
        ("项目|工业/原煤|文/焦炭|5", "product data"),  # half of its cells are not most of them
        ("项目|工业/原煤|文/焦炭|字/汽油|5", "product text"),
        # Years below the corner, two at least and nothing else.
        ("|原煤/2018|5/2019|6", "year data"),
        ("项目|原煤/2018年|5/2019年|6", "year data"),
        ("项目|原煤/2018|5/2019|6/数据来源：Wind|", "year data"),  # no wind power
        ("项目|原煤/2018|5/资料来源：统计局|", "label data"),
        ("项目|原煤/2018|5/合计|6", "label data"),
        ("x|原煤/2018|5", "unknown data"),
        # The year or the unit of the whole table in the corner, over labels.
        ("2022 (ktoe)|Coal|Oil/Industry|1|2", "label data data"),
        ("Calendar year|2020|2021/Industry|1|2/Transport|3|4", "label data data"),
        ("能源品种|Energy|2020/原煤|Raw coal|1/焦炭|Coke|2", "product product data"),
        # Units: known ones, or texts of which several rows have the same; names of units are none.
        ("指标|单位|2018|2019/原煤|万吨|1|2/焦炭|吨|3|4", "product unit data data"),
        ("a|b/万吨|1/吨|2", "unit unknown"),
        ("a|b/万吨|1/原煤|2", "product unknown"),
        ("项目|单位|原煤/工业|甲|1/工业|乙|2", "label unit data"),
        ("项目|单位名称|原煤/工业|甲|1/工业|甲|2", "label unit data"),
        ("项目|单位名称|原煤/工业|甲|1/工业|乙|2", "label text data"),
        ("单位|原煤|焦炭/万吨|1|2", "unit data data"),
        ("单位|原煤/甲厂|1/乙厂|2", "text data"),
        # Names of areas, two of them and more than half of the texts.
        ("城市|原煤/怪一|1/怪二|2", "area data"),
        ("城市|原煤/1|1/2|2", "data data"),  # 城市 over numbers is the flow of cities
        ("怪头|原煤/重庆|1/上海|2", "area data"),
        ("项目|原煤/重庆|1/上海|2/天津|3/怪|4", "area data"),
        ("项目|原煤/重庆|1/上海|2/怪|3/怪二|4", "label data"),
        ("项目|原煤/重庆|1", "label data"),
        ("项目|原煤/重庆|1/上海|2/工业|3", "label data"),
        # Fuels below their sector beside a column of scopes.
        ("部门|范围1|范围2/工业|1|2/农业|3|4", "product data data"),
        ("Sector|Scope 1|Coal/Industry|1|2", "product data data"),
        ("Sector|Scope|Coal/Industry|1|5/Transport|2|6", "label skip data"),
        # Numbers below Fuel are another fuel's amounts only beside two products, and above any code.
        ("Fuel|Coal|Natural gas/1500|1|2", "unknown data data"),
        ("Fuel|Coal|Natural gas/1000|1|2", "unknown data data"),
        ("Fuel|Coal|Natural gas/1.5|1|2", "unknown data data"),
        ("Fuel|Coal|Natural gas/5|1|2", "text data data"),
        ("Fuel|Coal|Natural gas/1500|1|2/x|3|4", "unknown data data"),
        ("Fuel|Coal/1500|1", "text data"),
        # A part of a year that the table prints as a whole.
        (
            "项目|2019年|2019年1季度|2019年上半年|2018年1月/原煤|4|1|2|3",
            "product data skip skip unknown",
        ),
        # Electricity and heat at the coal burnt for them, beside the same at their own content.
        ("项目|电力等价值|电力当量值/工业|3|1", "label skip data"),
        ("项目|热力(等价值)|热力(当量值)/工业|3|1", "label skip data"),
        ("项目|电力（等价值）|电力/工业|3|1", "label data data"),
        ("项目|原煤等价值|原煤当量值/工业|3|1", "label unknown unknown"),
    ],
)
def test_what_a_column_holds(text, expected):
    """Its header first; where that says nothing, what its cells name."""
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Product|Coal/1|5/3|6", "product data"),
        ("Product|Coal/3|5/1|6", "product data"),
        ("Product|Coal/3|5", "text data"),
    ],
)
def test_numbers_below_product_are_codes_where_the_mapping_gives_one_of_them(text, expected):
    """A code of the others is asked for its product then, and no row is passed over."""
    assert kinds(text, CODES) == expected
    assert kinds(text) == "text data"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019年1季度", 2019),
        ("2019年上半年", 2019),
        ("1-6月2019", 2019),
        ("Q1 2019", 2019),
        ("2019 Q1", 2019),
        (" January 2019 ", 2019),
        ("2019", None),
        ("2019年", None),
        ("Q1", None),
    ],
)
def test_a_heading_of_a_part_of_a_year(text, year):
    """Before the year or behind it."""
    assert part_of_year(text) == year
