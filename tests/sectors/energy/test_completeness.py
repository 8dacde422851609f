"""Notation keys and their sums, and the completeness table."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.categories import energy_categories
from carbonacct.errors import NotationError
from carbonacct.inventory.stated_keys import StatedKey
from carbonacct.sectors.energy.completeness import find_completeness
from carbonacct.sectors.energy.energy_official import fill_tables
from carbonacct.sectors.energy.notation import KEYS, Noted, add_noted
from tests.sectors.energy.building import table

noted = st.builds(
    Noted,
    st.one_of(st.just(math.nan), st.integers(-9, 99).map(float)),
    st.frozensets(st.sampled_from(KEYS), max_size=2),
)


def same(one, other):
    """Return whether two are the same, NaN included."""
    return one.keys == other.keys and (
        one.value == other.value or (math.isnan(one.value) and math.isnan(other.value))
    )


@given(noted, noted, noted)
def test_the_order_of_adding_does_not_matter(a, b, c):
    """The sum of a sum is the sum of all, in any order."""
    whole = add_noted([a, b, c])
    assert same(add_noted([add_noted([a, b]), c]), whole)
    assert same(add_noted([c, b, a]), whole)


@given(noted)
def test_no_adds_as_zero_and_ne_leaves_a_sum_incomplete(one):
    """A number keeps its value beside any key; NE and C mark it, NO and NA go."""
    number = Noted(5.0)
    added = add_noted([number, Noted(keys=frozenset({"NO", "NA"}))])
    assert same(added, number)
    for key in ("NE", "C"):
        marked = add_noted([one, number, Noted(keys=frozenset({key}))])
        assert not marked.complete
        assert marked.value == add_noted([one, number]).value


ROWS = {
    "thermal_power": {"raw_coal": -100},
    "industry": {"raw_coal": 50, "diesel": "NE"},
    "transport": {"diesel": 20},
    "households_urban": {"raw_coal": "NO", "diesel": "NO"},
}


def completed(folder, rows=ROWS, **options):
    """Return the completeness table by category."""
    inventory = ca.compile_inventory(table(folder, rows), method="ipcc-2006")
    return find_completeness(inventory, **options).set_index("category")


def test_each_category_has_a_number_or_a_key(tmp_path):
    """A key of a cell stays; the sub-modes of transport are elsewhere; fugitives are not estimated; the sum says so."""
    found = completed(tmp_path)
    assert len(found) == sum("CO2" in category.gases for category in energy_categories().values())
    keys = found.key.to_dict()
    assert {
        code: keys[code]
        for code in (
            "1.A.1.a.i",
            "1.A.2",
            "1.A.3",
            "1.A.4.b",
            "1.A.3.b",
            "1.A.1.b",
            "1.B.2",
            "1.A.4.c.i",
            "1",
        )
    } == {
        "1.A.1.a.i": "",
        "1.A.2": "NE",
        "1.A.3": "",
        "1.A.4.b": "NO",
        "1.A.3.b": "IE",
        "1.A.1.b": "IE",
        "1.B.2": "NE",
        "1.A.4.c.i": "NE",
        "1": "NE",
    }
    assert (found.loc["1.A.3.b", "included_in"], found.loc["1.A.1.b", "included_in"]) == (
        "1.A.3",
        "1.A.2",
    )
    assert not found.loc[["1.A.2", "1.A", "1"], "complete"].any()
    assert found.loc["1.A.3", "complete"]
    total = ca.compile_inventory(table(tmp_path, ROWS), method="ipcc-2006").total().item().magnitude
    assert found.loc["1", "value"] == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize(
    ("bunkers", "keys"),
    [
        ({}, {"1.D.1.a": "IE", "1.D.1.b": "IE", "1.A.3.a.i": "IE", "1.A.3.d.i": "IE"}),
        (
            {"bunkers_home": {"kerosene": -2}},
            {"1.D.1.a": "", "1.D.1.b": "NE", "1.A.3.a.i": "IE", "1.A.3.d.i": "NE"},
        ),
        (
            {"bunkers_home": {"fuel_oil": -2}},
            {"1.D.1.a": "NE", "1.D.1.b": "", "1.A.3.a.i": "NE", "1.A.3.d.i": "IE"},
        ),
    ],
)
def test_aviation_and_shipping_with_bunkers_or_without(tmp_path, bunkers, keys):
    """Without a bunkers row international fuel is in transport; with one, its kinds are numbers or NE."""
    rows = {**bunkers, "transport": {"diesel": 5, "kerosene": 3, "fuel_oil": 1}}
    found = find_completeness(
        ca.compile_inventory(table(tmp_path, rows), method="ipcc-2006")
    ).set_index("category")
    assert found.loc[list(keys), "key"].to_dict() == keys
    assert (
        found.loc[["1.A.3.a", "1.A.3.a.ii", "1.A.3.d", "1.A.3.d.ii"], "included_in"].tolist()
        == ["1.A.3"] * 4
    )
    for code in ("1.A.3.a.i", "1.A.3.d.i"):
        if found.loc[code, "key"] == "IE":
            assert found.loc[found.loc[code, "included_in"], "value"] > 0  # IE points to a number
    assert (found["key"] != "").eq(found["value"].isna() | ~found["complete"]).all()


def test_no_key_says_that_a_blank_does_not_occur(tmp_path):
    """NO stands nowhere unless the table prints it; CH4 of biomass without a factor is NE."""
    rows = {
        "industry": {"diesel": 5, "wood": 3, "raw_coal": ""},
        "households_rural": {"diesel": "", "straw": 2},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="provincial-2011", gases=["all"])
    tables = fill_tables(inventory, tables=["1.A(a)", "1.D", "guideline"])
    shown = [
        find_completeness(inventory)["key"],
        *(
            frame[name]
            for frame in tables.values()
            for name in frame
            if name.endswith(("kt", "_tj"))
        ),
    ]
    assert not [
        cell
        for column in shown
        for cell in column
        if isinstance(cell, str) and "NO" in cell.split(",")
    ]


def test_fuel_without_a_factor_leaves_its_category_incomplete():
    """Straw has no factor of CH4 and its CO2 is a memo item; feedstock does not burn, and wants no factor."""
    rows = [
        ("households_rural", "diesel"),
        ("households_rural", "straw"),
        ("industry", "diesel"),
        ("feedstock", "coke"),
    ]
    frame = pd.DataFrame(rows, columns=["flow", "product"]).assign(area="A", year=2020, value=5.0)
    found = find_completeness(ca.compile_inventory(frame, method="ipcc-2006", gases=["CO2", "CH4"]))
    assert found.index.tolist() == list(range(len(found)))
    keys = found.set_index(["category", "gas"])["key"]
    assert {
        place: keys[place] for place in (("1.A.4.b", "CO2"), ("1.A.4.b", "CH4"), ("1.A.2", "CO2"))
    } == {
        ("1.A.4.b", "CO2"): "",
        ("1.A.4.b", "CH4"): "NE",
        ("1.A.2", "CO2"): "",
    }


def test_a_statement_fills_a_gap_and_what_is_added_counts(tmp_path):
    """The compiler's own words, and methane that no balance gives."""
    found = completed(
        tmp_path,
        statements=[
            StatedKey("1.A.4.c", "NO", "the city has no farms"),
            StatedKey("1.A.4.a", "IE", "one meter", "1.A.2"),
        ],
    )
    assert (found.loc["1.A.4.c", "key"], found.loc["1.A.4.c", "reason_en"]) == (
        "NO",
        "the city has no farms",
    )
    assert found.loc["1.A.4.a", "included_in"] == "1.A.2"
    # What lies below has the key and the pointer of what is stated.
    assert found.loc["1.A.4.c.i", ["key", "included_in", "reason_en"]].tolist() == [
        "NO",
        "",
        "the city has no farms",
    ]
    found = completed(tmp_path, statements=[StatedKey("1.A.4.c", "IE", "one meter", "1.A.2")])
    assert found.loc["1.A.4.c.i", ["key", "included_in"]].tolist() == ["IE", "1.A.2"]
    found = completed(
        tmp_path, statements=[StatedKey("1.B.2", "NO", "no oil or gas is produced")]
    )  # before our own NE
    assert set(found.loc[[code for code in found.index if code.startswith("1.B.2")], "key"]) == {
        "NO"
    }
    extra = pd.DataFrame(
        {
            "area": ["重庆"],
            "year": [2021],
            "category": ["1.B.1.a.i.1"],
            "gas": ["CO2"],
            "value": [7.0],
        }
    )
    assert completed(tmp_path, extra=extra).loc["1.B.1", "value"] == 7.0


