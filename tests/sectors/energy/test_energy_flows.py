"""What goes in comes out: the flows of energy and carbon behind the page's diagrams."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.report.page import render_page
from carbonacct.report.page.sankey_layout import NODE, WIDTH, arrange_flows
from carbonacct.sectors.energy.energy_flows import (
    DIFFERENCES,
    _net,
    find_carbon_flows,
    find_energy_flows,
    find_fuel,
)
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from carbonacct.sectors.energy.product_measures import measure_carbon, measure_energy
from tests.sectors.energy.building import table
from tests.sectors.energy.made_balances import balance_of

TABLES = ("chongqing_2007", "beijing_2007", "qingdao_2019")
METHODS = ("provincial-2011", "ipcc-2006", "ceads", "whitepaper-2022")
RELAXED = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
number = st.one_of(st.just(""), st.integers(0, 10**6).map(lambda n: n / 100))
signed = st.one_of(st.just(""), st.integers(-(10**6), 10**6).map(lambda n: n / 100))
ROWS = {
    "production": number,
    "moved_in": number,
    "moved_out": number.map(lambda n: -n if n else n),
    "stock_change": signed,
    "thermal_power": number.map(lambda n: -n if n else n),
    "coking": signed,
    "refining": signed,
    "losses": number,
    "industry": number,
    "transport": number,
}
FUELS = ("raw_coal", "coke", "coke_oven_gas", "crude_oil", "diesel", "natural_gas", "electricity")
balances = st.fixed_dictionaries(
    {flow: st.fixed_dictionaries(dict.fromkeys(FUELS, amounts)) for flow, amounts in ROWS.items()}
)


def follow(inventory, kind):
    """Return the links of the only area and year."""
    measure, find = (
        (measure_energy, find_energy_flows)
        if kind == "energy"
        else (measure_carbon, find_carbon_flows)
    )
    balance = inventory.balance
    return find(
        inventory,
        balance.areas[0],
        balance.years[0],
        per_unit=measure(inventory),
        leaf=find_finest_cells(balance),
    )


def inflow(links, node):
    """Return what goes into a node."""
    return sum(amount for (_, target), amount in links.items() if target == node)


def outflow(links, node):
    """Return what comes out of a node."""
    return sum(amount for (source, _), amount in links.items() if source == node)


def check_balanced(links):
    """Assert that each node between supply and end use is balanced and every amount is positive."""
    assert all(amount > 0 for amount in links.values())
    nodes = {node for link in links for node in link}
    for node in nodes:
        if node.startswith(("fuel:", "plant:")) or (
            node.startswith("use:") and outflow(links, node)
        ):
            assert inflow(links, node) == pytest.approx(outflow(links, node), rel=1e-9), node
    assert not {node for node in nodes if node.startswith("source:") and inflow(links, node)}
    assert not {
        node for node in nodes if node.startswith(("out:", "end:")) and outflow(links, node)
    }


@pytest.mark.parametrize(("name", "method"), list(itertools.product(TABLES, METHODS)))
def test_every_node_balances_and_the_emitted_carbon_is_the_inventory(name, method):
    """Energy and carbon go in and come out; what ends as emitted is the inventory's direct CO2."""
    inventory = ca.compile_inventory(f"docs/tables/{name}.csv", method=method)
    check_balanced(follow(inventory, "energy").links)
    carbon = follow(inventory, "carbon").links
    check_balanced(carbon)
    assert inflow(carbon, "end:emitted") == pytest.approx(
        float(inventory.total().data.magnitude.item()), rel=1e-12
    )


@RELAXED
@given(balances)
def test_any_table_balances(tmp_path, rows):
    """Whatever a table says, also where it contradicts itself, every difference is a link of its own."""
    inventory = ca.compile_inventory(
        table(tmp_path, rows), method="provincial-2011", allow_empty=True
    )
    for kind in ("energy", "carbon"):
        links = follow(inventory, kind).links
        check_balanced(links)
        arrange_flows(links)
    emitted = inflow(follow(inventory, "carbon").links, "end:emitted")
    total = inventory.total().data.magnitude.item()
    assert emitted == pytest.approx(0.0 if total != total else total, rel=1e-9, abs=1e-3)  # noqa: PLR0124 - NaN is not itself


