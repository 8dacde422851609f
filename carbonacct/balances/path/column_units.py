"""The unit of each column of amounts: its header's, else the mapping's, else that of the corner."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.conversions import basis_of, fits, on_basis
from carbonacct.balances.cache_limits import KEPT
from carbonacct.balances.label.labels import unit_expression, unit_known
from carbonacct.balances.label.printed_units import agreed_unit, own_unit
from carbonacct.balances.path.columns import Columns, TableColumn
from carbonacct.errors import Finding, UnitError
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import MisreadError, Unknown
from carbonacct.texts import say
from carbonacct.units import measures_energy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.balances.label.headers import Header
    from carbonacct.balances.label.printed_units import Corner
    from carbonacct.balances.split.grid import Grid
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Sheet

_FEWEST_SHARES = 2
_FEWEST_ROWS = 2  # one row may add up to 100 by chance
_WHOLE = 100.0
_LEFT = say("the header to their left")


def set_units(columns: Columns, corner: Corner) -> Columns:
    """Find the unit of each data column: its header's, else the mapping's for its text or product, else the corner's.

    A column whose unit is unknown, has two meanings or contradicts its product holds no data.
    """
    return columns.words.remember(("units", columns, corner), lambda: _set_units(columns, corner))


def _set_units(columns: Columns, corner: Corner) -> Columns:
    words = columns.words
    found: list[TableColumn] = []
    assumed: list[tuple[int, str, str]] = []
    doubts: list[tuple[int, str]] = []
    misread: list[MisreadError] = []
    for j, each in enumerate(columns.each):
        outcome = words.remember(
            ("unit of column", each, corner), partial(_find_unit, each, words, corner)
        )
        found.append(_inherit(outcome.column, found))
        doubts += [(j, doubt) for doubt in outcome.doubts]
        if outcome.assumed:
            assumed.append((j, *outcome.assumed))
        if outcome.column.kind == "misread":
            misread.append(
                MisreadError(UnitError, outcome.fault, column=j, unknown=_list_unknown(each, words))
            )
    if all(each.kind != "unit" for each in found):
        for j, unit in _spread_units(found):
            found[j] = replace(found[j], unit=unit)
            assumed.append((j, unit, _LEFT))
    return Columns(words, tuple(found), corner, tuple(doubts), tuple(assumed), tuple(misread))


def _spread_units(columns: Sequence[TableColumn]) -> Iterator[tuple[int, str]]:
    """Yield the columns without a unit right behind one that prints it, and that unit: 原煤（万吨） | 焦炭 | 柴油.

    Their products are kept in the unit of its product, and no column of amounts prints another unit
    of that kind.
    """
    printed: dict[str, set[str]] = {}
    for column in columns:
        if column.kind == "data" and column.has_own_unit and column.header.product:
            kept = vocabulary.products()[column.header.product].unit
            printed.setdefault(kept, set()).add(column.unit)
    held = ("", "")
    for j, column in enumerate(columns):
        product = column.header.product if column.kind == "data" else ""
        if not product or column.header.word:
            held = ("", "")
            continue
        kept = vocabulary.products()[product].unit
        if column.unit:
            held = (kept, column.unit) if column.has_own_unit else ("", "")
        elif held[0] == kept and len(printed[kept]) == 1 and fits(product, held[1]):
            yield j, held[1]


def pass_shares(columns: Columns, grid: Grid, span: tuple[int, int]) -> Columns:
    """Return the columns; the composition of a total, without a unit beside it, holds no amounts.

    Their products add up to 100 in each of several rows, as far as the printed digits say, and the
    total that has a unit is another number. Where they add up to that total they are amounts in its
    unit; of a total of 100 they may be either.
    """
    silent, wholes = _list_parts(columns)
    if len(silent) < _FEWEST_SHARES or not wholes:
        return columns
    cells = np.ix_(range(*span), silent)
    filled = (grid.status[cells] == values.NUMBER).all(axis=1)
    sums = grid.number[cells][filled].sum(axis=1)
    half_a_digit = 0.05 if (grid.number[cells][filled] % 1).any() else 0.5
    rounding = len(silent) * half_a_digit
    if len(sums) < _FEWEST_ROWS:
        return columns
    are_hundred = bool((np.abs(sums - _WHOLE) <= rounding).all())
    totals = grid.number[np.ix_(range(*span), wholes)][filled]
    held = (np.abs(totals - sums[:, None]) <= rounding).all(axis=0)
    if are_hundred == bool(held.any()):
        return columns
    places = tuple(silent)
    if are_hundred:
        return columns.words.remember(
            ("shares", columns, places), lambda: _skip_columns(columns, places)
        )
    whole = wholes[int(held.argmax())]
    return columns.words.remember(
        ("sums", columns, places, whole), lambda: _take_unit(columns, places, whole)
    )


@lru_cache(maxsize=KEPT)
def _list_parts(columns: Columns) -> tuple[list[int], list[int]]:
    """Return the columns of products that print no unit, and those with one of what holds them all."""
    spread = {j for j, _, origin in columns.assumed if origin == _LEFT}
    silent = [
        j
        for j in columns.data
        if columns.each[j].header.product and (not columns.each[j].unit or j in spread)
    ]
    if len(silent) < _FEWEST_SHARES:
        return silent, []
    named = [j for j in columns.data if columns.each[j].unit and j not in spread]
    return silent, [j for j in named if _holds(columns, j, silent)]


def _take_unit(columns: Columns, places: Sequence[int], whole: int) -> Columns:
    """Return the columns, some of them in the unit of a total that they add up to."""
    unit = columns.each[whole].unit
    products = [columns.each[j].header.product or "" for j in places]
    if not all(fits(product, unit) for product in products):
        return columns
    each = list(columns.each)
    for j in places:
        each[j] = replace(each[j], unit=unit)
    before = (one for one in columns.assumed if one[0] not in places)
    assumed = ((j, unit, say("the total that they add up to")) for j in places)
    return replace(columns, each=tuple(each), assumed=(*before, *assumed))


def _holds(columns: Columns, whole: int, parts: Sequence[int]) -> bool:
    """Return whether a column is of what holds the products of others."""
    header, unit = columns.each[whole].header, columns.each[whole].unit
    if not header.product or header.product == "total_energy":
        return header.is_whole or measures_energy(unit.removesuffix(" GCV"))
    products = [columns.each[j].header.product or "" for j in parts]
    return all(vocabulary.is_product_within(one, header.product) for one in products)


def _skip_columns(columns: Columns, places: Sequence[int]) -> Columns:
    each = (
        replace(column, kind="skip") if j in places else column
        for j, column in enumerate(columns.each)
    )
    return replace(columns, each=tuple(each))


class _WithUnit(NamedTuple):
    """A column with its unit.

    What contradicts that, the unit and its origin if it is assumed, and why it cannot be read.
    """

    column: TableColumn
    doubts: tuple[str, ...] = ()
    assumed: tuple[str, str] | None = None
    fault: str = ""


def _list_unknown(column: TableColumn, words: Mapping) -> tuple[Unknown, ...]:
    """Return what a mapping file may say of a column without a unit: the unit, else the product."""
    header = column.header
    units = tuple(Unknown("unit", text, ()) for text in header.units if not unit_known(text, words))
    return units or (Unknown("product", header.text, ()),)


def _find_unit(column: TableColumn, words: Mapping, corner: Corner) -> _WithUnit:
    """Find the unit of one column."""
    if column.kind == "unknown" or (column.header.flow and column.header.is_whole):
        column = _name_total(column, words, corner)
    if (
        column.kind == "unknown"
        and column.may_be_share
        and not (column.header.units or corner.units or corner.several)
    ):
        column = replace(column, kind="skip")
    if column.kind != "data":
        return _WithUnit(column)
    word = column.header.word or ""
    header = _in_coal_equivalent(column.header, words) if word == "standard" else column.header
    try:
        printed, doubts = agreed_unit(header, words)
    except UnitError as error:
        return _WithUnit(replace(column, kind="misread"), fault=str(error))
    unit, origin = printed, ""
    if not printed and not corner.unread:
        unit, origin = own_unit(words, header.text, header.product)
    unit = unit or corner.units.get(word) or corner.units.get("", "")
    if not unit and not corner.unread and (word == "standard" or corner.is_standard):
        unit, origin = "1e4 tce", say("the word 标准量")
    if not unit and column.may_be_share and not corner.several:
        return _WithUnit(replace(column, kind="skip"), tuple(doubts))
    assumed = (unit, origin) if unit and origin else None
    if unit and header.product and (basis := basis_of(header.text)):
        unit = on_basis(header.product, unit, basis)
    column = replace(column, unit=unit, has_own_unit=bool(printed))
    return _WithUnit(column, tuple(doubts), assumed)


def _in_coal_equivalent(header: Header, words: Mapping) -> Header:
    """Return the header of a column of coal equivalent whose tonnes are of coal: 折标准煤(吨)."""
    known = {unit: unit_expression(unit, words) for unit in header.units if unit_known(unit, words)}
    units = (
        f"{known[unit]}ce" if known.get(unit, "")[-2:] in {"t", " t"} else unit
        for unit in header.units
    )
    return replace(header, units=tuple(units))


def _inherit(column: TableColumn, before: Sequence[TableColumn]) -> TableColumn:
    """Return a column marked as a part (其中:汽油) with the unit of the whole to its left, if that can measure it."""
    if column.kind != "data" or column.unit or not column.header.of_which:
        return column
    of_data = (each for each in reversed(before) if each.kind == "data")
    whole = next((each for each in of_data if not each.header.of_which), None)
    product = column.header.product or (whole.header.product if whole else None)
    if whole is None or not whole.unit or (product and not fits(product, whole.unit)):
        return column
    return replace(column, unit=whole.unit, has_own_unit=whole.has_own_unit)


def note_units(sheet: Sheet, columns: Columns, row: int) -> list[Finding]:
    """Return what is to be said of the units of the columns; ``row`` is the last of the header."""
    findings = [
        Finding(
            "unit-contradiction", "warning", doubt, sheet.address(row, j), say("correct the header")
        )
        for j, doubt in columns.doubts
    ]
    for unit, origin in dict.fromkeys((unit, origin) for _, unit, origin in columns.assumed):
        places = [j for j, *said in columns.assumed if said == [unit, origin]]
        findings.append(
            note_assumed(
                unit,
                origin,
                say("{place_count} columns", place_count=len(places)),
                sheet.address(row, places[0]),
            )
        )
    return findings


def note_assumed(unit: str, origin: str, what: str, where: str) -> Finding:
    """Return the finding of a unit that the table does not print."""
    message = say(
        "{what} print no unit: {unit} is assumed, by {origin}", what=what, unit=unit, origin=origin
    )
    return Finding(
        "unit-assumed", "warning", message, where, say("print the unit if it is another")
    )


def _name_total(column: TableColumn, words: Mapping, corner: Corner) -> TableColumn:
    """Take 合计 beside products over amounts of energy for total energy: tonnes of coal and oil have no such sum."""
    units = [
        unit_expression(unit, words) for unit in column.header.units if unit_known(unit, words)
    ] or [corner.units.get("", "")]
    if column.header.is_whole and all(
        unit and measures_energy(unit.removesuffix(" GCV")) for unit in units
    ):
        return replace(column, header=replace(column.header, product="total_energy"), kind="data")
    return column
