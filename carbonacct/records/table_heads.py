"""Where the tables of a sheet begin: the one finder of titles, heads and rows below them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonacct.sheets.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from carbonacct.sheets.raw_sheets import Cell

_HEAD_WITHIN = 40  # rows: above the head of a table of known columns stand a title and remarks


@dataclass(frozen=True)
class TableRows:
    """Which rows are a table.

    Attributes
    ----------
    titles
        What stands above its head.
    head
        Rows one below the other that name columns; none where the table has no head.
    rows
        What stands below the head.
    sections
        Those of the rows that hold no data: they head the next ones.
    """

    titles: list[int]
    head: list[int]
    rows: list[int] = field(default_factory=list)
    sections: set[int] = field(default_factory=set)


def find_tables(
    rows: Iterable[int],
    *,
    holds_data: Callable[[int, Sequence[int]], bool],
    names_columns: Callable[[int, int | None], bool],
) -> Iterator[TableRows]:
    """Yield the tables of some rows, from the top.

    The head of a table is the last row that names columns above a row of data, with those right
    above it that do so too. Rows of data without a head above them belong to the table before.

    Parameters
    ----------
    rows
        Numbers of rows that are not blank.
    holds_data
        Whether a row holds data, given the rows above it that hold none.
    names_columns
        Whether a row names columns, given the row of data below it; None where there is none.

    Examples
    --------
    >>> page = ["title", "head", "section", "1", "2", "title", "head", "3"]
    >>> tables = find_tables(
    ...     range(len(page)),
    ...     holds_data=lambda at, above: page[at].isdigit(),
    ...     names_columns=lambda at, below: page[at] == "head",
    ... )
    >>> [(one.titles, one.head, one.rows, one.sections) for one in tables]
    [([0], [1], [2, 3, 4], {2}), ([5], [6], [7], set())]
    """
    table: TableRows | None = None
    above: list[int] = []
    waiting: list[int] = []  # rows without data, which may head the next ones
    for row in rows:
        if not holds_data(row, above):
            waiting.append(row)
            above.append(row)
            continue
        begun = _split_head(waiting, [at for at in waiting if names_columns(at, row)])
        if table is None or begun.head:
            if table is not None:
                yield table
            table = begun
            sections = begun.rows
        else:
            sections = begun.titles
            table.rows.extend(sections)
        table.sections.update(sections)
        table.rows.append(row)
        waiting = []
    if table is not None:
        yield table
    begun = _split_head(waiting, [at for at in waiting if names_columns(at, None)])
    if begun.head:
        yield begun


def _split_head(waiting: Sequence[int], naming: Sequence[int]) -> TableRows:
    """Return the titles, the head and what stands below it of rows without data."""
    if not naming:
        return TableRows(list(waiting), [])
    head = [naming[-1]]
    while head[0] - 1 in naming:
        head.insert(0, head[0] - 1)
    return TableRows(
        titles=[row for row in waiting if row < head[0]],
        head=head,
        rows=[row for row in waiting if row > head[-1]],
    )


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
    tables = find_tables(
        range(min(len(rows), _HEAD_WITHIN)),
        holds_data=lambda _, above: bool(above) and names_columns(rows[above[-1]]),
        names_columns=lambda at, _: names_columns(rows[at]),
    )
    return next((table.head[-1] for table in tables if table.head), None)


def is_title(row: Sequence[Cell]) -> bool:
    """Return whether a row holds one text and nothing else, as a title or a remark does.

    Examples
    --------
    >>> is_title(["Table 1", None, ""]), is_title(["A", 2020]), is_title([2020])
    (True, False, False)
    """
    filled = {cell for cell in row if not is_blank(cell)}
    return len(filled) == 1 and all(isinstance(cell, str) for cell in filled)
