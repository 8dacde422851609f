"""What one header or label says: a product, a flow, a year, a unit, or what its column holds."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.label.labels import BRACKETS, Label, read_label, unit_known
from carbonacct.balances.words.compounds import find_direction
from carbonacct.balances.words.other_quantities import is_planned, name_quantity
from carbonacct.records import heading_roles
from carbonacct.records.title_areas import COVERAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.words.mapping import Mapping

# What a heading says by itself is known a room below.
FIRST_YEAR, LAST_YEAR = heading_roles.FIRST_YEAR, heading_roles.LAST_YEAR
column_word, year_of = heading_roles.column_word, heading_roles.year_of
end_of_year, years_in = heading_roles.end_of_year, heading_roles.years_in
total_words, subtotal_words = heading_roles.total_words, heading_roles.subtotal_words
group_words = heading_roles.group_words
whole_words = heading_roles.whole_words

# Headers of columns that hold no amounts: growth, shares, differences, coefficients.
_DERIVED = re.compile(
    r"增长|增减率|比上年|比重|构成|占比|系数|growth|share|percent|coefficient|conversionfactor|%"
)
# What an export of a data vendor says of a series beside its name and unit, folded.
BOOKKEEPING = frozenset(
    {
        *(
            "频率",
            "来源",
            "数据来源",
            "指标id",
            "指标编码",
            "指标代码",
            "序列id",
            "更新时间",
            "状态",
        ),
        *(
            "起始时间",
            "结束时间",
            "时间区间",
            "时间范围",
            "frequency",
            "source",
            "status",
            "srcode",
            "functioninformation",
            "firstobsdate",
            "lastobsdate",
            "lastupdatetime",
            "seriesremarks",
            "seriesid",
            "seriescode",
        ),
        *(
            "mnemonic",
            "firstobs",
            "lastobs",
            "firstobsdate",
            "lastobsdate",
            "updated",
            "lastupdate",
        ),
        *("lastupdatetime", "status", "functioninformation", "remarks"),
    }
)
_STEP = re.compile(r"\s[-–—]\s|:\s")
_LANGUAGE = re.compile(r"(?<=.)(?:cn|zh|en|chinese|english)$")
_YEAR_AND_UNIT = re.compile(  # 2019 MWh, ktoe in 2019
    r"(?:(?P<before>\D{1,20}?)[,，]? (?:in )?)?(?P<year>(?:19|20)\d\d)年?(?:[,，]? (?P<behind>\D{1,20}))?"
)
_DATED = re.compile(
    r"(?P<first>(?:19|20)\d\d)(?:年度?)?[\s_:：-]*(?P<behind>\D+)"
    r"|(?P<before>\D+?)[\s_:：(（-]*(?P<last>(?:19|20)\d\d)(?:年度?)?[)）]?"
)
# 本年 | 上年: the year of the title, and the one before it.
_RELATIVE_YEAR = re.compile(
    r"(?:(本年|本期|当年|今年|全年|0?1[-—~至]12月份?|(?:自?年初至?今?|1[-—~至]本月|本月[止末])?(?=累计)|thisyear|annual|fullyear|wholeyear|(?:annual|yearly?)total|totalyear)|(上年|去年|上期|lastyear|previousyear))(?:同期|实际|累计|合计|数|消费量?)*"
)
# Of a part of the area: 用电量(市辖区) and 用电量_市辖区 as well as 市辖区用电量.
_COVERED = "|".join(word for word in COVERAGES if not word.isascii())
_COVERAGE = re.compile(
    rf"\s*[(（\[【]({_COVERED})[)）\]】]\s*|[_:：—-]({_COVERED})(?=$|[(（_:：])|^({_COVERED})[_:：—-]?|(?<=.)({_COVERED})$"
)
_OF_YEAR = re.compile(r"\((?:19|20)\d\d\)$")  # Country (2019)


@dataclass(frozen=True)
class Header:
    """What a header says.

    Attributes
    ----------
    units
        As printed, in their order.
    of_which
        The number of marks 其中 or #.
    weak
        The flow that holds where nothing firmer speaks: 消费量.
    direction
        ``"input"`` or ``"output"`` of a transformation.
    area, coverage
        The area that it names, and 市辖区 where it is but a part of the area beside it.
    years_back
        How many years before that of the title: 1 for 上年.
    is_whole
        Whether it says 合计, and what of is told by the columns beside it.
    """

    text: str
    product: str | None = None
    flow: str | None = None
    year: int | None = None
    word: str | None = None
    units: tuple[str, ...] = ()
    sign: int = 1
    of_which: int = 0
    weak: str = ""
    direction: str = ""
    area: str = ""
    coverage: str = ""
    years_back: int = 0
    is_whole: bool = False

    @property
    def says_something(self) -> bool:
        """Whether the header places its column."""
        return self.says_amounts or bool(self.word)

    @property
    def says_amounts(self) -> bool:
        """Whether it names what its column holds amounts of."""
        return bool(self.product or self.flow or self.year or self.weak or self.direction)

    @property
    def is_rate(self) -> bool:
        """Whether it names shares, growth or coefficients, which are no amounts."""
        return self.word == "skip" and _DERIVED.search(vocabulary.fold(self.text)) is not None

    @property
    def year_label(self) -> str | None:
        """The year as a label: ``-1`` is the year before that of the title, None that of the title."""
        return str(self.year) if self.year else f"-{self.years_back}" if self.years_back else None


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
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> header = read_header("其他洗煤 (万吨) Other Washed Coal (104 tn)", Mapping())
    >>> header.product, header.units
    ('other_washed_coal', ('万吨', '104 tn'))
    """
    return words.remember(
        ("header", text, occurrence), lambda: _read_header(text, words, occurrence)
    )


