"""Hypothesis strategies of energy balances: any rows and columns of the vocabulary's trees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from hypothesis import assume
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import can_add_up
from carbonacct.sectors.energy.chain import build_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

METHODS = ("provincial-2011", "ipcc-2006", "ceads")
YEAR = 2019
# A row that a table may print as a part of another than the vocabulary says.
OWN_PARENTS = (("fisheries", "farming"), ("construction", "industry"))
# Gases whose carbon a method takes out of coke: what they emit is not theirs alone.
_POOLED = ("blast_furnace_gas", "converter_gas", "blast_furnace_and_converter_gas", "other_gas")
_NUMBERS = st.one_of(
    st.none(), st.just(0), st.integers(1, 10**9)
)  # of a cell, None where there is none
_PIECES = 16  # no more, so that the smallest is not lost in the rounding of the largest sum


@dataclass(frozen=True)
class Nested:
    """A table whose parents hold their parts, and the pieces that all its numbers are sums of.

    Attributes
    ----------
    printed
        The table, long: area, year, flow, product, value in canonical units.
    pieces
        What stands in the finest rows and columns, and what a row or column has beyond its parts,
        under its own name; each piece in an area of its own.
    """

    printed: pd.DataFrame
    pieces: pd.DataFrame


@cache
def real_flows() -> tuple[str, ...]:
    """Return the flows that a table prints."""
    return tuple(flow for flow in vocabulary.flows() if vocabulary.base_of(flow) == flow)


@cache
def real_products() -> tuple[str, ...]:
    """Return the products that a table prints."""
    return tuple(
        product for product in vocabulary.products() if vocabulary.base_of(product) == product
    )


@cache
def burning_flows(method: str) -> tuple[str, ...]:
    """Return the rows whose fuels burn in a method, that add up to the row above them."""
    known, chosen = vocabulary.flows(), ca.load_method(method)
    return tuple(
        flow
        for flow in real_flows()
        if chosen.role(flow, {}) == "combustion"
        and known[flow].part == "sum"
        and known[flow].sign > 0
        and not flow.endswith((".input", ".output"))
    )


@cache
def burnable_products(method: str) -> tuple[str, ...]:
    """Return the fuels that a method has factors for, without those that share their carbon."""
    chosen = ca.load_method(method)
    products = [
        product for product in real_products() if not vocabulary.is_electricity_or_heat(product)
    ]
    products = [
        one
        for one in products
        if not any(vocabulary.is_product_within(one, pooled) for pooled in _POOLED)
    ]
    # Each in an area of its own, so that none is a part of another.
    areas = [f"{number:03d}" for number in range(len(products))]
    columns = {"area": areas, "year": YEAR, "flow": "industry", "product": products, "value": 1.0}
    table = pd.DataFrame(columns)
    balance = ca.make_balance(table)
    chains = [
        build_chain(balance, chosen, one, products, gas="CO2") for one in chosen.chains["CO2"]
    ]
    complete = np.any([chain.complete[0, 0, 0] for chain in chains], axis=0)
    known = [product for product, there in zip(balance.products, complete, strict=True) if there]
    inventory = ca.compile_inventory(table[table["product"].isin(known)], method=chosen)
    emitted = inventory.emissions.max(("area", "year", "flow", "gas"))
    return tuple(
        product for product in products if product in known and emitted.sel(product=product) > 0
    )


def above(dim: str, label: str) -> list[str]:
    """Return a flow or product and all that it is a part of."""
    known = vocabulary.flows() if dim == "flow" else vocabulary.products()
    found = [label]
    while label := known[label].parent:
        found.append(label)
    return found


@st.composite
def _branches(draw: st.DrawFn, dim: str, of: Sequence[str], most: int) -> list[str]:
    """Draw some flows or products, and some of those that they are parts of."""
    chosen = draw(st.lists(st.sampled_from(of), min_size=1, max_size=most, unique=True))
    wider = {each for label in chosen for each in above(dim, label) if each in of}
    kept = [each for each in sorted(wider) if each in chosen or draw(st.booleans())]
    return draw(st.permutations(kept))


@st.composite
def nested_tables(
    draw: st.DrawFn, method: str, *, rests: bool = True, blanks: bool = True, deep: bool = True
) -> Nested:
    """Tables of one area and year in which every parent is its parts and, with ``rests``, more.

    Parameters
    ----------
    method
        Whose factors the fuels must have: any of `METHODS`.
    rests
        Whether a row or column may have more than its printed parts.
    blanks
        Whether what is zero may be left out.
    deep
        Whether rows and columns may both have parts; else one of the two.

    Notes
    -----
    What goes into a plant is negative. Pieces are powers of 3, so that no sums of them are equal by
    chance. A rest is no misprint that two sums of the table show: where a number has parts in its
    row and in its column, it is their sum.
    """
    flows = draw(_branches("flow", burning_flows(method), most=5))
    # The use for production holds what plants take in beside it, so that not every cell counts.
    is_plant = [vocabulary.is_within(flow, "transformation") for flow in flows]
    assume(not ("industry.production_use" in flows and any(is_plant)))
    products = draw(_branches("product", burnable_products(method), most=4))
    if not deep:
        if draw(st.booleans()):
            flows = _without_parts("flow", flows)
        else:
            products = _without_parts("product", products)
    places = [(flow, product) for flow in flows for product in products]
    powers = draw(st.permutations(range(_PIECES)))
    filled = draw(st.lists(st.sampled_from(places), min_size=1, max_size=_PIECES, unique=True))
    own = {place: 1000 * 3**power for place, power in zip(filled, powers, strict=False)}
    own = {place: number for place, number in own.items() if rests or _is_finest(place, places)}
    wholes = {place: _sum_inside(place, own) for place in places}
    shown = {place for place in places if wholes[place] or not (blanks and draw(st.booleans()))}
    for flow, product in set(own):
        in_row = any(f == flow and _is_below("product", p, product) for f, p in shown)
        in_column = any(p == product and _is_below("flow", f, flow) for f, p in shown)
        if in_row and in_column:
            del own[flow, product]
    shown = {place for place in shown if wholes[place] == 0 or _sum_inside(place, own)}
    if not own:
        shown, own = {places[0]}, {places[0]: 0}
    printed = [
        (*place, _signed(place[0], _sum_inside(place, own))) for place in places if place in shown
    ]
    pieces = [(*place, _signed(place[0], number)) for place, number in own.items()]
    areas = [f"{number:03d}" for number in range(len(pieces))]
    return Nested(_frame(printed, ["A"] * len(printed)), _frame(pieces, areas))


def _without_parts(dim: str, labels: Sequence[str]) -> list[str]:
    return [label for label in labels if not any(_is_below(dim, each, label) for each in labels)]


def _is_below(dim: str, label: str, whole: str) -> bool:
    return label != whole and _is_inside(dim, label, whole)


def _is_inside(dim: str, label: str, whole: str) -> bool:
    """Return whether a flow or product is another or a part of it: gas by volume is none of tonnes."""
    if whole not in above(dim, label):
        return False
    known = vocabulary.products()
    return dim == "flow" or can_add_up(known[label].unit, known[whole].unit)


def _is_finest(place: tuple[str, str], places: Iterable[tuple[str, str]]) -> bool:
    flow, product = place
    return not any(
        _is_below("flow", f, flow) or _is_below("product", p, product) for f, p in places
    )


def _sum_inside(place: tuple[str, str], own: Mapping[tuple[str, str], int]) -> int:
    """Return what stands in a row and column and all that they hold."""
    flow, product = place
    inside = (
        n
        for (f, p), n in own.items()
        if _is_inside("flow", f, flow) and _is_inside("product", p, product)
    )
    return sum(inside)


def _signed(flow: str, number: float) -> float:
    return -float(number) if "transformation" in above("flow", flow) else float(number)


def _frame(cells: Iterable[tuple[str, str, float]], areas: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(cells, columns=["flow", "product", "value"])
    return frame.assign(area=list(areas), year=YEAR)


@st.composite
def any_frames(draw: st.DrawFn, method: str, *, deep: bool = True) -> pd.DataFrame:
    """Long tables of any numbers: parents, if ``deep``, beside parts that need not agree.

    One or two areas and years; numbers of both signs where a row has them, zeros, and cells that
    are not there.
    """
    known = vocabulary.flows()
    any_flow = [flow for flow in real_flows() if known[flow].part in {"sum", "of", "group", ""}]
    burning = draw(_branches("flow", burning_flows(method), most=4))
    others = draw(st.lists(st.sampled_from(any_flow), max_size=4, unique=True))
    flows = list(dict.fromkeys([*burning, *others]))
    fuels = draw(_branches("product", burnable_products(method), most=4))
    if not deep:
        flows, fuels = _without_parts("flow", flows), _without_parts("product", fuels)
    power = draw(st.lists(st.sampled_from(["electricity", "heat"]), unique=True))
    areas = draw(st.lists(st.sampled_from(["A", "B"]), min_size=1, unique=True))
    years = draw(st.lists(st.sampled_from([YEAR - 1, YEAR]), min_size=1, unique=True))
    rows = []
    for area in areas:
        for year in years:
            for flow in flows:
                signed = {"supply": (-1, 1), "transformation": (-1, 1)}
                root = above("flow", flow)[-1].removeprefix("primary_")
                signs = st.sampled_from(signed.get(root, (known[flow].sign,)))
                for product in [*fuels, *power]:
                    number = draw(_NUMBERS)
                    if number is not None:
                        sign = draw(signs)
                        rows.append((area, year, flow, product, float(sign * number)))
    if not rows:
        rows.append((areas[0], years[0], burning[0], fuels[0], 0.0))
    return pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value"])


@st.composite
def balances(
    draw: st.DrawFn, method: str = "ipcc-2006", *, consistent: bool = False
) -> ca.EnergyBalance:
    """Energy balances, through the door for data frames; some print a row under another parent.

    Parameters
    ----------
    method
        Whose factors the fuels must have: any of `METHODS`.
    consistent
        Whether every parent holds at least its parts.
    """
    frame = draw(nested_tables(method)).printed if consistent else draw(any_frames(method))
    balance = ca.make_balance(frame)
    pairs = [pair for pair in OWN_PARENTS if set(pair) <= set(balance.flows)]
    own = dict(pair for pair in pairs if not consistent and draw(st.booleans()))
    return replace(balance, parents={**balance.parents, **own})
