"""Industry that holds what its plants take in: 工业, of which 火力发电.

工业 of total consumption above 工业 of final consumption.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import PLANTS_WITHIN
from carbonacct.balances.path.of_which import Ladder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from carbonacct.balances.path.row_reader import RowKey

_FINAL, _FINAL_WITHIN = "final_consumption", "industry.final_use"
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
    if flow == _FINAL and depth and whole == "industry":
        inner = _FINAL_WITHIN  # 工业, #终端消费, 发电: what the plants leave
    if not inner or not _is_industry(whole):
        return flow, whole
    return inner, ladder.add(inner, depth)


def _is_industry(flow: str) -> bool:
    """Return whether a flow may hold plants: industry with its parts, or the secondary sector."""
    return bool(flow) and (flow == "secondary_industry" or vocabulary.is_within(flow, "industry"))


@lru_cache(maxsize=4096)
def _inside(flow: str) -> str:
    """Return the part of industry that its plants of some kind are, or ""."""
    kind = flow.removesuffix(".input")
    inner = PLANTS_WITHIN if kind == "transformation" else f"{PLANTS_WITHIN}.{kind}"
    return inner if inner in vocabulary.flows() else ""


def hold_plants(flow: str, outer: str) -> str:
    """Return the flow of a heading below another: plants below industry are a part of it.

    Examples
    --------
    >>> hold_plants("thermal_power", "industry"), hold_plants("thermal_power", "transformation")
    ('industry.transformation.thermal_power', 'thermal_power')
    >>> hold_plants("final_consumption", "industry")
    'industry.final_use'
    """
    if flow == _FINAL and outer == "industry":
        return _FINAL_WITHIN
    return _inside(flow) or flow if _is_industry(outer) else flow


def is_plant(flow: str, direction: str) -> bool:
    """Return whether a part of industry burns what it transforms (the branch of power and heat), or names its plants.

    Examples
    --------
    >>> is_plant("industry.power_heat_supply", "input"), is_plant("industry.ferrous_smelting", "input")
    (True, False)
    """
    return vocabulary.is_within(flow, PLANTS_WITHIN) or (direction == "input" and flow == _POWER)


class Level(NamedTuple):
    """How far in a label stands: its column, the kind of its number ((一) behind 一), how far it is set in."""

    column: int = 0
    number: int = 0
    indent: int = 0

    def is_inside(self, other: Level) -> bool:
        """Return whether a label stands farther in than one above it; numbers say so before blanks do."""
        if self.column != other.column:
            return self.column > other.column
        if self.number and other.number:
            return self.number > other.number
        return self.indent > other.indent

    def is_peer(self, other: Level) -> bool:
        """Return whether numbers say that two labels stand beside each other."""
        return bool(self.number) and self[:2] == other[:2]


class PlantRow(NamedTuple):
    """What the labels of a row say of where it stands.

    ``outer`` is the flow of a label to its left, ``is_told`` whether a mapping gives its flow, and
    ``is_headed`` whether a heading says that it goes into plants or comes out.
    """

    level: Level
    outer: str = ""
    is_told: bool = False
    is_headed: bool = False


class PlantsBelow(NamedTuple):
    """Plants that are printed below industry.

    Attributes
    ----------
    within
        The rows that industry holds, and the part of it that each is.
    branches
        Of these flows those that are parts of the branch of power and heat printed above them.
    open
        The flows of plants of which no label says whether industry holds them.
    """

    within: dict[int, str]
    branches: dict[str, str]
    open: frozenset[str]


def find_number(mark: str) -> int:
    """Return how far in the number of a list stands, 0 without one.

    Examples
    --------
    >>> [find_number(mark) for mark in ("一、", "(一)", "0.", "0.0", "(0)", "")]
    [1, 2, 3, 4, 5, 0]
    """
    if "一" in mark:
        return 2 if mark.startswith("(") else 1
    if "0" in mark:
        return 5 if mark.startswith("(") else 2 + mark.count("0")
    return 0


@lru_cache(maxsize=4096)
def find_level(text: str, column: int) -> Level:
    """Return how far in a label stands.

    Examples
    --------
    >>> find_level("  （一）火力发电", 0)
    Level(column=0, number=2, indent=2)
    """
    indent, number = vocabulary.level_of(text)
    return Level(column, find_number(number), indent)


def find_plants_below(
    keys: Mapping[int, RowKey],
    marked: Mapping[int, str],
    place: Callable[[int], PlantRow],
    *,
    about: str,
) -> PlantsBelow:
    """Return the plants of a table that stand below industry: held by it as the labels say, or open.

    Parameters
    ----------
    keys
        What the rows say.
    marked
        The rows that a mark makes parts of industry, and the part that each is.
    place
        Where the labels of a row stand.
    about
        The flow that the title names.

    Notes
    -----
    A row is a part of the one above it that stands farther out: in a column to its left, under a
    number of another kind (二、工业, （一）火力发电), or less set in. Plants directly behind industry or its
    parts that stand no farther in may be either. Behind other sectors, in a table of final
    consumption, under a number of the same kind (三、火力发电), or behind parts that are set in, they
    stand beside it; but if the branch of power and heat is one of these parts, it may hold them.
    """
    within, branches, open_ = dict(marked), {}, set()
    above: list[tuple[Level, str]] = []
    industry: Level | None = None
    has_parts, has_branch = False, False
    is_final, last = about == "final_consumption", ""
    for i in sorted(keys):
        flow = keys[i].flow
        if not flow:
            continue
        inner = _inside(flow)
        if not (inner or i in marked):
            at = place(i)
            if flow == _FINAL and _find_holder(at, above) == "industry":
                within[i] = _FINAL_WITHIN
                continue
            above = [one for one in above if at.level.is_inside(one[0])] + [(at.level, flow)]
            last, is_final = flow, is_final or flow == "final_consumption"
            if industry is not None and _is_industry(flow) and flow != "industry":
                has_parts |= at.level.is_inside(industry)
                has_branch |= flow in _OF_PLANTS
            else:
                industry = at.level if _is_industry(flow) else None
                has_parts, has_branch = False, False
            continue
        at = place(i)
        above = [one for one in above if at.level.is_inside(one[0])]
        holder = _find_holder(at, above)
        if i in marked or (_is_industry(holder) and not at.is_headed):
            within[i] = marked.get(i, inner)
            if (last if i in marked else holder) in _OF_PLANTS:
                branches[within[i]] = _POWER
        elif industry is not None and not (
            (has_parts and not has_branch) or (is_final or at.is_told or at.level.is_peer(industry))
        ):
            open_.add(flow.removesuffix(".input"))
    return PlantsBelow(within, branches, frozenset(open_))


def _find_holder(at: PlantRow, above: Sequence[tuple[Level, str]]) -> str:
    """Return the flow that a row lies in by the labels above it and to its left, "" for none."""
    outside = (flow for level, flow in reversed(above) if at.level.is_inside(level))
    return at.outer or next(outside, "")


class PlantColumn(NamedTuple):
    """What the headings of a column say of where it stands.

    ``depth`` counts the marks of a part, ``direction`` is what a heading over or beside it says of
    plants, ``is_told`` says that a mapping gives its flow, ``is_final`` that its headings name
    final consumption, in which no plant lies.
    """

    flow: str
    depth: int = 0
    direction: str = ""
    is_told: bool = False
    is_final: bool = False


def place_columns(
    columns: Sequence[PlantColumn], *, about: str
) -> tuple[list[str], frozenset[str]]:
    """Return the flows of columns with the plants that industry holds among them, and those of which nothing says it.

    Parameters
    ----------
    columns
        From left to right.
    about
        The flow that the title names, which columns of no flow of their own have.

    Examples
    --------
    >>> industry, plants = PlantColumn("industry"), PlantColumn("thermal_power")
    >>> place_columns([industry, plants._replace(depth=1)], about="")
    (['industry', 'industry.transformation.thermal_power'], frozenset())
    >>> place_columns([industry, plants], about="")
    (['industry', 'thermal_power'], frozenset({'thermal_power'}))
    >>> place_columns([industry._replace(is_final=True), plants], about="")
    (['industry', 'thermal_power'], frozenset())
    >>> place_columns([industry, plants._replace(direction="input")], about="industry")[0]
    ['industry', 'industry.transformation.thermal_power']
    """
    ladder, placed, open_ = Ladder(), [], set()
    above, is_final_above = "", False
    for flow, depth, direction, is_told, is_final in columns:
        is_alone = bool(_inside(flow)) and not (depth or is_told) and _is_industry(above)
        # In a table about industry its plants are industry's, as its total is.
        inside = is_alone and above == about and direction != "output"
        placed.append(add_flow(ladder, flow, 1 if inside else depth)[0])
        if not _inside(flow):
            above, is_final_above = flow, is_final
        elif is_alone and not (direction or is_final_above) and placed[-1] == flow:
            open_.add(flow.removesuffix(".input"))
    return placed, frozenset(open_)


def tell_industry(keys: dict[int, RowKey]) -> None:
    """Tell industry under total consumption, with the input of its plants, from that under final consumption."""
    flows = {i: key.flow for i, key in keys.items() if not key.product}
    order = [i for i in sorted(flows) if flows[i] in _PRINTED_TWICE]
    if [flows[i] for i in order] == [
        "total_consumption",
        "industry",
        "final_consumption",
        "industry",
    ]:
        keys[order[1]] = keys[order[1]]._replace(flow="industry_total")
