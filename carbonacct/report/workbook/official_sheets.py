"""Sheets of official tables: numbers that are sums of the workbook's entries, or values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.inventory.official.layouts import SCALES
from carbonacct.report.official_rows import headings, notes_of, rest_of, rows_of, title_of, word
from carbonacct.report.workbook.new_file import open_book
from carbonacct.report.workbook.summary_sheets import add_findings
from carbonacct.report.workbook.table import FIRST_ROW, Formula, Keyed, SheetColumn, add_table
from carbonacct.texts import add_unit, tell_value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carbonacct.inventory.official.filling import OfficialTable
    from carbonacct.report.workbook.table import Book

_GREEN = "#4B7F52"
_LONGEST = 8_000  # a formula holds 8192 characters, a sum 255 arguments
_MOST = 250


def write_official_workbook(
    tables: Sequence[OfficialTable], path: str | Path, *, lang: str = "en"
) -> None:
    """Write official tables as a workbook of values, a sheet for each area and year."""
    with open_book(path, lang) as book:
        for table in tables:
            add_official_table(book, table)
        add_findings(book, [finding for table in tables for finding in table.findings()])


def add_official_table(
    book: Book, table: OfficialTable, cells: Sequence[str] | None = None
) -> None:
    """Add the sheets of a table, one for each area and year; below it what it leaves out.

    Parameters
    ----------
    cells
        Of each entry the cell that holds it, or an empty string: numbers are then sums of cells.
    """
    lang = book.lang
    name = table.layout.sheet_zh if lang == "zh" else table.layout.sheet_en
    several = len(table.periods) > 1
    first = 2 + len(table.layout.rows[0].extra)
    for period in range(len(table.periods)):
        places = table.shown_rows(period)
        lines = {place: FIRST_ROW + n for n, place in enumerate(places)}
        rows, totals = [], set()
        for n, (level, shown) in enumerate(rows_of(table, period, lang)):
            made = [
                _make_cell(table, (period, places[n], at), (lines, first), cells)
                for at in range(len(table.columns))
            ]
            rows.append([*shown[:first], *made, *shown[first + len(table.columns) :]])
            totals |= {n} if level == 0 else set()
        named = headings(table, lang)
        rest = rest_of(table, period, lang)
        notes = notes_of(table, lang)
        if rest:
            notes.append(word("rest", lang, count=len(rest)))
            rows += _list_below(rest, first + len(table.columns), len(named), lang)
        kinds = ["text"] * first + ["large"] * len(table.columns)
        kinds += ["text"] * (len(named) - len(kinds))
        heads = [SheetColumn(*pair) for pair in zip(named, kinds, strict=True)]
        add_table(
            book,
            f"{name} {period + 1}" if several else name,
            heads,
            rows,
            title=title_of(table, period, lang),
            notes=notes,
            totals=frozenset(totals),
            color=_GREEN,
        )


def _make_cell(
    table: OfficialTable,
    at: tuple[int, int, int],
    where: tuple[dict[int, int], int],
    addresses: Sequence[str] | None,
) -> Any:
    """Return a cell: a number, as a formula where its parts have cells; with keys; or keys."""
    value, key = float(table.values[at]), str(table.keys[at])
    if np.isnan(value):
        return key
    number: Formula | float = value
    if addresses is not None:
        text = _write_formula(table, at, where, addresses)
        number = Formula(text, value) if text else value
    return Keyed(number, key) if key else number


def _write_formula(
    table: OfficialTable,
    at: tuple[int, int, int],
    where: tuple[dict[int, int], int],
    addresses: Sequence[str],
) -> str:
    """Return the sum of a row's own entries and of the rows below it; empty where it has none."""
    period, place, column = at
    lines, first = where
    layout = table.layout
    letter = _letter(first + column)
    if layout.rows[place].sums:
        codes = [row.code for row in layout.rows]
        below = [codes.index(code) for code in layout.rows[place].sums]
    else:
        below = [one for one in layout.within(place)[1:] if layout.above(one) == place]
    parts = [f"{letter}{lines[one]}" for one in below if one in lines]
    placed = table.placed
    own = table.entries_of(period, place, column)
    own = own[~np.isnan(placed.value[own])]
    if not all(addresses[entry] for entry in own):
        return ""
    scale = SCALES[table.columns[column].unit]
    groups: dict[float, list[str]] = {}
    for entry in own:
        weight = float(placed.weight[entry]) if table.columns[column].is_equivalent else 1.0
        groups.setdefault(weight * scale, []).append(addresses[entry])
    terms = [f"SUM({','.join(cells)})*{factor!r}" for factor, cells in groups.items()]
    text = "=" + "+".join([f"SUM({','.join(parts)})"] * bool(parts) + terms)
    too_many = max(map(len, [parts, *groups.values()])) > _MOST
    return "" if text == "=" or len(text) > _LONGEST or too_many else text


def _letter(column: int) -> str:
    """Return the name of a column counted from 0; tables have fewer than 26."""
    return chr(ord("A") + column)


def _list_below(rest: Sequence[Sequence[Any]], last: int, width: int, lang: str) -> list[list[Any]]:
    """Return what a table leaves out as rows below it: what, how much in t in the last column of numbers, and why."""
    rows = []
    for category, flow, gas, value, reason in rest:
        told = tell_value(add_unit(gas, "t", lang), reason, lang)
        label = " ".join(filter(None, (category, flow, told)))
        rows.append(["—", label, *[None] * (last - 3), value, *[None] * (width - last)])
    return rows
