"""Tables of labels and periods -> statements: a labelled number with unit, year, months and cell.

Two forms are read: a long table (a column of labels, one of values, one of years or units), and a
page (labels down the side, years or months across, or one column of numbers). What a label means is
not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import remarks
from carbonacct.errors import TableError
from carbonacct.records.activity_labels import noted_units, split_unit, units_of
from carbonacct.records.activity_units import is_printed_unit
from carbonacct.records.block_rows import (
    LabelPaths,
    list_heads,
    list_rows,
    list_titles,
    texts_above,
)
from carbonacct.records.counted_topics import read_words
from carbonacct.records.heading_roles import heading_of, names_part, year_of, years_in
from carbonacct.records.labelled_rows import roles_in, tables_in
from carbonacct.records.periods import YEAR, read_months
from carbonacct.records.quantity_headings import split_heading
from carbonacct.records.sheet_layout import SheetLayout, find_blocks
from carbonacct.sheets.raw_sheets import cell_name
from carbonacct.sheets.values import NUMBER, printed, read_value
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from carbonacct.records.labelled_rows import LabelledTable
    from carbonacct.records.sheet_layout import SheetBlock
    from carbonacct.sheets.raw_sheets import Sheet

_MOST_OF_HEAD = 12  # characters: what is longer is no year or months of a column
_ABOUT = {"area", "unit", "about", "status", "source", "note"}
_MONEY_OR_PEOPLE = re.compile(r"[元人户$€£¥]|yuan", re.IGNORECASE)
_MIN_LONG = 3  # roles that make a long table: labels, values, and when or in what


@dataclass(frozen=True)
class Statement:
    """One printed number with all that stands beside it.

    Attributes
    ----------
    table
        Title of the page, or the name of its table.
    labels
        From the outermost to the innermost.
    sector, product
        Where a column of a long table names them.
    months
        First and last month that the number is of.
    sheet, row, column
        (file, sheet), and the 0-based place of the cell.
    """

    table: str
    labels: tuple[str, ...]
    sector: str
    product: str
    unit: str
    year: int
    months: tuple[int, int]
    value: float
    area: str
    source: str
    sheet: tuple[str, str]
    row: int
    column: int

    @property
    def where(self) -> str:
        """``file!sheet!cell``."""
        return "!".join(filter(None, (*self.sheet, cell_name(self.row, self.column))))


class _PageColumn(NamedTuple):
    """What stands above a column of numbers.

    Attributes
    ----------
    holds_values
        Whether it names a year or months, or says that it holds values of the labels beside it.
    is_rate
        Whether it says that it holds a growth or a share.
    """

    labels: tuple[str, ...]
    years: list[int]
    months: tuple[int, int] | None
    units: list[str]
    holds_values: bool
    is_rate: bool


def read_statements(sheet: Sheet, year: int | None = None) -> list[Statement]:
    """Read the statements of a sheet.

    Parameters
    ----------
    sheet
        Of a workbook, or a text.
    year
        The year of pages that name none.

    Raises
    ------
    TableError
        If it has no labels with numbers, or says no year.
    """
    found = list(_read_sheet(sheet, year))
    if not found:
        raise TableError(
            say(
                "{address}: no labelled number was found; give labels down the side and "
                "years across, or a long table label,unit,year,value",
                address=sheet.address(0, 0),
            )
        )
    return found


def _read_sheet(sheet: Sheet, year: int | None) -> Iterator[Statement]:
    for table in tables_in([sheet], "statement", needed=["value"], faults=None):
        if {"label", "sector"} & {*table.columns} and len(table.columns) >= _MIN_LONG:
            yield from _read_long(table, year)
            return
    layout = SheetLayout(sheet)
    for block in find_blocks(layout):
        yield from _read_block(layout, block, year)


def _read_long(table: LabelledTable, year: int | None) -> Iterator[Statement]:
    above = (printed(cell).strip() for row in table.sheet.rows[: table.head] for cell in row)
    title = " ".join(filter(None, above))
    paths, name = LabelPaths(), ""
    for row in table.rows():
        if row.text("table") != name:  # what stands below another table's label is none of it
            name, paths = row.text("table"), LabelPaths()
        label, printed_year = row.text("label"), row.text("year")
        labels = paths.climb(label) if label else []
        number, status = read_value(row.cell("value"))
        if status != NUMBER:
            continue
        own_year = next(iter(years_in(printed_year)), None if printed_year else year)
        if printed_year and own_year is None:
            raise TableError(
                say(
                    "{address}: the year is {said!r}; write it as 2019",
                    address=row.address("year"),
                    said=printed_year[:20],
                )
            )
        if own_year is None:
            raise TableError(
                say(
                    "{address}: no year; add a column year, or pass --year",
                    address=row.address("value"),
                )
            )
        yield Statement(
            table=name or title,
            labels=tuple(reversed(labels)),
            sector=row.text("sector"),
            product=row.text("product"),
            unit=_first([row.text("unit"), _unit_of(label), *_units_noted(title)]),
            year=own_year,
            months=read_months(printed_year) or YEAR,
            value=number,
            area=row.text("area"),
            source=row.text("source"),
            sheet=(table.sheet.file, table.sheet.name),
            row=row.number,
            column=row.columns["value"],
        )


def _read_block(layout: SheetLayout, block: SheetBlock, year: int | None) -> Iterator[Statement]:
    columns = _read_columns(layout, block)
    title = " ".join(list_titles(layout, block))
    titled, whole = years_in(title), read_months(title) or YEAR
    noted = [unit for text in texts_above(layout, block) for unit in _units_noted(text)]
    for line in list_rows(layout, block):
        beside = line.labels or (line.area,)
        if names_part(line.area) and line.labels:  # what is said of a part is none of the whole
            beside = (line.area, *line.labels)
        filled = {at for at in line.group.stub if layout.texts[line.row][at]}
        dated = year_of(line.year) if filled <= block.years else None
        for at in line.group.numbers:
            column = columns[at]
            labels = column.labels if dated else beside
            is_read = (column.holds_values or dated) and layout.kinds[line.row, at] == NUMBER
            if not is_read or not any(labels) or remarks.is_remark(labels[0]):
                continue
            if column.is_rate and not (dated or line.unit == "%" or _is_rate(labels[0])):
                continue  # 2019年增长% beside amounts
            years = [*column.years, *([dated] if dated else []), *titled]
            own_year = years[0] if years else year
            if own_year is None:
                raise TableError(
                    say(
                        "{address}: neither title nor columns say a year; pass --year",
                        address=layout.sheet.address(0, 0),
                    )
                )
            units = [line.unit, *_units_beside(labels), *column.units, *line.noted]
            yield Statement(
                table=title,
                labels=tuple(reversed(labels)),
                sector="",
                product="",
                unit=_first([*units, *noted]),
                year=own_year,
                months=column.months or whole,
                value=read_value(layout.cell(line.row, at))[0],
                area="",
                source="",
                sheet=(layout.sheet.file, layout.sheet.name),
                row=line.row,
                column=at,
            )


def _read_columns(layout: SheetLayout, block: SheetBlock) -> dict[int, _PageColumn]:
    """Return what stands above each column of numbers."""
    roles: dict[int, str] = {}
    for row in block.table.head:
        roles |= roles_in("statement", layout.sheet.rows[row])
    about = [row for row in block.table.head if _is_about(layout.texts[row][0])]
    paths, columns = LabelPaths(), {}
    for at in block.numbers:
        texts = list_heads(layout, block, at)
        heads = [text for text in texts if len(text) <= _MOST_OF_HEAD]
        years = [found for text in heads for found in years_in(text)]
        months = next((span for text in heads if (span := read_months(text))), None)
        others = {layout.texts[row][at] for row in about}
        columns[at] = _PageColumn(
            labels=tuple(paths.place([text for text in texts[::-1] if text not in others])),
            years=years,
            months=months,
            units=[unit for text in texts for unit in units_of(text) or split_unit(text)],
            holds_values=bool(years or months or roles.get(at) == "value"),
            is_rate=any(map(_is_rate, texts)),
        )
    return columns


def _is_rate(text: str) -> bool:
    return any(topic.use == "rate" for topic in read_words(text).topics)


def _is_about(first: str) -> bool:
    """Return whether a row of a head says anything of its columns but what they hold, by its first cell."""
    role = heading_of(first) or roles_in("statement", [first]).get(0)
    return role in _ABOUT


def _unit_of(label: str) -> str:
    """Return the unit in the brackets behind a label; a year in them is none."""
    unit = split_heading(label)[1]
    return _first(units_of(label)) or ("" if years_in(unit) else unit)


@lru_cache(maxsize=4096)
def _units_beside(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the units behind labels, from the innermost to the outermost."""
    return (_unit_of(labels[0]), *filter(_is_unit, map(_unit_of, labels[1:])))


def _is_unit(text: str) -> bool:
    """Return whether what stands in the brackets of an outer label is a unit: 万吨, 万元, and not 用于加工转换."""
    return is_printed_unit(text) or bool(_MONEY_OR_PEOPLE.search(text))


def _units_noted(text: str) -> tuple[str, ...]:
    """Return the units that a line above a table prints; where it prints others (万元), what it lists behind 单位."""
    return units_of(text) or noted_units(text)


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")
