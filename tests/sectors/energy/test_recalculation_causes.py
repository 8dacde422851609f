"""Why an inventory changed, by hand: both sides of a product change by the mean of the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.sectors.energy.recalculation_causes import _read_printed, explain_recalculation
from tests.sectors.energy.made_balances import balance_of, inventory_of, panel_of

TERMS = ["data", "factor", "method", "metric"]
# IPCC 2006, Vol. 2: diesel 43.0 GJ/t; 74.1 kg CO2/GJ, 3.9 kg CH4/TJ on the road (table 3.2.2);
# 100-year metrics of AR4 and AR5.
DIESEL, METHANE = 43.0 * 74.1e-3, 43.0 * 3.9e-6
AR4, AR5 = 25, 28


def of_diesel(amount, flow="transport", **options):
    """Return an inventory of some 10^4 t of diesel."""
    return inventory_of({flow: {"diesel": amount}}, **options)


def causes(before, after, flow="transport", product="diesel", **options):
    """Return the causes of the change of a cell."""
    found = (
        explain_recalculation(before, after, **options)
        .set_index(["flow", "product"])
        .loc[(flow, product)]
    )
    assert found[TERMS].sum() == pytest.approx(found["change"], rel=1e-9, abs=1e-6)
    assert found["change"] == pytest.approx(found["after"] - found["before"], rel=1e-9, abs=1e-6)
    return found[["before", "after", *TERMS]].astype(float).to_dict()


def test_another_number_is_data():
    """10 to 12 with one factor."""
    found = causes(of_diesel(10), of_diesel(12))
    assert found == {
        "before": pytest.approx(1e5 * DIESEL),
        "after": pytest.approx(1.2e5 * DIESEL),
        "data": pytest.approx(2e4 * DIESEL),
        "factor": pytest.approx(0, abs=1e-6),
        "method": 0,
        "metric": pytest.approx(0, abs=1e-6),
    }


@pytest.mark.parametrize("size", [1.0, 1e-5])  # 10^5 t, and one tonne
def test_number_and_method_at_once_share_what_they_change_together(size):
    """Data is the change of the amount at the mean factor, method that of the factor at the mean amount."""
    before, after = of_diesel(10 * size), of_diesel(12 * size, method="ceads")
    other = after.total().item().magnitude / (12e4 * size)
    assert other != pytest.approx(DIESEL, rel=1e-3)
    found = causes(before, after)
    assert found["data"] == pytest.approx(2e4 * size * (DIESEL + other) / 2)
    assert found["method"] == pytest.approx((other - DIESEL) * (10e4 + 12e4) * size / 2)
    assert found["factor"] == 0


def test_a_number_in_another_unit_is_data():
    """Tonnes become tonnes of coal equivalent: no factor is comparable, and the whole change is data."""
    after = ca.compile_inventory(
        balance_of({"transport": {"diesel": 15}}, units={"diesel": "万吨标准煤"}),
        method="ipcc-2006",
    )
    found = causes(of_diesel(10), after)
    assert found["data"] == pytest.approx(found["after"] - found["before"])
    assert found["after"] == pytest.approx(15e4 / 1.4571 * DIESEL, rel=1e-4)
    assert [found[term] for term in TERMS[1:]] == pytest.approx([0, 0, 0], abs=1e-6)


@pytest.mark.parametrize("turned", [False, True])
def test_a_new_row_is_data_at_its_own_factor(turned):
    """What was not there had no factor: all of it is data; what goes likewise."""
    sides = [of_diesel(10), inventory_of({"transport": {"diesel": 10}, "farming": {"diesel": 3}})]
    found = causes(*(sides[::-1] if turned else sides), flow="farming")
    assert found["data"] == pytest.approx((-1 if turned else 1) * 3e4 * DIESEL)
    assert found["before" if turned else "after"] == pytest.approx(3e4 * DIESEL)
    assert [found[term] for term in TERMS[1:]] == pytest.approx([0, 0, 0], abs=1e-6)


def test_a_zero_that_becomes_a_number_is_data():
    """Nothing used has no factor of its own: the other's stands for it."""
    assert causes(of_diesel(0), of_diesel(3))["data"] == pytest.approx(3e4 * DIESEL)
    assert causes(of_diesel(3), of_diesel(0))["data"] == pytest.approx(-3e4 * DIESEL)
    assert causes(of_diesel(0), of_diesel(0)) == dict.fromkeys(["before", "after", *TERMS], 0)


