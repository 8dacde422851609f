"""Which rows of a sheet are headers, and where the data below them begin."""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import remarks, vocabulary
from carbonacct.balances.label.context import read_pair
from carbonacct.balances.label.headers import BOOKKEEPING, column_word, read_header, year_of
from carbonacct.balances.label.labels import unit_known
from carbonacct.balances.label.printed_units import find_unit_line
from carbonacct.balances.split.cell_units import read_amount
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.label.headers import Header
    from carbonacct.balances.split.grid import Grid
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell, Sheet


_KINDS_OF_NOTHING = frozenset({values.MARK, values.NO, values.NE, values.NA, values.IE, values.C})
_ROWS_BELOW = 5  # in which amounts do not all look like years
_LEAST_WORDS = 3  # of columns, that head a table without a product, flow or year
_LEAST_NUMBERED = 3  # two columns that are numbered may be two amounts
_NUMBER_OF_COLUMN = re.compile(r"[(（-]?(\d{1,3})[)）]?\s*(?:=.*)?$")  # 8 = 2 to 7
_COLON = re.compile("[:：]")
_LETTERS_OF_COLUMNS = frozenset({*"甲乙丙丁", *"ABCDEF", *"abcdef", "栏次"})


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
        # Years are no plain numbers: two amounts in a row mean data, whatever its words are.
        if numbers[number] > 1:
            is_header, has_numbers = False, True
        elif is_first and _heads_amounts_alone(sheet.rows, (number, first_words[number]), words):
            is_header, has_numbers = True, False
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
            if not is_header and number + 1 < len(numbers) and numbers[number + 1]:
                is_header = _heads_one_column(row, words) or (
                    is_first and _heads_one_product(row, sheet.rows[number + 1], words)
                )
        is_data = is_header and is_first and _is_under_years(sheet.rows, number, words)
        if is_header and not is_data:
            # A second row of headings follows the first at once: only data between them begin a table.
            found += [number] * data_since
            data_since = False
        else:
            data_since = data_since or has_numbers or is_data
    return found


class HeaderPiece(NamedTuple):
    """What one cell says that may stand in a header.

    Attributes
    ----------
    header
        What its text says, None for a number or a year.
    year, is_number
        The year that it is; whether it is a number and no year.
    is_area
        Whether it heads a column of areas: 城市 is a flow as well.
    is_unit, is_heading
        Whether it is a unit; a heading, unit or note, which is no label of a row.
    mark
        What may repeat under headings: a year, a product, the quantity itself or its coal
        equivalent, 市辖区, 合计.
    """

    header: Header | None = None
    year: int | None = None
    is_number: bool = False
    is_area: bool = False
    is_unit: bool = False
    is_heading: bool = False
    mark: object = None


def read_piece(cell: Cell, words: Mapping) -> HeaderPiece:
    """Return what a cell says; the same texts come back in every table."""
    if isinstance(cell, str):
        known = words.memory.get(("piece", cell))  # most are: no call for each cell
        return known or words.remember(("piece", cell), partial(_read_text, cell, words))
    year = year_of(cell)
    return HeaderPiece(year=year, is_number=not year and values.is_number(cell), mark=year)


def _read_text(text: str, words: Mapping) -> HeaderPiece:
    if year := year_of(text):
        return HeaderPiece(year=year, mark=year)
    if values.is_number(text):
        return HeaderPiece(is_number=True)
    header = read_header(text, words)
    if header.year and header.units:  # 2019 (MWh)
        return HeaderPiece(year=header.year, mark=header.year)
    is_unit = unit_known(text, words)
    mark: object = None
    if header.product or header.flow:
        mark = header.product, header.flow, header.weak
    elif header.is_whole:
        mark = "whole"
    elif header.word in {"physical", "standard"}:
        mark = header.word, header.coverage, header.years_back
    return HeaderPiece(
        header=header,
        is_area=column_word(header.text) == "area",
        is_unit=is_unit,
        is_heading=bool(header.word or is_unit or remarks.is_note(text)),
        mark=mark,
    )


def read_row(row: Sequence[Cell], words: Mapping) -> dict[int, HeaderPiece]:
    """Return what the cells of a row say that are not blank, by their column.

    The same rows are asked again and again.
    """
    if float in map(type, row):  # of data
        return _read_cells(row, words)
    return words.remember(("row", repr(row)), partial(_read_cells, row, words))


