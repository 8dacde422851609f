"""Sums of cells: for each total, what each combination of inputs brings to it and the variance of its activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct.errors import UncertaintyError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.uncertainty.draw_model import DrawModel

COLUMNS = 32
_DENSE = 30_000_000  # up to here pairs of total and combination are found by counting, else by sorting


@dataclass(frozen=True)
class Totals:
    """Totals over groups of cells.

    Attributes
    ----------
    dims, labels, place
        Dims, their labels, and the flat position of each total in the array that they span.
    value
        The totals at central values, t.
    start, combination, amount, spread
        The combinations of total i are ``combination[start[i]:start[i + 1]]``, ascending; ``amount`` is what the cells of
        each bring at the mean of their activity, t, and ``spread`` the variance of their activities, t2.
    """

    dims: tuple[str, ...]
    labels: dict[str, np.ndarray]
    place: np.ndarray
    value: np.ndarray
    start: np.ndarray
    combination: np.ndarray
    amount: np.ndarray
    spread: np.ndarray

    @property
    def count(self) -> int:
        """Number of totals."""
        return len(self.place)


def sum_cells(model: DrawModel, by: Sequence[str], weights: np.ndarray | None = None) -> Totals:
    """Return the totals of a model's cells by some dims, with weights if there are any.

    Raises
    ------
    UncertaintyError
        If the model has no such dim, or no cells.
    """
    if unknown := [dim for dim in by if dim not in model.codes]:
        known = ", ".join(model.codes)
        raise UncertaintyError(f"no dim {unknown[0]!r}; {did_you_mean(unknown[0], model.codes) or 'known: ' + known}")
    if not len(model.value):
        raise UncertaintyError("the inventory has no cell with a number; there is nothing to draw")
    flat = np.zeros(len(model.value), np.int64)
    for dim in by:
        flat = flat * len(model.labels[dim]) + model.codes[dim]
    value = model.value if weights is None else model.value * weights
    combinations = len(model.uses)
    key = flat * combinations + model.combination
    size = combinations * int(np.prod([len(model.labels[dim]) for dim in by], dtype=np.int64))
    if size <= _DENSE:
        pairs = np.flatnonzero(np.bincount(key, minlength=size))
        number = np.zeros(size, np.int64)
        number[pairs] = np.arange(len(pairs))
        pair_of = number[key]
    else:
        pairs, pair_of = np.unique(key, return_inverse=True)
    place, start = np.unique(pairs // combinations, return_index=True)
    return Totals(
        tuple(by), {dim: model.labels[dim] for dim in by}, place,
        np.add.reduceat(np.bincount(pair_of, value, len(pairs)), start), np.append(start, len(pairs)), pairs % combinations,
        np.bincount(pair_of, value * model.activity_mean, len(pairs)),
        np.bincount(pair_of, (value * model.activity_sd) ** 2, len(pairs)),
    )  # fmt: skip


def pick_totals(totals: Totals, chosen: np.ndarray) -> Totals:
    """Return some of the totals, in their order."""
    sizes = np.diff(totals.start)
    pairs = np.isin(np.repeat(np.arange(totals.count), sizes), chosen)
    start = np.append(0, np.cumsum(sizes[chosen]))
    return Totals(totals.dims, totals.labels, totals.place[chosen], totals.value[chosen], start, totals.combination[pairs], totals.amount[pairs], totals.spread[pairs])


def unique_columns(totals: Totals) -> tuple[Totals, np.ndarray, np.ndarray]:
    """Reduce totals of one combination each to those that differ in relative terms.

    Returns
    -------
    The different ones at an amount of 1; for each total the number of its own, and its amount.
    """
    alone = np.diff(totals.start) == 1
    if not alone.all():
        return totals, np.arange(totals.count), np.ones(totals.count)
    scale = np.where(totals.amount == 0, 1.0, totals.amount)
    # Rounded, so that cells alike but for the last bit of a quotient are one column.
    relative = np.round(np.where(totals.amount == 0, 0.0, totals.spread / scale**2), 14)
    keys = np.stack([totals.combination.astype(float), relative, (totals.amount == 0).astype(float)], axis=1)
    different, own = np.unique(keys, axis=0, return_inverse=True)
    count = len(different)
    reduced = Totals((), {}, np.arange(count), np.ones(count), np.arange(count + 1), different[:, 0].astype(np.int64), 1 - different[:, 2], different[:, 1])
    return reduced, own.reshape(-1), scale


def iterate_blocks(totals: Totals, size: int) -> Iterator[tuple[slice, np.ndarray, np.ndarray, np.ndarray]]:
    """Yield totals in blocks: their slice, the combinations used, and dense amounts and spreads (column x used).

    The columns of a block are a multiple of ``COLUMNS``, the last ones 0: a product of matrices of one shape adds up in
    one order, so that a total has the same last bit in whatever block it stands.
    """
    for first in range(0, totals.count, size):
        last = min(first + size, totals.count)
        low, high = totals.start[first], totals.start[last]
        used, column = np.unique(totals.combination[low:high], return_inverse=True)
        row = np.repeat(np.arange(last - first), np.diff(totals.start[first : last + 1]))
        columns = -(-(last - first) // COLUMNS) * COLUMNS
        amount, spread = np.zeros((columns, len(used))), np.zeros((columns, len(used)))
        amount[row, column], spread[row, column] = totals.amount[low:high], totals.spread[low:high]
        yield slice(first, last), used, amount, spread


def to_dataset(totals: Totals, columns: Mapping[str, np.ndarray], attrs: Mapping[str, object]) -> xr.Dataset:
    """Spread columns over the dims of totals; NaN where there is no cell."""
    shape = tuple(len(totals.labels[dim]) for dim in totals.dims)
    arrays = {}
    for name, column in columns.items():
        full = np.full(int(np.prod(shape, dtype=np.int64)), np.nan)
        full[totals.place] = column
        arrays[name] = (totals.dims, full.reshape(shape), {"units": "t"})
    return xr.Dataset(arrays, coords=totals.labels, attrs=dict(attrs))
