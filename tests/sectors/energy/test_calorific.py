"""Energy per unit: one function for tables in TJ, quality checks and diagrams."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.sectors.energy.calorific import find_energy_per_unit
from carbonacct.sectors.energy.energy_official import fill_tables
from carbonacct.sectors.energy.product_measures import measure_energy
from carbonacct.sectors.energy.quality import _measure_totals
from tests.sectors.energy.building import table


def test_columns_of_energy_need_no_calorific_value(tmp_path):
    """kWh, GJ and coal equivalent are energy already; a fuel takes its calorific value; what has none has no number."""
    balance = table(
        tmp_path,
        {
            "industry": {
                "raw_coal": 1,
                "electricity": 1,
                "heat": 1,
                "other_energy": 1,
                "diesel": 1,
                "lng": 1,
            }
        },
    )
    energy = find_energy_per_unit(balance, ca.load_method("provincial-2011"))
    assert energy.shape == balance.amounts.shape
    seen = dict(zip(balance.products, energy[0, 0, 0], strict=True))
    assert seen == pytest.approx(
        {
            "raw_coal": 20.908,
            "electricity": 0.0036,
            "heat": 1.0,
            "other_energy": 29.3076,
            "diesel": 42.652,
            "lng": 51.498,
        }
    )
    assert np.isnan(
        find_energy_per_unit(balance, ca.load_method("ceads"))[..., balance.products.index("lng")]
    ).all()


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006", "ceads"])
def test_the_table_the_checks_and_the_diagrams_agree(method):
    """The energy burnt is one number in table 1.A(a), in the quality checks and by the values of the diagrams."""
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method=method)
    table_1a = fill_tables(inventory, tables=["1.A(a)"])["1.A(a)"]
    burnt = inventory.amount * inventory.share - inventory.deduction
    direct = burnt * measure_energy(inventory)[:, :, None]
    counted = ~np.isnan(inventory.emissions.values[..., 0])
    total = float(np.nansum(direct[counted]))
    assert table_1a.set_index(["category", "fuel_group"]).loc[
        ("1.A", "total"), "consumption_tj"
    ] * 1e3 == pytest.approx(total, rel=1e-12)
    assert _measure_totals([inventory])["energy"].item() == pytest.approx(total, rel=1e-12)
