"""The words of an energy balance: flows, products, areas, and how printed labels find them.

The ids, names and aliases are tables under ``factors/vocabulary``; this module loads them and
owns the one rule by which a printed label is folded before it is looked up.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from carbonacct.answers import may_keep
from carbonacct.characters import call_here, simplify, stem, with_amount
from carbonacct.data import data_folder, read_rows
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Kind = Literal["flow", "product", "area"]
KINDS: tuple[Kind, ...] = get_args(Kind)
GASES = ("CO2", "CH4", "N2O")
REMAINDER = ".remainder"  # what a printed flow or product has beyond its printed parts


@dataclass(frozen=True)
class Flow:
    """A row of the energy balance.

    Attributes
    ----------
    parent, part
        The flow it belongs to, and how: ``"sum"`` (all such parts add up to the parent), ``"of"``
        (included in the parent, which has more) or ``"group"`` (a printed subtotal of ``members``).
    sign
        -1 where a positive printed number reduces supply (exports, moved out, bunkers, closing
        stock).
    category
        The IPCC 2006 category of what is burnt there.
    """

    id: str
    parent: str
    part: str
    sign: int
    category: str
    name_zh: str
    name_en: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Product:
    """A column of the energy balance; ``unit`` is the canonical one of its physical quantity."""

    id: str
    parent: str
    group: str
    unit: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Area:
    """A country, grid region, province or city; ``parent`` holds it, ``grid`` is where its power comes from."""

    id: str
    level: str
    parent: str
    grid: str
    name_zh: str
    name_en: str


@cache
def flows() -> Mapping[str, Flow]:
    """Return all flows by id, in the order of the balance."""
    known: dict[str, Flow] = {}
    for row in _rows("flows"):
        flow = Flow(
            id=row["id"],
            parent=row["parent"],
            part=row["part"],
            sign=-1 if row["sign"] == "-" else 1,
            category=row["category"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            members=tuple(filter(None, row.get("members", "").split("|"))),
        )
        known[flow.id] = flow
        rest = _remainder_of_flow(flow)
        known[rest.id] = rest
    return known


def _remainder_of_flow(flow: Flow) -> Flow:
    """Return what a printed flow has beyond its printed parts, as a part of its own.

    What a subtotal holds beyond its members belongs where the subtotal does; of one that stands
    above the blocks of the balance, with the first of them.
    """
    above = (flow.parent or flow.members[0]) if flow.part == "group" else flow.id
    return Flow(
        id=f"{flow.id}{REMAINDER}",
        parent=above,
        part="sum",
        sign=flow.sign,
        category=flow.category,
        name_zh=f"{flow.name_zh}（未分出部分）",
        name_en=f"{flow.name_en}, not attributed",
    )


@cache
def products() -> Mapping[str, Product]:
    """Return all products by id, in the order of the balance.

    Examples
    --------
    >>> products()["natural_gas"].unit
    'm3'
    """
    known: dict[str, Product] = {}
    for row in _rows("products"):
        product = Product(
            id=row["id"],
            parent=row["parent"],
            group=row["group"],
            unit=row["unit"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
        )
        known[product.id] = product
        rest = replace(
            product,
            id=f"{product.id}{REMAINDER}",
            parent=product.id,
            name_zh=f"{product.name_zh}（其他品种）",
            name_en=f"{product.name_en}, other kinds",
        )
        known[rest.id] = rest
    return known


def base_of(identifier: str) -> str:
    """Return the flow or product of which a remainder is left, or the id itself.

    Examples
    --------
    >>> base_of("kerosene.remainder"), base_of("kerosene")
    ('kerosene', 'kerosene')
    """
    return identifier.removesuffix(REMAINDER)


def is_electricity_or_heat(product: str) -> bool:
    """Return whether a product is energy that another fuel was burnt for: no fuel itself.

    Examples
    --------
    >>> is_electricity_or_heat("heat"), is_electricity_or_heat("coke")
    (True, False)
    """
    return products()[product].group in {"electricity", "heat"}


@cache
def areas() -> Mapping[str, Area]:
    """Return all areas by id: countries, and the grid regions, provinces and cities of China."""
    return {
        row["id"]: Area(
            row["id"], row["level"], row["parent"], row["grid"], row["name_zh"], row["name_en"]
        )
        for row in _rows("areas")
    }


def parent_of(flow: str, parents: Mapping[str, str]) -> str:
    """Return the flow that a flow is a part of: as a table prints it, or as the vocabulary knows it.

    Examples
    --------
    >>> parent_of("industry.chemicals", {})
    'industry'
    """
    return parents.get(flow) or flows()[flow].parent


def is_within(flow: str, ancestor: str, parents: Mapping[str, str] | None = None) -> bool:
    """Return whether a flow is ``ancestor`` or a part of it, by the vocabulary's tree or a table's own.

    Examples
    --------
    >>> is_within("industry.chemicals", "final_consumption")
    True
    """
    return ancestor in (climb_flows(flow, parents) if parents else _list_flows_above(flow))


@lru_cache(maxsize=4096)
def _list_flows_above(flow: str) -> tuple[str, ...]:
    """Return what `climb_flows` yields by the vocabulary's tree, which stays."""
    return tuple(climb_flows(flow))


