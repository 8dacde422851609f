"""Labels that join several things in one text: 煤炭消费量 names a product and its use, 生活用煤 a sector and a fuel.

A label that is no word of the vocabulary is cut into words that cover it from end to end. Some of
these words stand in the vocabulary, others (``factors/vocabulary/pieces.csv``) speak only inside a
longer label. What is left over, or two words of one dim of which neither is a part of the other,
makes it a label that is not known: it says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, reduce
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.product_groups import is_delivered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NONE: Mapping[str, str] = MappingProxyType({})
Role = Literal["joint", "part", "silent", "behind"]

_LONGEST = 60
_MOST_WAYS = 16
_LONGEST_PATH = 200
# 北京:煤平衡表, 原煤_工业
_STEPS = re.compile(r"[:：>→|\\]|\s[/–—-]\s|(?<=[\u4e00-\u9fff])[_-](?=[\u4e00-\u9fff])")
# A table as a step of a path: 煤平衡表 is about coal, 综合能源平衡表 about nothing more, and 实物量 is how all is read
# whose unit does not say otherwise (标准量 over 万吨 is asked).
_TABLE = re.compile(
    r"(?:(?:综合能源|能源)?平衡表?|^)(?:\(?实物量\)?)?$|(?:overall)?(?:energy)?balance(?:sheet|table)?$"
)
_BRACKETS = str.maketrans("", "", "()[]【】「」")
# Of these blocks a word may stand anywhere in a compound, of supply only at its end (煤炭进口量, not
# 进口煤).
_ANYWHERE = frozenset({"final_consumption", "total_consumption", "transformation", "losses"})
_AT_END = frozenset({"primary_supply"})
BY_NETWORK = ("network_supply", "network_sale")  # 供应量, 销售量
OF_ANY_USE = ("total_consumption", *BY_NETWORK)  # from the outer to the inner
_USED = frozenset({"coal", "oil", "gas", "electricity", "heat", "total"})


@dataclass(frozen=True)
class LabelPiece:
    """A word inside a label, and what it says there.

    Attributes
    ----------
    role
        A label is a compound only with a ``joint`` (消费量, 用电, 投入); ``silent`` words say nothing. One
        ``behind`` is joint at the end of a label and the word of a plant elsewhere (住宅供热, 供热用煤).
    flow, weak
        The flow that it names, and the one that holds where nothing firmer speaks.
    product
        The product that it names.
    direction
        ``"input"`` or ``"output"`` of a transformation.
    """

    role: Role
    flow: str = ""
    weak: str = ""
    product: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Compound:
    """What a label says that joins several things; an empty string where it says nothing.

    ``sign`` is -1 where a mapping gives its word for the flow the other sign.
    """

    flow: str = ""
    weak: str = ""
    product: str = ""
    direction: str = ""
    area: str = ""
    sign: int = field(default=1, repr=False)


@cache
def list_pieces() -> tuple[dict[str, LabelPiece], frozenset[str]]:
    """Return the words that speak only inside a longer label, and those that never do."""
    found: dict[str, LabelPiece] = {}
    never: set[str] = set()
    for row in read_rows(data_folder() / "vocabulary" / "pieces.csv"):
        words = [vocabulary.fold(word) for word in row["words"].split("|")]
        if row["role"] == "never":
            never.update(words)
            continue
        meanings = {key: row[key] for key in ("flow", "weak", "product", "direction")}
        found |= dict.fromkeys(words, LabelPiece(row["role"], **meanings))  # type: ignore[arg-type]
    return found, frozenset(never)


def find_direction(folded: str) -> str:
    """Return whether a word alone says that plants take in or put out, "" if it does not.

    Examples
    --------
    >>> find_direction("投入量"), find_direction("消费量")
    ('input', '')
    """
    piece = list_pieces()[0].get(folded)
    return piece.direction if piece and not piece.flow else ""


def names_direction(label: str) -> bool:
    """Return whether a label holds a word for what goes into plants or comes out, beside what it names.

    Examples
    --------
    >>> names_direction("火力发电投入"), names_direction("发电用煤")
    (True, False)
    """
    folded = vocabulary.fold(label)
    pieces = list_pieces()[0]
    return any(
        word in folded for word, piece in pieces.items() if piece.direction and not piece.flow
    )


def read_compound(
    label: str,
    flows: Mapping[str, str] = _NONE,
    products: Mapping[str, str] = _NONE,
) -> Compound | None:
    """Return what a label says that joins several things, or None.

    Parameters
    ----------
    label
        As printed, without units.
    flows, products
        A mapping file's own words, folded.

    Examples
    --------
    >>> read_compound("煤炭消费量"), read_compound("#家庭用量")
    (Compound(flow='', weak='total_consumption', product='coal_total', direction='', area=''), \
Compound(flow='households', weak='', product='', direction='', area=''))
    >>> read_compound("发电用煤").flow, read_compound("其他燃料油"), read_compound("农村用电量")
    ('thermal_power.input', None, None)
    >>> read_compound("Residential electricity").flow, read_compound("Industrial waste heat")
    ('households', None)
    """
    text = vocabulary.fold(label).translate(_BRACKETS)
    if not 2 < len(text) <= _LONGEST:
        return None
    return _read(text, flows, products) if flows or products else _read_plain(text)


@lru_cache(maxsize=65536)
def _read_plain(text: str) -> Compound | None:
    return _read(text, {}, {})


def read_path(
    label: str,
    flows: Mapping[str, str] = _NONE,
    products: Mapping[str, str] = _NONE,
) -> Compound | None:
    """Return what a vendor's path says: area, table, row of the balance, from the outer to the inner.

    Every step must be known, and the inner flow (product) lie inside the outer one.

    Parameters
    ----------
    label, flows, products
        As in :func:`read_compound`.

    Examples
    --------
    >>> read_path("北京:煤平衡表:终端消费量:工业")
    Compound(flow='industry', weak='', product='coal_total', direction='', area='北京')
    >>> read_path("浙江:能源平衡表(实物量):工业:原煤") == read_path("浙江:实物量:工业:原煤") != None
    True
    >>> read_path("北京:煤平衡表:其他用途") is None
    True
    """
    steps = [step for step in _STEPS.split(label) if step.strip()]
    if len(steps) > 2 and vocabulary.resolve("flow", rest := _STEPS.split(label, 1)[-1], flows):
        steps = [steps[0], rest]  # one flow whose name has the stroke that parts steps
    if len(steps) < 2 or len(label) > _LONGEST_PATH:
        return None
    area = ""
    pieces: list[LabelPiece] = []
    for step in steps:
        piece = _read_step(step, flows, products)
        if piece is not None:
            pieces.append(piece)
        elif not area and vocabulary.resolve("area", step):
            area = step.strip()
        else:
            return None
    compound = _join(tuple(pieces))
    return compound and replace(compound, area=area)


def _read_step(
    step: str, flows: Mapping[str, str], products: Mapping[str, str]
) -> LabelPiece | None:
    """Return what one step of a path says, or None if it is not known."""
    folded = vocabulary.fold(step)
    bare = _TABLE.sub("", folded)
    pieces, _ = list_pieces()
    if product := vocabulary.resolve("product", bare, products):
        return LabelPiece("part", product=product)
    if folded in pieces and pieces[folded].weak and folded not in flows:
        return pieces[folded]  # 火力发电:消费量 is what the plants take in
    if flow := vocabulary.resolve("flow", step, flows):
        return LabelPiece("part", flow=flow)
    if compound := read_compound(step, flows, products):
        return LabelPiece(
            "joint", compound.flow, compound.weak, compound.product, compound.direction
        )
    if folded in pieces or not bare:
        return pieces.get(folded, LabelPiece("silent"))
    return None


def _read(text: str, flows: Mapping[str, str], products: Mapping[str, str]) -> Compound | None:
    """Return the one meaning of the shortest ways to cut a text; None where two of them differ."""
    cuts: list[dict[bool, list[tuple[LabelPiece, ...]]]] = [{False: [()]}]
    for end in range(1, len(text) + 1):
        here: dict[bool, list[tuple[LabelPiece, ...]]] = {}
        for begin in range(end):
            if not cuts[begin]:
                continue
            for piece in _meanings(
                text[begin:end], begin, len(text) - end, flows, products=products
            ):
                for joins, before in cuts[begin].items():
                    here.setdefault(joins or piece.role == "joint", []).extend(
                        (*way, piece) for way in before
                    )
        fewest = {joins: min(map(len, found)) for joins, found in here.items()}
        cuts.append(
            {
                joins: [way for way in found if len(way) == fewest[joins]][:_MOST_WAYS]
                for joins, found in here.items()
            }
        )
    joined = cuts[-1].get(True) or [way for way in cuts[-1].get(False, ()) if _is_use(text, way)]
    compounds = {compound for way in joined if (compound := _join(way)) is not None}
    return compounds.pop() if len(compounds) == 1 else None


def _is_use(text: str, way: tuple[LabelPiece, ...]) -> bool:
    """Return whether a label is a user and what it burns or draws: Residential electricity, 居民天然气.

    Of waste, biomass and gases of processes the word before may say where they come from, and in
    Chinese of what a network does not deliver which grade it is (道路沥青, 工业汽油). Behind a
    product, manufacturing is what makes it (Petroleum products manufacturing).
    """
    if len(way) != 2:
        return False
    if way[0].product and way[1].flow == "industry.manufacturing":
        return False
    users = [piece.flow for piece in way if piece.flow]
    products = [piece.product for piece in way if piece.product]
    return (
        len(users) == len(products) == 1
        and _block(users[0]) == "final_consumption"
        and vocabulary.products()[products[0]].group in _USED
        and products[0] != "waste_heat"
        and (text.isascii() or is_delivered(products[0]))
    )


def _meanings(
    word: str, before: int, behind: int, flows: Mapping[str, str], *, products: Mapping[str, str]
) -> Iterator[LabelPiece]:
    """Yield what a word may say with so many characters before and behind it."""
    pieces, never = list_pieces()
    if word in pieces and (piece := pieces[word]).role != "behind":
        yield piece
        return
    if word in pieces and before and not behind:
        yield replace(pieces[word], role="joint")
    # One letter at the end (用煤) belongs to the word before it as often as it is a product.
    shortest = (
        3 if word.isascii() else 2 if before else 1
    )  # 煤 and 电 stand in other words; at the start they are what is used
    if word in never or len(word) < shortest:
        return
    if product := products.get(word) or vocabulary.words_of("product").get(word):
        yield LabelPiece("part", product=product)
    flow = flows.get(word) or vocabulary.words_of("flow").get(word, "")
    block = _block(flow) if flow else ""
    if word in flows or block in _ANYWHERE:
        yield LabelPiece("part", flow=flow)
    elif block in _AT_END and before and not behind:
        yield LabelPiece("joint", flow=flow)


@cache
def _block(flow: str) -> str:
    """Return the part of the balance that a flow stands in."""
    entry = vocabulary.flows()[flow]
    return _block(entry.parent) if entry.parent else flow


_DIRECTIONS = {"input", "output"}


def _join(pieces: tuple[LabelPiece, ...]) -> Compound | None:
    """Return what the words of a label say together; None if they contradict each other."""
    flow = reduce(_finer_flow, (piece.flow for piece in pieces if piece.flow), "")
    product = reduce(finer_product, (piece.product for piece in pieces if piece.product), "")
    directions = {piece.direction for piece in pieces} - {""}
    if "?" in (flow, product) or not (flow or product):
        return None
    if flow in BY_NETWORK and product and not is_delivered(product):
        return None  # 汽油销售量: sold, also to other areas and into stocks
    weak = next((piece.weak for piece in pieces if piece.weak), "")
    if weak and flow and _block(flow) in _AT_END:  # what is used is not what is supplied
        return None
    bare, _, named_direction = flow.rpartition(".")
    if named_direction in _DIRECTIONS and directions - {
        named_direction
    }:  # 加工转换投入(-)产出(+): in and out
        flow, directions = bare, _DIRECTIONS
    if len(directions) > 1:
        is_plant = flow and _block(flow) == "transformation"
        return Compound(flow, "", product, "") if is_plant else None
    direction = next(iter(directions), "")
    if flow and _block(flow) == "transformation" and weak and not direction:
        direction = "input"  # what a plant consumes goes into it
    return Compound(direct(flow, direction), "" if flow else weak, product, direction)


def _finer_flow(one: str, other: str) -> str:
    """Return the finer of two flows, or ``"?"``.

    Total consumption, and what a network delivers, hold every use; intermediate consumption what
    plants take in.
    """
    if "?" in (one, other):
        return "?"
    if one and "intermediate_consumption" in (one, other):
        plant = other if one == "intermediate_consumption" else one
        return plant if _block(plant) == "transformation" else "?"
    if one in OF_ANY_USE and other in OF_ANY_USE:
        return max(one, other, key=OF_ANY_USE.index)
    if not one or one in OF_ANY_USE or vocabulary.is_finer(other, one):
        return other
    return one if other in OF_ANY_USE or vocabulary.is_finer(one, other) else "?"


def finer_product(one: str, other: str) -> str:
    """Return the finer of two products, or ``"?"`` where neither is a part of the other.

    Examples
    --------
    >>> finer_product("coal_total", "raw_coal"), finer_product("raw_coal", "diesel")
    ('raw_coal', '?')
    """
    if not one or (one != "?" and vocabulary.is_product_within(other, one)):
        return other
    return one if one != "?" and vocabulary.is_product_within(one, other) else "?"


def read_joined(
    label: str, flows: Mapping[str, str], products: Mapping[str, str]
) -> Compound | None:
    """Return what a label says that is no word itself: as a path, as words that cover it, as the table of a product."""
    if joined := read_path(label, flows, products) or read_compound(label, flows, products):
        return joined
    folded = vocabulary.fold(label)
    bare = _TABLE.sub("", folded)
    product = vocabulary.resolve("product", bare, products) if bare != folded else None
    return Compound(product=product) if product else None


def direct(flow: str, direction: str) -> str:
    """Return the input or output of a transformation, where the vocabulary tells the two apart.

    Examples
    --------
    >>> direct("coking", "input"), direct("industry", "input"), direct("coking", "")
    ('coking.input', 'industry', 'coking')
    """
    directed = f"{flow}.{direction}"
    return directed if directed in vocabulary.flows() else flow
