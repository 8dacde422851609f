"""Indicators of areas and years: what a person writes in a CSV, or a yearbook prints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.cities.declared import (
    ANY,
    find_indicator,
    indicator_names,
    indicators,
    spelled_unit,
)
from carbonacct.data import read_rows, shown_name
from carbonacct.errors import TableError, UnitError, did_you_mean
from carbonacct.units import conversion_factor, read_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COLUMNS = ("area", "row", "indicator", "value", "unit", "source")
_OPTIONAL = ("year", "prices", "note", "status")
_WORDS = {
    "地区": "area",
    "城市": "area",
    "区域": "area",
    "行": "row",
    "平衡表行": "row",
    "指标": "indicator",
    "数值": "value",
    "值": "value",
    "单位": "unit",
    "计量单位": "unit",
    "来源": "source",
    "资料来源": "source",
    "年份": "year",
    "年度": "year",
    "价格": "prices",
    "备注": "note",
}
_PRICES = re.compile(
    r"(?P<base>(?:19|20)\d\d)年?(?:不变|可比)?价格?"
    r"|(?P<now>当年价格?|现价|current prices?)"
    r"|(?P<fixed>不变价格?|可比价格?|constant prices?)",
    re.IGNORECASE,
)


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
    prices, cells
        Likewise, in whose prices they are and where they stand.
    units
        For each (row, indicator) the unit of all its numbers.
    names
        For each area its name as written.
    """

    areas: tuple[str, ...]
    years: tuple[int, ...]
    values: dict[tuple[str, str], np.ndarray]
    prices: dict[tuple[str, str], np.ndarray]
    cells: dict[tuple[str, str], np.ndarray]
    units: dict[tuple[str, str], str]

    def find(self, area: str, year: int, row: str, indicator: str) -> Value | None:
        """Return the number of an indicator for a row, or for every row, or None."""
        if area not in self.areas or year not in self.years:
            return None
        at = self.areas.index(area), self.years.index(year)
        for key in ((row, indicator), (ANY, indicator)):
            if key in self.values and not np.isnan(self.values[key][at]):
                source = str(self.cells[key][at])
                number, prices = float(self.values[key][at]), str(self.prices[key][at])
                return Value(
                    area, year, key[0], indicator, number, self.units[key], prices, source, source
                )
        return None


def area_id(name: str) -> str:
    """Return the id of an area, or its name where the vocabulary has none (a district).

    Examples
    --------
    >>> area_id("厦门市"), area_id("思明区")
    ('xiamen', '思明区')
    """
    return vocabulary.resolve("area", name) or name.strip()


def area_name(identifier: str) -> str:
    """Return an area as people call it.

    Examples
    --------
    >>> area_name("xiamen"), area_name("思明区")
    ('厦门', '思明区')
    """
    return vocabulary.name("area", identifier, "zh")


def read_indicators(table: str | Path | pd.DataFrame, year: int | None = None) -> list[Value]:
    """Read a table of indicators.

    Parameters
    ----------
    table
        A CSV (or a DataFrame) ``area,row,indicator,value,unit,source``. ``row`` is a flow, or ``*``
        or nothing for every row that the declared order gives it to. Further columns: ``year``,
        ``prices``, ``note``, ``status``.
    year
        The year of rows that name none.

    Raises
    ------
    TableError
        Every fault of the table in one message, each with its line.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"area": "厦门", "indicator": "GDP", "value": 5995.0, "unit": "亿元"}
    >>> read_indicators(pd.DataFrame([row]), 2019)[0].indicator
    'gdp'
    """
    name, rows = _open(table)
    unknown = [key for key in rows[0] if key not in {*COLUMNS, *_OPTIONAL, "line"}]
    if unknown:
        near = did_you_mean(unknown[0], (*COLUMNS, *_OPTIONAL))
        raise TableError(
            f"{name}:1: no column {unknown[0]!r}; {near or 'known: ' + ','.join(COLUMNS)}"
        )
    if missing := [key for key in ("area", "indicator", "value", "unit") if key not in rows[0]]:
        raise TableError(
            f"{name}:1: the column {missing[0]!r} is missing; write {','.join(COLUMNS)}"
        )
    found, faults = [], []
    for row in rows:
        try:
            found.append(_read_value(row, f"{name}:{row['line']}", year))
        except (TableError, UnitError) as error:
            faults.append(str(error))
    if faults:
        raise TableError("; ".join(faults))
    return found


def _open(table: str | Path | pd.DataFrame) -> tuple[str, list[dict[str, str]]]:
    if isinstance(table, pd.DataFrame):
        columns = {name: _WORDS.get(str(name), str(name)) for name in table.columns}
        frame = table.rename(columns=columns).astype(object)
        rows = [
            {str(key): "" if pd.isna(cell) else str(cell) for key, cell in row.items()}
            | {"line": str(n)}
            for n, row in enumerate(frame.to_dict("records"), start=1)
        ]
        name = "indicators"
    else:
        name = shown_name(table)
        try:
            held = read_rows(Path(table))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise TableError(
                f"{name}: cannot be read ({reason}); give a CSV in UTF-8: {','.join(COLUMNS)}"
            ) from None
        rows = [{_WORDS.get(key, key): cell for key, cell in row.items()} for row in held]
    if not rows:
        raise TableError(f"{name}: holds no row; give a CSV in UTF-8: {','.join(COLUMNS)}")
    return name, rows


