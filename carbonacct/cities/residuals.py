"""What is left of a city's total, fuel by fuel and in physical units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.origins import CellOrigin
from carbonacct.balances.check.counting import TOTAL
from carbonacct.cities.industry import sum_branches
from carbonacct.cities.own_tables import CityCell, print_cell
from carbonacct.cities.printed_totals import is_of, list_known, name_suspect, physical
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, UnitError
from carbonacct.factors import load_edition, row_value
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.cities.meaning import Fact
    from carbonacct.cities.own_tables import Carried, Cells

_NOTHING = 1e-9  # of a total: what sums of printed numbers leave
_COEFFICIENTS = "gb-t-2589-2020"  # of coal equivalent, for fuel outside a total that is in it


@dataclass(frozen=True)
class Residual:
    """The row that takes what is left of a total."""

    total: str
    flow: str
    product: str
    source: str


@cache
def list_residuals() -> tuple[Residual, ...]:
    """Return which row takes what is left of which total.

    Examples
    --------
    >>> [(one.total, one.flow, one.product) for one in list_residuals()][1]
    ('natural_gas', 'industry', 'natural_gas')
    """
    rows = read_rows(data_folder() / "vocabulary" / "city_residuals.csv")
    return tuple(Residual(row["total"], row["flow"], row["product"], row["source"]) for row in rows)


def take_rest(total: float, known: float, floor: float = 0.0) -> float | None:
    """Return what a total leaves beside what is known, or None where a known part is more.

    Parameters
    ----------
    total, known
        In one physical unit.
    floor
        The part of the rest that is known: industry above designated size, taxis.

    Examples
    --------
    >>> take_rest(100.0, 60.0, 30.0), take_rest(100.0, 80.0, 30.0)
    (40.0, None)
    """
    rest = total - known
    return rest if rest >= floor else None  # not a number is no rest either


def list_waiting(
    totals: Mapping[str, Sequence[Fact]], cells: Cells, branches: Mapping[str, object]
) -> dict[str, Residual]:
    """Return the products whose row is to be a residual: the total is printed, the row is not."""
    waiting = {}
    for one in list_residuals():
        if one.total not in totals or physical(totals[one.total]) is None:
            continue
        product = _choose_product(one, branches)
        row = cells.get((one.flow, product))
        if row is None or row.is_part:
            waiting[product] = one
    return waiting


def _choose_product(one: Residual, branches: Mapping[str, object]) -> str:
    """Return the product that takes the rest: the total where industry prints no kinds of it."""
    return one.total if one.total in branches and one.product not in branches else one.product


def add_residuals(
    totals: Mapping[str, Sequence[Fact]],
    waiting: Mapping[str, Residual],
    branches: Mapping[str, Mapping[str, Fact]],
    cells: Cells,
    *,
    beside: Cells,
    carried: Sequence[Carried],
) -> list[Finding]:
    """Add the rows that take what totals leave; a rest below its known part is refused.

    Both sides are tonnes or cubic metres: a total in coal equivalent has coefficients of its own,
    and what is subtracted would have others.
    """
    notes = []
    for product, one in waiting.items():
        total = physical(totals[one.total])
        if total is None:
            continue
        key = (one.flow, product)
        floor_cell = cells.pop(key, None)
        own = branches.get(product, {}) if one.flow == "industry" else {}
        floor = floor_cell.value if floor_cell else sum_branches(own)
        known = list_known(beside | cells, one.total)
        outside = [fuel for fuel in carried if fuel.is_outside and is_of(fuel.product, one.total)]
        taken = sum(known.values()) + sum(fuel.value for fuel in outside)
        if not known and not outside and not own:
            cells["final_consumption", one.total] = _print_total(total, "delta")
            continue
        named = [f"{flow} {kind}" for flow, kind in known] + [
            f"{fuel.label} (outside)" for fuel in outside
        ]
        where = f"{total.statement.where} - {' - '.join(named)}"
        rest = take_rest(total.value, taken, floor)
        if rest is not None:
            cells[key] = CityCell(
                rest, total.unit, CellOrigin("residual", "gamma", source=f"{where}; {one.source}")
            )
            continue
        gap = total.value - taken - floor
        message = say(
            "{total} is {value:.6g} {unit} in all and {taken:.6g} elsewhere: "
            "{difference:.6g} would be left for {product} of {flow}, of which "
            "{floor:.6g} is known; it is refused and the known part kept",
            total=one.total,
            value=total.value,
            unit=total.unit,
            taken=taken,
            difference=total.value - taken,
            product=product,
            flow=one.flow,
            floor=floor,
        )
        if floor or floor_cell:
            source = f"known part of the row, kept in place of {where}"
            cells[key] = CityCell(floor, total.unit, CellOrigin("derived", "gamma", source=source))
        notes.append(
            Finding(
                "city-residual",
                "error",
                message,
                total.statement.where,
                name_suspect(gap, carried, one.total),
            )
        )
    return notes


def _print_total(total: Fact, case: str) -> CityCell:
    cell = print_cell(total, case)
    return CityCell(cell.value, cell.unit, cell.origin, cell.printed)


def add_totals_alone(
    totals: Mapping[str, Sequence[Fact]], cells: Cells, beside: Cells, carried: Sequence[Carried]
) -> list[Finding]:
    """Add the totals of fuels of which nothing else is known (case delta)."""
    notes = []
    for product, facts in totals.items():
        if vocabulary.is_electricity_or_heat(product) or list_known(beside | cells, product):
            continue
        chosen = physical(facts) or facts[0]
        outside = [fuel for fuel in carried if fuel.is_outside and is_of(fuel.product, product)]
        if not outside:
            cells["final_consumption", product] = _print_total(chosen, "delta")
        elif (cell := _subtract(chosen, outside)) is not None:
            cells["final_consumption", product] = cell
        else:
            message = say(
                "{product} is {value:.6g} {unit}, and what is outside the boundary is "
                "more, or in a unit that cannot be compared",
                product=product,
                value=chosen.value,
                unit=chosen.unit,
            )
            notes.append(
                Finding(
                    "city-residual",
                    "error",
                    message,
                    chosen.statement.where,
                    say("check both numbers and their units"),
                )
            )
    return notes


def add_whole_uses(
    totals: Mapping[str, Sequence[Fact]], cells: Cells, beside: Cells
) -> list[Finding]:
    """Add the totals of electricity and heat, whose uses may be printed in part.

    Nothing is made of them, so that what is left is used as well: by trade, services and others.
    Where the larger area's rows say by whom, they have been brought to the total.
    """
    notes = []
    for product, facts in totals.items():
        total = physical(facts)
        if not vocabulary.is_electricity_or_heat(product) or total is None:
            continue
        if list_known(beside, product):
            continue
        uses = list_known(cells, product)
        known = sum(uses.values())
        rest = total.value - known
        if rest < -_sum_rounding(total, [cells[key] for key in uses]):
            message = say(
                "{product} is {value:.6g} {unit} in all, and its uses give {known:.6g}",
                product=product,
                value=total.value,
                unit=total.unit,
                known=known,
            )
            where, action = total.statement.where, say("check both numbers and their units")
            notes.append(Finding("city-residual", "error", message, where, action))
        elif rest > _NOTHING * total.value:
            case = "gamma" if known else "delta"
            cells.setdefault((TOTAL, product), _print_total(total, case))
    return notes


def _sum_rounding(total: Fact, uses: Sequence[CityCell]) -> float:
    """Return by how much printed uses may exceed their total.

    Half a unit of the last digit of each number, of each unit that of its finest.
    """
    held = [(total.statement, total.value)]
    held += [(cell.printed, cell.value) for cell in uses if cell.printed]
    decimals: dict[str, int] = {}
    for one, _ in held:
        own = len(f"{one.value:.9f}".rstrip("0").partition(".")[2])
        decimals[one.unit] = max(own, decimals.get(one.unit, 0))
    return sum(
        0.5 * 10.0 ** -decimals[one.unit] * abs(value / one.value)
        for one, value in held
        if one.value
    )


def _subtract(total: Fact, outside: Sequence[Carried]) -> CityCell | None:
    """Return a total less what is outside the boundary, in the unit of the total."""
    amounts = [
        fuel.value * _find_coefficient(fuel.product, fuel.unit, total.unit) for fuel in outside
    ]
    rest = take_rest(total.value, sum(amounts))
    if rest is None:
        return None
    named = " - ".join(f"{fuel.label} {fuel.where}" for fuel in outside)
    return CityCell(
        rest,
        total.unit,
        CellOrigin("residual", "delta", source=f"{total.statement.where} - {named}"),
    )


def _find_coefficient(product: str, unit: str, to: str) -> float:
    """Return what turns a fuel into the unit of a total: 1, or its coefficient; NaN for none."""
    if unit == to:
        return 1.0
    wanted = f"{to}/{unit}"
    for row in load_edition(_COEFFICIENTS).rows:
        if (
            row.parameter == "coal_equivalent_coefficient"
            and row.product == product
            and not np.isnan(row.value)
        ):
            try:
                return row_value(row, wanted)
            except UnitError:
                return float("nan")
    return float("nan")
