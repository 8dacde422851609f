"""Drivers of emissions as a bureau keeps them: units in headers, years as columns or rows."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.analysis.long_table import read_long_table
from carbonacct.data import shown_name
from carbonacct.errors import Finding, PanelError
from carbonacct.projects.driver_bases import find_driver_file
from carbonacct.records.labelled_rows import sheet_of
from carbonacct.records.quantity_headings import (
    KEYS,
    QuantityWords,
    panel_words,
    split_heading,
)
from carbonacct.records.quantity_tables import find_unread, read_quantities
from carbonacct.sheets.raw_sheets import read_sheets
from carbonacct.sheets.sheet_choice import name_sheets, take_sheet
from carbonacct.sheets.values import is_number
from carbonacct.texts import join_texts, say
from carbonacct.units import is_unit
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from carbonacct.projects.driver_bases import DriverBasis
    from carbonacct.records.quantity_headings import QuantityHeading
    from carbonacct.records.quantity_tables import QuantitySeries
    from carbonacct.sheets.raw_sheets import Sheet
    from carbonacct.texts import Text

_SHOWN = 60
# Of drivers that count persons or money: signs of something else, and the unit as a yearbook writes it.
_COUNTED = {
    "population": (("元", "%"), "万人"),
    **dict.fromkeys(("gdp", "value_added"), (("人", "%"), "亿元")),
}


def name_column(header: str) -> tuple[str, str]:
    """Return the id of a column, or its name where it is not known, and its unit.

    Examples
    --------
    >>> name_column("常住人口(万人)"), name_column("地区生产总值(亿元)"), name_column("forest (ha)")
    (('population', '万人'), ('gdp', '亿元'), ('forest', 'ha'))
    """
    name, unit = split_heading(header)
    return panel_words().get(fold(name), name), unit


def strip_units(
    table: pd.DataFrame, wanted: Collection[str] = ()
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a table whose columns bear their names alone, and the unit of each.

    A header that is wanted as it stands is left alone.

    Raises
    ------
    PanelError
        If two columns would have one name.
    """
    named = {
        header: (header, "") if header in wanted else split_heading(str(header))
        for header in table.columns
    }
    for header, (name, _) in named.items():
        known, _ = name_column(str(header))
        if name not in wanted and known in wanted and known not in table.columns:
            named[header] = (known, named[header][1])
    names = [name for name, _ in named.values()]
    if twice := [name for name in names if names.count(name) > 1]:
        headers = [header for header, (name, _) in named.items() if name == twice[0]]
        raise PanelError(
            say(
                "the columns {header!r} and {header_1!r} are both {twice}; rename one",
                header=headers[0],
                header_1=headers[1],
                twice=twice[0],
            )
        )
    units = {name: unit for name, unit in named.values() if unit}
    return table.rename(columns={header: name for header, (name, _) in named.items()}), units


