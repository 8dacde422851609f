"""Energy and carbon of one unit of a product, by hand: the factors of the documents multiplied."""

from __future__ import annotations

import math

import numpy as np
import pytest

from carbonacct.sectors.energy.product_measures import (
    find_carbon,
    find_energy,
    list_carriers,
    list_rates,
    measure_carbon,
    measure_energy,
)
from carbonacct.sectors.energy.table_facts import (
    build_chains,
    find_leaves,
    find_supply,
    is_plant,
    list_feedstock_rows,
    measure_cells,
)
from tests.sectors.energy.made_balances import inventory_of

ROWS = {
    "production": {"raw_coal": 10, "natural_gas": 3},
    "industry": {
        "raw_coal": 50,
        "diesel": 5,
        "natural_gas": 2,
        "heat": 1,
        "electricity": 4,
        "other_energy": 2,
    },
    "transport": {"diesel": 7},
}
# GJ per t, m3, t, GJ, kWh and tce. Provincial guidelines (2011), table 1.7 and annex; IPCC 2006, Vol. 2, table 1.2.
ENERGY = {
    "provincial-2011": {"raw_coal": 20.908, "natural_gas": 0.038931, "diesel": 42.652},
    "ipcc-2006": {"raw_coal": 20.908, "natural_gas": 0.038931, "diesel": 43.0},
}
# t C per TJ: provincial guidelines, table 1.5; CO2 of IPCC 2006, Vol. 2, table 2.3, kg per TJ. Nothing of oxidation.
CARBON = {
    "provincial-2011": {
        "raw_coal": 20.908 * 26.1e-3 * 44 / 12,
        "natural_gas": 0.038931 * 15.32e-3 * 44 / 12,
        "diesel": 42.652 * 20.2e-3 * 44 / 12,
    },
    "ipcc-2006": {
        "raw_coal": 20.908 * 94.6e-3,
        "natural_gas": 0.038931 * 56.1e-3,
        "diesel": 43.0 * 74.1e-3,
    },
}


@pytest.mark.parametrize("method", sorted(ENERGY))
def test_one_unit_by_hand(method):
    """What is energy by its unit needs no factor: GJ, kWh (0.0036 GJ) and tce (29.3076 GJ)."""
    inventory = inventory_of(ROWS, method=method)
    products = inventory.balance.products
    energy = ENERGY[method] | {"heat": 1, "electricity": 0.0036, "other_energy": 29.3076}
    carbon = CARBON[method] | dict.fromkeys(["heat", "electricity", "other_energy"], math.nan)
    assert dict(zip(products, measure_energy(inventory)[0, 0], strict=True)) == pytest.approx(
        energy
    )
    assert dict(zip(products, measure_carbon(inventory)[0, 0], strict=True)) == pytest.approx(
        carbon, nan_ok=True
    )
    assert find_energy(inventory) is find_energy(inventory)
    assert list_carriers(inventory) == ["raw_coal", "natural_gas", "diesel"]


def test_the_factors_behind_a_measure_are_its_product():
    """No oxidation, which says what burns; none of what a unit alone says."""
    inventory = inventory_of(ROWS, method="provincial-2011")
    carbon, energy = find_carbon(inventory), find_energy(inventory)
    steps = list_rates(carbon, inventory, "重庆", 2022, product="raw_coal")
    assert [(step.row.parameter, step.row.value) for step in steps] == [
        ("net_calorific_value", 20908),
        ("carbon_content", 26.1),
        ("carbon_to_co2", 44 / 12),
    ]
    assert [
        step.row.value for step in list_rates(energy, inventory, "重庆", 2022, product="diesel")
    ] == [42652]
    for measure in (carbon, energy):
        assert list_rates(measure, inventory, "重庆", 2022, product="electricity") == ()
        assert measure.chain[0, 0].tolist() == [0, 0, 0, -1, -1, -1]


def test_rows_that_do_not_burn_come_first():
    """The sectors' own factors may be of other fuels of that name; CEADs has carbon of coal by its second chain."""
    inventory = inventory_of(ROWS, method="ceads")
    carbon = find_carbon(inventory)
    flows, products = inventory.balance.flows, inventory.balance.products
    coal, oil = products.index("raw_coal"), products.index("diesel")
    assert flows[carbon.flow[0, 0, coal]] == "production"
    assert carbon.chain[0, 0, coal] == 1
    assert carbon.per_unit[0, 0, coal] == pytest.approx(20.908 * 23.87e-3 * 44.0095 / 12.0107)
    assert carbon.per_unit[0, 0, oil] == pytest.approx(42.652 * 20.2e-3 * 44.0095 / 12.0107)
    # Coke oven gas has an emission factor, by the first chain; carbon content as well, by the second.
    gas = inventory_of(
        {"production": {"coke_oven_gas": 1}, "industry": {"coke_oven_gas": 2}}, method="ceads"
    )
    assert find_carbon(gas).chain.tolist() == [[[0]]]
    ipcc = inventory_of(dict(reversed(ROWS.items())), method="ipcc-2006")
    rows = {ipcc.balance.flows[row] for row in find_carbon(ipcc).flow[0, 0]}
    assert "production" in rows
    assert not rows & {"industry", "transport"}


def test_what_reports_ask_of_the_table():
    """Which cells count, which rows are plants, feedstock and supply, energy by cell and the chains of CO2."""
    rows = {
        "industry": {"raw_coal": 9},
        "industry.textile": {"raw_coal": 5},
        "feedstock": {"raw_coal": 1},
    }
    rows = {"primary_supply": {"raw_coal": 20}, "thermal_power": {"raw_coal": -7}} | rows
    inventory = inventory_of(rows, method="provincial-2011")
    flows = inventory.balance.flows
    assert [flow for flow in flows if is_plant(inventory, flow)] == ["thermal_power"]
    assert list_feedstock_rows(inventory) == ["feedstock"]
    assert flows[find_supply(inventory)] == "primary_supply"
    assert np.allclose(measure_cells(inventory), 20.908)
    counts = dict(zip(flows, find_leaves(inventory)[0, 0, :, 0].tolist(), strict=True))
    assert (counts["industry.textile"], counts["industry"]) == (True, False)
    (chain,) = build_chains(inventory, ["raw_coal"])
    assert chain.parameters == (
        "net_calorific_value",
        "carbon_content",
        "oxidation_factor",
        "carbon_to_co2",
    )
