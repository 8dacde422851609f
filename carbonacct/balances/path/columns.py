"""What each column of a table holds: by what the header says over it, or by its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.label.headers import (
    Header,
    column_word,
    end_of_year,
    year_of,
)
from carbonacct.balances.label.labels import read_label, unit_known
from carbonacct.balances.label.printed_units import Corner, find_unit_line
from carbonacct.balances.path.headings import ColumnKind, Heading, read_headings
from carbonacct.records.area_names import is_county
from carbonacct.records.title_areas import COVERAGES
from carbonacct.remarks import is_remark
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.split.grid import Grid
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell, MisreadError, Sheet

LABEL_KINDS = frozenset({"label", "product", "area", "year", "unit"})
_READ_KINDS = LABEL_KINDS | {"data", "status"}
_OF_NAMES = "名称"  # 单位名称 heads units, or the names of enterprises
_SAMPLE = 200
_LEAST_COUNTED = 3  # rows: 0, 1 may be two codes
_PART = (
    r"(?:Q[1-4]|[1-4]Q|H[12]|M(?:0?[1-9]|1[0-2])|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
    r"|(?!1月?[-—–~至到]12月)(?:(?:[1-9]|1[0-2])月?[-—–~至到])?(?:[1-9]|1[0-2])月份?"
    r"|[上下]半年|[前第]?[一二三四1-4]个?季度)"
)
_PART_OF_YEAR = re.compile(
    rf"(?P<before>(?:19|20)\d\d)年?[\s_/-]*{_PART}|{_PART}[\s_/-]*(?P<behind>(?:19|20)\d\d)",
    re.IGNORECASE,
)
# The electricity of one column at the coal that plants burn for it, and of another at its heat content.
_EQUAL_VALUE = re.compile(r"[\s(（_-]*按?(?:等价值?|equal value)[)）]?\s*$", re.IGNORECASE)
_CALORIFIC = re.compile(r"[\s(（_-]*按?(?:当量值?|thermal equivalent)[)）]?\s*$", re.IGNORECASE)
_FIRST_AMOUNT = 1000  # a number that is no line of a table, nor a code of few digits


@dataclass(frozen=True)
class TableColumn:
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
    """The columns of a table, under some words. Compared by identity: it is a key of caches.

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
    each: tuple[TableColumn, ...]
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
    def name_products(self) -> bool:
        """Whether the header of a column of amounts names a product."""
        return any(self.each[j].header.product for j in self.data)

    @cached_property
    def labels(self) -> tuple[int, ...]:
        """Columns that name flows."""
        return tuple(j for j, column in enumerate(self.each) if column.kind == "label")

    @cached_property
    def names(self) -> tuple[int, ...]:
        """Columns that name flows or products, where a number is none."""
        return tuple(j for j, column in enumerate(self.each) if column.kind in {"label", "product"})

    def is_code(self, cell: Cell) -> bool:
        """Return whether a number is a code that the words of the table give to a flow or product."""
        printed = vocabulary.fold(values.printed(cell))
        return printed in self.words.products or printed in self.words.flows

    @cached_property
    def unplaced(self) -> frozenset[int]:
        """Columns whose headings are left over."""
        return frozenset(
            j
            for j, column in enumerate(self.each)
            if column.kind in {"text", "unlabelled", "unknown"}
        )

    @cached_property
    def unread(self) -> tuple[tuple[int, int], ...]:
        """Cells of headers (row, column) that say nothing."""
        return tuple((i, j) for j, column in enumerate(self.each) for i in column.unread)

    @cached_property
    def skipped(self) -> frozenset[int]:
        """Columns that hold no amounts of energy."""
        return frozenset(j for j, column in enumerate(self.each) if column.kind == "skip")

    @cached_property
    def beside(self) -> frozenset[int]:
        """Columns of another table under the same header."""
        return frozenset(j for j, column in enumerate(self.each) if column.kind == "beside")

    @cached_property
    def silent(self) -> tuple[int, ...]:
        """Columns that a row with amounts may leave over."""
        return tuple(
            j for j, column in enumerate(self.each) if column.kind not in _READ_KINDS | {"beside"}
        )


