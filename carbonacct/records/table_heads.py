"""Where a table of known columns begins: the one finder of its head below titles and remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.sheets.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbonacct.sheets.raw_sheets import Cell

_HEAD_WITHIN = 40  # rows: above it stand a title and remarks


def find_head(
    rows: Sequence[Sequence[Cell]], names_columns: Callable[[Sequence[Cell]], bool]
) -> int | None:
    """Return the first row that names the columns of a table, among the first ones; None without one.

    Examples
    --------
    >>> rows = [["Table 1"], [], ["area", "year"], ["A", 2020]]
    >>> find_head(rows, lambda row: "year" in row)
    2
    """
    return next((at for at, row in enumerate(rows[:_HEAD_WITHIN]) if names_columns(row)), None)


def is_title(row: Sequence[Cell]) -> bool:
    """Return whether a row holds one text and nothing else, as a title or a remark does.

    Examples
    --------
    >>> is_title(["Table 1", None, ""]), is_title(["A", 2020]), is_title([2020])
    (True, False, False)
    """
    filled = {cell for cell in row if not is_blank(cell)}
    return len(filled) == 1 and all(isinstance(cell, str) for cell in filled)
