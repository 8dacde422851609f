"""Projections: what stated rates give by hand, the limits that ranges allow, and what is not assumed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct import locate_peak, project
from carbonacct.errors import PanelError


def test_compound_growth_by_hand():
    """5 % for two years, then 10 % for one; the other term falls by half: 100 * 1.05^2 * 1.1 * 0.125."""
    path = project({"gdp": 100.0, "co2/gdp": 1.0}, {"gdp": {2022: 0.05, 2023: 0.1}, "co2/gdp": {2023: -0.5}}, year=2020)
    assert path["year"].tolist() == [2020, 2021, 2022, 2023]
    assert path["gdp"].tolist() == pytest.approx([100, 105, 110.25, 121.275])
    assert path["total"].iloc[-1] == pytest.approx(121.275 / 8)
    middle = project({"gdp": 100.0}, {"gdp": {2021: (0.02, 0.06)}}, year=2020).iloc[-1]
    assert middle[["gdp", "total", "lower", "upper"]].tolist() == pytest.approx([104, 104, 102, 106])
    assert path["lower"].tolist() == path["upper"].tolist() == path["total"].tolist()


def test_the_peak_of_a_path():
    """Growth that turns into a fall peaks in the year between; one that does not has not passed its peak."""
    start = {"gdp": 100.0, "co2/gdp": 1.0}
    turned = locate_peak(project(start, {"gdp": {2030: 0.05}, "co2/gdp": {2025: -0.02, 2030: -0.06}}, year=2020))
    assert (turned.year, turned.earliest, turned.latest, turned.passed) == (2025, 2025, 2025, True)
    assert turned.level == turned.lower == turned.upper == pytest.approx(100 * (1.05 * 0.98) ** 5)
    rising = locate_peak(project(start, {"gdp": {2030: 0.05}, "co2/gdp": {2030: -0.02}}, year=2020))
    assert (rising.year, rising.passed) == (2030, False)
    falling = locate_peak(project(start, {"gdp": {2030: 0.01}, "co2/gdp": {2030: -0.02}}, year=2020))
    assert (falling.year, falling.level, falling.passed) == (2020, 100, True)


rate = st.floats(-0.1, 0.1)
spread = st.tuples(rate, rate).map(sorted).map(tuple)


@settings(max_examples=30)
@given(st.lists(spread, min_size=1, max_size=3), st.lists(spread, min_size=1, max_size=3), st.integers(0, 2**31))
def test_ranges_hold_every_path_within_them(one, other, seed):
    """Any path whose yearly rates lie in the ranges stays in the band, and its peak in the years and levels allowed."""
    rates = {"a": {2021 + k: pair for k, pair in enumerate(one)}, "b": {2021 + k: pair for k, pair in enumerate(other)}}
    last = 2020 + max(len(one), len(other))
    for held, pairs in ((rates["a"], one), (rates["b"], other)):
        held[last] = pairs[-1] if last not in held else held[last]
    path = project({"a": 3.0, "b": 2.0}, rates, year=2020)
    peak = locate_peak(path)
    random = np.random.default_rng(seed)
    yearly = [[next(pair for until, pair in sorted(rates[term].items()) if year <= until) for year in range(2021, last + 1)] for term in "ab"]
    corners = [list(itertools.chain(*pairs)) for pairs in yearly]
    for draw in range(20):
        total = [6.0]
        for place in range(last - 2020):
            steps = [low + (high - low) * (round(random.random()) if draw % 2 else random.random()) for low, high in (pairs[place] for pairs in yearly)]
            total.append(total[-1] * math.prod(1 + step for step in steps))
        assert (np.array(total) >= path["lower"] * (1 - 1e-12)).all()
        assert (np.array(total) <= path["upper"] * (1 + 1e-12)).all()
        assert peak.earliest <= 2020 + int(np.argmax(total)) <= peak.latest
        assert peak.lower * (1 - 1e-12) <= max(total) <= peak.upper * (1 + 1e-12)
    assert corners


@pytest.mark.parametrize(
    ("start", "rates", "message"),
    [
        ({}, {}, "no term to project"),
        ({"a": 1.0}, {"b": {2025: 0.1}}, "a, b: in start or in rates alone"),
        ({"a": 0.0}, {"a": {2025: 0.1}}, "a: starts at 0.0, not above zero"),
        ({"a": 1.0}, {"a": {}}, "a: its rates end in 2020"),
        ({"a": 1.0, "b": 1.0}, {"a": {2025: 0.1}, "b": {2030: 0.1}}, "a: its rates end in 2025; all must end in the same year"),
        ({"a": 1.0}, {"a": {2019: 0.1, 2025: 0.1}}, "a: a rate until 2019 covers no year after 2020"),
        ({"a": 1.0}, {"a": {2025: -1}}, "a: the rate until 2025 is -1; give a fraction"),
        ({"a": 1.0}, {"a": {2025: (0.1, 0.05)}}, "a: the rate until 2025 is .0.1, 0.05."),
        ({"a": 1.0}, {"a": {2025: math.nan}}, "a: the rate until 2025 is nan"),
    ],
)
def test_what_is_not_stated_is_not_assumed(start, rates, message):
    """A term without rates, rates that end early, empty periods and impossible rates are refused."""
    with pytest.raises(PanelError, match=message):
        project(start, rates, year=2020)


def test_nothing_but_a_table():
    """A path is a plain table: the terms multiply to the total in every year."""
    path = project({"population": 1.4, "gdp/population": 10.0, "co2/gdp": 0.7}, {"population": {2030: -0.001}, "gdp/population": {2030: (0.03, 0.05)}, "co2/gdp": {2030: -0.04}}, year=2020)
    assert isinstance(path, pd.DataFrame)
    assert path[["population", "gdp/population", "co2/gdp"]].prod(axis=1).to_numpy() == pytest.approx(path["total"].to_numpy())
