"""What is planned and was not used: years of which a title or note says so, and rows that say so beside their labels.

Columns and labels that say so hold no amounts by themselves (``other_quantities.csv``, kind
``planned``). A row may say it in its year (2025（预测）) or in a column of its own (实际 | 规划).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct.balances.label.headers import year_of
from carbonacct.balances.words.other_quantities import (
    FORECAST_YEAR,
    find_planned_years,
    is_planned,
    says_planned,
)

if TYPE_CHECKING:
    from carbonacct.balances.path.columns import Columns
    from carbonacct.balances.path.rows import Rows
    from carbonacct.balances.split.grid import Grid
    from carbonacct.sheets.raw_sheets import Sheet

_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMES = frozenset({"label", "product"})  # whose texts the reader of rows asks itself


def read_planned_years(grid: Grid) -> frozenset[int]:
    """Return the years of which a text of a sheet says that they are planned (注：2025年为规划数)."""
    if not grid.texts.has_planned:
        return frozenset()
    texts = {text for text in grid.texts.held if isinstance(text, str)}
    return frozenset(year for text in texts for year in find_planned_years(text))


def pass_planned_columns(columns: Columns, years: frozenset[int]) -> Columns:
    """Return the columns, those of planned years as such that hold no amounts."""
    if not years or not any(columns.each[j].header.year in years for j in columns.data):
        return columns
    each = [
        replace(one, kind="skip") if one.kind == "data" and one.header.year in years else one
        for one in columns.each
    ]
    return columns.words.remember(
        ("planned", columns, years), lambda: replace(columns, each=tuple(each))
    )


def pass_planned_rows(
    rows: Rows, sheet: Sheet, grid: Grid, span: tuple[int, int], *, years: frozenset[int]
) -> Rows:
    """Return the rows without those that are planned.

    Parameters
    ----------
    rows
        What the labels say.
    sheet, grid
        The cells, and what they read as.
    span
        First data row, and the row behind the last.
    years
        Those of which the sheet says that they are planned.
    """
    if not (years or grid.texts.has_planned):
        return rows
    found = {i for i, key in zip(rows.at, rows.keys, strict=True) if key.year in years}
    if grid.texts.has_planned:
        found |= _list_rows(rows.columns, sheet, grid, span)
    if not found:
        return rows
    kept = [n for n, i in enumerate(rows.at) if i not in found]
    return replace(
        rows,
        at=tuple(rows.at[n] for n in kept),
        keys=tuple(rows.keys[n] for n in kept),
        left_out=rows.left_out | found,
        own_parts=rows.own_parts - found,
        notes=tuple(note for note in rows.notes if note.row not in found),
        below={i: above for i, above in rows.below.items() if i not in found},
        misread=tuple(one for one in rows.misread if one.row not in found),
    )


def _list_rows(columns: Columns, sheet: Sheet, grid: Grid, span: tuple[int, int]) -> set[int]:
    """Return the rows whose year, or a text beside amounts and labels, says that they are planned."""
    width = grid.blank.shape[1]
    first, end = (bisect_left(grid.others, i * width) for i in span)
    found = set()
    for place in grid.others[first:end]:
        i, j = divmod(place, width)
        text = sheet.rows[i][j]
        kind = columns.each[j].kind
        if not isinstance(text, str) or kind in _NAMES:
            continue
        is_no_year = kind == "year" and not year_of(text) and _YEAR.search(text)
        if (
            is_no_year and (is_planned(text) or FORECAST_YEAR.fullmatch(text.strip()))
        ) or says_planned(text):
            found.add(i)
    return found
