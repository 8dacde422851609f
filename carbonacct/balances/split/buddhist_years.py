"""Years of the Buddhist Era in tables in Thai (พ.ศ. 2562 is 2019): they are written out."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from carbonacct.errors import Finding, name_some
from carbonacct.records.heading_roles import column_word
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import HEAD_ROWS
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from carbonacct.sheets.raw_sheets import Cell, Sheet

_AHEAD = 543  # of the common era; both begin in January since 1941
_YEARS = range(2484, 2600)  # 1941 to 2056
_THAI = re.compile(r"[\u0e01-\u0e5b]")
_YEAR = r"2[45]\d\d(?!\d|[.,]\d|\s?[-–/]\s?\d\d(?!\d))"
# ปี 2562, พ.ศ. 2561 - 2562; no amount per year (ต่อปี), nor one further behind.
_MARKED = re.compile(
    rf"(?<!ต่อ)(?:ปี|พ\.?\s?ศ\.?)\D{{0,12}}{_YEAR}(?:\s?(?:[-–,/]|ถึง|และ|to)\s?{_YEAR})*"
)
_IN_TEXT = re.compile(r"2[45]\d\d")
_ALONE = re.compile(r"\s*(2[45]\d\d)(?:\.0)?\s*")
_SEVERAL = 2


def write_out_buddhist_years(sheet: Sheet) -> Sheet:
    """Return a sheet in Thai with years of the common era and a finding; the sheet itself where it has none.

    Parameters
    ----------
    sheet
        Cells in columns.
    """
    if not _THAI.search("\n".join(sheet.head_texts)):
        return sheet
    first_rows = sheet.rows[:HEAD_ROWS]
    in_rows = _find_in_row(first_rows)
    places = {**_find_marked(first_rows), **in_rows, **_find_below(sheet.rows, in_rows)}
    if not places:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for (i, j), text in places.items():
        rows[i][j] = text
    first = min(places)
    printed = list(dict.fromkeys(str(sheet.rows[i][j]).strip() for i, j in sorted(places)))
    finding = Finding(
        "buddhist-years",
        "info",
        say(
            "{named}: years of the Buddhist Era, from which {ahead} is taken",
            named=name_some(printed, 3),
            ahead=_AHEAD,
        ),
        sheet.address(*first),
        "",
    )
    return replace(sheet, rows=rows, findings=(*sheet.findings, finding))


def _find_marked(rows: Sequence[Sequence[Cell]]) -> dict[tuple[int, int], str]:
    """Return the texts that say of a number that it is a year: ปี 2562, พ.ศ. 2562."""
    texts = {
        (i, j): (cell, _MARKED.sub(lambda found: _IN_TEXT.sub(_convert, found[0]), cell))
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
        if isinstance(cell, str)
    }
    return {place: text for place, (cell, text) in texts.items() if text != cell}


def _find_in_row(rows: Sequence[Sequence[Cell]]) -> dict[tuple[int, int], str]:
    """Return the years of headers: several that follow one another in a row without another number.

    No number stands above them, or the same years stand over another table: two amounts may be 2561
    and 2562.
    """
    found: dict[tuple[int, int], str] = {}
    headed: set[int] = set()
    numbered: set[int] = set()  # columns with a number in any row above
    above: set[int] = set()  # and in the row right above
    for i, row in enumerate(rows):
        years = {j: year for j, cell in enumerate(row) if (year := _year_of(cell))}
        numbers = {j for j, cell in enumerate(row) if values.is_number(cell)}
        steps = {later - earlier for earlier, later in pairwise(dict.fromkeys(years.values()))}
        is_again = headed.issuperset(years.values()) and not above
        is_head = is_again or numbered.isdisjoint(years)
        if len(years) >= _SEVERAL and numbers == years.keys() and steps == {1} and is_head:
            found |= {(i, j): str(year - _AHEAD) for j, year in years.items()}
            headed.update(years.values())
        numbered, above = numbered | numbers, numbers
    return found


def _find_below(
    rows: Sequence[Sequence[Cell]], in_rows: Container[tuple[int, int]]
) -> dict[tuple[int, int], str]:
    """Return the years of a column that its heading calls so: it has no other number.

    A heading over several columns stands above their years, and the amounts are below these.
    """
    found: dict[tuple[int, int], str] = {}
    for start, j in _list_heads(rows[:HEAD_ROWS]):
        below = {(i, j): row[j] for i, row in enumerate(rows) if i > start and j < len(row)}
        years = {place: _year_of(cell) for place, cell in below.items() if values.is_number(cell)}
        if all(years.values()) and not any(place in in_rows for place in years):
            found |= {place: str(year - _AHEAD) for place, year in years.items()}
    return found


def _list_heads(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, int]]:
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if isinstance(cell, str) and column_word(cell) == "year":
                yield i, j


def _year_of(cell: Cell) -> int:
    """Return the year of the Buddhist Era that a cell is, 0 if it is none."""
    found = _ALONE.fullmatch(str(cell))
    return int(found[1]) if found and int(found[1]) in _YEARS else 0


def _convert(found: re.Match[str]) -> str:
    year = int(found[0])
    return str(year - _AHEAD) if year in _YEARS else found[0]
