"""A Dataset -> one array per column over (group, place, cell), without a long table between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.analysis.panel_cells import PanelCells, finish_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr


def read_dataset(
    panel: xr.Dataset,
    names: Sequence[str],
    *,
    over: str,
    by: Sequence[str],
    sum_over: Sequence[str],
) -> PanelCells | None:
    """Return the columns of a Dataset as arrays, or None where only its long table can tell.

    That is where a dim is lacking or not named, labels are blank, twice or no plain labels, or
    values are no numbers: the table has the messages.

    Parameters
    ----------
    panel
        Its dims are ``over``, ``by`` and ``sum_over``; a variable may lack some of them.
    names
        Variables that are needed.
    over, by, sum_over
        As in :func:`carbonacct.decompose`.
    """
    dims = (*by, over, *sum_over)
    if not _is_readable(panel, names, dims) or not _is_in_order(panel.indexes[over]):
        return None
    shape = tuple(panel.sizes[dim] for dim in dims)
    whole = (int(np.prod(shape[: len(by)])), shape[len(by)], int(np.prod(shape[len(by) + 1 :])))
    values, has_gaps = {}, False
    for name in names:
        variable = panel.variables[name]
        data = getattr(variable.data, "magnitude", variable.data)
        axes = [variable.dims.index(dim) for dim in dims if dim in variable.dims]
        lengths = [panel.sizes[dim] if dim in variable.dims else 1 for dim in dims]
        part = data.transpose(axes).reshape(lengths).astype(float, copy=False)
        values[name] = np.broadcast_to(part, shape).reshape(whole)
        has_gaps |= bool(np.isnan(part).any())
    groups, cells = _join(panel, by), _join(panel, sum_over)
    present = np.ones(whole, dtype=bool)
    if has_gaps:
        present = ~np.logical_and.reduce([np.isnan(array) for array in values.values()])
    once = {name for name in names if not set(sum_over) & set(panel.variables[name].dims)}
    read = PanelCells(values, groups, panel.indexes[over], cells, present, frozenset())
    return finish_cells(read, once)


def _is_readable(panel: xr.Dataset, names: Sequence[str], dims: Sequence[str]) -> bool:
    """Return whether the Dataset has these dims alone, with plain labels, and plain finite numbers."""
    if set(dims) != set(panel.dims) or len(set(dims)) < len(dims):
        return False
    if not set(dims) <= set(panel.indexes) or not set(names) <= set(panel.data_vars):
        return False
    arrays = [panel.variables[name].data for name in names]
    arrays = [getattr(array, "magnitude", array) for array in arrays]
    return all(_is_plain(panel.indexes[dim]) for dim in dims) and all(
        isinstance(array, np.ndarray) and array.dtype.kind in "fiu" and not np.isinf(array).any()
        for array in arrays
    )


def _is_in_order(places: pd.Index) -> bool:
    return places.dtype.kind in "iu" and places.is_monotonic_increasing


def _is_plain(index: pd.Index) -> bool:
    """Return whether labels are whole numbers or texts, each there once and none of them blank."""
    if isinstance(index, pd.MultiIndex) or not index.is_unique or index.hasnans:
        return False
    if index.dtype.kind in "iu":
        return True
    return all(isinstance(label, str) and label.strip() for label in index)


def _join(panel: xr.Dataset, dims: Sequence[str]) -> pd.MultiIndex:
    if not dims:
        return pd.MultiIndex.from_tuples([("",)], names=[None])
    levels = [panel.indexes[dim] for dim in dims]
    codes = np.indices(tuple(map(len, levels))).reshape(len(levels), -1)
    # Each label stands there once.
    return pd.MultiIndex(levels, list(codes), names=list(dims))  # type: ignore[arg-type]
