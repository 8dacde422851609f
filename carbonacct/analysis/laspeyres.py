"""Laspeyres and Marshall-Edgeworth: one factor changes, the others stay; a residual is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from carbonacct.analysis.state_changes import Array, Changes, Effects


def _with_one(held: Array, moved: Array) -> Array:
    """Return the product of the held factors with each in turn replaced by the moved one."""
    terms = held.shape[-1]
    return np.stack(
        [moved[..., k] * np.prod(np.delete(held, k, axis=-1), axis=-1) for k in range(terms)],
        axis=-1,
    )


def decompose_laspeyres(changes: Changes) -> Effects:
    """Return additive Laspeyres effects: each factor moves, the others stay as they were.

    Notes
    -----
    Ang and Zhang (2000), A survey of index decomposition analysis in energy and environmental
    studies, Energy 25, 1149-1176.
    """
    parts = _with_one(changes.before, changes.after) - changes.start[..., None]
    return parts.sum(axis=1), parts


def decompose_laspeyres_ratio(changes: Changes) -> Effects:
    """Return multiplicative Laspeyres effects as logarithms."""
    moved = _with_one(changes.before, changes.after).sum(axis=1)
    return changes.log_of(moved, changes.start.sum(axis=1)[:, None]), None


def decompose_marshall_edgeworth(changes: Changes) -> Effects:
    """Return additive Marshall-Edgeworth effects: the others stay at the mean of before and after.

    Notes
    -----
    Ang and Zhang (2000), Energy 25, 1149-1176. Exact for two factors.
    """
    forward = _with_one(changes.before, changes.after) - changes.start[..., None]
    backward = changes.end[..., None] - _with_one(changes.after, changes.before)
    parts = (forward + backward) / 2
    return parts.sum(axis=1), parts


def decompose_marshall_edgeworth_ratio(changes: Changes) -> Effects:
    """Return multiplicative Marshall-Edgeworth effects as logarithms."""
    over = (_with_one(changes.before, changes.after) + changes.end[..., None]).sum(axis=1)
    under = (_with_one(changes.after, changes.before) + changes.start[..., None]).sum(axis=1)
    return changes.log_of(over, under), None
