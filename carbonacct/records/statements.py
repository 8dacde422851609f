"""Tables of labels and periods -> statements: a labelled number with unit, year, months and cell.

Two forms are read: a long table (a column of labels, one of values, one of years or units), and a
page (labels down the side, years or months across, or one column of numbers). What a label means is
not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from carbonacct import remarks, vocabulary
from carbonacct.errors import TableError
from carbonacct.records.labelled_rows import roles_in, tables_in
from carbonacct.records.periods import YEAR, read_months
from carbonacct.records.sheet_layout import SheetLayout, find_blocks
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import cell_name
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.records.labelled_rows import LabelledTable
    from carbonacct.records.sheet_layout import SheetBlock
    from carbonacct.sheets.raw_sheets import Sheet

_YEAR = re.compile(r"(?<!\d)((?:19[5-9]|20\d)\d)(?!\d)")
_UNIT_NOTE = re.compile(r"(?:计量)?单位\s*[:：]\s*([^\s,，;；)）]+)")
_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]\s*$")
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
    title = " ".join(_texts(table.sheet.rows[: table.head]))
    above: list[tuple[int, str]] = []
    name = ""
    for row in table.rows():
        if row.text("table") != name:  # what stands below another table's label is none of it
            name, above = row.text("table"), []
        label, printed_year = row.text("label"), row.text("year")
        labels = _climb(above, label) if label else ()
        number, status = values.read_value(row.cell("value"))
        if status != values.NUMBER:
            continue
        when = _YEAR.search(printed_year)
        if printed_year and when is None:
            raise TableError(
                say(
                    "{address}: the year is {said!r}; write it as 2019",
                    address=row.address("year"),
                    said=printed_year[:20],
                )
            )
        own_year = int(when[1]) if when else year
        if own_year is None:
            raise TableError(
                say(
                    "{address}: no year; add a column year, or pass --year",
                    address=row.address("value"),
                )
            )
        yield Statement(
            table=name or title,
            labels=labels,
            sector=row.text("sector"),
            product=row.text("product"),
            unit=row.text("unit") or _unit_of(label, title),
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
    sheet = layout.sheet
    roles: dict[int, str] = {}
    for at in block.table.head:
        roles |= roles_in("statement", sheet.rows[at])
    columns = _read_columns(layout, block, roles)
    texts = _texts([sheet.rows[at] for at in block.table.titles])
    title = " ".join(texts)
    titled = _YEAR.search(title)
    whole = read_months(title) or YEAR
    names = [cell for at in block.table.head for cell in sheet.rows[at]]
    unit_at = next((at for at, role in roles.items() if role == "unit"), None)
    noted = next(
        (found[1] for text in _notes(texts, names) if (found := _UNIT_NOTE.search(text))), ""
    )
    above: list[tuple[int, str]] = []
    units: dict[str, str] = {}
    for n in block.table.rows:
        row = sheet.rows[n]
        label = _raw(row, 0)
        if not label.strip() or remarks.is_remark(label):
            continue
        labels = _climb(above, label)
        own = (_text(row, unit_at) if unit_at is not None else "") or _unit_of(label, "")
        units[labels[-1]] = own
        inherited = next((units[outer] for outer in reversed(labels) if units.get(outer)), noted)
        for at, (when, months) in columns.items():
            number, status = values.read_value(row[at] if at < len(row) else "")
            if status != values.NUMBER:
                continue
            own_year = when or (int(titled[1]) if titled else year)
            if own_year is None:
                raise TableError(
                    say(
                        "{address}: neither title nor columns say a year; pass --year",
                        address=sheet.address(0, 0),
                    )
                )
            yield Statement(
                table=title,
                labels=labels,
                sector="",
                product="",
                unit=own or inherited,
                year=own_year,
                months=months or whole,
                value=number,
                area="",
                source="",
                sheet=(sheet.file, sheet.name),
                row=n,
                column=at,
            )


def _notes(texts: Sequence[str], head: Sequence[object]) -> list[str]:
    """Return the texts above a page in which its unit may stand, and the corner of its header."""
    cells = [re.sub(r"\s+", "", str(cell)) for cell in head]
    return [*texts, *(cell for cell in cells if "单位" in cell and len(cell) > 2)]


def _read_columns(
    layout: SheetLayout, block: SheetBlock, roles: Mapping[int, str]
) -> dict[int, tuple[int | None, tuple[int, int] | None]]:
    """Return the year and months of each column of numbers that names them, or says that it holds values."""
    columns: dict[int, tuple[int | None, tuple[int, int] | None]] = {}
    for at in block.numbers:
        texts = [layout.texts[row][at] for row in block.table.head]
        heads = [text for text in texts if len(text) <= _MOST_OF_HEAD]
        when = next((found for text in heads if (found := _YEAR.search(text))), None)
        months = next((span for text in heads if (span := read_months(text))), None)
        if when or months or roles.get(at) == "value":
            columns[at] = (int(when[1]) if when else None, months)
    return columns


def _climb(above: list[tuple[int, str]], label: str) -> tuple[str, ...]:
    """Return a label behind those that it lies below, by its marks or its indentation."""
    depth = 100 * vocabulary.of_which_depth(label) or len(label) - len(label.lstrip())
    while above and above[-1][0] >= depth:
        above.pop()
    above.append((depth, label.strip()))
    return tuple(text for _, text in above)


def _unit_of(label: str, title: str) -> str:
    """Return the unit in the brackets behind a label, or in a note of the title."""
    found = _BRACKETS.search(label.strip())
    if found and not _YEAR.search(found[1]):
        return found[1]
    noted = _UNIT_NOTE.search(title)
    return noted[1] if noted else ""


def _texts(rows: Sequence[Sequence[object]]) -> list[str]:
    return [str(cell).strip() for row in rows for cell in row if str(cell).strip()]


def _raw(row: Sequence[object], at: int) -> str:
    return str(row[at]) if at < len(row) else ""


def _text(row: Sequence[object], at: int) -> str:
    return _raw(row, at).strip()