def climb_flows(flow: str, parents: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield a flow and what it is a part of, the nearest first, by the vocabulary's tree or a table's own.

    Examples
    --------
    >>> list(climb_flows("industry.chemicals"))
    ['industry.chemicals', 'industry', 'final_consumption']
    """
    known, own = flows(), parents or {}
    return climb(flow, lambda one: own.get(one, known[one].parent if one in known else ""))


def is_finer(flow: str, whole: str) -> bool:
    """Return whether a flow is a part of another, or of what that groups.

    Examples
    --------
    >>> is_finer("farming", "primary_industry"), is_finer("transport", "primary_industry")
    (True, False)
    """
    return any(is_within(flow, one) for one in (whole, *flows()[whole].members))


def is_product_within(
    product: str, ancestor: str, parents: Mapping[str, str] | None = None
) -> bool:
    """Return whether a product is ``ancestor`` or a part of it, by the vocabulary's tree or a table's own.

    Examples
    --------
    >>> is_product_within("jet_kerosene", "oil_total")
    True
    >>> is_product_within("naphtha", "lpg", {"naphtha": "lpg"})
    True
    """
    known = products()
    if parents:
        return ancestor in climb(product, lambda one: parents.get(one, known[one].parent))
    return ancestor in _list_products_above(product)


@lru_cache(maxsize=4096)
def _list_products_above(product: str) -> tuple[str, ...]:
    """Return a product and what it is a part of, the nearest first, by the vocabulary's tree, which stays."""
    known = products()
    return tuple(climb(product, lambda one: known[one].parent))


def name(kind: Kind, identifier: str, lang: str = "en") -> str:
    """Return the name of a flow, product or area in Chinese (``"zh"``) or English, or the id itself."""
    entry = (flows() if kind == "flow" else products() if kind == "product" else areas()).get(
        identifier
    )
    return identifier if entry is None else (entry.name_zh if lang == "zh" else entry.name_en)


def name_alone(flow: str, lang: str = "en") -> str:
    """Return the name of a flow where its row stands without the rows above it.

    Examples
    --------
    >>> name_alone("households_urban"), name_alone("households_rural", "zh"), name_alone("transport", "zh")
    ('Residential, urban', '居民生活·乡村', '交通运输、仓储和邮政业')
    """
    alone = _names_alone().get(flow)
    if alone is not None:
        return alone[0 if lang == "zh" else 1]
    return name("flow", flow, lang)


@cache
def _names_alone() -> dict[str, tuple[str, str]]:
    rows = read_rows(data_folder() / "vocabulary" / "names_alone.csv")
    return {row["flow"]: (row["name_zh"], row["name_en"]) for row in rows}


# Marks that may stand before a label: 一、 (一) 1. 2.1. 1、 A、 [1] ① # * + - · 其中: "of which".
# Of which, in the languages of the tables: what follows is a part of what stands above or to the left.
_OF_WHICH = (
    r"(?:其中|うち|ofwhich|davon|darunter|dicui|dont|del[oa]scuales|d[oa]squais|waarvan|varav|hera[vf]"
    r"|wtym|ztoho|изних|втомчисле)[:、]?"
)
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+[、"
    r".,:](?!次)|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}(?:\.\d{1,2})*[.、"
    r")](?!\d)|\d(?=[\u4e00-\u9fff](?!\d))"
    r"|\[\d{1,3}\](?=[a-z\u4e00-\u9fff])|[a-z][.、)](?=[\u4e00-\u9fff])|(?:i{1,3}|iv|vi{0,3}|ix|xi{0,3})[.、)](?=[a-z\u4e00-\u9fff])|[#*+\-—–·•◆●]+"
    rf"|{_OF_WHICH})+"
)
_NUMBER_SIGN = re.compile(
    r"#\d{1,2}(?:[-/&]\d)?(?=[a-z(])"
)  # #2 fuel oil, #1 Industry: a number, no part
_LETTER = re.compile(r"^\s*\(?[A-Ha-h][.)]\s+(?=[^\W\d_]{2})")  # A. Imports, (b) Exports
# A letter in brackets is a footnote, unless it is a unit: Coal [t] without its unit would take that of the title.
_FOOTNOTE = re.compile(
    r"(?:[①-⑳*†‡§¹²³⁴-⁹]+|\s*[(（][*†‡\s]+[)）]|(?:\s|(?<=[a-z]{3}))\d\)"
    r"|\s*\[(?![gjltGJLT])[a-zA-Z]\]|\s*\[(?:notes? )?\d{1,2}(?:, ?(?:note )?\d{1,2})*\])$"
)
_SIGN_HINT = re.compile(r"\((?:[+\-、,/]|\\)+\)")
_PUNCTUATION = re.compile(r"[、,.。;:&'’\"“”|/_]")
_LATIN = re.compile(r"[a-zäöüß]")
_ACCENT = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
# Two fuels, of which the words without the mark between them are a third: gas oil, coal gas, 煤油, 煤气.
_TWO_FUELS = re.compile(
    r"\b(coal|coke|fuel|gas|oil|petroleum|steam|waste|water)\s*(?:\band\b|[&/])\s*(?=(?:coal|coke|gas|heat|oil)\b)"
    r"|\b(coal|gas),\s*(?=(?:gas|oil)\b(?:$| (?:consumption|use)\b))"
    r"|([煤油气焦])\s*[、,;/&和与及]\s*(?=[煤油气焦](?:$|[消用使合总、(/]))"
)
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-\s+(?=[^\W\d_])")  # GASO- LINA, cut to fit its column
_CJK = re.compile(r"[\u3400-\u9fff]")


def of_which_depth(label: str) -> int:
    """Return how deep a label lies below another by its own marks: 1 behind 其中, # or "of which", 2 behind ##.

    Examples
    --------
    >>> [of_which_depth(label) for label in ("其中:石脑油", " # Naphtha", "##石脑油", "1.石脑油", "davon Diesel")]
    [1, 1, 2, 0, 1]
    >>> of_which_depth("#2 fuel oil")
    0
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", label).lower())
    marks = _NUMBERING.match(text)
    if marks is None or _NUMBER_SIGN.match(text):
        return 0
    return marks[0].count("#") or int(re.search(_OF_WHICH, marks[0]) is not None)


@lru_cache(maxsize=65536)
def fold(label: str) -> str:
    """Return a printed label as it is looked up: no numbering, marks, spaces, case or punctuation.

    Examples
    --------
    >>> fold("  4.炼　焦"), fold("#用作原料、材料"), fold("（一）　火力发电②"), fold("Chinese Airplanes & Ships")
    ('炼焦', '用作原料材料', '火力发电', 'chineseairplanesships')
    >>> fold("Gas oil"), fold("Gas and oil"), fold("煤油"), fold("煤、油")
    ('gasoil', 'gas+oil', '煤油', '煤+油')
    >>> fold("QUERO- SENE"), fold("Gás Natural"), fold("Alquitrán (**)")
    ('querosene', 'gasnatural', 'alquitran')
    >>> fold("Bagazo de ca&ntilde;a")
    'bagazodecana'
    """
    if "&" in label:  # pages that were saved as a workbook keep the names of their characters
        label = html.unescape(label)
    text = _LETTER.sub("", label.replace("_x000D_", "").strip())
    text = _FOOTNOTE.sub("", text)
    text = simplify(unicodedata.normalize("NFKC", text).lower())
    text = _TWO_FUELS.sub(lambda two: f"{two[two.lastindex or 0]}+", text)
    text = re.sub(r"\band\b", " ", text)
    text = _BROKEN_WORD.sub("", text)
    if not text.isascii():  # accents are often lost, in capitals above all
        text = unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", text)))
        text = text.replace("ı", "i")  # of Turkish, which capitals do not tell from i
    text = re.sub(r"\s+", "", text)
    text = _SIGN_HINT.sub("", text)
    text = _NUMBERING.sub("", text)
    text = _PUNCTUATION.sub("", text).replace("其它", "其他")
    return text.rstrip("-*—")


def fold_case(label: str) -> str:
    """Return a label without spaces and case, its numbering kept: what tells ``7. 工业`` from ``4.2. 工业``."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", label).lower())


