"""A row or column that is wrong as a whole: planted in a sound table of numbers, it is found, and made what it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.check import lines
from carbonacct.balances.check.checks import check_balance
from carbonacct.balances.check.lines import (
    _list_trials,
    _measure_trials,
    find_line,
    find_missing_row,
)
from tests.balances.cases import FUELS, PARTS, PRODUCTS, make_case, make_plants, make_table


def name_line(balance, line, place=None):
    """Return the name of the row or column of a cause."""
    names = balance.flows if line.axis == "row" else balance.products
    return names[line.at if place is None else place]


def mend(case, line):
    """Return the numbers after a change."""
    numbers = case.numbers.copy()
    numbers[line.cells] = line.numbers
    return numbers


def assert_mends(wrong, right, line_of, **options):
    """Find the line, and hold that its numbers are those of the sound table and its sums are those that failed."""
    case, balance = make_case(wrong, **options)
    sound, _ = make_case(right, **options)
    line = find_line(case)
    assert (line.axis, name_line(balance, line)) == line_of
    np.testing.assert_allclose(mend(case, line), sound.numbers, rtol=1e-3)
    fails = np.flatnonzero(case.measured.fails).tolist()
    assert list(line.mended) == fails
    return line, balance


def test_a_sound_table_has_no_line_that_is_wrong():
    """Nothing fails, so nothing is looked for."""
    case, _ = make_case(make_table())
    assert not case.measured.fails.any()
    assert find_line(case) is None
    assert find_missing_row(case) is None


FACTORS = [10, 100, 1e3, 1e4, 0.1, 0.01, 1e-3, 1e-4, -1, 0.7143, 3.6]


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize(
    "line_of",
    [
        ("row", "industry"),
        ("row", "final_consumption"),
        ("column", "diesel"),
        ("column", "oil_total"),
    ],
)
def test_a_line_in_another_unit(line_of, factor):
    """Powers of ten, the other sign, and any other factor that the sums agree on."""
    right = make_table()
    wrong = right.copy()
    axis, name = line_of
    place = (name, slice(None)) if axis == "row" else (slice(None), name)
    wrong.loc[place] = wrong.loc[place] / factor
    line, _ = assert_mends(wrong, right, line_of)
    assert (line.kind, line.other) == ("scaled", -1)
    assert line.factor == pytest.approx(factor, rel=1e-4)


@pytest.mark.parametrize("factor", [1.09, 0.92, 10.8])
def test_a_factor_near_one_or_near_a_power_of_ten_is_no_unit(factor):
    """Within a tenth of it: what is off by a few per cent is no line in another unit."""
    wrong = make_table()
    wrong["diesel"] /= factor
    case, _ = make_case(wrong)
    assert find_line(case) is None


@pytest.mark.parametrize("count", [2, 3])
def test_three_sums_make_a_line(count):
    """What two sums have in common may be two numbers."""
    right = make_table()
    kept = right[[*PRODUCTS[:2], "diesel"][:count]]
    wrong = kept.copy()
    wrong.loc["industry"] *= 10
    case, balance = make_case(wrong)
    line = find_line(case)
    if count == 2:
        assert line is None
    else:
        assert (line.kind, name_line(balance, line), line.factor) == ("scaled", "industry", 0.1)


@pytest.mark.parametrize(
    ("axis", "names"),
    [
        ("row", ("transport", "final_consumption")),
        ("column", ("coke", "gasoline")),
        ("column", ("kerosene", "raw_coal")),
    ],
)
def test_neighbours_in_print_are_exchanged(axis, names):
    """Two rows or columns that stand side by side in the file, whatever their order in the vocabulary."""
    right = make_table()
    others = [
        name for name in (right.index if axis == "row" else right.columns) if name not in names
    ]
    order = [*others[:2], *names, *others[2:]]
    right = right.reindex(order, axis=0 if axis == "row" else 1)
    one, other = names
    wrong = right.copy()
    if axis == "row":
        wrong.loc[[one, other]] = right.loc[[other, one]].values
    else:
        wrong[[one, other]] = right[[other, one]].values
    line, balance = assert_mends(wrong, right, (axis, one))
    assert (line.kind, line.factor, name_line(balance, line, line.other)) == ("swapped", 1.0, other)


def test_exchanged_numbers_keep_the_unit_of_their_column():
    """Heads exchanged of a column in 万吨 and one in 吨: what is printed moves, and is read in the other unit."""
    right = make_table()
    units = {"raw_coal": 1e4}
    right["raw_coal"] *= 1e4
    wrong = right.copy()
    wrong["raw_coal"], wrong["coke"] = right["coke"] * 1e4, right["raw_coal"] / 1e4
    wrong.loc["final_consumption"] = right.loc["final_consumption"]
    case, _ = make_case(wrong, scale=units)
    trials = {(t.axis, t.at, t.other): t for t in _list_trials(case) if t.kind == "swapped"}
    swapped = trials["column", *case.columns[:2].tolist()]
    moved = mend(case, swapped).reshape(-1, case.width)[case.rows][:, case.columns[:2]]
    np.testing.assert_allclose(moved[:, 0], wrong["coke"] * 1e4)
    np.testing.assert_allclose(moved[:, 1], wrong["raw_coal"] / 1e4)


@pytest.mark.parametrize(
    ("line_of", "start", "by"),
    [
        (("row", "industry"), 2, 1),
        (("row", "industry"), 0, 1),
        (("row", "industry"), 3, -1),
        (("row", "industry"), 0, -1),
        (("column", "diesel"), 2, 1),
        (("column", "diesel"), 1, -1),
    ],
)
def test_a_line_that_is_shifted_by_one_cell(line_of, start, by):
    """Shifted from a cell on by +1 (right, down) or -1 (back): the cell left empty, or the last, is blank."""
    axis, name = line_of
    right = make_table()
    # A blank where the shift loses a number: at the end, or where it begins.
    order = list(right.columns if axis == "row" else right.index)
    lost = order[-1] if by > 0 else order[start]
    right.loc[(name, lost) if axis == "row" else (lost, name)] = np.nan
    right = _balance(right)
    line = (right.loc[name] if axis == "row" else right[name]).to_numpy()
    moved = line.copy()
    if by > 0:
        moved[start + 1 :], moved[start] = line[start:-1], np.nan
    else:
        moved[start:-1], moved[-1] = line[start + 1 :], np.nan
    wrong = right.copy()
    wrong.loc[(name, slice(None)) if axis == "row" else (slice(None), name)] = moved
    found, _ = assert_mends(wrong, right, line_of)
    assert (found.kind, found.factor) == ("shifted", float(by))


def _balance(table):
    """Return a table whose sums are made anew, beside the cells that are blank."""
    table = table.copy()
    rows = list(PARTS)
    table.loc[rows, "oil_total"] = table.loc[rows, list(FUELS)].sum(axis=1)
    blank = table.isna()
    table.loc["final_consumption"] = table.loc[rows].sum()
    table.loc["primary_supply"] = table.loc["final_consumption"]
    return table.mask(blank)


def test_sums_that_hold_without_a_line():
    """A row that its total does not hold is not in another unit: shrunk to nothing it would mend as much."""
    right = make_table()
    wrong = right.copy()
    wrong.loc["construction"] = np.round(np.random.default_rng(3).uniform(20, 900, 8), 2)
    wrong.loc["construction", "oil_total"] = wrong.loc["construction", list(FUELS)].sum()
    rows = [name for name in PARTS if name != "construction"]
    wrong.loc["final_consumption"] = wrong.loc["primary_supply"] = wrong.loc[rows].sum()
    case, balance = make_case(wrong)
    line = find_line(case)
    assert (line.kind, line.axis, name_line(balance, line), line.factor) == (
        "extra",
        "row",
        "construction",
        1.0,
    )
    assert np.isnan(line.numbers).all()
    assert len(line.mended) == len(PRODUCTS)


def test_a_change_that_breaks_a_sum_is_no_cause():
    """Three cells of a row ten times too large: to divide all of it would break the sums of the others."""
    wrong = make_table()
    wrong.loc["industry", ["raw_coal", "coke", "crude_oil"]] *= 10
    case, _ = make_case(wrong)
    assert find_line(case) is None


def test_sums_that_are_known_to_fail_make_no_line():
    """Supply is imports + 10 x production in all products: opening stock explains it until a sum fails."""
    wrong = make_table()
    wrong.loc["imports"] = wrong.loc["primary_supply"] / 7
    wrong.loc["production"] = (wrong.loc["primary_supply"] - wrong.loc["imports"]) / 10
    case, balance = make_case(wrong)
    assert case.measured.fails.sum() == len(PRODUCTS)
    assert find_line(case) is None
    wrong.loc["farming", "coke"] += 50
    case, balance = make_case(wrong)
    line = find_line(case)
    assert (line.kind, line.axis) == ("scaled", "row")
    assert name_line(balance, line) in {"production", "imports"}


@pytest.mark.parametrize("more", [55.0, 900.0])
def test_one_sum_that_is_off_by_itself_does_not_change_the_unit_of_a_column(more):
    """Diesel in coal equivalent in six rows, one with an oil sum off by more: the other five give the factor."""
    wrong = make_table()
    wrong["diesel"] *= 0.7143
    wrong.loc[["primary_supply", "statistical_difference"], "oil_total"] += more
    case, balance = make_case(wrong)
    line = find_line(case)
    assert (line.kind, name_line(balance, line)) == ("scaled", "diesel")
    assert line.factor == pytest.approx(1 / 0.7143, rel=1e-9)
    assert len(line.mended) == 5


def test_a_sum_that_is_known_to_fail_says_nothing_against_a_line():
    """Supply ten times too large with the one row that it prints: the balance of each product says so."""
    right = make_table()
    right.loc["production"] = right.loc["primary_supply"]
    wrong = right.copy()
    wrong.loc[["primary_supply", "production"]] *= 10
    case, balance = make_case(wrong)
    line = find_line(case)
    assert (line.kind, name_line(balance, line), line.factor) == ("scaled", "primary_supply", 0.1)
    assert len(line.mended) == len(PRODUCTS)


def test_a_sum_without_its_numbers_does_not_hold():
    """Final consumption beside one row that is another: without the row there is no sum, and none that holds."""
    wrong = make_table().loc[["final_consumption", "industry"]].drop(columns="oil_total")
    wrong.loc["industry"] = np.round(np.random.default_rng(2).uniform(20, 900, wrong.shape[1]), 2)
    case, _ = make_case(wrong)
    assert case.measured.fails.sum() == wrong.shape[1]
    assert find_line(case) is None


def test_what_is_shrunk_below_rounding_does_not_hold():
    """Coal of three totals is off by a few tonnes: 1e-4 of the column would be within print."""
    coal = {"final_consumption": 100.0, "industry": 60.0, "households": 44.0}
    coal |= {"households_urban": 30.0, "households_rural": 11.0}
    coal |= {"transformation": -90.0, "thermal_power": -50.0, "heating": -45.0}
    case, _ = make_case(pd.DataFrame({"raw_coal": coal, "coke": coal}))
    only, _ = make_case(pd.DataFrame({"raw_coal": coal, "coke": dict.fromkeys(coal, 0.0)}))
    assert (case.measured.fails.sum(), only.measured.fails.sum()) == (6, 3)
    assert find_line(case) is find_line(only) is None


# A row that is not printed


def test_a_row_that_is_not_printed():
    """The differences are that row: they keep the sums of products, and other sums confirm the total."""
    wrong = make_table().drop("construction")
    case, balance = make_case(wrong)
    line = find_missing_row(case)
    assert (line.kind, line.axis, name_line(balance, line)) == (
        "missing-row",
        "row",
        "final_consumption",
    )
    assert sorted(balance.products[cell % case.width] for cell in line.cells) == sorted(PRODUCTS)
    given = {
        balance.products[cell % case.width]: number
        for cell, number in zip(line.cells, line.numbers, strict=True)
    }
    rows = make_table().loc[["farming", "industry", "transport"]].sum()
    assert given == pytest.approx(rows.to_dict())
    assert list(line.mended) == np.flatnonzero(case.measured.fails).tolist()


def test_a_row_of_a_total_that_is_not_the_sum_of_its_rows():
    """Nothing confirms the total: it is the row that is wrong, with all sums that it stands in."""
    right = make_table().drop(columns="oil_total")
    wrong = right.copy()
    wrong.loc["final_consumption"] *= 1.37
    case, balance = make_case(wrong)
    line = find_missing_row(case)
    assert (line.kind, name_line(balance, line)) == ("other-row", "final_consumption")
    np.testing.assert_allclose(mend(case, line), make_case(right)[0].numbers)
    assert list(line.mended) == np.flatnonzero(case.measured.fails).tolist()


def test_differences_that_no_row_could_hold():
    """Oil of the missing row would be other than its fuels; three products without a total prove nothing."""
    wrong = make_table().drop("construction")
    wrong.loc["final_consumption", "oil_total"] += 100
    wrong.loc["primary_supply", "oil_total"] += 100
    assert find_missing_row(make_case(wrong)[0]) is None
    few = make_table().drop("construction")[["raw_coal", "coke", "diesel"]]
    assert find_missing_row(make_case(few)[0]) is None
    several = make_table().drop("construction")[["raw_coal", "coke", *FUELS[:4]]]
    assert find_missing_row(make_case(several)[0]).kind == "missing-row"
    five = make_table().drop("construction")[["raw_coal", "coke", *FUELS[:3]]]
    assert find_missing_row(make_case(five)[0]) is None


def test_an_input_that_is_not_printed_is_missed_by_total_consumption_too():
    """Heating takes coal and coke and gives no oil: plants and consumption lack the same two numbers."""
    right = make_plants()
    case, _ = make_case(right)
    assert not case.measured.fails.any()
    case, balance = make_case(right.drop("heating"))
    line = find_missing_row(case)
    assert (line.kind, name_line(balance, line)) == ("missing-row", "transformation")
    rules = {
        (case.system.identities[i].rule, balance.products[case.system.identities[i].total[1]])
        for i in line.mended
    }
    products = set(PRODUCTS)
    assert rules == {("sum-of-parts", product) for product in products} | {
        ("total-consumption", product) for product in products - {"oil_total"}
    }
    assert list(line.mended) == np.flatnonzero(case.measured.fails).tolist()


@pytest.mark.parametrize(("more", "kind"), [(0.0, "missing-row"), (30.0, None)])
def test_a_total_of_all_energy_bears_out_a_missing_row(more, kind):
    """Differences of two products and their total are a row where the third is the sum of the others."""
    right = make_table()[["raw_coal", "coke"]]
    right["total_energy"] = right.sum(axis=1)
    right.loc[["construction", "final_consumption", "primary_supply"], "total_energy"] += more
    case, _ = make_case(right)
    assert not case.measured.fails.any()
    case, _ = make_case(right.drop("construction"))
    assert case.measured.fails.sum() == 3
    line = find_missing_row(case)
    assert (line and line.kind) == kind


def test_of_two_rows_that_are_not_printed_the_one_of_more_products_comes_first():
    """Construction of all products, heating of three: construction comes first, in any order of rows."""
    right = make_table()
    few = ["raw_coal", "coke", "diesel"]
    right.loc["thermal_power"], right.loc["heating"] = 0.0, 0.0
    right.loc["thermal_power", few], right.loc["heating", few] = (
        [-31.0, -8.0, -5.0],
        [-7.5, -3.0, -1.0],
    )
    plants = ["thermal_power", "heating"]
    right.loc[plants, "oil_total"] = right.loc[plants, list(FUELS)].sum(axis=1)
    right.loc["transformation"] = right.loc[plants].sum()
    right.loc["primary_supply"] -= right.loc["transformation"]
    case, balance = make_case(right.drop(["heating", "construction"]))
    line = find_missing_row(case)
    assert (name_line(balance, line), len(line.cells)) == ("final_consumption", len(PRODUCTS))
    case, balance = make_case(right.drop("heating"))
    line = find_missing_row(case)
    assert name_line(balance, line) == "transformation"
    assert sorted(balance.products[cell % case.width] for cell in line.cells) == sorted(
        [*few, "oil_total"]
    )


def test_a_missing_row_may_hold_all_of_a_product():
    """Kerosene of construction alone: no printed row has any, its oil does, and without it the row would not add up."""
    right = make_table()
    parts = [part for part in PARTS if part != "construction"]
    right.loc[parts, "kerosene"] = np.nan
    rows = list(PARTS)
    right.loc[rows, "oil_total"] = right.loc[rows, list(FUELS)].sum(axis=1)
    right.loc["final_consumption"] = right.loc[rows].sum()
    right.loc["primary_supply"] = right.loc["final_consumption"]
    case, balance = make_case(right.drop("construction"))
    line = find_missing_row(case)
    assert (line.kind, name_line(balance, line)) == ("missing-row", "final_consumption")
    assert "kerosene" not in {balance.products[cell % case.width] for cell in line.cells}


def test_a_change_of_a_line_touches_the_sums_of_its_cells_alone(monkeypatch):
    """Measured on these, every sum is what it is when the whole table is measured after each change."""
    measured = []

    def compare(case, trials):
        fails, tested = _measure_trials(case, trials)
        if len(measured) == 2:
            return fails, tested
        variants = np.tile(case.numbers, (len(trials), 1))
        for variant, trial in zip(variants, trials, strict=True):
            variant[trial.cells] = trial.numbers
        whole = case.measure(variants)
        np.testing.assert_array_equal(fails, whole.fails)
        np.testing.assert_array_equal(tested, whole.tested)
        measured.append((whole.fails != case.measured.fails).any())
        return fails, tested

    monkeypatch.setattr(lines, "_measure_trials", compare)
    balance = ca.read_balance(
        Path(__file__).resolve().parents[2] / "docs/tables/chongqing_2007.csv"
    )
    amounts = balance.amounts.copy()
    amounts.loc[{"product": "diesel"}] *= 10
    amounts.loc[{"flow": "industry"}] *= 7
    check_balance(replace(balance, amounts=amounts))
    assert any(measured)
