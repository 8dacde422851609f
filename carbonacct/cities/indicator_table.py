"""A table of indicators, as a person writes it -> numbers, each with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from carbonacct import vocabulary
from carbonacct.cities.declared import (
    ANY,
    find_indicator,
    indicator_names,
    indicators,
    spelled_unit,
)
from carbonacct.cities.indicators import Value
from carbonacct.errors import TableError, UnitError, did_you_mean
from carbonacct.near_words import near_names
from carbonacct.records.area_names import area_id
from carbonacct.records.labelled_rows import sheet_of, tables_in
from carbonacct.sheets.raw_sheets import read_sheets
from carbonacct.sheets.values import NUMBER, read_cell
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor, read_unit

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("area", "row", "indicator", "value", "unit", "source")
_OPTIONAL = ("year", "prices", "note", "status")
_NEEDED = ("area", "indicator", "value", "unit")
_PRICES = re.compile(
    r"(?P<base>(?:19|20)\d\d)年?(?:不变|可比)?价格?"
    r"|(?P<now>当年价格?|现价|current prices?)"
    r"|(?P<fixed>不变价格?|可比价格?|constant prices?)",
    re.IGNORECASE,
)


def read_indicators(table: str | Path | pd.DataFrame, year: int | None = None) -> list[Value]:
    """Read a table of indicators.

    Parameters
    ----------
    table
        A file (or a DataFrame) ``area,row,indicator,value,unit,source``, in Chinese or English; years may stand as
        columns in place of ``value``. ``row`` is a flow, or ``*``
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
    faults: list[str] = []
    sheets = (
        [sheet_of(table, "indicators")] if isinstance(table, pd.DataFrame) else read_sheets(table)
    )
    tables = tables_in(sheets, "indicator", needed=_NEEDED, faults=faults, years_across=True)
    if faults:
        raise TableError(join_texts("; ", faults))
    if not tables:
        raise TableError(
            say(
                "{name}: has no head with the columns {needed}; write {columns}",
                name=sheets[0].file,
                needed=join_texts(", ", _NEEDED),
                columns=",".join(COLUMNS),
            )
        )
    found = []
    for line in (line for one in tables for line in one.rows()):
        row = {column: line.text(column) for column in (*COLUMNS, *_OPTIONAL)}
        if not row["value"]:
            continue  # a template that is not filled in there
        try:
            found.append(_read_value(row, line.address("value"), year))
        except (TableError, UnitError) as error:
            faults.append(str(error))
    if faults:
        raise TableError(join_texts("; ", faults))
    if not found:
        raise TableError(
            say(
                "{name}: holds no value; give a table {columns}",
                name=sheets[0].file,
                columns=",".join(COLUMNS),
            )
        )
    return found


def _read_value(row: dict[str, str], where: str, year: int | None) -> Value:
    label, flow = row["indicator"], row.get("row", "") or ANY
    if flow != ANY:
        resolved = vocabulary.resolve("flow", flow)
        if resolved is None:
            raise TableError(
                say(
                    "{where}: no row {flow!r}; {near}",
                    where=where,
                    flow=flow,
                    near=near_names("flow", flow),
                )
            )
        flow = resolved
    named = find_indicator(_PRICES.sub("", label).strip("()（） ")) or find_indicator(label)
    if named is None and flow == ANY:
        near = did_you_mean(vocabulary.fold(label), indicator_names())
        raise TableError(
            say(
                "{where}: no indicator {label!r}; {near}",
                where=where,
                label=label,
                near=near or say("name the row that it is for"),
            )
        )
    if not row.get("area"):
        raise TableError(say("{where}: the area is blank; name it", where=where))
    own_year = row.get("year", "") or year
    if own_year is None:
        raise TableError(say("{where}: no year; add a column year, or pass --year", where=where))
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
        raise TableError(
            say("{where}: the year is {text!r}; write it as 2019", where=where, text=text)
        ) from None


def _read_number(text: str, where: str) -> float:
    number, status, flags = read_cell(text)
    if status != NUMBER or flags or number < 0:
        raise TableError(
            say(
                "{where}: the value is {text!r}; an index is a number of 0 or more",
                where=where,
                text=text,
            )
        )
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
            raise UnitError(say("{where}: {error}", where=where, error=error)) from None
        return bare, 1.0
    if not wanted:
        return unit, 1.0
    try:
        return wanted, conversion_factor(unit, wanted)
    except UnitError as error:
        name = indicators()[indicator].name_en if indicator else ""
        raise UnitError(
            say(
                "{where}: {name} cannot be in {text!r}: {error}",
                where=where,
                name=name,
                text=text,
                error=error,
            )
        ) from None
