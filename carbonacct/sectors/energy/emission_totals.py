"""Sums of emissions over some dims, in blocks of areas: memory does not grow with the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct.blocks import in_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

_MANY = 0.1  # of the sums of a block


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
    Products are added in their order, then flows, years and areas: a panel in pieces, or with more
    labels that have no number, gives the same digits.
    """
    total, dims = add_up_values(emissions.values, [str(dim) for dim in emissions.dims], over)
    coords = {
        name: coord for name, coord in emissions.coords.items() if set(coord.dims) <= set(dims)
    }
    return xr.DataArray(total, dims=dims, coords=coords)


def add_up_values(
    values: np.ndarray, dims: Sequence[str], over: Sequence[str]
) -> tuple[np.ndarray, list[str]]:
    """Return the sums of :func:`add_up` of an array without labels, area its first dim, and the dims that are left."""
    inner = tuple(i for i, dim in enumerate(dims) if dim in over and dim != "area")
    total = np.concatenate(in_blocks(lambda areas: _sum(values[areas], inner), values.shape))
    left = [dim for i, dim in enumerate(dims) if i not in inner]
    return (_sum(total, (0,)), left[1:]) if "area" in over else (total, left)


def add_products(emissions: xr.DataArray) -> np.ndarray:
    """Return the direct emissions of an inventory added over the products (gas, area, year, flow).

    Parameters
    ----------
    emissions
        Of an inventory (area, year, flow, product, gas), NaN where there is no number.

    Notes
    -----
    The order is that of :func:`add_up`: one product after another is added to all cells of a block.
    """
    values = emissions.values
    *outer, products, gases = values.shape
    total = np.empty((gases, *outer))

    def add(areas: slice) -> None:
        rows = values[areas].reshape(-1, products * gases)
        cells = rows.reshape(-1, products, gases)
        held, part = np.zeros((gases, len(rows))), np.empty((gases, len(rows)))
        is_negative = bool(rows.size) and bool(np.fmin.reduce(rows, axis=None) < 0)
        for p in range(products):
            held += np.fmax(cells[:, p].T, 0.0, out=part)
            if is_negative:
                held += np.fmin(cells[:, p].T, 0.0, out=part)
        # A sum of 0 is nothing where no product has a number; of few such sums only their own cells
        # are looked at.
        nothing = held == 0
        if np.count_nonzero(nothing) > _MANY * nothing.size:
            for p in range(products):
                nothing &= np.isnan(cells[:, p]).T
            np.putmask(held, nothing, np.nan)
        else:
            gas, row = np.divmod(np.flatnonzero(nothing), len(cells))
            lacking = np.isnan(cells[row, :, gas]).all(axis=1)
            held[gas[lacking], row[lacking]] = np.nan
        total[:, areas] = held.reshape(total[:, areas].shape)

    # In blocks of half the size: a line of the cache holds several products of a cell.
    in_blocks(add, (*values.shape, 2))
    return total


def _without_nan(values: np.ndarray) -> np.ndarray:
    """Return the values with 0 where there is no number, without a branch for each cell."""
    numbers: np.ndarray = np.fmax(values, 0.0)
    if values.size and np.fmin.reduce(values, axis=None) < 0:
        numbers += np.fmin(values, 0.0)
    return numbers


def _sum(values: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """Add up along some axes, the last first, one after another: what has no number changes no digit."""
    total = _without_nan(values)
    for axis in reversed(axes):
        parts = np.ascontiguousarray(np.moveaxis(total, axis, 0))
        total = np.zeros(parts.shape[1:])
        for part in parts:
            total += part
    if not total.all():
        total[np.isnan(values).all(axis=axes)] = np.nan
    return total
