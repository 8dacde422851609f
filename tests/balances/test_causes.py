"""Why sums do not hold: faults planted in a published table are traced to the wrong cell or line."""

from __future__ import annotations

import csv
import itertools
import random
import re
from pathlib import Path

import numpy as np
import pytest

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.amounts.slips import list_slips
from carbonacct.balances.check.case import Case
from carbonacct.balances.check.identities import make_system
from carbonacct.sheets.raw_sheets import cell_name
from tests.sectors.energy.building import table

CHONGQING = Path("docs/tables/chongqing_2007.csv")
SEED = 2007
PLANTED = 60


def read_rows():
    """Return the cells of the published table as texts."""
    with CHONGQING.open(encoding="utf-8-sig", newline="") as stream:
        width = 23
        return [[*row, *[""] * (width - len(row))] for row in csv.reader(stream)]


def check(rows, folder):
    """Return the findings of a table: the rule of each by its text."""
    path = folder / "c.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return {str(finding): finding.rule for finding in ca.check_balance(ca.read_balance(path))}


def lose_point(text, _):
    """308.98 -> 30898, 5 -> 500."""
    return text.replace(".", "") if "." in text else text + "00"


def turn_sign(text, _):
    """308.98 -> -308.98."""
    return text.removeprefix("-") if text.startswith("-") else "-" + text


def misread_digit(text, rng):
    """308.98 -> 388.98: a digit before the point, which rounding does not hide."""
    places = [i for i, mark in enumerate(text.partition(".")[0]) if mark.isdigit()]
    at = rng.choice(places)
    return (
        text[:at]
        + rng.choice([digit for digit in "0123456789" if digit != text[at]])
        + text[at + 1 :]
    )


def exchange_digits(text, rng):
    """308.98 -> 380.98."""
    places = [i for i, mark in enumerate(text) if mark.isdigit()]
    pairs = [(one, other) for one, other in itertools.pairwise(places) if text[one] != text[other]]
    if not pairs:
        return text
    one, other = rng.choice(pairs)
    marks = list(text)
    marks[one], marks[other] = marks[other], marks[one]
    return "".join(marks)


