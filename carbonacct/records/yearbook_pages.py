"""Pages of a yearbook -> numbers, each with the labels of its row and of its column.

A page has a title, heads above columns, labels beside rows, and numbers. What labels mean is not
known here, but years, areas and units are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from carbonacct import remarks
from carbonacct.records.activity_labels import (
    ActivityLabel,
    name_area,
    read_label,
    split_unit,
    units_of,
)
from carbonacct.records.area_names import find_area
from carbonacct.records.block_rows import list_heads, list_rows, list_titles, texts_above
from carbonacct.records.heading_roles import names_part, years_in
from carbonacct.records.sheet_layout import SheetLayout, find_blocks
from carbonacct.sheets.values import NUMBER, STATUS_NAMES, printed, read_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from carbonacct.records.block_rows import LabelledNumbers
    from carbonacct.records.sheet_layout import SheetBlock
    from carbonacct.sheets.raw_sheets import Sheet

_KEYS = frozenset({"NO", "NE", "IE", "C"})
_BOOK = re.compile(
    r"[^\s《》]*年鉴[^\s]*|yearbook\s*(?:of)?\s*\d{4}|\d{4}\s*yearbook", re.IGNORECASE
)


@dataclass(frozen=True)
class PageContext:
    """What stands above a table and holds for all its numbers.

    Attributes
    ----------
    texts
        The lines of the title, and the name of the sheet.
    units
        What ``单位: 千公顷、万吨`` lists.
    year, area
        0 and ``""`` where the title names none, or several.
    """

    texts: tuple[str, ...]
    units: tuple[str, ...]
    year: int
    area: str


@dataclass(frozen=True)
class PrintedNumber:
    """A number of a page.

    Attributes
    ----------
    row_labels, column_labels
        From the innermost to the outermost, without their units; years and areas are left out.
    units
        The units that each place prints, the nearest place first.
    year, area
        0 and ``""`` where labels and title name none.
    areas_said
        Whether the page says that the labels of its rows are areas.
    """

    sheet: Sheet
    row: int
    column: int
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    context: PageContext
    units: tuple[tuple[str, ...], ...]
    year: int
    area: str
    areas_said: bool = False

    @property
    def where(self) -> str:
        """``file!sheet!cell``."""
        return self.sheet.address(self.row, self.column)

    @property
    def text(self) -> str:
        """The number as it is printed."""
        return printed(self.sheet.rows[self.row][self.column])

    @cached_property
    def value(self) -> tuple[float, str]:
        """The number, or NaN and a notation key."""
        number, status = read_value(self.sheet.rows[self.row][self.column])
        return number, "" if status == NUMBER else STATUS_NAMES[status]


def pages_in(sheets: Iterable[Sheet]) -> list[PrintedNumber]:
    r"""Return the numbers of the pages in some sheets.

    Parameters
    ----------
    sheets
        Items down the side and years across, areas and items, years and items, two heads one above
        the other, two tables side by side or one behind the other.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from carbonacct.sheets.raw_sheets import read_sheets
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "a.csv")
    ...     _ = file.write_text("重庆主要工业产品产量\n产品,单位,2006,2007\n水泥,万吨,2300,2500\n", encoding="utf-8")
    ...     last = pages_in(read_sheets(file))[-1]
    >>> last.row_labels, last.units, last.year, last.context.area, last.value, last.where
    (('水泥',), (('万吨',),), 2007, '重庆', (2500.0, ''), 'a.csv!D3')
    """
    return [number for sheet in sheets for number in _read_sheet(sheet)]


def _read_sheet(sheet: Sheet) -> Iterator[PrintedNumber]:
    layout = SheetLayout(sheet)
    before: PageContext | None = None
    for block in find_blocks(layout):
        context = _read_context(layout, block, before)
        before = context
        yield from _read_block(layout, block, context)


def _read_context(
    layout: SheetLayout, block: SheetBlock, before: PageContext | None
) -> PageContext:
    """Return what the title of a block says; a page that goes on has the title of the one before."""
    lines = list_titles(layout, block)
    units = tuple(unit for text in texts_above(layout, block) for unit in units_of(text))
    if before and all(remarks.is_note(line) or units_of(line) for line in lines):
        return replace(before, units=units or before.units)
    names = [layout.sheet.name, re.sub(r"\.\w+$", "", layout.sheet.file)]
    texts = [_BOOK.sub("", line) for line in lines]
    years = next(
        (set(found) for text in (*texts, *names) if (found := years_in(_BOOK.sub("", text)))), set()
    )
    area = find_area(texts) or find_area(names) or find_area([*texts, *names], last=True) or ""
    return PageContext(
        texts=tuple(filter(None, (*lines, layout.sheet.name))),
        units=units,
        year=years.pop() if len(years) == 1 else 0,
        area=area,
    )


def _read_block(
    layout: SheetLayout, block: SheetBlock, context: PageContext
) -> Iterator[PrintedNumber]:
    heads = {
        column: [read_label(text) for text in list_heads(layout, block, column)]
        for column in block.numbers
    }
    for line in list_rows(layout, block):
        labels = _read_labels(line)
        own = [label for label in labels if _says_more(label)]
        units = line.noted or context.units
        for column in line.group.numbers:
            status = STATUS_NAMES[read_value(layout.cell(line.row, column))[1]]
            if status != "number" and status not in _KEYS:
                continue
            across = [label for label in heads[column] if _says_more(label)]
            both, nearest = [*labels, *heads[column]], [*own, *across]
            yield PrintedNumber(
                sheet=layout.sheet,
                row=line.row,
                column=column,
                row_labels=tuple(label.text for label in own if label.text),
                column_labels=tuple(label.text for label in across if label.text),
                context=context,
                units=(
                    *(label.units for label in nearest if label.units),
                    *([units] if units else []),
                ),
                year=next((label.year for label in both if label.year), 0) or context.year,
                area=next((label.area for label in both if label.area), ""),
                areas_said=line.group.areas_said,
            )


def _read_labels(line: LabelledNumbers) -> list[ActivityLabel]:
    """Return what stands beside the numbers of a row, the innermost label first."""
    labels = [read_label(text) for text in line.labels]
    if line.unit:
        first = labels[0] if labels else ActivityLabel("", (), 0, "")
        labels = [first._replace(units=split_unit(line.unit) or (line.unit,)), *labels[1:]]
    area = name_area(line.area)
    if area or names_part(line.area):
        labels.append(ActivityLabel("", (), 0, area or line.area))
    if line.year:
        labels.append(read_label(line.year))
    return labels


def _says_more(label: ActivityLabel) -> bool:
    """Return whether a label says anything but a place or a year: 2019年产量, 2019年比上年增长."""
    return not label.area and bool(label.text or label.units or not label.year)
