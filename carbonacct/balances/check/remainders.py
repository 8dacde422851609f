"""What a printed number has beyond its printed parts: a row, or a column, of its own.

A parent that is printed beside only some of its parts (industry beside chemicals, kerosene beside
jet kerosene) would lose the rest if its parts alone counted. The rest becomes an ordinary number
of the table, under the parent's id with ``.remainder``, unless other sums of the table say that
the parent is misprinted. Of electricity and heat total consumption is such a parent of all uses,
where the table prints uses alone. The rule stands in ``docs/convention.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.balances.amounts.energy_balance import DIMS, EnergyBalance
from carbonacct.balances.amounts.parts_tree import (
    Tree,
    find_flow_tree,
    find_plants_within,
    find_product_tree,
)
from carbonacct.balances.amounts.rounding import find_rounding
from carbonacct.balances.check.counting import (
    RELATIVE,
    Count,
    RemainderCell,
    find_alone,
    find_closed,
    find_netted,
    has_one_unit,
)
from carbonacct.errors import Finding, Gap
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say
from carbonacct.vocabulary import REMAINDER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


class Trees(NamedTuple):
    """The trees of the rows and of the columns of a table."""

    flows: Tree
    products: Tree


Total = tuple[str, int, int, int, int]  # rule of its sum, area, year, flow, product


@dataclass(frozen=True)
class Remainders:
    """A balance with its remainders as rows and columns.

    Attributes
    ----------
    balance
        The same balance where nothing is left; else with flows and products that end in
        ``.remainder``.
    said
        A finding for each remainder, and for each difference that is none because other sums of the
        table hold with the parts; each with the totals that differ from their parts by it.
    apart
        The area-years (as pairs of places) in which a parent and its parts differ.
    """

    balance: EnergyBalance
    said: tuple[tuple[frozenset[Total], Finding], ...] = ()
    apart: np.ndarray = field(default_factory=lambda: np.empty((0, 2), int))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings."""
        return tuple(finding for _, finding in self.said)

    @property
    def explained(self) -> frozenset[Total]:
        """The totals that differ from their parts by a remainder that counts."""
        return frozenset(total for totals, _ in self.said for total in totals)

    def without(self, totals: Collection[Total]) -> Remainders:
        """Return these without the findings whose totals all have another cause."""
        kept = tuple((own, one) for own, one in self.said if not own or not own <= set(totals))
        return replace(self, said=kept)


def find_remainders(balance: EnergyBalance, *, scaled: Collection[str] = ()) -> Remainders:
    """Find the remainders of printed parents, as rows and columns of their own.

    Parameters
    ----------
    balance
        Amounts in canonical units.
    scaled
        Flows whose parts a method scales to the printed row: nothing is left of them.

    Notes
    -----
    Products first: in each row, a printed total less its printed kinds. Then flows, from the finest
    up: a printed row less what counts below it. See ``docs/convention.md``.

    Examples
    --------
    >>> import carbonacct as ca, pandas as pd
    >>> table = pd.DataFrame({"area": "A", "year": 2019, "flow": "transport", "unit": "万吨",
    ...                       "product": ["kerosene", "jet_kerosene"], "value": [50, 0]})
    >>> found = find_remainders(ca.make_balance(table)).balance
    >>> float(found.quantity("kerosene.remainder").sel(flow="transport").item().magnitude)
    500000.0
    """
    flows, products = find_flow_tree(balance), find_product_tree(balance)
    rounding = find_rounding(balance)
    apart = _find_apart(balance, Trees(flows, products), rounding, scaled)
    if not len(apart):
        return Remainders(balance)
    count = Count(
        balance=balance,
        flows=flows,
        products=products,
        rounding=rounding,
        apart=apart,
        scaled=frozenset(scaled),
    )
    count.count()
    count.count_networks()
    extended = _extend(balance, count.cells, apart) if count.cells else balance
    return Remainders(extended, tuple(_list_findings(count)), apart)


