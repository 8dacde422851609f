"""Energy and carbon from supply through transformation to use, as links between nodes that balance.

A node takes in what it gives out. What a table does not account for is a link of its own with a
name: the statistical difference of a fuel, the loss of a transformation, the carbon that is not
oxidised or stays in a product.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.product_groups import group_of
from carbonacct.sectors.energy.product_measures import list_carriers
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.sectors.energy import EnergyInventory

# The node that a row of supply belongs to: where its amount is positive, and where it is negative.
_SUPPLY = {
    "production": ("production", "supply_out"),
    "gross_output": ("production", "supply_out"),
    "recovery": ("recovery", "supply_out"),
    "moved_in": ("from_outside", "sent_out"),
    "imports": ("from_outside", "sent_out"),
    "bunkers_abroad": ("from_outside", "sent_out"),
    "moved_out": ("from_outside", "sent_out"),
    "exports": ("from_outside", "sent_out"),
    "bunkers_home": ("from_outside", "sent_out"),
    "stock_change": ("stock_draw", "stock_build"),
    "opening_stock": ("stock_draw", "stock_build"),
    "closing_stock": ("stock_draw", "stock_build"),
}
# The nodes, without what they are before, of what a table does not account for.
DIFFERENCES = frozenset(
    {
        "statistical_difference",
        "unprinted",
        "made",
        "factor_difference",
        "negative_use",
        "not_in_table",
        "returned",
    }
)
_PLANT = {
    "oil_reinput": "refining",
    "coal_to_liquids": "refining",
    "coke_reinput": "gas_works",
    "briquette_making": "coal_washing",
}
_USES = ("final_consumption", "energy_own_use", "own_use_and_losses", "non_energy_use", "losses")
_FUEL = {"coke": "coke", "other_coking_products": "coke", "crude_oil": "crude"}

Term = tuple[str, str, float]


@dataclass(frozen=True, eq=False)
class Flows:
    """Links of one area and year.

    Attributes
    ----------
    links
        Amount (source node, target node): GJ of energy, or t CO2 that the carbon would give if all
        of it were burnt.
    terms
        The amounts that a link is the sum of, as (flow, product, sign); a link without any closes
        the balance of a node.
    left_out
        Products with a number that have no calorific value or carbon content in the method.
    below_zero
        t CO2 of uses below zero, which no link shows: nothing is taken back from what was emitted.
    """

    links: Mapping[tuple[str, str], float]
    terms: Mapping[tuple[str, str], Sequence[Term]]
    left_out: tuple[str, ...]
    below_zero: float = 0.0


def find_fuel(product: str) -> str:
    """Return the group of fuels that a product is drawn in.

    Examples
    --------
    >>> find_fuel("cleaned_coal"), find_fuel("gas_coke"), find_fuel("diesel"), find_fuel("wood")
    ('coal', 'coke', 'oil', 'other')
    """
    entry = vocabulary.products()[product]
    for ancestor in climb(product, lambda one: vocabulary.products()[one].parent):
        if ancestor in _FUEL:
            return _FUEL[ancestor]
    if entry.group == "total":
        return {"oil_total": "oil", "coal_total": "coal", "coal_and_coke_total": "coal"}.get(
            product, "other"
        )
    return group_of(product).drawn_as


def find_energy_flows(
    inventory: EnergyInventory, area: str, year: int, *, per_unit: np.ndarray, leaf: np.ndarray
) -> Flows:
    """Return the energy of each link, in GJ.

    Parameters
    ----------
    per_unit
        From :func:`carbonacct.sectors.energy.product_measures.measure_energy`.
    leaf
        The cells that count, from :func:`carbonacct.sectors.energy.finest_cells.find_finest_cells`.
    """
    links, terms, left_out = _find_links(
        inventory, area, year, per_unit, leaf=leaf, products=list(inventory.balance.products)
    )
    _balance_fuels(links)
    _balance_plants(links, "transformation_loss")
    return Flows(*_net(links, terms), left_out)


def find_carbon_flows(
    inventory: EnergyInventory, area: str, year: int, *, per_unit: np.ndarray, leaf: np.ndarray
) -> Flows:
    """Return the carbon of each link, in t CO2.

    What ends as emitted is the inventory's direct CO2 without uses below zero.

    Parameters
    ----------
    per_unit
        From :func:`carbonacct.sectors.energy.product_measures.measure_carbon`.
    leaf
        The cells that count, from :func:`carbonacct.sectors.energy.finest_cells.find_finest_cells`.
    """
    links, terms, left_out = _find_links(
        inventory, area, year, per_unit, leaf=leaf, products=list_carriers(inventory)
    )
    _balance_fuels(links)
    cells = inventory.emissions.sel(area=area, year=year, gas="CO2").values
    emitted: dict[str, float] = defaultdict(float)
    for f, flow in enumerate(inventory.balance.flows):
        if not np.isnan(cells[f]).all():
            emitted[find_use(inventory, flow)] += float(np.nansum(np.maximum(cells[f], 0.0)))
    kept = _find_kept(inventory, area, year, per_unit, leaf=leaf)
    for node in dict.fromkeys(
        [*emitted, *(target for _, target in links if target.startswith("use:"))]
    ):
        _end_use(links, terms, node, emitted.get(node, 0.0), kept=kept)
    _balance_plants(links, "carbon_lost")
    below_zero = float(np.nansum(np.minimum(cells, 0.0)))
    return Flows(*_net(links, terms), left_out, below_zero)


def _end_use(
    links: dict[tuple[str, str], float],
    terms: dict[tuple[str, str], list[Term]],
    node: str,
    emitted: float,
    *,
    kept: Mapping[tuple[str, str], Mapping[Term, float]],
) -> None:
    """Report where the carbon that a use takes in ends; losses end there."""
    rest = _sum_in(links, node) - emitted
    if node == "use:losses" and not emitted:
        return
    links[node, "end:emitted"] += emitted
    # The table says what is stored or not counted; what then lacks did not oxidise.
    for end in ("end:uncounted", "end:stored"):
        rows = kept.get((node, end), {})
        amount = sum(rows.values())
        taken = min(max(rest, 0.0), amount)
        links[node, end] += taken
        rest -= taken
        if taken == amount:
            terms[node, end] += rows
    if rest >= 0:
        links[node, "end:unoxidised"] += rest
    else:
        links["source:factor_difference", node] += -rest


def _find_kept(
    inventory: EnergyInventory, area: str, year: int, per_unit: np.ndarray, *, leaf: np.ndarray
) -> Mapping[tuple[str, str], Mapping[Term, float]]:
    """Return the carbon of feedstock and of cells that the method does not count, by its use and end."""
    balance = inventory.balance
    a, y = balance.areas.index(area), balance.years.index(year)
    carbon = np.maximum(np.nan_to_num(balance.amounts.values[a, y] * per_unit[a, y]), 0)
    counted = ~np.isnan(inventory.emissions.sel(gas="CO2").values[a, y])
    kept: dict[tuple[str, str], dict[Term, float]] = defaultdict(dict)
    for f, flow in enumerate(balance.flows):
        top = _top(inventory, flow)
        rows = []
        if inventory.method.role(flow, balance.parents) == "feedstock":
            stored = [
                not inventory.method.counts_feedstock(product) for product in balance.products
            ]
            rows.append(("end:stored", (carbon[f] > 0) & stored))
        elif top in _USES and top != "losses" and vocabulary.flows()[flow].part != "of":
            rows.append(("end:uncounted", leaf[a, y, f] & ~counted[f] & (carbon[f] > 0)))
        for end, taken in rows:
            kept[find_use(inventory, flow), end] |= {
                (flow, balance.products[p], 1.0): float(carbon[f, p]) for p in np.flatnonzero(taken)
            }
    return kept


def _find_links(
    inventory: EnergyInventory,
    area: str,
    year: int,
    per_unit: np.ndarray,
    *,
    leaf: np.ndarray,
    products: Sequence[str],
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], list[Term]], tuple[str, ...]]:
    """Return the links that the table prints, what each is the sum of, and the products that have no factor."""
    balance = inventory.balance
    a, y = balance.areas.index(area), balance.years.index(year)
    leaf = leaf[a, y]
    numbers = balance.amounts.values[a, y]
    links: dict[tuple[str, str], float] = defaultdict(float)
    terms: dict[tuple[str, str], list[Term]] = defaultdict(list)
    left_out = []
    places = [_place(inventory, flow) for flow in balance.flows]
    supplied = any(
        kind == "supply" and not np.isnan(numbers[f]).all() for f, (kind, _, _) in enumerate(places)
    )
    for product in products:
        p = balance.products.index(product)
        if not np.nan_to_num(numbers[leaf[:, p], p]).any():
            continue
        if np.isnan(per_unit[a, y, p]):
            left_out.append(product)
            continue
        fuel = f"fuel:{find_fuel(product)}"
        rows = 0.0
        for f in np.flatnonzero(leaf[:, p]):
            kind, positive, negative = places[f]
            amount = float(numbers[f, p] * per_unit[a, y, p])
            if not kind:
                continue
            if kind == "plant":
                link, sign = (
                    (fuel, positive),
                    -1.0,
                )  # the net of a group of fuels: signs are settled at the end
            else:
                into = (amount > 0) == (kind != "use")
                link, sign = (
                    (
                        (positive if amount > 0 else negative, fuel)
                        if into
                        else (fuel, positive if amount > 0 else negative)
                    ),
                    1.0 if amount > 0 else -1.0,
                )
            links[link] += sign * amount
            terms[link].append((balance.flows[f], product, sign))
            rows += amount if kind == "supply" else 0.0
        supply = [balance.flows[f] for f in np.flatnonzero(leaf[:, p]) if places[f][0] == "supply"]
        _add_unprinted(
            links,
            terms,
            inventory,
            (fuel, product),
            amounts=numbers[:, p] * per_unit[a, y, p],
            leaf=leaf[:, p],
            rows=rows,
            supply=supply,
        )
    if not supplied:
        links = _without_supply(links)
    return links, terms, tuple(left_out)


def _place(inventory: EnergyInventory, flow: str) -> tuple[str, str, str]:
    """Return what a row is to the flows (supply, exchange, plant, use, none), and its node by its amount's sign."""
    top = _top(inventory, flow)
    if vocabulary.flows()[flow].part == "of" and top != flow:
        return "", "", ""
    if flow == "recovery" or top in {"primary_supply", "exchanges"}:
        into, out = _SUPPLY.get(_child(inventory, flow, top), ("supply_in", "supply_out"))
        return "supply" if top == "primary_supply" else "exchange", f"source:{into}", f"out:{out}"
    if top == "transformation":
        return "plant", f"plant:{_plant(inventory, flow)}", ""
    if top in _USES or inventory.method.role(flow, inventory.balance.parents) == "combustion":
        return "use", find_use(inventory, flow), "source:negative_use"
    return "", "", ""


