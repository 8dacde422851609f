"""What a printed number has beyond its printed parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.check.remainders import find_remainders
from tests.strategies_balances import balances

SOME = settings(max_examples=25, suppress_health_check=list(HealthCheck))


def frame(rows, area="A", year=2019):
    """Return a long table of flow -> product -> number in canonical units."""
    cells = [(flow, product, n) for flow, line in rows.items() for product, n in line.items()]
    table = pd.DataFrame(cells, columns=["flow", "product", "value"]).dropna()
    return table.assign(area=area, year=year)


def make(rows, **keys):
    """Return a balance of such rows."""
    return ca.make_balance(frame(rows, **keys))


def rests(found):
    """Return the remainders: (flow, product) -> amount."""
    cells = found.balance.amounts.isel(area=0, year=0).to_series().dropna()
    return {
        place: amount
        for place, amount in cells.items()
        if any(name.endswith(vocabulary.REMAINDER) for name in place)
    }


def of(product, **rows):
    """Return the remainders of a table of one product; `__` in a row's name is a dot."""
    lines = {flow.replace("__", "."): {product: number} for flow, number in rows.items()}
    return {flow: amount for (flow, _), amount in rests(find_remainders(make(lines))).items()}


# Rows


def test_a_row_beside_one_of_its_parts():
    """Industry 100 with chemicals 30: 70 of its own."""
    assert of("diesel", industry=100, industry__chemicals=30) == {"industry.remainder": 70}


def test_nested_rows():
    """The innermost row takes what is left; the rows around it only what is left of them."""
    numbers = {"final_consumption": 100, "industry": 60, "industry__chemicals": 45}
    left = of("diesel", **numbers, transport=30)
    assert left == {"industry.remainder": 15, "final_consumption.remainder": 10}


def test_a_row_between_that_is_blank():
    """Final consumption beside a branch whose industry has no number."""
    rows = {
        "final_consumption": {"diesel": 100, "gasoline": 5},
        "industry": {"gasoline": 5},
        "industry.chemicals": {"diesel": 30, "gasoline": 5},
    }
    assert rests(find_remainders(make(rows))) == {("final_consumption.remainder", "diesel"): 70}


@pytest.mark.parametrize(("printed", "left"), [("1.01", 0), ("1.02", 0.02), ("0.98", 0)])
def test_what_print_explains_is_no_remainder(tmp_path, printed, left):
    """Half a unit of each number: three numbers of two decimals differ by 0.015 without a word."""
    lines = ["某市能源平衡表 2019", "项目,柴油(万吨)", f"工业,{printed}", "纺织业,0.50"]
    (tmp_path / "table.csv").write_text("\n".join([*lines, "食品制造业,0.50"]), encoding="utf-8")
    found = rests(find_remainders(ca.read_balance(tmp_path / "table.csv")))
    assert found == ({("industry.remainder", "diesel"): pytest.approx(left * 1e4)} if left else {})


@pytest.mark.parametrize(("parent", "parts"), [(100, 130), (0, 30), (100, 100)])
def test_parts_that_exceed_their_row_count(parent, parts):
    """Nothing is left; the parts count, and the difference is an error."""
    rows = {"industry": {"diesel": parent}, "industry.chemicals": {"diesel": parts}}
    inventory = ca.compile_inventory(make(rows), method="provincial-2011")
    assert float(np.nansum(inventory.activity)) == parts
    errors = [finding for finding in inventory.findings if finding.severity == "error"]
    assert bool(errors) is (parent != parts)


def test_what_goes_into_plants_is_negative():
    """The sign of the parent: power -100 with input -70 leaves -30, and -70 with -100 nothing.

    Of transformation as a whole nothing is left: what plants pass on burns elsewhere.
    """
    assert of("raw_coal", **{"thermal_power": -100, "thermal_power.input": -70}) == {
        "thermal_power.remainder": -30
    }
    assert of("raw_coal", **{"thermal_power": -70, "thermal_power.input": -100}) == {}
    assert of("raw_coal", transformation=-100, thermal_power=-70) == {}
    assert of("raw_coal", transformation=-70, thermal_power=-100) == {}


def test_nothing_is_left_of_supply_and_of_rows_that_are_no_sums():
    """The opening stock may not be printed; feedstock is in industry, which is not its sum."""
    assert of("diesel", primary_supply=100, production=60) == {}
    assert of("diesel", industry=100, feedstock=30) == {}


