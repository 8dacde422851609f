"""Which sheets of a workbook are read: shown, chosen by a person, kept as lines of the mapping, and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.balances.words.mapping import LEFT_OUT, READ
from carbonacct.data import shown_name
from carbonacct.errors import CarbonacctError
from carbonacct.sheets.sheet_choice import fits, propose_name
from carbonacct.texts import join_texts
from carbonacct.web.exchange import WebError
from carbonacct.web.keeping import hold
from carbonacct.web.mapping_file import FILE, choose_sheets, has_sheets
from carbonacct.web.page_texts import tell
from carbonacct.web.project_view import find_table, list_tables, open_project
from carbonacct.web.viewed_tables import list_files, look
from carbonacct.web.workbook_sheets import list_unread

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.web.project_view import TableFile
    from carbonacct.web.workbook_sheets import BookSheet


def show_book(
    declaration: Declaration, table: TableFile, book: Sequence[BookSheet], lang: str
) -> dict[str, Any]:
    """Return the sheets of a workbook as a page shows them, none where there is nothing to choose."""
    if len(book) < 2:
        return {"is_asked": False, "sheets": []}
    try:
        is_chosen = has_sheets(declaration, table, shown_name(table.path))
    except CarbonacctError:  # a mapping that cannot be read: the page of the table says it
        is_chosen = False
    is_asked = any(one.alone for one in book)
    return {
        "is_asked": is_asked,
        "is_chosen": is_chosen,
        "others": len(_list_kin(declaration, table)),
        "sheets": [
            {
                "name": one.name,
                "title": one.title,
                "position": one.position,
                "numbers": one.numbers,
                "ticked": one.is_read and not is_asked,
                "reason": tell(one.reason, lang),
                "alone": tell(one.alone, lang),
            }
            for one in book
        ],
    }


def say_sheets(
    progress: Callable[[str], None],
    *,
    folder: str,
    name: str,
    version: str,
    read: Collection[int],
    reason: str,
    everywhere: bool,
) -> dict[str, Any]:
    """Keep which sheets of a workbook are read: by their numbers in its list; none takes the choice back.

    Parameters
    ----------
    reason
        Why the others are passed over, "" if nothing is said.
    everywhere
        Whether the same holds for other workbooks of the project that have sheets of these names.
    """
    declaration = open_project(Path(folder))
    table = find_table(declaration, name)
    progress(table.path)
    file = shown_name(table.path)
    same = [one.path for one in list_tables(declaration) if shown_name(one.path) == file]
    if len(same) > 1:
        raise WebError(409, "error.same_name", files=join_texts(", ", same))
    _, viewed = look(declaration, table)
    names = [one.name for one in viewed.book]
    picked = [names[number] for number in sorted(read) if number < len(names)]
    lines = {file: _make_lines(picked, viewed.book, reason)}
    for one in _list_kin(declaration, table) if everywhere else ():
        book = list_unread(declaration.folder / one.path)
        there = _find_alike(picked, names, [each.name for each in book])
        if there or not picked:
            lines[shown_name(one.path)] = _make_lines(there, book, reason)
    with hold(Path(folder), version, *list_files(declaration, table)):
        choose_sheets(declaration, table, lines)
    return {"files": list(lines)}


def _list_kin(declaration: Declaration, table: TableFile) -> list[TableFile]:
    """Return the other tables that are read by the same mapping."""
    own = table.tables.mapping or FILE
    return [
        one
        for one in list_tables(declaration)
        if (one.tables.mapping or FILE) == own and one.path != table.path
    ]


def _make_lines(
    picked: Sequence[str], book: Sequence[BookSheet], reason: str
) -> list[dict[str, str]]:
    """Return the lines of a mapping that read some sheets and pass over the others."""
    lines = [{"name": one, "id": str(READ)} for one in picked]
    if picked and reason:
        left = [one for one in book if one.position is not None and one.name not in picked]
        lines += [{"name": one.name, "id": str(LEFT_OUT), "note": reason} for one in left]
    return lines


def _find_alike(picked: Sequence[str], names: Sequence[str], there: Sequence[str]) -> list[str]:
    """Return the sheets of another workbook that have the names of those picked, in its year; none if one lacks.

    Examples
    --------
    >>> _find_alike(["Balance 2019"], ["Balance 2019", "Notes"], ["Notes", "Balance 2020"])
    ['Balance 2020']
    >>> _find_alike(["Balance", "Heat"], ["Balance", "Heat", "Notes"], ["Notes", "Balance"])
    []
    """
    found = []
    for name in picked:
        pattern = propose_name(name, [one for one in names if one != name])
        alike = [one for one in there if fits(one, name)] or [
            one for one in there if fits(one, pattern)
        ]
        if len(alike) != 1:
            return []
        found += alike
    return found
