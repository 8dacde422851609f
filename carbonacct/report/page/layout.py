"""Where the nodes and links of a Sankey diagram stand: columns by the longest way, order by the weight of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH, NODE, GAP = 1180.0, 12.0, 17.0
_MARGIN, _LABELS = 8.0, 170.0  # beside the last column
_SWEEPS = 24


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
    """A link: from the right side of one node at ``y0`` to the left side of another at ``y1`` (middles), ``width`` thick."""

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
        Positive amounts by (source, target). Node names start with ``source:``, ``fuel:``, ``plant:``, ``use:``,
        ``out:`` or ``end:``.

    Notes
    -----
    Columns are the longest way from a source (uses and ends stand together); the order in a column minimises crossings
    by moving nodes to the weighted middle of their neighbours, as in Sugiyama, Tagawa and Toda (1981).
    """
    if not links:
        return Diagram((), (), 0.0)
    acyclic = _open_circles(dict(links))
    columns = _find_columns(acyclic)
    nodes = {name: Node(name, column, max(_through(acyclic, name))) for name, column in columns.items()}
    stacks = [[n for n in nodes.values() if n.column == c] for c in range(max(columns.values()) + 1)]
    rows = max(map(len, stacks))
    height = max(420.0, rows * GAP * 1.8)
    scale = min((height - 2 * _MARGIN - GAP * (len(stack) - 1)) / sum(node.value for node in stack) for stack in stacks if stack)
    step = (WIDTH - NODE - _LABELS) / max(len(stacks) - 1, 1)
    for stack in stacks:
        y = _MARGIN
        for node in stack:
            node.x, node.y, node.height = node.column * step, y, max(node.value * scale, 0.75)
            y += node.height + GAP
    _relax(stacks, nodes, acyclic, height)
    return Diagram(tuple(nodes.values()), tuple(_draw_links(nodes, acyclic, scale)), height)


def _open_circles(links: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Return links without circles: a link that closes one ends in a node of its own, and starts again from its twin."""
    opened = dict(links)
    while (link := _find_back_link(opened)) is not None:
        amount = opened.pop(link)
        opened[link[0], "out:returned"] = opened.get((link[0], "out:returned"), 0.0) + amount
        opened["source:returned", link[1]] = opened.get(("source:returned", link[1]), 0.0) + amount
    return opened


def _find_back_link(links: Mapping[tuple[str, str], float]) -> tuple[str, str] | None:
    """Return a link of a circle, the smallest one, or None."""
    after: dict[str, list[str]] = {}
    for source, target in links:
        after.setdefault(source, []).append(target)
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str] | None:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return None
        for target in after.get(node, []):
            if circle := walk(target, [*path, node]):
                return circle
        done.add(node)
        return None

    for start in sorted(after):
        if circle := walk(start, []):
            return min(pairwise(circle), key=lambda link: links[link])
    return None


def _find_columns(links: Mapping[tuple[str, str], float]) -> dict[str, int]:
    names = dict.fromkeys(name for link in links for name in link)
    columns = dict.fromkeys(names, 0)
    _take_longest_way(columns, links)
    for plant in ("plant:chp", "plant:heating"):  # beside the power plants
        if plant in columns:
            columns[plant] = max(columns[plant], columns.get("plant:thermal_power", 0))
    _take_longest_way(columns, links)
    uses = max((columns[n] for n in names if n.startswith("fuel:")), default=0) + 1
    uses = max([uses, *(columns[n] for n in names if n.startswith("use:"))])
    last = uses + any(source.startswith("use:") for source, _ in links)
    last = max([last, *(columns[n] + 1 for n in names if n.startswith("plant:"))])
    for name in names:
        if name.startswith("use:"):
            columns[name] = uses
        elif name.startswith(("out:", "end:")):
            columns[name] = last
        elif name.startswith("source:"):
            columns[name] = max(min(columns[target] for source, target in links if source == name) - 1, 0)
    used = {column: place for place, column in enumerate(sorted(set(columns.values())))}
    return {name: used[column] for name, column in columns.items()}


def _take_longest_way(columns: dict[str, int], links: Mapping[tuple[str, str], float]) -> None:
    for _ in columns:  # which has at most as many steps as there are nodes
        for source, target in links:
            columns[target] = max(columns[target], columns[source] + 1)


def _through(links: Mapping[tuple[str, str], float], name: str) -> tuple[float, float]:
    return (
        sum(amount for (_, target), amount in links.items() if target == name),
        sum(amount for (source, _), amount in links.items() if source == name),
    )


def _relax(stacks: list[list[Node]], nodes: Mapping[str, Node], links: Mapping[tuple[str, str], float], height: float) -> None:
    """Move each node towards the weighted middle of its neighbours, and push those that touch apart."""
    neighbours: dict[str, list[tuple[Node, float]]] = {name: [] for name in nodes}
    for (source, target), amount in links.items():
        neighbours[source].append((nodes[target], amount))
        neighbours[target].append((nodes[source], amount))
    for sweep in range(_SWEEPS):
        strength = 0.99**sweep
        for stack in stacks if sweep % 2 else reversed(stacks):
            for node in stack:
                weight = sum(amount for _, amount in neighbours[node.name])
                middle = sum((other.y + other.height / 2) * amount for other, amount in neighbours[node.name]) / weight
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


def _draw_links(nodes: Mapping[str, Node], links: Mapping[tuple[str, str], float], scale: float) -> list[Link]:
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
        drawn.append(Link(source, target, amount, nodes[source].x + NODE, left[source, target], nodes[target].x, y1, max(amount * scale, 0.6)))
    return drawn
