"""Population and GDP of areas and years, from a plain table whose header says the units."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.data import shown_name
from carbonacct.errors import TableError, near_or_known
from carbonacct.projects.driver_tables import read_driver_sheet
from carbonacct.records.area_names import spell_like
from carbonacct.records.quantity_headings import KEYS, QuantityWords, panel_words
from carbonacct.records.quantity_tables import find_unread, read_quantities
from carbonacct.sheets.raw_sheets import read_sheets
from carbonacct.sheets.values import printed
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from carbonacct.records.quantity_headings import QuantityHeading
    from carbonacct.records.quantity_tables import QuantitySeries, QuantityTable

_NAMES = ("population", "gdp", "co2", "deflator")
_NEEDED = ("population", "gdp")
_SCALE = re.compile(
    r"^(?P<word>万亿|百万|千万|万|亿|千|10\^(?P<power>\d+)|thousand|million|billion|trillion|1)?\s*(?P<rest>.*)$"
)
_SCALES = {
    "万": 1e4,
    "亿": 1e8,
    "千": 1e3,
    "百万": 1e6,
    "千万": 1e7,
    "万亿": 1e12,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "1": 1.0,
}
_PERSONS, _TONNES = {"", "人", "person", "persons", "people"}, {"吨", "t", "t co2", "吨二氧化碳"}
_EXAMPLES = {"population": "population (万人)", "gdp": "gdp (亿元)", "co2": "co2 (万吨)"}


def read_drivers(path: str | Path) -> pd.DataFrame:
    r"""Return population and GDP by area and year from a table.

    Parameters
    ----------
    path
        A workbook or a CSV in UTF-8 or GB 18030 with ``area``, ``year``, ``population (万人)`` and
        ``gdp (亿元)``, one row an area and year or years as columns beside the indicators: the unit
        is a number word (万, 亿, 10^4, million ...) and what it counts. ``co2 (万吨)`` may stand
        beside them, for areas that have no inventory, such as the nation, and ``deflator``, the
        price index of GDP at current prices. Chinese names are known.

    Returns
    -------
    DataFrame
        Columns ``area, year, population`` (persons), ``gdp`` (in ``attrs["currency"]``) and, if
        there, ``co2`` (t) and ``deflator``. ``attrs["places"]`` (by column and row) says in which
        cell a number stands, ``attrs["findings"]`` what was not used.

    Raises
    ------
    TableError
        If the file cannot be read, a column or its unit is not there, a cell is no number, a
        population or GDP is not positive, or an area and year stand twice: every fault, one a line,
        with its cell.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "drivers.csv")
    ...     _ = file.write_text("area,year,population (万人),gdp (亿元)\n重庆,2007,2816,4122.51\n", encoding="utf-8")
    ...     frame = read_drivers(file)
    >>> frame["population"].item(), round(frame["gdp"].item()), frame.attrs["currency"]
    (28160000.0, 412251000000, '元')
    """
    sheets = read_sheets(path)
    faults: list[str] = []
    table = read_quantities(sheets[0], QuantityWords(_words()), faults)
    faults += _list_unknown(table)
    frame = _frame(table, shown_name(path), faults)
    findings = [*sheets[0].findings, *find_unread(sheets, sheets[0]), *table.findings]
    frame.attrs |= {"findings": findings}
    return frame


def find_drivers(path: str | Path, area: str, sheet: str | None = None) -> pd.DataFrame | None:
    r"""Return population and GDP out of a table of drivers, in which others may stand.

    None where one of both is not there.

    Parameters
    ----------
    path
        As of :func:`read_drivers`; columns of other drivers are passed over.
    area
        Of rows without an area.
    sheet
        Of a workbook, the one that is read (the first).

    Returns
    -------
    DataFrame or None
        As of :func:`read_drivers`.

    Raises
    ------
    TableError
        As :func:`read_drivers`.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "drivers.csv")
    ...     _ = file.write_text("年份,人口(万人),GDP(亿元),汽车(万辆)\n2007,2816,4122.51,96\n", encoding="utf-8")
    ...     find_drivers(file, "重庆")[["area", "year", "population"]].values.tolist()
    [['重庆', 2007, 28160000.0]]
    """
    faults: list[str] = []
    words = QuantityWords(_words(), needs_area=False)
    table = read_quantities(read_driver_sheet(path, sheet), words, faults)
    if not {*_NEEDED} <= {one.heading.name for one in table.series}:
        return None
    frame = _frame(table, shown_name(path), faults)
    return frame.assign(area=frame["area"].replace("", area))


@cache
def _words() -> Mapping[str, str]:
    return {word: name for word, name in panel_words().items() if name in _NAMES}


def _list_unknown(table: QuantityTable) -> list[str]:
    """Return a fault of each column that is none of these."""
    return [
        say(
            "{where}: the column {printed!r} is not known; {near}",
            where=heading.where,
            printed=heading.printed,
            near=near_or_known(
                heading.printed, [*KEYS, *_NAMES, *_words()], listed=[*KEYS, *_NAMES]
            ),
        )
        for heading in table.others
    ]


def _frame(table: QuantityTable, file: str, faults: list[str]) -> pd.DataFrame:
    """Return the numbers of a table in persons, units of money and tonnes, with their cells."""
    found = {one.heading.name for one in table.series}
    faults += [
        say(
            "{path}: there is no column {lack}; write it as {example}",
            path=file,
            lack=name,
            example=_EXAMPLES[name],
        )
        for name in _NEEDED
        if name not in found
    ]
    frame = pd.DataFrame(table.keys, columns=["area", "year"])
    places: dict[str, dict[int, str]] = {}
    currencies: list[str] = []
    for one in table.series:
        name, (scale, counted) = one.heading.name, _read_unit(one.heading, faults)
        currencies += [counted] if name == "gdp" else []
        if name not in frame.columns:
            frame[name] = np.nan
        where = one.addresses()
        frame.loc[one.keys, name] = _read_numbers(one, where, faults) * scale
        places.setdefault(name, {}).update(zip(one.keys.tolist(), where, strict=True))
    if len(set(currencies)) > 1:
        faults.append(
            say(
                "{path}: GDP is in {currencies}; use one currency",
                path=file,
                currencies=join_texts(", ", dict.fromkeys(currencies)),
            )
        )
    if faults:
        raise TableError(join_texts("\n", faults))
    order = ["area", "year", *(name for name in _NAMES if name in found)]
    frame = frame[order].astype({"year": int})
    frame.attrs |= {"currency": currencies[0], "places": places}
    return frame


def _read_numbers(
    series: QuantitySeries, where: Sequence[str], faults: list[str]
) -> NDArray[np.float64]:
    """Return the numbers of a column; CO2 alone may be zero or less."""
    numbers, wrong = series.numbers()
    name = series.heading.name
    small = np.flatnonzero(numbers <= 0).tolist() if name != "co2" else []
    for place in sorted({*wrong, *small}):
        cell = printed(series.cells[place])
        faults.append(
            say(
                "{where}: {name} is {cell!r}; it must be a number, or blank",
                where=where[place],
                name=name,
                cell=cell,
            )
            if place in wrong
            else say(
                "{where}: {name} is {cell}; it must be more than 0, or blank",
                where=where[place],
                name=name,
                cell=cell,
            )
        )
    return numbers


def _read_unit(heading: QuantityHeading, faults: list[str]) -> tuple[float, str]:
    """Return the number word of a unit as a number, and what it counts."""
    if heading.name == "deflator":
        return 1.0, ""
    found = _SCALE.match(heading.unit)
    assert found is not None  # noqa: S101 - every part may be absent
    rest = found["rest"].strip()
    fits = {
        "population": rest.lower() in _PERSONS,
        "gdp": bool(rest),
        "co2": rest.lower() in _TONNES,
    }[heading.name]
    if not heading.unit or not fits:
        faults.append(
            say(
                "{where}: the column {header!r} does not say its unit; write it as {example}",
                where=heading.where,
                header=heading.printed,
                example=_EXAMPLES[heading.name],
            )
        )
    word = found["word"] or "1"
    return (10.0 ** int(found["power"]) if found["power"] else _SCALES[word]), rest


def match_areas(frame: pd.DataFrame | None, areas: Sequence[str]) -> pd.DataFrame | None:
    """Return a table whose areas are spelt as in the inventories, if there is one and it has areas."""
    return frame if frame is None or "area" not in frame.columns else spell_areas(frame, areas)


def spell_areas(frame: pd.DataFrame, areas: Sequence[str]) -> pd.DataFrame:
    """Return a table whose areas are spelt as in the inventories: 北京 and Beijing are one."""
    return frame.assign(area=spell_like(map(str, frame["area"]), areas))
