"""One table on one sheet: title, notes, header with units, rows.

Typed cells, print set-up, and no text that could run.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from carbonacct.data import RISKY
from carbonacct.text_columns import count_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from carbonacct.report.workbook.plan import Plan

FIRST_ROW = 5  # of the data, counted from 1: title, notes, a gap and the header stand above
_LONGEST = 32_000  # a cell holds 32 767 characters
_NARROW, _WIDE, _WRAPPED, _HEADING = 5, 58, 46, 8
_LINE = 14  # points
_LONG = 60  # rows: more than a page of a table that is not wide
_PORTRAIT = 150  # columns of text that an upright page holds legibly
_SMALL = 10
_GENERAL_BELOW = 0.01
_NUMBERS = {
    "year": "0",
    "whole": "#,##0",
    "tenth": "#,##0.0",
    "amount": "#,##0.00",
    "third": "#,##0.000",
    "large": "[=0]0;[<1]0.0000;#,##0.00",
    "factor": "General",
    "worked": "[=0]0;[<0.01]General;#,##0.00##",
    "share": "0.0000",
    "percent": "0.0%",
    "power": "[<0.001]0.00E+00;0.000",
}
_UNEVEN = ("large", "power", "worked")  # a number between two others may be the widest
_MARKUP = re.compile("[&<>]")
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
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
class SheetColumn:
    """A column: its heading (with the unit), and its kind: text, wrapped, or one of `_NUMBERS`."""

    heading: str
    kind: str = "text"


@dataclass
class Book:
    """A workbook that is being written.

    Attributes
    ----------
    file, lang
        The XlsxWriter workbook, and the language.
    listed
        Title and number of rows of each sheet.
    formats
        Those made so far.
    plan
        Where each number of energy stands, if the workbook is of formulas.
    """

    file: Any
    lang: str
    listed: dict[str, tuple[str, int]] = field(default_factory=dict)
    formats: dict[frozenset[tuple[str, object]], Any] = field(default_factory=dict)
    plan: Plan | None = None

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


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose rows under the header are written as they are, for the sake of speed."""

    # Of each row under the header: its cells as the file has them, and as values for charts.
    lines: list[str]
    values: list[Sequence[Any]]
    top = 0  # the first of these rows, counted from 0
    dim_rowmax: int

    def _write_rows(self) -> None:
        last: int = self.dim_rowmax
        self.dim_rowmax = min(last, self.top - 1)
        super()._write_rows()
        self.dim_rowmax = last
        for row, line in enumerate(self.lines, start=self.top):
            self._write_row(row, None, self.row_info.get(row))
            self.fh.write(line + "</row>")

    def _get_range_data(self, *corners: int) -> list[Any]:
        """Return what a chart keeps of a range, as XlsxWriter asks for it."""
        first, left, last, right = corners
        return [
            _plain(row[column])
            for row in self.values[first - self.top : last - self.top + 1]
            for column in range(left, right + 1)
        ]


def _plain(value: Any) -> Any:
    """Return what a formula gives now, a number with Excel's precision, or a text."""
    value = value.value if isinstance(value, (Keyed, Editable)) else value
    if isinstance(value, Formula):
        return value.value
    return f"{value:.16g}" if isinstance(value, (int, float)) else "" if value is None else value


def clean_text(text: object) -> str:
    """Return a text that a cell can hold."""
    held = str(text)
    if not held.isascii():  # half of a character that needs two is none
        held = held.encode("utf-8", "replace").decode("utf-8")
    if 2 * len(held) <= _LONGEST:
        return held
    units = held.encode("utf-16-le")  # as Excel counts
    if len(units) <= 2 * _LONGEST:
        return held
    return units[: 2 * _LONGEST].decode("utf-16-le", "ignore") + " ..."


def quote(name: str) -> str:
    """Return a sheet's name as a formula refers to it."""
    return "'" + name.replace("'", "''") + "'"


