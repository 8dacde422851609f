"""Where nodes and links of a Sankey diagram stand: columns from supply to use, order by weight of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH, NODE, GAP = 1180.0, 12.0, 17.0
_MARGIN, _LABELS = 8.0, 170.0  # beside the last column
_SWEEPS = 24
_BURNING = frozenset({"plant:thermal_power", "plant:chp", "plant:heating"})
_MADE = frozenset(
    {"fuel:coke", "fuel:coal_gas", "fuel:oil"}
)  # where a plant makes them; coal, crude oil and gas come first
_DELIVERED = frozenset({"fuel:electricity", "fuel:heat"})


@dataclass
class Node:
    """A node: its column, its value, and the rectangle that shows it."""

    name: str
    column: int
    value: float
    x: float = 0.0
    y: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Link:
    """A link: from the right side of a node at ``y0`` to the left side of one at ``y1`` (middles), ``width`` thick."""

    source: str
    target: str
    value: float
    x0: float
    y0: float
    x1: float
    y1: float
    width: float


@dataclass(frozen=True)
class Diagram:
    """A diagram ready to draw, ``WIDTH`` wide."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    height: float


def arrange_flows(links: Mapping[tuple[str, str], float]) -> Diagram:
    """Return the diagram of some links.

    Parameters
    ----------
    links
        Positive amounts by (source, target). Node names start with ``source:``, ``fuel:``,
        ``plant:``, ``use:``, ``out:`` or ``end:``.

    Notes
    -----
    Columns: supply, fuels as supplied, conversion, fuels made, power and heat plants, electricity
    and heat, uses, ends. A link that would go back ends in a node of its own and starts again from
    its twin. The order in a column minimises crossings by moving nodes to the weighted middle of
    their neighbours, as in Sugiyama, Tagawa and Toda (1981).
    """
    if not links:
        return Diagram((), (), 0.0)
    tiers = _find_tiers(links)
    forward = _turn_back_links(links, tiers)
    columns = _find_columns(forward, tiers)
    nodes = {
        name: Node(name, column, max(_through(forward, name))) for name, column in columns.items()
    }
    stacks = [
        [n for n in nodes.values() if n.column == c] for c in range(max(columns.values()) + 1)
    ]
    rows = max(map(len, stacks))
    height = max(420.0, rows * GAP * 1.8)
    scale = min(
        (height - 2 * _MARGIN - GAP * (len(stack) - 1)) / sum(node.value for node in stack)
        for stack in stacks
        if stack
    )
    step = (WIDTH - NODE - _LABELS) / max(len(stacks) - 1, 1)
    for stack in stacks:
        y = _MARGIN
        for node in stack:
            node.x, node.y, node.height = node.column * step, y, max(node.value * scale, 0.75)
            y += node.height + GAP
    _relax(stacks, nodes, forward, height)
    return Diagram(tuple(nodes.values()), tuple(_draw_links(nodes, forward, scale)), height)


def _find_tiers(links: Mapping[tuple[str, str], float]) -> dict[str, int]:
    """Return how far from supply each fuel, plant, use and end stands."""
    names = dict.fromkeys(name for link in links for name in link)
    delivered = any(name in _DELIVERED for name in names)
    tiers = {}
    for name in names:
        kind = name.partition(":")[0]
        if kind == "fuel":
            made = name in _MADE and any(
                target == name and source.startswith("plant:") for source, target in links
            )
            tiers[name] = 5 if name in _DELIVERED else 3 if made else 1
        elif kind == "plant":
            tiers[name] = 2 if name not in _BURNING else 4 if delivered else 6
        elif kind != "source":
            tiers[name] = 6 if kind == "use" else 7
    return tiers


def _turn_back_links(
    links: Mapping[tuple[str, str], float], tiers: dict[str, int]
) -> dict[tuple[str, str], float]:
    """Return links that all go forward."""
    forward: dict[tuple[str, str], float] = {}
    for (source, target), amount in links.items():
        back = source in tiers and tiers[source] >= tiers[target]
        for link in (
            [(source, "out:returned"), ("source:returned", target)] if back else [(source, target)]
        ):
            forward[link] = forward.get(link, 0.0) + amount
    tiers.setdefault("out:returned", 7)
    return forward


def _find_columns(
    links: Mapping[tuple[str, str], float], tiers: Mapping[str, int]
) -> dict[str, int]:
    """Return the column of each node: its tier, without tiers that nobody stands in.

    A source stands right before what it feeds.
    """
    names = dict.fromkeys(name for link in links for name in link)
    columns = {
        name: (
            tiers[name]
            if name in tiers
            else max(min(tiers[target] for source, target in links if source == name) - 1, 0)
        )
        for name in names
    }
    if not any(name.startswith("use:") and _through(links, name)[1] for name in names):
        columns = {
            name: min(column, 6) for name, column in columns.items()
        }  # energy ends where it is used
    used = {column: position for position, column in enumerate(sorted(set(columns.values())))}
    return {name: used[column] for name, column in columns.items()}


def _through(links: Mapping[tuple[str, str], float], name: str) -> tuple[float, float]:
    return (
        sum(amount for (_, target), amount in links.items() if target == name),
        sum(amount for (source, _), amount in links.items() if source == name),
    )


def _relax(
    stacks: list[list[Node]],
    nodes: Mapping[str, Node],
    links: Mapping[tuple[str, str], float],
    height: float,
) -> None:
    """Move each node towards the weighted middle of its neighbours, and push those that touch apart."""
    neighbours: dict[str, list[tuple[Node, float]]] = {name: [] for name in nodes}
    for (source, target), amount in links.items():
        neighbours[source].append((nodes[target], amount))
        neighbours[target].append((nodes[source], amount))
    weights = {name: sum([amount for _, amount in held]) for name, held in neighbours.items()}
    for sweep in range(_SWEEPS):
        strength = 0.99**sweep
        for stack in stacks if sweep % 2 else reversed(stacks):
            for node in stack:
                pulls = [
                    (other.y + other.height / 2) * amount for other, amount in neighbours[node.name]
                ]
                middle = sum(pulls) / weights[node.name]
                node.y += (middle - node.y - node.height / 2) * strength
            _push_apart(stack, height)


def _push_apart(stack: list[Node], height: float) -> None:
    stack.sort(key=lambda node: node.y + node.height / 2)
    y = _MARGIN
    for node in stack:
        node.y = max(node.y, y)
        y = node.y + node.height + GAP
    y = height - _MARGIN
    for node in reversed(stack):
        node.y = min(node.y, y - node.height)
        y = node.y - GAP


def _draw_links(
    nodes: Mapping[str, Node], links: Mapping[tuple[str, str], float], scale: float
) -> list[Link]:
    """Stack the links of each node in the order of the nodes at their other ends."""
    start, end = ({name: node.y for name, node in nodes.items()} for _ in range(2))
    left = dict.fromkeys(links, 0.0)
    for link in sorted(links, key=lambda link: nodes[link[1]].y):
        left[link] = start[link[0]] + links[link] * scale / 2
        start[link[0]] += links[link] * scale
    drawn = []
    for source, target in sorted(links, key=lambda link: nodes[link[0]].y):
        amount = links[source, target]
        y1 = end[target] + amount * scale / 2
        end[target] += amount * scale
        drawn.append(
            Link(
                source,
                target,
                amount,
                nodes[source].x + NODE,
                left[source, target],
                nodes[target].x,
                y1,
                max(amount * scale, 0.6),
            )
        )
    return drawn
