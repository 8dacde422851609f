"""Months and quarters: a year is the sum of its months only when all of them are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

YEAR = (1, 12)
_DIGITS = {word: n for n, word in enumerate("一二三四五六七八九十", start=1)} | {
    "十一": 11,
    "十二": 12,
}
_NUMBER = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_RANGE = re.compile(rf"(?<!\d)(?P<first>{_NUMBER})月?\s*[-—–~至到]\s*(?P<last>{_NUMBER})\s*月")
# A quarter, and no town 四季青, beans 四季豆 or third rice 三季稻.
_QUARTERS = re.compile(
    r"前(?P<upto>[二三23])个?季度|(?:(?P<from>[一二三四1-4])\s*[-—–~至到]\s*)?"
    r"第?(?P<one>[一二三四1-4])季(?:度|(?=[累合末])|(?![\u4e00-\u9fff]))|Q(?P<q>[1-4])\b"
)
_HALF = re.compile(r"(?P<half>[上下])半年")
# The month of a publication, or of a date, says nothing of the amounts.
_MONTH = re.compile(
    rf"(?:(?<=(?:19|20)\d\d-)|(?<![\d-]))(?P<month>{_NUMBER})月份?(?!\s*\d|.{{0,3}}(?:公布|发布|出版|印发|整理))"
)


def read_months(text: str) -> tuple[int, int] | None:
    """Return the first and the last month that a title or a header names, or None.

    Examples
    --------
    >>> read_months("2019年1-6月"), read_months("前三季度"), read_months("11月")
    ((1, 6), (1, 9), (11, 11))
    >>> read_months("下半年"), read_months("1-12月"), read_months("2019年")
    ((7, 12), (1, 12), None)
    >>> read_months("2021年3月公布"), read_months("12月31日")
    (None, None)
    """
    if found := _RANGE.search(text):
        return _to_month(found["first"]), _to_month(found["last"])
    if found := _QUARTERS.search(text):
        if found["upto"]:
            return 1, 3 * _to_month(found["upto"])
        quarter = _to_month(found["one"] or found["q"])
        first = _to_month(found["from"]) if found["from"] else quarter
        return 3 * first - 2, 3 * quarter
    if found := _HALF.search(text):
        return (1, 6) if found["half"] == "上" else (7, 12)
    if found := _MONTH.search(text):
        return (_to_month(found["month"]),) * 2
    return None


def _to_month(word: str) -> int:
    return _DIGITS[word] if word in _DIGITS else int(word)


def tile_year(periods: Iterable[tuple[int, int]]) -> list[tuple[int, int]] | None:
    """Return the fewest periods that make up the twelve months without overlap, or None.

    Examples
    --------
    >>> tile_year([(1, 3), (4, 6), (7, 9), (10, 12), (1, 6)])
    [(1, 6), (7, 9), (10, 12)]
    >>> tile_year([(1, 11)]) is None
    True
    """
    # By the month in which they end: the best way to a month goes through the best way before.
    tilings: dict[int, list[tuple[int, int]]] = {0: []}
    for first, last in sorted(set(periods), key=_last):
        before = tilings.get(first - 1)
        if before is not None and (last not in tilings or len(tilings[last]) > len(before) + 1):
            tilings[last] = [*before, (first, last)]
    return tilings.get(12)


def _last(period: tuple[int, int]) -> tuple[int, int]:
    return period[1], period[0]


def missing_months(periods: Iterable[tuple[int, int]]) -> list[int]:
    """Return the months that no period holds.

    Examples
    --------
    >>> missing_months([(1, 3), (6, 12)])
    [4, 5]
    """
    held = {month for first, last in periods for month in range(first, last + 1)}
    return [month for month in range(1, 13) if month not in held]
