"""The sheet of key categories of all sectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.catalogue import in_language
from carbonacct.report.key_category_tables import (
    COLUMNS,
    SHARES,
    heading_of,
    name_cell,
    name_shown,
    word,
)
from carbonacct.report.workbook.table import SheetColumn, add_table
from carbonacct.report.workbook.workbook_words import word as name_word

if TYPE_CHECKING:
    from carbonacct.report.key_category_tables import KeyCategories
    from carbonacct.report.workbook.table import Book

_LABELS = ("sector", "category", "gas", "criteria")


def add_key_categories(book: Book, found: KeyCategories) -> None:
    """Add the key categories of each area, without land and with it; what there is not is said above."""
    lang = book.lang
    names = name_shown(found.table)
    columns = [*COLUMNS[:4], *names]
    rows = [
        [
            *(row["area"], row["year"], row["base_year"]),
            "" if row["land"] == "all" else word(row["land"], lang),  # there is no land
            *(
                name_cell(name, row[name], lang)
                if name in _LABELS
                else 100 * row[name]
                if name in SHARES
                else row[name]
                for name in names
            ),
        ]
        for row in found.table.to_dict("records")
    ]
    kinds = {
        **dict.fromkeys(("year", "base_year"), "year"),
        **dict.fromkeys(SHARES, "amount"),
        **dict.fromkeys(("base", "latest"), "amount"),
    }
    heads = [
        SheetColumn(heading_of(name, found.unit, lang), kinds.get(name, "text")) for name in columns
    ]
    add_table(
        book,
        name_word("key categories", lang),
        heads,
        rows,
        title=word("key", lang),
        notes=[word("note", lang), *(in_language(note, lang) for _, note in found.notes)],
        color="#4B7F52",
    )
