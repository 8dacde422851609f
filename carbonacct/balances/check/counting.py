"""Count every number of a table once: finest-level cells, and what they leave of their printed parents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import find_included, find_plants_within
from carbonacct.balances.check.identities import list_identities
from carbonacct.balances.check.regrouped import find_regrouped
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.amounts.parts_tree import Tree
    from carbonacct.balances.check.identities import TableIdentity

_MUCH_LESS = 50.0  # an identity that fails so many times less with the parts is mended by them
_MIXED = 0.2  # negative over positive differences of a total, above which none is a fuel
_INSIDE_OR_BESIDE = {"final_consumption": "non_energy_use"}  # by publisher
TOTAL = "total_consumption"
_NO_USES = ("primary_supply", TOTAL, "statistical_difference")
_STOCKS = ("opening_stock", "closing_stock", "stock_change")
RELATIVE = 1e-9  # sums of the same numbers in another order


class RemainderCell(NamedTuple):
    """What is left of a printed parent.

    Attributes
    ----------
    at
        Which of the area-years.
    flow, product
        The parent.
    rest_of_flow, rest_of_product
        Whether it is a row, or a column, of its own.
    amount
        In the canonical unit of the product.
    votes
        Sums of the table that hold with the printed parent, less those that hold with its parts.
    """

    at: int
    flow: int
    product: int
    rest_of_flow: bool
    rest_of_product: bool
    amount: float
    votes: int


@dataclass
class Count:
    """The count of the area-years in which something is left of a parent.

    Attributes
    ----------
    balance, flows, products, rounding
        The table, the trees of its rows and columns, and what its print explains.
    apart
        The area-years, as pairs of places.
    scaled
        Flows whose parts are scaled to them.
    cells, refuted
        What is left of printed parents and counts, and what does not because other sums hold with
        the parts alone; filled by :meth:`count`.
    """

    balance: EnergyBalance
    flows: Tree
    products: Tree
    rounding: np.ndarray
    apart: np.ndarray
    scaled: frozenset[str]
    cells: list[RemainderCell] = field(default_factory=list)
    refuted: list[RemainderCell] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take the numbers of the area-years, and find where nothing can be left."""
        a, y = self.apart.T
        self.amounts = self.balance.amounts.values[a, y]
        self.there = ~np.isnan(self.amounts)
        self.identities = self._index_identities()
        self.closed = find_closed(self.balance, self.flows, self.scaled)
        self.regrouped = find_regrouped(self.balance, self.flows)
        self.with_parts = [
            f for f in self.flows.order if f in self.flows.parts or f in self.flows.inside
        ]
        self.plants = find_plants_within(self.balance)
        self.scaled_parts = {
            i
            for f, flow in enumerate(self.balance.flows)
            if flow in self.scaled
            for i in {*self.flows.below(f)} - self.plants
        }
        self.kinds: dict[int, np.ndarray] = {}  # what counts of each column with all its kinds

    def name(self, cell: RemainderCell) -> str:
        """Return the name of a remainder: its flow, and its product where that is a remainder too."""
        flow = self.balance.flows[cell.flow] + (vocabulary.REMAINDER if cell.rest_of_flow else "")
        product = self.balance.products[cell.product]
        if not cell.rest_of_product:
            return flow
        return say("{flow} of {product}", flow=flow, product=product + vocabulary.REMAINDER)

    def _index_identities(self) -> dict[tuple[int, int], list[TableIdentity]]:
        """Return the identities in which each cell stands."""
        found: dict[tuple[int, int], list[TableIdentity]] = {}
        for identity in list_identities(self.balance):
            for f, p in (identity.total, *((f, p) for _, f, p in identity.terms)):
                found.setdefault((f, p), []).append(identity)
        return found

    def count(self) -> None:
        """Count every column, kinds before the totals that hold them."""
        for p in self.products.order:
            parts = self.products.parts.get(p, ())
            if self.balance.products[p].startswith("total_energy"):
                continue  # all fuels in one: it counts nowhere beside them
            if parts and has_one_unit(self.balance, (p, *parts)):
                self._count_total(p, parts)
            else:
                self.kinds[p] = self._count_column(p)

    def count_networks(self) -> None:
        """Count what total consumption has beyond its uses of electricity and heat, in a table of uses alone.

        Nothing is made of them, so that the total is used as its parts are. Of a fuel it may be
        what plants take in.
        """
        alone = find_alone(self.balance, beside_plants=True)[tuple(self.apart.T)]
        if not alone.any():
            return
        f, uses = self.balance.flows.index(TOTAL), set(find_uses(self.balance))
        roots = [
            root
            for root in self.flows.roots  # what plants put out is no use
            if root in uses and not self.balance.is_part(self.balance.flows[root], "transformation")
        ]
        for p, product in enumerate(self.balance.products):
            if vocabulary.is_electricity_or_heat(product) and p in self.kinds:
                used = self.kinds[p][:, roots].sum(axis=1)
                rest = np.where(alone, np.nan_to_num(self.amounts[:, f, p]) - used, 0.0)
                slack = self.rounding[p] * (1 + self.there[:, roots, p].sum(axis=1))
                for n in np.flatnonzero(rest > slack + RELATIVE * used).tolist():
                    self.cells.append(
                        RemainderCell(
                            at=n,
                            flow=f,
                            product=p,
                            rest_of_flow=True,
                            rest_of_product=False,
                            amount=float(rest[n]),
                            votes=0,
                        )
                    )

    def _count_column(self, p: int) -> np.ndarray:
        """Count the rows of a product without kinds; return what counts in and below each row."""
        amounts, there = self.amounts[..., p], self.there[..., p]
        if not there.any():
            return np.zeros(there.shape)
        counted, some = np.where(there, amounts, 0.0), there.copy()
        for f in self.with_parts:
            below, has = self._add_below(f, counted, some)
            if not has.any():  # the row counts as it is printed
                continue
            rest = counted[:, f] - below
            slack = self._slack(f, p, below)
            rest -= self._find_inside(f, p, rest, slack)
            left = there[:, f] & has & (np.abs(rest) > slack) & _has_sign(rest, amounts[:, f])
            left &= f not in self.flows.wholes  # divided another way: its rest is that of others
            if self.regrouped:  # its members stand in another subtotal
                left &= [(a, y, f, p) not in self.regrouped for a, y in self.apart.tolist()]
            if f in self.closed:  # parts of nothing, and plants, cannot be scaled to their parent
                plants = self._add_plants(f, counted)
                left &= np.abs(below - plants) <= slack
                left &= (plants != 0) | (self.balance.flows[f] in self.scaled)
            for n in np.flatnonzero(left).tolist():
                self._judge(n, f, p, float(rest[n]), of_flow=True)
            refuted = {cell.at for cell in self.refuted if (cell.flow, cell.product) == (f, p)}
            keep = left & ~np.isin(np.arange(len(left)), list(refuted))
            own = np.where(has, np.where(keep, rest, 0.0), counted[:, f])
            counted[:, f], some[:, f] = own + below, some[:, f] | has
            if (
                self.balance.flows[f] in self.scaled
            ):  # a method brings what is below to the printed row
                counted[:, f] = np.where(there[:, f] & (below > 0), amounts[:, f], counted[:, f])
            if f in self.flows.groups:
                counted[:, f] = own  # its members are counted in the row that both are parts of
        return self._with_members(counted)

    def _add_plants(self, f: int, counted: np.ndarray) -> np.ndarray:
        """Return what counts below a row in plants that it prints as a part of it."""
        below = self.plants & {*self.flows.below(f)}
        first = below - {i for plant in below for i in self.flows.below(plant)}
        total: np.ndarray = counted[:, sorted(first)].sum(axis=1)
        return total

    def _find_inside(self, f: int, p: int, rest: np.ndarray, slack: np.ndarray) -> np.ndarray:
        """Return what a row of its own holds that is in some tables beside this row, in others inside."""
        name = _INSIDE_OR_BESIDE.get(self.balance.flows[f], "")
        if name not in self.balance.flows:
            return np.zeros(len(rest))
        inside = np.nan_to_num(self.amounts[:, self.balance.flows.index(name), p])
        return np.where((inside > 0) & (rest >= inside - slack - self.rounding[p]), inside, 0.0)

    def _add_below(
        self, f: int, counted: np.ndarray, some: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return what counts below a row, and whether anything there has a number."""
        rows = [*self.flows.parts.get(f, ()), *self.flows.inside.get(f, ())]
        if not rows:
            return np.zeros(len(counted)), np.zeros(len(counted), bool)
        # Light and heavy industry hold all branches: they count where nothing else is printed.
        whole = [i for i in rows if i in self.flows.wholes]
        rows = [i for i in rows if i not in self.flows.wholes]
        below, has = counted[:, rows].sum(axis=1), np.asarray(some[:, rows].any(axis=1))
        below += np.where(has, 0.0, counted[:, whole].sum(axis=1))
        return below, has | np.asarray(some[:, whole].any(axis=1))

    def _with_members(self, counted: np.ndarray) -> np.ndarray:
        """Return what counts in and below each row, of a group with its members."""
        whole = counted.copy()
        for group in self.flows.groups:
            whole[:, group] += counted[:, list(self.flows.parts.get(group, ()))].sum(axis=1)
        return whole

    def _slack(self, f: int, p: int, below: np.ndarray) -> np.ndarray:
        """Return the difference that print explains between a row and its parts."""
        parts = list(self.flows.parts.get(f, ())) + list(self.flows.inside.get(f, ()))
        numbers = self.there[:, parts, p].sum(axis=1) if parts else 0
        slack: np.ndarray = self.rounding[p] * (1 + numbers) + RELATIVE * np.abs(below)
        return slack

    def _count_total(self, p: int, parts: Sequence[int]) -> None:
        """Count the rows of a total beside its kinds: only what the kinds do not hold."""
        counted = np.zeros(self.amounts.shape[:2])
        kinds = counted.copy()  # as printed in the row and not refuted, or else as counted below it
        for part in parts:
            counted = counted + self.kinds[part]
            holds = self.there[..., part] & ~self._find_refuted(part)
            kinds = kinds + np.where(holds, self.amounts[..., part], self.kinds[part])
        has_kinds = self.there[..., self.products.below(p)].any(axis=-1)
        beside = along_the_rows(self.balance, self.flows, has_kinds)
        there = self.there[..., p]
        rest = np.where(there, self.amounts[..., p] - kinds, 0.0)
        slack = self.rounding[p] + (self.there[..., list(parts)] * self.rounding[list(parts)]).sum(
            axis=-1
        )
        rest[np.abs(rest) <= slack + RELATIVE * np.abs(kinds)] = 0.0
        rest[~_has_sign(rest, self.amounts[..., p])] = 0.0
        rest[:, list(self.scaled_parts)] = 0.0
        # Total consumption holds a secondary product net of what was made of it, so its kinds do
        # not add up to a total there: what is left is no fuel.
        rest[:, find_netted(self.balance)] = 0.0
        rest[~has_kinds & self._below_kinds(has_kinds & ~there)] = 0.0
        # Converted with another coefficient a total lies above its kinds here and below them there.
        rest[self._is_mixed(p, kinds, slack)] = 0.0
        for n, f in np.argwhere((rest != 0) & beside).tolist():
            self._judge(n, f, p, float(rest[n, f]), of_flow=False)
        for cell in self.refuted:
            if cell.product == p and not cell.rest_of_flow:
                rest[cell.at, cell.flow] = 0.0
        self.kinds[p] = counted + self._count_rests(p, rest, there, beside)

    def _find_refuted(self, p: int) -> np.ndarray:
        """Return the rows in which other sums of the table hold without the printed number of a column."""
        found = np.zeros(self.there.shape[:2], bool)
        for cell in self.refuted:
            if cell.product == p:
                found[cell.at, cell.flow] = True
        return found

    def _below_kinds(self, kinds_alone: np.ndarray) -> np.ndarray:
        """Return the rows below one (roots apart) with kinds and no total: it may hold their totals as kinds."""
        found = np.zeros_like(kinds_alone)
        for f, flow in enumerate(self.balance.flows):
            if vocabulary.parent_of(flow, self.balance.parents):
                below = self.flows.below(f)
                found[:, below] |= kinds_alone[:, f, None]
        return found

    def _is_mixed(self, p: int, kinds: np.ndarray, slack: np.ndarray) -> np.ndarray:
        """Return the area-years whose differences go both ways: the total is of other coefficients."""
        there = self.there[..., p]
        finest = [f for f in range(there.shape[1]) if not self.flows.below(f)]
        gap = np.where(there & (kinds != 0), np.abs(self.amounts[..., p]) - np.abs(kinds), 0.0)[
            :, finest
        ]
        gap[np.abs(gap) <= slack[:, finest]] = 0.0
        above, under = np.maximum(gap, 0.0).sum(axis=1), np.maximum(-gap, 0.0).sum(axis=1)
        mixed: np.ndarray = under > _MIXED * above
        return mixed

    def _count_rests(
        self, p: int, rest: np.ndarray, there: np.ndarray, beside: np.ndarray
    ) -> np.ndarray:
        """Count what kinds do not hold, a row's only as far as the row above it has some.

        A row without kinds anywhere along the tree prints the total alone: it counts as any number.
        """
        own = np.zeros(rest.shape)
        some, counted = there.copy(), np.zeros(rest.shape)
        for f in self.flows.order:
            below, has = self._add_below(f, counted, some)
            left = np.where(there[:, f], rest[:, f] - below, 0.0)
            exceeded = (
                there[:, f] & beside[:, f] & (np.abs(below) > np.abs(rest[:, f]) + self.rounding[p])
            )
            if exceeded.any():  # the parts' rests are no fuel: the row that holds them has less
                for part in self.flows.below(f):
                    drop = exceeded & beside[:, part]
                    own[drop, part] = counted[drop, part] = 0.0
                below, has = self._add_below(f, counted, some)
                left = np.where(there[:, f], rest[:, f] - below, 0.0)
            left[~_has_sign(left, self.amounts[:, f, p])] = 0.0
            left[np.abs(left) <= self._slack(f, p, below) * has] = 0.0
            if f in self.closed:
                left[has] = 0.0
            own[:, f] = left
            counted[:, f] = left + below if f not in self.flows.groups else left
            some[:, f] |= has
        self._name_rests(p, own, beside)
        return self._with_members(counted)

    def _name_rests(self, p: int, own: np.ndarray, beside: np.ndarray) -> None:
        """Give each amount that kinds do not hold its row and column.

        Where one row has such an amount beside kinds, it is a kind of its own, and hides the total
        in the rows above and below it: all of them are of that kind then.
        """
        as_kind = ((own != 0) & beside).any(axis=1)
        for n, f in np.argwhere(own != 0).tolist():
            is_kind = bool(as_kind[n])
            has_below = any(
                own[n, part] != 0 if is_kind else self.there[n, part, p]
                for part in self.flows.below(f)
            )
            if is_kind or has_below:
                self.cells.append(RemainderCell(n, f, p, has_below, is_kind, float(own[n, f]), 0))

    def _judge(self, n: int, f: int, p: int, rest: float, *, of_flow: bool) -> None:
        """Keep a remainder, or refute it: other sums of the table hold with the parts alone."""
        votes = 0
        for identity in self.identities.get((f, p), ()):
            own = "sum-of-parts" if of_flow else "sum-of-products"
            if identity.rule == own and identity.total == (f, p):
                continue
            votes += 0 if identity.soft else self._vote(n, identity, (f, p), rest)
        cell = RemainderCell(n, f, p, of_flow, not of_flow, rest, votes)
        if votes < 0:
            self.refuted.append(cell)
        elif of_flow:
            self.cells.append(cell)

    def _vote(self, n: int, identity: TableIdentity, place: tuple[int, int], rest: float) -> int:
        """Return 1 if a sum holds with the printed number, -1 if with the parts, 0 if with neither."""
        if np.isnan(self.amounts[(n, *identity.total)]):
            return 0
        terms = [(sign, f, p) for sign, f, p in identity.terms if self.there[n, f, p]]
        if not terms:
            return 0
        total = float(self.amounts[(n, *identity.total)])
        added = float(sum(sign * self.amounts[n, f, p] for sign, f, p in terms))
        slack = self.rounding[identity.total[1]] + sum(self.rounding[p] for _, _, p in terms)
        slack += RELATIVE * max(abs(total), abs(added))
        gap = total - added
        sign = 1 if place == identity.total else -sum(s for s, f, p in terms if (f, p) == place)
        mended = gap - sign * rest
        if abs(gap) <= slack:
            return 1
        if abs(mended) <= slack or abs(mended) * _MUCH_LESS <= abs(gap):
            return -1
        return 0


def find_closed(balance: EnergyBalance, flows: Tree, scaled: Collection[str]) -> set[int]:
    """Return the rows of which nothing is left.

    Scaled ones with their parts; supply, which is no sum of what a table prints of it (the opening
    stock may be lacking); transformation as a whole: what plants pass on burns elsewhere.
    """
    found = {f for f, flow in enumerate(balance.flows) if flow == "transformation"}
    for f, flow in enumerate(balance.flows):
        if flow in scaled or flow == "primary_supply":
            found |= {f, *flows.below(f)} - find_plants_within(balance)
    return found


def find_uses(balance: EnergyBalance) -> list[int]:
    """Return the rows that say who uses what, each amount once: no supply, no total, no gap between these."""
    included = find_included(balance)
    return [
        f
        for f, flow in enumerate(balance.flows)
        if f not in included and not any(balance.is_part(flow, root) for root in _NO_USES)
    ]


def is_stock(balance: EnergyBalance, flow: str) -> bool:
    """Return whether a row is one of stocks: users print theirs, and they say nothing of where it came from."""
    return any(balance.is_part(flow, stock) for stock in _STOCKS)


def find_alone(balance: EnergyBalance, *, beside_plants: bool = False) -> np.ndarray:
    """Return the area-years whose total consumption stands beside uses alone.

    No supply but stocks, and no plants unless they may be there.
    """
    flows = balance.flows
    if TOTAL not in flows:
        return np.zeros(balance.amounts.shape[:2], bool)
    others = [
        f
        for f, flow in enumerate(flows)
        if (balance.is_part(flow, "primary_supply") and not is_stock(balance, flow))
        or (balance.is_part(flow, "transformation") and not beside_plants)
    ]
    amounts = balance.amounts.values
    alone: np.ndarray = np.isnan(amounts[:, :, others]).all(axis=(2, 3))
    alone &= ~np.isnan(amounts[:, :, flows.index(TOTAL)]).all(axis=2)
    return alone


def find_netted(balance: EnergyBalance) -> list[int]:
    """Return the rows whose totals are no sums of products: what is made of another nets out."""
    totals = (TOTAL, "statistical_difference")
    return [
        f
        for f, flow in enumerate(balance.flows)
        if any(balance.is_part(flow, total) for total in totals)
    ]


def along_the_rows(balance: EnergyBalance, flows: Tree, has: np.ndarray) -> np.ndarray:
    """Return where a row, one that it is a part of (roots apart), or one of its parts has something."""
    found = has.copy()
    for f, flow in enumerate(balance.flows):
        if not vocabulary.parent_of(flow, balance.parents):
            continue
        for part in flows.below(f):
            found[..., f] |= has[..., part]
            found[..., part] |= has[..., f]
    return found


def has_one_unit(balance: EnergyBalance, columns: Sequence[int]) -> bool:
    """Return whether some columns are in one unit, so that they can add up."""
    return len({balance.units[p] for p in columns}) == 1


def _has_sign(rest: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """Return where a remainder has the sign of its parent."""
    found: np.ndarray = (rest * np.nan_to_num(parent) > 0) | (rest == 0)
    return found
