"""What became of every cell of the tables that were read: its role, its fate, and what it means.

Each cell that is not blank has one fate:

======== ==========================================================================================
used     a number that has a meaning, or a label, unit or title that gives one; no number of a
         file that is refused
nothing  a mark or notation key where a number would stand
passed   left out with a reason: a note, a share, another year, what is printed twice
asked    a label that is not known, and the numbers that hang on it
refused  what cannot be read, or contradicts something else, and what stands beside that
======== ==========================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import remarks
from carbonacct.balances.label.headers import year_of
from carbonacct.balances.label.labels import unit_known
from carbonacct.balances.label.printed_units import find_unit_line
from carbonacct.balances.path.columns import LABEL_KINDS, part_of_year
from carbonacct.balances.words.other_quantities import name_quantity
from carbonacct.sheets import values
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.join.sheet_tables import Page, TableExtent
    from carbonacct.balances.path.rows import Rows
    from carbonacct.balances.stops import Stop

    _Places = tuple[Sequence[int], Sequence[int]]

ROLES = ("number", "label", "unit", "title", "note")
FATES = ("used", "nothing", "passed", "asked", "refused")
_NUMBER, _LABEL, _UNIT, _TITLE, _NOTE = range(len(ROLES))
_USED, _NOTHING, _PASSED, _ASKED, _REFUSED = range(len(FATES))
_READ = LABEL_KINDS | {"data", "status"}
_PASSED_COLUMNS = {
    "skip": say("its column holds no amounts of energy"),
    "text": say("its column says nothing of the numbers"),
    "unlabelled": say("its column has no header"),
}


def _say_skipped(text: str) -> str:
    """Return why a column that no label has a part in is passed over, as far as its header says."""
    if what := name_quantity(text):
        return say("its column holds {what}, no amounts of energy", what=what)
    if name_quantity(text, is_header=True) or part_of_year(text):
        return say("its column holds amounts of a part of the year")
    return ""


class Passed(NamedTuple):
    """Numbers that a balance does not hold, and why: the table (its number), row and column of each."""

    reason: str
    block: np.ndarray
    row: np.ndarray
    column: np.ndarray


class Account:
    """The fates of the cells of one sheet, as arrays (rows x columns).

    Attributes
    ----------
    there
        Which cells are not blank.
    role, fate, reason
        Numbers in `ROLES`, in `FATES` and in `reasons`.
    reasons
        What the numbers of reasons stand for.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        blank, status = _read_status(page)
        self.there = ~blank
        for i, j in page.spread:
            self.there[i, j] = False
        self.is_number = self.there & (status == values.NUMBER)
        self.is_text = self.there & (status == values.UNREADABLE)
        self.role = np.where(self.is_text, _NOTE, _NUMBER).astype(np.int8)
        self.fate = np.where(self.is_number | self.is_text, _PASSED, _NOTHING).astype(np.int8)
        self.reason = np.zeros(status.shape, np.int16)
        self.reasons = {"": 0}
        if page.passed_over:
            self.fate[self.there], self.reason[self.there] = _PASSED, self._code(page.passed_over)
            return
        outside = (
            say("belongs to no table") if page.blocks else say("no table was found on the sheet")
        )
        self.reason[self.is_number | self.is_text] = self._code(outside)
        for table in page.tables:
            self._add_title(table)
            if table.rows is not None:
                self._add_header(table)
                self._add_columns(table)
                self._add_rows(table, table.rows)
        for stop in page.stops:
            self._add_stop(stop)

    def pass_over(self, rows: np.ndarray, columns: np.ndarray, reason: str) -> None:
        """Note numbers that a balance does not hold."""
        self.fate[rows, columns] = _PASSED
        self.reason[rows, columns] = self._code(reason)

    def refuse(self, reason: str) -> None:
        """Note that the numbers of a sheet, of which no table was made, are refused."""
        chosen = self.is_number & (self.fate == _PASSED)
        self.fate[chosen], self.reason[chosen] = _REFUSED, self._code(reason)

    def refuse_used(self, why: str) -> None:
        """Note that no number of a sheet is used, because its file is refused."""
        chosen = self.is_number & (self.role == _NUMBER) & (self.fate == _USED)
        reason = say("its table is refused: {why}", why=why)
        self.fate[chosen], self.reason[chosen] = _REFUSED, self._code(reason)

    def list_titles(self, top: int, start: int) -> list[tuple[int, int]]:
        """Return the cells of titles in some rows."""
        return _list_cells(self.there & np.isin(self.role, (_TITLE, _UNIT)), top, start)

    def _code(self, reason: str) -> int:
        return self.reasons.setdefault(reason, len(self.reasons))

    def _set(
        self,
        places: _Places,
        which: np.ndarray,
        fate_and_reason: tuple[int, str],
        role: int | None = None,
    ) -> None:
        """Set fate, reason and role of the cells of some rows and columns that are among ``which``."""
        cells = np.ix_(*(np.asarray(part, int) for part in places))
        chosen = which[cells]
        fate, reason = fate_and_reason
        self.fate[cells] = np.where(chosen, fate, self.fate[cells])
        self.reason[cells] = np.where(chosen, self._code(reason), self.reason[cells])
        if role is not None:
            self.role[cells] = np.where(chosen, role, self.role[cells])

    def _add_title(self, table: TableExtent) -> None:
        for i, j in _list_cells(self.is_text, table.top, table.start):
            text = str(self.page.sheet.rows[i][j])
            if not remarks.is_remark(text):
                role = _UNIT if unit_known(text, table.columns.words) else _TITLE
                self._set(([i], [j]), self.is_text, (_USED, say("stands above the table")), role)

    def _add_header(self, table: TableExtent) -> None:
        """Note the cells of the header: a number among them is a year, or it says nothing."""
        for i, j in _list_cells(self.there, table.start, table.first):
            cell, column = self.page.sheet.rows[i][j], table.columns.each[j]
            if column.kind == "beside" or (values.is_number(cell) and not year_of(cell)):
                continue
            is_unit = isinstance(cell, str) and (
                unit_known(cell, table.columns.words) or find_unit_line([cell])
            )
            says = column.kind in _READ and i not in column.unread
            fate_and_reason = (
                (_USED, "") if says else (_PASSED, say("says nothing of the numbers below it"))
            )
            self._set(([i], [j]), self.there, fate_and_reason, _UNIT if is_unit else _LABEL)

    def _add_columns(self, table: TableExtent) -> None:
        """Note why the cells of some columns are passed over."""
        rows = range(table.first, table.end)
        for j, column in enumerate(table.columns.each):
            if column.kind in _PASSED_COLUMNS:
                said = _say_skipped(column.header.text) if column.kind == "skip" else ""
                reason = said or _PASSED_COLUMNS[column.kind]
                self._set((rows, [j]), self.there, (_PASSED, reason))

    def _add_rows(self, table: TableExtent, rows: Rows) -> None:
        """Note the cells of the rows that are known, of the headings above them, and of those left out."""
        columns = table.columns
        why = next((str(stop.error) for stop in self.page.stops if not stop.unknown), "")
        fate_and_reason = (
            (_USED, "") if table.block else (_REFUSED, why or say("its table has no form"))
        )
        self._set((rows.at, columns.data), self.is_number, fate_and_reason)
        self._set(
            (rows.at, columns.data), self.is_text, (_REFUSED, say("is not a number")), _NUMBER
        )
        for j, column in enumerate(columns.each):
            if column.kind in _READ - {"data"}:  # a number is no name
                which = self.is_text if column.kind in {"label", "product"} else self.there
                role = _UNIT if column.kind == "unit" else _LABEL
                self._set((rows.at, [j]), which, (_USED, ""), role)
        headings = sorted({*rows.below.values()})
        self._set((headings, columns.names), self.is_text, (_USED, ""), _LABEL)
        for i in sorted(rows.left_out):
            texts = (self.page.sheet.rows[i][j] for j in columns.stubs)
            what = next(
                (name for text in texts if isinstance(text, str) and (name := name_quantity(text))),
                "",
            )
            reason = (
                say("its row holds {what}, no amounts of energy", what=what)
                if what
                else say("its row is passed over")
            )
            own = sorted({*range(len(columns.each))} - columns.beside)
            self._set(([i], own), self.there, (_PASSED, reason))

    def _add_stop(self, stop: Stop) -> None:
        """Note the cells at which reading stops, and the numbers that hang on labels."""
        fate_and_reason = (_ASKED if stop.unknown else _REFUSED), str(stop.error)
        open_ones = (self.is_number | self.is_text) & (self.fate == _PASSED)
        for i, j in stop.cells:
            self._set(
                ([i], [j]), self.there, fate_and_reason, None if self.is_number[i, j] else _LABEL
            )
            for table in self.page.tables:
                if table.rows is not None and table.start <= i < table.first:
                    self._set((range(table.first, table.end), [j]), open_ones, fate_and_reason)
                elif table.rows is not None and table.first <= i < table.end:
                    row = [*table.columns.stubs, *table.columns.data]
                    self._set(([i], row), open_ones, fate_and_reason)


def _list_cells(which: np.ndarray, start: int, end: int) -> list[tuple[int, int]]:
    """Return the cells of some rows that are chosen."""
    return [(start + i, j) for i, j in np.argwhere(which[start:end]).tolist()]


def _read_status(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """Return which cells are blank and what all read as; cell by cell if the sheet was refused before."""
    if page.grid is not None:
        return page.grid.blank, page.grid.status
    rows = page.sheet.rows
    shape = len(rows), max(map(len, rows), default=0)
    blank, status = np.ones(shape, bool), np.full(shape, values.BLANK, np.int8)
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if not values.is_blank(cell):
                blank[i, j], status[i, j] = False, values.read_value(cell)[1]
    return blank, status
