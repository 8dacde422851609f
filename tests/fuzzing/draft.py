"""A copy of a table under one change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct.sheets.raw_sheets import cell_name
from tests.fuzzing.base import copy_sheets
from tests.fuzzing.words import UNIT

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from carbonacct.sheets.raw_sheets import Cell
    from tests.fuzzing.base import Base, Place, Printed, Spot


class Draft:
    """A copy of a table under one change, with chance from a seed.

    Attributes
    ----------
    base
        The table as it was: what its cells mean is asked of it.
    sheets
        The copy, in which all rows are of one length.
    picked
        The number that the change was about.
    """

    def __init__(self, base: Base, chance: random.Random) -> None:
        self.base = base
        self.chance = chance
        self.picked: Spot | None = None
        self.sheets = copy_sheets(base.sheets)
        for sheet in self.sheets:
            width = max(map(len, sheet.rows), default=0)
            for row in sheet.rows:
                row.extend([""] * (width - len(row)))

    def pick(self, fits: Callable[[Spot], bool] | None = None) -> Spot | None:
        """Return a number of the table by chance, among those that fit."""
        spots = [spot for spot in self.base.spots if fits is None or fits(spot)]
        self.picked = self.chance.choice(spots) if spots else None
        return self.picked

    def rows(self, sheet: int) -> list[list[Cell]]:
        """Return the rows of a sheet, to be changed."""
        return self.sheets[sheet].rows

    def get(self, place: Place) -> Cell:
        """Return a cell; nothing beyond the sheet."""
        sheet, row, column = place
        rows = self.rows(sheet)
        return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""

    def put(self, place: Place, cell: Cell) -> str:
        """Set a cell, and return what was done."""
        sheet, row, column = place
        before = self.get(place)
        self.rows(sheet)[row][column] = cell
        prefix = f"{self.sheets[sheet].name}!" if len(self.sheets) > 1 else ""
        return f"{prefix}{cell_name(row, column)}: {before!r} -> {cell!r}"

    def print_unit(self, printed: Printed, unit: str) -> str:
        """Print another unit at every place that prints one."""
        done = [self.put(place, UNIT.sub(unit, str(self.get(place)))) for place, _ in printed]
        return "; ".join(done)

    def merge(self, sheet: int, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Merge a range of cells."""
        merged = (*self.sheets[sheet].merged, (start, end))
        self.sheets[sheet] = replace(self.sheets[sheet], merged=merged)

    def unmerge(self, sheet: int) -> None:
        """Leave no range merged."""
        self.sheets[sheet] = replace(self.sheets[sheet], merged=())

    def insert_row(self, sheet: int, at: int, row: list[Cell]) -> None:
        """Put a row in; merged ranges below it move with their rows."""
        self.rows(sheet).insert(at, row)
        self._move_merged(sheet, lambda i, j: (i + (i >= at), j))

    def insert_column(self, sheet: int, at: int) -> None:
        """Put a blank column in; merged ranges behind it move with their columns."""
        for row in self.rows(sheet):
            row.insert(at, "")
        self._move_merged(sheet, lambda i, j: (i, j + (j >= at)))

    def drop_row(self, sheet: int, at: int) -> None:
        """Take a row out; merged ranges below it move with their rows."""
        del self.rows(sheet)[at]
        self._move_merged(sheet, lambda i, j: (i - (i > at), j))

    def _move_merged(self, sheet: int, move: Callable[[int, int], tuple[int, int]]) -> None:
        ranges = self.sheets[sheet].merged
        merged = tuple((move(*start), move(*end)) for start, end in ranges)
        self.sheets[sheet] = replace(self.sheets[sheet], merged=merged)
