"""The logarithmic mean, and the change of a product shared out to its factors by it, with its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]


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
    slope = log_ratio(a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(slope == 0, a, (b - a) / slope)
    return np.where(_same_sign(a, b), mean, 0.0)


def log_ratio(one: ArrayLike, other: ArrayLike) -> Array:
    """Return ``ln(b / a)``, exact also where b is near a; 0 where either is 0 or the signs differ."""
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    same = _same_sign(a, b)
    start, end = np.where(same, np.abs(a), 1.0), np.where(same, np.abs(b), 1.0)
    less, more = np.minimum(start, end), np.maximum(start, end)
    with np.errstate(over="ignore"):
        # From the smaller one, so that no digit is lost near zero or near one.
        slope = _log1p((more - less) / less)
    if not np.isfinite(slope).all():  # the quotient is no float, its logarithm is
        slope = np.where(np.isfinite(slope), slope, np.log(more) - np.log(less))
    return np.asarray(np.copysign(slope, end - start))


def _log1p(growth: Array) -> Array:
    """Return ``ln(1 + x)`` of numbers that are not negative, to the last digits.

    Notes
    -----
    Kahan's correction of the rounding of 1 + x: numpy's logarithm takes several numbers at a time,
    its ``log1p`` one.
    """
    whole = 1.0 + growth
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.log(whole) * (growth / (whole - 1.0))
    return np.where(whole == 1.0, growth, slope)


def _same_sign(a: Array, b: Array) -> Mask:
    same = (a > 0) & (b > 0)
    return np.asarray(same if _is_positive(a, b) else same | ((a < 0) & (b < 0)))


def _is_positive(*arrays: Array) -> bool:
    """Return whether no number is negative, as in most tables: then no sign changes."""
    return all(bool(array.min(initial=0.0) >= 0) for array in arrays)


def share_change(start: Array, end: Array, before: Array, after: Array) -> tuple[Array, Array]:
    """Share the change of each cell out to its factors by the logarithmic mean, with the limits at zero.

    Parameters
    ----------
    start, end
        Value of each cell before and after.
    before, after
        Its factors, on one more axis at the end.

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        What each factor contributes, in the unit of the value, and the logarithmic mean that
        weights it (0 in a cell that goes through zero).

    Notes
    -----
    ``L(V0, V1) ln(x1 / x0)``. Where a factor goes to zero or comes from zero it takes the whole
    change and the others have no effect: Ang and Liu (2007), Handling zero values in the LMDI
    approach, Energy Policy 35, 238-246, table 1. Several that reach zero together share it in equal
    parts, the limit for zeros that are approached alike. A factor that changes its sign leads the
    value through zero on the way, so it takes the change before any factor that ends there.
    """
    mean = logarithmic_mean(start, end)
    changes = mean[..., None] * log_ratio(before, after)
    if _is_positive(before, after):
        crossing = np.zeros((*mean.shape, 1), dtype=bool)
    else:
        crossing = ((before < 0) & (after > 0)) | ((before > 0) & (after < 0))
    through = np.asarray(crossing.any(axis=-1))
    special = np.asarray(through | ((start == 0) != (end == 0)))
    if special.any():
        mean = np.where(special, 0.0, mean)
        gone, came = after[special] == 0, before[special] == 0
        with_value = (gone != came) & (gone == (end == 0)[special][:, None])
        takers = np.asarray(
            np.where(through[special][:, None], crossing[special], with_value), dtype=float
        )
        takers /= np.maximum(takers.sum(axis=-1, keepdims=True), 1.0)
        changes[special] = (end - start)[special][:, None] * takers
    return changes, mean