def split_scripts(folded: str) -> tuple[str, ...]:
    """Return the Chinese and the Latin part of a bilingual label, whichever are there."""
    if not (_CJK.search(folded) and _LATIN.search(folded)):
        return (folded,)
    chinese = "".join(re.findall(r"[\u3400-\u9fff\d()]+", folded)).replace("()", "")
    latin = "".join(re.findall(r"[a-zäöüß\d()-]+", folded)).replace("()", "")
    return (chinese, latin)


@may_keep
def words_of(kind: Kind) -> Mapping[str, str]:
    """Return the id of every word of a kind, folded."""
    table: dict[str, str] = {}
    for word, identifier in _list_words(kind):
        key = fold(word)
        if key and table.setdefault(key, identifier) != identifier:
            raise AssertionError(f"{kind} {word!r} is claimed by {table[key]} and {identifier}")
    return table


def _list_words(kind: Kind) -> Iterator[tuple[str, str]]:
    """Yield every word of a kind as it is written, with its id."""
    for row in _rows({"flow": "flows", "product": "products", "area": "areas"}[kind]):
        for word in (row["id"], row["name_zh"], row["name_en"], *row["aliases"].split("|")):
            yield word, row["id"]
    for row in _rows("spellings"):
        if row["kind"] == kind:
            for word in row["words"].split("|"):
                yield word, row["id"]


