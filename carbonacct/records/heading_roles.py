"""What a heading says by itself: what its column holds, or a year."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache, lru_cache

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.sheets.marks import split_flags
from carbonacct.units import INVISIBLE

FIRST_YEAR, LAST_YEAR = 1949, 2100
_TOTAL = "total"
_NOT_FINAL = re.compile(  # 2020 provisional
    r"\s*[(]?(?:provisional|preliminary|prelim|revised|estimated?|est)[.]?[)]?$", re.IGNORECASE
)
LAST_MONTH = 12

_YEAR_END = re.compile(
    r"(?P<first>(?:19|20)\d\d)(?:[-/.]12(?:[-/.]31)?|年12月(?:31日)?)(?:[ T]00:00(?::00)?)?"
    r"|(?:12/(?:31/)?|31[/.]12[/.]|Dec(?:ember)?[- ])(?P<last>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")


@cache
def _column_words() -> dict[str, str]:
    rows = read_rows(data_folder() / "vocabulary" / "column_words.csv")
    return {vocabulary.fold(word): row["kind"] for row in rows for word in row["words"].split("|")}


@cache
def total_words() -> frozenset[str]:
    """Return what a row or column is called that holds all others together, folded.

    Examples
    --------
    >>> "合计" in total_words(), "summe" in total_words(), "raw coal" in total_words()
    (True, True, False)
    """
    return frozenset(word for word, kind in _column_words().items() if kind == _TOTAL)


def column_word(text: str) -> str | None:
    """Return what a header says that its column holds (``"area"``, ``"unit"`` ...), or None.

    Examples
    --------
    >>> column_word("地区"), column_word("TIME_PERIOD"), column_word("原煤")
    ('area', 'year', None)
    """
    word = _column_words().get(vocabulary.fold(text))
    return None if word == _TOTAL else word


def heading_of(text: str) -> str | None:
    """Return what a column of a heading holds, also where it is in two languages.

    Examples
    --------
    >>> heading_of("单位 Unit"), heading_of("水泥 Cement")
    ('unit', None)
    """
    words = {column_word(part) for part in vocabulary.split_scripts(vocabulary.fold(text))} - {None}
    return column_word(text) or (words.pop() if len(words) == 1 else None)


def year_of(cell: object) -> int | None:
    """Return the year that a cell is, or None.

    Examples
    --------
    >>> year_of(2007.0), year_of("2012年"), year_of(130.2), year_of("2019-2020")
    (2007, 2012, None, None)
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return int(cell) if FIRST_YEAR <= cell <= LAST_YEAR and cell == cell // 1 else None
    return _year_of_text(cell) if isinstance(cell, str) and 4 <= len(cell) <= 20 else None


@lru_cache(maxsize=65536)
def _year_of_text(cell: str) -> int | None:
    year, _ = split_flags(INVISIBLE.sub("", cell).strip())  # 2022 p
    year = _NOT_FINAL.sub("", year)
    match = re.fullmatch(r"((?:19|20)\d\d)年?(?:\.0)?", unicodedata.normalize("NFKC", year).strip())
    return int(match[1]) if match else None


def end_of_year(cell: object) -> int | None:
    """Return the year whose last day, or last month, a cell names, as exports of annual series date them; or None.

    Examples
    --------
    >>> end_of_year("2015-12-31"), end_of_year("2015年12月"), end_of_year("12/2015"), end_of_year("2015-06-30")
    (2015, 2015, 2015, None)
    """
    if isinstance(cell, date):
        return cell.year if cell.month == LAST_MONTH else None
    match = _YEAR_END.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return int(match["first"] or match["last"]) if match else None


def years_in(text: str) -> list[int]:
    """Return the years that stand in a text.

    Examples
    --------
    >>> years_in("6-22 重庆能源平衡表(实物量)-2007")
    [2007]
    """
    return [int(found) for found in _YEAR.findall(unicodedata.normalize("NFKC", text))]
