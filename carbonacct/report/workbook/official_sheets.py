"""Sheets of official tables: numbers that are sums of the workbook's entries, or values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.report.official import headings, notes_of, rest_of, rows_of, title_of, word
from carbonacct.report.workbook.book import open_book
from carbonacct.report.workbook.results import add_findings
from carbonacct.report.workbook.table import Column, add_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from carbonacct.inventory.official.filling import OfficialTable
    from carbonacct.report.workbook.table import Book

    Link = Callable[[int, int, int], Any]

_GREEN = "#4B7F52"


def write_official_workbook(
    tables: Sequence[OfficialTable], path: str | Path, *, lang: str = "en"
) -> None:
    """Write official tables as a workbook of values, a sheet for each area and year."""
    with open_book(path, lang) as book:
        for table in tables:
            add_official_table(book, table)
        add_findings(book, [finding for table in tables for finding in table.findings()])


def add_official_table(book: Book, table: OfficialTable, link: Link | None = None) -> None:
    """Add the sheets of a table, one for each area and year; below it what it leaves out.

    Parameters
    ----------
    link
        Gives the cell (a formula) of a period, row and column; values where there is none.
    """
    lang = book.lang
    several = len(table.periods) > 1
    first = 2 + len(table.layout.rows[0].extra)
    for period in range(len(table.periods)):
        places = table.shown_rows(period)
        rows, totals = [], set()
        for n, (level, cells) in enumerate(rows_of(table, period, lang)):
            linked = cells
            if link is not None:
                made = [link(period, places[n], at) for at in range(len(table.columns))]
                linked = [*cells[:first], *made]
            rows.append(linked)
            totals |= {n} if level == 0 else set()
        rest = rest_of(table, period, lang)
        notes = notes_of(table, lang)
        if rest:
            notes.append(word("rest", lang).format(count=len(rest)))
            rows += _list_below(rest, lang, first + len(table.columns))
        kinds = ["text"] * first + ["large"] * len(table.columns)
        heads = [Column(*pair) for pair in zip(headings(table, lang), kinds, strict=True)]
        add_table(
            book,
            f"{table.layout.id} {period + 1}" if several else table.layout.id,
            heads,
            rows,
            title=title_of(table, period, lang),
            notes=notes,
            totals=frozenset(totals),
            color=_GREEN,
        )


def _list_below(rest: Sequence[Sequence[Any]], lang: str, width: int) -> list[list[Any]]:
    """Return what a table leaves out as rows below it: what, how much in t, and why."""
    rows = []
    for category, flow, gas, value, reason in rest:
        label = " ".join(filter(None, (category, flow, f"{gas} (t): {reason}")))
        rows.append(["—", label, *[None] * (width - 3), value])
    return rows
