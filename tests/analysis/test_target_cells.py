"""Cells of a row of targets: numbers, years, nothing; anything else is refused by target and column."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from carbonacct.analysis.target_cells import is_blank, read_target_number, read_target_year
from carbonacct.errors import PanelError


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        (math.nan, None),
        (np.float64("nan"), None),
        (pd.NA, None),
        ("-", None),
        (0, 0.0),
        ("0", 0.0),
        (17.5, 17.5),
        (18, 18.0),
        ("1,200", 1200.0),
        (" 18 ", 18.0),
        ("-3", -3.0),
    ],
)
def test_a_number_or_nothing(cell, number):
    """Nothing and a mark are no number; zero is one."""
    found = read_target_number("g", "value", cell)
    assert math.isnan(found) if number is None else found == number
    assert is_blank(cell) == (number is None and not (isinstance(cell, str) and cell == "-"))


@pytest.mark.parametrize("cell", ["17 to 18", "x", " X ", True, False, [18], "18 %%"])
def test_what_is_no_number_is_refused(cell):
    """A range, a secret number of tables, a truth value, a list."""
    with pytest.raises(PanelError) as caught:
        read_target_number("g", "value", cell)
    assert str(caught.value) == f"g: value is {cell!r}, not a number; correct it"


@pytest.mark.parametrize(
    ("cell", "year"), [(2030, 2030), (2030.0, 2030), ("2030", 2030), (None, None), ("-", None)]
)
def test_a_year_or_nothing(cell, year):
    """Whole, however it was kept."""
    found = read_target_year("g", "due", cell)
    assert (found, type(found)) == (year, type(year))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (2030.5, "not a whole year"),
        ("2030.5", "not a whole year"),
        ("2030s", "not a whole year"),
        ("the 2030s", "not a number"),
    ],
)
def test_part_of_a_year_is_refused(cell, said):
    """With the column and what stands there."""
    with pytest.raises(PanelError) as caught:
        read_target_year("g", "due", cell)
    assert str(caught.value) == f"g: due is {cell!r}, {said}; correct it"
