"""How the scores of parts become the score of a node: the weighted mean, arithmetic or geometric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from carbonacct.indices.index_declaration import Index

    Array = NDArray[np.float64]

AGGREGATIONS = ("arithmetic", "geometric")


def join_parts(scores: Array, weights: Array, aggregation: str) -> Array:
    """Return the weighted mean of scores along the last axis.

    An absent part has no weight, and parts without weight no mean.

    Parameters
    ----------
    scores
        NaN where absent.
    weights
        Of the same shape, or one that broadcasts; what there is of them is brought to one.
    aggregation
        ``"arithmetic"`` or ``"geometric"``.

    Notes
    -----
    Arithmetic: sum(w s) / sum(w); geometric: (prod s^w)^(1 / sum(w)), zero where a part with weight
    is zero. OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6: in a sum a part
    that does well makes good for one that does badly in full, in a product only in part.

    Examples
    --------
    >>> scores, weights = np.array([0.0, 1.0, np.nan]), np.array([0.25, 0.25, 0.5])
    >>> [float(join_parts(scores, weights, how)) for how in AGGREGATIONS]
    [0.5, 0.0]
    """
    there = ~np.isnan(scores)
    used = np.where(there, weights, 0.0)
    whole = used.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        if aggregation == "geometric":
            joined = np.where(there, scores, 1.0) ** used
            return np.where(whole > 0, joined.prod(axis=-1) ** (1 / whole), np.nan)
        return np.asarray(np.sum(np.where(there, scores, 0.0) * used, axis=-1) / whole)


def combine_draws(index: Index, parent: str, scores: Mapping[str, Array], weights: Array) -> Array:
    """Return the score of a node in each draw, the weights of those that are there scaled up: draw x area x year.

    Parameters
    ----------
    parent
        The node; ``""`` for the index itself.
    scores
        Of each leaf, draw x area x year, or 1 x area x year where no draw changes them.
    weights
        Within the nodes: draw x indicator.
    """
    parts = [
        (position, part) for position, part in enumerate(index.indicators) if part.parent == parent
    ]
    held = [
        scores[part.id] if part.leaf else combine_draws(index, part.id, scores, weights)
        for _, part in parts
    ]
    shares = weights[:, [position for position, _ in parts]][:, None, None, :]
    return join_parts(
        np.stack(np.broadcast_arrays(*held), axis=-1), shares, index.aggregation_of(parent)
    )
