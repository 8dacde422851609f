"""Which rows and columns of a table are parts of which."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

import carbonacct as ca
from carbonacct.balances.amounts.parts_tree import find_flow_tree, find_product_tree
from tests.strategies_balances import balances


def make(flows, products=("diesel",)):
    """Return a balance with some rows and columns."""
    rows = [(flow, product, 1.0) for flow in flows for product in products]
    frame = pd.DataFrame(rows, columns=["flow", "product", "value"])
    return ca.make_balance(frame.assign(area="A", year=2019))


def parts_of(balance, name):
    """Return the printed parts of a row or column."""
    if name in balance.flows:
        tree, names = find_flow_tree(balance), balance.flows
    else:
        tree, names = find_product_tree(balance), balance.products
    return {names[i] for i in tree.parts.get(names.index(name), ())}


def test_a_part_belongs_to_the_nearest_printed_row():
    """Of nested rows the innermost; over a row that is not printed to the one above."""
    nested = make(["final_consumption", "industry", "industry.chemicals", "transport.road"])
    assert parts_of(nested, "final_consumption") == {"industry", "transport.road"}
    assert parts_of(nested, "industry") == {"industry.chemicals"}
    assert parts_of(make(["final_consumption", "industry.chemicals"]), "final_consumption") == {
        "industry.chemicals"
    }


def test_rows_of_another_are_no_parts_of_its_sum():
    """Feedstock is in industry, and industry is not its sum."""
    assert parts_of(make(["industry", "feedstock"]), "industry") == set()


def test_a_table_has_parents_of_its_own():
    """Where a table prints construction below industry, it is a part of industry."""
    balance = make(["final_consumption", "industry", "construction"])
    assert parts_of(balance, "final_consumption") == {"industry", "construction"}
    own = replace(balance, parents={"construction": "industry"})
    assert parts_of(own, "final_consumption") == {"industry"}
    assert parts_of(own, "industry") == {"construction"}


def test_subtotals_stand_beside_the_parts():
    """Mining holds its branches; the row above holds both, and light and heavy industry all of it."""
    flows = ["industry", "industry.mining", "industry.coal_mining", "industry.chemicals"]
    balance = make([*flows, "industry.light"])
    tree, at = find_flow_tree(balance), balance.flows.index
    assert parts_of(balance, "industry.mining") == {"industry.coal_mining"}
    assert parts_of(balance, "industry") == {"industry.coal_mining", "industry.chemicals"}
    assert set(tree.inside[at("industry")]) == {at("industry.mining"), at("industry.light")}
    assert tree.wholes == {at("industry.light")}


@pytest.mark.parametrize(
    ("group", "members"),
    [
        ("primary_industry", {"farming"}),
        ("secondary_industry", {"industry", "construction"}),
        ("tertiary_industry", {"transport", "other_services"}),
    ],
)
def test_the_three_industries(group, members):
    """Each holds those of its members that are printed."""
    flows = ["farming", "industry", "construction", "transport", "other_services", "households"]
    balance = make(["final_consumption", group, *flows])
    assert parts_of(balance, group) == members
    assert parts_of(balance, "final_consumption") == set(flows)


def test_kinds_of_products():
    """A kind of a kind, over a column that is not printed; all energy holds no column here."""
    balance = make(["industry"], ["coal_total", "raw_coal", "anthracite", "total_energy", "coke"])
    assert parts_of(balance, "coal_total") == {"raw_coal"}
    assert parts_of(balance, "raw_coal") == {"anthracite"}
    assert parts_of(balance, "total_energy") == set()
    assert parts_of(make(["industry"], ["coal_total", "anthracite"]), "coal_total") == {
        "anthracite"
    }


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(balance=balances())
def test_each_comes_after_its_parts_and_is_a_part_once(balance):
    """The order holds every row once, after all that is below it; no row is its own part."""
    for tree, count in (
        (find_flow_tree(balance), len(balance.flows)),
        (find_product_tree(balance), len(balance.products)),
    ):
        assert sorted(tree.order) == list(range(count))
        for place in range(count):
            below = tree.below(place)
            assert place not in below
            assert len(below) == len(set(below))
            plain = [part for part in below if part not in tree.groups]
            assert all(tree.order.index(part) < tree.order.index(place) for part in plain)
        above = [
            i for place, parts in tree.parts.items() if place not in tree.groups for i in parts
        ]
        assert len(above) == len(set(above))
