"""What 合计 is over a column: the columns beside it say what it adds up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.label.headers import subtotal_words, total_words
from carbonacct.balances.label.siblings import find_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.label.headers import Header


def name_wholes(headers: Sequence[Header]) -> list[Header]:
    """Return the headers, those that say 合计 with the flow or product that holds the columns beside them.

    Parameters
    ----------
    headers
        Of all columns, from left to right.

    Notes
    -----
    It is the whole of the dim in which its siblings differ, if it stands before or behind them all:
    合计 | 城镇 | 农村 is households. Beside products of which no one holds all it stays a whole, which
    is total energy if it has such a unit. Beside years or areas it is not known.
    """
    found = list(headers)
    open_sums = [place for place, header in enumerate(headers) if _is_open_subtotal(header)]
    for place, header in enumerate(headers):
        if place in open_sums and len(open_sums) > 1:  # 小计 | 原煤 | 焦炭 | 小计 | 汽油
            found[place] = replace(header, is_whole=False)
        elif header.is_whole:
            others = {j: one for j, one in enumerate(headers) if _is_amount(one)}
            if _is_corner(others):
                del others[0]
            found[place] = _name_whole(header, place, others)
    return _name_total_of_totals(headers, found)


def _name_total_of_totals(headers: Sequence[Header], found: list[Header]) -> list[Header]:
    """Return the headers, a total of all fuels with the flow of the totals of fuels beside it.

    All fuels - Total, the only column of all fuels, has the flow of Coal - Total and Oil - Total.
    """
    totals = [j for j, one in enumerate(headers) if one.is_whole and one.product]
    flows = {found[j].weak for j in totals} - {""}
    for j in totals:
        is_alone = sum(one.product == headers[j].product for one in headers) == 1
        if is_alone and len(flows) == 1 and len(totals) > 2 and not found[j].weak:
            found[j] = replace(found[j], weak=next(iter(flows)))
    return found


def _is_corner(others: dict[int, Header]) -> bool:
    """Return whether the first heading stands over the labels of rows: 2021 (ktoe), or Industry over branches."""
    first = others.get(0)
    rest = [one for place, one in others.items() if place]
    if first is None or first.product or not rest:
        return False
    return all(one.product and not one.flow for one in rest)


def _is_open_subtotal(header: Header) -> bool:
    """Return whether a header says 小计, and no heading above it what of."""
    says_what = header.product or header.flow or header.weak
    return header.is_whole and not says_what and vocabulary.fold(header.text) in subtotal_words()


def _is_amount(header: Header) -> bool:
    holds = header.says_amounts or header.word in {"physical", "standard"}
    return holds and not header.is_whole


def _name_whole(header: Header, place: int, others: dict[int, Header]) -> Header:
    """Return the header of one 合计; ``others`` are those of the columns of amounts by their places."""
    unknown = replace(header, is_whole=False)
    if header.flow or header.weak:  # Total below the use that stands over every product
        is_alike = all(
            (one.flow, one.weak) == (header.flow, header.weak) for one in others.values()
        )
        if not (is_alike and others) or min(others) < place < max(others):
            return unknown
        return _sum_up(header, list(others.values()))
    if header.product and (whole := _whole_below(header.text, header.product, others.values())):
        return replace(unknown, product=whole)
    if not others:  # the title says what of
        return header if header.product else replace(unknown, word="physical")
    group = {j: one for j, one in others.items() if _is_beside(one, header)}
    is_named = header.product or _where(header) != (None, "", "")
    is_sum = is_named or len(group) == len(others)  # else one over years or areas
    # Between its siblings nobody knows whether it adds up those before or those behind.
    if not (is_sum and group) or min(group) < place < max(group):
        return unknown
    return _sum_up(header, list(group.values()))


def _whole_below(sum_of: str, product: str, others: Iterable[Header]) -> str:
    """Return the product of which all columns below the heading of a sum are parts; else "".

    煤品小计, read as coal, stands over 原煤 and 焦炭: coke is no part of coal, and the sum is of the
    product that holds both. "" where the heading's own product holds all of them.
    """
    text = vocabulary.fold(sum_of)
    ends = [word for word in total_words() if text.endswith(word)]
    heading = text.removesuffix(max(ends, key=len)) if ends else ""
    below = {one.product for one in others if vocabulary.fold(one.text).startswith(heading)}
    if not heading or None in below:
        return ""
    if all(one and vocabulary.is_product_within(one, product) for one in below):
        return ""
    return find_whole("product", filter(None, below))


def _sum_up(header: Header, parts: Sequence[Header]) -> Header:
    """Return the header of 合计 as the whole of its parts, in the dim in which these differ."""
    unknown = replace(header, is_whole=False)
    flows, products = {one.flow for one in parts}, {one.product for one in parts}
    if any(one.direction for one in parts) or (len(flows) > 1 and len(products) > 1):
        return unknown
    if len(flows) > 1:
        whole = "" if None in flows else find_whole("flow", filter(None, flows))
        product = header.product or products.pop()
        return replace(unknown, weak=whole, product=product) if whole else unknown
    if header.product or None in products:
        return unknown
    weak = {one.weak for one in parts}
    shared = replace(header, flow=flows.pop(), weak=weak.pop() if len(weak) == 1 else "")
    whole = find_whole("product", filter(None, products))
    return replace(shared, product=whole, is_whole=False) if whole else shared


def _is_beside(other: Header, header: Header) -> bool:
    """Return whether a column is of the year and area of 合计, and of its product if it has one."""
    is_alike = not header.product or other.product == header.product
    return is_alike and _where(other) == _where(header)


def _where(header: Header) -> tuple[str | None, str, str]:
    return header.year_label, header.area, header.coverage
