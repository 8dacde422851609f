"""Draws of totals: what factors and activities move, each with its share."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct import approximate, fit_percent, simulate
from carbonacct.uncertainty.total_draws import FactorDraws
from tests.uncertainty.building import cities, multiply_moments


@pytest.mark.parametrize("percent", [None, 5.0, 20.0])
def test_an_activity_adds_its_spread_to_the_factor(percent):
    """One factor of 10 % and an activity for each city: mean and spread of a product (Goodman 1960)."""
    factor, activity = fit_percent(94.6, 10), fit_percent(1.0, percent) if percent else None
    model = cities(3, activity=activity)
    parts = [(one.value, one.shape[1]) for one in (factor, activity) if one is not None]
    mean, sd = multiply_moments(*zip(*parts, strict=True))
    drawn = simulate(model, by=["area"], draws=40_000, seed=3).table
    assert drawn["sd"].values == pytest.approx(np.full(3, 100 * sd / 94.6), rel=0.02)
    assert drawn["mean"].values == pytest.approx(np.full(3, 100 * mean / 94.6), rel=2e-3)
    exact = approximate(model, by=["area"]).table
    assert exact["sd"].values == pytest.approx(np.full(3, 100 * sd / 94.6), rel=1e-6)


@pytest.mark.parametrize("sampler", ["random", "latin", "antithetic", "sobol"])
def test_a_tile_is_the_same_whenever_it_is_asked_for(sampler):
    """Kept or made again: the same digits; the last tile holds what is left."""
    model = cities(2, shared=False)
    kept, again = (FactorDraws(model, 5000, 7, sampler) for _ in range(2))
    assert kept.keep
    again.keep = False
    sizes = []
    for tile in range(kept.tiles):
        first = kept.tile(tile)
        assert kept.tile(tile) is first
        for one, other in zip(first, again.tile(tile), strict=True):
            np.testing.assert_array_equal(one, other)
        sizes.append(first[0].shape[1])
    assert not again.held
    assert sum(sizes) == 5000