def numbers_of(rows, scale=1.0):
    """Return the balance of what rows print, with something that burns in any case."""
    held = {
        flow: {product: value * scale for product, value in row.items() if value != ""}
        for flow, row in rows.items()
    }
    held["industry"] = {"diesel": scale} | held["industry"]
    return balance_of(held)


@settings(RELAXED, max_examples=8)
@given(balances, st.sampled_from([1e-6, 1e3]))
def test_the_size_of_a_table_is_no_matter(rows, scale):
    """A village and a nation with the same shares have the same links: no difference is lost because it is small."""
    one, other = (
        ca.compile_inventory(numbers_of(rows, by), method="provincial-2011") for by in (1.0, scale)
    )
    for kind in ("energy", "carbon"):
        small, large = follow(one, kind).links, follow(other, kind).links
        top = max(small.values(), default=0.0)
        for link in small.keys() | large.keys():
            assert small.get(link, 0.0) == pytest.approx(
                large.get(link, 0.0) / scale, rel=1e-9, abs=1e-9 * top
            ), link


MORE_ROWS = {
    "primary_supply": signed,
    "recovery": number,
    "bunkers_home": number.map(lambda n: -n if n else n),
    "briquette_making": signed,
    "final_consumption": number,
    "feedstock": number,
    "households_rural": number,
    "energy_own_use": number,
    "statistical_difference": signed,
}
wider = st.fixed_dictionaries(
    {
        flow: st.fixed_dictionaries(dict.fromkeys(FUELS, amounts))
        for flow, amounts in (ROWS | MORE_ROWS).items()
    }
)


@settings(RELAXED, max_examples=8)
@given(wider, st.sampled_from(["provincial-2011", "whitepaper-2022"]))
def test_a_link_is_the_sum_of_the_cells_that_it_names(rows, method):
    """The cells named for a link add up to it with their signs; only the difference of a node names none."""
    inventory = ca.compile_inventory(numbers_of(rows), method=method)
    balance = inventory.balance
    for kind, measure in (("energy", measure_energy), ("carbon", measure_carbon)):
        found, per_unit = follow(inventory, kind), measure(inventory)[0, 0]
        worth = balance.amounts.values[0, 0] * per_unit
        for link, terms in found.terms.items():
            assert link in found.links
            total = sum(
                sign * worth[balance.flows.index(f), balance.products.index(p)]
                for f, p, sign in terms
            )
            if terms:
                assert found.links[link] == pytest.approx(
                    total, rel=1e-9, abs=1e-9 * max(found.links.values())
                ), link
        check_balanced(found.links)
        named = {link for link, terms in found.terms.items() if terms}
        assert not {
            link for link in found.links if link[0].startswith("source:") and link not in named
        } - {(f"source:{name}", target) for name in DIFFERENCES for _, target in found.links}


CARBON = (
    1e4 * 42.652 * 20.2e-3 * 44 / 12
)  # t CO2 in 10^4 t of diesel, guideline of 2011; 0.98 of it oxidises


def ends(rows, method="provincial-2011"):
    """Return where the carbon of a table ends, in 10^4 t of diesel."""
    found = follow(ca.compile_inventory(balance_of(rows), method=method), "carbon")
    held = {
        link: pytest.approx(amount / CARBON)
        for link, amount in found.links.items()
        if link[1].startswith("end:")
        or link[0].startswith("source:factor")
        or link[1] == "use:losses"
    }
    check_balanced(found.links)
    return held, {
        link: terms for link, terms in found.terms.items() if link[1].startswith("end:") and terms
    }