GROUPS = {
    "some members": (
        {"industry": 1000, "industry.mining": 200, "industry.manufacturing": 500}
        | {"industry.chemicals": 300},
        {"industry.manufacturing.remainder": 200, "industry.remainder": 300},
        {"industry.mining": 200, "industry.chemicals": 300},
    ),
    "all groups and no members": (
        {"industry": 1000, "industry.mining": 200, "industry.manufacturing": 500}
        | {"industry.utilities": 300},
        {},
        {"industry.mining": 200, "industry.manufacturing": 500, "industry.utilities": 300},
    ),
    "three industries": (
        {"final_consumption": 100, "tertiary_industry": 60, "transport": 40}
        | {"secondary_industry": 30, "industry": 20},
        {"tertiary_industry.remainder": 20, "secondary_industry.remainder": 10}
        | {"final_consumption.remainder": 10},
        {"transport": 40, "industry": 20},
    ),
    "light and heavy industry": (
        {"industry": 1000, "industry.light": 600, "industry.heavy": 400},
        {},
        {"industry.light": 600, "industry.heavy": 400},
    ),
    "light industry alone": (
        {"industry": 1000, "industry.light": 600},
        {"industry.remainder": 400},
        {"industry.light": 600},
    ),
    "light and heavy industry beside a branch": (
        {"industry": 1000, "industry.light": 600, "industry.heavy": 400}
        | {"industry.chemicals": 300},
        {"industry.remainder": 700},
        {"industry.chemicals": 300},
    ),
    "light and heavy industry beside other groups": (
        {"industry": 1000, "industry.light": 600, "industry.heavy": 400}
        | {"industry.mining": 200, "industry.manufacturing": 500},
        {"industry.remainder": 300},
        {"industry.mining": 200, "industry.manufacturing": 500},
    ),
}


@pytest.mark.parametrize(("rows", "left", "others"), GROUPS.values(), ids=GROUPS)
def test_subtotals_count_once(rows, left, others):
    """What a subtotal has beyond its members, and the row above beyond both."""
    balance = make({flow: {"diesel": number} for flow, number in rows.items()})
    inventory = ca.compile_inventory(balance, method="provincial-2011")
    burnt = np.nansum(inventory.activity, axis=(0, 1, 3))
    counted = dict(zip(inventory.balance.flows, burnt, strict=True))
    assert {flow: n for flow, n in counted.items() if n} == left | others


# Products


def test_a_total_beside_some_of_its_kinds():
    """Kerosene 50 beside jet kerosene 0; gasoline in one row, its total in the next."""
    rows = {"transport": {"kerosene": 50, "jet_kerosene": 0}}
    assert rests(find_remainders(make(rows))) == {("transport", "kerosene.remainder"): 50}
    rows = {
        "industry": {"oil_total": 80, "diesel": 30},
        "transport": {"oil_total": 90, "diesel": 90},
    }
    assert rests(find_remainders(make(rows))) == {("industry", "oil_total.remainder"): 50}


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ({"industry": {"diesel": 100}, "industry.chemicals": {"diesel": 30}}, "industry.remainder"),
        ({"transport": {"kerosene": 50, "jet_kerosene": 0}}, "transport of kerosene.remainder"),
    ],
)
def test_a_remainder_is_said_by_the_name_under_which_it_counts(rows, name):
    """The row that goes on, or the row and the column that does."""
    (said,) = find_remainders(make(rows)).findings
    assert said.message.endswith(f"it counts as {name}")


def test_a_kind_of_a_kind():
    """Coal 100, raw coal blank, anthracite 60: the other 40 are coal."""
    rows = {"industry": {"coal_total": 100, "anthracite": 60}, "transport": {"raw_coal": 5}}
    assert rests(find_remainders(make(rows))) == {("industry", "coal_total.remainder"): 40}


def test_kinds_in_the_rows_below_alone():
    """Oil of industry, diesel of its chemicals (or no diesel at all): the rest is oil of industry."""
    for diesel in (50, 0):
        rows = {"industry": {"oil_total": 1000}, "industry.chemicals": {"diesel": diesel}}
        left = rests(find_remainders(make(rows)))
        assert left == {("industry", "oil_total.remainder"): 1000 - diesel}


def test_kinds_in_the_row_above_alone():
    """Gasoline of transport, oil of road transport: it may be the gasoline, and does not count twice."""
    rows = {"transport": {"gasoline": 1000}, "transport.road": {"oil_total": 800}}
    others = {"industry": {"diesel": 100}, "industry.chemicals": {"diesel": 30}}
    assert rests(find_remainders(make(rows))) == {}
    inventory = ca.compile_inventory(make(rows | others), method="provincial-2011")
    assert float(np.nansum(inventory.activity)) == 1100