def test_a_statement_leaves_the_number_that_is_there(tmp_path):
    """Of a category of which a part is not estimated the sum stays; one that the table does not print bears the key."""
    plain = completed(tmp_path)
    found = completed(
        tmp_path,
        statements=[StatedKey("1.A.3", "NE", "no boats"), StatedKey("1.A.5", "NO", "none")],
    )
    assert found.loc["1.A.3", "value"] == plain.loc["1.A.3", "value"] > 0
    assert found.loc["1.A.3", "key"] == "NE"
    assert not found.loc["1.A.3", "complete"]
    assert found.loc["1.A.5", "key"] == "NO"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (("1.A.9", "NO", "x"), "no category '1.A.9'; did you mean"),
        (("1.A.5", "no", "x"), "1.A.5: no notation key 'no'; known: NO, NE, NA, IE, C"),
        (("1.A.5", "NO", ""), "1.A.5: the key NO needs a reason; each key carries one"),
        (("1.A.5", "NO", "x", "1.A.2"), "1.A.5: the key NO points to no category; IE does"),
        (("1.A.3", "NO", "no roads"), "1.A.3 is stated NO (no roads), but 重庆 2021 has "),
        (("1.A.1.a.i", "C", "one firm"), "1.A.1.a.i is stated C (one firm), but 重庆 2021 has "),
        (
            ("1.A.4.b", "NE", "not asked"),
            "1.A.4.b is stated NE (not asked), but the tables of 重庆 2021 say NO of its CO2",
        ),
        (("1.A.5", "IE", "elsewhere"), "1.A.5: IE needs the category that holds it, not ''"),
        (("1.A.5", "IE", "x", "elsewhere"), "no category 'elsewhere'"),
        (
            ("1.A.5", "IE", "x", "1.B.2"),
            "1.A.5: fuel that burns is not included in 1.B.2, what leaks from mines and wells; name a category of 1.A",
        ),
        (
            ("1.A.5", "IE", "x", "1.A.1.a.iii"),
            "1.A.5 is stated IE in 1.A.1.a.iii, but 1.A.1.a.iii of 重庆 2021 has no number of CO2",
        ),
        (("1.A.5", "NO", "x", "", "", (), ("HFC23",)), "1.A.5: emits no HFC23; leave the gas out"),
    ],
)
def test_a_contradiction_is_one_line(tmp_path, statement, message):
    """What cannot be together is said with both sides."""
    with pytest.raises(NotationError) as caught:
        completed(tmp_path, statements=[StatedKey(*statement)])
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_every_category_of_a_flow_is_in_the_tree():
    """The vocabulary's flows and the IPCC tree (IPCC 2006 Vol. 1, Table 8.2) agree; every parent exists."""
    known = energy_categories()
    assert not {flow.category for flow in vocabulary.flows().values()} - {""} - set(known)
    assert not {category.parent for category in known.values()} - {""} - set(known)
    assert len(known) == 114


