"""Workbook XML by patterns that never go back: how far sheets reach, repeated text, error cells.

Each pattern takes the text from left to right once, whatever stands there: a tag that never ends
is taken to the end of the text and not tried again at every later place. Quotes in tags count as
the reader of the file formats counts them, so that no cell hides from one of the two.
"""

from __future__ import annotations

import html
import posixpath
import re
import string
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.errors import TableError
from carbonacct.sheets.indents import Indent, find_ods_styles
from carbonacct.sheets.raw_sheets import SAVE_AGAIN, ErrorRun
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.sheets.raw_sheets import Budget

UNCALCULATED = "formula without a stored value"
_MAX_TAGS = 4_000_000
_MAX_NAMED = 200
_SLICE = 2**22
_FEW_CELLS, _SPARSE = 50_000, 8
_LITTLE_TEXT = 20_000
_LETTERS, _DIGITS = string.ascii_uppercase.encode(), string.digits.encode()
_LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}+;?")

_PREFIX = rb"(?:[^\s<>/:!?\"'=]*+:)?"
_ATTRIBUTES = rb"((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+)>?"
_COMMENT = rb"<!--(?:(?!-->)[\s\S])*+"
_END_OF_NAME = rb"(?=[\s/>])"
_RELATION = re.compile(_COMMENT + b"|<" + _PREFIX + b"Relationship" + _END_OF_NAME + _ATTRIBUTES)
_SHEET = re.compile(_COMMENT + b"|<" + _PREFIX + b"sheet" + _END_OF_NAME + _ATTRIBUTES)
_ROW_OR_CELL = re.compile(
    _COMMENT
    + b"|<"
    + _PREFIX
    + b"(row|c)"
    + _END_OF_NAME
    + _ATTRIBUTES
    + b"((?:[^<]++|<(?!/?"
    + _PREFIX
    + rb"(?:c|row)[\s/>]))*+)"
)
_VALUE = re.compile(b"<" + _PREFIX + b"v" + _END_OF_NAME + _ATTRIBUTES + b"([^<]*+)")
_OTHER_CELL = re.compile(rb"<(?:[^\s<>/:!?\"'=]++:c[\s/>]|c[^ \w:.-])")
_FORMULA = re.compile(b"<" + _PREFIX + rb"f[\s/>]")
# Cells as nearly every program writes them; any other spelling takes the long way.
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"')
_PLAIN_STYLE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})" s="(\d{1,6})"')
_ANY_STYLE = re.compile(rb"\ss\s*+=\s*+[\"'](\d{1,6})[\"']")
_NOT_PLAIN = re.compile(rb"<(?:[^\s<>/:!?\"'=]++:[cf][\s/>]|f[\s/>]|c[^ \w:.-])")
# A formula, or a cell or formula with the prefix of its name space: two letters tell it, of which
# one is rare, and that one is found in a tenth of the time.
_TOLD_BY = ((b"f", 1, (b"<f",)), (b":", 0, (b":c", b":f")))
_RARE = 500
_RANGE = re.compile(
    b"(<" + _PREFIX + rb"(?:dimension|mergeCell)\s++ref\s*+=\s*+)(\"[^\"<>]*+\"|'[^'<>]*+')"
)
_MERGED = re.compile(rb"<mergeCells(?:\s[^<>]*+)?>(?:\s*+<mergeCell\s[^<>]*+>)*+\s*+</mergeCells>")
_OPENED = re.compile(rb"<(?:[\w.-]++:)?\Z")  # the tag of the cells, as far as its name
_CELLS = re.compile(rb"[\"'][A-Za-z]{1,3}\d{1,7}(?::[A-Za-z]{1,3}\d{1,7})?[\"']")
_REFERENCE = re.compile(rb"([A-Za-z]{1,3})(\d{1,7})")
_SHARED = re.compile(rb"\"s\"[^<>]*+><v>(\d{1,7})</v>")


@cache
def _attribute_pattern(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?:\s|:)" + name + rb"\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")


def _attribute(name: bytes, tag: bytes) -> bytes:
    found = _attribute_pattern(name).search(tag)
    return (found[1] or found[2] or b"") if found else b""


def unescape(text: str) -> str:
    """Return a text with its character references resolved; numbers of no character are left out.

    Examples
    --------
    >>> unescape("&lt;&#21407;&#x7164;&#99999999999;")
    '<原煤\ufffd'
    """
    return html.unescape(_LONG_NUMBER.sub("\ufffd", text))


def _decode(text: bytes) -> str:
    return unescape(text.decode("utf-8", "replace"))


# -- .xlsx -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Relation:
    """What a part of a workbook is related to: the id, the last word of its type, and the part that it leads to."""

    id: bytes
    kind: str
    part: str


