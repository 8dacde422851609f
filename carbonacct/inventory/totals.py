"""Sums of emissions over some dims, in blocks of areas: memory does not grow with the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    from collections.abc import Sequence

_CELLS = 1 << 17  # of a block: a megabyte stays in a core's cache


def select_scope(emissions: xr.DataArray, scope: int) -> xr.DataArray:
    """Return the products of a scope; a view where they stand side by side."""
    columns = np.flatnonzero(emissions["scope"].values == scope)
    together = len(columns) and columns[-1] - columns[0] + 1 == len(columns)
    return emissions.isel(product=slice(int(columns[0]), int(columns[-1]) + 1) if together else columns).drop_vars("scope")


def add_up(emissions: xr.DataArray, over: Sequence[str]) -> xr.DataArray:
    """Return the sums of an array (area, year, flow, product) over some dims; over nothing it is nothing.

    Parameters
    ----------
    emissions
        In any unit, NaN where there is no number.
    over
        The dims that go.

    Notes
    -----
    Products are added in their order, then flows, years and areas: a panel in pieces, or with more labels that have no
    number, gives the same digits.
    """
    values = emissions.values
    inner = tuple(i for i, dim in enumerate(emissions.dims) if dim in over and dim != "area")
    step = max(1, _CELLS // max(1, values[:1].size))
    blocks = [_sum(values[start : start + step], inner) for start in range(0, max(1, len(values)), step)]
    total = np.concatenate(blocks)
    dims = [dim for i, dim in enumerate(emissions.dims) if i not in inner]
    if "area" in over:
        total, dims = _sum(total, (0,)), dims[1:]
    coords = {name: coord for name, coord in emissions.coords.items() if set(coord.dims) <= set(dims)}
    return xr.DataArray(total, dims=dims, coords=coords)


def _sum(values: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """Add up along some axes, the last first, one after another: what has no number changes no digit."""
    # NaN as 0, without a branch for each cell: one of the two is the number, the other is 0.
    total: np.ndarray = np.fmax(values, 0.0)
    total += np.fmin(values, 0.0)
    for axis in reversed(axes):
        parts = np.moveaxis(total, axis, 0)
        total = np.zeros(parts.shape[1:])
        for part in parts:
            total += part
    if not total.all():
        total[np.isnan(values).all(axis=axes)] = np.nan
    return total
