"""Any result drawn through, and the inputs that matter most."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import rankdata

import carbonacct as ca
from carbonacct import DrawInput
from carbonacct.errors import UncertaintyError
from tests.uncertainty.building import cities, grid


def test_totals_drawn_through_are_the_totals():
    """The identity drawn through has the moments of the totals, over areas, over all, and over cells."""
    model = grid()
    for by in (["area", "year"], ["area", "year", "product"], []):
        drawn = ca.propagate(model, lambda total: total, by=by, draws=20_000).table
        closed = ca.approximate(model, by=by).table
        assert (abs(drawn["mean"] - closed["mean"]) < 4.5 * closed["sd"] / math.sqrt(20_000)).all()
        assert (abs(drawn["sd"] / closed["sd"] - 1) < 4.5 / math.sqrt(2 * 20_000)).all()


def test_what_is_shared_cancels_in_a_ratio():
    """The share of one city among cities with one factor is sure, though each is not; with a factor each it is not."""
    share = lambda total: total / total.sum("area")  # noqa: E731 - as a user writes it
    assert ca.propagate(cities(4), share, draws=1000).table["sd"].max() < 1e-12
    assert ca.propagate(cities(4, shared=False), share, draws=1000).table["sd"].min() > 1e-3


def test_totals_of_a_draw_belong_together():
    """Sums of drawn cells have the distribution of the sum: activities apart are independent, factors are shared."""
    model = grid()
    cells = ca.propagate(
        model,
        lambda cell: cell.sum(["year", "product"]),
        by=["area", "year", "product"],
        draws=40_000,
    ).table
    closed = ca.approximate(model, by=["area"]).table
    assert (abs(cells["sd"] / closed["sd"] - 1) < 4.5 / math.sqrt(2 * 40_000)).all()


def test_per_head():
    """An amount per head has the relative interval of the total."""
    model = grid()
    people = xr.DataArray(np.array([2.0, 4.0, 8.0, 16.0]), coords={"area": model.labels["area"]})
    heads = ca.propagate(model, lambda total: total / people, draws=2000, seed=3).table
    totals = ca.propagate(model, lambda total: total, draws=2000, seed=3).table
    xr.testing.assert_allclose(heads * people, totals)


def test_trend_knows_that_factors_are_the_same_in_both_years():
    """Approach 1's trend of one category: factors cancel to type A, activities do not; the drawn trend agrees."""
    cells = pd.DataFrame(
        {
            "category": ["a", "b", "a", "b"],
            "year": [1990, 1990, 2020, 2020],
            "value": [60.0, 40.0, 90.0, 30.0],
        }
    )
    percents = {"a": (2.0, 3.0), "b": (1.0, 4.0)}
    inputs = [
        DrawInput(name, "emission_factor", name, ca.fit_percent(1.0, factor))
        for name, (_, factor) in percents.items()
    ]
    model = ca.build_model(
        cells,
        inputs,
        np.array([[0], [1], [0], [1]]),
        activity=[ca.fit_percent(1.0, activity) for activity, _ in percents.values()],
        activity_of=np.array([0, 1, 0, 1]),
    )
    table = pd.DataFrame(
        {
            "category": ["a", "b"],
            "gas": "CO2",
            "base": [60.0, 40.0],
            "latest": [90.0, 30.0],
            "activity_uncertainty": [2.0, 1.0],
            "factor_uncertainty": [3.0, 4.0],
        }
    )
    first = ca.propagate_errors(table, sensitivity="derivative")
    drawn = ca.propagate(
        model,
        lambda total: 100 * (total.sel(year=2020) / total.sel(year=1990) - 1),
        by=["year"],
        draws=50_000,
    ).table
    assert drawn["value"].item() == pytest.approx(first.trend)
    # L of table 3.2 takes type B for both years; a change of base activity weighs D / C as much again: J E sqrt 2 is
    # for equal years.
    c, d, e, f = (
        table[name].to_numpy()
        for name in ("base", "latest", "activity_uncertainty", "factor_uncertainty")
    )
    slope = 100 * (d / c.sum() - c * d.sum() / c.sum() ** 2)
    exact = math.sqrt(
        ((slope * f / 100) ** 2).sum()
        + ((d * e / c.sum()) ** 2).sum()
        + ((c * d.sum() / c.sum() ** 2 * e) ** 2).sum()
    )
    half = (drawn["upper"] - drawn["lower"]).item() / 2
    assert abs(half / exact - 1) < 4 * 1.363 / math.sqrt(50_000)
    assert abs(first.trend_uncertainty / exact - 1) < 0.1


