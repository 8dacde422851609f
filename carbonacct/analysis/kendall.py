"""Kendall's S and its variance, for many series at once: arrays of shape (series, year), NaN where there is no number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from carbonacct.analysis.series import Floats


def score_pairs(values: Floats) -> Floats:
    """Return S of each series: the number of pairs of years that rise less those that fall."""
    score = np.zeros(len(values))
    for lag in range(1, values.shape[1]):
        later, earlier = values[:, lag:], values[:, :-lag]
        score += (later > earlier).sum(axis=1)
        score -= (later < earlier).sum(axis=1)
    return score


def vary_score(values: Floats) -> Floats:
    """Return the variance of S where there is no trend, less what ties take from it.

    Notes
    -----
    (n (n-1) (2n+5) - sum t (t-1) (2t+5)) / 18 over the groups of t equal values: Kendall, Rank
    Correlation Methods (1975), ch. 4. In order of size a group of t has t - k pairs at distance k,
    and t (t-1) (2t+5) is the sum of (t - k) (12k + 6).
    """
    count = np.isfinite(values).sum(axis=1)
    ordered = np.sort(values, axis=1)
    ties = np.zeros(len(values))
    for lag in range(1, values.shape[1]):
        equal = (ordered[:, lag:] == ordered[:, :-lag]).sum(axis=1)
        if not equal.any():
            break
        ties += (12 * lag + 6) * equal
    return np.asarray((count * (count - 1) * (2 * count + 5) - ties) / 18)
