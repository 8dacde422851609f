"""What can be wrong with a row of factors, other rows aside: a key, a status, a number, a unit."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.answers import may_keep
from carbonacct.errors import UnitError, did_you_mean
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor, parse_unit, registry
from carbonacct.vocabulary import GASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


STATUSES = ("corroborated", "single", "derived", "erratum", "unverified")

# What each parameter measures: the dimensions its unit may have. G stands for the gas of the row.
_MASS, _VOLUME, _ENERGY = "[mass]", "[length]**3", "[mass]*[length]**2/[time]**2"
_PER_AMOUNT = (_MASS, _VOLUME, _ENERGY)
_DIMENSIONS: dict[str, tuple[str, ...]] = {
    "net_calorific_value": tuple(f"{_ENERGY}/({amount})" for amount in _PER_AMOUNT),
    "carbon_content": (f"[carbon]*[mass]/({_ENERGY})",),
    "oxidation_factor": ("[]",),
    "stored_carbon_fraction": ("[]",),
    "carbon_to_co2": ("[CO2]/[carbon]",),
    "coal_equivalent_coefficient": tuple(f"{_ENERGY}/({amount})" for amount in _PER_AMOUNT),
    "emission_factor": tuple(f"G*[mass]/({amount})" for amount in _PER_AMOUNT),
    "grid_emission_factor": (f"G*[mass]/({_ENERGY})",),
}
# Published beside the average grid factor, never used for it.
_OTHER_GRID = (
    "residual_grid_emission_factor",
    "fossil_power_emission_factor",
    "operating_margin",
    "build_margin",
    "life_cycle_electricity_factor",
    "reporting_grid_factor",
)
_DIMENSIONS |= dict.fromkeys(_OTHER_GRID, _DIMENSIONS["grid_emission_factor"])
PARAMETERS = tuple(_DIMENSIONS)
_CATEGORY = re.compile(r"[1-5](?:\.[A-Za-z0-9]+)*")


def read_number(text: str) -> float:
    """Return a number or a fraction such as 44/12; NaN for nothing."""
    if not text:
        return math.nan
    above, slash, below = text.partition("/")
    number = float(above) / float(below) if slash else float(above)
    if math.isnan(number):  # "nan" is a word, not an empty cell
        raise ValueError(text)
    return number


def row_faults(parameter: str, row: Mapping[str, str]) -> Iterable[str]:
    """Find what is wrong with a row of the table of a parameter."""
    yield from _key_faults(row)
    if row["status"] not in STATUSES:
        yield say(
            "status {status!r} is not one of {statuses}",
            status=row["status"],
            statuses=join_texts(", ", STATUSES),
        )
    numbers = {}
    for key in ("value", "lower", "upper"):
        try:
            numbers[key] = read_number(row[key])
        except (ValueError, ZeroDivisionError):
            yield say("{key} {row!r} is not a number", key=key, row=row[key])
    if len(numbers) == 3:
        yield from bound_faults(numbers["value"], numbers["lower"], numbers["upper"])
        if _DIMENSIONS.get(parameter) == ("[]",) and not _unit_faults(
            parameter, row["unit"], row["gas"]
        ):
            whole = conversion_factor("dimensionless", row["unit"])
            if over := [number for number in numbers.values() if number > whole * (1 + 1e-12)]:
                yield (
                    say(
                        "{largest:g} {unit} is more than the whole: a fraction is at most "
                        "1, a percentage (unit %) at most 100",
                        largest=max(over),
                        unit=row["unit"],
                    )
                )
    yield from _unit_faults(parameter, row["unit"], row["gas"])


def _key_faults(row: Mapping[str, str]) -> Iterable[str]:
    for key, known in (
        ("product", vocabulary.products()),
        ("flow", vocabulary.flows()),
        ("area", vocabulary.areas()),
    ):
        if row[key] and row[key] not in known:
            yield (
                say(
                    "{key} {row!r} does not exist; {near}",
                    key=key,
                    row=row[key],
                    near=did_you_mean(row[key], known) or say("see factors/vocabulary"),
                )
            )
    if row["gas"] and row["gas"] not in GASES:
        yield say(
            "gas {gas!r} is not one of {gases}", gas=row["gas"], gases=join_texts(", ", GASES)
        )
    if row["category"] and not _CATEGORY.fullmatch(row["category"]):
        yield say(
            "category {category!r} is not an IPCC category such as 1.A.1.a",
            category=row["category"],
        )
    yield from year_faults(row)


def year_faults(row: Mapping[str, str]) -> Iterable[str]:
    """Find what is wrong with the years for which a row holds."""
    for key in ("from", "to"):
        if row[key] and not re.fullmatch(r"(19|20)\d\d", row[key]):
            yield say("{key} {row!r} is not a year", key=key, row=row[key])
    if row["from"] and row["to"] and row["from"] > row["to"]:
        yield say("valid from {start} to {to}", start=row["from"], to=row["to"])


def bound_faults(value: float, lower: float, upper: float) -> Iterable[str]:
    """Find what is wrong with a published value and its range."""
    for key, number in (("value", value), ("lower", lower), ("upper", upper)):
        if math.isinf(number):
            yield say("{key} is infinite", key=key)
    if math.isnan(value) and (math.isnan(lower) or math.isnan(upper)):
        yield say("neither a value nor a range")
    yield from (
        say("{key} {number:g} is negative", key=key, number=number)
        for key, number in (("value", value), ("lower", lower))
        if number < 0
    )
    if lower > upper or value < lower or value > upper:
        yield say(
            "lower {lower:g}, value {value:g}, upper {upper:g} are not in order",
            lower=lower,
            value=value,
            upper=upper,
        )


def _unit_faults(parameter: str, unit: str, gas: str) -> tuple[str, ...]:
    return () if _is_unit_right(parameter, unit, gas) else _find_unit_faults(parameter, unit, gas)


@may_keep
def _is_unit_right(parameter: str, unit: str, gas: str) -> bool:
    return not _find_unit_faults(parameter, unit, gas)


@cache
def _find_unit_faults(parameter: str, unit: str, gas: str) -> tuple[str, ...]:
    if gas and gas not in GASES:
        return ()
    try:
        dimensionality = parse_unit(unit)[1].dimensionality
    except UnitError as error:
        return (str(error),)
    if not unit:
        return (say("unit is empty"),)
    ratio = "/" in unit or _DIMENSIONS[parameter] == (
        "[]",
    )  # energy per energy has no dimension, but two units
    for pattern in _DIMENSIONS[parameter] if ratio else ():
        wanted = pattern.replace("G", f"[{gas or 'CO2'}]")
        if dimensionality == _dimensionality(wanted):
            return ()
    return (
        say("unit {unit!r} does not measure {parameter}", unit=unit, parameter=parameter)
        + (say(" of {gas}", gas=gas) if gas else ""),
    )


@cache
def _dimensionality(expression: str) -> object:
    """Return the dimensionality of an expression of base dimensions, by way of their base units."""
    ureg = registry()
    bases = {
        "[mass]": "g",
        "[length]": "m",
        "[time]": "s",
        "[carbon]": "C",
        "[CO2]": "CO2",
        "[CH4]": "CH4",
        "[N2O]": "N2O",
        "[]": "m/m",
    }
    for dimension, unit in bases.items():
        expression = expression.replace(dimension, f"({unit})")
    return ureg.Quantity(ureg.parse_expression(expression)).dimensionality
