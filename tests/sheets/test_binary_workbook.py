"""Records of binary workbooks after [MS-XLSB] 2.1.4: type and length of 7 bits a byte, then content."""

from __future__ import annotations

import struct

import pytest

from carbonacct.errors import TableError
from carbonacct.sheets import raw_sheets
from carbonacct.sheets.binary_workbook import (
    inspect_binary_sheet,
    list_binary_sheets,
    shared_text_lengths,
)
from carbonacct.sheets.raw_sheets import Budget, ErrorRun

NUMBER, ERROR, SHARED, FORMULA_ERROR, ROW, TEXT, BEYOND = 5, 3, 7, 11, 0, 19, 12


def record(kind: int, content: bytes, *, length: bytes = b"") -> bytes:
    """Return a record; a type above 127 takes two bytes."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    sized = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    return head + (length or sized) + content


def row(number: int) -> bytes:
    """Return the head of a row."""
    return record(ROW, struct.pack("<I", number) + bytes(20))


def cell(kind: int, column: int, content: bytes = b"") -> bytes:
    """Return a cell: its column, its style, what it holds."""
    return record(kind, struct.pack("<II", column, 0) + content)


def wide(text: str) -> bytes:
    """Return a text behind its length."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def test_errors_are_told_with_their_cells():
    """Of a constant and of a formula; numbers, texts and records of other types are none."""
    part = row(2) + cell(NUMBER, 0, bytes(8)) + cell(ERROR, 1, b"\x07") + row(4)
    part += (
        cell(FORMULA_ERROR, 0, b"\x2a")
        + cell(FORMULA_ERROR, 3, b"\x01")
        + cell(BEYOND, 900, b"\x07")
    )
    assert inspect_binary_sheet(Budget("a.xlsb"), "S", part, []) == [
        ErrorRun(range(2, 3), range(1, 2), "#DIV/0!"),
        ErrorRun(range(4, 5), range(1), "#N/A"),
        ErrorRun(range(4, 5), range(3, 4), "#ERR"),
    ]


@pytest.mark.parametrize(("most", "fits"), [(20, True), (19, False)])
def test_a_sheet_takes_the_cells_from_its_first_row_and_column_to_the_last(monkeypatch, most, fits):
    """Five rows and four columns here, whatever stands in them; one less is too few."""
    monkeypatch.setattr(raw_sheets, "MAX_CELLS", most)
    part = row(1) + cell(NUMBER, 3, bytes(8)) + row(4) + cell(NUMBER, 0, bytes(8)) + row(9)
    if fits:
        assert inspect_binary_sheet(Budget("a.xlsb"), "S", part, []) == []
    else:
        with pytest.raises(TableError, match=r"a\.xlsb!S: reaches over 5 rows x 4 columns"):
            inspect_binary_sheet(Budget("a.xlsb"), "S", part, [])


@pytest.mark.parametrize(("most", "fits"), [(30, True), (29, False)])
def test_a_text_that_cells_share_is_taken_by_each(monkeypatch, most, fits):
    """Two cells hold one of ten letters and two one of five; a number of no text takes none."""
    monkeypatch.setattr(raw_sheets, "_MAX_COPIED", most)
    texts = (
        record(159, b"")
        + record(TEXT, b"\0" + wide("a" * 10))
        + record(TEXT, b"\0" + wide("b" * 5))
    )
    lengths = shared_text_lengths(texts)
    assert lengths == [10, 5]
    part = row(0) + b"".join(
        cell(SHARED, n, struct.pack("<I", text)) for n, text in enumerate((0, 1, 0, 1, 2))
    )
    if fits:
        assert inspect_binary_sheet(Budget("a.xlsb"), "S", part, lengths) == []
    else:
        with pytest.raises(TableError, match=r"a\.xlsb!S: holds more text than any table"):
            inspect_binary_sheet(Budget("a.xlsb"), "S", part, lengths)


def test_sheets_are_listed_in_order_with_the_parts_they_lead_to():
    """By the id of their relation; one that leads nowhere has no part, and a name is cut at 255 letters."""
    about = [(0, "rId1", "Balance"), (1, "rId2", "隐藏"), (2, "rId9", "n" * 300)]
    book = record(131, b"") + b"".join(
        record(156, struct.pack("<II", hidden, 7) + wide(part) + wide(name))
        for hidden, part, name in about
    )
    relations = b'<Relationship Id="rId1" Target="worksheets/a.bin"/><Relationship Id="rId2" Target="/xl/b.bin"/>'
    assert [tuple(sheet) for sheet in list_binary_sheets(book, relations)] == [
        ("Balance", "xl/worksheets/a.bin", False),
        ("隐藏", "xl/b.bin", True),
        ("n" * 255, "", True),
    ]


def test_lengths_take_up_to_four_bytes():
    """Seven bits each, the low ones first; the fourth ends it whatever it says."""
    long = record(TEXT, b"\0" + wide("a" * 300))
    assert shared_text_lengths(long) == [300]
    padded = record(TEXT, b"\0" + wide("a"), length=b"\x87\x80\x80\x80")
    assert shared_text_lengths(padded + long) == [1, 300]
    assert shared_text_lengths(
        record(200 + 19, b"") + record(TEXT | 0x80, b"\0" + wide("no")) + long
    ) == [300]


@pytest.mark.parametrize(
    "part", [record(TEXT, b"\0" + wide("ab"))[:-1], b"\x13\x05abc", b"\x13", b"\x93", b"\x13\x80"]
)
def test_a_record_that_is_cut_is_an_error(part):
    """What reaches beyond the end says so or stops."""
    with pytest.raises((ValueError, IndexError)):
        shared_text_lengths(part)
    assert shared_text_lengths(record(TEXT, b"\0" + wide("ab"))) == [2]
