"""Old workbooks (.xls): what their sheets would take is bounded, and their error cells are found, from the records."""

from __future__ import annotations

import io
import struct
from collections import Counter
from typing import TYPE_CHECKING

from carbonacct.errors import TableError
from carbonacct.sheets.indents import Indent, read_xls_style
from carbonacct.sheets.raw_sheets import ERROR_TEXTS, SAVE_AGAIN, ErrorRun, Inspected
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xlrd

    from carbonacct.sheets.raw_sheets import Budget, Cell

# Record types after [MS-XLS] 2.3: those of cells start with row and column.
_BOF, _BOUND_SHEET, _FILE_PASS = 0x809, 0x85, 0x2F
_FORMULA_CELL, _BOOL_ERR, _MUL_RK, _LABEL_SST = 0x06, 0x205, 0xBD, 0xFD
_CELLS = frozenset({_FORMULA_CELL, _BOOL_ERR, _MUL_RK, _LABEL_SST, 0x203, 0x27E, 0x204, 0xD6})
_STYLE, _EOF = 0xE0, 0x0A
_CONTINUE = 0x3C
_SST, _DIMENSIONS = 0xFC, 0x200
_SUSPECT = frozenset({_FILE_PASS, _SST, _DIMENSIONS})
_MOST_STRINGS = 2_000_000
_LITTLE_TEXT = 10_000_000
_HEAD = struct.Struct("<HHHH").unpack_from


def inspect_xls(budget: Budget, content: bytes) -> Inspected:
    """Take the cells and shared texts of all sheets from the budget, and find error cells and those set in.

    Both by number of the sheet.

    A workbook of Excel 5 or 95 has texts of one byte a letter, in a code page.

    Raises
    ------
    TableError
        If the workbook is damaged, password-protected, or larger than any table.
    """
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise TableError(
            say("{file}: is password-protected; save a copy without a password", file=budget.file)
        )
    stream = _xls_stream(content)
    if stream is None:
        raise TableError(
            say(
                "{file}: is damaged or not a workbook (no workbook stream); {save_again}",
                file=budget.file,
                save_again=SAVE_AGAIN,
            )
        )
    memory, start, end = stream
    numbers: dict[int, int] = {}
    found: dict[int | str, list[ErrorRun]] = {}
    reach: dict[int, tuple[int, int]] = {}
    sheet, at, texts = -1, 0, 0
    position = start
    while position + 8 <= end:
        kind, length, row, column = _HEAD(memory, position)
        record = position + 4
        if kind in _CELLS:
            is_run = kind == _MUL_RK and record + length <= end
            last = struct.unpack_from("<H", memory, record + length - 2)[0] if is_run else column
            height, width = reach.get(at, (0, 0))
            reach[at] = max(height, row + 1), max(width, last + 1)
            if text := _xls_error(memory[position : record + length], kind):
                budget.take_errors(str(sheet + 1), 1)
                run = ErrorRun(range(row, row + 1), range(column, column + 1), text)
                found.setdefault(sheet, []).append(run)
        elif kind == _BOUND_SHEET:
            numbers[struct.unpack_from("<I", memory, record)[0]] = len(numbers)
        elif kind == _BOF:
            at = position
            sheet = numbers.get(position - start, -1)
        elif kind in _SUSPECT:
            texts = texts or (kind == _SST) * position
            _refuse_record(budget.file, kind, memory[record : record + length])
        position = record + length
    for height, width in reach.values():
        budget.take_cells("", height, width)
    budget.take_text("", _shared_text(budget.file, memory, (start, end), texts))
    is_excel_95 = memory[start + 4 : start + 6] == b"\x00\x05"
    indents = {} if is_excel_95 else _find_indents(memory, (start, end), numbers)
    return Inspected(content, found, indents, is_excel_95=is_excel_95)


def _find_indents(
    memory: bytes, span: tuple[int, int], numbers: Mapping[int, int]
) -> dict[int | str, list[Indent]]:
    """Return the cells whose style sets in, by number of the sheet; Excel 95 had no indents."""
    position, end = span
    levels: list[int] = []  # of each style; all stand before the first sheet
    while position + 8 <= end:
        kind, length, _, _ = _HEAD(memory, position)
        if kind == _STYLE:
            levels.append(read_xls_style(memory[position + 4 : position + 4 + length]))
        position += 4 + length
        if kind == _EOF:
            break
    found: dict[int | str, list[Indent]] = {}
    if not any(levels):
        return found
    sheet = -1
    while position + 10 <= end:
        kind, length, row, column = _HEAD(memory, position)
        if kind == _BOF:
            sheet = numbers.get(position - span[0], -1)
        elif kind in _CELLS and kind != _MUL_RK:
            style = struct.unpack_from("<H", memory, position + 8)[0]
            if style < len(levels) and levels[style]:
                found.setdefault(sheet, []).append(Indent(row, column, levels[style]))
        position += 4 + length
    return found


