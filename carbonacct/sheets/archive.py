"""A zip archive with a workbook in it -> an archive of the parts that matter, all of them looked at.

What is looked at is what is read: the reader of the file formats is given the parts as they were
unpacked here and nothing else, so no part can be larger than it says, or be there twice.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from xml.parsers import expat

from carbonacct.errors import TableError
from carbonacct.sheets.binary_workbook import (
    inspect_binary_sheet,
    list_binary_sheets,
    shared_text_lengths,
)
from carbonacct.sheets.indents import find_styles
from carbonacct.sheets.markup import (
    find_indents,
    inspect_ods,
    inspect_sheet,
    mend_references,
    read_relations,
    read_sheet_list,
    shared_lengths,
)
from carbonacct.sheets.raw_sheets import SAVE_AGAIN, Inspected
from carbonacct.sheets.sheet_choice import is_named
from carbonacct.sheets.superscripts import find_footnotes
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from carbonacct.sheets.indents import Indent
    from carbonacct.sheets.markup import Relation
    from carbonacct.sheets.raw_sheets import Budget, ErrorRun

_MAX_UNPACKED = 100 * 2**20
_MAX_PARTS = 10_000
_MAX_SHEETS = 1000
_LOCAL_HEAD = struct.Struct(
    "<4s22xHH"
)  # of a part: signature, and the lengths of the name and what follows it
_TYPES = "[Content_Types].xml"
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TEXTS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_BY_KIND = {"sharedStrings": _TEXTS, "styles": _STYLES}
_HEAD = 1000  # of a part: the name of its first element is in it
_DECLARATION = re.compile(r"^\s*<\?xml[^<>]*>")
_BINARY_BOOK, _BINARY_RELATIONS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
_BINARY_TEXTS, _BINARY_STYLES = "xl/sharedStrings.bin", "xl/styles.bin"
_PACKAGE = "_rels/.rels"
_BOOK_IS_HERE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Target="xl/workbook.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_ODS, _MANIFEST = "content.xml", "META-INF/manifest.xml"


def inspect_archive(
    budget: Budget, content: bytes, parts: Parts | None = None, *, named: Collection[str] = ()
) -> Inspected:
    """Return the archive of the parts that matter, its error cells, cells that are set in, and raised footnotes.

    Whoever has listed its parts already gives them. A hidden sheet matters where it is named.

    Raises
    ------
    TableError
        If it is damaged, no workbook, password-protected, or unpacks to more than any table.
    """
    with unbroken(budget.file):
        parts = parts or Parts(budget.file, content)
        if _BINARY_BOOK in parts:
            return _inspect_xlsb(budget, parts, named)
        if _ODS in parts:
            return _inspect_ods(budget, parts)
        if parts.book:
            return _inspect_xlsx(budget, parts, named)
    raise TableError(
        say(
            "{file}: is an archive and no workbook; unpack it and name the tables in it",
            file=budget.file,
        )
    )


@contextmanager
def unbroken(file: str) -> Iterator[None]:
    """Say of an archive that fails in any of many ways that it is damaged."""
    try:
        yield
    except TableError:
        raise
    except Exception as error:  # noqa: BLE001 - a broken archive fails in many ways
        reason = say(" ({error})", error=error) if str(error) else ""
        raise TableError(
            say(
                "{file}: is damaged{reason}; {save_again}",
                file=file,
                reason=reason,
                save_again=SAVE_AGAIN,
            )
        ) from None


class Parts:
    """The parts of an archive by name, whatever its case; unpacked one by one, and never beyond what they say."""

    def __init__(self, file: str, content: bytes) -> None:
        self._content = content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
        # By what the archive says of itself, before anything is unpacked: it may be a bomb.
        unpacked = sum(member.file_size for member in members)
        if unpacked > _MAX_UNPACKED or len(members) > _MAX_PARTS:
            raise TableError(
                say(
                    "{file}: unpacks to {megabytes} MB in {member_count} parts, which no "
                    "energy balance does; delete empty formatted rows and save it again",
                    file=file,
                    megabytes=unpacked >> 20,
                    member_count=len(members),
                )
            )
        if any(member.flag_bits & 1 for member in members):
            raise TableError(
                say("{file}: is password-protected; save a copy without a password", file=file)
            )
        self._members = {_plain_name(member.filename): member for member in members}

    def __contains__(self, name: str) -> bool:
        """Return whether there is a part of a name."""
        return _plain_name(name) in self._members

    @property
    def names(self) -> list[str]:
        """The names of the parts as they are spelt, in order."""
        return [member.filename for member in self._members.values()]

    @property
    def is_workbook(self) -> bool:
        """Whether the archive is a workbook of one of the kinds that are read."""
        return _BINARY_BOOK in self or _ODS in self or bool(self.book)

    @cached_property
    def book(self) -> str:
        """The part that lists the sheets of an .xlsx, by its usual name or where the archive says; "" without one."""
        if _BOOK in self:
            return _BOOK
        relations = (
            read_relations(self.unpack(_PACKAGE), "") if _PACKAGE in self and _TYPES in self else ()
        )
        found = (one.part for one in relations if one.kind == "officeDocument")
        book = next(found, "")
        return book if book in self and b"workbook" in self.unpack(book)[:_HEAD] else ""

    def unpack(self, name: str) -> bytes:
        """Return a part; an exception if it is not what it says."""
        member = self._members[_plain_name(name)]
        signature, name_length, extra_length = _LOCAL_HEAD.unpack_from(
            self._content, member.header_offset
        )
        start = member.header_offset + _LOCAL_HEAD.size + name_length + extra_length
        packed = self._content[start : start + member.compress_size]
        is_whole = signature == b"PK\x03\x04"
        if member.compress_type == zipfile.ZIP_DEFLATED:
            inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            data = inflate.decompress(packed, member.file_size + 1)
            is_whole &= inflate.eof
        else:
            data = packed
            is_whole &= member.compress_type == zipfile.ZIP_STORED
        if not is_whole or len(data) != member.file_size or zlib.crc32(data) != member.CRC:
            raise ValueError(say("the part {name} is broken", name=name))
        return data


def _inspect_xlsx(budget: Budget, parts: Parts, named: Collection[str]) -> Inspected:
    """Return the workbook with its parts under the names that the reader of the format knows."""
    folder, _, title = parts.book.rpartition("/")
    lists = f"{folder}/_rels/{title}.rels".lstrip("/")
    book = parts.unpack(parts.book)
    relations = read_relations(parts.unpack(lists), folder) if lists in parts else ()
    kept = {_TYPES: parts.unpack(_TYPES)} if _TYPES in parts else {}
    shared = _BY_KIND | {one.kind: one.part for one in relations if one.kind in _BY_KIND}
    kept |= {
        _BY_KIND[kind]: _in_utf8(parts.unpack(part))
        for kind, part in shared.items()
        if part in parts
    }
    listed = read_sheet_list(book, relations)
    _refuse_many(budget.file, len(listed))
    lengths = shared_lengths(kept.get(_TEXTS, b""))
    styles = find_styles(kept.get(_STYLES, b""))
    errors: dict[int | str, list[ErrorRun]] = {}
    indents: dict[int | str, list[Indent]] = {}
    for number, (sheet, part, is_hidden) in enumerate(listed):
        if is_hidden and not is_named(sheet, named):
            continue
        usual = _usual_name(part)
        if part in parts and usual not in kept:
            kept[usual] = mend_references(_in_utf8(parts.unpack(part)))
        if usual in kept:
            errors[number] = inspect_sheet(budget, sheet, kept[usual], lengths)
            indents[number] = find_indents(budget, sheet, kept[usual], styles)
    kept |= {_BOOK: book, _RELATIONS: _list_relations(relations), _PACKAGE: _BOOK_IS_HERE}
    return Inspected(_pack(kept), errors, indents, find_footnotes(kept.get(_TEXTS, b"")))


def _plain_name(name: str) -> str:
    """Return the name of a part as programs may write it: in any case, from the root or not, with any strokes."""
    return name.lower().replace("\\", "/").lstrip("/")


def _usual_name(part: str) -> str:
    return part if not part or part.startswith("xl/") else f"xl/{part}"


def _in_utf8(xml: bytes) -> bytes:
    """Return a part in UTF-8: UTF-16 is the other encoding of a workbook's parts."""
    if not xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        return xml
    return _DECLARATION.sub("", xml.decode("utf-16")).encode()


