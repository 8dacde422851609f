"""One table on one sheet: title, notes, header with units, rows; typed cells, print set-up, and no text that could run."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from carbonacct.data import RISKY
from carbonacct.report.terminal import width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

FIRST_ROW = 5  # of the data, counted from 1: title, notes, a gap and the header stand above
_LONGEST = 32_000  # a cell holds 32 767 characters
_NARROW, _WIDE, _WRAPPED, _HEADING = 5, 58, 46, 8
_LINE = 14  # points
_LONG = 60  # rows: more than a page of a table that is not wide
_PORTRAIT = 150  # columns of text that an upright page holds legibly
_SMALL = 10
_NUMBERS = {
    "year": "0",
    "whole": "#,##0",
    "tenth": "#,##0.0",
    "amount": "#,##0.00",
    "third": "#,##0.000",
    "large": "[=0]0;[<1]0.0000;#,##0.00",
    "factor": "General",
    "share": "0.0000",
    "percent": "0.0%",
    "power": "[<0.001]0.00E+00;0.000",
}
_INK, _FAINT, _BAND, _EDITABLE = "#1F2A37", "#5B6673", "#E8EEF4", "#FFF8DC"


class Formula(NamedTuple):
    """A live formula and the value that it has now."""

    text: str
    value: float | str


class Editable(NamedTuple):
    """A number as published or printed, which a reviewer may change to see what moves."""

    value: float


class Keyed(NamedTuple):
    """A number that lacks a part: the notation key of the part stands behind it."""

    value: Formula | float
    key: str


@dataclass(frozen=True)
class Column:
    """A column: its heading (with the unit), and its kind: text, wrapped, or one of `_NUMBERS`."""

    heading: str
    kind: str = "text"


@dataclass
class Book:
    """A workbook that is being written: the XlsxWriter workbook, the language, the title and the number of rows of each sheet, and the formats made so far."""

    file: Any
    lang: str
    listed: dict[str, tuple[str, int]] = field(default_factory=dict)
    formats: dict[frozenset[tuple[str, object]], Any] = field(default_factory=dict)

    def format(self, **properties: object) -> Any:
        """Return a cell format; equal ones are one."""
        key = frozenset(properties.items())
        if key not in self.formats:
            face = "DengXian" if self.lang == "zh" else "Calibri"
            self.formats[key] = self.file.add_format(
                {"font_name": face, "font_size": 10, "font_color": _INK, "valign": "top"}
                | properties
            )
        return self.formats[key]


class _Exact(float):
    """A number that is written with all its digits: XlsxWriter would write 16, a float needs up to 17."""

    def __format__(self, _specification: str) -> str:
        return repr(float(self))


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas use no function newer than Excel 2007."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002, ARG002 - as XlsxWriter calls it
        # XlsxWriter looks for each of 29 newer functions in every formula: a tenth of the time.
        return formula.removeprefix("=")


def clean_text(text: object) -> str:
    """Return a text that a cell can hold."""
    held = str(text)
    if not held.isascii():  # half of a character that needs two is none
        held = held.encode("utf-8", "replace").decode("utf-8")
    return held if len(held) <= _LONGEST else held[:_LONGEST] + " ..."


def quote(name: str) -> str:
    """Return a sheet's name as a formula refers to it."""
    return "'" + name.replace("'", "''") + "'"