def _list_totals(count: Count, cells: Iterable[RemainderCell]) -> frozenset[Total]:
    """Return the totals that some remainders are left of."""
    return frozenset(
        (rule, *count.apart[cell.at].tolist(), cell.flow, cell.product)
        for cell in cells
        for rule, is_rest in (
            ("sum-of-parts", cell.rest_of_flow),
            ("sum-of-products", cell.rest_of_product),
        )
        if is_rest
    )


def _find_apart(
    balance: EnergyBalance, trees: Trees, rounding: np.ndarray, scaled: Collection[str]
) -> np.ndarray:
    """Return the area-years (as pairs) in which a parent and its parts differ beyond print."""
    amounts = balance.amounts.values
    apart = np.zeros(amounts.shape[:2], bool)
    closed, plants = find_closed(balance, trees.flows, scaled), find_plants_within(balance)
    rows = np.moveaxis(amounts, 2, 0)
    for f in trees.flows.order:
        parts = (*trees.flows.parts.get(f, ()), *trees.flows.inside.get(f, ()))
        is_open = f not in closed or balance.flows[f] in scaled or not plants.isdisjoint(parts)
        if parts and is_open:
            apart |= _differ(rows, f, trees.flows, rounding).any(axis=-1)
    summed = np.ones(amounts.shape[2], bool)
    summed[find_netted(balance)] = False
    columns = np.moveaxis(amounts, 3, 0)
    for p, parts in trees.products.parts.items():
        if has_one_unit(balance, (p, *parts)):
            apart |= (_differ(columns, p, trees.products, float(rounding[p])) & summed).any(axis=-1)
            apart |= _is_alone(columns, p, trees)
    networks = [
        p for p, one in enumerate(balance.products) if vocabulary.is_electricity_or_heat(one)
    ]
    if networks:
        apart |= find_alone(balance, beside_plants=True)
    return np.argwhere(apart)


def _differ(lines: np.ndarray, line: int, tree: Tree, half: np.ndarray | float) -> np.ndarray:
    """Return where a row (or column) and what is printed below it have numbers, and differ beyond print."""
    held, some, numbers = _hold(lines, line, tree)
    total = lines[line]
    slack = half * (1 + numbers) + RELATIVE * np.abs(held)
    return np.asarray(some & (np.abs(np.nan_to_num(total) - held) > slack) & ~np.isnan(total))


