"""Printed totals of fuels beside the uses that are known: what closes, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.cities.allocation import BLOCKS
from carbonacct.errors import Finding, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.cities.meaning import Fact
    from carbonacct.cities.own_tables import Carried, Cells, CityCell, Key
    from carbonacct.errors import Severity

_CLOSE = 0.01  # of a total: what print and offices explain
_SUSPECT = 0.25  # how near a carrier's fuel is to the gap that it may explain


def find_totals(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    """Return the printed totals of each product."""
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.meaning.kind == "total":
            found.setdefault(fact.meaning.product, []).append(fact)
    return found


def physical(totals: Sequence[Fact]) -> Fact | None:
    """Return the total that is in the unit of its product, not in coal equivalent."""
    own = (fact for fact in totals if fact.unit == vocabulary.products()[fact.meaning.product].unit)
    return next(own, None)


def list_known(cells: Cells, total: str) -> dict[Key, float]:
    """Return the uses of a total's kinds, each once: the outermost printed row of each kind."""
    held = {
        key: abs(cell.value)
        for key, cell in cells.items()
        if not np.isnan(cell.value)
        and is_of(key[1], total)
        and any(vocabulary.is_within(key[0], block) for block in BLOCKS)
        and vocabulary.flows()[key[0]].part != "of"
        and _is_use(key[0], cell)
    }
    return {
        key: value
        for key, value in held.items()
        if not any(other != key and _holds(other, key) for other in held)
    }


def _is_use(flow: str, cell: CityCell) -> bool:
    """Whether a cell uses its product: what a plant puts out does not."""
    return cell.value < 0 or not vocabulary.is_within(flow, "transformation")


def _holds(outer: Key, inner: Key) -> bool:
    return vocabulary.is_within(inner[0], outer[0]) and vocabulary.is_product_within(
        inner[1], outer[1]
    )


def is_of(product: str, total: str) -> bool:
    """Return whether a product is a total or one of its kinds."""
    return vocabulary.is_product_within(product, total)


def check_totals(
    totals: Mapping[str, Sequence[Fact]], cells: Cells, carried: Sequence[Carried]
) -> list[Finding]:
    """Compare each printed total with the known uses, and name whose fuel may make the gap."""
    notes = []
    for product, facts in totals.items():
        known = list_known(cells, product)
        total = physical(facts)
        if total is None or not known or vocabulary.is_electricity_or_heat(product):
            continue
        outside = sum(
            fuel.value for fuel in carried if fuel.is_outside and is_of(fuel.product, product)
        )
        gap = total.value - sum(known.values()) - outside
        if abs(gap) > _CLOSE * total.value:
            message = say(
                "{product} is {value:.6g} {unit} in all, its uses give "
                "{difference:.6g}: {gap:+.6g} is in no row",
                product=product,
                value=total.value,
                unit=total.unit,
                difference=total.value - gap,
                gap=gap,
            )
            notes.append(
                Finding(
                    "city-closure",
                    "warning",
                    message,
                    total.statement.where,
                    name_suspect(gap, carried, product),
                )
            )
    return notes


def name_suspect(gap: float, carried: Sequence[Carried], total: str) -> str:
    """Return whose fuel may be in one number and not in the other."""
    for fuel in sorted(carried, key=lambda fuel: abs(abs(gap) - fuel.value)):
        if is_of(fuel.product, total) and abs(abs(gap) - fuel.value) <= _SUSPECT * abs(gap):
            return say(
                "{label} ({value:.6g} {unit}) is near the gap: one side may hold it and "
                "the other not; --outside {label} takes it out of the city",
                label=fuel.label,
                value=fuel.value,
                unit=fuel.unit,
            )
    return say("check the total, and whether both are of one year and boundary")


def note_carried(totals: Mapping[str, Sequence[Fact]], carried: Sequence[Carried]) -> list[Finding]:
    """Report which fuel follows the seat of a company, and what part of the city's total it is."""
    notes = []
    for fuel in carried:
        if fuel.is_outside:
            message = say(
                "{label}, {value:.6g} {unit} of {product}, is outside the boundary: it "
                "is no use of the city and is taken out of its total",
                label=fuel.label,
                value=fuel.value,
                unit=fuel.unit,
                product=fuel.product,
            )
            notes.append(Finding("city-boundary", "info", message, fuel.where))
            continue
        whole = next(
            (
                one
                for name, facts in totals.items()
                if is_of(fuel.product, name) and (one := physical(facts))
            ),
            None,
        )
        share = (
            say(
                ", {ratio:.1%} of {product}",
                ratio=fuel.value / whole.value,
                product=whole.meaning.product,
            )
            if whole and whole.value
            else ""
        )
        message = say(
            "{label}, {value:.6g} {unit} of {product}{share}, follows the seat of the "
            "{carrier} company and not the city",
            label=fuel.label,
            value=fuel.value,
            unit=fuel.unit,
            product=fuel.product,
            share=share,
            carrier=fuel.carrier,
        )
        notes.append(
            Finding(
                "city-boundary",
                "warning",
                message,
                fuel.where,
                say("official totals may leave it out; --outside {label} does", label=fuel.label),
            )
        )
    return notes


def check_electricity(totals: Mapping[str, Sequence[Fact]], cells: Cells) -> list[Finding]:
    """Show what use, generation and import of electricity leave between them; nothing is forced."""
    rows = {
        flow: cells.get((flow, "electricity"))
        for flow in ("production", "thermal_power", "moved_in")
    }
    total = physical(totals.get("electricity", ()))
    if any(cell is None for cell in rows.values()) or total is None:
        return []
    supply = sum(cell.value for cell in rows.values() if cell)
    use, gap = total.value, total.value - supply
    parts = " + ".join(f"{flow} {cell.value / 1e8:.4g}" for flow, cell in rows.items() if cell)
    message = say(
        "electricity: use {use:.6g} and {parts} x 10^8 kWh leave {gap:+.4g}: they are "
        "printed apart and kept",
        use=use / 100000000.0,
        parts=parts,
        gap=gap / 100000000.0,
    )
    severity: Severity = "info" if abs(gap) <= _CLOSE * use else "warning"
    return [
        Finding(
            "city-electricity",
            severity,
            message,
            total.statement.where,
            say("losses and another boundary of the grid make such gaps"),
        )
    ]


def name_unused(totals: Mapping[str, Sequence[Fact]]) -> list[Finding]:
    """Report which totals are printed in coal equivalent alone: they leave no residual."""
    alone = [product for product, facts in totals.items() if physical(facts) is None]
    if not alone:
        return []
    message = say(
        "totals in coal equivalent alone leave no residual: {alone}", alone=name_some(alone, 5)
    )
    return [
        Finding(
            "city-residual",
            "info",
            message,
            totals[alone[0]][0].statement.where,
            say("give them in tonnes or cubic metres too"),
        )
    ]
