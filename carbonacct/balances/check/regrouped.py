"""Subtotals that sort the same members otherwise.

农林牧渔专业及辅助性活动 is a branch of 农林牧渔业, and of 第三产业.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.amounts.rounding import find_rounding
from carbonacct.errors import Finding, Gap, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.amounts.parts_tree import Tree

# What services to farming and mining, and repair of machinery, do to each: no other subtotals sort them so.
_MOVED = {"primary_industry": -1, "secondary_industry": -1, "tertiary_industry": 1}
_RELATIVE = 1e-9
_MOST_NAMED = 4

Cell = tuple[int, int, int, int]  # area, year, flow, product


def find_regrouped(balance: EnergyBalance, tree: Tree) -> frozenset[Cell]:
    """Return the sectors of the economy that differ from their branches where all of them together do not.

    Parameters
    ----------
    balance, tree
        The table and the tree of its rows.

    Notes
    -----
    The three sectors of the economy are sorted by kind of activity since 2012 (三次产业划分规定):
    services to farming, mining and machinery are tertiary, and stand among farming and industry in
    the classification by branch. A table of electricity prints both. The tertiary sector has what
    the others lack; nothing is left of it, and no branch is wrong. Mining and manufacturing whose
    numbers are exchanged agree together as well, and are wrong.
    """
    flows = balance.flows
    sectors = [flows.index(one) for one in _MOVED if one in flows]
    sectors = [f for f in sectors if tree.parts.get(f)]
    if len(sectors) < 2:
        return frozenset()
    amounts, rounding = balance.amounts.values, find_rounding(balance)
    sums = np.stack(
        [np.nansum(amounts[:, :, list(tree.parts[f])], axis=2) for f in sectors], axis=2
    )
    terms = np.array([1 + len(tree.parts[f]) for f in sectors])[:, None]
    slack = terms * rounding + _RELATIVE * np.abs(sums)
    beyond = amounts[:, :, sectors] - sums
    sign = np.array([_MOVED[flows[f]] for f in sectors])[:, None]
    moved = (np.abs(beyond.sum(axis=2)) <= slack.sum(axis=2)) & (sign * beyond >= -slack).all(
        axis=2
    )
    differs = np.abs(beyond) > slack
    return frozenset(
        (a, y, sectors[n], p) for a, y, n, p in np.argwhere(differs & moved[:, :, None]).tolist()
    )


def note_regrouped(balance: EnergyBalance, cells: frozenset[Cell]) -> Iterator[Finding]:
    """Say which subtotals hold members that stand elsewhere in the same table."""
    if not cells:
        return
    first = min(cells)
    yield Finding(
        "subtotals-otherwise",
        "info",
        say(
            "{subtotals} hold other members than the rows below them, and together the same: "
            "the members count",
            subtotals=name_some(
                list(dict.fromkeys(balance.flows[f] for _, _, f, _ in sorted(cells))), _MOST_NAMED
            ),
        ),
        balance.locate(*first),
        gaps=tuple(
            Gap(balance.areas[a], balance.years[y], balance.flows[f], balance.products[p], 0.0)
            for a, y, f, p in sorted(cells)
        ),
    )
