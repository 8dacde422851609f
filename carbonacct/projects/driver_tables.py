"""Drivers of emissions as a bureau keeps them: units in headers, years as columns or rows."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.analysis.long_table import read_long_table
from carbonacct.analysis.series import read_numbers
from carbonacct.data import data_folder, read_rows, shown_name
from carbonacct.errors import Finding, PanelError
from carbonacct.records.heading_roles import year_of
from carbonacct.texts import say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_WITH_UNIT = re.compile(r"\s*(?P<name>[^()（）]+?)\s*[(（]\s*(?P<unit>[^()（）]+?)\s*[)）]\s*")


def split_unit(header: str) -> tuple[str, str]:
    """Return the name and the unit of a column's header.

    Examples
    --------
    >>> split_unit("人口(万人)"), split_unit("gdp"), split_unit("GDP（亿元，2020年价）")
    (('人口', '万人'), ('gdp', ''), ('GDP', '亿元，2020年价'))
    """
    found = _WITH_UNIT.fullmatch(header)
    return (found["name"], found["unit"]) if found else (header.strip(), "")


@cache
def _names() -> dict[str, str]:
    """Return the id of each known name of a column."""
    rows = read_rows(data_folder() / "vocabulary" / "panel_columns.csv")
    return {
        fold(name): row["id"]
        for row in rows
        for name in (row["id"], row["name_zh"], row["name_en"], *row["aliases"].split("|"))
        if name
    }


def name_column(header: str) -> tuple[str, str]:
    """Return the id of a column, or its name where it is not known, and its unit.

    Examples
    --------
    >>> name_column("常住人口(万人)"), name_column("地区生产总值(亿元)"), name_column("forest (ha)")
    (('population', '万人'), ('gdp', '亿元'), ('forest', 'ha'))
    """
    name, unit = split_unit(header)
    return _names().get(fold(name), name), unit


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
        header: (header, "") if header in wanted else split_unit(str(header))
        for header in table.columns
    }
    for header, (name, _) in named.items():
        known, _ = name_column(str(header))
        other_word = name.casefold() != known  # CO2 for co2 is a slip that is said
        if name not in wanted and known in wanted and other_word and known not in table.columns:
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


def read_driver_table(path: str | Path) -> tuple[pd.DataFrame, list[Finding]]:
    r"""Return the drivers in a file: one row an area and year, a column each, in the unit printed.

    Parameters
    ----------
    path
        .csv, .tsv, .xlsx, .parquet, in UTF-8 or GB 18030. Either one row an area and year, or a row
        for each indicator and a column for each year. Units stand in the headers, in brackets
        behind the indicator, or in a column of their own.

    Returns
    -------
    DataFrame, list of Finding
        ``area`` (``""`` where the table has none), ``year`` and the drivers under their ids
        (``population, gdp, energy, value_added, deflator, co2``) or their own names;
        ``attrs["units"]`` holds the unit of each.

    Raises
    ------
    PanelError, TableError
        If it has no years, an area and year stand twice, or two units are given for one driver.

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
    read, findings = read_long_table(path, labels=[])
    name = shown_name(path)
    if not isinstance(read, pd.DataFrame):
        raise PanelError(
            say("{name}: drivers are a table, not arrays; write it as .csv or .xlsx", name=name)
        )
    years = {column: year for column in read.columns if (year := year_of(column))}
    named = {column: name_column(str(column)) for column in read.columns if column not in years}
    ids = [known for known, _ in named.values()]
    if twice := [known for known in ids if ids.count(known) > 1]:
        pair = [column for column, (known, _) in named.items() if known == twice[0]]
        raise PanelError(
            say(
                "{name}: the columns {pair!r} and {pair_1!r} are both {twice}; leave one out",
                name=name,
                pair=pair[0],
                pair_1=pair[1],
                twice=twice[0],
            )
        )
    table = read.rename(columns={column: known for column, (known, _) in named.items()})
    if "year" in table.columns and not years:
        made, units = table, {known: unit for known, unit in named.values() if unit}
    elif years and "item" in table.columns:
        made, units = _turn(table, years, name)
    else:
        raise PanelError(
            say(
                "{name}: has neither a column of years nor a column of indicators beside "
                "years as columns; write area,year,population (万人),gdp (亿元)",
                name=name,
            )
        )
    made = _clean(made, name)
    made.attrs = {"units": units}
    return made, findings


def _turn(
    table: pd.DataFrame, years: dict[Any, int], name: str
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a table of indicators by year as one row an area and year."""
    units: dict[str, str] = {}
    parts = []
    for row, cells in zip(table.index, table.to_dict("records"), strict=True):
        item = cells["item"]
        if pd.isna(item):
            raise PanelError(
                say(
                    "{name}: row {row}: has no indicator; name what the row counts",
                    name=name,
                    row=row,
                )
            )
        known, unit = name_column(str(item))
        own = cells.get("unit")
        unit = unit or ("" if pd.isna(own) else str(own).strip())
        if units.setdefault(known, unit) != unit:
            raise PanelError(
                say(
                    "{name}: row {row}: {known} is in {unit} and in {other_unit}; use one unit",
                    name=name,
                    row=row,
                    known=known,
                    unit=units[known],
                    other_unit=unit,
                )
            )
        labels = {"area": cells.get("area", ""), "year": list(years.values()), "item": known}
        values = pd.Series({column: cells[column] for column in years}, dtype=object)
        parts.append(pd.DataFrame(labels).assign(value=read_numbers(values, str(item))))
    long = pd.concat(parts, ignore_index=True)
    if (twice := long.duplicated(["area", "year", "item"])).any():
        first = long[twice].iloc[0]
        raise PanelError(
            say(
                "{name}: {area} {item} is there twice; keep one row",
                name=name,
                area=first["area"],
                item=first["item"],
            )
        )
    wide = long.pivot_table(index=["area", "year"], columns="item", values="value", sort=False)
    return wide.rename_axis(columns=None).reset_index(), {k: v for k, v in units.items() if v}


def _clean(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return areas as text, years as whole numbers, drivers as numbers, each year once."""
    area = table["area"] if "area" in table.columns else pd.Series("", index=table.index)
    year = read_numbers(table["year"], "year")
    if (wrong := (year % 1 != 0) | (year != year)).any():  # noqa: PLR0124 - NaN is not itself
        raise PanelError(
            say(
                "{name}: row {index}: has no year; correct it",
                name=name,
                index=table.index[int(wrong.argmax())],
            )
        )
    numbers = {
        str(column): read_numbers(table[column], str(column))
        for column in table.columns
        if column not in {"area", "year", "unit", "item"} and _holds_numbers(table[column])
    }
    labels = {"area": area.fillna("").astype(str).str.strip(), "year": year.astype(int)}
    made = pd.DataFrame({**labels, **numbers}).reset_index(drop=True)
    if (twice := made.duplicated(["area", "year"])).any():
        first = made[twice].iloc[0]
        where = f"{first['area']} {first['year']}".strip()
        raise PanelError(
            say("{name}: {where} is there twice; keep one row", name=name, where=where)
        )
    return made


def _holds_numbers(column: pd.Series[Any]) -> bool:
    """Return whether a column has a number at all: sources and notes have none."""
    return bool(pd.to_numeric(column, errors="coerce").notna().any())
