"""What a unit measures, as exponents of dimensions: what equations are checked by.

A noun is a dimension: ``t clinker`` and ``t cement`` do not add up, and only a factor turns one
into the other. ``{gas}`` in a unit stands for the gas of the entry.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.errors import UnitError
from carbonacct.records.activity_units import read_printed
from carbonacct.texts import say
from carbonacct.units import (
    nouns,
    parse_unit,
    registry,
)

if TYPE_CHECKING:
    from collections.abc import Collection

# The registry's words, and those that people read.
_SHOWN = {"carbon": "C"} | {noun.replace("-", "_"): noun for noun in nouns() if "-" in noun}
_BASE = {"mass": "mass", "length": "length", "time": "time"}


class UnitMeasure(NamedTuple):
    """A unit: its size in base units, and the exponents of its dimensions in alphabetical order."""

    scale: float
    powers: tuple[tuple[str, float], ...]

    @property
    def is_plain(self) -> bool:
        """Whether it is a plain number."""
        return not self.powers


PLAIN = UnitMeasure(1.0, ())


@lru_cache(maxsize=4096)
def measure(unit: str) -> UnitMeasure:
    """Return what a unit measures.

    Parameters
    ----------
    unit
        As declared, such as ``"kg CH4/head"`` or ``"t {gas}"``; ``"1"`` is a plain number.

    Raises
    ------
    UnitError
        If a word is not a unit.

    Examples
    --------
    >>> describe(measure("t CO2/(t clinker)"))
    'CO2/clinker'
    >>> measure("kg N2O-N/(kg N)").scale
    1.0
    """
    if not unit.strip():
        raise UnitError(say("the unit is empty; write 1 for a plain number"))
    scale, units = parse_unit(unit.replace("{gas}", "gas"))
    base = registry().Quantity(scale, units).to_base_units()
    powers = {
        _SHOWN.get(name.strip("[]"), name.strip("[]")): float(power)  # type: ignore[arg-type]
        for name, power in base.dimensionality.items()
    }
    return UnitMeasure(float(base.magnitude), tuple(sorted(powers.items())))


def multiply(left: UnitMeasure, right: UnitMeasure, power: float = 1) -> UnitMeasure:
    """Return what a product (or, with power -1, a quotient) of two measures.

    Examples
    --------
    >>> describe(multiply(measure("t clinker"), measure("t CO2/(t clinker)")))
    'mass·CO2'
    """
    powers = dict(left.powers)
    for name, exponent in right.powers:
        powers[name] = powers.get(name, 0) + power * exponent
    kept = tuple(sorted((name, exponent) for name, exponent in powers.items() if exponent))
    return UnitMeasure(left.scale * right.scale**power, kept)


def scale_between(measured: UnitMeasure, wanted: UnitMeasure) -> float:
    """Return the number of one unit in another of the same dimensions.

    Examples
    --------
    >>> scale_between(measure("kg CH4"), measure("t CH4"))
    0.001
    """
    ratio = measured.scale / wanted.scale
    rounded = float(f"{ratio:.12g}")
    return rounded if abs(rounded - ratio) <= abs(ratio) * 1e-14 else ratio


def describe(measured: UnitMeasure) -> str:
    """Return the dimensions as text: ``mass·CO2·cement/clinker``.

    Examples
    --------
    >>> describe(measure("t CO2 * t cement/(t clinker)")), describe(PLAIN)
    ('mass·CO2·cement/clinker', 'a plain number')
    """
    if measured.is_plain:
        return say("a plain number")
    ordered = sorted(measured.powers, key=lambda item: (item[0] not in _BASE, item[0]))
    above = [_power(name, exponent) for name, exponent in ordered if exponent > 0]
    below = [_power(name, -exponent) for name, exponent in ordered if exponent < 0]
    under = f"({'·'.join(below)})" if len(below) > 1 else "".join(below)
    return ("·".join(above) or "1") + (f"/{under}" if under else "")


def _power(name: str, exponent: float) -> str:
    return name if exponent == 1 else f"{name}^{exponent:g}"


@lru_cache(maxsize=4096)
def scale_of(unit: str, declared: str) -> float:
    """Return how many of a declared unit a table's unit is; it may lack nouns.

    Raises
    ------
    UnitError
        If it measures another thing, or names another noun.

    Examples
    --------
    >>> scale_of("万吨", "t clinker"), scale_of("kg clinker", "t clinker")
    (10000.0, 0.001)
    >>> scale_of("万头", "head"), scale_of("kg/t", "t CO2/(t lime)"), scale_of("座", "mine")
    (10000.0, 0.001, 1.0)
    >>> scale_of("t cement", "t clinker")
    Traceback (most recent call last):
        ...
    carbonacct.errors.UnitError: t cement cannot be turned into t clinker: ...
    """
    wanted = measure(declared)
    printed = _count(measure(read_printed(unit)), wanted)
    nouns = {noun for noun, _ in printed.powers}
    if printed.powers != tuple(item for item in wanted.powers if _is_said(item[0], nouns)):
        raise UnitError(
            say(
                "{unit} cannot be turned into {declared}: they do not measure the same thing",
                unit=unit,
                declared=declared,
            )
        )
    return scale_between(printed, wanted)


def _count(printed: UnitMeasure, wanted: UnitMeasure) -> UnitMeasure:
    """Return what is printed, with a counter (座, 口, 个) as the being that is asked for."""
    beings = [noun for noun, _ in wanted.powers if nouns().get(noun) == "being"]
    if len(beings) != 1:
        return printed
    powers = ((beings[0] if name == "piece" else name, power) for name, power in printed.powers)
    return UnitMeasure(printed.scale, tuple(sorted(powers)))


def _is_said(dimension: str, printed_nouns: Collection[str]) -> bool:
    """Return whether a unit has to have a dimension: all but what a mass is a mass of."""
    return dimension in printed_nouns or nouns().get(dimension) in {None, "being", "time"}
