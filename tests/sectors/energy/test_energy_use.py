"""What areas use of energy, each amount once: sums over flows and products, and the rate of power plants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import MethodError
from carbonacct.sectors.energy.energy_use import EnergyNeed, EnergyUse, list_energy_use
from tests.sectors.energy.building import table
from tests.sectors.energy.made_balances import balance_of, inventory_of, panel_of

# 10^4 tce of 10^4 t and of 10^8 kWh: GB/T 2589-2020, tables A.1 and A.2.
COAL, DIESEL, POWER = 0.7143, 1.4571, 1.229
FINAL = ("final_consumption",)
ROWS = {
    "production": {"electricity": 3},
    "moved_in": {"electricity": 10, "raw_coal": 200},
    "moved_out": {"electricity": -4},
    "thermal_power": {"raw_coal": -100, "electricity": 25},
    "losses": {"electricity": 1},
    "industry": {"raw_coal": 50, "electricity": 20, "diesel": 4},
    "feedstock": {"raw_coal": 30},
    "transport": {"diesel": 6},
    "households_urban": {"electricity": 13},
}


def use_of(rows, **options):
    """Return the use of one table."""
    (found,) = list_energy_use(balance_of(rows, **options))
    return found


def quantity(rows, flows, products, unit="1e4 t"):
    """Return an amount, and what lacks where it is none."""
    found = use_of(rows).sum_quantities(EnergyNeed(flows, products, unit))
    return found.values.item(), found.lacking.item()


@pytest.mark.parametrize(
    ("flows", "products", "unit", "amount"),
    [
        (
            FINAL,
            ("raw_coal",),
            "1e4 t",
            50.0,
        ),  # feedstock is a part of industry that is printed beside it
        (FINAL, ("raw_coal",), "t", 500_000.0),
        (FINAL, ("raw_coal", "diesel"), "1e4 t", 60.0),
        (("industry",), ("diesel",), "1e4 t", 4.0),
        (("transport", "industry"), ("diesel",), "1e4 t", 10.0),
        (("industry", *FINAL), ("diesel",), "1e4 t", 10.0),  # what two of them hold counts once
        (("thermal_power",), ("raw_coal",), "1e4 t", -100.0),
        (("-transformation",), ("raw_coal",), "1e4 t", 100.0),
        ((*FINAL, "-transformation"), ("raw_coal",), "1e4 t", 150.0),
        ((*FINAL, "losses"), ("electricity",), "1e8 kWh", 34.0),
        (("moved_in", "moved_out"), ("electricity",), "1e8 kWh", 6.0),
        (FINAL, ("electricity",), "TJ", 33 * 360.0),  # 10^8 kWh are 360 TJ
    ],
)
def test_amounts_by_flow_and_product(flows, products, unit, amount):
    """A row with its parts, each number once, in the unit that is asked for."""
    assert quantity(ROWS, flows, products, unit) == (pytest.approx(amount, rel=1e-12), "")


@pytest.mark.parametrize(
    ("flows", "products", "lacking"),
    [
        (("farming",), ("diesel",), "diesel"),
        (FINAL, ("natural_gas",), "natural_gas"),
        (FINAL, ("natural_gas", "lng"), "natural_gas and lng"),
    ],
)
def test_a_sum_over_nothing_is_nothing(flows, products, lacking):
    """It is no zero, and says what there is no number of."""
    value, said = quantity(ROWS, flows, products)
    assert np.isnan(value)
    assert said == lacking


def test_a_table_in_coal_equivalent_has_no_quantities():
    """At which rate it was turned is not printed; what lacks is said."""
    found = use_of({"industry": {"raw_coal": 5}}, units={"raw_coal": "万吨标准煤"})
    amounts = found.sum_quantities(EnergyNeed(FINAL, ("raw_coal",), "1e4 t"))
    assert np.isnan(amounts.values.item())
    assert amounts.lacking.item() == "raw_coal in physical quantity"


def test_coal_equivalent_by_hand():
    """Final consumption and losses at calorific values; all products where none is named."""
    need = EnergyNeed((*FINAL, "losses"), (), "1e4 tce")
    fuels = EnergyNeed(FINAL, ("raw_coal", "diesel"), "1e4 tce")
    found = use_of(ROWS).sum_coal_equivalent([need, fuels], method="gb-t-2589-2020")
    wanted = [50 * COAL + 10 * DIESEL + 34 * POWER, 50 * COAL + 10 * DIESEL]
    assert [one.values.item() for one in found] == pytest.approx(wanted, rel=1e-4)
    in_tonnes = use_of(ROWS).sum_coal_equivalent(
        [EnergyNeed(FINAL, (), "tce")], method="gb-t-2589-2020"
    )[0]
    in_joules = use_of(ROWS).sum_coal_equivalent(
        [EnergyNeed(FINAL, (), "GJ")], method="gb-t-2589-2020"
    )[0]
    assert in_joules.values.item() / in_tonnes.values.item() == pytest.approx(29.3076, rel=1e-9)


@given(st.floats(0.2, 0.5))
def test_power_from_outside_and_primary_counts_at_the_rate_of_plants(rate):
    """发电煤耗法: 3 of primary electricity and 10 in less 4 out count by the difference of the rates.

    10^8 kWh x kgce/kWh = 10^5 tce.
    """
    use = use_of(ROWS)
    plain, added = (
        use.sum_coal_equivalent(
            [EnergyNeed(FINAL, (), "1e4 tce", power)], method="gb-t-2589-2020", power_rate=rate
        )[0]
        for power in ("", "added")
    )
    assert added.values.item() - plain.values.item() == pytest.approx(
        (3 + 10 - 4) * (rate * 10 - POWER), rel=1e-4, abs=1e-6
    )
    without = use.sum_coal_equivalent(
        [EnergyNeed(FINAL, (), "1e4 tce", "added")], method="gb-t-2589-2020"
    )[0]
    assert without.values.item() == plain.values.item()  # no rate: it counts at its calorific value


@pytest.mark.parametrize(
    ("rate", "is_refused"), [(0.19, True), (0.2, False), (0.5, False), (0.51, True), (300, True)]
)
def test_a_rate_is_one_of_power_plants(rate, is_refused):
    """0.2 to 0.5 kgce/kWh: 300 is in grams."""
    need = [EnergyNeed(FINAL, (), "tce", "added")]
    if not is_refused:
        assert use_of(ROWS).sum_coal_equivalent(need, method="gb-t-2589-2020", power_rate=rate)
        return
    with pytest.raises(
        MethodError, match=rf"power rate {rate:g} kgce/kWh, expected from 0\.2 to 0\.5; write 300 g"
    ):
        use_of(ROWS).sum_coal_equivalent(need, method="gb-t-2589-2020", power_rate=rate)


PRIMARY = EnergyNeed((), (), "1e4 tce", "primary")


@pytest.mark.parametrize(
    ("rows", "rate", "amount", "lacking"),
    [
        ({"production": {"electricity": 3}}, 0.3, 9.0, ""),
        ({"production": {"electricity": 3}}, None, None, "the power rate (kgce/kWh)"),
        ({"production": {"electricity": 3}, "moved_in": {"electricity": 0}}, 0.3, 9.0, ""),
        # Of a mix from outside nobody knows which part is primary, whatever goes back out.
        (
            {"production": {"electricity": 3}, "moved_in": {"electricity": 5}},
            0.3,
            None,
            "the mix of electricity from and to outside",
        ),
        (
            {
                "production": {"electricity": 3},
                "moved_in": {"electricity": 5},
                "moved_out": {"electricity": -5},
            },
            0.3,
            None,
            "the mix of electricity from and to outside",
        ),
        (
            {"production": {"electricity": 3}, "moved_in": {"electricity": 1e-6}},
            0.3,
            None,
            "the mix of electricity from and to outside",
        ),
        ({"thermal_power": {"electricity": 3, "raw_coal": -1}}, 0.3, None, "primary electricity"),
        ({"production": {"raw_coal": 3}}, 0.3, None, "electricity in physical quantity"),
    ],
)
def test_primary_electricity_of_the_area(rows, rate, amount, lacking):
    """Water and wind of the area at the rate of plants: 10^8 kWh x 0.3 kgce are 3 x 10^4 tce."""
    used = use_of(rows | {"industry": {"raw_coal": 1}})
    (found,) = used.sum_coal_equivalent([PRIMARY], method="gb-t-2589-2020", power_rate=rate)
    assert found.lacking.item() == lacking
    if amount is None:
        assert np.isnan(found.values.item())
    else:
        assert found.values.item() == pytest.approx(amount)
        assert found.list_cells(0, 0) == [""]  # read from no file


def test_a_rate_without_power_that_it_could_turn_is_refused():
    """A table without electricity, or with it in coal equivalent."""
    for rows, units in (
        ({"industry": {"raw_coal": 1}}, {}),
        ({"industry": {"electricity": 1}}, {"electricity": "万吨标准煤"}),
    ):
        with pytest.raises(
            MethodError, match="power rate: 重庆 2022 has no electricity in physical quantity"
        ):
            use_of(rows, units=units).sum_coal_equivalent(
                [EnergyNeed(FINAL, (), "tce", "added")], method="gb-t-2589-2020", power_rate=0.3
            )


def test_each_area_and_year_has_its_own_amount():
    """A panel answers by area and year; what lacks in one is there in another."""
    tables = {
        ("重庆", 2020): {"industry": {"diesel": 1}},
        ("四川", 2021): {"industry": {"diesel": 2, "lng": 3}},
    }
    (use,) = list_energy_use(panel_of(tables))
    found = use.sum_quantities(EnergyNeed(FINAL, ("diesel",), "1e4 t"))
    assert (found.areas, found.years) == (["重庆", "四川"], [2020, 2021])
    np.testing.assert_array_equal(found.values, [[1, np.nan], [np.nan, 2]])
    assert found.lacking.tolist() == [["", "diesel"], ["diesel", ""]]


def test_the_cells_of_an_amount(tmp_path):
    """Of a remainder the row that it is left of; of an amount all its cells."""
    rows = {
        "industry": {"raw_coal": 50, "diesel": 4},
        "industry.chemicals": {"raw_coal": 30},
        "transport": {"diesel": 6},
        "final_consumption": {"raw_coal": 50, "diesel": 10},
    }
    (use,) = list_energy_use(table(tmp_path, rows))
    found = use.sum_quantities(EnergyNeed(FINAL, ("raw_coal",), "1e4 t"))
    assert found.values.item() == 50.0
    assert sorted(found.list_cells(0, 0)) == ["table.csv!B3", "table.csv!B4"]
    found = use.sum_quantities(EnergyNeed(FINAL, ("diesel",), "1e4 t"))
    assert sorted(found.list_cells(0, 0)) == ["table.csv!C3", "table.csv!C5"]


def test_inventories_give_the_use_of_their_tables():
    """A record of all sectors gives that of each of its balances; one that was read from a file has none."""
    record = ca.to_inventory(inventory_of(ROWS))
    (use,) = list_energy_use(record)
    assert isinstance(use, EnergyUse)
    assert use.sum_quantities(EnergyNeed(FINAL, ("diesel",), "1e4 t")).values.item() == 10.0
    assert (
        list_energy_use(ca.Inventory(record.entries.assign(origin=-1).astype({"origin": "int32"})))
        == []
    )
