"""What the title of a table says of all its cells: area, year, and a product or flow that it is about."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from carbonacct import remarks, vocabulary
from carbonacct.balances.label.headers import column_word, years_in
from carbonacct.balances.label.topics import find_direction, find_flow, find_joined, find_product
from carbonacct.characters import simplify
from carbonacct.records.area_names import find_area, find_counties, find_part, find_places
from carbonacct.records.heading_roles import fiscal_year
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Sheet

Source = Literal["title", "option", "layout", "name", "page before", "file"]

_CITY = re.compile(
    r"([\u4e00-\u9fff]{2,20}?(?:开发区|示范区|试验区|园区|新区)|[\u4e00-\u9fff]{2,7}?(?:自治州|地区|市|州|盟|县|区|旗)"
    r"|[\u4e00-\u9fff]{2,7}?(?:镇|乡|街道|村)(?=能源|[\d(]|$))"
)
_RANK = re.compile(r"(?:自治州|自治区|地区|[省市州盟县区])$")
_MANY_AREAS = re.compile(r"直辖市|^自治区$|分地区|各|本地区|省区|分市|按地区|主要|全[国省市]")
_LEADING_NUMBERS = re.compile(
    r"^[#\d\s.、（）()一二三四五六七八九十续表-]+(?:年度?\s*)?(?:[\d—–-]+月份?)?"
)
# City of Boulder, County of San Diego: a name that the vocabulary need not know.
_CITY_BY_RANK = re.compile(
    r"\b(?:City|County|Town|Village|Municipality|Borough|City and County) of"
    r"(?: (?:(?!(?:Energy|Electricity|Community|Government|Greenhouse|GHG|Fuel|Final|Total|FY\d*)\b)"
    r"[A-ZÀ-Þ][\w'’.-]*|(?:de|la|las|los|of|and|upon|le|el|da|do)(?= [A-ZÀ-Þ]))){1,5}"
)
_YEARBOOK = re.compile(
    r"(?:(?:19|20)\d\d年?)?[^\d\s]*(?:年鉴|yearbook)(?:[\s_（(-]*(?:19|20)\d\d(?![\d年]))?"
    r"|(?:balan[çc]o energ[ée]tico nacional|anu[áa]rio [^\d]{0,60}|digest of [^\d]{0,60}"
    r"|statistical abstract[^\d]{0,40})"
    r"\W*(?:19|20)\d\d(?!\d)|(?:19|20)\d\d edition|edition(?: of)? (?:19|20)\d\d",
    re.IGNORECASE,
)
_OF_BOOKS = re.compile(
    r"年鉴|yearbook|balan[çc]o energ[ée]tico nacional|anu[áa]rio |digest of |statistical abstract|\bedition\b",
    re.IGNORECASE,
)
_REPUBLIC = re.compile(r"民[国國]\s*(\d{2,3})\s*年")  # 民國109年 is 2020
_FISCAL = re.compile(r"(?<!\d)(?:19|20)\d\d/(?:(?:19|20)\d\d|\d\d)(?!\d)")  # 2019/2020
_IS_TITLE = re.compile(r"平衡表|能源|消费|\b(?:energy|balance|consumption)\b", re.IGNORECASE)
# 甲市、乙市, 庐阳区、蜀山区: names of one form behind one another.
_LISTED = re.compile(
    r"(?:(?<=[、,，和与及])|(?<![\u4e00-\u9fff]))[\u4e00-\u9fff]{2,5}?[市州盟县区](?=[、,，"
    r"和与及][\u4e00-\u9fff]{2,5}?[市州盟县区])|(?<=[市州盟县区][、,，"
    r"和与及])[\u4e00-\u9fff]{2,5}?[市州盟县区]"
)
_SUFFIX = re.compile(r"\.\w+$")
_CONTINUED = re.compile(r"续表|continued", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.ASCII)
_ANY_YEAR = "2000"
_LATIN_WORD = re.compile(r"[a-z0-9]+")
_SHORT = 3  # letters of a word that others may hold


@dataclass(frozen=True)
class Title:
    """What holds for each cell that its row and column say nothing else of.

    Attributes
    ----------
    area, area_from
        The area's name, and what says so (``"file"``: nothing does, the file's name stands in).
    year, years, year_from
        The one year, all years that are named, and what names them.
    product, flow, direction
        What the whole table is about, if it is about one thing: also the inputs, or outputs, of
        plants.
    text
        The title itself.
    overruled
        The other area, or the several, that the title names, where an option names the area.
    other_areas, other_years
        Areas and years that the title names as well, each with its cell, and that contradict the
        first.
    """

    area: str
    area_from: Source
    year: int | None = None
    years: tuple[int, ...] = ()
    year_from: str = ""
    product: str = ""
    flow: str = ""
    text: str = ""
    overruled: str = ""
    other_areas: tuple[tuple[str, str], ...] = ()
    other_years: tuple[tuple[int, str], ...] = ()
    direction: str = ""


def read_title(
    sheet: Sheet,
    texts: Sequence[str],
    words: Mapping,
    area: str | None,
    *,
    before: Title | None,
    has_rows: bool = True,
) -> Title:
    """Return what a title says.

    Parameters
    ----------
    sheet
        Its name and the file's may say what the title leaves out.
    texts
        Cells above the header.
    words
        The table's own words.
    area
        The option, over what the title says.
    before
        The title of the page before, of which a continued page says nothing again.
    has_rows
        Whether anything stands above the header.
    """
    years, origin = _years(sheet, texts)
    other_years = () if origin else _other_years(sheet, texts)
    topic = _read_topic(texts, words)
    named = () if has_rows else (sheet.name,)
    if named:
        # A workbook keeps its title in the name of the sheet where nothing stands above the table.
        about = _read_topic(named, words)
        topic = replace(
            topic,
            product=topic.product or about.product,
            flow=topic.flow or about.flow,
            direction=topic.direction or about.direction,
        )
    name, area_from = _area(sheet, texts, topic, words, option=area)
    title = Title(
        area=name,
        area_from=area_from,
        year=years[0] if len(years) == 1 and not other_years else None,
        years=years,
        year_from=origin,
        product=topic.product or vocabulary.resolve("product", sheet.name, words.products) or "",
        flow=topic.flow,
        text=simplify("".join(_leave_sources((*named, *texts)))),
        overruled=_overruled(topic, words, area),
        other_areas=()
        if area
        else tuple((named, _cell_of(sheet, texts[n])) for named, n in topic.places),
        other_years=other_years,
        direction=topic.direction,
    )
    if before is None:
        return title
    if title.area_from == "file" or (
        title.area_from == "name" and before.area_from in {"option", "title"}
    ):
        title = replace(title, area=before.area, area_from="page before")
    if not title.years or (origin and before.years):
        title = replace(title, year=before.year, years=before.years, year_from=before.year_from)
    return replace(
        title,
        product=title.product or before.product,
        flow=title.flow or before.flow,
        direction=title.direction or before.direction,
    )


@dataclass(frozen=True)
class _Topic:
    """What the lines of a title say beside their years.

    Where they list several areas, each with the number of its line.
    """

    area: str | None
    product: str
    flow: str
    direction: str
    places: tuple[tuple[str, int], ...]


def _read_topic(texts: Sequence[str], words: Mapping) -> _Topic:
    """Return what a title says beside its years: the same in each year of a series."""
    lines = tuple(_YEAR.sub(_ANY_YEAR, simplify(text)) for text in texts)
    topic = words.remember(("topic", lines), lambda: _read_lines(lines))
    own = _find_own_product(texts, words) if words.products else ""
    return replace(topic, product=own, flow=find_flow(_join_lines(lines))) if own else topic


def _find_own_product(texts: Sequence[str], words: Mapping) -> str:
    """Return the product of a mapping file's own word that a title holds, or ""."""
    folded = vocabulary.fold(simplify("".join(texts)))
    alone = {*_LATIN_WORD.findall("\n".join(texts).lower())}
    for word, product in words.products.items():
        # A code (1) stands in any year, and three letters (gas) in other words: Gasoline.
        is_short = word.isascii() and len(word) <= _SHORT
        if any(map(str.isalpha, word)) and (word in alone if is_short else word in folded):
            return product
    return ""


