"""How links and nodes of the two flow diagrams came about: amounts times factors, or the balance of a node."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.report.page.derivations import Derivation, FormulaPart, both, in_both, join
from carbonacct.report.page.page_words import section
from carbonacct.report.page.sankey_layout import arrange_flows
from carbonacct.report.page.shared_derivations import derive_sum
from carbonacct.report.page.traces import list_factors
from carbonacct.report.standalone_names import name_flow
from carbonacct.sectors.energy.energy_flows import find_use
from carbonacct.sectors.energy.product_measures import find_carbon, find_energy, list_rates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from carbonacct.report.page.derivations import Pair
    from carbonacct.report.page.page_content import Content
    from carbonacct.report.page.sankey_layout import Diagram
    from carbonacct.sectors.energy.energy_flows import Flows

Link = tuple[str, str]
_OUTSIDE = (
    "source:",
    "out:",
    "end:",
)  # what stands at one end of a link that closes the balance of the node at its other end


@dataclass(frozen=True)
class FlowTraces:
    """A diagram, the same in both languages, and what each drawn link and node opens."""

    diagram: Diagram
    links: Mapping[Link, int | None]
    nodes: Mapping[str, int | None]


@cache
def name_node(node: str, lang: str) -> str:
    """Return the name of a node.

    Examples
    --------
    >>> name_node("fuel:coal", "zh"), name_node("end:emitted", "en")
    ('煤', 'Emitted')
    """
    key = node.partition(":")[2]
    return section("node", lang).get(key) or name_flow(key, lang)


def derive_flows(content: Content, kind: str, area: str, year: int) -> FlowTraces:
    """Return what the links and nodes of a diagram (``kind`` is ``"energy"`` or ``"carbon"``) open."""
    key = ("flows", kind, area, year)
    if key not in content.kept:
        content.kept[key] = _derive_diagram(content, kind, area, year)
    traces: FlowTraces = content.kept[key]
    return traces


def _derive_diagram(content: Content, kind: str, area: str, year: int) -> FlowTraces:
    flows = (content.energy if kind == "energy" else content.carbon)[area, year]
    unit = "GJ" if kind == "energy" else "t CO₂"
    known: dict[Link, int | None] = {}
    for link in flows.links:
        if link in flows.terms:
            known[link] = _derive_terms(content, kind, (area, year), flows, link=link)
        elif link[1] == "end:emitted":
            known[link] = _sum_emitted(content, area, year, link[0])
    for link in flows.links:
        if link not in known:
            known[link] = _derive_balance(
                content, flows, (area, year), link, opens=known.get, unit=unit
            )
    diagram = arrange_flows(flows.links)
    drawn = {(link.source, link.target): link.value for link in diagram.links}
    for link in drawn:
        if link not in known:
            back = [
                one
                for one in flows.links
                if one not in drawn
                and one[0 if link[1] == "out:returned" else 1]
                == link[0 if link[1] == "out:returned" else 1]
            ]
            known[link] = derive_sum(
                content,
                join(area, year, _name_link(link)),
                [FormulaPart(_name_link(one), flows.links[one], unit, known[one]) for one in back],
            )
    nodes = {}
    for node in diagram.nodes:
        into, out = ([link for link in drawn if link[end] == node.name] for end in (1, 0))
        taken = (
            into
            if into and np.isclose(sum(drawn[link] for link in into), node.value, rtol=1e-9)
            else out
        )
        parts = [
            FormulaPart(_name_link(link), drawn[link], unit, known[link])
            for link in sorted(taken, key=lambda link: -drawn[link])
        ]
        nodes[node.name] = derive_sum(content, join(area, year, _name(node.name)), parts)
    return FlowTraces(diagram, known, nodes)


def _name(node: str) -> Pair:
    return in_both(lambda lang: name_node(node, lang))


def _name_link(link: Link) -> Pair:
    return in_both(lambda lang: f"{name_node(link[0], lang)} → {name_node(link[1], lang)}")


def _derive_terms(
    content: Content, kind: str, key: tuple[str, int], flows: Flows, *, link: Link
) -> int | None:
    """Return a link as amounts of the table times the energy or carbon of one unit."""
    inventory = content.keys[key]
    table = inventory.table
    measure = (find_energy if kind == "energy" else find_carbon)(inventory)
    a, y = table.areas.index(key[0]), table.years.index(key[1])
    terms = []
    for flow, product, sign in flows.terms[link]:
        f, p = table.flows.index(flow), table.products.index(product)
        if amount := float(table.amounts[a, y, f, p]):
            terms.append(
                (
                    content.put_amount(inventory, (a, y, f, p), amount),
                    sign * float(measure.per_unit[a, y, p]),
                )
            )
    products = dict.fromkeys(product for _, product, _ in flows.terms[link])

    def list_of(product: str) -> tuple[int, ...]:
        return list_factors(content, list_rates(measure, inventory, *key, product=product))

    factors = dict.fromkeys(
        i
        for product in products
        for i in content.keep(("rates", kind, *key, product), partial(list_of, product))
    )
    return content.refer(
        Derivation(
            join(*key, _name_link(link)),
            terms=tuple(terms),
            unit="GJ" if kind == "energy" else "t CO₂",
            factors=tuple(factors),
        )
    )


def _sum_emitted(content: Content, area: str, year: int, node: str) -> int | None:
    """Return what a plant or use emits as a sum of the inventory."""
    inventory = content.keys[area, year]
    return content.refer_sum(
        area,
        year,
        f=tuple(flow for flow in inventory.table.flows if find_use(inventory, flow) == node),
    )


def _derive_balance(
    content: Content,
    flows: Flows,
    key: tuple[str, int],
    link: Link,
    *,
    opens: Callable[[Link], int | None],
    unit: str,
) -> int | None:
    """Return a link that closes the balance of a node: what comes in less what goes out, or the reverse."""
    end = 0 if link[1].startswith(_OUTSIDE) else 1
    node = link[end]
    other_links = [one for one in flows.links if one != link and node in one]
    # One that closes the same balance has no number of its own: it would open this one.
    parts = [
        FormulaPart(
            _name_link(one),
            flows.links[one] * (1 if (one[1] == node) == (end == 0) else -1),
            unit,
            opens(one) if one in flows.terms or one[1] == "end:emitted" else None,
        )
        for one in other_links
    ]
    return derive_sum(
        content,
        join(*key, _name_link(link)),
        sorted(parts, key=lambda part: -part.value),
        note=both("trace.balance_note"),
    )