def _add_unprinted(
    links: dict[tuple[str, str], float],
    terms: dict[tuple[str, str], list[Term]],
    inventory: EnergyInventory,
    what: tuple[str, str],
    *,
    amounts: np.ndarray,
    leaf: np.ndarray,
    rows: float,
    supply: Sequence[str],
) -> None:
    """Add what a printed total of supply has beyond its rows, such as an opening stock that is not printed."""
    flows = inventory.balance.flows
    fuel, product = what
    if (
        "primary_supply" in flows
        and not leaf[i := flows.index("primary_supply")]
        and not np.isnan(amounts[i])
    ):
        more = float(amounts[i]) - rows
        link, sign = (
            (("source:unprinted", fuel), 1.0) if more > 0 else ((fuel, "out:unprinted"), -1.0)
        )
        links[link] += abs(more)
        terms[link] += [
            ("primary_supply", product, sign),
            *((flow, product, -sign) for flow in supply),
        ]


def _without_supply(links: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Let fuels come from outside the table, where the table prints consumption alone."""
    complete = defaultdict(float, links)
    for fuel in dict.fromkeys(source for source, _ in links if source.startswith("fuel:")):
        complete["source:not_in_table", fuel] += max(
            _sum_out(links, fuel) - _sum_in(links, fuel), 0.0
        )
    return complete


def _balance_fuels(links: dict[tuple[str, str], float]) -> None:
    for fuel in dict.fromkeys(node for link in links for node in link if node.startswith("fuel:")):
        difference = _sum_in(links, fuel) - _sum_out(links, fuel)
        links[
            (
                (fuel, "out:statistical_difference")
                if difference > 0
                else ("source:statistical_difference", fuel)
            )
        ] += abs(difference)


def _balance_plants(links: dict[tuple[str, str], float], loss: str) -> None:
    for plant in dict.fromkeys(
        node for link in links for node in link if node.startswith("plant:")
    ):
        difference = _sum_in(links, plant) - _sum_out(links, plant)
        links[(plant, f"end:{loss}") if difference > 0 else ("source:made", plant)] += abs(
            difference
        )


def _net(
    links: Mapping[tuple[str, str], float], terms: Mapping[tuple[str, str], list[Term]]
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], list[Term]]]:
    """Return links of positive amounts, and their terms: a plant that gives more than it takes is a source."""
    largest = max(map(abs, links.values()), default=0.0)
    turned = {
        link: link[::-1] if amount < 0 else link
        for link, amount in links.items()
        if abs(amount) > 1e-12 * largest
    }
    held = {
        turned[link]: [
            (flow, product, -sign if links[link] < 0 else sign) for flow, product, sign in parts
        ]
        for link, parts in terms.items()
        if link in turned
    }
    return {new: abs(links[link]) for link, new in turned.items()}, held


def _sum_in(links: Mapping[tuple[str, str], float], node: str) -> float:
    return sum(amount for (_, target), amount in links.items() if target == node)


def _sum_out(links: Mapping[tuple[str, str], float], node: str) -> float:
    return sum(amount for (source, _), amount in links.items() if source == node)


def _top(inventory: EnergyInventory, flow: str) -> str:
    return [*vocabulary.climb_flows(flow, inventory.balance.parents)][-1]


def _child(inventory: EnergyInventory, flow: str, top: str) -> str:
    """Return the part of ``top`` that a flow belongs to."""
    path = [*vocabulary.climb_flows(flow, inventory.balance.parents)]
    return path[max(path.index(top) - 1, 0)]


def _plant(inventory: EnergyInventory, flow: str) -> str:
    part = _child(inventory, flow, "transformation")
    return _PLANT.get(part, part)


def find_use(inventory: EnergyInventory, flow: str) -> str:
    """Return the node of a row that burns: a plant, or a use."""
    top = _top(inventory, flow)
    if top == "transformation":
        return f"plant:{_plant(inventory, flow)}"
    part = _child(inventory, flow, top) if top == "final_consumption" else top
    return f"use:{'farming' if part == 'fisheries' else part}"
