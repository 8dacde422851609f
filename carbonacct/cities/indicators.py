"""Indicators of areas and years, laid out so that a share is one division."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.cities.declared import ANY
from carbonacct.errors import TableError, UnitError
from carbonacct.texts import say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SAME = 5e-4  # one number, rounded here and there


@dataclass(frozen=True)
class Value:
    """One number of an indicator, in the unit of that indicator where both are known.

    Attributes
    ----------
    area
        Id of the area, or its name where the vocabulary has none.
    row
        The flow that the writer means it for, or ``*``.
    prices
        ``current``, a year, ``constant`` or nothing: in whose prices a value added is.
    where
        The cell or line that it stands in.
    """

    area: str
    year: int
    row: str
    indicator: str
    value: float
    unit: str
    prices: str
    source: str
    where: str


@dataclass(frozen=True)
class Indicators:
    """All numbers of all indicators.

    Attributes
    ----------
    areas, years
        What the arrays run over.
    values
        For each (row, indicator) the numbers, area x year; NaN where there is none.
    prices, cells, places
        Likewise, in whose prices they are, their source with the place, and the place alone.
    units
        For each (row, indicator) the unit of all its numbers.
    """

    areas: tuple[str, ...]
    years: tuple[int, ...]
    values: dict[tuple[str, str], np.ndarray]
    prices: dict[tuple[str, str], np.ndarray]
    cells: dict[tuple[str, str], np.ndarray]
    places: dict[tuple[str, str], np.ndarray]
    units: dict[tuple[str, str], str]

    def find(self, area: str, year: int, row: str, indicator: str) -> Value | None:
        """Return the number of an indicator for a row, or for every row, or None."""
        if area not in self.areas or year not in self.years:
            return None
        at = self.areas.index(area), self.years.index(year)
        for key in ((row, indicator), (ANY, indicator)):
            if key in self.values and not np.isnan(self.values[key][at]):
                return Value(
                    area=area,
                    year=year,
                    row=key[0],
                    indicator=indicator,
                    value=float(self.values[key][at]),
                    unit=self.units[key],
                    prices=str(self.prices[key][at]),
                    source=str(self.cells[key][at]),
                    where=str(self.places[key][at]),
                )
        return None


def area_name(identifier: str) -> str:
    """Return an area as people call it.

    Examples
    --------
    >>> area_name("xiamen"), area_name("思明区")
    ('厦门', '思明区')
    """
    return vocabulary.name("area", identifier, "zh")


def gather_indicators(values: Iterable[Value], years: Sequence[int] = ()) -> Indicators:
    """Lay the numbers out by area and year.

    Parameters
    ----------
    values
        As read; one number may stand in several places, if they agree.
    years
        Years that are wanted in any case.

    Raises
    ------
    TableError
        If two numbers of one meaning differ, or two units cannot be compared.
    """
    given = list(values)
    areas = tuple(dict.fromkeys(one.area for one in given))
    all_years = tuple(sorted({*years, *(one.year for one in given)}))
    shape = (len(areas), len(all_years))
    numbers: dict[tuple[str, str], np.ndarray] = {}
    prices: dict[tuple[str, str], np.ndarray] = {}
    cells: dict[tuple[str, str], np.ndarray] = {}
    places: dict[tuple[str, str], np.ndarray] = {}
    units: dict[tuple[str, str], str] = {}
    place = {area: n for n, area in enumerate(areas)}
    when = {year: n for n, year in enumerate(all_years)}
    for one in given:
        key = (one.row, one.indicator)
        if key not in numbers:
            numbers[key] = np.full(shape, np.nan)
            for words in (prices, cells, places):
                words[key] = np.full(shape, "", object)
        at = place[one.area], when[one.year]
        number = one.value * _bring(one, units.setdefault(key, one.unit))
        if not np.isnan(numbers[key][at]) and not np.isclose(numbers[key][at], number, rtol=_SAME):
            raise TableError(
                say(
                    "{where}: {indicator} of {area} {year} is {number:.15g} here and "
                    "{number_at:.15g} in {place}; keep one",
                    where=one.where,
                    indicator=one.indicator,
                    area=one.area,
                    year=one.year,
                    number=number,
                    number_at=numbers[key][at],
                    place=places[key][at],
                )
            )
        if not np.isnan(numbers[key][at]):
            continue
        numbers[key][at], prices[key][at] = number, one.prices
        cells[key][at] = "; ".join(filter(None, (one.source, one.where)))
        places[key][at] = one.where
    found = Indicators(areas, all_years, numbers, prices, cells, places, units)
    return _add_populations(found)


def _bring(one: Value, unit: str) -> float:
    if one.unit == unit:
        return 1.0
    try:
        return conversion_factor(one.unit, unit)
    except UnitError:
        raise TableError(
            say(
                "{where}: {indicator} is in {unit!r} here and in {other_unit!r} elsewhere; "
                "bring both to one unit",
                where=one.where,
                indicator=one.indicator,
                unit=one.unit,
                other_unit=unit,
            )
        ) from None


def _add_populations(found: Indicators) -> Indicators:
    """Add urban and rural residents where a table prints residents and their urban share."""
    heads, urban = found.values.get((ANY, "population")), found.values.get((ANY, "urbanisation"))
    if heads is None or urban is None:
        return found
    parts = {"population_urban": heads * urban / 100, "population_rural": heads * (1 - urban / 100)}
    source = found.cells[ANY, "population"] + " x " + found.cells[ANY, "urbanisation"]
    for name, numbers in parts.items():
        key = (ANY, name)
        known = found.values.setdefault(key, np.full(heads.shape, np.nan))
        empty = np.isnan(known)
        found.values[key] = np.where(empty, numbers, known)
        found.cells[key] = np.where(
            empty, source, found.cells.get(key, np.full(heads.shape, "", object))
        )
        for words in (found.prices, found.places):
            words.setdefault(key, np.full(heads.shape, "", object))
        found.units.setdefault(key, found.units[ANY, "population"])
    return found
