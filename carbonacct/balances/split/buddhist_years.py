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
    from collections.abc import Iterator, Sequence

    from carbonacct.sheets.raw_sheets import Cell, Sheet

_AHEAD = 543  # of the common era; both begin in January since 1941
_YEARS = range(2484, 2600)  # 1941 to 2056
_THAI = re.compile(r"[\u0e01-\u0e5b]")
_MARKED = re.compile(r"ปี|พ\.?\s?ศ\.?")
_IN_TEXT = re.compile(r"(?<![\d.,])(2[45]\d\d)(?![\d,]|\.\d)")
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
    places = {**_find_marked(first_rows), **_find_in_row(first_rows), **_find_below(sheet.rows)}
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
    return {
        (i, j): _IN_TEXT.sub(_convert, cell)
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
        if isinstance(cell, str) and _MARKED.search(cell) and _year_in(_IN_TEXT.search(cell))
    }


def _find_in_row(rows: Sequence[Sequence[Cell]]) -> dict[tuple[int, int], str]:
    """Return the years of headers: several that follow one another in a row without another number."""
    found: dict[tuple[int, int], str] = {}
    for i, row in enumerate(rows):
        years = {j: year for j, cell in enumerate(row) if (year := _year_of(cell))}
        numbers = sum(values.is_number(cell) for cell in row if not values.is_blank(cell))
        steps = {later - earlier for earlier, later in pairwise(dict.fromkeys(years.values()))}
        if len(years) >= _SEVERAL and numbers == len(years) and steps == {1}:
            found |= {(i, j): str(year - _AHEAD) for j, year in years.items()}
    return found


def _find_below(rows: Sequence[Sequence[Cell]]) -> dict[tuple[int, int], str]:
    """Return the years of a column that its heading calls so."""
    return {
        (i, j): str(year - _AHEAD)
        for start, j in _list_heads(rows[:HEAD_ROWS])
        for i, row in enumerate(rows[start + 1 :], start=start + 1)
        if j < len(row) and (year := _year_of(row[j]))
    }


def _list_heads(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, int]]:
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if isinstance(cell, str) and column_word(cell) == "year":
                yield i, j


def _year_of(cell: Cell) -> int:
    """Return the year of the Buddhist Era that a cell is, 0 if it is none."""
    return _year_in(_ALONE.fullmatch(str(cell)))


def _year_in(found: re.Match[str] | None) -> int:
    return int(found[1]) if found and int(found[1]) in _YEARS else 0


def _convert(found: re.Match[str]) -> str:
    year = _year_in(found)
    return str(year - _AHEAD) if year else found[0]
