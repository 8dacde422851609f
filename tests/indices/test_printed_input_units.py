"""Units as a table of indicators prints them."""

from __future__ import annotations

import math

import pytest

from carbonacct.indices.index_declaration import Input
from carbonacct.indices.printed_input_units import unit_factor


def factor(unit, printed, unit_zh=""):
    """Return by what a printed column is multiplied, and the faults."""
    faults = []
    return unit_factor(Input("x", "某", "some", unit, unit_zh), printed, "a.csv!B3", faults), [
        str(one) for one in faults
    ]


@pytest.mark.parametrize(
    ("unit", "printed", "number"),
    [
        ("1e4 t CO2", "万吨", 1.0),  # the mass of what the input is of
        ("1e4 t CO2", "万吨CO2", 1.0),
        ("1e4 t CO2", "t", 1e-4),
        ("t waste", "万吨", 1e4),
        ("person", "万人", 1e4),
        ("1e4 person", "人", 1e-4),
        ("person", " Persons ", 1.0),  # as it is spelt, whatever its letters
        ("1e8 CNY", "元", 1e-8),
        ("1e8 CNY", "1e8 CNY", 1.0),
        ("%", "%", 1.0),
        ("grade", "Grade", 1.0),
        ("grade", "等级", 1.0),
    ],
)
def test_a_column_comes_into_the_unit_of_its_input(unit, printed, number):
    """By a factor; a unit that is the input's own needs none."""
    found, faults = factor(unit, printed, "等级" if unit == "grade" else "")
    assert found == pytest.approx(number)
    assert faults == []


@pytest.mark.parametrize(
    ("unit", "unit_zh", "printed", "words"),
    [
        ("grade", "等级", "t", "a.csv!B3: unit 't' of x; write 等级"),
        ("points", "", "t", "a.csv!B3: unit 't' of x; write points"),
        ("1e4 t CO2", "万吨二氧化碳", "wagons", "; write 万吨二氧化碳"),
        ("t", "", "GJ", "; write t"),
    ],
)
def test_a_unit_that_is_none_of_its_input_is_a_fault(unit, unit_zh, printed, words):
    """With its cell and what to write; the column has no numbers."""
    found, (fault,) = factor(unit, printed, unit_zh)
    assert math.isnan(found)
    assert fault.startswith("a.csv!B3: ")
    assert fault.endswith(words)
