"""Dimensions of units: products and quotients are inverse, conversion works both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.equations.dimensions import PLAIN, describe, measure, multiply, scale_between

UNITS = ("t CO2", "kg CH4", "t CO2/(t clinker)", "head", "kg N2O-N/(kg N)", "1", "GJ/t", "%")
units = st.sampled_from(UNITS)


@given(units, units, st.sampled_from([1, 2, 3, 0.5]))
def test_a_quotient_undoes_a_product(one, other, power):
    """Of any power; what is multiplied by a plain number stays."""
    left, right = measure(one), measure(other)
    back = multiply(multiply(left, right, power), right, -power)
    assert back.powers == left.powers
    assert back.scale == pytest.approx(left.scale, rel=1e-12)
    assert multiply(left, PLAIN) == left
    assert multiply(right, right, -1).is_plain


@pytest.mark.parametrize(
    ("unit", "wanted", "scale"),
    [("kg CH4", "t CH4", 0.001), ("t CO2", "kg CO2", 1000), ("%", "1", 0.01), ("GJ", "TJ", 0.001)],
)
def test_numbers_convert_both_ways(unit, wanted, scale):
    """To the last digit that is said."""
    assert scale_between(measure(unit), measure(wanted)) == scale
    assert scale_between(measure(wanted), measure(unit)) == 1 / scale


@pytest.mark.parametrize(
    ("unit", "power", "said"),
    [
        ("t clinker", 1, "mass·clinker"),
        ("t clinker", -1, "1/(mass·clinker)"),
        ("t clinker", 2, "mass^2·clinker^2"),
        ("t clinker", -2, "1/(mass^2·clinker^2)"),
        ("t clinker", 0.5, "mass^0.5·clinker^0.5"),
        ("t clinker", -0.5, "1/(mass^0.5·clinker^0.5)"),
        ("t CO2/(t clinker)", 1, "CO2/clinker"),
        ("t CO2/(t clinker)", -1, "clinker/CO2"),
        ("1", 3, "a plain number"),
    ],
)
def test_dimensions_read_as_a_fraction(unit, power, said):
    """A divisor stands below the line with a positive power; a dimensionless unit is a plain number."""
    assert describe(multiply(PLAIN, measure(unit), power)) == said
