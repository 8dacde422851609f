"""Carbon that energy and another sector could both count: taken out of energy, or said in tonnes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.sectors.energy.energy_entries import EnergyOrigin
from carbonacct.sectors.energy.passing_on import measure_carbon, pass_on
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from carbonacct.equations.sector import Partner
    from carbonacct.errors import Severity
    from carbonacct.inventory.record import Inventory
    from carbonacct.sectors.energy.cube import EnergyInventory

# Of the carbon. IPCC 2006 Vol. 2 prints carbon content (table 1.3) and emission factors (table 1.4) each rounded:
# of lubricants 20.0 t C/TJ are 73,333 kg CO2/TJ and not 73,300, of one amount by both ways 0.05 % differ.
_SHORT = 1e-3
_TO_CO2 = "carbon_to_co2"
_TEXT = "{source} counts {carbon} t C: {amount} {unit} of {product} are taken out of what burns in {flow}"
_SHORT_TEXT = (
    "{source} counts {carbon} t C: all {amount} {unit} of {product} are taken out of what burns in"
    " {flow}, and {rest} t C are in no fuel of this row"
)


def subtract_partners(inventory: Inventory) -> Inventory:
    """Return an inventory in which fuel whose carbon a source counts does not burn.

    Steel holds the carbon of its coke, ammonia that of its natural gas. Where the method's sector
    file says ``subtract``, energy's row loses the fuel that holds the carbon, its cells each in the
    same part; a finding says how much, and what the row did not have.
    """
    sources = [one for one in inventory.origins if _partner_of(one, ("subtract",))]
    if not sources:
        return inventory
    origins = list(inventory.origins)
    entries = inventory.entries
    findings: list[Finding] = []
    for position, origin in enumerate(inventory.origins):
        if not isinstance(origin, EnergyOrigin):
            continue
        own = ((entries["origin"] == position) & (entries["scope"] == 1)).to_numpy()
        cube = origin.inventory
        for source in sources:
            assert isinstance(source, SourceOrigin)  # noqa: S101 - such alone have partners
            cube = _subtract(cube, source, entries[own], findings)
        if cube is origin.inventory:
            continue
        cell = entries["cell"].to_numpy()[own]
        at = np.unravel_index(cell, cube.emissions.shape)
        value, activity = entries["value"].to_numpy().copy(), entries["activity"].to_numpy().copy()
        value[own], activity[own] = cube.emissions.values[at], cube.activity[at[:4]]
        entries = entries.assign(value=value, activity=activity)
        origins[position] = EnergyOrigin(cube)
    return replace(inventory, entries=entries, origins=tuple(origins)).with_findings(findings)


def _subtract(
    cube: EnergyInventory, origin: SourceOrigin, entries: pd.DataFrame, findings: list[Finding]
) -> EnergyInventory:
    """Return a cube without the fuel that holds a source's carbon, and note what is taken out."""
    evaluation, partner = origin.evaluation, _partner_of(origin, ("subtract",))
    assert partner is not None  # noqa: S101 - the caller lists such alone
    axes, amounts = evaluation.data.axes, _amounts(origin, partner)
    co2 = entries[(entries["gas"] == "CO2") & entries["value"].notna()]
    periods = (len(axes.areas), len(axes.years))
    weight = evaluation.data.numbers[_TO_CO2].cells.values  # may differ by area and year alone
    weight = np.broadcast_to(weight, (*periods, *weight.shape[2:])).reshape(periods)
    for a, y in np.argwhere(amounts > 0):
        area, year = axes.areas[a], axes.years[y]
        here = co2[(co2["area"] == area) & (co2["year"] == year)]
        flow, burnt = _find_activity_data(here, partner)
        cells = np.unravel_index(burnt["cell"].to_numpy(), cube.emissions.shape)[:4]
        there = float(measure_carbon(cube, cells).sum()) if len(burnt) else 0.0
        if not there > 0:
            continue
        carbon = float(amounts[a, y])
        asked = carbon * float(weight[a, y])
        part = min(1.0, asked / there)
        before = float(cube.activity[cells].sum())
        cube = pass_on(cube, origin.block, cells, part)
        words = {
            "source": evaluation.sector.called(origin.block),
            "carbon": f"{carbon:,.0f}",
            "amount": f"{before * part:,.0f}",
            "unit": str(burnt["activity_unit"].iloc[0]),
            "product": partner.product,
            "flow": flow,
            "rest": f"{carbon * (1 - there / asked):,.0f}",
        }
        short = asked > there * (1 + _SHORT)
        text = say(_SHORT_TEXT if short else _TEXT, **words)
        action = say("see that the balance prints the fuel in this row and that it burns there")
        severity: Severity = "warning" if short else "info"
        findings.append(Finding("partner-subtracted", severity, text, f"{area} {year}", action))
    return cube


def find_partners(inventory: Inventory) -> Iterator[Finding]:
    """Find sources whose carbon stands in a fuel that the same inventory counts as burnt.

    A plant that burns waste may stand in the energy balance. What is to be done, the method's
    sector file says: nothing (the document counts both), or one of the two has to go.
    """
    energy = inventory.entries
    energy = energy[(energy["sector"] == "energy") & (energy["scope"] == 1)]
    energy = energy[(energy["kind"] != "memo") & (energy["gas"] == "CO2")]
    for origin in inventory.origins:
        partner = _partner_of(origin, ("find", "refuse"))
        if partner is not None and isinstance(origin, SourceOrigin):
            yield from _compare(origin, partner, energy)


def _partner_of(origin: object, kinds: Sequence[str]) -> Partner | None:
    """Return the partner in energy of a source, if what is to be done is one of some kinds."""
    if not isinstance(origin, SourceOrigin):
        return None
    partner = origin.evaluation.find(origin.block).block.partner
    if partner is None or partner.sector != "energy" or partner.both not in kinds:
        return None
    return partner


def _amounts(origin: SourceOrigin, partner: Partner) -> np.ndarray:
    """Return the amount of a partner's quantity by area and year, of the labels that hold this fuel."""
    evaluation = origin.evaluation
    amounts = evaluation.values(partner.quantity)
    for axis, (dim, labels) in enumerate(evaluation.labels(partner.quantity).items(), 2):
        if dim in partner.labels:
            places = [n for n, label in enumerate(labels) if label in partner.labels[dim]]
            amounts = np.take(amounts, places, axis=axis)
    return np.asarray(np.nansum(np.abs(amounts.reshape(*amounts.shape[:2], -1)), axis=2))


def _compare(origin: SourceOrigin, partner: Partner, energy: pd.DataFrame) -> Iterator[Finding]:
    """Yield a finding for each area and year in which both have an amount."""
    evaluation = origin.evaluation
    axes = evaluation.data.axes
    amounts = _amounts(origin, partner)
    for a, y in np.argwhere(amounts > 0):
        area, year = axes.areas[a], axes.years[y]
        here = energy[(energy["area"] == area) & (energy["year"] == year)]
        flow, burnt = _find_activity_data(here, partner)
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
                block=evaluation.sector.called(origin.block),
                quantity=evaluation.sector.called(partner.quantity),
                amount=amounts[a, y],
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


def _find_activity_data(energy: pd.DataFrame, partner: Partner) -> tuple[str, pd.DataFrame]:
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