@lru_cache(maxsize=64)
def read_relations(xml: bytes, folder: str) -> tuple[Relation, ...]:
    """Return the relations of a part that lies in a folder: their targets are relative to it, or begin at the root.

    Examples
    --------
    >>> read_relations(b'<Relationship Id="r1" Type="a/styles" Target="./styles.xml"/>', "xl")[0].part
    'xl/styles.xml'
    """
    found = []
    for said in (tag[1] for tag in _RELATION.finditer(xml) if tag[1] is not None):
        target = _attribute(b"Target", said).decode("utf-8", "replace").replace("\\", "/")
        # Some programs write a target from the root without the stroke that says so.
        at_root = target.startswith(("/", f"{folder}/"))
        part = posixpath.normpath(target.lstrip("/") if at_root else f"{folder}/{target}")
        kind = _attribute(b"Type", said).rpartition(b"/")[2].decode("utf-8", "replace")
        found.append(Relation(_attribute(b"Id", said), kind, part.lstrip("/")))
    return tuple(found)


class ListedSheet(NamedTuple):
    """A sheet in the list of a workbook; its part is "" where it leads nowhere."""

    name: str
    part: str
    is_hidden: bool


@lru_cache(maxsize=64)
def read_sheet_list(book: bytes, relations: tuple[Relation, ...]) -> tuple[ListedSheet, ...]:
    """Return the sheets of a workbook in order.

    One program writes the same lists into every workbook of a series.
    """
    targets = {relation.id: relation.part for relation in relations}
    tags = [tag[1] for tag in _SHEET.finditer(book) if tag[1] is not None]
    return tuple(
        ListedSheet(
            name=_decode(_attribute(b"name", tag)),
            part=targets.get(_attribute(b"id", tag), ""),
            is_hidden=b"idden" in _attribute(b"state", tag),
        )
        for tag in tags
    )


def mend_references(xml: bytes) -> bytes:
    """Return a sheet whose extent and merged ranges are cells: programs write whole rows (``1:58``) and columns too.

    The extent is not needed, and a range over whole rows has its text in its first cell. The ranges
    come to stand before the cells: the reader of the format goes through a sheet a second time for
    them, and ends where it has them.

    Examples
    --------
    >>> mend_references(b'<dimension ref="1:58"/><sheetData/><mergeCell ref="A1:C1"/>')
    b'<dimension ref="A1"/><sheetData/><mergeCell ref="A1:C1"/>'
    >>> mend_references(b'<sheetData></sheetData><mergeCells><mergeCell ref="A1:C1"/></mergeCells>')
    b'<mergeCells><mergeCell ref="A1:C1"/></mergeCells><sheetData></sheetData>'
    """
    start, end = xml.find(b"sheetData"), xml.rfind(b"sheetData")
    head, tail = xml[: max(start, 0)], xml[max(end, 0) :]
    mended = [_RANGE.sub(_mend_range, part) for part in (head, tail)]
    mended = _put_merged_first(*mended)
    return xml if mended == [head, tail] else mended[0] + xml[len(head) : max(end, 0)] + mended[1]


def _put_merged_first(head: bytes, tail: bytes) -> list[bytes]:
    """Return what stands around the cells with the merged ranges before them.

    Any other spelling of them stays where it is.
    """
    opened = _OPENED.search(head)
    if opened is None or b"<!" in head or b"<!" in tail:
        return [head, tail]
    block = b"<mergeCells></mergeCells>"
    if b"mergeCell" in tail:
        found = _MERGED.search(tail)
        if found is None or tail.count(b"mergeCells") != found[0].count(b"mergeCells"):
            return [head, tail]
        block, tail = found[0], tail[: found.start()] + tail[found.end() :]
    return [head[: opened.start()] + block + opened[0], tail]


def _mend_range(tag: re.Match[bytes]) -> bytes:
    return tag[0] if _CELLS.fullmatch(tag[2]) else tag[1] + b'"A1"'


def shared_lengths(xml: bytes) -> list[int]:
    """Return how long the texts are at most that cells share by number."""
    return [len(text) for text in xml.split(b"</si>")]


