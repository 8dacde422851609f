"""Cells that a person corrects with a reason: what the file holds stays, what is read is another number."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from carbonacct.data import shown_name
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import Finding, TableError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.sheets.raw_sheets import Cell, Sheet

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@shown_in_notebooks
@dataclass(frozen=True)
class Correction:
    """A cell that is read as something else than it holds.

    Attributes
    ----------
    file, sheet, cell
        Where it stands; the sheet of a text file is ``""``.
    seen
        What the cell held when it was corrected: of another table the correction is none.
    value
        What is read instead; ``""`` is a blank cell.
    because, by, on
        The reason, who gave it, and the date.
    """

    file: str
    sheet: str
    cell: str
    seen: str
    value: str
    because: str
    by: str
    on: str = ""


def show_cell(cell: Cell) -> str:
    """Return what a cell holds as a text.

    Examples
    --------
    >>> show_cell(4294.0), show_cell("重庆"), show_cell(None)
    ('4294', '重庆', '')
    """
    return f"{cell:.15g}" if isinstance(cell, float) else "" if cell is None else str(cell)


def find_cell(name: str) -> tuple[int, int]:
    """Return row and column, from 0, of a cell by its name.

    Raises
    ------
    TableError
        If it is none.

    Examples
    --------
    >>> find_cell("A1"), find_cell("AB10")
    ((0, 0), (9, 27))
    """
    found = _CELL.fullmatch(name)
    if not found:
        raise TableError(say("{name} is no cell; write it as B12", name=repr(name)))
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def find_held(sheets: Sequence[Sheet], name: str, cell: str) -> str:
    """Return what a cell holds.

    Raises
    ------
    TableError
        If there is no such sheet or cell.
    """
    row, column = find_cell(cell)
    sheet = next((one for one in sheets if one.name == name), None)
    if sheet is None:
        names = join_texts(", ", (one.name for one in sheets))
        raise TableError(
            say(
                "{file}: has no sheet {name}; its sheets: {names}",
                file=sheets[0].file,
                name=repr(name),
                names=names,
            )
        )
    if not _is_there(sheet, row, column):
        raise TableError(say("{where}: is outside the sheet", where=sheet.address(row, column)))
    return show_cell(_get(sheet, row, column))


def correct_sheets(sheets: Sequence[Sheet], corrections: Iterable[Correction]) -> list[Sheet]:
    """Return sheets with some cells corrected, and a finding for each.

    Raises
    ------
    TableError
        If a cell is not there, or holds something else than when it was corrected.

    Examples
    --------
    >>> from carbonacct.sheets.raw_sheets import Sheet
    >>> one = Correction("t.csv", "", "B1", "12", "21", "the yearbook prints 21", "王")
    >>> [sheet] = correct_sheets([Sheet("t.csv", "", [["coal", "12"]])], [one])
    >>> print(sheet.rows, sheet.findings[0])
    [['coal', '21']] t.csv!B1: 12 is read as 21 (王: the yearbook prints 21)
    """
    sheets = list(sheets)
    for one in corrections:
        at = next(
            (
                number
                for number, sheet in enumerate(sheets)
                if sheet.file == shown_name(one.file) and sheet.name == one.sheet
            ),
            None,
        )
        if at is not None:
            sheets[at] = _correct(sheets[at], one)
        elif any(sheet.file == shown_name(one.file) for sheet in sheets):
            raise TableError(
                say(
                    "{file}: a correction is of the sheet {sheet}, which is not there; take its"
                    " line out of the file of corrections",
                    file=one.file,
                    sheet=repr(one.sheet),
                )
            )
    return sheets


def _correct(sheet: Sheet, one: Correction) -> Sheet:
    row, column = find_cell(one.cell)
    where = sheet.address(row, column)
    is_there = _is_there(sheet, row, column)
    held = _get(sheet, row, column) if is_there else ""
    if not is_there or show_cell(held) != one.seen:
        raise TableError(
            say(
                "{where}: holds {held}, and its correction was made of {seen}; look at the cell"
                " again, then correct it anew or take the line out of the file of corrections",
                where=where,
                held=repr(show_cell(held)),
                seen=repr(one.seen),
            )
        )
    rows = list(sheet.rows)
    cells = [*rows[row], *[""] * (column + 1 - len(rows[row]))]
    cells[column] = _read(one.value, held)
    rows[row] = cells
    text = say(
        "{seen} is read as {value} ({by}: {because})",
        seen=one.seen or "-",
        value=one.value or "-",
        by=one.by,
        because=one.because,
    )
    finding = Finding("corrected", "info", text, where)
    return replace(sheet, rows=rows, findings=(*sheet.findings, finding))


def _is_there(sheet: Sheet, row: int, column: int) -> bool:
    return row < len(sheet.rows) and column < max(map(len, sheet.rows), default=0)


def _get(sheet: Sheet, row: int, column: int) -> Cell:
    """Return a cell; a line of a text may be shorter than the sheet."""
    return sheet.rows[row][column] if column < len(sheet.rows[row]) else ""


def _read(value: str, held: Cell) -> Cell:
    """Return a value as the file would hold it: a number in the place of a number."""
    if isinstance(held, (int, float)) and not isinstance(held, bool):
        try:
            number = float(value)
        except ValueError:
            return value
        # Python takes "nan", "inf" and "1_000" for numbers; a table prints them as texts.
        return number if math.isfinite(number) and "_" not in value else value
    return value
