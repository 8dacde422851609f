"""Sums of cells: the same totals by any way of finding, picking, joining or blocking them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import UncertaintyError
from carbonacct.uncertainty import uncertain_totals
from carbonacct.uncertainty.total_draws import check_level, draw_columns
from carbonacct.uncertainty.uncertain_totals import (
    COLUMNS,
    iterate_blocks,
    pick_totals,
    sum_cells,
    to_dataset,
    unique_columns,
)
from tests.uncertainty.building import grid

SEEDS = st.integers(0, 50)
BY = st.sampled_from(
    [[], ["area"], ["year"], ["area", "year"], ["product", "area"], ["area", "year", "product"]]
)


def expand(totals):
    """Return amount by total and combination, and spread by total, left and right."""
    amount = {
        (i, int(totals.combination[at])): totals.amount[at]
        for i in range(totals.count)
        for at in range(totals.start[i], totals.start[i + 1])
    }
    spread = {
        (i, int(totals.left[at]), int(totals.right[at])): totals.spread[at]
        for i in range(totals.count)
        for at in range(totals.noise_start[i], totals.noise_start[i + 1])
    }
    return amount, spread


@given(SEEDS, BY)
def test_totals_are_those_of_the_cells(seed, by):
    """Values, amounts and variances add up group by group, as pandas adds them."""
    model = grid(seed=seed)
    totals = sum_cells(model, by)
    frame = pd.DataFrame(
        {dim: model.labels[dim][model.codes[dim]] for dim in ("area", "year", "product")}
    )
    frame = frame.assign(
        value=model.value,
        spread=(model.value * model.activity_sd) ** 2,
        combination=model.combination,
    )
    found = to_dataset(totals, {"value": totals.value}, {"level": 0.95})["value"]
    assert found.attrs == {"units": "t"}
    if by:
        for labels, part in frame.groupby(by):
            assert found.sel(dict(zip(by, labels, strict=True))).item() == pytest.approx(
                part["value"].sum()
            )
    else:
        assert found.item() == pytest.approx(frame["value"].sum())
    amount, spread = expand(totals)
    assert sum(amount.values()) == pytest.approx(frame["value"].sum())
    assert sum(spread.values()) == pytest.approx(frame["spread"].sum())
    for i in range(totals.count):
        own = sum(number for (at, _), number in amount.items() if at == i)
        assert own == pytest.approx(totals.value[i])
        held = totals.combination[totals.start[i] : totals.start[i + 1]]
        assert (np.diff(held) > 0).all()


@given(SEEDS, BY)
def test_weights_scale_values_and_squares_of_spreads(seed, by):
    """Three times as much has nine times the variance; a weight of 0 leaves a cell out."""
    model = grid(seed=seed)
    once, thrice = sum_cells(model, by), sum_cells(model, by, np.full(len(model.value), 3.0))
    np.testing.assert_allclose(thrice.value, 3 * once.value)
    np.testing.assert_allclose(thrice.amount, 3 * once.amount)
    np.testing.assert_allclose(thrice.spread, 9 * once.spread)


@pytest.mark.parametrize("by", [["area"], ["area", "year"], ["gas"], ["area", "gas"]])
def test_sorting_and_counting_find_the_same(monkeypatch, by):
    """Large panels sort what small ones count; gases that share an activity are paired in both."""
    cells = pd.DataFrame(
        {
            "area": ["A", "A", "A", "B", "B"],
            "year": [2019, 2019, 2020, 2020, 2020],
            "flow": ["x", "x", "x", "x", "x"],
            "gas": ["CO2", "CH4", "CO2", "CO2", "CH4"],
            "value": [100.0, 5.0, 50.0, 70.0, 3.0],
        }
    )
    inputs = [
        ca.DrawInput(name, "emission_factor", name, ca.fit_percent(1.0, 10))
        for name in ("CO2", "CH4")
    ]
    uses = np.array([[0], [1], [0], [0], [1]])
    model = ca.build_model(
        cells, inputs, uses, activity=[ca.fit_percent(1.0, 5)], activity_of=np.zeros(5, int)
    )
    counted = sum_cells(model, by)
    monkeypatch.setattr(uncertain_totals, "_DENSE", 0)
    sorted_ = sum_cells(model, by)
    for name in (
        "place",
        "value",
        "start",
        "combination",
        "amount",
        "noise_start",
        "left",
        "right",
        "spread",
    ):
        np.testing.assert_allclose(getattr(counted, name), getattr(sorted_, name), err_msg=name)
    if "gas" not in by:
        # Var = sum over pairs of one activity: (100 + 5)^2 of area A in 2019 and not 100^2 + 5^2.
        sd = 0.05 / 1.959963984540054
        whole = sum(counted.spread[counted.noise_start[0] : counted.noise_start[1]])
        wanted = 105**2 + (50**2 if by == ["area"] else 0)
        assert whole == pytest.approx(wanted * sd**2)


@given(SEEDS, st.sets(st.integers(0, 11), min_size=1))
def test_totals_that_are_picked_are_what_they_were(seed, chosen):
    """By ascending position."""
    totals = sum_cells(grid(seed=seed), ["area", "year"])
    where = np.array(sorted(chosen))
    picked = pick_totals(totals, where)
    np.testing.assert_array_equal(picked.value, totals.value[where])
    whole, part = expand(totals), expand(picked)
    for held, own in zip(whole, part, strict=True):
        assert own == {
            (int(np.searchsorted(where, key[0])), *key[1:]): number
            for key, number in held.items()
            if key[0] in chosen
        }


def test_totals_alike_in_relative_terms_are_drawn_once():
    """One fuel in forty places: one distribution, and the amount of each."""
    cells = pd.DataFrame(
        {"area": [f"city {n:02d}" for n in range(40)], "year": 2020, "value": np.arange(1.0, 41.0)}
    )
    inputs = [ca.DrawInput("f", "emission_factor", "coal", ca.fit_percent(94.6, 10))]
    model = ca.build_model(
        cells,
        inputs,
        np.zeros((40, 1), int),
        activity=[ca.fit_percent(1.0, 5)],
        activity_of=np.zeros(40, int),
    )
    totals = sum_cells(model, ["area"])
    different, own, first = unique_columns(totals)
    assert different.count == 1
    np.testing.assert_array_equal(own, np.zeros(40))
    np.testing.assert_array_equal(first, np.arange(1.0, 41.0))
    np.testing.assert_allclose(different.amount, [1.0])
    unlike = sum_cells(grid(seed=1), ["area", "year"])
    same, own, first = unique_columns(unlike)
    assert same is unlike
    assert own.tolist() == list(range(unlike.count))
    assert (first == 1).all()


@given(SEEDS, st.integers(1, 20))
def test_blocks_hold_the_totals_as_matrices(seed, size):
    """Each block a multiple of columns, the last ones empty; draws of a column are its totals."""
    totals = sum_cells(grid(seed=seed), ["area", "year"])
    amount, spread = expand(totals)
    seen = 0
    for block in iterate_blocks(totals, size):
        count = block.where.stop - block.where.start
        assert len(block.amount) % COLUMNS == 0
        assert not block.amount[count:].any()
        for column in range(count):
            at = block.where.start + column
            own = dict(zip(block.used.tolist(), block.amount[column], strict=True))
            assert {key: own[key[1]] for key in amount if key[0] == at} == {
                key: amount[key] for key in amount if key[0] == at
            }
            pairs = dict(
                zip(
                    zip(block.left.tolist(), block.right.tolist(), strict=True),
                    block.spread[column],
                    strict=True,
                )
            )
            assert {key: pairs[key[1:]] for key in spread if key[0] == at} == {
                key: spread[key] for key in spread if key[0] == at
            }
        product = np.ones((int(totals.combination.max()) + 1, 4))
        drawn = draw_columns(product, np.zeros((len(block.amount), 4)), block, slice(None))
        np.testing.assert_allclose(
            drawn[:count], np.repeat(totals.value[block.where, None], 4, axis=1)
        )
        noisy = draw_columns(product, np.ones((len(block.amount), 4)), block, slice(None))
        np.testing.assert_allclose(
            (noisy - drawn)[:count, 0] ** 2, block.spread[:count].sum(axis=1)
        )
        seen += count
    assert seen == totals.count


def test_what_cannot_be_summed_is_refused():
    """A dim that the model has not, a model without cells, a level that is no probability."""
    with pytest.raises(UncertaintyError, match="no dim 'yaer'; did you mean year"):
        sum_cells(grid(), ["yaer"])
    empty = ca.build_model(
        pd.DataFrame({"area": [], "year": [], "value": []}), [], np.empty((0, 0), int)
    )
    with pytest.raises(
        UncertaintyError, match="has no cell with a number; there is nothing to draw"
    ):
        sum_cells(empty, [])
    for level in (0.0, 1.0, 95):
        with pytest.raises(UncertaintyError, match="is not between 0 and 1"):
            check_level(level)
