"""Workbooks (.xls, .xlsx, .ods) -> sheets, after a look at what they would unpack to.

The reader of the file formats gives a cell with an error as a blank, and lays out a sheet from its
first to its last cell whatever lies between. So the bytes are looked through first: how far each
sheet reaches, which cells hold an error or a formula that was never calculated.
"""

from __future__ import annotations

import html
import io
import re
import struct
import zipfile
import zlib
from functools import cache, partial
from typing import TYPE_CHECKING

from carbonacct.errors import Finding, TableError
from carbonacct.tables.sheets import MAX_CELLS, Cell, ErrorCell, Sheet
from carbonacct.tables.superscripts import find_footnotes, set_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import python_calamine as calamine

Errors = dict[tuple[int, int], str]

_MAX_UNPACKED = 300 * 2**20
_MAX_PARTS = 10_000
_MAX_SHEETS = 1000
_MAX_MERGED = 20_000
_MAX_TEXT = 10**9
_SLICE = 2**22
_LOCAL_HEAD = struct.Struct("<4s22xHH")  # of a part: signature, and the lengths of the name and what follows it
_UNCALCULATED = "formula without a stored value"
_SAVE_AGAIN = "open it in a spreadsheet program and save it again"


def read_workbook(file: str, content: bytes) -> list[Sheet]:
    """Return the visible worksheets.

    Raises
    ------
    TableError
        If the workbook is damaged, password-protected, or larger than any table.
    """
    import python_calamine as calamine  # noqa: PLC0415 - not needed by commands that read no workbook

    footnotes: dict[str, str] = {}  # of an .xlsx: texts with a raised footnote
    errors = _inspect_archive(file, content, footnotes) if content[:2] == b"PK" else _inspect_xls(file, content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        metadata = book.sheets_metadata
        sheets, skipped = _read_sheets(file, book, metadata, errors)
    except calamine.PasswordError:
        raise TableError(f"{file}: is password-protected; save a copy without a password") from None
    except calamine.CalamineError as error:
        raise TableError(f"{file}: is damaged or not a workbook ({error}); {_SAVE_AGAIN}") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own failure, which is no Exception
            raise
        raise TableError(f"{file}: is damaged; {_SAVE_AGAIN}") from None
    if not sheets:
        raise TableError(f"{file}: holds no worksheet ({', '.join(str(f.message) for f in skipped) or 'nothing'}); name the workbook with the table")
    for sheet in sheets if footnotes else ():
        set_apart(sheet.rows, footnotes)
    first = sheets[0]
    return [Sheet(first.file, first.name, first.rows, first.merged, tuple(skipped)), *sheets[1:]]


def _read_sheets(file: str, book: calamine.CalamineWorkbook, metadata: list[calamine.SheetMetadata],
                 errors: dict[int | str, Errors]) -> tuple[list[Sheet], list[Finding]]:  # fmt: skip
    if len(metadata) > _MAX_SHEETS:
        raise TableError(f"{file}: has {len(metadata)} sheets, more than the {_MAX_SHEETS} read here; keep the tables alone")
    sheets, skipped = [], []
    for number, about in enumerate(metadata):
        where = f"{file}!{about.name}"
        kind, visible = (str(value).rpartition(".")[2] for value in (about.typ, about.visible))
        if kind != "WorkSheet":
            skipped.append(Finding("sheet-kind", "info", f"sheet {about.name!r} is a {kind.lower()}, not a table", where))
            continue
        if visible != "Visible":
            skipped.append(Finding("hidden-sheet", "warning", f"sheet {about.name!r} is hidden and was not read", where, "unhide it if it belongs to the table"))
            continue
        data = book.get_sheet_by_index(number)
        if (data.total_height + 1) * (data.total_width + 1) > MAX_CELLS:
            raise TableError(f"{where}: has {data.total_height + 1} rows x {data.total_width + 1} columns; delete what is not the table")
        rows: list[list[Cell]] = data.to_python(skip_empty_area=False)  # type: ignore[assignment]
        for (row, column), text in errors.get(number, errors.get(about.name, {})).items():
            _put(rows, row, column, ErrorCell(text))
        merged = data.merged_cell_ranges or ()
        if len(merged) > _MAX_MERGED:
            raise TableError(f"{where}: has {len(merged)} merged ranges, more than a table has; {_SAVE_AGAIN} without them")
        sheets.append(Sheet(file, about.name, rows, tuple(area for area in merged if area[0][0] < len(rows))))
    return sheets, skipped


def _put(rows: list[list[Cell]], row: int, column: int, cell: Cell) -> None:
    while len(rows) <= row:
        rows.append([])
    rows[row].extend([""] * (column + 1 - len(rows[row])))
    rows[row][column] = cell


def _refuse_far_cells(file: str, sheet: str, rows: int, columns: int) -> None:
    if rows * columns > MAX_CELLS:
        raise TableError(f"{file}{'!' if sheet else ''}{sheet}: reaches over {rows} rows x {columns} columns; delete what is not the table")


# -- .xlsx and .ods ----------------------------------------------------------------------------


def _inspect_archive(file: str, content: bytes, footnotes: dict[str, str]) -> dict[int | str, Errors]:
    """Look into an archive; whatever fails in there is one line."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _look_into(file, content, archive, footnotes)
    except TableError:
        raise
    except Exception as error:  # noqa: BLE001 - a broken archive fails in many ways
        raise TableError(f"{file}: is damaged ({error}); {_SAVE_AGAIN}") from None


def _unpack(content: bytes, archive: zipfile.ZipFile, part: str) -> bytes:
    """Return a part of an archive: at once if all is as it should be, else as zipfile has it, with its complaints."""
    member = archive.getinfo(part)
    start = member.header_offset + _LOCAL_HEAD.size
    head = content[member.header_offset:start]
    signature, name_length, extra_length = _LOCAL_HEAD.unpack(head) if len(head) == _LOCAL_HEAD.size else (b"", 0, 0)
    if signature == b"PK\x03\x04" and content[start:start + name_length] == part.encode() and member.compress_type == zipfile.ZIP_DEFLATED:
        start += name_length + extra_length
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        data = inflate.decompress(content[start:start + member.compress_size], member.file_size + 1)
        if inflate.eof and len(data) == member.file_size and zlib.crc32(data) == member.CRC:
            return data
    return archive.read(part)


def _look_into(file: str, content: bytes, archive: zipfile.ZipFile, footnotes: dict[str, str]) -> dict[int | str, Errors]:
    """Bound what an archive unpacks to, and find its error cells, by sheet name."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > _MAX_UNPACKED or len(members) > _MAX_PARTS:
        raise TableError(f"{file}: unpacks to {unpacked >> 20} MB in {len(members)} parts, which no energy balance does; "
                         "delete empty formatted rows and save it again")  # fmt: skip
    if any(member.flag_bits & 1 for member in members):
        raise TableError(f"{file}: is password-protected; save a copy without a password")
    names = {member.filename for member in members}
    if "xl/workbook.xml" in names:
        return _inspect_xlsx(file, names, partial(_unpack, content, archive), footnotes)
    if "content.xml" in names:
        return _inspect_ods(file, names, partial(_unpack, content, archive))
    if "xl/workbook.bin" in names:  # its error cells could not be told from blanks
        raise TableError(f"{file}: is a binary workbook (.xlsb); save it as .xlsx")
    raise TableError(f"{file}: is an archive and no workbook; unpack it and name the tables in it")


_TAG = r"<(?:\w+:)?"
_RELATION = re.compile(_TAG.encode() + rb"Relationship\b[^>]*>")
_SHEET = re.compile(_TAG.encode() + rb"sheet\b[^>]*>")
_CELL = re.compile(_TAG.encode() + rb"c\b([^>]*)>((?:[^<]|<(?!/?(?:\w+:)?c[\s>/]))*)")
_REFERENCE = re.compile(rb'r="([A-Z]{1,3})(\d{1,7})"')  # starts with what a search can skip to
_FAR_ROW = re.compile(rb'r="[A-Z]{1,3}\d{3}')  # 99 rows are few enough whatever their columns: 99 x ZZZ
_VALUE = re.compile(_TAG.encode() + rb"v\b[^>]*>([^<]*)<")
_FORMULA = re.compile(_TAG.encode() + rb"f[\s>/]")


@cache
def _attribute_pattern(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?:\s|:)" + name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def _attribute(name: bytes, tag: bytes) -> bytes:
    found = _attribute_pattern(name).search(tag)
    return (found[1] or found[2] or b"") if found else b""


def _inspect_xlsx(file: str, names: set[str], read: Callable[[str], bytes], footnotes: dict[str, str]) -> dict[int | str, Errors]:
    strings = read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in names else b""
    footnotes |= find_footnotes(strings)
    longest = max(map(len, strings.split(b"</si>")))
    found: dict[int | str, Errors] = {}
    for sheet, part in _parts(read, names):
        xml = read(part)
        if _FAR_ROW.search(xml):
            _refuse_far_cells(file, sheet, *_reach(xml))
        if longest * len(xml) > _MAX_TEXT and longest * (xml.count(b't="s"') + xml.count(b"t='s'")) > _MAX_TEXT:
            raise TableError(f"{file}!{sheet}: holds more text than any table; delete what is not the table")
        if b't="e"' in xml or ((b"<f" in xml or b":f" in xml) and _FORMULA.search(xml)):
            found[sheet] = _xlsx_errors(xml)
    return found


def _parts(read: Callable[[str], bytes], names: set[str]) -> Iterator[tuple[str, str]]:
    """Name the worksheets of a workbook and the part that holds each."""
    relations = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for tag in _RELATION.findall(read("xl/_rels/workbook.xml.rels")):
            target = _attribute(b"Target", tag).decode("utf-8", "replace")
            relations[_attribute(b"Id", tag)] = target[1:] if target.startswith("/") else f"xl/{target}"
    for tag in _SHEET.findall(read("xl/workbook.xml")):
        part = relations.get(_attribute(b"id", tag), "")
        if part in names:
            yield html.unescape(_attribute(b"name", tag).decode("utf-8", "replace")), part


def _reach(xml: bytes) -> tuple[int, int]:
    """Return how many rows and columns the cells of a sheet reach over, in slices, so that a large sheet needs no large list."""
    rows, letters = 0, set()
    for start in range(0, len(xml), _SLICE):
        references = _REFERENCE.findall(xml, start, start + _SLICE + 32)
        rows = max(rows, max(map(int, {row for _, row in references}), default=0))
        letters |= {column for column, _ in references}
    return rows, max(map(_column_number, letters), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _xlsx_errors(xml: bytes) -> Errors:
    found: Errors = {}
    for attributes, inner in _CELL.findall(xml):
        kind = _attribute(b"t", attributes)
        value = _VALUE.search(inner)
        is_uncalculated = bool(_FORMULA.search(inner)) and not (value and value[1]) and kind != b"str"
        place = _REFERENCE.search(attributes)
        if place and (kind == b"e" or is_uncalculated):
            text = value[1].decode("utf-8", "replace") if kind == b"e" and value else _UNCALCULATED
            found[int(place[2]) - 1, _column_number(place[1]) - 1] = html.unescape(text)
    return found


_ODS_TOKEN = re.compile(rb"<table:(table-row|(?:covered-)?table-cell|table)(?=[\s/>])([^>]*)>")
_ODS_TEXT = re.compile(rb"<text:p\b[^>]*>([^<]*)<")


def _inspect_ods(file: str, names: set[str], read: Callable[[str], bytes]) -> dict[int | str, Errors]:
    if "META-INF/manifest.xml" in names and b"encryption-data" in read("META-INF/manifest.xml"):
        raise TableError(f"{file}: is password-protected; save a copy without a password")
    xml = read("content.xml")
    found: dict[int | str, Errors] = {}
    sheet, row, next_row, column, height, width = "", 0, 0, 0, 0, 0
    for token in _ODS_TOKEN.finditer(xml):
        kind, attributes = token[1], token[2]
        if kind == b"table":
            sheet = html.unescape(_attribute(b"name", attributes).decode("utf-8", "replace"))
            row = next_row = column = height = width = 0
        elif kind == b"table-row":
            row, column = next_row, 0
            next_row = row + _repeated(b"number-rows-repeated", attributes)
        else:
            times = _repeated(b"number-columns-repeated", attributes)
            has_content = b"value" in attributes or b"formula" in attributes or xml[token.end():token.end() + 6] == b"<text:"
            if has_content:
                height, width = max(height, next_row), max(width, column + times)
                _refuse_far_cells(file, sheet, height, width)
                if text := _ods_error(attributes, xml[token.end():token.end() + 200]):
                    found.setdefault(sheet, {}).update({(i, j): text for i in range(row, next_row) for j in range(column, column + times)})
            column += times
    return found


def _repeated(name: bytes, attributes: bytes) -> int:
    text = _attribute(name, attributes) if name in attributes else b""
    return max(1, int(text)) if text.isdigit() and len(text) < 12 else 1


def _ods_error(attributes: bytes, following: bytes) -> str:
    """Return what an error cell shows, or "" for any other cell."""
    if b'value-type="error"' in attributes:
        text = _ODS_TEXT.match(following)
        return html.unescape(text[1].decode("utf-8", "replace")) if text and text[1] else "#ERR"
    return _UNCALCULATED if b"formula" in attributes and b"value-type" not in attributes else ""


# -- .xls --------------------------------------------------------------------------------------

# Record types after [MS-XLS] 2.3: those of cells start with row and column.
_BOF, _BOUND_SHEET, _FILE_PASS, _FORMULA_CELL, _BOOL_ERR, _MUL_RK = 0x809, 0x85, 0x2F, 0x06, 0x205, 0xBD
_CELLS = frozenset({_FORMULA_CELL, _BOOL_ERR, _MUL_RK, 0x203, 0x27E, 0xFD, 0x204})
_SST, _DIMENSIONS = 0xFC, 0x200
_SUSPECT = frozenset({_FILE_PASS, _SST, _DIMENSIONS})
_MOST_STRINGS = 2_000_000
_HEAD = struct.Struct("<HHHH").unpack_from
_ERROR_TEXTS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def _inspect_xls(file: str, content: bytes) -> dict[int | str, Errors]:
    """Bound how far the sheets reach, and find their error cells, by number of the sheet."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise TableError(f"{file}: is password-protected; save a copy without a password")
    stream = _xls_stream(content)
    if stream is None:
        raise TableError(f"{file}: is damaged or not a workbook (no workbook stream); {_SAVE_AGAIN}")
    memory, start, end = stream
    numbers: dict[int, int] = {}
    found: dict[int | str, Errors] = {}
    reach: dict[int, tuple[int, int]] = {}
    sheet, at = -1, 0
    position = start
    while position + 8 <= end:
        kind, length, row, column = _HEAD(memory, position)
        record = position + 4
        if kind in _CELLS:
            last = struct.unpack_from("<H", memory, record + length - 2)[0] if kind == _MUL_RK and record + length <= end else column
            height, width = reach.get(at, (0, 0))
            reach[at] = max(height, row + 1), max(width, last + 1)
            if text := _xls_error(memory[position:record + length], kind):
                found.setdefault(sheet, {})[row, column] = text
        elif kind == _BOUND_SHEET:
            numbers[struct.unpack_from("<I", memory, record)[0]] = len(numbers)
        elif kind == _BOF:
            at = position
            sheet = numbers.get(position - start, -1)
        elif kind in _SUSPECT:
            _refuse_record(file, kind, memory[record:record + length])
        position = record + length
    cells = sum(height * width for height, width in reach.values())
    if cells > 2 * MAX_CELLS:
        raise TableError(f"{file}: its sheets reach over {cells} cells; delete what is not the table")
    return found


def _xls_stream(content: bytes) -> tuple[bytes, int, int] | None:
    """Return the stream of a workbook within its compound file."""
    from xlrd.compdoc import CompDoc  # noqa: PLC0415 - only for old workbooks

    try:
        document = CompDoc(content, logfile=io.StringIO(), ignore_workbook_corruption=True)
        for name in ("Workbook", "Book"):
            memory, start, length = document.locate_named_stream(name)
            if memory:
                return bytes(memory), start, min(start + length, len(memory))
    except Exception:  # noqa: BLE001 - a damaged file fails there in many ways
        return None
    return None


def _refuse_record(file: str, kind: int, record: bytes) -> None:
    """Refuse encryption, and a record that promises more rows, columns or strings than any file holds: memory is taken at its word."""
    if kind == _FILE_PASS:
        raise TableError(f"{file}: is password-protected; save a copy without a password")
    if kind == _SST:
        is_false = len(record) < 8 or struct.unpack_from("<I", record, 4)[0] > _MOST_STRINGS
    else:
        shape = "<IIHH" if len(record) >= 12 else "<HHHH"
        top, bottom, left, right = struct.unpack_from(shape, record) if len(record) >= struct.calcsize(shape) else (1, 0, 1, 0)
        is_false = not (top <= bottom <= 65536 and left <= right <= 256)
    if is_false:
        raise TableError(f"{file}: is damaged (a false size); {_SAVE_AGAIN}")


def _xls_error(record: bytes, kind: int) -> str:
    """Return the error that a record holds: a BOOLERR that is no truth value, or a FORMULA whose result is an error."""
    if kind == _BOOL_ERR and len(record) >= 12 and record[11] == 1:
        return _ERROR_TEXTS.get(record[10], "#ERR")
    if kind == _FORMULA_CELL and len(record) >= 18 and record[10] == 2 and record[16:18] == b"\xff\xff":
        return _ERROR_TEXTS.get(record[12], "#ERR")
    return ""
