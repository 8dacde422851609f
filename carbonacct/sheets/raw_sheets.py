"""Files of any kind -> sheets of raw cells. Knows nothing of energy.

Input files are hostile: what a file claims to be is found from its bytes, its size is bounded
before it is unpacked or laid out, and every failure is one line that says what to do.
"""

from __future__ import annotations

import csv
import io
import logging
import re
import time
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.data import MAX_CELLS, MAX_COLUMNS, plain, read_regular, shown_name
from carbonacct.errors import Finding, TableError
from carbonacct.sheets.encoding import decode
from carbonacct.sheets.joined_keys import split_keys
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from carbonacct.errors import CarbonacctError
    from carbonacct.sheets.indents import Indent

Cell = object  # "", str, float, int, bool, date or ErrorCell, as the file holds it

SAVE_AGAIN = say("open it in a spreadsheet program and save it again")
# What a spreadsheet shows for the codes of errors in binary files, after [MS-XLS] 2.5.10.
ERROR_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_LOG = logging.getLogger(__name__)
_MAX_COPIED = 50_000_000
_MAX_ERRORS = 10_000
_MAX_SECONDS = 60
_MAX_LINES = 100_000
_MAX_LINE = 20_000
_FIRST_ROWS = 200
HEAD_ROWS = 60  # in which years and titles say of what era they are
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLDEST_WORKBOOKS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_OTHER_KINDS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"{\\rt",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"BZh",
    b"\xfd7zXZ",
)
_DELIMITERS = "\t;|,"
_QUOTED = re.compile(r'"[^"\n]*"')


@dataclass(frozen=True)
class ErrorCell:
    """A cell whose formula failed or was never calculated; ``text`` is what a spreadsheet would show."""

    text: str

    def __str__(self) -> str:
        """Return the error as a spreadsheet shows it."""
        return self.text


@dataclass(frozen=True)
class Sheet:
    """Raw cells of one sheet (or text file), with its merged ranges; ``delimiter`` cuts those of a text."""

    file: str
    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    delimiter: str = ""

    def address(self, row: int, column: int | None = None) -> str:
        """Return ``file!sheet!cell`` of a cell (0-based), or of a row."""
        cell = f"{row + 1}:{row + 1}" if column is None else cell_name(row, column)
        return "!".join(filter(None, (self.file, self.name, cell)))

    @cached_property
    def head_texts(self) -> tuple[str, ...]:
        """The texts of the head as they are before any is rewritten, each once."""
        rows = self.rows[:HEAD_ROWS]
        return tuple({cell: None for row in rows for cell in row if type(cell) is str})

    def list_texts(self) -> Iterator[str]:
        """Yield the texts of the first rows, which tell of what and in which language a sheet is."""
        for row in self.rows[:_FIRST_ROWS]:
            yield from (cell for cell in row if isinstance(cell, str) and cell.strip())

    def addresses(self, rows: Sequence[int], columns: Sequence[int]) -> list[str]:
        """Return ``file!sheet!cell`` of many cells."""
        heads = {
            column: "!".join(filter(None, (self.file, self.name, column_name(column))))
            for column in set(columns)
        }
        return [f"{heads[column]}{row + 1}" for row, column in zip(rows, columns, strict=True)]


@dataclass(frozen=True)
class ErrorRun:
    """Cells of a sheet that show the same error: rows and columns, both from 0."""

    rows: range
    columns: range
    text: str


@dataclass(frozen=True)
class Inspected:
    """A workbook that may be read without harm, and what its reader does not tell.

    Attributes
    ----------
    content
        The workbook.
    errors
        Its error cells, by number or name of the sheet.
    indents
        Its cells that their format sets in, the same.
    footnotes
        Texts of cells that end in a raised footnote, each with the footnote set apart.
    is_excel_95
        Whether its texts are in a code page, as those of Excel 5 and 95.
    """

    content: bytes
    errors: dict[int | str, list[ErrorRun]]
    indents: dict[int | str, list[Indent]] = field(default_factory=dict)
    footnotes: dict[str, str] = field(default_factory=dict)
    is_excel_95: bool = False