def test_where_the_carbon_of_each_use_ends():
    """Of 10 in industry 4 are stored as feedstock and a fiftieth of 6 is not oxidised; losses end as losses."""
    rows = {
        "moved_in": {"diesel": 20},
        "industry": {"diesel": 10},
        "feedstock": {"diesel": 4},
        "transport": {"diesel": 7},
        "losses": {"diesel": 3},
    }
    held, terms = ends(rows)
    assert held == {
        ("use:industry", "end:emitted"): 6 * 0.98,
        ("use:industry", "end:stored"): 4.0,
        ("use:industry", "end:unoxidised"): 6 * 0.02,
        ("use:transport", "end:emitted"): 7 * 0.98,
        ("use:transport", "end:unoxidised"): 7 * 0.02,
        ("fuel:oil", "use:losses"): 3.0,
    }
    assert terms == {("use:industry", "end:stored"): [("feedstock", "diesel", 1.0)]}


def test_a_use_below_zero_takes_nothing_back_from_what_was_emitted():
    """Industry burns 10, transport -2: ends take in 10 alone, nothing comes out of them, and -2 is said."""
    rows = {"moved_in": {"diesel": 8}, "industry": {"diesel": 10}, "transport": {"diesel": -2}}
    held, _ = ends(rows)
    assert held == {
        ("use:industry", "end:emitted"): 10 * 0.98,
        ("use:industry", "end:unoxidised"): 10 * 0.02,
    }
    inventory = ca.compile_inventory(balance_of(rows), method="provincial-2011")
    found = follow(inventory, "carbon")
    assert found.below_zero / CARBON == pytest.approx(-2 * 0.98)
    total = inventory.total().data.magnitude.item()
    assert inflow(found.links, "end:emitted") + found.below_zero == pytest.approx(total)
    assert "Uses below zero are not drawn: the total holds " in render_page([inventory])


def test_fuels_that_a_method_does_not_count_end_uncounted():
    """The white paper counts raw coal; its diesel is followed by no factor at all, and coke by none."""
    rows = {
        "moved_in": {"raw_coal": 20, "diesel": 1},
        "industry": {"raw_coal": 10, "diesel": 1},
        "feedstock": {"raw_coal": 2},
    }
    found = follow(ca.compile_inventory(balance_of(rows), method="whitepaper-2022"), "carbon")
    assert found.left_out == ("diesel",)
    per_tonne = 0.7143 * 2.492  # GB/T 2589 and the white paper
    industry = {end: amount for (use, end), amount in found.links.items() if use == "use:industry"}
    assert industry == {
        "end:emitted": pytest.approx(8e4 * per_tonne),
        "end:stored": pytest.approx(2e4 * per_tonne),
    }


def test_more_feedstock_than_a_use_holds_is_stored_as_far_as_there_is_some():
    """15 of feedstock beside a use of 10: the 10 are stored, and the link names no cells, for they are more than it."""
    held, terms = ends(
        {"moved_in": {"diesel": 10}, "industry": {"diesel": 10}, "feedstock": {"diesel": 15}}
    )
    assert held == {("use:industry", "end:stored"): 10.0}
    assert not terms


def test_the_energy_of_a_yearbook_row_is_amount_times_calorific_value():
    """Chongqing 2007, yearbook 2008, table 6-22: coal, oil and gas into plants, by GB/T 2589-2008."""
    links = follow(
        ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011"), "energy"
    ).links
    assert links["fuel:gas", "plant:thermal_power"] == pytest.approx(0.2e8 * 38.931e-3, rel=1e-12)
    assert links["plant:thermal_power", "fuel:electricity"] == pytest.approx(
        293.82e8 * 3.6e-3, rel=1e-12
    )
    assert links["source:production", "fuel:electricity"] == pytest.approx(
        61.16e8 * 3.6e-3, rel=1e-12
    )


