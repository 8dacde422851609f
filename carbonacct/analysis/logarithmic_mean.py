"""The logarithmic mean, and the change of a product shared out to its factors by it, with its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Places = NDArray[np.signedinteger]


def logarithmic_mean(one: ArrayLike, other: ArrayLike) -> Array:
    """Return the logarithmic mean ``(b - a) / ln(b / a)``, elementwise.

    Parameters
    ----------
    one, other
        Numbers of any unit, the same in both.

    Returns
    -------
    numpy.ndarray
        The mean; ``L(a, a) = a``; 0 where either is 0 or the signs differ (the limit at zero).

    Notes
    -----
    Carlson (1972), The logarithmic mean, American Mathematical Monthly 79, 615-618. Both negative:
    ``L(-a, -b) = -L(a, b)``, Ang and Liu (2007), Negative-value problems of the LMDI, Energy Policy
    35, 739-742.

    Examples
    --------
    >>> logarithmic_mean([1.0, 2.0, 0.0, -1.0], [np.e, 2.0, 3.0, -np.e]).round(4).tolist()
    [1.7183, 2.0, 0.0, -1.7183]
    """
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    slope, same_sign = _compare(a, b)
    mean = np.asarray(b - a)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean /= slope
    # L(a, a) = a, where the quotient is 0/0; taken for 0 it would hide effects that offset.
    np.copyto(mean, a, where=slope == 0)
    if same_sign is not None:
        np.copyto(mean, 0.0, where=~same_sign)
    return mean


def log_ratio(one: ArrayLike, other: ArrayLike) -> Array:
    """Return ``ln(b / a)``, exact also where b is near a; 0 where either is 0 or the signs differ."""
    return _compare(np.asarray(one, dtype=float), np.asarray(other, dtype=float))[0]


def _compare(a: Array, b: Array) -> tuple[Array, Mask | None]:
    """Return the logarithm of the ratio, and where both are of one sign and not zero; None if they are everywhere.

    Notes
    -----
    Works in few arrays, each used again: to get fresh memory takes longer than a logarithm.
    """
    less, same_sign = np.asarray(np.minimum(a, b)), None
    least = less.min(initial=np.inf)
    if not least > 0:
        same_sign = np.asarray(less > 0)
        if not least >= 0:
            same_sign |= (a < 0) & (b < 0)
            a, b = np.abs(a), np.abs(b)
            np.minimum(a, b, out=less)
        # These cells have no logarithm: a divisor that does no harm, and below no change.
        np.copyto(less, 1.0, where=~same_sign)
    with np.errstate(over="ignore"):
        # From the smaller one, so that no digit is lost near zero or near one.
        change = np.asarray(b - a)
        if same_sign is not None:
            np.copyto(change, 0.0, where=~same_sign)
        growth = np.asarray(np.abs(change))
        growth /= less
    slope = _log1p(growth, less)
    if not np.isfinite(slope.max(initial=0.0)):  # the quotient is no float, its logarithm is
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = np.abs(np.log(b) - np.log(a))
        np.copyto(slope, apart, where=~np.isfinite(slope))
    return np.asarray(np.copysign(slope, change, out=slope)), same_sign


def _log1p(growth: Array, room: Array) -> Array:
    """Return ``ln(1 + x)`` of numbers that are not negative, to the last digits; what is in the room is lost.

    Notes
    -----
    Kahan's correction of the rounding of 1 + x: numpy's logarithm takes several numbers at a time,
    its ``log1p`` one.
    """
    whole = np.add(growth, 1.0, out=room)
    slope = np.asarray(np.log(whole))
    whole -= 1.0
    is_small = np.asarray(whole == 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        np.divide(growth, whole, out=whole)
        slope *= whole
    if is_small.any():
        np.copyto(slope, growth, where=is_small)
    return slope


def _is_positive(*arrays: Array) -> bool:
    """Return whether no number is negative, as in most tables: then no sign changes."""
    return all(bool(array.min(initial=0.0) >= 0) for array in arrays)


def share_change(
    start: Array,
    end: Array,
    before: Sequence[Array],
    after: Sequence[Array],
    *,
    room: Array | None = None,
) -> tuple[Array, Array]:
    """Share the change of each cell out to its factors by the logarithmic mean, with the limits at zero.

    Parameters
    ----------
    start, end
        Value of each cell before and after (comparison, cell).
    before, after
        Its factors, each (comparison, cell), or (comparison, 1) where all cells have one number.
    room
        An array (comparison, term, cell) that the shares are written into, and are a view of.

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        What each factor contributes (comparison, cell, term), in the unit of the value, and the
        logarithmic mean that weights it (0 in a cell that goes through zero).

    Notes
    -----
    ``L(V0, V1) ln(x1 / x0)``. Where a factor goes to zero or comes from zero it takes the whole
    change and the others have no effect: Ang and Liu (2007), Handling zero values in the LMDI
    approach, Energy Policy 35, 238-246, table 1. Several that reach zero together share it in equal
    parts, the limit for zeros that are approached alike. A factor that changes its sign leads the
    value through zero on the way, so it takes the change before any factor that ends there.
    """
    mean = logarithmic_mean(start, end)
    # The cells of a term lie side by side in memory, as they are added up.
    if room is None:
        room = np.empty((len(start), len(before), start.shape[1]))
    changes = room.transpose(0, 2, 1)
    special = (start == 0) != (end == 0)
    for k, (one, other) in enumerate(zip(before, after, strict=True)):
        slope, same_sign = _compare(one, other)
        np.multiply(mean, slope, out=changes[..., k])
        if same_sign is not None and not _is_positive(one, other):
            special |= _crosses(one, other)
    if special.any():
        row, cell = np.divmod(np.flatnonzero(special), start.shape[1])
        mean[row, cell] = 0.0
        x0, x1 = (np.stack(take_cells(side, row, cell), axis=-1) for side in (before, after))
        whole = (end - start)[row, cell]
        changes[row, cell] = whole[:, None] * _find_takers(x0, x1, end[row, cell] == 0)
    return changes, mean


def take_cells(factors: Sequence[Array], row: Places, cell: Places) -> list[Array]:
    """Return each factor at some cells of some comparisons."""
    flat = {x.shape[1]: row * x.shape[1] + (cell if x.shape[1] > 1 else 0) for x in factors}
    return [x.take(flat[x.shape[1]]) for x in factors]


def _crosses(before: Array, after: Array) -> Mask:
    return np.asarray(((before < 0) & (after > 0)) | ((before > 0) & (after < 0)))


def _find_takers(before: Array, after: Array, ends: Mask) -> Array:
    """Return the shares of the factors (cell, term) in the change of cells that go through zero or end there."""
    crossing = _crosses(before, after)
    gone, came = after == 0, before == 0
    with_value = (gone != came) & (gone == ends[:, None])
    through = crossing.any(axis=1, keepdims=True)
    takers = np.where(through, crossing, with_value).astype(float)
    return np.asarray(takers / np.maximum(takers.sum(axis=1, keepdims=True), 1.0))