def test_ranks():
    """Ranks drawn through: cities far apart keep theirs, equal cities with factors of their own share all ranks."""

    def rank(total):
        return total.copy(data=rankdata(total.values, axis=total.get_axis_num("area")))

    far = cities(3)
    far = replace(far, value=np.array([1.0, 10.0, 100.0]))
    table = ca.propagate(far, rank, by=["area"], draws=500).table
    np.testing.assert_array_equal(table["lower"], [1, 2, 3])
    np.testing.assert_array_equal(table["upper"], [1, 2, 3])
    equal = ca.propagate(cities(3, shared=False), rank, by=["area"], draws=3000).table
    np.testing.assert_array_equal(equal["lower"], [1, 1, 1])
    assert (abs(equal["mean"] - 2) < 4 * math.sqrt(2 / 3) / math.sqrt(3000)).all()


def test_effects_of_a_decomposition():
    """LMDI effects drawn through add up to the change in every draw, so that their means do as well."""
    model = grid(2, 2, 3)
    energy = xr.DataArray(
        np.array([[3.0, 4.0], [2.0, 5.0]]),
        dims=("area", "year"),
        coords={"area": model.labels["area"], "year": model.labels["year"]},
    )

    def effects(total):
        first, last = total.isel(year=0, drop=True), total.isel(year=-1, drop=True)
        weight = (last - first) / np.log(last / first)
        amount = np.log(energy.isel(year=-1, drop=True) / energy.isel(year=0, drop=True)) * weight
        return xr.concat(
            [amount, (last - first) - amount, last - first], dim="effect"
        ).assign_coords(effect=["energy", "intensity", "total"])

    table = ca.propagate(model, effects, draws=4000).table
    np.testing.assert_allclose(
        table["mean"].sel(effect=["energy", "intensity"]).sum("effect"),
        table["mean"].sel(effect="total"),
    )
    assert table["lower"].dims == ("effect", "area")


def test_a_slope_over_years():
    """A slope over years is a sum of totals with weights: its deviation follows in closed form."""
    model = grid(2, 3, 2)
    weights = xr.DataArray([-0.5, 0.0, 0.5], coords={"year": model.labels["year"]})
    table = ca.propagate(model, lambda total: (total * weights).sum("year"), draws=40_000).table
    signed = replace(model, value=model.value * weights.values[model.codes["year"]])
    closed = ca.approximate(signed, by=["area"]).table
    assert (abs(table["sd"] / closed["sd"] - 1) < 4.5 / math.sqrt(2 * 40_000)).all()


def test_same_seed_same_bits_and_absent_stays_absent():
    """A seed fixes the draws; a total without cells has no number in the result."""
    cells = pd.DataFrame({"area": ["A", "B"], "year": [2019, 2020], "value": [3.0, 5.0]})
    model = ca.build_model(
        cells, [DrawInput("ef", "x", "coal", ca.fit_percent(1.0, 10))], np.zeros((2, 1), int)
    )
    one, two = (ca.propagate(model, lambda total: total * 2, draws=5000, seed=9) for _ in range(2))
    xr.testing.assert_identical(one.table, two.table)
    assert np.isnan(one.table["lower"].values).tolist() == [[False, True], [True, False]]
    assert len(one.to_frame()) == 2


def test_more_draws_than_can_be_held(monkeypatch):
    """Results that are too large to be held are counted near their bounds."""
    model = grid()
    held = ca.propagate(model, lambda total: total, draws=30_000).table
    monkeypatch.setattr("carbonacct.uncertainty.propagation._HELD_RESULTS", 0)
    counted = ca.propagate(model, lambda total: total, draws=30_000).table
    xr.testing.assert_allclose(counted[["mean", "sd"]], held[["mean", "sd"]], rtol=1e-12)
    for name in ("lower", "upper"):
        assert (abs(counted[name] - held[name]) < 0.1 * 2.67 * held["sd"] / math.sqrt(30_000)).all()


@pytest.mark.parametrize("draws", [1000, 70_000])
def test_a_result_without_a_number_in_some_draws(draws):
    """A logarithm that is undefined in some draws has no number, without a warning; others keep theirs.

    The unit is that of the function's result.
    """
    model = cities(2)

    def logarithm(total):
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.log(total - xr.DataArray([105.0, 0.0], dims="area")).assign_attrs(units="1")

    table = ca.propagate(model, logarithm, draws=draws).table
    assert np.isnan([table[name].values[0, 0] for name in ("mean", "sd", "lower", "upper")]).all()
    assert table["lower"].values[1, 0] < math.log(100) < table["upper"].values[1, 0]
    assert table["mean"].attrs == {"units": "1"}