def _join_lines(texts: Sequence[str]) -> str:
    """Return the lines of a title without those of sources: 资料来源：市工业和信息化局 is no industry."""
    return "\n".join(_leave_sources(line for text in texts for line in text.splitlines()))


def _leave_sources(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if not remarks.is_source(line))


def _read_lines(lines: Sequence[str]) -> _Topic:
    text = _join_lines(lines)
    product = find_product(text)
    flow = find_flow(text) if product else ""
    # 用电量 names a product by its last letters, and whose use it is as a whole.
    joined = None if flow else find_joined(text)
    if joined and product in {"", joined.product}:
        product, flow = joined.product, joined.flow or joined.weak
    return _Topic(
        area=_area_in(lines),
        product=product,
        flow=flow or find_flow(text),
        direction=find_direction(text),
        places=_list_areas(lines),
    )


def is_continued(texts: Sequence[str]) -> bool:
    """Return whether a title says that its page goes on with the table before it.

    Examples
    --------
    >>> is_continued(["6-1 续表1"]), is_continued(["6-1 北京能源平衡表"])
    (True, False)
    """
    return any(_CONTINUED.search(text) for text in texts)


def _years(sheet: Sheet, texts: Sequence[str]) -> tuple[tuple[int, ...], str]:
    """Return the years of the first text that names any, and where it stands if not in the title.

    The year of a yearbook is not that of its data.
    """
    names = ((say("the sheet's name"), sheet.name), (say("the file's name"), _stem(sheet)))
    for origin, printed in (*(("", text) for text in texts), *names):
        text = _REPUBLIC.sub(lambda found: f"{int(found[1]) + 1911}年", printed)
        text = _FISCAL.sub(lambda found: str(fiscal_year(found[0]) or found[0]), text)
        if years := years_in(_YEARBOOK.sub("", text) if _OF_BOOKS.search(text) else text):
            return tuple(sorted(set(years))), origin
    return (), ""


