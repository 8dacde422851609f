"""The labels of a row as they are printed, as one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.path.columns import Columns
    from carbonacct.sheets.raw_sheets import Cell, Sheet


def row_label(sheet: Sheet, columns: Columns, i: int) -> str:
    """Return the printed label of a row."""
    return join_labels(sheet.rows[i], label_places(columns, columns.stubs))


def label_places(columns: Columns, places: Sequence[int]) -> list[int]:
    """Return the places of labels, those of flows before those of products."""
    kinds = [columns.each[j].kind for j in columns.stubs]
    return [
        place
        for wanted in ("label", "product")
        for place, kind in zip(places, kinds, strict=True)
        if kind == wanted
    ]


def join_labels(row: Sequence[Cell], places: Sequence[int]) -> str:
    """Return the texts at some places of a row, with blanks between them."""
    return " ".join(
        str(row[j]).strip() for j in places if isinstance(row[j], str) and row[j]
    ).strip()


def find_header(sheet: Sheet, first: int, column: int) -> tuple[int, int]:
    """Return the lowest cell with a text above the rows of a table in a column: its header.

    Parameters
    ----------
    sheet
        The cells.
    first
        The first row of the table.
    column
        The column.
    """
    above = (i for i in range(first - 1, -1, -1) if column < len(sheet.rows[i]))
    texts = (i for i in above if isinstance(cell := sheet.rows[i][column], str) and cell.strip())
    return next(texts, max(first - 1, 0)), column