def add_table(
    book: Book,
    name: str,
    columns: Sequence[SheetColumn],
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
        write_text(book, sheet, (0, 0), title, look={"bold": True, "font_size": 14})
        sheet.set_row(0, 22)
        _write_notes(book, sheet, notes, len(columns))
    widths, count = _write_cells(book, sheet, header, columns, rows=rows, totals=totals)
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
    columns: Sequence[SheetColumn],
    *,
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
        write_text(book, sheet, (header, j), column.heading, look=look)
    sheet.lines, sheet.values, sheet.top = [], [], header + 1
    pens = [_Pen(book, column.kind, _place(columns, j)) for j, column in enumerate(columns)]
    letters = [xl_col_to_name(j) for j in range(len(columns))]
    wrapped = [j for j, column in enumerate(columns) if column.kind == "wrapped"]
    for i, row in enumerate(rows):
        number, tall, is_total = header + 2 + i, 1, i in totals
        cells = [
            f'<c r="{letter}{number}"{pen.write(value, is_total)}'
            for letter, pen, value in zip(letters, pens, row, strict=True)
        ]
        for j in wrapped:
            tall = max(tall, _lines(clean_text(row[j] or ""), _WRAPPED))
        sheet.lines.append("".join(cells))
        sheet.values.append(row)
        if tall > 1:
            sheet.set_row(number - 1, _LINE * tall + 1)
    count = len(sheet.lines)
    if count:
        sheet.dim_rowmax = header + count
    for j, pen in enumerate(pens):
        most = _WRAPPED if pen.kind == "wrapped" else _WIDE
        widths[j] = max(widths[j], min(pen.widest + 2, most))
    return widths, count


@dataclass
class _Pen:
    """Writes the cells of one column; the format of each kind of cell is looked up once."""

    book: Book
    kind: str
    place: dict[str, object]
    widest: int = -2
    styles: dict[tuple[object, ...], str] = field(default_factory=dict)
    texts: dict[tuple[Any, ...], str] = field(default_factory=dict)
    seen: tuple[float, float] = (math.inf, -math.inf)  # the least and the largest number
    strings: Any = field(init=False)  # of the workbook, which holds each text once

    def __post_init__(self) -> None:
        """Look up where texts go."""
        self.strings = self.book.file.str_table

    def write(self, value: Any, is_total: bool) -> str:  # noqa: FBT001 - the innermost loop
        """Return a cell as the file has it after its address; remember how wide it is in letters."""
        kind = type(value)  # most cells are of these kinds, and no more is asked about them
        if kind is str:
            return self._write_text(value, is_total, "number", "")
        if kind is Formula:
            return self._write_formula(value, is_total, "")
        if kind is Keyed:
            value, key = value
            if isinstance(value, Formula):
                return self._write_formula(value, is_total, key)
            return self._write_number(value, is_total, "number", key)
        if kind is Editable:
            return self._write_number(value.value, is_total, "editable", "")
        return self._write_number(value, is_total, "number", "")

    def _write_number(self, value: Any, is_total: bool, look: str, key: str) -> str:  # noqa: FBT001 - as above
        """Return a cell that holds a number or nothing, in a manner; of what is neither its text."""
        if type(value) is float and math.isfinite(value):  # most are
            self._measure(value, key)
            return f"{self.style(look, is_total, key)}><v>{value!r}</v></c>"
        value = value.item() if hasattr(value, "item") else value
        if value is None or (isinstance(value, float) and math.isnan(value)):
            self.widest = max(self.widest, 0)
            return f"{self.style(look, is_total, key)}/>"
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            # All digits: XlsxWriter would write 16, a float needs up to 17.
            style = self.style(look, is_total, key)
            self._measure(value, key)
            return f"{style}><v>{float(value)!r}</v></c>"
        return self._write_text(str(value), is_total, look, key)

    def _write_formula(self, formula: Formula, is_total: bool, key: str) -> str:  # noqa: FBT001 - as above
        """Return a cell that holds a formula, with the value that it has now."""
        text, now = formula
        text = text.removeprefix("=")
        if _MARKUP.search(text):
            text = escape(text)
        style = self.style("number", is_total, key)
        if isinstance(now, str):
            of = "" if not now else ' t="e"' if now in _ERRORS else ' t="str"'
            self.widest = max(self.widest, count_columns(now))
            return f"{style}{of}><f>{text}</f><v>{escape(now)}</v></c>"
        self._measure(now, key)
        return f"{style}><f>{text}</f><v>{now}</v></c>"

    def _write_text(self, value: str, is_total: bool, look: str, key: str) -> str:  # noqa: FBT001 - as above
        """Return a cell that holds a text, in a manner; most come again and again."""
        strings, asked = self.strings, (value, is_total, look, key)
        if known := self.texts.get(asked):
            strings.count += 1  # as XlsxWriter counts each use
            return known
        text = clean_text(value)
        style = self.style(look, is_total, key, "risky" if text.startswith(RISKY) else "text")
        place = strings._get_shared_string_index(text)  # noqa: SLF001 - what `write_string` calls
        made = f'{style} t="s"><v>{place}</v></c>'
        self.texts[asked] = made
        self.widest = max(self.widest, _text_width(text[:_WIDE]))
        return made

    def _measure(self, value: float, key: str = "") -> None:
        """Remember about how many characters a number takes, unless others have shown that it is no wider."""
        if key:  # it has its own format: up to four decimals, then the key
            self.widest = max(self.widest, len(f"{value:,.4f}, {key}") + 1)
            return
        least, largest = self.seen
        if least <= value <= largest and self.kind not in _UNEVEN:
            return
        self.seen = min(least, value), max(largest, value)
        self.widest = max(self.widest, _shown(value, self.kind), 0)

    def style(self, look: str, is_total: bool, key: str, text: str = "") -> str:  # noqa: FBT001
        """Return the reference to the format of one kind of cell."""
        known = (look, is_total, key, text)
        if known not in self.styles:
            made: dict[str, object] = dict(self.place)
            if is_total:
                made |= {"bold": True, "top": 1}
            if self.kind in _NUMBERS:
                made["num_format"] = _NUMBERS[self.kind]
            if self.kind == "wrapped":
                made["text_wrap"] = True
            if key:
                made["num_format"] = f'#,##0.00##", {key}"'
            if look == "editable":
                made |= {"bg_color": _EDITABLE, "font_color": "#1D4ED8"}
            if text and self.kind not in {"text", "wrapped"}:
                made["font_color"] = _FAINT
            if text == "risky":  # it stays a text when somebody edits it
                made["quote_prefix"] = True
            index = self.book.format(**made)._get_xf_index()  # noqa: SLF001 - as XlsxWriter's own sheets ask
            self.styles[known] = f' s="{index}"'
        return self.styles[known]


def add_frame(
    book: Book,
    name: str,
    frame: pd.DataFrame,
    *,
    title: str,
    notes: Sequence[str] = (),
    color: str = "",
) -> Any:
    """Add a sheet with a table as it is: one column a column, numbers right, texts left.

    Put units into the column names.
    """
    columns = [
        SheetColumn(str(heading), _kind(str(heading), frame[heading])) for heading in frame.columns
    ]
    return add_table(
        book,
        name,
        columns,
        zip(*(frame.iloc[:, j].tolist() for j in range(frame.shape[1])), strict=True),
        title=title,
        notes=notes,
        color=color,
    )


def _kind(heading: str, column: pd.Series) -> str:
    """Return how a column of a table is shown: years plain, small numbers with all their digits.

    Notation keys may stand among numbers.
    """
    if column.dtype.kind not in "iuf":
        held = [
            value.value if isinstance(value, (Formula, Keyed)) else value
            for value in column.tolist()
        ]
        held = [value.value if isinstance(value, Formula) else value for value in held]
        numbers = [value for value in held if isinstance(value, float) and not math.isnan(value)]
        return _kind_of_numbers(heading, max(map(abs, numbers))) if numbers else "text"
    if column.dtype.kind != "f":
        return "year" if heading in {"year", "年份"} else "whole"
    return _kind_of_numbers(heading, column.abs().max())


def _kind_of_numbers(heading: str, largest: float) -> str:
    """Return how numbers up to a largest are shown; percentages have two decimals."""
    return "factor" if largest < _SMALL and "%" not in heading else "amount"


def _write_notes(book: Book, sheet: Any, notes: Sequence[str], columns: int) -> None:
    if not notes:
        return
    look: dict[str, object] = {"font_color": _FAINT, "text_wrap": True}
    text = "\n".join(notes)
    if columns > 1:
        sheet.merge_range(1, 0, 1, columns - 1, "", book.format(**look))
    write_text(book, sheet, (1, 0), text, look=look)


def _place(columns: Sequence[SheetColumn], j: int) -> dict[str, object]:
    """Return how a column is set: numbers right, years in the middle, a text behind a number apart from it."""
    kind = columns[j].kind
    if kind not in {"text", "wrapped"}:
        return {"align": "center" if kind == "year" else "right"}
    return (
        {"align": "left", "indent": 1}
        if j and columns[j - 1].kind not in {"text", "wrapped", "year"}
        else {"align": "left"}
    )


def _heading_width(column: SheetColumn) -> float:
    """Return the width that a heading needs when it may wrap: that of its longest word, or a few Chinese characters."""
    longest = max((count_columns(part) for part in re.split(r"\s", column.heading)), default=0)
    return (
        max(_NARROW, min(longest, _HEADING if column.heading.isascii() is False else longest)) + 2.0
    )


@lru_cache(maxsize=65536)
def _lines(text: str, columns: float) -> int:
    return sum(max(1, math.ceil(count_columns(part) / columns)) for part in text.split("\n"))


@lru_cache(maxsize=65536)
def _text_width(text: str) -> int:
    return max(count_columns(part) for part in text.split("\n"))


def write_text(
    book: Book, sheet: Any, at: tuple[int, int], value: object, *, look: dict[str, object]
) -> None:
    """Write a text, which stays one when somebody edits it."""
    text = clean_text(value)
    sheet.write_string(
        *at, text, book.format(**look, **({"quote_prefix": True} if text.startswith(RISKY) else {}))
    )


def _shown(value: float, kind: str) -> int:
    """Return about how many characters a number takes."""
    # A general number shows as many digits as fit.
    if kind == "factor" or (kind == "worked" and value and value < _GENERAL_BELOW):
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
    "worked": "{:,.4f}",
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
