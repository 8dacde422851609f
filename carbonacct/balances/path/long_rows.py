"""The rows of a long table: each says all that it is, so that rows with the same labels are read once.

A balance is read from top to bottom, because a label may hold for the rows below it. A table with a
column for each dim leaves nothing to the rows above, and may have a hundred thousand of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.path.row_reader import RowReader
from carbonacct.balances.path.stub import Stub
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from carbonacct.balances.path.columns import Columns
    from carbonacct.balances.path.row_reader import RowKey
    from carbonacct.sheets.raw_sheets import Cell

_LONG = 1000  # rows, from which on it pays
_SAID = (".input", ".output")  # what leaves no direction to a heading
_PATH = (">", "#")  # in a word of a layout that holds below another row, or for one of several


def read_long_rows(
    columns: Columns,
    start: int,
    cells: Sequence[Sequence[Cell]],
    has_numbers: np.ndarray,
    *,
    about: str,
) -> tuple[RowReader, dict[int, RowKey]] | None:
    """Return what the rows of a long table say, or None where a row may depend on those above it.

    Parameters
    ----------
    columns
        The columns of the table.
    start
        Its first row in the sheet.
    cells
        The cells that name the rows.
    has_numbers
        Which rows hold any number.
    about
        The flow that the title names.

    Returns
    -------
    tuple
        The reader, with what it notes of the rows, and the keys of the rows as it would give them.
    """
    kinds = [columns.each[j].kind for j in columns.stubs]
    if len(cells) < _LONG or not {"label", "product"} <= set(kinds) or _has_paths(columns):
        return None
    stub = Stub(columns, start, cells)
    reader = RowReader(stub, has_numbers.tolist(), about)
    labels = [j for j, kind in enumerate(kinds) if kind in {"label", "product", "unit"}]
    keys = [j for j, kind in enumerate(kinds) if kind in {"area", "year"}]
    first: dict[tuple[Cell, ...], int] = {}
    for i, row in enumerate(cells, start):
        first.setdefault(tuple([row[j] for j in labels]), i)
    others: dict[tuple[Cell, ...], int] = {}
    for i, row in enumerate(cells, start):
        others.setdefault(tuple([row[j] for j in keys]), i)
    if any(type(cell) is not str or values.is_blank(cell) for row in first for cell in row):
        return None
    if any(values.is_blank(cell) for row in others for cell in row):
        return None
    if any(stub.is_unclear(cells[i - start]) for i in first.values()) or reader.has_parts:
        return None
    read = {i: key for i in first.values() if (key := reader.read(i)) is not None}
    is_plain = not (
        reader.notes or reader.left_out or reader.labels.unread or reader.parents or reader.weak
    )
    if (
        len(read) < len(first)
        or not is_plain
        or _has_open_plants({key.flow for key in read.values()})
    ):
        return None
    reader.finish(read)
    named = {key: reader.read_area_and_year(i) for key, i in others.items()}
    found = {}
    for i, row in enumerate(cells, start):
        key = read[first[tuple([row[j] for j in labels])]]
        area, year = named[tuple([row[j] for j in keys])]
        found[i] = key._replace(
            area=area, year=year, direction="" if key.flow.endswith(_SAID) else key.direction
        )
    return reader, found


def _has_open_plants(flows: set[str]) -> bool:
    """Return whether a plant may be an input or an output, by the heading above it."""
    plants = [
        flow
        for flow in flows
        if vocabulary.is_within(flow, "transformation") and not flow.endswith(_SAID)
    ]
    return any(flow.startswith("transformation.") for flow in flows) and any(
        flow != "transformation" for flow in plants
    )


def _has_paths(columns: Columns) -> bool:
    """Return whether a word of a layout or mapping depends on other rows."""
    words = columns.words
    return any(
        mark in word
        for word in (*words.flows, *words.products, *words.signs, *words.ignored_rows)
        for mark in _PATH
    )
