"""Which cells of a table count, each amount once: the finest flows and products that have a number."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import (
    adds_up,
    can_add_up,
    find_included,
    find_wholes,
)
from carbonacct.blocks import in_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.balances import EnergyBalance

# What for and not by whom: a method takes them out of industry.
_PURPOSES = frozenset({"feedstock", "enterprise_vehicles"})


def find_finest_cells(balance: EnergyBalance, number: np.ndarray | None = None) -> np.ndarray:
    """Return the cells that count: the finest flows and products that have a number, each amount once.

    Parameters
    ----------
    balance
        The table.
    number
        Where it has a number, if not as read.

    Returns
    -------
    ndarray
        bool (area, year, flow, product). A flow counts where no flow of which it is the sum has a
        number. A total of products counts where none of its products has one, in its own row or in
        the rows above and below it. A printed group of flows (an industry block) counts where its
        members have none, a row of users that is included in another where that has none.
    """
    number = find_numbers(balance.amounts.values) if number is None else number
    leaf = find_finest_products(balance, number, above_and_below=True)
    for row, counts in _find_finest_flows(balance, number).items():
        leaf[:, :, row] &= counts
    for row, holders in find_users_included(balance).items():
        leaf[:, :, row] &= ~number[:, :, holders].any(axis=2)
    return leaf


def find_users_included(balance: EnergyBalance) -> dict[int, list[int]]:
    """Return the rows of users that others of the table hold, each with those; rows of purposes apart."""
    return {
        row: holders
        for row, holders in find_included(balance).items()
        if balance.flows[row] not in _PURPOSES
    }


def find_numbers(amounts: np.ndarray) -> np.ndarray:
    """Return where there is a number."""
    number = np.empty(amounts.shape, bool)
    in_blocks(
        lambda areas: np.equal(amounts[areas], amounts[areas], out=number[areas]), amounts.shape
    )  # NaN is not itself
    return number


def _find_finest_flows(balance: EnergyBalance, number: np.ndarray) -> dict[int, np.ndarray]:
    """Return where the rows count (area, year, product) of which others are parts.

    The other rows count wherever they have a number.
    """
    flows = balance.flows
    position = {flow: i for i, flow in enumerate(flows)}
    covered: dict[int, np.ndarray] = {}
    known = vocabulary.flows()
    group_counts = _groups_that_count(balance, number)
    for flow in sorted(flows, key=lambda f: -_depth(f, balance.parents)):  # the finest first
        ancestor = vocabulary.parent_of(flow, balance.parents)
        # Only what adds up to a row hides it: feedstock within industry, or irrigation within
        # farming, leaves the row as it is. The nearest printed row is enough, as it passes on what
        # it covers.
        while ancestor and (known[flow].part == "sum" or flow in group_counts):
            if ancestor in position:
                own, above = position[flow], position[ancestor]
                held = group_counts.get(flow, number[:, :, own])
                if own in covered and flow not in group_counts:
                    held = held | covered[own]
                covered[above] = covered[above] | held if above in covered else held
                break
            if known[ancestor].part != "sum":
                break
            ancestor = vocabulary.parent_of(ancestor, balance.parents)
    counts = {row: ~held for row, held in covered.items()}
    for flow, row in position.items():
        if known[flow].part == "group":
            counts[row] = group_counts[flow] & counts.get(row, np.True_)
    return counts


def _groups_that_count(balance: EnergyBalance, number: np.ndarray) -> dict[str, np.ndarray]:
    """Return, for each printed group of flows, where it has a number and nothing that it groups has one."""
    known = vocabulary.flows()
    counts: dict[str, np.ndarray] = {}
    groups = [flow for flow in balance.flows if known[flow].part == "group"]
    wholes = find_wholes(tuple(balance.flows))
    # A subtotal without members of its own counts by what the others of its row have: after them.
    for flow in sorted(groups, key=wholes.__contains__):
        own = number[:, :, balance.flows.index(flow)]
        above = {*vocabulary.climb_flows(flow, balance.parents)}  # 规模以上 is a member of none
        above |= {f"{one}{vocabulary.REMAINDER}" for one in above}  # left beside the groups
        members = known[flow].members
        inside = [
            i
            for i, other in enumerate(balance.flows)
            if any(adds_up(other, member, balance.parents) for member in members)
            and other not in above
            and other not in wholes
        ]
        if flow in wholes:  # it holds what others do
            parent = vocabulary.parent_of(flow, balance.parents)
            inside = [
                i
                for i, other in enumerate(balance.flows)
                if other not in above
                and other not in groups
                and balance.is_part(other, parent)
                and known[other].part == "sum"
            ]
            inside += [
                balance.flows.index(other)
                for other in counts
                if vocabulary.parent_of(other, balance.parents) == parent and other not in wholes
            ]
        counts[flow] = own & ~number[:, :, inside].any(axis=2)
    return counts


def find_finest_products(
    balance: EnergyBalance, number: np.ndarray | None = None, *, above_and_below: bool = False
) -> np.ndarray:
    """Return where a product counts: it is no total, or a total none of whose products has a number in its row.

    Parameters
    ----------
    balance, number
        As in `find_finest_cells`.
    above_and_below
        Whether a product in a row of which this row is a part, or that is a part of it, hides the
        total too.
    """
    products = balance.products
    number = find_numbers(balance.amounts.values) if number is None else number
    leaf: np.ndarray = number.copy()
    for i, product in enumerate(products):
        parts = [
            j
            for j, other in enumerate(products)
            if j != i
            and vocabulary.is_product_within(other, product, balance.product_parents)
            and can_add_up(balance.units[i], balance.units[j])
        ]
        # The total of everything else: in coal equivalent, which adds up with no tonnes of fuel.
        if product.startswith("total_energy"):
            parts = [j for j, other in enumerate(products) if _is_fuel(other)]
        if parts:
            has = np.asarray(number[..., parts].any(axis=-1))
            leaf[..., i] &= ~(along_the_tree(balance, has) if above_and_below else has)
    return leaf


@cache
def _is_fuel(product: str) -> bool:
    """Return whether a product is a fuel, or a total of fuels that has its place in the tree."""
    known = vocabulary.products()
    entry = known[product]
    return (
        entry.group != "total"
        or bool(entry.parent)
        or any(
            other.parent == product and other.id != f"{product}{vocabulary.REMAINDER}"
            for other in known.values()
        )
    )


def along_the_tree(balance: EnergyBalance, has: np.ndarray) -> np.ndarray:
    """Return where a flow, one that it is a part of (roots apart), or one of its parts has something."""
    found: np.ndarray = has.copy()
    for i, j in _related(tuple(balance.flows), tuple(balance.parents.items())):
        found[:, :, i] |= has[:, :, j]
    return found


@lru_cache(maxsize=64)
def _related(
    flows: tuple[str, ...], parents: tuple[tuple[str, str], ...]
) -> tuple[tuple[int, int], ...]:
    """Return the pairs of flows of which one is a part of the other, both ways; roots apart."""
    own = dict(parents)
    place = {flow: i for i, flow in enumerate(flows)}
    pairs = []
    for flow, i in place.items():
        for above in [*vocabulary.climb_flows(flow, own)][1:-1]:  # roots apart
            if above in place:
                pairs += [(i, place[above]), (place[above], i)]
        for member in vocabulary.flows()[flow].members:  # a subtotal holds its members
            inside = [j for other, j in place.items() if vocabulary.is_within(other, member, own)]
            pairs += [pair for j in inside for pair in ((i, j), (j, i))]
    return tuple(pairs)


def _depth(flow: str, parents: Mapping[str, str]) -> int:
    return len([*vocabulary.climb_flows(flow, parents)])
