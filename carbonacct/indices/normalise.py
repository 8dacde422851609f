"""Values to scores between 0 and 1: plain functions on float64 arrays of area x year. Absent stays absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.blocks import in_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carbonacct.indices.index_declaration import ScoreRule

    Array = NDArray[np.float64]


def apply_rule(values: Array, rule: ScoreRule, *, more: bool) -> Array:
    """Return the scores of values under a rule, NaN where there is no value or the rule gives none.

    Parameters
    ----------
    values
        area x year, in the unit of the indicator; of a rule of grades or states, the score of the
        word itself.
    rule
        The rule of the indicator.
    more
        Whether a greater value is better.

    Examples
    --------
    >>> from carbonacct.indices.index_declaration import ScoreRule
    >>> apply_rule(np.array([[4.0], [8.0], [np.nan]]), ScoreRule("eu", "ratio", reference=6.0), more=False).ravel()
    array([1.  , 0.75,  nan])
    """
    if rule.kind in {"grades", "states"}:
        return values.copy()
    if rule.transform == "log10":
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.log10(values)  # of zero, below every bound
    if rule.kind == "min-max":
        low, high = (
            np.log10([rule.minimum, rule.maximum])
            if rule.transform
            else np.array([rule.minimum, rule.maximum])
        ).tolist()
        return scale_between(values, low, high, more=more)
    if rule.kind == "group-min-max":
        low, high = _bounds(values, rule.over)
        return scale_between(values, low, high, more=more)
    if rule.kind == "percentile":
        return rank_in_group(values, rule.over, more=more)
    if rule.kind == "ratio":
        return compare_with(values, rule.reference, more=more)
    return award_steps(values, rule.steps, rule.beyond)


def scale_between(values: Array, low: Array | float, high: Array | float, *, more: bool) -> Array:
    """Return how far each value lies from the worse to the better bound, held between 0 and 1.

    Notes
    -----
    I = (x - min) / (max - min), and 1 - I where less is better: OECD/JRC, Handbook on Constructing
    Composite Indicators (2008), step 5, min-max. Bounds that coincide tell nothing apart, and give
    no score.
    """
    span = np.asarray(high, dtype=np.float64) - low
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(span > 0, (values - low) / np.where(span > 0, span, 1.0), np.nan)
    share = np.clip(share, 0.0, 1.0)
    return share if more else 1.0 - share


def rank_in_group(values: Array, over: str, *, more: bool) -> Array:
    """Return the share of the others in the group that a value beats, half of those that it equals.

    Notes
    -----
    With n values in the group: (number beaten + half the number equalled) / (n - 1); alone, no
    score.
    """
    pooled = values.reshape(1, -1) if over == "panel" else values.T
    others = np.sum(~np.isnan(pooled), axis=-1, keepdims=True) - 1.0
    beaten, better = count_greater(-pooled), count_greater(pooled)
    beaten, better = (beaten, better) if more else (better, beaten)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = np.where(others > 0, (others + beaten - better) / (2 * others), np.nan)
    return scores.reshape(values.shape) if over == "panel" else scores.T


def count_greater(values: Array) -> Array:
    """Return how many others along the last axis are greater than each value; NaN counts for nothing and has no count.

    Examples
    --------
    >>> count_greater(np.array([0.5, 0.7, np.nan, 0.5]))
    array([ 1.,  0., nan,  1.])
    """
    rows = values.reshape(-1, values.shape[-1])
    counts = np.empty(rows.shape)

    def count(block: slice) -> None:
        part = rows[block]
        # Equals may stand in any order, since they have one count.
        order = np.argsort(-part, axis=1)
        order += part.shape[1] * np.arange(len(part))[:, None]
        ordered = part.take(order)
        starts = np.ones(part.shape, dtype=bool)
        np.not_equal(ordered[:, 1:], ordered[:, :-1], out=starts[:, 1:])
        before = np.where(starts, np.arange(part.shape[1]), 0)
        np.maximum.accumulate(before, axis=-1, out=before)
        counts[block].put(order, before)
        np.copyto(counts[block], np.nan, where=np.isnan(part))

    in_blocks(count, rows.shape)
    return counts.reshape(values.shape)


def compare_with(values: Array, reference: float, *, more: bool) -> Array:
    """Return the ratio to a target or benchmark, 1 where it is reached.

    Notes
    -----
    min(1, x / r), and min(1, r / x) where less is better: distance to a reference in step 5 of the
    handbook.
    """
    return (
        np.clip(values / reference, 0.0, 1.0) if more else reference / np.maximum(values, reference)
    )


def award_steps(values: Array, steps: tuple[tuple[float, float], ...], beyond: float) -> Array:
    """Return the points of a table of steps: those of the first bound that a value does not exceed."""
    bounds = np.array([bound for bound, _ in steps])
    points = np.array([*(score for _, score in steps), beyond])
    scores = points[np.searchsorted(bounds, values, side="left")]
    return np.where(np.isnan(values), np.nan, scores)


def _bounds(values: Array, over: str) -> tuple[Array, Array]:
    """Return the least and the greatest value of each group, NaN where it is empty."""
    axis = None if over == "panel" else 0
    low = np.min(values, axis=axis, initial=np.inf, where=~np.isnan(values), keepdims=True)
    high = np.max(values, axis=axis, initial=-np.inf, where=~np.isnan(values), keepdims=True)
    return np.where(np.isinf(low), np.nan, low), np.where(np.isinf(high), np.nan, high)
