"""Approach 1 against published numbers."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from carbonacct import propagate_errors
from carbonacct.errors import UncertaintyError

DATA = Path(__file__).resolve().parents[1] / "data"
COLUMNS = {
    "G": "combined_uncertainty",
    "H": "variance_contribution",
    "I": "type_a",
    "J": "type_b",
    "K": "trend_from_factor",
    "L": "trend_from_activity",
    "M": "trend_variance",
}
# Cells of the New Zealand table that contradict their own row: G is not sqrt(E^2 + F^2), and H follows the printed G.
PRINTED_OTHERWISE = [
    ("CRF6A solid waste disposal", "G"),
    ("CRF6A solid waste disposal", "H"),
    ("CRF6B wastewater handling", "G"),
]


def given(name):
    """Return a table of tests/data."""
    return pd.read_csv(DATA / name, dtype=dict.fromkeys(COLUMNS, str))


def agrees(letter, printed, computed):
    """Return whether a number rounds to the printed one: no digits in G, two in H and M, four in the others."""
    return round(computed, {"G": 0, "H": 2, "M": 2}.get(letter, 4)) == pytest.approx(
        float(printed), abs=1e-9
    )


def test_new_zealand_1990_2002():
    """New Zealand NIR 1990-2002 (April 2004), annex 7: 81 of 84 published cells; 3 contradict their rows."""
    table = given("new_zealand_1990_2002_uncertainty.csv")
    # The page stops before the total row; these totals follow from its columns J / L and I / K.
    found = propagate_errors(table, totals=(61598.46, 74928.08)).table
    # The Good Practice Guidance of 2000 prints the roots of what the 2006 guidelines print as H and M.
    shown = {
        letter: np.sqrt(found[name]) if letter in "HM" else found[name]
        for letter, name in COLUMNS.items()
    }
    differs = [
        (row.category, letter)
        for row in table.itertuples()
        for letter in COLUMNS
        if not agrees(letter, getattr(row, letter), shown[letter][row.Index])
    ]
    assert differs == PRINTED_OTHERWISE
    assert len(table) * len(COLUMNS) == 84


def test_closed_table():
    """Every column and both totals of a table that is closed in itself come out to the printed digits."""
    table = given("table_3_2_synthetic.csv")
    found = propagate_errors(table)
    for letter, name in COLUMNS.items():
        for printed, computed in zip(table[letter], found.table[name], strict=True):
            assert abs(computed - float(printed)) <= 0.51 * 10.0 ** -len(
                printed.partition(".")[2]
            ), (
                letter,
                printed,
                computed,
            )
    assert round(found.level_uncertainty, 6) == 8.424406
    assert round(found.trend, 6) == 37.926973
    assert round(found.trend_uncertainty, 6) == 5.921064


def test_derivative_is_the_limit_of_the_difference():
    """The closed type A sensitivity is what the difference of 1 % tends to, a few parts in a hundred away."""
    table = given("table_3_2_synthetic.csv")
    closed = propagate_errors(table, sensitivity="derivative").table["type_a"]
    c, d = table["base"], table["latest"]
    step = 1e-9
    limit = ((d * step + d.sum()) / (c * step + c.sum()) - d.sum() / c.sum()) / step
    np.testing.assert_allclose(closed, limit, atol=1e-6)
    assert 0 < abs(closed - propagate_errors(table).table["type_a"]).max() < 0.01


def test_correlation_across_years():
    """A factor that is not the same in both years, and an activity that is, exchange sensitivities (notes C and D)."""
    row = {
        "category": ["a", "b"],
        "gas": "CO2",
        "base": [50.0, 50.0],
        "latest": [70.0, 40.0],
        "activity_uncertainty": [4.0, 4.0],
        "factor_uncertainty": [6.0, 6.0],
    }
    found = propagate_errors(
        pd.DataFrame(
            row | {"factor_correlated": [False, True], "activity_correlated": [True, False]}
        )
    ).table
    i, j = found["type_a"], found["type_b"]
    np.testing.assert_allclose(found["trend_from_factor"], [j[0] * 6 * math.sqrt(2), i[1] * 6])
    np.testing.assert_allclose(found["trend_from_activity"], [i[0] * 4, j[1] * 4 * math.sqrt(2)])


def test_without_a_base_year():
    """A level needs no base year; the trend has no number then."""
    table = given("table_3_2_synthetic.csv").assign(base=np.nan)
    found = propagate_errors(table)
    assert round(found.level_uncertainty, 6) == 8.424406
    assert math.isnan(found.trend)
    assert math.isnan(found.trend_uncertainty)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"latest": np.nan}, "latest is nan, not a number"),
        ({"activity_uncertainty": -3.0}, "activity_uncertainty is -3 %"),
        ({"latest": 0.0}, "the total of the latest year is 0"),
        ({"base": 0.0}, "the total of the base year is 0"),
    ],
)
def test_impossible_numbers(change, words):
    """What cannot be is one clear line."""
    row = {
        "category": ["a"],
        "gas": ["CO2"],
        "base": [1.0],
        "latest": [1.0],
        "activity_uncertainty": [1.0],
        "factor_uncertainty": [1.0],
    }
    if "base" in change:
        row = {name: values * 2 for name, values in row.items()} | {"base": [1.0, -1.0]}
        change = {}
    with pytest.raises(UncertaintyError, match=words) as caught:
        propagate_errors(pd.DataFrame(row | {name: [value] for name, value in change.items()}))
    assert "\n" not in str(caught.value)


def test_a_column_that_lacks():
    """A missing column is named, with one that is near."""
    table = given("table_3_2_synthetic.csv").rename(
        columns={"factor_uncertainty": "factors_uncertainty"}
    )
    with pytest.raises(
        UncertaintyError, match="no column factor_uncertainty; did you mean factors_uncertainty"
    ):
        propagate_errors(table)
    with pytest.raises(UncertaintyError, match="no sensitivity 'analytic'"):
        propagate_errors(given("table_3_2_synthetic.csv"), sensitivity="analytic")
