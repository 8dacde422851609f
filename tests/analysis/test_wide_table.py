"""Years as columns: read where the shape leaves no choice, refused with the reason where it does."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from carbonacct.analysis.wide_table import melt_years
from carbonacct.errors import PanelError

# Years and areas out of order, a series that lacks a thing, and a number that lacks.
WIDE = pd.DataFrame(
    {
        "area": ["B", "A", "B"],
        "2016年": [2.0, 4.0, 11.0],
        "item": ["co2", "co2", "gdp"],
        "2015": [1.0, None, 10.0],
        "note": ["x", "y", "z"],
    }
)
LONG = pd.DataFrame(
    {
        "area": ["B", "B", "A", "A"],
        "year": [2015, 2016] * 2,
        "co2": [1.0, 2.0, np.nan, 4.0],
        "gdp": [10.0, 11.0, np.nan, np.nan],
    }
)


def melt(table=WIDE, names=("co2", "gdp"), labels=("area",), **options):
    """Return the long table of a wide one."""
    return melt_years(table, names, labels=labels, **options)[0].reset_index(drop=True)


def test_one_row_a_year_of_what_a_column_names():
    """Each thing is a column, each label and year a row; years are in order and a finding says what was read."""
    assert_frame_equal(melt(), LONG, check_dtype=False)
    (finding,) = melt_years(WIDE, ["co2"], labels=["area"])[1]
    assert (finding.rule, finding.severity) == ("wide-panel", "info")
    assert finding.message == (
        "the years 2015 to 2016 stand as columns; read as one row per area year, with the columns co2, gdp"
    )


def test_labels_tell_series_apart():
    """The column of things is no label, named or not; without labels there is one series."""
    assert_frame_equal(melt(labels=("area", "item")), melt())
    one = melt(WIDE.iloc[[0, 2]], labels=())
    assert one.to_dict("list") == {"year": [2015, 2016], "co2": [1.0, 2.0], "gdp": [10.0, 11.0]}


def test_one_thing_needs_no_column_of_things():
    """Where every other column is a label the numbers are what is asked for."""
    table = WIDE.loc[[0, 1], ["area", "2016年", "2015"]]
    assert_frame_equal(melt(table, ["co2"]), LONG[["area", "year", "co2"]], check_dtype=False)


@pytest.mark.parametrize("lone", [True, False])
def test_a_column_of_each_thing_and_year(lone):
    """A year that one thing lacks is absent there; other columns are kept."""
    table = pd.DataFrame(
        {
            "area": ["A", "B"],
            "co2_2015": [1.0, 2.0],
            "co2 2016年": [3.0, 4.0],
            "gdp-2015": [5.0, 6.0],
        }
    )
    table = table if lone else table.assign(gdp2017=[7.0, 8.0])
    if lone:  # gdp of one year may be the name of a column
        assert_frame_equal(melt(table), table)
        return
    found = melt(table)
    assert found["year"].tolist() == [2015, 2016, 2017] * 2
    assert found["area"].tolist() == [*"AAABBB"]
    assert found["co2"].fillna(-1).tolist() == [1, 3, -1, 2, 4, -1]
    assert found["gdp"].fillna(-1).tolist() == [5, -1, 7, 6, -1, 8]


@pytest.mark.parametrize(
    ("table", "names", "over"),
    [
        (WIDE.assign(year=1), ["co2"], "year"),
        (WIDE.assign(jahr=1), ["co2"], "jahr"),
        (WIDE, [], "year"),
        (WIDE[["area", "2015", "item"]], ["co2"], "year"),  # one year is no row of years
    ],
)
def test_another_table_stays_as_it_is(table, names, over):
    """A table that is long already, or has no years as columns, is given back without a word."""
    found, findings = melt_years(table, names, labels=["area"], over=over)
    assert found is table
    assert findings == []


NOT_CLEAR = "the years 2015, 2016年 ... are columns, and it is not clear which numbers are"


@pytest.mark.parametrize(
    ("table", "names", "labels", "words"),
    [
        (
            WIDE.assign(**{"2015年": 0.0}),
            ["co2"],
            ["area"],
            "columns '2015' and '2015年' are one year; leave one out",
        ),
        (WIDE, ["co2", "tax"], ["area"], f"{NOT_CLEAR} co2, tax"),
        (WIDE.assign(kind=WIDE["item"]), ["co2"], ["area"], f"{NOT_CLEAR} co2"),
        (
            WIDE.drop(columns="item"),
            ["co2"],
            ["area"],
            f"{NOT_CLEAR} co2",
        ),  # a note may say what a row counts
        (WIDE.drop(columns=["item", "note"]), ["co2", "gdp"], ["area"], f"{NOT_CLEAR} co2, gdp"),
        (WIDE.assign(area=["B", None, "B"]), ["co2"], ["area"], "row 1: has no area or item"),
        (WIDE.assign(item="co2"), ["co2"], ["area"], "row 2: B co2 is there twice"),
        (WIDE.assign(item="co2"), ["co2"], [], "row 1: co2 is there twice"),
    ],
)
def test_what_is_not_clear_is_refused(table, names, labels, words):
    """One year twice, numbers of an unknown thing, a row about nothing, a series twice: each with what to do."""
    with pytest.raises(PanelError) as raised:
        melt_years(table, names, labels=labels)
    assert words in str(raised.value)


def test_nothing_is_filled_in():
    """Where a series lacks a thing there is no number."""
    assert math.isnan(melt()["gdp"].iloc[2])
