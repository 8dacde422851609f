"""What each column of a table holds, and in which unit: from its header, its cells and the corner of the table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.conversions import basis_of, on_basis, same_dimension
from carbonacct.balances.headers import (
    COLUMN_WORDS,
    TOTALS,
    Header,
    read_header,
    take_units,
    unit_expression,
    unit_known,
    year_of,
)
from carbonacct.balances.printed_units import Corner, agreed_unit, own_unit
from carbonacct.balances.unread import same_script
from carbonacct.errors import Finding, UnitError
from carbonacct.sheets import values
from carbonacct.sheets.sheets import MisreadError, Unknown
from carbonacct.units import is_ambiguous

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.grid import Grid
    from carbonacct.balances.mapping import Mapping
    from carbonacct.sheets.sheets import Cell, Sheet

ColumnKind = Literal["label", "product", "area", "year", "unit", "status", "skip", "data", "text", "unknown", "unlabelled", "misread"]
LABEL_KINDS = frozenset({"label", "product", "area", "year", "unit"})
_READ_KINDS = LABEL_KINDS | {"data", "status"}
_STUBS = frozenset({"label", "product", "unit", "year", "area"})
_SAMPLE = 200


@dataclass(frozen=True)
class Column:
    """A column: what its header says, what it holds, its unit, and the header cells that say nothing."""

    header: Header
    kind: ColumnKind
    unit: str = ""
    has_own_unit: bool = False
    unread: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns of a table, under some words. Equal to itself alone, so that what follows from it is kept under it.

    Attributes
    ----------
    stubs, data
        Which columns name the rows, and which hold amounts.
    corner
        What the title prints, once the units are set.
    doubts, assumed
        Columns whose unit contradicts their product, with what contradicts; columns whose unit is assumed, with the unit and
        what says so.
    misread
        Columns whose unit cannot be read, which hold no data.
    """

    words: Mapping
    each: tuple[Column, ...]
    corner: Corner = field(default_factory=Corner)
    doubts: tuple[tuple[int, str], ...] = ()
    assumed: tuple[tuple[int, str, str], ...] = ()
    misread: tuple[MisreadError, ...] = ()

    @cached_property
    def stubs(self) -> tuple[int, ...]:
        """Columns that name the rows."""
        return tuple(j for j, column in enumerate(self.each) if column.kind in LABEL_KINDS)

    @cached_property
    def data(self) -> tuple[int, ...]:
        """Columns that hold amounts."""
        return tuple(j for j, column in enumerate(self.each) if column.kind == "data")

    @cached_property
    def labels(self) -> tuple[int, ...]:
        """Columns that name flows."""
        return tuple(j for j, column in enumerate(self.each) if column.kind == "label")

    @cached_property
    def names(self) -> tuple[int, ...]:
        """Columns that name flows or products, where a number is none."""
        return tuple(j for j, column in enumerate(self.each) if column.kind in {"label", "product"})

    @cached_property
    def unplaced(self) -> frozenset[int]:
        """Columns whose headings are left over."""
        return frozenset(j for j, column in enumerate(self.each) if column.kind in {"text", "unlabelled", "unknown"})

    @cached_property
    def silent(self) -> tuple[int, ...]:
        """Columns that a row with amounts may leave over."""
        return tuple(j for j, column in enumerate(self.each) if column.kind not in _READ_KINDS)


def read_columns(sheet: Sheet, grid: Grid, words: Mapping, span: tuple[int, int, int]) -> Columns:
    """Say of each column what it holds; ``span`` is the first row of the header, of the data, and the end."""
    start, first, end = span
    headings = sheet.rows[start:first]
    printed = repr(headings)  # the same headings come back in every table of a series
    said = words.remember(("headings", printed), lambda: _read_headings(headings, words))
    kinds = [kind or _kind_by_cells(sheet, grid, words, (first, end, j), header, is_headed=is_headed) for j, (header, _, is_headed, kind) in enumerate(said)]
    return words.remember(("columns", printed, start, *kinds), lambda: Columns(words, tuple(
        Column(header, kind, unread=tuple(start + i for i in unread)) for (header, unread, *_), kind in zip(said, kinds, strict=True))))  # fmt: skip