def add_table(
    book: Book,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    notes: Sequence[str] = (),
    totals: frozenset[int] = frozenset(),
    color: str = "",
) -> Any:
    """Add a sheet with one table.

    Parameters
    ----------
    book
        The workbook.
    name
        Name of the sheet, at most 31 characters.
    columns
        Headings and kinds.
    rows
        Cells: text, numbers, `Formula`, `Editable`, `Keyed`; None is an empty cell, and so is NaN.
    title, notes
        What stands above; without a title the header is the first row, as programs expect it.
    totals
        Rows (counted from 0) that are set off as totals.
    color
        Color of the sheet's tab.

    Returns
    -------
    Worksheet
        Of XlsxWriter.
    """
    sheet = book.file.add_worksheet(name, worksheet_class=_Sheet)
    if color:
        sheet.set_tab_color(color)
    header = 0
    if title:
        header = FIRST_ROW - 2
        write_text(book, sheet, (0, 0), title, {"bold": True, "font_size": 14})
        sheet.set_row(0, 22)
        _write_notes(book, sheet, notes, len(columns))
    widths, count = _write_cells(book, sheet, header, columns, rows, totals)
    for j, wide in enumerate(widths):
        sheet.set_column(j, j, wide)
    sheet.set_row(
        header,
        _LINE
        * max(_lines(column.heading, wide) for column, wide in zip(columns, widths, strict=True))
        + 6,
    )
    if title and notes:
        sheet.set_row(1, _LINE * _lines("\n".join(notes), sum(widths)) + 6)
    set_up_page(sheet, header, title or name)
    if count > _LONG and sum(widths) <= _PORTRAIT:
        sheet.set_portrait()
    book.listed[name] = (title, count)
    if count:
        sheet.autofilter(header, 0, header + count, len(columns) - 1)
    return sheet


def _write_cells(
    book: Book,
    sheet: Any,
    header: int,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    totals: frozenset[int],
) -> tuple[list[float], int]:
    """Write the header and the rows; return the width that each column needs, and the number of rows."""
    widths = [_heading_width(column) for column in columns]
    for j, column in enumerate(columns):
        look = {
            "bold": True,
            "bg_color": _BAND,
            "bottom": 1,
            "text_wrap": True,
            "valign": "vcenter",
        } | _place(columns, j)
        write_text(book, sheet, (header, j), column.heading, look)
    count = 0
    places = [_place(columns, j) for j in range(len(columns))]
    for i, row in enumerate(rows):
        lines = 1
        for j, (column, value) in enumerate(zip(columns, row, strict=True)):
            look = places[j] | ({"bold": True, "top": 1} if i in totals else {})
            shown = _write(book, sheet, (header + 1 + i, j), value, column.kind, look)
            if column.kind == "wrapped":
                lines = max(lines, _lines(clean_text(value or ""), _WRAPPED))
            widths[j] = max(
                widths[j], min(shown + 2, _WRAPPED if column.kind == "wrapped" else _WIDE)
            )
        if lines > 1:
            sheet.set_row(header + 1 + i, _LINE * lines + 1)
        count = i + 1
    return widths, count


def add_frame(
    book: Book,
    name: str,
    frame: pd.DataFrame,
    *,
    title: str,
    notes: Sequence[str] = (),
    color: str = "",
) -> Any:
    """Add a sheet with a table as it is: one column a column, numbers right, texts left; put units into the column names."""
    columns = [
        Column(str(heading), _kind(str(heading), frame[heading])) for heading in frame.columns
    ]
    return add_table(
        book,
        name,
        columns,
        frame.itertuples(index=False, name=None),
        title=title,
        notes=notes,
        color=color,
    )


def _kind(heading: str, column: pd.Series) -> str:
    """Return how a column of a table is shown: years plain, small numbers with all their digits; notation keys may stand among numbers."""
    if column.dtype.kind not in "iuf":
        held = [value.value if isinstance(value, (Formula, Keyed)) else value for value in column]
        held = [value.value if isinstance(value, Formula) else value for value in held]
        numbers = [value for value in held if isinstance(value, float) and not math.isnan(value)]
        return "text" if not numbers else "factor" if max(map(abs, numbers)) < _SMALL else "amount"
    if column.dtype.kind != "f":
        return "year" if heading in {"year", "年份"} else "whole"
    return "factor" if column.abs().max() < _SMALL else "amount"