def _read_cells(row: Sequence[Cell], words: Mapping) -> dict[int, HeaderPiece]:
    return {
        j: read_piece(cell, words)
        for j, cell in enumerate(row)
        if cell != "" and not values.is_blank(cell)
    }


def _looks_like_header(row: Sequence[Cell], words: Mapping, *, is_first: bool) -> tuple[bool, bool]:
    """Return whether a row names what columns hold, and whether it holds numbers."""
    pieces = [*read_row(row, words).values()]
    years = [piece.year for piece in pieces if piece.year]
    named = [piece for piece in pieces if piece.header]
    numbers = sum(piece.is_number for piece in pieces)
    if len(named) + len(years) < 2:
        return False, bool(numbers or years)
    if is_first and read_pair(row, words):
        return False, False
    headers = [piece.header for piece in named if piece.header]
    products = {header.product for header in headers} - {None}
    flows = {piece.header.flow for piece in named if piece.header and not piece.is_area} - {None}
    kinds: set[str | None] = {header.word for header in headers} - {None, "skip", "about"}
    kinds |= {"area" for piece in named if piece.is_area}
    kinds |= {"coverage" for header in headers if header.coverage}
    kinds |= {"year before" for header in headers if header.years_back}
    if is_first and kinds - {"unit"} and not numbers:  # Year | GWh
        kinds |= {"amount" for piece in named if piece.is_unit}
        kinds |= {"whole" for header in headers if header.is_whole}
        kinds |= {"rate" for header in headers if header.is_rate}
    # Equal steps: amounts that all look like years hardly follow one another so.
    if is_first and len(named) == 1 and pieces[0] is named[0] and _are_in_steps(years):
        flows, products = set(), set()  # Residential Sector | 2018 | 2019: what the table is about
    scopes = len({header.text for header in headers if header.word == "scope"})
    are_years = (
        bool(years)
        and not (numbers or flows or products)
        and _are_header_years(years)
        and (is_first or all(piece.is_heading for piece in named))
    )
    years_count = len(set(years)) if are_years and (len(set(years)) > 1 or kinds) else 0
    amounts = [header for header in headers if header.says_amounts]
    rates = [header for header in headers if header.is_rate]
    are_all = len(amounts) + len(rates) == len(pieces)
    if rates and amounts and are_all and values.is_blank(row[0]):  # blank | 消费量 | 增长(%)
        return True, False
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
    # Raumwärme | Warmwasser | Summe, where a mapping passes over uses
    passed = sum(vocabulary.fold(header.text) in words.ignored_columns for header in headers)
    said = sum(bool(header.word) for header in headers)
    is_header |= bool(passed and said) and passed + said == len(pieces) >= _LEAST_WORDS
    return is_header, bool(numbers or years)


def _heads_one_column(row: Sequence[Cell], words: Mapping) -> bool:
    """Return whether a row above numbers is the heading of labels and that of a use or unit: 行业 | 能源消费总量."""
    pieces = [*read_row(row, words).values()]
    if len(pieces) != 2 or not all(piece.header for piece in pieces):
        return False
    stub, use = (piece.header for piece in pieces)
    says_amount = use and (use.flow or use.weak or pieces[1].is_unit)
    return bool(stub and stub.word == "label" and says_amount)


def _heads_one_product(row: Sequence[Cell], below: Sequence[Cell], words: Mapping) -> bool:
    """Return whether a row is an unknown heading and a product, above a use and its number.

    用户类型 | 用电量 above 居民生活 | 9500.
    """
    pieces, under = read_row(row, words), read_row(below, words)
    if len(pieces) != 2 or pieces.keys() != under.keys():
        return False
    stub, product = (piece.header for piece in pieces.values())
    use, number = under.values()
    is_over = bool(stub and product and product.product and not stub.says_something)
    if stub and _COLON.search(stub.text):  # 单位: 万吨 | 原煤
        return False
    return is_over and number.is_number and bool(use.header and use.header.flow)


