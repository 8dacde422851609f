"""Labelled data in, plain arrays of series by year out, and results back under the labels they came with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from carbonacct.analysis.reasons import as_column
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.sheets.values import UNREADABLE, read_value, to_numbers
from carbonacct.texts import as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Data = pd.DataFrame | xr.Dataset | xr.DataArray

_SHOWN = 60
_NOT_NUMBERS = {  # by the kind of a column's dtype
    "b": say("truth values"),
    "M": say("dates"),
    "m": say("dates"),
    "c": say("complex numbers"),
}
MELT = say("; labels that stand as columns go into rows first (pandas: melt)")


@dataclass(frozen=True)
class Series:
    """Numbers by series and year, with the labels of the series.

    Attributes
    ----------
    values
        For each name, float64 of shape (series, year); NaN where there is no number.
    years
        The years, rising, each once.
    keys
        The labels of the series, one row each.
    dims
        The dims that the labels came from, with their coordinates; None for a table.
    """

    values: dict[str, Floats]
    years: NDArray[np.int64]
    keys: pd.DataFrame
    dims: dict[str, Any] | None

    def label(
        self, results: Mapping[str, Any], along: Mapping[str, Any] | None = None
    ) -> pd.DataFrame | xr.Dataset:
        """Return results under the labels of the series: a table for a table, a Dataset for arrays.

        Parameters
        ----------
        results
            Arrays of shape (series,), or (series, period) where `along` is given.
        along
            What the second axis is, such as the first and the last year of each period.

        Raises
        ------
        PanelError
            If a label has the name of a result.
        """
        count = len(self.keys)
        clash = sorted(set(self.keys.columns) & {*results, *(along or {})})
        if clash:
            raise PanelError(
                say(
                    "the label {clash!r} is the name of a result as well; rename it", clash=clash[0]
                )
            )
        if self.dims is not None:
            shape = tuple(len(coordinate) for coordinate in self.dims.values())
            extra = ("period",) if along is not None else ()
            made = {
                name: (
                    (*self.dims, *extra),
                    np.asarray(array).reshape(*shape, *np.shape(array)[1:]),
                )
                for name, array in results.items()
            }
            return xr.Dataset(
                made,
                coords={
                    **self.dims,
                    **{name: ("period", held) for name, held in (along or {}).items()},
                },
            )
        size = len(next(iter(along.values()))) if along is not None else 1
        labels = {
            name: self.keys[name].repeat(size).reset_index(drop=True) for name in self.keys.columns
        }
        periods = {name: np.tile(np.asarray(held), count) for name, held in (along or {}).items()}
        return pd.DataFrame(
            {
                **labels,
                **periods,
                **{name: _flatten(np.asarray(array)) for name, array in results.items()},
            }
        )


def _flatten(array: NDArray[Any]) -> NDArray[Any] | pd.Series[Any]:
    """Return numbers, or texts that stay what they are, in one column."""
    flat = array.ravel()
    return as_column(flat) if flat.dtype == object else flat


def pool_series(series: Series, name: str, pool: str | Sequence[str]) -> tuple[Series, Floats]:
    """Return the series without the labels to pool over, and their numbers of shape (group, member, year).

    Raises
    ------
    PanelError
        If a label to pool over does not tell the series apart.
    """
    pool = [pool] if isinstance(pool, str) else list(pool)
    for label in pool:
        _require(say("label to pool over"), label, list(series.keys.columns))
    values = series.values[name]
    if not pool:
        return series, values[:, None, :]
    rest = [label for label in series.keys.columns if label not in pool]
    grouped = series.keys.groupby(rest or (lambda _: 0), sort=False)
    group, member = grouped.ngroup().to_numpy(), grouped.cumcount().to_numpy()
    members = member.max() + 1
    blocks = np.full((group.max() + 1, members, values.shape[1]), np.nan)
    blocks[group, member] = values
    keys = series.keys[rest].iloc[np.unique(group, return_index=True)[1]].reset_index(drop=True)
    dims = (
        None
        if series.dims is None
        else {dim: held for dim, held in series.dims.items() if dim in rest}
    )
    return Series({}, series.years, keys, dims), blocks


def split_series(
    data: Data, names: Sequence[str], *, by: str | Sequence[str] = (), over: str = "year"
) -> Series:
    """Return the named numbers of a table or of arrays as series by year.

    Parameters
    ----------
    data
        A long table (one row per label and year), a Dataset, or a DataArray, which is the only
        name.
    names
        Columns or variables of numbers.
    by
        Columns that tell the series of a table apart. Arrays have one series for each label of
        their other dims.
    over
        The column or dim of years.

    Raises
    ------
    PanelError
        If a column, dim or variable is missing, a year is not whole, a label and year is there
        twice, a number is not one.
    """
    by = [by] if isinstance(by, str) else list(by)
    if isinstance(data, pd.DataFrame):
        return _split_table(data, list(dict.fromkeys(names)), by, over)
    if isinstance(data, xr.DataArray):
        data = xr.Dataset({names[0]: data.drop_vars(names[0], errors="ignore")})
    return _split_arrays(data, list(dict.fromkeys(names)), by, over)


def _require(kind: str, name: str, known: Sequence[Any], hint: str = "") -> None:
    if name not in known:
        near = did_you_mean(name, map(str, known))
        raise PanelError(
            say(
                "no {kind} {name!r}; {near}{hint}",
                kind=kind,
                name=name,
                near=near or say("known: {known}", known=as_typed(map(str, known)) or say("none")),
                hint=hint,
            )
        )


def _split_table(table: pd.DataFrame, names: list[str], by: list[str], over: str) -> Series:
    levels = [name for name in table.index.names if name is not None and name not in table.columns]
    table = table.reset_index(levels) if levels else table
    columns = list(table.columns)
    for name in [*by, over, *names]:
        _require("column", name, columns, MELT if name in {*by, over} else "")
        if columns.count(name) > 1:
            raise PanelError(say("the column {name!r} is there twice; rename one", name=name))
    if over in by:
        raise PanelError(
            say(
                "{over!r} cannot both tell the series apart and run along them; leave it out of by",
                over=over,
            )
        )
    if not len(table):
        raise PanelError(say("the table has no rows; nothing to compute"))
    years = _whole_years(
        read_numbers(table[over], over),
        lambda row: say("row {index}, column {over!r}", index=table.index[row], over=over),
    )
    if by:
        blank = table[by].isna().any(axis=1).to_numpy()
        if blank.any():
            raise PanelError(
                say(
                    "row {index}: has no {by}; name what the row is about",
                    index=table.index[int(blank.argmax())],
                    by=join_texts(" or ", by),
                )
            )
        grouped = table.groupby(by, sort=False, observed=True)
        place = grouped.ngroup().to_numpy()
        keys = table[by].iloc[np.unique(place, return_index=True)[1]].reset_index(drop=True)
    else:
        place, keys = np.zeros(len(table), dtype=int), pd.DataFrame(index=[0])
    axis, column = np.unique(years, return_inverse=True)
    cell = place * len(axis) + column
    first, count = np.unique(cell, return_index=True, return_counts=True)[1:]
    if (count > 1).any():
        row = int(first[count > 1].min())
        other = int(np.flatnonzero(cell == cell[row])[1])
        what = join_texts(
            ", ", [*(f"{name} {table[name].iloc[row]!s}" for name in by), f"{over} {years[row]}"]
        )
        raise PanelError(
            say(
                "rows {index} and {other_row}: {what} is there twice; keep one row, or name "
                "the column that tells them apart (by, on the command line --by)",
                index=table.index[row],
                other_row=table.index[other],
                what=what,
            )
        )
    values = {}
    for name in names:
        full = np.full(len(keys) * len(axis), np.nan)
        full[cell] = read_numbers(table[name], name)
        values[name] = full.reshape(len(keys), len(axis))
    return Series(values, axis.astype(np.int64), keys, None)


def read_numbers(column: pd.Series[Any], name: str) -> Floats:
    """Return a column's numbers; a text is read as in a table, so that a dash or a notation key is absent."""
    if what := _NOT_NUMBERS.get(column.dtype.kind):
        raise PanelError(
            say("column {name!r} holds {what}, not numbers; correct it", name=name, what=what)
        )
    numbers = to_numbers(column).to_numpy(np.float64, na_value=np.nan, copy=True)
    for row in np.flatnonzero(~np.isfinite(numbers) & column.notna().to_numpy()).tolist():
        cell = column.iloc[row]
        numbers[row], status = read_value(cell)
        if status == UNREADABLE or str(cell).strip().lower() == "x":
            raise PanelError(
                say(
                    "row {row}, column {name!r}: {cell!r} is not a number; correct the cell",
                    row=column.index[row],
                    name=name,
                    cell=str(cell)[:_SHOWN],
                )
            )
    return numbers


