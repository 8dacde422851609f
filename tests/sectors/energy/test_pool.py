"""Gas made of a fuel that is counted: its carbon counts once."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import MethodError
from carbonacct.factors import load_method
from carbonacct.factors.method import PoolSource
from tests.sectors.energy.building import table

# t CO2 before oxidation: calorific value x carbon content x 44/12; per t of coke, per 10^4 m3 of gas.
COKE = 28.435 * 29.42e-3 * 44 / 12
BLAST, CONVERTER, OTHER = (n * c * 44e-3 / 12 for n, c in ((33, 70.8), (84, 49.6), (52.27, 12.2)))
COKE_BURNT, GAS_BURNT = 0.93, 0.99  # what oxidises


def compile_rows(rows, method="provincial-2011", count=None):
    """Return the inventory of flow -> product -> number; t, or 10^4 m3 of gas."""
    cells = [
        (flow, product, n * 1e4 if product.endswith("gas") else n)
        for flow, line in rows.items()
        for product, n in line.items()
    ]
    frame = pd.DataFrame(cells, columns=["flow", "product", "value"]).assign(area="A", year=2019)
    chosen = load_method(method, carbon_pool=count) if isinstance(method, str) else method
    return ca.compile_inventory(frame, method=chosen)


def total(inventory):
    """Return all direct emissions."""
    return float(np.nansum(inventory.emissions.values))


def taken(inventory):
    """Return what is taken out: (flow, product) -> amount in canonical units."""
    less = inventory.deduction[0, 0]
    names = inventory.balance
    return {
        (names.flows[f], names.products[p]): float(less[f, p])
        for f, p in np.argwhere(less > 0).tolist()
    }


def finding(inventory, rule):
    """Return the one finding of a rule."""
    (found,) = [each for each in inventory.findings if each.rule == rule]
    return found


ROWS = {
    "industry.ferrous_smelting": {"coke": 10_000, "blast_furnace_gas": 1_000, "converter_gas": 100},
    "thermal_power": {"blast_furnace_gas": -500},
}
CARBON = 1_500 * BLAST + 100 * CONVERTER


@pytest.mark.parametrize(
    ("count", "right"),
    [
        ("gas", (10_000 * COKE - CARBON) * COKE_BURNT + CARBON * GAS_BURNT),
        ("fuel", 10_000 * COKE * COKE_BURNT),
        ("both", 10_000 * COKE * COKE_BURNT + CARBON * GAS_BURNT),
    ],
)
def test_which_of_the_two_counts(count, right):
    """By hand. Carbon is taken out, not CO2: coke oxidises 0.93, its gas 0.99."""
    inventory = compile_rows(ROWS, count=count)
    assert total(inventory) == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize("count", ["gas", "fuel", "both"])
@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        {
            "industry": {"coke": 10, "other_gas": 8},
            "recovery": {"other_gas": 3},
            "imports": {"other_gas": 5},
        },
        {"industry": {"coke": 1, "coke_oven_gas": 3, "blast_furnace_gas": 40}},
    ],
)
def test_no_amount_is_too_small_to_count_once(rows, count):
    """The inventory of a table in other units is the same: a ten-millionth of each number, of each emission."""
    small = {
        flow: {product: number / 1e7 for product, number in cells.items()}
        for flow, cells in rows.items()
    }
    whole, tiny = compile_rows(rows, count=count), compile_rows(small, count=count)
    np.testing.assert_allclose(tiny.emissions.values * 1e7, whole.emissions.values, rtol=1e-9)
    said = [
        [
            (one.rule, one.where, re.sub(r"[\d,]+ t", "t", one.message))
            for one in made.findings
            if "pool" in one.rule
        ]
        for made in (whole, tiny)
    ]
    assert said[0] == said[1] != []


def test_fuels_of_one_source_bear_the_gas_by_their_carbon():
    """Coke and coal that stand in the method's list at one place lose the same part; a fuel without a number none."""
    method = load_method("provincial-2011")
    both = replace(method.pool, sources=(PoolSource("final_consumption", ("coke", "coal_total")),))
    rows = {
        "industry": {"coke": 10_000, "raw_coal": 3_000, "gangue": 0, "blast_furnace_gas": 500},
        "transport": {"coke": 0, "raw_coal": 1_000},
    }
    less = taken(compile_rows(rows, replace(method, pool=both)))
    coal = 20.908 * 26.1e-3 * 44 / 12
    part = 500 * BLAST / (10_000 * COKE + 4_000 * coal)
    assert less == {
        ("industry", "coke"): pytest.approx(10_000 * part),
        ("industry", "raw_coal"): pytest.approx(3_000 * part),
        ("transport", "raw_coal"): pytest.approx(1_000 * part),
    }


