"""Expressions of LEAP that are years and numbers: how each becomes a path.

Of the functions in LEAP's help (https://leap.sei.org/help/Expressions/) those that a sheet tells by
itself. What looks into the model, such as another branch, a workbook or a server, only LEAP knows.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from carbonacct.analysis.assumptions import read_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KNOWN = ("Interp", "InterpFSY", "Step", "Data", "Growth", "Remainder")
MOST_PERIODS = 5  # of Growth
_FUNCTION = re.compile(r"([a-z]+)\s*\((.*)\)", re.IGNORECASE | re.DOTALL)
_SPELLINGS = {name.lower(): name for name in KNOWN}
_YEARS = range(1900, 2201)


@dataclass(frozen=True)
class LeapExpression:
    """An expression that is years and numbers.

    Attributes
    ----------
    function
        One of the known, or ``""`` for a number alone.
    years, values
        The pairs; of Growth a rate from each year on, the first from the start (year 0).
    rate
        What Interp grows by, a year, behind its last year.
    """

    function: str
    years: tuple[int, ...] = ()
    values: tuple[float, ...] = ()
    rate: float = 0.0

    @property
    def points(self) -> dict[int, float]:
        """Values by year."""
        return dict(zip(self.years, self.values, strict=True))


@dataclass(frozen=True)
class LeapStart:
    """What Current Accounts hold of a branch.

    Attributes
    ----------
    first_year, first
        The base year of the model and its value, to which Interp and Step tie.
    year, value
        The year before the first one of scenarios and its value, from which Growth grows.
    """

    first_year: int
    first: float
    year: int
    value: float


def read_expression(text: str) -> LeapExpression | None:
    r"""Return an expression; None where it is no number and no known function of numbers alone.

    Years ascend. Where lists are cut by semicolons, numbers may have a decimal comma.

    Examples
    --------
    >>> read_expression("Interp(2000, 10.0, 2010, 16.0, 2%)")
    LeapExpression(function='Interp', years=(2000, 2010), values=(10.0, 16.0), rate=0.02)
    >>> read_expression("growth(5%, 2015, 2%)").points
    {0: 0.05, 2015: 0.02}
    >>> read_expression("GrowthAs(Key\\Income, 1.1)")
    """
    found = _FUNCTION.fullmatch(text.strip())
    if found is None:
        number = read_number(text.strip())
        return None if math.isnan(number) else LeapExpression("", (0,), (number,))
    function = _SPELLINGS.get(found[1].lower())
    words = found[2].split(";" if ";" in found[2] else ",")
    if ";" in found[2]:
        words = [word.replace(",", ".") for word in words]
    numbers = [read_number(word.strip()) for word in words]
    if function is None or any(map(math.isnan, numbers)):
        return None
    return _arrange(function, numbers)


def _arrange(function: str, numbers: list[float]) -> LeapExpression | None:
    """Return a function of numbers; None where they are not what it takes."""
    if function == "Remainder":
        return LeapExpression(function, (0,), (numbers[0],)) if len(numbers) == 1 else None
    rate = 0.0
    if function == "Growth":
        numbers = [0.0, *numbers]
    elif function.startswith("Interp") and len(numbers) % 2:
        rate = numbers.pop()
    years, values = numbers[::2], numbers[1::2]
    dated = years[1:] if function == "Growth" else years
    if len(years) != len(values) or not years or any(year not in _YEARS for year in dated):
        return None
    if any(one >= other for one, other in pairwise(years)):
        return None
    if function == "Growth" and len(years) > MOST_PERIODS:
        return None
    return LeapExpression(function, tuple(map(int, years)), tuple(values), rate)


def write_expression(function: str, points: Mapping[int, float]) -> str:
    """Return an expression as LEAP writes it; numbers read back to the last bit.

    Examples
    --------
    >>> write_expression("Interp", {2020: 1.0, 2030: 1.25})
    'Interp(2020, 1, 2030, 1.25)'
    >>> write_expression("Growth", {0: 0.05, 2015: 0.02})
    'Growth(0.05, 2015, 0.02)'
    """
    words = [
        word
        for year, value in points.items()
        for word in (*([str(year)] if year else []), write_number(value))
    ]
    return f"{function}({', '.join(words)})" if function else words[0]


def write_number(value: float) -> str:
    """Return a number that reads back to the last bit, a whole one without its point."""
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


def evaluate(
    expression: LeapExpression, start: LeapStart | None, years: Sequence[int]
) -> dict[int, float] | None:
    """Return the values of an expression in the years of a scenario, from the year before it on.

    Parameters
    ----------
    expression
        Of a scenario, none of Remainder, which is what the others leave.
    start
        Of the same branch; None where Current Accounts hold nothing.
    years
        The year before the first one of scenarios, and those of the scenario.

    Returns
    -------
    dict or None
        By year, those between which the path is straight. None where a year has no value: before
        the first pair, of Growth without a start, or between those of Data, where LEAP takes zero.
    """
    if expression.function == "Growth":
        return None if start is None else _grow(expression, start.value, years)
    held = expression.points
    if start is not None and expression.function in {"Interp", "InterpFSY", "Step"}:
        tied = {start.first_year: start.first}
        if expression.function == "InterpFSY":
            tied = {start.year: start.value}
        held = tied | {year: value for year, value in held.items() if year > max(tied)}
    path = {year: _value_at(expression, held, year) for year in years}
    begin = path[years[0]]
    if start is not None:
        path[years[0]] = start.value
    if any(map(math.isnan, path.values())):
        return None
    knots = _find_knots(expression, held, years)
    if path[years[0]] != begin:  # from Current Accounts to the scenario in one year
        knots.add(years[1])
    return {year: value for year, value in path.items() if year in knots}


def _grow(expression: LeapExpression, value: float, years: Sequence[int]) -> dict[int, float]:
    path = {years[0]: value}
    for year in years[1:]:
        value *= 1 + max(pair for pair in expression.points.items() if pair[0] <= year)[1]
        path[year] = value
    return path


def _value_at(expression: LeapExpression, held: Mapping[int, float], year: int) -> float:
    """Return the value of a year, NaN where the expression has none."""
    before = max((one for one in held if one <= year), default=None)
    after = min((one for one in held if one >= year), default=None)
    if before is None or (expression.function == "Data" and before != year):
        return math.nan
    if after is None or after == before or expression.function == "Step":
        return float(held[before] * (1 + expression.rate) ** (year - before))
    share = (year - before) / (after - before)
    return held[before] + (held[after] - held[before]) * share


def _find_knots(
    expression: LeapExpression, held: Mapping[int, float], years: Sequence[int]
) -> set[int]:
    """Return the years between which a path is straight."""
    knots = {years[0], years[-1], *held}
    if expression.function == "Step":
        knots |= {year - 1 for year in held}
    if expression.rate:
        knots |= {year for year in years if year > max(held)}
    return knots
