"""Industry above designated size -> all industry, and a row of industry -> its branches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.origins import CellOrigin
from carbonacct.cities.own_tables import POWER_BRANCH, CityCell, print_cell
from carbonacct.errors import Finding
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.cities.indicators import Indicators, Value
    from carbonacct.cities.meaning import Fact
    from carbonacct.cities.own_tables import Cells

# Whole and part of the same thing, the nearest first (Shan et al. 2017, case B).
_PAIRS = (("va_industry", "va_industry_above"), ("output_industry", "output_industry_above"))
_ROUNDING = 1e-6


@dataclass(frozen=True)
class IndustryScale:
    """What industry above designated size is multiplied with to be all industry.

    Attributes
    ----------
    value
        m = whole / part, 1 or more; NaN where it is refused or not known.
    index, whole, part, unit
        The indicator and its two values.
    low, high
        By all indices at hand; NaN where there is but one.
    """

    value: float = float("nan")
    index: str = ""
    whole: float = float("nan")
    part: float = float("nan")
    unit: str = ""
    low: float = float("nan")
    high: float = float("nan")
    source: str = ""
    where: str = ""

    def to_origin(self, parts: str) -> CellOrigin:
        """Return the origin of a cell that was scaled from the parts named."""
        return CellOrigin(
            how="scaled",
            case="gamma",
            index=self.index,
            index_city=self.whole,
            index_reference=self.part,
            index_unit=self.unit,
            share=self.value,
            share_low=self.low,
            share_high=self.high,
            source=f"{parts}; {self.source}",
        )


def find_scale(found: Indicators, area: str, year: int) -> tuple[IndustryScale, list[Finding]]:
    """Return m, value added (or output) of all industry over that above designated size.

    Both are of one year and in the prices of one year. A whole smaller than its part is refused: it
    comes from two price bases or two boundaries.

    Parameters
    ----------
    found
        Indicators; ``coverage`` gives m itself.
    area, year
        The city (its id) and the year.
    """
    scales, notes = _list_scales(found, area, year)
    usable = [one for one in scales if one.value >= 1 - _ROUNDING]
    for one in scales:
        if one not in usable:
            message = say(
                "m = {value:.4f} by {index} in {year}: the whole of industry is smaller "
                "than its part above designated size",
                value=one.value,
                index=one.index,
                year=year,
            )
            action = say(
                "two price bases make it so (2015 prices over current ones): give both in one"
            )
            notes.append(Finding("city-scale", "error", message, one.where, action))
    if not usable:
        return IndustryScale(), notes
    if len(usable) == 1:
        return usable[0], notes
    values = [one.value for one in usable]
    return replace(usable[0], low=min(values), high=max(values)), notes


def _list_scales(
    found: Indicators, area: str, year: int
) -> tuple[list[IndustryScale], list[Finding]]:
    """Return m by each pair of indicators at hand, and the pairs in two price bases."""
    scales: list[IndustryScale] = []
    notes: list[Finding] = []
    if given := found.find(area, year, "industry", "coverage"):
        scales.append(
            IndustryScale(
                value=given.value,
                index="coverage",
                whole=given.value,
                part=1.0,
                source=given.source,
                where=given.where,
            )
        )
    for whole_name, part_name in _PAIRS:
        whole = found.find(area, year, "industry", whole_name)
        part = found.find(area, year, "industry", part_name)
        part = part or _add_branches(found, area, year, part_name)
        if whole is None or part is None or part.value <= 0:
            continue
        ratio = whole.value / part.value
        if whole.prices and part.prices and whole.prices != part.prices:
            message = say(
                "{whole_name} of {year} is in {prices} prices and {part_name} in "
                "{part_prices}: {value:.6g} / {part_value:.6g} = {ratio:.4f} is no scale",
                whole_name=whole_name,
                year=year,
                prices=whole.prices,
                part_name=part_name,
                part_prices=part.prices,
                value=whole.value,
                part_value=part.value,
                ratio=ratio,
            )
            action = say("give both in the prices of one year")
            notes.append(Finding("city-scale", "error", message, whole.where, action))
            continue
        scales.append(
            IndustryScale(
                value=ratio,
                index=f"{whole_name} / {part_name}",
                whole=whole.value,
                part=part.value,
                unit=whole.unit,
                source=f"{whole.source} / {part.source}",
                where=whole.where,
            )
        )
    return scales, notes


def _add_branches(found: Indicators, area: str, year: int, indicator: str) -> Value | None:
    """Return the sum of an indicator over the branches of industry."""
    rows = [
        row
        for row, name in found.values
        if name == indicator and vocabulary.is_within(row, "industry")
    ]
    held = [
        value
        for row in rows
        if (value := found.find(area, year, row, indicator)) and value.row == row
    ]
    if not held:
        return None
    total = sum(value.value for value in held)
    prices = {value.prices for value in held if value.prices}
    source = f"sum of {len(held)} branches from {held[0].where}"
    return replace(
        held[0],
        row="industry",
        value=total,
        prices=prices.pop() if len(prices) == 1 else "",
        source=source,
        where=source,
    )


def list_branches(facts: Sequence[Fact]) -> dict[str, dict[str, Fact]]:
    """Return for each product the branches that print it, but the power and heat branch.

    A row of all industry is kept without what the power and heat branch uses.
    """
    found: dict[str, dict[str, Fact]] = {}
    plants: dict[str, float] = {}
    for fact in facts:
        flow, product = fact.meaning.flow, fact.meaning.product
        if fact.meaning.kind != "branch":
            continue
        if flow == POWER_BRANCH:
            plants[product] = fact.value
        elif vocabulary.flows()[flow].part != "group":  # a subtotal: its branches are there
            found.setdefault(product, {})[flow] = fact
    for product, own in found.items():
        if "industry" in own:
            whole = own["industry"]
            own["industry"] = replace(whole, value=whole.value - plants.get(product, 0.0))
    return found


def sum_branches(branches: Mapping[str, Fact]) -> float:
    """Return the row of all industry where it is printed, else the sum of its branches."""
    if "industry" in branches:
        return branches["industry"].value
    return sum(fact.value for fact in branches.values())


def scale_rows(
    branches: Mapping[str, Mapping[str, Fact]],
    scale: IndustryScale,
    cells: Cells,
    wait: Sequence[str],
) -> list[Finding]:
    """Add the row of industry for each product that its table prints, scaled to the whole.

    Parameters
    ----------
    branches
        For each product the branches that print it.
    scale
        m.
    cells
        What is printed already; a row that is there stays as it is.
    wait
        Products whose row is a residual of the city's total.
    """
    lacking = []
    for product, own in branches.items():
        if ("industry", product) in cells or product in wait:
            continue
        total, unit = sum_branches(own), next(iter(own.values())).unit
        first = next(iter(own.values())).statement.where
        named = f"{len(own)} branches above designated size from {first}"
        # What plants use of power and heat is printed whole, and in the row.
        plants = cells.get((POWER_BRANCH, product))
        also = f", and {POWER_BRANCH} as printed" if plants else ""
        if np.isnan(scale.value):
            lacking.append(product)
            origin = CellOrigin("derived", "gamma", source=f"sum of {named}, not scaled{also}")
        else:
            total, origin = total * scale.value, scale.to_origin(f"sum of {named}{also}")
        total += plants.value if plants else 0
        cells["industry", product] = CityCell(total, unit, origin)
    if not lacking:
        return []
    message = say(
        "industry below designated size is not in {lacking}: nothing usable says how large it is",
        lacking=join_texts(", ", lacking),
    )
    action = say(
        "give value added (or output) of all industry and of that above size, in one price base"
    )
    return [Finding("city-scale-missing", "warning", message, "", action)]


def spread_over_branches(branches: Mapping[str, Mapping[str, Fact]], cells: Cells) -> list[Finding]:
    """Bring the branches of each product to the row of industry, unless it is less than they are.

    AD_ij = AD_ij,above x AD_i,row / sum_j AD_ij,above, fuel by fuel. A row below its known part is
    refused.
    """
    notes = []
    for product, own in branches.items():
        row = cells.get(("industry", product))
        if row is None:
            continue
        own_power = cells.get((POWER_BRANCH, product))
        total, whole = sum_branches(own), row.value - (own_power.value if own_power else 0)
        if total <= 0:
            continue
        ratio = whole / total
        if ratio < 1 - _ROUNDING:
            message = say(
                "{product} of industry is {whole:.6g} {unit} and its branches above "
                "designated size alone are {total:.6g}: a whole is no smaller than its "
                "part, and neither is scaled",
                product=product,
                whole=whole,
                unit=row.unit,
                total=total,
            )
            where = next(iter(own.values())).statement.where
            action = say("check which of the two is of another year or boundary")
            notes.append(Finding("city-below-part", "error", message, where, action))
        for flow, fact in own.items():
            if flow == "industry" or (flow, product) in cells:
                continue
            if ratio <= 1 + _ROUNDING:
                cells[flow, product] = print_cell(fact)
                continue
            origin = CellOrigin(
                how="scaled",
                case="gamma",
                index=f"{product} of industry / its branches",
                index_city=whole,
                index_reference=total,
                index_unit=row.unit,
                share=ratio,
                share_low=row.origin.share_low * ratio / row.origin.share,
                share_high=row.origin.share_high * ratio / row.origin.share,
                source=fact.statement.where,
            )
            cells[flow, product] = CityCell(fact.value * ratio, fact.unit, origin)
    return notes


def add_whole_branches(facts: Sequence[Fact], cells: Cells) -> None:
    """Add the branches of a table that is of all industry, as they are printed (case A)."""
    for fact in facts:
        if fact.meaning.kind == "branch_whole" and fact.meaning.flow != POWER_BRANCH:
            cells.setdefault((fact.meaning.flow, fact.meaning.product), print_cell(fact))
