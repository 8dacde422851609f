"""Whole grams: sums over any grouping close exactly, which sums of floats do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Grams = NDArray[np.int64]

PER_TONNE = 1_000_000


def to_grams(tonnes: ArrayLike) -> Grams:
    """Return tonnes as whole grams; what has no number is 0.

    Examples
    --------
    >>> to_grams([1.5, float("nan"), -0.0000004]).tolist()
    [1500000, 0, 0]
    """
    held = np.asarray(tonnes, np.float64)
    return np.rint(np.nan_to_num(held) * PER_TONNE).astype(np.int64)


def share_out(total: Grams, parts: ArrayLike) -> Grams:
    """Return parts in whole grams that add up to a total: what rounding leaves goes to the largest.

    Parameters
    ----------
    total
        Whole grams by row.
    parts
        Grams by row and part, which add up to the total but for rounding.

    Examples
    --------
    >>> share_out(np.array([100]), [[33.4, 33.3, 33.3]]).tolist()
    [[34, 33, 33]]
    """
    held = np.nan_to_num(np.asarray(parts, np.float64))
    whole = np.rint(held).astype(np.int64)
    if whole.shape[1]:
        largest = np.abs(held).argmax(axis=1)
        rows = np.arange(len(whole))
        whole[rows, largest] += total - whole.sum(axis=1)
    return whole
