"""Rows that are single buildings, enterprises or stations: where a mapping says whose use they are, they add up.

``column,建筑名称,other_services`` says it of all; ``column,企业名称,sum`` that each is of the branch which
stands in another column of its row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.label.headers import total_words
from carbonacct.balances.words.mapping import Mapping, make_mapping
from carbonacct.errors import TableError
from carbonacct.sheets import values
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.sheets.raw_sheets import Cell, Sheet


def name_objects(sheet: Sheet, own: Mapping | None) -> Mapping | None:
    """Return the user's words, with a flow for each object of a sheet in a column that they say holds objects.

    Raises
    ------
    TableError
        If an object stands in two branches, so that its name does not say which is meant.
    """
    if own is None or not own.objects:
        return own
    lines: dict[str, str] = {}
    for i, j, flow in _find_heads(sheet, own):
        for row, cells in enumerate(sheet.rows[i + 1 :], start=i + 1):
            text = cells[j] if j < len(cells) else ""
            if not _is_object(text):
                continue
            meant = flow or _find_branch(cells, j, own)
            name = " ".join(str(text).split())
            if meant and lines.setdefault(name, meant) != meant:
                raise TableError(
                    say(
                        "{where}: {name!r} stands in two branches, {first} and {second}: add its rows up, "
                        "or give it two names",
                        where=sheet.address(row, j),
                        name=name,
                        first=lines[name],
                        second=meant,
                    )
                )
    if not lines:
        return own
    named = make_mapping(
        {"kind": "flow", "name": name, "id": meant} for name, meant in lines.items()
    )
    columns = own.columns | dict.fromkeys(own.objects, "label")
    return replace(own.with_words_of(named), columns=columns, objects=own.objects)


def _find_heads(sheet: Sheet, own: Mapping) -> Iterator[tuple[int, int, str]]:
    """Yield the cells that head objects, and the flow of all of them, "" where the branch of each says it."""
    for i, row in enumerate(sheet.rows):
        for j, cell in enumerate(row):
            if isinstance(cell, str) and (head := vocabulary.fold(cell)) in own.objects:
                yield i, j, own.objects[head]


def _is_object(text: Cell) -> bool:
    """Return whether a cell names an object: a text, and no total of them."""
    if not isinstance(text, str) or values.is_blank(text) or values.is_number(text):
        return False
    return vocabulary.fold(text) not in total_words()


def _find_branch(cells: list[Cell], j: int, own: Mapping) -> str:
    """Return the flow that another label of a row names."""
    texts = (cell for k, cell in enumerate(cells) if k != j and isinstance(cell, str))
    found = (vocabulary.resolve("flow", text, own.flows) for text in texts if text.strip())
    return next((flow for flow in found if flow), "")
