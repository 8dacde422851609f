"""Binary workbooks (.xlsb): how far sheets reach, the text they repeat, their error cells, from the records."""

from __future__ import annotations

import struct
from collections import Counter
from typing import TYPE_CHECKING

from carbonacct.sheets.markup import ListedSheet, read_relations
from carbonacct.sheets.raw_sheets import ERROR_TEXTS, ErrorRun
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.sheets.raw_sheets import Budget

# Record types after [MS-XLSB] 2.3; those of cells start with their column.
_ROW, _SHEET_OF_BOOK, _TEXT = 0, 156, 19
_ERROR, _SHARED, _FORMULA_ERROR = 3, 7, 11
_CELLS = range(1, 12)
_LONGEST_NAME = 255


def list_binary_sheets(book: bytes, relations: bytes) -> list[ListedSheet]:
    """Return the sheets of a workbook in order."""
    targets = {one.id: one.part for one in read_relations(relations, "xl")}
    found = []
    for kind, record in _records(book):
        if kind == _SHEET_OF_BOOK:
            hidden = struct.unpack_from("<I", record, 0)[0]
            part, at = _read_text(record, 8)
            name, _ = _read_text(record, at)
            found.append(ListedSheet(name, targets.get(part.encode(), ""), is_hidden=bool(hidden)))
    return found


def shared_text_lengths(part: bytes) -> list[int]:
    """Return how long the texts are that cells share by number."""
    return [
        struct.unpack_from("<I", record, 1)[0] for kind, record in _records(part) if kind == _TEXT
    ]


def inspect_binary_sheet(
    budget: Budget, sheet: str, part: bytes, lengths: list[int]
) -> list[ErrorRun]:
    """Take the cells and the shared texts of a sheet from the budget, and return its error cells."""
    row = bottom = right = 0
    errors = []
    used: Counter[int] = Counter()
    for kind, record in _records(part):
        if kind == _ROW:
            row = struct.unpack_from("<I", record, 0)[0]
        elif kind in _CELLS:
            column = struct.unpack_from("<I", record, 0)[0]
            bottom, right = max(bottom, row + 1), max(right, column + 1)
            if kind == _SHARED:
                used[struct.unpack_from("<I", record, 8)[0]] += 1
            elif kind in {_ERROR, _FORMULA_ERROR}:
                budget.take_errors(sheet, 1)
                text = ERROR_TEXTS.get(record[8], "#ERR")
                errors.append(ErrorRun(range(row, row + 1), range(column, column + 1), text))
    budget.take_cells(sheet, bottom, right)
    budget.take_text(
        sheet, sum(lengths[n] * times for n, times in used.items() if n < len(lengths))
    )
    return errors


def _records(part: bytes) -> Iterator[tuple[int, memoryview]]:
    """Yield the type and the content of each record.

    Raises
    ------
    ValueError
        If one reaches beyond the end.
    """
    view, at = memoryview(part), 0
    while at < len(view):
        kind, at = view[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (view[at] & 0x7F) << 7, at + 1
        length = shift = 0
        while True:
            byte, at = view[at], at + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        if at + length > len(view):
            raise ValueError(say("a record reaches beyond the end"))
        yield kind, view[at : at + length]
        at += length


def _read_text(record: memoryview, at: int) -> tuple[str, int]:
    """Return a text that stands in a record behind its length, and where it ends."""
    length = min(struct.unpack_from("<I", record, at)[0], _LONGEST_NAME)
    end = at + 4 + 2 * length
    return bytes(record[at + 4 : end]).decode("utf-16-le", "replace"), end
