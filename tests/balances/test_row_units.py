"""The unit of a row of a long table: its column and its label, and what is asked where they leave it open."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.sheet_stages import read_page
from carbonacct.errors import UnitError
from carbonacct.sheets.raw_sheets import Sheet

HEAD = [["2019 energy use"], ["Sector", "Product", "Unit", "Amount"]]


def ask(row):
    """Return what reading says of a row and asks for, by its cell."""
    page = read_page(Sheet("t.csv", "", [*HEAD, [*row.split("|"), 5.0]]))
    asked = [
        f"{one.kind} {one.text} {cell}"
        for stop in page.stops
        for one in stop.unknown
        for cell in one.cells
    ]
    return " ".join(str(stop.error) for stop in page.stops), asked


@pytest.mark.parametrize(
    ("row", "words", "asked"),
    [
        ("Industry|Coal|t", "", []),
        ("Industry|Coal (ton)|t", "", []),  # a word of two meanings beside one that says which
        ("Industry|Coal (t)|t", "", []),
        ("Industry|Coal|xyz", "C3: 'xyz' is not a unit", ["unit xyz (2, 2)"]),
        ("Industry|Coal|ton", "C3: 'ton' has more than one meaning", ["unit ton (2, 2)"]),
        ("Industry|Coal (t)|xyz", "'xyz' is not a unit", ["unit xyz (2, 2)"]),
        # Two units that are known, or one that cannot measure it: the product is what may be passed over.
        (
            "Industry|Coal (t)|kg",
            "B3: Coal (t) is printed in two units, kg and t",
            ["product Coal (t) (2, 1)"],
        ),
        (
            "Industry|Electricity|t",
            "C3: unit t contradicts electricity",
            ["product Electricity (2, 1)"],
        ),
    ],
)
def test_the_unit_of_a_row(row, words, asked):
    """One unit, or a question that names the cell and what a mapping file may say."""
    said, found = ask(row)
    assert words in said
    assert bool(said) is bool(words)
    assert found == asked


def read_list(tmp_path, *lines):
    """Return the balance of an area's industry from rows with one column of numbers."""
    path = tmp_path / "list.csv"
    path.write_text(
        "\n".join(["毕节市2018年工业能源消费量", "项目,2018年", *lines]) + "\n", "utf-8"
    )
    return ca.read_balance(path)


def test_kinds_below_their_whole_are_in_its_unit(tmp_path):
    """Set in or not, until another product prints a unit: 型煤 behind 其中：原煤 was asked."""
    balance = read_list(
        tmp_path,
        "煤炭（万吨）,17",
        "其中：原煤,12",
        "型煤,5",
        "油品（吨）,600",
        "汽油,100",
        "柴油,500",
    )
    amounts = balance.amounts.sel(flow="industry").squeeze()
    shown = {
        one: float(amounts.sel(product=one))
        for one in ("raw_coal", "briquettes", "gasoline", "diesel")
    }
    assert shown == {"raw_coal": 120000, "briquettes": 50000, "gasoline": 100, "diesel": 500}


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        (("煤炭（万吨）,17", "汽油,5"), "gasoline has no unit"),  # no kind of coal
        (
            ("煤炭（万吨）,17", "电力（万千瓦时）,5", "原煤,17"),
            "raw_coal has no unit",
        ),  # electricity came between
        (("天然气（万立方米）,17", "液化天然气,5"), "lng has no unit"),  # measured in another way
    ],
)
def test_what_is_no_kind_of_the_row_above_is_asked(tmp_path, lines, asked):
    """Its unit is not guessed."""
    with pytest.raises(UnitError, match=asked):
        read_list(tmp_path, *lines)
