"""One printed cell -> a number, or which kind of nothing it is."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from carbonacct.sheets.marks import mark_status, split_flags
from carbonacct.sheets.raw_sheets import Cell, ErrorCell
from carbonacct.units import INVISIBLE

if TYPE_CHECKING:
    import pandas as pd

# The codes of the status array. NUMBER is 0 so that an array of zeros is all numbers.
NUMBER, ABSENT, BLANK, MARK, NO, NE, NA, IE, C, UNREADABLE = range(10)
STATUS_NAMES = ("number", "absent", "blank", "mark", "NO", "NE", "NA", "IE", "C", "unreadable")
_KEYS = {"NO": NO, "NE": NE, "NA": NA, "IE": IE, "C": C}
# An exponent follows digits: E85 and E10 are fuels.
_NUMBER = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?")
_LONGEST = 200
_BLANKS = "\0 \t\r\n\u3000\xa0"
_ONLY_MARKS = re.compile(r"[①-⑳†‡§¹²³⁴-⁹]+")
# (12.5), and 12.5- as programs for accounts print it
_NEGATIVE = re.compile(r"\((.+)\)|(\d[\d,.]*) ?[-−]")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def read_value(cell: Cell) -> tuple[float, int]:
    """Return the number and the status of a cell; the number is NaN where there is none.

    Parameters
    ----------
    cell
        As a reader gives it. Text may hold full-width digits, thousands separators (``1,234`` or
        ``20 908``), flags and footnotes beside the number, a bracketed or full-width minus.

    Examples
    --------
    >>> read_value("１，２３４．５"), read_value("(12.5)"), read_value("20 908"), read_value("123.4①")
    ((1234.5, 0), (-12.5, 0), (20908.0, 0), (123.4, 0))
    >>> read_value("1,234.5-")
    (-1234.5, 0)
    >>> [STATUS_NAMES[read_value(text)[1]] for text in ("", "－", "NE", "-5,07", "NaN", "#DIV/0!")]
    ['blank', 'mark', 'NE', 'unreadable', 'unreadable', 'unreadable']
    """
    return read_cell(cell)[:2]


def read_cell(cell: Cell) -> tuple[float, int, str]:
    """Return the number and the status of a cell, and the flags beside the number: ``e``, ``*``, a footnote.

    Examples
    --------
    >>> read_cell("300 e"), read_cell("123.4①"), read_cell(300.0)
    ((300.0, 0, 'e'), (123.4, 0, '①'), (300.0, 0, ''))
    """
    if type(cell) is float or type(cell) is int:
        return (float(cell), NUMBER, "") if math.isfinite(cell) else (math.nan, UNREADABLE, "")
    if cell is None or cell == "":
        return math.nan, BLANK, ""
    if isinstance(cell, str):
        return _read_text(cell)
    return math.nan, UNREADABLE, ""  # a date, a truth value or an error cell


@lru_cache(maxsize=65536)
def _read_text(  # noqa: PLR0911 - one way out for each kind of nothing
    text: str,
) -> tuple[float, int, str]:
    if (
        _PLAIN.fullmatch(text) and len(text) < 300
    ):  # most cells of a text file, and no more digits than a float holds
        return float(text), NUMBER, ""
    if len(text) > _LONGEST:
        return math.nan, UNREADABLE if text.strip() else BLANK, ""
    printed_text = INVISIBLE.sub("", text.replace("_x000D_", "")).strip()
    core, flag = split_flags(printed_text)
    word = unicodedata.normalize("NFKC", core).strip()
    word = re.sub(r"^[−﹣‐‑‒–—](?=[\d.(])", "-", word)
    if not word:
        return math.nan, BLANK, ""
    if word in _KEYS:
        return math.nan, _KEYS[word], ""
    if status := mark_status(word):
        return math.nan, STATUS_NAMES.index(status), ""
    if _ONLY_MARKS.fullmatch(printed_text) or set(word) <= {"-", "—", "–", "."}:
        return math.nan, MARK, ""
    if negative := _NEGATIVE.fullmatch(word):
        word = "-" + (negative[1] or negative[2]).strip()
    if re.fullmatch(r"[+-]?\d{1,3}(?:[ '’]\d{3})+(?:\.\d+)?", word):
        word = re.sub("[ '’]", "", word)
    if _NUMBER.fullmatch(word.lower()):
        value = float(word.replace(",", ""))
        return (value, NUMBER, flag) if math.isfinite(value) else (math.nan, UNREADABLE, "")
    return math.nan, UNREADABLE, ""


def to_numbers(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return the numbers of a column of plain cells, NaN where a cell is none; a truth value is none.

    Examples
    --------
    >>> import pandas as pd
    >>> to_numbers(pd.Series([True, 2, "3.5", "three"])).tolist()
    [nan, 2.0, 3.5, nan]
    """
    import pandas as pd  # noqa: PLC0415 - cells are read without it

    if column.dtype == object:  # pandas takes a truth value for 0 or 1
        column = column.mask(column.map(lambda cell: isinstance(cell, bool)))
    return pd.to_numeric(column, errors="coerce")


def is_number(cell: Cell) -> bool:
    """Return whether a cell holds a number."""
    return read_value(cell)[1] == NUMBER


def is_blank(cell: Cell) -> bool:
    """Return whether a cell holds nothing at all."""
    if isinstance(cell, str):
        return not (cell and cell.strip(_BLANKS))
    return cell is None


def printed(cell: Cell) -> str:
    """Return a cell as a person would read it in the print."""
    if isinstance(cell, ErrorCell):
        return cell.text
    return repr(cell) if isinstance(cell, float) else str(cell).strip()
