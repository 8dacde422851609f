"""Numbers of the pairs compared -> labelled arrays over (by dims, period)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.analysis.cells import Cells
    from carbonacct.analysis.changes import Array
    from carbonacct.analysis.pairs import Pairs


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


def _scaffold(cells: Cells, groups: tuple[str, ...]) -> tuple[list[pd.Index], list[Any]]:
    """Return the labels of each ``by`` dim and, for each group, where it stands among them."""
    levels = [cells.groups.get_level_values(dim).unique() for dim in groups]
    places = [
        level.get_indexer(cells.groups.get_level_values(dim))
        for dim, level in zip(groups, levels, strict=True)
    ]
    return levels, places


def _spread(cells: Cells, pairs: Pairs, groups: tuple[str, ...], values: Array) -> Array:
    """Return values of the pairs as an array over (by dims, period), NaN where a group has no such pair."""
    levels, places = _scaffold(cells, groups)
    shape = (*(len(level) for level in levels), len(pairs.periods))
    at = np.ravel_multi_index((*(place[pairs.group] for place in places), pairs.period), shape)
    if np.array_equal(at, np.arange(np.prod(shape))):  # as they stand already
        return values.reshape(*shape, *values.shape[1:])
    array = np.full((int(np.prod(shape)), *values.shape[1:]), np.nan)
    array[at] = values
    return array.reshape(*shape, *values.shape[1:])


def label_effects(
    cells: Cells,
    pairs: Pairs,
    groups: tuple[str, ...],
    effects: Array,
    totals: Sequence[Array],
    terms: Sequence[str],
) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray, xr.DataArray, xr.DataArray]:
    """Return effects by term, then each of the totals."""
    coords, dims = _coords(cells, pairs, groups), (*groups, "period")
    start, end, total, residual = (
        xr.DataArray(_spread(cells, pairs, groups, values), dims=dims, coords=coords)
        for values in totals
    )
    array = _spread(cells, pairs, groups, effects)
    return (
        xr.DataArray(
            array, dims=(*dims, "term"), coords={**coords, "term": list(terms)}, name="effect"
        ),
        start,
        end,
        total,
        residual,
    )


def _coords(cells: Cells, pairs: Pairs, groups: tuple[str, ...]) -> dict[str, Any]:
    levels, _ = _scaffold(cells, groups)
    return {
        **{dim: level.to_numpy() for dim, level in zip(groups, levels, strict=True)},
        "period": [f"{a}-{b}" for a, b in pairs.periods],
        "from": ("period", [a for a, _ in pairs.periods]),
        "to": ("period", [b for _, b in pairs.periods]),
    }


def label_parts(
    cells: Cells, pairs: Pairs, groups: tuple[str, ...], parts: Array, terms: Sequence[str]
) -> xr.DataArray:
    """Return what each cell contributes, with the summed dims as levels of ``cell``."""
    array = _spread(cells, pairs, groups, parts)
    coords = xr.Coordinates.from_pandas_multiindex(cells.cells, "cell")
    return xr.DataArray(
        array,
        dims=(*groups, "period", "term", "cell"),
        coords={**_coords(cells, pairs, groups), "term": list(terms)},
    ).assign_coords(coords)


def join_chain(
    cells: Cells,
    pairs: Pairs,
    groups: tuple[str, ...],
    effects: Array,
    total: Array,
    residual: Array,
    terms: Sequence[str],
    form: str,
) -> xr.DataArray:
    """Return the whole chain of each group: the sum (product) of its steps."""
    levels, places = _scaffold(cells, groups)
    held = np.concatenate([effects, total[:, None], residual[:, None]], axis=1)
    whole = (
        np.ones((len(cells.groups), held.shape[1]))
        if form == "multiplicative"
        else np.zeros((len(cells.groups), held.shape[1]))
    )
    (np.multiply if form == "multiplicative" else np.add).at(whole, pairs.group, held)
    shape = tuple(len(level) for level in levels)
    there, start = np.unique(pairs.group, return_index=True)
    end = len(pairs.group) - 1 - np.unique(pairs.group[::-1], return_index=True)[1]
    at = np.zeros(len(there), np.intp)  # one group alone has no dims
    if shape:
        at = np.ravel_multi_index(tuple(place[there] for place in places), shape)
    array = np.full((math.prod(shape), held.shape[1]), np.nan)
    array[at] = whole[there]
    labels = np.array(cells.places.tolist(), dtype=object)
    ends = {}
    for name, sides, first in (("from", pairs.first, start), ("to", pairs.last, end)):
        ends[name] = np.full(math.prod(shape), np.nan, dtype=object)
        ends[name][at] = labels[sides[first]]
    coords: dict[str, Any] = {
        dim: level.to_numpy() for dim, level in zip(groups, levels, strict=True)
    }
    coords |= {name: (groups, of_side.reshape(shape)) for name, of_side in ends.items()}
    return xr.DataArray(
        array.reshape(*shape, -1),
        dims=(*groups, "term"),
        coords={**coords, "term": [*terms, "total", "residual"]},
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
