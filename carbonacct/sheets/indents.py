"""Labels that the format of their cell sets in: the same as blanks before them.

Yearbooks that are typed into workbooks set rows in by the indent of the cell (增加缩进量), others by
blanks before the label. Whoever reads the cells finds blanks, as wide as the indent is shown.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.sheets.raw_sheets import Cell

# "An integer value, where an increment of 1 represents 3 spaces" (ECMA-376-1, 18.8.1, indent).
_BLANKS = 3
_MOST = 15  # levels that an .xls can hold; more is no level of a table
# Spreadsheets write a level of indent as 10 points of left margin into .ods.
_POINTS = 10.0
_POINTS_OF = {b"pt": 1.0, b"in": 72.0, b"cm": 72 / 2.54, b"mm": 72 / 25.4}
# What is set in from the left: without a word texts stand on the left.
_FROM_LEFT = (b"", b"general", b"left", b"start")
_LEFT_IN_XLS = (0, 1)  # general and left, after [MS-XLS], HorizAlign
_STYLE = re.compile(rb"<(?:\w++:)?xf[\s/>]")
_INDENT = re.compile(rb"\sindent\s*+=\s*+[\"'](\d{1,3})[\"']")
_HORIZONTAL = re.compile(rb"\shorizontal\s*+=\s*+[\"'](\w*+)[\"']")
_NAMED_STYLE = re.compile(rb"<style:style\s[^<>]*?style:name=\"([^\"<>]*+)\"[^<>]*+>")
_TEXT_ALIGN = re.compile(rb"\sfo:text-align=\"(\w*+)\"")
_MARGIN = re.compile(rb"\sfo:margin-left=\"(\d{1,5}(?:\.\d{1,9})?)(pt|in|cm|mm)\"")


class Indent(NamedTuple):
    """A cell (row and column, both from 0) that is set in, and by how many levels."""

    row: int
    column: int
    levels: int


@lru_cache(maxsize=8)
def find_styles(xml: bytes) -> dict[int, int]:
    """Return the styles of the cells of an .xlsx that set in from the left, by number, and their levels.

    Examples
    --------
    >>> find_styles(b'<cellXfs><xf/><xf><alignment horizontal="left" indent="2"/></xf></cellXfs>')
    {1: 2}
    """
    start, end = xml.find(b"cellXfs"), xml.rfind(b"cellXfs")
    levels: dict[int, int] = {}
    if b"indent" not in xml or start < 0:
        return levels
    for number, style in enumerate(_STYLE.split(xml[start:end])[1:]):
        indent, horizontal = _INDENT.search(style), _HORIZONTAL.search(style)
        if indent and (horizontal is None or horizontal[1] in _FROM_LEFT):
            levels[number] = min(int(indent[1]), _MOST)
    return {number: level for number, level in levels.items() if level}


def find_ods_styles(xml: bytes) -> dict[bytes, int]:
    """Return the styles of the cells of an .ods that set in, by name, and their levels.

    Examples
    --------
    >>> find_ods_styles(b'<style:style style:name="ce1"><style:p fo:margin-left="0.706cm"/></style:style>')
    {b'ce1': 2}
    """
    levels: dict[bytes, int] = {}
    if b"fo:margin-left" in xml:
        head, _, _ = xml.partition(b"<office:body")
        for style in head.split(b"</style:style>"):
            name, margin = _NAMED_STYLE.search(style), _MARGIN.search(style)
            align = _TEXT_ALIGN.search(style)
            if name and margin and (align is None or align[1] in _FROM_LEFT):
                points = float(margin[1]) * _POINTS_OF[margin[2]]
                levels[name[1]] = min(round(points / _POINTS), _MOST)
    return {name: level for name, level in levels.items() if level}


def read_xls_style(record: bytes) -> int:
    """Return by how many levels a style (XF) of an .xls sets in from the left ([MS-XLS], CellXF).

    Examples
    --------
    >>> read_xls_style(bytes(6) + bytes([1, 0, 2]) + bytes(11))
    2
    """
    is_left = len(record) >= 20 and record[6] & 7 in _LEFT_IN_XLS
    return record[8] & 15 if is_left else 0


def set_in(rows: list[list[Cell]], indents: Iterable[Indent]) -> None:
    """Put the blanks of their indent before texts.

    Examples
    --------
    >>> rows = [["工业", 100.0], ["火力发电", 80.0]]
    >>> set_in(rows, [Indent(1, 0, 1), Indent(1, 1, 1)])
    >>> rows
    [['工业', 100.0], ['   火力发电', 80.0]]
    """
    for row, column, levels in indents:
        if row < len(rows) and column < len(rows[row]):
            cell = rows[row][column]
            if isinstance(cell, str) and cell.strip():
                rows[row][column] = " " * (_BLANKS * levels) + cell
