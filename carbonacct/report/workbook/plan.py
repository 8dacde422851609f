"""What goes where in the workbook: each number, its chain of factors, its published rows, its cell of the table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.inventory.metrics import find_gwp, name_equivalent, origin_of
from carbonacct.report.workbook.table import FIRST_ROW
from carbonacct.report.workbook.workbook_words import PARAMETERS
from carbonacct.sectors.energy.printed_amounts import list_printed_amounts
from carbonacct.sectors.energy.table_facts import measure_cells
from carbonacct.sectors.energy.tracing import shared_trace
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd

    from carbonacct.factors import FactorRow, FactorSource
    from carbonacct.sectors.energy import EnergyInventory, Trace
    from carbonacct.sectors.energy.printed_amounts import PrintedAmount
    from carbonacct.sectors.energy.tracing import FactorStep

Key = tuple[object, ...]
LIVE_NUMBERS = 10_000  # beyond them the workbook holds values


@dataclass(frozen=True)
class Weight:
    """The weight of a gas in a metric."""

    metric: str
    gas: str
    origin: str
    value: float


@dataclass(frozen=True)
class PlanLine:
    """One number of an inventory: its row of the flat table, and how it came about.

    A CO2-equivalent has no trace of its own: it is the sum of `parts`, lines of gases, each with
    its weight.
    """

    inventory: int
    flat: int
    found: Trace
    category: str
    scope: int
    parts: tuple[tuple[PlanLine, Weight], ...] = ()

    @property
    def period(self) -> tuple[str, int, str]:
        """Return area, year and gas."""
        return self.found.area, self.found.year, self.found.gas

    def moves_with(self, other: PlanLine) -> bool:
        """Return whether motor fuel of this row counts in that of another line."""
        alike = (self.inventory, *self.period, self.found.product) == (
            other.inventory,
            *other.period,
            other.found.product,
        )
        return alike and self.found.moved < 0 and not self.parts


@dataclass(frozen=True)
class Published:
    """A published row in the unit in which it is used."""

    row: FactorRow
    source: FactorSource
    unit: str
    value: float

    @property
    def conversion(self) -> float:
        """Return what turns the published number into the one that is used."""
        return conversion_factor(self.row.unit, self.unit)


class Plan:
    """The lines of a workbook, sorted so that every category is one block, and the rows that they refer to.

    Parameters
    ----------
    inventories
        What is written.
    frame
        Their flat table, one after another.
    gwp
        The metric of its CO2-equivalents.
    """

    def __init__(
        self, inventories: Sequence[EnergyInventory], frame: pd.DataFrame, *, gwp: str | None = None
    ) -> None:
        self.inventories = inventories
        self.frame = frame
        self.gwp = gwp

    @cached_property
    def lines(self) -> list[PlanLine]:
        """Every number, by area, year, gas, scope, category, flow, product."""
        lines: list[PlanLine] = []
        equivalent = name_equivalent(str(self.gwp))
        numbers = {
            period: number
            for number, inventory in enumerate(self.inventories)
            for period in inventory.table.periods
        }
        made: dict[Key, list[PlanLine]] = {}
        names = list(self.frame.columns)
        columns = [self.frame[name].tolist() for name in names]
        for flat, values in enumerate(zip(*columns, strict=True)):
            row = dict(zip(names, values, strict=True))
            cell = (row["area"], row["year"], row["flow"], row["product"])
            if row["gas"] == equivalent:
                parts = tuple((line, self._weight(line)) for line in made[cell])
                line = replace(
                    parts[0][0],
                    flat=flat,
                    parts=parts,
                    found=replace(parts[0][0].found, gas=equivalent, value=row["value"], steps=()),
                )
            else:
                number = numbers[row["area"], row["year"]]
                found = shared_trace(
                    self.inventories[number],
                    flow=row["flow"],
                    product=row["product"],
                    gas=row["gas"],
                    area=row["area"],
                    year=row["year"],
                )
                line = PlanLine(number, flat, found, row["category"], row["scope"])
                made.setdefault(cell, []).append(line)
            lines.append(line)
        order = {
            "area": list(dict.fromkeys(line.found.area for line in lines)),
            "gas": [*dict.fromkeys(line.found.gas for line in lines if not line.parts), equivalent],
            "flow": list(vocabulary.flows()),
            "product": list(vocabulary.products()),
        }
        place = {name: {word: n for n, word in enumerate(known)} for name, known in order.items()}
        return sorted(
            lines,
            key=lambda line: (
                place["area"][line.found.area],
                line.found.year,
                place["gas"][line.found.gas],
                line.scope,
                line.category or line.found.product,
                place["flow"][line.found.flow],
                place["product"][line.found.product],
            ),
        )

    def _weight(self, line: PlanLine) -> Weight:
        origin = origin_of(line.found.gas, line.category)
        return Weight(
            str(self.gwp),
            line.found.gas,
            origin,
            find_gwp(str(self.gwp), line.found.gas, origin=origin),
        )

    @cached_property
    def weight_rows(self) -> dict[Weight, int]:
        """Row of the sheet of weights."""
        weights = dict.fromkeys(weight for line in self.lines for _, weight in line.parts)
        return {weight: FIRST_ROW + n for n, weight in enumerate(weights)}

    @cached_property
    def line_rows(self) -> dict[int, int]:
        """Row of the sheet of traces, by row of the flat table."""
        return {line.flat: FIRST_ROW + n for n, line in enumerate(self.lines)}

    @cached_property
    def by_period(self) -> dict[tuple[str, int, str, int], list[PlanLine]]:
        """The numbers of each area, year, gas and scope; sums of gases apart."""
        found: dict[tuple[str, int, str, int], list[PlanLine]] = {}
        for line in self.lines:
            if not line.parts:
                found.setdefault((*line.period, line.scope), []).append(line)
        return found

    @cached_property
    def by_category(self) -> dict[tuple[str, int, str], dict[str, list[PlanLine]]]:
        """The direct numbers of each area, year and gas, by category."""
        found: dict[tuple[str, int, str], dict[str, list[PlanLine]]] = {}
        for (area, year, gas, scope), lines in self.by_period.items():
            if scope == 1:
                own = found.setdefault((area, year, gas), {})
                for line in lines:
                    own.setdefault(line.category, []).append(line)
        return found

    @cached_property
    def _energies(self) -> list[np.ndarray]:
        return [measure_cells(inventory) for inventory in self.inventories]

    def energy_per_unit(self, line: PlanLine) -> float:
        """Return the GJ in a unit of what burns; NaN where the method has no calorific value."""
        found = line.found
        place = self.inventories[line.inventory].table.find(
            found.area, found.year, found.flow, found.product
        )
        return float(self._energies[line.inventory][place])

    def energy(self, line: PlanLine) -> float:
        """Return the energy of what burns, in TJ; nothing holds none."""
        found = line.found
        burnt = found.activity
        return burnt * self.energy_per_unit(line) / 1e3

    @cached_property
    def chains(self) -> dict[Key, tuple[str, str, tuple[FactorStep, ...]]]:
        """The different chains of factors: gas, unit of the activity, and steps; in the order of the lines."""
        chains: dict[Key, tuple[str, str, tuple[FactorStep, ...]]] = {}
        for line in self.lines:
            if line.found.steps:
                chains.setdefault(
                    chain_key(line.found), (line.found.gas, line.found.unit, line.found.steps)
                )
        return chains

    @cached_property
    def chain_rows(self) -> dict[Key, int]:
        """Row of the sheet of chains."""
        return {key: FIRST_ROW + n for n, key in enumerate(self.chains)}

    @cached_property
    def chain_columns(self) -> list[tuple[str, bool]]:
        """The parameters of all chains, and whether they divide: these first, then in the order of multiplication."""
        found = dict.fromkeys(
            (step.parameter, step.divides) for _, _, steps in self.chains.values() for step in steps
        )
        return sorted(
            found,
            key=lambda column: (
                not column[1],
                list(PARAMETERS).index(column[0]) if column[0] in PARAMETERS else len(PARAMETERS),
            ),
        )

    @cached_property
    def published(self) -> dict[Key, Published]:
        """The published rows in use, each in each unit in which it is used; the first of a row holds its number."""
        steps = [step for _, _, chain in self.chains.values() for step in chain]
        steps.sort(key=lambda step: (step.parameter, step.source.id, step.row.line))
        return {
            step_key(step): Published(step.row, step.source, step.unit, step.value)
            for step in steps
        }

    @cached_property
    def published_rows(self) -> dict[Key, int]:
        """Row of the sheet of factors."""
        return {key: FIRST_ROW + n for n, key in enumerate(self.published)}

    @cached_property
    def printed(self) -> dict[Key, PrintedAmount]:
        """Every number of the tables, by inventory, area, year, flow and product."""
        return {
            (number, one.area, one.year, one.flow, one.product): one
            for number, inventory in enumerate(self.inventories)
            for one in list_printed_amounts(inventory)
        }

    @cached_property
    def printed_rows(self) -> dict[Key, int]:
        """Row of the sheet of activity data."""
        return {key: FIRST_ROW + n for n, key in enumerate(self.printed)}


def chain_key(found: Trace) -> Key:
    """Return what tells one chain of factors from another."""
    return (found.gas, found.unit, *((step_key(step), step.divides) for step in found.steps))


def step_key(step: FactorStep) -> Key:
    """Return what tells one published row in one unit from another."""
    return (step.row.place, step.unit)
