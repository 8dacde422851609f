"""What changed, by cause: each gram once, closing over any grouping."""

from __future__ import annotations

from itertools import combinations

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings

from carbonacct.errors import ProjectError
from carbonacct.projects.differences import CAUSES, compare_entries

BASE = {
    "area": "A",
    "year": 2020,
    "sector": "energy",
    "scope": 1,
    "kind": "emission",
    "gas": "CO2",
    "flow": "industry",
    "product": "coke",
    "category": "1.A.2",
    "method": "m",
    "activity": 100.0,
    "activity_unit": "t",
    "value": 300.0,
}
FLOWS = ["industry", "industry.chemicals", "industry.remainder", "transport", "cement"]
PRODUCTS = ["coke", "coal_total", "raw_coal", "diesel", ""]


def entries(*changes):
    """Return entries that differ from one in some columns."""
    return pd.DataFrame([{**BASE, **change} for change in changes])


def causes(found):
    """Return the causes of all changes together, in t, without those that are nothing."""
    total = found.by().iloc[0]
    return {cause: total[cause] / 1e6 for cause in CAUSES if total[cause]}


@st.composite
def inventories(draw):
    """Draw entries of any flows, products, years, units and methods, each once."""
    keys = st.tuples(
        st.sampled_from(["A", "B"]),
        st.sampled_from([2019, 2020]),
        st.sampled_from(FLOWS),
        st.sampled_from(PRODUCTS),
        st.sampled_from(["CO2", "CH4"]),
    )
    amounts = st.one_of(st.floats(-1e8, 1e8, allow_nan=False), st.integers(-9, 9).map(float))
    rows = [
        {
            **BASE,
            "area": area,
            "year": year,
            "flow": flow,
            "product": product,
            "gas": gas,
            "activity": draw(st.one_of(st.just(float("nan")), amounts)),
            "activity_unit": draw(st.sampled_from(["t", "tce"])),
            "value": draw(amounts),
            "method": draw(st.sampled_from(["m", "n"])),
        }
        for area, year, flow, product, gas in draw(st.lists(keys, unique=True, max_size=12))
    ]
    return pd.DataFrame(rows, columns=list(BASE))


@settings(max_examples=10)
@given(inventories(), inventories())
def test_whole_grams_close_over_any_grouping(before, after):
    """In every row, year, area and other grouping causes add up to the change, to the gram."""
    found = compare_entries(before, after)
    dims = ["area", "year", "flow"]
    for size in range(len(dims) + 1):
        for chosen in combinations(dims, size):
            sums = found.by(*chosen)
            assert (sums["after"] - sums["before"] == sums["change"]).all()
            assert (sums[list(CAUSES)].sum(axis=1) == sums["change"]).all()
    tonnes = after["value"].sum() - before["value"].sum()
    assert found.by()["change"].iloc[0] / 1e6 == pytest.approx(tonnes, abs=1e-3)


@settings(max_examples=10)
@given(inventories())
def test_nothing_differs_from_itself(held):
    """An inventory against itself has no row, in any order of its entries."""
    assert len(compare_entries(held, held).table) == 0
    assert len(compare_entries(held, held.iloc[::-1]).table) == 0


@settings(max_examples=10)
@given(inventories(), inventories())
def test_the_way_back_is_the_opposite(before, after):
    """What changed from one to the other changed back by the same causes."""
    there, back = compare_entries(before, after).by(), compare_entries(after, before).by()
    assert (there[["change", *CAUSES]] == -back[["change", *CAUSES]]).all(axis=None)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"activity": 120.0, "value": 360.0}, {"data": 60.0}),
        ({"value": 310.0}, {"factor": 10.0}),
        ({"value": 310.0, "method": "n"}, {"method": 10.0}),
        ({"activity": 120.0, "value": 372.0}, {"data": 61.0, "factor": 11.0}),
        ({"activity": 71.4, "activity_unit": "tce", "value": 303.0}, {"data": 3.0}),
        ({"activity": float("nan"), "value": 303.0}, {"undivided": 3.0}),
        ({"value": float("nan"), "notation": "NE"}, {"factor": -300.0}),
    ],
)
def test_one_entry(change, expected):
    """A change of activity is data, of factor under one method factor, under two methods method."""
    assert causes(compare_entries(entries({}), entries(change))) == pytest.approx(expected)


