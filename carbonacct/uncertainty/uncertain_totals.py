"""Sums of cells: for each total, what each combination of inputs brings to it and the variance of its activities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct.errors import UncertaintyError, did_you_mean
from carbonacct.texts import as_typed, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.uncertainty.draw_model import DrawModel

COLUMNS = 32
_DENSE = (
    30_000_000  # up to here pairs of total and combination are found by counting, else by sorting
)


@dataclass(frozen=True)
class Totals:
    """Totals over groups of cells.

    Attributes
    ----------
    dims, labels, place
        Dims, their labels, and the flat position of each total in the array that they span.
    value
        The totals at central values, t.
    start, combination, amount
        The combinations of total i are ``combination[start[i]:start[i + 1]]``, ascending;
        ``amount`` is what the cells of each bring at the mean of their activity, t.
    noise_start, left, right, spread
        The variance of activities in the same way, t2: ``spread`` goes with the product of the
        factors of two combinations, ``left`` and ``right``, which are the same one but for cells of
        several gases with one activity.
    """

    dims: tuple[str, ...]
    labels: dict[str, np.ndarray]
    place: np.ndarray
    value: np.ndarray
    start: np.ndarray
    combination: np.ndarray
    amount: np.ndarray
    noise_start: np.ndarray
    left: np.ndarray
    right: np.ndarray
    spread: np.ndarray

    @property
    def count(self) -> int:
        """Number of totals."""
        return len(self.place)


@dataclass(frozen=True)
class TotalsBlock:
    """Totals as dense matrices: amounts (column x ``used``), spreads (column x pair of ``left`` and ``right``)."""

    where: slice
    used: np.ndarray
    amount: np.ndarray
    left: np.ndarray
    right: np.ndarray
    spread: np.ndarray


def sum_cells(model: DrawModel, by: Sequence[str], weights: np.ndarray | None = None) -> Totals:
    """Return the totals of a model's cells by some dims, with weights if there are any.

    Raises
    ------
    UncertaintyError
        If the model has no such dim, or no cells.
    """
    if unknown := [dim for dim in by if dim not in model.codes]:
        known = as_typed(model.codes)
        raise UncertaintyError(
            say(
                "no dim {unknown!r}; {near}",
                unknown=unknown[0],
                near=did_you_mean(unknown[0], model.codes) or say("known: {known}", known=known),
            )
        )
    if not len(model.value):
        raise UncertaintyError(
            say("the inventory has no cell with a number; there is nothing to draw")
        )
    flat = np.zeros(len(model.value), np.int64)
    for dim in by:
        flat = flat * len(model.labels[dim]) + model.codes[dim]
    value = model.value if weights is None else model.value * weights
    combinations = len(model.uses)
    totals = int(np.prod([len(model.labels[dim]) for dim in by], dtype=np.int64))
    pairs, pair_of = _find_unique(flat * combinations + model.combination, totals * combinations)
    place, start = np.unique(pairs // combinations, return_index=True)
    combination = pairs % combinations
    parts = (
        tuple(by),
        {dim: model.labels[dim] for dim in by},
        place,
        np.add.reduceat(np.bincount(pair_of, value, len(pairs)), start),
        np.append(start, len(pairs)),
        combination,
        np.bincount(pair_of, value * model.activity_mean, len(pairs)),
    )
    spread = value * model.activity_sd
    if len(model.labels.get("gas", ())) < 2:
        return Totals(
            *parts, parts[4], combination, combination, np.bincount(pair_of, spread**2, len(pairs))
        )
    group, left, right, covariance = _pair_noise(model, flat, spread)
    noises, noise_of = _find_unique(
        (group * combinations + left) * combinations + right, totals * combinations**2
    )
    noise_start = np.searchsorted(noises // combinations**2, np.append(place, totals))
    return Totals(
        *parts,
        noise_start,
        noises // combinations % combinations,
        noises % combinations,
        np.bincount(noise_of, covariance, len(noises)),
    )


def _find_unique(keys: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the different keys, ascending, and for each key the number of its own."""
    if size > _DENSE:
        return np.unique(keys, return_inverse=True)
    different = np.flatnonzero(np.bincount(keys, minlength=size))
    number = np.zeros(size, np.int64)
    number[different] = np.arange(len(different))
    return different, number[keys]


