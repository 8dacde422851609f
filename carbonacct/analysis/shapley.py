"""Shapley/Sun and the generalised Fisher ideal index: the mean over all orders in which the factors can change."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.analysis.state_changes import Array, Changes, Effects

_MOST_TERMS = 14


def decompose_shapley(changes: Changes) -> Effects:
    """Return additive Shapley/Sun effects.

    Notes
    -----
    Sun (1998), Changes in energy consumption and energy intensity: a complete decomposition model,
    Energy Economics 20, 85-100; Albrecht, François and Schoors (2002), A Shapley decomposition of
    carbon emissions without residuals, Energy Policy 30, 727-736. The two are the same: Ang, Liu
    and Chew (2003), Perfect decomposition techniques in energy and environmental analysis, Energy
    Policy 31, 1561-1566.
    """
    parts: Array = np.zeros_like(changes.before)
    for product, weights in _coalitions(changes):
        parts += product[..., None] * weights
    return parts.sum(axis=1), parts


def decompose_fisher_ratio(changes: Changes) -> Effects:
    """Return generalised Fisher ideal effects as logarithms; with two factors Fisher's ideal index.

    Notes
    -----
    Ang, Liu and Chung (2004), A generalized Fisher index approach to energy decomposition analysis,
    Energy Economics 26, 757-763: the geometric mean over all orders, which is the Shapley value of
    the logarithm.
    """
    effects = np.zeros((len(changes.start), len(changes.factors0)))
    start = changes.start.sum(axis=1)
    for product, weights in _coalitions(changes):
        effects += changes.log_of(product.sum(axis=1), start)[:, None] * weights
    return effects, None


def _coalitions(changes: Changes) -> Iterator[tuple[Array, Array]]:
    """Yield, for each set of factors that have changed, the product of all and the weight of each factor's effect."""
    before, after = changes.before, changes.after
    terms = len(changes.factors0)
    if terms > _MOST_TERMS:
        raise PanelError(
            say(
                "{terms} factors are {cases} orders to average; use lmdi-1, or at most "
                "{most_terms} factors",
                terms=terms,
                cases=2**terms,
                most_terms=_MOST_TERMS,
            )
        )
    for bits in range(2**terms):
        inside = np.array([bits >> k & 1 for k in range(terms)], dtype=bool)
        size = int(inside.sum())
        joins = factorial(size - 1) * factorial(terms - size) / factorial(terms) if size else 0.0
        leaves = (
            factorial(size) * factorial(terms - size - 1) / factorial(terms)
            if size < terms
            else 0.0
        )
        yield (
            np.where(inside, after, before).prod(axis=-1),
            np.where(inside, joins, -leaves),
        )