@cache
def spellings(kind: Kind) -> Mapping[str, str]:
    """Return how every folded word of a kind is written."""
    return {fold(word): word for word, _ in _list_words(kind) if word}


@may_keep
def _stems(kind: Kind) -> Mapping[str, str]:
    """Return the id of every label of several English words, by what is left of it without endings and small words."""
    found: dict[str, set[str]] = {}
    for word, identifier in _list_words(kind):
        found.setdefault(stem(word), set()).add(identifier)
    return {key: ids.pop() for key, ids in found.items() if key and len(ids) == 1}


@may_keep
def _local_words(kind: Kind) -> Mapping[str, str]:
    """Return the id of every word that names the place or elsewhere, whatever its rank; none where ranks differ."""
    found: dict[str, set[str]] = {}
    for word, identifier in words_of(kind).items():
        if (key := call_here(word)) != word or "本地" in word or "外地" in word:
            found.setdefault(key, set()).add(identifier)
    return {key: ids.pop() for key, ids in found.items() if len(ids) == 1}


def resolve(kind: Kind, label: str, extra: Mapping[str, str] | None = None) -> str | None:
    """Return the id that a printed label names, or None.

    Parameters
    ----------
    kind
        ``"flow"``, ``"product"`` or ``"area"``.
    label
        As printed; a label in two languages is one label, and its halves must agree.
    extra
        A mapping file's own words, folded, which come first; also for one half of a label whose
        halves agree.

    Examples
    --------
    >>> resolve("product", "其它洗煤"), resolve("flow", "  1.火力发电"), resolve("product", "unicorn")
    ('other_washed_coal', 'thermal_power', None)
    >>> resolve("flow", "本地区生产量"), resolve("flow", "县外调入量")  # of whatever rank
    ('production', 'moved_in')
    """
    folded = fold(label)
    table = words_of(kind)
    for words in (extra or {}, table):
        if folded in words:
            return words[folded]
    if kind == "area" and (city := _city_behind_province(folded)):
        return city
    parts = [part for part in split_scripts(folded) if part]
    if len(parts) < 2:
        if kind == "area" or _TWO_FUELS.search(label.lower()):
            return None
        return (
            _stems(kind).get(stem(label))
            or _local_words(kind).get(call_here(folded))
            or (table.get(with_amount(folded)) if kind == "flow" else None)
        )
    own = {(extra or {}).get(part) for part in parts} - {None}
    known = {table.get(part) for part in parts} - {None}
    found = own if own and len(known) < 2 else own | known
    return found.pop() if len(found) == 1 else None