@pytest.mark.parametrize("method", ["ceads", "ipcc-2006", "provincial-2011", "whitepaper-2022"])
def test_kerosene_refuels_planes_whatever_the_method(method):
    """Beijing has an airport and no port."""
    memo = ca.find_memo_items(ca.compile_inventory("docs/tables/beijing_2007.csv", method=method))
    assert set(memo.category) == {"1.D.1.a"}


def test_bunkers_of_a_method_without_their_factors_are_not_estimated():
    """The white paper counts coal, oil and gas as totals: planes' kerosene stays an amount without a number, and NE."""
    inventory = ca.compile_inventory("docs/tables/beijing_2007.csv", method="whitepaper-2022")
    memo = ca.find_memo_items(inventory)
    assert len(memo)
    assert memo.value.isna().all()
    found = find_completeness(inventory).set_index("category")
    assert found.loc["1.D.1.a", ["key", "complete"]].to_list() == ["NE", False]


def test_a_default_key_is_none_where_the_table_says_otherwise(tmp_path):
    """Own use of energy industries is IE in industry in a Chinese balance, unless it prints its own row."""
    rows = {"thermal_power": {"diesel": -1}, "industry": {"diesel": 5}}
    keys = [
        find_completeness(ca.compile_inventory(table(tmp_path, content), method="ipcc-2006"))
        .set_index("category")
        .loc["1.A.1.b", "key"]
        for content in (rows, {**rows, "own_use_and_losses": {"diesel": 2}})
    ]
    assert keys == ["IE", "NE"]