class Budget:
    """What all sheets of one file may take together; more is refused before memory is taken for it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._cells = self._copied = self._errors = 0
        self._end = time.monotonic() + _MAX_SECONDS

    def check_cells(self, sheet: str, rows: int, columns: int) -> None:
        """Refuse a sheet whose cells are too many, alone or with those before it."""
        where = f"{self.file}!{sheet}" if sheet else self.file
        if rows * columns > MAX_CELLS:
            raise TableError(
                say(
                    "{where}: reaches over {rows} rows x {columns} columns; delete what is "
                    "not the table",
                    where=where,
                    rows=rows,
                    columns=columns,
                )
            )
        if self._cells + rows * columns > MAX_CELLS:
            raise TableError(
                say(
                    "{where}: the sheets up to this one reach over more than {max_cells} "
                    "cells; delete what is not the table, or save the sheets as files of "
                    "their own",
                    where=where,
                    max_cells=MAX_CELLS,
                )
            )
        if time.monotonic() > self._end:
            raise TableError(
                say(
                    "{where}: reading takes more than {max_seconds} seconds; keep the table alone",
                    where=where,
                    max_seconds=_MAX_SECONDS,
                )
            )

    def take_cells(self, sheet: str, rows: int, columns: int) -> None:
        """Count the cells that a sheet is laid out in."""
        self.check_cells(sheet, rows, columns)
        self._cells += rows * columns

    def take_text(self, sheet: str, length: int) -> None:
        """Count text that each cell gets a copy of."""
        self._copied += length
        if self._copied > _MAX_COPIED:
            raise TableError(
                say(
                    "{file}!{sheet}: holds more text than any table; delete what is not the table",
                    file=self.file,
                    sheet=sheet,
                )
            )

    def take_errors(self, sheet: str, count: int) -> None:
        """Count cells that show an error."""
        self._errors += count
        if self._errors > _MAX_ERRORS:
            raise TableError(
                say(
                    "{file}!{sheet}: more than {max_errors} cells are errors; mend their formulas",
                    file=self.file,
                    sheet=sheet,
                    max_errors=_MAX_ERRORS,
                )
            )


class Unknown(NamedTuple):
    """A label that is not known: what it would name, its text, and its cells (row, column).

    None where it is misread.
    """

    kind: str
    text: str
    cells: tuple[tuple[int, int], ...]


class Answer(NamedTuple):
    """A label that is known, and the ids of which one, in a mapping file, would settle what contradicts itself.

    Attributes
    ----------
    label
        The label, as a mapping file would name it, with a cell.
    ids
        What it may be, the likeliest first.
    why
        Why it is asked.
    """

    label: Unknown
    ids: tuple[str, ...]
    why: str


class MisreadError(Exception):
    """Something that cannot be read, at a place of a table whose file is not known there.

    What is kept for tables of one kind knows no file.
    """

    def __init__(
        self,
        kind: type[CarbonacctError],
        text: str,
        *,
        row: int | None = None,
        column: int | None = None,
        unknown: tuple[Unknown, ...] = (),
        below: tuple[tuple[int, int], ...] = (),
        answers: tuple[Answer, ...] = (),
    ) -> None:
        super().__init__(text)
        self.kind, self.text, self.row, self.column, self.unknown = kind, text, row, column, unknown
        self.below = below  # cells of labels that cannot be read before it is
        self.answers = answers

    def at(self, sheet: Sheet, row: int = 0) -> CarbonacctError:
        """Return the error of a sheet that is read; ``row`` is where a column is spoken of."""
        where = sheet.address(row if self.row is None else self.row, self.column)
        return self.kind(say("{where}: {message}", where=where, message=self.text))


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, as a spreadsheet has it.

    Examples
    --------
    >>> cell_name(0, 0), cell_name(9, 27)
    ('A1', 'AB10')
    """
    return f"{column_name(column)}{row + 1}"


