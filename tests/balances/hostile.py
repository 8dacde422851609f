"""Files made by hand, as no program would write them."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING

import xlwt

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_TYPES = f"""<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""
_LINKS = f"""<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"
 Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""


def xlsx(
    path: Path,
    rows: Iterable[str],
    *,
    head: str = "",
    state: str = "",
    kind: str = "worksheet",
    tail: str = "",
) -> Path:
    """Write a workbook of one sheet from the XML of its rows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _LINKS)
        archive.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0"?>{head}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="S" sheetId="1" r:id="rId1"{state}/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/{kind}" Target="{kind}s/sheet1.xml"/></Relationships>',
        )
        with archive.open(f"xl/{kind}s/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'<?xml version="1.0"?>{head}<{kind} xmlns="{_MAIN}"><sheetData>'.encode())
            for row in rows:
                part.write(row.encode())
            part.write(f"</sheetData>{tail}</{kind}>".encode())
    return path


def cell(reference: str, content: str | float, *, formula: str = "", kind: str = "") -> str:
    """Return the XML of a cell."""
    if isinstance(content, str) and not kind:
        return f'<c r="{reference}" t="inlineStr"><is><t>{content}</t></is></c>'
    value = f"<v>{content}</v>" if content != "" else ""
    kind = f' t="{kind}"' if kind else ""
    formula = f"<f>{formula}</f>" if formula else ""
    return f'<c r="{reference}"{kind}>{formula}{value}</c>'


def table_rows(*, data: str) -> list[str]:
    """Return the rows of a small table whose raw coal cell is ``data``."""
    return [
        f'<row r="1">{cell("A1", "重庆能源平衡表(实物量)-2015")}</row>',
        f'<row r="2">{cell("A2", "项目")}{cell("B2", "原煤(万吨)")}{cell("C2", "焦炭(万吨)")}</row>',
        f'<row r="3">{cell("A3", "工业")}{data}{cell("C3", 2.0)}</row>',
    ]


def ods(path: Path, body: str) -> Path:
    """Write a spreadsheet of one table from the XML of its rows."""
    names = "".join(f' xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content{names} '
            f'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
            f"<office:body><office:spreadsheet><table:table "
            f'table:name="S">{body}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return path


def ods_cell(content: str | float, attributes: str = "") -> str:
    """Return the XML of a cell."""
    kind = (
        f'office:value-type="float" office:value="{content}"'
        if isinstance(content, float)
        else 'office:value-type="string"'
    )
    return f"<table:table-cell {kind}{attributes}><text:p>{content}</text:p></table:table-cell>"


def ods_table(*, data: str) -> str:
    """Return the rows of a small table whose raw coal cell is ``data``."""
    rows = (
        [ods_cell("重庆能源平衡表(实物量)-2015")],
        [ods_cell("项目"), ods_cell("原煤(万吨)"), ods_cell("焦炭(万吨)")],
        [ods_cell("工业"), data, ods_cell(2.0)],
    )
    return "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)


def xls(path: Path, *, data: object = 1.0, far: bool = False) -> Path:
    """Write an old workbook of a small table."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for i, row in enumerate(
        (["重庆能源平衡表(实物量)-2015"], ["项目", "原煤(万吨)", "焦炭(万吨)"], ["工业", data, 2.0])
    ):
        for j, content in enumerate(row):
            sheet.write(i, j, content)
    if far:
        sheet.write(65535, 255, 1.0)
    book.save(str(path))
    return path


def with_password(path: Path) -> Path:
    """Mark an old workbook as encrypted: a FILEPASS record in the place of the CODEPAGE record."""
    content = path.read_bytes()
    record = struct.pack("<HHH", 0x42, 2, 0x04B0)
    assert record in content
    path.write_bytes(content.replace(record, struct.pack("<HHH", 0x2F, 2, 0), 1))
    return path


def encrypted_package(path: Path) -> Path:
    """Write what an encrypted .xlsx is: a compound file with a stream EncryptedPackage."""
    content = xls(path).read_bytes()
    name = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 18)
    secret = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 34)
    assert name in content
    path.write_bytes(content.replace(name, secret, 1))
    return path
