"""Rows of two cells above a table that say one thing of all its numbers: ``TIME | 2019``, ``UNIT | ktoe``, ``SIEC | Natural gas``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carbonacct import vocabulary
from carbonacct.balances.label.headers import column_word, year_of
from carbonacct.sheets import values
from carbonacct.units import is_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.sheets import Cell


class Context(NamedTuple):
    """What a row of two cells says: the kind of column that its first cell would head, and the value or id of the second."""

    kind: str
    value: str


def read_context(row: Sequence[Cell], words: Mapping) -> Context | None:
    """Return what a row says of all numbers below it, or None if it is no such row.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> read_context(["TIME", "", "2019"], Mapping()), read_context(["Product", "Natural gas"], Mapping())
    (Context(kind='year', value='2019'), Context(kind='product', value='natural_gas'))
    >>> read_context(["Item", "Coal", "Oil"], Mapping()), read_context(["Industry", "5"], Mapping())
    (None, None)
    """
    cells = [cell for cell in row if not values.is_blank(cell)]
    if len(cells) != 2:
        return None
    key, value = cells
    if not isinstance(key, str):
        return None
    kind = column_word(key) or ""
    found: str | None = None
    if kind == "year":
        found = str(year_of(value) or "")
    elif not isinstance(value, str):
        return None
    elif kind == "unit":
        found = value if is_unit(value) else ""
    elif kind == "area":
        found = value if vocabulary.resolve("area", value, words.areas) else ""
    elif kind == "product":
        found = vocabulary.resolve("product", value, words.products)
    elif kind == "label":
        found = vocabulary.resolve("flow", value, words.flows)
    return Context(kind, found) if found else None


def find_about(rows: Iterable[Sequence[Cell]], words: Mapping) -> tuple[str, str]:
    """Return the flow and the product that rows above a table say it is about; "" where they say none."""
    said = {found.kind: found.value for row in rows if (found := read_context(row, words))}
    return said.get("label", ""), said.get("product", "")
