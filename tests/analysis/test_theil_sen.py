"""The median slope: published value, its band by its definition, and what the band says when years are few."""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
import scipy.stats
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct import mann_kendall, theil_sen
from carbonacct.errors import PanelError


def table(values, years=None) -> pd.DataFrame:
    """Return one series as a table."""
    return pd.DataFrame({"year": range(len(values)) if years is None else years, "value": values})


def test_published_slope_and_intercept():
    """The slope and the intercept that pyMannKendall 1.4.2 publishes for its test data, 7 of 360 values missing."""
    values = pd.read_csv("tests/data/pymannkendall_series.csv", skip_blank_lines=False)["value"]
    found = theil_sen(table(values)).iloc[0]
    assert found["n"] == 353
    assert found["slope"] == pytest.approx(-0.006369426751592357, rel=1e-10)
    assert found["intercept"] == pytest.approx(96.15286624203821, rel=1e-10)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95])
def test_the_band_is_its_definition(confidence):
    """The bounds lie at the ranks (N - C) / 2 and (N + C) / 2 + 1 of the slopes in order, found here one by one."""
    values, years = (
        [4.0, 7.0, 5.0, 9.0, 8.0, 12.0, 12.0, 15.0],
        [1990, 1991, 1993, 1994, 1995, 1999, 2000, 2004],
    )
    slopes = sorted(
        (values[j] - values[i]) / (years[j] - years[i])
        for i, j in itertools.combinations(range(8), 2)
    )
    c = NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt((8 * 7 * 21 - 18) / 18)
    wanted = [np.interp(rank, range(1, 29), slopes) for rank in ((28 - c) / 2, (28 + c) / 2 + 1)]
    found = theil_sen(table(values, years), confidence=confidence).iloc[0]
    assert found[["lower", "upper"]].tolist() == pytest.approx(wanted, rel=1e-12)
    assert found["slope"] == pytest.approx(np.median(slopes), rel=1e-12)


def test_slope_and_band_beside_scipy():
    """The slope is scipy's; its bounds, which scipy takes at whole ranks, lie within one rank of ours."""
    values = np.random.default_rng(0).normal(size=(30, 20)).cumsum(axis=1)
    found = theil_sen(xr.DataArray(values, dims=("area", "year")))
    for row, one in enumerate(values):
        expected = scipy.stats.theilslopes(one, alpha=0.95)
        slopes = np.sort(
            [(one[j] - one[i]) / (j - i) for i, j in itertools.combinations(range(20), 2)]
        )
        assert found["slope"].values[row] == pytest.approx(expected.slope, rel=1e-12)
        for ours, theirs in (
            (found["lower"], expected.low_slope),
            (found["upper"], expected.high_slope),
        ):
            assert (
                abs(np.searchsorted(slopes, ours.values[row]) - np.searchsorted(slopes, theirs))
                <= 1
            )


def test_too_few_years_do_not_bound_the_slope():
    """Four years have a slope; six slopes do not hold a band of 95 %, and it is absent."""
    found = theil_sen(table([1.0, 2.0, 4.0, 3.0])).iloc[0]
    assert found["slope"] == pytest.approx(5 / 6)
    assert found[["lower", "upper"]].isna().all()


def test_a_short_series_beside_a_long_one():
    """Each has the band that it would have alone: none of four years, one of twelve."""
    rows = [("A", year, value) for year, value in enumerate([1.0, 2.0, 4.0, 3.0])]
    rows += [("B", year, 0.5 * year + year % 3) for year in range(12)]
    both = theil_sen(pd.DataFrame(rows, columns=["area", "year", "value"]), by="area").set_index(
        "area"
    )
    assert both.loc["A", ["lower", "upper"]].isna().all()
    alone = theil_sen(table([0.5 * year + year % 3 for year in range(12)])).iloc[0]
    assert (
        both.loc["B", ["slope", "lower", "upper"]].tolist()
        == alone[["slope", "lower", "upper"]].tolist()
    )
    assert alone["lower"] <= alone["slope"] <= alone["upper"]
    assert alone["lower"] < alone["upper"]


@pytest.mark.parametrize("values", [[3.0], [math.nan, math.nan, 3.0]])
def test_one_year_has_no_slope(values):
    """One number has no slope, no band and no line."""
    found = theil_sen(table(values)).iloc[0]
    assert found["n"] == 1
    assert found[["slope", "lower", "upper", "intercept"]].isna().all()


def test_two_years_have_the_slope_between_them():
    """One pair has one slope, alone and beside a series of more years; it bounds nothing."""
    rows = [("A", 2000, 3.0), ("A", 2004, 5.0), *(("B", year, 7.0) for year in (2000, 2002, 2004))]
    both = theil_sen(pd.DataFrame(rows, columns=["area", "year", "value"]), by="area").set_index(
        "area"
    )
    for found in (both.loc["A"], theil_sen(table([3.0, 5.0], [2000, 2004])).iloc[0]):
        assert found[["n", "slope", "intercept"]].tolist() == [2, 0.5, 3]
        assert found[["lower", "upper"]].isna().all()


def test_a_straight_line_is_found():
    """Of a line with gaps the slope, both bounds and the level in the first year are its own."""
    found = theil_sen(
        table(
            [3 + 0.5 * t for t in (0, 1, 2, 4, 5, 7, 8, 9)],
            [2000, 2001, 2002, 2004, 2005, 2007, 2008, 2009],
        )
    ).iloc[0]
    assert found[["slope", "lower", "upper", "intercept"]].tolist() == [0.5, 0.5, 0.5, 3]


def test_confidence_is_a_fraction():
    """A confidence of 95 is refused."""
    with pytest.raises(PanelError, match="confidence is 95, not between 0 and 1"):
        theil_sen(table([1, 2, 3]), confidence=95)


@settings(max_examples=40)
@given(st.lists(st.integers(-50, 50), min_size=3, max_size=20), st.integers(-9, 9))
def test_a_line_on_top_moves_the_slope_and_its_band(values, slope):
    """Adding a line adds its slope to the median slope and to the slopes between which the band lies."""
    one = theil_sen(table(values)).iloc[0]
    other = theil_sen(table([value + slope * year for year, value in enumerate(values)])).iloc[0]
    assert other["slope"] == pytest.approx(one["slope"] + slope, abs=1e-9)


@settings(max_examples=40)
@given(st.lists(st.floats(-50, 50), min_size=3, max_size=20))
def test_the_test_and_the_line_agree(values):
    """The slope beside the test is the slope of the line, and lies in its band where there is one."""
    line, test = theil_sen(table(values)).iloc[0], mann_kendall(table(values)).iloc[0]
    assert line["slope"] == test["slope"]
    if not math.isnan(line["lower"]):
        assert line["lower"] <= line["slope"] <= line["upper"]


def test_many_series_are_done_in_parts():
    """More slopes than are held at once give what each series gives alone."""
    values = np.random.default_rng(5).normal(size=(40, 500))
    together = theil_sen(xr.DataArray(values, dims=("area", "year")))
    for row in (0, 33, 34, 39):
        alone = theil_sen(table(values[row])).iloc[0]
        assert [
            float(together[name][row]) for name in ("slope", "lower", "upper", "intercept")
        ] == alone[["slope", "lower", "upper", "intercept"]].tolist()
