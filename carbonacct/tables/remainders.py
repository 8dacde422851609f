"""What a printed number has beyond its printed parts: a row, or a column, of its own.

A parent that is printed beside only some of its parts (industry beside chemicals, kerosene beside
jet kerosene) would lose the rest if its parts alone counted. The rest becomes an ordinary number
of the table, under the parent's id with ``.remainder``, unless other sums of the table say that
the parent is misprinted. The rule stands in ``docs/convention.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.errors import Finding
from carbonacct.tables import values
from carbonacct.tables.identities import list_identities
from carbonacct.tables.records import DIMS, EnergyBalance
from carbonacct.tables.rounding import find_rounding
from carbonacct.tables.tree import Tree, find_flow_tree, find_product_tree
from carbonacct.vocabulary import REMAINDER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from carbonacct.tables.identities import Identity

_MUCH_LESS = 50.0  # an identity that fails so many times less with the parts is mended by them
_MIXED = 0.2  # negative over positive differences of a total, above which none is a fuel
_INSIDE_OR_BESIDE = {"final_consumption": "non_energy_use"}  # by publisher
_RELATIVE = 1e-9  # sums of the same numbers in another order


class Cell(NamedTuple):
    """A remainder: the area-year (a number among those looked at), its parent, its label, its amount."""

    at: int
    flow: int
    product: int
    rest_of_flow: bool
    rest_of_product: bool
    amount: float
    votes: int


def add_remainders(
    balance: EnergyBalance, *, scaled: Collection[str] = ()
) -> tuple[EnergyBalance, list[Finding]]:
    """Add the remainders of printed parents to a balance, as rows and columns of their own.

    Parameters
    ----------
    balance
        Amounts in canonical units.
    scaled
        Flows whose parts a method scales to the printed row: nothing is left of them.

    Returns
    -------
    EnergyBalance
        The same where nothing is left; else with flows and products that end in ``.remainder``.
    list of Finding
        Each remainder, and each difference that is none because other sums of the table hold with
        the parts.

    Notes
    -----
    Products first: in each row, a printed total less its printed kinds. Then flows, from the finest
    up: a printed row less what counts below it. See ``docs/convention.md``.

    Examples
    --------
    >>> import carbonacct as ca, pandas as pd
    >>> table = pd.DataFrame({"area": "A", "year": 2019, "flow": "transport", "unit": "万吨",
    ...                       "product": ["kerosene", "jet_kerosene"], "value": [50, 0]})
    >>> added, _ = add_remainders(ca.make_balance(table))
    >>> float(added.quantity("kerosene.remainder").sel(flow="transport").item().magnitude)
    500000.0
    """
    flows, products = find_flow_tree(balance), find_product_tree(balance)
    rounding = find_rounding(balance)
    apart = _find_apart(balance, flows, products, rounding)
    if not len(apart):
        return balance, []
    work = _Work(balance, flows, products, rounding, apart, frozenset(scaled))
    work.count()
    return work.extend(), work.findings()


def _find_apart(
    balance: EnergyBalance, flows: Tree, products: Tree, rounding: np.ndarray
) -> np.ndarray:
    """Return the area-years (as pairs) in which a parent and its parts differ beyond print."""
    amounts = balance.amounts.values
    apart = np.zeros(amounts.shape[:2], bool)
    for f, parts in flows.parts.items():
        rows = [amounts[:, :, part] for part in parts]
        apart |= _differ(amounts[:, :, f], rows, [rounding] * (len(rows) + 1)).any(axis=-1)
    for p, parts in products.parts.items():
        if _has_one_unit(balance, (p, *parts)):
            columns = [amounts[..., part] for part in parts]
            half = [rounding[i] for i in (p, *parts)]
            apart |= _differ(amounts[..., p], columns, half).any(axis=-1)
    return np.argwhere(apart)


def _differ(
    total: np.ndarray, parts: Sequence[np.ndarray], half: Sequence[np.ndarray | float]
) -> np.ndarray:
    """Return where a total and some parts have numbers, and differ beyond print."""
    added, tolerance = np.zeros_like(total), np.zeros_like(total) + half[0]
    some = np.zeros(total.shape, bool)
    for part, one in zip(parts, half[1:], strict=True):
        there = ~np.isnan(part)
        some |= there
        added = added + np.where(there, part, 0.0)
        tolerance = tolerance + there * one
    gap = np.abs(np.nan_to_num(total) - added)
    found: np.ndarray = (gap > tolerance + _RELATIVE * np.abs(added)) & some & ~np.isnan(total)
    return found


def _has_one_unit(balance: EnergyBalance, columns: Sequence[int]) -> bool:
    return len({str(balance.amounts["unit"].values[p]) for p in columns}) == 1


@dataclass
class _Work:
    """The count of the area-years in which something is left.

    Attributes
    ----------
    own, counted
        What counts in a row of one column itself, and with all below it (area-year, flow).
    """

    balance: EnergyBalance
    flows: Tree
    products: Tree
    rounding: np.ndarray
    apart: np.ndarray
    scaled: frozenset[str]
    cells: list[Cell] = field(default_factory=list)
    refuted: list[Cell] = field(default_factory=list)

    def __post_init__(self) -> None:
        a, y = self.apart.T
        self.amounts = self.balance.amounts.values[a, y]
        self.there = ~np.isnan(self.amounts)
        self.identities = self._index_identities()
        # Rows below which nothing is left: scaled ones, and supply, which is no sum of what a table
        # prints of it (the opening stock may be lacking).
        self.closed = {
            i
            for f, flow in enumerate(self.balance.flows)
            if flow in self.scaled or flow == "primary_supply"
            for i in (f, *self.flows.below(f))
        }
        self.scaled_parts = {
            i
            for f, flow in enumerate(self.balance.flows)
            if flow in self.scaled
            for i in self.flows.below(f)
        }
        self.kinds: dict[int, np.ndarray] = {}  # what counts of each column with all its kinds

    def _index_identities(self) -> dict[tuple[int, int], list[Identity]]:
        """Return the identities in which each cell stands."""
        found: dict[tuple[int, int], list[Identity]] = {}
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
            if parts and _has_one_unit(self.balance, (p, *parts)):
                self._count_total(p, parts)
            else:
                self.kinds[p] = self._count_column(p)

    def _count_column(self, p: int) -> np.ndarray:
        """Count the rows of a product without kinds; return what counts in and below each row."""
        amounts, there = self.amounts[..., p], self.there[..., p]
        counted, some = np.zeros(amounts.shape), there.copy()
        for f in self.flows.order:
            below, has = self._add_below(f, counted, some)
            rest = np.where(there[:, f], amounts[:, f], 0.0) - below
            slack = self._slack(f, p, below)
            rest -= self._find_inside(f, p, rest, slack)
            left = there[:, f] & has & (np.abs(rest) > slack) & _has_sign(rest, amounts[:, f])
            for n in np.flatnonzero(left).tolist() if f not in self.closed else ():
                self._judge(n, f, p, float(rest[n]), of_flow=True)
            refuted = {cell.at for cell in self.refuted if (cell.flow, cell.product) == (f, p)}
            keep = left & ~np.isin(np.arange(len(left)), list(refuted)) & (f not in self.closed)
            own = np.where(has, np.where(keep, rest, 0.0), np.where(there[:, f], amounts[:, f], 0.0))
            counted[:, f], some[:, f] = own + below, some[:, f] | has
            if f in self.flows.groups:
                counted[:, f] = own  # its members are counted in the row that both are parts of
        return self._with_members(counted)

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
        return counted[:, rows].sum(axis=1), np.asarray(some[:, rows].any(axis=1))

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
        slack: np.ndarray = self.rounding[p] * (1 + numbers) + _RELATIVE * np.abs(below)
        return slack

    def _count_total(self, p: int, parts: Sequence[int]) -> None:
        """Count the rows of a total beside its kinds: only what the kinds do not hold."""
        counted = np.zeros(self.amounts.shape[:2])
        kinds = counted.copy()  # as printed in the row, or else as counted below it
        for part in parts:
            counted = counted + self.kinds[part]
            kinds = kinds + np.where(self.there[..., part], self.amounts[..., part], self.kinds[part])
        has_kinds = self.there[..., list(self._all_kinds(p))].any(axis=-1)
        beside = self._along_the_rows(has_kinds)  # where kinds stand in the row, above or below it
        there = self.there[..., p]
        rest = np.where(there, self.amounts[..., p] - kinds, 0.0)
        slack = self.rounding[p] + (self.there[..., list(parts)] * self.rounding[list(parts)]).sum(axis=-1)
        rest[np.abs(rest) <= slack + _RELATIVE * np.abs(kinds)] = 0.0
        rest[~_has_sign(rest, self.amounts[..., p])] = 0.0
        rest[:, list(self.scaled_parts)] = 0.0
        rest[:, self._apart_from_products()] = 0.0
        rest[self._is_mixed(p, kinds, slack)] = 0.0
        for n, f in np.argwhere((rest != 0) & has_kinds).tolist():
            self._judge(n, f, p, float(rest[n, f]), of_flow=False)
        for cell in self.refuted:
            if cell.product == p and not cell.rest_of_flow:
                rest[cell.at, cell.flow] = 0.0
        self.kinds[p] = counted + self._count_rests(p, rest, there, beside)

    def _apart_from_products(self) -> list[int]:
        """Return the rows whose totals are no sums of products: what is made of another nets out."""
        totals = ("total_consumption", "statistical_difference")
        return [f for f, flow in enumerate(self.balance.flows)
                if any(self.balance.is_part(flow, total) for total in totals)]  # fmt: skip

    def _all_kinds(self, p: int) -> Iterable[int]:
        for part in self.products.parts.get(p, ()):
            yield part
            yield from self._all_kinds(part)

    def _along_the_rows(self, has: np.ndarray) -> np.ndarray:
        """Return where a row, one that it is a part of (roots apart), or one of its parts has something."""
        found = has.copy()
        for f in range(has.shape[1]):
            is_root = not (self.balance.parents.get(self.balance.flows[f]) or vocabulary.flows()[self.balance.flows[f]].parent)
            for part in self.flows.below(f):
                found[:, f] |= has[:, part] & (not is_root)
                found[:, part] |= has[:, f] & (not is_root)
        return found

    def _is_mixed(self, p: int, kinds: np.ndarray, slack: np.ndarray) -> np.ndarray:
        """Return the area-years whose differences go both ways: the total is of other coefficients."""
        there = self.there[..., p]
        finest = [f for f in range(there.shape[1]) if not self.flows.below(f)]
        gap = np.where(there & (kinds != 0), np.abs(self.amounts[..., p]) - np.abs(kinds), 0.0)[:, finest]
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
            exceeded = there[:, f] & beside[:, f] & (np.abs(below) > np.abs(rest[:, f]) + self.rounding[p])
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
        """Give each amount that kinds do not hold its row and column."""
        for n, f in np.argwhere(own != 0).tolist():
            below = [part for part in self.flows.below(f) if own[n, part] != 0 and beside[n, part]]
            plain = [part for part in self.flows.below(f) if self.there[n, part, p]]
            has_below = bool(below) if beside[n, f] else bool(plain)
            if beside[n, f] or has_below:
                self.cells.append(Cell(n, f, p, has_below, bool(beside[n, f]), float(own[n, f]), 0))

    def _judge(self, n: int, f: int, p: int, rest: float, *, of_flow: bool) -> None:
        """Keep a remainder, or refute it: other sums of the table hold with the parts alone."""
        votes = 0
        for identity in self.identities.get((f, p), ()):
            own = "sum-of-parts" if of_flow else "sum-of-products"
            if identity.rule == own and identity.total == (f, p):
                continue
            votes += self._vote(n, identity, (f, p), rest)
        cell = Cell(n, f, p, of_flow, not of_flow, rest, votes)
        if votes < 0:
            self.refuted.append(cell)
        elif of_flow:
            self.cells.append(cell)

    def _vote(self, n: int, identity: Identity, place: tuple[int, int], rest: float) -> int:
        """Return 1 if a sum holds with the printed number, -1 if with the parts, 0 if with neither."""
        if np.isnan(self.amounts[(n, *identity.total)]):
            return 0
        terms = [(sign, f, p) for sign, f, p in identity.terms if self.there[n, f, p]]
        if not terms:
            return 0
        total = float(self.amounts[(n, *identity.total)])
        added = float(sum(sign * self.amounts[n, f, p] for sign, f, p in terms))
        slack = self.rounding[identity.total[1]] + sum(self.rounding[p] for _, _, p in terms)
        slack += _RELATIVE * max(abs(total), abs(added))
        gap = total - added
        sign = 1 if place == identity.total else -sum(s for s, f, p in terms if (f, p) == place)
        mended = gap - sign * rest
        if abs(gap) <= slack:
            return 1
        if abs(mended) <= slack or abs(mended) * _MUCH_LESS <= abs(gap):
            return -1
        return 0

    def extend(self) -> EnergyBalance:
        """Return the balance with the remainders as rows and columns."""
        if not self.cells:
            return self.balance
        return _extend(self.balance, self.cells, self.apart)

    def findings(self) -> list[Finding]:
        """Return what counts as a remainder, and what does not."""
        said = {(identity.rule, identity.total) for found in self.identities.values() for identity in found}
        alone = [cell for cell in self.refuted  # the checks name the others
                 if ("sum-of-parts" if cell.rest_of_flow else "sum-of-products", cell[1:3]) not in said]  # fmt: skip
        return [*self._say(self.cells, refuted=False), *self._say(alone, refuted=True)]

    def _say(self, cells: Sequence[Cell], *, refuted: bool) -> Iterable[Finding]:
        balance = self.balance
        by_row: dict[tuple[int, int, bool], list[Cell]] = {}
        for cell in cells:
            by_row.setdefault((cell.at, cell.flow, cell.rest_of_flow), []).append(cell)
        for (n, f, of_flow), found in by_row.items():
            a, y = self.apart[n].tolist()
            first = found[0]
            units = balance.amounts["unit"].values
            listed = ", ".join(f"{cell.amount:,.0f} {units[cell.product]} of {balance.products[cell.product]}" for cell in found)
            parts = "printed parts" if of_flow else "printed kinds"
            where = balance.locate(a, y, f, first.product)
            if refuted:
                yield Finding(
                    "remainder-refuted", "error",
                    f"{balance.flows[f]} has {listed} beyond its {parts}, and other sums of the table hold without: it is not counted",
                    where, "check the number and its parts",
                )  # fmt: skip
                continue
            label = f"{balance.flows[f]}{REMAINDER if of_flow else ''}"
            severity = "info" if all(cell.votes > 0 for cell in found) else "warning"
            yield Finding(
                "remainder", severity,  # type: ignore[arg-type]
                f"{balance.flows[f]} has {listed} beyond its {parts}: it counts as {label}"
                + ("" if of_flow else f" of {', '.join(balance.products[cell.product] + REMAINDER for cell in found)}"),
                where, "ask for the parts that are not printed",
            )  # fmt: skip


def _has_sign(rest: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """Return where a remainder has the sign of its parent."""
    found: np.ndarray = (rest * np.nan_to_num(parent) > 0) | (rest == 0)
    return found


def _extend(balance: EnergyBalance, cells: Sequence[Cell], apart: np.ndarray) -> EnergyBalance:
    """Return a balance with more rows and columns, each remainder after the parts of its parent."""
    flows, products = list(balance.flows), list(balance.products)
    new = []
    for cell in cells:
        flow = balance.flows[cell.flow] + (REMAINDER if cell.rest_of_flow else "")
        product = balance.products[cell.product] + (REMAINDER if cell.rest_of_product else "")
        flows += [flow] if flow not in flows else []
        products += [product] if product not in products else []
        new.append((*apart[cell.at].tolist(), flow, product, cell.amount))
    flows.sort(key=lambda flow: _after(balance.flows, flow, find_flow_tree(balance)))
    products.sort(key=lambda product: _after(balance.products, product, find_product_tree(balance)))
    row = {flow: i for i, flow in enumerate(flows)}
    column = {product: i for i, product in enumerate(products)}
    shape = (*balance.amounts.shape[:2], len(flows), len(products))
    at = np.ix_(range(shape[0]), range(shape[1]), [row[f] for f in balance.flows], [column[p] for p in balance.products])
    arrays = {}
    for name, nothing in (("amounts", np.nan), ("status", values.ABSENT), ("place", -1)):
        old = getattr(balance, name)
        array = np.full(shape, nothing, old.dtype)
        array[at] = old.values
        arrays[name] = array
    for a, y, flow, product, amount in new:
        arrays["amounts"][a, y, row[flow], column[product]] = amount
        arrays["status"][a, y, row[flow], column[product]] = values.NUMBER
    known = dict(zip(balance.products, balance.amounts["unit"].values, strict=True))
    coords = {
        "area": balance.amounts["area"].values, "year": balance.amounts["year"].values, "flow": flows, "product": products,
        "unit": ("product", [str(known[vocabulary.base_of(product)]) for product in products]),
    }  # fmt: skip
    amounts, status, place = (
        xr.DataArray(arrays[name], dims=DIMS, coords=coords, name=name)
        for name in ("amounts", "status", "place")
    )
    return replace(balance, amounts=amounts, status=status, place=place)


def _after(printed: Sequence[str], name: str, tree: Tree) -> tuple[int, bool]:
    """Return where a row comes: a printed one in its own place, a remainder after its parent's last part."""
    if name in printed:
        return printed.index(name), False
    place = printed.index(vocabulary.base_of(name))
    return max([place, *tree.below(place)]), True