def _read_header(text: str, words: Mapping, occurrence: int) -> Header:
    label = read_label(text, words)
    folded = label.names[0]
    own = words.columns.keys() | words.products.keys() | words.flows.keys()
    if is_planned(text) and own.isdisjoint(label.names):
        return Header(label.text, word="skip", units=label.units)
    if found := (
        _read_covered(text, words, occurrence)
        or _read_year(label, words)
        or _read_beside_unit(text, words, occurrence)
    ):
        return found
    if f"{folded}#{occurrence}" in words.ignored_columns:
        return Header(label.text, word="skip", units=label.units)
    if folded in words.columns:
        return Header(label.text, word=words.columns[folded], units=label.units)
    product = words.products.get(f"{folded}#{occurrence}") or label.product or None
    header = Header(
        label.text,
        product,
        _find_flow(folded, product, label, words),
        units=label.units,
        sign=next((words.signs[name] for name in label.names if name in words.signs), 1),
        of_which=label.of_which,
        is_whole=not label.flow and _says_total(label, product),
    )
    if header.product or header.flow or header.is_whole:
        return header
    return _read_word(header, label.names) or _read_joined(header, text, label, words)


def _find_flow(folded: str, product: str | None, label: Label, words: Mapping) -> str | None:
    """Return the flow that a header names: beside a product only where the user's own words give it one."""
    if not product:
        return label.flow or None
    is_own = not any(folded in each.flows for each in words.layouts)
    return words.flows.get(folded) if is_own and folded not in words.products else None


def _says_total(label: Label, product: str | None) -> bool:
    """Return whether a header says 合计 alone, or last behind a product: Coal - Total beside Coal - Industrial."""
    if not product:
        return total_words().issuperset(label.names[2:])
    *_, last = _STEP.split(label.text)
    return last != label.text and vocabulary.fold(last) in total_words()


def _read_covered(text: str, words: Mapping, occurrence: int) -> Header | None:
    """Return what a header says that names a part of the area beside its amounts."""
    beside = _COVERAGE.search(text)
    rest = _COVERAGE.sub("", text) if beside else ""
    header = read_header(rest, words, occurrence=occurrence) if rest else None
    if not (beside and header and header.says_amounts):
        return None
    word = next(filter(None, beside.groups()))
    return replace(header, text=text, coverage=COVERAGES[vocabulary.fold(word)])


def _read_year(label: Label, words: Mapping) -> Header | None:
    """Return the header that is a year, alone or beside a unit."""
    if year := year_of(label.text):
        return Header(label.text, year=year, units=label.units)
    beside = _YEAR_AND_UNIT.fullmatch(label.text)
    unit = (beside["behind"] or beside["before"]) if beside else None
    if not (beside and unit and unit_known(unit, words)):
        return None
    return Header(label.text, year=int(beside["year"]), units=(unit,))


