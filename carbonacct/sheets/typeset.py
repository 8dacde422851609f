"""Characters on a page -> rows of cells.

What is no further apart than a space is one cell. Columns are where numbers stand under one
another; a heading belongs to the column that it overlaps, else to the first on its right, because
numbers are set flush right and headings are not. What stands left of all numbers is a label.
"""

from __future__ import annotations

import re
import statistics
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.sheets.raw_sheets import Cell

_NUMBER = re.compile(
    r"[(（]?[-+−–—]?[\d.,'’ ]*\d[\d.,'’ ]*[)）%*a-z]{0,2}|[-–—:.…/]{1,3}|n/?a|x", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_GAP = (
    0.5  # of the height of a line: what is further apart is another cell; a space is half of that
)
_SPACE = 0.1
_LINE = 0.5
_INDENT = 0.5


class TextPiece(NamedTuple):
    """A text and where it stands on its page: from left to right, from bottom to top."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def is_number(self) -> bool:
        """Whether it may stand in a column of numbers."""
        return bool(_NUMBER.fullmatch(self.text))


class _Slot(NamedTuple):
    """A column of the page; one without numbers is a heading alone, or labels."""

    left: float
    right: float
    has_numbers: bool


def lay_out(characters: Sequence[TextPiece]) -> list[list[Cell]]:
    """Return the characters of a page as rows of cells.

    Text without two columns of numbers keeps one cell a line, its cells cut by blanks.

    Examples
    --------
    >>> line = lambda text, x, y: [TextPiece(c, x + 5 * n, x + 5 * n + 5, y, y + 10) for n, c in enumerate(text)]
    >>> page = line("Coal", 100, 50) + line("Gas", 150, 50) + line("Industry", 0, 30)
    >>> lay_out(page + line("1", 130, 30) + line("2", 180, 30))
    [['', 'Coal', 'Gas'], ['Industry', '1', '2']]
    """
    height = statistics.median(piece.top - piece.bottom for piece in characters)
    lines = [_join(line, height) for line in _find_lines(characters, height)]
    columns = _find_columns(lines)
    first = _find_first(lines, len(columns))
    head = max(lines[:first], key=len, default=[])
    if len(columns) < 2 and not _is_list(head, lines[first:]):
        return [["   ".join(piece.text for piece in line)] for line in lines]
    margin = min(line[0].left for line in lines)
    slots = _find_slots(head, columns, margin)
    return [_place(line, slots, head, margin, height=height) for line in lines]


def _find_lines(characters: Sequence[TextPiece], height: float) -> list[list[TextPiece]]:
    """Return the characters line by line, from the top of the page."""
    lines: list[list[TextPiece]] = []
    base = 0.0
    for piece in sorted(characters, key=lambda each: -(each.top + each.bottom)):
        middle = (piece.top + piece.bottom) / 2
        if not lines or base - middle > height * _LINE:
            lines.append([])
            base = middle
        lines[-1].append(piece)
    return [sorted(line, key=lambda each: each.left) for line in lines]


def _join(line: Sequence[TextPiece], height: float) -> list[TextPiece]:
    """Return the cells of a line."""
    cells: list[TextPiece] = []
    for piece in line:
        before = cells[-1] if cells else None
        gap = piece.left - before.right if before else 0.0
        if before is None or gap >= height * _GAP:
            cells.append(piece)
            continue
        blank = " " if gap > height * _SPACE and min(before.text[-1], piece.text) < "\u2e80" else ""
        cells[-1] = before._replace(
            text=f"{before.text}{blank}{piece.text}", right=max(before.right, piece.right)
        )
    return cells


def _find_columns(lines: Iterable[Sequence[TextPiece]]) -> list[tuple[float, float]]:
    """Return where numbers stand under one another, behind the first cell of their lines."""
    spans = sorted((cell.left, cell.right) for line in lines for cell in line[1:] if cell.is_number)
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _find_first(lines: Sequence[Sequence[TextPiece]], column_count: int) -> int:
    """Return the first line of numbers; a line of labels and years stands above it."""
    for n, line in enumerate(lines):
        numbers = [cell.text for cell in line[1:] if cell.is_number]
        if len(numbers) >= min(column_count, 2) and not all(map(_YEAR.fullmatch, numbers)):
            return n
    return len(lines)


def _is_list(head: Sequence[TextPiece], below: Sequence[Sequence[TextPiece]]) -> bool:
    """Return whether a page with one column of numbers is a table: under headings, each line ends in a number."""
    ends = [len(line) > 1 and line[-1].is_number for line in below]
    return len(head) > 1 and sum(ends) > 1 and sum(ends) * 2 > len(ends)


def _find_slots(
    head: Sequence[TextPiece], columns: Sequence[tuple[float, float]], margin: float
) -> list[_Slot]:
    """Return the columns of a page from left to right, under the line of their headings.

    A heading with no numbers below it is a column all the same: one that is blank, or labels.
    """
    owned = {_find_heading(head, column) for column in columns}
    alone = [
        _Slot(cell.left, cell.right, has_numbers=False)
        for n, cell in enumerate(head)
        if n not in owned
    ]
    slots = sorted([*alone, *(_Slot(*column, has_numbers=True) for column in columns)])
    if slots[0].has_numbers:  # labels need no heading
        slots.insert(0, _Slot(margin, margin, has_numbers=False))
    return slots


def _find_heading(head: Sequence[TextPiece], column: tuple[float, float]) -> int:
    """Return the heading of a column: the one that overlaps it most, else the nearest on its left, else -1."""
    overlap = [min(cell.right, column[1]) - max(cell.left, column[0]) for cell in head]
    best = max(range(len(head)), key=overlap.__getitem__, default=-1)
    if best >= 0 and overlap[best] > 0:
        return best
    return max((n for n, cell in enumerate(head) if cell.left < column[0]), default=-1)


def _place(
    line: Sequence[TextPiece],
    slots: Sequence[_Slot],
    head: Sequence[TextPiece],
    margin: float,
    *,
    height: float,
) -> list[Cell]:
    """Return a line as a row; its label is indented as on the page."""
    row: list[Cell] = [""] * len(slots)
    numbers = [n for n, slot in enumerate(slots) if slot.has_numbers]
    labels = [n for n, slot in enumerate(slots[: numbers[0]]) if not slot.has_numbers] or [0]
    below = {n: _find_heading(line, slots[n][:2]) for n in range(len(slots))}
    for number, cell in enumerate(line):
        under_heading = [n for n, heading in below.items() if heading == number]
        over = [
            n
            for n in range(len(slots))
            if slots[n].left < cell.right and cell.left < slots[n].right
        ]
        if cell.is_number and any(slots[n].has_numbers for n in over):
            at = next(n for n in over if slots[n].has_numbers)
        elif line is head and under_heading:
            at = under_heading[0]
        elif number and any(n in labels for n in over):  # a second label, below its heading
            at = next(n for n in reversed(over) if n in labels)
        elif cell.right <= slots[numbers[0]].left or not under_heading:
            at = max((n for n in labels if slots[n].left - height <= cell.left), default=labels[0])
        else:
            at = under_heading[0]
        indent = (
            " " * round((cell.left - margin) / height * _INDENT)
            if at == labels[0] and not row[at]
            else ""
        )
        row[at] = f"{row[at]} {cell.text}" if row[at] else indent + cell.text
    return row
