"""Two cells above a table that say what it is about: a word for a column, and what holds for all of it."""

from __future__ import annotations

import pytest

from carbonacct.balances.label.context import read_pair
from carbonacct.balances.words.mapping import Mapping


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
