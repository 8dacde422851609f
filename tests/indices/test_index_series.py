"""Trends and decoupling as an index asks for them: of each area, up to each year."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from carbonacct.indices.index_series import find_states, rate_trend

YEARS = np.arange(2015, 2021)


def find_z(series):
    """Return z of a series by its definition: S less its sign over the root of its variance with ties.

    Gilbert, Statistical Methods for Environmental Pollution Monitoring (1987), equations 16.2 to 16.5.
    """
    held = series[~np.isnan(series)]
    n = len(held)
    s = sum(np.sign(held[j] - held[i]) for i in range(n) for j in range(i + 1, n))
    ties = np.unique(held, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    return (s - np.sign(s)) / np.sqrt(variance) if variance > 0 else 0.0


@settings(max_examples=4, deadline=None)
@given(npst.arrays(np.float64, (2, 6), elements=st.integers(0, 5).map(float)))
def test_a_year_is_tested_with_those_before_it(amounts):
    """Three years are the fewest; what comes later changes nothing."""
    found = rate_trend(amounts, YEARS)
    assert np.isnan(found[:, :2]).all()
    for area in range(2):
        for last in range(2, 6):
            assert found[area, last] == pytest.approx(find_z(amounts[area, : last + 1]))
    np.testing.assert_array_equal(rate_trend(amounts[:, :4], YEARS[:4]), found[:, :4])
    np.testing.assert_array_equal(rate_trend(amounts[::-1], YEARS), found[::-1])


def test_a_year_without_an_amount_has_no_trend():
    """Though those before it have one, and the next is tested without it."""
    found = rate_trend(np.array([[5.0, 4.0, 3.0, np.nan, 2.0, 1.0]]), YEARS)[0]
    assert np.isnan(found).tolist() == [True, True, False, True, False, False]
    assert found[4] == pytest.approx(find_z(np.array([5.0, 4.0, 3.0, 2.0])))


@pytest.mark.parametrize(
    ("before", "after", "elasticity", "state"),
    [
        # Tapio, Transport Policy 12 (2005), figure 1: (pressure, driver) before and after.
        ((100, 100), (104, 110), 0.4, "weak_decoupling"),
        ((100, 100), (99, 110), -0.1, "strong_decoupling"),
        ((100, 100), (110, 110), 1.0, "expansive_coupling"),
        ((100, 100), (130, 110), 3.0, "expansive_negative_decoupling"),
        ((100, 100), (110, 90), -1.0, "strong_negative_decoupling"),
        ((100, 100), (96, 90), 0.4, "weak_negative_decoupling"),
        ((100, 100), (90, 90), 1.0, "recessive_coupling"),
        ((100, 100), (70, 90), 3.0, "recessive_decoupling"),
        # A driver that does not change, nothing to begin with, or nothing at all.
        ((100, 100), (110, 100), np.nan, "driver_unchanged"),
        ((0, 100), (110, 110), np.nan, ""),
        ((100, 0), (110, 110), np.nan, ""),
        ((-5, 100), (110, 110), np.nan, ""),
        ((100, 100), (np.nan, 110), np.nan, ""),
    ],
)
def test_states_between_two_times(before, after, elasticity, state):
    """The change of the pressure over that of the driver."""
    values = [np.array([float(one)]) for one in (*before, *after)]
    found, states = find_states(*values)
    assert found.item() == pytest.approx(elasticity, nan_ok=True)
    assert states.item() == state
