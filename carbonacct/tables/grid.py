"""All cells of a sheet at once -> arrays: the number, the kind of every nothing, what is blank."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.data import MAX_CELLS
from carbonacct.errors import TableError
from carbonacct.tables import values
from carbonacct.tables.headers import FIRST_YEAR, LAST_YEAR, year_of

if TYPE_CHECKING:
    from carbonacct.tables.sheets import Cell, Sheet


@dataclass(frozen=True)
class Grid:
    """What the cells of a sheet read as (rows x columns); a row that is shorter than the widest ends in blanks.

    Attributes
    ----------
    number, status
        As :func:`carbonacct.tables.values.read_value` reads each cell.
    blank
        Whether a cell holds nothing at all.
    plain
        Whether a cell holds a number that is no year.
    has_numbers
        Whether a row holds any number.
    others
        Cells that are neither "" nor a floating-point number, counted row by row.
    """

    number: np.ndarray
    status: np.ndarray
    blank: np.ndarray
    plain: np.ndarray
    has_numbers: np.ndarray
    others: list[int]


def read_grid(sheet: Sheet) -> Grid:
    """Return what every cell of a sheet reads as.

    Raises
    ------
    TableError
        If its rows and columns span more cells than any table has.

    Examples
    --------
    >>> from carbonacct.tables.sheets import Sheet
    >>> grid = read_grid(Sheet("a.csv", "", [["原煤", 2007.0, "1,234"], ["-"]]))
    >>> grid.number[0].tolist(), grid.plain[0].tolist(), grid.blank[1].tolist()
    ([nan, 2007.0, 1234.0], [False, False, True], [False, True, True])
    """
    width = max(map(len, sheet.rows), default=0)
    shape = len(sheet.rows), width
    if shape[0] * width > MAX_CELLS:
        raise TableError(f"{sheet.address(0)}: spans {shape[0]} rows x {width} columns; delete what is not the table")
    cells: list[Cell] = []
    for row in sheet.rows:
        cells += row
        cells += [""] * (width - len(row))
    nan = math.nan
    number = np.array([cell if type(cell) is float else nan for cell in cells], float)
    blank = ~np.isfinite(number)
    status = np.where(blank, np.int8(values.BLANK), np.int8(values.NUMBER))
    others = [k for k in np.flatnonzero(blank).tolist() if cells[k] != ""]
    if others:
        held = [cells[k] for k in others]
        number[others], status[others] = zip(*map(values.read_value, held), strict=True)
        blank[others] = list(map(values.is_blank, held))
    is_number = status == values.NUMBER
    plain = is_number.copy()
    like_years = plain & (number >= FIRST_YEAR) & (number <= LAST_YEAR) & (number == np.floor(number))
    for k in np.flatnonzero(like_years).tolist():  # 2007 is a year, 2,007 is not
        plain[k] = not year_of(cells[k])
    return Grid(number.reshape(shape), status.reshape(shape), blank.reshape(shape), plain.reshape(shape), is_number.reshape(shape).any(axis=1), others)