def read_columns(sheet: Sheet, grid: Grid, words: Mapping, span: tuple[int, int, int]) -> Columns:
    """Say of each column what it holds; ``span`` is the first row of the header, of the data, and the end."""
    start, first, end = span
    # 单位：万吨 below the names is of all columns, and no heading of the one it stands in.
    headings = [[""] * len(row) if find_unit_line(row) else row for row in sheet.rows[start:first]]
    printed = repr(headings)  # the same headings come back in every table of a series
    header_cells = words.remember(("headings", printed), lambda: read_headings(headings, words))
    kinds = [
        _kind_of(sheet, grid, words, (first, end, j), heading=one)
        for j, one in enumerate(header_cells)
    ]
    if (
        any(one.header.word == "scope" for one in header_cells) and "product" not in kinds
    ):  # fuels below their sector
        kinds = ["product" if kind == "label" else kind for kind in kinds]
    products = {one.header.product for one in header_cells} - {None}
    if len(products) > 1:  # Fuel beside Coal and Gas is none of the columns that name the rows
        kinds = [
            "unknown" if kind == "text" and _is_numbered(grid, (first, end, j)) else kind
            for j, kind in enumerate(kinds)
        ]
    whole_years = {one.header.year for one in header_cells} - {None}
    kinds = [
        "skip" if kind == "unknown" and part_of_year(one.header.text) in whole_years else kind
        for kind, one in zip(kinds, header_cells, strict=True)
    ]
    kinds = _pass_over_equal_values(kinds, [one.header.text for one in header_cells])
    if "data" not in kinds:
        kinds = [
            "data" if kind == "unlabelled" and one.header.units and not one.header.text else kind
            for kind, one in zip(kinds, header_cells, strict=True)
        ]  # nothing but its unit is printed over the amounts
    return words.remember(
        ("columns", printed, start, *kinds),
        lambda: Columns(
            words,
            tuple(
                TableColumn(
                    one.header,
                    kind,
                    unread=tuple(start + i for i in one.unread),
                    may_be_share=one.may_be_share,
                )
                for one, kind in zip(header_cells, kinds, strict=True)
            ),
        ),
    )


def _pass_over_equal_values(kinds: Sequence[ColumnKind], texts: Sequence[str]) -> list[ColumnKind]:
    """Pass over heat and power at the coal burnt for them (等价值) beside the same at their heat content (当量值)."""
    calorific = {_CALORIFIC.sub("", text) for text in texts if _CALORIFIC.search(text)}

    def is_beside(text: str) -> bool:
        name = _EQUAL_VALUE.sub("", text)
        product = vocabulary.resolve("product", name)
        is_known = name in calorific and bool(product)
        return is_known and vocabulary.is_electricity_or_heat(str(product))

    return [
        "skip"
        if kind in {"data", "unknown"} and _EQUAL_VALUE.search(text) and is_beside(text)
        else kind
        for kind, text in zip(kinds, texts, strict=True)
    ]


def part_of_year(text: str) -> int | None:
    """Return the year of which a heading names a quarter, half or month: its amounts are within those of the year."""
    found = _PART_OF_YEAR.fullmatch(text.strip())
    return int(found["before"] or found["behind"]) if found else None


def _is_numbered(grid: Grid, place: tuple[int, int, int]) -> bool:
    """Return whether a column holds numbers with decimals or above any code, and nothing else."""
    first, end, j = place
    numbers = grid.number[first:end, j][grid.plain[first:end, j]]
    texts = grid.status[first:end, j] == values.UNREADABLE
    return (
        bool(len(numbers))
        and not texts.any()
        and bool((np.abs(numbers) >= _FIRST_AMOUNT).any() or (numbers % 1).any())
    )


def _kind_of(
    sheet: Sheet, grid: Grid, words: Mapping, place: tuple[int, int, int], *, heading: Heading
) -> ColumnKind:
    """Return what a column holds by its header, or by its cells; ``place`` is as in `_kind_by_cells`."""
    first, end, j = place
    if not j and heading.header.word in {None, "label", "unit"} and not heading.header.says_amounts:
        cells = [
            sheet.rows[i][0] for i in (first + np.flatnonzero(~grid.blank[first:end, 0])).tolist()
        ]
        # 数据来源：Wind below the years is a note, and no name of a product.
        are_years = (
            year_of(cell) or end_of_year(cell) or (n > 1 and is_remark(str(cell)))
            for n, cell in enumerate(cells)
        )
        if len(cells) > 1 and all(are_years):
            return "year"
    header = heading.header
    if header.word == "unit" and not _holds_units(sheet, grid, words, place):
        header = Header(header.text)  # 单位 | 万吨 | 亿立方米: the heading of a row of units
        if j and not (_OF_NAMES in heading.header.text and _are_distinct(sheet, grid, place)):
            return "unit"  # units that are not known
        return _kind_by_cells(sheet, grid, words, place, header=header, is_headed=heading.is_headed)
    may_head_labels = header.word == "physical" or (header.word == "year" and not j)
    if may_head_labels and _holds_labels(sheet, grid, place):
        # Calendar year | 2020 | 2021: of a row of years; 能源品种 | Energy | 2020: of translations
        header = Header(header.text)
        return _kind_by_cells(sheet, grid, words, place, header=header, is_headed=heading.is_headed)
    is_year = header.year and not (header.product or header.flow or header.weak or header.word)
    if not j and is_year and not (grid.status[first:end, 0] == values.NUMBER).any():
        return "label"  # 2022 (ktoe) in the corner of a table
    return heading.kind or _kind_by_cells(
        sheet, grid, words, place, header=header, is_headed=heading.is_headed
    )


