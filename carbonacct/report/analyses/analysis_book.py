"""A section as a workbook: tables whose numbers are formulas of the data sheet, charts that Excel draws, notes."""

from __future__ import annotations

import math
from itertools import count
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name

from carbonacct.report.analyses.analysis_words import word
from carbonacct.report.files import NO_CLOCK
from carbonacct.report.workbook.new_file import open_book
from carbonacct.report.workbook.summary_sheets import add_findings
from carbonacct.report.workbook.table import Formula, add_table
from carbonacct.report.workbook.table import SheetColumn as Heading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.charts import Drawing
    from carbonacct.report.analyses.section import Column, Section, Table
    from carbonacct.report.workbook.table import Book

_NOT_IN_NAMES = str.maketrans("[]:*?/\\", "_______")
_LONGEST = 31  # characters of a sheet's name
_DATA = "data"
_FIRST_ROW = 2  # of the data, below its header
_KINDS = {
    "line": {"type": "line"},
    "bar": {"type": "bar"},
    "column": {"type": "column"},
    "stacked": {"type": "column", "subtype": "stacked"},
}
_DATA_KINDS = {"i": "year", "u": "year", "f": "factor"}  # integers without separators
_DECIMALS = {0: "whole", 1: "tenth", 2: "amount", 3: "third", 4: "share"}
_POWER = -3  # digits of a probability
_CHART_ROWS = 18  # that a chart stands over


def write_book(section: Section, analysis: Analysis, path: Path) -> None:
    """Write a section as an .xlsx: the data first, for programs; a sheet a table, on which it opens.

    Charts, notes, findings.
    """
    lang = section.lang
    with open_book(path, lang) as book:
        _add_data(book, analysis.frame.infer_objects())
        first, *others = section.tables
        opening = first.caption if len(analysis.parts) > 1 else section.title
        opens = _add_section_table(
            book, _name_sheet(book, opening), first, section, analysis=analysis
        )
        for table in others:
            _add_section_table(
                book, _name_sheet(book, table.caption), table, section, analysis=analysis
            )
        if drawn := [chart for chart in section.charts if chart.kind in _KINDS]:
            _add_charts(book, _name_sheet(book, word("chart", lang)), drawn)
        _add_notes(book, section)
        add_findings(book, list(analysis.findings), lang)
        opens.activate()
        book.file.set_properties({"created": NO_CLOCK, "title": section.title})


def _add_data(book: Book, frame: pd.DataFrame) -> None:
    """Add the rows as they are, each column under its id in the first row, as programs expect it."""
    headings = [
        Heading(str(name), _DATA_KINDS.get(frame[name].dtype.kind, "text")) for name in frame
    ]
    rows = [
        [
            str(value) if heading.kind == "text" and isinstance(value, (int, float)) else value
            for heading, value in zip(headings, row, strict=True)
        ]
        for row in frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    ]
    add_table(book, _DATA, headings, rows)


def _name_sheet(book: Book, title: str) -> str:
    """Return a name that a sheet may have and no other has: names are compared without case."""
    name = title.translate(_NOT_IN_NAMES)[:_LONGEST].strip("'") or "table"
    taken = {sheet.lower() for sheet in book.file.sheetnames}
    for number in count(2):
        if name.lower() not in taken:
            break
        mark = f" ({number})"
        name = title.translate(_NOT_IN_NAMES)[: _LONGEST - len(mark)].strip("'") + mark
    return name


def _add_section_table(
    book: Book, name: str, table: Table, section: Section, *, analysis: Analysis
) -> Any:
    letters = {
        str(column): xl_col_to_name(number) for number, column in enumerate(analysis.frame.columns)
    }
    places = [table.places[column.id].tolist() for column in table.columns]
    rows = [
        [
            _refer(column, value, letters, place)
            for column, value, place in zip(table.columns, row, at, strict=True)
        ]
        for row, at in zip(table.rows(), zip(*places, strict=True), strict=True)
    ]
    headings = [Heading(column.full_heading, _find_kind(column)) for column in table.columns]
    return add_table(book, name, headings, rows, title=section.title, notes=section.notes)


def _find_kind(column: Column) -> str:
    """Return how a sheet shows the numbers of a column."""
    if column.digits is None:
        return "text"
    if column.is_year:
        return "year"
    return _DECIMALS.get(column.digits, "power" if column.digits == _POWER else "factor")


def _refer(column: Column, value: Any, letters: Mapping[str, str], place: int) -> Any:
    """Return a number as a formula of its cell in the data, a text as it is."""
    if not column.source or value != value:  # noqa: PLR0124 - NaN is not itself
        return value
    cell = f"{_DATA}!${letters[column.source]}${_FIRST_ROW + int(place)}"
    times = "" if column.factor == 1.0 else f"*{column.factor!r}"
    return Formula(f"={cell}{times}", value)


def _add_charts(book: Book, name: str, drawn: Sequence[Drawing]) -> None:
    """Add the numbers of the charts, each with the chart that Excel draws of them beside it."""
    sheet = book.file.add_worksheet(name)
    sheet.hide_gridlines(2)
    top = 0
    for chart in drawn:
        head = top + _CHART_ROWS  # the chart stands above its numbers
        sheet.insert_chart(top, 0, _make_chart(book, name, chart, head))
        for position, series in enumerate(chart.series, start=1):
            sheet.write_string(
                head, position, series.strip(), book.format(bold=True, text_wrap=True)
            )
        for row, texts in enumerate(
            zip(chart.names, *chart.series.values(), strict=True), head + 1
        ):
            sheet.write_string(row, 0, texts[0], book.format())
            for position, value in enumerate(texts[1:], start=1):
                if math.isfinite(value):
                    sheet.write_number(row, position, value, book.format(num_format="#,##0.00##"))
        top = head + len(chart.names) + 3
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 12, 12)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _make_chart(book: Book, name: str, chart: Drawing, head: int) -> Any:
    made = book.file.add_chart(dict(_KINDS[chart.kind]))
    first, last = head + 1, head + len(chart.names)
    for position, _ in enumerate(chart.series, start=1):
        made.add_series(
            {
                "name": [name, head, position],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, position, last, position],
            }
        )
    made.set_title({"name": chart.label, "name_font": {"size": 12}})
    if chart.kind == "bar":
        made.set_y_axis({"reverse": True})
    if len(chart.series) == 1:
        made.set_legend({"none": True})
    made.set_size({"width": 720, "height": 340})
    return made


def _add_notes(book: Book, section: Section) -> None:
    lang = section.lang
    rows = [(word("notes", lang), text) for text in section.notes]
    rows += [(word("sources", lang), text) for text in section.sources]
    rows += list(section.made)
    columns = [Heading(word("notes", lang)), Heading("", "wrapped")]
    add_table(book, word("notes", lang), columns, rows, title=section.title)
