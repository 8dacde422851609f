"""A table as if it were of another year, and the factors that an inventory of it has."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.sectors.energy.other_years import list_factors, take_year
from tests.sectors.energy.made_balances import inventory_of, panel_of

TABLES = {
    ("重庆", 2020): {"transport": {"diesel": 10}},
    ("重庆", 2021): {"transport": {"diesel": 12}},
    ("四川", 2021): {"transport": {"diesel": 20}},
}


def test_one_area_and_year_under_another_year():
    """Its numbers stay, the rest and what was found in it goes."""
    balance = panel_of(TABLES)
    taken = take_year(balance, "重庆", 2021, 2007)
    assert (taken.areas, taken.years, taken.findings) == (["重庆"], [2007], ())
    assert taken.amounts.values.tolist() == [[[[12e4]]]]
    assert balance.years == [2020, 2021]
    found = ca.compile_inventory(take_year(balance, "四川", 2021, 1999), method="ipcc-2006")
    assert found.total().sel(year=1999).item().magnitude == pytest.approx(20e4 * 43.0 * 74.1e-3)


def test_the_factors_of_some_cells():
    """Of cells that the inventory has, and no others; t of the gas a tonne of fuel."""
    inventory = inventory_of(
        {"transport": {"diesel": 10}, "industry": {"wood": 2}}, gases=["CO2", "CH4"]
    )
    wanted = [
        ("transport", "diesel", "CO2"),
        ("transport", "diesel", "CH4"),
        ("transport", "diesel", "N2O"),
        ("transport", "gasoline", "CO2"),
        ("farming", "diesel", "CO2"),
    ]
    assert list_factors(inventory, wanted) == {
        ("transport", "diesel", "CO2"): pytest.approx(43.0 * 74.1e-3),
        ("transport", "diesel", "CH4"): pytest.approx(43.0 * 3.9e-6),
    }
    empty = ("transport", "wood", "CO2")
    held = inventory.factor[
        0,
        0,
        inventory.balance.flows.index("transport"),
        inventory.balance.products.index("wood"),
        0,
    ]
    assert list_factors(inventory, [empty]) == ({} if np.isnan(held) else {empty: held})
