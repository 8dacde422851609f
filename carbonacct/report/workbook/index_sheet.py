"""The sheet of indices and forms that a project declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.catalogue import in_language
from carbonacct.report.index_tables import (
    list_areas,
    list_index_rows,
    list_refusals,
    list_years,
    word,
)
from carbonacct.report.workbook.table import SheetColumn, add_table

if TYPE_CHECKING:
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.report.workbook.table import Book

_COLUMNS = {
    **dict.fromkeys(("index", "area", "indicator", "unit"), "text"),
    "year": "year",
    "value": "worked",
    "remark": "wrapped",
    "cells": "wrapped",
}


def add_indices(book: Book, beside: KnownBeside, color: str) -> None:
    """Add a row for each indicator, area and year, with its cells and what is to be given.

    Nothing where none is declared.
    """
    lang = book.lang
    if not beside.indices:
        return
    rows = [
        (in_language(standing.title, lang), area, row.name, row.unit, year, value, remark, cells)
        for standing in beside.indices
        for area in list_areas(standing)
        for row in list_index_rows(standing, area, lang)
        for year, value, remark, cells in zip(
            list_years(standing, area), row.numbers, row.remarks, row.cells, strict=True
        )
    ]
    title = word("indices", lang)
    heads = [SheetColumn(word(name, lang), kind) for name, kind in _COLUMNS.items()]
    notes = [word("note", lang), *list_refusals(beside.indices, lang)]
    add_table(book, title, heads, rows, title=title, notes=notes, color=color)
