"""Rows that were joined into one: cells that hold several numbers, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.balances.stops import Stop
from carbonacct.errors import TableError
from carbonacct.sheets import values
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.balances.path.rows import Rows
    from carbonacct.sheets.raw_sheets import Cell, Sheet
    from carbonacct.texts import Text


def count_stacked(cell: Cell) -> int:
    r"""Return how many numbers a cell holds, one a line, 0 where it holds one or something else.

    Examples
    --------
    >>> count_stacked("1200\n3"), count_stacked("1200"), count_stacked("工业\n3")
    (2, 0, 0)
    """
    if not isinstance(cell, str) or cell == "":
        return 0
    lines = [line for line in cell.splitlines() if line.strip()]
    return len(lines) if len(lines) > 1 and all(map(values.is_number, lines)) else 0


def say_stacked(where: str, count: int) -> Text:
    """Return that a cell holds several numbers, and what to do."""
    return say(
        "{where} holds {count} numbers, one a line: rows that were joined into one; give each line a "
        "row of its own, one number a cell (in a spreadsheet: split by line break)",
        where=where,
        count=count,
    )


def ask_stacked(sheet: Sheet, rows: Rows, span: tuple[int, int]) -> Iterator[Stop]:
    """Stop at a row that names nothing and whose cells hold several numbers each: its labels are joined as well."""
    for i in sorted({*range(*span)} - {*rows.left_out, *rows.at}):
        for j in rows.columns.data:
            if count := count_stacked(sheet.rows[i][j]):
                message = say_stacked(sheet.address(i, j), count)
                yield Stop(TableError(message), sheet, cells=((i, j),))
                return
