"""Numbers of the pairs compared -> labelled arrays over (by dims, period)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.analysis.panel_cells import PanelCells
    from carbonacct.analysis.state_changes import Array
    from carbonacct.analysis.state_pairs import Pairs


def with_totals(effects: xr.DataArray, total: xr.DataArray, residual: xr.DataArray) -> xr.DataArray:
    """Return the effects with the total and the residual as two more terms."""
    return xr.concat(
        [
            effects,
            *(
                array.expand_dims(term=[name])
                for name, array in (("total", total), ("residual", residual))
            ),
        ],
        dim="term",
    ).transpose(*effects.dims)


@dataclass(frozen=True)
class Layout:
    """Where the numbers of the pairs stand in an array over (by dims, period).

    Attributes
    ----------
    groups
        The ``by`` dims.
    shape
        How many labels each of them has, in a list of all that occur.
    places
        For each of them, where the label of each group stands in that list.
    terms
        The factors.
    coords
        Of the by dims and of the periods, with what each compares.
    """

    groups: tuple[str, ...]
    shape: tuple[int, ...]
    places: tuple[Any, ...]
    terms: tuple[str, ...]
    coords: xr.Coordinates


def lay_out(cells: PanelCells, pairs: Pairs, terms: tuple[str, ...]) -> Layout:
    """Return the layout of the pairs that are compared."""
    groups = cells.grouped
    columns = [cells.groups.get_level_values(dim) for dim in groups]
    levels = [column.unique() for column in columns]
    coords: dict[str, Any] = {
        **{dim: level.to_numpy() for dim, level in zip(groups, levels, strict=True)},
        "period": [f"{a}-{b}" for a, b in pairs.periods],
        "from": ("period", [a for a, _ in pairs.periods]),
        "to": ("period", [b for _, b in pairs.periods]),
    }
    return Layout(
        groups=groups,
        shape=tuple(len(level) for level in levels),
        places=tuple(
            level.get_indexer(column) for level, column in zip(levels, columns, strict=True)
        ),
        terms=terms,
        coords=xr.Dataset(coords=coords).coords,
    )


def _spread(layout: Layout, pairs: Pairs, values: Array) -> Array:
    """Return values of the pairs as an array over (by dims, period), NaN where a group has no such pair."""
    shape = (*layout.shape, len(pairs.periods))
    at = np.ravel_multi_index(
        (*(place[pairs.group] for place in layout.places), pairs.period), shape
    )
    if np.array_equal(at, np.arange(np.prod(shape))):  # as they stand already
        return values.reshape(*shape, *values.shape[1:])
    array = np.full((int(np.prod(shape)), *values.shape[1:]), np.nan)
    array[at] = values
    return array.reshape(*shape, *values.shape[1:])


def label_effects(
    layout: Layout, pairs: Pairs, effects: Array, totals: Sequence[Array]
) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray, xr.DataArray, xr.DataArray]:
    """Return effects by term, then each of the totals."""
    dims = (*layout.groups, "period")
    start, end, total, residual = (
        xr.DataArray(_spread(layout, pairs, values), dims=dims, coords=layout.coords)
        for values in totals
    )
    return (
        xr.DataArray(
            _spread(layout, pairs, effects),
            dims=(*dims, "term"),
            coords=layout.coords.assign(term=list(layout.terms)),
            name="effect",
        ),
        start,
        end,
        total,
        residual,
    )


def label_parts(layout: Layout, pairs: Pairs, cells: PanelCells, parts: Array) -> xr.DataArray:
    """Return what each cell contributes, with the summed dims as levels of ``cell``."""
    named = xr.Coordinates.from_pandas_multiindex(cells.cells, "cell")
    return xr.DataArray(
        _spread(layout, pairs, parts),
        dims=(*layout.groups, "period", "term", "cell"),
        coords=layout.coords.assign(term=list(layout.terms)).assign(named),
    )


def join_chain(
    layout: Layout, pairs: Pairs, places: pd.Index, steps: Array, *, multiply: bool
) -> xr.DataArray:
    """Return the whole chain of each group: the sum (product) of its steps (pair, term), the last two total and residual."""
    there, start = np.unique(pairs.group, return_index=True)
    end = len(pairs.group) - 1 - np.unique(pairs.group[::-1], return_index=True)[1]
    whole = (np.ones if multiply else np.zeros)((int(there[-1]) + 1, steps.shape[1]))
    (np.multiply if multiply else np.add).at(whole, pairs.group, steps)
    at = np.zeros(len(there), np.intp)  # one group alone has no dims
    if layout.shape:
        at = np.ravel_multi_index(tuple(place[there] for place in layout.places), layout.shape)
    array = np.full((math.prod(layout.shape), steps.shape[1]), np.nan)
    array[at] = whole[there]
    labels = np.array(places.tolist(), dtype=object)
    coords = layout.coords.to_dataset().drop_dims("period").coords
    for name, sides, first in (("from", pairs.first, start), ("to", pairs.last, end)):
        column = np.full(math.prod(layout.shape), np.nan, dtype=object)
        column[at] = labels[sides[first]]
        coords = coords.assign({name: (layout.groups, column.reshape(layout.shape))})
    return xr.DataArray(
        array.reshape(*layout.shape, -1),
        dims=(*layout.groups, "term"),
        coords=coords.assign(term=[*layout.terms, "total", "residual"]),
    )


def list_rows(steps: xr.DataArray, chain: xr.DataArray | None, dims: Sequence[str]) -> pd.DataFrame:
    """Return the numbers of steps, then of their chain, as rows: these dims, ``from``, ``to``, ``term``, ``value``."""
    frames = [
        array.to_dataframe("value").reset_index().dropna(subset="value")
        for array in (steps, chain)
        if array is not None
    ]
    rows = pd.concat(frames, ignore_index=True)[[*dims, "from", "to", "term", "value"]]
    if chain is not None:
        rows = rows.drop_duplicates(
            [*dims, "from", "to", "term"]
        )  # a chain of one step is its step
    order = {
        dim: pd.Categorical(rows[dim], list(dict.fromkeys(steps[dim].values))).codes for dim in dims
    }
    keys = pd.DataFrame({**order, "step": np.arange(len(rows))}, index=rows.index)
    return rows.loc[keys.sort_values([*dims, "step"]).index].reset_index(drop=True)