def inspect_sheet(budget: Budget, sheet: str, xml: bytes, lengths: Sequence[int]) -> list[ErrorRun]:
    """Take the cells and the shared texts of a sheet from the budget, and return its error cells."""
    opened = xml.count(b"<c")  # cells, and <cols>, <col>, <cfRule>
    if opened > _MAX_TAGS and (tags := xml.count(b"<c ")) > _MAX_TAGS:
        raise TableError(
            say(
                "{file}!{sheet}: has {tags} cells; delete what is not the table",
                file=budget.file,
                sheet=sheet,
                tags=tags,
            )
        )
    plain, height, width = _reach(xml)
    other = _NOT_PLAIN.search(xml) if _may_be_other(xml, opened, plain) else None
    has_formulas = other is not None and _FORMULA.search(xml, other.start()) is not None
    is_plain = (opened == plain or xml.count(b"<c ") == plain) and (
        other is None or not _OTHER_CELL.search(xml, other.start())
    )
    if not is_plain or (height * width > _FEW_CELLS and height * width > _SPARSE * plain):
        height, width = _reach_of_contents(budget, sheet, xml)
    budget.take_cells(sheet, height, width)
    budget.take_text(sheet, _shared_text(xml, lengths))
    if has_formulas or _count_quoted(b"e", xml):
        return list(_xlsx_errors(budget, sheet, xml))
    return []


def find_indents(budget: Budget, sheet: str, xml: bytes, styles: Mapping[int, int]) -> list[Indent]:
    """Return the cells of a sheet whose style sets in; ``styles`` has the levels of those that do."""
    if not styles:
        return []
    plain = [
        Indent(int(row) - 1, _column_number(letters) - 1, styles[int(style)])
        for letters, row, style in _PLAIN_STYLE.findall(xml)
        if int(style) in styles
    ]
    # Rows and columns have styles too, and some programs write a cell in another way.
    if len(plain) == sum(int(style) in styles for style in _ANY_STYLE.findall(xml)):
        return plain
    found = []
    for row, column, attributes, _ in _cells(budget, sheet, xml):
        style = _attribute(b"s", attributes)
        if style.isdigit() and int(style[:6]) in styles:
            found.append(Indent(row - 1, column - 1, styles[int(style[:6])]))
    return found


def _may_be_other(xml: bytes, opened: int, plain: int) -> bool:
    """Return whether another spelling of a cell, or a formula, may stand beside so many plain cells.

    Told by the letters that each would have.
    """
    if any(_has_pair(xml, rare, place, pairs) for rare, place, pairs in _TOLD_BY):
        return True
    return opened not in {plain, plain + xml.count(b"<co")}  # <cols>, <col>


def _has_pair(xml: bytes, rare: bytes, place: int, pairs: tuple[bytes, ...]) -> bool:
    """Return whether one of some pairs of letters stands in a sheet; each has a rare letter in the same place."""
    at = xml.find(rare)
    for _ in range(_RARE):
        if at < 0 or xml.startswith(pairs, at - place):
            return at >= 0
        at = xml.find(rare, at + 1)
    return any(pair in xml for pair in pairs)


def _count_quoted(word: bytes, xml: bytes) -> int:
    """Return how often a word stands in quotes, of either kind."""
    return xml.count(b'"' + word + b'"') + (xml.count(b"'" + word + b"'") if b"'" in xml else 0)


