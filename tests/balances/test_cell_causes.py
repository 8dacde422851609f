"""One cell that is wrong: planted anywhere in a sound table, it is named with the number that it should hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from carbonacct.balances.check import block_causes
from carbonacct.balances.check.block_causes import find_block, find_carried, find_joint
from carbonacct.balances.check.causes import find_causes
from tests.balances.cases import FUELS, PARTS, list_numbers, make_case, make_plants, make_table


def plant(changes, **options):
    """Return a sound table with other numbers in some cells, as its identities see it, and the places of its cells."""
    table = make_table()
    for place, number in changes.items():
        table.loc[place] = number
    case, balance = make_case(table, **options)
    places = {
        (flow, product): f * case.width + p
        for f, flow in enumerate(balance.flows)
        for p, product in enumerate(balance.products)
    }
    return case, places


def list_cells():
    """Return the cells of the sound table that hold more than zero."""
    return [(place, number) for place, number in list_numbers(make_table()) if number]


SLIPS = {
    "decimal-point": lambda number: number * 100,
    "sign": lambda number: -number,
    "number": lambda number: round(number * 1.2345, 2),
}


@pytest.mark.parametrize("kind", ["decimal-point", "sign"])
def test_a_slip_of_any_cell_is_named_with_the_true_number(kind):
    """For every cell one cause mends all failing sums, and its first change is the true one."""
    for place, number in list_cells():
        case, places = plant({place: SLIPS[kind](number)})
        (cause,) = find_causes(case)
        change = cause.changes[0]
        assert (change.cell, change.kind) == (places[place], kind), place
        assert change.number == pytest.approx(number, abs=0.006)
        assert list(cause.mended) == np.flatnonzero(case.measured.fails).tolist()
        assert cause.line is None
        assert cause.shown is case


def test_a_number_that_no_slip_explains_needs_two_sums():
    """A fuel of a part stands in its row and its column: both say the same. Coal of a part stands in one sum alone."""
    for place, number in list_cells():
        flow, product = place
        case, places = plant({place: SLIPS["number"](number)})
        (cause, *_) = causes = find_causes(case)
        if product in FUELS and flow in PARTS:
            (change,) = cause.changes
            assert (change.cell, change.kind) == (places[place], "number")
            assert change.number == pytest.approx(number, abs=1e-9)
            assert len(causes) == 1
        elif flow in PARTS and product != "oil_total":
            assert {change.kind for change in cause.changes} <= {"open", "digit", "digits-swapped"}


def test_what_cannot_be_negative_is_not_proposed_so():
    """A number with the wrong sign is one, but not where the true one would be below zero."""
    place = ("industry", "diesel")
    number = make_table().loc[place]
    case, _ = plant({place: -number})
    unsigned = np.ones(len(case.numbers), bool)
    assert find_causes(case)[0].changes[0].number == pytest.approx(number)
    assert find_causes(replace(case, unsigned=unsigned))[0].changes[0].number == pytest.approx(
        number
    )
    # Coal of the parts exceeds its total by twice that of farming: with the other sign it would not.
    table = make_table()
    coal = [("final_consumption", "raw_coal"), ("primary_supply", "raw_coal")]
    case, places = plant(
        {place: table.loc[place] - 2 * table.loc["farming", "raw_coal"] for place in coal}
    )
    (cause,) = find_causes(case)
    assert (cause.changes[0].cell, cause.changes[0].kind) == (places["farming", "raw_coal"], "sign")
    (cause,) = find_causes(replace(case, unsigned=unsigned))
    assert not [change for change in cause.changes if change.kind == "sign" or change.number < 0]


def test_two_cells_that_a_sum_of_both_confirms():
    """Diesel of industry and of transport are each off in their row; the column of diesel says both."""
    table = make_table()
    truth = {("industry", "diesel"): 11.11, ("transport", "diesel"): 47.53}
    case, places = plant({place: table.loc[place] + more for place, more in truth.items()})
    joint = find_joint(case)
    assert (joint.kind, joint.axis, joint.factor) == ("joint", "cell", 1.0)
    given = dict(zip(joint.cells.tolist(), joint.numbers.tolist(), strict=True))
    assert given == {places[place]: pytest.approx(table.loc[place]) for place in truth}
    assert list(joint.mended) == np.flatnonzero(case.measured.fails).tolist()
    assert len(joint.mended) == 3


def test_an_error_that_the_total_of_its_products_repeats():
    """Diesel of final consumption, and its oil with it: their row holds, and the columns and both balances fail."""
    table = make_table()
    truth = {("final_consumption", "diesel"): 123.45, ("final_consumption", "oil_total"): 123.45}
    case, places = plant({place: table.loc[place] + more for place, more in truth.items()})
    carried = find_carried(case)
    assert (carried.kind, carried.axis) == ("carried", "cell")
    given = dict(zip(carried.cells.tolist(), carried.numbers.tolist(), strict=True))
    assert given == {places[place]: pytest.approx(table.loc[place]) for place in truth}
    assert list(carried.mended) == np.flatnonzero(case.measured.fails).tolist()
    assert len(carried.mended) == 4


def test_an_error_that_any_row_may_carry_names_none():
    """Diesel of a part and its oil: any other part would mend both columns as well."""
    table = make_table()
    places = [("industry", "diesel"), ("industry", "oil_total")]
    case, _ = plant({place: table.loc[place] + 123.45 for place in places})
    assert find_carried(case) is None


def test_one_cell_repeats_nothing():
    """Coal of final consumption alone: its row and its balance fail, and no total above it has the same."""
    table = make_table()
    case, _ = plant(
        {("final_consumption", "raw_coal"): table.loc["final_consumption", "raw_coal"] + 123.45}
    )
    assert case.measured.fails.sum() == 2
    assert find_carried(case) is find_joint(case) is None


def test_a_sound_table_has_no_cause():
    """Neither a cell nor some together."""
    case, _ = plant({})
    assert find_causes(case) == []
    assert find_joint(case) is find_carried(case) is find_block(case) is None


def test_each_sum_that_fails_stands_in_one_cause():
    """Coal of final consumption, off without a slip: its column and its balance fail, each named once."""
    table = make_table()
    coal = "raw_coal"
    case, _ = plant({("final_consumption", coal): table.loc["final_consumption", coal] + 321.07})
    causes = find_causes(case)
    assert (
        sorted(i for cause in causes for i in cause.mended)
        == np.flatnonzero(case.measured.fails).tolist()
    )


def make_column(numbers, **others):
    """Return a table of coal: final consumption and its parts, and oil of one of them beside its fuels."""
    table = pd.DataFrame({"raw_coal": numbers})
    for product, cells in others.items():
        table[product] = pd.Series(cells)
    return make_case(table)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_at_most_three_cells_are_named_beside_each_other(count):
    """Several parts print 300 and one is 3: up to three are named, of four nothing is known."""
    parts = {**dict.fromkeys(PARTS[:count], 300.0), "households": 7.77, "wholesale_retail": 41.3}
    numbers = {"final_consumption": sum(parts.values()) - 297.0, **parts}
    case, balance = make_column(numbers, coke=numbers)
    case = case.settle(
        np.flatnonzero([one.total[1] != 0 for one in case.system.identities]).tolist()
    )
    (cause,) = find_causes(case)
    named = {
        (balance.flows[change.cell // case.width], change.kind, change.number)
        for change in cause.changes
    }
    assert named == (
        {(part, "decimal-point", 3.0) for part in PARTS[:count]} if count <= 3 else set()
    )


def test_a_cell_whose_sums_all_hold_afterwards_comes_before_one_of_which_another_fails():
    """Diesel of industry and of transport print 300 and one is 3; the oil of industry fits neither."""
    diesel = {"industry": 300.0, "transport": 300.0, "construction": 41.3}
    table = pd.DataFrame({"diesel": {"final_consumption": sum(diesel.values()) - 297.0, **diesel}})
    table["gasoline"] = pd.Series({"industry": 12.0})
    table["oil_total"] = pd.Series({"industry": 345.67})
    case, balance = make_case(table)
    assert case.measured.fails.sum() == 2
    cause, other = find_causes(case)
    assert [balance.flows[change.cell // case.width] for change in cause.changes] == ["transport"]
    assert cause.changes[0].number == 3.0
    assert case.system.identities[other.mended[0]].rule == "sum-of-products"


def test_two_faults_of_one_table_are_two_causes_a_cell_before_a_line_of_as_many_sums():
    """Diesel of final consumption fails three sums, farming ten times too large three as well: it has no oil."""
    table = make_table()
    table.loc["farming", ["oil_total", *FUELS]] = 0.0
    table["natural_gas"] = table["coke"] / 3
    table["natural_gas"] = table["natural_gas"].round(2)
    table.loc["final_consumption"] = table.loc["primary_supply"] = table.loc[list(PARTS)].sum()
    assert not make_case(table)[0].measured.fails.any()
    right = table.loc["final_consumption", "diesel"]
    table.loc["farming"] *= 10
    table.loc["final_consumption", "diesel"] *= 100
    case, balance = make_case(table)
    cell, line = find_causes(case)
    assert (cell.line, cell.changes[0].number, len(cell.mended)) == (None, pytest.approx(right), 3)
    assert (line.line.kind, balance.flows[line.line.at], line.line.factor, len(line.mended)) == (
        "scaled",
        "farming",
        0.1,
        3,
    )


@pytest.mark.parametrize(
    "flow", ["thermal_power", "heating", "refining", "transformation", "total_consumption"]
)
@pytest.mark.parametrize("kind", ["decimal-point", "sign"])
@pytest.mark.parametrize("product", ["raw_coal", "coke", "diesel"])
def test_a_slip_of_a_plant_is_named_with_the_true_number(flow, kind, product):
    """What goes in is consumed, what comes out is not: both sums of a plant hold with the true number."""
    table = make_plants()
    assert not make_case(table)[0].measured.fails.any()
    number = table.loc[flow, product]
    table.loc[flow, product] = SLIPS[kind](number)
    case, balance = make_case(table)
    (cause,) = find_causes(case)
    change = cause.changes[0]
    cell = balance.flows.index(flow) * case.width + balance.products.index(product)
    assert (change.cell, change.kind, change.number) == (
        cell,
        kind,
        pytest.approx(number, abs=0.006),
    )
    assert list(cause.mended) == np.flatnonzero(case.measured.fails).tolist()


@pytest.mark.parametrize(
    ("printed", "kind"),
    [(1_237_000.0, "decimal-point"), (-12_370.0, "sign"), (123_704.0, None), (13_270.0, None)],
)
def test_of_a_sum_that_is_known_to_fail_a_clear_slip_alone_is_a_cause(printed, kind):
    """Supply without opening stock: a lost point or a turned sign is a cause, a misread digit is not."""
    rows = {"primary_supply": 42_385.0, "production": printed, "imports": 30_015.0}
    case, balance = make_case(pd.DataFrame({"raw_coal": rows}))
    (cause,) = find_causes(replace(case, decimals=np.zeros(len(case.numbers), int)))
    named = [(balance.flows[change.cell], change.kind, change.number) for change in cause.changes]
    assert named == ([("production", kind, 12_370.0)] if kind else [])
    # Where the stock is printed the sum is one as any.
    case, balance = make_case(pd.DataFrame({"raw_coal": rows | {"opening_stock": 0.0}}))
    (cause,) = find_causes(replace(case, decimals=np.zeros(len(case.numbers), int)))
    assert ("production", 12_370.0) in {
        (balance.flows[change.cell], change.number) for change in cause.changes
    }


def test_an_error_that_the_totals_of_its_rows_repeat():
    """Diesel of urban households, repeated in its totals: their rows hold, oil and the balance fail."""
    table = make_table()
    for flow, share in {"households_urban": 0.6, "households_rural": 0.4}.items():
        table.loc[flow] = (table.loc["transport"] * share).round(2)
        table.loc[flow, "oil_total"] = table.loc[flow, list(FUELS)].sum()
    table.loc["households"] = table.loc["households_urban"] + table.loc["households_rural"]
    table.loc["final_consumption"] = table.loc["primary_supply"] = table.loc[
        [*PARTS, "households"]
    ].sum()
    assert not make_case(table)[0].measured.fails.any()
    rows = ["households_urban", "households", "final_consumption"]
    right = table.loc[rows, "diesel"].to_dict()
    table.loc[rows, "diesel"] += 123.45
    case, balance = make_case(table)
    carried = find_carried(case)
    given = {
        balance.flows[cell // case.width]: n
        for cell, n in zip(carried.cells, carried.numbers, strict=True)
    }
    assert (carried.kind, given) == ("carried", pytest.approx(right))
    assert list(carried.mended) == np.flatnonzero(case.measured.fails).tolist()


@pytest.mark.parametrize("count", [2, 3, 4])
def test_two_or_three_cells_that_a_sum_of_all_confirms(count):
    """Each off in its row, and the column by all of them together; more than three are no cause of some cells."""
    table = make_table()
    rows, off = PARTS[:count], (11.11, 47.53, -19.87, 8.03)[:count]
    right = table.loc[list(rows), "diesel"].to_dict()
    table.loc[list(rows), "diesel"] += list(off)
    case, balance = make_case(table)
    joint = find_joint(case)
    if count > 3:
        assert joint is None
    else:
        given = {
            balance.flows[cell // case.width]: n
            for cell, n in zip(joint.cells, joint.numbers, strict=True)
        }
        assert given == pytest.approx(right)
        assert list(joint.mended) == np.flatnonzero(case.measured.fails).tolist()


def test_cells_that_are_off_by_what_the_column_does_not_say_are_no_joint_cause():
    """The oil of two rows is off, and the column of diesel by another amount: no change of both mends all three."""
    table = make_table()
    table.loc[["industry", "transport"], "oil_total"] += [11.11, 47.53]
    table.loc["final_consumption", ["diesel", "oil_total"]] += [30.0, 30.0 + 58.64]
    table.loc["primary_supply", ["diesel", "oil_total"]] += [30.0, 30.0 + 58.64]
    assert find_joint(make_case(table)[0]) is None


@pytest.mark.parametrize(("households", "is_found"), [(0.30, True), (0.28, False)])
def test_a_total_with_its_parts_is_a_cause_where_chance_would_not_mend_as_much(
    households, is_found
):
    """Fourteen changes of two totals within 0.04 would mend a gap of nine times households: 2.55 or more is no chance.

    Each of the order of the gap, spread evenly over its logarithm (from a third to three times):
    14 x 0.04 / (gap x ln 9)
    is a tenth at 2.55.
    """
    right = {
        "households_urban": households - 0.1,
        "households_rural": 0.1,
        "households": households,
    }
    rows = {"industry": 90.0, "farming": 60.0 - households, "final_consumption": 150.0}
    wrong = {flow: 10 * number for flow, number in right.items()}
    assert find_block(make_case(pd.DataFrame({"coke": rows | right}))[0]) is None
    case, balance = make_case(pd.DataFrame({"coke": rows | wrong}))
    assert case.measured.fails.sum() == 1
    block = find_block(case)
    assert (block is not None) is is_found
    if block:
        given = {
            balance.flows[cell]: number
            for cell, number in zip(block.cells, block.numbers, strict=True)
        }
        assert given == pytest.approx(right)
        assert (block.kind, block.factor, balance.flows[block.at]) == ("block", 0.1, "households")


def test_a_sum_that_is_known_to_fail_is_no_evidence_of_some_cells():
    """Final consumption ten times too large with its rows: total consumption alone says so, and may be wrong itself."""
    rows = {"final_consumption": 150.0, "industry": 90.0, "transport": 60.0, "losses": 5.0}
    rows |= {"transformation": -30.0, "thermal_power": -30.0, "total_consumption": 185.0}
    assert not make_case(pd.DataFrame({"coke": rows}))[0].measured.fails.any()
    wrong = rows | {
        flow: 10 * rows[flow] for flow in ("final_consumption", "industry", "transport")
    }
    case, _ = make_case(pd.DataFrame({"coke": wrong}))
    assert case.system.soft[case.measured.fails].tolist() == [True]
    assert find_block(case) is find_carried(case) is find_joint(case) is None
    # The balance says it as well, and is believed.
    balance = {"primary_supply": 185.0, "statistical_difference": 0.0}
    case, _ = make_case(pd.DataFrame({"coke": wrong | balance}))
    assert find_block(case).factor == 0.1


def test_sums_that_are_off_by_most_of_what_print_explains_are_looked_at_first(monkeypatch):
    """Coke is off by more tonnes, coal by more of its own rounding: coal is tried first."""
    monkeypatch.setattr(block_causes, "_MOST_TRIED", 1)
    coal = {"final_consumption": 150.0, "industry": 90.0, "farming": 10.0}
    coal |= {"households": 500.0, "households_urban": 300.0, "households_rural": 200.0}
    coke = {"final_consumption": 150e4, "industry": 149.9e4}
    case, balance = make_case(pd.DataFrame({"raw_coal": coal, "coke": coke}), scale={"coke": 1e4})
    assert np.abs(case.measured.difference[case.measured.fails]).tolist() == pytest.approx(
        [450, 1000]
    )
    block = find_block(case)
    assert (balance.flows[block.at // case.width], block.factor) == ("households", 0.1)


def test_a_block_is_no_cause_of_its_own_sum():
    """Households off by 1.3 beside their two rows: a hundredth of all three would be within print, and says nothing."""
    rows = {"households": 100.0, "households_urban": 60.0, "households_rural": 38.7}
    case, _ = make_case(pd.DataFrame({"coke": rows}))
    assert case.measured.fails.sum() == 1
    assert find_block(case) is None


def test_a_total_with_its_parts_is_the_cause_of_the_one_sum_that_fails():
    """Households and their two rows ten times too large: no one number mends final consumption, the three do."""
    rows = {
        "final_consumption": 2560.46,
        "farming": 123.45,
        "industry": 2345.67,
        "households": 913.4,
    }
    rows |= {"households_urban": 345.6, "households_rural": 567.8}
    case, balance = make_case(pd.DataFrame({"coke": rows}))
    (cause,) = find_causes(case)
    assert (cause.line.kind, balance.flows[cause.line.at], cause.line.factor) == (
        "block",
        "households",
        0.1,
    )
    assert list(cause.mended) == np.flatnonzero(case.measured.fails).tolist()
    assert cause.changes == ()


def test_two_cells_that_two_sums_hold_alike_are_not_told_apart():
    """Losses and final consumption are in the same two sums, which agree on the gap but not on the cell."""
    rows = {
        "primary_supply": 100.34,
        "losses": 12.47,
        "final_consumption": 95.21,
        "statistical_difference": 0.0,
    }
    rows |= {"transformation": 0.0, "total_consumption": 100.34}
    case, balance = make_case(pd.DataFrame({"coke": rows}))
    assert case.measured.fails.sum() == 2
    causes = find_causes(case)
    assert not [change for cause in causes for change in cause.changes if change.kind == "number"]
    # With a row of final consumption that bears it out, losses alone are left.
    case, balance = make_case(pd.DataFrame({"coke": rows | {"industry": 95.21}}))
    (cause,) = find_causes(case)
    assert [(balance.flows[change.cell], change.kind) for change in cause.changes] == [
        ("losses", "number")
    ]
    assert cause.changes[0].number == pytest.approx(5.13)


def test_a_slip_comes_before_a_number_that_no_slip_explains():
    """A lost point mends a sum and one that is known to fail, a number of its own two sums: a slip has to mend less."""
    table = make_plants()
    right = table.loc["thermal_power", "raw_coal"], table.loc["industry", "diesel"]
    table.loc["thermal_power", "raw_coal"] *= 100
    table.loc["industry", "diesel"] = round(right[1] * 1.2345, 2)
    case, _ = make_case(table)
    assert case.measured.fails.sum() == 4
    slip, number = find_causes(case)
    assert [cause.changes[0].kind for cause in (slip, number)] == ["decimal-point", "number"]
    assert [cause.changes[0].number for cause in (slip, number)] == pytest.approx(right)
