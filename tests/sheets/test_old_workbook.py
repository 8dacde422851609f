"""Records of old workbooks, written by hand after [MS-XLS] 2.4: type, length, content."""

from __future__ import annotations

import struct

import pytest
from xlwt.CompoundDoc import XlsDoc

from carbonacct.errors import TableError
from carbonacct.sheets import old_workbook, raw_sheets
from carbonacct.sheets.old_workbook import inspect_xls
from carbonacct.sheets.raw_sheets import Budget, ErrorRun

EXCEL_97, EXCEL_95 = 0x600, 0x500


def record(kind: int, content: bytes = b"") -> bytes:
    """Return a record."""
    return struct.pack("<HH", kind, len(content)) + content


def start(version: int = EXCEL_97, kind: int = 0x10) -> bytes:
    """Return the first record of a book or of a sheet."""
    return record(0x809, struct.pack("<HHHHII", version, kind, 0, 0, 0, 0))


def cell(row: int, column: int, content: bytes = bytes(8), kind: int = 0x203) -> bytes:
    """Return a cell: row, column, style, content; a number unless told."""
    return record(kind, struct.pack("<HHH", row, column, 15) + content)


def boolean(row: int, column: int, value: int, *, is_error: int) -> bytes:
    """Return a truth value or an error."""
    return cell(row, column, bytes([value, is_error]), 0x205)


def formula(row: int, column: int, result: bytes) -> bytes:
    """Return a formula with its result of eight bytes."""
    return cell(row, column, result + bytes(8), 0x06)


def texts(*parts: str, told: int | None = None) -> bytes:
    """Return the texts that cells share, of one byte a letter."""
    inner = b"".join(struct.pack("<HB", len(part), 0) + part.encode("latin-1") for part in parts)
    return record(
        0xFC, struct.pack("<II", len(parts), len(parts) if told is None else told) + inner
    )


def shared(row: int, column: int, number: int) -> bytes:
    """Return a cell with a text by its number."""
    return cell(row, column, struct.pack("<I", number), 0xFD)


def book(tmp_path, *sheets: bytes, head: bytes = b"", version: int = EXCEL_97) -> bytes:
    """Return a workbook of sheets, each listed with its place in the stream."""
    bound = [record(0x85, struct.pack("<IBBB", 0, 0, 0, 1) + b"\0S") for _ in sheets]
    begin = start(version, 5) + head
    at = len(begin) + sum(map(len, bound)) + 4
    listed = b""
    for sheet in sheets:
        listed += record(0x85, struct.pack("<IBBB", at, 0, 0, 1) + b"\0S")
        at += len(start()) + len(sheet) + 4
    stream = (
        begin
        + listed
        + record(0x0A)
        + b"".join(start(version) + sheet + record(0x0A) for sheet in sheets)
    )
    path = tmp_path / "book.xls"
    XlsDoc().save(str(path), stream)
    return path.read_bytes()


def test_errors_are_told_by_the_number_of_their_sheet(tmp_path):
    """Of constants and of formulas; truth values, numbers and formulas of text or numbers are none."""
    first = boolean(2, 1, 0x07, is_error=1) + boolean(2, 2, 1, is_error=0) + cell(3, 0)
    second = formula(0, 4, b"\x02\0\x2a\0\0\0\xff\xff") + formula(1, 4, b"\x01\0\x2a\0\0\0\xff\xff")
    second += formula(2, 4, b"\x02\0\x2a\0\0\0\0\0") + formula(5, 0, b"\x02\0\x01\0\0\0\xff\xff")
    inspected = inspect_xls(Budget("a.xls"), book(tmp_path, first, second))
    assert inspected.errors == {
        0: [ErrorRun(range(2, 3), range(1, 2), "#DIV/0!")],
        1: [ErrorRun(range(1), range(4, 5), "#N/A"), ErrorRun(range(5, 6), range(1), "#ERR")],
    }
    assert not inspected.is_excel_95


def test_the_version_tells_whether_texts_have_a_code_page(tmp_path):
    """Those of Excel 5 and 95 do."""
    assert inspect_xls(Budget("a.xls"), book(tmp_path, cell(0, 0), version=EXCEL_95)).is_excel_95


@pytest.mark.parametrize(("most", "fits"), [(6 * 3 + 2 * 8, True), (6 * 3 + 2 * 8 - 1, False)])
def test_the_cells_of_all_sheets_are_taken_together(tmp_path, monkeypatch, most, fits):
    """As far as the last of each reaches; several numbers in one record reach to the last of them."""
    monkeypatch.setattr(raw_sheets, "MAX_CELLS", most)
    several = record(0xBD, struct.pack("<HH", 1, 3) + bytes(6 * 5) + struct.pack("<H", 7))
    content = book(tmp_path, cell(5, 0) + cell(0, 2) + cell(1, 1), several)
    if fits:
        assert inspect_xls(Budget("a.xls"), content).errors == {}
    else:
        with pytest.raises(TableError, match="reach over more than"):
            inspect_xls(Budget("a.xls"), content)


@pytest.mark.parametrize(
    ("kind", "is_cell"),
    [(kind, True) for kind in (0x06, 0x205, 0xFD, 0x203, 0x27E, 0x204, 0xD6)]
    + [(0x201, False), (0x55, False)],
)
def test_records_of_all_kinds_of_cells_reach_as_far_as_they_stand(
    tmp_path, monkeypatch, kind, is_cell
):
    """Formulas, errors, numbers, texts of any kind; a blank with a format is none, nor are widths."""
    monkeypatch.setattr(raw_sheets, "MAX_CELLS", 11)
    content = book(tmp_path, cell(2, 3, bytes(20), kind))
    if is_cell:
        with pytest.raises(TableError, match="reaches over 3 rows x 4 columns"):
            inspect_xls(Budget("a.xls"), content)
    else:
        assert inspect_xls(Budget("a.xls"), content).errors == {}


