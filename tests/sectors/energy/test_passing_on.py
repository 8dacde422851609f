"""Fuel whose carbon another sector counts: it leaves what burns, with all its gases, and nothing else moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.sectors.energy.passing_on import measure_carbon, pass_on
from tests.sectors.energy.made_balances import inventory_of

ROWS = {
    "thermal_power": {"coke": -3, "raw_coal": -100},
    "industry": {"coke": 50, "raw_coal": 40, "natural_gas": 2},
    "construction": {"coke": 0},
}


@pytest.fixture(scope="module")
def cube():
    """Return an inventory of three gases."""
    return inventory_of(ROWS, gases=["all"])


def cells_of(cube, *named):
    """Return the places of cells (flow, product)."""
    rows = [
        (0, 0, cube.balance.flows.index(flow), cube.balance.products.index(product))
        for flow, product in named
    ]
    return tuple(np.array(axis) for axis in zip(*rows, strict=True))


def test_the_carbon_of_cells_by_hand(cube):
    """IPCC 2006, Vol. 2, tables 1.2 to 1.4: coke 28.2 GJ/t, 107 kg CO2/GJ; coal and gas by the method."""
    cells = cells_of(
        cube, ("industry", "coke"), ("thermal_power", "coke"), ("construction", "coke")
    )
    found = measure_carbon(cube, cells)
    per_tonne = cube.factor[..., 0][cells][0]  # the method oxidises all of it
    np.testing.assert_allclose(found, [50e4 * per_tonne, 3e4 * per_tonne, 0.0], rtol=1e-12)
    gas, coal = measure_carbon(
        cube, cells_of(cube, ("industry", "natural_gas"), ("industry", "raw_coal"))
    )
    assert coal == pytest.approx(40e4 * 20.908 * 94.6e-3, rel=1e-12)
    assert gas == pytest.approx(2e8 * 38.931e-3 * 56.1e-3, rel=1e-12)


@given(st.floats(0, 1))
def test_a_part_leaves_with_all_its_gases(cube, part):
    """What is left of each gas is what is left of the fuel; other cells, and where nothing is counted, stay."""
    cells = cells_of(cube, ("industry", "coke"), ("thermal_power", "coke"))
    made = pass_on(cube, "steel", cells, part)
    np.testing.assert_allclose(
        made.activity[cells], cube.activity[cells] * (1 - part), rtol=1e-12, atol=1e-9
    )
    np.testing.assert_allclose(
        made.emissions.values[cells],
        cube.emissions.values[cells] * (1 - part),
        rtol=1e-9,
        atol=1e-9,
    )
    others = np.ones(cube.activity.shape, bool)
    others[cells] = False
    np.testing.assert_array_equal(made.emissions.values[others], cube.emissions.values[others])
    ((source, less),) = made.passed_on
    assert source == "steel"
    assert less[cells].tolist() == (cube.activity[cells] * part).tolist()
    assert less.sum() == less[cells].sum()


def test_two_sources_take_one_after_the_other(cube):
    """Half, and half of what is left: a quarter burns; both are held by name."""
    cells = cells_of(cube, ("industry", "coke"))
    made = pass_on(pass_on(cube, "steel", cells, 0.5), "ferroalloys", cells, 0.5)
    assert made.activity[cells].item() == pytest.approx(cube.activity[cells].item() / 4)
    assert [(name, less[cells].item()) for name, less in made.passed_on] == [
        ("steel", 25e4),
        ("ferroalloys", 12.5e4),
    ]


def test_all_of_a_fuel_leaves_a_zero_and_no_number_stays_none(cube):
    """What is counted elsewhere whole emits nothing here; a cell without a number has none after."""
    cells = cells_of(cube, ("industry", "coke"), ("construction", "natural_gas"))
    made = pass_on(cube, "steel", cells, 1.0)
    assert (made.emissions.values[cells][0] == 0).all()
    assert np.isnan(made.emissions.values[cells][1]).all()


def test_a_tonne_that_is_left_emits_as_any_other():
    """Half of two tonnes of coke: what the first tonne emits."""
    cube = inventory_of({"industry": {"coke": 2e-4}})
    cells = cells_of(cube, ("industry", "coke"))
    made = pass_on(cube, "steel", cells, 0.5)
    assert made.activity[cells].tolist() == [1]
    np.testing.assert_allclose(made.emissions.values[cells], cube.emissions.values[cells] / 2)
