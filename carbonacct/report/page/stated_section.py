"""The section of what a project states in words: notation keys with their reasons, and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.report.page.page_words import section, word
from carbonacct.report.page.svg import fill_template
from carbonacct.report.stated_texts import NOTED, STATED, describe_note, describe_stated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from carbonacct.report.page.page_content import Content


def show_stated(content: Content, lang: str) -> Markup | str:
    """Return the stated notation keys and the notes; nothing where a project has none."""
    beside = content.beside
    if beside is None or not (beside.statements or beside.notes):
        return ""
    keys = [describe_stated(one, lang) for one in beside.statements]
    notes = [describe_note(one, lang) for one in beside.notes]
    tables = [
        _show_table(name, columns, rows, lang)
        for name, columns, rows in (("keys", STATED, keys), ("notes", NOTED, notes))
        if rows
    ]
    return fill_template("stated.html", words=section("stated", lang), tables=tables)


def _show_table(
    name: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]], lang: str
) -> dict[str, object]:
    """Return a table without the columns in which nothing stands."""
    shown = [column for column in columns if any(row[column] for row in rows)]
    every = word("stated.every", lang)
    return {
        "title": word(f"stated.{name}", lang),
        "heads": [word(f"stated.{column}", lang) for column in shown],
        "rows": [[row[column] or every for column in shown] for row in rows],
    }
