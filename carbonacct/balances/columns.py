"""What each column of a table holds, and in which unit: from its header, its cells and the corner of the table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.compounds import direct, read_joined
from carbonacct.balances.conversions import basis_of, on_basis, same_dimension
from carbonacct.balances.header_rows import is_bookkeeping, spread_shares
from carbonacct.balances.headers import (
    TOTALS,
    Header,
    column_word,
    end_of_year,
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
from carbonacct.texts import say
from carbonacct.units import is_ambiguous

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.grid import Grid
    from carbonacct.balances.mapping import Mapping
    from carbonacct.sheets.sheets import Cell, Sheet

ColumnKind = Literal[
    "label",
    "product",
    "area",
    "year",
    "unit",
    "status",
    "skip",
    "data",
    "text",
    "unknown",
    "unlabelled",
    "misread",
]
LABEL_KINDS = frozenset({"label", "product", "area", "year", "unit"})
_READ_KINDS = LABEL_KINDS | {"data", "status"}
_STUBS = frozenset({"label", "product", "unit", "year", "area"})
_SAMPLE = 200


@dataclass(frozen=True)
class Column:
    """A column: what its header says, what it holds, its unit, and the header cells that say nothing.

    ``may_be_share`` says that a heading of shares to its left may hold for it: it does where
    nothing gives the column a unit.
    """

    header: Header
    kind: ColumnKind
    unit: str = ""
    has_own_unit: bool = False
    unread: tuple[int, ...] = ()
    may_be_share: bool = False


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
        Columns whose unit contradicts their product, with what contradicts; columns whose unit is
        assumed, with the unit and what says so.
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
        return frozenset(
            j
            for j, column in enumerate(self.each)
            if column.kind in {"text", "unlabelled", "unknown"}
        )

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
    kinds = [_kind_of(sheet, grid, words, (first, end, j), one) for j, one in enumerate(said)]
    if (
        any(one.header.word == "scope" for one in said) and "product" not in kinds
    ):  # fuels below their sector
        kinds = ["product" if kind == "label" else kind for kind in kinds]
    return words.remember(
        ("columns", printed, start, *kinds),
        lambda: Columns(
            words,
            tuple(
                Column(
                    one.header,
                    kind,
                    unread=tuple(start + i for i in one.unread),
                    may_be_share=one.may_be_share,
                )
                for one, kind in zip(said, kinds, strict=True)
            ),
        ),
    )


class _Heading(NamedTuple):
    """What the header says of a column, the rows of its cells that say nothing, whether it has any, and what the column holds if they say it."""

    header: Header
    unread: tuple[int, ...]
    is_headed: bool
    kind: ColumnKind | None
    may_be_share: bool


def _read_headings(rows: Sequence[Sequence[Cell]], words: Mapping) -> tuple[_Heading, ...]:
    """Return what the header says of each column."""
    seen: dict[str, int] = {}
    found: list[_Heading] = []
    shares, may_be_shares = spread_shares(rows, words)
    told = [(i, row) for i, row in enumerate(rows) if not (i and is_bookkeeping(row))]
    areas = next((row for _, row in told[1:] if _is_area_row(row, words)), None)
    for j in range(len(rows[0])):
        pieces = [
            (i, row[j]) for i, row in told if row is not areas and not values.is_blank(row[j])
        ]
        header, unread = _column_header(pieces, words, seen)
        names = {
            vocabulary.fold(header.text),
            *(vocabulary.fold(str(piece)) for _, piece in pieces),
        }
        if j in shares or not words.ignored_columns.isdisjoint(names):  # with its unit or without
            header = Header(header.text, word="skip")
        if areas and header.says_something and not header.area:
            header = replace(header, area=str(areas[j]).strip())
        if header.of_which:
            header = inherit(header, [one.header for one in found])
        found.append(
            _Heading(header, unread, bool(pieces), _header_kind(header), j in may_be_shares)
        )
    if any(one.header.word == "scope" for one in found):  # of which a total beside them is the sum
        found = [
            one._replace(kind="skip") if vocabulary.fold(one.header.text) in TOTALS else one
            for one in found
        ]
    return tuple(found)


def inherit(header: Header, before: Sequence[Header]) -> Header:
    """Return a header that is a part (#家庭用量) and names no product with that of the whole to its left, and its unit."""
    whole = next((one for one in reversed(before) if one.of_which < header.of_which), None)
    if (
        header.product
        or not (header.flow or header.weak)
        or not (whole and whole.product and (whole.flow or whole.weak))
    ):
        return header
    return replace(header, product=whole.product, units=header.units or whole.units)


def _is_area_row(row: Sequence[Cell], words: Mapping) -> bool:
    """Return whether a row below the headings names the area of each column, after its own heading: 地区 | 北京 | 天津."""
    cells = [str(cell) for cell in row if not values.is_blank(cell)]
    return (
        len(cells) > 1
        and read_header(cells[0], words).word == "area"
        and all(vocabulary.resolve("area", cell) for cell in cells[1:])
    )


def _column_header(
    pieces: Sequence[tuple[int, Cell]], words: Mapping, seen: dict[str, int]
) -> tuple[Header, tuple[int, ...]]:
    """Return what the header cells of a column say together, and the rows of those that say nothing."""
    # A title may stand above the heading of the labels, and a corner beside years: TIME above GEO.
    stubs = [
        header for _, piece in pieces if (header := read_header(str(piece), words)).word in _STUBS
    ]
    if stubs:
        below = [header for header in stubs if header.word not in {"year", "unit"}]
        return (below or stubs)[0] if stubs[0].word == "year" else stubs[0], ()
    years = [(i, year) for i, piece in pieces if (year := year_of(piece))]
    numbers = [i for i, piece in pieces if values.is_number(piece) and not year_of(piece)]
    texts = [
        (i, str(piece).strip()) for i, piece in pieces if not year_of(piece) and i not in numbers
    ]
    units = tuple(text for _, text in texts if _is_whole_unit(text, words))
    texts = [(i, text) for i, text in texts if text not in units]
    joined = re.sub(
        r"(?<=[\u4e00-\u9fff(]) (?=[\u4e00-\u9fff)])", "", " ".join(text for _, text in texts)
    )  # a unit broken over two rows
    folded = vocabulary.fold(take_units(joined, words)[0])
    seen[folded] = seen.get(folded, 0) + 1
    header = read_header(joined, words, occurrence=seen[folded])
    half = (
        vocabulary.unread_half(header.text, words.products, words.flows) if len(texts) == 1 else ""
    )
    if half and not half.isascii():  # LNG 公交: more than LNG
        return Header(header.text), tuple(numbers)
    unread = [*numbers, *(i for i, _ in years[1:])]
    if not header.says_something and len(texts) > 1:
        header, silent = _combine(header, texts, words)
        unread += silent
    year = years[0][1] if years else header.year
    if (
        years and not header.says_something and _is_label(header.text)
    ):  # 用途未明 over its years: not known, whatever its unit
        return replace(header, units=header.units + units), tuple(unread)
    return replace(header, year=year, units=header.units + units), tuple(unread)


def _is_label(text: str) -> bool:
    """Return whether a text may be the name of something: no note, no mark, no total."""
    folded = vocabulary.fold(text)
    return bool(folded) and folded not in TOTALS and not vocabulary.is_note(text)


def _is_whole_unit(text: str, words: Mapping) -> bool:
    balanced = text.count("(") == text.count(")") and text.count("（") == text.count("）")
    return balanced and (unit_known(text, words) or is_ambiguous(text))


def _combine(
    whole: Header, texts: Sequence[tuple[int, str]], words: Mapping
) -> tuple[Header, list[int]]:
    """Put together what stacked headings say, the lowest first: a flow above a product, a group above its member."""
    product = flow = word = None
    below = weak = direction = coverage = area = ""
    sign, silent, of_which, years_back = 1, [], 0, 0
    for i, text in reversed(texts):
        own = read_header(text, words)
        if not own.says_something:
            silent.append(i)
            below = below or ("" if vocabulary.is_note(text) else text)
            continue
        if (
            below and same_script(below, text) and (own.product or own.flow)
        ):  # a finer heading that is not known
            return Header(whole.text), silent
        if (own.product and not product) or ((own.weak or own.flow) and not (product or flow)):
            of_which = own.of_which
        if own.product or own.flow:
            sign *= own.sign if (own.product and not product) or (own.flow and not flow) else 1
        product, flow, word = product or own.product, flow or own.flow, word or own.word
        weak, direction = weak or own.weak, direction or own.direction
        coverage, area, years_back = (
            coverage or own.coverage,
            area or own.area,
            years_back or own.years_back,
        )
    flow = flow and direct(flow, direction)
    return (
        Header(
            whole.text,
            product,
            flow,
            whole.year,
            word,
            whole.units,
            sign,
            of_which,
            "" if flow else weak,
            direction,
            area,
            coverage,
            years_back,
        ),
        silent,
    )


def _header_kind(header: Header) -> ColumnKind | None:
    """Return what a column holds, where its header alone says so."""
    if header.word in {"code", "about"}:  # what a code says stands in columns of its own
        return "skip"
    if header.word in {"area", "year", "unit", "status", "skip"}:
        return header.word  # type: ignore[return-value]
    return (
        "data"
        if header.product or header.year or header.word in {"physical", "standard", "scope"}
        else None
    )


def _kind_of(
    sheet: Sheet, grid: Grid, words: Mapping, place: tuple[int, int, int], heading: _Heading
) -> ColumnKind:
    """Return what a column holds by its header, or by its cells; ``place`` is as in `_kind_by_cells`."""
    first, end, j = place
    if not j and heading.header.word in {None, "label", "unit"} and not heading.header.says_amounts:
        cells = [
            sheet.rows[i][0] for i in (first + np.flatnonzero(~grid.blank[first:end, 0])).tolist()
        ]
        if len(cells) > 1 and all(year_of(cell) or end_of_year(cell) for cell in cells):
            return "year"
    header = heading.header
    is_year = header.year and not (header.product or header.flow or header.weak or header.word)
    if not j and is_year and not (grid.status[first:end, 0] == values.NUMBER).any():
        return "label"  # 2022 (ktoe) in the corner of a table
    return heading.kind or _kind_by_cells(
        sheet, grid, words, place, header, is_headed=heading.is_headed
    )


def _kind_by_cells(
    sheet: Sheet,
    grid: Grid,
    words: Mapping,
    place: tuple[int, int, int],
    header: Header,
    *,
    is_headed: bool,
) -> ColumnKind:
    """Return what a column holds by its cells; ``place`` is the first row, the row behind the last, and the column."""
    first, end, j = place
    held = first + np.flatnonzero(~grid.blank[first:end, j])
    no_numbers = (
        sheet.rows[i][j] for i in held[grid.status[held, j] == values.UNREADABLE].tolist()
    )
    texts = [text for text in no_numbers if isinstance(text, str)]
    mostly_text = len(texts) * 2 > len(held)
    if (header.flow or header.weak) and not mostly_text:
        return "data"
    if mostly_text:
        sample = tuple(texts[:_SAMPLE])
        return words.remember(
            ("kind of texts", header.text, header.word, sample),
            lambda: _text_kind(header, sample, words),
        )
    if not len(held) or header.word in {"label", "product"}:
        return "label" if header.word == "label" else "text"
    return "unknown" if is_headed and header.text else "unlabelled"


def _text_kind(header: Header, texts: Sequence[str], words: Mapping) -> ColumnKind:
    if column_word(header.text) == "area":  # 城市 is a flow above numbers, and an area above names
        return "area"
    said = [
        words.remember(("kinds of label", text), partial(_kinds_of_label, text, words))
        for text in texts
    ]
    flows, products = (sum(kinds) for kinds in zip(*said, strict=True))
    if sum(unit_known(text, words) for text in texts) > max(flows, products):
        return "unit"
    if header.word == "product" or products > flows:
        return "product"
    return "label" if flows or header.word == "label" else "text"


def _kinds_of_label(text: str, words: Mapping) -> tuple[bool, bool]:
    """Return whether a label names a flow, and a product; one that joins both stands for the flow."""
    label, _ = take_units(text, words)
    flow, product = (
        bool(vocabulary.resolve("flow", label, words.flows)),
        bool(vocabulary.resolve("product", label, words.products)),
    )
    if flow or product or not (joined := read_joined(label, words.flows, words.products)):
        return flow, product
    return bool(joined.flow), bool(joined.product and not joined.flow)


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
        if (
            column.kind == "unknown"
            and column.may_be_share
            and not (column.header.units or corner.units or corner.several)
        ):
            column = replace(column, kind="skip")
        if column.kind == "data":
            word = column.header.word or ""
            try:
                printed, contradicting = agreed_unit(column.header, words)
            except UnitError as error:
                unknown = tuple(
                    Unknown("unit", text, ())
                    for text in column.header.units
                    if not unit_known(text, words)
                )
                misread.append(MisreadError(UnitError, str(error), column=j, unknown=unknown))
                found.append(replace(column, kind="misread"))
                continue
            doubts += [(j, doubt) for doubt in contradicting]
            unit, origin = (
                (printed, "")
                if printed or corner.unread
                else own_unit(words, column.header.text, column.header.product)
            )
            unit = unit or corner.units.get(word) or corner.units.get("", "")
            if not unit and not corner.unread and (word == "standard" or corner.is_standard):
                unit, origin = "1e4 tce", "the word 标准量"
            if not unit and column.may_be_share and not corner.several:
                found.append(replace(column, kind="skip"))
                continue
            if unit and origin:
                assumed.append((j, unit, origin))
            if unit and column.header.product and (basis := basis_of(column.header.text)):
                unit = on_basis(column.header.product, unit, basis)
            column = replace(column, unit=unit, has_own_unit=bool(printed))
        found.append(column)
    return Columns(words, tuple(found), corner, tuple(doubts), tuple(assumed), tuple(misread))


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


def _name_total(column: Column, words: Mapping, corner: Corner) -> Column:
    """Take 合计 over amounts in a unit of energy for total energy: tonnes of coal and of oil have no such sum."""
    units = [
        unit_expression(unit, words) for unit in column.header.units if unit_known(unit, words)
    ] or [corner.units.get("", "")]
    if vocabulary.fold(column.header.text) in TOTALS and all(
        unit and same_dimension(unit.removesuffix(" GCV"), "J") for unit in units
    ):
        return replace(column, header=replace(column.header, product="total_energy"), kind="data")
    return column
