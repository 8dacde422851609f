"""Which cells of a table count: the rule of counting case by case, and what holds of any table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carbonacct import vocabulary
from carbonacct.sectors.energy.finest_cells import (
    along_the_tree,
    find_finest_cells,
    find_finest_products,
    find_numbers,
)
from tests.sectors.energy.made_balances import balance_of, panel_of


def rows_of(text):
    """Return rows of ``flow: product product; flow: product``, each with the number 1."""
    pairs = (row.split(":") for row in text.split(";"))
    return {flow.strip(): dict.fromkeys(products.split(), 1.0) for flow, products in pairs}


def counted(text, **options):
    """Return the cells that count, as ``flow product`` words."""
    balance = balance_of(rows_of(text), **options)
    found = find_finest_cells(balance)[0, 0]
    return {f"{balance.flows[f]} {balance.products[p]}" for f, p in np.argwhere(found)}


CASES = {
    # A row counts where none of its parts has a number of that product.
    "industry: raw_coal coke; industry.mining: raw_coal": "industry.mining raw_coal|industry coke",
    "final_consumption: raw_coal diesel; industry: raw_coal": "industry raw_coal|final_consumption diesel",
    # Over two levels: the part of a part hides both, also where the row between them is blank there.
    "final_consumption: raw_coal; households: coke; households_rural: raw_coal": (
        "households_rural raw_coal|households coke"
    ),
    "final_consumption: raw_coal; households: raw_coal; households_rural: raw_coal": "households_rural raw_coal",
    # Rows of purposes lie within industry and hide nothing of it.
    "industry: raw_coal; feedstock: raw_coal": "industry raw_coal|feedstock raw_coal",
    "industry: diesel; enterprise_vehicles: diesel": "industry diesel|enterprise_vehicles diesel",
    # Users that another printed row holds count where that one has no number.
    "farming: diesel; farming.irrigation: diesel raw_coal": "farming diesel|farming.irrigation raw_coal",
    # A subtotal counts where no member of it has a number; members count, a row beside them as well.
    "industry.mining: coke raw_coal; industry.coal_mining: raw_coal": (
        "industry.coal_mining raw_coal|industry.mining coke"
    ),
    "industry.mining: coke; industry.textile: coke": "industry.mining coke|industry.textile coke",
    "industry: coke; industry.mining: coke; industry.coal_mining: coke; industry.textile: coke": (
        "industry.coal_mining coke|industry.textile coke"
    ),
    # A subtotal that names no member (light industry) counts where no row of industry has a number.
    "industry.light: coke raw_coal; industry.textile: coke": "industry.textile coke|industry.light raw_coal",
    "industry.light: coke; industry.heavy: coke; industry: coke": "industry.light coke|industry.heavy coke",
    "industry.light: coke; industry.heavy: coke; industry.mining: coke": "industry.mining coke",
    "industry.light: coke; households: coke": "industry.light coke|households coke",
    # Six energy-intensive industries lie in manufacturing and in utilities: these count.
    "industry.energy_intensive: coke; industry.manufacturing: coke; industry.utilities: coke": (
        "industry.manufacturing coke|industry.utilities coke"
    ),
    "industry.energy_intensive: coke; industry.manufacturing: diesel; industry.utilities: diesel": (
        "industry.energy_intensive coke|industry.manufacturing diesel|industry.utilities diesel"
    ),
    # What goes into plants is no part of what users take.
    "thermal_power: raw_coal; final_consumption: raw_coal": "thermal_power raw_coal|final_consumption raw_coal",
    "transformation: raw_coal; thermal_power: raw_coal; heating: raw_coal": "thermal_power raw_coal|heating raw_coal",
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_rows_that_count(text, expected):
    """Each amount once: the finest row that has a number of the product."""
    assert counted(text) == set(expected.split("|"))


PRODUCTS = {
    # A total counts where none of its products has a number: in its row, below it and above it.
    "industry: coal_total raw_coal; construction: coal_total": "industry raw_coal|construction coal_total",
    "industry: coal_total; industry.textile: raw_coal": "industry.textile raw_coal",
    "industry: raw_coal; industry.textile: coal_total": "industry raw_coal",
    "industry.textile: coal_total; industry.paper: raw_coal": "industry.textile coal_total|industry.paper raw_coal",
    "households: coal_total; households_urban: raw_coal; households_rural: coal_total": (
        "households_urban raw_coal|households_rural coal_total"
    ),
    # Roots have no rows above them: what all users have hides no total of one of them.
    "final_consumption: raw_coal; construction: coal_total": "construction coal_total|final_consumption raw_coal",
    # A subtotal of rows and its members are above and below each other as well.
    "industry.mining: raw_coal; industry.coal_mining: coal_total": "industry.mining raw_coal",
    "industry.mining: coal_total; industry.coal_mining: raw_coal": "industry.coal_mining raw_coal",
    # A total of all energy counts where no fuel stands, in any unit.
    "industry: total_energy raw_coal; construction: total_energy": "industry raw_coal|construction total_energy",
    "industry: total_energy electricity": "industry electricity",
    "industry: total_energy coal_total": "industry coal_total",
    "industry: total_energy oil_total": "industry oil_total",
    # A total of renewables is none of fuels: it leaves the total of energy beside it.
    "industry: total_energy total_energy_calorific": "industry total_energy|industry total_energy_calorific",
}


@pytest.mark.parametrize(("text", "expected"), PRODUCTS.items())
def test_products_that_count(text, expected):
    """A total of products gives way to them along the tree of rows."""
    units = dict.fromkeys(("total_energy", "total_energy_calorific"), "万吨标准煤")
    assert counted(text, units=units) == set(expected.split("|"))


def test_a_row_alone_is_asked_by_itself():
    """Without the rows above and below, a total gives way to products of its own row."""
    balance = balance_of(
        rows_of("industry: coal_total; industry.textile: raw_coal; households: coal_total raw_coal")
    )
    coal, row = balance.products.index("coal_total"), balance.flows.index
    alone = find_finest_products(balance)[0, 0, :, coal]
    assert [alone[row(flow)] for flow in ("industry", "households")] == [True, False]
    told = find_finest_products(balance, above_and_below=True)[0, 0, :, coal]
    assert [told[row(flow)] for flow in ("industry", "households")] == [False, False]


def test_numbers_may_be_others_than_are_printed():
    """What a number stands for, zero or not, is the caller's: the same rule over the cells that he names."""
    balance = balance_of(
        rows_of("industry: coal_total raw_coal; industry.textile: coal_total raw_coal")
    )
    number = find_numbers(balance.amounts.values)
    assert number.all()
    number[..., balance.products.index("raw_coal")] = False
    assert find_finest_products(balance, number)[0, 0].sum(axis=0).tolist() == [
        2 if product == "coal_total" else 0 for product in balance.products
    ]
    counts = find_finest_cells(balance, number)[0, 0]
    assert [(balance.flows[f], balance.products[p]) for f, p in np.argwhere(counts)] == [
        ("industry.textile", "coal_total")
    ]


