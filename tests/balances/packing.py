"""The same rows as a file of each kind, made without the programs that usually write them."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlwt.CompoundDoc import XlsDoc

if TYPE_CHECKING:
    from pathlib import Path

Rows = Sequence[Sequence[str | float | None]]
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _binary(kind: int, content: bytes = b"") -> bytes:
    """Return a record of a binary workbook."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(content)
    size = b""
    while length > 0x7F:
        size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
    return head + size + bytes([length]) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_cell(column: int, value: str | float | None) -> bytes:
    """Return the record of a cell; None is the error #DIV/0!."""
    head = struct.pack("<II", column, 0)
    if value is None:
        return _binary(3, head + b"\x07")
    if isinstance(value, str):
        return _binary(6, head + _wide(value))
    return _binary(5, head + struct.pack("<d", value))


def xlsb(path: Path, rows: Rows, *, hidden: bool = False) -> Path:
    """Write a binary workbook of one sheet."""
    reach = struct.pack("<IIII", 0, len(rows), 0, max(map(len, rows)))
    sheet = _binary(129) + _binary(148, reach) + _binary(145)
    for number, row in enumerate(rows):
        sheet += _binary(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0) + b"\0" * 8)
        sheet += b"".join(binary_cell(j, cell) for j, cell in enumerate(row) if cell != "")
    sheet += _binary(146) + _binary(130)
    about = struct.pack("<II", int(hidden), 1) + _wide("rId1") + _wide("S")
    book = (
        _binary(131)
        + _binary(143)
        + _binary(156, about)
        + _binary(144)
        + _binary(157)
        + _binary(132)
    )
    links = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", links)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def old_xls(path: Path, rows: Rows, *, encoding: str = "cp1252") -> Path:
    """Write a workbook as Excel 5 and 95 did: texts of one byte a letter in a stream called Book."""

    def record(kind: int, content: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def start(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHH", 0x500, kind, 0x96C, 1993))

    page = {"cp1252": 1252, "cp936": 936}[encoding]
    sheet = start(0x10) + record(
        0x200, struct.pack("<HHHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    )
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                text = cell.encode(encoding)
                sheet += record(0x204, struct.pack("<HHHH", i, j, 15, len(text)) + text)
            elif not isinstance(cell, str):
                sheet += record(0x203, struct.pack("<HHHd", i, j, 15, cell))
    sheet += record(0x0A)
    styles = b"".join(record(0xE0, bytes(4) + b"\xf5\xff" + bytes(10)) for _ in range(16))
    head = start(5) + record(0x42, struct.pack("<H", page)) + styles
    bound = 4 + 6 + 2
    place = len(head) + bound + 4
    book = head + record(0x85, struct.pack("<IBBB", place, 0, 0, 1) + b"S") + record(0x0A) + sheet
    document = XlsDoc()
    document.save(str(path), book)
    named = {
        name: name.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(name) + 2])
        for name in ("Workbook", "Book")
    }
    path.write_bytes(path.read_bytes().replace(named["Workbook"], named["Book"]))
    return path


def docx(
    path: Path, rows: Rows, *, title: str = "", spans: dict[tuple[int, int], int] | None = None
) -> Path:
    """Write a document with a paragraph and a table; ``spans`` is over how many columns a cell reaches."""

    def cell(text: str | float, width: int) -> str:
        span = f'<w:tcPr><w:gridSpan w:val="{width}"/></w:tcPr>' if width > 1 else ""
        return f"<w:tc>{span}<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    lines = [
        "".join(cell(text, (spans or {}).get((i, j), 1)) for j, text in enumerate(row))
        for i, row in enumerate(rows)
    ]
    table = "".join(f"<w:tr>{line}</w:tr>" for line in lines)
    body = f"<w:p><w:r><w:t>{title}</w:t></w:r></w:p><w:tbl>{table}</w:tbl>"
    return write_docx(path, body)


def write_docx(path: Path, body: str, head: str = "") -> Path:
    """Write a document from the XML of its body."""
    xml = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("word/document.xml", xml)
    return path


def pdf(path: Path, rows: Rows, *, step: int = 90, flush: str = "right", text: bool = True) -> Path:
    """Write a page of text in Helvetica: labels flush left, numbers as told, ``step`` points a column."""
    wide = 5.56  # of a digit, of ten points
    shown = []
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            word = str(cell)
            right = 200 + step * j - len(word) * wide
            x = 30 if j == 0 else right if flush == "right" and i else 205 + step * (j - 1)
            escaped = word.replace("(", "\\(").replace(")", "\\)")
            shown.append(
                f"BT /F1 10 Tf {x:.1f} {700 - 14 * i} Td ({escaped}) Tj ET" if word else ""
            )
    stream = zlib.compress("\n".join(shown if text else []).encode())
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1400 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    content += (
        b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (
            table,
            content.rfind(b"endobj\n") + 7,
        )
    )
    path.write_bytes(content)
    return path


def delimited(rows: Rows, delimiter: str = ",") -> str:
    """Return rows as delimited text."""
    return "".join(delimiter.join(map(str, row)) + "\n" for row in rows)


def gz(path: Path, content: bytes) -> Path:
    """Write a file packed by gzip."""
    path.write_bytes(gzip.compress(content))
    return path


def archive_of(path: Path, **files: bytes) -> Path:
    """Write an archive of files; ``__`` in a name is a dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return path


def jsonstat(
    path: Path,
    dims: dict[str, tuple[str, dict[str, str]]],
    values: dict[tuple[str, ...], float],
    status: dict[tuple[str, ...], str] | None = None,
) -> Path:
    """Write a data set in JSON-stat: of each dim its label and its codes with their labels."""
    names = list(dims)
    sizes = [len(dims[name][1]) for name in names]

    def place(key: tuple[str, ...]) -> str:
        at = 0
        for name, size, code in zip(names, sizes, key, strict=True):
            at = at * size + list(dims[name][1]).index(code)
        return str(at)

    content = {
        "version": "2.0",
        "class": "dataset",
        "id": names,
        "size": sizes,
        "dimension": {
            name: {
                "label": label,
                "category": {"index": {code: n for n, code in enumerate(codes)}, "label": codes},
            }
            for name, (label, codes) in dims.items()
        },
        "value": {place(key): value for key, value in values.items()},
        "status": {place(key): flag for key, flag in (status or {}).items()},
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