def test_branches_in_the_place_of_industry_are_structure():
    """The same amount by branch moves nothing but structure; 5 % more of it is data beside that."""
    branches = [("industry.chemicals", 60.0, 186.0), ("industry.remainder", 40.0, 120.0)]
    for scale, expected in ((1.0, {"structure": 6.0}), (1.05, {"data": 15.15, "structure": 6.15})):
        after = entries(
            *(
                {"flow": flow, "activity": amount * scale, "value": value * scale}
                for flow, amount, value in branches
            )
        )
        found = compare_entries(entries({}), after)
        assert causes(found) == pytest.approx(expected)
        assert found.table["flow"].tolist() == ["industry"]


def test_what_one_side_alone_has():
    """A year that came is a table, a spliced number filling, a row under another method method."""
    other = {"flow": "transport"}
    cases = [
        ([{}], [{}, {"year": 2021}], {"table": 300.0}),
        ([{}], [{}, other], {"data": 300.0}),
        ([{}, other], [{}], {"data": -300.0}),
        ([{}], [{"method": "n"}, {**other, "method": "n"}], {"method": 300.0}),
        ([{"status": ""}], [{"status": ""}, {**other, "status": "filled"}], {"filling": 300.0}),
    ]
    for before, after, expected in cases:
        assert causes(compare_entries(entries(*before), entries(*after))) == expected


def test_equal_prints_and_filling():
    """Equal tables read otherwise are mapping or method; a print for a filled number is filling."""
    before = entries({"printed": "100 t", "status": ""})
    read = before.assign(activity=110.0, value=330.0)
    same = [("A", 2020)]
    assert causes(compare_entries(before, read, same_tables=same)) == {"mapping": 30.0}
    assert causes(compare_entries(before, read)) == {"data": 30.0}  # another cell may be taken off
    assert causes(compare_entries(before, read.assign(method="n"))) == {"method": 30.0}
    filled = before.assign(printed="", status="filled")
    assert causes(compare_entries(filled, read.assign(printed="110 t"))) == {"filling": 30.0}
    nothing = filled.assign(activity=float("nan"))
    assert causes(compare_entries(nothing, nothing.assign(value=310.0))) == {"filling": 10.0}


def test_a_cell_that_moved_nothing_is_listed():
    """Another print of the same number stays in the table with a change of nothing."""
    before = entries({"printed": "100 t", "where": "a.csv!B2"})
    found = compare_entries(before, before.assign(printed="0.01 1e4 t", where="b.csv!C9")).table
    assert found[["change", "printed_before", "where_after"]].iloc[0].tolist() == [
        0,
        "100 t",
        "b.csv!C9",
    ]


def test_areas_that_came_and_went_are_the_perimeter():
    """Of a year that stands on one side alone; what both sides have changed otherwise."""
    before = entries({"area": "B"}, {"area": "A", "year": 2019})
    after = entries({"area": "B", "value": 310.0}, {"area": "C"}, {"area": "D"})
    expected = {"perimeter": 300.0, "table": 0.0, "factor": 10.0}
    found = compare_entries(before, after, other_areas=["B", "C"])
    assert causes(found) == {cause: value for cause, value in expected.items() if value}
    by = found.by("area").set_index("area")
    assert (by.loc["D", "table"], by.loc["A", "table"]) == (300_000_000, -300_000_000)
    assert causes(compare_entries(before, after)) == {"table": 300.0, "factor": 10.0}


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        ((("A", 2020, True),), {"refused": -300.0, "data": -20.0}),  # energy of that year
        ((("A", 2020, False),), {"refused": -20.0, "data": -300.0}),  # other sectors
        ((("A", 2020, True), ("A", 2020, False)), {"refused": -320.0}),
        ((("A", 2021, True), ("B", 2020, True)), {"data": -320.0}),
    ],
)
def test_what_a_side_cannot_read_is_not_gone(refused, expected):
    """By area, year and whether it is of energy; a number that both sides have changed otherwise."""
    stays = {"flow": "transport"}
    lime = {"sector": "processes", "flow": "lime", "product": "", "value": 20.0}
    before, after = entries(stays, {}, lime), entries({**stays, "value": 310.0})
    found = compare_entries(before, after, refused=refused)
    assert causes(found) == expected | {"factor": 10.0}
    back = compare_entries(after, before, refused=refused)
    assert causes(back) == {cause: -value for cause, value in (expected | {"factor": 10.0}).items()}


