"""A sheet with its tables: where they stand, what their labels say, and the cells that they hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carbonacct.balances.join.block import Block
    from carbonacct.balances.label.context import Context
    from carbonacct.balances.label.titles import Title
    from carbonacct.balances.path.columns import Columns
    from carbonacct.balances.path.rows import Rows
    from carbonacct.balances.split.grid import Grid
    from carbonacct.balances.stops import Stop
    from carbonacct.errors import Finding
    from carbonacct.sheets.raw_sheets import Sheet
    from carbonacct.texts import Text


@dataclass
class LeftOver:
    """Cells that no table uses, by the reason: numbers, texts, and what a layout or mapping leaves out."""

    numbers: list[tuple[int, int]] = field(default_factory=list)
    texts: list[tuple[int, int]] = field(default_factory=list)
    left_out: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class TableExtent:
    """The place of a table in its sheet: title from ``top``, header from ``start``, data from ``first`` to ``end``.

    Attributes
    ----------
    columns, rows
        What its columns and rows are; no rows where it has no columns of data or is none of energy.
    block
        Its cells, None where no row is known.
    """

    top: int
    start: int
    first: int
    end: int
    columns: Columns
    title: Title | None = None
    rows: Rows | None = None
    block: Block | None = None

    @property
    def left_out(self) -> frozenset[int]:
        """Rows that hold no amounts of the table."""
        return self.rows.left_out if self.rows else frozenset()

    @cached_property
    def used(self) -> frozenset[int]:
        """Rows that name something."""
        return frozenset(self.rows.at) if self.rows else frozenset()


@dataclass
class Page:
    """One sheet, read.

    Attributes
    ----------
    tables
        The tables that headers begin, whether they are read or not.
    grid
        What its cells read as.
    spread
        Cells (row, column) that were blank and have the text of a heading that is merged over them.
    context
        What a continued page takes over.
    refused
        Why a table of it is none of energy.
    stops
        What reading stops at.
    left_over
        The cells that no table uses.
    passed_over
        Why the sheet is not read, "" if it is.
    """

    sheet: Sheet
    tables: list[TableExtent] = field(default_factory=list)
    grid: Grid | None = None
    spread: list[tuple[int, int]] = field(default_factory=list)
    context: Context | None = None
    refused: Finding | None = None
    stops: list[Stop] = field(default_factory=list)
    left_over: LeftOver = field(default_factory=LeftOver)
    passed_over: Text | str = ""

    @property
    def blocks(self) -> list[Block]:
        """The cells of its tables."""
        return [table.block for table in self.tables if table.block is not None]
