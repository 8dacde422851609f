"""The area that a title names: names are told from other words before a column of areas says so."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.answers import may_keep
from carbonacct.data import data_folder, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PLACES = frozenset({"province", "city", "state"})
_CJK = re.compile(r"[\u3400-\u9fff]")
# What may stand before and behind a short name in Chinese, where no space tells words apart.
_BEFORE = re.compile(r"(?:^|[^\u3400-\u9fff]|[年度表省区市一二三四五六七八九十])$")
_BEHIND = re.compile(
    r"$|[^\u3400-\u9fff]|能源|电力|热力|(?:煤炭?|石油|天然气)(?:平衡|消费)|工业|规模|分|各|全社会"
    r"|综合|主要|终端|统计|年|实物|标准|平衡|碳排放|二氧化碳|温室"
    r"|农[作业用]|粮食|林业|森林|牲畜|畜牧|城市|生活|废水|污水|环境|人口|化肥"
)
_RANK = re.compile(r"[市州盟县区]$")
# What may follow the name of a part of an area in a title.
_PART_ENDS = rf"(?!统计局)(?={_BEHIND.pattern}|社会|煤|电|热|石油|消费|用[能电煤气热油]|供[电气热]|二[○〇零]|低碳|化石)"
_ENDS_PART = re.compile(_PART_ENDS)
# Words of places in general, which name no part of an area.
_GENERAL = r"分[地市县区行乡镇]|各|主要|全[省市区]|所有|规模|大中|设区|消费|平衡|生产总"
_ZONES = (
    r"(?:开发|高新|经开|保税|保税港|示范|试验|实验|合作|集聚|集中|工业|化工|加工|自贸|自由贸易|经济"
    r"|功能|先导|管理|直管|度假|风景名?胜?|新|新片|片|园|垦|矿|林)区"
    r"|(?:工业|产业|科技|物流|创业|化工)园|(?:生态|科学|科技)城|兵团(?:第[一二三四五六七八九十]+师)?"
)
_ZONE = re.compile(rf"(?:(?!{_GENERAL})[\u3400-\u9fff]){{0,20}}?(?:{_ZONES}){_PART_ENDS}")
_DISTRICT = re.compile(
    rf"(?:(?!{_GENERAL}|地区|工业|能源|开发|高新|(?:[农乡]村|[城乡村]镇)(?!地区))[\u3400-\u9fff]){{0,14}}?"
    rf"(?:自治州|地区|街道|[市州盟县区旗镇乡村]){_PART_ENDS}"
)
# 苏北, 江苏北部: a part by its direction, after the short name of a province.
_DIRECTION = re.compile(
    r"(?:[苏皖浙闽赣鲁豫鄂湘粤桂琼川蜀黔滇陕秦甘陇辽吉黑冀晋蒙](?:[东西]?[南北]|[东西中])"
    rf"|(?:[东西]?[南北]|[东西中])部)(?:地区)?{_PART_ENDS}"
)
_COUNTY_RANK = re.compile(r"[市县区旗]$")
_LONGEST_COUNTY = 6
# Short names of counties that are words of titles as well.
_NO_COUNTIES = frozenset(
    "新建 新兴 工农 城中 城东 城西 城北 城关 市中 市南 市北 老城 新城 新市 平房 温泉 平原 和平".split()  # noqa: SIM905
)
_OF_DIRECTIONS = frozenset({"东区", "西区", "南区", "北区"})  # of any city
_LONGEST_NAME = 17  # 积石山保安族东乡族撒拉族自治县
_NUMBER_BEFORE = r"[#\d\s.、()续表-]*(?:年度?)?"
# The number of a title; 一、 is one, and 三河市 none.
_BEFORE_TITLE = (
    re.compile(_NUMBER_BEFORE),
    re.compile(rf"\(?[一二三四五六七八九十]+[、.)]{_NUMBER_BEFORE}"),
)
_BEFORE_COUNTY = re.compile(r"(?:^|[^\u3400-\u9fff]|年)$")
_BETWEEN = re.compile(r"[、,，和与及]")
# A part that other parts lie before: 江阴市|华西村.
_INNERMOST = re.compile(r".+(?:自治州|[市盟县区镇]|街道)(?=..)")
_RANKS_ALONE = re.compile(r"[市州盟县区旗乡镇村]+|地区")
# What such a part is, without a name of its own: 工业园区, 国家级经济技术开发区, 老城区.
_KIND_ALONE = re.compile(
    r"(?:国家|省|市|县|级|以上|重点|经济|技术|高新|产业|工业|化学|石化|化工|综合|保税|出口|科技|物流"
    r"|循环|自主|创新|自由|贸易|生态|现代|农业|生产|建设|可再生|能源|绿色|低碳|新|老|主|中心|近|远)*"
    rf"(?:{_ZONES}|[城郊市]区|市?辖区|区)"
)
_LETTERS = re.compile(r"[^\W\d_\u3400-\u9fff]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class _AreaHit:
    """An area word in a text, its id, and where it starts and ends (in characters, or in words of Latin script)."""

    word: str
    id: str
    start: int
    end: int


@dataclass(frozen=True)
class _Words:
    """The words that name areas in running text.

    Attributes
    ----------
    ids
        By word, letters only; empty for a word that is there to keep a shorter one from counting.
    counts
        ``"alone"``, ``"last"`` or ``"never"`` for those that mean other things as well.
    longest
        The most letters that one has.
    """

    ids: dict[str, str]
    counts: dict[str, str]
    longest: int


@lru_cache(maxsize=16384)
def area_id(name: str) -> str:
    """Return the id of an area, or its name where the vocabulary has none (a district).

    Examples
    --------
    >>> area_id("厦门市"), area_id("思明区")
    ('xiamen', '思明区')
    """
    return vocabulary.resolve("area", name) or name.strip()


def spell_like(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return areas as others spell them first: 重庆市 and Chongqing are one.

    Examples
    --------
    >>> spell_like(["Chongqing", "北京", "某市"], ["重庆", "重庆市"])
    ['重庆', '北京', '某市']
    """
    spelt: dict[str, str] = {}
    for area in known:
        spelt.setdefault(area_id(area), area)
    return [spelt.get(area_id(name), name) for name in names]


