"""Which cells of a table count, each amount once: the finest flows and products that have a number."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.energy_range import find_energy_range
from carbonacct.balances.amounts.parts_tree import (
    adds_up,
    can_add_up,
    find_flow_tree,
    find_included,
    find_wholes,
)
from carbonacct.blocks import in_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.balances import EnergyBalance

# What for and not by whom: a method takes them out of industry.
_PURPOSES = frozenset({"feedstock", "enterprise_vehicles"})
_NEAR = 0.05  # of a total: what calorific values and print leave open


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
        number. A total of products counts where none of its products has one in its own row, or
        counts in a row above or below it or as what is left of one. A printed group of flows (an
        industry block) counts where its members have none, a row of users that is included in
        another where that has none.
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

    Products in another unit than their total that cannot be all of it (2 t of LNG of 39 TJ of gas)
    stand aside: the total counts, and they are in it.

    Parameters
    ----------
    balance, number
        As in `find_finest_cells`.
    above_and_below
        Whether a product that counts in a row of which this row is a part, as what is left of that
        row, or in a part of this row, hides the total too.
    """
    products = balance.products
    number = find_numbers(balance.amounts.values) if number is None else number
    leaf: np.ndarray = number.copy()
    wholes = {i: parts for i in range(len(products)) if (parts := _list_kinds(balance, i))}
    counting = number
    if wholes and above_and_below:
        counting = number.copy()
        for row, counts in _find_finest_flows(balance, number).items():
            counting[:, :, row] &= counts
    for i, parts in sorted(wholes.items(), key=lambda whole: len(whole[1])):  # the inner first
        leaf[..., i] &= ~number[..., parts].any(axis=-1)
        if above_and_below:
            has = np.asarray((counting[..., parts] & leaf[..., parts]).any(axis=-1))
            leaf[..., i] &= ~along_the_tree(balance, has)
    for i, parts, _, is_held in list_parts_in_other_units(balance):
        own = number[..., i]
        within = (along_the_tree(balance, own) if above_and_below else own) & is_held[..., None]
        leaf[..., i] |= own & is_held[..., None]
        leaf[..., parts] &= ~within[..., None]
    return leaf


def _list_kinds(balance: EnergyBalance, i: int) -> list[int]:
    """Return the products that hide one where they have a number: its parts; of total energy all fuels."""
    # The total of everything else: in coal equivalent, which adds up with no tonnes of fuel.
    if balance.products[i].startswith("total_energy"):
        return [j for j, other in enumerate(balance.products) if _is_fuel(other)]
    return _list_parts(balance, i)


def _list_parts(balance: EnergyBalance, i: int) -> list[int]:
    """Return the products that are parts of one: by the tree where they can add up, and where 其中 or # says so."""
    product, marked = balance.products[i], balance.product_parents
    return [
        j
        for j, other in enumerate(balance.products)
        if j != i
        and vocabulary.is_product_within(other, product, marked)
        and (can_add_up(balance.units[i], balance.units[j]) or marked.get(other) == product)
    ]


class PartsInOtherUnits(NamedTuple):
    """A total and its parts, some in other units, by their places among the products of a balance."""

    total: int
    parts: list[int]
    is_beside: np.ndarray
    """Rows (area, year, flow) where the total stands beside such parts, in the row or below it."""
    is_held: np.ndarray
    """Area-years in which the parts cannot be all of the total by their energy."""


def list_parts_in_other_units(balance: EnergyBalance) -> list[PartsInOtherUnits]:
    """Return the totals of which no remainder can be told, as they are printed beside parts in other units.

    The most energy that the parts may hold is compared with the least that the total does, over all
    rows that print both.
    """
    found: list[PartsInOtherUnits] = []
    if len(set(balance.units)) == 1:
        return found
    for i, product in enumerate(balance.products):
        parts = [] if product.startswith("total_energy") else _list_parts(balance, i)
        if all(balance.units[j] == balance.units[i] for j in parts):
            continue
        lower, upper = find_energy_range(balance)
        tree = find_flow_tree(balance)
        amounts = np.abs(balance.amounts.values)
        some: np.ndarray = np.asarray(find_numbers(amounts[..., parts]).any(axis=-1))
        most: np.ndarray = np.asarray(
            (np.nan_to_num(amounts[..., parts]) * upper[parts]).sum(axis=-1)
        )
        for f in tree.order:  # each row after its parts
            below = [*tree.parts.get(f, ()), *tree.inside.get(f, ())]
            most[:, :, f] = np.where(some[:, :, f], most[:, :, f], most[:, :, below].sum(axis=2))
            some[:, :, f] |= some[:, :, below].any(axis=2)
        both = find_numbers(amounts[..., i]) & some
        least = np.where(both, amounts[..., i] * lower[i], 0.0).sum(axis=2)
        is_held = least * (1 - _NEAR) > np.where(both, most, 0.0).sum(axis=2)
        if both.any():
            found.append(PartsInOtherUnits(i, parts, both, is_held))
    return found


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
    """Return where a flow, one around it (roots apart) or what is left of that, or one of its parts has something."""
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
            if (rest := above + vocabulary.REMAINDER) in place and rest != flow:
                pairs.append((i, place[rest]))
        for member in vocabulary.flows()[flow].members:  # a subtotal holds its members
            inside = [j for other, j in place.items() if vocabulary.is_within(other, member, own)]
            pairs += [pair for j in inside for pair in ((i, j), (j, i))]
    return tuple(pairs)


def _depth(flow: str, parents: Mapping[str, str]) -> int:
    return len([*vocabulary.climb_flows(flow, parents)])
