"""Columns below a heading that is not known: they are not known themselves, where others say what they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct import remarks, vocabulary
from carbonacct.balances.label.headers import Header, total_words
from carbonacct.balances.label.labels import read_label, take_units
from carbonacct.balances.split.header_rows import read_piece
from carbonacct.characters import same_script
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.path.headings import Heading
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell


def close_unknown(
    rows: Sequence[Sequence[Cell]], found: list[Heading], words: Mapping
) -> list[Heading]:
    """Return the headings.

    A column is not known below a heading that is not, where those beside it name what the column
    lacks.
    """
    silent = [_list_silent(rows, one, j, words) for j, one in enumerate(found)]
    if not any(silent):
        return found
    named = [
        {
            dim
            for j, cell in enumerate(row)
            if i not in silent[j] and not _is_translation(rows, i, j, words)
            for dim in _list_dims(cell, words)
        }
        for i, row in enumerate(rows)
    ]

    def is_closed(header: Header, j: int) -> bool:
        lacking = {"product": not header.product, "flow": not (header.flow or header.weak)}
        return any(lacking[dim] for i in silent[j] for dim in named[i])

    return [
        one._replace(header=Header(one.header.text, units=one.header.units), kind=None)
        if is_closed(one.header, j)
        else one
        for j, one in enumerate(found)
    ]


def _is_translation(rows: Sequence[Sequence[Cell]], i: int, j: int, words: Mapping) -> bool:
    """Return whether a heading says in Latin letters no more than a Chinese one of its column: Crude Oil below 原油."""
    said = set(_list_dims(rows[i][j], words))
    others = [row[j] for k, row in enumerate(rows) if k != i]
    return not _is_chinese(rows[i][j]) and any(
        _is_chinese(other) and said <= set(_list_dims(other, words)) for other in others
    )


def _is_chinese(cell: Cell) -> bool:
    return isinstance(cell, str) and same_script(cell, "煤")


def _list_silent(
    rows: Sequence[Sequence[Cell]], one: Heading, j: int, words: Mapping
) -> frozenset[int]:
    """Return the rows of names over a column of amounts that say nothing.

    Alone, or as the other half of a label in two languages.
    """
    header = one.header
    if len(rows) < 2 or not (header.product or header.flow or header.weak):
        return frozenset()
    half = read_label(header.text, words).half
    if not (half or one.unread):
        return frozenset()
    texts = {
        i: take_units(text, words)[0]
        for i, row in enumerate(rows)
        if isinstance(text := row[j], str)
    }
    return frozenset(
        i
        for i, text in texts.items()
        if is_label(text) and (i in one.unread or (half and vocabulary.fold(text) == half))
    )


def _list_dims(cell: Cell, words: Mapping) -> list[str]:
    """Return the dims of which a heading names something: a product, a flow."""
    header = None if values.is_blank(cell) else read_piece(cell, words).header
    if header is None:
        return []
    said = {"product": header.product, "flow": header.flow or header.weak}
    return [dim for dim, value in said.items() if value]


def is_label(text: str) -> bool:
    """Return whether a text may be the name of something: no note, no mark, no total."""
    folded = vocabulary.fold(text)
    return bool(folded) and folded not in total_words() and not remarks.is_note(text)
