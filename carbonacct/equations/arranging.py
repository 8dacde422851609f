"""Lay rows of a table along axes: one number a row, with its labels, unit and place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from carbonacct.equations.arithmetic import MISSING, NO, NOTATION, NUMBER, NumbersAndStates
from carbonacct.equations.axes import Data, Numbers, label_id, make_axes
from carbonacct.equations.dimensions import scale_of
from carbonacct.errors import EquationError, UnitError, did_you_mean
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.equations.axes import Axes
    from carbonacct.equations.sector import Sector


def arrange(
    sector: Sector, rows: pd.DataFrame, *, years: Sequence[int] = (), areas: Sequence[str] = ()
) -> Data:
    """Return the numbers of activities, and of parameters that a compiler states, laid along axes.

    Parameters
    ----------
    rows
        Columns ``symbol`` and ``value``; where they differ ``area``, ``year``, a column for each
        dim, ``unit`` (the declared one where blank), ``notation`` (a notation key in place of a
        number) and ``place`` (the address of the cell). A row without area or year holds for all.
    years, areas
        Of the result, in this order, if not those of the rows; rows of others are passed over.

    Returns
    -------
    Data
        A combination of labels that no row of an area names does not occur there (NO), where some
        row of it names another; one that is named in other years alone is missing.

    Raises
    ------
    EquationError
        If a symbol, a unit or a notation key is unknown, a number is none or beyond its range, a
        label is missing or more than the symbol has, or two rows are of the same thing.

    Examples
    --------
    >>> from carbonacct.equations import load_sector
    >>> rows = pd.DataFrame({"symbol": ["lime_output"], "value": [30.0], "unit": ["万吨"]})
    >>> data = arrange(load_sector("provincial-2011/processes"), rows, years=[2020], areas=["重庆"])
    >>> float(data.numbers["lime_output"].cells.values.squeeze())
    300000.0
    """
    table = _read(sector, rows)
    axes = make_axes(
        sector,
        areas or tuple(filter(None, table.area.words)) or ("",),
        years or [int(year) for year in np.unique(table.years) if year] or (0,),
        {dim: tuple(filter(None, column.words)) for dim, column in table.dims.items()},
    )
    numbers = {}
    places = tuple(table.place.words)
    parts = _rows_of_symbols(table.symbol)
    for name, part in parts.items():
        _refuse_bad_numbers(sector, table, name, part)
    _refuse_bad_labels(sector, table, parts)
    for name, part in parts.items():
        cells, origins = _lay(sector, table, name, part, axes=axes)
        numbers[name] = Numbers(cells, origins, places)
    return Data(axes, numbers)


def _rows_of_symbols(symbol: _Column) -> dict[str, np.ndarray]:
    """Return the rows of each symbol, in one pass over the column."""
    order = np.argsort(symbol.codes, kind="stable")
    counts = np.bincount(symbol.codes, minlength=len(symbol.words))
    parts = np.split(order, np.cumsum(counts)[:-1])
    return {name: part for name, part in zip(symbol.words, parts, strict=True) if len(part)}


class _Column(NamedTuple):
    """A column of texts: each row's index into the different words."""

    codes: np.ndarray
    words: list[str]

    def blank(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Return which rows, or which of some rows, have no text."""
        empty = np.array([not word for word in self.words], bool)
        return np.asarray(empty[self.codes if rows is None else self.codes[rows]])

    def at(self, row: int) -> str:
        """Return the text of a row."""
        return self.words[int(self.codes[row])]


class _Table(NamedTuple):
    """The rows as columns, values in declared units, labels by their ids; year 0 is none."""

    symbol: _Column
    area: _Column
    notation: _Column
    place: _Column
    dims: dict[str, _Column]
    years: np.ndarray
    values: np.ndarray


def _read(sector: Sector, rows: pd.DataFrame) -> _Table:
    """Return the rows as columns; raise where a symbol, a label, a unit or a year is none."""
    for column in ("symbol", "value"):
        if column not in rows:
            raise EquationError(say("the rows have no column {column}; add it", column=column))
    symbol, unit = _read_column(rows, "symbol"), _read_column(rows, "unit")
    known = [*sector.activities, *sector.parameters]
    for name in symbol.words:
        if name not in known:
            near = did_you_mean(name, known) or say("see the activities of the method")
            raise EquationError(
                say("{id} has no activity {name!r}; {near}", id=sector.id, name=name, near=near)
            )
    dims = dict.fromkeys(dim for name in known for dim in sector.dims_of(name))
    pairs, places = np.unique(
        symbol.codes.astype(np.int64) * len(unit.words) + unit.codes, return_inverse=True
    )
    each = [divmod(int(pair), len(unit.words)) for pair in pairs]
    scales = [_scale(sector, symbol.words[name], unit.words[one]) for name, one in each]
    values = pd.to_numeric(rows["value"], errors="coerce").to_numpy(float)
    return _Table(
        symbol=symbol,
        area=_read_column(rows, "area"),
        notation=_read_column(rows, "notation"),
        place=_read_column(rows, "place"),
        dims={dim: _renamed(_read_column(rows, dim), dim) for dim in dims},
        years=_read_years(rows["year"]) if "year" in rows else np.zeros(len(rows), int),
        values=values * np.array(scales)[places] if len(rows) else values,
    )


def _read_column(rows: pd.DataFrame, name: str) -> _Column:
    if name not in rows:
        return _Column(np.zeros(len(rows), np.int32), [""])
    column = rows[name]
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, words = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, words = pd.factorize(column)
    texts = [*(str(word).strip() for word in np.asarray(words, object)), ""]
    return _unique(np.where(codes < 0, len(words), codes) if (codes < 0).any() else codes, texts)


def _renamed(column: _Column, dim: str) -> _Column:
    return _unique(column.codes, [label_id(dim, word) if word else "" for word in column.words])


def _unique(codes: np.ndarray, texts: list[str]) -> _Column:
    """Return a column with each word once, of those that rows have."""
    used = np.flatnonzero(np.bincount(codes, minlength=len(texts)))
    words = list(dict.fromkeys(texts[code] for code in used))
    known = {word: position for position, word in enumerate(words)}
    position = np.zeros(len(texts), np.int32)
    position[used] = [known[texts[code]] for code in used]
    return _Column(position[codes], words or [""])


def _read_years(years: pd.Series) -> np.ndarray:
    """Return years as whole numbers, 0 for none."""
    numbers = pd.to_numeric(years, errors="coerce")
    wrong = (numbers.isna() & years.notna() & (years != "")) | (numbers % 1 > 0)
    if wrong.any():
        raise EquationError(
            say("{year!r} is no year; write four digits", year=years[wrong].iloc[0])
        )
    return numbers.fillna(0).to_numpy(int)


def _scale(sector: Sector, name: str, unit: str) -> float:
    if not unit:
        return 1.0
    try:
        return scale_of(unit, sector.unit_of(name))
    except UnitError as error:
        raise EquationError(say("{name}: {error}", name=name, error=error)) from None


def _refuse_bad_numbers(sector: Sector, table: _Table, name: str, part: np.ndarray) -> None:
    """Raise on the first row of a symbol that is not one number, or one notation key."""
    values, number = table.values[part], table.notation.blank(part)
    for word in table.notation.words:
        if word not in NOTATION:
            bad = np.array([one == word for one in table.notation.words])[
                table.notation.codes[part]
            ]
            _refuse(
                table,
                part,
                bad,
                say("{word!r} is no notation key; use NO, IE, NE, NA or C", word=word),
            )
    _refuse(
        table, part, ~number & ~np.isnan(values), say("has a number and a notation key; keep one")
    )
    none = number & ~np.isfinite(values)
    _refuse(table, part, none, say("is no number; write one, or a notation key"))
    about = sector.activities.get(name) or sector.parameters[name]
    beyond = (values < about.minimum) | (values > about.maximum)
    within = say("{minimum:g} and {maximum:g}", minimum=about.minimum, maximum=about.maximum)
    seen = f"{values[beyond][0]:g}" if beyond.any() else ""
    _refuse(table, part, beyond, say("{seen} is not between {within}", seen=seen, within=within))


def _refuse_bad_labels(sector: Sector, table: _Table, parts: Mapping[str, np.ndarray]) -> None:
    """Raise on the first row that lacks a label of its symbol, or has one that it is not split by."""
    for dim, column in table.dims.items():
        split = np.array(
            [name in parts and dim in sector.dims_of(name) for name in table.symbol.words]
        )
        blank = column.blank()
        if not (blank == split[table.symbol.codes]).any():
            continue
        for name, part in parts.items():
            if dim in sector.dims_of(name):
                _refuse(table, part, blank[part], say("has no {dim}; say which", dim=dim))
            else:
                more = say("has a {dim}, which it is not split by; take it out", dim=dim)
                _refuse(table, part, ~blank[part], more)


def _refuse(table: _Table, part: np.ndarray, bad: np.ndarray, fault: str) -> None:
    if bad.any():
        raise EquationError(say("{row}: {fault}", row=_say(table, int(part[bad][0])), fault=fault))


def _say(table: _Table, row: int) -> str:
    parts = (table.symbol.at(row), table.area.at(row), table.years[row])
    where = " ".join(str(part) for part in parts if part)
    return (
        say("{at}: {where}", at=table.place.at(row), where=where) if table.place.at(row) else where
    )


def _lay(
    sector: Sector, table: _Table, name: str, part: np.ndarray, *, axes: Axes
) -> tuple[NumbersAndStates, np.ndarray]:
    dims = [dim for dim in axes.labels if dim in sector.dims_of(name)]
    shape = axes.shape(dims)
    areas = _places(table.area.words, axes.areas)[table.area.codes[part]]
    years = pd.Index(axes.years).get_indexer(table.years[part])
    take, areas = _for_all(areas, table.area.blank(part), len(axes.areas))
    again, years = _for_all(years[take], (table.years[part] == 0)[take], len(axes.years))
    rows, areas = part[take][again], areas[again]
    kept = (areas >= 0) & (years >= 0)
    rows = rows[kept]
    given = {"area": areas[kept], "year": years[kept]}
    for dim in dims:
        column = table.dims[dim]
        given[dim] = _places(column.words, axes.labels[dim])[column.codes[rows]]
    at = tuple(given.get(dim, np.zeros(len(rows), np.intp)) for dim in axes.dims)
    _refuse(
        table,
        rows,
        pd.Index(np.ravel_multi_index(at, shape)).duplicated(),
        say("stands there twice; keep one row"),
    )
    values, states = np.zeros(shape), np.full(shape, MISSING, np.int8)
    origins = np.full(shape, -1, np.int32)
    values[at] = np.nan_to_num(table.values[rows])
    states[at] = np.array([NOTATION[word] for word in table.notation.words], np.int8)[
        table.notation.codes[rows]
    ]
    origins[at] = table.place.codes[rows]
    if name in sector.activities:  # a combination that no row of an area names does not occur
        named = np.zeros(shape, bool)
        named[at] = True
        reported = named.any(axis=tuple(range(1, named.ndim)), keepdims=True)
        states[np.broadcast_to(reported & ~named.any(axis=1, keepdims=True), shape)] = NO
    cells = NumbersAndStates(values, states if (states != NUMBER).any() else None)
    return cells, origins


def _places(words: Sequence[str], labels: Sequence[str]) -> np.ndarray:
    """Return the position of each word among labels, -1 where it is none."""
    known = {label: position for position, label in enumerate(labels)}
    return np.array([known.get(word, -1) for word in words], np.intp)


def _for_all(places: np.ndarray, blank: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and their places, those that name none repeated for each place."""
    each = np.where(blank, count, 1)
    take = np.repeat(np.arange(len(places)), each)
    within = np.arange(len(take)) - np.repeat(np.cumsum(each) - each, each)
    return take, np.where(blank[take], within, places[take])