def _read_headings(rows: Sequence[Sequence[Cell]], words: Mapping) -> tuple[tuple[Header, tuple[int, ...], bool, ColumnKind | None], ...]:
    """Return what the header says of each column, the rows of its cells that say nothing, whether it has any, and what the column holds if they say it."""
    seen: dict[str, int] = {}
    found = []
    for j in range(len(rows[0])):
        pieces = [(i, row[j]) for i, row in enumerate(rows) if not values.is_blank(row[j])]
        header, unread = _column_header(pieces, words, seen)
        if any(vocabulary.fold(str(piece)) in words.ignored_columns for _, piece in pieces):
            header = Header(header.text, word="skip")
        found.append((header, unread, bool(pieces), _header_kind(header)))
    return tuple(found)


def _column_header(pieces: Sequence[tuple[int, Cell]], words: Mapping, seen: dict[str, int]) -> tuple[Header, tuple[int, ...]]:
    """Return what the header cells of a column say together, and the rows of those that say nothing."""
    for _, piece in pieces:  # a title may stand above the heading of the labels
        header = read_header(str(piece), words)
        if header.word in _STUBS:
            return header, ()
    years = [(i, year) for i, piece in pieces if (year := year_of(piece))]
    numbers = [i for i, piece in pieces if values.is_number(piece) and not year_of(piece)]
    texts = [(i, str(piece).strip()) for i, piece in pieces if not year_of(piece) and i not in numbers]
    units = tuple(text for _, text in texts if _is_whole_unit(text, words))
    texts = [(i, text) for i, text in texts if text not in units]
    joined = re.sub(r"(?<=[\u4e00-\u9fff(]) (?=[\u4e00-\u9fff)])", "", " ".join(text for _, text in texts))  # a unit broken over two rows
    folded = vocabulary.fold(take_units(joined, words)[0])
    seen[folded] = seen.get(folded, 0) + 1
    header = read_header(joined, words, occurrence=seen[folded])
    half = vocabulary.unread_half(header.text, words.products, words.flows) if len(texts) == 1 else ""
    if half and not half.isascii():  # LNG 公交: more than LNG
        return Header(header.text), tuple(numbers)
    unread = [*numbers, *(i for i, _ in years[1:])]
    if not header.says_something and len(texts) > 1:
        header, silent = _combine(header, texts, words)
        unread += silent
    year = years[0][1] if years else header.year
    return replace(header, year=year, units=header.units + units), tuple(unread)


def _is_whole_unit(text: str, words: Mapping) -> bool:
    balanced = text.count("(") == text.count(")") and text.count("（") == text.count("）")
    return balanced and (unit_known(text, words) or is_ambiguous(text))


def _combine(whole: Header, texts: Sequence[tuple[int, str]], words: Mapping) -> tuple[Header, list[int]]:
    """Put together what stacked headings say, the lowest first: a flow above a product, a group above its member."""
    product = flow = word = None
    below = ""
    sign, silent, of_which = 1, [], 0
    for i, text in reversed(texts):
        own = read_header(text, words)
        if not own.says_something:
            silent.append(i)
            below = below or ("" if vocabulary.is_note(text) else text)
            continue
        if below and same_script(below, text) and (own.product or own.flow):  # a finer heading that is not known
            return Header(whole.text), silent
        if own.product and not product:
            of_which = own.of_which
        if own.product or own.flow:
            sign *= own.sign if (own.product and not product) or (own.flow and not flow) else 1
        product, flow, word = product or own.product, flow or own.flow, word or own.word
    return Header(whole.text, product, flow, whole.year, word, whole.units, sign, of_which), silent


def _header_kind(header: Header) -> ColumnKind | None:
    """Return what a column holds, where its header alone says so."""
    if header.word in {"area", "year", "unit", "status", "skip"}:
        return header.word  # type: ignore[return-value]
    return "data" if header.product or header.year or header.word in {"physical", "standard"} else None


def _kind_by_cells(sheet: Sheet, grid: Grid, words: Mapping, place: tuple[int, int, int], header: Header, *, is_headed: bool) -> ColumnKind:
    """Return what a column holds by its cells; ``place`` is the first row, the row behind the last, and the column."""
    first, end, j = place
    held = first + np.flatnonzero(~grid.blank[first:end, j])
    no_numbers = (sheet.rows[i][j] for i in held[grid.status[held, j] == values.UNREADABLE].tolist())
    texts = [text for text in no_numbers if isinstance(text, str)]
    mostly_text = len(texts) * 2 > len(held)
    if header.flow and not mostly_text:
        return "data"
    if mostly_text:
        sample = tuple(texts[:_SAMPLE])
        return words.remember(("kind of texts", header.text, header.word, sample), lambda: _text_kind(header, sample, words))
    if not len(held) or header.word in {"label", "product"}:
        return "label" if header.word == "label" else "text"
    return "unknown" if is_headed and header.text else "unlabelled"


