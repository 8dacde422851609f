"""Sums of emissions: a sum over nothing is nothing, and no part of a panel changes a digit of another."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from carbonacct.sectors.energy.emission_totals import add_products, add_up, add_up_values

DIMS = ("area", "year", "flow", "product")
# Whole numbers add up exactly in any order; NaN is no number.
NUMBERS = st.one_of(st.integers(-1000, 1000).map(float), st.just(np.nan), st.just(0.0))
CUBES = array_shapes(min_dims=4, max_dims=4, max_side=4).flatmap(
    lambda shape: arrays(float, shape, elements=NUMBERS)
)
GASES = array_shapes(min_dims=5, max_dims=5, max_side=3).flatmap(
    lambda shape: arrays(float, shape, elements=NUMBERS)
)


def add_known(values, axes):
    """Return what a sum is: of what has a number; nothing where nothing has."""
    return np.where(np.isnan(values).all(axis=axes), np.nan, np.nansum(values, axis=axes))


@given(CUBES, st.sets(st.sampled_from(DIMS), min_size=1))
def test_a_sum_adds_what_has_a_number(values, over):
    """Removals, zeros and cells without a number, over any dims."""
    axes = tuple(i for i, dim in enumerate(DIMS) if dim in over)
    total, left = add_up_values(values, DIMS, sorted(over))
    assert left == [dim for dim in DIMS if dim not in over]
    np.testing.assert_array_equal(total, add_known(values, axes))


@given(GASES)
def test_products_are_added_for_each_gas(values):
    """The gas comes first, and the sums are those of each gas by itself."""
    array = xr.DataArray(values, dims=(*DIMS, "gas"))
    found = add_products(array)
    np.testing.assert_array_equal(found, np.moveaxis(add_known(values, 3), -1, 0))


@given(arrays(float, (4, 2, 3, 3), elements=st.floats(-1e9, 1e9)), st.integers(1, 3))
def test_pieces_of_a_panel_give_the_same_digits(values, cut):
    """Areas before and after a cut, added up by themselves: equal to the last bit."""
    for over in (["product"], ["flow", "product"], ["year", "flow", "product"]):
        whole, _ = add_up_values(values, DIMS, over)
        parts = [add_up_values(part, DIMS, over)[0] for part in (values[:cut], values[cut:])]
        np.testing.assert_array_equal(whole, np.concatenate(parts))
    array = xr.DataArray(values[..., None], dims=(*DIMS, "gas"))
    parts = [add_products(part) for part in (array[:cut], array[cut:])]
    np.testing.assert_array_equal(add_products(array), np.concatenate(parts, axis=1))
    np.testing.assert_array_equal(
        add_products(array)[0], add_up_values(values, DIMS, ["product"])[0]
    )


@given(arrays(float, (2, 1, 2, 3), elements=st.floats(-1e9, 1e9)))
def test_labels_without_a_number_change_no_digit(values):
    """A column of fuels that nobody burns is as if it were not there."""
    wider = np.concatenate(
        [values[..., :1], np.full((2, 1, 2, 1), np.nan), values[..., 1:]], axis=3
    )
    for over in (["product"], ["area", "product"], list(DIMS)):
        np.testing.assert_array_equal(
            add_up_values(wider, DIMS, over)[0], add_up_values(values, DIMS, over)[0]
        )


@pytest.mark.parametrize("share", [0.05, 0.95])
def test_few_and_many_empty_cells_are_found_alike(share):
    """Where few sums are nothing only they are looked at, else all: a zero stays one in both."""
    random = np.random.default_rng(1)
    values = np.where(random.random((50, 2, 4, 3, 2)) < share, np.nan, 1.0)
    values[0] = np.nan
    values[1] = 0.0
    values[2] = [np.nan, 5.0]
    found = add_products(xr.DataArray(values, dims=(*DIMS, "gas")))
    np.testing.assert_array_equal(found, np.moveaxis(add_known(values, 3), -1, 0))
    assert np.isnan(found[:, 0]).all()
    assert (found[:, 1] == 0).all()


def test_the_labels_that_are_left_stay():
    """The sum over flows and products has areas and years, and nothing that says something of a flow."""
    coords = {
        "area": ["重庆"],
        "year": [2020, 2021],
        "flow": ["industry"],
        "category": ("flow", ["1.A.2"]),
        "product": ["diesel"],
    }
    array = xr.DataArray(np.ones((1, 2, 1, 1)), dims=DIMS, coords=coords)
    total = add_up(array, ["flow", "product"])
    assert set(total.coords) == {"area", "year"}
    assert total.sel(area="重庆", year=2021).item() == 1
    of_years = add_up(array, ["area", "flow", "product"])
    assert of_years["year"].values.tolist() == [2020, 2021]
    assert set(add_up(array, ["product"]).coords) == {"area", "year", "flow", "category"}


@pytest.mark.parametrize("shape", [(2, 1, 0, 3), (2, 1, 3, 0), (0, 1, 2, 3)])
def test_nothing_to_add_is_nothing(shape):
    """No flow, no product, no area: sums without a number, and no stumble."""
    total, _ = add_up_values(np.zeros(shape), DIMS, ["flow", "product"])
    assert total.shape == shape[:2]
    assert np.isnan(total).all()
