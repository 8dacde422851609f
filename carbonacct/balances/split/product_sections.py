"""Headings that name a product above rows that name none: 天然气, then 供气总量 and #家庭用量 below it.

What such a heading says of the rows below it becomes a column of its own behind the last, so that
they are read as rows of a table with a column of products.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.label.labels import take_units
from carbonacct.balances.words.compounds import read_joined
from carbonacct.balances.words.mapping import Mapping
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.sheets.raw_sheets import Cell, Sheet

_HEADING = "Product"
_MOST_ROWS = 5_000
_NO_WORDS = Mapping()  # the vocabulary alone; it remembers what it was asked


def add_sections(sheet: Sheet) -> Sheet:
    """Return a sheet with a column of the products that headings name; any other sheet as it is.

    Examples
    --------
    >>> from carbonacct.sheets.raw_sheets import Sheet
    >>> rows = [["指标", "2019"], ["天然气", ""], ["供气总量(万立方米)", 5], ["煤气", ""], ["供气总量(万立方米)", 7]]
    >>> add_sections(Sheet("a", "", rows)).rows[2:]
    [['供气总量(万立方米)', 5, '天然气'], ['', '', '煤气'], ['供气总量(万立方米)', 7, '煤气']]
    """
    rows = sheet.rows
    if len(rows) > _MOST_ROWS or max(map(len, rows), default=0) < 2:
        return sheet
    headings = [i for i, row in enumerate(rows) if _is_heading(row)]
    if len(headings) < 2:
        return sheet
    header = headings[0] - 1
    while header >= 0 and all(values.is_blank(cell) for cell in rows[header][1:]):
        header -= 1
    if header < 0 or sum(_names_product(cell) for cell in rows[header]) > 1:
        return sheet
    products = _list_products(rows, set(headings), header + 1)
    if products is None:
        return sheet
    width = max(map(len, rows))
    wide: list[list[Cell]] = [
        [*row, *[""] * (width - len(row)), product]
        for row, product in zip(rows, products, strict=True)
    ]
    wide[header][width] = _HEADING
    for i in headings:  # a heading names no flow, nor does its translation
        wide[i][:width] = [""] * width
    return replace(sheet, rows=wide)


def _is_heading(row: Sequence[Cell]) -> bool:
    """Return whether a row holds the name of a product, and nothing else but that in another language."""
    first = row[0] if row else ""
    return (
        float not in map(type, row)  # most rows hold numbers, and are seen at once
        and _names_product(first)
        and all(values.is_blank(cell) or _names_same(cell, first) for cell in row[1:])
    )


def _names_same(cell: Cell, first: Cell) -> bool:
    """Return whether two cells name one product: 天然气 | Natural Gas."""
    return _names_product(cell) and _product_of(cell) == _product_of(first)


def _product_of(cell: Cell) -> str | None:
    return vocabulary.resolve("product", take_units(str(cell), _NO_WORDS)[0])


def _names_product(cell: Cell) -> bool:
    if not isinstance(cell, str) or values.is_blank(cell):
        return False
    return _NO_WORDS.remember(("product alone", cell), lambda: _is_product(cell))


def _is_product(text: str) -> bool:
    label, _ = take_units(text, _NO_WORDS)
    return bool(vocabulary.resolve("product", label) and not vocabulary.resolve("flow", label))


def _list_products(
    rows: Sequence[Sequence[Cell]], headings: set[int], first: int
) -> list[str] | None:
    """Return the heading that holds for each row, or None if a row below one names a product of its own."""
    products: list[str] = []
    product = ""
    has_rows = False
    for i, row in enumerate(rows):
        label = row[0] if row else ""
        if i in headings:
            product = str(label).strip()
        elif isinstance(label, str) and product and not values.is_blank(label):
            text, _ = take_units(label, _NO_WORDS)
            joined = read_joined(text, {}, {})
            if _names_product(label) or (joined and joined.product):
                return None
            is_flow = bool(vocabulary.resolve("flow", text) or joined)
            if not is_flow and all(values.is_blank(cell) for cell in row[1:]):
                product = ""  # a heading of something else
            has_rows |= is_flow
        products.append(product if i >= first else "")
    return products if has_rows else None