def _text_kind(header: Header, texts: Sequence[str], words: Mapping) -> ColumnKind:
    if COLUMN_WORDS.get(vocabulary.fold(header.text)) == "area":  # 城市 is a flow above numbers, and an area above names
        return "area"
    flows = sum(bool(vocabulary.resolve("flow", take_units(text, words)[0], words.flows)) for text in texts)
    products = sum(bool(vocabulary.resolve("product", take_units(text, words)[0], words.products)) for text in texts)
    if sum(unit_known(text, words) for text in texts) > max(flows, products):
        return "unit"
    if header.word == "product" or products > flows:
        return "product"
    return "label" if flows or header.word == "label" else "text"


def set_units(columns: Columns, corner: Corner) -> Columns:
    """Find the unit of each data column: its header's, else the mapping's for its text or product, else the corner's.

    A column whose unit is unknown, has two meanings or contradicts its product holds no data.
    """
    return columns.words.remember(("units", columns, corner), lambda: _set_units(columns, corner))


def _set_units(columns: Columns, corner: Corner) -> Columns:
    words = columns.words
    found: list[Column] = []
    assumed: list[tuple[int, str, str]] = []
    doubts: list[tuple[int, str]] = []
    misread: list[MisreadError] = []
    for j, each in enumerate(columns.each):
        column = _name_total(each, words, corner) if each.kind == "unknown" else each
        if column.kind == "data":
            word = column.header.word or ""
            try:
                printed, contradicting = agreed_unit(column.header, words)
            except UnitError as error:
                unknown = tuple(Unknown("unit", text, ()) for text in column.header.units if not unit_known(text, words))
                misread.append(MisreadError(UnitError, str(error), column=j, unknown=unknown))
                found.append(replace(column, kind="misread"))
                continue
            doubts += [(j, doubt) for doubt in contradicting]
            unit, origin = (printed, "") if printed or corner.unread else own_unit(words, column.header.text, column.header.product)
            unit = unit or corner.units.get(word) or corner.units.get("", "")
            if not unit and not corner.unread and (word == "standard" or corner.is_standard):
                unit, origin = "1e4 tce", "the word 标准量"
            if unit and origin:
                assumed.append((j, unit, origin))
            if unit and column.header.product and (basis := basis_of(column.header.text)):
                unit = on_basis(column.header.product, unit, basis)
            column = replace(column, unit=unit, has_own_unit=bool(printed))
        found.append(column)
    return Columns(words, tuple(found), corner, tuple(doubts), tuple(assumed), tuple(misread))


def note_units(sheet: Sheet, columns: Columns, row: int) -> list[Finding]:
    """Return what is to be said of the units of the columns; ``row`` is the last of the header."""
    findings = [Finding("unit-contradiction", "warning", doubt, sheet.address(row, j), "correct the header") for j, doubt in columns.doubts]
    for unit, origin in dict.fromkeys((unit, origin) for _, unit, origin in columns.assumed):
        places = [j for j, *said in columns.assumed if said == [unit, origin]]
        findings.append(note_assumed(unit, origin, f"{len(places)} columns", sheet.address(row, places[0])))
    return findings


def note_assumed(unit: str, origin: str, what: str, where: str) -> Finding:
    """Return the finding of a unit that the table does not print."""
    message = f"{what} print no unit: {unit} is assumed, by {origin}"
    return Finding("unit-assumed", "warning", message, where, "print the unit if it is another")


def _name_total(column: Column, words: Mapping, corner: Corner) -> Column:
    """Take 合计 over amounts in a unit of energy for total energy: tonnes of coal and of oil have no such sum."""
    units = [unit_expression(unit, words) for unit in column.header.units if unit_known(unit, words)] or [corner.units.get("", "")]
    if vocabulary.fold(column.header.text) in TOTALS and all(unit and same_dimension(unit.removesuffix(" GCV"), "J") for unit in units):
        return replace(column, header=replace(column.header, product="total_energy"), kind="data")
    return column
