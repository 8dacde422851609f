"""An energy inventory as entries of a record: each number once, with what it came from, and what has none as a key."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.sectors.energy.energy_entries import describe_energy, energy_of
from carbonacct.sectors.energy.energy_factor_cells import list_factor_cells
from tests.sectors.energy.made_balances import balance_of, inventory_of, panel_of

ROWS = {
    "moved_in": {"electricity": 10, "kerosene": 6},
    "moved_out": {"electricity": -4},
    "bunkers_home": {"kerosene": -2},
    "industry": {"diesel": 5, "wood": 3, "electricity": 6},
    "transport": {"diesel": 0, "kerosene": 4},
}
# IPCC 2006, Vol. 2, tables 1.2 and 1.4.
DIESEL, KEROSENE, WOOD = 43.0 * 74.1e-3, 43.07 * 71.9e-3, 15.6 * 112e-3


@pytest.fixture(scope="module")
def cube():
    """Return an inventory of a year that has no factor of the grid."""
    return inventory_of(ROWS, area="重庆", year=2007)


@pytest.fixture(scope="module")
def entries(cube):
    """Return its entries."""
    return ca.to_inventory(cube).entries


def test_each_number_is_an_entry_of_its_kind(entries):
    """Direct emissions by the category of their row, scope 2 without one, memo items apart; 0 is a number."""
    held = entries.set_index(["flow", "product"])
    columns = ["kind", "scope", "category", "value", "notation", "activity", "activity_unit"]
    rows = {
        ("industry", "diesel"): ["emission", 1, "1.A.2", 5e4 * DIESEL, "", 5e4, "t"],
        ("transport", "diesel"): ["emission", 1, "1.A.3", 0.0, "", 0.0, "t"],
        ("transport", "kerosene"): ["emission", 1, "1.A.3", 4e4 * KEROSENE, "", 4e4, "t"],
        ("moved_in", "electricity"): ["scope2", 2, "", np.nan, "NE", np.nan, "kWh"],
        ("moved_out", "electricity"): ["scope2", 2, "", np.nan, "NE", np.nan, "kWh"],
        ("bunkers_home", "kerosene"): ["memo", 1, "1.D.1.a", 2e4 * KEROSENE, "", -2e4, "t"],
        ("industry", "wood"): ["memo", 1, "1.D.3", 3e4 * WOOD, "", 3e4, "t"],
    }
    assert set(held.index) == set(rows)
    for key, wanted in rows.items():
        seen = held.loc[key, columns].to_list()
        assert seen[:3] == wanted[:3], key
        for at in (3, 5):
            assert seen[at] == pytest.approx(wanted[at], nan_ok=True), key
        assert seen[4::2] == wanted[4::2], key
    assert set(entries["sector"]) == {"energy"}
    assert set(entries["method"]) == {"ipcc-2006"}


def test_entries_stand_in_the_order_of_the_balance(entries, cube):
    """Row by row, both scopes beside each other; memo items behind them."""
    kinds = entries["kind"].astype(str)
    assert (kinds == "memo").to_list() == sorted(kinds == "memo")
    flows = [cube.balance.flows.index(flow) for flow in entries.loc[kinds != "memo", "flow"]]
    assert flows == sorted(flows)


def test_every_entry_opens_into_what_it_is_made_of(entries, cube):
    """Activity and factors; without a factor the amount, and where it was asked for; of a memo item the cell."""
    record = ca.to_inventory(cube)
    numbers = {
        key: record.trace(int(at))
        for at, key in zip(
            entries.index, zip(entries["flow"], entries["product"], strict=True), strict=True
        )
    }
    diesel = numbers["industry", "diesel"]
    assert diesel.formula == "activity * net_calorific_value * emission_factor"
    assert np.prod([part.value for part in diesel.parts]) == pytest.approx(diesel.value)
    lacking = numbers["moved_in", "electricity"]
    assert (lacking.notation, lacking.unit) == ("NE", "t CO2")
    assert [part.value for part in lacking.parts] == [10e8]
    memo = numbers["industry", "wood"]
    assert (memo.formula, memo.value) == (
        "activity * factors of ipcc-2006",
        pytest.approx(3e4 * WOOD),
    )
    assert [part.value for part in memo.parts] == [3e4]
    assert record.recompute().equals(record)


@settings(max_examples=8)
@given(st.lists(st.integers(-50, 100), min_size=6, max_size=6), st.booleans())
def test_a_record_worked_out_again_is_the_same(amounts, in_tce):
    """From the balance and the factors of each chain, dividing where the chain divides; zero stays zero."""
    one, two, three, four, five, six = amounts
    rows = {
        "industry": {"diesel": one, "coke": two, "raw_coal": 9},
        "feedstock": {"coke": abs(three)},
        "transport": {"diesel": four},
        "thermal_power": {"raw_coal": -abs(five)},
        "moved_in": {"electricity": six},
    }
    units = {"diesel": "万吨标准煤", "electricity": "万吨标准煤"} if in_tce else {}
    made = ca.compile_inventory(
        balance_of(rows, area="河北", year=2021, units=units), method="provincial-2011"
    )
    record = ca.to_inventory(made)
    assert record.recompute().equals(record)
    assert record.total(gas="CO2")["value"].item() == pytest.approx(made.total().item().magnitude)


@pytest.mark.parametrize("amount", [0, 1e-4, 2e-4, -1e-4])
def test_one_tonne_and_none_are_worked_out_as_any(amount):
    """Also where electricity that did not move has no factor: no amount emits nothing."""
    rows = {"industry": {"diesel": amount}, "moved_in": {"electricity": 0}}
    record = ca.to_inventory(
        ca.compile_inventory(balance_of(rows, area="Ireland", year=2021), method="ipcc-2006")
    )
    assert record.recompute().equals(record)
    values = dict(zip(record.entries["flow"], record.entries["value"], strict=True))
    assert values["industry"] == pytest.approx(amount * 1e4 * 43.0 * 74.1e-3)
    assert values["moved_in"] == 0


def test_the_energy_of_a_record_is_that_which_counts_in_it(cube):
    """Of a selection without its entries there is none."""
    record = ca.to_inventory(cube)
    assert energy_of(record) == [cube]
    assert energy_of(record.select(flow="industry")) == [cube]
    assert energy_of(record.select(flow="bunkers_home")) == []  # memo items alone


def test_what_an_inventory_was_made_from(cube, tmp_path):
    """Method, editions, choices and files with their digests; a choice that is none is left out."""
    path = tmp_path / "t.csv"
    path.write_text("x", encoding="utf-8")
    made = describe_energy(
        cube, files=[path], options={"grid": "nation", "overlay": None, "allow_unverified": False}
    )
    assert made.method == "ipcc-2006"
    assert dict(made.options) == {"grid": "nation"}
    assert any("t.csv" in str(one) for one in made.files)
    assert made.editions


# --- the factor rows behind the numbers


def test_the_rows_of_each_number_and_their_powers():
    """A coefficient that divides has the power -1; two cells share a row; a substitute names its original."""
    rows = {"industry": {"diesel": 5, "raw_coal": 3}, "transport": {"diesel": 2}}
    made = ca.compile_inventory(
        balance_of(rows, units={"diesel": "万吨标准煤"}), method="ipcc-2006"
    )
    found = list_factor_cells(made, 1, "CO2")
    cells = [*zip(found.cells["flow"], found.cells["product"], strict=True)]
    assert cells == [("industry", "diesel"), ("industry", "raw_coal"), ("transport", "diesel")]
    for at, (flow, product) in enumerate(cells):
        value = made.activity[
            0, 0, made.balance.flows.index(flow), made.balance.products.index(product)
        ]
        steps = ca.trace(made, flow=flow, product=product).steps
        used = [found.rows[row] for row in found.row[at] if row >= 0]
        assert [one.parameter for one in used] == [step.parameter for step in steps]
        powers = found.power[at][found.row[at] >= 0].tolist()
        assert powers == [-1 if step.divides else 1 for step in steps]
        for step in steps:
            value = value / step.value if step.divides else value * step.value
        assert value == pytest.approx(found.cells["value"].iloc[at])
    assert found.row[0].tolist() == found.row[2].tolist()  # one fuel, the same rows
    coal = [n for n, one in enumerate(found.rows) if one.product == "bituminous_coal"]
    assert {found.asked[n] for n in coal} <= {"bituminous_coal", "raw_coal"}
    assert len({(one.place, one.value) for one in found.rows}) == len(found.rows)


def test_some_cells_alone_have_their_rows():
    """Those that are asked for by their place in the cube; each with its labels."""
    tables = {
        ("重庆", 2020): {"industry": {"diesel": 5}},
        ("四川", 2021): {"transport": {"diesel": 2}},
    }
    made = ca.compile_inventory(panel_of(tables), method="ipcc-2006", gases=["CO2", "CH4"])
    record = ca.to_inventory(made).entries
    places = record.loc[(record["area"] == "四川") & (record["gas"] == "CH4"), "cell"].to_numpy()
    found = list_factor_cells(made, 1, "CH4", only=places)
    labels = (
        found.cells[["area", "year", "flow", "product", "gas", "category"]]
        .astype(str)
        .to_numpy()
        .tolist()
    )
    assert labels == [["四川", "2021", "transport", "diesel", "CH4", "1.A.3"]]
    assert found.cells["value"].item() == pytest.approx(2e4 * 43.0 * 3.9e-6)
    assert found.shares == {}
    assert len(list_factor_cells(made, 1, "CO2").cells) == 2
    assert list_factor_cells(made, 2, "CO2").cells.empty
