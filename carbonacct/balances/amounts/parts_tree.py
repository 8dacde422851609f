"""Which rows and columns of a table are parts of which, as this table prints them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from carbonacct.balances.amounts.energy_balance import EnergyBalance


PLANTS_WITHIN = "industry.transformation"


@dataclass(frozen=True)
class Tree:
    """The printed rows (or columns) of a table, each with its printed parts.

    Attributes
    ----------
    order
        Places of all rows, each after its parts.
    parts
        Places of the parts of each row that has any: rows that add up to it, as far as they are
        printed. A part of a part is not listed.
    groups
        Of these rows, subtotals of some parts of another (mining, of industry).
    inside
        Places of the subtotals of each row, and of a subtotal that holds others (规模以上, of mining).
    wholes
        Subtotals that hold what other rows do (:func:`find_wholes`).
    """

    order: tuple[int, ...]
    parts: Mapping[int, tuple[int, ...]]
    groups: frozenset[int]
    inside: Mapping[int, tuple[int, ...]]
    wholes: frozenset[int] = frozenset()

    def below(self, place: int) -> list[int]:
        """Return the places of all that a row is made of, its parts and their parts."""
        return self._below[place]

    @cached_property
    def roots(self) -> tuple[int, ...]:
        """Places of the rows that are parts of no other."""
        inside = {part for parts in (*self.parts.values(), *self.inside.values()) for part in parts}
        return tuple(place for place in self.order if place not in inside)

    @cached_property
    def _below(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for place in self.order:  # each after its parts
            parts = (*self.parts.get(place, ()), *self.inside.get(place, ()))
            listed = [one for part in parts for one in (part, *found[part])]
            found[place] = list(dict.fromkeys(listed))
        return found


def find_flow_tree(balance: EnergyBalance) -> Tree:
    """Return the tree of the rows of a table."""
    return _flow_tree(tuple(balance.flows), tuple(balance.parents.items()))


@lru_cache(maxsize=256)
def find_wholes(flows: tuple[str, ...]) -> frozenset[str]:
    """Return the subtotals that count where nothing else of the row above them has a number.

    Those that name no members hold what that row does (light and heavy industry). Those of users all
    of whose members lie in other printed subtotals, which have more, are divided another way
    (六大高耗能行业, beside 制造业 and 电力、热力、燃气及水生产和供应业).

    Examples
    --------
    >>> sorted(find_wholes(("industry.energy_intensive", "industry.manufacturing", "industry.utilities")))
    ['industry.energy_intensive']
    >>> sorted(find_wholes(("industry.energy_intensive", "industry.manufacturing")))
    []
    """
    known = vocabulary.flows()
    groups = {flow for flow in flows if known[flow].part == "group"}
    found = {flow for flow in groups if not known[flow].members}
    for flow in groups & _find_divided_otherwise():
        own = set(known[flow].members)
        held = {member for other in groups - {flow} for member in known[other].members}
        if own <= held or (own & held and known[flow].parent in flows):
            found.add(flow)
    return frozenset(found)


@cache
def _find_divided_otherwise() -> frozenset[str]:
    """Return the subtotals of users whose members lie in several others of the same row, in none of them all."""
    known = vocabulary.flows()
    groups = [flow for flow, one in known.items() if one.part == "group" and one.members]
    found = set()
    for flow in groups:
        own, parent = set(known[flow].members), known[flow].parent
        others = [set(known[one].members) for one in groups if known[one].parent == parent != ""]
        held = {member for members in others if not own <= members for member in members}
        if own <= held and vocabulary.is_within(parent, "final_consumption"):
            found.add(flow)
    return frozenset(found)


def find_included(balance: EnergyBalance) -> dict[int, list[int]]:
    """Return the rows of users that are included in printed others, each with the rows that hold it.

    排灌 is included in 农林牧渔专业及辅助性活动, and so in 农林牧渔业. Feedstock, and the fuel of
    vehicles, is included in industry as well.
    """
    known, place = vocabulary.flows(), {flow: i for i, flow in enumerate(balance.flows)}
    found: dict[int, list[int]] = {}
    for flow, i in place.items():
        above = list(vocabulary.climb_flows(flow, balance.parents))
        links = [n for n, one in enumerate(above) if one in known and known[one].part == "of"]
        whose = above[links[0] + 1 :] if links else []
        groups = (one for one in place if not {*known[one].members}.isdisjoint(whose))
        holders = [place[one] for one in (*whose, *groups) if one in place]
        if holders and "final_consumption" in above:
            found[i] = holders
    return found


def find_product_tree(balance: EnergyBalance) -> Tree:
    """Return the tree of the columns of a table; a total of all energy has no parts here.

    What is printed in cubic metres is no part of what is printed in tonnes.
    """
    return _product_tree(
        tuple(balance.products), tuple(balance.product_parents.items()), balance.units
    )


@lru_cache(maxsize=256)
def _flow_tree(flows: tuple[str, ...], parents: tuple[tuple[str, str], ...]) -> Tree:
    own, known = dict(parents), vocabulary.flows()

    def parent_of(flow: str) -> str:
        return vocabulary.parent_of(flow, own)

    place = {flow: i for i, flow in enumerate(flows)}
    parts: dict[int, list[int]] = {}
    inside: dict[int, list[int]] = {}
    groups = frozenset(i for flow, i in place.items() if known[flow].part == "group")
    for flow, i in place.items():
        if (above := _printed_sum(flow, place, parent_of)) and place[above] not in groups:
            (inside if i in groups else parts).setdefault(place[above], []).append(i)
    wholes = frozenset(map(place.__getitem__, find_wholes(flows)))
    within = {group: _find_members(flows, flows[group], own) for group in groups}
    alone = {i for i in groups - wholes if not within[i]}  # subtotals of which no member is printed
    for group in groups:
        found = [place[flow] for flow in within[group]]
        single = [i for i in found if i not in groups or i in alone]
        nested = {i for i in found for j in single if _is_below(flows[i], flows[j], parent_of)}
        if single:
            parts[group] = [i for i in single if i not in nested]
        subtotals = [i for i in found if i in groups - alone - nested - wholes]
        if subtotals:
            inside.setdefault(group, []).extend(subtotals)
    depth = {flow: _depth(flow, parent_of) for flow in flows}
    order = sorted(place.values(), key=lambda i: (-depth[flows[i]], i in groups, i))
    order = _after_parts(order, lambda i: (*parts.get(i, ()), *inside.get(i, ())))
    return replace(_tree(order, parts, groups, inside), wholes=wholes)


def _find_members(flows: Sequence[str], group: str, parents: Mapping[str, str]) -> list[str]:
    """Return the flows that add up to members of a subtotal.

    What it is a part of itself is none (工业, of 规模以上).
    """
    above = set(vocabulary.climb_flows(group, parents))
    members = vocabulary.flows()[group].members
    return [
        flow
        for flow in flows
        if flow not in above and any(adds_up(flow, member, parents) for member in members)
    ]


def adds_up(flow: str, whole: str, parents: Mapping[str, str] | None = None) -> bool:
    """Return whether a flow is another or one of its parts, by the vocabulary's tree or a table's own.

    What is included in a part (电厂生产全部耗用电量, 线路损失电量) leaves the rest of it unsaid.

    Examples
    --------
    >>> adds_up("industry.power_heat_supply", "industry.power_heat_supply")
    True
    >>> adds_up("industry.power_heat_supply.plants", "industry.power_heat_supply")
    False
    """
    known = vocabulary.flows()
    for one in vocabulary.climb_flows(flow, parents):
        if one == whole:
            return True
        if known[one].part not in {"sum", "group"}:
            return False
    return False


def find_plants_within(balance: EnergyBalance) -> set[int]:
    """Return the rows of plants that a table prints as a part of industry: no branches, and never scaled to it."""
    return {i for i, flow in enumerate(balance.flows) if vocabulary.is_within(flow, PLANTS_WITHIN)}


def add_up(amounts: np.ndarray, tree: Tree, rows: Sequence[int]) -> np.ndarray:
    """Return the sum of rows (area, year, product); for a blank of one that has parts stand these."""
    added: np.ndarray = np.zeros(amounts[:, :, 0].shape)
    for row in rows:
        inner = tree.parts.get(row, ())
        blank = np.isnan(amounts[:, :, row])
        below = add_up(amounts, tree, inner) if inner else 0.0
        added += np.where(blank, below, np.nan_to_num(amounts[:, :, row]))
    return added


def _after_parts(order: Sequence[int], parts_of: Callable[[int], Sequence[int]]) -> list[int]:
    """Return the places in an order, each behind its parts: a subtotal may lie deeper than its members do."""
    found: dict[int, None] = {}

    def visit(place: int) -> None:
        if place not in found:
            for part in sorted(parts_of(place), key=order.index):
                visit(part)
            found[place] = None

    for place in order:
        visit(place)
    return list(found)


def _printed_sum(flow: str, printed: Mapping[str, int], parent_of: Callable[[str], str]) -> str:
    """Return the nearest printed flow that a flow is added up to, or ""."""
    known = vocabulary.flows()
    while known[flow].part in {"sum", "group"}:
        flow = parent_of(flow)
        if not flow or flow in printed:
            return flow
    return ""


def _is_below(flow: str, ancestor: str, parent_of: Callable[[str], str]) -> bool:
    return ancestor in climb(parent_of(flow), parent_of)


@lru_cache(maxsize=256)
def _product_tree(
    products: tuple[str, ...], parents: tuple[tuple[str, str], ...], units: tuple[str, ...]
) -> Tree:
    own, known = dict(parents), vocabulary.products()

    def parent_of(product: str) -> str:
        return own.get(product, known[product].parent)

    place = {product: i for i, product in enumerate(products)}
    parts: dict[int, list[int]] = {}
    for product, i in place.items():
        above = next((one for one in climb(parent_of(product), parent_of) if one in place), "")
        if above and can_add_up(units[i], units[place[above]]):
            parts.setdefault(place[above], []).append(i)
    depth = {product: _depth(product, parent_of) for product in products}
    order = sorted(place.values(), key=lambda i: (-depth[products[i]], i))
    return _tree(order, parts, frozenset(), {})


def can_add_up(one: str, other: str) -> bool:
    """Return whether a product in one canonical unit can be part of one in another: m3 are no part of tonnes."""
    return {one, other} != {"m3", "t"}


def _depth(name: str, parent_of: Callable[[str], str]) -> int:
    return sum(1 for _ in climb(parent_of(name), parent_of))


def _tree(
    order: Sequence[int],
    parts: Mapping[int, list[int]],
    groups: frozenset[int],
    inside: Mapping[int, list[int]],
) -> Tree:
    return Tree(
        order=tuple(order),
        parts={place: tuple(found) for place, found in parts.items()},
        groups=groups,
        inside={place: tuple(found) for place, found in inside.items()},
    )
