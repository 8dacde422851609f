"""Numbers that have their unit in their own cell (12.5 万吨): it goes to the column's header or the row's label."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.balances.amounts.conversions import same_dimension
from carbonacct.balances.label.headers import year_of
from carbonacct.balances.label.labels import take_units, unit_expression, unit_known
from carbonacct.errors import Finding
from carbonacct.sheets import values
from carbonacct.texts import say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.balances.split.grid import Grid
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell, Sheet

_AMOUNT = re.compile(r"\s*([+-]?\d[\d.,]*(?: \d{3})*)\s*([^\d\s.,].{0,30})")
_BEGINS = frozenset("0123456789+-")
_FACTOR_DIGITS = 12


class _CellAmount(NamedTuple):
    """A number with its unit, as printed."""

    place: tuple[int, int]
    number: str
    unit: str


class _CellGroup(NamedTuple):
    """The numbers below one header or beside one label: the unit they are taken in, and each one's own."""

    unit: str
    amounts: list[tuple[_CellAmount, float]]


def take_units_from_cells(
    sheet: Sheet, grid: Grid, words: Mapping, span: tuple[int, int, int]
) -> list[Finding]:
    """Rewrite the cells of a table whose numbers have their units beside them, and say so.

    Parameters
    ----------
    sheet, grid, words
        The cells, which are rewritten in place, what they read as, and the words of the table.
    span
        The first row of the header, of the data, and the end.

    Returns
    -------
    list of Finding
        Empty where nothing was rewritten, so that what the cells read as still holds.

    Notes
    -----
    The numbers of one column are in the unit of its header, else in that of its first number; each
    must be a power of ten of it. Where columns mix what cannot be compared (吨 above 千瓦时), the same
    holds of rows. Elsewhere the cells stay as they are, and are no numbers.
    """
    start, first, end = span
    found = _find_amounts(sheet, grid, words, (first, end))
    if not found:
        return []
    heads = _heads_of_columns(sheet, found, (start, first))
    groups = _group(found, heads, words, sheet)
    if by_rows := groups is None:
        heads = _heads_of_rows(sheet, found)
        groups = _group(found, heads, words, sheet)
    # A unit beside the label would hold for numbers of the row that print none.
    if groups is None or (by_rows and any(grid.plain[i, j + 1 :].any() for i, j in groups)):
        return []
    for head, group in groups.items():
        _write(sheet, head, group, words)
    where = sheet.address(*found[0].place)
    count = len(found)
    return [
        Finding(
            "unit-in-cell",
            "info",
            say("{count} numbers have their unit in their own cell", count=count),
            where,
        )
    ]


def read_amount(cell: Cell, words: Mapping) -> tuple[str, str] | None:
    """Return the number and the unit of a cell that holds both and is no unit itself (10000 t, 2019 MWh), as printed.

    Else None.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> [read_amount(text, Mapping()) for text in ("12.5 万吨", "10^4 t", "2019 MWh", "工业")]
    [('12.5', '万吨'), None, None, None]
    """
    amount = _split_amount(cell, words)
    is_unit = amount is not None and unit_known(str(cell).strip(), words)
    return None if amount is None or is_unit or year_of(amount[0]) else amount


def _split_amount(cell: Cell, words: Mapping) -> tuple[str, str] | None:
    if not (isinstance(cell, str) and cell.lstrip()[:1] in _BEGINS):
        return None
    return words.remember(("amount", cell), partial(_split_text, cell, words))


def _split_text(text: str, words: Mapping) -> tuple[str, str] | None:
    match = _AMOUNT.fullmatch(text)
    unit = match[2].strip() if match else ""
    return (match[1], unit) if match and unit_known(unit, words) else None