def _holds_labels(sheet: Sheet, grid: Grid, place: tuple[int, int, int]) -> bool:
    """Return whether a column holds texts alone, and none of them is a year or a number."""
    first, end, j = place
    held = first + np.flatnonzero(~grid.blank[first:end, j])
    is_text = bool(len(held)) and bool((grid.status[held, j] == values.UNREADABLE).all())
    return is_text and not any(
        year_of(sheet.rows[i][j]) or end_of_year(sheet.rows[i][j]) for i in held[:_SAMPLE].tolist()
    )


def _holds_units(sheet: Sheet, grid: Grid, words: Mapping, place: tuple[int, int, int]) -> bool:
    """Return whether the texts of a column are units, one of them at least, or there are none."""
    first, end, j = place
    held = first + np.flatnonzero(~grid.blank[first:end, j])
    texts = [text for i in held[:_SAMPLE].tolist() if isinstance(text := sheet.rows[i][j], str)]
    return not texts or any(unit_known(text, words) for text in texts)


def _are_distinct(sheet: Sheet, grid: Grid, place: tuple[int, int, int]) -> bool:
    """Return whether a column holds several texts, each once."""
    first, end, j = place
    held = first + np.flatnonzero(~grid.blank[first:end, j])
    texts = [text for i in held.tolist() if isinstance(text := sheet.rows[i][j], str)]
    return len(set(texts)) == len(texts) > 1


def _kind_by_cells(
    sheet: Sheet,
    grid: Grid,
    words: Mapping,
    place: tuple[int, int, int],
    *,
    header: Header,
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
    if (header.flow or header.weak or header.direction) and not mostly_text:
        return "data"
    if mostly_text:
        sample = tuple(texts[:_SAMPLE])
        return words.remember(
            ("kind of texts", header.text, header.word, sample),
            lambda: _text_kind(header, sample, words),
        )
    if header.word == "product" and words.products:  # of codes that are numbers
        cells = (sheet.rows[i][j] for i in held[:_SAMPLE].tolist())
        if any(vocabulary.fold(values.printed(cell)) in words.products for cell in cells):
            return "product"
    if not len(held) or header.word in {"label", "product"}:
        if _counts_rows(sheet, grid, words, place):
            return "skip"
        return "label" if header.word == "label" else "text"
    return "unknown" if is_headed and header.text else "unlabelled"


def _counts_rows(sheet: Sheet, grid: Grid, words: Mapping, place: tuple[int, int, int]) -> bool:
    """Return whether a column counts its rows, 0, 1, 2 ..., and a mapping gives the counts no meaning."""
    first, end, j = place
    held = first + np.flatnonzero(~grid.blank[first:end, j])
    if len(held) < _LEAST_COUNTED or not grid.plain[held, j].all():
        return False
    numbers = grid.number[held, j]
    printed = {vocabulary.fold(values.printed(sheet.rows[i][j])) for i in held.tolist()}
    named = words.flows.keys() | words.products.keys()
    return (
        numbers[0] in {0, 1} and bool((np.diff(numbers) == 1).all()) and printed.isdisjoint(named)
    )


def _text_kind(header: Header, texts: Sequence[str], words: Mapping) -> ColumnKind:
    if column_word(header.text) == "area":  # 城市 is a flow above numbers, and an area above names
        return "area"
    kinds_of_texts = [_kinds_of_label(text, words) for text in texts]
    flows, products = (sum(kinds) for kinds in zip(*kinds_of_texts, strict=True))
    if sum(unit_known(text, words) for text in texts) > max(flows, products):
        return "unit"
    if header.word == "product" or products > flows:
        return "product"
    may_be_areas = not flows and header.word in {None, "label"}
    if may_be_areas and _are_areas(texts, words):
        return "area"  # below a unit or nothing in the corner, or any attribute of an export
    return "label" if flows or header.word == "label" else "text"


def _are_areas(texts: Sequence[str], words: Mapping) -> bool:
    """Return whether two texts at least, and more than half, are names of areas or counties, or parts of one (市区)."""
    known = sum(
        bool(vocabulary.resolve("area", text, words.areas))
        or is_county(text)
        or vocabulary.fold(text) in COVERAGES
        for text in texts
    )
    return known > max(1, len(texts) // 2)


def _kinds_of_label(text: str, words: Mapping) -> tuple[bool, bool]:
    """Return whether a label names a flow, and a product; one that joins both stands for the flow."""
    label = read_label(text, words)
    if label.joined:
        return bool(label.joined.flow), bool(label.joined.product and not label.joined.flow)
    return bool(label.flow), bool(label.product)