def test_an_equation_is_split_at_the_mean_of_both_sides():
    """From 300 to 420 t, by hand: 75 of data and 45 of factors.

    The old equation gives 360 of the new data, the new one 330 of the old.
    """
    of_several = {"sector": "processes", "activity": float("nan")}
    before = entries(of_several | {"crossed": 360.0})
    after = entries(of_several | {"value": 420.0, "crossed": 330.0})
    assert causes(compare_entries(before, after)) == {"data": 75.0, "factor": 45.0}


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ({"printed": "1 t", "factors": "f"}, {"printed": "2 t", "factors": "f"}, "data"),
        ({"printed": "1 t"}, {"printed": "2 t"}, "data"),
        ({"printed": "1 t", "factors": "f"}, {"printed": "1 t", "factors": "g"}, "factor"),
        ({"printed": "1 t", "factors": "f"}, {"printed": "2 t", "factors": "g"}, "undivided"),
        ({"printed": "1 t", "factors": "f"}, {"printed": "1 t", "factors": "f"}, "undivided"),
        ({"printed": "1 t", "method": "m"}, {"printed": "1 t", "method": "n"}, "method"),
        ({"printed": "1 t", "method": "m"}, {"printed": "2 t", "method": "n"}, "undivided"),
        # What one side does not say, or neither does, is not the same.
        ({"printed": "", "factors": "f"}, {"printed": "", "factors": "g"}, "undivided"),
        ({"printed": "1 t", "factors": "f"}, {"printed": "", "factors": "g"}, "undivided"),
        ({"printed": "", "factors": "f"}, {"printed": "1 t", "factors": "g"}, "undivided"),
        ({"printed": "1 t", "factors": "f"}, {"printed": "1 t", "factors": ""}, "undivided"),
        ({"printed": "", "method": "m"}, {"printed": "", "method": "n"}, "undivided"),
        # Of a filled year the filling is the cause, whatever else differs.
        ({"printed": "", "status": "filled"}, {"printed": "1 t", "status": ""}, "filling"),
        (
            {"printed": "1 t", "factors": "f", "status": ""},
            {"printed": "1 t", "factors": "g", "status": "filled"},
            "filling",
        ),
    ],
)
def test_without_an_amount_cells_and_factor_rows_tell(before, after, cause):
    """A source of several activities has no one amount: 10 t are of the one thing that differs, or of none."""
    none = {"activity": float("nan")}
    found = compare_entries(entries(none | before), entries(none | after | {"value": 310.0}))
    assert causes(found) == {cause: 10.0}
    assert [one.rule for one in found.findings] == (["not-split"] if cause == "undivided" else [])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # An amount is split by itself, also where an equation would say otherwise.
        (
            {"crossed": 999.0},
            {"activity": 120.0, "value": 372.0, "crossed": 1.0},
            {"data": 61.0, "factor": 11.0},
        ),
        # From nothing: what came has the factor that it has.
        ({"activity": 0.0, "value": 0.0}, {"activity": 120.0, "value": 360.0}, {"data": 360.0}),
        ({}, {"activity": 0.0, "value": 0.0}, {"data": -300.0}),
        # Nothing on both sides has no factor; two units have no amount in common.
        ({"activity": 0.0}, {"activity": 0.0, "value": 310.0}, {"undivided": 10.0}),
        (
            {"activity": 0.0},
            {"activity": 0.0, "activity_unit": "tce", "value": 310.0},
            {"data": 10.0},
        ),
        ({"activity": float("nan")}, {"activity_unit": "tce", "value": 310.0}, {"undivided": 10.0}),
        (
            {},
            {"activity": float("nan"), "activity_unit": "tce", "value": 310.0},
            {"undivided": 10.0},
        ),
        # Of an equation without both crossings there is no mean.
        (
            {"activity": float("nan"), "crossed": 360.0},
            {"activity": float("nan"), "value": 310.0, "crossed": float("nan")},
            {"undivided": 10.0},
        ),
        # Another table of the same bytes cannot change an activity: the method or the mapping did.
        (
            {"printed": "40 t"},
            {"printed": "40 t", "activity": 110.0, "value": 330.0, "method": "n"},
            {"method": 30.0},
        ),
        (
            {"printed": "40 t"},
            {"printed": "44 t", "activity": 110.0, "value": 330.0, "method": "n"},
            {"data": 30.0},
        ),
        (
            {"printed": ""},
            {"printed": "", "activity": 110.0, "value": 330.0, "method": "n"},
            {"data": 30.0},
        ),
    ],
)
def test_what_an_amount_says_of_a_change(before, after, expected):
    """Each gram once, and none to a cause that the numbers do not show; back again is the opposite."""
    sides = [pd.DataFrame([BASE | change]) for change in (before, after)]
    assert causes(compare_entries(*sides)) == pytest.approx(expected)
    back = causes(compare_entries(*reversed(sides)))
    assert back == pytest.approx({cause: -tonnes for cause, tonnes in expected.items()})


