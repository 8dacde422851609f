"""Labels whose meaning hangs on those beside them: 其他行业 among branches of industry, 合计 beside 城镇 and 农村."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from carbonacct import vocabulary
from carbonacct.balances.label import words_in_place
from carbonacct.characters import same_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_GENERATION = "generation"
Named = tuple[str, str]  # a label as printed, and the flow that it names alone


def read_by_siblings(named: Iterable[Named], about: str = "") -> dict[Named, str]:
    """Return the labels that mean another flow among their siblings, with that flow.

    Parameters
    ----------
    named
        The labels of a table, in the order of the print.
    about
        The flow that the table, or all of its columns, is about.

    Notes
    -----
    A label is among the parts of a flow if all others are parts of it, if nothing but its parts
    stands between it and that flow, which is printed at another level (一、农、林、牧、渔业, 1、农业), or
    if it stands behind one of them, printed at the same level, and nothing outside that flow is
    printed at this level. Behind a part of itself, printed as its peer (Commercial, then Other), it
    is what that leaves. In a table about generation (发电量 above all columns) 水电 is a part of it. A
    label that is a part of a flow (Non-energy use, of industry) stands outside it beside the
    sectors, if it is neither marked as a part nor directly behind that flow with other sectors
    below. Other sectors, over households and services, is all of them. 规模以上工业 is all industry
    that a table has, unless another of its labels names industry (工业): then it is a part of that.

    Examples
    --------
    >>> read_by_siblings([("总计", "industry"), ("纺织业", "industry.textile"), ("其他行业", "other_services")])
    {('其他行业', 'other_services'): 'industry.other_branches'}
    """
    labels = list(dict.fromkeys(named))
    peers, leaders = words_in_place.peers(), words_in_place.leaders()
    found: dict[Named, str] = {}
    open_words = _open_words()
    for place, label in enumerate(labels):
        name = vocabulary.fold(label[0])
        if name not in open_words:
            continue
        above = [(text, found.get((text, flow), flow)) for text, flow in labels[:place]]
        found |= _find_among([*above, *labels[place:]], place, about)
        for part, flow in peers.get(name, {}).items():
            if any(
                other == part and vocabulary.level_of(text) == vocabulary.level_of(label[0])
                for text, other in labels[:place]
            ):
                found.setdefault(label, flow)
        found |= _find_outside(labels, place)
        found |= _find_within(labels, place)
        if (group := leaders.get(name, "")) and _is_over(labels, place, group):
            found[label] = group
    return found


@cache
def _open_words() -> frozenset[str]:
    """Return the words whose meaning hangs on the labels beside them."""
    kinds = (
        words_in_place.homonyms(),
        words_in_place.peers(),
        words_in_place.outsiders(),
        words_in_place.leaders(),
        words_in_place.parts_beside(),
    )
    return frozenset().union(*kinds)


def _find_among(labels: Sequence[Named], place: int, about: str) -> dict[Named, str]:
    """Return the flow that a label means among the parts of another."""
    among_parts = words_in_place.homonyms().get(vocabulary.fold(labels[place][0]), {})
    meant = (
        flow
        for among, flow in among_parts.items()
        if among == about == _GENERATION or _is_among(labels, place, among)
    )
    return _last(labels[place], meant)


def _find_outside(labels: Sequence[Named], place: int) -> dict[Named, str]:
    """Return the flow that a label means where it is printed outside another."""
    outsiders = words_in_place.outsiders().get(vocabulary.fold(labels[place][0]), {})
    meant = (flow for whole, flow in outsiders.items() if _is_outside(labels, place, whole))
    return _last(labels[place], meant)


def _find_within(labels: Sequence[Named], place: int) -> dict[Named, str]:
    """Return the part that a label means where another label names the whole: 规模以上工业 beside 工业.

    Final Consumption below 终端消费 is its translation, no second row.
    """
    here = labels[place][0]
    beside = words_in_place.parts_beside()
    meant = (
        flow
        for whole, flow in beside.get(vocabulary.fold(here), {}).items()
        if any(
            other == whole and vocabulary.fold(text) not in beside and same_script(text, here)
            for text, other in labels
        )
    )
    return _last(labels[place], meant)


def _last(label: Named, meant: Iterable[str]) -> dict[Named, str]:
    """Return a label with the last of the flows that it may mean, or nothing."""
    return {label: flow for flow in [*meant][-1:]}  # noqa: B035 - one flow at most


def _is_over(labels: Sequence[Named], place: int, group: str) -> bool:
    """Return whether members of a subtotal stand directly below a label and none above: Other sectors, over Households.

    One is enough where it is marked as a part (其中:), or where it can be nothing but a kind of what
    the label says by itself: 服务业 over 批发和零售业, and not over 交通运输业.
    """
    known = vocabulary.flows()

    def is_member(label: Named) -> bool:
        return any(vocabulary.is_within(label[1], member) for member in known[group].members)

    below = labels[place + 1 : place + 3]
    if any(map(is_member, labels[:place])) or not below or not is_member(below[0]):
        return False
    text, flow = labels[place]
    is_marked = vocabulary.of_which_depth(below[0][0]) > vocabulary.of_which_depth(text)
    is_kind = bool(flow) and known[below[0][1]].category == known[flow].category
    return is_marked or is_kind or (len(below) > 1 and is_member(below[1]))


def _is_outside(labels: Sequence[Named], place: int, whole: str) -> bool:
    """Return whether a label is printed beside a flow and others of its level, and not as a part of it."""
    parts, wholes = _list_family(whole)
    sectors = [
        k
        for k, (_, flow) in enumerate(labels)
        if k != place
        and flow not in parts | wholes
        and vocabulary.is_within(flow, "final_consumption")
    ]
    if not sectors or vocabulary.of_which_depth(labels[place][0]):
        return False
    is_behind = place > 0 and labels[place - 1][1] in parts
    return not (is_behind and place < max(sectors))


def _is_among(labels: Sequence[Named], place: int, among: str) -> bool:
    parts, wholes = _list_family(among)
    others = [each for each in labels if each != labels[place] and each[1] not in wholes]
    inside = [each for each in others if each[1] in parts]
    if not inside or len(inside) == len(others):
        return bool(inside)
    level = vocabulary.level_of(labels[place][0])
    if _is_below(labels[:place], among, level):
        return True
    before = labels[place - 1]
    if before not in inside or vocabulary.level_of(before[0]) != level:
        return False
    return all(vocabulary.level_of(text) != level for text, flow in others if flow not in parts)


def _is_below(above: Sequence[Named], among: str, level: tuple[int, str]) -> bool:
    """Return whether the nearest label above that is no part of a flow is that flow, at another level."""
    for text, flow in reversed(above):
        if flow == among and vocabulary.level_of(text) != level:
            return True
        if not vocabulary.is_within(flow, among):
            return False
    return False


def find_whole(kind: Literal["flow", "product"], siblings: Iterable[str]) -> str:
    """Return the flow or product that 合计 is beside its parts: the innermost that holds them all; "" if none does.

    Of flows only uses add up so: supply and transformation have signs.

    Examples
    --------
    >>> find_whole("flow", ["households_urban", "households_rural"])
    'households'
    >>> find_whole("flow", ["industry", "households"]), find_whole("product", ["diesel", "gasoline"])
    ('final_consumption', 'oil_products')
    >>> find_whole("flow", ["industry", "industry.textile"]), find_whole("product", ["diesel", "electricity"])
    ('', '')
    """
    is_part = vocabulary.is_finer if kind == "flow" else vocabulary.is_product_within
    said = set(siblings) - {""}
    outer = [one for one in said if not any(one != other and is_part(one, other) for other in said)]
    if len(outer) < 2:
        return ""
    first, *others = (_list_wholes(kind, one) for one in outer)
    whole = next((one for one in first if all(one in other for other in others)), "")
    if kind == "flow" and whole and not vocabulary.is_within(whole, "final_consumption"):
        return ""
    return whole


@cache
def _list_wholes(kind: Literal["flow", "product"], one: str) -> tuple[str, ...]:
    """Return what a flow or product is a part of, from the inside out."""
    entries = vocabulary.flows() if kind == "flow" else vocabulary.products()
    parent = entries[one].parent
    return (parent, *_list_wholes(kind, parent)) if parent else ()


@cache
def _list_family(flow: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return a flow with all its parts; and with all that it is a part of, which total consumption holds as well."""
    flows = vocabulary.flows()
    parts = frozenset(each for each in flows if vocabulary.is_within(each, flow))
    wholes = frozenset(each for each in flows if vocabulary.is_within(flow, each))
    return parts, wholes | {"total_consumption"}