def read_excel_95(file: str, content: bytes) -> list[tuple[str, bool, list[list[Cell]]]]:
    """Return name, visibility and cells of the sheets of such a workbook.

    Raises
    ------
    TableError
        If it is damaged.
    """
    import xlrd  # noqa: PLC0415 - only for old workbooks

    try:
        with xlrd.open_workbook(file_contents=content, logfile=io.StringIO()) as book:
            return [
                (
                    sheet.name,
                    not sheet.visibility,
                    [list(map(_plain, sheet.row(i))) for i in range(sheet.nrows)],
                )
                for sheet in book.sheets()
            ]
    except Exception as error:  # noqa: BLE001 - a damaged file fails there in many ways
        raise TableError(
            say(
                "{file}: is damaged or not a workbook ({error}); {save_again}",
                file=file,
                error=error,
                save_again=SAVE_AGAIN,
            )
        ) from None


def _plain(cell: xlrd.sheet.Cell) -> Cell:
    """Return the value of a cell; errors are laid over it later."""
    is_text_or_number = cell.ctype in {1, 2, 3}  # 3 is a date, which is a number with a format
    return cell.value if is_text_or_number else bool(cell.value) if cell.ctype == 4 else ""


def _shared_text(file: str, memory: bytes, span: tuple[int, int], position: int) -> int:
    """Return how much text the cells take from the shared texts, or more: each gets a copy."""
    if not position:
        return 0
    used: Counter[int] = Counter()
    start, end = span
    while start + 14 <= end:
        kind, length = struct.unpack_from("<HH", memory, start)
        if kind == _LABEL_SST:
            used[struct.unpack_from("<I", memory, start + 10)[0]] += 1
        start += 4 + length
    parts: list[bytes] = []
    kind, length, *_ = _HEAD(memory, position)
    while kind == _CONTINUE or not parts:
        parts.append(memory[position + 4 : position + 4 + length])
        position += 4 + length
        kind, length = (
            struct.unpack_from("<HH", memory, position) if position + 4 <= len(memory) else (0, 0)
        )
    held, often = sum(map(len, parts)), max(used.values(), default=0)
    if held * often <= _LITTLE_TEXT:
        return held * often
    from xlrd.book import (  # noqa: PLC0415 - only where texts are long and used often
        unpack_SST_table,
    )

    try:
        texts = unpack_SST_table(parts, struct.unpack_from("<I", parts[0], 4)[0])[0]
    except Exception:  # noqa: BLE001 - a damaged table fails in many ways
        raise TableError(
            say("{file}: is damaged (its texts); {save_again}", file=file, save_again=SAVE_AGAIN)
        ) from None
    return sum(len(texts[number]) * times for number, times in used.items() if number < len(texts))


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
    """Refuse encryption, and a record that promises more rows, columns or strings than any file holds.

    Memory is taken at its word.
    """
    if kind == _FILE_PASS:
        raise TableError(
            say("{file}: is password-protected; save a copy without a password", file=file)
        )
    if kind == _SST:
        is_false = len(record) < 8 or struct.unpack_from("<I", record, 4)[0] > _MOST_STRINGS
    else:
        shape = "<IIHH" if len(record) >= 12 else "<HHHH"
        top, bottom, left, right = (
            struct.unpack_from(shape, record)
            if len(record) >= struct.calcsize(shape)
            else (1, 0, 1, 0)
        )
        is_false = not (top <= bottom <= 65536 and left <= right <= 256)
    if is_false:
        raise TableError(
            say("{file}: is damaged (a false size); {save_again}", file=file, save_again=SAVE_AGAIN)
        )


def _xls_error(record: bytes, kind: int) -> str:
    """Return the error that a record holds: a BOOLERR that is no truth value, or a FORMULA whose result is an error."""
    if kind == _BOOL_ERR and len(record) >= 12 and record[11] == 1:
        return ERROR_TEXTS.get(record[10], "#ERR")
    if (
        kind == _FORMULA_CELL
        and len(record) >= 18
        and record[10] == 2
        and record[16:18] == b"\xff\xff"
    ):
        return ERROR_TEXTS.get(record[12], "#ERR")
    return ""