@pytest.mark.parametrize(
    ("printed", "link", "difference"),
    [
        (100, ("source:unprinted", "fuel:oil"), ("fuel:oil", "out:statistical_difference", 3)),
        (90, None, ("source:statistical_difference", "fuel:oil", 7)),
        (85, ("fuel:oil", "out:unprinted"), ("source:statistical_difference", "fuel:oil", 12)),
    ],
)
def test_a_printed_total_of_supply_beyond_its_rows_has_a_name(tmp_path, printed, link, difference):
    """The stock at the start of the year that no row prints is a link, and the rest is the statistical difference."""
    rows = {
        "primary_supply": {"diesel": printed},
        "production": {"diesel": 70},
        "moved_in": {"diesel": 20},
        "final_consumption": {"diesel": 97},
        "industry": {"diesel": 97},
    }
    found = follow(ca.compile_inventory(table(tmp_path, rows), method="provincial-2011"), "energy")
    value = 42.652e4
    source, target, left = difference
    assert found.links[source, target] == pytest.approx(left * value)
    unprinted = {
        one: amount
        for one, amount in found.links.items()
        if any("unprinted" in node for node in one)
    }
    assert unprinted == ({link: pytest.approx(abs(printed - 90) * value)} if link else {})
    # The total less its rows: those are the cells that the link names.
    sign = 1 if printed > 90 else -1
    named = [
        ("primary_supply", "diesel", sign),
        ("production", "diesel", -sign),
        ("moved_in", "diesel", -sign),
    ]
    assert not link or sorted(found.terms[link]) == sorted(named)


def test_carbon_that_stays_in_products_is_not_emitted(tmp_path):
    """Feedstock goes to what is kept, the rest of what does not burn to what is not oxidised."""
    rows = {"industry": {"natural_gas": 10}, "feedstock": {"natural_gas": 4}}
    inventory = ca.compile_inventory(
        table(tmp_path, rows), method="provincial-2011", allow_empty=True
    )
    links = follow(inventory, "carbon").links
    whole = inflow(links, "use:industry")
    assert links["use:industry", "end:stored"] == pytest.approx(0.4 * whole)
    assert links["use:industry", "end:unoxidised"] == pytest.approx(0.6 * whole * 0.01)
    assert links["use:industry", "end:emitted"] == pytest.approx(
        float(inventory.total().data.magnitude.item()), rel=1e-12
    )


def test_a_table_of_consumption_alone_says_that_supply_is_not_in_it():
    """The industry table of Qingdao has no supply: fuels come from outside it, without a difference."""
    links = follow(
        ca.compile_inventory("docs/tables/qingdao_2019.csv", method="provincial-2011"), "energy"
    ).links
    sources = {source for source, _ in links if source.startswith("source:")}
    assert sources == {"source:not_in_table"}


def test_every_product_belongs_to_a_fuel():
    """Every product of the vocabulary has a group; crude oil, coke and oil products are apart."""
    assert {find_fuel(product) for product in vocabulary.products()} == {
        "coal",
        "coke",
        "coal_gas",
        "crude",
        "oil",
        "gas",
        "electricity",
        "heat",
        "other",
    }


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_what_rounding_leaves_is_no_link(scale):
    """A million-millionth of the largest; what is below zero goes the other way, with its terms."""
    links = {("a", "b"): 1e6 * scale, ("b", "c"): 1e-7 * scale, ("c", "d"): -5e-3 * scale}
    terms = {("b", "c"): [("industry", "coke", 1.0)], ("c", "d"): [("coking", "coke", 1.0)]}
    held, named = _net(links, terms)
    assert held == {("a", "b"): 1e6 * scale, ("d", "c"): 5e-3 * scale}
    assert named == {("d", "c"): [("coking", "coke", -1.0)]}
    assert _net({}, {}) == ({}, {})


