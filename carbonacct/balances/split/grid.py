"""All cells of a sheet at once -> arrays: the number, the missing-value status of each cell, what is blank."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.amounts.conversions import find_bases
from carbonacct.balances.cache_limits import KEPT, MOST_LABELS
from carbonacct.balances.label.headers import FIRST_YEAR, LAST_YEAR, year_of
from carbonacct.balances.split.decimals import may_have_commas, settle
from carbonacct.balances.words.other_quantities import FORECAST_YEAR, is_planned
from carbonacct.data import MAX_CELLS
from carbonacct.errors import TableError
from carbonacct.sheets import values
from carbonacct.texts import say
from carbonacct.units import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.balances.words.mapping import Mapping as MappingFile
    from carbonacct.errors import Finding
    from carbonacct.sheets.raw_sheets import Cell, Sheet


# The kinds of nothing that have no text of their own, as a table prints them.
_AS_PRINTED = {"mark": "-", "blank": "", "absent": ""}


@dataclass(frozen=True)
class Grid:
    """What the cells of a sheet read as (rows x columns); a row that is shorter than the widest ends in blanks.

    Attributes
    ----------
    number, status
        As :func:`carbonacct.sheets.values.read_value` reads each cell.
    blank
        Whether a cell holds nothing at all.
    plain
        Whether a cell holds a number that is no year.
    has_numbers
        Whether a row holds any number.
    others, texts
        Cells that are neither "" nor a floating-point number: their places, counted row by row,
        and what they hold.
    flags
        What stands beside numbers (``e``, ``*``, a footnote), by the cell counted row by row.
    findings
        What the marks of decimals leave to say.
    """

    number: np.ndarray
    status: np.ndarray
    blank: np.ndarray
    plain: np.ndarray
    has_numbers: np.ndarray
    others: list[int]
    texts: Texts
    flags: dict[int, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read_grid(sheet: Sheet, words: MappingFile | None = None) -> Grid:
    """Return what every cell of a sheet reads as.

    Cells are rewritten in place where they hold what cannot be seen, decimal commas, or marks and
    flags of ``words``.

    Raises
    ------
    TableError
        If its rows and columns span more cells than any table has, or its commas may be thousands
        or decimals.

    Examples
    --------
    >>> from carbonacct.sheets.raw_sheets import Sheet
    >>> grid = read_grid(Sheet("a.csv", "", [["原煤", 2007.0, "1,234"], ["-"]]))
    >>> grid.number[0].tolist(), grid.plain[0].tolist(), grid.blank[1].tolist()
    ([nan, 2007.0, 1234.0], [False, False, True], [False, True, True])
    """
    width = max(map(len, sheet.rows), default=0)
    shape = len(sheet.rows), width
    if shape[0] * width > MAX_CELLS:
        raise TableError(
            say(
                "{address}: spans {shape} rows x {width} columns; delete what is not the table",
                address=sheet.address(0),
                shape=shape[0],
                width=width,
            )
        )
    cells: list[Cell] = []
    for row in sheet.rows:
        cells += row
        cells += [""] * (width - len(row))
    nan = math.nan
    number = np.array([cell if type(cell) is float else nan for cell in cells], float)
    blank = ~np.isfinite(number)
    status = np.full(len(cells), values.NUMBER, np.int8)
    status[blank] = values.BLANK
    others = [k for k in np.flatnonzero(blank).tolist() if cells[k] != ""]
    texts = read_texts([cells[k] for k in others])
    own: dict[int, str] = {}
    findings: list[Finding] = []
    if texts.has_invisible or (words and (words.marks or words.flags)):
        changed, own = _read_own_marks(dict(zip(others, texts.held, strict=True)), words)
        texts = read_texts(_put(sheet, cells, others, changed))
    decimal = words.decimal if words else ""
    held = zip(others, texts.held, strict=True)
    if decimal or may_have_commas(
        texts.joined, (cell for k, cell in held if k % width), number[~blank]
    ):
        points = int((number[~blank] % 1 != 0).sum())
        marked = {k: cell for k, cell in zip(others, texts.held, strict=True) if type(cell) is str}
        turned, findings = settle(sheet, marked, width, decimal, points=points)
        texts = read_texts(_put(sheet, cells, others, turned))
    places = np.array(others, np.intp)
    number[places], status[places], blank[places] = texts.number, texts.status, texts.blank
    is_number = status == values.NUMBER
    plain = is_number.copy()
    # The text decides, as the number cannot.
    for k in np.flatnonzero((number >= FIRST_YEAR) & (number <= LAST_YEAR)).tolist():
        if plain[k] and number[k].is_integer():  # 2007 is a year, 2,007 is not
            plain[k] = not year_of(cells[k])
    return Grid(
        number=number.reshape(shape),
        status=status.reshape(shape),
        blank=blank.reshape(shape),
        plain=plain.reshape(shape),
        has_numbers=is_number.reshape(shape).any(axis=1),
        others=others,
        texts=texts,
        flags={others[place]: flag for place, flag in texts.flags.items()} | own,
        findings=tuple(findings),
    )


@dataclass(frozen=True, eq=False)
class Texts:
    """What some cells read as, in their order.

    Attributes
    ----------
    held
        The cells.
    number, status, blank
        As in the grid.
    flags
        What stands beside numbers, by the place of their cell.
    """

    held: Sequence[Cell]
    number: np.ndarray
    status: np.ndarray
    blank: np.ndarray
    flags: dict[int, str]

    @cached_property
    def joined(self) -> str:
        """All texts, one a line: one look at all of them."""
        return "\n".join([cell for cell in self.held if isinstance(cell, str)])

    @cached_property
    def has_invisible(self) -> bool:
        """Whether some hold what cannot be seen."""
        return INVISIBLE.search(self.joined) is not None

    @cached_property
    def has_planned(self) -> bool:
        """Whether some say that something is planned, or are years that may be of a forecast (2030F)."""
        return any(_may_be_planned(cell) for cell in self.held if isinstance(cell, str))

    @cached_property
    def has_basis(self) -> bool:
        """Whether some say that energy is gross or net."""
        return bool(find_bases({cell for cell in self.held if isinstance(cell, str)}))


@lru_cache(maxsize=65536)
def _may_be_planned(text: str) -> bool:
    return is_planned(text) or FORECAST_YEAR.fullmatch(text.strip()) is not None


def read_texts(cells: Sequence[Cell]) -> Texts:
    """Return what cells read as; those of a sheet of few texts, which are its labels, come back in the next."""
    if len(cells) <= MOST_LABELS and set(map(type, cells)) <= {str}:
        return _read_labels(tuple(cells))
    return _read_each(cells)


@lru_cache(maxsize=KEPT)
def _read_labels(cells: tuple[Cell, ...]) -> Texts:
    return _read_each(cells)


def _read_each(cells: Sequence[Cell]) -> Texts:
    """Return what cells read as; the same text is read once."""
    if not cells:
        nothing = np.zeros(0)
        return Texts(cells, nothing, nothing.astype(np.int8), nothing.astype(bool), {})
    order: dict[object, int] = {}
    codes = np.array(
        [
            order.setdefault(cell if type(cell) is str else (type(cell), cell), len(order))
            for cell in cells
        ]
    )
    distinct = [key if type(key) is str else key[1] for key in order]  # type: ignore[index]
    numbers, statuses, found = zip(*map(values.read_cell, distinct), strict=True)
    flags = {}
    if any(found):
        flags = {
            position: found[code] for position, code in enumerate(codes.tolist()) if found[code]
        }
    blank = np.array(list(map(values.is_blank, distinct)))
    return Texts(cells, np.array(numbers)[codes], np.array(statuses)[codes], blank[codes], flags)


def _read_own_marks(
    cells: Mapping[int, Cell], words: MappingFile | None
) -> tuple[dict[int, str], dict[int, str]]:
    """Return the cells that change without what cannot be seen, and by a mapping's marks and flags; and these flags."""
    changed: dict[int, str] = {}
    flags: dict[int, str] = {}
    for k, cell in cells.items():
        if not isinstance(cell, str):
            continue
        text = INVISIBLE.sub("", cell)
        if words is not None:
            bare = text.strip()
            flag = next(
                (flag for flag in words.flags if bare.endswith(flag) or bare.startswith(flag)), ""
            )
            number = bare.removesuffix(flag).removeprefix(flag).strip() if flag else ""
            if bare in words.marks:
                text = _AS_PRINTED.get(words.marks[bare], words.marks[bare])
            elif number and values.is_number(number):
                text, flags[k] = number, flag
        if text != cell:
            changed[k] = text
    return changed, flags


def _put(
    sheet: Sheet, cells: list[Cell], others: list[int], changed: Mapping[int, str]
) -> list[Cell]:
    """Write texts into the cells of a sheet, and return those that are no floating-point numbers."""
    width = max(map(len, sheet.rows))
    for k, text in changed.items():
        cells[k] = sheet.rows[k // width][k % width] = text
    return [cells[k] for k in others]
