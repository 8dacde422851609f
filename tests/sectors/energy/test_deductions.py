"""Deductions from what burns: feedstock, refuelling abroad, parts of a row, and their findings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import TableError
from carbonacct.factors import load_method
from carbonacct.sectors.energy.activity import find_activity, find_covered, is_used, read_amounts
from carbonacct.sectors.energy.deductions import _deduct_whole, find_taken_out
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from tests.sectors.energy.made_balances import balance_of, inventory_of, panel_of

METHODS = {
    name: load_method(name) for name in ("ipcc-2006", "provincial-2011", "ceads", "whitepaper-2022")
}


def activity_of(rows, method="ipcc-2006", **options):
    """Return what burns of a made-up table."""
    chosen = METHODS[method] if isinstance(method, str) else method
    return find_activity(balance_of(rows, **options), chosen)


def burnt(activity):
    """Return what burns by flow and product, 10^4 units."""
    balance, amounts = activity.balance, activity.burnt()[0, 0]
    return {
        (balance.flows[f], balance.products[p]): pytest.approx(amounts[f, p] / 1e4)
        for f, p in np.argwhere(~np.isnan(amounts)).tolist()
    }


def rules(activity):
    """Return severity and rule of what is said."""
    return [(one.severity, one.rule) for one in activity.findings]


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        # Feedstock is a part of industry.
        ({"industry": {"diesel": 10}, "feedstock": {"diesel": 4}}, {("industry", "diesel"): 6}),
        ({"industry": {"diesel": 10}, "feedstock": {"diesel": 0}}, {("industry", "diesel"): 10}),
        ({"industry": {"diesel": 10}, "feedstock": {"diesel": 10}}, {("industry", "diesel"): 0}),
        ({"industry": {"diesel": 10}, "feedstock": {"diesel": 12}}, {("industry", "diesel"): 0}),
        ({"industry": {"diesel": 10}, "feedstock": {"coke": 4}}, {("industry", "diesel"): 10}),
        (
            {"industry": {"diesel": 10}, "transport": {"diesel": 5}, "feedstock": {"diesel": 12}},
            {("industry", "diesel"): 0, ("transport", "diesel"): 5},
        ),
        # Plants within industry burn all that they take in (30 of diesel, 5 of it in plants, 10 raw material).
        (
            {
                "industry.nonmetal_minerals": {"diesel": 25},
                "industry.transformation.thermal_power": {"diesel": 5},
                "feedstock": {"diesel": 10},
            },
            {
                ("industry.nonmetal_minerals", "diesel"): 15,
                ("industry.transformation.thermal_power", "diesel"): 5,
            },
        ),
        # Refuelling abroad is a part of transport.
        (
            {"transport": {"kerosene": 9}, "bunkers_abroad": {"kerosene": 4}},
            {("transport", "kerosene"): 5},
        ),
        (
            {
                "transport": {"kerosene": 9},
                "industry": {"kerosene": 1},
                "bunkers_abroad": {"kerosene": 12},
            },
            {("transport", "kerosene"): 0, ("industry", "kerosene"): 1},
        ),
        # Inputs of plants burn as positive amounts; what a plant puts out does not burn.
        (
            {"thermal_power": {"raw_coal": -7}, "industry": {"diesel": 1}},
            {("thermal_power", "raw_coal"): 7, ("industry", "diesel"): 1},
        ),
        (
            {"thermal_power": {"raw_coal": -7, "diesel": 2}},
            {("thermal_power", "raw_coal"): 7, ("thermal_power", "diesel"): 0},
        ),
        # Other transformations, losses and supply do not burn.
        (
            {
                "coking": {"raw_coal": -7},
                "losses": {"raw_coal": 1},
                "moved_in": {"raw_coal": 8},
                "industry": {"diesel": 1},
            },
            {("industry", "diesel"): 1},
        ),
        # Electricity and heat are no fuels.
        ({"industry": {"electricity": 9, "heat": 3, "diesel": 1}}, {("industry", "diesel"): 1}),
    ],
)
def test_what_burns_by_hand(rows, left):
    """In 10^4 t, cell by cell."""
    assert dict(burnt(activity_of(rows)).items()) == left


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"industry": {"diesel": 10}, "feedstock": {"diesel": 4}}, []),
        ({"industry": {"diesel": 10}, "feedstock": {"diesel": 10}}, []),
        ({"industry": {"diesel": 10}, "feedstock": {"diesel": 12}}, ["feedstock-exceeds-use"]),
        ({"industry": {"diesel": 10}, "feedstock": {"coke": 4}}, ["feedstock-alone"]),
        ({"transport": {"kerosene": 9}, "bunkers_abroad": {"kerosene": 4}}, ["bunkers-taken-out"]),
        (
            {"transport": {"kerosene": 9}, "bunkers_abroad": {"kerosene": 12}},
            ["bunkers-exceeds-use", "bunkers-taken-out"],
        ),
        ({"transport": {"diesel": 9}, "bunkers_abroad": {"kerosene": 12}}, ["bunkers-alone"]),
        ({"industry": {"diesel": -3}}, ["negative-consumption"]),
        ({"thermal_power": {"raw_coal": -7, "diesel": 2}}, ["fuel-from-plant"]),
        ({"industry": {"coal_total": 3}}, ["total-alone"]),
        ({"industry": {"coal_total": 3, "raw_coal": 3}}, []),
    ],
)
def test_what_is_said_of_it(rows, said):
    """What lacks, what is more than there is, what was taken out, and nothing else."""
    assert [rule for _, rule in rules(activity_of(rows))] == said


def test_more_feedstock_than_use_says_how_much():
    """20,000 t more than industry has; that use is set to nothing."""
    (said,) = activity_of({"industry": {"diesel": 10}, "feedstock": {"diesel": 12}}).findings
    assert said.message == (
        "feedstock of diesel is 120,000 t, 20,000 more than is used where it is taken from; that use is set to 0"
    )
    (alone,) = activity_of({"industry": {"diesel": 10}, "feedstock": {"coke": 4}}).findings
    assert alone.message == (
        "feedstock of coke is 40,000 t, but no row to take it from has a number for coke; it is not deducted"
    )


BRANCHES = {
    "industry.chemicals": {"diesel": 6},
    "industry.textile": {"diesel": 4},
    "feedstock": {"diesel": 5},
}


@pytest.mark.parametrize(
    ("rest", "left"),
    [("others", {"chemicals": 1.0, "textile": 4.0}), ("none", {"chemicals": 1.0, "textile": 4.0})],
)
def test_feedstock_comes_out_of_the_branches_that_a_method_names(rest, left):
    """Chemicals first; what they do not hold comes out of the others, where the method says so."""
    method = replace(
        METHODS["ipcc-2006"], feedstock_from=("industry.chemicals",), feedstock_rest=rest
    )
    assert burnt(activity_of(BRANCHES, method)) == {
        (f"industry.{name}", "diesel"): amount for name, amount in left.items()
    }
    larger = BRANCHES | {"feedstock": {"diesel": 8}}
    found = activity_of(larger, method)
    kept = {"chemicals": 0.0, "textile": 2.0 if rest == "others" else 4.0}
    assert burnt(found) == {(f"industry.{name}", "diesel"): amount for name, amount in kept.items()}
    assert rules(found) == ([] if rest == "others" else [("warning", "feedstock-exceeds-use")])


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 300))
def test_what_is_taken_out_and_what_is_left_are_what_was_used(one, other, feedstock):
    """Of two branches in proportion, never more than they hold."""
    method = replace(METHODS["ipcc-2006"], feedstock_from=(), feedstock_rest="others")
    rows = {
        "industry.chemicals": {"diesel": one},
        "industry.textile": {"diesel": other},
        "feedstock": {"diesel": feedstock},
    }
    found = activity_of(rows, method)
    left = np.nansum(found.burnt()) / 1e4
    assert left == pytest.approx(max(one + other - feedstock, 0), abs=1e-6)
    taken = 0.0 if found.feedstock is None else float(np.nansum(found.feedstock)) / 1e4
    assert taken + left == pytest.approx(one + other, abs=1e-6)
    if one and other and one + other > feedstock:
        amounts = {cell[0]: value.expected for cell, value in burnt(found).items()}
        assert amounts["industry.chemicals"] * other == pytest.approx(
            amounts["industry.textile"] * one, abs=1e-6
        )


def test_parts_are_scaled_to_their_row_where_a_method_says_so():
    """CEADs takes the printed row of industry: branches of 60 and 40 under 110 count 66 and 44."""
    rows = {
        "industry": {"diesel": 110},
        "industry.chemicals": {"diesel": 60},
        "industry.textile": {"diesel": 40},
    }
    scaled = burnt(activity_of(rows, "ceads"))
    assert scaled["industry.chemicals", "diesel"] == 66.0
    assert scaled["industry.textile", "diesel"] == 44.0
    alone = {flow: cells for flow, cells in rows.items() if flow != "industry"}
    assert burnt(activity_of(alone, "ceads"))["industry.chemicals", "diesel"] == 60.0


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        # Branches share what plants leave of the row: 110 - 60, and no coke oven's coal burns in them.
        (
            {"thermal_power": 60},
            {"transformation.thermal_power": 60.0, "chemicals": 30.0, "textile": 20.0},
        ),
        ({"coking": 10}, {"chemicals": 60.0, "textile": 40.0}),
        (
            {"thermal_power": 50, "coking": 10},
            {"transformation.thermal_power": 50.0, "chemicals": 30.0, "textile": 20.0},
        ),
    ],
)
def test_what_plants_within_industry_take_in_is_not_scaled(parts, expected):
    """CEADs: the row of industry less its plants is spread over the branches of table 4-2; a power plant is none."""
    rows = {
        "industry": {"raw_coal": 110},
        "industry.chemicals": {"raw_coal": 30},
        "industry.textile": {"raw_coal": 20},
    }
    rows |= {
        f"industry.transformation.{plant}": {"raw_coal": amount} for plant, amount in parts.items()
    }
    found = {
        flow.removeprefix("industry."): amount
        for (flow, _), amount in burnt(activity_of(rows, "ceads")).items()
    }
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("method", ["ceads", "ipcc-2006"])
def test_industry_with_plants_alone_leaves_what_the_rest_of_it_burns(method):
    """Of 100 with plants of 60 remain 40, by CEADs as by others, and no finding says that these do not count."""
    rows = {
        "industry": {"raw_coal": 100},
        "industry.transformation.thermal_power": {"raw_coal": 60},
    }
    inventory = inventory_of(rows, method=method)
    held = inventory.to_frame().set_index("flow")["value"]
    other = {"industry": {"raw_coal": 40}}
    alone = inventory_of(other, method=method).to_frame().set_index("flow")["value"]
    assert set(held.index) == {"industry.transformation.thermal_power", "industry.remainder"}
    assert held["industry.remainder"] == pytest.approx(alone["industry"])
    assert held["industry.transformation.thermal_power"] == pytest.approx(alone["industry"] * 1.5)
    assert not [one for one in inventory.findings if one.severity == "error"]


def test_blocks_and_cells_alone_give_what_the_whole_gives():
    """What burns of some areas, and of some cells, is a part of what burns: shares, deductions and signs included."""
    tables = {
        (area, year): {
            "thermal_power": {"raw_coal": -5 * n, "diesel": 1},
            "industry": {"raw_coal": 10 * n, "diesel": 3},
            "feedstock": {"raw_coal": n},
            "transport": {"diesel": -n},
        }
        for n, (area, year) in enumerate((("重庆", 2020), ("四川", 2020), ("重庆", 2021)), 1)
    }
    found = find_activity(panel_of(tables), METHODS["ipcc-2006"])
    whole = found.burnt()
    np.testing.assert_array_equal(found.burnt(slice(1, 2)), whole[1:2])
    cells = tuple(np.indices(whole.shape).reshape(4, -1))
    np.testing.assert_array_equal(found.burnt_in(cells), whole[cells])
    np.testing.assert_array_equal(found.used, ~np.isnan(whole) & (whole != 0))
    np.testing.assert_array_equal(is_used(whole), found.used)
    amounts = read_amounts(found.balance, found.counted)
    assert (np.isnan(amounts) == ~found.counted).all()
    assert np.nanmin(amounts[:, :, found.balance.flows.index("thermal_power")]) == 0


@pytest.mark.parametrize(
    ("rows", "method", "said"),
    [
        (
            {"industry": {"raw_coal": 5, "diesel": 3}},
            "whitepaper-2022",
            ["30,000 t of diesel is not counted by whitepaper-2022"],
        ),
        ({"industry": {"raw_coal": 5, "diesel": 0}}, "whitepaper-2022", []),
        (
            {"industry": {"raw_coal": 5}, "moved_in": {"diesel": 3}},
            "whitepaper-2022",
            [],
        ),  # it does not burn
        ({"industry": {"raw_coal": 5, "electricity": 3}}, "whitepaper-2022", []),
        ({"industry": {"raw_coal": 5, "diesel": 3}}, "ipcc-2006", []),
    ],
)
def test_what_a_method_leaves_out_is_said_with_its_amount(rows, method, said):
    """Of what would burn, each product once."""
    found = [
        one.message.partition(":")[0]
        for one in activity_of(rows, method).findings
        if one.rule == "left-out"
    ]
    assert found == said


def test_a_method_covers_what_it_names():
    """The white paper raw coal and crude oil; others all fuels, less their exclusions."""
    balance = balance_of({"industry": {"raw_coal": 1, "crude_oil": 1, "diesel": 1, "wood": 1}})
    named = dict(
        zip(balance.products, find_covered(balance, METHODS["whitepaper-2022"])[0], strict=True)
    )
    assert named == {"raw_coal": True, "crude_oil": True, "diesel": False, "wood": False}
    assert find_covered(balance, METHODS["ipcc-2006"]).all()


def test_what_is_taken_out_of_what():
    """Feedstock of industry, refuelling abroad of transport; a remainder is no row of it."""
    balance = balance_of(
        {
            "industry": {"diesel": 9},
            "feedstock": {"diesel": 1},
            "bunkers_abroad": {"kerosene": 1},
            "transport": {"kerosene": 2},
        }
    )
    assert find_taken_out(balance, METHODS["ipcc-2006"]) == {
        "feedstock": "industry",
        "bunkers_abroad": "transport",
    }


def test_a_cell_that_cannot_be_read_and_would_burn_is_refused(tmp_path):
    """A smudge in industry; one in a row that does not burn says nothing."""
    path = tmp_path / "t.csv"
    for flow, is_refused in (("工业", True), ("损失量", False)):
        path.write_text(
            f"重庆能源平衡表(实物量)-2021\n项目,原煤(万吨)\n交通运输、仓储和邮政业,5\n{flow},1x2\n",
            encoding="utf-8",
        )
        balance = ca.read_balance(path)
        if is_refused:
            with pytest.raises(
                TableError,
                match=r"t\.csv!B4: the cell is not a number and its fuel burns; correct it",
            ):
                find_activity(balance, METHODS["ipcc-2006"])
        else:
            assert burnt(find_activity(balance, METHODS["ipcc-2006"])) == {
                ("transport", "raw_coal"): 5.0
            }


@pytest.mark.parametrize(("smudges", "more"), [(1, ""), (2, " and 1 more"), (4, " and 3 more")])
def test_cells_that_cannot_be_read_are_counted_behind_the_first(tmp_path, smudges, more):
    """The first is named."""
    path = tmp_path / "t.csv"
    lines = [f"{flow},1x2\n" for flow in ("工业", "建筑业", "城镇居民", "乡村居民")[:smudges]]
    path.write_text(
        "重庆能源平衡表(实物量)-2021\n项目,原煤(万吨)\n农业,5\n" + "".join(lines), encoding="utf-8"
    )
    with pytest.raises(
        TableError, match=rf"t\.csv!B4: the cell{more} is not a number and its fuel burns"
    ):
        find_activity(ca.read_balance(path), METHODS["ipcc-2006"])


def test_a_table_without_a_row_that_burns_is_refused():
    """Its inventory would be empty; one of electricity alone has scope 2."""
    with pytest.raises(
        TableError,
        match="none of the rows moved_in says what burns; use a table with final consumption",
    ):
        activity_of({"moved_in": {"diesel": 1}})
    assert not activity_of({"moved_in": {"electricity": 1}}).counted.any()


@pytest.mark.parametrize(
    ("rows", "counted"),
    [
        # The finest rows and columns that have a number count, each amount once.
        (
            {
                "final_consumption": {"diesel": 9},
                "industry": {"diesel": 9},
                "industry.chemicals": {"diesel": 3},
            },
            {("industry.chemicals", "diesel")},
        ),
        (
            {
                "final_consumption": {"diesel": 9},
                "industry": {"diesel": 4},
                "transport": {"diesel": 5},
            },
            {("industry", "diesel"), ("transport", "diesel")},
        ),
        (
            {"final_consumption": {"diesel": 9, "coke": 2}, "industry": {"diesel": 9}},
            {("industry", "diesel"), ("final_consumption", "coke")},
        ),
        ({"industry": {"coal_total": 9, "raw_coal": 9}}, {("industry", "raw_coal")}),
        ({"industry": {"coal_total": 9}}, {("industry", "coal_total")}),
        # A total beside its kinds in the row above or below counts nowhere.
        (
            {"industry": {"coal_total": 9}, "industry.chemicals": {"raw_coal": 9}},
            {("industry.chemicals", "raw_coal")},
        ),
        # Of another sector it does: raw coal of transport says nothing of the coal of industry.
        (
            {"industry": {"coal_total": 9}, "transport": {"raw_coal": 2}},
            {("industry", "coal_total"), ("transport", "raw_coal")},
        ),
        # Feedstock is a part of industry, and not its sum.
        (
            {"industry": {"diesel": 9}, "feedstock": {"diesel": 3}},
            {("industry", "diesel"), ("feedstock", "diesel")},
        ),
    ],
)
def test_each_amount_counts_once(rows, counted):
    """Cells of the table that count, before any rule of a method."""
    balance = balance_of(rows)
    leaf = find_finest_cells(balance)[0, 0]
    assert {
        (balance.flows[f], balance.products[p]) for f, p in np.argwhere(leaf).tolist()
    } == counted


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_a_cell_gives_no_more_feedstock_than_it_holds(scale):
    """By hand, in any unit: 3 of 5, all of 2 and nothing of a negative number; a blank gives none and keeps its own."""
    amount = scale * np.array([5.0, 2.0, -4.0, np.nan])
    deduction = np.full(4, 7.0)
    left = _deduct_whole(amount, deduction, scale * np.array([3.0, 6.0, 1.0, 2.0]))
    np.testing.assert_allclose(left, scale * np.array([0.0, 4.0, 1.0, 2.0]))
    np.testing.assert_allclose(deduction, [3.0 * scale, 2.0 * scale, 0.0, 7.0])
