"""A sheet -> its cells as arrays, its words, and where its tables stand.

The place of a table is found, not declared. Header rows are those in which several cells name
products, flows, years or what a column holds; the title stands above them, the data below. So pages
under one another, and tables beside one another under one header, need no code of their own.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.balances.label.headers import year_of
from carbonacct.balances.label.joined_siblings import read_joined_siblings
from carbonacct.balances.label.sibling_words import find_sibling_words
from carbonacct.balances.split.cell_units import take_units_from_cells
from carbonacct.balances.split.grid import read_grid
from carbonacct.balances.split.header_rows import (
    find_headers,
    first_data_row,
    title_top,
    with_headings_above,
)
from carbonacct.balances.split.heading_spans import spread_headings
from carbonacct.balances.split.number_codes import write_codes
from carbonacct.balances.split.pasted import split_cells
from carbonacct.balances.split.product_sections import add_sections
from carbonacct.balances.split.series_codes import expand_codes
from carbonacct.balances.words.mapping import Mapping, make_mapping, words_for
from carbonacct.errors import Finding, TableError
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from carbonacct.balances.label.sibling_words import SiblingWord
    from carbonacct.balances.split.grid import Grid
    from carbonacct.sheets.raw_sheets import Sheet

# A layout is told by titles and first rows: further down, its words may stand in a note.
_MATCHED_ROWS = 60
_MOST_TABLES = 500
_MOST_MERGED_ROWS, _MOST_MERGED_COLUMNS = 50, 60


class Region(NamedTuple):
    """The rows of one table: title from ``top``, header from ``start``, data from ``first`` up to ``end``."""

    top: int
    start: int
    first: int
    end: int


class Split(NamedTuple):
    """A sheet whose tables are found.

    Attributes
    ----------
    sheet
        Its cells, those of pasted text and of codes of series in columns of their own.
    grid, words
        What the cells read as, and under which words.
    regions
        The tables, from top to bottom.
    spread
        Cells (row, column) that were blank and have the text of a heading that is merged over them.
    """

    sheet: Sheet
    grid: Grid
    words: Mapping
    regions: tuple[Region, ...]
    spread: tuple[tuple[int, int], ...]


def lay_out(sheet: Sheet, own: Mapping | None) -> tuple[Sheet, Mapping | None]:
    """Return a sheet whose cells stand in columns.

    Codes that say several things are expanded, pasted text is cut under its words.

    Parameters
    ----------
    sheet
        Raw cells.
    own
        The user's mapping.
    """
    sheet = write_codes(add_sections(expand_codes(sheet)), own)
    if max(map(len, sheet.rows), default=0) != 1:
        return sheet, None
    texts = [text for row in sheet.rows[:_MATCHED_ROWS] for text in row if isinstance(text, str)]
    words = words_for(texts, own)
    return add_sections(split_cells(sheet, words)), words


def split(sheet: Sheet, own: Mapping | None, words: Mapping | None = None) -> Split:
    """Find the tables of a sheet.

    Cells are rewritten in place: the text of a merged heading stands over each of its columns.

    Parameters
    ----------
    sheet
        Cells in columns (`lay_out`).
    own
        The user's mapping.
    words
        The words of the sheet, if they are known already.

    Raises
    ------
    TableError
        If it has more headers than a sheet can have tables, or nothing decides what its commas are.
    """
    spread = _spread_merged(sheet)
    grid = read_grid(sheet, words or own)
    words = words or words_for(_first_texts(grid), own)
    if (words.marks, words.flags, words.decimal) != (
        (own.marks, own.flags, own.decimal) if own else ({}, {}, "")
    ):
        grid = read_grid(sheet, words)  # a layout brings marks of its own
    words, siblings = _with_siblings(words, sheet, grid)
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
    regions = []
    taken: list[Finding] = []
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(sheet.rows)
        top = 0 if number == 0 else title_top(grid, starts[number - 1], start)
        _fill_up(sheet, top, end)
        first = first_data_row(sheet, grid, words, (start, end))
        start = with_headings_above(sheet.rows, words, top, start)  # noqa: PLW2901
        start, cells = spread_headings(sheet.rows, words, (top, start, first))  # noqa: PLW2901
        spread += cells
        taken += take_units_from_cells(sheet, grid, words, (start, first, end))
        regions.append(Region(top, start, first, end))
    if taken:
        grid = read_grid(sheet, words)
    if taken or siblings:
        grid = replace(grid, findings=(*grid.findings, *siblings, *taken))
    return Split(sheet, grid, words, tuple(regions), tuple(spread))


def _with_siblings(words: Mapping, sheet: Sheet, grid: Grid) -> tuple[Mapping, list[Finding]]:
    """Return the words of a sheet with those that name something by what stands beside them, and say so."""
    if joined := read_joined_siblings(grid.texts.joined, grid.texts.held, words):
        words = words.remember(
            ("joined siblings", *joined.items()),
            lambda: words.with_words_of(Mapping(joined=joined)),
        )
    found = find_sibling_words(grid.texts.joined, grid.texts.held, words)
    if not found:
        return words, []
    lines = [{"kind": one.kind, "name": word, "id": one.meaning} for word, one in found.items()]
    own = words.remember(
        ("sibling words", *found.values()), lambda: words.with_words_of(make_mapping(lines))
    )
    return own, [_say_sibling(sheet, grid, word, meant) for word, meant in found.items()]


def _say_sibling(sheet: Sheet, grid: Grid, word: str, meant: SiblingWord) -> Finding:
    """Return the finding of a word that is taken for one of its meanings, at its first cell."""
    width = grid.blank.shape[1]
    places = (
        divmod(k, width)
        for k, text in zip(grid.others, grid.texts.held, strict=True)
        if isinstance(text, str) and word in fold(text)
    )
    message = say(
        "{word} is taken as {meaning}, because {beside} stands beside it",
        word=meant.word,
        meaning=join_texts(" + ", meant.meaning.split(" + ")),
        beside=join_texts(", ", sorted(meant.beside)),
    )
    return Finding("meaning-by-siblings", "info", message, sheet.address(*next(places, (0, 0))))


def _first_texts(grid: Grid) -> list[str]:
    count = bisect_left(grid.others, _MATCHED_ROWS * grid.blank.shape[1])
    return [cell for cell in grid.texts.held[:count] if isinstance(cell, str)]


def _fill_up(sheet: Sheet, top: int, end: int) -> None:
    """Make the rows of a table as long as its longest."""
    rows = sheet.rows[top:end]
    width = max(map(len, rows))
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))


def _spread_merged(sheet: Sheet) -> list[tuple[int, int]]:
    """Give each column under a merged header its text (a merge that is alone in its row is a title).

    Return its cells.
    """
    spread = []
    for (top, left), (bottom, right) in sheet.merged:
        if (
            bottom - top > _MOST_MERGED_ROWS
            or right - left > _MOST_MERGED_COLUMNS
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