def read_driver_table(
    path: str | Path, sheet: str | Sequence[str] | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    r"""Return the drivers in a file: one row an area and year, a column each, in the unit printed.

    Parameters
    ----------
    path
        .csv, .tsv, .xlsx, .parquet, in UTF-8 or GB 18030: one row an area and year, a row for each
        indicator and a column for each year, or a row for each number. Units stand in brackets
        behind the driver, in a row that begins with 单位, or in a column of their own.
    sheet
        Of a workbook: the name of the sheet to read, or a pattern (the first sheet).

    Returns
    -------
    DataFrame, list of Finding
        ``area`` (``""`` where the table has none), ``year`` and the drivers under their ids
        (``population, gdp, energy, value_added, deflator, co2``) or their own names;
        ``attrs["units"]`` holds the unit of each.

    Raises
    ------
    PanelError, TableError
        If it has no years, an area and year stand twice, or two units are given for one driver:
        every fault, one a line, with its cell.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "drivers.csv")
    ...     text = "指标,单位,2019,2020\n常住人口,万人,3188,3209\n"
    ...     _ = file.write_text(text, encoding="gb18030")
    ...     frame, _ = read_driver_table(file)
    >>> frame.values.tolist(), frame.attrs["units"]
    ([['', 2019, 3188.0], ['', 2020, 3209.0]], {'population': '万人'})
    """
    sheets = _read_sheets(path, sheet)
    held = take_sheet(sheets, sheet)
    others = [one for one in sheets if one is not held] if sheet is None else []
    faults: list[str] = []
    table = read_quantities(held, _driver_words(), faults)
    units: dict[str, str] = {}
    for heading in (one.heading for one in table.series):
        units.setdefault(heading.name, heading.unit)
    faults += [
        say(
            "{where}: {driver} is in {unit} and in {other_unit}; use one unit",
            where=heading.where,
            driver=heading.name,
            unit=units[heading.name],
            other_unit=heading.unit,
        )
        for heading in (one.heading for one in table.series)
        if heading.unit != units[heading.name]
    ]
    faults += [_say_wrong_unit(one.heading) for one in table.series if _is_wrong(one.heading)]
    numbers = {
        one.heading.name: np.full(len(table.keys), np.nan)
        for one in table.series
        if any(map(is_number, one.cells))  # sources and notes have none
    }
    for one in table.series:
        if one.heading.name in numbers:
            numbers[one.heading.name][one.keys] = _read_cells(one, faults)
    if faults:
        raise PanelError(join_texts("\n", faults))
    frame = pd.DataFrame(
        {
            "area": [area for area, _ in table.keys],
            "year": np.array([year for _, year in table.keys], dtype=int),
            **numbers,
        }
    )
    if numbers:  # a row that is not filled in says nothing
        frame = frame.dropna(subset=list(numbers), how="all").reset_index(drop=True)
    frame.attrs = {"units": {driver: unit for driver, unit in units.items() if unit}}
    passed = [
        Finding(
            "column-not-used",
            "warning",
            say("column {printed!r} is no driver and was not used", printed=heading.printed),
            heading.where,
            say("write the name of a driver above its numbers"),
        )
        for heading in table.others
    ]
    return frame, [*held.findings, *find_unread(others, held), *passed, *table.findings]


def _is_wrong(heading: QuantityHeading) -> bool:
    """Return whether a unit is that of something else than the driver: population in tonnes.

    Units of balances measure neither persons nor money, and their reader knows none of these.
    """
    if heading.name not in _COUNTED or not heading.unit:
        return False
    others, _ = _COUNTED[heading.name]
    unit = heading.unit.replace("人民币", "")
    return any(other in unit for other in others) or is_unit(heading.unit)


def _say_wrong_unit(heading: QuantityHeading) -> Text:
    return say(
        "{where}: {driver} is in {unit}, which does not measure it; write {example}",
        where=heading.unit_where or heading.where,
        driver=heading.printed,
        unit=heading.unit,
        example=_COUNTED[heading.name][1],
    )


def read_driver_tables(folder: Path, bases: Iterable[DriverBasis]) -> pd.DataFrame | None:
    """Return the drivers of several files of a folder as one table, None of none.

    A driver may stand in several files, such as one for each city: in one unit, and of an area and
    year with one number.

    Raises
    ------
    PanelError, TableError
        As :func:`read_driver_table`, or if two files contradict each other.
    """
    whole: pd.DataFrame | None = None
    units: dict[str, str] = {}
    homes: dict[str, str] = {}
    for one in bases:
        file = one.place
        table, _ = read_driver_table(find_driver_file(folder, one), one.sheet or None)
        own = table.attrs["units"]
        names = [str(name) for name in table.columns if name not in KEYS]
        for name in names:
            if name in homes and own.get(name, "") != units.get(name, ""):
                raise PanelError(
                    say(
                        "{driver} is in {unit} in {file} and in {other_unit} in {other_file}; use one "
                        "unit",
                        driver=name,
                        unit=units.get(name) or "-",
                        file=homes[name],
                        other_unit=own.get(name) or "-",
                        other_file=file,
                    )
                )
        indexed = table.set_index(["area", "year"])
        whole = indexed if whole is None else _join(whole, indexed, homes, file)
        homes = dict.fromkeys(names, file) | homes
        units |= own
    if whole is None:
        return None
    found = whole.reset_index()
    found.attrs = {"units": units}
    return found


def _join(
    whole: pd.DataFrame, table: pd.DataFrame, homes: Mapping[str, str], file: str
) -> pd.DataFrame:
    """Return two tables of drivers as one; a number that both have has to be the same."""
    for name in whole.columns.intersection(table.columns):
        one, other = whole[name].align(table[name], join="inner")
        if (apart := one.notna() & other.notna() & (one != other)).any():
            area, year = one.index[apart][0]
            raise PanelError(
                say(
                    "{driver} of {place} is {number} in {file} and {other} in {other_file}; correct one",
                    driver=name,
                    place=f"{area} {year}".strip(),
                    number=f"{one[apart].iloc[0]:g}",
                    file=homes[str(name)],
                    other=f"{other[apart].iloc[0]:g}",
                    other_file=file,
                )
            )
    names = [*whole.columns, *table.columns.difference(whole.columns, sort=False)]
    return whole.combine_first(table)[names]


def read_driver_sheet(path: str | Path, sheet: str | Sequence[str] | None = None) -> Sheet:
    """Return the cells of the table of drivers in a file: of its first sheet, or of the one that is named."""
    return take_sheet(_read_sheets(path, sheet), sheet)


def _read_sheets(path: str | Path, named: str | Sequence[str] | None) -> list[Sheet]:
    """Return the cells of a file of drivers."""
    if Path(path).suffix.lower() not in {".parquet", ".nc"}:
        return read_sheets(path, name_sheets(named, shown_name(path)))
    held, _ = read_long_table(path)
    if not isinstance(held, pd.DataFrame):
        raise PanelError(
            say(
                "{name}: drivers are a table, not arrays; write it as .csv or .xlsx",
                name=shown_name(path),
            )
        )
    return [sheet_of(held, shown_name(path))]


@cache
def _driver_words() -> QuantityWords:
    names = {word: name for word, name in panel_words().items() if name not in KEYS}
    return QuantityWords(names, needs_area=False, keeps_others=True)


def _read_cells(series: QuantitySeries, faults: list[str]) -> NDArray[np.float64]:
    """Return the numbers of a driver; what is none is a fault."""
    numbers, wrong = series.numbers()
    where = series.addresses() if wrong else []
    faults += [
        say(
            "{where}: {driver} is {cell!r}, which is not a number; correct the cell",
            where=where[place],
            driver=series.heading.printed,
            cell=str(series.cells[place])[:_SHOWN],
        )
        for place in wrong
    ]
    return numbers
