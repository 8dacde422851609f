"""Mean, standard deviation and bounds of draws: those of numpy, whatever part of the draws is ordered or counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from carbonacct.uncertainty import statistics
from carbonacct.uncertainty.statistics import summarise_draws, summarise_tiles

LEVELS = st.sampled_from([0.5, 0.9, 0.95, 0.99])


def expected(values, level):
    """Return mean, standard deviation (n - 1) and quantiles of type 7 (Hyndman and Fan 1996), as numpy has them."""
    tails = [(1 - level) / 2, (1 + level) / 2]
    return np.stack(
        [values.mean(axis=1), values.std(axis=1, ddof=1), *np.quantile(values, tails, axis=1)]
    )


@given(arrays(float, (3, 40), elements=st.floats(-1e3, 1e3)), LEVELS)
def test_any_draws(values, level):
    """Ties, zeros, one value that is far away: the same as of all draws in order."""
    np.testing.assert_allclose(
        summarise_draws(values, level), expected(values, level), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("count", [2, 3, 100, 101, 999, 5000])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_usual_and_rare_distributions(count, level):
    """Normal, lognormal, one draw in a hundred that is not zero, and all draws the same."""
    rng = np.random.default_rng(1)
    rare = np.where(rng.random(count) < 0.01, 1e6, 0.0)
    values = np.stack(
        [rng.normal(5, 2, count), rng.lognormal(0, 2, count), rare, -rare, np.full(count, 7.0)]
    )
    np.testing.assert_allclose(
        summarise_draws(values, level), expected(values, level), rtol=1e-9, atol=1e-9
    )


@given(
    arrays(float, (2, 30), elements=st.floats(-1e3, 1e3)),
    LEVELS,
    st.integers(-3, 3),
    st.floats(-100, 100),
)
def test_scale_and_shift_move_the_bounds_with_them(values, level, power, shift):
    """Bounds of a multiple are the multiples of the bounds; the mirror exchanges them."""
    mean, sd, low, high = summarise_draws(values, level)
    scale = 2.0**power
    np.testing.assert_allclose(
        summarise_draws(values * scale + shift, level),
        [mean * scale + shift, sd * scale, low * scale + shift, high * scale + shift],
        rtol=1e-9,
        atol=1e-7,
    )
    np.testing.assert_allclose(
        summarise_draws(-values, level), [-mean, sd, -high, -low], rtol=1e-9, atol=1e-9
    )


def tiles_of(values, size=4096):
    """Return draws tile by tile."""
    return [values[:, at : at + size] for at in range(0, values.shape[1], size)]


@pytest.mark.parametrize("draws", [300, 4096, 5000])
def test_draws_that_fit_are_exact(draws):
    """Fewer than the pilot holds: the same bits as at once."""
    values = np.random.default_rng(2).lognormal(0, 1, (3, draws))
    np.testing.assert_array_equal(
        summarise_tiles(tiles_of(values), draws, 0.95), summarise_draws(values, 0.95)
    )


@pytest.mark.parametrize("level", [0.5, 0.95])
@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_draws_that_are_counted_are_right_to_a_bin(level, shift):
    """Mean and standard deviation of all draws, bounds to a small part of their own sampling error."""
    rng = np.random.default_rng(3)
    draws = 60_000
    values = (
        np.stack([rng.normal(5, 2, draws), rng.lognormal(0, 1, draws), -rng.lognormal(0, 1, draws)])
        + shift
    )
    found, exact = summarise_tiles(tiles_of(values), draws, level), expected(values, level)
    np.testing.assert_allclose(found[:2], exact[:2], rtol=1e-9)
    np.testing.assert_allclose(found[2:] - shift, exact[2:] - shift, rtol=4e-4, atol=4e-4)


def test_bounds_may_lie_beyond_the_pilot():
    """Of rare bounds the window reaches past what the first draws have: here the extremes come after them."""
    draws = 60_000
    rng = np.random.default_rng(6)
    ordered = np.sort(rng.normal(0, 1, draws))
    values = np.concatenate([rng.permutation(ordered[8:-8]), ordered[:8], ordered[-8:]])[None]
    lower, upper = summarise_tiles(tiles_of(values), draws, 0.9999)[2:, 0]
    # 0.00005 x 60,000: the third draw from each end, to a bin of 0.002 and to a draw.
    assert ordered[1] < lower < ordered[3] + 2e-3
    assert ordered[-4] - 2e-3 < upper < ordered[-2]


def test_draws_that_do_not_move_and_draws_that_are_no_numbers():
    """A sum that is certain has its value as both bounds; a draw without a number leaves none."""
    draws = 40_000
    values = np.stack([np.full(draws, 7.0), np.random.default_rng(4).normal(0, 1, draws)])
    found = summarise_tiles(tiles_of(values), draws, 0.95)
    np.testing.assert_allclose(found[:, 0], [7, 0, 7, 7], atol=1e-12)
    values[1, -1] = np.nan
    assert np.isnan(summarise_tiles(tiles_of(values), draws, 0.95)[:2, 1]).all()


def test_pilot_and_window_are_what_the_reader_is_told():
    """Bounds of a rare event after the pilot: draws beyond the window are counted and move the bound."""
    draws = 60_000
    values = np.random.default_rng(5).normal(0, 1, (1, draws))
    exact = expected(values, 0.95)
    for order in (np.sort(values, axis=1), values):
        found = summarise_tiles(tiles_of(order), draws, 0.95)
        np.testing.assert_allclose(found[:2], exact[:2], atol=1e-9)
    assert statistics.EXACT_DRAWS >= 4 * 16384  # all draws of a block are held up to here