@pytest.mark.parametrize(
    ("slip", "seen", "named"),
    [(lose_point, 60, 60), (turn_sign, 59, 57), (misread_digit, 60, 51), (exchange_digits, 60, 58)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_planted_slips_are_seen_and_named(slip, seen, named, tmp_path):
    """Of 60 slips of a kind in random cells so many change the findings, and so many are named with the true number."""
    rows, rng = read_rows(), random.Random(SEED)
    before = set(check(rows, tmp_path))
    cells = [
        (r, c)
        for r in range(2, len(rows))
        for c in range(1, len(rows[r]))
        if rows[r][c] not in {"", "0"}
    ]
    tried, found, right = 0, 0, 0
    while tried < PLANTED:
        r, c = rng.choice(cells)
        wrong = slip(rows[r][c], rng)
        if float(wrong) == float(rows[r][c]):
            continue
        tried += 1
        fresh = (
            set(
                check(
                    [
                        [*row[:c], wrong, *row[c + 1 :]] if i == r else row
                        for i, row in enumerate(rows)
                    ],
                    tmp_path,
                )
            )
            - before
        )
        found += bool(fresh)
        true = re.escape(f"{float(rows[r][c]):.10g}")
        right += any(
            re.search(rf"c\.csv!{cell_name(r, c)} may [^;]* for {true}(?![\d.])", text)
            for text in fresh
        )
    assert found >= seen
    assert right >= named


def scaled(rows, factor, *, row=None, column=None):
    """Return the table with a row or column times a factor."""
    return [
        [
            repr(round(float(text) * factor, 8))
            if text and c and r > 1 and row in {None, r} and column in {None, c}
            else text
            for c, text in enumerate(cells)
        ]
        for r, cells in enumerate(rows)
    ]


def without(rows, row):
    """Return the table without a row."""
    return [cells for r, cells in enumerate(rows) if r != row]


def relabelled(rows, row):
    """Return the table with the labels of a row and the next exchanged."""
    labels = {row: rows[row + 1][0], row + 1: rows[row][0]}
    return [[labels.get(r, cells[0]), *cells[1:]] for r, cells in enumerate(rows)]


def reheaded(rows, column):
    """Return the table with the heads of a column and the next exchanged."""
    head = list(rows[1])
    head[column], head[column + 1] = head[column + 1], head[column]
    return [head if r == 1 else cells for r, cells in enumerate(rows)]


def pushed(rows, row, column):
    """Return the table with a row shifted to the right by one cell from a column on."""
    return [
        [*cells[:column], "", *cells[column:-1]] if r == row else cells
        for r, cells in enumerate(rows)
    ]


def pulled(rows, row, column):
    """Return the table with a row without one of its cells, those behind it one to the left."""
    return [
        [*cells[:column], *cells[column + 1 :], ""] if r == row else cells
        for r, cells in enumerate(rows)
    ]


def sunk(rows, row, column):
    """Return the table with a column shifted down by one cell from a row on."""
    texts = [cells[column] for cells in rows]
    texts = [*texts[:row], "", *texts[row:-1]]
    return [[*cells[:column], texts[r], *cells[column + 1 :]] for r, cells in enumerate(rows)]


LINES = {
    "column in 亿吨": (
        "line-scaled",
        lambda rows: scaled(rows, 1e-4, column=2),
        (
            "c.csv!C3: the column raw_coal may be in another unit: 20 sums hold if its numbers are multiplied by "
            "10000 (亿 for 万, or 万 for one)"
        ),
    ),
    "column in another unit": (
        "line-scaled",
        lambda rows: scaled(rows, 0.7143, column=13),
        "c.csv!N3: the column diesel may be in another unit: 14 sums hold if its numbers are multiplied by 1.39997",
    ),
    "coal in coal equivalent": (
        "line-scaled",
        lambda rows: scaled(rows, 0.7143, column=2),
        "20 sums hold if its numbers are multiplied by 1.39997 (as tonnes of coal equivalent at 20.9 GJ/t)",
    ),
    "total in another unit": (
        "line-scaled",
        lambda rows: scaled(rows, 10, column=9),
        "c.csv!J3: the column oil_total may be in another unit: 15 sums hold if its numbers are multiplied by 0.1",
    ),
    "row": (
        "line-scaled",
        lambda rows: scaled(rows, 10, row=24),
        "c.csv!B25: the row industry may be in another unit: 21 sums hold if its numbers are multiplied by 0.1",
    ),
    "missing row": (
        "missing-row",
        lambda rows: without(rows, 27),
        (
            "11 products of final_consumption are not what its rows give, and the differences add up like a row of "
            "their own"
        ),
    ),
    "missing input": (
        "missing-row",
        lambda rows: without(rows, 13),
        "6 products of transformation are not what its rows give, and the differences add up like a row of their own",
    ),
    "labels of rows": (
        "lines-swapped",
        lambda rows: relabelled(rows, 24),
        "c.csv!B25: the row feedstock and the row industry may be exchanged: 12 sums hold if they are",
    ),
    "heads of columns": (
        "lines-swapped",
        lambda rows: reheaded(rows, 5),
        "the column coke and the column briquettes may be exchanged: 13 sums hold if they are",
    ),
    "shifted row": (
        "line-shifted",
        lambda rows: pushed(rows, 24, 8),
        "the row industry may be shifted by one cell (right) from c.csv!J25 on: 13 sums hold without that",
    ),
    "shifted column": (
        "line-shifted",
        lambda rows: sunk(rows, 23, 12),
        "the column kerosene may be shifted by one cell (down) from c.csv!M26 on: 7 sums hold without that",
    ),
}


@pytest.mark.parametrize("case", LINES)
def test_a_line_that_is_wrong_is_one_finding(case, tmp_path):
    """A row or column that is wrong as a whole is one error that says what is wrong with it, not one of each sum."""
    rule, change, words = LINES[case]
    rows = read_rows()
    before = check(rows, tmp_path)
    stock = "the stock at the start of the year"  # of this line, other numbers are said
    found = check(change(rows), tmp_path)
    (fresh,) = [text for text in found if text not in before and stock not in text]
    assert words in fresh
    assert found[fresh] == rule


def test_a_row_that_lost_a_cell_is_shifted_to_the_left(tmp_path):
    """Its last cell is the one that the shift left empty."""
    found = check(pulled(read_rows(), 24, 16), tmp_path)
    words = "the row industry may be shifted by one cell (left) from c.csv!Q25 on: 6 sums hold without that"
    assert [rule for text, rule in found.items() if words in text] == ["line-shifted"]


def test_labels_of_two_rows_of_one_sum_are_not_seen(tmp_path):
    """No sum of a table tells which of two rows that it adds up is which: no single table can show it."""
    rows = read_rows()
    assert check(relabelled(rows, 27), tmp_path) == check(rows, tmp_path)


def test_no_cause_is_better_than_a_false_one(tmp_path):
    """0.68 in a row of 24,428: 6.8 would fit a gap of 6.05 within the rounding of 15 numbers, which says nothing."""
    branches = [
        flow.id
        for flow in vocabulary.flows().values()
        if flow.parent == "industry"
        and flow.part == "sum"
        and vocabulary.base_of(flow.id) == flow.id
    ][:14]
    numbers = [24000, 300, 0.68, 5, 6, 7, 8, 9, 4, 12, 18, 24, 15, 19]
    parts = dict(zip(branches, numbers, strict=True))
    rows = {"industry": sum(numbers) + 6.05, **parts}
    cells = {flow: {"coke": number, "raw_coal": ""} for flow, number in rows.items()}
    (finding,) = ca.check_balance(table(tmp_path, cells))
    assert (finding.rule, finding.gaps[0].flow) == ("remainder", "industry")
    cells["industry"]["coke"] = sum(numbers) - 6.05
    (finding,) = ca.check_balance(table(tmp_path, cells))
    assert (finding.rule, finding.gaps[0].flow) == ("sum-of-parts", "industry")
    assert finding.action == "no other sum tells which of its cells is off: check them"


def test_both_cells_that_one_misread_digit_would_mend_are_named(tmp_path):
    """The total is borne out by the balance: one of two parts has an 8 or 9 for a 1 or 0."""
    rows = {
        "primary_supply": {"coke": 308.98, "raw_coal": 1},
        "transformation": {"coke": 0, "raw_coal": ""},
        "losses": {"coke": 0, "raw_coal": ""},
        "final_consumption": {"coke": 308.98, "raw_coal": 1},
        "industry": {"coke": 199.06, "raw_coal": 1},
        "transport": {"coke": 189.92, "raw_coal": ""},
        "statistical_difference": {"coke": 0, "raw_coal": 0},
    }
    (finding,) = ca.check_balance(table(tmp_path, rows))
    assert "308.98, the rows give 388.98: difference -80" in finding.message
    assert (
        finding.action
        == "table.csv!B7 may have a digit misread: 199.06 for 119.06; or table.csv!B8 may have a digit misread: "
        "189.92 for 109.92"
    )
    assert [(gap.flow, gap.product, round(gap.amount)) for gap in finding.gaps] == [
        ("industry", "coke", 800000)
    ]


def test_neighbouring_digits_that_differ_are_swapped():
    """Of 4252 three pairs, of 4422 one: equal digits change nothing."""
    found = [
        [slip.number for slip in list_slips(number, 0) if slip.kind == "digits-swapped"]
        for number in (4252.0, 4422.0)
    ]
    assert found == [[2452.0, 4522.0, 4225.0], [4242.0]]


def test_slips_of_a_number():
    """A number of a computer has no digits to misread; the zero that nothing would leave is no slip."""
    assert {slip.kind for slip in list_slips(1234.56789012, 6)} == {"decimal-point", "sign"}
    assert all(slip.number for slip in list_slips(5.0, 2))
    assert 12.5 in [slip.number for slip in list_slips(-12.5, 6) if slip.kind == "sign"]


@pytest.mark.parametrize("power", [0.01, 0.1, 1e-3, 1e-4, 10, 100, 1e3, 1e4, -1])
def test_a_total_that_is_wrong_with_all_its_parts_is_named_with_the_true_number(tmp_path, power):
    """Households and their two rows, each with its decimal point moved or its sign turned: their own sum holds."""
    rows = {
        "final_consumption": {"raw_coal": 2560.46, "coke": 3},
        "farming": {"raw_coal": 123.45, "coke": 1},
        "industry": {"raw_coal": 2345.67, "coke": 1},
        "households": {"raw_coal": 91.34, "coke": 1},
        "households_urban": {"raw_coal": 34.56, "coke": 0.4},
        "households_rural": {"raw_coal": 56.78, "coke": 0.6},
    }
    assert not ca.check_balance(table(tmp_path, rows))
    for flow in ("households", "households_urban", "households_rural"):
        rows[flow]["raw_coal"] = round(rows[flow]["raw_coal"] / power, 6)
    found = [
        str(finding)
        for finding in ca.check_balance(table(tmp_path, rows))
        if finding.rule == "sum-of-parts"
    ]
    printed = f"{rows['households']['raw_coal']:.10g}"
    slip = "the wrong sign" if power < 0 else "its decimal point in the wrong place"
    assert len(found) == 1
    assert found[0].endswith(
        f"; table.csv!B6 may have {slip}, and its parts with it: {printed} for 91.34"
    )


def test_a_digit_misread_is_another_digit():
    """Of 42.5 other first digits, or last ones beyond rounding; 0 to 4 last units are no misreading."""
    found = [slip.number for slip in list_slips(42.5, 1) if slip.kind == "digit"]
    first = [float(f"{digit}2.5") for digit in range(10) if digit != 4]
    second = [float(f"4{digit}.5") for digit in range(10) if digit != 2]
    assert sorted(found) == sorted([*first, *second, 42.0])
    assert [
        slip.number
        for slip in list_slips(42.4, 1)
        if slip.kind == "digit" and 42 <= slip.number < 43
    ] == [42.9]


@pytest.mark.parametrize(
    ("printed", "decimals", "glued"),
    [(0.52, 2, []), (4.0, 0, []), (42.5, 1, []), (425.0, 0, [42.0])],
)
def test_slips_keep_the_sign_and_a_digit_is_glued_to_whole_numbers(printed, decimals, glued):
    """A digit of a note stands behind a number of some digits without decimals; what is misread keeps its sign."""
    for sign in (1, -1):
        slips = list_slips(sign * printed, decimals)
        assert [sign * slip.number for slip in slips if slip.kind == "glued-digit"] == glued
        assert all(sign * slip.number > 0 for slip in slips if slip.kind != "sign")


# Changes (row, column, text), where the sum that says them stands, and their cause.
SHARED_CAUSES = {
    "one number": (
        [(26, 13, "17.31")],
        "N23",
        "c.csv!N27 may hold another number: 17.31 for 4.74, as 2 sums say",
    ),
    "no number": ([(27, 13, "")], "N23", "c.csv!N28 may lack a number: 190.01, as 2 sums say"),
    "two numbers": (
        [(23, 2, "288.12"), (24, 2, "1234.5")],
        "C23",
        (
            "c.csv!C24 may hold another number: 288.12 for 230; and "
            "c.csv!C25 may hold another number: 1234.5 for 1176.38, as 3 sums say"
        ),
    ),
    "a kind and its total": (
        [(12, 2, "-2549.34"), (12, 1, "-2280.52")],
        "B13",
        "c.csv!C13 may hold another number: -2549.34 for -2553.24, and its total with it (c.csv!B13), as 5 sums say",
    ),
}


@pytest.mark.parametrize("case", SHARED_CAUSES)
def test_a_cause_that_several_sums_share_is_said_once(case, tmp_path):
    """Without a slip of print as a reason, the cells common to all failing sums are named."""
    changes, where, action = SHARED_CAUSES[case]
    rows = read_rows()
    before = check(rows, tmp_path)
    for r, c, text in changes:
        rows[r][c] = text
    (fresh,) = set(check(rows, tmp_path)) - set(before)
    assert fresh.startswith(f"c.csv!{where}: ")
    assert fresh.endswith(f"; {action}")


def test_identities_of_which_all_numbers_stand_in_some_cells(tmp_path):
    """Zero and blank count as nothing; a number of 1 outside the cells keeps its sum out."""
    cells = {"final_consumption": {"coke": 6, "diesel": 4}, "industry": {"coke": 1, "diesel": 1}}
    cells |= {"construction": {"coke": 0}, "households": {"coke": 5, "diesel": 3}}
    balance = table(tmp_path, cells)
    numbers = balance.amounts.values.ravel()
    nothing = np.zeros(len(numbers), bool)
    case = Case(
        system=make_system(balance),
        numbers=numbers,
        absent=nothing,
        rounding=np.zeros(len(numbers)),
        scale=np.ones(len(numbers)),
        decimals=np.zeros(len(numbers), int),
        width=2,
        rows=np.arange(4),
        columns=np.arange(2),
        unsigned=nothing,
    )
    printed = np.flatnonzero(np.nan_to_num(numbers))
    assert case.is_inside(printed).all()
    for cell in printed:
        stands_in = [cell in case.cells_of(identity) for identity in range(len(case.system.starts))]
        assert any(stands_in)
        assert case.is_inside(printed[printed != cell]).tolist() == [not each for each in stands_in]
