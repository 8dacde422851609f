"""One table as its identities see it: what stands where, what holds, and what a change would do."""

from __future__ import annotations

import numpy as np
import pytest

from tests.balances.cases import PARTS, make_case, make_table


@pytest.fixture(scope="module")
def sound():
    """Return a sound table as its identities see it, and the place of a cell in it."""
    case, balance = make_case(make_table())

    def place(flow, product):
        return balance.flows.index(flow) * case.width + balance.products.index(product)

    return case, balance, place


def identity_of(case, balance, rule, flow, product):
    """Return the place of the one identity of a rule with a total."""
    total = (balance.flows.index(flow), balance.products.index(product))
    (found,) = [
        i for i, one in enumerate(case.system.identities) if (one.rule, one.total) == (rule, total)
    ]
    return found


def test_a_sound_table_holds_and_one_wrong_cell_fails_its_sums(sound):
    """A part of two sums fails both, and nothing else; put right, all hold again."""
    case, balance, place = sound
    assert not case.measured.fails.any()
    cell = place("industry", "diesel")
    wrong = case.change([cell], [case.numbers[cell] + 50])
    rows = identity_of(case, balance, "sum-of-parts", "final_consumption", "diesel")
    products = identity_of(case, balance, "sum-of-products", "industry", "oil_total")
    assert set(np.flatnonzero(wrong.measured.fails)) == {rows, products}
    assert wrong.measured.difference[[rows, products]] == pytest.approx([-50, -50])
    assert not wrong.change([cell], [case.numbers[cell]]).measured.fails.any()
    assert case.numbers[cell] == wrong.numbers[cell] - 50  # the case itself stays


def test_a_settled_identity_is_not_tested_again(sound):
    """Others are; what was settled before stays so."""
    case, balance, place = sound
    cell = place("industry", "diesel")
    wrong = case.change([cell], [case.numbers[cell] + 50])
    first, second = np.flatnonzero(wrong.measured.fails).tolist()
    once = wrong.settle([first])
    assert np.flatnonzero(once.measured.fails).tolist() == [second]
    assert not once.measured.tested[first]
    assert not once.settle([second]).measured.fails.any()
    assert balance.amounts.values.ravel()[cell] == case.numbers[cell]


def test_the_cells_of_a_sum_are_its_total_and_its_numbers_other_than_zero(sound):
    """Zeros and blanks are no cells that could be wrong; the last sum of the table has an end too."""
    case, balance, place = sound
    rows = identity_of(case, balance, "sum-of-parts", "final_consumption", "coke")
    right = [place(flow, "coke") for flow in ("final_consumption", *PARTS)]
    cells = case.cells_of(rows).tolist()
    assert (cells[0], set(cells)) == (right[0], set(right))
    emptied = case.change([right[1], right[2]], [0.0, np.nan])
    assert set(emptied.cells_of(rows)) == {right[0], *right[3:]}
    last = len(case.system.starts) - 1
    total = case.system.identities[last].total
    assert total[0] * case.width + total[1] == case.system.total[last]
    assert set(case.cells_of(last)) <= set(case.system.cell[case.system.starts[last] :])


def test_the_sums_of_a_cell(sound):
    """Each entry is of the cell and of a sum that is tested: where the total is blank, none is."""
    case, balance, place = sound
    cell = place("industry", "diesel")
    entries = case.entries_of(cell)
    assert (case.system.cell[entries] == cell).all()
    assert {case.system.identities[i].rule for i in case.system.owner[entries]} >= {
        "sum-of-parts",
        "sum-of-products",
    }
    rows = identity_of(case, balance, "sum-of-parts", "final_consumption", "diesel")
    assert rows in case.system.owner[entries]
    settled = case.settle([rows])
    assert rows not in settled.system.owner[settled.entries_of(cell)]


def test_a_cell_is_confirmed_by_one_sum_that_holds(sound):
    """One of two is enough, none is not."""
    case, _, place = sound
    cell, other = place("industry", "diesel"), place("industry", "oil_total")
    assert case.is_confirmed(cell)
    one = case.change(
        [other], [case.numbers[other] + 50]
    )  # the sum of products fails, that of rows holds
    assert one.is_confirmed(cell)
    both = case.change([cell], [case.numbers[cell] + 50])
    assert not both.is_confirmed(cell)
    untested = case.settle(range(len(case.system.identities)))
    assert not untested.is_confirmed(cell)


def test_sums_whose_numbers_all_stand_in_some_cells(sound):
    """A row that is scaled as a whole keeps its sum of products, and no sum over rows; zeros do not count."""
    case, balance, place = sound
    cells = np.array([place("industry", product) for product in balance.products])
    inside = case.is_inside(cells)
    products = identity_of(case, balance, "sum-of-products", "industry", "oil_total")
    rows = identity_of(case, balance, "sum-of-parts", "final_consumption", "diesel")
    assert (bool(inside[products]), bool(inside[rows])) == (True, False)
    assert not case.is_inside(cells[cells != place("industry", "diesel")])[products]
    for nothing in (0.0, np.nan):
        emptied = case.change([place("industry", "diesel")], [nothing])
        assert emptied.is_inside(cells[cells != place("industry", "diesel")])[products]


def test_of_plants_what_goes_in_is_consumed():
    """Total consumption: a plant that takes in counts, one that puts out does not, nor a row without a number."""
    table = make_table()
    plants = {"transformation": -20.0, "thermal_power": -30.0, "refining": 10.0, "heating": 0.0}
    for flow, number in plants.items():
        table.loc[flow] = number
    table.loc["heating", "coke"] = np.nan
    table.loc["total_consumption"] = table.loc["final_consumption"] + 30.0
    case, balance = make_case(table)
    for product in ("diesel", "coke"):
        cells = case.cells_of(
            identity_of(case, balance, "total-consumption", "total_consumption", product)
        )
        assert [balance.flows[cell // case.width] for cell in cells] == [
            "total_consumption",
            "final_consumption",
            "thermal_power",
        ]