def test_another_metric_weighs_the_mean_of_both_versions():
    """Methane 25 to 28 (AR4 and AR5, 100 years), and 10 to 12 of diesel at once."""
    before, after = (of_diesel(amount, gases=["CH4"]) for amount in (10, 12))
    found = causes(before, after, metrics=("AR4GWP100", "AR5GWP100"))
    tonnes = [amount * METHANE for amount in (1e5, 1.2e5)]
    assert found["before"] == pytest.approx(tonnes[0] * AR4)
    assert found["after"] == pytest.approx(tonnes[1] * AR5)
    assert found["data"] == pytest.approx((tonnes[1] - tonnes[0]) * (AR4 + AR5) / 2)
    assert found["metric"] == pytest.approx((AR5 - AR4) * (tonnes[0] + tonnes[1]) / 2)


def test_a_metric_on_one_side_alone_is_that_of_tonnes():
    """Without a metric each gas stays in its own tonnes, and the metric changes nothing."""
    before, after = (of_diesel(amount, gases=["CO2", "CH4"]) for amount in (10, 12))
    table = explain_recalculation(before, after, gas="CH4")
    assert table["gas"].unique().tolist() == ["CH4"]
    assert table["after"].item() == pytest.approx(1.2e5 * METHANE)
    both = explain_recalculation(before, after, metrics=("AR5GWP100", "AR5GWP100"))
    assert both["gas"].to_list() == ["CO2", "CH4"]
    assert both["metric"].abs().max() < 1e-9


def test_the_same_number_under_other_rules_is_method():
    """Feedstock that one version counts as burnt: the table is the same, the activity is not."""
    rows = {"industry": {"natural_gas": 10}, "feedstock": {"natural_gas": 4}}
    before, after = inventory_of(rows), inventory_of(rows, feedstock_counts=["natural_gas"])
    found = causes(before, after, flow="industry", product="natural_gas")
    assert found["after"] / found["before"] == pytest.approx(10 / 6)
    assert found["method"] == pytest.approx(found["after"] - found["before"])
    assert found["data"] == 0


def test_areas_and_years_are_apart():
    """A number that moves from one area to another is a change of both."""
    tables = [
        {
            (area, year): {"transport": {"diesel": amount}}
            for (area, year), amount in amounts.items()
        }
        for amounts in (
            {("重庆", 2020): 10, ("四川", 2020): 5, ("重庆", 2021): 7},
            {("重庆", 2020): 9, ("四川", 2020): 6, ("重庆", 2021): 7},
        )
    ]
    before, after = (ca.compile_inventory(panel_of(one), method="ipcc-2006") for one in tables)
    found = explain_recalculation(before, after).set_index(["area", "year"])["data"]
    assert found["重庆", 2020] == pytest.approx(-1e4 * DIESEL)
    assert found["四川", 2020] == pytest.approx(1e4 * DIESEL)
    assert found["重庆", 2021] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("dim", ["area", "year", "flow", "product"])
def test_a_cell_of_another_table_prints_nothing_here(dim):
    """One label that the table does not have is enough; the last row or column does not stand for it."""
    inventory = inventory_of(
        {"industry": {"diesel": 1, "coke": 2}, "transport": {"diesel": 3, "coke": 4}}
    )
    amounts = inventory.balance.amounts
    own = {name: amounts[name].values.tolist()[0] for name in amounts.dims}
    other = own | {dim: {"year": 1999}.get(dim, "elsewhere")}
    found = _read_printed(inventory, pd.DataFrame([own, other, own]))
    np.testing.assert_array_equal(
        found, [amounts.values[0, 0, 0, 0], np.nan, amounts.values[0, 0, 0, 0]]
    )