def _heads_amounts_alone(
    rows: Sequence[Sequence[Cell]], place: tuple[int, int], words: Mapping
) -> bool:
    """Return whether the one text of a row heads amounts beside labels that have no heading: blank | 能源消费总量."""
    number, j = place
    row, below = rows[number], rows[number + 1] if number + 1 < len(rows) else ()
    if j == 0 or len(below) <= j or values.is_blank(below[0]):
        return False
    if any(not values.is_blank(cell) for k, cell in enumerate(row) if k != j):
        return False
    header = read_piece(row[j], words).header
    is_amount = values.is_number(below[j]) and not values.is_number(below[0])
    return bool(is_amount and header and not header.year and (header.flow or header.weak))


def _is_under_years(rows: Sequence[Sequence[Cell]], number: int, words: Mapping) -> bool:
    """Return whether a row without a known word stands in a column of years: 重庆 | 2019 | ... | 2015."""
    pieces = words.remember(
        ("row without a word", repr(rows[number])), partial(_read_wordless, rows[number], words)
    )
    for j in (j for j, piece in pieces.items() if piece.year):
        first, last = max(number - 1, 0), number + 1 + _ROWS_BELOW
        above, below = (
            [year_of(row[j]) for row in part if j < len(row) and not values.is_blank(row[j])]
            for part in (rows[first:number], rows[number + 1 : last])
        )
        if (
            (below or above)
            and all(below)
            and (len(below) > 1 or pieces[j].year in (*above, *below))
        ):
            return True
    return False


def _read_wordless(row: Sequence[Cell], words: Mapping) -> dict[int, HeaderPiece]:
    """Return what the cells of a row say, nothing where a text among them says something of amounts."""
    pieces = read_row(row, words)
    if any(one.header and one.header.says_something for one in pieces.values()):
        return {}
    return pieces


def _are_in_steps(years: Sequence[int]) -> bool:
    """Return whether several years follow one another in equal steps."""
    return len(years) > 1 and len({later - earlier for earlier, later in pairwise(years)}) == 1


def _are_header_years(years: Sequence[int]) -> bool:
    """Return whether years stand as in a header: in order, or the same run again and again.

    The last may come once more, over its growth.
    """
    run = list(dict.fromkeys(years))
    steps = {(later > earlier) for earlier, later in pairwise(run)}
    if len(run) > 1 and list(years[: len(run)]) == run and {*years[len(run) :]} <= {run[-1]}:
        return len(steps) <= 1
    # Under several headings each year comes as often as any other.
    times = {years.count(year) for year in run}
    return len(steps) <= 1 and len(times) == 1


def title_top(grid: Grid, previous: int, start: int) -> int:
    """Return the first row of the title above a later header: behind the last row with numbers."""
    top = start
    while top - 1 > previous and not grid.plain[top - 1].any():
        top -= 1
    return top


def with_headings_above(
    rows: Sequence[Sequence[Cell]], words: Mapping, top: int, start: int
) -> int:
    """Return the first row of a header, which may have more rows above the one that was found.

    A row above belongs to it if it names shares or growth, input or output of plants, or the
    heading of the labels (行业 | 能源消费量 above blank | 原煤 | 汽油). It also does if both rows
    leave the corner blank and a use stands over its rates: 能源消费总量 above 消费量 | 增长(%).
    """
    for number in range(start - 1, top - 1, -1):
        row = rows[number]
        headers = [read_piece(cell, words).header for cell in row[1:] if not values.is_blank(cell)]
        said = [header for header in headers if header]
        belongs = any(header.is_rate for header in said)
        belongs |= _is_over_rates(rows, number, words)
        if len(said) + (not values.is_blank(row[0])) > 1:
            belongs |= any(header.direction for header in said)
            belongs |= values.is_blank(rows[start][0]) and _heads_labels(row[0], words)
        if not belongs:
            break
        start = number
    return start


def _is_over_rates(rows: Sequence[Sequence[Cell]], number: int, words: Mapping) -> bool:
    """Return whether two rows leave the corner blank, and a use stands above its amounts and rates.

    能源消费总量 above 消费量 | 增长(%).
    """
    row, below = rows[number], rows[number + 1]
    if not (values.is_blank(row[0]) and values.is_blank(below[0])):
        return False
    said, lower = (
        [read_piece(cell, words).header for cell in line if not values.is_blank(cell)]
        for line in (row, below)
    )
    return (
        any(header and header.is_rate for header in lower)
        and any(header and (header.flow or header.weak) for header in said)
        and all(
            header and not header.year and (header.says_amounts or header.word == "skip")
            for header in said
        )
    )


