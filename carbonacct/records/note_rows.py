"""Notes below a table: rows with a text in the first cell alone."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from carbonacct import remarks
from carbonacct.errors import Finding
from carbonacct.sheets.values import is_blank
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.sheets.raw_sheets import Cell

_SHOWN = 40


def count_notes(upwards: Iterable[Sequence[Cell]]) -> int:
    """Return how many rows at the end of a table are notes, given its rows from the last one up.

    Examples
    --------
    >>> count_notes([["注: 2019年为快报数", "", ""], ["重庆", 2019, 3188]])
    1
    """
    return sum(1 for _ in takewhile(_is_note, upwards))


def _is_note(row: Sequence[Cell]) -> bool:
    first = row[0] if row else ""
    return isinstance(first, str) and remarks.is_remark(first) and all(map(is_blank, row[1:]))


def find_notes(file: str, notes: Sequence[tuple[int, Cell]]) -> list[Finding]:
    """Return what a reader should know of notes that are left out, given the row of each from 1, and its text."""
    if not notes:
        return []
    labels = join_texts(
        ", ",
        (
            say("row {row} ({cell})", row=row, cell=str(cell).strip()[:_SHOWN])
            for row, cell in notes
        ),
    )
    what = (
        say("1 row below the panel is a note and is")
        if len(notes) == 1
        else say("{count} rows below the panel are notes and are", count=len(notes))
    )
    message = say("{what} left out: {labels}", what=what, labels=labels)
    return [Finding("note-rows", "warning", message, file)]