def test_the_finding_gives_the_tonnes():
    """How much carbon, what it is taken from, and why; a double count is a warning."""
    once = finding(compile_rows(ROWS), "one-carbon-pool")
    coke = CARBON / COKE
    assert f"carbon for {CARBON:,.0f} t CO2 before oxidation" in once.message
    assert f"is taken from {coke:,.0f} t of coke" in once.message
    assert once.severity == "info"
    assert [(gap.flow, gap.product) for gap in once.gaps] == [("industry.ferrous_smelting", "coke")]
    assert once.gaps[0].amount == pytest.approx(coke)
    assert once.message.startswith("blast_furnace_gas, converter_gas, carbon for")
    # Gases that nobody burns are not named, and rows of the fuel not.
    rows = {
        "industry": {"coke": 90, "blast_furnace_gas": 8, "converter_gas": 0},
        "transport": {"coke": 0},
    }
    other = finding(compile_rows(rows), "one-carbon-pool")
    assert other.message.startswith("blast_furnace_gas, carbon for")
    assert [gap.flow for gap in other.gaps] == ["industry"]
    twice = finding(compile_rows(ROWS, count="both"), "one-carbon-pool")
    assert (twice.severity, "counts twice" in twice.message) == ("warning", True)


def test_the_gas_of_a_trace_is_of_its_own_area_and_year():
    """Of two areas, each names its own cells; the second has no gas, and none is named."""
    rows = [
        ("A", 2019, "coke", 10_000),
        ("A", 2019, "blast_furnace_gas", 1e7),
        ("B", 2020, "coke", 10_000),
    ]
    frame = pd.DataFrame(rows, columns=["area", "year", "product", "value"]).assign(
        flow="industry.ferrous_smelting"
    )
    inventory = ca.compile_inventory(
        frame, method=load_method("provincial-2011", carbon_pool="gas")
    )
    own, other = (
        ca.trace(inventory, flow="industry.ferrous_smelting", product="coke", area=area, year=year)
        for area, year in (("A", 2019), ("B", 2020))
    )
    assert own.deduction > 0
    assert other.deduction == 0
    assert str(own) != str(other)


def test_the_order_in_which_fuels_bear_the_gas():
    """Blast furnaces, coke of steel, coal of steel, other coke: each as far as it holds the carbon."""
    rows = {
        "blast_furnaces": {"coke": -100_000},
        "industry.ferrous_smelting": {"coke": 40_000, "raw_coal": 1_000},
        "industry.chemicals": {"coke": 900_000},
        "thermal_power": {"blast_furnace_gas": -20_000},
    }
    # What blast furnaces take in passes on and does not burn: nothing is taken out of it.
    assert taken(compile_rows(rows)) == {}
    rows["thermal_power"] = {"blast_furnace_gas": -60_000}
    left = taken(compile_rows(rows))
    coal = 20.908 * 26.1e-3 * 44 / 12
    rest = 60_000 * BLAST - (100_000 + 40_000) * COKE - 1_000 * coal
    assert left == {
        ("industry.ferrous_smelting", "coke"): pytest.approx(40_000),
        ("industry.ferrous_smelting", "raw_coal"): pytest.approx(1_000),
        ("industry.chemicals", "coke"): pytest.approx(rest / COKE),
    }


def test_the_fuel_bears_at_most_what_it_holds():
    """Gas with more carbon than all coke: the rest is an error with its tonnes, and no fuel is negative."""
    inventory = compile_rows({"industry": {"coke": 100, "blast_furnace_gas": 1_000}})
    over = finding(inventory, "carbon-pool-exceeded")
    assert over.severity == "error"
    assert f"holds {1_000 * BLAST - 100 * COKE:,.0f} t CO2 of carbon more" in over.message
    assert float(np.nanmin(inventory.emissions.values)) >= 0
    assert total(inventory) == pytest.approx(1_000 * BLAST * GAS_BURNT)


def test_gas_without_a_source_is_shown_where_it_burns(tmp_path):
    """Not in the row before it, which has none."""
    rows = {
        "industry": {"coke": 0, "blast_furnace_gas": 0},
        "transport": {"coke": 1, "blast_furnace_gas": 9},
    }
    balance = table(tmp_path, rows, units={"blast_furnace_gas": "亿立方米"})
    found = finding(ca.compile_inventory(balance, method="provincial-2011"), "carbon-pool-exceeded")
    assert (
        found.where
        == "table.csv!C4"
        == balance.address("重庆", 2021, "transport", "blast_furnace_gas")
    )