def _hold(lines: np.ndarray, line: int, tree: Tree) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sum of what is printed nearest below a row (or column), whether there is any, and of how many numbers.

    A part that is blank stands for its own parts; a subtotal for its members, where they are blank.
    """
    shape = lines.shape[1:]
    held, numbers = np.zeros(shape), np.zeros(shape, np.int16)
    some = np.zeros(shape, bool)
    for part in tree.parts.get(line, ()):
        own = lines[part]
        there = ~np.isnan(own)
        if part in tree.parts and not there.all():
            below, has, count = _hold(lines, part, tree)
            held += np.where(there, own, below)
            some |= there | has
            numbers += np.where(there, 1, count).astype(np.int16)
        else:
            held += np.where(there, own, 0.0)
            some |= there
            numbers += there
    groups = tree.inside.get(line, ())
    for group in (i for i in groups if i not in tree.wholes):
        below, has, _ = _hold(lines, group, tree)
        alone = ~np.isnan(lines[group]) & (~has | (np.abs(np.nan_to_num(lines[group]) - below) > 0))
        held += np.where(alone, lines[group] - below, 0.0)
        some |= alone
        numbers += alone
    other = (
        some.copy()
    )  # light and heavy industry hold all of it: they count where nothing else does
    for group in (i for i in groups if i in tree.wholes):
        alone = ~np.isnan(lines[group]) & ~other
        held += np.where(alone, lines[group], 0.0)
        some |= alone
        numbers += alone
    return held, some, numbers


def _is_alone(columns: np.ndarray, p: int, trees: Trees) -> np.ndarray:
    """Return the area-years in which a total stands in a row without kinds that other rows of its tree have."""
    kinds = trees.products.below(p)
    there = ~np.isnan(columns[kinds]).all(axis=0)
    alone = ~np.isnan(columns[p]) & ~there  # a zero says something, too
    found = np.zeros(alone.shape[:2], bool)
    if not alone.any():
        return found
    for f in trees.flows.order:
        below = trees.flows.below(f)
        if below:
            found |= alone[:, :, f] & there[:, :, below].any(axis=2)
            found |= there[:, :, f] & alone[:, :, below].any(axis=2)
    return found


def _list_findings(count: Count) -> Iterable[tuple[frozenset[Total], Finding]]:
    """Yield what counts as a remainder, with its totals, and what does not."""
    findings = {
        (identity.rule, identity.total) for found in count.identities.values() for identity in found
    }
    alone = [
        cell
        for cell in count.refuted  # the checks name the others
        if ("sum-of-parts" if cell.rest_of_flow else "sum-of-products", (cell.flow, cell.product))
        not in findings
    ]
    for cells, refuted in ((count.cells, False), (alone, True)):
        by_row: dict[tuple[int, int, bool, bool], list[RemainderCell]] = {}
        for cell in cells:
            by_row.setdefault(
                (cell.at, cell.flow, cell.rest_of_flow, cell.rest_of_product), []
            ).append(cell)
        for found in by_row.values():
            totals = frozenset() if refuted else _list_totals(count, found)
            yield totals, _say(count, found, refuted=refuted)


def _say(count: Count, cells: Sequence[RemainderCell], *, refuted: bool) -> Finding:
    """Say what one row has beyond its parts, of all its products."""
    balance, first = count.balance, cells[0]
    a, y = count.apart[first.at].tolist()
    units, flow = balance.amounts["unit"].values, balance.flows[first.flow]
    listed = join_texts(
        ", ",
        (
            say(
                "{amount:,.0f} {unit} of {product}",
                amount=cell.amount,
                unit=units[cell.product],
                product=balance.products[cell.product],
            )
            for cell in cells
        ),
    )
    parts = say("parts") if first.rest_of_flow else say("kinds")
    gaps = tuple(
        Gap(balance.areas[a], balance.years[y], flow, balance.products[cell.product], cell.amount)
        for cell in cells
    )
    text = say(
        "{flow} has {listed} beyond its printed {parts}", flow=flow, listed=listed, parts=parts
    )
    where = balance.locate(a, y, first.flow, first.product)
    if refuted:
        return Finding(
            rule="remainder-refuted",
            severity="error",
            message=say(
                "{text}, and other sums of the table hold without: it is not counted", text=text
            ),
            where=where,
            action=say("check the number and its parts"),
            gaps=gaps,
        )
    return Finding(
        rule="remainder",
        severity="info" if all(cell.votes > 0 for cell in cells) else "warning",
        message=say(
            "{text}: it counts as {cells}",
            text=text,
            cells=join_texts(", ", dict.fromkeys(map(count.name, cells))),
        ),
        where=where,
        action=say("ask for the {parts} that are not printed", parts=parts),
        gaps=gaps,
    )


def _extend(
    balance: EnergyBalance, cells: Sequence[RemainderCell], apart: np.ndarray
) -> EnergyBalance:
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
    at = np.ix_(
        range(shape[0]),
        range(shape[1]),
        [row[f] for f in balance.flows],
        [column[p] for p in balance.products],
    )
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
        "area": balance.amounts["area"].values,
        "year": balance.amounts["year"].values,
        "flow": flows,
        "product": products,
        "unit": ("product", [str(known[vocabulary.base_of(product)]) for product in products]),
    }
    amounts = xr.DataArray(arrays["amounts"], dims=DIMS, coords=coords, name="amounts")
    status, place = (
        amounts.copy(deep=False, data=arrays[name]).rename(name) for name in ("status", "place")
    )
    return replace(balance, amounts=amounts, status=status, place=place)


def _after(printed: Sequence[str], name: str, tree: Tree) -> tuple[int, bool]:
    """Return where a row comes: a printed one in its own place, a remainder after its parent's last part."""
    if name in printed:
        return printed.index(name), False
    position = printed.index(vocabulary.base_of(name))
    return max([position, *tree.below(position)]), True
