"""Series spliced: the worked numbers, the laws of each technique, and what is refused."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from carbonacct.errors import PanelError
from carbonacct.projects.splicing import extrapolate, interpolate, splice_overlap, splice_surrogate

# A closed example: the previous method 2005 to 2010, the new one from 2008, a surrogate.
PREVIOUS = {2005: 100.0, 2006: 110.0, 2007: 121.0, 2008: 133.0, 2009: 150.0, 2010: 160.0}
NEW = {2008: 146.3, 2009: 162.0, 2010: 177.6}
SURROGATE = {2005: 50.0, 2006: 52.0, 2007: 57.0, 2008: 60.0, 2009: 66.0, 2010: 70.0}

numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))
positive = st.floats(1e-3, 1e9)
series = st.dictionaries(st.integers(1990, 2030), numbers, min_size=1, max_size=20)


def values(spliced):
    """Return the filled numbers by year."""
    return {one.year: one.value for one in spliced.filled}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("mean_of_ratios", {2005: 109.666667, 2006: 120.633333, 2007: 132.696667}),
        ("ratio_of_sums", {2005: 109.683973, 2006: 120.65237, 2007: 132.717607}),
    ],
)
def test_overlap_as_worked(form, expected):
    """Equation 5.1 and the ratio of sums give their two different numbers."""
    assert values(splice_overlap(NEW, PREVIOUS, form=form)) == pytest.approx(expected, rel=1e-8)


def test_surrogate_as_worked():
    """Equation 5.2 goes from the nearest printed year."""
    expected = {2005: 121.916667, 2006: 126.793333, 2007: 138.985}
    assert values(splice_surrogate(NEW, SURROGATE)) == pytest.approx(expected, rel=1e-8)


def test_interpolation_as_worked():
    """A year a third of the way has a third of the step."""
    assert values(interpolate({2005: 100, 2008: 133})) == {2006: 111.0, 2007: 122.0}


def test_extrapolation_starts_in_the_last_print():
    """The slope is that of least squares, and there is no step at the end."""
    grown = {2007: 130.65, **NEW}
    made = extrapolate(grown, [2011, 2012])
    slope = made.parameters["slope"]
    assert slope == pytest.approx((1.5 * (177.6 - 130.65) + 0.5 * (162.0 - 146.3)) / 5, rel=1e-12)
    assert values(made) == pytest.approx({2011: 177.6 + slope, 2012: 177.6 + 2 * slope}, rel=1e-12)


def test_surrogate_in_a_gap_blends_both_ends():
    """One end says 120 and the other 96: a third of the way it is 112."""
    made = splice_surrogate(
        {2010: 100.0, 2013: 80.0}, {2010: 100.0, 2011: 120.0, 2012: 120.0, 2013: 100.0}
    )
    assert values(made)[2011] == pytest.approx(112)


def test_interval_of_an_overlap():
    """Ratios .97, 1.02 and 1.10 leave 32 % either way, wider than any print."""
    made = splice_overlap(
        {2011: 97.0, 2012: 102.0, 2013: 110.0},
        {2010: 100.0, 2011: 100.0, 2012: 100.0, 2013: 100.0},
        form="mean_of_ratios",
    )
    (one,) = made.filled
    assert (one.upper - one.value) / one.value == pytest.approx(0.316, abs=5e-4)
    assert [finding.rule for finding in made.findings] == ["splice-drift"]


def test_refused_overlaps():
    """No year, one year, a zero, two signs and a sum that cancels have no ratio."""
    cases = [
        ({2011: 1.0}, {2010: 1.0}, "mean_of_ratios", "no year in common"),
        ({2011: 1.0}, {2010: 1.0, 2011: 1.0}, "mean_of_ratios", "only 2011"),
        ({2011: 1.0, 2012: 1.0}, {2011: 0.0, 2012: 1.0}, "mean_of_ratios", "is 0 in 2011"),
        ({2011: 1.0, 2012: 1.0}, {2011: -1.0, 2012: 1.0}, "mean_of_ratios", "changes its sign"),
        ({2011: 1.0, 2012: 1.0}, {2011: -40.0, 2012: 42.0}, "ratio_of_sums", "cancel"),
        ({2011: 1.0, 2012: 1.0}, {2011: 1.0, 2012: 1.0}, "mean", "no form"),
    ]
    for new, old, form, words in cases:
        with pytest.raises(PanelError, match=words):
            splice_overlap(new, old, form=form)


def test_one_year_of_overlap_states_its_uncertainty():
    """One year is allowed where somebody says so and says how sure it is."""
    (one,) = splice_overlap(
        {2011: 2.0}, {2010: 3.0, 2011: 1.0}, form="mean_of_ratios", single_year=True, percent=10
    ).filled
    assert (one.value, one.lower, one.upper) == pytest.approx((6.0, 5.4, 6.6))


def test_gaps_that_stay():
    """Six years, two signs and a notation key beside the gap are not interpolated, but said."""
    for printed, words in [
        ({2000: 1.0, 2007: 2.0}, "6 years are more than 5"),
        ({2000: 1.0, 2002: -2.0}, "two signs"),
        ({2000: 1.0, 2002: "NO", 2004: 2.0}, "notation key"),
    ]:
        made = interpolate(printed)
        assert not made.filled
        assert made.findings[0].rule == "splice-gap"
        assert words in made.findings[0].message
    assert values(interpolate({2000: 1.0, 2007: 8.0}, longest=6))[2001] == 2.0
    assert values(interpolate({2000: 1.0, 2002: -3.0}, allow_sign_change=True)) == {2001: -1.0}


def test_extrapolation_refuses_what_is_no_trend():
    """Three years, a year inside, a reach of more than half are refused; emissions stop at 0."""
    four = {2000: 40.0, 2001: 30.0, 2002: 20.0, 2003: 10.0}
    for printed, years, words in [
        (NEW, [2011], "no trend"),
        ({**four, 2005: 5.0}, [2004], "between printed years"),
        (four, [2006], "more than half"),
    ]:
        with pytest.raises(PanelError, match=words):
            extrapolate(printed, years)
    made = extrapolate({year: value - 5 for year, value in four.items()}, [2004, 2005])
    assert values(made) == {2004: 0.0, 2005: 0.0}
    assert {finding.rule for finding in made.findings} == {"splice-stopped"}


@given(series, st.booleans())
def test_a_complete_series_is_unchanged(printed, swap):
    """Where nothing is missing nothing is filled, and every printed number keeps its bits."""
    first, last = min(printed), max(printed)
    whole = {year: printed.get(year, 1.0) for year in range(first, last + 1)}
    made = interpolate(whole)
    assert made.printed == whole
    assert not made.filled
    if len(whole) > 1:
        old = dict.fromkeys(whole, 7.0 if swap else 3.0)
        made = splice_overlap(whole, old, form="mean_of_ratios")
        assert made.printed == whole
        assert not made.filled


@given(
    st.dictionaries(st.integers(1990, 2030), positive, min_size=3, max_size=20), positive, st.data()
)
def test_a_constant_ratio_is_recovered(previous, ratio, data):
    """Where the new series is the old one times a number, fills years are so, to the last bits."""
    years = sorted(previous)
    cut = data.draw(st.integers(1, len(years) - 2))
    whole = {year: previous[year] * ratio for year in years}
    for form in ("mean_of_ratios", "ratio_of_sums"):
        made = splice_overlap({year: whole[year] for year in years[cut:]}, previous, form=form)
        for one in made.filled:
            assert abs(one.value - whole[one.year]) <= 4 * math.ulp(whole[one.year])
        assert made.findings == ()


@given(series)
def test_a_straight_line_is_recovered(printed):
    """Interpolation stays between its ends, and an interval holds its number."""
    made = interpolate(printed, longest=40, allow_sign_change=True, percent=5)
    for one in made.filled:
        left, right = (printed[anchor] for anchor in one.anchors)
        slack = 1e-9 * max(abs(left), abs(right))
        assert min(left, right) - slack <= one.value <= max(left, right) + slack
        assert not one.lower > one.value
    assert len(made.printed) + len(made.filled) == max(printed) - min(printed) + 1


def test_a_line_through_all_prints_is_not_sure():
    """Printed values on one line leave no error of the technique: no interval, unless theirs is stated."""
    line = {2010: 100.0, 2011: 110.0, 2012: 120.0, 2014: 140.0}
    for made in (
        interpolate(line),
        extrapolate({**line, 2013: 130.0}, [2015]),
        splice_overlap(
            {2011: 220.0, 2012: 240.0}, {2010: 100, 2011: 110, 2012: 120}, form="mean_of_ratios"
        ),
    ):
        (one,) = made.filled
        assert math.isnan(one.lower)
        assert math.isnan(one.upper)
    (stated,) = interpolate(line, percent=5).filled
    assert (stated.lower, stated.upper) == (pytest.approx(130 - 7), pytest.approx(130 + 7))


@pytest.mark.parametrize(
    ("surrogate", "correlation"),
    [
        ({2010: 1.0, 2011: 2.0, 2012: 3.0}, 1.0),
        ({2010: 6.0, 2011: 4.0, 2012: 2.0}, -1.0),
        # Deviations -10, 0, 10 and -1, 2, -1: nothing in common.
        ({2010: 1.0, 2011: 4.0, 2012: 1.0}, 0.0),
        # -4/3, -1/3, 5/3 with -10, 0, 10: 30 over the root of 200 x 42/9.
        ({2010: 1.0, 2011: 2.0, 2012: 4.0}, 30 / math.sqrt(200 * 42 / 9)),
        ({2010: 5.0, 2011: 5.0, 2012: 5.0}, math.nan),
    ],
)
def test_a_surrogate_has_pearson_s_correlation_with_the_prints(surrogate, correlation):
    """Over the years that both have; of one that does not move there is none."""
    printed = {2010: 10.0, 2011: 20.0, 2012: 30.0}
    made = splice_surrogate(printed, surrogate | {2013: 7.0})
    assert made.parameters["correlation"] == pytest.approx(correlation, nan_ok=True, abs=1e-12)
    assert made.parameters["correlation_years"] == 3