def test_a_function_that_loses_the_draws():
    """A function that sums over the draws, or returns no array, is told what it must return."""
    with pytest.raises(
        UncertaintyError,
        match="the function returned an array over area, year; it must return a DataArray that keeps the dim draw",
    ):
        ca.propagate(cities(2), lambda total: total.mean("draw"), draws=100)
    with pytest.raises(UncertaintyError, match="the function returned float"):
        ca.propagate(cities(2), lambda total: float(total.sum()), draws=100)


def test_contributions_by_hand():
    """One factor of 10 % for cells of 60 and 40, activities of 5 %: 100^2 0.1^2 to 60^2 and 40^2 0.05^2."""
    cells = pd.DataFrame({"area": ["A", "B"], "year": 2020, "value": [60.0, 40.0]})
    percent = 1.959963984540054
    model = ca.build_model(
        cells,
        [DrawInput("ef", "emission_factor", "coal", ca.fit_percent(94.6, 10 * percent))],
        np.zeros((2, 1), int),
        activity=[ca.fit_percent(1.0, 5 * percent)],
        activity_of=np.zeros(2, int),
    )
    ranked = ca.rank_contributions(model).set_index("input")
    total = 100 + (9 + 4) * 1.01
    np.testing.assert_allclose(ranked["share"], [100 / total, 9 / total, 4 / total, 0.13 / total])
    assert list(ranked.index) == ["ef", "activity: A 2020", "activity: B 2020", "interactions"]
    np.testing.assert_allclose(ranked["sd"].iloc[:3], [10, 3, 2])
    assert ranked["cells"].tolist() == [2, 1, 1, 0]
    assert ranked["cumulative"].iloc[-1] == pytest.approx(1)


def test_a_factor_shared_by_both_years_matters_less_for_the_trend():
    """One factor for all cells is most of a total's variance and none of the trend's in percent."""
    cells = pd.DataFrame({"area": "A", "year": [2010, 2020], "value": [50.0, 80.0]})
    model = ca.build_model(
        cells,
        [DrawInput("ef", "emission_factor", "coal", ca.fit_percent(94.6, 20))],
        np.zeros((2, 1), int),
        activity=[ca.fit_percent(1.0, 5)],
        activity_of=np.zeros(2, int),
    )
    level = ca.rank_contributions(model, where={"year": 2020})
    assert level["input"].iloc[0] == "ef"
    trend = ca.rank_contributions(model, trend=(2010, 2020)).set_index("input")["share"]
    assert "ef" not in trend.index
    np.testing.assert_allclose(
        trend[["activity: A 2010", "activity: A 2020"]], [0.5, 0.5], rtol=0.02
    )


def test_contributions_are_what_goes_when_an_input_is_known():
    """The contribution of a row is by how much the variance falls when it is exact, up to interactions."""
    model = grid(factor=3, activity=2)
    ranked = ca.rank_contributions(model).set_index("input")
    whole = ca.approximate(model, by=[]).table["sd"].item() ** 2
    for name in ("ncv 0", "carbon 2"):
        known = replace(
            model,
            inputs=tuple(
                replace(one, uncertainty=ca.fit_cv(one.uncertainty.value, 1e-12))
                if one.name == name
                else one
                for one in model.inputs
            ),
        )
        fall = whole - ca.approximate(known, by=[]).table["sd"].item() ** 2
        assert ranked["share"][name] * whole == pytest.approx(fall, rel=1e-3)


def test_contributions_of_an_input_that_divides():
    """An input that divides one cell and multiplies another: of 60 and 40 it moves 20, by 10 %."""
    cells = pd.DataFrame({"area": ["A", "B"], "value": [60.0, 40.0]})
    inputs = [
        DrawInput("coefficient", "x", "coal", ca.fit_cv(1.0, 0.001, kind="lognormal")),
        DrawInput("ef", "x", "coal", ca.fit_cv(1.0, 0.001)),
    ]
    model = ca.build_model(
        cells, inputs, np.array([[0, 1], [0, 1]]), powers=np.array([[-1, 1], [1, 1]])
    )
    ranked = ca.rank_contributions(model).set_index("input")
    assert ranked["sd"][["ef", "coefficient"]].tolist() == pytest.approx([0.1, 0.02], rel=1e-3)
    assert ranked["cells"]["coefficient"] == 2
    assert abs(ranked["share"]["interactions"]) < 1e-4


def test_contributions_of_nothing():
    """A label that does not exist, and cells of which nothing is uncertain, are one line."""
    with pytest.raises(
        UncertaintyError, match="no area 'city 9' in the model; it has city 000, city 001"
    ):
        ca.rank_contributions(cities(2), where={"area": "city 9"})
    with pytest.raises(UncertaintyError, match="no dim 'aera'; did you mean area"):
        ca.rank_contributions(cities(2), where={"aera": "x"})
    with pytest.raises(UncertaintyError, match="nothing here is uncertain"):
        ca.rank_contributions(cities(2, percent=0))
