"""Kendall's S and its variance, of many series at once: arrays of shape (series, year), NaN without a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.blocks import in_blocks

if TYPE_CHECKING:
    from carbonacct.analysis.series import Floats

_ARRAYS = 8  # of the size of the series are at work at once


def score_pairs(values: Floats) -> Floats:
    """Return S of each series: the number of pairs of years that rise less those that fall."""
    score = np.zeros(len(values))

    def count(rows: slice) -> None:
        years = np.ascontiguousarray(values[rows].T)  # the many series lie side by side
        for lag in range(1, len(years)):
            later, earlier = years[lag:], years[:-lag]
            score[rows] += np.count_nonzero(later > earlier, axis=0)
            score[rows] -= np.count_nonzero(later < earlier, axis=0)

    in_blocks(count, (*values.shape, _ARRAYS))
    return score


def vary_score(values: Floats) -> Floats:
    """Return the variance of S where there is no trend, less what ties take from it.

    Notes
    -----
    (n (n-1) (2n+5) - sum t (t-1) (2t+5)) / 18 over the groups of t equal values: Kendall, Rank
    Correlation Methods (1975), ch. 4. In order of size a group of t has t - k pairs at distance k,
    and t (t-1) (2t+5) is the sum of (t - k) (12k + 6).
    """
    ties, count = np.zeros(len(values)), np.zeros(len(values), dtype=np.int64)

    def find(rows: slice) -> None:
        ordered = np.ascontiguousarray(np.sort(values[rows], axis=1).T)
        count[rows] = np.count_nonzero(np.isfinite(ordered), axis=0)
        # A group of t ties holds t - lag pairs at each lag: weighted, they sum to t (t - 1) (2 t + 5).
        for lag in range(1, len(ordered)):
            equal = np.count_nonzero(ordered[lag:] == ordered[:-lag], axis=0)
            if not equal.any():
                break
            ties[rows] += (12 * lag + 6) * equal

    in_blocks(find, (*values.shape, _ARRAYS))
    return np.asarray((count * (count - 1) * (2 * count + 5) - ties) / 18)