@cache
def column_name(column: int) -> str:
    """Return the letters of a column (from 0), as a spreadsheet has them.

    Examples
    --------
    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_sheets(path: str | Path, named: Collection[str] = ()) -> list[Sheet]:
    """Return the sheets of a workbook, web page, document, data set, delimited or pasted text.

    Parameters
    ----------
    path
        .xls, .xlsx, .xlsb, .ods, .csv, .tsv, .html, .docx, .pdf, .json, .xml, .txt, or these packed as
        .gz or .zip; the kind is taken from the content.
    named
        Sheets of workbooks that are read though they are hidden.

    Raises
    ------
    TableError
        If the file is missing, empty, too large, damaged, password-protected or of no known kind.
    """
    file = shown_name(path)
    try:
        content = read_regular(path)
    except IsADirectoryError:
        raise TableError(say("{path}: is a folder; name the files in it", path=path)) from None
    except OSError as error:
        raise TableError(
            say(
                "{path}: cannot be opened ({strerror}); check the path",
                path=path,
                strerror=error.strerror,
            )
        ) from None
    _LOG.debug("reading %s, %d bytes", file, len(content))
    return read_content(file, content, named=named)


def read_content(
    file: str, content: bytes, *, is_packed: bool = False, named: Collection[str] = ()
) -> list[Sheet]:
    """Return the sheets of a file that is in memory.

    Parameters
    ----------
    file
        Its name.
    content
        What it holds.
    is_packed
        Whether it comes out of a file: what is packed twice is not unpacked.
    named
        As `read_sheets` takes them.

    Raises
    ------
    TableError
        As `read_sheets`.
    """
    if not content.strip(b"\0 \r\n\t"):
        raise TableError(say("{file}: is empty; export the table again", file=file))
    if content.startswith(_PACKED):
        from carbonacct.sheets.packed import (  # noqa: PLC0415 - plain text needs none of this
            read_packed,
        )

        return read_packed(file, content, is_packed=is_packed, named=named)
    if content.startswith(_OLD_WORKBOOK):
        from carbonacct.sheets.workbook_files import read_workbook  # noqa: PLC0415

        return read_workbook(file, content, named=named)
    if content[:1024].lstrip().startswith(b"%PDF-"):
        from carbonacct.sheets.portable import read_pdf  # noqa: PLC0415

        return read_pdf(file, content)
    if content.startswith(_OLDEST_WORKBOOKS):
        raise TableError(
            say(
                "{file}: is a workbook of Excel 4 or older; {save_again} as .xlsx",
                file=file,
                save_again=SAVE_AGAIN,
            )
        )
    if b"sdmx" in content[:4096].lower():
        from carbonacct.sheets.sdmx_markup import is_markup, read_markup  # noqa: PLC0415

        if is_markup(content):
            return read_markup(file, content)
    if content.startswith(_OTHER_KINDS) or (
        content[:5] == b"<?xml" and b"<html" not in content[:2000]
    ):
        raise TableError(
            say(
                "{file}: is not a table this program reads; save it as .xlsx, .csv or paste "
                "its text into a .txt file",
                file=file,
            )
        )
    return read_text_sheets(file, decode(file, content))


def is_workbook(content: bytes) -> bool:
    r"""Return whether bytes are a workbook of a spreadsheet and no delimited text.

    Examples
    --------
    >>> is_workbook(b"PK\x03\x04"), is_workbook(b"kind,name")
    (True, False)
    """
    return content.startswith((*_PACKED[:2], _OLD_WORKBOOK))


def read_text_sheets(file: str, text: str) -> list[Sheet]:
    """Return the sheets of delimited text or of a web page; text without delimiters keeps one cell a line."""
    head = text[:4096].lstrip().lower()
    if head.startswith("<") and re.search(r"<(!doctype html|html|table|body|div|meta|head)", head):
        from carbonacct.sheets.webpage import read_html  # noqa: PLC0415 - only for web pages

        return read_html(file, text)
    if head.startswith("{"):
        from carbonacct.sheets.jsonstat import read_jsonstat  # noqa: PLC0415 - only for JSON

        return read_jsonstat(file, text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    delimiter = _delimiter(lines, Path(file).suffix.lower())
    if delimiter is None and len(lines) > _MAX_LINES:
        raise TableError(
            say(
                "{file}: has {line_count} lines and no cells, more than a table has; keep "
                "the table alone",
                file=file,
                line_count=len(lines),
            )
        )
    if delimiter is None:
        longest = max(range(len(lines)), key=lambda number: len(lines[number]))
        if len(lines[longest]) > _MAX_LINE:
            raise TableError(
                say(
                    "{file}: line {longest} has {line_count} characters and no cells; it is "
                    "no table",
                    file=file,
                    longest=longest + 1,
                    line_count=len(lines[longest]),
                )
            )
        return [Sheet(file, "", [[line] for line in lines])]
    if text.count(delimiter) + len(lines) > MAX_CELLS:
        raise TableError(
            say(
                "{file}: has more than {max_cells} cells; keep the table alone",
                file=file,
                max_cells=MAX_CELLS,
            )
        )
    if delimiter == "|":
        rows: list[list[str]] = [
            [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
            for line in lines
        ]
        return [_text_sheet(file, [[] if _is_rule(row) else row for row in rows])]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise TableError(
            say(
                "{file}: cannot be read as delimited text ({error}); save it again as UTF-8 .csv",
                file=file,
                error=error,
            )
        ) from None
    return [_text_sheet(file, _set_apart(rows, delimiter), delimiter)]


def _set_apart(rows: list[list[str]], delimiter: str) -> list[list[str]]:
    """Return rows with keys that share a cell in columns of their own, and multipliers in the units."""
    if rows and any("mult" in name.lower() or name.lower() == "scalar_factor" for name in rows[0]):
        from carbonacct.sheets.sdmx import multiply_units  # noqa: PLC0415 - only for such tables

        held: list[list[Cell]] = [list(row) for row in rows]
        return [list(map(str, row)) for row in multiply_units(held)]
    return split_keys(rows) if delimiter == "\t" else rows


def _text_sheet(file: str, rows: list[list[str]], delimiter: str = "") -> Sheet:
    widest = max(map(len, rows), default=0)
    if widest > MAX_COLUMNS:
        raise TableError(
            say(
                "{file}: has a line of {widest} cells, more than the {max_columns} read "
                "here; keep the table alone",
                file=file,
                widest=widest,
                max_columns=MAX_COLUMNS,
            )
        )
    cells: list[list[Cell]] = [
        list(map(plain, row)) if "'" in "".join(row) else list(row) for row in rows
    ]
    return Sheet(file, "", cells, delimiter=delimiter)


def _is_rule(row: Sequence[Cell]) -> bool:
    """Return whether a row is the rule |---|:--| below a Markdown header (a row of dashes has single ones)."""
    return all(re.fullmatch(r":?-{2,}:?", str(cell)) for cell in row)


def _delimiter(lines: Sequence[str], suffix: str) -> str | None:
    """Return the delimiter that cuts most lines into the same number of cells, or None."""
    sample = [_QUOTED.sub("", line) for line in lines[:200] if line.strip()]
    if sum(line.lstrip().startswith("|") for line in sample) * 2 > len(sample):
        return "|"
    best: tuple[int, str] | None = None
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in sample if delimiter in line]
        usual = max(counts, key=counts.count, default=0)
        alike = sum(count == usual for count in counts)
        if usual and alike * 2 > len(sample) and (best is None or alike > best[0]):
            best = (alike, delimiter)
    if best is None and suffix in {
        ".csv",
        ".tsv",
    }:  # rows of different lengths, but said to be delimited
        most = max(_DELIMITERS, key=lambda delimiter: sum(line.count(delimiter) for line in sample))
        return most if any(most in line for line in sample) else None
    return best[1] if best else None
