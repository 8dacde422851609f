"""Two cells above a table that say what it is about: a word for a column, and what holds for all of it."""

from __future__ import annotations

import pytest

from carbonacct.balances.label.context import read_pair
from carbonacct.balances.sheet_stages import read_page
from carbonacct.balances.words.mapping import Mapping
from carbonacct.sheets.raw_sheets import Sheet


@pytest.mark.parametrize(
    ("row", "kind", "value"),
    [
        (["TIME", "", "2019"], "year", "2019"),
        (["Year", 2019.0], "year", "2019"),
        (["Product", "Natural gas"], "product", "natural_gas"),
        (["Sector", "Industry"], "label", "industry"),
        (["", "Unit", "TJ", ""], "unit", "TJ"),
        (["Region", "Beijing"], "area", "Beijing"),
    ],
)
def test_a_word_for_a_column_and_what_it_is(row, kind, value):
    """Blank cells beside them are nothing."""
    assert read_pair(row, Mapping()) == (kind, value)


@pytest.mark.parametrize(
    "row",
    [
        ["Item", "Coal", "Oil"],  # three cells
        ["Product"],
        ["Industry", "5"],  # no word for a column
        ["Product", "Industry"],  # of another dim than the word says
        ["Sector", "Natural gas"],
        ["Unit", "Beijing"],
        ["Region", "GJ"],
        ["Year", "TJ"],
        ["Product", 5.0],
        [2019.0, "Year"],
    ],
)
def test_two_cells_that_say_nothing_of_the_table(row):
    """What follows must be one of what the word is for."""
    assert read_pair(row, Mapping()) is None


TRANSFORMED = "重庆加工转换投入 2019 / 项目|原煤(万吨) / 火力发电|1 / 供热|2"


@pytest.mark.parametrize(
    ("title", "direction"),
    [
        # A continued page goes on with what goes in; it may say that what comes out stands there.
        ("续表", "input"),
        ("续表 产出", "output"),
        ("续表 投入", "input"),
    ],
)
def test_a_continued_page_goes_on_with_the_direction_of_its_table(title, direction):
    """Area and year as well; plants are then of what they take in or put out."""
    first = read_page(Sheet("a.csv", "", [line.split("|") for line in TRANSFORMED.split(" / ")]))
    rows = [[title], ["项目", "焦炭(万吨)"], ["火力发电", "1"], ["供热", "2"]]
    page = read_page(Sheet("b.csv", "", rows), before=first)
    assert not page.stops
    (block,) = page.blocks
    assert (block.title.area, block.title.year, block.title.direction) == ("重庆", 2019, direction)
    flows = [block.form.flow.labels[code] for code in block.form.flow.codes[:, 0]]
    assert flows == [f"thermal_power.{direction}", f"heating.{direction}"]
