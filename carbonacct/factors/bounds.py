"""What a factor can be: published ranges, widened, so that a slip of the unit does not pass.

``factors/vocabulary/factor_bounds.csv`` holds for each parameter and group of products the lowest
and the highest published bound, the factor by which it is widened, and the document.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.answers import may_keep
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import UnitError
from carbonacct.texts import Both, say
from carbonacct.units import conversion_factor


class Bounds(NamedTuple):
    """The widened range of a parameter in a unit, and the document that gives it."""

    lower: float
    upper: float
    unit: str
    reference: Both


def find_bounds(parameter: str, product: str, gas: str, unit: str) -> Bounds | None:
    """Return the range of a parameter of a product in a unit; None where no document gives one.

    Parameters
    ----------
    parameter, product, gas
        As in the row of an edition.
    unit
        Its unit, which the range is turned into.

    Examples
    --------
    >>> find_bounds("carbon_content", "raw_coal", "", "t C/TJ")[:3]
    (12.4, 51.0, 't C/TJ')
    >>> round(find_bounds("net_calorific_value", "raw_coal", "", "kJ/kg").upper)
    82500
    """
    group = vocabulary.products()[product].group if product in vocabulary.products() else ""
    for lower, upper, own, reference in _rows(parameter, group, gas) or _rows(parameter, "", gas):
        if (scale := _scale(own, unit)) is not None:
            return Bounds(lower * scale, upper * scale, unit, reference)
    return None


def bound_fault(
    parameter: str, product: str, gas: str, unit: str, *, numbers: tuple[float, ...]
) -> str:
    """Return what is implausible about the numbers of a row, or an empty string.

    Examples
    --------
    >>> bound_fault("carbon_content", "raw_coal", "", "t C/TJ", numbers=(94.6,))
    '94.6 t C/TJ is outside 12.4 to 51 t C/TJ, what a carbon_content of raw_coal can be (IPCC ...'
    """
    bounds = find_bounds(parameter, product, gas, unit)
    if bounds is None:
        return ""
    slack = 1e-9 * bounds.upper
    for number in numbers:
        if not math.isnan(number) and not bounds.lower - slack <= number <= bounds.upper + slack:
            of = say(" of {product}", product=product) if product else ""
            return say(
                "{number} {unit} is outside {lower} to {upper} {unit}, what a "
                "{parameter}{of} can be ({reference}, widened); check value, unit and "
                "parameter",
                number=_write(number, digits=6),
                unit=unit,
                lower=_write(bounds.lower, digits=4),
                upper=_write(bounds.upper, digits=4),
                parameter=parameter,
                of=of,
                reference=bounds.reference,
            )
    return ""


def _write(number: float, *, digits: int) -> str:
    """Write a number with some significant digits, without a power of ten."""
    return np.format_float_positional(number, digits, fractional=False, trim="-")


@cache
def _read_bounds() -> list[dict[str, str]]:
    return read_rows(data_folder() / "vocabulary" / "factor_bounds.csv")


@cache
def _rows(parameter: str, group: str, gas: str) -> tuple[Bounds, ...]:
    found = []
    for row in _read_bounds():
        if (row["parameter"], row["group"]) == (parameter, group) and row["gas"] in {
            "",
            gas or "CO2",
        }:
            by = float(row["widened"])
            lower, upper = float(row["lower"]) / by, float(row["upper"]) * by
            reference = Both(row["reference"], row["reference_zh"])
            found.append(Bounds(lower, upper, row["unit"], reference))
    return tuple(found)


@may_keep
def _scale(unit: str, to: str) -> float | None:
    try:
        return conversion_factor(unit, to)
    except UnitError:
        return None
