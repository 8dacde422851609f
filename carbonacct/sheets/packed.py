"""Files that are packed (.zip, .gz) -> the sheets of what they hold: a workbook, a document, or tables as files."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from carbonacct.data import MAX_CELLS, MAX_FILE
from carbonacct.errors import Finding, TableError
from carbonacct.sheets.archive import Parts, unbroken
from carbonacct.sheets.raw_sheets import Sheet, read_content
from carbonacct.sheets.text_document import read_document
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Collection

_GZIP = b"\x1f\x8b"
_WORD = "word/document.xml"
_MAX_TABLES = 200
_TABLES = (
    ".csv",
    ".tsv",
    ".txt",
    ".tab",
    ".json",
    ".html",
    ".htm",
    ".xls",
    ".xlsx",
    ".xlsb",
    ".xlsm",
    ".ods",
    ".docx",
    ".pdf",
    ".gz",
)


def read_packed(
    file: str, content: bytes, *, is_packed: bool, named: Collection[str] = ()
) -> list[Sheet]:
    """Return the sheets of a packed file.

    Parameters
    ----------
    file, content
        Its name and what it holds.
    is_packed
        Whether it comes out of a packed file itself; then it must be a workbook or a document.
    named
        Sheets of workbooks that are read though they are hidden.

    Raises
    ------
    TableError
        If it is damaged, packed twice, password-protected, or unpacks to more than any table.
    """
    if content.startswith(_GZIP):
        _refuse_twice(file, is_packed=is_packed)
        name = file.removesuffix(".gz") if file.lower().endswith(".gz") else file
        return read_content(name, _gunzip(file, content), is_packed=True, named=named)
    with unbroken(file):
        parts = Parts(file, content)
        if _WORD in parts:
            return read_document(file, parts.unpack(_WORD))
    if parts.is_workbook:
        from carbonacct.sheets.workbook_files import (  # noqa: PLC0415 - an archive of texts needs none
            read_workbook,
        )

        return read_workbook(file, content, parts, named=named)
    _refuse_twice(file, is_packed=is_packed)
    return _read_members(file, parts, named)


def _refuse_twice(file: str, *, is_packed: bool) -> None:
    if is_packed:
        raise TableError(
            say(
                "{file}: is packed inside a packed file; unpack it and name the tables in it",
                file=file,
            )
        )


def _gunzip(file: str, content: bytes) -> bytes:
    """Unpack a file to at most so much as a plain file may hold; members that follow one another are one file."""
    found, rest = bytearray(), content
    while rest.startswith(_GZIP):
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            found += inflate.decompress(rest, MAX_FILE + 1 - len(found))
        except zlib.error as error:
            raise TableError(
                say("{file}: is damaged ({error}); download it again", file=file, error=error)
            ) from None
        if len(found) > MAX_FILE:
            raise TableError(
                say(
                    "{file}: unpacks to more than {most_megabytes} MB; keep the table alone",
                    file=file,
                    most_megabytes=MAX_FILE >> 20,
                )
            )
        if not inflate.eof:
            raise TableError(
                say("{file}: is damaged (it ends early); download it again", file=file)
            )
        rest = inflate.unused_data
    return bytes(found)


def _read_members(file: str, parts: Parts, named: Collection[str]) -> list[Sheet]:
    """Return the sheets of the tables in an archive; what is no table by its name is listed."""
    members = [name for name in parts.names if not _is_hidden(name)]
    tables = [name for name in members if name.lower().endswith(_TABLES)]
    if not tables:
        raise TableError(
            say(
                "{file}: is an archive that holds no table; unpack it and name the tables in it",
                file=file,
            )
        )
    if len(tables) > _MAX_TABLES:
        raise TableError(
            say(
                "{file}: holds {table_count} files, more than the {max_tables} read at "
                "once; unpack it and name the tables in it",
                file=file,
                table_count=len(tables),
                max_tables=_MAX_TABLES,
            )
        )
    sheets: list[Sheet] = []
    cells = 0
    for name in tables:
        with unbroken(file):
            content = parts.unpack(name)
        read = read_content(f"{file}/{_shown(name)}", content, is_packed=True, named=named)
        cells += sum(len(row) for sheet in read for row in sheet.rows)
        if cells > MAX_CELLS:
            raise TableError(
                say(
                    "{file}: its tables up to {shown} have more than {max_cells} cells; "
                    "unpack it and name some of them",
                    file=file,
                    shown=_shown(name),
                    max_cells=MAX_CELLS,
                )
            )
        sheets += read
    others = [_shown(name) for name in members if name not in tables]
    if others:
        found = Finding(
            "sheet-kind",
            "info",
            say(
                "{other_count} files of the archive are no tables and are not read, such as "
                "{other}",
                other_count=len(others),
                other=others[0],
            ),
            file,
        )
        first = sheets[0]
        sheets[0] = Sheet(
            first.file,
            first.name,
            first.rows,
            first.merged,
            (*first.findings, found),
            first.delimiter,
        )
    return sheets


def _is_hidden(name: str) -> bool:
    """Return whether a part is a folder, or what a system leaves in archives."""
    parts = name.split("/")
    return not parts[-1] or "__MACOSX" in parts or parts[-1].startswith(".")


def _shown(name: str) -> str:
    """Return the name of a part; one that says no encoding may be in GB 18030."""
    try:
        return name.encode("cp437").decode("gb18030") if not name.isascii() else name
    except UnicodeError:
        return name
