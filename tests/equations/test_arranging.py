"""Years of rows as they are given: numbers, texts and blanks."""

from __future__ import annotations

import pandas as pd
import pytest

from carbonacct.equations.arranging import _read_years
from carbonacct.errors import EquationError


def test_years_are_whole_numbers_and_a_blank_is_none():
    """A number, or its text; 0 where nobody says one."""
    years = pd.Series([2019, "2020", None, "", float("nan"), 2021.0], dtype=object)
    assert _read_years(years).tolist() == [2019, 2020, 0, 0, 0, 2021]


@pytest.mark.parametrize("wrong", ["x", "2020年", 2020.5, "2020.5"])
@pytest.mark.parametrize("place", [0, 2])
def test_one_year_that_is_none_stops_beside_others(wrong, place):
    """It is named, wherever it stands."""
    years = [2018, 2019]
    years.insert(place, wrong)
    with pytest.raises(EquationError, match=f"'?{wrong}'? is no year; write four digits"):
        _read_years(pd.Series(years, dtype=object))
