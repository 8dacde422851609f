"""The workbook that a person fills in: its rows, its units, and what a cell may hold."""

from __future__ import annotations

import pytest

from carbonacct.indices.template import asked_inputs, describe_allowed, make_template
from tests.indices.building import MIN_MAX, declare

GRADES = (
    'kind = "grades"\nsource = "s"\ngrades = [{ id = "y", zh = "是", en = "yes", score = 1.0 }, '
    '{ id = "n", zh = "否", en = "no", score = 0.0 }]'
)
POINTS = 'kind = "min-max"\nminimum = 0\nmaximum = 5\nsource = "s"'


@pytest.fixture
def index(tmp_path):
    """Return an index of a share of others, a word, points and a number."""
    return declare(
        tmp_path,
        'share|value = { op = "ratio", of = ["gva_tertiary", "gdp"] }',
        'word|unit = "grade"|rule = "g"',
        'points|unit = "points"|rule = "p"',
        'amount|unit = "t"',
        "rate",
        rules={"r": MIN_MAX, "g": GRADES, "p": POINTS},
    )


def test_a_row_for_each_area_and_year_below_ids_names_and_units(index):
    """What is computed is not asked; names and units are those of the vocabulary or the declaration."""
    book = make_template(index, areas=["甲", "乙"], years=[2019, 2020])
    rows = [[cell.value for cell in row] for row in book["data"].iter_rows()]
    ids = ["gva_tertiary", "gdp", "word", "points", "amount", "rate"]
    assert [about.id for about in asked_inputs(index)] == ids
    assert rows[0] == ["area", "year", *ids]
    assert rows[1] == [
        "名称",
        "年份",
        "第三产业增加值",
        "地区生产总值",
        "名word",
        "名points",
        "名amount",
        "名rate",
    ]
    assert [rows[2][0], *rows[2][2:]] == ["单位", "亿元", "亿元", "grade", "points", "t", "%"]
    assert [row[:2] for row in rows[3:]] == [["甲", 2019], ["甲", 2020], ["乙", 2019], ["乙", 2020]]


def test_a_cell_takes_what_the_reader_takes(index):
    """Words of a list, or numbers between bounds, from the first row of data on; a number without bounds is free."""
    sheet = make_template(index)["data"]
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    assert {place: one.type for place, one in rules.items()} == {
        "E4:E2000": "list",
        "F4:F2000": "decimal",
    }
    assert rules["E4:E2000"].formula1 == '"是,否"'
    assert (rules["F4:F2000"].formula1, rules["F4:F2000"].formula2) == ("0", "5")
    assert all(one.allow_blank for one in rules.values())


def test_what_may_stand_in_a_cell_is_said(index):
    """In both languages, with bounds where there are some; 15 % is written 15."""
    said = {name: describe_allowed(about) for name, about in index.inputs.items()}
    assert said["word"] == "是 / yes; 否 / no"
    assert said["points"] == "数 number ≥ 0 ≤ 5"
    assert said["amount"] == "数 number"
    assert said["rate"] == "数 number: 15 % is written 15"
    assert said["gdp"] == "数 number ≥ 0"


def test_each_column_is_explained(index):
    """What needs it and where the source prints that; a text that begins with = is no formula."""
    rows = [
        [cell.value for cell in row] for row in make_template(index)["explanations"].iter_rows()
    ]
    assert rows[0][0] == "column"
    held = {row[0]: row[1:] for row in rows[1:]}
    assert list(held) == [about.id for about in asked_inputs(index)]
    assert held["gdp"][5:] == ["名share (share)", "table 1"]
    assert held["rate"][5:] == ["名rate (rate)", "table 1"]
    book = make_template(index, areas=["=1+1"], years=[2020])
    assert (book["data"]["A4"].value, book["data"]["A4"].data_type) == ("=1+1", "s")
