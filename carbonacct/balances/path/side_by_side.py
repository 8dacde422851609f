"""Tables side by side under one header: a long one that is printed in two halves, 年份 | 煤 | 电 | 年份 | 煤 | 电.

The headings of the first half come back in the second, above other years (areas, labels). Each half
is a table of its own over the same rows.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.path.columns import Columns, TableColumn
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.path.headings import ColumnKind
    from carbonacct.sheets.raw_sheets import Cell

_BESIDE: ColumnKind = "beside"


def list_parts(
    columns: Columns, headings: Sequence[Sequence[Cell]], rows: Sequence[Sequence[Cell]]
) -> list[Columns]:
    """Return the columns of each table under one header: those given where it holds one table.

    Parameters
    ----------
    columns
        What each column holds.
    headings, rows
        The cells of the header, and those below it.

    Returns
    -------
    list of Columns
        In each, the columns of the other tables are ``"beside"``.
    """
    if len(columns.stubs) < 2:
        return [columns]
    heads = _fold_heads(headings, len(columns.each))
    first = columns.stubs[0]
    starts = [j for j, head in enumerate(heads) if head == heads[first]]
    if not any(heads[first]) or len(starts) < 2:
        return [columns]
    ends = [*starts[1:], len(heads)]
    parts = [
        [j for j in range(start, end) if any(heads[j])]
        for start, end in zip(starts, ends, strict=True)
    ]
    if first != starts[0] or not _are_alike(parts, heads):
        return [columns]
    if any(_is_repeated(rows, one, other) for one, other in pairwise(starts)):
        return [columns]  # the labels stand there twice, for a broad table
    key = ("side by side", columns, *starts)
    return columns.words.remember(key, lambda: [_only(columns, part, parts[0]) for part in parts])


def _fold_heads(headings: Sequence[Sequence[Cell]], width: int) -> list[tuple[str, ...]]:
    """Return the header of each column, folded."""
    return [
        tuple(vocabulary.fold(str(row[j])) if j < len(row) and row[j] else "" for row in headings)
        for j in range(width)
    ]


def _are_alike(parts: Sequence[Sequence[int]], heads: Sequence[tuple[str, ...]]) -> bool:
    """Return whether all parts have the same headings, and more than one each."""
    texts = [[heads[j] for j in part] for part in parts]
    return len(texts[0]) > 1 and all(each == texts[0] for each in texts)


def _is_repeated(rows: Sequence[Sequence[Cell]], one: int, other: int) -> bool:
    """Return whether two columns hold the same in each row."""
    return all(values.printed(row[one]) == values.printed(row[other]) for row in rows)


def _only(columns: Columns, part: Sequence[int], first: Sequence[int]) -> Columns:
    """Return the columns of one part, of which each holds what that of the first part does."""
    kinds = {j: columns.each[k].kind for j, k in zip(part, first, strict=True)}
    held = range(part[0], part[-1] + 1)
    return Columns(
        columns.words,
        tuple(
            replace(each, kind=kinds.get(j, each.kind))
            if j in held
            else TableColumn(each.header, _BESIDE)
            for j, each in enumerate(columns.each)
        ),
    )