def test_a_group_has_an_amount_where_all_of_it_has_one_in_one_unit():
    """Branches for industry: 60 t and 40 t are 100 t; of two units, or with one that has none, nothing is."""
    branches = [
        {"flow": "industry.chemicals", "activity": 60.0, "value": 180.0},
        {"flow": "industry.remainder", "activity": 40.0, "value": 130.0},
    ]
    whole = entries({})
    assert causes(compare_entries(whole, entries(*branches))) == {"structure": 10.0}
    for change, cause in (
        ({"activity_unit": "tce"}, "undivided"),
        ({"activity": float("nan")}, "undivided"),
    ):
        other = entries(branches[0], branches[1] | change)
        assert causes(compare_entries(whole, other)) == {cause: 10.0}
    crossed = entries(*({**one, "activity": float("nan"), "crossed": 150.0} for one in branches))
    before = entries({"activity": float("nan"), "crossed": 310.0})
    # Of 300 to 310 t: the old equation gives 310 of the new data, the new one 2 x 150 of the old.
    assert causes(compare_entries(before, crossed)) == {"data": 10.0}
    assert causes(compare_entries(before, crossed.assign(crossed=[150.0, float("nan")]))) == {
        "undivided": 10.0
    }


def test_what_has_no_number_and_what_is_a_memo_is_not_compared():
    """A notation key is an entry without a number; a blank is none; a memo is in no total."""
    blank, memo = {"flow": "transport", "value": float("nan")}, {"flow": "farming", "kind": "memo"}
    assert len(compare_entries(entries({}), entries({}, blank, memo)).table) == 0
    keyed = compare_entries(entries({}), entries({}, blank | {"notation": "NE"}))
    assert len(keyed.table) == 0  # nothing is moved by it
    assert keyed.findings == ()


def test_a_change_that_cannot_be_split_is_said():
    """How many, and what to compare instead."""
    unknown = entries({"activity": float("nan")}, {"flow": "transport", "activity": float("nan")})
    found = compare_entries(unknown, unknown.assign(value=[310.0, 290.0]))
    assert [one.rule for one in found.findings] == ["not-split"]
    assert found.findings[0].message.startswith("2 changes cannot be split into data and factor")


def test_what_is_no_inventory_is_refused():
    """A table without a column of an inventory is named."""
    with pytest.raises(ProjectError, match="before has no column 'gas'"):
        compare_entries(entries({}).drop(columns="gas"), entries({}))
    with pytest.raises(ProjectError, match="no column 'colour'"):
        compare_entries(entries({}), entries({})).by("colour")