def _heads_labels(cell: Cell, words: Mapping) -> bool:
    """Return whether a cell is the heading of a column of labels: 行业, 项目."""
    header = read_piece(cell, words).header
    return header is not None and header.word == "label"


def first_data_row(sheet: Sheet, grid: Grid, words: Mapping, span: tuple[int, int]) -> int:
    """Return the first row below the header that carries a label of a flow or product, or numbers that are no years."""
    start, end = span
    # A sheet may begin with blank columns: the labels stand in the first that holds anything.
    left = int(grid.blank[start:end, :20].all(axis=0).argmin())
    for number in range(start + 1, end):
        row = sheet.rows[number]
        if is_bookkeeping(row) or find_unit_line(row):
            continue
        # Below the number of a column of labels stands a label; below an amount may stand another.
        if numbers_columns(row) and _has_name(grid, (number + 1, end), left):
            continue
        if grid.plain[number].any():
            return number
        if words.remember(
            ("first data row", repr(row), left), partial(_is_data_row, row, left, words)
        ) and not _is_under_header(sheet, grid, words, (number + 1, end)):
            return number
    return end


def _has_name(grid: Grid, span: tuple[int, int], column: int) -> bool:
    """Return whether the next row that holds anything begins with a text or a year."""
    below = next((i for i in range(*span) if not grid.blank[i].all()), None)
    return below is not None and not (grid.blank[below, column] or grid.plain[below, column])


def _is_under_header(sheet: Sheet, grid: Grid, words: Mapping, span: tuple[int, int]) -> bool:
    """Return whether headings follow before any number: what stands above them is no row of data."""
    for number in range(*span):
        if grid.plain[number].any():
            return False
        if _looks_like_header(sheet.rows[number], words, is_first=False)[0]:
            return True
    return False


def is_bookkeeping(row: Sequence[Cell]) -> bool:
    """Return whether a row of an export says where its series come from: frequency, source, code."""
    first = next((cell for cell in row if not values.is_blank(cell)), "")
    return isinstance(first, str) and vocabulary.fold(first) in BOOKKEEPING


def numbers_columns(row: Sequence[Cell]) -> bool:
    """Return whether a row numbers the columns above the data: 1 | 2 | 3=1+2, (1) | (2) | (3), 甲 | 乙 | 1 | 2 | 3.

    A workbook may hold (1) as -1.
    """
    count = 0
    for cell in row:
        if values.is_blank(cell):
            continue
        if not count and isinstance(cell, str) and cell.strip() in _LETTERS_OF_COLUMNS:
            continue
        count += 1
        found = _NUMBER_OF_COLUMN.match(f"{cell:g}" if isinstance(cell, float) else f"{cell}")
        if found is None or int(found[1]) != count:  # most rows end at their first cell
            return False
    return count >= _LEAST_NUMBERED


def _is_data_row(row: Sequence[Cell], left: int, words: Mapping) -> bool:
    """Return whether a row without plain numbers carries the label of a flow or product."""
    pieces = read_row(row, words)
    texts = [piece for piece in pieces.values() if piece.header]
    if not texts or left not in pieces:
        return False
    if any(read_amount(cell, words) for cell in row):
        return True
    first, *others = [piece.header for piece in texts if piece.header]
    if len(pieces) == 1 and not texts[0].is_heading and not (first.product and first.units):
        return True  # a heading over rows, known or not: in the header nobody would miss it
    if any(piece.year for piece in pieces.values()) and not texts[0].is_heading:
        return True  # a label with numbers that all look like years
    flows = {piece.header.flow for piece in texts if piece.header} - {None}
    marks = sum(values.read_value(cell)[1] in _KINDS_OF_NOTHING for cell in row)
    if len(flows) == 1 and marks > len(texts) - marks:
        return True  # 统计年鉴 | 采矿业 | NA | NA: a branch without any number
    is_unit_row = sum(piece.is_unit for piece in texts) * 2 > len(texts)
    says_row = bool(first.flow or (first.product and not first.units))
    return says_row and not any(other.product for other in others) and not is_unit_row
