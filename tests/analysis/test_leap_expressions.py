"""Expressions of LEAP one by one: what is read or refused, interpolation, and how numbers are written."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.analysis.leap_expressions import (
    LeapExpression,
    LeapStart,
    evaluate,
    read_expression,
    write_expression,
    write_number,
)

YEARS = range(2020, 2031)
START = LeapStart(2015, 10.0, 2020, 20.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", LeapExpression("", (0,), (5.0,))),
        (" 5% ", LeapExpression("", (0,), (0.05,))),
        ("interp(2020, 1)", LeapExpression("Interp", (2020,), (1.0,))),
        ("INTERPFSY( 2020 , 1 , 2030 , 2 )", LeapExpression("InterpFSY", (2020, 2030), (1.0, 2.0))),
        ("Interp(2020, 1, 2030, 2, 5%)", LeapExpression("Interp", (2020, 2030), (1.0, 2.0), 0.05)),
        ("Interp(2020; 1,5; 2030; 2)", LeapExpression("Interp", (2020, 2030), (1.5, 2.0))),
        ("Step(2020, 1)", LeapExpression("Step", (2020,), (1.0,))),
        ("Data(1900, 1, 2200, 2)", LeapExpression("Data", (1900, 2200), (1.0, 2.0))),
        ("Growth(3%)", LeapExpression("Growth", (0,), (0.03,))),
        ("Growth(3%, 2025, 0)", LeapExpression("Growth", (0, 2025), (0.03, 0.0))),
        (
            "Growth(1%,2010,2%,2011,3%,2012,4%,2013,5%)",
            LeapExpression("Growth", (0, *range(2010, 2014)), (0.01, 0.02, 0.03, 0.04, 0.05)),
        ),
        ("Remainder(100)", LeapExpression("Remainder", (0,), (100.0,))),
        ("Step(2020, 1, 5%)", None),
        ("Data(2020, 1, 5%)", None),
        ("Growth(3%, 2025)", None),
        ("Growth()", None),
        ("Remainder(60, 40)", None),
        ("Interp(2020)", None),
        ("Interp(2020.5, 1)", None),
        ("Interp(1899, 1)", None),
        ("Interp(2201, 1)", None),
        ("Interp(2020, 1, 2020, 2)", None),
        ("Interp(2021, 1, 2020, 2)", None),
        ("Growth(1%, 2010, 2%, 2010, 3%)", None),
        ("Growth(1%,2010,2%,2011,3%,2012,4%,2013,5%,2014,6%)", None),
        ("Grow(3%)", None),
        ("Interp(2020, GDP)", None),
        ("GDP", None),
        ("", None),
    ],
)
def test_what_is_an_expression(text, found):
    """Years and numbers alone, years in order, of a function that is known."""
    assert read_expression(text) == found


def values(text, start=None, years=YEARS):
    """Return the value of each year, straight between the years that the path gives; None where it has none."""
    path = evaluate(read_expression(text), start, years)
    if path is None:
        return None
    return dict(zip(years, np.interp(years, list(path), list(path.values())).tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "start", "known"),
    [
        ("Interp(2020, 10, 2030, 20)", None, {2020: 10, 2025: 15, 2030: 20}),
        ("Interp(2010, 10, 2040, 40)", None, {2020: 20, 2030: 30}),
        ("Interp(2010, 10, 2025, 40)", None, {2020: 30, 2025: 40, 2030: 40}),
        (
            "Interp(2020, 10, 2025, 20, 10%)",
            None,
            {2025: 20, 2026: 22, 2027: 24.2, 2030: 20 * 1.1**5},
        ),
        ("Step(2020, 10, 2025, 20)", None, {2020: 10, 2024: 10, 2025: 20, 2030: 20}),
        ("7", None, {2020: 7, 2030: 7}),
        ("7", START, {2020: 20, 2021: 7, 2030: 7}),
        ("Growth(10%)", START, {2020: 20, 2021: 22, 2030: 20 * 1.1**10}),
        ("Growth(10%, 2025, 0)", START, {2024: 20 * 1.1**4, 2025: 20 * 1.1**4, 2030: 20 * 1.1**4}),
        ("Interp(2030, 40)", START, {2020: 20, 2021: 10 + 30 * 6 / 15, 2030: 40}),
        ("InterpFSY(2030, 40)", START, {2020: 20, 2021: 22, 2030: 40}),
        ("Step(2025, 40)", START, {2020: 20, 2021: 10, 2024: 10, 2025: 40}),
        (
            "Interp(2015, 99, 2030, 40)",
            START,
            {2020: 20, 2021: 10 + 30 * 6 / 15},
        ),  # the base year has its own value
        ("Interp(2025, 1)", None, None),
        ("Growth(10%)", None, None),
        ("Data(2020, 1, 2030, 2)", None, None),
        ("Data(2019, 1)", None, None),
    ],
)
def test_values_by_year(text, start, known):
    """Straight lines, steps, rates; tied to Current Accounts where there are some; none where a year has no value."""
    found = values(text, start)
    if known is None:
        assert found is None
    else:
        assert {year: found[year] for year in known} == pytest.approx(known, rel=1e-12)


def test_data_has_a_value_in_each_of_its_years_alone():
    """Every year is given, and nothing lies between."""
    assert values("Data(2020, 1, 2021, 5, 2022, 2)", years=range(2020, 2023)) == {
        2020: 1,
        2021: 5,
        2022: 2,
    }


@pytest.mark.parametrize(
    ("text", "start", "knots"),
    [
        ("Interp(2020, 10, 2025, 20)", None, [2020, 2025, 2030]),
        ("Interp(2020, 10, 2025, 20, 10%)", None, [2020, *range(2025, 2031)]),
        ("Step(2020, 10, 2025, 20)", None, [2020, 2024, 2025, 2030]),
        ("7", None, [2020, 2030]),
        ("7", START, [2020, 2021, 2030]),
        ("20", START, [2020, 2030]),  # as Current Accounts have it
        ("InterpFSY(2030, 40)", START, [2020, 2030]),
        ("Growth(1%)", START, list(YEARS)),
    ],
)
def test_a_path_is_straight_between_its_knots(text, start, knots):
    """No more years are given than it takes."""
    assert list(evaluate(read_expression(text), start, YEARS)) == knots


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**60), 2**60)))
def test_a_number_reads_back_to_the_last_bit(number):
    """A whole one without its point."""
    text = write_number(number)
    assert float(text) == float(number)
    assert ("." in text or "e" in text or "E" in text) != (
        float(number).is_integer() and abs(number) < 2**53
    )
    read = read_expression(text)
    assert read is not None
    assert read.values == (float(number),)


def test_how_expressions_are_written():
    """A function with its years and numbers; a number alone has neither; year 0 is none."""
    assert write_expression("Interp", {2020: 1.0, 2030: 2.5}) == "Interp(2020, 1, 2030, 2.5)"
    assert write_expression("Growth", {0: 0.02, 2025: -0.01}) == "Growth(0.02, 2025, -0.01)"
    assert write_expression("", {0: 5.0}) == "5"
    assert math.isclose(
        read_expression(write_expression("Growth", {0: 1 / 3})).values[0], 1 / 3, rel_tol=0
    )
