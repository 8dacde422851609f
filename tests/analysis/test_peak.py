"""Peaks and classes: every status by its rule, the rule as data, and what is absent."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct import classify_areas, find_peak
from carbonacct.analysis.peak import load_peak_rule
from carbonacct.data import data_folder, read_rows


def find(values, first=2000, **options) -> pd.Series:
    """Return the peak of one series of consecutive years."""
    return find_peak(
        pd.DataFrame({"year": range(first, first + len(values)), "value": values}), **options
    ).iloc[0]


@pytest.mark.parametrize(
    ("values", "year", "status"),
    [
        ([90, 95, 100, 97, 95, 94, 92, 91], 2002, "peaked"),
        (
            [90, 95, 100, 99, 98, 97, 96, 95],
            2002,
            "plateau",
        ),  # five years later, but not more than 5 % below
        ([90, 95, 100, 97, 94, 92], 2002, "falling"),  # 8 % below, three years later
        ([60, 70, 80, 85, 90, 95, 100], 2006, "rising"),
        (
            [95, 95.5, 96, 96.5, 97, 97.5, 98, 98.5],
            2007,
            "rising",
        ),  # within 5 %, and a rising trend
        ([60, 99, 97, 100, 98, 99, 97, 98], 2003, "plateau"),
        (
            [97, 99, 97, 98, 99, 97, 100],
            2006,
            "plateau",
        ),  # the maximum in the last year of flat ones
        (
            [94, 100, 99, 98, 99, 98.5],
            2001,
            "falling",
        ),  # five years ago it was 6 % below: no plateau yet
        ([99, 98, 100], 2002, "rising"),  # too few years for a plateau
        ([99, 100, 98], 2001, "falling"),
        (
            [5, 9, 9, 5, 4, 4, 3, 3],
            2002,
            "peaked",
        ),  # a maximum that comes twice counts from its last year
    ],
)
def test_status_by_its_rule(values, year, status):
    """The first status whose rule fits, and the last year of the maximum."""
    found = find(values)
    assert (found["peak_year"], found["peak"], found["status"], found["reason"]) == (
        year,
        max(values),
        status,
        "",
    )
    assert found["fall"] == pytest.approx(1 - values[-1] / max(values))


def test_the_rule_is_data_with_its_source():
    """Each number of the rule ships with a source, or says that it is a choice; another rule gives another status."""
    rows = read_rows(data_folder() / "vocabulary" / "peak_rules.csv")
    assert {row["id"] for row in rows} == {
        field.name for field in dataclasses.fields(load_peak_rule())
    }
    assert all(row["source"] and row["note"] for row in rows)
    values = [90, 95, 100, 97, 94, 92]
    assert (
        find(values, rule=dataclasses.replace(load_peak_rule(), years_after=3))["status"]
        == "peaked"
    )
    assert (
        find(values, rule=dataclasses.replace(load_peak_rule(), years_after=3, plateau=0.2))[
            "status"
        ]
        == "plateau"
    )


def test_how_sure_the_fall_is():
    """Ten falling years from the maximum on: p of S = -45 with variance 125; two years have no p."""
    found = find([80, 100, 99, 97, 95, 92, 90, 88, 85, 80, 79])
    assert found["p_after"] == pytest.approx(
        math.erfc(44 / math.sqrt(125) / math.sqrt(2)), rel=1e-12
    )
    assert math.isnan(find([80, 100, 99])["p_after"])


def test_share_of_draws_that_have_peaked():
    """With draws as one more dim the mean of a status is a probability."""
    draws = np.array([[90, 100, 95, 94, 93, 92, 91], [90, 100, 99, 98, 97, 101, 102]], dtype=float)
    found = find_peak(
        xr.DataArray(draws, dims=("draw", "year"), coords={"year": range(2010, 2017)})
    )
    assert float((found["status"] == "peaked").mean("draw")) == 0.5


@pytest.mark.parametrize(
    ("values", "reason"),
    [([math.nan, math.nan], "no number"), ([-1.0, 0.0], "no number above zero")],
)
def test_no_peak_without_numbers(values, reason):
    """A series without a number above zero has no status, and says why."""
    found = find(values)
    assert (found["status"], found["reason"]) == ("", reason)
    assert math.isnan(found["fall"])


def test_years_of_an_empty_series_are_blank():
    """Beside one that has some: its peak and its last year are no years, and those of the other are whole numbers."""
    table = pd.DataFrame(
        {
            "area": ["A", "A", "B", "B"],
            "year": [2000, 2001] * 2,
            "value": [math.nan, math.nan, 3.0, 2.0],
        }
    )
    found = find_peak(table, by="area").set_index("area")
    assert found.loc["A", ["peak_year", "peak", "last_year", "fall"]].isna().all()
    assert found.loc["B", ["peak_year", "last_year"]].tolist() == [2000, 2001]
    alone = find_peak(table[table["area"] == "B"])
    assert [alone[name].dtype.kind for name in ("peak_year", "last_year")] == ["i", "i"]


def test_a_small_number_has_a_peak_as_any():
    """Half a tonne is above zero."""
    assert find([0.2, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3])["status"] == "peaked"


def test_missing_years_count_as_years():
    """Years between the maximum and the end count although some have no number."""
    found = find([90, 100, math.nan, math.nan, 92, math.nan, 91, math.nan])
    assert (found["peak_year"], found["last_year"], found["status"]) == (2001, 2006, "peaked")


@settings(max_examples=50)
@given(st.lists(st.floats(1, 1e6), min_size=1, max_size=15), st.sampled_from([0.125, 4096.0]))
def test_units_do_not_matter(values, scale):
    """Another unit scales the level and changes nothing else."""
    one, other = find(values), find([value * scale for value in values])
    assert other["peak"] == one["peak"] * scale
    assert other[["peak_year", "status", "fall"]].equals(one[["peak_year", "status", "fall"]])


# Chart 16 describes the classes in words; these are the shapes that the words describe.
SHAPES = {
    "decoupled": ([50, 52, 51, 50, 49, 48], [70, 75, 80, 86, 92, 98], 0.1),
    "decoupling": ([50, 51, 52, 53, 54, 55], [70, 75, 80, 86, 92, 98], 0.1),
    "awaiting": ([50, 54, 58, 62, 66, 70], [70, 75, 80, 86, 92, 98], 0.1),
    "energy_base": ([50, 52, 51, 50, 49, 48], [70, 75, 80, 86, 92, 98], 0.6),
}


def test_four_classes():
    """White paper of 2022, chart 16: past the peak, slower than GDP, no sign of it, energy industries."""
    table = pd.concat(
        pd.DataFrame(
            {"area": name, "year": range(2014, 2020), "co2": co2, "gdp": gdp, "share": share}
        )
        for name, (co2, gdp, share) in SHAPES.items()
    )
    found = classify_areas(table, pressure="co2", driver="gdp", by="area", energy_share="share")
    assert found["class"].tolist() == found["area"].tolist() == list(SHAPES)
    assert found[["from", "to"]].drop_duplicates().to_numpy().tolist() == [[2014, 2019]]
    without = classify_areas(table, pressure="co2", driver="gdp", by="area")
    assert without["class"].tolist() == ["decoupled", "decoupling", "awaiting", "decoupled"]


@pytest.mark.parametrize(
    ("co2", "status", "expected"),
    [
        (
            [50, 50.5, 50.2, 50.4, 50.3, 50.4],
            "plateau",
            "decoupled",
        ),  # weak decoupling on a plateau
        ([50, 50.5, 50.2, 50.4, 50.3, 50.0], "plateau", "decoupled"),  # emissions as five years ago
        ([50, 53, 55, 57, 59, 60], "rising", "awaiting"),
        (
            [50, 56, 55, 54, 53, 51],
            "falling",
            "decoupling",
        ),  # below a maximum too recent to be a peak, above the start
    ],
)
def test_a_plateau_counts_as_decoupled(co2, status, expected):
    """Emissions that hardly grow are decoupled on a plateau, and on their way before it."""
    table = pd.DataFrame({"year": range(2014, 2020), "co2": co2, "gdp": [70, 72, 74, 76, 78, 80]})
    found = classify_areas(table, pressure="co2", driver="gdp").iloc[0]
    assert (found["status"], found["class"]) == (status, expected)


def test_the_state_is_that_of_the_last_years():
    """Of a longer series the years before are not asked; an area that ends earlier has its own."""
    years = [*range(2010, 2020), *range(2012, 2019)]
    table = pd.DataFrame({"area": ["A"] * 10 + ["B"] * 7, "year": years, "co2": 50.0, "gdp": 70.0})
    table["co2"] += (table["year"] - 2010) / 100
    table["gdp"] += (table["year"] - 2010).where(table["area"] == "A", 2010 - table["year"])
    found = classify_areas(table, pressure="co2", driver="gdp", by="area").set_index("area")
    assert found[["from", "to"]].to_numpy().tolist() == [[2014, 2019], [2013, 2018]]
    assert found["elasticity"].tolist() == pytest.approx(
        [0.05 / 50.04 / (5 / 74), -(0.05 / 50.03) / (5 / 67)]
    )


def test_shrinking_economies_are_not_decoupled():
    """Unchanged emissions under a falling GDP are no decoupling."""
    table = pd.DataFrame({"year": range(2014, 2020), "co2": 50.0, "gdp": [70, 68, 66, 64, 62, 60]})
    assert classify_areas(table, pressure="co2", driver="gdp").iloc[0][
        ["state", "class"]
    ].tolist() == [
        "pressure_unchanged",
        "awaiting",
    ]


@pytest.mark.parametrize(
    ("years", "options", "reason"),
    [
        (range(2015, 2020), {}, "no co2 in 2014"),
        (range(2014, 2020), {"energy_share": "share"}, "no share in the last year"),
    ],
)
def test_no_class_without_the_numbers(years, options, reason):
    """An area without the year that its state starts from, or without its share, has no class, and says why."""
    table = pd.DataFrame({"year": years, "co2": 5.0, "gdp": 7.0, "share": math.nan})
    found = classify_areas(table, pressure="co2", driver="gdp", **options).iloc[0]
    assert (found["class"], found["reason"]) == ("", reason)


def test_classes_are_named_in_two_languages():
    """The classes carry the white paper's own names and numbers 1 to 4."""
    rows = read_rows(data_folder() / "vocabulary" / "city_classes.csv")
    assert [(row["id"], row["class"], row["name_zh"]) for row in rows] == [
        ("decoupled", "1", "已脱钩"),
        ("decoupling", "2", "在脱钩"),
        ("awaiting", "3", "待脱钩"),
        ("energy_base", "4", "能源基地"),
    ]
