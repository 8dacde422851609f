"""Memo items, what crosses the border of an area, and emissions by end use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import MethodError, TableError
from carbonacct.sectors.energy.end_use import allocate_to_users
from carbonacct.sectors.energy.memo import find_memo_items
from carbonacct.sectors.energy.transfers import account_transfers
from tests.sectors.energy.building import table
from tests.sectors.energy.made_balances import inventory_of

UNITS = {"kerosene": "万吨", "fuel_oil": "万吨", "wood": "万吨"}
PORT = {
    "primary_supply": {"kerosene": 30},
    "moved_in": {"kerosene": 26},
    "bunkers_abroad": {"kerosene": 9},
    "bunkers_home": {"kerosene": -5, "fuel_oil": -40},
    "final_consumption": {"kerosene": 30, "fuel_oil": 8},
    "transport": {"kerosene": 30, "fuel_oil": 8},
    "households_rural": {"wood": 4},
}


def test_refuelling_of_both_kinds_is_a_memo_item(tmp_path):
    """Kerosene 5 here and 9 abroad, fuel oil 40: 43.07 GJ/t x 71.9, 40.4 x 77.4 kg CO2/GJ; not in the total."""
    balance = table(tmp_path, PORT, units=UNITS)
    inventory = ca.compile_inventory(balance, method="ipcc-2006", gases=["all"])
    memo = find_memo_items(inventory)
    sums = memo[memo.gas == "CO2"].groupby(["category", "flow"]).value.sum()
    assert sums["1.D.1.a", "bunkers_home"] == pytest.approx(5e4 * 43.07 * 71.9e-3, rel=1e-12)
    assert ("1.D.1.a", "bunkers_abroad") not in sums  # loaded abroad: no bunker of ours
    assert sums["1.D.1.b", "bunkers_home"] == pytest.approx(4e5 * 40.4 * 77.4e-3, rel=1e-12)
    assert sums["1.D.3", "households_rural"] == pytest.approx(4e4 * 15.6 * 112e-3, rel=1e-12)
    methane = memo[(memo.gas == "CH4") & (memo.category == "1.D.1.b")].value.item()
    assert methane == pytest.approx(4e5 * 40.4 * 7e-6, rel=1e-12)  # table 3.5.3
    domestic = (30e4 - 9e4) * 43.07 * 71.9e-3 + 8e4 * 40.4 * 77.4e-3
    assert inventory.total().item().magnitude == pytest.approx(domestic, rel=1e-12)
    said = [str(finding) for finding in inventory.findings if finding.rule == "bunkers-taken-out"]
    assert said == [
        "table.csv!B5: 90,000 t of kerosene refuelled abroad is taken out of transport; it is a memo item"
    ]
    traced = ca.trace(inventory, flow="transport", product="kerosene")
    assert (traced.deduction, len(traced.where), traced.recompute()) == (9e4, 2, traced.value)


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006", "ceads"])
def test_kerosene_refuels_planes_in_every_method(tmp_path, method):
    """No method puts kerosene under ships (1.D.1.b), or fuel oil under planes (1.D.1.a)."""
    fossil = {flow: cells for flow, cells in PORT.items() if flow != "households_rural"}
    memo = find_memo_items(
        ca.compile_inventory(table(tmp_path, fossil, units=UNITS), method=method)
    )
    assert set(zip(memo["product"], memo["category"], strict=True)) == {
        ("kerosene", "1.D.1.a"),
        ("fuel_oil", "1.D.1.b"),
    }


@given(home=st.integers(0, 500), wood=st.integers(0, 500))
def test_a_memo_item_changes_no_total(tmp_path_factory, home, wood):
    """Fuel for foreign ships and CO2 of biomass are beside the total, whatever they are."""
    rows = {**PORT, "bunkers_home": {"fuel_oil": -home}, "households_rural": {"wood": wood}}
    changed = ca.compile_inventory(
        table(tmp_path_factory.mktemp("memo"), rows, units=UNITS), method="ipcc-2006"
    )
    usual = ca.compile_inventory(
        table(tmp_path_factory.mktemp("memo"), PORT, units=UNITS), method="ipcc-2006"
    )
    assert changed.total().item() == usual.total().item()


def test_more_refuelled_abroad_than_used_is_said(tmp_path):
    """The use is set to 0, and findings say what was taken out and what is left."""
    rows = {**PORT, "bunkers_abroad": {"kerosene": 31}}
    inventory = ca.compile_inventory(table(tmp_path, rows, units=UNITS), method="ipcc-2006")
    (taken,) = [finding for finding in inventory.findings if finding.rule == "bunkers-taken-out"]
    assert "300,000 t of kerosene refuelled abroad is taken out of transport" in str(taken)
    found = [finding for finding in inventory.findings if finding.rule == "bunkers-exceeds-use"]
    assert "bunkers_abroad of kerosene is 310,000 t, 10,000 more than is used" in str(found[0])
    assert inventory.by("product").sel(product="kerosene").item().magnitude == 0


# --- electricity

SHARED = {"final_consumption": {"electricity": 90}, "industry": {"electricity": 90}}


def crossing(folder, name, year=2022, **rows):
    """Return the balance of an area with electricity (10^8 kWh) that crosses its border."""
    content = {flow: {"electricity": amount} for flow, amount in rows.items()} | SHARED
    folder.mkdir()
    return table(folder, content, title=f"{name}能源平衡表(实物量)-{year}")


def test_the_net_import_rule_by_hand(tmp_path):
    """Guideline 2011, Ch. 1.6: in x factor of its grid - out x own factor; Chongqing, central grid, 2022."""
    balance = crossing(tmp_path / "a", "重庆", moved_in=100, moved_out=-30)
    found = account_transfers(balance, sources={"moved_in": "grid_central"})
    factors = found.table.set_index("flow").factor
    assert factors["moved_in"] != factors["moved_out"]
    expected = 100e8 * factors["moved_in"] - 30e8 * factors["moved_out"]
    assert found.net().emissions.item() == pytest.approx(expected, rel=1e-12)
    assert set(found.table.edition) == {"mee-grid-2022"}


def test_transfers_between_two_provinces_sum_to_zero(tmp_path):
    """What one sends to the other has one factor, that of the grid it comes from: nothing is made on the way."""
    sender = crossing(tmp_path / "s", "山西", moved_out=-250)
    taker = crossing(tmp_path / "t", "北京", moved_in=250)
    sent = account_transfers(sender, sources={"moved_out": "shanxi"}).net().emissions.item()
    taken = account_transfers(taker, sources={"moved_in": "shanxi"}).net().emissions.item()
    assert sent < 0
    assert sent + taken == 0


def test_market_based_takes_contracts_first(tmp_path):
    """GHG Protocol Scope 2, Ch. 6: 60 of 100 by contract at 0, the rest at the residual factor of 2022.

    It is 0.5856 kg/kWh.
    """
    balance = crossing(tmp_path / "m", "重庆", moved_in=100)
    contracts = pd.DataFrame(
        {"area": ["重庆"], "year": [2022], "name": ["wind"], "amount": [60e8], "factor": [0.0]}
    )
    found = account_transfers(balance, approach="market", contracts=contracts)
    assert found.net().emissions.item() == pytest.approx(40e8 * 0.5856e-3, rel=1e-12)
    chosen = account_transfers(balance, approach="market", contracts=contracts, residual=0.7e-3)
    assert chosen.net().emissions.item() == pytest.approx(40e8 * 0.7e-3, rel=1e-12)


def test_no_factor_for_the_year_leaves_no_number(tmp_path):
    """The net of a year without a factor is absent, not 0, and the finding names the years."""
    found = account_transfers(crossing(tmp_path / "n", "重庆", year=2007, moved_in=100))
    assert np.isnan(found.net().emissions.item())
    assert "years that exist: chongqing: 2021, 2022, 2023" in found.findings[0].message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sources": {"moved_out": "火星电网"}}, "no grid or area '火星电网'"),
        (
            {"sources": {"moved": "CN"}},
            "no row 'moved'; did you mean moved_in, moved_out? known: moved_in, imports, moved_out, exports",
        ),
        ({"approach": "markets"}, "no approach 'markets'; known: location, market"),
        ({"residual": 0.5}, "contracts and residual are for approach='market'"),
        (
            {
                "approach": "market",
                "contracts": pd.DataFrame(
                    {
                        "area": ["重庆"],
                        "year": [2022],
                        "name": ["wind"],
                        "amount": [101e8],
                        "factor": [0.0],
                    }
                ),
            },
            "contracts of 重庆 2022 hold 10,100,000,000 kWh, more than the 10,000,000,000 kWh that come in",
        ),
        (
            {
                "approach": "market",
                "contracts": pd.DataFrame(
                    {"area": ["重庆"], "year": [2022], "amount": [1.0], "factor": [0.0]}
                ),
            },
            "contracts have no column 'name'; they have area, year, amount, factor",
        ),
        (
            {
                "approach": "market",
                "contracts": pd.DataFrame(
                    {
                        "area": ["四川"],
                        "year": [2022],
                        "name": ["wind"],
                        "amount": [1.0],
                        "factor": [0.0],
                    }
                ),
            },
            "contract 'wind' of 四川 2022: the table has 重庆, 2022",
        ),
        (
            {
                "approach": "market",
                "contracts": pd.DataFrame(
                    {
                        "area": ["重庆"],
                        "year": [2022],
                        "name": ["wind"],
                        "amount": [np.nan],
                        "factor": [0.0],
                    }
                ),
            },
            "contract 'wind' of 重庆 2022: an amount of nan kWh at 0.0 t CO2/kWh; both must be numbers of 0 or more",
        ),
    ],
)
def test_a_wrong_word_about_electricity(tmp_path, options, message):
    """What does not exist, or cannot be, is one line."""
    with pytest.raises(MethodError) as caught:
        account_transfers(crossing(tmp_path / "w", "重庆", moved_in=100), **options)
    assert str(caught.value).startswith(message)


# --- end use

CITY = {
    "moved_in": {"electricity": 20},
    "moved_out": {"electricity": -10},
    "thermal_power": {"raw_coal": -200, "electricity": 60},
    "heating": {"raw_coal": -40, "heat": 500},
    "final_consumption": {"raw_coal": 50, "electricity": 65, "heat": 480},
    "industry": {"raw_coal": 50, "electricity": 40, "heat": 400},
    "households_urban": {"electricity": 25, "heat": 80},
}


def test_end_use_by_hand(tmp_path):
    """Power falls on 40 + 25 used and 10 sent out, heat on 400 + 80, losses of the grid on all."""
    inventory = ca.compile_inventory(
        table(tmp_path, CITY, title="重庆能源平衡表(实物量)-2022"), method="ipcc-2006"
    )
    users = allocate_to_users(inventory).set_index("flow")
    coal = 20.908 * 94.6e-3
    power = (
        2e6 * coal
        + inventory.by("product", scope=2, gross=True).sel(product="electricity").item().magnitude
    )
    assert users.electricity.to_dict() == pytest.approx(
        {
            "moved_out": power * 10 / 75,
            "industry": power * 40 / 75,
            "households_urban": power * 25 / 75,
        }
    )
    assert users.heat.to_dict() == pytest.approx(
        {
            "moved_out": 0,
            "industry": 4e5 * coal * 400 / 480,
            "households_urban": 4e5 * coal * 80 / 480,
        }
    )
    assert users.direct.to_dict() == pytest.approx(
        {"moved_out": 0, "industry": 5e5 * coal, "households_urban": 0}
    )


def test_energy_industries_use_power_too(tmp_path):
    """What a refinery uses itself is printed beside final consumption: a third of the power of 90 is its own."""
    rows = {
        "moved_in": {"electricity": 0},
        "thermal_power": {"raw_coal": -100, "electricity": 90},
        "energy_own_use": {"electricity": 30},
        "final_consumption": {"electricity": 60},
        "industry": {"electricity": 60},
    }
    users = allocate_to_users(
        ca.compile_inventory(table(tmp_path, rows), method="ipcc-2006")
    ).set_index("flow")
    assert users.electricity.to_dict() == pytest.approx(
        {"energy_own_use": 1e6 * 20.908 * 94.6e-3 / 3, "industry": 1e6 * 20.908 * 94.6e-3 * 2 / 3}
    )


numbers = st.integers(0, 300)


@given(st.lists(numbers, min_size=9, max_size=9))
def test_the_sum_over_users_is_the_sum_over_plants_and_what_is_brought_in(
    tmp_path_factory, amounts
):
    """Allocation conserves, also where nobody uses what was made."""
    n = iter(amounts)
    rows = {
        "moved_in": {"electricity": next(n)},
        "moved_out": {"electricity": -next(n)},
        "thermal_power": {"raw_coal": -next(n), "electricity": 60},
        "heating": {"raw_coal": -next(n), "heat": 5},
        "industry": {"raw_coal": next(n), "electricity": next(n), "heat": next(n)},
        "households_urban": {"electricity": next(n), "heat": next(n)},
    }
    balance = table(tmp_path_factory.mktemp("users"), rows, title="重庆能源平衡表(实物量)-2022")
    inventory = ca.compile_inventory(balance, method="ipcc-2006")
    brought = np.nan_to_num(inventory.total(scope=2, gross=True).item().magnitude)
    assert allocate_to_users(inventory).total.sum() == pytest.approx(
        float(inventory.emissions.sum()) + brought, rel=1e-12, abs=1e-6
    )


def test_no_power_and_no_heat_in_the_table(tmp_path):
    """Nobody is known to use what is not printed."""
    with pytest.raises(TableError, match="prints neither electricity nor heat"):
        allocate_to_users(
            ca.compile_inventory(table(tmp_path, {"industry": {"diesel": 5}}), method="ipcc-2006")
        )


@pytest.mark.parametrize(
    ("tonnes", "co2"), [(0.0, 0.0), (1.0, 43.0 * 0.0741), (2.0, 2 * 43.0 * 0.0741)]
)
def test_nothing_that_ships_refuelled_is_nothing_and_a_tonne_is_a_tonne(tonnes, co2):
    """IPCC 2006 Vol. 2, tables 1.2 and 1.4: 43.0 TJ/kt of diesel, 74.1 t CO2/TJ; a zero has a number."""
    made = inventory_of({"bunkers_home": {"diesel": tonnes / 1e4}, "industry": {"diesel": 1}})
    (row,) = find_memo_items(made).to_dict("records")
    assert (row["flow"], row["category"], row["gas"], row["unit"]) == (
        "bunkers_home",
        "1.D.1.b",
        "CO2",
        "t",
    )
    assert row["value"] == pytest.approx(co2)
