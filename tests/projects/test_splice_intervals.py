"""How sure filled years are, by closed forms, and the laws of filling: scale, unit, time and mirror."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from carbonacct.errors import PanelError
from carbonacct.projects.filled_series import FilledYear, Spliced, read_printed
from carbonacct.projects.splicing import extrapolate, interpolate, splice_overlap, splice_surrogate

PRINTED = {2010: 100.0, 2011: 118.0, 2013: 141.0, 2014: 149.0, 2017: 190.0}
SURROGATE = {
    2009: 40.0,
    2010: 50.0,
    2011: 60.0,
    2012: 66.0,
    2013: 70.0,
    2014: 77.0,
    2017: 91.0,
    2018: 99.0,
}
PREVIOUS = {2007: 60.0, 2008: 70.0, 2010: 90.0, 2011: 110.0, 2013: 130.0, 2014: 133.0}


def halves(spliced):
    """Return the half widths by year; an interval is around its number."""
    found = {one.year: one.upper - one.value for one in spliced.filled}
    assert all(one.value - one.lower == pytest.approx(found[one.year]) for one in spliced.filled)
    return found


def student(freedom):
    """Return Student's t of 95 %."""
    return stats.t.ppf(0.975, freedom)


@pytest.mark.parametrize("percent", [0.0, 5.0])
@pytest.mark.parametrize("years", [[2018, 2019], [2008, 2009], [2009, 2018]])
def test_an_extrapolated_year_has_the_prediction_interval_of_the_regression(percent, years):
    """t(n - 2) s sqrt(1 + 1/n + (x - mean)^2 / Sxx), joined with that of the prints, from the print at the end."""
    x, y = (np.array(list(part), float) for part in (PRINTED, PRINTED.values()))
    line = stats.linregress(x, y)
    rest = y - line.intercept - line.slope * x
    spread = student(3) * math.sqrt((rest @ rest) / 3)
    made = extrapolate(PRINTED, years, percent=percent)
    assert made.parameters["slope"] == pytest.approx(line.slope)
    for one in made.filled:
        end = 2010 if one.year < 2010 else 2017
        value = PRINTED[end] + line.slope * (one.year - end)
        wide = spread * math.sqrt(
            1 + 1 / 5 + (one.year - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
        )
        assert (one.value, one.anchors) == (pytest.approx(value), (end,))
        assert halves(made)[one.year] == pytest.approx(math.hypot(wide, value * percent / 100))


@pytest.mark.parametrize("percent", [0.0, 5.0])
def test_an_interpolated_year_has_the_errors_of_inner_years_left_out(percent):
    """Each of three inner prints is estimated between its neighbours; of the prints the larger anchor counts."""
    errors = [
        118.0 - (100.0 + 41.0 / 3),
        141.0 - (118.0 + 31.0 * 2 / 3),
        149.0 - (141.0 + 49.0 / 4),
    ]
    technique = student(3) * math.sqrt(sum(error**2 for error in errors) / 3)
    made = interpolate(PRINTED, percent=percent)
    own = {2012: 141.0, 2015: 190.0, 2016: 190.0}
    expected = {year: math.hypot(technique, print_ * percent / 100) for year, print_ in own.items()}
    assert halves(made) == pytest.approx(expected)
    assert [one.anchors for one in made.filled] == [(2011, 2013), (2014, 2017), (2014, 2017)]


def test_a_year_by_a_surrogate_has_the_errors_of_all_years_left_out():
    """The first and last year, with one neighbour, count too; correlation and its years stand beside it."""
    made = splice_surrogate(PRINTED, SURROGATE)
    years = list(PRINTED)

    def estimate(year, left, right):
        near = [PRINTED[one] * SURROGATE[year] / SURROGATE[one] for one in (left, right)]
        return near[0] + (near[1] - near[0]) * (year - left) / (right - left)

    errors = [PRINTED[2010] - PRINTED[2011] * 50 / 60, PRINTED[2017] - PRINTED[2014] * 91 / 77]
    errors += [
        PRINTED[year] - estimate(year, years[n], years[n + 2]) for n, year in enumerate(years[1:-1])
    ]
    width = student(5) * math.sqrt(sum(error**2 for error in errors) / 5)
    assert halves(made) == pytest.approx(dict.fromkeys([2009, 2012, 2018], width))
    assert made.filled[1].value == pytest.approx(estimate(2012, 2011, 2013))
    both = np.array([[PRINTED[year], SURROGATE[year]] for year in years]).T
    assert made.parameters == {
        "correlation": pytest.approx(np.corrcoef(both)[0, 1]),
        "correlation_years": 5.0,
    }


@pytest.mark.parametrize("form", ["mean_of_ratios", "ratio_of_sums"])
@pytest.mark.parametrize("percent", [0.0, 5.0])
def test_a_year_by_an_overlap_has_the_interval_of_one_more_ratio(form, percent):
    """t(n - 1) s sqrt(1 + 1/n) around the ratio of its form, joined with that of the prints."""
    years = [2010, 2011, 2013, 2014]
    ratios = np.array([PRINTED[year] / PREVIOUS[year] for year in years])
    sums = [sum(held[year] for year in years) for held in (PRINTED, PREVIOUS)]
    ratio = {"mean_of_ratios": ratios.mean(), "ratio_of_sums": sums[0] / sums[1]}[form]
    spread = student(3) * math.sqrt(((ratios - ratio) ** 2).sum() / 3) * math.sqrt(1 + 1 / 4)
    made = splice_overlap(PRINTED, PREVIOUS, form=form, percent=percent)
    assert made.parameters == {"ratio": pytest.approx(ratio), "overlap_years": 4.0}
    for year, half in halves(made).items():
        own = PREVIOUS[year] * ratio * percent / 100
        assert half == pytest.approx(math.hypot(PREVIOUS[year] * spread, own))
    assert [one.year for one in made.filled] == [2007, 2008]


def fill(technique, held, beside, year):
    """Return a series filled by a technique, with what it needs."""
    match technique:
        case "overlap":
            return splice_overlap(held, PREVIOUS | beside, form="ratio_of_sums")
        case "surrogate":
            return splice_surrogate(held, beside)
        case "interpolation":
            return interpolate(held)
    return extrapolate(held, [year])


TECHNIQUES = ["surrogate", "interpolation", "extrapolation", "overlap"]
series = st.lists(st.floats(1.0, 1e4), min_size=5, max_size=5)


@given(st.sampled_from(TECHNIQUES), series, st.floats(1e-3, 1e3))
def test_filled_years_are_in_the_unit_of_what_is_printed(technique, numbers, scale):
    """Prints in another unit give the same years in that unit, and intervals with them."""
    held = dict(zip(PRINTED, numbers, strict=True))
    beside = {year: SURROGATE.get(year, 80.0) for year in range(2007, 2020)}
    plain = fill(technique, held, beside, 2018)
    scaled = fill(technique, {year: scale * value for year, value in held.items()}, beside, 2018)
    largest = scale * max(numbers)
    for one, other in zip(plain.filled, scaled.filled, strict=True):
        for name in ("value", "lower", "upper"):
            expected = pytest.approx(
                scale * getattr(one, name), rel=1e-9, abs=1e-7 * largest, nan_ok=True
            )
            assert getattr(other, name) == expected


@given(st.sampled_from(TECHNIQUES[:3]), series, st.floats(1e-3, 1e3))
def test_time_runs_both_ways_and_a_surrogate_has_any_unit(technique, numbers, scale):
    """The mirror of a series is filled by the mirror of its years."""
    held = dict(zip(PRINTED, numbers, strict=True))
    beside = {year: SURROGATE.get(year, 80.0) for year in range(2007, 2020)}
    turned = {4000 - year: value for year, value in held.items()}
    other = {4000 - year: scale * value for year, value in beside.items()}
    plain = fill(technique, held, beside, 2018)
    mirrored = fill(technique, turned, other, 4000 - 2018)
    assert {4000 - one.year: one.value for one in mirrored.filled} == pytest.approx(
        {one.year: one.value for one in plain.filled}, rel=1e-6, abs=1e-6 * max(numbers)
    )


@pytest.mark.parametrize(
    ("ratios", "is_said"),
    [
        ([1.0, 1.02, 1.06], True),
        ([1.06, 1.02, 1.0], True),
        ([1.0, 1.02, 1.04], False),  # within a twentieth
        ([1.0, 1.08, 1.06], False),  # it turns
        ([1.0, 1.06, 1.06], False),
        ([1.0, 1.2], False),  # two are no run
    ],
)
def test_a_ratio_that_goes_one_way_is_no_relation(ratios, is_said):
    """By more than a twentieth over at least three years."""
    old = dict.fromkeys(range(2009, 2010 + len(ratios)), 100.0)
    new = {2010 + n: 100.0 * ratio for n, ratio in enumerate(ratios)}
    made = splice_overlap(new, old, form="mean_of_ratios")
    assert [one.rule for one in made.findings] == ["splice-drift"] * is_said


@pytest.mark.parametrize(
    ("length", "longest", "is_filled"), [(5, 5, True), (6, 5, False), (6, 6, True)]
)
def test_a_gap_is_filled_up_to_its_longest(length, longest, is_filled):
    """A longer one stays, and is said with its years."""
    made = interpolate({2000: 1.0, 2001 + length: 8.0}, longest=longest)
    assert len(made.filled) == length * is_filled
    said = [f"2001-{2000 + length} stays empty: {length} years are more than {longest}"]
    assert [one.message for one in made.findings] == said * (not is_filled)


def test_a_trend_reaches_half_as_far_as_its_prints():
    """Four prints reach two years at either end, not three; fewer than four are no trend."""
    held = {2010: 1.0, 2011: 2.5, 2012: 3.0, 2013: 4.0}
    assert [one.year for one in extrapolate(held, [2008, 2015, 2012]).filled] == [2008, 2015]
    for year in (2007, 2016):
        with pytest.raises(
            PanelError, match="3 years beyond the printed ones are more than half of the 4"
        ):
            extrapolate(held, [year])
    assert extrapolate(held, []).filled == ()


def test_a_series_stops_at_zero_unless_it_is_below_already():
    """And says so; one of removals goes on."""
    falling = {2010: 3.0, 2011: 2.1, 2012: 1.0, 2013: 0.0}
    made = extrapolate(falling, [2014])
    assert [one.value for one in made.filled] == [0.0]
    assert [one.message for one in made.findings] == [
        "2014: the trend falls below zero, and the series stops there"
    ]
    removals = extrapolate({year: value - 1 for year, value in falling.items()}, [2014])
    assert removals.filled[0].value < -1.9
    assert removals.findings == ()


def test_a_series_as_a_table():
    """Prints, notation keys and filled years in order, each with what it is."""
    made = Spliced(
        {2010: 1.0, 2012: "NO"}, (FilledYear(2011, 2.0, (2010,), 1.5, 2.5),), "extrapolation", {}
    )
    frame = made.to_frame()
    assert frame["year"].tolist() == [2010, 2011, 2012]
    assert frame["status"].tolist() == ["printed", "filled", "key"]
    assert frame["technique"].tolist() == ["", "extrapolation", ""]
    assert frame["anchors"].tolist() == ["", "2010", ""]
    assert frame[["lower", "upper"]].to_numpy()[1].tolist() == [1.5, 2.5]
    assert frame["lower"].isna().tolist() == [True, False, True]


def test_prints_are_numbers_and_keys_in_order():
    """What is blank is left out; what is no finite number is refused with its year."""
    given_ = {2012: "NE", 2010: 3, 2011: None, 2013: float("nan"), 2014: ""}
    assert list(read_printed(given_).items()) == [(2010, 3.0), (2012, "NE")]
    with pytest.raises(PanelError, match="2010: inf is no number"):
        read_printed({2010: float("inf")})