def find_area(texts: Iterable[str], *, last: bool = False) -> str | None:
    """Return the area that texts name: as printed in Chinese, by its English name in Latin script.

    The longest name counts; of two that touch, the part and not the whole (河北唐山). A name that runs
    on into that of a part which the vocabulary does not know (苏州工业园区, 北京市朝阳区) is never read
    as the whole: the part counts, by its own name if it has one. Names in Latin
    script are whole words. What means other things as well counts only where it stands alone, or
    never (``area_titles.csv``).

    Parameters
    ----------
    texts
        Titles and names of sheets and files.
    last
        Whether nothing else names the area: "national" is then the nation of the yearbooks.

    Examples
    --------
    >>> find_area(["6-22  重庆能源平衡表(实物量)-2007"]), find_area(["ENERGY BALANCE OF CHONGQING-2007"])
    ('重庆', 'Chongqing')
    >>> find_area(["Energy balance of Ireland"]), find_area(["M. Jordan: energy balances"]), find_area(["IE"])
    ('Ireland', None, None)
    >>> find_area(["苏州工业园区能源平衡表"]), find_area(["新疆霍尔果斯经济开发区能源消费"])
    ('苏州工业园区', '霍尔果斯经济开发区')
    >>> find_area(["2019年峨眉山市能源消费"]), find_area(["河北区能源消费"]), find_area(["陕西省", "宝鸡市"])
    ('峨眉山市', '河北区', '宝鸡市')
    """
    texts = list(texts)
    for find in (_begin_with_own_county, _find_part):
        if part := next(filter(None, map(find, texts)), ""):
            return part
    hits = [
        hit
        for text in texts
        for found in _find_hits(text, last=last)
        for hit in _leave_wholes(found)
    ]
    hits = _leave_wholes_alone(hits, texts)
    best = max(hits, key=lambda hit: len(hit.word), default=None)
    if best is None:
        return None
    return best.word if _CJK.search(best.word) else vocabulary.areas()[best.id].name_en


def _leave_wholes_alone(hits: list[_AreaHit], texts: Sequence[str]) -> list[_AreaHit]:
    """Return the areas of some cells without those in a cell of their own that hold another: 陕西省 | 宝鸡市."""
    wholes = {whole for hit in hits for whole in vocabulary.list_above(hit.id)[1:]}
    alone = {_bare(text) for text in texts}
    return [hit for hit in hits if hit.id not in wholes or hit.word not in alone]


def find_places(text: str) -> list[str]:
    """Return the provinces and cities that a text names, each once, without those that another of them lies in.

    Examples
    --------
    >>> find_places("北京市、天津市、河北省能源消费量"), find_places("江苏省苏州市 Suzhou, Jiangsu")
    (['beijing', 'tianjin', 'hebei'], ['suzhou_jiangsu'])
    """
    found = dict.fromkeys(hit.id for hits in _find_hits(text, last=False) for hit in hits if hit.id)
    places = [area for area in found if vocabulary.areas()[area].level in _PLACES]
    wholes = {whole for area in places for whole in vocabulary.list_above(area)[1:]}
    return [area for area in places if area not in wholes]


