"""The numbers of a cube as products of an activity and factor rows."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from carbonacct.inventory.factor_cells import IndexShare
from carbonacct.sectors.energy.energy_factor_cells import list_factor_cells
from tests.sectors.energy.made_balances import inventory_of

ROWS = {
    "production": {"raw_coal": 10},
    "industry": {"raw_coal": 50, "diesel": 5, "natural_gas": 2, "electricity": 4},
    "transport": {"diesel": 7},
    "thermal_power": {"raw_coal": -20},
}


@pytest.mark.parametrize("method", ["ipcc-2006", "provincial-2011", "ceads"])
@pytest.mark.parametrize("gas", ["CO2", "CH4"])
def test_an_activity_times_its_rows_is_the_number(method, gas):
    """In units of the rows: the ratio of number and product is one for all cells of a product, whatever burns it."""
    inventory = inventory_of(ROWS, method=method, gases=["all"])
    if gas not in inventory.gases:
        return
    found = list_factor_cells(inventory, 1, gas)
    values = np.array([row.value for row in found.rows])
    factors = np.where(found.row >= 0, values[found.row] ** found.power, 1.0).prod(axis=1)
    balance, cells = inventory.balance, found.cells
    activity = np.array(
        [
            abs(balance.amounts.sel(flow=cell.flow, product=cell.product).item())
            for cell in cells.itertuples()
        ]
    )
    for _, own in cells.assign(ratio=cells["value"] / factors / activity).groupby(
        "product", observed=True
    ):
        assert own["ratio"].to_numpy() == pytest.approx(own["ratio"].iloc[0])
    assert (
        len(found.rows) == len(found.asked) == len({(row.place, row.value) for row in found.rows})
    )
    total = inventory.total(gas=gas).item().magnitude
    assert cells["value"].sum() == pytest.approx(total)
    assert set(cells["gas"]) == {gas}
    assert dict(zip(cells["flow"], cells["category"], strict=True)) == {
        "industry": "1.A.2",
        "transport": "1.A.3",
        "thermal_power": "1.A.1.a.i",
    }


def test_rows_are_told_once_with_the_product_that_was_asked():
    """IPCC 2006: raw coal counts as bituminous; diesel of two rows has the same two rows of factors."""
    found = list_factor_cells(inventory_of(ROWS), 1, "CO2")
    labels = found.cells[["flow", "product"]].astype(str).agg(" ".join, axis=1).tolist()
    steps = {
        label: [
            (found.rows[at].parameter, found.asked[at], float(power))
            for at, power in zip(row, powers, strict=True)
        ]
        for label, row, powers in zip(labels, found.row, found.power, strict=True)
    }
    assert steps["transport diesel"] == steps["industry diesel"]
    assert steps["transport diesel"] == [
        ("net_calorific_value", "diesel", 1),
        ("emission_factor", "diesel", 1),
    ]
    assert {asked for _, asked, _ in steps["thermal_power raw_coal"]} == {"bituminous_coal"}
    assert found.row.dtype == np.int32
    assert found.power.dtype == np.int8
    assert found.shares == {}
    years = found.cells["year"].cat.categories
    assert (years.dtype, years.tolist()) == (np.int64, [2022])


def test_chains_of_different_length_stand_side_by_side():
    """CEADs has emission factors of gases, four factors of oil: what a cell has no step of is -1."""
    rows = {"industry": {"coke_oven_gas": 1, "diesel": 2}}
    found = list_factor_cells(inventory_of(rows, method="ceads"), 1, "CO2")
    steps = dict(zip(found.cells["product"], found.row.tolist(), strict=True))
    assert [(at, found.rows[at].parameter) for at in steps["coke_oven_gas"][:1]] == [
        (steps["coke_oven_gas"][0], "emission_factor")
    ]
    assert steps["coke_oven_gas"][1:] == [-1, -1, -1]
    assert [found.rows[at].parameter for at in steps["diesel"]] == [
        "net_calorific_value",
        "carbon_content",
        "oxidation_factor",
        "carbon_to_co2",
    ]
    assert found.row.shape == (2, 4)


def test_an_amount_in_units_of_energy_needs_no_calorific_value():
    """Beside one in tonnes: that step has no row, the factor of emissions is the same."""
    units = {"raw_coal": "百亿千焦"}
    found = list_factor_cells(
        inventory_of({"industry": {"raw_coal": 1, "diesel": 2}}, units=units), 1, "CO2"
    )
    names = {
        product: [found.rows[at].parameter if at >= 0 else "" for at in row]
        for product, row in zip(found.cells["product"], found.row, strict=True)
    }
    assert names == {
        "raw_coal": ["", "emission_factor"],
        "diesel": ["net_calorific_value", "emission_factor"],
    }


@pytest.mark.parametrize(
    ("share", "has_spread", "is_told"),
    [
        (0.25, True, True),
        (1.5, True, True),
        (0.25, False, False),
        (0.0, True, False),
        (math.inf, True, False),
    ],
)
def test_the_share_of_an_index_is_told_where_others_differ(share, has_spread, is_told):
    """Of the cell that it scaled, with the least and the largest that other indices give."""
    inventory = inventory_of({"industry": {"diesel": 1}, "transport": {"diesel": 2}})
    scaled = SimpleNamespace(
        index="gdp", share=share, share_low=0.2, share_high=2.0, has_spread=has_spread
    )
    cells = {("重庆", 2022, "transport", "diesel"): scaled}
    origins = SimpleNamespace(find=lambda *cell: cells.get(cell))
    found = list_factor_cells(
        replace(inventory, balance=replace(inventory.balance, origins=origins)), 1, "CO2"
    )
    at = found.cells["flow"].tolist().index("transport")
    assert found.shares == ({at: IndexShare("gdp", share, 0.2, 2.0)} if is_told else {})


def test_a_step_that_divides_has_the_power_minus_one():
    """A balance in coal equivalent comes to tonnes by its coefficient, and from there as any."""
    units = dict.fromkeys(["raw_coal", "diesel"], "万吨标准煤")
    rows = {"industry": {"raw_coal": 50, "diesel": 5}}
    found = list_factor_cells(inventory_of(rows, method="provincial-2011", units=units), 1, "CO2")
    powers = {
        (found.rows[at].parameter, int(power))
        for row, powers in zip(found.row, found.power, strict=True)
        for at, power in zip(row, powers, strict=True)
        if at >= 0
    }
    assert ("carbon_content", 1) in powers
    assert {power for name, power in powers if name == "coal_equivalent_coefficient"} <= {-1}


def test_some_cells_may_be_asked_for():
    """By their places in the cube, of the gas that is asked for."""
    inventory = inventory_of(ROWS, gases=["all"])
    whole = list_factor_cells(inventory, 1, "N2O")
    g, flows = inventory.gases.index("N2O"), inventory.balance.flows
    places = np.arange(inventory.emissions.size).reshape(inventory.emissions.shape)
    only = places[0, 0, flows.index("transport")].ravel()
    found = list_factor_cells(inventory, 1, "N2O", only)
    assert set(found.cells["flow"]) == {"transport"}
    assert found.cells["value"].sum() == whole.cells.query("flow == 'transport'")["value"].sum()
    other = only[only % len(inventory.gases) != g]
    assert len(list_factor_cells(inventory, 1, "N2O", other).cells) == 0
