"""Files of any kind -> sheets of raw cells. Knows nothing of energy.

Input files are hostile: what a file claims to be is found from its bytes, its unpacked size
is bounded before it is unpacked, and every failure is one line that says what to do.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.errors import Finding, TableError

if TYPE_CHECKING:
    from collections.abc import Sequence

Cell = object  # "", str, float, int, bool, date or ErrorCell, as the file holds it

_MAX_FILE = 100 * 2**20
_MAX_UNPACKED = 300 * 2**20
_MAX_CELLS = 5_000_000
_TEXT_SUFFIXES = {".csv", ".tsv", ".txt", ".md", ".html", ".htm", ""}


@dataclass(frozen=True)
class ErrorCell:
    """A cell whose formula failed or was never calculated; ``text`` is what a spreadsheet would show."""

    text: str

    def __str__(self) -> str:
        """Return the error as a spreadsheet shows it."""
        return self.text


@dataclass(frozen=True)
class Sheet:
    """Raw cells of one sheet (or of one text file), with the ranges that are merged."""

    file: str
    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def address(self, row: int, column: int | None = None) -> str:
        """Return ``file!sheet!cell`` of a cell (0-based), or of a row."""
        cell = f"{row + 1}:{row + 1}" if column is None else cell_name(row, column)
        return "!".join(filter(None, (self.file, self.name, cell)))


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, as a spreadsheet has it.

    Examples
    --------
    >>> cell_name(0, 0), cell_name(9, 27)
    ('A1', 'AB10')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def read_sheets(path: str | Path) -> list[Sheet]:
    """Return the sheets of a workbook, web page, delimited or pasted text.

    Parameters
    ----------
    path
        .xls, .xlsx, .xlsb, .ods, .csv, .tsv, .html or .txt; the kind is taken from the content.

    Raises
    ------
    TableError
        If the file is missing, empty, too large, damaged, password-protected or of no known kind.
    """
    path = Path(path)
    file = path.name
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise TableError(f"{path}: is a folder; name the files in it")
        if size > _MAX_FILE:
            raise TableError(f"{file}: is {size >> 20} MB, more than the {_MAX_FILE >> 20} MB read here; keep the table alone")
        content = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path}: cannot be opened ({error.strerror or error}); check the path") from None
    if not content.strip(b"\0 \r\n\t"):
        raise TableError(f"{file}: is empty; export the table again")
    if content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _read_workbook(file, content)
    if content[:4] in (b"%PDF", b"\x89PNG", b"\xff\xd8\xff\xe0", b"{\\rt") or content[:5] == b"<?xml" and b"<html" not in content[:2000]:
        raise TableError(f"{file}: is not a table this program reads; save it as .xlsx, .csv or paste its text into a .txt file")
    return read_text_sheets(file, decode(file, content))


def decode(file: str, content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 (with its mark) or GB 18030."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.count("\0") * 100 <= len(text):
            return text.replace("\0", "")
    raise TableError(f"{file}: is neither a workbook nor text in UTF-8, UTF-16 or GB 18030; save it as .xlsx or UTF-8 .csv")


def read_text_sheets(file: str, text: str) -> list[Sheet]:
    """Return the sheets of delimited text or of a web page; text without delimiters keeps one cell a line."""
    head = text[:4096].lstrip().lower()
    if head.startswith("<") and re.search(r"<(!doctype html|html|table|body|div)", head):
        return _read_html(file, text)
    lines = text.splitlines()
    if len(lines) * 50 > _MAX_CELLS:
        raise TableError(f"{file}: has {len(lines)} lines, more than a table has; keep the table alone")
    delimiter = _delimiter(lines)
    if delimiter is None:
        return [Sheet(file, "", [[line] for line in lines])]
    if delimiter == "|":
        rows: list[list[Cell]] = [[cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")] for line in lines]
        return [Sheet(file, "", [row for row in rows if not all(set(str(cell)) <= set("-: ") and cell for cell in row)])]
    try:
        parsed: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise TableError(f"{file}: cannot be read as delimited text ({error}); save it again as UTF-8 .csv") from None
    return [Sheet(file, "", parsed)]


def _delimiter(lines: Sequence[str]) -> str | None:
    """Return the delimiter that cuts most lines into the same number of cells, or None."""
    sample = [line for line in lines[:200] if line.strip()]
    if sum(line.lstrip().startswith("|") for line in sample) * 2 > len(sample):
        return "|"
    best: tuple[int, str] | None = None
    for delimiter in "\t;,":
        try:  # a quoted cell may hold the delimiter: count cells, not characters
            widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if len(row) > 1]
        except csv.Error:
            continue
        usual = max(widths, key=widths.count, default=0)
        alike = sum(width == usual for width in widths)
        if usual and alike * 2 > len(sample) and (best is None or alike > best[0]):
            best = (alike, delimiter)
    return best[1] if best else None


def _read_html(file: str, text: str) -> list[Sheet]:
    from bs4 import BeautifulSoup  # noqa: PLC0415 - only for web pages

    soup = BeautifulSoup(text, "html.parser")
    sheets = []
    tables = [table for table in soup.find_all("table") if not table.find("table")]
    for number, table in enumerate(tables, start=1):
        rows: list[list[Cell]] = []
        taken: dict[tuple[int, int], str] = {}
        for i, tr in enumerate(table.find_all("tr")):
            row: list[Cell] = []
            for cell in tr.find_all(["td", "th"]):
                while (i, len(row)) in taken:
                    row.append(taken[i, len(row)])
                content = cell.get_text(" ", strip=True)
                width, height = (min(_span(cell.get(kind)), 300) for kind in ("colspan", "rowspan"))
                for extra in range(1, height):
                    taken.update({(i + extra, len(row) + j): "" for j in range(width)})
                row.extend([content] + [""] * (width - 1))
            rows.append(row)
            if sum(map(len, rows[-1:])) * len(rows) > _MAX_CELLS:
                raise TableError(f"{file}: a table of the page is too large; keep the energy balance alone")
        caption = table.find_previous(["h1", "h2", "h3", "h4", "caption", "p"])
        own = table.find("caption") or caption
        if own is not None:
            rows.insert(0, [own.get_text(" ", strip=True)[:300]])
        sheets.append(Sheet(file, f"table {number}" if len(tables) > 1 else "", rows))
    if not sheets:
        raise TableError(f"{file}: the page holds no <table>; paste the table's text into a .txt file")
    return sheets


def _span(value: object) -> int:
    return int(str(value)) if str(value).isdigit() else 1


def _read_workbook(file: str, content: bytes) -> list[Sheet]:
    import python_calamine as calamine  # noqa: PLC0415 - not needed by commands that read no workbook

    errors: dict[str, dict[tuple[int, int], str]] = {}
    if content[:2] == b"PK":
        errors = _inspect_archive(file, content)
    elif b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in content:
        raise TableError(f"{file}: is password-protected; save a copy without a password")
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        metadata = book.sheets_metadata
    except calamine.PasswordError:
        raise TableError(f"{file}: is password-protected; save a copy without a password") from None
    except calamine.CalamineError as error:
        raise TableError(f"{file}: is damaged or not a workbook ({error}); open it in a spreadsheet program and save it again") from None
    if content[:2] != b"PK":
        errors = _xls_errors(content)
    sheets, skipped = [], []
    for number, sheet in enumerate(metadata):
        if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
            skipped.append(Finding("sheet-kind", "info", f"sheet {sheet.name!r} is a {sheet.typ.name.lower()}, not a table", f"{file}!{sheet.name}"))
            continue
        try:
            data = book.get_sheet_by_index(number)
        except calamine.CalamineError as error:
            raise TableError(f"{file}!{sheet.name}: is damaged ({error}); open it in a spreadsheet program and save it again") from None
        if data.total_height * data.total_width > _MAX_CELLS:
            raise TableError(f"{file}!{sheet.name}: has {data.total_height} rows x {data.total_width} columns; delete what is not the table")
        if sheet.visible != calamine.SheetVisibleEnum.Visible:
            skipped.append(Finding("hidden-sheet", "warning", f"sheet {sheet.name!r} is hidden and was not read", f"{file}!{sheet.name}",
                                   "unhide it if it belongs to the table"))
            continue
        rows: list[list[Cell]] = [list(row) for row in data.to_python(skip_empty_area=False)]
        for (row, column), text in errors.get(sheet.name, {}).items():
            while len(rows) <= row:
                rows.append([])
            rows[row].extend([""] * (column + 1 - len(rows[row])))
            rows[row][column] = ErrorCell(text)
        height = len(rows)
        merged = tuple(area for area in (data.merged_cell_ranges or ()) if area[0][0] < height)
        sheets.append(Sheet(file, sheet.name, rows, merged))
    if not sheets:
        raise TableError(f"{file}: holds no worksheet ({', '.join(str(f.message) for f in skipped) or 'nothing'}); name the workbook with the table")
    return [Sheet(s.file, s.name, s.rows, s.merged, tuple(skipped) if i == 0 else ()) for i, s in enumerate(sheets)]


def _inspect_archive(file: str, content: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Bound what the archive unpacks to, and find the error cells, which the reader gives as blanks."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        if unpacked > _MAX_UNPACKED or len(members) > 10_000:
            raise TableError(f"{file}: unpacks to {unpacked >> 20} MB in {len(members)} parts, which no energy balance does; "
                             "delete empty formatted rows and save it again")
        if any(member.flag_bits & 1 for member in members):
            raise TableError(f"{file}: is password-protected; save a copy without a password")
        names = {member.filename for member in members}
        if "xl/workbook.xml" not in names:
            if "mimetype" not in names and "content.xml" not in names and "xl/workbook.bin" not in names:
                raise TableError(f"{file}: is an archive and no workbook; unpack it and name the tables in it")
            return {}
        return _xlsx_errors(archive, names)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, zlib.error, RuntimeError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{file}: is damaged ({error}); open it in a spreadsheet program and save it again") from None


_CELL = re.compile(rb'<(?:x:)?c\b([^>]*?)(?:/>|>(.*?)</(?:x:)?c>)', re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


def _xlsx_errors(archive: zipfile.ZipFile, names: set[str]) -> dict[str, dict[tuple[int, int], str]]:
    relations = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for tag in re.findall(rb"<Relationship\b[^>]*>", archive.read("xl/_rels/workbook.xml.rels")):
            identifier, target = re.search(rb'\bId="([^"]*)"', tag), re.search(rb'\bTarget="([^"]*)"', tag)
            if identifier and target:
                relations[identifier[1]] = target[1].decode("utf-8", "replace").lstrip("/").removeprefix("xl/")
    found: dict[str, dict[tuple[int, int], str]] = {}
    for tag in re.findall(rb"<(?:x:)?sheet\b[^>]*>", archive.read("xl/workbook.xml")):
        title, identifier = re.search(rb'\bname="([^"]*)"', tag), re.search(rb'\br:id="([^"]*)"', tag)
        part = "xl/" + relations.get(identifier[1] if identifier else b"", "")
        if not title or part not in names:
            continue
        xml = archive.read(part)
        if b't="e"' not in xml and b"<f" not in xml and b"<x:f" not in xml:
            continue
        sheet = _unescape(title[1].decode("utf-8", "replace"))
        for attributes, inner in _CELL.findall(xml):
            is_error = b't="e"' in attributes
            value = re.search(rb"<(?:x:)?v>([^<]*)</(?:x:)?v>", inner)
            uncalculated = re.search(rb"<(?:x:)?f[ >/]", inner) and not (value and value[1]) and b'<is>' not in inner and b't="str"' not in attributes
            place = _REFERENCE.search(attributes)
            if place and (is_error or uncalculated):
                column = 0
                for letter in place[1]:
                    column = column * 26 + letter - 64
                text = value[1].decode("utf-8", "replace") if is_error and value else "formula without a stored value"
                found.setdefault(sheet, {})[int(place[2]) - 1, column - 1] = text
    return found


def _unescape(text: str) -> str:
    import html  # noqa: PLC0415 - only for sheets that hold formulas

    return html.unescape(text)


# A BOOLERR record of 8 bytes, or a FORMULA result of kind 2 (error): [MS-XLS] 2.4.24 and 2.5.133.
_XLS_ERROR = re.compile(rb"\x05\x02\x08\x00|\x02\x00[\x00\x07\x0f\x17\x1d\x24\x2a]\x00..\xff\xff", re.DOTALL)


def _xls_errors(content: bytes) -> dict[str, dict[tuple[int, int], str]]:
    if not _XLS_ERROR.search(content):
        return {}
    import xlrd  # noqa: PLC0415 - only when the bytes look like an error cell

    try:
        book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    except Exception:  # noqa: BLE001 - the reader proper has opened it; this pass only looks for error cells
        return {}
    return {
        sheet.name: {
            (i, j): xlrd.error_text_from_code.get(sheet.cell_value(i, j), "#ERR")
            for i in range(sheet.nrows)
            for j in range(sheet.row_len(i))
            if sheet.cell_type(i, j) == xlrd.XL_CELL_ERROR
        }
        for sheet in book.sheets()
    }
