"""A title that commas of unquoted text have cut into cells: Coal | Oil | Natural Gas Consumption by Sector."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.label.topics import find_product
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.sheets.raw_sheets import Cell, Sheet

_NUMBER = re.compile(r"^[\s\d.-]+")


def mend_cut_title(sheet: Sheet) -> Sheet:
    """Return a sheet whose first text is whole again where commas of unquoted text have cut it.

    Cut, one of the fuels that it lists would be that of all numbers. A sentence has a blank behind each
    comma, and a table none, or one behind all of them: so the cells of the first row go on where they
    begin with a blank and no cell below does, if one of them alone names a product and the whole none.

    Examples
    --------
    >>> from carbonacct.sheets.raw_sheets import Sheet
    >>> rows = [["5-12 Coal", " Oil", " Natural Gas by Sector"], ["Sector", "2019", ""]]
    >>> mend_cut_title(Sheet("a.csv", "", rows, delimiter=",")).rows[0]
    ['5-12 Coal, Oil, Natural Gas by Sector', '', '']
    """
    first = next((i for i, row in enumerate(sheet.rows) if not all(map(values.is_blank, row))), -1)
    if sheet.delimiter != "," or first < 0:
        return sheet
    row = sheet.rows[first]
    count = 1 + next((n for n, cell in enumerate(row[1:]) if not _goes_on(cell)), len(row) - 1)
    is_whole = all(map(values.is_blank, row[count:]))
    if count < 2 or not is_whole or any(map(_goes_on, _inner_cells(sheet.rows[first + 1 :]))):
        return sheet
    title = ",".join(map(str, row[:count]))
    if find_product(title) or not any(map(_names_product, row[:count])):
        return sheet
    rows = [*sheet.rows]
    rows[first] = [title, *[""] * (len(row) - 1)]
    return replace(sheet, rows=rows)


def _names_product(cell: Cell) -> bool:
    text = _NUMBER.sub("", str(cell)).strip()
    return bool(find_product(text) or vocabulary.resolve("product", text))


def _goes_on(cell: Cell) -> bool:
    return isinstance(cell, str) and cell[:1] == " " and bool(cell.strip())


def _inner_cells(rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    return [cell for row in rows for cell in row[1:]]