def _find_part(text: str) -> str:
    """Return the part of an area that a text names behind it, "" where it names none.

    Examples
    --------
    >>> _find_part("苏州昆山2019年能源平衡表"), _find_part("合肥庐阳能源消费"), _find_part("苏州新兴产业能源消费")
    ('昆山市', '庐阳区', '')
    >>> _find_part("洛阳市涧西区能源平衡表"), _find_part("江苏省江阴市华西村能源消费"), _find_part("江苏省苏北能源消费")
    ('涧西区', '华西村', '苏北')
    >>> _find_part("洛阳市老城区能源平衡表"), _find_part("江苏省各开发区能源消费"), _find_part("江苏省市县能源消费")
    ('洛阳市老城区', '', '')
    """
    folded = vocabulary.fold(text)
    for hit in _leave_wholes(_find_chinese(folded, last=False)):
        tail = folded[hit.end :].lstrip(")")
        if not _is_general(hit, _match_part(tail)):
            return find_part(hit.word, tail, text)
        if county := _find_county(hit.id, tail):
            return county
    return ""


def _begin_with_own_county(text: str) -> str:
    """Return the county or district whose full name a title begins with, behind its number and year; "" for none.

    Its name may begin with that of a province or city (河北区), or with a number (三河市).

    Examples
    --------
    >>> [_begin_with_own_county(text) for text in ("3-2 三河市能源消费", "河北区域能源消费", "城区能源消费")]
    ['三河市', '', '']
    """
    folded = vocabulary.fold(text)
    starts = (found.end() for begin in _BEFORE_TITLE if (found := begin.match(folded)))
    return next(filter(None, (_own_county(folded[start:]) for start in starts)), "")


def _own_county(text: str) -> str:
    """Return the full name of a county that a text begins with and that is no general word; "" for none."""
    known = _places_of_counties()
    for end in range(min(len(text), _LONGEST_NAME), 1, -1):
        name = text[:end]
        if name in known and _ENDS_PART.match(text[end:]) and not _KIND_ALONE.fullmatch(name):
            return "" if name in _OF_DIRECTIONS else name
    return ""


def _find_county(area: str, behind: str) -> str:
    """Return the county of an area whose name stands behind the area's: 苏州昆山 is 昆山市, "" where none does.

    With its rank or without.
    """
    for name, county in _list_begun(area, behind, _LONGEST_COUNTY + 1):
        ends = _ENDS_PART if _COUNTY_RANK.search(name) else _BEHIND
        if county and ends.match(behind[len(name) :]):
            return county
    return ""


def find_counties(text: str) -> list[str]:
    """Return the counties that a text lists behind their city or province: 苏州昆山、太仓.

    None where it names one alone.

    Examples
    --------
    >>> find_counties("苏州昆山、太仓2019年能源消费"), find_counties("合肥市庐阳区和蜀山能源消费")
    (['昆山市', '太仓市'], ['庐阳区', '蜀山区'])
    >>> find_counties("苏州昆山能源消费"), find_counties("苏州、无锡能源消费")
    ([], [])
    """
    first, *others = _BETWEEN.split(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))
    folded = vocabulary.fold(first)
    hits = _find_chinese(folded, last=False) if others else []
    if not hits:
        return []
    area = hits[-1].id
    named = (_begin_with_county(area, text) for text in (folded[hits[-1].end :], *others))
    found = [*takewhile(bool, named)]
    return found if len(found) > 1 else []


def _begin_with_county(area: str, text: str) -> str:
    """Return the county of an area with which a text begins, as 庐阳区 or 庐阳; "" if with none."""
    return next(filter(None, (county for _, county in _list_begun(area, text))), "")


def _begin_with_rank(area: str, text: str) -> str:
    """Return the name of a district or county, with 区, 县 or 旗, with which a text begins; "" if with none."""
    return next((name for name, _ in _list_begun(area, text) if name[-1] in "区县旗"), "")


def _list_begun(area: str, text: str, longest: int = _LONGEST_COUNTY) -> Iterator[tuple[str, str]]:
    """Yield the names of an area's counties with which a text begins, the longest first.

    Each with its county, "" where it is of two.
    """
    known = _name_counties()
    for end in range(min(len(text), longest), 1, -1):
        if (key := (area, text[:end])) in known:
            yield text[:end], known[key]


