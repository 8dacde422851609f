"""Industry that holds what its plants take in: 工业, of which 火力发电; 工业 of total consumption above 工业 of final consumption."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import PLANTS_WITHIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.balances.path.of_which import Ladder
    from carbonacct.balances.path.row_reader import RowKey

_PRINTED_TWICE = frozenset({"total_consumption", "final_consumption", "industry"})
_POWER = "industry.power_heat_supply"
_OF_PLANTS = frozenset({_POWER, "industry.utilities"})


def add_flow(ladder: Ladder, flow: str, depth: int) -> tuple[str, str]:
    """Place a flow among the labels above it; return what it is there, and the flow that it is a part of ("" if none).

    Notes
    -----
    Plants behind 其中 or # below industry are a part of it (规模以上工业消费量, #加工转换投入, ##火力发电), and
    so are further plants behind them without a mark: counted beside it, their coal would count twice.

    Examples
    --------
    >>> from carbonacct.balances.path.of_which import Ladder
    >>> ladder = Ladder()
    >>> [add_flow(ladder, flow, depth) for flow, depth in (("industry", 0), ("thermal_power", 1))]
    [('industry', ''), ('industry.transformation.thermal_power', 'industry')]
    >>> [add_flow(ladder, flow, depth)[0] for flow, depth in (("final_consumption", 0), ("thermal_power", 1))]
    ['final_consumption', 'thermal_power']
    """
    last, depth_of_last = ladder.last
    inner = _inside(flow)
    if inner and not depth and last.startswith(PLANTS_WITHIN):
        depth = depth_of_last
    whole = ladder.add(flow, depth)
    if not inner or not (whole == "secondary_industry" or _is_industry(whole)):
        return flow, whole
    return inner, ladder.add(inner, depth)


def _is_industry(flow: str) -> bool:
    return bool(flow) and vocabulary.is_within(flow, "industry")


@lru_cache(maxsize=4096)
def _inside(flow: str) -> str:
    """Return the part of industry that its plants of some kind are, or ""."""
    kind = flow.removesuffix(".input")
    inner = PLANTS_WITHIN if kind == "transformation" else f"{PLANTS_WITHIN}.{kind}"
    return inner if inner in vocabulary.flows() else ""


def is_plant(flow: str, direction: str) -> bool:
    """Return whether a part of industry burns what it transforms (the branch of power and heat), or names its plants.

    Examples
    --------
    >>> is_plant("industry.power_heat_supply", "input"), is_plant("industry.ferrous_smelting", "input")
    (True, False)
    """
    return vocabulary.is_within(flow, PLANTS_WITHIN) or (direction == "input" and flow == _POWER)


def place_plants(keys: dict[int, RowKey], plants: Mapping[int, str]) -> dict[str, str]:
    """Give the rows of such plants their flow; return those that are parts of the branch of power and heat printed above them.

    Parameters
    ----------
    keys
        What the rows say, changed in place.
    plants
        The rows, and the part of industry that each is.
    """
    parents, branch = {}, ""
    for i in sorted(keys):
        if i not in plants:
            branch = keys[i].flow
            continue
        keys[i] = keys[i]._replace(flow=plants[i])
        if branch in _OF_PLANTS:
            parents[plants[i]] = _POWER
    return parents


def tell_industry(keys: dict[int, RowKey]) -> None:
    """Tell apart industry under total consumption, with what its plants take in, from industry under final consumption, printed again below it."""
    flows = {i: key.flow for i, key in keys.items() if not key.product}
    order = [i for i in sorted(flows) if flows[i] in _PRINTED_TWICE]
    if [flows[i] for i in order] == [
        "total_consumption",
        "industry",
        "final_consumption",
        "industry",
    ]:
        keys[order[1]] = keys[order[1]]._replace(flow="industry_total")