def test_a_rest_counts_as_far_as_the_row_above_has_some():
    """The branches print 100 of coal beyond raw coal, industry prints these 100 as briquettes."""
    rows = {
        "industry": {"coal_total": 1000, "raw_coal": 900, "briquettes": 100},
        "industry.chemicals": {"coal_total": 700, "raw_coal": 640},
        "industry.textile": {"coal_total": 300, "raw_coal": 260},
    }
    inventory = ca.compile_inventory(make(rows), method="provincial-2011")
    assert rests(find_remainders(make(rows))) == {}
    assert float(np.nansum(inventory.activity)) == 1000
    rows["industry"] = {"coal_total": 1000, "raw_coal": 900}
    assert rests(find_remainders(make(rows))) == {
        ("industry.chemicals", "coal_total.remainder"): 60,
        ("industry.textile", "coal_total.remainder"): 40,
    }


def test_rows_closer_than_their_parent_hold_less():
    """Rows that print 140 beyond diesel, and a parent that prints 120: the parent's 120 count."""
    rows = {
        "final_consumption": {"oil_total": 300, "diesel": 180},
        "industry": {"oil_total": 150, "diesel": 90},
        "transport": {"oil_total": 170, "diesel": 90},
    }
    left = rests(find_remainders(make(rows)))
    assert left == {("final_consumption", "oil_total.remainder"): 120}


def test_differences_both_ways_are_no_fuel():
    """A total of other coefficients: above its kinds in one row, below in the next."""
    rows = {
        "industry": {"oil_total": 60_000, "diesel": 50_000},
        "transport": {"oil_total": 40_000, "diesel": 51_000},
    }
    inventory = ca.compile_inventory(make(rows), method="provincial-2011")
    assert float(np.nansum(inventory.activity)) == 101_000
    errors = [finding for finding in inventory.findings if finding.severity == "error"]
    assert {abs(error.gaps[0].amount) for error in errors} == {10_000, 11_000}


def test_units_that_differ_leave_nothing():
    """A total in coal equivalent beside tonnes is no sum of them."""
    table = frame({"industry": {"coal_total": 100, "raw_coal": 90}})
    table["unit"] = ["tce", "t"]
    assert rests(find_remainders(ca.make_balance(table))) == {}


# Votes


VOTES = {
    "two sums hold without": ({"industry": 69_000}, {}, "error"),
    "one sum holds with": ({"industry": 60_000, "industry.textile": None}, 30_000, "info"),
    "no other sum": (
        {"final_consumption": None, "transport": None, "industry.textile": None},
        30_000,
        "warning",
    ),
}


@pytest.mark.parametrize(("other", "left", "severity"), VOTES.values(), ids=VOTES)
def test_the_other_sums_vote(other, left, severity):
    """A misprinted parent leaves nothing; one that another sum confirms, or nothing denies, does."""
    numbers = {
        "final_consumption": 100_000,
        "industry": 60_000,
        "industry.chemicals": 30_000,
        "industry.textile": 30_000,
        "transport": 40_000,
    } | other
    balance = make({flow: {"diesel": number} for flow, number in numbers.items()})
    found = find_remainders(balance)
    assert rests(found) == ({("industry.remainder", "diesel"): left} if left else {})
    findings = [*found.findings, *ca.check_balance(balance)]
    assert severity in {f.severity for f in findings if f.gaps and f.gaps[0].flow == "industry"}


def test_a_converter_gas_cell_that_lost_its_point():
    """The products and the plants show the misprint: nothing like it burns."""
    rows = {
        "final_consumption": {"diesel": 4_000_000, "oil_total": 4_000_000},
        "industry": {"diesel": 300_000_000, "oil_total": 3_000_000},
        "industry.chemicals": {"diesel": 3_000_000, "oil_total": 3_000_000},
        "transport": {"diesel": 1_000_000, "oil_total": 1_000_000},
    }
    inventory = ca.compile_inventory(make(rows), method="provincial-2011")
    assert float(np.nansum(inventory.activity)) == 4_000_000
    assert any(f.severity == "error" and f.gaps for f in inventory.findings)


# Methods, and rows of their own


def test_scaled_parts_leave_nothing():
    """CEADs brings the branches to the row of industry, and what is beside industry counts once."""
    rows = {"final_consumption": 100, "industry": 60, "industry.chemicals": 30, "transport": 30}
    balance = make({flow: {"diesel": 1e3 * number} for flow, number in rows.items()})
    inventory = ca.compile_inventory(balance, method="ceads")
    burnt = np.nansum(inventory.activity, axis=(0, 1, 3))
    counted = dict(zip(inventory.balance.flows, burnt, strict=True))
    assert {flow: n for flow, n in counted.items() if n} == {
        "industry.chemicals": pytest.approx(60e3),
        "transport": 30e3,
        "final_consumption.remainder": 10e3,
    }


