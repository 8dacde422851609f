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

_OF_CELLS = 3  # pair, term, cell


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
        The ``by`` dims, each with its labels.
    places
        For each of them, where the label of each group stands in that list.
    """

    groups: dict[str, pd.Index]
    places: tuple[Any, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many labels each of the ``by`` dims has."""
        return tuple(map(len, self.groups.values()))


def lay_out(cells: PanelCells) -> Layout:
    """Return the layout of the pairs that are compared."""
    columns = [cells.groups.get_level_values(dim) for dim in cells.grouped]
    groups = {dim: column.unique() for dim, column in zip(cells.grouped, columns, strict=True)}
    places = (
        level.get_indexer(column) for level, column in zip(groups.values(), columns, strict=True)
    )
    return Layout(groups, tuple(places))


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


def label_pairs(
    layout: Layout,
    pairs: Pairs,
    cells: PanelCells,
    arrays: dict[str, Array],
    *,
    terms: Sequence[str],
) -> dict[str, xr.DataArray]:
    """Return arrays of the pairs (pair), (pair, term) or (pair, term, cell) with their labels.

    The coordinates ``from`` and ``to`` of ``period`` say what is compared; the summed dims are
    levels of ``cell``. All stand in one Dataset first, so that the labels are looked through once.
    """
    dims = (*layout.groups, "period", "term", "cell")
    coords: dict[str, Any] = {
        **{dim: level.to_numpy() for dim, level in layout.groups.items()},
        "period": [f"{a}-{b}" for a, b in pairs.periods],
        "from": ("period", [a for a, _ in pairs.periods]),
        "to": ("period", [b for _, b in pairs.periods]),
        "term": list(terms),
    }
    if any(values.ndim == _OF_CELLS for values in arrays.values()):
        coords |= xr.Coordinates.from_pandas_multiindex(cells.cells, "cell")  # type: ignore[arg-type]
    variables = {
        name: (dims[: len(layout.groups) + values.ndim], _spread(layout, pairs, values))
        for name, values in arrays.items()
    }
    labelled = xr.Dataset(variables, coords)
    return {name: labelled[name] for name in arrays}


def join_chain(
    layout: Layout, pairs: Pairs, places: pd.Index, steps: dict[str, Array], *, multiply: bool
) -> xr.DataArray:
    """Return the whole chain of each group by term: the sum (product) of its steps, an array (pair) for each term."""
    effects = np.column_stack(list(steps.values()))
    there, start = np.unique(pairs.group, return_index=True)
    end = len(pairs.group) - 1 - np.unique(pairs.group[::-1], return_index=True)[1]
    whole = (np.multiply if multiply else np.add).reduceat(effects, start, axis=0)
    at = np.zeros(len(there), np.intp)  # one group alone has no dims
    if layout.shape:
        at = np.ravel_multi_index(tuple(place[there] for place in layout.places), layout.shape)
    array = np.full((math.prod(layout.shape), len(steps)), np.nan)
    array[at] = whole
    labels = np.array(places.tolist(), dtype=object)
    coords: dict[str, Any] = {dim: level.to_numpy() for dim, level in layout.groups.items()}
    for name, sides, first in (("from", pairs.first, start), ("to", pairs.last, end)):
        column = np.full(math.prod(layout.shape), np.nan, dtype=object)
        column[at] = labels[sides[first]]
        coords[name] = (tuple(layout.groups), column.reshape(layout.shape))
    return xr.DataArray(
        array.reshape(*layout.shape, -1),
        dims=(*layout.groups, "term"),
        coords={**coords, "term": list(steps)},
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