@cache
def _name_counties() -> dict[tuple[str, str], str]:
    """Return the counties of ``counties.csv`` by the city or province they lie in, by name with rank and without."""
    found: dict[tuple[str, str], str] = {}
    for around, county in list_counties():
        name = vocabulary.fold(county)
        short = _COUNTY_RANK.sub("", name)
        names = {name} if len(short) < 2 or short in _NO_COUNTIES else {name, short}
        for key in itertools.product(vocabulary.list_above(around)[:2], names):
            # Of two in one province that are called alike it is neither's.
            found[key] = county if found.get(key, county) == county else ""
    return found


def is_county(name: str) -> bool:
    """Return whether a text is the full name of a county or district.

    Examples
    --------
    >>> is_county("昆山市"), is_county("昆山市能源")
    (True, False)
    """
    return vocabulary.fold(name) in _places_of_counties()


def leave_outer(names: Sequence[str]) -> list[str]:
    """Return names of areas, the outermost first, without those that the next one tells: 陕西省, 宝鸡市.

    A name that several areas have (鼓楼区) keeps what it lies in.

    Examples
    --------
    >>> leave_outer(["陕西省", "宝鸡市"]), leave_outer(["江苏省", "苏州市", "昆山市"])
    (['宝鸡市'], ['昆山市'])
    >>> leave_outer(["江苏省", "徐州市", "鼓楼区"]), leave_outer(["陕西省", "某县"])
    (['徐州市', '鼓楼区'], ['陕西省', '某县'])
    """
    kept = [outer for outer, inner in pairwise(names) if not _tells(inner, outer)]
    return [*kept, *names[-1:]]


def _tells(inner: str, outer: str) -> bool:
    """Return whether the name of an area alone says that it lies in another, which is known."""
    around, known = (vocabulary.resolve("area", name) for name in (outer, inner))
    if around is None:
        return False
    if known is not None:
        return around in vocabulary.list_above(known)[1:]
    places = _places_of_counties().get(vocabulary.fold(inner), ())
    return len(places) == 1 and around in vocabulary.list_above(places[0])


@cache
def _places_of_counties() -> dict[str, tuple[str, ...]]:
    """Return the cities in which counties of each name lie."""
    found: dict[str, tuple[str, ...]] = {}
    for area, county in list_counties():
        found[vocabulary.fold(county)] = (*found.get(vocabulary.fold(county), ()), area)
    return found


def list_counties() -> Iterator[tuple[str, str]]:
    """Yield the counties of ``counties.csv``, each behind the city or province that it lies in."""
    for row in read_rows(data_folder() / "vocabulary" / "counties.csv"):
        for county in row["counties"].split("|"):
            yield row["area"], county


def find_part(whole: str, behind: str, printed: str) -> str:
    """Return the part of an area whose name stands behind the whole's, "" for none.

    Parameters
    ----------
    whole, behind
        The area, and the folded text behind it.
    printed
        The text as printed, where parts that a list keeps apart are no names behind one another.

    Examples
    --------
    >>> find_part("昆山市", "玉山镇能源平衡表", "昆山市玉山镇能源平衡表")
    '玉山镇'
    """
    part = _match_part(behind)
    if not part:
        return ""
    listed = part not in re.sub(r"\s+", "", unicodedata.normalize("NFKC", printed))
    inner = None if listed else _INNERMOST.match(part)  # 庐阳区、蜀山区 are two
    own = part[inner.end() :] if inner else part
    if not _KIND_ALONE.fullmatch(own) and not re.search(r"部(?:地区)?$", own):
        return own
    return part if inner else whole + part


def _match_part(text: str) -> str:
    """Return the name of a zone, a district or a direction that a text begins with, "" for none."""
    found = next(filter(None, (one.match(text) for one in (_ZONE, _DISTRICT, _DIRECTION))), None)
    return found[0] if found else ""


def _is_general(hit: _AreaHit, part: str) -> bool:
    """Return whether what stands behind an area is no part: none, or ranks alone (市县; 市区 but behind a city)."""
    is_city = hit.word.endswith("市") or vocabulary.areas()[hit.id].level == "city"
    return not part or (
        bool(_RANKS_ALONE.fullmatch(part)) and not (is_city and part in {"区", "市区"})
    )


def _find_hits(text: str, *, last: bool) -> Iterator[list[_AreaHit]]:
    yield _find_chinese(vocabulary.fold(text), last=last)
    yield _find_latin(text, last=last)