@pytest.mark.parametrize(("final", "left"), [(100, 0), (90, 0), (95, 5), (120, 20)])
def test_non_energy_use_inside_or_beside(final, left):
    """A row of its own that final consumption holds in some tables, and in others not."""
    rows = {"final_consumption": final, "industry": 60, "transport": 30, "non_energy_use": 10}
    balance = make({flow: {"diesel": 1e3 * number} for flow, number in rows.items()})
    found = rests(find_remainders(balance))
    assert found == ({("final_consumption.remainder", "diesel"): 1e3 * left} if left else {})


# Laws


REFUTED_KIND = {
    "farming.crops": {"coal_total": 0},
    "farming": {"coal_total": 1, "raw_coal": 0, "solid_fossil_fuels": 2},
}


def test_a_refuted_kind_holds_nothing_of_its_total():
    """Coal 1 of farming is denied by its crops 0: all the 2 of solid fuels are left."""
    assert rests(find_remainders(make(REFUTED_KIND))) == {
        ("farming", "solid_fossil_fuels.remainder"): 2
    }


@SOME
@given(balance=balances())
@example(balance=make(REFUTED_KIND))
def test_once_is_enough(balance):
    """A balance with its remainders has none."""
    extended = find_remainders(balance).balance
    again = find_remainders(extended)
    assert again.balance.flows == extended.flows
    assert again.balance.products == extended.products
    np.testing.assert_array_equal(again.balance.amounts.values, extended.amounts.values)


@SOME
@given(balance=balances())
def test_printed_numbers_stay(balance):
    """A remainder is a row or a column more; what is printed stays, and keeps its order."""
    extended = find_remainders(balance).balance
    printed = extended.amounts.sel(flow=list(balance.flows), product=list(balance.products))
    np.testing.assert_array_equal(printed.values, balance.amounts.values)
    kept = [flow for flow in extended.flows if flow in balance.flows]
    assert kept == list(balance.flows)


def test_names_categories_and_units():
    """A remainder is named after its parent in both languages, and has its category and unit."""
    for flow in ("industry", "transport", "industry.manufacturing", "transformation"):
        rest = vocabulary.flows()[flow + vocabulary.REMAINDER]
        assert rest.category == vocabulary.flows()[flow].category
        assert vocabulary.name("flow", rest.id).endswith(", not attributed")
        assert vocabulary.name("flow", rest.id, "zh").endswith("（未分出部分）")
        assert rest.sign == vocabulary.flows()[flow].sign
    assert vocabulary.flows()["industry.manufacturing.remainder"].parent == "industry"
    for product in ("kerosene", "oil_total"):
        rest = vocabulary.products()[product + vocabulary.REMAINDER]
        assert (rest.parent, rest.unit) == (product, vocabulary.products()[product].unit)
        assert vocabulary.name("product", rest.id).endswith(", other kinds")


# What the checks say of it


def check(**rows):
    """Return (rule, severity, whether it counts as a remainder) of what a table of one product gives."""
    lines = {flow.replace("__", "."): {"diesel": number} for flow, number in rows.items()}
    found = ca.check_balance(make(lines))
    return [(one.severity, "counts as" in one.message) for one in found if one.rule != "substitute"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"industry": 100, "industry__chemicals": 40}, [("warning", True)]),
        ({"industry": 100, "industry__chemicals": 120}, [("error", False)]),
        (  # subtotals that add up, beside some of their members
            {
                "industry": 100,
                "industry__mining": 30,
                "industry__coal_mining": 10,
                "industry__manufacturing": 70,
                "industry__chemicals": 40,
            },
            [("info", True), ("info", True)],
        ),
        (  # one of them is too small, for its member and for the row that holds it
            {
                "industry": 100,
                "industry__mining": 30,
                "industry__manufacturing": 30,
                "industry__chemicals": 40,
            },
            [("error", False), ("error", False)],
        ),
        (  # a subtotal beside its only printed member, in a row that has more
            {"industry": 100, "industry__manufacturing": 70, "industry__chemicals": 40},
            [("warning", True), ("warning", True)],
        ),
    ],
)
def test_a_subtotal_stands_for_its_members(rows, said):
    """A table that prints some members of a subtotal has remainders, and no number that is wrong."""
    assert check(**rows) == said


@pytest.mark.parametrize("branches", [(30, 20), (80, 50)])
def test_light_and_heavy_industry_beside_branches(branches):
    """Light and heavy industry hold what the branches do: less or more is said, and what it is worth."""
    rows = {"industry__light": 40, "industry__heavy": 60}
    parts = dict(zip(("industry__chemicals", "industry__food_production"), branches, strict=True))
    assert check(**rows, **parts) == [("error", False)]
    assert check(**rows, industry__chemicals=70, industry__food_production=30) == []
    assert check(industry=100, **rows) == []
    assert check(industry=110, **rows) == [("error", False)]