def _reach(xml: bytes) -> tuple[int, int, int]:
    """Return how many cells stand there in the plain spelling, and how many rows and columns they reach over.

    In slices, so that a large sheet needs no large list.
    """
    count, rows, columns = 0, set[bytes](), set[bytes]()
    start = 0
    while start < len(xml):
        end = xml.find(b"<c ", start + _SLICE)
        end = len(xml) if end < 0 else end
        found = _PLAIN_CELL.findall(xml, start, end)
        count += len(found)
        references = b" ".join(found)
        rows.update(references.translate(None, _LETTERS).split())
        columns.update(references.translate(None, _DIGITS).split())
        start = end
    return count, max(map(int, rows), default=0), max(map(_column_number, columns), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _cells(budget: Budget, sheet: str, xml: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Name row and column of each cell (from 1), its attributes and what it holds.

    One without a reference follows the one before.
    """
    row = column = 0
    for number, token in enumerate(_ROW_OR_CELL.finditer(xml)):
        kind, attributes, inner = token[1], token[2], token[3]
        if kind is None:
            continue
        if number > _MAX_TAGS:
            raise TableError(
                say(
                    "{file}!{sheet}: has more than {max_tags} cells; delete what is not the table",
                    file=budget.file,
                    sheet=sheet,
                    max_tags=_MAX_TAGS,
                )
            )
        reference = _attribute(b"r", attributes)
        if kind == b"row":
            row, column = int(reference) if reference else row + 1, 0
            continue
        column += 1
        at = row
        if reference:
            found = _REFERENCE.fullmatch(reference)
            if not found:
                raise TableError(
                    say(
                        "{file}!{sheet}: is damaged (cell {reference!r}); {save_again}",
                        file=budget.file,
                        sheet=sheet,
                        reference=_decode(reference[:20]),
                        save_again=SAVE_AGAIN,
                    )
                )
            column, at = _column_number(found[1]), int(found[2])
        yield max(at, 1), column, attributes, inner


def _reach_of_contents(budget: Budget, sheet: str, xml: bytes) -> tuple[int, int]:
    """Return how many rows and columns the cells with anything in them reach over."""
    height = width = 0
    for row, column, attributes, _ in _cells(budget, sheet, xml):
        if not attributes.endswith(b"/"):
            height, width = max(height, row), max(width, column)
    return height, width


def _shared_text(xml: bytes, lengths: Sequence[int]) -> int:
    """Return how much text the cells of a sheet take from the shared texts, or more: each gets a copy."""
    count = _count_quoted(b"s", xml)
    longest = max(lengths)
    if count * longest <= _LITTLE_TEXT:
        return count * longest
    found = [int(number[1]) for number in _SHARED.finditer(xml)]
    return (
        sum(lengths[number] for number in found if number < len(lengths))
        + (count - len(found)) * longest
    )


def _xlsx_errors(budget: Budget, sheet: str, xml: bytes) -> Iterator[ErrorRun]:
    for row, column, attributes, inner in _cells(budget, sheet, xml):
        kind = _attribute(b"t", attributes)
        value = _VALUE.search(inner)
        if kind == b"e":
            text = _decode(value[2][:_MAX_NAMED]) if value else UNCALCULATED
        elif kind != b"str" and not (value and value[2]) and _FORMULA.search(inner):
            text = UNCALCULATED
        else:
            continue
        budget.take_errors(sheet, 1)
        yield ErrorRun(range(row - 1, row), range(column - 1, column), text)


# -- .ods --------------------------------------------------------------------------------------

_ODS_TOKEN = re.compile(
    _COMMENT
    + rb"|<table:(table-row|(?:covered-)?table-cell|table)(?=[\s/>])"
    + _ATTRIBUTES
    + rb"((?:[^<]++|<(?!/?table:))*+)"
)
_ODS_TEXT = re.compile(rb"<text:p" + _END_OF_NAME + _ATTRIBUTES + rb"([^<]*+)")


class OdsCells(NamedTuple):
    """The error cells of a spreadsheet, and the labels that their format sets in, by name of the sheet."""

    errors: dict[int | str, list[ErrorRun]]
    indents: dict[int | str, list[Indent]]


def inspect_ods(budget: Budget, xml: bytes) -> OdsCells:
    """Take cells and texts of a spreadsheet from the budget, and return its error cells and those set in."""
    found, indents = OdsCells({}, {}), find_ods_styles(xml)
    sheet = ""
    row = next_row = column = height = width = 0
    for token in _ODS_TOKEN.finditer(xml):
        kind, attributes, inner = token[1], token[2], token[3]
        if kind == b"table":
            budget.take_cells(sheet, height, width)
            sheet = _decode(_attribute(b"name", attributes))
            row = next_row = column = height = width = 0
        elif kind == b"table-row":
            row, column = next_row, 0
            next_row = row + _repeated(b"number-rows-repeated", attributes)
        elif kind is not None:
            times = _repeated(b"number-columns-repeated", attributes)
            if b"value" in attributes or b"formula" in attributes or b"<text:" in inner:
                height, width = max(height, next_row), max(width, column + times)
                budget.check_cells(sheet, height, width)
                count = times * (next_row - row)
                budget.take_text(
                    sheet,
                    (count - 1) * (len(attributes) + len(inner)) if b"string" in attributes else 0,
                )
                if text := _ods_error(attributes, inner):
                    budget.take_errors(sheet, count)
                    run = ErrorRun(range(row, next_row), range(column, column + times), text)
                    found.errors.setdefault(sheet, []).append(run)
                if indents and (levels := indents.get(_attribute(b"style-name", attributes))):
                    one = Indent(row, column, levels)
                    found.indents.setdefault(sheet, []).append(one)
            column += times
    budget.take_cells(sheet, height, width)
    return found


def _repeated(name: bytes, attributes: bytes) -> int:
    text = _attribute(name, attributes) if name in attributes else b""
    return max(1, int(text)) if text.isdigit() and len(text) < 12 else 1


def _ods_error(attributes: bytes, inner: bytes) -> str:
    """Return what an error cell shows, or "" for any other cell."""
    if b'value-type="error"' in attributes:
        text = _ODS_TEXT.match(inner)
        return _decode(text[2][:_MAX_NAMED]) if text and text[2] else "#ERR"
    return UNCALCULATED if b"formula" in attributes and b"value-type" not in attributes else ""
