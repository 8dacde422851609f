"""The unit of a row of a long table: its column and its label, and what is asked where they leave it open."""

from __future__ import annotations

import pytest

from carbonacct.balances.sheet_stages import read_page
from carbonacct.sheets.raw_sheets import Sheet

HEAD = [["2019 energy use"], ["Sector", "Product", "Unit", "Amount"]]


def ask(row):
    """Return what reading says of a row and asks for, by its cell."""
    page = read_page(Sheet("t.csv", "", [*HEAD, [*row.split("|"), 5.0]]))
    asked = [f"{one.kind} {one.text} {cell}" for stop in page.stops for one in stop.unknown for cell in one.cells]
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
        ("Industry|Coal (t)|kg", "B3: Coal (t) is printed in two units, kg and t", ["product Coal (t) (2, 1)"]),
        ("Industry|Electricity|t", "C3: unit t contradicts electricity", ["product Electricity (2, 1)"]),
    ],
)
def test_the_unit_of_a_row(row, words, asked):
    """One unit, or a question that names the cell and what a mapping file may say."""
    said, found = ask(row)
    assert words in said
    assert bool(said) is bool(words)
    assert found == asked