def test_a_column_is_seen_along_each_branch():
    """A row, those above it and those below it; a sister sees nothing, nor does the root."""
    rows = (
        "final_consumption industry industry.mining industry.coal_mining industry.textile farming"
    )
    balance = balance_of({flow: {"coke": 1.0} for flow in rows.split()})
    seen = {}
    for flow in ("industry", "industry.coal_mining", "final_consumption"):
        has = np.zeros(balance.amounts.shape[:3], bool)
        has[:, :, balance.flows.index(flow)] = True
        found = along_the_tree(balance, has)[0, 0]
        seen[flow] = {one for one, there in zip(balance.flows, found, strict=True) if there}
    industry = {"industry", "industry.mining", "industry.coal_mining"}
    assert seen["industry"] == industry | {"industry.textile"}
    assert seen["industry.coal_mining"] == industry
    assert seen["final_consumption"] == {"final_consumption"}


BRANCH = [
    "final_consumption",
    "industry",
    "industry.mining",
    "industry.coal_mining",
    "industry.textile",
    "industry.light",
    "households",
    "households_urban",
    "farming",
    "farming.irrigation",
    "feedstock",
]
FUELS = ["coal_total", "raw_coal", "anthracite", "coke", "diesel"]
CELLS = st.sets(st.tuples(st.sampled_from(BRANCH), st.sampled_from(FUELS)), min_size=1, max_size=12)


def table_of(cells):
    """Return rows with the number 1 in some cells."""
    rows = {}
    for flow, product in sorted(cells):
        rows.setdefault(flow, {})[product] = 1.0
    return rows


def list_counted(balance, area=0, year=0):
    """Return the cells that count, by their labels."""
    found = find_finest_cells(balance)[area, year]
    return {(balance.flows[f], balance.products[p]) for f, p in np.argwhere(found)}


@settings(max_examples=25)
@given(CELLS, CELLS)
def test_tables_count_by_themselves(one, other):
    """What counts in an area and year hangs on its own numbers alone, in whatever order rows stand."""
    both = panel_of({("重庆", 2020): table_of(one), ("四川", 2021): table_of(other)})
    places = {(both.areas.index("重庆"), both.years.index(2020)): one}
    places[both.areas.index("四川"), both.years.index(2021)] = other
    for (a, y), cells in places.items():
        turned = dict(reversed(table_of(cells).items()))
        assert list_counted(both, a, y) == list_counted(balance_of(turned)) <= cells


# Rows of purposes, subtotals and rows of users within others are no parts of a sum.
SUMS = [
    flow
    for flow in BRANCH
    if flow not in {"feedstock", "industry.light", "industry.mining", "farming.irrigation"}
]


@settings(max_examples=30)
@given(st.sets(st.tuples(st.sampled_from(SUMS), st.sampled_from(FUELS)), min_size=1, max_size=12))
@example(
    {
        ("industry", "raw_coal"),
        ("industry.coal_mining", "coal_total"),
        ("industry.textile", "raw_coal"),
    }
)
@example(
    {
        ("industry", "raw_coal"),
        ("industry.coal_mining", "anthracite"),
        ("industry.textile", "coal_total"),
    }
)
def test_no_amount_is_lost_or_counted_twice(cells):
    """Of a row and one that it is a part of one counts, and what does not count gives way to something that does."""
    found = list_counted(balance_of(table_of(cells)))
    for flow, product in found:
        above = [*vocabulary.climb_flows(flow, {})][1:]
        assert not {(one, product) for one in above} & found
        assert product != "coal_total" or not {(flow, "raw_coal"), (flow, "anthracite")} & found
    for flow, product in cells - found:
        assert any(
            vocabulary.is_within(one, flow) or vocabulary.is_within(flow, one)
            for one, fuel in found
            if vocabulary.is_product_within(fuel, product)
        )