@lru_cache(maxsize=64)
def _list_relations(relations: tuple[Relation, ...]) -> bytes:
    """Return the list that leads to the parts under their usual names."""
    lines = b"".join(
        b'<Relationship Id="%b" Type="%b" Target="/%b"/>'
        % tuple(
            value.replace(b'"', b"&quot;")
            for value in (one.id, one.kind.encode(), _usual_name(one.part).encode())
        )
        for one in relations
    )
    return b"<Relationships>" + lines + b"</Relationships>"


def _inspect_xlsb(budget: Budget, parts: Parts, named: Collection[str]) -> Inspected:
    names = (_TYPES, _BINARY_BOOK, _BINARY_RELATIONS, _BINARY_TEXTS, _BINARY_STYLES)
    kept = {name: parts.unpack(name) for name in names if name in parts}
    listed = list_binary_sheets(kept[_BINARY_BOOK], kept.get(_BINARY_RELATIONS, b""))
    _refuse_many(budget.file, len(listed))
    lengths = shared_text_lengths(kept.get(_BINARY_TEXTS, b""))
    errors: dict[int | str, list[ErrorRun]] = {}
    for number, (sheet, part, is_hidden) in enumerate(listed):
        if part in parts and (not is_hidden or is_named(sheet, named)):
            kept[part] = parts.unpack(part)
            errors[number] = inspect_binary_sheet(budget, sheet, kept[part], lengths)
    return Inspected(_pack(kept), errors)


