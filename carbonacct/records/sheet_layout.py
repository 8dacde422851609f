"""Where the tables of a sheet stand: titles, heads, labels beside rows, columns of numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import remarks
from carbonacct.records.activity_labels import split_unit
from carbonacct.records.heading_roles import heading_of, year_of
from carbonacct.records.table_heads import TableRows, find_tables
from carbonacct.sheets.values import BLANK, MARK, NUMBER, UNREADABLE, is_blank, printed, read_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.sheets.raw_sheets import Cell, Sheet

_UNIT_NOTE = re.compile(r"^\s*[(（]?(?:计[量算])?单位\s*[:：]|^\s*units?\s*[:：]", re.IGNORECASE)
_CODE = "skip"


class SheetLayout:
    """The cells of a sheet as numbers and as texts, with what is merged spread over its range."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.width = max(map(len, sheet.rows), default=0)
        self.raw = [
            [self._text(cell) for cell in row] + [""] * (self.width - len(row))
            for row in sheet.rows
        ]
        self.kinds = np.full((len(sheet.rows), self.width), BLANK, dtype=np.int8)
        for number, row in enumerate(sheet.rows):
            self.kinds[number, : len(row)] = [read_value(cell)[1] for cell in row]
        for (top, left), (bottom, right) in sheet.merged:
            for below in range(top, min(bottom + 1, len(self.raw))):
                for at in range(left, min(right + 1, self.width)):
                    self.raw[below][at] = self.raw[top][left]
        self.texts = [[text.strip() for text in row] for row in self.raw]

    @staticmethod
    def _text(cell: Cell) -> str:
        if is_blank(cell):
            return ""
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return str(cell).rstrip() if isinstance(cell, str) else printed(cell)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell as the file holds it."""
        cells = self.sheet.rows[row]
        return cells[column] if column < len(cells) else ""

    def amounts(self, row: int) -> np.ndarray:
        """Return the columns of a row that hold a number or a mark in place of one."""
        kinds = self.kinds[row]
        return np.flatnonzero((kinds != BLANK) & (kinds != UNREADABLE))

    def is_head_of_years(self, row: int) -> bool:
        """Return whether all numbers of a row are years that stand across."""
        found = np.flatnonzero(self.kinds[row] == NUMBER)
        return (
            bool(len(found))
            and found[0] > 0
            and all(year_of(self.cell(row, at)) for at in found.tolist())
        )

    def holds_data(self, row: int, above: Sequence[int]) -> bool:
        """Return whether a row holds numbers, or marks in their place behind a label.

        Numbers that are all years are a head, the first time; later only behind a word for a head or
        that of the first one: two thousand pigs are no year.
        """
        found = self.amounts(row)
        if not len(found):
            return False
        if self.is_head_of_years(row):
            heads = [at for at in above if any(map(year_of, self.texts[at][1:]))]
            labels = self.texts[row][: found[0]]
            again = [self.texts[head][: found[0]] for head in heads]
            return bool(heads) and not (
                all(map(heading_of, filter(None, labels))) or labels in again
            )
        return bool((self.kinds[row][found] != MARK).any()) or bool(
            found[0] > 0 and self.texts[row][0]
        )


@dataclass(frozen=True)
class ColumnGroup:
    """Columns of labels, and the columns of numbers that they are the labels of."""

    stub: tuple[int, ...]
    numbers: tuple[int, ...]
    areas_said: bool


@dataclass
class SheetBlock:
    """A table: its rows, and what its columns are."""

    table: TableRows
    groups: list[ColumnGroup] = field(default_factory=list)
    years: set[int] = field(default_factory=set)
    areas: set[int] = field(default_factory=set)
    units: set[int] = field(default_factory=set)
    codes: set[int] = field(default_factory=set)

    @property
    def roles(self) -> set[int]:
        """The columns beside the rows that hold no label of an item."""
        return self.years | self.areas | self.units | self.codes

    @property
    def numbers(self) -> list[int]:
        """The columns of numbers."""
        return [column for group in self.groups for column in group.numbers]

    @property
    def left(self) -> int:
        """How many columns stand left of the first one of numbers."""
        return min(self.numbers, default=0)


def find_blocks(layout: SheetLayout) -> list[SheetBlock]:
    """Return the tables of a sheet, from the top."""
    filled = (row for row, texts in enumerate(layout.texts) if any(texts))
    tables = find_tables(
        (row for row in filled if not _is_note(layout, row)),
        holds_data=layout.holds_data,
        names_columns=partial(_is_head, layout),
    )
    blocks = [SheetBlock(table) for table in tables]
    for block in blocks:
        _spread_heads(layout, block)
        _place_columns(layout, block)
    return [block for block in blocks if block.groups]


def _is_note(layout: SheetLayout, row: int) -> bool:
    texts = list(filter(None, dict.fromkeys(layout.texts[row])))
    return len(texts) == 1 and remarks.is_remark(texts[0])


def _is_head(layout: SheetLayout, row: int, data: int | None) -> bool:
    """Return whether a row names columns: two texts or more, one of them above numbers, or years alone."""
    texts = layout.texts[row]
    filled = [at for at, text in enumerate(texts) if text and not _UNIT_NOTE.match(text)]
    if layout.is_head_of_years(row):
        return True
    above = set(filled) & set(layout.amounts(data).tolist() if data is not None else ())
    if len({texts[at] for at in filled}) < 2:
        return bool(above) and all(year_of(texts[at]) for at in above)
    return bool(above)


def _spread_heads(layout: SheetLayout, block: SheetBlock) -> None:
    """Carry a heading over the blank cells to its right where a row of the head below tells them apart."""
    for position, row in enumerate(block.table.head[:-1]):
        texts = layout.texts[row]
        below = [layout.texts[inner] for inner in block.table.head[position + 1 :]]
        for at in range(1, layout.width):
            told_apart = any(inner[at] for inner in below) and not heading_of(texts[at - 1])
            if told_apart and not texts[at]:
                texts[at] = texts[at - 1]


def _place_columns(layout: SheetLayout, block: SheetBlock) -> None:
    """Find which columns hold numbers, labels, units, years, areas and codes."""
    rows = [row for row in block.table.rows if row not in block.table.sections]
    kinds = layout.kinds[rows]
    counts = ((kinds != BLANK) & (kinds != UNREADABLE)).sum(axis=0)
    words = (kinds == UNREADABLE).sum(axis=0)
    numbers: list[int] = []
    for column in range(layout.width):
        headings = {heading_of(layout.texts[row][column]) for row in block.table.head} - {None}
        texts = [layout.texts[row][column] for row in rows if layout.texts[row][column]]
        dated = any(year_of(layout.texts[row][column]) for row in block.table.head)
        if texts and all(map(year_of, texts)) and not dated and ("year" in headings or not numbers):
            block.years.add(column)
        elif _CODE in headings:
            block.codes.add(column)
        elif counts[column] > words[column]:
            numbers.append(column)
        elif headings == {"unit"} or (texts and all(map(split_unit, texts))):
            block.units.add(column)
        elif "area" in headings:
            block.areas.add(column)
    block.groups += _group(block, numbers)


def _group(block: SheetBlock, numbers: Sequence[int]) -> list[ColumnGroup]:
    """Return the columns of numbers with the columns of labels to their left."""
    groups: list[ColumnGroup] = []
    for column in numbers:
        left = column - 1
        while left in numbers:
            left -= 1
        right = left
        while left >= 0 and left not in numbers:
            left -= 1
        stub = tuple(range(left + 1, right + 1))
        if groups and groups[-1].stub == stub:
            groups[-1] = ColumnGroup(stub, (*groups[-1].numbers, column), groups[-1].areas_said)
        elif stub:
            groups.append(ColumnGroup(stub, (column,), any(at in block.areas for at in stub)))
    return groups
