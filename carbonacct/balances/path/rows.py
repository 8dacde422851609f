"""The rows of a table that name something: found once for all tables with the same labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.cache_limits import KEPT, MOST_KEPT
from carbonacct.balances.path.long_rows import read_long_rows
from carbonacct.balances.path.row_reader import RowKey, RowReader
from carbonacct.balances.path.stub import Stub
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import MisreadError

if TYPE_CHECKING:
    from carbonacct.balances.path.columns import Columns
    from carbonacct.balances.path.label_reader import Note
    from carbonacct.balances.split.grid import Grid
    from carbonacct.sheets.raw_sheets import Cell, Sheet


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a table that name something, with what they say.

    Attributes
    ----------
    left_out
        Rows that a mapping leaves out, or that hold shares.
    own_parts
        Rows that are printed as parts of a row of the same flow and product.
    parents, product_parents
        The flow that each flow is a part of, and the product that each product is, where the print
        differs from the vocabulary.
    below
        Rows that take their flow from a label above, each with the row of that label.
    misread
        What cannot be read, of rows that are therefore none: an area, a year, a unit, a label finer
        than what is known.
    weak
        The flow of rows that say no firmer one: 煤炭消费量.
    marked
        Flows that are printed as parts, behind 其中 or #.
    open_plants
        Flows of plants behind industry, of which no label says whether it holds them.
    """

    columns: Columns
    at: tuple[int, ...]
    keys: tuple[RowKey, ...]
    left_out: frozenset[int]
    parents: dict[str, str]
    product_parents: dict[str, str]
    own_parts: frozenset[int]
    notes: tuple[Note, ...]
    below: dict[int, int] = field(default_factory=dict)
    misread: tuple[MisreadError, ...] = ()
    weak: str = ""
    marked: frozenset[str] = frozenset()
    open_plants: frozenset[str] = frozenset()


def read_rows(
    sheet: Sheet, grid: Grid, columns: Columns, span: tuple[int, int], *, about: str
) -> Rows:
    """Return what the labels of a table say of its rows: found once for all tables with the same labels.

    Parameters
    ----------
    sheet, grid, columns
        The cells, what they read as, and what each column holds.
    span
        First data row, and the row behind the last.
    about
        The flow that the title names.
    """
    cells = tuple([tuple([row[j] for j in columns.stubs]) for row in sheet.rows[slice(*span)]])
    has_numbers = _find_numbers(grid, columns, span)
    are_kept = len(cells) * len(columns.each) <= MOST_KEPT
    try:
        long = (
            None if are_kept else read_long_rows(columns, span[0], cells, has_numbers, about=about)
        )
    except MisreadError:  # row by row, all that cannot be read is said
        long = None
    if long is not None:
        return _to_rows(columns, *long)
    # repr tells 1 from 1.0 and True, which are equal.
    stub = (
        _kept_stub(columns, span[0], cells, repr(cells))
        if are_kept
        else Stub(columns, span[0], cells)
    )
    decisive = (has_numbers & stub.undecided).tobytes()
    return (_kept_rows if are_kept else _read_rows)(stub, decisive, about)


def _find_numbers(grid: Grid, columns: Columns, span: tuple[int, int]) -> np.ndarray:
    """Return which rows hold numbers, those of tables beside this one left out."""
    if not columns.beside:
        return grid.has_numbers[slice(*span)]
    own = [j for j in range(grid.status.shape[1]) if j not in columns.beside]
    held: np.ndarray = (grid.status[slice(*span)][:, own] == values.NUMBER).any(axis=1)
    return held


@lru_cache(maxsize=KEPT)
def _kept_stub(columns: Columns, start: int, cells: tuple[tuple[Cell, ...], ...], _: str) -> Stub:
    return Stub(columns, start, cells)


def _read_rows(stub: Stub, has_numbers: bytes, about: str) -> Rows:
    reader = RowReader(stub, np.frombuffer(has_numbers, bool).tolist(), about)
    keys: dict[int, RowKey] = {}
    for i in range(stub.start, stub.start + len(stub.cells)):
        try:
            key = reader.read(i)
        except MisreadError as error:
            reader.misread.append(error)
        else:
            if key is not None:
                keys[i] = key
    reader.finish(keys)
    return _to_rows(stub.columns, reader, keys)


_kept_rows = lru_cache(maxsize=KEPT)(_read_rows)


def _to_rows(columns: Columns, reader: RowReader, keys: dict[int, RowKey]) -> Rows:
    return Rows(
        columns=columns,
        at=tuple(keys),
        keys=tuple(keys.values()),
        left_out=frozenset(reader.left_out),
        parents=reader.parents,
        product_parents=reader.product_parents,
        own_parts=frozenset(reader.own_parts),
        notes=tuple(reader.notes),
        below={i: heading for i, heading in reader.below.items() if heading >= 0 and i in keys},
        misread=tuple(reader.misread),
        weak=reader.weak,
        marked=frozenset(reader.marked),
        open_plants=reader.open_plants,
    )
