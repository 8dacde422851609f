"""Entries of two inventories put side by side where their tables do not go to the same depth.

An entry that the other inventory has as well stands beside it. One that it does not have goes with
the nearest flow and product above it that the other has: industry against its branches, coal
against its kinds. What finds nobody stands alone.
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import pandas as pd

    Pair = tuple[str, str]

CONTEXT = ("area", "year", "sector", "scope", "kind", "gas")


def align(before: pd.DataFrame, after: pd.DataFrame) -> tuple[list[Pair], list[Pair]]:
    """Return for each entry of both sides the flow and product under which it is compared.

    Parameters
    ----------
    before, after
        Entries with the columns ``area, year, sector, scope, kind, gas, flow, product``.

    Examples
    --------
    >>> import pandas as pd
    >>> def entries(*flows):
    ...     same = {"area": "A", "year": 2020, "sector": "energy", "scope": 1, "kind": "emission"}
    ...     same |= {"gas": "CO2", "product": "coke"}
    ...     return pd.DataFrame([{**same, "flow": flow} for flow in flows])
    >>> align(entries("industry"), entries("industry.chemicals", "industry.remainder"))[1]
    [('industry', 'coke'), ('industry', 'coke')]
    """
    sides = [_by_context(side) for side in (before, after)]
    found = []
    for side, own_side, other_side in zip((before, after), sides, reversed(sides), strict=True):
        memo: dict[tuple[object, ...], Pair] = {}
        pairs = []
        for context, pair in _labels(side):
            key = (*context, *pair)
            if key not in memo:
                memo[key] = _represent(pair, own_side[context], other_side.get(context, set()))
            pairs.append(memo[key])
        found.append(pairs)
    return found[0], found[1]


def _labels(side: pd.DataFrame) -> Iterator[tuple[tuple[object, ...], Pair]]:
    columns = [side[name].tolist() for name in (*CONTEXT, "flow", "product")]
    for *context, flow, product in zip(*columns, strict=True):
        yield tuple(context), (str(flow), str(product))


def _by_context(side: pd.DataFrame) -> dict[tuple[object, ...], set[Pair]]:
    held: dict[tuple[object, ...], set[Pair]] = {}
    for context, pair in _labels(side):
        held.setdefault(context, set()).add(pair)
    return held


def _represent(pair: Pair, own_side: Collection[Pair], other_side: Collection[Pair]) -> Pair:
    """Return the pair under which one is compared: itself, or above it what the other side has.

    What is above may have no partner of its own and be compared further up, so this goes on.
    """
    if pair in other_side:
        return pair
    for candidate in _above(pair):
        if candidate in other_side:
            return (
                candidate if candidate in own_side else _represent(candidate, other_side, own_side)
            )
    return pair


def _above(pair: Pair) -> list[Pair]:
    """Return the pairs above a flow and product, nearest first; the product climbs first."""
    flows, products = (_climb(name, known) for name, known in zip(pair, _parents(), strict=True))
    steps = sorted(
        (i + j, i, (flow, product))
        for (i, flow), (j, product) in itertools.product(enumerate(flows), enumerate(products))
    )
    return [candidate for _, _, candidate in steps[1:]]


@cache
def _parents() -> tuple[dict[str, str], dict[str, str]]:
    """Return the parent of each flow, and of each product."""
    return (
        {name: flow.parent for name, flow in vocabulary.flows().items()},
        {name: product.parent for name, product in vocabulary.products().items()},
    )


def _climb(name: str, parents: Mapping[str, str]) -> list[str]:
    """Return a label and all above it; a label that the vocabulary does not have stands alone."""
    return list(climb(name, lambda one: parents.get(one, "")))
