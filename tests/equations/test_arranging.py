"""Years of rows as they are given, and labels of which several words are one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carbonacct.equations.arranging import _read_years, _unique
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


@given(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=5), st.data())
@example(["a", "b", "a"], None)
def test_each_word_stands_once_and_rows_keep_theirs(texts, data):
    """Of those that rows have, in the order of the list."""
    places = st.lists(st.integers(0, len(texts) - 1), max_size=6)
    codes = np.array(data.draw(places) if data else range(len(texts)), int)
    found = _unique(codes, texts)
    held = [texts[code] for code in codes]
    assert [found.words[code] for code in found.codes] == held
    used = [texts[code] for code in sorted(set(codes.tolist()))]
    assert list(found.words) == (list(dict.fromkeys(used)) or [""])
