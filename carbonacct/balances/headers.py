"""What one header or label says: a product, a flow, a year, a unit, or what its column holds."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.derived import name_derived
from carbonacct.sheets.marks import split_flags
from carbonacct.units import INVISIBLE, fold_unit, is_ambiguous, is_unit, read_unit

if TYPE_CHECKING:
    from carbonacct.balances.mapping import Mapping

FIRST_YEAR, LAST_YEAR = 1949, 2100

# Headers that say what their column holds, folded.
_COLUMN_WORDS = {
    "label": "项目 项 指标 行业 类别 名称 能源名称 分行业 item items category sector indicator naceadd nace bilanzzeile ebprocess 流向 flow",
    "product": "能源品种 燃料品种 品种 燃料 能源种类 能源类型 product fuel energyproduct ebmaterial",
    "unit": "单位 计量单位 计算单位 实物量单位 unit units",
    "year": "年份 年度 year jahr time timeperiod 时间",
    "area": "地区 省份 城市 省市 行政区 area region province city land provincename country countries geo 国家 国家地区 国别",
    "physical": "实物量 实物消费量 实物 本年消费 本年消费量 消费量 数量 年消费量 终端消费 value amount quantity 值 数值 实物值",
    "standard": "标准量 标煤消费量 折标准煤消费量 折标准煤 折标煤 折标量 综合能耗 更新标准量 标煤量",
    "status": "status",
    "skip": "索引 序号 编号 代码 no index code anm stand 行次 原值标准量 file sheet cell",
}
COLUMN_WORDS = {word: kind for kind, words in _COLUMN_WORDS.items() for word in words.split()}
# What a row or column is called that holds all others together, folded.
TOTALS = frozenset({"总计", "合计", "总合计", "total", "grandtotal"})
# 7.3.1 before a word: the numbering of a section, without a last dot.
_SECTION = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})+\s+(?=[^\d\s])")
_MARKS = re.compile(
    r"[①-⑳†‡§]"
    r"|(?<=[\u4e00-\u9fffA-Za-z)）])(?<![米mM])[¹²³⁴-⁹]+(?=\s|$|[(（])"
    r"|(?<=[\u4e00-\u9fff)）])[\d１-９][)）](?=\s*(?:$|[(（]))"  # 热力1)
    r"|(?<=[\u4e00-\u9fffA-Za-z)）])[(（][\d１-９][)）](?=\s*(?:$|[(（]))"  # 热力（1）
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")


@dataclass(frozen=True)
class Header:
    """What a header says: ``units`` as printed, in their order; ``of_which`` counts the marks 其中 or #."""

    text: str
    product: str | None = None
    flow: str | None = None
    year: int | None = None
    word: str | None = None
    units: tuple[str, ...] = ()
    sign: int = 1
    of_which: int = 0

    @property
    def says_something(self) -> bool:
        """Whether the header places its column."""
        return bool(self.product or self.flow or self.year or self.word)


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
    match = re.fullmatch(r"((?:19|20)\d\d)年?(?:\.0)?", unicodedata.normalize("NFKC", year).strip())
    return int(match[1]) if match else None


def years_in(text: str) -> list[int]:
    """Return the years that stand in a text.

    Examples
    --------
    >>> years_in("6-22 重庆能源平衡表(实物量)-2007")
    [2007]
    """
    return [int(found) for found in _YEAR.findall(unicodedata.normalize("NFKC", text))]


def take_units(text: str, words: Mapping) -> tuple[str, tuple[str, ...]]:
    """Return a header without its units, and the units, both as printed.

    Examples
    --------
    >>> from carbonacct.balances.mapping import Mapping
    >>> take_units("热力 Heat (万百万千焦) (1010 kJ)", Mapping())
    ('热力 Heat', ('万百万千焦', '1010 kJ'))
    """
    return words.remember(("units", text), lambda: _take_units(text, words))


def _take_units(text: str, words: Mapping) -> tuple[str, tuple[str, ...]]:
    # Marks go before the text is normalised, which would turn them into digits; m³ and 10⁴ keep theirs.
    text = unicodedata.normalize("NFKC", _MARKS.sub("", text.replace("_x000D_", " ")))
    units: list[str] = []

    def take(match: re.Match[str]) -> str:
        inner = match[1].strip()
        if unit_known(inner, words) or is_ambiguous(inner):
            units.append(inner)
            return " "
        return match[0]

    rest = _BRACKETS.sub(take, _SECTION.sub("", text))
    return " ".join(rest.split()), tuple(units)


def unit_known(text: str, words: Mapping) -> bool:
    """Return whether a text is a unit, in the registry's words or the mapping's."""
    return words.remember(("unit", text), lambda: _unit_known(text, words))


def _unit_known(text: str, words: Mapping) -> bool:
    if fold_unit(text) in words.units:  # a mapping may give a unit to a product by its name, which is none itself
        return not vocabulary.resolve("product", text, words.products)
    return is_unit(text)


def unit_expression(text: str, words: Mapping) -> str:
    """Return the unit that a text prints, as an expression of the registry."""
    return words.units.get(fold_unit(text)) or read_unit(text)


def read_header(text: str, words: Mapping, *, occurrence: int = 1) -> Header:
    """Return what a header says.

    Parameters
    ----------
    text
        All texts of the header of one column, from top to bottom.
    words
        The table's own words.
    occurrence
        Which column of this name it is, from 1: a layout may tell apart columns of one name.

    Examples
    --------
    >>> from carbonacct.balances.mapping import Mapping
    >>> header = read_header("其他洗煤 (万吨) Other Washed Coal (104 tn)", Mapping())
    >>> header.product, header.units
    ('other_washed_coal', ('万吨', '104 tn'))
    """
    return words.remember(("header", text, occurrence), lambda: _read_header(text, words, occurrence))


def _read_header(text: str, words: Mapping, occurrence: int) -> Header:
    label, units = take_units(text, words)
    folded = vocabulary.fold(label)
    sign = words.signs.get(folded, 1)
    year = year_of(label)
    if year:
        return Header(label, year=year, units=units)
    if folded in words.columns:
        return Header(label, word=words.columns[folded], units=units)
    numbered = words.products.get(f"{folded}#{occurrence}")
    product = numbered or vocabulary.resolve("product", label, words.products)
    flow = None if product else vocabulary.resolve("flow", label, words.flows)
    word = None if product or flow else COLUMN_WORDS.get(folded)
    if word is None and not (product or flow):
        parts = {COLUMN_WORDS.get(part) for part in vocabulary.split_scripts(folded)} - {None}
        word = parts.pop() if len(parts) == 1 else None
        if word is None and name_derived(text):
            word = "skip"
    if not (product or flow or word):  # a bracket that is no unit: 能源合计(发电煤耗计算法)
        for inner in _BRACKETS.findall(unicodedata.normalize("NFKC", text)):
            product = product or vocabulary.resolve("product", inner, words.products)
            word = word or COLUMN_WORDS.get(vocabulary.fold(inner))
    return Header(label, product, flow, None, word, units, sign, vocabulary.of_which_depth(label))
