"""Subtotals that sort the same members otherwise: 农林牧渔专业及辅助性活动 is a branch of 农林牧渔业, and of 第三产业."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.rounding import find_rounding
from carbonacct.errors import Finding, Gap, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.amounts.parts_tree import Tree

_RELATIVE = 1e-9
_MOST_NAMED = 4

Cell = tuple[int, int, int, int]  # area, year, flow, product


def find_regrouped(balance: EnergyBalance, tree: Tree) -> frozenset[Cell]:
    """Return the subtotals that differ from their members where all subtotals of their row together do not.

    Parameters
    ----------
    balance, tree
        The table and the tree of its rows.

    Notes
    -----
    The three sectors of the economy are sorted by kind of activity since 2012 (三次产业划分规定):
    services to farming, mining and machinery are tertiary, and stand among farming and industry in
    the classification by branch. A table of electricity prints both. Nothing is left of such
    subtotals, and none of their members is wrong.
    """
    flows, known = balance.flows, vocabulary.flows()
    by_row: dict[str, list[int]] = {}
    for f in sorted(tree.groups - tree.wholes):
        if tree.parts.get(f):
            by_row.setdefault(known[flows[f]].parent, []).append(f)
    amounts, rounding = balance.amounts.values, find_rounding(balance)
    found: set[Cell] = set()
    for subtotals in by_row.values():
        if len(subtotals) < 2 or any(
            {*tree.parts[one]} & {*tree.parts[other]} for one, other in combinations(subtotals, 2)
        ):
            continue
        printed = amounts[:, :, subtotals]
        sums = np.stack(
            [np.nansum(amounts[:, :, list(tree.parts[f])], axis=2) for f in subtotals], axis=2
        )
        terms = np.array([1 + len(tree.parts[f]) for f in subtotals])[:, None]
        slack = terms * rounding + _RELATIVE * np.abs(sums)
        differs = np.abs(printed - sums) > slack
        whole = np.abs((printed - sums).sum(axis=2)) <= slack.sum(axis=2)
        for a, y, n, p in np.argwhere(differs & whole[:, :, None]).tolist():
            found.add((a, y, subtotals[n], p))
    return frozenset(found)


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
