"""Where in a sheet the tables are.

The layout is found, not declared. Header rows are those in which several cells name products,
flows, years or what a column holds; label columns are those whose cells name flows or products;
every other column with a header is data. A cell's coordinates are what its row says, else what its
column says, else what the title says. So a table with products as rows, with years as columns, a
long table, three panels side by side or pages under one another need no code of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.errors import Finding, TableError
from carbonacct.tables import values
from carbonacct.tables.columns import LABEL_KINDS, Columns, fits, note_units, read_columns, read_corner, same_dimension, set_units
from carbonacct.tables.fill import Block, fill
from carbonacct.tables.grid import read_grid
from carbonacct.tables.headers import read_header, unit_known, year_of
from carbonacct.tables.mapping import Mapping, words_for
from carbonacct.tables.pasted import split_cells
from carbonacct.tables.sheets import MisreadError
from carbonacct.tables.titles import Title, is_continued, read_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.tables.columns import Corner
    from carbonacct.tables.grid import Grid
    from carbonacct.tables.sheets import Cell, Sheet

__all__ = ["Block", "LeftOver", "Page", "fits", "read_page", "same_dimension"]

_MATCHED_ROWS = 60
_MOST_TABLES = 500
_EMISSIONS = re.compile(r"排放(?:总?量|清单)|\bemissions?\b", re.IGNORECASE)
_BALANCE = re.compile(r"平衡表|\bbalance", re.IGNORECASE)


@dataclass
class LeftOver:
    """Cells that no table uses, by the reason: numbers, texts, and what a layout or mapping leaves out."""

    numbers: list[tuple[int, int]] = field(default_factory=list)
    texts: list[tuple[int, int]] = field(default_factory=list)
    left_out: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Page:
    """One sheet, read: its tables, what they leave over, the title that a continued page takes over, and why a table of it is none of energy."""

    sheet: Sheet
    blocks: list[Block]
    left_over: LeftOver
    title: Title | None = None
    corner: Corner | None = None
    refused: Finding | None = None


@dataclass
class _Table:
    """The place of one table in its sheet: title from ``top``, header from ``start``, data from ``first`` up to ``end``."""

    top: int
    start: int
    first: int
    end: int
    columns: Columns
    left_out: frozenset[int] = frozenset()
    used: frozenset[int] = frozenset()


def read_page(sheet: Sheet, own: Mapping | None = None, *, area: str | None = None, before: Page | None = None) -> Page:
    """Return the tables of a sheet.

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

    Raises
    ------
    TableError, UnitError
        If a row, a column or a unit is unknown, a column occurs twice, or a unit contradicts its product.
    """
    words = None
    if max(map(len, sheet.rows), default=0) == 1:
        words = words_for([text for row in sheet.rows[:_MATCHED_ROWS] for text in row if isinstance(text, str)], own)
        sheet = split_cells(sheet, words)
    _spread_merged(sheet)
    grid = read_grid(sheet)
    words = words or words_for(_first_texts(sheet, grid), own)
    page = Page(sheet, [], LeftOver())
    tables: list[_Table] = []
    starts = _header_rows(sheet, grid, words)
    if len(starts) > _MOST_TABLES:
        raise TableError(f"{sheet.address(0)}: the sheet has {len(starts)} headers, more than it can have tables; keep the tables alone")
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(sheet.rows)
        top = 0 if number == 0 else _title_top(grid, starts[number - 1], start)
        table = _find_columns(sheet, grid, words, (top, start, end))
        if tables:
            tables[-1].end = min(tables[-1].end, top)
        if _read_table(page, grid, table, words, area, before):
            tables.append(table)
    if page.blocks:
        page.left_over = _left_over(sheet, grid, tables)
    return page


def _first_texts(sheet: Sheet, grid: Grid) -> list[str]:
    width = grid.blank.shape[1]
    places = (divmod(place, width) for place in grid.others if place < _MATCHED_ROWS * width)
    return [cell for i, j in places if isinstance(cell := sheet.rows[i][j], str)]


def _spread_merged(sheet: Sheet) -> None:
    """Give each column under a merged header its text (a merge that is alone in its row is a title)."""
    for (top, left), (bottom, right) in sheet.merged:
        if right <= left or bottom - top > 50 or right - left > 60 or top >= len(sheet.rows) or left >= len(sheet.rows[top]):
            continue
        row = sheet.rows[top]
        text = row[left]
        if not isinstance(text, str) or not text or not any(not values.is_blank(cell) for j, cell in enumerate(row) if not left <= j <= right):
            continue
        row.extend([""] * (right + 1 - len(row)))
        for column in range(left + 1, right + 1):
            row[column] = row[column] or text


def _header_rows(sheet: Sheet, grid: Grid, words: Mapping) -> list[int]:
    """Return the first row of each header: rows that name at least two products, flows, years or column contents."""
    found: list[int] = []
    data_since = True
    if not grid.blank.size:
        return found
    numbers = grid.plain.sum(axis=1).tolist()
    is_word = ~(grid.blank | grid.plain)
    first_words, word_counts = is_word.argmax(axis=1).tolist(), is_word.sum(axis=1).tolist()
    for number, row in enumerate(sheet.rows):
        is_first = not found
        if numbers[number] > 1:
            is_header, has_numbers = False, True
        elif word_counts[number] < 2:  # the label of a row, if anything
            is_header, has_numbers = False, bool(numbers[number] or (word_counts[number] and year_of(row[first_words[number]])))
        elif numbers[number]:
            is_header, has_numbers = _looks_like_header(row, words, is_first=is_first)
        else:  # words alone, which come back in the next table
            is_header, has_numbers = words.remember(("row of words", repr(row), is_first), partial(_looks_like_header, row, words, is_first=is_first))
        if is_header:
            if data_since:
                found.append(number)
            data_since = False
        elif has_numbers:
            data_since = True
    return found


def _looks_like_header(row: Sequence[Cell], words: Mapping, *, is_first: bool) -> tuple[bool, bool]:
    """Return whether a row names what columns hold, and whether it holds numbers."""
    years: list[int] = []
    texts: list[str] = []
    numbers = 0
    for cell in row:
        if cell == "" or values.is_blank(cell):
            continue
        if year := year_of(cell):
            years.append(year)
        elif values.is_number(cell):
            numbers += 1
        elif isinstance(cell, str):
            texts.append(cell)
    if len(texts) + len(years) < 2:
        return False, bool(numbers or years)
    headers = [read_header(text, words) for text in texts]
    products = {header.product for header in headers} - {None}
    flows = {header.flow for header in headers} - {None}
    kinds = {header.word for header in headers} - {None, "skip"}
    are_years = bool(years) and not (numbers or flows or products) and _are_header_years(years) and (is_first or _say_nothing(texts, words))
    years_count = len(set(years)) if are_years and (len(set(years)) > 1 or kinds) else 0
    names = len(products) + len(kinds) + (len(flows) if len(flows) >= 3 or "product" in kinds else 0) + years_count
    is_header = names >= 2 and (len(products) != 1 or len(flows) != 1 or bool(kinds) or bool(years))
    if not is_first:  # a row of a long table names a product and a flow, too
        is_header = is_header and not (numbers or (years and products)) and (bool(kinds) or len(products) >= 3 or years_count > 0)
    return is_header, bool(numbers or years)


def _are_header_years(years: Sequence[int]) -> bool:
    """Return whether years stand as in a header: in order, or the same run again and again."""
    run = list(dict.fromkeys(years))
    steps = {(later > earlier) for earlier, later in pairwise(run)}
    times = {years.count(year) for year in run}
    return len(steps) <= 1 and len(times) == 1


def _say_nothing(texts: Iterable[str], words: Mapping) -> bool:
    """Return whether texts are headings, units or notes: nothing that could be the label of a row."""
    return all(read_header(text, words).word or unit_known(text, words) or vocabulary.is_note(text) for text in texts)


def _title_top(grid: Grid, previous: int, start: int) -> int:
    """Return the first row of the title above a later header: behind the last row with numbers."""
    top = start
    while top - 1 > previous and not grid.plain[top - 1].any():
        top -= 1
    return top


def _find_columns(sheet: Sheet, grid: Grid, words: Mapping, span: tuple[int, int, int]) -> _Table:
    top, start, end = span
    rows = sheet.rows
    width = max(len(row) for row in rows[top:end])
    for row in rows[top:end]:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    first = _first_data_row(sheet, grid, words, (start, end))
    start = _spread_headings(rows, words, (top, start, first))
    return _Table(top, start, first, end, read_columns(sheet, grid, words, (start, first, end)))


def _first_data_row(sheet: Sheet, grid: Grid, words: Mapping, span: tuple[int, int]) -> int:
    """Return the first row below the header that carries a label of a flow or product, or numbers that are no years."""
    start, end = span
    left = int(grid.blank[start:end, :20].all(axis=0).argmin())
    for number in range(start + 1, end):
        row = sheet.rows[number]
        if grid.plain[number].any() or words.remember(("first data row", repr(row), left), partial(_is_data_row, row, left, words)):
            return number
    return end


def _is_data_row(row: Sequence[Cell], left: int, words: Mapping) -> bool:
    """Return whether a row without plain numbers carries the label of a flow or product."""
    cells = [cell for cell in row if not values.is_blank(cell)]
    texts = [cell for cell in cells if isinstance(cell, str) and not year_of(cell)]
    if not texts or values.is_blank(row[left]):
        return False
    if any(map(year_of, cells)) and not _say_nothing(texts[:1], words):
        return True  # a label with numbers that all look like years
    first = read_header(texts[0], words)
    others = {header.product for header in (read_header(text, words) for text in texts[1:]) if header.product}
    is_unit_row = sum(unit_known(text, words) for text in texts) * 2 > len(texts)
    return bool(first.flow or (first.product and not first.units)) and not others and not is_unit_row


def _spread_headings(rows: list[list[Cell]], words: Mapping, span: tuple[int, int, int]) -> int:
    """Carry a heading over the columns that repeat below it, where the file has lost the merge; return the first row of the header.

    煤炭 | blank | 焦炭 | blank above 2018 | 2019 | 2018 | 2019 is what a merged header leaves in a CSV.
    """
    top, start, first = span
    below = rows[start:first]
    marks = words.remember(("repeated marks", repr(below)), lambda: [_marks(row, words) for row in below])
    for lowest, (filled, places) in enumerate(marks, start):
        if not places:
            continue
        if lowest == start and start > top and sum(isinstance(rows[start - 1][j], str) and rows[start - 1][j] != "" for j in places) >= 2:
            start -= 1
        for i in range(start, lowest):
            text: Cell = ""
            for j in range(places[0], places[-1] + 1):
                if not values.is_blank(rows[i][j]):
                    text = rows[i][j]
                elif j in filled and isinstance(text, str):
                    rows[i][j] = text
        break
    return start


def _marks(row: Sequence[Cell], words: Mapping) -> tuple[frozenset[int], tuple[int, ...]]:
    """Return the columns of a row that are not blank, and those of its marks where one of them comes twice."""
    marks = {j: _mark(cell, words) for j, cell in enumerate(row) if cell != "" and not values.is_blank(cell)}
    places = tuple(j for j, mark in marks.items() if mark)
    return frozenset(marks), places if len({marks[j] for j in places}) < len(places) else ()


def _mark(cell: Cell, words: Mapping) -> object:
    """Return what may repeat under headings: a year, a product, the quantity itself or its coal equivalent."""
    if year := year_of(cell):
        return year
    header = read_header(cell, words) if isinstance(cell, str) else None
    return header and (header.product or (header.word if header.word in {"physical", "standard"} else None))


def _read_table(page: Page, grid: Grid, table: _Table, words: Mapping, area: str | None, before: Page | None) -> bool:
    """Fill one table; return whether it has cells."""
    sheet = page.sheet
    texts = [cell for row in sheet.rows[table.top:table.start] for cell in row if isinstance(cell, str) and cell.strip()]
    texts += [cell for row in sheet.rows[table.start:table.first] for j in table.columns.labels if isinstance(cell := row[j], str) and cell]
    earlier = page if page.title else before if before and (is_continued(texts) or before.sheet.file == sheet.file) else None
    goes_on = page.title is not None or is_continued(texts)
    title = read_title(sheet, texts, words, area, _inherited(earlier, goes_on=goes_on))
    if _EMISSIONS.search(title.text) and not _BALANCE.search(title.text):
        page.refused = Finding("emissions-table", "warning", "the title says emissions, which are no amounts of energy: the table is not read", sheet.address(table.start),
                               "name the table of energy, or mend its title")  # fmt: skip
        return False
    corner = read_corner(texts, words)
    if not (corner.units or corner.several or corner.is_standard) and earlier and earlier.corner and goes_on:
        corner = earlier.corner
    if not table.columns.data:
        return False
    if not (title.flow or table.columns.labels or any(table.columns.each[j].header.flow for j in table.columns.data)):
        return False  # products with numbers that belong to no flow: coefficients, prices
    try:
        table.columns = set_units(table.columns, corner)
    except MisreadError as error:
        raise error.at(sheet, table.first - 1) from None
    block, rows = fill(sheet, grid, table.columns, (table.first, table.end), title)
    if block is None:
        return False
    page.title, page.corner = page.title or title, page.corner or corner
    block.findings[:0] = note_units(sheet, table.columns, table.first - 1)
    page.blocks.append(block)
    table.left_out, table.used = rows.left_out, frozenset(rows.at)
    return True


def _inherited(page: Page | None, *, goes_on: bool) -> Title | None:
    """Return what a page takes over: all of the page it goes on with, only the area of another sheet of the file."""
    if page is None or page.title is None:
        return None
    return page.title if goes_on else Title(page.title.area, page.title.area_from) if page.title.area_from in {"title", "option"} else None


def _left_over(sheet: Sheet, grid: Grid, tables: Sequence[_Table]) -> LeftOver:
    """Sort the cells that no table uses."""
    left = LeftOver()
    of_row: dict[int, _Table] = {i: table for table in tables for i in range(table.top, table.end)}
    silent: dict[int, list[int]] = {}  # columns that a row with amounts may leave over
    for each in tables:
        odd = [j for j in each.columns.names if (grid.status[each.first:each.end, j] == values.NUMBER).any()]  # a number among labels is none of them
        silent[id(each)] = [*each.columns.silent, *odd]
    for i, row in enumerate(sheet.rows):
        table = of_row.get(i)
        if table is None or (i >= table.first and i not in table.used):
            places: Iterable[int] = range(len(row))
        elif i < table.start:
            places = [j for j, cell in enumerate(row) if cell != "" and not year_of(cell) and (values.is_number(cell) or not isinstance(cell, str))]
        elif i < table.first:
            places = [j for j, column in enumerate(table.columns.each) if i in column.unread or column.kind in {"text", "unlabelled", "unknown"}
                      or (values.is_number(row[j]) and not year_of(row[j]))]  # fmt: skip
        else:
            places = [j for j in silent[id(table)] if table.columns.each[j].kind not in LABEL_KINDS or values.is_number(row[j])]
        for j in places:
            if not values.is_blank(row[j]):
                _sort(left, table, i, j, row[j])
    return left


def _sort(left: LeftOver, table: _Table | None, i: int, j: int, cell: Cell) -> None:
    if table is not None and (i in table.left_out or (j < len(table.columns.each) and table.columns.each[j].kind == "skip" and i >= table.start)):
        left.left_out.append((i, j))
    elif values.is_number(cell):
        left.numbers.append((i, j))
    else:
        left.texts.append((i, j))