def _write_notes(book: Book, sheet: Any, notes: Sequence[str], columns: int) -> None:
    if not notes:
        return
    look: dict[str, object] = {"font_color": _FAINT, "text_wrap": True}
    text = "\n".join(notes)
    if columns > 1:
        sheet.merge_range(1, 0, 1, columns - 1, "", book.format(**look))
    write_text(book, sheet, (1, 0), text, look)


def _place(columns: Sequence[Column], j: int) -> dict[str, object]:
    """Return how a column is set: numbers right, years in the middle, and a text behind a number a little apart from it."""
    kind = columns[j].kind
    if kind not in {"text", "wrapped"}:
        return {"align": "center" if kind == "year" else "right"}
    return (
        {"align": "left", "indent": 1}
        if j and columns[j - 1].kind not in {"text", "wrapped", "year"}
        else {"align": "left"}
    )


def _heading_width(column: Column) -> float:
    """Return the width that a heading needs when it may wrap: that of its longest word, or a few Chinese characters."""
    longest = max((width(part) for part in re.split(r"\s", column.heading)), default=0)
    return (
        max(_NARROW, min(longest, _HEADING if column.heading.isascii() is False else longest)) + 2.0
    )


def _lines(text: str, columns: float) -> int:
    return sum(max(1, math.ceil(width(part) / columns)) for part in text.split("\n"))


def _write(
    book: Book, sheet: Any, at: tuple[int, int], value: Any, kind: str, look: dict[str, object]
) -> int:
    """Write one cell and return how many columns of text its content takes."""
    if kind in _NUMBERS:
        look["num_format"] = _NUMBERS[kind]
    if kind == "wrapped":
        look["text_wrap"] = True
    if isinstance(value, Keyed):
        look["num_format"] = f'#,##0.00##", {value.key}"'
        value = value.value
    if isinstance(value, Formula):
        sheet.write_formula(*at, value.text, book.format(**look), value.value)
        return _shown(value.value, kind)
    if isinstance(value, Editable):
        look |= {"bg_color": _EDITABLE, "font_color": "#1D4ED8"}
        value = value.value
    value = value.item() if hasattr(value, "item") else value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        sheet.write_blank(*at, None, book.format(**look))
        return 0
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        sheet.write_number(*at, _Exact(value), book.format(**look))
        return _shown(value, kind)
    if kind not in {"text", "wrapped"}:
        look["font_color"] = _FAINT
    write_text(book, sheet, at, value, look)
    return _text_width(str(value)[:_WIDE])


@lru_cache(maxsize=65536)
def _text_width(text: str) -> int:
    return max(width(part) for part in text.split("\n"))


def write_text(
    book: Book, sheet: Any, at: tuple[int, int], value: object, look: dict[str, object]
) -> None:
    """Write a text, which stays one when somebody edits it."""
    text = clean_text(value)
    sheet.write_string(
        *at, text, book.format(**look, **({"quote_prefix": True} if text.startswith(RISKY) else {}))
    )


def _shown(value: float | str, kind: str) -> int:
    """Return about how many characters a number takes."""
    if isinstance(value, str):
        return width(value)
    if kind == "factor":  # a general number shows as many digits as fit
        return 13
    if kind == "large":
        kind = "share" if abs(value) < 1 else "amount"
    return len(_SHOWN[kind].format(value)) + 1


_SHOWN = {
    "year": "{:.0f}",
    "whole": "{:,.0f}",
    "tenth": "{:,.1f}",
    "amount": "{:,.2f}",
    "third": "{:,.3f}",
    "share": "{:.4f}",
    "percent": "{:.1%}",
    "power": "{:.2e}",
}


def set_up_page(sheet: Any, header: int, title: str) -> None:
    """Set a sheet to A4 across, one page wide, its header frozen and repeated, with title and page number below."""
    sheet.freeze_panes(header + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.repeat_rows(0 if header == 0 else header, header)
    name = clean_text(title).replace("&", "&&")[:100]
    sheet.set_footer(f"&L&8 {name}&R&8 &P / &N")
    sheet.hide_gridlines(2)
