"""Population and GDP of areas and years, from a plain table whose header says the units."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.data import open_csv, plain, shown_name
from carbonacct.errors import TableError, did_you_mean
from carbonacct.sheets.raw_sheets import cell_name
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NAMES = {
    "area": "area",
    "地区": "area",
    "year": "year",
    "年份": "year",
    "年": "year",
    "population": "population",
    "人口": "population",
    "常住人口": "population",
    "gdp": "gdp",
    "地区生产总值": "gdp",
    "国内生产总值": "gdp",
    "生产总值": "gdp",
    "co2": "co2",
    "二氧化碳": "co2",
    "deflator": "deflator",
    "平减指数": "deflator",
    "价格指数": "deflator",
}
_NEEDED = ("area", "year", "population", "gdp")
_HEADER = re.compile(r"^\s*(?P<name>[^(（]+?)\s*(?:[(（]\s*(?P<unit>[^)）]*?)\s*[)）])?\s*$")
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
_EXAMPLE = "area,year,population (万人),gdp (亿元)"


def read_drivers(path: str | Path) -> pd.DataFrame:
    r"""Return population and GDP by area and year from a CSV.

    Parameters
    ----------
    path
        A CSV in UTF-8 with the columns ``area``, ``year``, ``population (万人)`` and ``gdp (亿元)``:
        the unit stands in brackets, as a number word (万, 亿, 10^4, million ...) and what it counts.
        ``co2 (万吨)`` may stand beside them, for areas that have no inventory, such as the nation,
        and ``deflator``, the price index of GDP at current prices. Chinese names of the columns are
        known.

    Returns
    -------
    DataFrame
        Columns ``area, year, population`` (persons), ``gdp`` (in ``attrs["currency"]``) and, if
        there, ``co2`` (t) and ``deflator``; ``line`` of the file. ``attrs["file"]`` and
        ``attrs["letters"]`` (by column) say with it in which cell a number stands.

    Raises
    ------
    TableError
        If the file cannot be read, a column or its unit is not there, a cell is no number, a
        population or GDP is not positive, or an area and year stand twice.

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
    try:
        raw = pd.read_csv(open_csv(path), dtype=str, keep_default_na=False).map(plain)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        reason = (
            error.strerror
            if isinstance(error, OSError)
            else say("it is no table of comma-separated text in UTF-8")
        )
        raise TableError(
            say(
                "{path}: cannot be read ({reason}); write it as {example}",
                path=path,
                reason=reason,
                example=_EXAMPLE,
            )
        ) from None
    columns: dict[str, tuple[str, str]] = {}
    for header in raw.columns:
        found = _HEADER.match(header)
        name = _NAMES.get(found["name"].lower()) if found else None
        if not found or name is None or name in columns:
            near = did_you_mean(header, _NAMES)
            why = (
                say("stands twice")
                if name in columns
                else say(
                    "is not known; {near}",
                    near=near
                    or say(
                        "known: {needed}", needed=join_texts(", ", [*_NEEDED, "co2", "deflator"])
                    ),
                )
            )
            raise TableError(
                say("{path}: the column {header!r} {why}", path=path, header=header, why=why)
            )
        columns[name] = (header, found["unit"] or "")
    if lacks := [name for name in _NEEDED if name not in columns]:
        raise TableError(
            say(
                "{path}: there is no column {lack}; write it as {example}",
                path=path,
                lack=lacks[0],
                example=_EXAMPLE,
            )
        )
    frame = pd.DataFrame(
        {
            "area": raw[columns["area"][0]].str.strip(),
            "year": _read_numbers(raw, columns["year"][0], path),
        }
    )
    if (bad := frame["year"] % 1 != 0).any():
        raise TableError(
            say(
                "{path}: line {line}: {raw!r} is no year",
                path=path,
                line=int(np.argmax(bad)) + 2,
                raw=raw[columns["year"][0]][int(np.argmax(bad))],
            )
        )
    frame["year"] = frame["year"].astype(int)
    currency = ""
    for name in (name for name in ("population", "gdp", "co2", "deflator") if name in columns):
        header, unit = columns[name]
        scale, counted = (1.0, "") if name == "deflator" else _read_unit(unit, header, name, path)
        frame[name] = _read_numbers(raw, header, path) * scale
        currency = counted if name == "gdp" else currency
        if name != "co2" and (bad := frame[name] <= 0).any():
            raise TableError(
                say(
                    "{path}: line {line}: {name} is {raw}; it must be more than 0, or blank",
                    path=path,
                    line=int(np.argmax(bad)) + 2,
                    name=name,
                    raw=raw[header][int(np.argmax(bad))],
                )
            )
    if (twice := frame.duplicated(["area", "year"])).any():
        row = frame[twice].iloc[0]
        raise TableError(
            say(
                "{path}: {area} {year} stands twice; keep one line",
                path=path,
                area=row["area"],
                year=row["year"],
            )
        )
    frame["line"] = np.arange(2, len(frame) + 2)
    letters = {
        name: cell_name(0, list(raw.columns).index(header)).rstrip("1")
        for name, (header, _) in columns.items()
    }
    frame.attrs |= {"currency": currency, "file": shown_name(path), "letters": letters}
    return frame


def _read_numbers(raw: pd.DataFrame, header: str, path: str | Path) -> pd.Series:
    text = raw[header].str.strip().str.replace(",", "")
    numbers = pd.to_numeric(text, errors="coerce").astype(float)
    bad = (numbers.isna() & (text != "")) | np.isinf(numbers)
    if bad.any():
        line = int(np.argmax(bad))
        raise TableError(
            say(
                "{path}: line {line}: {header} is {raw!r}; it must be a number, or blank",
                path=path,
                line=line + 2,
                header=header,
                raw=raw[header][line],
            )
        )
    return numbers


def _read_unit(unit: str, header: str, name: str, path: str | Path) -> tuple[float, str]:
    """Return the number word of a unit as a number, and what it counts."""
    found = _SCALE.match(unit)
    assert found is not None  # noqa: S101 - every part may be absent
    rest = found["rest"].strip()
    fits = {
        "population": rest.lower() in _PERSONS,
        "gdp": bool(rest),
        "co2": rest.lower() in _TONNES,
    }[name]
    if not unit or not fits:
        example = {"population": "population (万人)", "gdp": "gdp (亿元)", "co2": "co2 (万吨)"}[
            name
        ]
        raise TableError(
            say(
                "{path}: the column {header!r} does not say its unit; write it as {example}",
                path=path,
                header=header,
                example=example,
            )
        )
    word = found["word"] or "1"
    return (10.0 ** int(found["power"]) if found["power"] else _SCALES[word]), rest


def match_areas(frame: pd.DataFrame | None, areas: Sequence[str]) -> pd.DataFrame | None:
    """Return a table whose areas are spelt as in the inventories, if there is one and it has areas."""
    return frame if frame is None or "area" not in frame.columns else spell_areas(frame, areas)


def spell_areas(frame: pd.DataFrame, areas: Sequence[str]) -> pd.DataFrame:
    """Return a table whose areas are spelt as in the inventories: 北京 and Beijing are one."""
    spelt = {vocabulary.resolve("area", area) or area: area for area in areas}
    return frame.assign(
        area=[
            spelt.get(vocabulary.resolve("area", str(area)) or str(area), str(area))
            for area in frame["area"]
        ]
    )