def split_beside_unit(text: str, words: Mapping) -> tuple[str, str]:
    """Return the name and the unit of a header that begins or ends with its unit, as names of columns in data bases do.

    Two blanks where it does not.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> split_beside_unit("kwh_delivered", Mapping()), split_beside_unit("industrial_gwh", Mapping())
    (('delivered', 'kwh'), ('industrial', 'gwh'))
    """
    first, *inner = text.strip().split("_")
    if not inner or not text.isascii():
        return "", ""
    for unit, rest in ((first, inner), (inner[-1], [first, *inner[:-1]])):
        name = " ".join(rest)
        # Whatever place a mapping passes over: it is named all the same.
        header = read_header(name, words, occurrence=0) if unit_known(unit, words) else None
        if header and (header.says_amounts or header.is_whole or header.word == "physical"):
            return name, unit
    return "", ""


def _read_beside_unit(text: str, words: Mapping, occurrence: int) -> Header | None:
    """Return what a header says that begins or ends with its unit."""
    name, unit = split_beside_unit(text, words)
    if not name:
        return None
    if f"{vocabulary.fold(name)}#{occurrence}" in words.ignored_columns:
        return Header(name, word="skip", units=(unit,))
    header = read_header(name, words, occurrence=occurrence)
    named = header.text if header.says_amounts or header.is_whole else text
    return replace(header, text=named, units=(unit, *header.units))


def _read_word(header: Header, names: Sequence[str]) -> Header | None:
    """Return what a header says that names what its column is, and no flow or product; None if it is no such word.

    A part of the area is named by the whole, or in one of its languages: 全市 Total.
    """
    folded = names[0]
    if covered := next((name for name in names if name in COVERAGES), ""):
        return replace(header, word="physical", coverage=COVERAGES[covered])
    if word := _word_of(folded):
        return replace(header, word=word)
    if relative := _RELATIVE_YEAR.fullmatch(folded):
        return replace(header, word="physical", years_back=int(bool(relative[2])))
    return replace(header, word="skip") if folded and _DERIVED.search(folded) else None


def _read_joined(header: Header, text: str, label: Label, words: Mapping) -> Header:
    """Return what a header says that joins several things, that is no energy, or whose bracket names a product.

    能源合计(发电煤耗计算法) is one.
    """
    if joined := label.joined:
        return replace(
            header,
            product=joined.product or None,
            flow=joined.flow or None,
            weak=joined.weak,
            direction=joined.direction,
            area=joined.area,
            sign=joined.sign,
            is_whole=bool(joined.product)
            and not joined.flow
            and _says_total(label, joined.product),
        )
    if direction := find_direction(label.names[0]):  # 投入量 above 原煤 | 天然气
        return replace(header, direction=direction)
    if name_quantity(text, is_header=True):
        return replace(header, word="skip")
    if dated := _read_dated(header, label, words):
        return dated
    inner = BRACKETS.findall(unicodedata.normalize("NFKC", text))
    products = (vocabulary.resolve("product", one, words.products) for one in inner)
    kinds = (column_word(one) for one in inner)
    return replace(
        header, product=next(filter(None, products), None), word=next(filter(None, kinds), None)
    )


def _read_dated(header: Header, label: Label, words: Mapping) -> Header | None:
    """Return what a header says that begins or ends with a year: 2015年消费量, Electricity 2019."""
    match = _DATED.fullmatch(label.text)
    if match is None:
        return None
    rest = read_header(match["behind"] or match["before"], words)
    is_of_rows = rest.word == "label" and header.units  # Energy balance (TJ) 2020
    if is_of_rows or (rest.is_whole and not rest.units):  # Total 2020, behind its months
        rest = replace(rest, word="physical")
    if rest.year or not (rest.says_amounts or rest.word in {"physical", "standard", "skip"}):
        return None
    year = int(match["first"] or match["last"])
    return replace(rest, text=label.text, year=year, units=header.units + rest.units)


def _word_of(folded: str) -> str | None:
    """Return what a column of this heading holds, also where the heading says its language (item_cn) or is in two."""
    whole = (
        column_word(folded)
        or column_word(_LANGUAGE.sub("", folded))
        or column_word(_OF_YEAR.sub("", folded))
    )
    if whole:
        return whole
    parts = {column_word(part) for part in vocabulary.split_scripts(folded)} - {None}
    return parts.pop() if len(parts) == 1 else None