def _pair_noise(
    model: DrawModel, flat: np.ndarray, spread: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return total, two combinations and covariance of each pair of cells with one activity in one total."""
    parts = [(flat, model.combination, model.combination, spread**2)]
    order = np.lexsort((model.combination, model.activity, flat))
    for step in range(1, len(model.labels["gas"])):
        first, second = order[:-step], order[step:]
        same = (flat[first] == flat[second]) & (model.activity[first] == model.activity[second])
        first, second = first[same], second[same]
        parts.append(
            (
                flat[first],
                model.combination[first],
                model.combination[second],
                2 * spread[first] * spread[second],
            )
        )
    group, left, right, covariance = (np.concatenate(column) for column in zip(*parts, strict=True))
    return group, left.astype(np.int64), right.astype(np.int64), covariance


def pick_totals(totals: Totals, chosen: np.ndarray) -> Totals:
    """Return some of the totals, chosen by ascending position."""
    start, pairs = _pick(totals.start, chosen)
    noise_start, noises = _pick(totals.noise_start, chosen)
    return Totals(
        dims=totals.dims,
        labels=totals.labels,
        place=totals.place[chosen],
        value=totals.value[chosen],
        start=start,
        combination=totals.combination[pairs],
        amount=totals.amount[pairs],
        noise_start=noise_start,
        left=totals.left[noises],
        right=totals.right[noises],
        spread=totals.spread[noises],
    )


def _pick(start: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    sizes = np.diff(start)
    return np.append(0, np.cumsum(sizes[chosen])), np.isin(
        np.repeat(np.arange(len(sizes)), sizes), chosen
    )


def unique_columns(totals: Totals) -> tuple[Totals, np.ndarray, np.ndarray]:
    """Reduce totals to those that differ in relative terms: a fuel's cells in all places have one distribution.

    Returns
    -------
    The different ones, with a first amount of 1; for each total the number of its own, and its
    first amount.
    """
    first = totals.amount[totals.start[:-1]]
    scale = np.where(first == 0, 1.0, first)
    # Rounded, so that totals alike but for the last bits of a quotient are one.
    amount = np.round(totals.amount / np.repeat(scale, np.diff(totals.start)), 13)
    spread = np.round(totals.spread / np.repeat(scale**2, np.diff(totals.noise_start)), 13)
    key = np.add.reduceat(_hash(totals.combination, totals.combination, amount), totals.start[:-1])
    key += np.add.reduceat(_hash(totals.left, totals.right + 1, spread), totals.noise_start[:-1])
    _, chosen, own = np.unique(key, return_index=True, return_inverse=True)
    if 2 * len(chosen) > totals.count:
        return totals, np.arange(totals.count), np.ones(totals.count)
    order = np.argsort(chosen)
    return (
        pick_totals(replace(totals, amount=amount, spread=spread), chosen[order]),
        np.argsort(order)[own],
        scale,
    )


def _hash(left: np.ndarray, right: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Return 64 bits of two whole numbers and a float (the finaliser of splitmix64); sums of them tell sets apart."""
    bits = (left.astype(np.uint64) << np.uint64(32)) ^ right.astype(np.uint64)
    for part in (np.uint64(0), (number + 0.0).view(np.uint64)):
        bits = (bits ^ part) * np.uint64(0x9E3779B97F4A7C15)
        bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        bits ^= bits >> np.uint64(27)
    return bits


def iterate_blocks(totals: Totals, size: int) -> Iterator[TotalsBlock]:
    """Yield totals in blocks of dense matrices.

    The columns of a block are a multiple of ``COLUMNS``, the last ones 0: a product of matrices of
    one shape adds up in one order, so that a total has the same last bit in whatever block it
    stands.
    """
    for first in range(0, totals.count, size):
        last = min(first + size, totals.count)
        columns = -(-(last - first) // COLUMNS) * COLUMNS
        low, high = totals.start[first], totals.start[last]
        used, column = np.unique(totals.combination[low:high], return_inverse=True)
        amount = np.zeros((columns, len(used)))
        amount[
            np.repeat(np.arange(last - first), np.diff(totals.start[first : last + 1])), column
        ] = totals.amount[low:high]
        low, high = totals.noise_start[first], totals.noise_start[last]
        both, column = np.unique(
            np.stack([totals.left[low:high], totals.right[low:high]]), axis=1, return_inverse=True
        )
        spread = np.zeros((columns, both.shape[1]))
        spread[
            np.repeat(np.arange(last - first), np.diff(totals.noise_start[first : last + 1])),
            column.reshape(-1),
        ] = totals.spread[low:high]
        yield TotalsBlock(slice(first, last), used, amount, both[0], both[1], spread)


def to_dataset(
    totals: Totals, columns: Mapping[str, np.ndarray], attrs: Mapping[str, object]
) -> xr.Dataset:
    """Spread columns over the dims of totals; NaN where there is no cell."""
    shape = tuple(len(totals.labels[dim]) for dim in totals.dims)
    arrays = {}
    for name, column in columns.items():
        full = np.full(int(np.prod(shape, dtype=np.int64)), np.nan)
        full[totals.place] = column
        arrays[name] = (totals.dims, full.reshape(shape), {"units": "t"})
    return xr.Dataset(arrays, coords=totals.labels, attrs=dict(attrs))
