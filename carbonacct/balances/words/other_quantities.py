"""What stands beside amounts of energy and is none: rates, shares, counts, money, people, water, pipes, capacities.

The table ``other_quantities.csv`` has units that measure no energy, patterns of words, looked for in
the folded label without the unit behind it, and patterns of texts, looked for in the label as it is
printed with its unit; those of kind ``header`` in headers alone: a column of a month stands beside
that of the year, rows of months are asked. Words of kind ``planned`` are looked for in every text,
whatever it names beside: what is planned was not used.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from carbonacct import vocabulary
from carbonacct.characters import simplify
from carbonacct.data import data_folder, read_rows
from carbonacct.texts import Both
from carbonacct.units import fold_unit, is_unit

# 2025年为规划数, 2025—2030年均为预测值; figures for 2030 are projections: folded, so without blanks.
_YEARS = re.compile(
    r"(?P<first>(?:19|20)\d\d)年?(?:(?P<to>[-—–~至到]|to)?[、和及与]?(?P<last>(?:19|20)\d\d)年?)?"
    r"(?:及?以后)?[^\d,]{0,8}?(?:[为系是:=]|is|are)(?P<what>.*)"
)
# 2030F, as a year: in a column of statuses 2020F is final.
FORECAST_YEAR = re.compile(r"(?:19|20)\d\d\s*[fF]")
# 规划展览馆, 规划和自然资源局, 气象预测中心: a name that ends so is of whoever uses energy.
_WHOSE = re.compile(r"(?:局|院|馆|厅|委|委员会|中心|公司|集团|大厦|学校|处|研究所|办公室)\s*$")
_SENTENCES = re.compile(r"[，,。；;\n(（)）]|[.]\s")
_BEHIND_PLANNED = r"(?:性|目标|指标)*(?:数据?|数字|值|量|年|values?|figures?|amounts?)?[.]?"
_IN_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]\s*$")


@lru_cache(maxsize=65536)
def name_quantity(label: str, *, is_header: bool = False) -> str:
    """Return what the numbers of a label are, if they are no amounts of energy, or "".

    Parameters
    ----------
    label
        As printed, with its unit, or a unit alone. Only labels that name nothing else are asked.
    is_header
        Whether it stands over a column.

    Examples
    --------
    >>> name_quantity("比上年增长(%)"), name_quantity("企业数（个）"), name_quantity("吨标准煤/万元")
    ('rates of growth', 'numbers of enterprises or users', 'intensities')
    >>> name_quantity("购进金额(千元)"), name_quantity("#居民家庭用水量"), name_quantity("用气人口")
    ('money', 'water', 'a count')
    >>> name_quantity("本月", is_header=True), name_quantity("1月")
    ('amounts of a part of the year', '')
    >>> name_quantity("原煤(万吨)"), name_quantity("水煤浆")
    ('', '')
    """
    as_printed = vocabulary.fold_case(label)
    if is_planned(label):
        return _patterns("planned")[0][1]
    bracketed = f"({as_printed})"  # a unit alone stands as it does behind a label
    for pattern, what in (*_patterns("text"), *(_patterns("header") if is_header else ())):
        if pattern.search(as_printed) or pattern.fullmatch(bracketed):
            return what
    if (unit := _IN_BRACKETS.search(label)) and is_other_unit(unit[1]):
        return _units()[fold_unit(unit[1])]
    folded = vocabulary.fold(_IN_BRACKETS.sub("", label))
    return next((what for pattern, what in _patterns("word") if pattern.search(folded)), "")


def is_planned(text: str) -> bool:
    """Return whether a text says that something is planned, or foreseen.

    Examples
    --------
    >>> is_planned("2025年（规划）"), is_planned("2030 forecast"), is_planned("2019年实际")
    (True, True, False)
    >>> is_planned("规划展览馆"), is_planned("规划和自然资源局")
    (False, False)
    """
    simplified = simplify(text)
    if _WHOSE.search(simplified):
        return False
    return any(word.search(simplified) for word, _ in _patterns("planned"))


@lru_cache(maxsize=65536)
def says_planned(text: str) -> bool:
    """Return whether a text says so and nothing else: what stands beside the amounts of a row.

    Examples
    --------
    >>> says_planned("规划目标"), says_planned("基准情景"), says_planned("某市能源发展规划")
    (True, True, False)
    """
    folded = vocabulary.fold_case(simplify(text))
    return any(
        re.fullmatch(rf"(?:{word.pattern})(?:{word.pattern})?{_BEHIND_PLANNED}", folded)
        for word, _ in _patterns("planned")
    )


def find_planned_years(text: str) -> frozenset[int]:
    """Return the years of which a title or note says that their amounts are planned.

    Examples
    --------
    >>> sorted(find_planned_years("注：2025年为规划数。")), sorted(find_planned_years("2020年为规划基期"))
    ([2025], [])
    >>> sorted(find_planned_years("(figures for 2028-2030 are projections)"))
    [2028, 2029, 2030]
    """
    found: set[int] = set()
    for sentence in _SENTENCES.split(simplify(text)):
        said = _YEARS.search(vocabulary.fold_case(sentence))
        if said and says_planned(said["what"]):
            first, last = int(said["first"]), int(said["last"] or said["first"])
            found |= {first, last, *(range(first, last) if said["to"] else ())}
    return frozenset(found)


@lru_cache(maxsize=65536)
def is_other_unit(text: str) -> bool:
    """Return whether a printed unit measures no energy.

    Examples
    --------
    >>> is_other_unit("万元"), is_other_unit("吨/小时"), is_other_unit("万吨")
    (True, True, False)
    """
    return fold_unit(text) in _units() and not is_unit(text)


@cache
def _units() -> dict[str, str]:
    return {
        fold_unit(unit): Both(row["meaning_en"], row["meaning_zh"])
        for row in _rows("unit")
        for unit in row["words"].split("|")
    }


@cache
def _patterns(kind: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(row["words"]), Both(row["meaning_en"], row["meaning_zh"]))
        for row in _rows(kind)
    )


def _rows(kind: str) -> list[dict[str, str]]:
    rows = read_rows(data_folder() / "vocabulary" / "other_quantities.csv")
    return [row for row in rows if row["kind"] == kind]
