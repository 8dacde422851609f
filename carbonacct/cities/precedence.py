"""What a city prints stands before what its province's rows give it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.cities.printed_totals import list_known, physical
from carbonacct.errors import Finding, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from carbonacct.cities.meaning import Fact
    from carbonacct.cities.own_tables import Cells, CityCell, Key

_SPENT = 0.01  # of a total: nothing is left of it but print
_SUM = "derived"


def give_way(beside: Cells, cells: Cells, claims: Collection[Key] = ()) -> Cells:
    """Return the allocated cells that stay beside a city's own.

    A use that the city prints takes the place of all allocated cells of that use. Parts of a row
    stay where the city prints the row and none of them: they share what it prints (case C).

    Parameters
    ----------
    beside
        Allocated cells.
    cells
        The city's own.
    claims
        Further uses that are the city's: rows that a residual will fill, blanks of a printed table.
    """
    kept: Cells = {}
    for key, cell in beside.items():
        owners = [
            own for own, printed_cell in cells.items() if is_same_use(own, key, printed_cell.covers)
        ]
        if not owners and not any(is_same_use(claim, key) for claim in claims):
            kept[key] = cell
    for own, printed_cell in cells.items():
        kept |= _share_out(own, printed_cell, beside, cells)
    return _drop_open_sums(kept, cells)


def is_same_use(own: Key, other: Key, covers: Collection[str] = ()) -> bool:
    """Return whether two cells are of one use: row and product each within the other's.

    Parameters
    ----------
    own, other
        Rows and products.
    covers
        Further rows whose use the first holds.

    Examples
    --------
    >>> is_same_use(("industry", "raw_coal"), ("industry.textile", "coal_total"))
    True
    >>> is_same_use(("industry", "raw_coal"), ("transport", "raw_coal"))
    False
    """
    (flow, product), (row, column) = own, other
    rows = any(
        vocabulary.is_within(row, one) or vocabulary.is_within(one, row) for one in (flow, *covers)
    )
    return rows and (
        vocabulary.is_product_within(column, product)
        or vocabulary.is_product_within(product, column)
    )


def _share_out(own: Key, total_cell: CityCell, beside: Cells, cells: Cells) -> Cells:
    """Return the allocated parts of a row that the city prints alone, brought to that row."""
    flow, product = own
    within = {
        key: cell
        for key, cell in beside.items()
        if key[1] == product and key[0] != flow and vocabulary.is_within(key[0], flow)
        if not np.isnan(cell.value) and cell.unit == total_cell.unit
        if vocabulary.flows()[key[0]].part == "sum"
    }
    if not within or any(
        key != own and vocabulary.is_within(key[0], flow) and is_same_use(key, own) for key in cells
    ):
        return {}
    outermost = [
        key
        for key in within
        if not any(other != key and vocabulary.is_within(key[0], other[0]) for other in within)
    ]
    total = sum(within[key].value for key in outermost)
    if total * total_cell.value <= 0:
        return {}
    ratio = total_cell.value / total
    return {key: bring(cell, ratio, flow, total_cell.origin.source) for key, cell in within.items()}


def bring(cell: CityCell, ratio: float, what: str, source: str) -> CityCell:
    """Return an allocated cell x a ratio that brings it to something printed, and says so."""
    origin = cell.origin
    changed_source = f"{origin.source}; brought to {what} x {ratio:.10g}: {source}"
    changed = replace(origin, case="gamma", source=changed_source)
    return replace(cell, value=cell.value * ratio, origin=changed)


def _drop_open_sums(beside: Cells, cells: Cells) -> Cells:
    """Take out sums of rows of which a part is now another's: a sum is whole or absent."""
    present = {**beside, **cells}
    sums = {flow for (flow, _), cell in beside.items() if cell.origin.how == _SUM}
    broken = {
        flow
        for flow in sums
        for inner, product in present
        if (flow, product) not in present
        and inner != flow
        and vocabulary.is_within(inner, flow)
        and vocabulary.flows()[inner].part == "sum"
    }
    return {
        key: cell for key, cell in beside.items() if key[0] not in broken or cell.origin.how != _SUM
    }


def limit_by_totals(
    beside: Cells, cells: Cells, totals: Mapping[str, Sequence[Fact]], waiting: Collection[str]
) -> tuple[Cells, list[Finding]]:
    """Bring what is allocated of a fuel to what its printed total leaves beside the printed uses.

    Parameters
    ----------
    beside, cells
        Allocated cells, and the city's own.
    totals
        Printed totals of each product.
    waiting
        Totals whose rest a row takes as a residual: what is allocated there stays.

    Returns
    -------
    Cells, list of Finding
        Where the printed uses are the total, nothing is allocated.
    """
    notes: list[Finding] = []
    for product, facts in totals.items():
        total = physical(facts)
        if total is None:
            continue
        # What no index reaches is within the total: a residual or the printed uses hold it.
        beside = {
            key: cell
            for key, cell in beside.items()
            if not np.isnan(cell.value) or not vocabulary.is_product_within(key[1], product)
        }
        own = list_known(cells, product)
        if product in waiting or not own:
            continue
        added = {key for key in list_known({**beside, **cells}, product) if key not in cells}
        rest = total.value - sum(own.values())
        given = sum(abs(beside[key].value) for key in added)
        if not given:
            continue
        family = {
            key
            for key in beside
            if any(is_same_use(one, key) and vocabulary.is_within(key[0], one[0]) for one in added)
        }
        if rest <= _SPENT * total.value:
            beside = {key: cell for key, cell in beside.items() if key not in family}
            named = name_some([flow for flow, _ in sorted(added)], 4)
            message = say(
                "the printed uses of {product} are its total: none is allocated to {named}",
                product=product,
                named=named,
            )
            notes.append(Finding("city-closed", "info", message, total.statement.where))
            continue
        source = f"what {total.statement.where} leaves"
        brought = {key: bring(beside[key], rest / given, "the total", source) for key in family}
        beside = {**beside, **brought}
    return _drop_open_sums(beside, cells), notes
