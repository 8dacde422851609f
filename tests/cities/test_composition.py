"""Balance tables of a city put together, worked by hand: balancing rows, plants and production."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.amounts.origins import CellOrigin
from carbonacct.cities.composition import Composition
from carbonacct.cities.own_tables import CityCell
from carbonacct.errors import TableError


def city(**values):
    """Return a city of one year: ``industry__diesel=5``; a dot of a flow is ``_at_``."""
    made = Composition.start(["甲市"], [2019], None, None)
    made.replace(0, 0, cells(**values))
    return made


def cells(**values):
    """Return cells by row and product, each in the unit of its product."""
    units = {"electricity": "kWh", "heat": "GJ", "natural_gas": "m3", "total_energy": "tce"}
    found = {}
    for name, value in values.items():
        key = tuple(name.replace("_at_", ".").split("__"))
        found[key] = CityCell(
            value, units.get(key[1], "t"), CellOrigin("printed", "gamma", source=name)
        )
    return found


def province(**values):
    """Return the balance of a province."""
    rows = [("某省", 2019, *key, cell.value, cell.unit) for key, cell in cells(**values).items()]
    return ca.make_balance(
        pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value", "unit"])
    )


def supply(made):
    """Return what is brought in and out, by row and product."""
    held = made.held(0, 0)
    return {
        "/".join(key): cell.value
        for key, cell in held.items()
        if key[0] in ("moved_in", "moved_out")
    }


def test_what_is_put_in_is_held_and_takes_the_place_of_all():
    """With its origin; a product in two units stops."""
    made = city(industry__diesel=5.0, farming__coke=2.0)
    assert {key: cell.value for key, cell in made.held(0, 0).items()} == {
        ("industry", "diesel"): 5.0,
        ("farming", "coke"): 2.0,
    }
    assert made.held(0, 0)["farming", "coke"].origin.source == "farming__coke"
    made.replace(0, 0, cells(transport__diesel=1.0))
    assert {key: cell.value for key, cell in made.held(0, 0).items()} == {
        ("transport", "diesel"): 1.0
    }
    with pytest.raises(
        TableError, match="x: diesel is in tce here and in t elsewhere; give it in t"
    ):
        made.replace(
            0,
            0,
            {
                ("industry", "diesel"): CityCell(
                    1.0, "tce", CellOrigin("printed", "gamma", source="x")
                )
            },
        )


def test_use_less_what_is_made_is_brought_in():
    """Rows inside others count once, as textile in industry.

    What a plant takes in is negative; production has a row of its own.
    """
    made = city(
        industry__diesel=50.0,
        industry_at_textile__diesel=20.0,
        transport__diesel=30.0,
        losses__diesel=1.0,
        thermal_power__diesel=-9.0,
        production__diesel=40.0,
    )
    made.derive_supply(province(industry__diesel=500.0, industry_at_textile__diesel=90.0))
    assert supply(made) == {"moved_in/diesel": 50 + 30 + 1 + 9 - 40}
    origin = made.held(0, 0)["moved_in", "diesel"].origin
    assert (origin.how, origin.source) == (
        "derived",
        "use + losses - transformation - production: the balancing row",
    )


@pytest.mark.parametrize(
    ("own", "whole", "expected"),
    [
        (
            {"industry__diesel": 5.0, "production__diesel": 8.0},
            {"industry__diesel": 9.0},
            {"moved_out/diesel": -3.0},
        ),
        (
            {"industry__diesel": 5.0, "production__diesel": 5.0},
            {"industry__diesel": 9.0},
            {"moved_in/diesel": 0.0},
        ),
        (
            {"industry__diesel": 5.0},
            {"industry__diesel": 9.0, "transport__diesel": 1.0},
            {"moved_in/diesel": 5.0},
        ),
        (
            {"industry__diesel": 5.0, "transport__diesel": np.nan},
            {"industry__diesel": 9.0, "transport__diesel": 1.0},
            {},
        ),
        (
            {"industry__diesel": 5.0, "transport__diesel": np.nan},
            {"industry__diesel": 9.0},
            {"moved_in/diesel": 5.0},
        ),
        ({"industry__diesel": np.nan}, {"industry__coke": 9.0}, {}),
        (
            {"industry__diesel": 5.0, "imports__diesel": 4.0},
            {"industry__diesel": 9.0},
            {},
        ),  # the city prints its supply
        ({"production__diesel": 5.0}, {"industry__diesel": 9.0}, {}),
        ({"industry__total_energy": 5.0}, {"industry__diesel": 9.0}, {}),
    ],
)
def test_supply_is_derived_where_each_use_has_a_number(own, whole, expected):
    """Of the uses that the province has; a surplus is moved out; the sum of all energy has no supply."""
    made = city(**own)
    made.derive_supply(province(**whole))
    assert supply(made) == expected


def test_without_a_province_fuels_have_no_derived_supply():
    """Nobody knows which uses lack; of electricity generation by plants is enough."""
    made = city(industry__diesel=5.0, industry__electricity=70.0, thermal_power__electricity=50.0)
    made.derive_supply(None)
    assert supply(made) == {"moved_in/electricity": 20.0}


@pytest.mark.parametrize(
    ("own", "whole", "expected"),
    [
        ({}, {"industry__electricity": 900.0}, {}),  # nothing says what is generated
        (
            {"thermal_power__electricity": 50.0},
            {"industry__electricity": 900.0},
            {"moved_in/electricity": 20.0},
        ),
        (
            {"thermal_power__electricity": 50.0},
            {"industry__electricity": 900.0, "production__electricity": 10.0},
            {},
        ),
        (
            {"thermal_power__electricity": 50.0, "production__electricity": 5.0},
            {"industry__electricity": 900.0, "production__electricity": 10.0},
            {"moved_in/electricity": 15.0},
        ),
        (
            {"thermal_power__electricity": 50.0},
            {"industry__electricity": 900.0, "production__electricity": 0.0},
            {"moved_in/electricity": 20.0},
        ),
        (
            {"thermal_power__electricity": 90.0},
            {"industry__electricity": 900.0},
            {"moved_out/electricity": -20.0},
        ),
    ],
)
def test_electricity_is_brought_in_where_generation_is_known(own, whole, expected):
    """By plants; and without fuel too, where the province has any."""
    made = city(industry__electricity=70.0, **own)
    made.derive_supply(province(**whole))
    assert supply(made) == expected
