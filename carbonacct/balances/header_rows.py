"""Which rows of a sheet are headers, and where the data below them begin."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.context import read_context
from carbonacct.balances.headers import BOOKKEEPING, column_word, read_header, unit_known, year_of
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.grid import Grid
    from carbonacct.balances.mapping import Mapping
    from carbonacct.sheets.sheets import Cell, Sheet


def find_headers(sheet: Sheet, grid: Grid, words: Mapping) -> list[int]:
    """Return the first row of each header: rows that name at least two products, flows, years or column contents."""
    found: list[int] = []
    data_since = True
    if not grid.blank.size:
        return found
    numbers = grid.plain.sum(axis=1).tolist()
    is_word = ~(grid.blank | grid.plain)
    first_words, word_counts = is_word.argmax(axis=1).tolist(), is_word.sum(axis=1).tolist()
    for number, row in enumerate(sheet.rows):
        is_first = not found
        if numbers[number] > 1:
            is_header, has_numbers = False, True
        elif word_counts[number] < 2:  # the label of a row, if anything
            is_header, has_numbers = (
                False,
                bool(
                    numbers[number] or (word_counts[number] and year_of(row[first_words[number]]))
                ),
            )
        elif numbers[number] and not is_first:  # a later header holds no number
            is_header, has_numbers = False, True
        elif numbers[number]:
            is_header, has_numbers = _looks_like_header(row, words, is_first=is_first)
        else:  # words alone, which come back in the next table
            is_header, has_numbers = words.remember(
                ("row of words", repr(row), is_first),
                partial(_looks_like_header, row, words, is_first=is_first),
            )
        if is_header:
            if data_since:
                found.append(number)
            data_since = False
        elif has_numbers:
            data_since = True
    return found


def _looks_like_header(row: Sequence[Cell], words: Mapping, *, is_first: bool) -> tuple[bool, bool]:
    """Return whether a row names what columns hold, and whether it holds numbers."""
    years: list[int] = []
    texts: list[str] = []
    numbers = 0
    for cell in row:
        if cell == "" or values.is_blank(cell):
            continue
        if year := year_of(cell):
            years.append(year)
        elif values.is_number(cell):
            numbers += 1
        elif isinstance(cell, str):
            texts.append(cell)
    if len(texts) + len(years) < 2:
        return False, bool(numbers or years)
    headers = [read_header(text, words) for text in texts]
    if is_first and read_context(row, words):
        return False, False
    products = {header.product for header in headers} - {None}
    areas = [
        header for header in headers if column_word(header.text) == "area"
    ]  # 城市 is a flow as well
    flows = {header.flow for header in headers if header not in areas} - {None}
    kinds: set[str | None] = {header.word for header in headers} - {None, "skip", "about"} | {
        "area" for _ in areas
    }
    kinds |= {"coverage" for header in headers if header.coverage} | {
        "year before" for header in headers if header.years_back
    }
    scopes = len({header.text for header in headers if header.word == "scope"})
    are_years = (
        bool(years)
        and not (numbers or flows or products)
        and _are_header_years(years)
        and (is_first or _say_nothing(texts, words))
    )
    years_count = len(set(years)) if are_years and (len(set(years)) > 1 or kinds) else 0
    joined = sum(
        bool(header.product and (header.flow or header.weak)) for header in headers
    )  # each a row and a column of a balance
    if joined > 1 and not numbers:
        return True, bool(years)
    names = (
        len(products)
        + len(kinds)
        + max(scopes - 1, 0)
        + (len(flows) if len(flows) >= 3 or kinds & {"product", "year", "area"} else 0)
        + years_count
    )
    is_header = names >= 2 and (len(products) != 1 or len(flows) != 1 or bool(kinds) or bool(years))
    if not is_first:  # a row of a long table names a product and a flow, too
        is_header = (
            is_header
            and not (numbers or (years and products))
            and (bool(kinds) or len(products) >= 3 or years_count > 0)
        )
    return is_header, bool(numbers or years)


def _are_header_years(years: Sequence[int]) -> bool:
    """Return whether years stand as in a header: in order, or the same run again and again."""
    run = list(dict.fromkeys(years))
    steps = {(later > earlier) for earlier, later in pairwise(run)}
    times = {years.count(year) for year in run}
    return len(steps) <= 1 and len(times) == 1


def _say_nothing(texts: Iterable[str], words: Mapping) -> bool:
    """Return whether texts are headings, units or notes: nothing that could be the label of a row."""
    return all(
        read_header(text, words).word or unit_known(text, words) or vocabulary.is_note(text)
        for text in texts
    )


def title_top(grid: Grid, previous: int, start: int) -> int:
    """Return the first row of the title above a later header: behind the last row with numbers."""
    top = start
    while top - 1 > previous and not grid.plain[top - 1].any():
        top -= 1
    return top


def first_data_row(sheet: Sheet, grid: Grid, words: Mapping, span: tuple[int, int]) -> int:
    """Return the first row below the header that carries a label of a flow or product, or numbers that are no years."""
    start, end = span
    left = int(grid.blank[start:end, :20].all(axis=0).argmin())
    for number in range(start + 1, end):
        row = sheet.rows[number]
        if is_bookkeeping(row):
            continue
        if grid.plain[number].any() or words.remember(
            ("first data row", repr(row), left), partial(_is_data_row, row, left, words)
        ):
            return number
    return end


def is_bookkeeping(row: Sequence[Cell]) -> bool:
    """Return whether a row of an export says where its series come from: frequency, source, code."""
    first = next((cell for cell in row if not values.is_blank(cell)), "")
    return isinstance(first, str) and vocabulary.fold(first) in BOOKKEEPING


def _is_data_row(row: Sequence[Cell], left: int, words: Mapping) -> bool:
    """Return whether a row without plain numbers carries the label of a flow or product."""
    cells = [cell for cell in row if not values.is_blank(cell)]
    texts = [cell for cell in cells if isinstance(cell, str) and not year_of(cell)]
    if not texts or values.is_blank(row[left]):
        return False
    if any(map(year_of, cells)) and not _say_nothing(texts[:1], words):
        return True  # a label with numbers that all look like years
    first = read_header(texts[0], words)
    others = {
        header.product
        for header in (read_header(text, words) for text in texts[1:])
        if header.product
    }
    is_unit_row = sum(unit_known(text, words) for text in texts) * 2 > len(texts)
    return (
        bool(first.flow or (first.product and not first.units)) and not others and not is_unit_row
    )


def spread_headings(
    rows: list[list[Cell]], words: Mapping, span: tuple[int, int, int]
) -> tuple[int, list[tuple[int, int]]]:
    """Carry a heading over the columns that repeat below it, where the file has lost the merge; return the first row of the header, and the cells.

    煤炭 | blank | 焦炭 | blank above 2018 | 2019 | 2018 | 2019 is what a merged header leaves in a CSV.
    """
    top, start, first = span
    spread = []
    below = rows[start:first]
    marks = words.remember(
        ("repeated marks", repr(below)), lambda: [_marks(row, words) for row in below]
    )
    for lowest, (filled, places) in enumerate(marks, start):
        if not places:
            continue
        if (
            lowest == start
            and start > top
            and sum(
                isinstance(rows[start - 1][j], str) and rows[start - 1][j] != "" for j in places
            )
            >= 2
        ):
            start -= 1
        for i in range(start, lowest):
            text: Cell = ""
            for j in range(places[0], places[-1] + 1):
                if not values.is_blank(rows[i][j]):
                    text = rows[i][j]
                elif j in filled and isinstance(text, str):
                    rows[i][j] = text
                    if text != "":
                        spread.append((i, j))
        break
    return start, spread


def spread_shares(
    rows: Sequence[Sequence[Cell]], words: Mapping
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the columns to the right of a heading of shares or growth that it holds for, and those for which it may.

    It holds for blank cells to its right above headings of their own (比重 over 煤炭 | 石油); below their
    headings it may belong to its own column alone.
    """
    held: set[int] = set()
    doubtful: set[int] = set()
    for i, row in enumerate(rows):
        is_share = False
        for j, cell in enumerate(row):
            if not values.is_blank(cell):
                is_share = read_header(str(cell), words).is_rate
            elif is_share and any(not values.is_blank(below[j]) for below in rows[i + 1 :]):
                held.add(j)
            elif is_share and any(not values.is_blank(above[j]) for above in rows[:i]):
                doubtful.add(j)
    return frozenset(held), frozenset(doubtful - held)


def _marks(row: Sequence[Cell], words: Mapping) -> tuple[frozenset[int], tuple[int, ...]]:
    """Return the columns of a row that are not blank, and those of its marks where one of them comes twice."""
    marks = {
        j: _mark(cell, words)
        for j, cell in enumerate(row)
        if cell != "" and not values.is_blank(cell)
    }
    places = tuple(j for j, mark in marks.items() if mark)
    return frozenset(marks), places if len({marks[j] for j in places}) < len(places) else ()


def _mark(cell: Cell, words: Mapping) -> object:
    """Return what may repeat under headings: a year, a product or flow, the quantity itself or its coal equivalent, 市辖区."""
    if year := year_of(cell):
        return year
    header = read_header(cell, words) if isinstance(cell, str) else None
    if header and (header.product or header.flow):
        return header.product, header.flow, header.weak
    return (
        (header.word, header.coverage, header.years_back)
        if header and header.word in {"physical", "standard"}
        else None
    )