@pytest.mark.parametrize("little", [10**7, 0])  # by a bound alone, or by the texts themselves
def test_a_text_that_cells_share_is_taken_by_each(tmp_path, monkeypatch, little):
    """Two cells hold one of ten letters and two one of five; a number of no text takes none."""
    monkeypatch.setattr(old_workbook, "_LITTLE_TEXT", little)
    cells = shared(0, 0, 0) + shared(0, 1, 1) + shared(1, 0, 0) + shared(1, 1, 1)
    content = book(tmp_path, cells + shared(1, 2, 9) * (not little), head=texts("a" * 10, "b" * 5))
    held = (
        2 * (8 + 3 + 10 + 3 + 5) if little else 30
    )  # the bound: all that the record holds, as often as any is used
    monkeypatch.setattr(raw_sheets, "_MAX_COPIED", held)
    assert inspect_xls(Budget("a.xls"), content).errors == {}
    monkeypatch.setattr(raw_sheets, "_MAX_COPIED", held - 1)
    with pytest.raises(TableError, match="holds more text than any table"):
        inspect_xls(Budget("a.xls"), content)


def test_texts_go_on_in_the_next_records(tmp_path, monkeypatch):
    """Those that say so belong to the texts, and no others."""
    monkeypatch.setattr(old_workbook, "_LITTLE_TEXT", 0)
    whole = texts("a" * 10, "b" * 5)
    split = record(0xFC, whole[4:22]) + record(0x3C, b"\0" + whole[22:]) + record(0x3D, b"x" * 50)
    content = book(tmp_path, shared(0, 0, 0) + shared(0, 1, 1), head=split)
    monkeypatch.setattr(raw_sheets, "_MAX_COPIED", 15)
    assert inspect_xls(Budget("a.xls"), content).errors == {}
    monkeypatch.setattr(raw_sheets, "_MAX_COPIED", 14)
    with pytest.raises(TableError, match="holds more text than any table"):
        inspect_xls(Budget("a.xls"), content)
    damaged = book(tmp_path, shared(0, 0, 0), head=texts("a" * 10, told=7))
    with pytest.raises(TableError, match=r"a\.xls: is damaged \(its texts\)"):
        inspect_xls(Budget("a.xls"), damaged)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (record(0x2F, bytes(6)), "is password-protected"),
        (texts("a", told=4), "a false size"),
        (record(0xFC, bytes(7)), "a false size"),
        (record(0x200, struct.pack("<IIHHH", 0, 65537, 0, 1, 0)), "a false size"),
        (record(0x200, struct.pack("<IIHHH", 2, 1, 0, 1, 0)), "a false size"),
        (record(0x200, struct.pack("<IIHHH", 0, 1, 0, 257, 0)), "a false size"),
        (record(0x200, struct.pack("<IIHHH", 0, 1, 2, 1, 0)), "a false size"),
        (record(0x200, struct.pack("<HHHHH", 2, 1, 0, 1, 0)), "a false size"),
        (record(0x200, bytes(7)), "a false size"),
        (texts("a", told=3), ""),
        (record(0xFC, bytes(8)), ""),
        (record(0x200, struct.pack("<IIHHH", 0, 65536, 0, 256, 0)), ""),
        (record(0x200, struct.pack("<IIHHH", 1, 1, 2, 2, 0)), ""),
        (record(0x200, struct.pack("<IIHH", 0, 9, 0, 9)), ""),
        (record(0x200, struct.pack("<HHHHH", 1, 1, 2, 2, 0)), ""),
        (record(0x200, bytes(8)), ""),
        (record(0x20, b"\xff" * 12), ""),
    ],
    ids=lambda value: value.hex() if isinstance(value, bytes) else value or "read",
)
def test_what_promises_more_than_any_file_holds_is_refused(tmp_path, monkeypatch, head, message):
    """Memory would be taken at its word; as much as a sheet of that time has is read."""
    monkeypatch.setattr(old_workbook, "_MOST_STRINGS", 3)
    content = book(tmp_path, cell(0, 0), head=head)
    if message:
        with pytest.raises(TableError, match=rf"a\.xls: .*{message}.*; (open|save) "):
            inspect_xls(Budget("a.xls"), content)
    else:
        assert inspect_xls(Budget("a.xls"), content).errors == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x" * 600, "no workbook stream"),
        (
            b"x" * 300 + "EncryptedPackage".encode("utf-16-le"),
            "is password-protected; save a copy without a password",
        ),
    ],
)
def test_what_holds_no_workbook_is_refused(content, message):
    """Or holds it under a password."""
    with pytest.raises(TableError, match=rf"a\.xls: .*{message}"):
        inspect_xls(Budget("a.xls"), content)


def test_errors_beyond_any_table_are_refused(tmp_path, monkeypatch):
    """Each counts one, over all sheets."""
    monkeypatch.setattr(raw_sheets, "_MAX_ERRORS", 2)
    error = boolean(0, 0, 7, is_error=1)
    assert len(inspect_xls(Budget("a.xls"), book(tmp_path, error, error)).errors) == 2
    with pytest.raises(TableError, match="more than 2 cells are errors"):
        inspect_xls(Budget("a.xls"), book(tmp_path, error * 2, error))
