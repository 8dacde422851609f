"""What a title says its table is about: one product, one flow, the input of plants, or no energy balance."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from carbonacct import remarks, vocabulary
from carbonacct.balances.words.compounds import direct, list_pieces, read_compound
from carbonacct.balances.words.other_quantities import find_planned_years
from carbonacct.characters import simplify
from carbonacct.data import data_folder, read_rows
from carbonacct.texts import Both

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from carbonacct.balances.words.compounds import Compound

# 电力平衡表, 分行业煤炭消费总量, 原煤产量: a product stands before one of these words.
_CUE = re.compile(r"(?:能源)?(?:平衡表|消费|消耗|产量|生产量|生产(?=[与和及、]消费)|供需|供求)")
_ENGLISH_CUE = re.compile(
    r"\b(?:(?:energy|commodity) )*(?:balances?|consumption|use|demand|deliveries|distribution"
    r"|output|production|supply|sales|statistics)\b",
    re.IGNORECASE,
)
# Supply and consumption of coal.
_ENGLISH_BEHIND = re.compile(r" of (?:the )?([A-Za-z]+(?: [A-Za-z]+){0,3})(\W*\w*)")
# Electricity, natural gas and coal: a comma stands before a year or "by sector" as well.
_LIST_GOES_ON = re.compile(r"\s*(?:[,&/]|and\b)\s*([A-Za-z]+(?: [A-Za-z]+){0,2})")
_BALANCE = re.compile(r"平衡表|\bbalance", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"[。；;\n(（)）]")
_LISTED = re.compile(r"(?:[、,，和与及/]|\band\b|&)\s*$")
_DASHED = re.compile(r"(?:[–—]|\s-)\s*$")
_NOTE = re.compile("[:：]")  # 综合机关：某省电力
_BEHIND = re.compile(r"(?:供应|供给|供气|供热|情况|[（(][^（）()]*[)）]|[-—]?(?:19|20)\d\d年?)+$")
_IN_BRACKETS = re.compile(r"[（(]([^（）()]{2,30})[)）]")
_TRANSLATION = re.compile(r"(?<=[\u4e00-\u9fff）)年])\s+[A-Za-z][\x20-\x7e]*$")
# The last phrase of a title in Latin letters, before its year and unit.
_LAST_PHRASE = re.compile(
    r"(?:^(?:Tab[a-z]*\.? )?[\d.-]*\s*|[,–—]\s*|\s-\s)([A-Za-z]+(?: [A-Za-z]+){0,3})"
    r"(?:,? ?(?:19|20)\d\d|\s*[(\[][^()\[\]]*[)\]])*\s*$",
    re.IGNORECASE,
)
_LONGEST_WORD = 16
_MOST_WORDS = 4
_OUTPUT = re.compile(r"产量|生产量|\boutput of\b|\bproduction of\b", re.IGNORECASE)
_PRIMARY = re.compile(r"能源生产(?:总?量)|energyproduction")
_USE = re.compile(r"消费|消耗|平衡表|\bconsumption\b|\bbalance\b", re.IGNORECASE)
# How a phrase such as 全社会用电量 ends, and what may stand before it in a title: whose it is, and when.
_LAST_LETTERS = frozenset("量电煤热气")
_BEFORE_PHRASE = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|年|年份|历年|[各分](?:[市县区州]|地区|城市|省市)+|全[市省国县]|[省市县州盟旗]|主要城市)$"
)
_FINAL = re.compile(
    r"终端(?:能源)?(?:品种)?(?:消费|消耗)|最终消费"
    r"|\b(?:final|end-?use|terminal) (?:energy )?consumption\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?:消费|消耗)(?:总?量)")
# All users but some: of which uses, the title does not say.
_ALL_BUT = re.compile(
    r"非(?:工业(?!生产)|农业)|(?:除|不[含包]括?)(?:规模以上)?工业|(?:工业|农业|居民|交通)(?:以外|除外)"
    r"|除(?:农业|居民|交通)[^，。；\s]{0,6}外|\bnon-?\s?(?:industr|agricultur)"
    r"|\b(?:excluding|except|except for|other than|without) (?:the )?industr",
    re.IGNORECASE,
)
_ENERGY_USE = re.compile(r"能源(?:消费|消耗)")  # 各市能源消费情况
# How titles of other languages say what is used, by whom the words beside it say.
_FOREIGN_USE = re.compile(
    r"\bconsum[oi]s?\b|\bconsommations?\b|verbrauch|소비|потребление|споживання|förbrukning|forbruk"
    r"|verbruik|zużycie|tüketimi|patēriņ|suvartojim|tarbimine|spotřeb|spotreb|kulutus|konsumsi|pemakaian",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
# 生活能源消费量, 建筑业能源消费: the sector stands before what it uses.
_SECTOR_CUE = re.compile(
    r"(企业|单位|部门|行业)?(?:分品种|分行业|主要|综合)*(?:能源|能源品种|能源资源|燃料)?(?:终端)?(?:消费|消耗|用能|能源(?=$|情况|[（(]|\n))"
)
_CITIES = "城市"
_SECTORS = (
    "households",
    "construction",
    "transport",
    "farming",
    "wholesale_retail",
    "tertiary_industry",
    "services.public",
    "industry.energy_intensive",
)
_ENGLISH_SECTOR = re.compile(
    r"\b([A-Za-z]+(?:[ /&,-]+(?!sector\b)[A-Za-z]+){0,3}) sector\b", re.IGNORECASE
)
# Household electricity consumption, consumption of gas in the residential sector: whose use it is.
_ENGLISH_USE = re.compile(r"\b(?:consumption|use|demand)\b|\benergy\W*$", re.IGNORECASE)
_ENGLISH_WORD = re.compile(r"[A-Za-z]+|[,&/]")
# Only looked at: in households and transport the next name begins within the words behind the first.
_WHOSE = re.compile(
    r"(?:\b(?:of|in|by|for|and)|[,&/]) ?(?:the )?(?=([A-Za-z]+(?: [A-Za-z]+){0,2}))", re.IGNORECASE
)
_ENERGY_WORDS = frozenset(
    {"energy", "final", "secondary", "total", "fuel", "power", "annual", "enduse"}
)
# A unit names coal or oil and means energy; titles are spaced out (综 合 能 源).
_EQUIVALENT = re.compile(
    r"标准?煤|[煤油]当量|(?:coal|oil|petroleum)[ -]?equivalents?|equivalentes? de petr[oó]leo|équivalents? pétrole",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_INPUT_WORDS = (
    re.compile(r"投入|\binputs?\b", re.IGNORECASE),
    re.compile(r"产出|\boutputs?\b", re.IGNORECASE),
)


def find_product(text: str) -> str:
    """Return the product of a table about one product, or "".

    Examples
    --------
    >>> find_product("5-13 分行业电力消费总量"), find_product("6-4 Petroleum Balance Sheet")
    ('electricity', 'oil_total')
    >>> find_product("热力、电力消费量"), find_product("Energy Balance of Beijing")
    ('', '')
    >>> find_product("Gas Distribution (Towngas)"), find_product("工业消费情况（万吨标准煤）")
    ('gas_works_gas', '')
    >>> find_product("6-3 城市天然气(2018年)"), find_product("城市煤气和天然气"), find_product("热力生产与消费")
    ('natural_gas', '', 'heat')
    >>> find_product("5-12 Coal, Oil"), find_product("Table 3. Oil, Diesel")
    ('', 'diesel')
    """
    found = {
        product for product in (*_products_in_chinese(text), *_products_in_english(text)) if product
    }
    found = found or set(_products_at_end(text)) or set(_products_in_brackets(text))
    return found.pop() if len(found) == 1 else ""


def _products_in_chinese(text: str) -> Iterator[str]:
    words = vocabulary.words_of("product")
    folded = re.sub(r"\s+", "", simplify(text))
    for cue in _CUE.finditer(folded):
        before = folded[: cue.start()]
        for length in range(min(_LONGEST_WORD, len(before)), 1, -1):
            if not before[-length:].isascii() and (product := words.get(before[-length:])):
                yield product
                if _LISTED.search(before[:-length]):
                    yield "several"
                break


def _products_at_end(text: str) -> Iterator[str]:
    """Yield the products with which lines of a title end: 城市天然气(2018年); Table 3.2 Natural gas, 2019."""
    words = vocabulary.words_of("product")
    for line in text.splitlines():
        if remarks.is_remark(line) or _NOTE.search(line):
            continue
        if (last := _LAST_PHRASE.search(line)) and (
            product := vocabulary.resolve("product", last[1])
        ):
            yield product
            if _ends_with_another(line[: last.start(1)], product):
                yield "several"
        chinese = _TRANSLATION.sub("", simplify(line))
        folded = _BEHIND.sub("", re.sub(r"\s+", "", chinese))
        for length in range(min(_LONGEST_WORD, len(folded)), 1, -1):
            if not folded[-length:].isascii() and (product := words.get(folded[-length:])):
                yield product
                if _LISTED.search(folded[:-length]):
                    yield "several"
                break


def _ends_with_another(text: str, product: str) -> bool:
    """Return whether a list ends with a product that another, which stands behind it, is no part of: Coal, Oil."""
    words = re.findall(r"[A-Za-z]+", text) if _LISTED.search(text) or _DASHED.search(text) else []
    ends = (" ".join(words[-count:]) for count in range(min(_MOST_WORDS, len(words)), 0, -1))
    before = next(filter(None, (vocabulary.resolve("product", end) for end in ends)), None)
    return before is not None and not vocabulary.is_product_within(product, before)


def _products_in_brackets(text: str) -> Iterator[str]:
    """Yield the products that stand in brackets: Gas Distribution (Towngas)."""
    for inside in _IN_BRACKETS.findall(text):
        if product := vocabulary.resolve("product", inside):
            yield product


def _products_in_english(text: str) -> Iterator[str]:
    for cue in _ENGLISH_CUE.finditer(text):
        before = re.findall(r"[A-Za-z]+|[,&]", text[: cue.start()])
        for count in range(min(_MOST_WORDS, len(before)), 0, -1):
            if _LISTED.fullmatch(before[-count]):
                continue
            if product := vocabulary.resolve("product", " ".join(before[-count:])):
                yield product
                if _LISTED.search(" ".join(before[:-count])):
                    yield "several"
                break
        else:
            yield from _product_behind(text[cue.end() :])


def _product_behind(text: str) -> Iterator[str]:
    """Yield the product that a text names behind its "of"."""
    of = _ENGLISH_BEHIND.match(text)
    words = of[1].split() if of else []
    for count in range(len(words), 0, -1):
        if words[count - 1] == "and":
            continue
        if product := vocabulary.resolve("product", " ".join(words[:count])):
            yield product
            if words[count:][:1] == ["and"] or (of and _names_another(text[of.end(1) :])):
                yield "several"
            return


def _names_another(text: str) -> bool:
    """Return whether a list of products goes on."""
    listed = _LIST_GOES_ON.match(text)
    words = listed[1].split() if listed else []
    ends = range(len(words), 0, -1)
    return any(vocabulary.resolve("product", " ".join(words[:end])) for end in ends)


def find_flow(text: str) -> str:
    """Return the flow that a table is about, or "".

    Examples
    --------
    >>> find_flow("规模以上工业能源消费"), find_flow("分地区电力消费量"), find_flow("规模以上工业原煤产量")
    ('industry', 'total_consumption', 'gross_output')
    >>> find_flow("主要年份能源终端消费量"), find_flow("农村生活用能")
    ('final_consumption', 'households_rural')
    >>> find_flow("某市六大高耗能行业能源消费量")
    'industry.energy_intensive'
    >>> find_flow("非工业重点耗能单位能源消费情况"), find_flow("Energy consumption excluding industry")
    ('', '')
    >>> find_flow("某省发电行业能源消费量"), find_flow("铁路运输燃料消耗情况表"), find_flow("分行业能源消费量")
    ('thermal_power.input', 'transport.rail', 'total_consumption')
    """
    folded = vocabulary.fold(text)
    is_all_but = _ALL_BUT.search(text)
    sector = "several" if is_all_but else _find_sector(text) or _find_english_sector(text)
    if sector:
        return "" if sector == "several" else sector
    if _PRIMARY.search(folded) and not _USE.search(text):
        return "production"
    if _OUTPUT.search(text) and not _USE.search(text):
        return "gross_output"
    if "工业" in folded or "industr" in folded:
        return "industry"
    if _FINAL.search(folded) or _FINAL.search(text):
        return "final_consumption"
    is_use = _AMOUNT.search(folded) or re.search(r"\bconsumption\b", text, re.IGNORECASE)
    return "total_consumption" if is_use else ""


def find_weak_flow(text: str) -> str:
    """Return the flow that a title names by a looser word of use: total consumption, or whose use it is; else "".

    Where neither it nor its table names one.

    Examples
    --------
    >>> find_weak_flow("各市能源消费情况"), find_weak_flow("农村能源消费情况"), find_weak_flow("能源平衡表")
    ('total_consumption', '', '')
    >>> find_weak_flow("Consumo de energía por provincia (TJ)"), find_weak_flow("Verbrauch der Haushalte")
    ('total_consumption', 'households')
    """
    if _ALL_BUT.search(text):
        return ""
    if _ENERGY_USE.search(text) and _find_sector(text) != "several":
        return "total_consumption"
    if not _FOREIGN_USE.search(text):
        return ""
    words = _WORD.findall(text)
    named = {
        flow
        for begin in range(len(words))
        for count in range(1, _MOST_WORDS + 1)
        if (flow := vocabulary.resolve("flow", " ".join(words[begin : begin + count])))
    }
    named = named - {"total_consumption"} or {"total_consumption"}
    return named.pop() if len(named) == 1 else ""


def _find_sector(text: str) -> str:
    """Return the one sector other than industry whose use a Chinese title names, or ``"several"``."""
    words, (pieces, never) = vocabulary.words_of("flow"), list_pieces()
    folded = re.sub(r"\s+", "", simplify(text))
    found = set()
    for cue in _SECTOR_CUE.finditer(folded):
        before = folded[: cue.start()]
        for length in range(min(_LONGEST_WORD, len(before)), 1, -1):
            word = before[-length:]
            whole = f"{word}{cue[1] or ''}"  # 六大高耗能行业
            word = whole if whole in words else word
            flow = words.get(word) or (pieces[word].flow if word in pieces else "")
            if flow and word == _CITIES:  # 主要城市能源消费量: places, and no users
                break
            if flow:
                is_open = word in never or _LISTED.search(before[:-length])
                found.add("several" if is_open else flow)
                break
    if len(found) > 1 or "several" in found:
        return "several"
    sector = found.pop() if found else ""
    if vocabulary.is_within(sector, "transformation"):  # 供热企业能源消耗: what plants take in
        return direct(sector, "input")
    return sector if any(vocabulary.is_within(sector, one) for one in _SECTORS) else ""


def _find_english_sector(text: str) -> str:
    """Return the one sector that a title in English names as such: Residential Sector."""
    named = [_ENGLISH_WORD.findall(match[1]) for match in _ENGLISH_SECTOR.finditer(text)]
    found = {flow for words in named for flow in _resolve_ends(words)}
    found |= {flow for line in text.splitlines() for flow in _users(line)}
    sectors = {
        flow
        for flow in found
        if any(vocabulary.is_within(flow, one) for one in (*_SECTORS, "other_services", "industry"))
    }
    if len(sectors) > 1:
        return "several"
    return sectors.pop() if sectors else ""


def _users(line: str) -> Iterator[str]:
    """Yield the flows before a word of use (Household electricity use) or behind one (use of households)."""
    for cue in _ENGLISH_USE.finditer(line):
        before = _ENGLISH_WORD.findall(line[: cue.start()])
        while before and (
            before[-1].lower() in _ENERGY_WORDS or vocabulary.resolve("product", before[-1])
        ):
            before.pop()
        yield from _resolve_ends(before)
        end = cue.end()
        for whose in _WHOSE.finditer(line, end):
            if whose.start() < end:  # the "and" of wholesale and retail
                continue
            words = whose[1].split()
            for count in range(len(words), 0, -1):
                named = " ".join(words[:count])
                if not _LISTED.search(named) and (flow := vocabulary.resolve("flow", named)):
                    yield flow
                    end = whose.end() + len(named)
                    break


def _resolve_ends(words: list[str]) -> Iterator[str]:
    """Yield the flow that the last words name, the most of them, and those before it: households and transport."""
    end = len(words)
    while end:
        # "and transport" is read as transport, and would hide what it is listed behind.
        places = [one for one in range(end) if not _LISTED.fullmatch(words[one])]
        begin = next(
            (one for one in places if vocabulary.resolve("flow", " ".join(words[one:end]))), None
        )
        if begin is None:
            return
        yield vocabulary.resolve("flow", " ".join(words[begin:end])) or ""
        end = begin
        while end and _LISTED.fullmatch(words[end - 1]):
            end -= 1
        if end == begin:  # nothing is listed before it
            return


def find_direction(text: str) -> str:
    """Return whether a table holds what goes into plants or what comes out; "" if both or neither.

    Examples
    --------
    >>> find_direction("火力发电、供热投入(2016年)"), find_direction("加工转换投入(-)产出(+)")
    ('input', '')
    """
    directions = [pattern.search(text) is not None for pattern in _INPUT_WORDS]
    return (
        "" if all(directions) else "input" if directions[0] else "output" if directions[1] else ""
    )


def find_joined(text: str) -> Compound | None:
    """Return what a phrase of a title says that joins a product and its use; None if no phrase or several do.

    Examples
    --------
    >>> find_joined("3-5 各市全社会用电量(2016年)").product, find_joined("各县农村用电量")
    ('electricity', None)
    """
    folded = re.sub(r"\s+", "", simplify(text))
    ends = {end for end in range(2, len(folded) + 1) if folded[end - 1] in _LAST_LETTERS}
    found: set[Compound] = set()
    products = set()  # those of phrases that are listed behind one (工业用电量和居民用气量) as well
    for end in sorted(ends):
        for begin in range(max(0, end - _LONGEST_WORD), end - 1):
            compound = read_compound(folded[begin:end])
            if compound and compound.product:
                is_whole = bool(_BEFORE_PHRASE.search(folded[:begin]))
                if is_whole or _LISTED.search(folded[:begin]):
                    products.add(compound.product)
                if is_whole:
                    found.add(compound)
                    break
    return found.pop() if len(found) == len(products) == 1 else None


@cache
def _watt_hour_words() -> dict[str, re.Pattern[str]]:
    patterns: dict[str, list[str]] = {}
    for row in read_rows(data_folder() / "vocabulary" / "watt_hour_words.csv"):
        patterns.setdefault(row["says"], []).append(row["words"])
    return {says: re.compile("|".join(words), re.IGNORECASE) for says, words in patterns.items()}


def says_other_watt_hours(title: str, names: str) -> bool:
    """Return whether watt hours are not of electricity, as far as a title and the names of sheet and file say.

    Examples
    --------
    >>> says_other_watt_hours("Sales of gas by sector (GWh)", ""), says_other_watt_hours("", "district_heat.csv")
    (True, True)
    >>> says_other_watt_hours("Energy use by sector (MWh)", ""), says_other_watt_hours("某市用电情况", "能源.csv")
    (True, False)
    """
    words = _watt_hour_words()
    text = simplify(f"{title}\n{names}").replace("_", " ")
    if words["electricity"].search(text):
        return False
    is_another = words["another"].search(text) or words["fuels"].search(text)
    return bool(is_another or words["energy"].search(simplify(title)))


def says_one_product(title: str) -> bool:
    """Return whether a title names electricity, heat or a fuel, and not energy as a whole.

    Examples
    --------
    >>> [says_one_product(f"{text} (TJ)") for text in ("Erdgasverbrauch 2019", "Energy use", "Table 3")]
    [True, False, False]
    >>> says_one_product("7-3 综 合 表 单位: 万吨标准煤")
    False
    >>> says_one_product("Table 3, thousand tonnes of oil equivalent")
    False
    """
    words = _watt_hour_words()
    text = _EQUIVALENT.sub("", _BROKEN.sub("", simplify(title)))
    is_one = words["another"].search(text) or words["electricity"].search(text)
    return bool(is_one) and not (words["energy"].search(text) or words["fuels"].search(text))


@cache
def _others(place: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = read_rows(data_folder() / "vocabulary" / "other_tables.csv")
    return tuple(
        (re.compile(row["pattern"], re.IGNORECASE), Both(row["what_en"], row["what_zh"]))
        for row in rows
        if row["place"] == place
    )


def name_other(text: str) -> str:
    """Return what a title says the numbers are, where they are no amounts of a year; else "".

    What it says of one year (2025年为规划数) is none of all.

    Examples
    --------
    >>> name_other("5-18 人均生活能源消费量"), name_other("5-2 能源消费总量及构成")
    ('amounts per person', '')
    """
    return _name_title(text)


@lru_cache(maxsize=4096)
def _name_title(text: str) -> str:
    lines = _SENTENCE_ENDS.split(simplify(text))
    simplified = "\n".join(line for line in lines if not find_planned_years(line))
    return next((what for pattern, what in _others("title") if pattern.search(simplified)), "")


def find_note_of_other(texts: Iterable[object]) -> tuple[int, str]:
    """Return which of some cells is a note that says so of its whole table, and what its numbers are; else (-1, "").

    Examples
    --------
    >>> find_note_of_other(["煤炭消费量", "注：本表数据均为预测数。"])[0]
    1
    """
    return _find_first(_name_note, texts)


@lru_cache(maxsize=65536)
def _name_note(text: str) -> str:
    simplified = simplify(text)
    return next((what for pattern, what in _others("note") if pattern.search(simplified)), "")


def find_other(texts: Iterable[object]) -> tuple[int, str]:
    """Return which cell says that the numbers beside it are no amounts of a year, and what they are; else (-1, "").

    Examples
    --------
    >>> find_other(["煤炭消费量", 1200.0, "约束性"])[0], find_other(["煤炭消费量"])
    (2, (-1, ''))
    """
    return _find_first(_name_cell, texts)


@lru_cache(maxsize=65536)
def _name_cell(text: str) -> str:
    bare = text.strip()
    return next((what for pattern, what in _others("cell") if pattern.fullmatch(bare)), "")


def _find_first(name: Callable[[str], str], texts: Iterable[object]) -> tuple[int, str]:
    """Return the first of some cells of which anything is said, and what; (-1, "") if nothing is of any."""
    for number, text in enumerate(texts):
        if isinstance(text, str) and (what := name(text)):
            return number, what
    return -1, ""


def names_balance(text: str) -> bool:
    """Return whether a title calls its table a balance.

    Examples
    --------
    >>> names_balance("厦门市电力平衡表"), names_balance("厦门市全社会用电量")
    (True, False)
    """
    return bool(_BALANCE.search(text))
