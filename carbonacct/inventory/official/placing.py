"""Where each entry stands in an official table: the row of the nearest category, and one row alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.inventory.entry_columns import number_groups, plain_columns
from carbonacct.inventory.official.layouts import KINDS

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.inventory.official.layouts import OfficialLayout, Selector

OTHER_SECTOR, SCOPE2, MEMO, NO_ROW = -1, -2, -3, -4
LABELS = ("sector", "kind", "category", "flow", "product")


@dataclass(frozen=True, eq=False)
class Placed:
    """Where each entry of an inventory stands in a table.

    Attributes
    ----------
    period, row, column
        Of each entry; a row below zero is the reason why it stands in none.
    value, weight
        In t, and the CO2-equivalent of a t (1 where no metric is named).
    """

    period: np.ndarray
    row: np.ndarray
    column: np.ndarray
    value: np.ndarray
    weight: np.ndarray


def place_entries(entries: pd.DataFrame, layout: OfficialLayout) -> np.ndarray:
    """Return the place of the row that each entry stands in, or why it stands in none.

    Parameters
    ----------
    entries
        Of an inventory.

    Returns
    -------
    ndarray of int
        A place in ``layout.rows``; or ``OTHER_SECTOR``, ``SCOPE2``, ``MEMO`` or ``NO_ROW`` where
        the table is of other sectors, has no row of that kind, or none of the category.

    Notes
    -----
    Of the rows that take an entry, the one with the nearest category at or above its own has it;
    of equals, one that names its source, then its item, then its fuel. So rows never share an
    entry, and what a table does not divide stands in the row above.
    """
    group, first = number_groups(entries, LABELS)
    kinds = plain_columns(entries[list(LABELS)].iloc[first])
    rows = kinds.itertuples(index=False, name=None)
    found = np.array([_find_row(row, layout) for row in rows], dtype=int)
    return np.asarray(found[group])


def _find_row(labels: tuple[str, ...], layout: OfficialLayout) -> int:
    sector, kind = labels[:2]
    best: tuple[int, ...] = (0,)
    place = NO_ROW
    for at, row in enumerate(layout.rows):
        for selector in row.selectors:
            score = _match(labels, selector)
            if score > best:
                best, place = score, at
    if place != NO_ROW:
        return place
    other = OTHER_SECTOR if layout.sectors and sector not in layout.sectors else NO_ROW
    return {"scope2": SCOPE2, "memo": MEMO}.get(kind, other)


def _match(labels: tuple[str, ...], selector: Selector) -> tuple[int, ...]:
    """Return how near a selector is to an entry; (0,) where it does not take it."""
    _, kind, category, flow, product = labels
    if (kind if kind in KINDS else "direct") != selector.kind:
        return (0,)
    if selector.sources and vocabulary.base_of(flow) not in selector.sources:
        return (0,)
    if selector.items and product.split(",")[0] not in selector.items:
        return (0,)
    if selector.fuel and selector.fuel != _fuel_of(product):
        return (0,)
    near = [code for code in selector.of if category == code or category.startswith(code + ".")]
    if selector.of and not near:
        return (0,)
    depth = max((code.count(".") + 1 for code in near), default=0)
    named = (bool(selector.sources), bool(selector.items), bool(selector.fuel))
    return (1, depth, *map(int, named))


@cache
def _fuel_of(product: str) -> str:
    """Return whether a product is biomass; what the vocabulary does not know counts as fossil."""
    known = vocabulary.products().get(vocabulary.base_of(product))
    return "biomass" if known is not None and known.group == "biomass" else "fossil"
