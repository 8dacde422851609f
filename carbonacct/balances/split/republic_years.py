"""Years of the Republic of China without 民國 (110年 is 2021): written out in tables of Taiwan, elsewhere asked."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.characters import simplify
from carbonacct.errors import Finding, TableError, name_some
from carbonacct.records.heading_roles import column_word
from carbonacct.sheets.raw_sheets import HEAD_ROWS
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.sheets.raw_sheets import Cell, Sheet

_ERA = "民國"
_FIRST = 1911  # 民國1年 is 1912
_YEAR = re.compile(r"\s*(?P<year>\d{2,3})\s*年度?\s*")  # 110年, 99 年度
_IN_TITLE = re.compile(
    r"(?<![\d國国])(?<!民[國国] )(?P<year>\d{2,3})(?=\s*年度?(?![\d前間间期來来]))"
)
_YEARS = range(50, 151)  # of statistics of energy: 1961 to 2061
_CHINESE = re.compile(r"[\u3400-\u9fff]")
# Who publishes tables of Taiwan without its name.
_PUBLISHERS = re.compile(
    r"[臺台]灣|[臺台]湾|中[華华]民[國国]|民[國国]\d|[臺台]電|中油|經濟部能源(?:署|局)|主計總?處|Taiwan",
    re.IGNORECASE,
)
_SEVERAL = 2
_Place = tuple[int, int]


def write_out_years(sheet: Sheet, area: str | None) -> Sheet:
    """Return a sheet whose years of the Republic say so, with a finding; the sheet itself where it has none.

    Parameters
    ----------
    sheet
        Cells in columns.
    area
        Name of the area, over what the sheet says.

    Raises
    ------
    TableError
        If years may be of the Republic (consecutive, in traditional characters), and nothing says
        that the table is of Taiwan.
    """
    if not any(map(_may_be_year, sheet.head_texts)):
        return sheet
    places = {**_find_in_lines(sheet.rows), **_find_in_lines(sheet.rows, down=True)}
    texts = list(dict.fromkeys([*sheet.list_texts(), sheet.name, sheet.file]))
    is_of_taiwan = _is_of_taiwan([area] if area else texts) or _is_of_taiwan(texts)
    titles = _find_titles(sheet.rows, places) if is_of_taiwan else {}
    if not places and not titles:
        return sheet
    named = [f"{sheet.rows[i][j]}".strip() for i, j in sorted({**places, **titles})]
    first = min({**places, **titles})
    if not is_of_taiwan:
        if not any(simplify(text) != text for text in texts):
            return sheet
        raise TableError(
            say(
                "{where}: {named} may be years of the Republic of China ({era}110年 is 2021), and nothing says "
                "that the table is of Taiwan: pass --area with the name of its place there, or write "
                "{era} before the first year",
                where=sheet.address(*first),
                named=name_some(list(dict.fromkeys(named)), 3),
                era=_ERA,
            )
        )
    rows = [list(row) for row in sheet.rows]
    for (i, j), year in places.items():
        rows[i][j] = f"{_ERA}{year}年"
    for (i, j), text in titles.items():
        rows[i][j] = text
    years = sorted(places.values()) or sorted(_years_of(titles))
    finding = Finding(
        "years-of-the-republic",
        "info",
        say(
            "{named}: years of the Republic of China, {first} to {last}",
            named=name_some(list(dict.fromkeys(named)), 3),
            first=_FIRST + years[0],
            last=_FIRST + years[-1],
        )
        if years[0] != years[-1]
        else say(
            "{named}: a year of the Republic of China, {first}",
            named=named[0],
            first=_FIRST + years[0],
        ),
        sheet.address(*first),
        "",
    )
    return replace(sheet, rows=rows, findings=(*sheet.findings, finding))


@lru_cache(maxsize=65536)
def _may_be_year(text: str) -> bool:
    """Return whether a text holds a year of two or three digits, or is a head of years."""
    return bool(_IN_TITLE.search(text)) or column_word(text) == "year"


def _year_in(cell: Cell, *, below_years: bool) -> int | None:
    """Return the year of the Republic that a cell may be: 110年, or 110 in a column of years."""
    if isinstance(cell, str) and (found := _YEAR.fullmatch(cell)):
        year = int(found["year"])
    elif below_years and re.fullmatch(r"\d{2,3}(?:\.0)?", str(cell).strip()):
        year = int(float(str(cell)))
    else:
        return None
    return year if year in _YEARS else None


def _find_in_lines(rows: Sequence[Sequence[Cell]], *, down: bool = False) -> dict[_Place, int]:
    """Return the years of a row, or of a column, that follow one another, where several do."""
    lines = _list_columns(rows) if down else _list_rows(rows)
    found: dict[_Place, int] = {}
    for line in lines:
        years: dict[_Place, int] = {}
        below_years = False
        for i, j in line:
            cell = rows[i][j]
            below_years |= down and isinstance(cell, str) and column_word(cell) == "year"
            if year := _year_in(cell, below_years=below_years):
                years[i, j] = year
        in_order = list(dict.fromkeys(years.values()))
        steps = {abs(b - a) for a, b in pairwise(in_order)}
        if len(in_order) >= _SEVERAL and steps == {1}:
            found |= years
    return found


def _list_rows(rows: Sequence[Sequence[Cell]]) -> Iterator[list[_Place]]:
    """Yield the places of each row, of a sheet in which a text may be a year."""
    texts = {cell for row in rows for cell in row if isinstance(cell, str)}
    if any(_year_in(text, below_years=False) for text in texts):
        yield from ([(i, j) for j in range(len(row))] for i, row in enumerate(rows))


def _list_columns(rows: Sequence[Sequence[Cell]]) -> Iterator[list[_Place]]:
    """Yield the places of each column in which something may be a year: a long table repeats few cells many times."""
    for j in range(max(map(len, rows), default=0)):
        once = {row[j] for row in rows if j < len(row)}
        below_years = any(isinstance(cell, str) and column_word(cell) == "year" for cell in once)
        if any(_year_in(cell, below_years=below_years) for cell in once):
            yield [(i, j) for i in range(len(rows)) if j < len(rows[i])]


def _find_titles(rows: Sequence[Sequence[Cell]], places: dict[_Place, int]) -> dict[_Place, str]:
    """Return the titles that name a year of the Republic, with 民國 before it: 臺北市112年能源消費量."""
    found: dict[_Place, str] = {}
    for i, row in enumerate(rows[:HEAD_ROWS]):
        texts = [(j, cell) for j, cell in enumerate(row) if isinstance(cell, str) and cell.strip()]
        if len(texts) != 1 or (i, texts[0][0]) in places:
            continue
        j, text = texts[0]
        years = [int(one["year"]) for one in _IN_TITLE.finditer(text)]
        if _CHINESE.search(text) and years and all(year in _YEARS for year in years):
            found[i, j] = _IN_TITLE.sub(lambda one: f"{_ERA}{one['year']}", text)
    return found


def _years_of(titles: dict[_Place, str]) -> list[int]:
    pattern = re.compile(rf"{_ERA}(\d+)")
    return [int(year) for text in titles.values() for year in pattern.findall(text)]


def _is_of_taiwan(texts: Sequence[str]) -> bool:
    """Return whether a text names a place in Taiwan, or who publishes its statistics."""
    return any(_PUBLISHERS.search(text) or _lies_in_taiwan(text) for text in texts)


def _lies_in_taiwan(text: str) -> bool:
    """Return whether a text is, or begins with, the name of a place in Taiwan."""
    ends = range(2, min(len(text), 4) + 1)
    names = {text, *(text[:end] for end in ends)} if _CHINESE.search(text) else {text}
    return any(
        identifier and "taiwan" in vocabulary.list_above(identifier)
        for identifier in (vocabulary.resolve("area", name) for name in names)
    )