def _split_arrays(data: xr.Dataset, names: list[str], by: list[str], over: str) -> Series:
    for name in names:
        _require("variable", name, list(data.data_vars))
    arrays = [
        data[name].copy(data=getattr(data[name].data, "magnitude", data[name].data))
        for name in names
    ]
    dims = list(dict.fromkeys(str(dim) for array in arrays for dim in array.dims))
    _require("dim", over, dims)
    others = [dim for dim in dims if dim != over]
    if by and set(by) != set(others):
        raise PanelError(
            say(
                "by is {by} and the arrays have the dims {others} beside {over}; sum over "
                "the rest first",
                by=join_texts(", ", by),
                others=join_texts(", ", others) or say("none"),
                over=over,
            )
        )
    years = _whole_years(data[over].to_numpy(), lambda row: f"{over} {row}")
    twice = pd.Index(years).duplicated()
    if twice.any():
        raise PanelError(
            say("{over} {year} is there twice; keep one", over=over, year=years[twice.argmax()])
        )
    order = np.argsort(years)
    values = {}
    for name, array in zip(names, xr.broadcast(*arrays), strict=True):
        held = (
            array.transpose(*others, over)
            .to_numpy()
            .astype(np.float64)[..., order]
            .reshape(-1, len(years))
        )
        if np.isinf(held).any():
            raise PanelError(say("{name} has a number that is not finite; correct it", name=name))
        values[name] = held
    coordinates = {dim: data[dim].to_numpy() for dim in others}
    keys = (
        pd.MultiIndex.from_product(list(coordinates.values()), names=others).to_frame(index=False)
        if others
        else pd.DataFrame(index=[0])
    )
    return Series(values, years[order], keys, coordinates)


def _whole_years(years: NDArray[Any], where: Callable[[int], str]) -> NDArray[np.int64]:
    wrong = (
        ~(np.isfinite(years) & (np.rint(years) == years))
        if years.dtype.kind in "iuf"
        else np.ones(len(years), dtype=bool)
    )
    if wrong.any():
        row = int(wrong.argmax())
        raise PanelError(
            say(
                "{where}: {year} is not a whole year; correct it",
                where=where(row),
                year=say("a blank") if pd.isna(years[row]) else years[row],
            )
        )
    return years.astype(np.int64)
