"""A line of pasted text that heads columns: each of its words says what a column holds.

年 份 全社会用电量 第一产业 工业, or 指标 单位 2019年 2018年 增长(%): also of words that are spaced out, and with
a column of units, whose texts stand between the label of a row and its numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.balances.label.headers import column_word, read_header, year_of
from carbonacct.balances.label.labels import unit_known
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell

_STUBS = frozenset({"label", "product", "year", "area"})
_LONGEST_WORD = 8  # letters of a word that is spaced out
_FEWEST = 3  # headings of a head: two may be the words of a title
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class PastedRow(NamedTuple):
    """A line below such a head: its label, its cells, and the widths of the spaces before each."""

    label: str
    cells: list[str]
    gaps: list[int]


def cut_head(line: str, words: Mapping) -> list[str]:
    """Return the headings that a line is made of, empty if it is made of anything else.

    The first heads labels, areas or years; each other says what its column holds.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> cut_head("年 份 全社会用电量 工业 居民生活", Mapping())
    ['年份', '全社会用电量', '工业', '居民生活']
    >>> cut_head("指 标 单 位 2019年 增长(%)", Mapping()), cut_head("地 区 生产总值情况 说明", Mapping())
    (['指标', '单位', '2019年', '增长(%)'], [])
    """
    tokens = line.split()
    best: dict[int, list[str]] = {0: []}
    for end in range(1, len(tokens) + 1):
        for begin in range(max(0, end - _LONGEST_WORD), end):
            if begin not in best or (end in best and len(best[end]) <= len(best[begin]) + 1):
                continue
            if end - begin > 1 and not all(map(_is_letter, tokens[begin:end])):
                continue
            word = "".join(tokens[begin:end])
            if (column_word(word) in _STUBS) if not begin else _heads_column(word, words):
                best[end] = [*best[begin], word]
    heads = best.get(len(tokens), [])
    return heads if len(heads) >= _FEWEST else []


def _is_letter(token: str) -> bool:
    return len(token) == 1 and _CHINESE.match(token) is not None


def _heads_column(word: str, words: Mapping) -> bool:
    header = read_header(word, words)
    return bool(year_of(word) or header.is_whole) or (
        header.says_something and header.word not in _STUBS
    )


def is_head_of(heads: Sequence[Cell], lines: Sequence[str]) -> bool:
    """Return whether most lines that hold several numbers hold as many as columns of amounts are headed.

    Examples
    --------
    >>> is_head_of(["年份", "工业", "居民生活"], ["2018 3.2 210.3", "2019 3.3 218.0"])
    True
    """
    is_of_years = column_word(str(heads[0])) == "year"
    wanted = (
        len(heads)
        - (0 if is_of_years else 1)
        - sum(column_word(str(head)) == "unit" for head in heads)
    )
    counts = Counter(
        count
        for line in lines
        if (count := sum(values.is_number(token) for token in line.split())) > 1
    )
    return bool(counts) and counts.most_common(1)[0][0] == wanted


def take_year_and_unit(
    line: str, row: PastedRow, heads: Sequence[Cell], words: Mapping
) -> PastedRow:
    """Return a row below a head of years or of units with its year or unit as its first cell.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> take_year_and_unit("2018 3.2 210.3", PastedRow("2018 3.2 210.3", [], []), ["年份", "工业", "生活"], Mapping())
    PastedRow(label='2018', cells=['3.2', '210.3'], gaps=[1, 1])
    >>> take_year_and_unit("", PastedRow("原煤 吨", ["12"], [1]), ["名称", "单位", "2019年"], Mapping())
    PastedRow(label='原煤', cells=['吨', '12'], gaps=[1, 1])
    """
    kinds = [column_word(str(head)) for head in heads]
    tokens = line.split()
    if kinds[0] == "year" and not row.cells and tokens and year_of(tokens[0]):
        numbers = tokens[1:]
        if numbers and all(map(values.is_number, numbers)):
            return PastedRow(tokens[0], numbers, [1] * len(numbers))
    if kinds[1:2] == ["unit"] and row.cells:
        *label, unit = row.label.split()
        if label and unit_known(unit, words):
            return PastedRow(" ".join(label), [unit, *row.cells], [1, *row.gaps])
        if len(row.cells) == len(heads) - 2:
            return PastedRow(row.label, ["", *row.cells], [1, *row.gaps])
    return row