def _leave_wholes(hits: list[_AreaHit]) -> Iterator[_AreaHit]:
    """Yield the areas of a text without those that touch one that lies in them."""
    for number, hit in enumerate(hits):
        beside = (
            other
            for other in hits[max(number - 1, 0) : number + 2]
            if hit.start == other.end or hit.end == other.start
        )
        if not any(hit.id in vocabulary.list_above(other.id)[1:] for other in beside):
            yield hit


@cache
def _load_words() -> _Words:
    """Return the words; those too short to mean an area in running text (codes of two letters) are left out."""
    ids, counts = _fold_words()
    return _Words(ids, counts, max(map(len, ids)))


@may_keep
def _fold_words() -> list[dict[str, str]]:
    """Return the id of each word, and how the words count that mean other things as well."""
    counts = {
        _bare(row["word"]): row["counts"]
        for row in read_rows(data_folder() / "vocabulary" / "area_titles.csv")
    }
    ids = dict.fromkeys(counts, "")
    ids |= {_bare(word): identifier for word, identifier in vocabulary.words_of("area").items()}
    ids = {
        word: identifier
        for word, identifier in ids.items()
        if len(word) > (1 if _CJK.search(word) else 3)
    }
    return [ids, counts]


def _bare(word: str) -> str:
    """Return the letters of a word, folded."""
    return re.sub(r"[\W\d_]+", "", vocabulary.fold(word))


def _counts(hit: _AreaHit, *, alone: bool, last: bool) -> bool:
    if not hit.id:
        return False
    # Cities and reports are named after states and groups: New York City, World Energy Balances.
    wide = vocabulary.areas()[hit.id].level in {"state", "group"} and not _CJK.search(hit.word)
    allowed = {
        "": alone or not wide,
        "always": True,
        "alone": alone,
        "last": last,
        "never": False,
    }
    return allowed[_load_words().counts.get(hit.word, "")]


def _find_chinese(text: str, *, last: bool) -> list[_AreaHit]:
    """Return the area words of a folded text, the longest at each place."""
    words = _load_words()
    hits: list[_AreaHit] = []
    at = 0
    while at < len(text):
        if hits and (county := _begin_with_rank(hits[-1].id, text[at:])):
            at += len(county)  # 北京市朝阳区 names no city of 朝阳
            continue
        if county := _own_county(text[at:]) if _BEFORE_COUNTY.search(text[:at]) else "":
            at += len(county)  # 河北区 is no part of 河北
            continue
        ends = range(min(len(text), at + words.longest), at + 1, -1) if _CJK.match(text[at]) else ()
        end = next((end for end in ends if text[at:end] in words.ids), 0)
        hit = _AreaHit(text[at:end], words.ids[text[at:end]], at, end) if end else None
        if hit and _is_bounded(hit, text, after=bool(hits) and hits[-1].end == at):
            hits += [hit] if _counts(hit, alone=_bare(text) == hit.word, last=last) else []
            at = hit.end
        else:
            at += 1
    return hits


def _is_bounded(hit: _AreaHit, text: str, *, after: bool) -> bool:
    """Return whether a word is one of its own: short names of cities and countries may be parts of other words."""
    area = vocabulary.areas().get(hit.id)
    if (
        area is None
        or area.id == "CN"
        or area.level not in {"city", "country", "group"}
        or _RANK.search(hit.word)
    ):
        return True
    behind = text[hit.end :]
    return bool(
        (after or _BEFORE.search(text[: hit.start]))
        and (
            _BEHIND.match(behind)
            or _KIND_ALONE.fullmatch(_match_part(behind) or "-")
            or _find_county(hit.id, behind)
        )
    )


def _find_latin(text: str, *, last: bool) -> list[_AreaHit]:
    """Return the area words of a text in Latin script, as whole words, the longest at each place."""
    words = _load_words()
    apart = _CAMEL.sub(" ", unicodedata.normalize("NFKC", text)).lower()
    tokens = [word for word in _LETTERS.findall(apart) if word != "and"]
    hits: list[_AreaHit] = []
    at = 0
    while at < len(tokens):
        joined, hit = "", None
        for end in range(at + 1, len(tokens) + 1):
            joined += tokens[end - 1]
            if len(joined) > words.longest:
                break
            hit = _AreaHit(joined, words.ids[joined], at, end) if joined in words.ids else hit
        hits += [hit] if hit and _counts(hit, alone=hit.end - at == len(tokens), last=last) else []
        at = hit.end if hit else at + 1
    return hits