def _find_amounts(
    sheet: Sheet, grid: Grid, words: Mapping, span: tuple[int, int]
) -> list[_CellAmount]:
    """Return the numbers with units of the columns that hold nothing else than numbers."""
    first, end = span
    width = grid.blank.shape[1]
    at = slice(*(bisect_left(grid.others, row * width) for row in span))
    statuses = grid.texts.status[at].tolist()
    found = [
        _CellAmount(divmod(k, width), *amount)
        for k, text, status in zip(grid.others[at], grid.texts.held[at], statuses, strict=True)
        if status == values.UNREADABLE
        and type(text) is str
        and text.lstrip()[:1] in _BEGINS
        and (amount := _split_amount(text, words))
    ]
    if not found:
        return []
    status = grid.status[first:end]
    columns = {one.place[1] for one in found}
    for j in tuple(columns):
        amounts = [one for one in found if one.place[1] == j]
        others = int((status[:, j] == values.UNREADABLE).sum()) - len(amounts)
        are_units = all(
            unit_known(str(sheet.rows[one.place[0]][j]).strip(), words) for one in amounts
        )
        if others or are_units:  # labels; a column of units: 10000 t
            columns.discard(j)
    return [one for one in found if one.place[1] in columns]


def _heads_of_columns(
    sheet: Sheet, found: Iterable[_CellAmount], span: tuple[int, int]
) -> dict[_CellAmount, tuple[int, int] | None]:
    """Return the lowest header cell over each amount."""
    start, first = span

    def head(j: int) -> tuple[int, int] | None:
        rows = range(first - 1, start - 1, -1)
        return next(((i, j) for i in rows if not values.is_blank(sheet.rows[i][j])), None)

    return {one: head(one.place[1]) for one in found}


def _heads_of_rows(
    sheet: Sheet, found: Iterable[_CellAmount]
) -> dict[_CellAmount, tuple[int, int] | None]:
    """Return the label nearest to the left of the amounts of each row."""
    amounts = {one.place for one in found}

    def head(i: int, j: int) -> tuple[int, int] | None:
        left = (k for k in range(j - 1, -1, -1) if (i, k) not in amounts)
        return next(((i, k) for k in left if isinstance(sheet.rows[i][k], str)), None)

    return {one: head(*one.place) for one in found}


def _group(
    found: Iterable[_CellAmount],
    heads: dict[_CellAmount, tuple[int, int] | None],
    words: Mapping,
    sheet: Sheet,
) -> dict[tuple[int, int], _CellGroup] | None:
    """Return the amounts below each head with the unit that they are taken in, or None where one has no such unit."""
    groups: dict[tuple[int, int], _CellGroup] = {}
    for one in found:
        head = heads[one]
        if head is None:
            return None
        printed = take_units(str(sheet.rows[head[0]][head[1]]), words)[1]
        own = next((unit for unit in printed if unit_known(unit, words)), one.unit)
        group = groups.setdefault(head, _CellGroup(own, []))
        scale = _scale(one.unit, group.unit, words)
        if scale is None:
            return None
        group.amounts.append((one, scale))
    return groups


def _scale(unit: str, other: str, words: Mapping) -> float | None:
    """Return how many of another unit one unit is, None if that is no power of ten."""
    one, two = unit_expression(unit, words), unit_expression(other, words)
    if not same_dimension(one, two):
        return None
    factor = conversion_factor(one, two)
    power = round(math.log10(factor))
    return 10.0**power if math.isclose(factor, 10.0**power, rel_tol=1e-9) else None


def _write(sheet: Sheet, head: tuple[int, int], group: _CellGroup, words: Mapping) -> None:
    i, j = head
    for one, scale in group.amounts:
        number = values.read_value(one.number)[0] * scale
        row, column = one.place
        sheet.rows[row][column] = one.number if scale == 1.0 else f"{number:.{_FACTOR_DIGITS}g}"
    label = sheet.rows[i][j]
    text = str(int(label)) if isinstance(label, float) else str(label)
    if not take_units(text, words)[1]:
        sheet.rows[i][j] = f"{text} ({group.unit})"