@pytest.mark.parametrize(
    ("supply", "share"),
    [
        ({"recovery": 300}, 1),
        ({"recovery": 300, "gas_works": 700}, 0.3),
        ({"recovery": 300, "coking": 500, "gas_works": 200}, 0.3),
        ({"gas_works": 1_000}, 0),
        ({"recovery": 250, "moved_in": 750}, 0.25),
        ({}, 0),
    ],
)
def test_of_other_gas_what_is_recovered(supply, share):
    """Other gas of gas works is no coke's: by the rows where the gas comes from."""
    rows = {"industry": {"coke": 10_000, "other_gas": 1_000}}
    rows |= {flow: {"other_gas": number} for flow, number in supply.items()}
    less = taken(compile_rows(rows)).get(("industry", "coke"), 0.0)
    assert less * COKE == pytest.approx(share * 1_000 * OTHER)


def test_gas_that_is_moved_in_counts():
    """It was made of coke elsewhere: no coke of this table bears it."""
    rows = {"industry": {"coke": 10_000, "blast_furnace_gas": 1_000}}
    moved = rows | {"moved_in": {"blast_furnace_gas": 1_000}}
    assert taken(compile_rows(moved)) == {}
    for count in ("gas", "fuel", "both"):  # no carbon is shared, and none is told to be
        assert "one-carbon-pool" not in {
            one.rule for one in compile_rows(moved, count=count).findings
        }
    assert total(compile_rows(moved, count="fuel")) == total(compile_rows(rows, count="both"))
    half = rows | {"moved_in": {"blast_furnace_gas": 500}, "recovery": {"blast_furnace_gas": 500}}
    less = taken(compile_rows(half))["industry", "coke"]
    assert less * COKE == pytest.approx(500 * BLAST)


def test_gas_of_coke_ovens_bears_itself():
    """What coke ovens and gas works take in does not burn: nothing to take out."""
    rows = {
        "industry": {"coke": 10_000, "coke_oven_gas": 1_000},
        "coking": {"coke_oven_gas": 1_000},
    }
    assert taken(compile_rows(rows)) == {}


def test_feedstock_is_taken_out_before():
    """Coke net of feedstock bears the gas."""
    rows = {
        "industry": {"coke": 1_000, "blast_furnace_gas": 300},
        "feedstock": {"coke": 600},
    }
    inventory = compile_rows(rows)
    burnt = inventory.emissions.sel(flow="industry", product="coke").item()
    assert burnt == pytest.approx(max(400 * COKE - 300 * BLAST, 0) * COKE_BURNT, abs=1e-6)
    over = finding(inventory, "carbon-pool-exceeded").message
    assert f"{300 * BLAST - 400 * COKE:,.0f} t CO2" in over


def test_ceads_counts_both_and_says_so():
    """As the published inventories do."""
    found = finding(compile_rows(ROWS, "ceads"), "one-carbon-pool")
    assert (found.severity, "as the published inventories do" in found.message) == ("warning", True)


def test_area_years_have_pools_of_their_own():
    """The coke of one area does not bear the gas of another."""
    frame = pd.DataFrame(
        [
            ("A", "coke", 1e5),
            ("A", "blast_furnace_gas", 0.0),
            ("B", "coke", 0.0),
            ("B", "blast_furnace_gas", 1e7),
        ],
        columns=["area", "product", "value"],
    ).assign(year=2019, flow="industry")
    inventory = ca.compile_inventory(frame, method="provincial-2011")
    assert not inventory.deduction.any()
    assert "of B 2019" in finding(inventory, "carbon-pool-exceeded").message


def test_a_pool_without_a_choice_is_refused():
    """A word that is none, a method without a pool, a gas that no fuel bears."""
    with pytest.raises(MethodError, match="known: gas, fuel, both"):
        load_method("provincial-2011", carbon_pool="coke")
    with pytest.raises(MethodError, match="no carbon pool to choose"):
        load_method("whitepaper-2022", carbon_pool="gas")
    with pytest.raises(MethodError, match="choose fuel or both"):
        load_method("ceads", carbon_pool="gas")


def test_the_order_is_the_methods():
    """Another order in the method takes the carbon elsewhere."""
    method = load_method("provincial-2011")
    assert method.pool is not None
    coal_first = replace(method.pool, sources=(PoolSource("final_consumption", ("coal_total",)),))
    rows = {"industry": {"coke": 10_000, "raw_coal": 10_000, "blast_furnace_gas": 100}}
    assert set(taken(compile_rows(rows))) == {("industry", "coke")}
    other = compile_rows(rows, replace(method, pool=coal_first))
    assert set(taken(other)) == {("industry", "raw_coal")}
