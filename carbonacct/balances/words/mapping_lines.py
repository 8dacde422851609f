"""The lines of a mapping file, however a spreadsheet saved it: delimited text of any encoding, or a workbook."""

from __future__ import annotations

import csv
import io
from functools import cache
from typing import TYPE_CHECKING

from carbonacct.data import (
    bound_cells,
    data_folder,
    harmless,
    plain,
    read_regular,
    read_rows,
    shown_name,
)
from carbonacct.errors import TableError
from carbonacct.sheets import values
from carbonacct.sheets.encoding import decode
from carbonacct.sheets.raw_sheets import is_workbook, read_content
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from carbonacct.sheets.raw_sheets import Cell

_DELIMITERS = (",", ";", "\t", "，")  # as spreadsheets write .csv in one country or another
_NEEDED = {"kind", "name"}


def read_mapping_lines(path: Path) -> list[tuple[dict[str, str], int]]:
    """Return the rows of a mapping file with their line numbers; blank lines are none.

    Parameters
    ----------
    path
        Delimited text, or a workbook whose first sheet is read.

    Raises
    ------
    TableError
        If the file cannot be read, or does not start with the names of its columns.
    """
    try:
        content = read_regular(path)
        lines = (
            _read_workbook(shown_name(path), content)
            if is_workbook(content)
            else _read_text(decode(shown_name(path), content))
        )
    except OSError as error:
        raise TableError(
            say(
                "{path}: mapping file cannot be opened ({strerror}); check the path",
                path=path,
                strerror=error.strerror,
            )
        ) from None
    except (TableError, csv.Error) as error:
        raise TableError(
            say(
                "{path}: mapping file cannot be read ({error}); save it as UTF-8 .csv",
                path=path,
                error=error,
            )
        ) from None
    (header, _), *rest = lines or [([], 1)]
    names = [name_as_id(name) for name in header]
    if not _NEEDED.issubset(names):
        raise TableError(
            say(
                "{path}: a mapping file starts with the line kind,name,id,sign,note; seen: "
                "{header}",
                path=shown_name(path),
                header=",".join(header)[:80],
            )
        )
    blank = [""] * len(names)  # of a line that is shorter than the first
    return [(dict(zip(names, cells + blank, strict=False)), number) for cells, number in rest]


def as_comma_text(path: Path) -> str:
    """Return the text of a mapping file with commas between its cells, so that lines can be added.

    Raises
    ------
    TableError
        If it is a workbook, to which no lines are added.
    """
    content = read_regular(path)
    if is_workbook(content):
        raise TableError(
            say(
                "{path}: lines are added to text and not to a workbook; save it as UTF-8 .csv",
                path=shown_name(path),
            )
        )
    text = decode(shown_name(path), content)
    if _find_delimiter(text) == ",":
        return text
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    writer.writerows([harmless(cell) for cell in cells] for cells, _ in _read_text(text))
    return held.getvalue()


def _find_delimiter(text: str) -> str:
    """Return the mark between the names of the columns."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    marks = (mark for mark in _DELIMITERS if _NEEDED.issubset(_names_in(header, mark)))
    return next(marks, ",")


def _read_text(text: str) -> list[tuple[list[str], int]]:
    """Return the lines of delimited text that are not blank."""
    bound_cells(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text))
    lines = (([plain(cell.strip()) for cell in cells], reader.line_num) for cells in reader)
    return [line for line in lines if any(line[0])]


def _names_in(header: str, delimiter: str) -> list[str]:
    return [name_as_id(name.strip(' "')) for name in header.split(delimiter)]


def _read_workbook(name: str, content: bytes) -> list[tuple[list[str], int]]:
    """Return the rows of the first sheet of a workbook that are not blank."""
    rows = read_content(name, content)[0].rows
    lines = (
        ([plain(_printed(cell)) for cell in row], number)
        for number, row in enumerate(rows, start=1)
    )
    return [line for line in lines if any(line[0])]


def _printed(cell: Cell) -> str:
    """Return a cell as text; a sign that a spreadsheet made a number of is -1 and not -1.0."""
    return f"{cell:g}" if isinstance(cell, float) else values.printed(cell)


def name_as_id(word: str) -> str:
    """Return the id of a column or kind of a mapping file that may be written in Chinese.

    Examples
    --------
    >>> name_as_id("项目"), name_as_id("flow"), name_as_id("weather")
    ('flow', 'flow', 'weather')
    """
    return _chinese_words().get(word.strip(), word)


def id_in_chinese(word: str) -> str:
    """Return the first Chinese word for the id of a column or kind of a mapping file; the id itself where it has none.

    Examples
    --------
    >>> id_in_chinese("flow"), id_in_chinese("where")
    ('项目', '位置')
    """
    return next((chinese for chinese, known in _chinese_words().items() if known == word), word)


@cache
def _chinese_words() -> Mapping[str, str]:
    rows = read_rows(data_folder() / "vocabulary" / "mapping_words.csv")
    return {word: row["id"] for row in rows for word in row["zh"].split("|")}
