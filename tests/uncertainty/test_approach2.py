"""Approach 2: Monte Carlo against closed forms, against Approach 1, and against itself."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import DrawInput
from carbonacct.errors import UncertaintyError
from carbonacct.uncertainty import approach2
from carbonacct.uncertainty.distributions import (
    Uncertainty,
    compute_mean,
    compute_sd,
    dirichlet_parts,
)
from carbonacct.uncertainty.moments import compute_totals, match_lognormal
from carbonacct.uncertainty.sampling import SAMPLERS
from carbonacct.uncertainty.uncertain_totals import sum_cells
from tests.uncertainty.building import cities, grid, multiply_moments

ALL = ["area", "year", "product"]


def standard_error(sd, draws):
    """Return standard errors of a mean, a standard deviation and a 95 % bound.

    The last two are those of a normal distribution.
    """
    return sd / math.sqrt(draws), sd / math.sqrt(2 * draws), 2.67 * sd / math.sqrt(draws)


def test_small_normal_inputs_give_approach_1():
    """Approach 2 is Approach 1 for small normal inputs: 5 categories, 100,000 draws, within 4 standard errors."""
    rows = pd.DataFrame(
        {
            "category": list("abcde"),
            "gas": "CO2",
            "base": np.nan,
            "latest": [10.0, 40.0, 25.0, 5.0, 20.0],
            "activity_uncertainty": [1.0, 2.0, 0.5, 3.0, 1.0],
            "factor_uncertainty": [2.0, 1.0, 1.5, 2.0, 3.0],
        }
    )
    first = ca.propagate_errors(rows).level_uncertainty
    inputs = [
        DrawInput(
            row.category,
            "emission_factor",
            row.category,
            ca.fit_percent(1.0, row.factor_uncertainty),
        )
        for row in rows.itertuples()
    ]
    model = ca.build_model(
        pd.DataFrame({"category": rows["category"], "value": rows["latest"]}),
        inputs,
        np.arange(5)[:, None],
        activity=[ca.fit_percent(1.0, percent) for percent in rows["activity_uncertainty"]],
        activity_of=np.arange(5),
    )
    found = ca.simulate(model, by=[], draws=100_000, seed=1).table
    half = (found["upper"] - found["lower"]).item() / 2
    error = 1.363 / math.sqrt(100_000) * first / math.sqrt(2)
    assert abs(100 * half / 100 - first) < 4 * error
    assert (
        abs(100 * 1.959964 * ca.approximate(model, by=[]).table["sd"].item() / 100 - first)
        < 1e-3 * first
    )


def test_product_of_lognormals_has_the_closed_distribution():
    """A cell of three lognormal inputs is lognormal with the sum of variances: drawn, by moments, matched."""
    inputs = [
        DrawInput(name, "x", name, ca.fit_cv(value, cv, kind="lognormal"))
        for name, value, cv in (("ncv", 20.0, 0.1), ("carbon", 26.0, 0.2), ("oxidation", 0.9, 0.05))
    ]
    model = ca.build_model(
        pd.DataFrame({"area": ["A"], "value": [1000.0]}), inputs, np.array([[0, 1, 2]])
    )
    variance = sum(math.log1p(cv**2) for cv in (0.1, 0.2, 0.05))
    exact = [
        1000 * math.exp(-variance / 2 + sign * 1.959963984540054 * math.sqrt(variance))
        for sign in (-1, 1)
    ]
    closed = ca.approximate(model, by=["area"]).table
    assert closed["mean"].item() == pytest.approx(1000, rel=1e-12)
    assert closed["sd"].item() == pytest.approx(1000 * math.sqrt(math.expm1(variance)), rel=1e-12)
    assert [closed[name].item() for name in ("lower", "upper")] == pytest.approx(exact, rel=1e-12)
    drawn = ca.simulate(model, by=["area"], draws=65536, seed=3).table
    errors = standard_error(closed["sd"].item(), 65536)
    for name, error in zip(
        ("mean", "sd", "lower", "upper"), (*errors[:2], errors[2], 1.6 * errors[2]), strict=True
    ):
        assert abs(drawn[name].item() - closed[name].item()) < 4 * error, name
    means, sds = [20.0, 26.0, 0.9], [2.0, 5.2, 0.045]
    assert multiply_moments(means, sds)[1] / (20 * 26 * 0.9) == pytest.approx(
        math.sqrt(math.expm1(variance)), rel=1e-12
    )


def test_a_shared_factor_makes_the_variance_of_300_cities_300_times_larger():
    """300 equal cities with one factor have 300 times the variance of 300 cities with a factor each, exactly."""
    shared, apart = (
        ca.approximate(cities(300, shared=one), by=[]).table["sd"].item() ** 2
        for one in (True, False)
    )
    assert shared / apart == pytest.approx(300, rel=1e-12)


def test_a_shared_factor_is_drawn_once():
    """Drawn as well: in each draw the total is 300 x one city; the ratio is 300 within its error."""
    shared = ca.simulate(cities(300), by=[], draws=20_000, seed=2).table
    one = ca.simulate(cities(1), by=[], draws=20_000, seed=2).table
    for name in ("mean", "sd", "lower", "upper"):
        assert shared[name].item() == pytest.approx(300 * one[name].item(), rel=1e-12)
    apart = ca.simulate(cities(300, shared=False), by=[], draws=20_000, seed=2).table
    ratio = (shared["sd"].item() / apart["sd"].item()) ** 2
    assert abs(ratio - 300) < 4 * 300 * math.sqrt(4 / (2 * 20_000))


def test_analytic_sum_of_activities_is_exact_in_distribution():
    """Activities summed analytically, and the same activities drawn one by one, give the same distribution."""
    summed = grid()
    index = np.arange(len(summed.value))
    cells = pd.DataFrame(
        {dim: summed.labels[dim][summed.codes[dim]] for dim in ALL} | {"value": summed.value}
    )
    products = summed.codes["product"]
    factors = [
        DrawInput(f"{name} {i}", name, "x", ca.fit_percent(20.0, 8))
        for name in ("ncv", "carbon")
        for i in range(3)
    ]
    # A triangle is never summed; a beta-free stand-in for the normal: the same normal under a name of its own.
    own = [DrawInput(f"own {i}", "activity", "x", ca.fit_percent(1.0, 5)) for i in index]
    drawn = ca.build_model(
        cells, [*factors, *own], np.stack([products, products + 3, 6 + index], axis=1)
    )
    by = ["area"]
    np.testing.assert_allclose(
        compute_totals(summed, sum_cells(summed, by))[1],
        compute_totals(drawn, sum_cells(drawn, by))[1],
        rtol=1e-12,
    )
    one, other = (
        ca.simulate(model, by=by, draws=60_000, seed=4).table for model in (summed, drawn)
    )
    for name, scale in (("mean", 1.0), ("sd", 0.71), ("lower", 2.67), ("upper", 2.67)):
        error = scale * one["sd"] / math.sqrt(60_000) * math.sqrt(2)
        assert (abs(one[name] - other[name]) < 4 * error).all(), name


def test_cells_alike_are_drawn_once_and_cells_unlike_are_not():
    """Cells of one factor row with activities of 2 % and 20 %, some negative, some 0.

    Each has its own closed deviation, and equal cells have equal bits.
    """
    cells = pd.DataFrame(
        {
            "area": [f"{i:02d}" for i in range(12)],
            "value": [10.0, 10, 20, 20, 40, 40, -10, -10, 0, 0, 10, 10],
        }
    )
    model = ca.build_model(
        cells,
        [DrawInput("ef", "x", "coal", ca.fit_percent(1.0, 3))],
        np.zeros((12, 1), int),
        activity=[ca.fit_percent(1.0, 2), ca.fit_percent(1.0, 20)],
        activity_of=np.arange(12) % 2,
    )
    closed, drawn = (
        ca.approximate(model, by=["area"]).table,
        ca.simulate(model, by=["area"], draws=65536, sampler="latin").table,
    )
    np.testing.assert_allclose(drawn["sd"], closed["sd"], rtol=4 / math.sqrt(2 * 65536))
    np.testing.assert_array_equal(drawn["sd"][[2, 3]], 2 * drawn["sd"][[0, 1]])
    np.testing.assert_array_equal(drawn["lower"][[0, 1]], drawn["lower"][[10, 11]])
    np.testing.assert_array_equal(drawn["lower"][[6, 7]], -drawn["upper"][[0, 1]])
    np.testing.assert_array_equal(drawn["upper"][[8, 9]], [0, 0])


def test_activities_alone():
    """With exact factors the total of independent activities has the root of the sum of squares."""
    cells = pd.DataFrame({"area": "A", "flow": list("abc"), "value": [10.0, 20, 40]})
    model = ca.build_model(
        cells,
        [],
        np.empty((3, 0), int),
        activity=[ca.fit_cv(1.0, 0.05)],
        activity_of=np.zeros(3, int),
    )
    expected = 0.05 * math.sqrt(100 + 400 + 1600)
    drawn = ca.simulate(model, by=["area"], draws=65536, sampler="latin").table
    assert drawn["sd"].item() == pytest.approx(expected, rel=0.005)
    assert drawn["upper"].item() == pytest.approx(70 + 1.959964 * expected, rel=0.001)
    through = ca.propagate(model, lambda total: total, by=["area"], draws=65536).table
    assert through["sd"].item() == pytest.approx(expected, rel=4 / math.sqrt(2 * 65536))


def test_uneven_activities_are_drawn_cell_by_cell():
    """An activity that is no normal is drawn for each cell; the closed moments agree with the draws."""
    model = cities(3, activity=ca.fit_bounds(1.0, 0.7, 1.8))
    assert [one.parameter for one in model.inputs] == [
        "activity",
        "activity",
        "activity",
        "emission_factor",
    ]
    closed, drawn = ca.approximate(model).table, ca.simulate(model, draws=40_000).table
    uneven, factor = model.inputs[0].uncertainty, model.inputs[3].uncertainty
    expected = multiply_moments(
        [compute_mean(uneven), 94.6], [compute_sd(uneven), compute_sd(factor)]
    )
    np.testing.assert_allclose(closed["mean"], 100 * expected[0] / 94.6)
    np.testing.assert_allclose(closed["sd"], 100 * expected[1] / 94.6)
    assert (abs(closed["mean"] - drawn["mean"]) < 4 * closed["sd"] / 200).all()
    assert (abs(closed["sd"] / drawn["sd"] - 1) < 4 * 2 / math.sqrt(2 * 40_000)).all()


def test_an_input_that_divides():
    """A table in coal equivalent divides by a coefficient: mean and sd are those of the quotient."""
    inputs = [
        DrawInput(
            "coefficient",
            "coal_equivalent_coefficient",
            "coal",
            ca.fit_cv(0.7143, 0.1, kind="lognormal"),
        ),
        DrawInput("ef", "emission_factor", "coal", ca.fit_cv(2.0, 0.05, kind="lognormal")),
    ]
    model = ca.build_model(
        pd.DataFrame({"area": ["A"], "value": [10.0]}),
        inputs,
        np.array([[0, 1]]),
        powers=np.array([[-1, 1]]),
    )
    closed = ca.approximate(model, by=["area"]).table
    assert closed["mean"].item() == pytest.approx(
        10 * 1.01, rel=1e-12
    )  # E[1 / X] = (1 + cv^2) / mean for a lognormal
    drawn = ca.simulate(model, by=["area"], draws=60_000).table
    assert abs(drawn["sd"].item() / closed["sd"].item() - 1) < 4 / math.sqrt(2 * 60_000)


def test_one_row_that_multiplies_here_and_divides_there():
    """Covariances follow the powers of a shared input: here it moves two cells in opposite directions."""
    coal = DrawInput("coal", "x", "coal", ca.fit_cv(1.0, 0.2, kind="lognormal"))
    model = ca.build_model(
        pd.DataFrame({"area": ["A", "B"], "value": [1.0, 1.0]}),
        [coal],
        np.array([[0], [0]]),
        powers=np.array([[1], [-1]]),
    )
    s = math.log1p(0.04)
    mean = np.array([1.0, math.exp(s)])
    second = math.exp(s) + math.exp(3 * s) + 2  # E[(X + 1/X)^2]
    found = ca.approximate(model, by=[]).table
    assert found["mean"].item() == pytest.approx(mean.sum(), rel=1e-12)
    assert found["sd"].item() == pytest.approx(math.sqrt(second - mean.sum() ** 2), rel=1e-9)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_draws_the_same_distribution(sampler):
    """Random, antithetic, Latin hypercube and Sobol draws agree with the closed moments."""
    model = grid()
    closed = ca.approximate(model).table
    drawn = ca.simulate(model, draws=16384, sampler=sampler, seed=5).table
    assert (abs(drawn["mean"] - closed["mean"]) < 4 * closed["sd"] / 128).all()
    assert (abs(drawn["sd"] / closed["sd"] - 1) < 4 / math.sqrt(2 * 16384)).all()
    for name in ("lower", "upper"):
        assert (abs(drawn[name] - closed[name]) < 5 * 2.67 * closed["sd"] / 128).all()


@pytest.mark.parametrize("sampler", ["antithetic", "latin", "sobol"])
def test_samplers_reduce_the_error_of_the_mean(sampler):
    """What these samplers are for: the mean of draws is nearer to the closed mean than independent draws come."""
    model = grid(1, 1, 3)
    closed = ca.approximate(model, by=[]).table["mean"].item()
    away = [
        np.sqrt(
            np.mean(
                [
                    (
                        ca.simulate(model, by=[], draws=1024, sampler=one, seed=seed)
                        .table["mean"]
                        .item()
                        - closed
                    )
                    ** 2
                    for seed in range(8)
                ]
            )
        )
        for one in ("random", sampler)
    ]
    assert away[1] < away[0] / 2


@settings(max_examples=15)
@given(
    st.integers(0, 2**40),
    st.sampled_from(SAMPLERS),
    st.sampled_from([256, 4096, 8192, 12288]),
    st.integers(1, 5),
)
def test_same_seed_same_bits_whatever_the_threads(seed, sampler, draws, threads):
    """A seed gives the same bits with any number of threads, and other bits than the next seed."""
    draws = 8192 if sampler == "sobol" and draws & (draws - 1) else draws
    model = grid()
    one, other = (
        ca.simulate(model, draws=draws, seed=seed, sampler=sampler, threads=n).table
        for n in (1, threads)
    )
    xr.testing.assert_identical(one, other)
    assert not one.equals(ca.simulate(model, draws=draws, seed=seed + 1, sampler=sampler).table)


@pytest.mark.parametrize("draws", [5000, 70_000])
def test_a_part_of_a_panel_is_what_it_is_in_the_whole(draws):
    """A city has the same interval alone as among others, its draws being named by the rows it uses."""
    whole = grid(70, 2, 3)
    cells = pd.DataFrame(
        {dim: whole.labels[dim][whole.codes[dim]] for dim in ALL} | {"value": whole.value}
    )
    here = (cells["area"] == "area 41").to_numpy()
    inputs = [
        DrawInput(f"{name} {i}", name, f"fuel {i}", ca.fit_percent(20.0, 8))
        for name in ("ncv", "carbon")
        for i in range(3)
    ]
    products = whole.codes["product"][here]
    part = ca.build_model(
        cells[here].reset_index(drop=True),
        inputs,
        np.stack([products, products + 3], axis=1),
        activity=[ca.fit_percent(1.0, 5)],
        activity_of=np.zeros(here.sum(), int),
    )
    one = ca.simulate(whole, draws=draws).table.sel(area=["area 41"])
    xr.testing.assert_allclose(one, ca.simulate(part, draws=draws).table, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "size", "draws"),
    [("total_draws._HELD_FACTORS", 0, 9000), ("approach2._MANY_COLUMNS", 32, 70_000)],
)
def test_blocks_do_not_change_a_bit(monkeypatch, name, size, draws):
    """Whether factor draws are kept or made again, and how many totals are worked on at once, changes no bit."""
    model = grid(50, 2, 3)
    expected = ca.simulate(model, draws=draws, seed=6).table
    monkeypatch.setattr(f"carbonacct.uncertainty.{name}", size)
    xr.testing.assert_identical(ca.simulate(model, draws=draws, seed=6).table, expected)


def test_draws_that_are_too_many_to_hold_are_counted(monkeypatch):
    """Counting draws near the bounds gives the quantiles of all draws, to a bin of the counts."""
    model = grid()
    draws = 60_000
    held = ca.simulate(model, draws=draws, seed=7).table
    monkeypatch.setattr(approach2, "EXACT_DRAWS", 20_000)
    counted = ca.simulate(model, draws=draws, seed=7).table
    xr.testing.assert_allclose(
        counted[["value", "mean", "sd"]], held[["value", "mean", "sd"]], rtol=1e-12
    )
    # A window of 20 standard errors of 16384 draws has 2048 bins: a bound is right to a part of a bin.
    bin_ = 20 / 2048 * 2.67 * held["sd"] / math.sqrt(16384)
    for name in ("lower", "upper"):
        away = abs(counted[name] - held[name]) / bin_
        assert away.max() < 1.5
        assert away.mean() < 0.5


def test_memory_does_not_grow_with_the_draws():
    """Half a million draws take no more memory than an eighth of them, and far less than holding them would."""
    import tracemalloc  # noqa: PLC0415

    model = grid(8, 4, 3)
    peaks = []
    for draws in (70_000, 560_000):
        tracemalloc.start()
        ca.simulate(model, draws=draws, threads=1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]
    assert peaks[1] < 32 * 560_000 * 8 / 2


def test_number_of_draws_follows_from_the_precision():
    """Half the error bound takes four times the draws, rounded up to a power of 2."""
    model = cities(2)
    counts = [ca.simulate(model, precision=precision).draws for precision in (0.04, 0.02, 0.01)]
    # (1.363 / precision)^2 by the normal: 1161, 4644, 18577
    assert counts == [4096, 8192, 32768]
    lower = [
        ca.simulate(model, by=[], precision=0.02, seed=seed).table["lower"].item()
        for seed in range(30)
    ]
    half = 2 * 100 * 0.10
    assert np.std(lower) < 0.02 * half * 1.3


def test_what_is_certain_asks_for_no_draws():
    """A certain total has an interval of no width and does not raise the number of draws."""
    cells = pd.DataFrame({"area": ["A", "B"], "value": [100.0, 100.0]})
    one = DrawInput("coal", "emission_factor", "coal", ca.fit_percent(94.6, 10))
    both = ca.build_model(cells, [one], np.array([[0], [-1]]))
    alone = ca.build_model(cells[:1], [one], np.array([[0]]))
    certain = ca.build_model(cells[1:], [one], np.array([[-1]]))
    counts = [
        ca.simulate(model, by=["area"], precision=0.01).draws for model in (both, alone, certain)
    ]
    assert counts == [32768, 32768, 4096]


def test_the_side_that_is_known_worse_says_how_many_draws():
    """The long tail of a lognormal, whether it lies above, or of a removal below."""
    inputs = [DrawInput("coal", "emission_factor", "coal", ca.fit_cv(1.0, 1.0, kind="lognormal"))]
    counts = []
    for value in (100.0, -100.0):
        cells = pd.DataFrame({"area": ["A"], "value": [value]})
        model = ca.build_model(cells, inputs, np.array([[0]]))
        counts.append(ca.simulate(model, by=["area"], precision=0.02).draws)
    # A normal takes (1.363 / 0.02)^2 = 4644.
    assert counts[0] == counts[1] >= 16384


def test_intervals_are_nested_by_level():
    """A larger probability gives a wider interval, held or counted."""
    model = grid()
    for draws in (4096, 70_000):
        tables = [
            ca.simulate(model, draws=draws, level=level).table
            for level in (0.5, 0.8, 0.9, 0.95, 0.99)
        ]
        for inner, outer in pairwise(tables):
            assert (outer["lower"] < inner["lower"]).all()
            assert (inner["upper"] < outer["upper"]).all()


@settings(max_examples=20)
@given(st.floats(0, 20), st.floats(0, 20), st.floats(0, 20), st.integers(0, 100))
def test_more_uncertainty_in_never_gives_less_out(factor, activity, more, seed):
    """A larger uncertainty of factors or of activities makes no total, cell or year surer (closed moments)."""
    for dims in ([], ["year"], ALL):
        before = ca.approximate(grid(seed=seed, factor=factor, activity=activity), by=dims).table[
            "sd"
        ]
        for other in (
            grid(seed=seed, factor=factor + more, activity=activity),
            grid(seed=seed, factor=factor, activity=activity + more),
        ):
            assert (ca.approximate(other, by=dims).table["sd"] >= before * (1 - 1e-12)).all()


@settings(max_examples=10)
@given(st.floats(1e-3, 1e6), st.integers(0, 100))
def test_scaling(scale, seed):
    """Scaled cells have scaled means, deviations and bounds."""
    model = grid(2, 2, 2, seed=seed)
    scaled = replace(model, value=model.value * scale)
    for by in (["area"], ALL):
        one, two = (ca.simulate(one, by=by, draws=512).table for one in (model, scaled))
        xr.testing.assert_allclose(two, one * scale, rtol=1e-9)


def test_removals_mirror_emissions():
    """Negative cells have the interval turned round, drawn and closed."""
    model = cities(2)
    removals = replace(model, value=-model.value)
    for function in (ca.approximate, ca.simulate):
        one, two = (function(one).table for one in (model, removals))
        np.testing.assert_allclose(two["lower"], -one["upper"], rtol=1e-12)
        np.testing.assert_allclose(two["upper"], -one["lower"], rtol=1e-12)


@settings(max_examples=10)
@given(st.permutations(range(36)))
def test_permuting_cells_changes_nothing(order):
    """The order of areas, years and products has no say: the same bits."""
    model = grid()
    cells = (
        pd.DataFrame(
            {dim: model.labels[dim][model.codes[dim]] for dim in ALL} | {"value": model.value}
        )
        .iloc[list(order)]
        .reset_index(drop=True)
    )
    inputs = [
        DrawInput(f"{name} {i}", name, f"fuel {i}", ca.fit_percent(20.0, 8))
        for name in ("ncv", "carbon")
        for i in range(3)
    ][::-1]
    products = np.array([int(str(name)[-1]) for name in cells["product"]])
    other = ca.build_model(
        cells,
        inputs,
        np.stack([5 - products, 2 - products], axis=1)[:, ::-1],
        activity=[ca.fit_percent(1.0, 5)],
        activity_of=np.zeros(36, int),
    )
    xr.testing.assert_allclose(
        ca.simulate(model, draws=512).table, ca.simulate(other, draws=512).table, rtol=1e-12
    )


@settings(max_examples=20)
@given(st.lists(st.floats(0.01, 10), min_size=2, max_size=6), st.integers(0, 1000))
def test_splitting_a_category_whose_parts_share_a_factor(parts, seed):
    """Parts that share the factor row have, together, the interval of the whole."""
    coal = DrawInput("coal", "emission_factor", "coal", ca.fit_bounds(94.6, 89.5, 103))
    whole = ca.build_model(
        pd.DataFrame({"area": ["A"], "value": [sum(parts)]}), [coal], np.zeros((1, 1), int)
    )
    split = ca.build_model(
        pd.DataFrame({"area": "A", "part": range(len(parts)), "value": parts}),
        [coal],
        np.zeros((len(parts), 1), int),
    )
    one, other = (
        ca.simulate(model, by=["area"], draws=1000, seed=seed).table for model in (whole, split)
    )
    xr.testing.assert_allclose(one, other, rtol=1e-12)


def test_correlated_activities():
    """Correlated years: two equal years have (1 + r) times the variance of independent ones."""
    cells = pd.DataFrame({"area": "A", "year": [2019, 2020], "value": [100.0, 100.0]})
    given_ = {"activity": [ca.fit_percent(1.0, 10)], "activity_of": np.zeros(2, int)}
    exact = DrawInput("ef", "emission_factor", "coal", Uncertainty("exact", 1.0, 1.0, 1.0))
    sds = {}
    for name, stated in (
        ("none", None),
        ("number", {"year": 0.6}),
        ("matrix", {"year": pd.DataFrame([[1, 0.6], [0.6, 1]], [2019, 2020], [2019, 2020])}),
        ("whole", {"year": 1.0}),
    ):
        model = ca.build_model(cells, [exact], np.zeros((2, 1), int), correlation=stated, **given_)
        sds[name] = ca.simulate(model, by=["area"], draws=60_000).table["sd"].item()
    error = 4 / math.sqrt(2 * 60_000)
    for name, r in (("number", 0.6), ("matrix", 0.6), ("whole", 1.0)):
        assert abs(sds[name] / (sds["none"] * math.sqrt(1 + r)) - 1) < 2 * error


def test_gases_of_one_activity_share_its_error():
    """Two gases of one fuel share the error of its activity: their sum varies as much as the activity."""
    cells = pd.DataFrame({"area": "A", "gas": ["CO2", "CH4"], "value": [60.0, 40.0]})
    inputs = [
        DrawInput(gas, "emission_factor", gas, ca.fit_cv(1.0, cv))
        for gas, cv in (("CO2", 0.02), ("CH4", 0.2))
    ]
    model = ca.build_model(
        cells,
        inputs,
        np.array([[0], [1]]),
        activity=[ca.fit_cv(1.0, 0.1)],
        activity_of=np.zeros(2, int),
    )
    exact = math.sqrt(100**2 * 0.1**2 + (60 * 0.02) ** 2 * 1.01 + (40 * 0.2) ** 2 * 1.01)
    assert ca.approximate(model, by=["area"]).table["sd"].item() == pytest.approx(exact, rel=1e-12)
    for found in (
        ca.simulate(model, by=["area"], draws=60_000),
        ca.propagate(model, lambda gas: gas.sum("gas"), by=["area", "gas"], draws=60_000),
    ):
        assert abs(found.table["sd"].item() / exact - 1) < 4 / math.sqrt(2 * 60_000)
    ranked = ca.rank_contributions(model).set_index("input")
    np.testing.assert_allclose(ranked["sd"].iloc[:3], [10, 8, 1.2])
    assert list(ranked.index[:3]) == ["activity: A", "CH4", "CO2"]


def test_gases_share_an_activity_that_is_drawn():
    """An uneven activity of two gases is one input, and a correlation between years takes it once."""
    cells = pd.DataFrame(
        {
            "area": "A",
            "year": [2019, 2019, 2020, 2020],
            "gas": ["CO2", "CH4"] * 2,
            "value": [60.0, 40.0] * 2,
        }
    )
    uneven = ca.fit_bounds(1.0, 0.7, 1.8)
    options = {"activity": [uneven], "activity_of": np.zeros(4, int)}
    model = ca.build_model(cells, [], np.empty((4, 0), int), **options)
    assert [one.name for one in model.inputs] == ["activity: A, 2019", "activity: A, 2020"]
    assert ca.approximate(model).table["sd"].values == pytest.approx(100 * compute_sd(uneven))
    (group,) = ca.build_model(
        cells, [], np.empty((4, 0), int), correlation={"year": 0.5}, **options
    ).correlated
    assert len(group[0]) == 2


def test_flows_of_unlike_category_can_be_correlated():
    """The category follows from the flow: two flows differ in the flow alone, though their categories differ."""
    cells = pd.DataFrame(
        {
            "area": "A",
            "flow": ["industry", "transport"],
            "category": ["1.A.2", "1.A.3"],
            "value": 100.0,
        }
    )
    options = {"activity": [ca.fit_cv(1.0, 0.05)], "activity_of": np.zeros(2, int)}
    model = ca.build_model(cells, [], np.empty((2, 0), int), correlation={"flow": 1.0}, **options)
    assert ca.simulate(model, by=["area"], draws=65536, sampler="latin").table[
        "sd"
    ].item() == pytest.approx(10, rel=0.005)
    with pytest.raises(
        UncertaintyError,
        match="nothing to correlate: no two uncertain activities differ in area alone",
    ):
        ca.build_model(cells, [], np.empty((2, 0), int), correlation={"area": 0.5}, **options)


def test_shares_of_a_whole():
    """Dirichlet shares add up to 1 in every draw: parts are uncertain, their sum is not."""
    parts = dirichlet_parts({"road": 0.7, "rail": 0.2, "air": 0.1}, 40)
    inputs = [DrawInput(name, "share", name, part) for name, part in parts.items()]
    model = ca.build_model(
        pd.DataFrame({"mode": list(parts), "value": [70.0, 20.0, 10.0]}),
        inputs,
        np.arange(3)[:, None],
        shares=[list(parts)],
    )
    drawn = ca.simulate(model, by=["mode"], draws=50_000).table.sel(mode=["road", "rail", "air"])
    shares = np.array([0.7, 0.2, 0.1])
    np.testing.assert_allclose(
        drawn["sd"], 100 * np.sqrt(shares * (1 - shares) / 41), rtol=4 / math.sqrt(2 * 50_000) * 1.5
    )
    np.testing.assert_allclose(
        drawn["lower"], [100 * parts[name].lower for name in parts], rtol=0.02
    )
    total = ca.simulate(model, by=[], draws=1000).table
    assert total["sd"].item() < 1e-12 * 100
    assert (
        ca.propagate(model, lambda cells: cells.sum("mode"), by=["mode"], draws=1000)
        .table["sd"]
        .item()
        < 1e-12 * 100
    )


def test_matched_lognormal_of_any_sign():
    """Removals mirror emissions; a mean of 0 has the interval of a normal."""
    lower, upper = match_lognormal(np.array([100.0, -100.0, 0.0]), np.array([20.0, 20.0, 20.0]))
    assert (lower[1], upper[1]) == (-upper[0], -lower[0])
    assert upper[2] == -lower[2] == pytest.approx(39.199, abs=1e-3)


def test_sure_inputs_have_no_interval():
    """Without uncertainty the mean is the value and the bounds as well; absent cells stay absent."""
    cells = pd.DataFrame({"area": ["A", "B"], "year": [2019, 2020], "value": [3.0, 0.0]})
    model = ca.build_model(cells, [], np.empty((2, 0), int))
    table = ca.simulate(model, draws=1000).table
    for name in ("value", "mean", "lower", "upper"):
        np.testing.assert_array_equal(table[name], [[3.0, np.nan], [np.nan, 0.0]])
    np.testing.assert_array_equal(table["sd"], [[0.0, np.nan], [np.nan, 0.0]])


def test_mean_and_sd_of_a_cell_with_uneven_bounds():
    """The mean of the draws follows the distribution, not the central value: both are given."""
    factor = ca.fit_bounds(25.8, 19.9, 30.5)
    model = ca.build_model(
        pd.DataFrame({"area": ["A"], "value": [258.0]}),
        [DrawInput("ncv", "net_calorific_value", "coal", factor)],
        np.zeros((1, 1), int),
    )
    found = ca.simulate(model, by=["area"], draws=60_000).table
    assert found["value"].item() == 258.0
    assert abs(found["mean"].item() - 10 * compute_mean(factor)) < 4 * 10 * compute_sd(
        factor
    ) / math.sqrt(60_000)
    assert [found[name].item() for name in ("lower", "upper")] == pytest.approx(
        [199, 305], rel=0.005
    )


BAD_MATRIX = [
    (pd.DataFrame([[1, 0.5], [0.4, 1]]), "is not symmetric"),
    (pd.DataFrame([[1, 1.2], [1.2, 1]]), "has an entry of 1.2, outside -1 to 1"),
    (pd.DataFrame([[0.9, 0.5], [0.5, 1]]), "has a diagonal that is not 1"),
    (pd.DataFrame([[1, np.nan], [np.nan, 1]]), "has entries that are no numbers"),
]


@pytest.mark.parametrize(("matrix", "words"), BAD_MATRIX)
def test_a_correlation_matrix_that_is_none(matrix, words):
    """A matrix that is no correlation matrix is refused, saying why."""
    years = [2019, 2020]
    cells = pd.DataFrame({"area": "A", "year": years, "value": 1.0})
    with pytest.raises(UncertaintyError, match=f"the correlation matrix over year {words}"):
        ca.build_model(
            cells,
            [],
            np.empty((2, 0), int),
            activity=[ca.fit_percent(1.0, 10)],
            activity_of=np.zeros(2, int),
            correlation={"year": matrix.set_axis(years).set_axis(years, axis=1)},
        )


def test_correlations_that_contradict_one_another():
    """Three numbers cannot all be strongly opposed: the smallest eigenvalue is given."""
    cells = pd.DataFrame({"area": "A", "year": [2018, 2019, 2020], "value": 1.0})
    given_ = {"activity": [ca.fit_percent(1.0, 10)], "activity_of": np.zeros(3, int)}
    uses = np.empty((3, 0), int)
    with pytest.raises(UncertaintyError, match=r"contradicts itself \(smallest eigenvalue -0.8"):
        ca.build_model(cells, [], uses, correlation={"year": -0.9}, **given_)
    with pytest.raises(UncertaintyError, match="lacks year 2020"):
        ca.build_model(
            cells,
            [],
            uses,
            correlation={"year": pd.DataFrame(np.eye(2), [2018, 2019], [2018, 2019])},
            **given_,
        )
    with pytest.raises(
        UncertaintyError, match="no dim 'yaer' to correlate over; did you mean year"
    ):
        ca.build_model(cells, [], uses, correlation={"yaer": 0.5}, **given_)
    with pytest.raises(UncertaintyError, match="correlation over year is 2"):
        ca.build_model(cells, [], uses, correlation={"year": 2}, **given_)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"draws": 10}, "10 draws"),
        ({"sampler": "halton"}, "no sampler 'halton'"),
        ({"draws": 1001, "sampler": "antithetic"}, "1001 antithetic draws"),
        (
            {"draws": 1000, "sampler": "sobol"},
            "1000 Sobol points; give a power of two, such as 1024",
        ),
        ({"draws": 1000, "seed": -1}, "seed -1"),
        ({"level": 95}, "level 95"),
        ({"by": ["aera"]}, "no dim 'aera'; did you mean area"),
        ({"precision": 0}, "precision 0"),
        ({"threads": 0, "draws": 1000}, "0 threads"),
    ],
)
def test_options_that_are_not_possible(options, words):
    """A word or number that cannot be is one line."""
    with pytest.raises(UncertaintyError, match=words) as caught:
        ca.simulate(cities(2), **options)
    assert "\n" not in str(caught.value)


def test_cells_and_inputs_that_do_not_fit():
    """A cell without a number, a name for two inputs, a factor of 0 with bounds, no cells: one line each."""
    one = DrawInput("coal", "x", "coal", ca.fit_percent(1.0, 5))
    cells = pd.DataFrame({"area": ["A"], "value": [1.0]})
    uses = np.zeros((1, 1), int)
    with pytest.raises(UncertaintyError, match="1 cells have no number"):
        ca.build_model(cells.assign(value=np.nan), [one], uses)
    with pytest.raises(UncertaintyError, match="coal: one name stands for two inputs"):
        ca.build_model(cells, [one, one], uses)
    with pytest.raises(UncertaintyError, match="a factor of 0 has no relative uncertainty"):
        ca.build_model(cells, [DrawInput("coal", "x", "coal", ca.fit_bounds(0.0, 0.0, 1.0))], uses)
    with pytest.raises(UncertaintyError, match="1 cells, 2 activity uncertainties"):
        ca.build_model(
            cells, [one], uses, activity=[ca.fit_percent(1.0, 5)], activity_of=np.zeros(2, int)
        )
    with pytest.raises(UncertaintyError, match="no cell with a number"):
        ca.simulate(ca.build_model(cells[:0], [one], uses[:0]), by=["area"], draws=1000)
    with pytest.raises(UncertaintyError, match="no closed moments"):
        ca.approximate(
            ca.build_model(
                pd.concat([cells, cells.assign(area="B")], ignore_index=True),
                [],
                np.empty((2, 0), int),
                activity=[ca.fit_percent(1.0, 5)],
                activity_of=np.zeros(2, int),
                correlation={"area": 0.5},
            ),
            by=["area"],
        )
