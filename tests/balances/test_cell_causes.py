"""One cell that is wrong: planted anywhere in a sound table, it is named with the number that it should hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from carbonacct.balances.check.block_causes import find_block, find_carried, find_joint
from carbonacct.balances.check.causes import find_causes
from tests.balances.cases import FUELS, PARTS, list_numbers, make_case, make_table


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
    """Every cell of the table in turn: one cause that mends all sums that fail, and its first change is the true one."""
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
    assert find_causes(replace(case, unsigned=unsigned))[0].changes[0].number == pytest.approx(number)
    # Coal of the parts exceeds its total by twice that of farming: with the other sign it would not.
    table = make_table()
    coal = [("final_consumption", "raw_coal"), ("primary_supply", "raw_coal")]
    case, places = plant({place: table.loc[place] - 2 * table.loc["farming", "raw_coal"] for place in coal})
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


def test_a_sound_table_has_no_cause():
    """Neither a cell nor some together."""
    case, _ = plant({})
    assert find_causes(case) == []
    assert find_joint(case) is find_carried(case) is find_block(case) is None


def test_each_sum_that_fails_stands_in_one_cause():
    """Coal of final consumption, off by what no slip explains: its column and its balance fail, and both are named once."""
    table = make_table()
    coal = "raw_coal"
    case, _ = plant({("final_consumption", coal): table.loc["final_consumption", coal] + 321.07})
    causes = find_causes(case)
    assert sorted(i for cause in causes for i in cause.mended) == np.flatnonzero(case.measured.fails).tolist()