def find_name(kind: Kind, word: str, known: Sequence[str]) -> str:
    """Return which of some labels a person means by an id or name, or the word where that is not clear.

    Examples
    --------
    >>> find_name("area", "重庆市", ["北京", "重庆"]), find_name("flow", "交通运输", ["transport"])
    ('重庆', 'transport')
    """
    if word in known:
        return word
    meant = resolve(kind, word)
    alike = [name for name in known if meant in {name, resolve(kind, name)}]
    return alike[0] if meant and len(alike) == 1 else word


def unread_half(label: str, *extra: Mapping[str, str]) -> str:
    """Return the half of a label in two languages that is no known word of a flow or product, where the other is one.

    Else "".

    Examples
    --------
    >>> unread_half("工业 Feedstock only"), unread_half("LNG 公交"), unread_half("工业 Industry")
    ('feedstockonly', '公交', '')
    """
    folded = fold(label)
    tables = (*extra, words_of("flow"), words_of("product"))
    parts = [part for part in split_scripts(folded) if part]
    if len(parts) < 2 or any(folded in table for table in tables):
        return ""
    unread = [part for part in parts if not any(part in table for table in tables)]
    return unread[0] if len(unread) == 1 else ""


@lru_cache(maxsize=4096)
def level_of(label: str) -> tuple[int, str]:
    """Return what tells at which level of a list a label stands: its indentation, and the kind of its number or mark.

    Examples
    --------
    >>> level_of("  3.其他"), level_of("  12.工业"), level_of("（一）工业")
    ((2, '0.'), (2, '0.'), (0, '(一)'))
    """
    text = unicodedata.normalize("NFKC", label)
    marks = _LETTER.match(text.strip()) or _NUMBERING.match(text.strip())
    number = (
        re.sub(r"[一二三四五六七八九十]+", "一", re.sub(r"\d+", "0", marks[0])) if marks else ""
    )
    number = re.sub(r"[a-h]", "a", re.sub(r"[A-H]", "A", number)).strip()
    return len(text) - len(text.lstrip()), number


def _city_behind_province(folded: str) -> str | None:
    """Return the city of a label that names its province first (河北唐山, 河北省唐山市)."""
    table = words_of("area")
    for end in range(2, len(folded) - 1):
        city = table.get(folded[end:], "") if folded[:end] in table else ""
        if city and areas()[city].level == "city" and areas()[city].parent == table[folded[:end]]:
            return city
    return None


def list_spellings() -> Iterator[tuple[str, str, str]]:
    """Yield every word that is listed under a language: its kind, the word, the language."""
    for row in _rows("spellings"):
        for word in row["words"].split("|"):
            yield row["kind"], word, row["language"]


@cache
def _rows(table: str) -> list[dict[str, str]]:
    return read_rows(data_folder() / "vocabulary" / f"{table}.csv")


def list_above(identifier: str) -> list[str]:
    """Return an area and what it lies in, the nearest first: a city, its province, its country.

    Examples
    --------
    >>> list_above("chifeng"), list_above("IE")
    (['chifeng', 'inner_mongolia', 'CN'], ['IE'])
    """
    return list(climb(identifier, lambda area: areas()[area].parent))