def _stem(sheet: Sheet) -> str:
    return _SUFFIX.sub("", sheet.file)


def _area(
    sheet: Sheet, texts: Sequence[str], topic: _Topic, words: Mapping, *, option: str | None
) -> tuple[str, Source]:
    if option:
        return option, "option"
    names = [sheet.name, _stem(sheet)]
    source: Source = "title"
    found = topic.area
    if not found and "*" in words.areas:
        return words.areas["*"], "layout"
    if not found:
        found, source = _area_in(names), "name"
    if not found:
        found, source = find_area(map(simplify, texts), last=True), "title"
    if not found:
        found, source = find_area(names, last=True), "name"
    return (
        (words.areas.get(vocabulary.fold(found), found), source)
        if found
        else (_stem(sheet), "file")
    )


def _overruled(topic: _Topic, words: Mapping, option: str | None) -> str:
    """Return the area that a title names, where it is another than the option's or one of several; else nothing."""
    if (
        option and topic.places
    ):  # one's own name for all of them, such as 京津冀, is no contradiction
        is_known = vocabulary.resolve("area", option) is not None
        return join_texts(", ", [name for name, _ in topic.places]) if is_known else ""
    found = topic.area
    if (
        not option
        or not found
        or _key(found, words) in {_key(option, words), _key(_area_in([option]) or option, words)}
    ):
        return ""
    return found


def _list_areas(lines: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return the areas that a title names if several, each with its line: 北京市、天津市; 重庆 over BEIJING."""
    found: dict[str, int] = {}
    for number, line in enumerate(lines):
        if not remarks.is_remark(line):
            known, listed = find_places(line), find_counties(line) or _listed_cities(line)
            for area in listed if len(listed) > len(known) else known:
                found.setdefault(area, number)
    wholes = {vocabulary.areas()[area].parent for area in found if area in vocabulary.areas()}
    named = [
        (vocabulary.name("area", area, "zh"), number)
        for area, number in found.items()
        if area not in wholes
    ]
    return tuple(named) if len(named) > 1 else ()


def _listed_cities(text: str) -> list[str]:
    """Return the cities that a text lists by names that the vocabulary does not know: 甲市、乙市."""
    names = _LISTED.findall(unicodedata.normalize("NFKC", text))
    return [name for name in names if not _MANY_AREAS.search(name)] if len(names) > 1 else []


def _other_years(sheet: Sheet, texts: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Return the one years of the lines of a title where they contradict each other, with their cells."""
    found: dict[int, str] = {}
    for text in texts:
        years = years_in(text)
        if (
            len(set(years)) == 1
            and _IS_TITLE.search(simplify(text))
            and not (_OF_BOOKS.search(text) or remarks.is_remark(text))
        ):
            found.setdefault(years[0], text)
    return (
        tuple((year, _cell_of(sheet, text)) for year, text in found.items())
        if len(found) > 1
        else ()
    )


def _cell_of(sheet: Sheet, text: str) -> str:
    """Return the address of the first cell that holds a text."""
    return sheet.address(
        *next(
            (
                (i, j)
                for i, row in enumerate(sheet.rows)
                for j, cell in enumerate(row)
                if cell == text
            ),
            (0, 0),
        )
    )


def _key(area: str, words: Mapping) -> str:
    """Return what all spellings of an area have in common: its id, or where it has none its name without its rank."""
    named = words.areas.get(vocabulary.fold(area), area)
    return vocabulary.resolve("area", named) or _RANK.sub("", vocabulary.fold(named))


def name_cell(sheet: Sheet, area: str) -> str:
    """Return the address of the first cell that names an area."""
    places = (
        (i, j)
        for i, row in enumerate(sheet.rows)
        for j, cell in enumerate(row)
        if isinstance(cell, str) and _area_in([cell]) == area
    )
    return sheet.address(*next(places, (0, 0)))


def _area_in(texts: Sequence[str]) -> str | None:
    if found := find_area(texts):
        return found
    for text in texts:
        if column_word(text):  # 县市区 heads a column
            continue
        bare = _LEADING_NUMBERS.sub("", re.sub(r"\s+", "", text))
        match = _CITY.search(bare)
        if match and not _MANY_AREAS.search(match[1]):
            return find_part(match[1], bare[match.end() :], bare) or match[1]
    return next((match[0].strip() for text in texts if (match := _CITY_BY_RANK.search(text))), None)
