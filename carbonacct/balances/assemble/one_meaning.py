"""Two labels of one table that mean the same: what tells them apart, and which of them lies within the other.

A line of a mapping file settles them: it gives one of them an id of its own, so that they add up,
or passes it over.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.label.labels import take_units
from carbonacct.balances.path.printed_labels import find_header
from carbonacct.balances.words.mapping import LEFT_OUT
from carbonacct.sheets.raw_sheets import Answer, Unknown, cell_name
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.assemble.assembly import PrintedCells
    from carbonacct.balances.join.block import Block
    from carbonacct.sheets.raw_sheets import Cell
    from carbonacct.texts import Text

_PROVE = 3  # so many numbers say that a label lies within another; fewer may be chance
_SAME = 1e-9
_SAME_UNIT = 0.005  # of a middle ratio: single numbers are cut to few digits


def find_twin_labels(
    cells: PrintedCells, block: Block, pairs: Sequence[tuple[int, int]]
) -> tuple[Unknown, Unknown] | None:
    """Return the two labels of pairs of numbers that mean the same, None where no label tells them apart.

    Parameters
    ----------
    cells
        The cells of all tables.
    block
        The table in which they stand.
    pairs
        The numbers of the two labels, pair by pair.
    """
    place, other = (
        (int(cells.arrangement.row[cell]), int(cells.arrangement.column[cell]))
        for cell in sorted(pairs[0])
    )
    return _tell_rows(block, place, other) or _tell_columns(block, place, other)


def list_answers(
    cells: PrintedCells, labels: tuple[Unknown, Unknown] | None, pairs: Sequence[tuple[int, int]]
) -> tuple[Answer, ...]:
    """Return what one of two labels of one meaning may be.

    Left out if it is never more than the other, else a second one, which is added.
    """
    if labels is None:
        return ()
    identifier, within = cells.label(labels[0].kind, pairs[0][0]), _find_within(cells, pairs)
    one, other = labels if within == 0 else labels[::-1]
    are_one = "#" in labels[1].text  # one text twice: no id of one makes it another thing
    ids: tuple[str, ...] = (LEFT_OUT, identifier) if within is not None else (identifier, LEFT_OUT)
    ids = (LEFT_OUT,) if are_one else ids
    one, other = (labels[1], labels[0]) if are_one else (one, other)
    why = say(
        "means the same as {text!r} ({cell})", text=other.text, cell=cell_name(*other.cells[0])
    )
    return (Answer(one, ids, why),)


def find_wrong_unit(cells: PrintedCells, pairs: Sequence[tuple[int, int]]) -> tuple[Answer, ...]:
    """Return the unit that lacks a power of ten, if all pairs of numbers differ by one: toe of ktoe beside TJ.

    Parameters
    ----------
    cells, pairs
        As in `find_twin_labels`.
    """
    ordered = [(min(pair), max(pair)) for pair in pairs]
    units = {tuple(cells.label("unit", cell) for cell in pair) for pair in ordered}
    if len(units) != 1 or len(ordered) < _PROVE:
        return ()
    unit, other_unit = units.pop()
    held = [pair for pair in ordered if cells.amount[pair[1]] and cells.amount[pair[0]]]
    ratios = np.array([cells.amount[one] / cells.amount[other] for one, other in held])
    power = round(float(np.log10(np.median(np.abs(ratios))))) if len(held) >= _PROVE else 0
    is_same = power and np.isclose(np.median(ratios), 10.0**power, rtol=_SAME_UNIT)
    if unit == other_unit or not is_same:
        return ()
    place = int(cells.arrangement.row[ordered[0][1]]), int(cells.arrangement.column[ordered[0][1]])
    why = say("its numbers are {power} times those in {unit}", power=f"1e{-power}", unit=unit)
    return (Answer(Unknown("unit", other_unit, (place,)), (f"1e{power} {other_unit}",), why),)


def write_line(labels: tuple[Unknown, Unknown] | None) -> Text | str:
    """Return the line of a mapping file that passes over the second of two labels, "" if nothing tells them apart."""
    if labels is None:
        return ""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([labels[1].kind, labels[1].text])
    return say("{line},{left_out},,{why}", line=line.getvalue(), left_out=LEFT_OUT, why=say("why"))


def _tell_rows(
    block: Block, place: tuple[int, int], other: tuple[int, int]
) -> tuple[Unknown, Unknown] | None:
    """Return the labels of two rows, None where the columns of the numbers tell them apart, or nothing does."""
    columns, cell_of = block.rows.columns, block.sheet.rows
    (row, column), (other_row, other_column) = place, other
    told = [j for j in columns.names if cell_of[row][j] != cell_of[other_row][j]]
    if row == other_row or not (told or column == other_column):
        return None
    if not told and (len(columns.stubs) > 1 or not columns.names):
        return None
    j = told[-1] if told else columns.names[0]
    kind = "product" if columns.each[j].kind == "product" else "flow"
    text = cell_of[other_row][j]
    folded = vocabulary.fold(_name(block, text))
    same = [i for i in block.rows.at if vocabulary.fold(_name(block, cell_of[i][j])) == folded]
    number = same.index(other_row) + 1 if other_row in same else 0
    texts = [_name(block, cell_of[i][j]) for i in (row, other_row)]
    return _pair(kind, texts, number, ((row, j), (other_row, j)))


def _tell_columns(
    block: Block, place: tuple[int, int], other: tuple[int, int]
) -> tuple[Unknown, Unknown] | None:
    """Return the headers of two columns, None where they are one column."""
    columns = block.rows.columns
    (_, column), (_, other_column) = place, other
    if column == other_column:
        return None
    heads = [columns.each[j].header for j in (column, other_column)]
    kind = "product" if heads[1].product else "flow"
    folded = vocabulary.fold(heads[1].text)
    same = [j for j in columns.data if vocabulary.fold(columns.each[j].header.text) == folded]
    number = same.index(other_column) + 1 if other_column in same else 0
    texts = [_name(block, head.text) for head in heads]
    first = block.rows.at[0]
    places = tuple(find_header(block.sheet, first, j) for j in (column, other_column))
    return _pair(kind, texts, number, places)


def _pair(
    kind: str, texts: Sequence[str], number: int, places: Sequence[tuple[int, int]]
) -> tuple[Unknown, Unknown] | None:
    """Return two labels; the second has its number where both are one text."""
    first, second = texts
    if not second:
        return None
    are_one = vocabulary.fold(first) == vocabulary.fold(second)
    tail = f"#{number}" if number and are_one else ""
    return Unknown(kind, first, (places[0],)), Unknown(kind, f"{second}{tail}", (places[1],))


def _name(block: Block, text: Cell) -> str:
    """Return a label as a mapping file names it: in one line, whole and without its units."""
    named = take_units(text, block.rows.columns.words)[0] if isinstance(text, str) else ""
    return " ".join(named.split())


def _find_within(cells: PrintedCells, pairs: Sequence[tuple[int, int]]) -> int | None:
    """Return which of two labels (0 or 1) is never more than the other, None where neither is or few numbers say so."""
    if len(pairs) < _PROVE:
        return None
    first, other = (
        np.abs([cells.amount[min(pair) if n == 0 else max(pair)] for pair in pairs])
        for n in range(2)
    )
    if (other <= first * (1 + _SAME)).all():
        return 1
    return 0 if (first <= other * (1 + _SAME)).all() else None