def _read_value(row: dict[str, str], where: str, year: int | None) -> Value:
    label, flow = row["indicator"], row.get("row", "") or ANY
    if flow != ANY:
        resolved = vocabulary.resolve("flow", flow)
        if resolved is None:
            raise TableError(f"{where}: no row {flow!r}; {vocabulary.near_names('flow', flow)}")
        flow = resolved
    named = find_indicator(_PRICES.sub("", label).strip("()（） ")) or find_indicator(label)
    if named is None and flow == ANY:
        near = did_you_mean(vocabulary.fold(label), indicator_names())
        raise TableError(
            f"{where}: no indicator {label!r}; {near or 'name the row that it is for'}"
        )
    if not row.get("area"):
        raise TableError(f"{where}: the area is blank; name it")
    own_year = row.get("year", "") or year
    if own_year is None:
        raise TableError(f"{where}: no year; add a column year, or pass --year")
    unit, scale = read_indicator_unit(named, row["unit"], where)
    return Value(
        area=area_id(row["area"]),
        year=_read_year(own_year, where),
        row=flow,
        indicator=named or label,
        value=_read_number(row["value"], where) * scale,
        unit=unit,
        prices=read_prices(row.get("prices", ""), row["unit"], label),
        source=row.get("source", ""),
        where=where,
    )


def _read_year(text: str | int, where: str) -> int:
    try:
        return int(str(text).removesuffix("年").removesuffix(".0"))
    except ValueError:
        raise TableError(f"{where}: the year is {text!r}; write it as 2019") from None


def _read_number(text: str, where: str) -> float:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = float("nan")
    if not np.isfinite(number) or number < 0:
        raise TableError(f"{where}: the value is {text!r}; an index is a number of 0 or more")
    return number


def read_prices(*texts: str) -> str:
    """Return in whose prices a number is: ``current``, a year, ``constant``, or nothing.

    Examples
    --------
    >>> read_prices("当年价万元"), read_prices("亿元(2015年价)"), read_prices("亿元")
    ('current', '2015', '')
    """
    for text in texts:
        if found := _PRICES.search(text):
            return found["base"] or ("current" if found["now"] else "constant")
    return ""


def read_indicator_unit(indicator: str | None, text: str, where: str) -> tuple[str, float]:
    """Return the unit in which an indicator is kept, and what its numbers are multiplied with.

    A unit that the registry does not know (户, 重量箱) is kept as written: both sides must have
    the
    same.

    Raises
    ------
    UnitError
        If the unit cannot measure the indicator.
    """
    bare = _PRICES.sub("", text).strip("()（）,， ")
    wanted = indicators()[indicator].unit if indicator else ""
    if indicator and indicators()[indicator].kind == "coverage":
        return "", 1.0
    try:
        unit = spelled_unit(bare) or read_unit(bare)
        unit = "percent" if unit == "%" else unit
    except UnitError as error:
        if wanted or not bare or "more than one meaning" in str(error):
            raise UnitError(f"{where}: {error}") from None
        return bare, 1.0
    if not wanted:
        return unit, 1.0
    try:
        return wanted, conversion_factor(unit, wanted)
    except UnitError as error:
        name = indicators()[indicator].name_en if indicator else ""
        raise UnitError(f"{where}: {name} cannot be in {text!r}: {error}") from None


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
    units: dict[tuple[str, str], str] = {}
    place = {area: n for n, area in enumerate(areas)}
    when = {year: n for n, year in enumerate(all_years)}
    for one in given:
        key = (one.row, one.indicator)
        if key not in numbers:
            numbers[key] = np.full(shape, np.nan)
            prices[key], cells[key] = np.full(shape, "", object), np.full(shape, "", object)
        at = place[one.area], when[one.year]
        number = one.value * _bring(one, units.setdefault(key, one.unit))
        if not np.isnan(numbers[key][at]) and not np.isclose(numbers[key][at], number, rtol=1e-9):
            raise TableError(
                f"{one.where}: {one.indicator} of {one.area} {one.year} is {number:.15g} here and "
                f"{numbers[key][at]:.15g} in {cells[key][at]}; keep one"
            )
        numbers[key][at], prices[key][at] = number, one.prices
        cells[key][at] = "; ".join(filter(None, (one.source, one.where)))
    found = Indicators(areas, all_years, numbers, prices, cells, units)
    return _add_populations(found)


def _bring(one: Value, unit: str) -> float:
    if one.unit == unit:
        return 1.0
    try:
        return conversion_factor(one.unit, unit)
    except UnitError:
        raise TableError(
            f"{one.where}: {one.indicator} is in {one.unit!r} here and in {unit!r} elsewhere; "
            "bring both to one unit"
        ) from None


def _add_populations(found: Indicators) -> Indicators:
    """Add urban and rural residents where a table prints residents and their urban share."""
    heads, urban = found.values.get((ANY, "population")), found.values.get((ANY, "urbanisation"))
    if heads is None or urban is None:
        return found
    parts = {"population_urban": heads * urban / 100, "population_rural": heads * (1 - urban / 100)}
    said = found.cells[ANY, "population"] + " x " + found.cells[ANY, "urbanisation"]
    for name, numbers in parts.items():
        key = (ANY, name)
        known = found.values.setdefault(key, np.full(heads.shape, np.nan))
        empty = np.isnan(known)
        found.values[key] = np.where(empty, numbers, known)
        found.cells[key] = np.where(
            empty, said, found.cells.get(key, np.full(heads.shape, "", object))
        )
        found.prices.setdefault(key, np.full(heads.shape, "", object))
        found.units.setdefault(key, found.units[ANY, "population"])
    return found
