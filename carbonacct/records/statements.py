"""Tables of labels and periods -> statements: a labelled number with unit, year, months and cell.

Two forms are read: a long table (a column of labels, one of values, one of years or units), and a
page (labels down the side, years or months across, or one column of numbers). What a label means is
not known here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import remarks
from carbonacct.errors import TableError
from carbonacct.records.activity_labels import units_of
from carbonacct.records.block_rows import (
    LabelPaths,
    list_heads,
    list_rows,
    list_titles,
    units_above,
)
from carbonacct.records.heading_roles import names_part, years_in
from carbonacct.records.labelled_rows import roles_in, tables_in
from carbonacct.records.periods import YEAR, read_months
from carbonacct.records.quantity_headings import split_heading
from carbonacct.records.sheet_layout import SheetLayout, find_blocks
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import cell_name
from carbonacct.sheets.values import printed
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.records.labelled_rows import LabelledTable
    from carbonacct.records.sheet_layout import SheetBlock
    from carbonacct.sheets.raw_sheets import Sheet

_MOST_OF_HEAD = 12  # characters: what is longer is no year or months of a column
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


class _Column(NamedTuple):
    """What stands above a column of numbers."""

    years: list[int]
    months: tuple[int, int] | None
    units: list[str]


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
    yield from _read_pages(sheet, year)


def _read_pages(sheet: Sheet, year: int | None) -> Iterator[Statement]:
    layout = SheetLayout(sheet)
    for block in find_blocks(layout):
        if 0 in block.years and block.table.head:
            yield from _read_turned(sheet, block.table.head[0], year)
            return
        yield from _read_block(layout, block, year)


def _read_turned(sheet: Sheet, header: int, year: int | None) -> Iterator[Statement]:
    """Read a page whose years stand down the side and its labels across, turned round."""
    width = max(map(len, sheet.rows[header:]))
    body = [[*row, *[""] * (width - len(row))] for row in sheet.rows[header:]]
    turned = replace(sheet, rows=[*sheet.rows[:header], *map(list, zip(*body, strict=True))])
    for one in _read_pages(turned, year):
        yield replace(one, row=one.column + header, column=one.row - header)


def _read_long(table: LabelledTable, year: int | None) -> Iterator[Statement]:
    above = (printed(cell).strip() for row in table.sheet.rows[: table.head] for cell in row)
    title = " ".join(filter(None, above))
    paths, name = LabelPaths(), ""
    for row in table.rows():
        if row.text("table") != name:  # what stands below another table's label is none of it
            name, paths = row.text("table"), LabelPaths()
        label, printed_year = row.text("label"), row.text("year")
        labels = paths.climb(label) if label else []
        number, status = values.read_value(row.cell("value"))
        if status != values.NUMBER:
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
            unit=_first([row.text("unit"), _unit_of(label), *units_of(title)]),
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
    noted = units_above(layout, block)
    for line in list_rows(layout, block):
        labels = (line.area, *line.labels) if names_part(line.area) else line.labels
        if not labels or remarks.is_remark(labels[0]):
            continue
        own_units = [line.unit, *map(_unit_of, line.labels)]
        for at in (column for column in line.group.numbers if column in columns):
            number, status = values.read_value(layout.cell(line.row, at))
            if status != values.NUMBER:
                continue
            column = columns[at]
            years = [*column.years, *years_in(line.year), *years_in(title)]
            own_year = years[0] if years else year
            if own_year is None:
                raise TableError(
                    say(
                        "{address}: neither title nor columns say a year; pass --year",
                        address=layout.sheet.address(0, 0),
                    )
                )
            yield Statement(
                table=title,
                labels=tuple(reversed(labels)),
                sector="",
                product="",
                unit=_first([*own_units, *column.units, *line.noted, *noted]),
                year=own_year,
                months=column.months or read_months(title) or YEAR,
                value=number,
                area="",
                source="",
                sheet=(layout.sheet.file, layout.sheet.name),
                row=line.row,
                column=at,
            )


def _read_columns(layout: SheetLayout, block: SheetBlock) -> dict[int, _Column]:
    """Return the columns of numbers that name a year or months, or say that they hold values."""
    roles: dict[int, str] = {}
    for row in block.table.head:
        roles |= roles_in("statement", layout.sheet.rows[row])
    columns = {}
    for at in block.numbers:
        texts = list_heads(layout, block, at)[::-1]
        heads = [text for text in texts if len(text) <= _MOST_OF_HEAD]
        years = [year for text in heads for year in years_in(text)]
        months = next((span for text in heads if (span := read_months(text))), None)
        if years or months or roles.get(at) == "value":
            units = [unit for text in texts for unit in units_of(text)]
            columns[at] = _Column(years, months, units)
    return columns


def _unit_of(label: str) -> str:
    """Return the unit in the brackets behind a label; a year in them is none."""
    unit = split_heading(label)[1]
    return "" if years_in(unit) else unit


def _first(texts: Sequence[str]) -> str:
    return next(filter(None, texts), "")
