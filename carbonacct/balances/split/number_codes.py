"""Codes that a workbook holds as numbers: ``1`` of a mapping file is the cell 1, as it is in a text file."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell, Sheet

_CODE = re.compile(r"\d{1,9}")
_PARTS = re.compile(r"[>#]")  # above>name, name#2


def write_codes(sheet: Sheet, own: Mapping | None) -> Sheet:
    """Return a sheet in which numbers that a mapping names are texts, in rows and columns all so named.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> from carbonacct.sheets.raw_sheets import Sheet
    >>> sheet = Sheet("a.xlsx", "", [["品种", "工业"], [1.0, 500.0], [8.0, 1.0]])
    >>> write_codes(sheet, Mapping(products={"1": "raw_coal", "8": "natural_gas"})).rows
    [['品种', '工业'], ['1', 500.0], ['8', 1.0]]
    """
    codes = _list_codes(own) if own else frozenset()
    if not codes:
        return sheet
    rows = [list(row) for row in sheet.rows]
    width = max(map(len, rows), default=0)
    columns = [[row[j] for row in rows if j < len(row)] for j in range(width)]
    are_codes = [_are_codes(cells, codes) for cells in columns]
    for row in rows:
        # The label of a row is no heading: of 8 | 1.0 the second is an amount.
        has_label = any(are_codes[j] and _find_code(cell) for j, cell in enumerate(row))
        is_row = not has_label and _are_codes(row, codes)
        for j, cell in enumerate(row):
            if (is_row or are_codes[j]) and (code := _find_code(cell)):
                row[j] = code
    return replace(sheet, rows=rows)


def _list_codes(own: Mapping) -> frozenset[str]:
    """Return the codes that name a flow, a product or an area."""
    names = (
        part
        for words in (own.flows, own.products, own.areas)
        for word in words
        for part in _PARTS.split(word)
    )
    return frozenset(filter(_CODE.fullmatch, names))


def _find_code(cell: Cell) -> str:
    """Return a whole number as a text, "" for anything else."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return ""
    return f"{cell:.0f}" if cell >= 0 and float(cell).is_integer() else ""


def _are_codes(cells: Sequence[Cell], codes: frozenset[str]) -> bool:
    numbers = [cell for cell in cells if isinstance(cell, (int, float))]
    return bool(numbers) and all(_find_code(cell) in codes for cell in numbers)
