"""Carbon that energy and another sector could both count: said in tonnes, beside the entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding
from carbonacct.sectors.sources.compiling import SourceOrigin
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from carbonacct.equations.sector import Partner
    from carbonacct.inventory.record import Inventory


def find_partners(inventory: Inventory) -> Iterator[Finding]:
    """Find sources whose carbon stands in a fuel that the same inventory counts as burnt.

    Steel loses the carbon that its coke brought; a plant that burns waste may stand in the energy
    balance. What is to be done, the method's sector file says: nothing (the document counts both),
    or one of the two has to go.
    """
    energy = inventory.entries
    energy = energy[(energy["sector"] == "energy") & (energy["scope"] == 1)]
    energy = energy[(energy["kind"] != "memo") & (energy["gas"] == "CO2")]
    for origin in inventory.origins:
        if not isinstance(origin, SourceOrigin):
            continue
        partner = origin.evaluation.find(origin.block).block.partner
        if partner is not None and partner.sector == "energy":
            yield from _compare(origin, partner, energy)


def _compare(origin: SourceOrigin, partner: Partner, energy: pd.DataFrame) -> Iterator[Finding]:
    """Yield a finding for each area and year in which both have an amount."""
    evaluation = origin.evaluation
    axes = evaluation.data.axes
    amounts = evaluation.values(partner.quantity)
    amounts = amounts.reshape(*amounts.shape[:2], -1)
    for a, y in np.argwhere(np.nansum(np.abs(amounts), axis=2) > 0):
        area, year = axes.areas[a], axes.years[y]
        here = energy[(energy["area"] == area) & (energy["year"] == year)]
        flow, burnt = _find_burnt(here, partner)
        if not burnt["value"].sum():
            continue
        unit = evaluation.sector.unit_of(partner.quantity)
        units = burnt["activity_unit"].astype(str)
        fuel = join_texts(
            " and ",
            (f"{part['activity'].sum():,.0f} {name}" for name, part in burnt.groupby(units)),
        )
        yield Finding(
            "partner-counted",
            "info" if partner.both == "find" else "error",
            say(
                "{block}: {quantity} is {amount:,.0f} {unit}, and energy counts {fuel} of "
                "{product} in {flow}, {co2:,.0f} t CO2",
                block=origin.block,
                quantity=partner.quantity,
                amount=np.nansum(amounts[a, y]),
                unit=unit,
                fuel=fuel,
                product=partner.product,
                flow=flow or say("all rows"),
                co2=burnt["value"].sum(),
            ),
            f"{area} {year}",
            (
                say("the method counts both; see that they are not the same carbon")
                if partner.both == "find"
                else say(
                    "count the carbon once: take the fuel out of the balance, or leave "
                    "the source out"
                )
            ),
        )


def _find_burnt(energy: pd.DataFrame, partner: Partner) -> tuple[str, pd.DataFrame]:
    """Return the entries of the partner's fuel in its row, or in the nearest row above that is printed."""
    products = [
        product
        for product in energy["product"].unique()
        if vocabulary.is_product_within(product, partner.product)
    ]
    flow = partner.flow
    while True:
        flows = [name for name in energy["flow"].unique() if not flow or _within(name, flow)]
        found = energy[energy["flow"].isin(flows) & energy["product"].isin(products)]
        if len(found) or not flow:
            return flow, found
        flow = vocabulary.flows()[flow].parent if flow in vocabulary.flows() else ""


def _within(name: str, flow: str) -> bool:
    return vocabulary.is_within(vocabulary.base_of(name), flow)