def _refuse_many(file: str, sheets: int) -> None:
    if sheets > _MAX_SHEETS:
        raise TableError(
            say(
                "{file}: has {sheets} sheets, more than the {max_sheets} read here; keep "
                "the tables alone",
                file=file,
                sheets=sheets,
                max_sheets=_MAX_SHEETS,
            )
        )


def _inspect_ods(budget: Budget, parts: Parts) -> Inspected:
    kept = {name: parts.unpack(name) for name in ("mimetype", _MANIFEST) if name in parts}
    if b"encryption-data" in kept.get(_MANIFEST, b""):
        raise TableError(
            say("{file}: is password-protected; save a copy without a password", file=budget.file)
        )
    kept[_ODS] = parts.unpack(_ODS)
    _refuse_broken(kept[_ODS])
    return Inspected(_pack(kept), *inspect_ods(budget, kept[_ODS]))


def _refuse_broken(xml: bytes) -> None:
    """Raise where a part is no XML: the reader of the format looks for the end of an open table for ever."""
    # An entity can stand for a billion others; no workbook has one.
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entity
    parser.Parse(xml, True)  # noqa: FBT003 - its only spelling


def _refuse_entity(name: str, *_about: object) -> None:
    raise ValueError(say("it declares an entity {name}", name=name))


def _pack(parts: dict[str, bytes]) -> bytes:
    """Return an archive of parts, not compressed.

    Written here because `zipfile` takes longer than reading the workbook.
    """
    packed, directory = bytearray(), bytearray()
    for name, data in parts.items():
        title = name.encode()
        about = struct.pack(
            "<5H3L2H", 20, 0x800, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(title), 0
        )
        directory += (
            b"PK\x01\x02\x14\x00" + about + struct.pack("<3H2L", 0, 0, 0, 0, len(packed)) + title
        )
        packed += b"PK\x03\x04" + about + title + data
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory), len(packed), 0
    )
    return bytes(packed + directory + end)
