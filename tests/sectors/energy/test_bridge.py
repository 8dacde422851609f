"""The bridge from the sectoral to the reference approach, and the carbon of each plant."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.check.checks import check_balance
from carbonacct.cli.main import main
from carbonacct.sectors.energy.bridge import GROUPS, make_bridge, print_bridge
from carbonacct.sectors.energy.carbon import check_carbon, tabulate_carbon
from tests.sectors.energy.building import table, write_table

METHOD = "provincial-2011"
STEEL = {
    "primary_supply": {"raw_coal": 200, "blast_furnace_gas": 10},
    "production": {"raw_coal": 200},
    "coking": {"raw_coal": -100, "coke": 70},
    "recovery": {"blast_furnace_gas": 10},
    "losses": {"raw_coal": 4},
    "final_consumption": {"raw_coal": 90, "coke": 70, "blast_furnace_gas": 10},
    "industry": {"raw_coal": 90, "coke": 70, "blast_furnace_gas": 10},
    "statistical_difference": {"raw_coal": 6},
}
UNITS = {"blast_furnace_gas": "亿立方米"}


def steps(balance, **options):
    """Return the bridge of a table by step."""
    inventory = ca.compile_inventory(balance, method=METHOD, **options)
    return inventory, make_bridge(ca.compare_approaches(inventory)).set_index("step")


def assert_closed(bridge):
    """Sectoral and all steps are the reference approach, in each fuel group and in total."""
    own = bridge[[*GROUPS, "total"]]
    np.testing.assert_allclose(own.drop("reference").sum(), own.loc["reference"], atol=0.05)


def test_each_step_is_what_was_put_there(tmp_path):
    """4 lost, 6 of difference, 100 coked into 70, and the carbon of the gas taken from the coke."""
    inventory, bridge = steps(table(tmp_path, STEEL, units=UNITS))
    assert_closed(bridge)
    coal = 20.908 * 0.0261 * 0.93 * 44 / 12  # t CO2/t: raw coal as bituminous coal
    assert bridge.loc["losses", "solid"] == pytest.approx(4e4 * coal, rel=1e-9)
    assert bridge.loc["statistical_difference", "solid"] == pytest.approx(6e4 * coal, rel=1e-9)
    assert bridge.loc["reference", "total"] == pytest.approx(200e4 * coal, rel=1e-9)
    (pooled,) = [f for f in inventory.findings if f.rule == "one-carbon-pool"]
    coke = 28.435 * 0.02942 * 0.93 * 44 / 12
    taken = sum(gap.amount for gap in pooled.gaps)
    assert taken > 1e5
    assert bridge.loc["carbon_pool", "solid"] == pytest.approx(taken * coke, rel=1e-9)
    made = bridge.loc["transformation: coking", "solid"]
    assert made == pytest.approx(100e4 * coal - 70e4 * coke, rel=1e-9)
    assert "not_closed" not in bridge.index


@pytest.mark.parametrize("count", ["gas", "fuel", "both"])
def test_the_carbon_pool_is_a_step_whatever_counts(tmp_path, count):
    """Of gas and coke one counts, or both: the step says what was left out, and nothing hides in another."""
    inventory, bridge = steps(table(tmp_path, STEEL, units=UNITS), carbon_pool=count)
    assert_closed(bridge)
    assert ("carbon_pool" in bridge.index) == (count != "both")
    assert not {"non_energy", "left_out", "not_closed"} & set(bridge.index)
    assert bridge.loc["sectoral", "total"] == pytest.approx(inventory.total().item().magnitude)


def test_fuel_taken_on_abroad_is_a_step_of_its_own(tmp_path):
    """Both approaches leave it out; where transport does not hold it, one alone does."""
    rows = {
        "primary_supply": {"kerosene": 55},
        "imports": {"kerosene": 50},
        "bunkers_abroad": {"kerosene": 5},
        "final_consumption": {"kerosene": 55},
        "transport": {"kerosene": 55},
    }
    assert list(steps(table(tmp_path, rows))[1].index) == ["sectoral", "reference"]
    rows["final_consumption"] = rows["transport"] = {"kerosene": 2}
    rows["statistical_difference"] = {"kerosene": 53}
    bridge = steps(table(tmp_path, rows))[1]
    assert_closed(bridge)
    assert bridge.loc["bunkers_abroad", "liquid"] < 0


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=9, max_size=9), st.sampled_from(["gas", "fuel", "both"])
)
def test_the_bridge_closes_whatever_is_printed(tmp_path_factory, numbers, count):
    """Sums need not hold in print: what does not close is a step too."""
    n = iter(numbers)
    rows = {
        "primary_supply": {"raw_coal": next(n), "diesel": next(n)},
        "production": {"raw_coal": next(n)},
        "moved_in": {"diesel": next(n)},
        "thermal_power": {"raw_coal": -next(n), "blast_furnace_gas": -next(n)},
        "coking": {"raw_coal": -next(n), "coke": next(n)},
        "final_consumption": {"raw_coal": 9, "coke": 30, "diesel": 8, "blast_furnace_gas": 5},
        "industry": {"raw_coal": 9, "coke": 30, "diesel": 8, "blast_furnace_gas": 5},
        "feedstock": {"coke": 3, "diesel": 1},
        "statistical_difference": {"raw_coal": next(n) - 200},
    }
    balance = table(tmp_path_factory.mktemp("bridge"), rows, units=UNITS)
    assert_closed(steps(balance, carbon_pool=count)[1])


def test_the_nation_of_2019(real_tables):
    """Table 5-1 closes to 0.1 Mt with every step named; carbon counted once is 1,041.2 Mt."""
    path = real_tables / "china_ebt_2019" / "national_2019_physical_5-1_bilingual_3panels.xlsx"
    bridge = steps(path)[1]
    assert_closed(bridge)
    assert bridge.loc["carbon_pool", "total"] / 1e6 == pytest.approx(1041.24, abs=0.01)
    assert (
        abs(bridge.loc["not_closed", "total"]) < 10e6
    )  # a decimal point of LNG, an error of the print


def test_the_nation_of_2019_as_printed(real_tables, tmp_path):
    """What the command writes adds up to 0.1 Mt in each fuel group, each step with what it is."""
    path = real_tables / "china_ebt_2019" / "national_2019_physical_5-1_bilingual_3panels.xlsx"
    out = tmp_path / "bridge.csv"
    words = ["reference", str(path), "--method", METHOD, "--table", "bridge", "-o", str(out)]
    assert main(words) == 0
    frame = pd.read_csv(out)
    assert frame["step"].iloc[[0, -1]].tolist() == ["sectoral", "reference"]
    assert frame["what"].notna().all()
    told = frame[["solid", "liquid", "gaseous", "total"]] / 1e6
    assert (told.iloc[:-1].sum() - told.iloc[-1]).abs().max() < 0.1
    assert told["total"].iloc[[0, -1]].round(1).tolist() == [9062.6, 9414.2]


GAS_WORKS = {
    "primary_supply": {"raw_coal": 100},
    "gas_works": {"raw_coal": -50, "natural_gas": 1},
    "coal_washing": {"raw_coal": -10, "other_washed_coal": 9},
    "briquette_making": {"raw_coal": -10, "coke": 10},
    "final_consumption": {"raw_coal": 30},
    "industry": {"raw_coal": 30},
}


def test_carbon_of_each_plant_by_hand(tmp_path):
    """Raw coal 20.908 GJ/t x 26.1 t C/TJ in, natural gas 389.31 TJ/10^6 m3 x 15.32 out; the rest is negative."""
    balance = table(tmp_path, GAS_WORKS, units={"other_washed_coal": "万吨"})
    method = ca.load_method(METHOD)
    found = tabulate_carbon(balance, method).set_index("process")
    into, out = 50e4 * 20.908 * 0.0261 * 44 / 12, 1e8 * 0.038931 * 0.01532 * 44 / 12
    row = found.loc["gas_works"]
    assert row[["carbon_in", "carbon_out"]].tolist() == pytest.approx([into, out], rel=1e-6)
    assert row["rest"] == pytest.approx(out - into)
    assert row["rest_percent"] == pytest.approx((out / into - 1) * 100)
    assert row[["rest_solid", "rest_gaseous"]].tolist() == pytest.approx([-into, out], rel=1e-6)
    findings = {f.message.split()[0]: f for f in check_carbon(balance, method)}
    assert (findings["gas_works"].rule, findings["gas_works"].severity) == (
        "carbon-lost",
        "warning",
    )
    assert f"{into - out:,.0f} less ({1 - out / into:.1%})" in findings["gas_works"].message
    assert findings["coal_washing"].severity == "info"  # stones
    assert findings["briquette_making"].rule == "carbon-made"
    assert {flow: (finding.where, finding.action) for flow, finding in findings.items()} == {
        "gas_works": ("table.csv!B4", "what burns in the process is counted nowhere"),  # the coal
        "coal_washing": ("table.csv!B5", "waste that is not burnt"),
        "briquette_making": (
            "table.csv!E6",
            "an input may be missing, or printed under another row",
        ),  # the coke
    }


def test_less_than_two_percent_is_no_finding(tmp_path):
    """1 % of one fuel lost, and one unit of it out of nothing."""
    rows = {
        "refining": {"diesel": -100, "oil_total": 0},
        "industry": {"diesel": 1},
        "oil_reinput": {},
    }
    rows["refining"] = {"diesel": -100, "gasoline": 100 * 42.652 * 20.2 / (43.070 * 18.9) * 0.99}
    method = ca.load_method(METHOD)
    assert check_carbon(table(tmp_path, rows), method) == []
    rows["refining"]["gasoline"] *= 0.98
    assert [f.rule for f in check_carbon(table(tmp_path, rows), method)] == ["carbon-lost"]


def test_the_command_prints_the_bridge(tmp_path, capsys):
    """As a table of its own, and on the terminal where the columns go to a file."""
    path = str(write_table(tmp_path / "t.csv", STEEL, units=UNITS))
    assert main(["reference", path, "--method", METHOD, "-o", str(tmp_path / "r.csv")]) == 0
    said = capsys.readouterr().out
    assert "重庆 2021, Mt CO2" in said
    assert "carbon_pool" in said
    assert main(["reference", path, "--method", METHOD, "--table", "bridge"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("area,year,step,solid,liquid,gaseous,peat,other,total,what")
    assert lines[-1].split(",")[2] == "reference"
    assert main(["reference", path, "--method", METHOD, "--table", "plants"]) == 0
    assert "coking" in capsys.readouterr().out


def test_a_panel_has_a_bridge_for_each_area(tmp_path):
    """Areas do not mix."""
    one, other = (
        table(
            tmp_path,
            {**STEEL, "losses": {"raw_coal": lost}},
            units=UNITS,
            title=f"{area}能源平衡表(实物量)-2021",
        )
        for area, lost in (("重庆", 4), ("四川", 8))
    )
    inventories = [ca.compile_inventory(balance, method=METHOD) for balance in (one, other)]
    texts = [
        print_bridge(make_bridge(ca.compare_approaches(inventory))) for inventory in inventories
    ]
    assert [text.splitlines()[0] for text in texts] == ["重庆 2021, Mt CO2", "四川 2021, Mt CO2"]
    assert texts[0].splitlines()[1:] != texts[1].splitlines()[1:]


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (100, False),  # all that goes in: 60 burnt and 40 taken in
        (100 - 3 - 13.8, False),  # less 3 that gas works put out and 1.38 x 10 of LNG
        (95, True),
        (100 - 3, True),
    ],
)
def test_gas_that_goes_on_as_lng_is_left_out_or_not(tmp_path, total, said):
    """Total consumption of natural gas is printed both ways; anything else is a finding."""
    rows = {
        "transformation": {"natural_gas": -37, "lng": 100, "raw_coal": -10},
        "gas_works": {"natural_gas": 3, "raw_coal": -10},
        "thermal_power": {"natural_gas": -20},
        "gas_liquefaction": {"natural_gas": -20, "lng": 100},
        "final_consumption": {"natural_gas": 60, "lng": 100},
        "industry": {"natural_gas": 60, "lng": 100},
        "total_consumption": {"natural_gas": total, "lng": 100, "raw_coal": 10},
    }
    balance = table(tmp_path, rows)
    found = [f for f in check_balance(balance) if f.rule == "total-consumption"]
    assert bool(found) == said, found


def test_gas_of_the_nation_of_2019_closes(real_tables):
    """2,068.82 = 2,294.33 - 64.73 of gas works - 11.65 x 13.8 of LNG, in 10^8 m3."""
    path = real_tables / "china_ebt_2019" / "national_2019_physical_5-1_bilingual_3panels.xlsx"
    found = [f for f in check_balance(ca.read_balance(path)) if f.rule == "total-consumption"]
    assert found
    assert not [f for f in found if "natural_gas" in f.message]


def test_bridges_stand_in_the_order_of_the_areas():
    """As the tables give them: no area moves before another by its name."""
    row = dict.fromkeys([*GROUPS, "total"], 1e6)
    bridge = pd.DataFrame(
        [{"area": area, "year": 2020, "step": "sectoral", **row} for area in ("B", "A", "C")]
    )
    heads = [line for line in print_bridge(bridge).splitlines() if "Mt CO2" in line]
    assert heads == ["B 2020, Mt CO2", "A 2020, Mt CO2", "C 2020, Mt CO2"]


def test_a_bridge_prints_the_groups_that_have_a_number():
    """A group of zeros alone is left out; one that has a number in a single step is shown."""
    none, once, *others = GROUPS
    rows = [
        dict.fromkeys([none, once], 0.0) | dict.fromkeys([*others, "total"], 1e6) for _ in range(2)
    ]
    rows[1][once] = 1e6
    bridge = pd.DataFrame([{"area": "A", "year": 2020, "step": "sectoral", **row} for row in rows])
    assert print_bridge(bridge).splitlines()[1].split() == ["step", once, *others, "total"]


def test_a_bridge_prints_megatonnes_to_two_decimals():
    """By hand, from the least that shows to more than any nation; no minus before a zero."""
    amounts = [4_999.0, 5_001.0, 12_345_678.0, 1e13, -1_000.0]
    rows = [
        {"area": "A", "year": 2020, "step": f"s{n}", "solid": one, "total": one}
        for n, one in enumerate(amounts)
    ]
    bridge = pd.DataFrame(rows).assign(**dict.fromkeys(GROUPS[1:], 0.0))
    printed = [line.split()[1:] for line in print_bridge(bridge).splitlines()[2:]]
    assert printed == [[text] * 2 for text in ("0.00", "0.01", "12.35", "10,000,000.00", "0.00")]
