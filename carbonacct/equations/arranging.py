"""Lay rows of a table along axes: one number a row, with its labels, unit and place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.equations.axes import Data, Numbers, label_id, make_axes
from carbonacct.equations.cells import MISSING, NO, NOTATION, NUMBER, Cells
from carbonacct.equations.dimensions import scale_of
from carbonacct.errors import EquationError, UnitError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        A combination of labels that no row of an activity names does not occur (NO); one that is
        named elsewhere and not in this area and year is missing.

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
    table = _complete(sector, rows)
    axes = make_axes(
        sector,
        areas or tuple(dict.fromkeys(filter(None, table["area"]))) or ("",),
        years or sorted({int(year) for year in table["year"] if year}) or (0,),
        {dim: tuple(filter(None, table[dim].unique())) for dim in _all_dims(sector)},
    )
    places = tuple(table["place"])
    table = _for_all(_for_all(table, "area", axes.areas), "year", axes.years)
    numbers = {
        str(name): _lay(sector, str(name), part, axes, places)
        for name, part in table.groupby("symbol")
    }
    return Data(axes, numbers)


def _complete(sector: Sector, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with all columns, values in declared units, and labels by their ids."""
    dims = _all_dims(sector)
    for column in ("symbol", "value"):
        if column not in rows:
            raise EquationError(f"the rows have no column {column}; add it")
    table = pd.DataFrame(index=pd.RangeIndex(len(rows)))
    for column in ("symbol", "area", "unit", "notation", "place", *dims):
        texts = rows[column] if column in rows else pd.Series([""] * len(rows))
        table[column] = texts.fillna("").astype(str).str.strip().to_numpy()
    table["year"] = _read_years(rows["year"]) if "year" in rows else 0
    table["value"] = pd.to_numeric(rows["value"], errors="coerce").to_numpy(float)
    known = [*sector.activities, *sector.parameters]
    for name in table["symbol"].unique():
        if name not in known:
            near = did_you_mean(name, known) or "see the activities of the method"
            raise EquationError(f"{sector.id} has no activity {name!r}; {near}")
    for dim in dims:
        ids = {label: label_id(dim, label) if label else "" for label in table[dim].unique()}
        table[dim] = table[dim].map(ids)
    pairs = table[["symbol", "unit"]].drop_duplicates().itertuples(index=False)
    scales = {(name, unit): _scale(sector, name, unit) for name, unit in pairs}
    table["value"] *= [scales[pair] for pair in zip(table["symbol"], table["unit"], strict=True)]
    table["row"] = np.arange(len(table), dtype=np.int32)
    _refuse_bad_rows(sector, table)
    return table


def _read_years(years: pd.Series) -> np.ndarray:
    """Return years as whole numbers, 0 for none."""
    numbers = pd.to_numeric(years, errors="coerce")
    wrong = (numbers.isna() & years.notna() & (years != "")) | (numbers % 1 > 0)
    if wrong.any():
        raise EquationError(f"{years[wrong].iloc[0]!r} is no year; write four digits")
    return numbers.fillna(0).to_numpy(int)


def _for_all(table: pd.DataFrame, column: str, names: Sequence[Any]) -> pd.DataFrame:
    """Return the rows with those that name no area (or year) repeated for each."""
    blank = table[column].isin(["", 0])
    if not blank.any():
        return table
    each = table[blank].drop(columns=column).merge(pd.DataFrame({column: names}), how="cross")
    return pd.concat([table[~blank], each], ignore_index=True)


def _all_dims(sector: Sector) -> list[str]:
    symbols = [*sector.activities, *sector.parameters]
    return list(dict.fromkeys(dim for name in symbols for dim in sector.dims_of(name)))


def _scale(sector: Sector, name: str, unit: str) -> float:
    if not unit:
        return 1.0
    try:
        return scale_of(unit, sector.unit_of(name))
    except UnitError as error:
        raise EquationError(f"{name}: {error}") from None


def _refuse_bad_rows(sector: Sector, table: pd.DataFrame) -> None:
    """Raise on the first row that is not one number, or one notation key, of one thing."""
    unknown = ~table["notation"].isin(list(NOTATION))
    if unknown.any():
        row = table[unknown].iloc[0]
        raise EquationError(
            f"{_say(row)}: {row['notation']!r} is no notation key; use NO, IE, NE, NA or C"
        )
    both = (table["notation"] != "") & table["value"].notna()
    if both.any():
        row = table[both].iloc[0]
        raise EquationError(f"{_say(row)}: has a number and {row['notation']}; keep one")
    none = (table["notation"] == "") & ~np.isfinite(table["value"])
    if none.any():
        raise EquationError(
            f"{_say(table[none].iloc[0])}: is no number; write one, or a notation key"
        )
    for name, part in table.groupby("symbol"):
        having = sector.dims_of(str(name))
        for dim in _all_dims(sector):
            wrong = (part[dim] == "") if dim in having else (part[dim] != "")
            if wrong.any():
                row = part[wrong].iloc[0]
                what = (
                    f"has no {dim}"
                    if dim in having
                    else f"has {dim} {row[dim]}, which it is not split by"
                )
                raise EquationError(
                    f"{_say(row)}: {what}; {'say which' if dim in having else 'take it out'}"
                )
        about = sector.activities.get(str(name)) or sector.parameters[str(name)]
        beyond = (part["value"] < about.minimum) | (part["value"] > about.maximum)
        if beyond.any():
            row = part[beyond].iloc[0]
            raise EquationError(
                f"{_say(row)}: {row['value']:g} is not between {about.minimum:g} and "
                f"{about.maximum:g}"
            )


def _say(row: pd.Series) -> str:
    where = " ".join(str(part) for part in (row["symbol"], row["area"], row["year"]) if part)
    return f"{row['place']}: {where}" if row["place"] else where


def _lay(
    sector: Sector, name: str, part: pd.DataFrame, axes: Axes, places: Sequence[str]
) -> Numbers:
    dims = [dim for dim in axes.labels if dim in sector.dims_of(name)]
    shape = axes.shape(dims)
    where = [
        pd.Index(axes.labels_of(dim)).get_indexer(part[dim]) for dim in ("area", "year", *dims)
    ]
    kept = np.logical_and.reduce([place >= 0 for place in where])
    at = _index(dims, [place[kept] for place in where], axes)
    flat = np.ravel_multi_index(at, shape)
    twice = pd.Index(flat).duplicated()
    if twice.any():
        raise EquationError(f"{_say(part[kept][twice].iloc[0])}: stands there twice; keep one row")
    values, states = np.zeros(shape), np.full(shape, MISSING, np.int8)
    origins = np.full(shape, -1, np.int32)
    found = part["value"].to_numpy()[kept]
    values[at] = np.where(np.isnan(found), 0.0, found)
    states[at] = part["notation"].map(NOTATION).to_numpy(np.int8)[kept]
    origins[at] = part["row"].to_numpy(np.int32)[kept]
    named = (origins >= 0).any(axis=(0, 1), keepdims=True)
    if name in sector.activities:
        states[np.broadcast_to(~named, shape)] = NO
    return Numbers(Cells(values, states if (states != NUMBER).any() else None), origins, places)


def _index(dims: Sequence[str], where: Sequence[np.ndarray], axes: Axes) -> tuple[np.ndarray, ...]:
    """Return an index of full rank: 0 along the dims that a symbol does not have."""
    given = dict(zip(("area", "year", *dims), where, strict=True))
    zero = np.zeros(len(where[0]), np.intp)
    return tuple(given.get(dim, zero) for dim in axes.dims)
