"""The sums that a table must keep, by numbers worked out by hand: what is tested, and by how much it fails."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.check.identities import list_identities, make_system, measure
from carbonacct.balances.check.remainders import find_remainders


def make(rows):
    """Return a balance of flow -> product -> number, canonical units."""
    cells = [
        (flow, product, number) for flow, line in rows.items() for product, number in line.items()
    ]
    frame = pd.DataFrame(cells, columns=["flow", "product", "value"])
    return ca.make_balance(frame.assign(area="A", year=2019))


def find_gaps(rows, rounding=0.0):
    """Return the sums that fail: (rule, total flow, product) -> total less its terms."""
    balance = make(rows)
    system = make_system(balance)
    numbers = balance.amounts.values.reshape(1, -1)
    measured = measure(system, numbers, np.isnan(numbers), np.full(numbers.shape[1], rounding))
    return {
        (one.rule, balance.flows[one.total[0]], balance.products[one.total[1]]): pytest.approx(gap)
        for one, gap, fails in zip(
            system.identities, measured.difference[0], measured.fails[0], strict=True
        )
        if fails
    }


PLANTS = {"transformation": -32.0, "thermal_power": -30.0, "heating": -10.0, "refining": 8.0}


def use(product, total, **more):
    """Return the gaps of total consumption: final 100, losses 5, plants that take in 40 and put out 8."""
    rows = {"total_consumption": total, "final_consumption": 100.0, "losses": 5.0, **PLANTS}
    return find_gaps({flow: {product: number} for flow, number in rows.items()} | more)


@pytest.mark.parametrize(
    ("product", "total", "gap"),
    [
        # What goes into plants, not what they put out (China Energy Statistical Yearbook, notes to the balance tables).
        ("diesel", 145, None),
        ("diesel", 150, 5),
        ("diesel", 137, -8),
        # Of a total of products what one plant makes of them is theirs again.
        ("oil_total", 137, None),
        ("oil_total", 145, 8),
        # Natural gas is printed both ways; the gap is that of the first.
        ("natural_gas", 145, None),
        ("natural_gas", 137, None),
        ("natural_gas", 150, 5),
    ],
)
def test_total_consumption(product, total, gap):
    """Final consumption, losses, and what plants take in."""
    key = "total-consumption", "total_consumption", product
    assert use(product, total) == ({} if gap is None else {key: gap})


@pytest.mark.parametrize(("total", "fails"), [(123.2, False), (137.0, True)])
def test_gas_that_goes_on_as_lng_is_not_consumed(total, fails):
    """The national balance of 2019 leaves out 1,380 m3 per tonne of LNG output: 0.01 t are 13.8 m3."""
    rows = {flow: {"natural_gas": number} for flow, number in PLANTS.items()}
    rows |= {
        "total_consumption": {"natural_gas": total},
        "final_consumption": {"natural_gas": 100.0},
    }
    rows |= {"losses": {"natural_gas": 5.0}, "gas_liquefaction": {"natural_gas": 0.0, "lng": 0.01}}
    assert (
        any(
            rule == "total-consumption" and product == "natural_gas"
            for rule, _, product in find_gaps(rows)
        )
        is fails
    )


def test_a_sum_of_rows_is_tested_where_any_row_has_a_number():
    """A blank counts as nothing; a total of which no row prints anything is not tested, nor one that is not printed."""
    rows = {
        "final_consumption": {"diesel": 10.0, "coke": 3.0},
        "industry": {"diesel": 6.0},
        "transport": {"diesel": 3.0},
    }
    assert find_gaps(rows) == {("sum-of-parts", "final_consumption", "diesel"): 1}
    assert find_gaps(rows | {"final_consumption": {"coke": 3.0}}) == {}


@pytest.mark.parametrize(
    ("parents", "kinds", "fails"),
    [
        ({"diesel": "oil_products"}, {"diesel": 4.0}, False),
        ({"diesel": "oil_products"}, {"diesel": 4.0, "gasoline": 5.0}, True),
        ({}, {"diesel": 4.0}, True),
    ],
)
def test_the_one_part_that_a_mark_names_is_no_sum(parents, kinds, fails):
    """Oil products 10, of which diesel 4: not a whole sum; beside gasoline, or without the mark, it is."""
    balance = replace(make({"industry": {"oil_products": 10.0} | kinds}), product_parents=parents)
    rules = [(one.rule, balance.products[one.total[1]]) for one in list_identities(balance)]
    assert (("sum-of-products", "oil_products") in rules) is fails


def test_a_sum_of_products_is_tested_where_the_table_prints_each():
    """Oil beside gasoline and diesel in one row, and beside diesel alone in the next."""
    both = {"oil_total": 10.0, "gasoline": 4.0, "diesel": 5.0}
    alone = {"oil_total": 10.0, "diesel": 5.0}
    assert find_gaps({"industry": both, "transport": alone}) == {
        ("sum-of-products", "industry", "oil_total"): 1
    }


@pytest.mark.parametrize(
    ("gap", "fails"), [(1.5, False), (1.51, True), (-1.5, False), (-1.51, True)]
)
def test_what_print_explains_is_half_a_unit_of_each_number(gap, fails):
    """A total and two rows, each within half a unit: 1.5 together."""
    rows = {
        "final_consumption": {"diesel": 9.0 + gap},
        "industry": {"diesel": 6.0},
        "transport": {"diesel": 3.0},
    }
    assert bool(find_gaps(rows, rounding=0.5)) is fails


@pytest.mark.parametrize(
    ("gap", "fails"), [(2.0, False), (2.01, True), (-2.0, False), (-2.01, True)]
)
def test_of_plants_what_goes_in_is_rounded(gap, fails):
    """Consumption, two uses and one plant that takes in: four halves; a plant that puts out, or has zero, adds none."""
    numbers = {
        "total_consumption": 135.0 + gap,
        "final_consumption": 100.0,
        "losses": 5.0,
        "transformation": -22.0,
    }
    numbers |= {"thermal_power": -30.0, "heating": 0.0, "refining": 8.0}
    found = find_gaps({flow: {"diesel": number} for flow, number in numbers.items()}, rounding=0.5)
    assert bool(found) is fails


def test_the_balance_itself():
    """Supply and what plants give, less losses and use, is the statistical difference."""
    rows = {
        "primary_supply": 100.0,
        "transformation": -20.0,
        "losses": 5.0,
        "final_consumption": 70.0,
    }
    lines = {flow: {"diesel": number} for flow, number in rows.items()}
    assert find_gaps(lines | {"statistical_difference": {"diesel": 5.0}}) == {}
    key = "balance", "statistical_difference", "diesel"
    assert find_gaps(lines | {"statistical_difference": {"diesel": 3.0}}) == {key: -2}
    with_use = lines | {
        "non_energy_use": {"diesel": 2.0},
        "statistical_difference": {"diesel": 3.0},
    }
    assert find_gaps(with_use) == {}


@pytest.mark.parametrize(("below", "left"), [(81.0, 100.0), (79.0, None)])
def test_differences_both_ways_of_a_fifth_are_of_other_coefficients(below, left):
    """Oil exceeds its kinds by 100 in one row and falls short by 19, or by 21, in the next: a fifth is the limit."""
    rows = {
        "industry": {"oil_total": 200.0, "diesel": 100.0},
        "transport": {"oil_total": below, "diesel": 100.0},
    }
    found = find_remainders(make(rows)).balance
    assert ("oil_total.remainder" in found.products) is (left is not None)
    if left is not None:
        rest = found.amounts.sel(flow="industry", product="oil_total.remainder")
        assert float(rest.item()) == left


@pytest.mark.parametrize("head", [{}, {"industry": 100}])
@pytest.mark.parametrize("heavy", [60, 61])
def test_light_and_heavy_industry_hold_what_the_branches_do(head, heavy):
    """Whether the table prints industry or not."""
    rows = head | {
        "industry.light": 40,
        "industry.heavy": heavy,
        "industry.chemicals": 70,
        "industry.textile": 30,
    }
    table = pd.DataFrame({"flow": list(rows), "value": list(rows.values())})
    balance = ca.make_balance(table.assign(area="A", year=2019, product="diesel", unit="t"))
    rules = [(one.rule, one.severity) for one in ca.check_balance(balance)]
    assert rules == [("sum-of-parts", "error")] * (heavy == 61)


FLOWS = (
    "final_consumption",
    "industry",
    "transport",
    "transformation",
    "thermal_power",
    "refining",
    "losses",
)
OILS = ("oil_total", "gasoline", "diesel", "natural_gas")
WHOLE = make_system(
    make({flow: dict.fromkeys(OILS, 1.0) for flow in ("total_consumption", *FLOWS)})
)
NUMBERS = st.one_of(st.integers(-50, 90).map(float), st.just(np.nan))


@settings(max_examples=20, deadline=None)
@given(
    numbers=st.lists(NUMBERS, min_size=32, max_size=32),
    chosen=st.sets(st.integers(0, 31), min_size=1, max_size=4),
    scale=st.sampled_from([1e-3, 1.0, 1e4]),
)
def test_some_identities_measure_as_all_do(numbers, chosen, scale):
    """A part has all identities of its cells, and says of them what the whole says; so does another unit."""
    cells = np.array([numbers])
    absent, rounding = np.zeros(cells.shape, bool), np.full(32, 0.5)
    whole = measure(WHOLE, cells, absent, rounding)
    part = WHOLE.restrict(np.array(sorted(chosen)))
    some = measure(part.system, cells[:, part.cells], absent[:, part.cells], rounding[part.cells])
    for name in ("difference", "tolerance", "tested", "fails"):
        np.testing.assert_array_equal(getattr(some, name), getattr(whole, name)[:, part.identities])
    standing = {
        int(WHOLE.owner[entry]) for entry in np.flatnonzero(np.isin(WHOLE.cell, sorted(chosen)))
    }
    assert standing <= set(part.identities.tolist())
    forms = {int(i) for i in np.flatnonzero(WHOLE.alternative)}
    assert all((i in part.identities) == (i - 1 in part.identities) for i in forms)
    scaled = measure(WHOLE, cells * scale, absent, rounding * scale)
    np.testing.assert_array_equal(scaled.tested, whole.tested)
    np.testing.assert_allclose(scaled.difference, whole.difference * scale)
