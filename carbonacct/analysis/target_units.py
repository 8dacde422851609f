"""The unit of a target beside that of the data: 3,500 万吨 of CO2 against a column in t."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carbonacct.errors import PanelError, UnitError
from carbonacct.records.activity_units import read_printed
from carbonacct.texts import say
from carbonacct.units import fold_unit, parse_unit, split_numerals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.analysis.goals import Goal

# The quantity says what is weighed: t, t CO2, 吨二氧化碳当量.
_SUBSTANCE = re.compile(
    r"(?<=[tg吨克])\s*[（(]?(?:CO2e?q?|二氧化碳)(?:当量)?[)）]?$", re.IGNORECASE
)
_SHARES = frozenset({"1", "%", "％", "‰"})
_NO_AMOUNTS = _SHARES | {""}


def find_scale(unit: str, held: str) -> float:
    """Return what a number in one unit is multiplied by to be in another.

    Parameters
    ----------
    unit, held
        Of a target and of a column, as printed; each may be one by another (吨/万元). Where one is
        a share, or the column has none, the number stays as it is.

    Raises
    ------
    PanelError
        If they measure different things, or nobody knows: an amount without a unit beside data that
        have one may be in t or in 万吨.

    Examples
    --------
    >>> find_scale("万吨", "t"), find_scale("Mt CO2", "万吨"), find_scale("吨/万元", "t/亿元")
    (10000.0, 100.0, 10000.0)
    >>> find_scale("亿立方米", "t")
    Traceback (most recent call last):
        ...
    carbonacct.errors.PanelError: the target is in 亿立方米 and the data are in t; write both in one unit
    """
    if not unit.strip() and held.strip() and held.strip() not in _SHARES:
        raise PanelError(
            say(
                "the target has no unit and the data are in {held}; write the unit of its number",
                held=held,
            )
        )
    if unit == held or unit.strip() in _NO_AMOUNTS or held.strip() in _NO_AMOUNTS:
        return 1.0
    asked, there = ([_measure(part) for part in one.split("/")] for one in (unit, held))
    if [what for _, what in asked] != [what for _, what in there]:
        raise PanelError(
            say(
                "the target is in {unit} and the data are in {held}; write both in one unit",
                unit=unit,
                held=held,
            )
        )
    return math.prod(
        (scale / other) ** (-1 if i else 1)
        for i, ((scale, _), (other, _)) in enumerate(zip(asked, there, strict=True))
    )


def unit_of(quantity: str, units: Mapping[str, str]) -> str:
    """Return the unit of a column, or of one by another; blank where one of them has none.

    Examples
    --------
    >>> unit_of("co2/gdp", {"co2": "t", "gdp": "亿元"}), unit_of("co2/gdp", {"co2": "t"})
    ('t/亿元', '')
    """
    known = [units.get(name, "") for name in quantity.split("/")]
    return "/".join(known) if all(known) else ""


def in_units_of(goal: Goal, units: Mapping[str, str]) -> Goal:
    """Return a target of an amount with its numbers in the unit of the data.

    Raises
    ------
    PanelError
        As :func:`find_scale`.

    Examples
    --------
    >>> from carbonacct.analysis.goals import Goal
    >>> goal = Goal("g", "A", "co2", "level", "at_most", 2020, value=3500, unit="万吨")
    >>> in_units_of(goal, {"co2": "t"}).value
    35000000.0
    """
    held = unit_of(goal.quantity, units)
    if goal.statistic not in {"level", "added", "cumulative"} or not held:
        return goal
    scale = find_scale(goal.unit, held)
    if scale == 1:
        return goal
    amounts = ("value", "lower", "upper", "base_value")
    moved = {name: scale * getattr(goal, name) for name in amounts}
    return replace(goal, unit=held, **moved)


def _measure(text: str) -> tuple[float, Any]:
    """Return the number in a unit and what it measures: of what the registry knows a dimension, else the word."""
    word = unicodedata.normalize("NFKC", text).strip(" ()")
    word = _SUBSTANCE.sub("", word)
    try:
        scale, unit = parse_unit(read_printed(word))
    except UnitError:
        scale, rest = split_numerals(fold_unit(word))
        return scale, rest.strip()
    base = (1 * unit).to_base_units()
    return scale * float(base.magnitude), str(base.units)
