"""Where in a sheet the tables are.

The layout is found, not declared. Header rows are those in which several cells name products,
flows, years or what a column holds; label columns are those whose cells name flows or products;
every other column with a header is data. A cell's coordinates are what its row says, else what its
column says, else what the title says. So a table with products as rows, with years as columns, a
long table, three panels side by side or pages under one another need no code of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.columns import LABEL_KINDS, Columns, note_units, read_columns, set_units
from carbonacct.balances.context import find_about
from carbonacct.balances.conversions import find_bases
from carbonacct.balances.fill import Block, fill
from carbonacct.balances.grid import read_grid
from carbonacct.balances.header_rows import find_headers, first_data_row, spread_headings, title_top
from carbonacct.balances.headers import read_header, year_of
from carbonacct.balances.mapping import Mapping, words_for
from carbonacct.balances.mark_notes import note_flags, note_merged
from carbonacct.balances.pasted import split_cells
from carbonacct.balances.printed_units import read_corner
from carbonacct.balances.product_sections import add_sections
from carbonacct.balances.series_codes import expand_codes
from carbonacct.balances.stops import Stop
from carbonacct.balances.titles import Title, is_continued, read_title
from carbonacct.balances.topics import name_other, names_balance
from carbonacct.errors import CarbonacctError, Finding, TableError, UnitError
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.conversions import Basis
    from carbonacct.balances.grid import Grid
    from carbonacct.balances.printed_units import Corner
    from carbonacct.balances.rows import Rows
    from carbonacct.sheets.sheets import Cell, Sheet

__all__ = ["Block", "LeftOver", "Page", "read_page"]

_MATCHED_ROWS = 60
_MOST_TABLES = 500
_EMISSIONS = re.compile(r"排放(?:总?量|清单)|\bemissions?\b", re.IGNORECASE)


@dataclass
class LeftOver:
    """Cells that no table uses, by the reason: numbers, texts, and what a layout or mapping leaves out."""

    numbers: list[tuple[int, int]] = field(default_factory=list)
    texts: list[tuple[int, int]] = field(default_factory=list)
    left_out: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Table:
    """The place of one table in its sheet: title from ``top``, header from ``start``, data from ``first`` up to ``end``.

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
    blocks, left_over
        The cells of its tables, and the cells that no table uses.
    title, corner
        What a continued page takes over.
    refused
        Why a table of it is none of energy.
    stops
        What reading stops at.
    tables
        The tables that headers begin, whether they are read or not.
    grid
        What its cells read as.
    spread
        Cells (row, column) that were blank and have the text of a heading that is merged over them.
    """

    sheet: Sheet
    blocks: list[Block]
    left_over: LeftOver
    title: Title | None = None
    corner: Corner | None = None
    refused: Finding | None = None
    stops: list[Stop] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    grid: Grid | None = None
    spread: list[tuple[int, int]] = field(default_factory=list)


def read_page(
    sheet: Sheet, own: Mapping | None = None, *, area: str | None = None, before: Page | None = None
) -> Page:
    """Return the tables of a sheet, and what reading it stops at.

    Parameters
    ----------
    sheet
        Raw cells.
    own
        The user's mapping.
    area
        Name of the area, over what the title says.
    before
        The page that was read before, which a continued page (续表) goes on with.
    """
    page = Page(sheet, [], LeftOver())
    try:
        _read_page(page, own, area, before)
    except CarbonacctError as error:
        page.stops.append(Stop(error, page.sheet, getattr(error, "unknown", ())))
    return page


def _read_page(page: Page, own: Mapping | None, area: str | None, before: Page | None) -> None:
    sheet = page.sheet = add_sections(expand_codes(page.sheet))
    words = None
    if max(map(len, sheet.rows), default=0) == 1:
        words = words_for(
            [text for row in sheet.rows[:_MATCHED_ROWS] for text in row if isinstance(text, str)],
            own,
        )
        sheet = page.sheet = split_cells(sheet, words)
    page.spread = _spread_merged(sheet)
    page.grid = grid = read_grid(sheet, words or own)
    words = words or words_for(_first_texts(sheet, grid), own)
    if (words.marks, words.flags, words.decimal) != (
        (own.marks, own.flags, own.decimal) if own else ({}, {}, "")
    ):
        page.grid = grid = read_grid(sheet, words)  # a layout brings marks of its own
    tables: list[Table] = []
    starts = find_headers(sheet, grid, words)
    if len(starts) > _MOST_TABLES:
        raise TableError(
            say(
                "{address}: the sheet has {start_count} headers, more than it can have "
                "tables; keep the tables alone",
                address=sheet.address(0),
                start_count=len(starts),
            )
        )
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(sheet.rows)
        top = 0 if number == 0 else title_top(grid, starts[number - 1], start)
        table = _find_columns(page, grid, words, (top, start, end))
        page.tables.append(table)
        if tables:
            tables[-1].end = min(tables[-1].end, top)
        if _read_table(page, grid, table, words, area, before):
            tables.append(table)
    if page.blocks:
        page.left_over = _left_over(sheet, grid, tables)


def _first_texts(sheet: Sheet, grid: Grid) -> list[str]:
    width = grid.blank.shape[1]
    places = (divmod(place, width) for place in grid.others if place < _MATCHED_ROWS * width)
    return [cell for i, j in places if isinstance(cell := sheet.rows[i][j], str)]


def _spread_merged(sheet: Sheet) -> list[tuple[int, int]]:
    """Give each column under a merged header its text (a merge that is alone in its row is a title); return its cells."""
    spread = []
    for (top, left), (bottom, right) in sheet.merged:
        if (
            right <= left
            or bottom - top > 50
            or right - left > 60
            or top >= len(sheet.rows)
            or left >= len(sheet.rows[top])
        ):
            continue
        row = sheet.rows[top]
        text = row[left]
        if (
            not isinstance(text, str)
            or not text
            or (values.is_number(text) and not year_of(text))
            or not any(
                not values.is_blank(cell) for j, cell in enumerate(row) if not left <= j <= right
            )
        ):
            continue
        row.extend([""] * (right + 1 - len(row)))
        for column in range(left + 1, right + 1):
            if values.is_blank(row[column]):
                row[column] = text
                spread.append((top, column))
    return spread


def _find_columns(page: Page, grid: Grid, words: Mapping, span: tuple[int, int, int]) -> Table:
    top, start, end = span
    sheet = page.sheet
    rows = sheet.rows
    width = max(len(row) for row in rows[top:end])
    for row in rows[top:end]:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    first = first_data_row(sheet, grid, words, (start, end))
    start, spread = spread_headings(rows, words, (top, start, first))
    page.spread += spread
    return Table(top, start, first, end, read_columns(sheet, grid, words, (start, first, end)))


def _read_table(
    page: Page, grid: Grid, table: Table, words: Mapping, area: str | None, before: Page | None
) -> bool:
    """Fill one table; return whether it has cells."""
    sheet = page.sheet
    texts = [
        cell
        for row in sheet.rows[table.top : table.start]
        for cell in row
        if isinstance(cell, str) and cell.strip()
    ]
    heads = [j for j in table.columns.stubs if table.columns.each[j].kind in {"label", "area"}]
    texts += [
        cell
        for row in sheet.rows[table.start : table.first]
        for j in heads
        if isinstance(cell := row[j], str) and cell
    ]
    earlier = (
        page
        if page.title
        else before
        if before and (is_continued(texts) or before.sheet.file == sheet.file)
        else None
    )
    goes_on = page.title is not None or is_continued(texts)
    title = read_title(sheet, texts, words, area, _inherited(earlier, goes_on=goes_on))
    flow, product = find_about(sheet.rows[table.top : table.start], words)
    title = replace(title, flow=flow or title.flow, product=product or title.product)
    table.title = title
    if _EMISSIONS.search(title.text) and not names_balance(title.text):
        page.refused = Finding(
            "emissions-table",
            "warning",
            say("the title says emissions, which are no amounts of energy: the table is not read"),
            sheet.address(table.start),
            say("name the table of energy, or mend its title"),
        )
        return False
    corner = replace(read_corner(texts, words), basis=words.basis or _basis(sheet, grid, table))
    if earlier and earlier.corner and goes_on:
        says_unit = corner.units or corner.several or corner.is_standard or corner.unread
        corner = replace(
            corner if says_unit else earlier.corner, basis=corner.basis or earlier.corner.basis
        )
    if not table.columns.data:
        return False
    if not (
        title.flow
        or table.columns.labels
        or any(
            table.columns.each[j].header.flow or table.columns.each[j].header.weak
            for j in table.columns.data
        )
        or _has_headings(sheet, table, words)
    ):
        return False  # products with numbers that belong to no flow: coefficients, prices
    if what := name_other(title.text):
        page.refused = Finding(
            "other-table",
            "warning",
            say(
                "the title says {what}, which are no amounts of energy: the table is not read",
                what=what,
            ),
            sheet.address(table.start),
            say("use the table of amounts, or mend its title"),
        )
        return False
    table.columns = set_units(table.columns, corner)
    block, table.rows, stops = fill(sheet, grid, table.columns, (table.first, table.end), title)
    table.block = block
    page.stops += stops
    if block is None:
        if table.left_out:
            page.refused = Finding(
                "other-table",
                "warning",
                say("none of its rows is an amount of energy: the table is not read"),
                sheet.address(table.first),
                say("use the table of amounts, or give its labels an id in a mapping file"),
            )
        return False
    page.title, page.corner = page.title or title, page.corner or corner
    block.findings += [*grid.findings, *note_flags(block, grid, words.flags), *note_merged(block)]
    block.findings[:0] = note_units(sheet, table.columns, table.first - 1)
    page.blocks.append(block)
    return True


def _has_headings(sheet: Sheet, table: Table, words: Mapping) -> bool:
    """Return whether a heading among the products names the flow of those below it."""
    cells = (row[j] for row in sheet.rows[table.first : table.end] for j in table.columns.names)
    headers = (read_header(cell, words) for cell in cells if isinstance(cell, str) and cell)
    return any(header.flow or header.weak for header in headers)


def _basis(sheet: Sheet, grid: Grid, table: Table) -> Basis:
    """Return whether the texts of a sheet that are no labels say that energy is gross or net.

    Raises
    ------
    UnitError
        If they say both.
    """
    words = np.flatnonzero(grid.status == values.UNREADABLE).tolist()
    places = [divmod(place, grid.status.shape[1]) for place in words]
    if not find_bases({cell for i, j in places if isinstance(cell := sheet.rows[i][j], str)}):
        return ""
    data = frozenset(table.columns.data)
    outside = [
        sheet.rows[i][j]
        for i, j in places
        if not grid.has_numbers[i] and not (table.start <= i < table.first and j in data)
    ]
    found = find_bases(text for text in outside if isinstance(text, str))
    if len(found) > 1:
        said = join_texts(" and ", (repr(text[:60]) for text in found.values()))
        raise UnitError(
            say(
                "{address}: energy is said to be gross and net, {said}; say which in a "
                "mapping file (basis,gross or basis,net)",
                address=sheet.address(table.start),
                said=said,
            )
        )
    return next(iter(found), "")


def _inherited(page: Page | None, *, goes_on: bool) -> Title | None:
    """Return what a page takes over: all of the page it goes on with, only the area of another sheet of the file."""
    if page is None or page.title is None:
        return None
    return (
        page.title
        if goes_on
        else (
            Title(page.title.area, page.title.area_from)
            if page.title.area_from in {"title", "option"}
            else None
        )
    )


def _left_over(sheet: Sheet, grid: Grid, tables: Sequence[Table]) -> LeftOver:
    """Sort the cells that no table uses."""
    left = LeftOver()
    of_row: dict[int, Table] = {i: table for table in tables for i in range(table.top, table.end)}
    silent: dict[int, list[int]] = {}  # columns that a row with amounts may leave over
    for each in tables:
        odd = [
            j
            for j in each.columns.names
            if (grid.status[each.first : each.end, j] == values.NUMBER).any()
        ]  # a number among labels is none of them
        silent[id(each)] = [*each.columns.silent, *odd]
    for i, row in enumerate(sheet.rows):
        table = of_row.get(i)
        if table is None or (i >= table.first and i not in table.used):
            places: Iterable[int] = range(len(row))
        elif i < table.start:
            places = [
                j
                for j, cell in enumerate(row)
                if cell != ""
                and not year_of(cell)
                and (values.is_number(cell) or not isinstance(cell, str))
            ]
        elif i < table.first:
            columns = table.columns
            places = [
                j
                for j, cell in enumerate(row)
                if cell != ""
                and (
                    j in columns.unplaced
                    or i in columns.each[j].unread
                    or (values.is_number(cell) and not year_of(cell))
                )
            ]
        else:
            places = [
                j
                for j in silent[id(table)]
                if table.columns.each[j].kind not in LABEL_KINDS or values.is_number(row[j])
            ]
        for j in places:
            if not values.is_blank(row[j]):
                _sort(left, table, i, j, row[j])
    return left


def _sort(left: LeftOver, table: Table | None, i: int, j: int, cell: Cell) -> None:
    if table is not None and (
        i in table.left_out
        or (
            j < len(table.columns.each)
            and table.columns.each[j].kind == "skip"
            and i >= table.start
        )
    ):
        left.left_out.append((i, j))
    elif values.is_number(cell):
        left.numbers.append((i, j))
    else:
        left.texts.append((i, j))