def test_a_link_that_would_go_back_has_nodes_with_a_name():
    """What is put in again ends in a node and starts from its twin: nothing is lost, and links go one way."""
    links = {
        ("source:production", "fuel:coal"): 9.0,
        ("fuel:coal", "plant:a"): 9.0,
        ("plant:a", "fuel:coke"): 12.0,
        ("fuel:coke", "plant:heating"): 5.0,
        ("plant:heating", "fuel:heat"): 5.0,
        ("fuel:heat", "plant:a"): 3.0,
        ("fuel:heat", "use:industry"): 2.0,
        ("fuel:coke", "use:industry"): 7.0,
    }
    diagram = arrange_flows(links)
    columns = {node.name: node.column for node in diagram.nodes}
    assert all(columns[link.source] < columns[link.target] for link in diagram.links)
    drawn = {(link.source, link.target): link.value for link in diagram.links}
    assert drawn["source:returned", "plant:a"] == drawn["fuel:heat", "out:returned"] == 3.0


def test_the_drawing_is_in_proportion_and_inside_its_frame():
    """Heights are in one proportion to amounts, nodes of a column do not touch, links start and end on their nodes."""
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    diagram = arrange_flows(follow(inventory, "energy").links)
    nodes = {node.name: node for node in diagram.nodes}
    scales = [node.height / node.value for node in diagram.nodes if node.height > 1]
    assert max(scales) == pytest.approx(min(scales))
    for one, other in itertools.combinations(diagram.nodes, 2):
        assert (
            one.column != other.column
            or one.y + one.height < other.y
            or other.y + other.height < one.y
        )
    assert all(
        node.y >= 0 and node.y + node.height <= diagram.height and node.x + NODE <= WIDTH
        for node in diagram.nodes
    )
    for link in diagram.links:
        source, target = nodes[link.source], nodes[link.target]
        assert source.y - 1 <= link.y0 <= source.y + source.height + 1
        assert target.y - 1 <= link.y1 <= target.y + target.height + 1


# Unit of print, in GJ or the canonical unit, of the columns that are a group of fuels by themselves.
ALONE = {
    "natural_gas": ("fuel:gas", 1e8),
    "electricity": ("fuel:electricity", 1e8),
    "heat": ("fuel:heat", 1e4),
    "crude_oil": ("fuel:crude", 1e4),
}


def test_the_statistical_difference_drawn_is_the_one_printed(real_tables):
    """The difference of each fuel is the row 平衡差额, in 27 provinces of 2007.

    China Energy Statistical Yearbook 2008, chapter 6.
    """
    method, apart = ca.load_method("provincial-2011"), {}
    for path in sorted((real_tables / "china_ebt_2007").glob("6-*.xls")):
        inventory = ca.compile_inventory(path, method=method, allow_empty=True)
        balance, per_unit = inventory.balance, measure_energy(inventory)
        links = follow(inventory, "energy").links
        for product, (fuel, unit) in ALONE.items():
            printed = np.nan_to_num(
                balance.amounts.sel(product=product, flow="statistical_difference").values.item()
            )
            drawn = links.get((fuel, "out:statistical_difference"), 0.0) - links.get(
                ("source:statistical_difference", fuel), 0.0
            )
            difference = drawn / per_unit[0, 0, balance.products.index(product)] - printed
            if abs(difference) > 0.051 * unit:  # rows are rounded to two decimals
                apart[path.stem.split("_")[1], product] = round(difference / unit, 2)
    # The table prints -300 where its rows close: see its finding.
    assert apart == {("Xinjiang", "heat"): 300.0}


def test_the_national_table_of_many_conversions_balances(real_tables):
    """The nation 2019: coal gas, coke and oil go back into conversions, and nothing is lost or drawn backwards."""
    path = real_tables / "china_ebt_2019" / "national_2019_physical_5-1_bilingual_3panels.xlsx"
    inventory = ca.compile_inventory(path, method="provincial-2011")
    for kind in ("energy", "carbon"):
        links = follow(inventory, kind).links
        check_balanced(links)
        diagram = arrange_flows(links)
        columns = {node.name: node.column for node in diagram.nodes}
        assert all(columns[link.source] < columns[link.target] for link in diagram.links)
