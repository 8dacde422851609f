"""What a printed number has beyond its printed parts: a row, or a column, of its own.

A parent that is printed beside only some of its parts (industry beside chemicals, kerosene beside
jet kerosene) would lose the rest if its parts alone counted. The rest becomes an ordinary number
of the table, under the parent's id with ``.remainder``, unless other sums of the table say that
the parent is misprinted. The rule stands in ``docs/convention.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.errors import Finding, Gap
from carbonacct.tables import values
from carbonacct.tables.counting import RELATIVE, Cell, Count, along_the_rows, has_one_unit
from carbonacct.tables.records import DIMS, EnergyBalance
from carbonacct.tables.rounding import find_rounding
from carbonacct.tables.tree import Tree, find_flow_tree, find_product_tree
from carbonacct.vocabulary import REMAINDER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


@dataclass(frozen=True)
class Remainders:
    """A balance with its remainders as rows and columns.

    Attributes
    ----------
    balance
        The same balance where nothing is left; else with flows and products that end in
        ``.remainder``.
    findings
        Each remainder, and each difference that is none because other sums of the table hold with
        the parts.
    explained
        Totals (area, year, flow, product) that differ from the sum of their rows (``sum-of-parts``)
        or products (``sum-of-products``) by a remainder that counts.
    apart
        The area-years (as pairs of places) in which a parent and its parts differ.
    """

    balance: EnergyBalance
    findings: tuple[Finding, ...] = ()
    explained: frozenset[tuple[str, int, int, int, int]] = frozenset()
    apart: np.ndarray = field(default_factory=lambda: np.empty((0, 2), int))


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
    apart = _find_apart(balance, flows, products, rounding)
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
    explained = frozenset(
        (rule, *apart[cell.at].tolist(), cell.flow, cell.product)
        for cell in count.cells
        for rule, is_rest in (("sum-of-parts", cell.rest_of_flow), ("sum-of-products", cell.rest_of_product))
        if is_rest
    )  # fmt: skip
    extended = _extend(balance, count.cells, apart) if count.cells else balance
    return Remainders(extended, tuple(_list_findings(count)), explained, apart)


def _find_apart(
    balance: EnergyBalance, flows: Tree, products: Tree, rounding: np.ndarray
) -> np.ndarray:
    """Return the area-years (as pairs) in which a parent and its parts differ beyond print."""
    amounts = balance.amounts.values
    apart = np.zeros(amounts.shape[:2], bool)
    rows = _fill([amounts[:, :, f] for f in range(amounts.shape[2])], flows)
    for f, parts in [*flows.parts.items(), *_list_subtotals(flows)]:
        found = _differ(rows[f], [rows[part] for part in parts], [rounding] * (len(parts) + 1))
        apart |= found.any(axis=-1)
    columns = _fill([amounts[..., p] for p in range(amounts.shape[3])], products)
    for p, parts in products.parts.items():
        if has_one_unit(balance, (p, *parts)):
            half = [rounding[i] for i in (p, *parts)]
            apart |= _differ(columns[p], [columns[i] for i in parts], half).any(axis=-1)
            apart |= _find_alone(balance, flows, p, products.below(p)).any(axis=-1)
    return np.argwhere(apart)


def _fill(lines: list[np.ndarray], tree: Tree) -> list[np.ndarray]:
    """Return rows or columns, one without a number as the sum of its parts."""
    for i in tree.order:
        parts = [lines[part] for part in tree.parts.get(i, ())]
        if parts and (blank := np.isnan(lines[i])).any():
            added = np.nansum(parts, axis=0)
            added[np.isnan(parts).all(axis=0)] = np.nan
            lines[i] = np.where(blank, added, lines[i])
    return lines


def _list_subtotals(flows: Tree) -> Iterable[tuple[int, list[int]]]:
    """Yield rows with their subtotals and what stands in none of them, as they should add up."""
    for f, groups in flows.inside.items():
        named = [i for i in groups if i not in flows.wholes]
        held = {part for group in named for part in flows.parts.get(group, ())}
        if named:
            yield f, [*named, *(part for part in flows.parts.get(f, ()) if part not in held)]
        yield f, [i for i in groups if i in flows.wholes]


def _find_alone(
    balance: EnergyBalance, flows: Tree, p: int, kinds: Sequence[int]
) -> np.ndarray:
    """Return the rows with a total whose kinds stand in rows above or below alone."""
    amounts = balance.amounts.values
    has_kinds = ~np.isnan(amounts[..., kinds]).all(axis=-1)
    total = np.nan_to_num(amounts[..., p]) != 0
    found: np.ndarray = total & ~has_kinds & along_the_rows(balance, flows, has_kinds)
    return found


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
    found: np.ndarray = (gap > tolerance + RELATIVE * np.abs(added)) & some & ~np.isnan(total)
    return found


def _list_findings(count: Count) -> Iterable[Finding]:
    """Yield what counts as a remainder, and what does not."""
    said = {(identity.rule, identity.total) for found in count.identities.values() for identity in found}
    alone = [cell for cell in count.refuted  # the checks name the others
             if ("sum-of-parts" if cell.rest_of_flow else "sum-of-products", (cell.flow, cell.product)) not in said]  # fmt: skip
    for cells, refuted in ((count.cells, False), (alone, True)):
        by_row: dict[tuple[int, int, bool, bool], list[Cell]] = {}
        for cell in cells:
            by_row.setdefault((cell.at, cell.flow, cell.rest_of_flow, cell.rest_of_product), []).append(cell)
        yield from (_say(count, found, refuted=refuted) for found in by_row.values())


def _say(count: Count, cells: Sequence[Cell], *, refuted: bool) -> Finding:
    """Say what one row has beyond its parts, of all its products."""
    balance, first = count.balance, cells[0]
    a, y = count.apart[first.at].tolist()
    units, flow = balance.amounts["unit"].values, balance.flows[first.flow]
    listed = ", ".join(
        f"{cell.amount:,.0f} {units[cell.product]} of {balance.products[cell.product]}" for cell in cells
    )
    parts = "parts" if first.rest_of_flow else "kinds"
    gaps = tuple(
        Gap(balance.areas[a], balance.years[y], flow, balance.products[cell.product], cell.amount)
        for cell in cells
    )
    text = f"{flow} has {listed} beyond its printed {parts}"
    where = balance.locate(a, y, first.flow, first.product)
    if refuted:
        return Finding(
            rule="remainder-refuted",
            severity="error",
            message=f"{text}, and other sums of the table hold without: it is not counted",
            where=where,
            action="check the number and its parts",
            gaps=gaps,
        )
    return Finding(
        rule="remainder",
        severity="info" if all(cell.votes > 0 for cell in cells) else "warning",
        message=f"{text}: it counts as {', '.join(dict.fromkeys(map(count.name, cells)))}",
        where=where,
        action=f"ask for the {parts} that are not printed",
        gaps=gaps,
    )


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
