"""What is left of a city's total, fuel by fuel; and whether printed totals close."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.origins import Origin
from carbonacct.cities.industry import sum_branches
from carbonacct.cities.own_tables import Cell, print_cell
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, UnitError, name_some
from carbonacct.factors import load_edition, row_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.cities.meaning import Fact
    from carbonacct.cities.own_tables import Carried, Cells, Key
    from carbonacct.errors import Severity

_BLOCKS = ("transformation", "losses", "final_consumption")
_COEFFICIENTS = "gb-t-2589-2020"  # of coal equivalent, for fuel outside a total that is in it
_CLOSE = 0.01  # of a total: what print and offices explain
_SUSPECT = 0.25  # how near a carrier's fuel is to the gap that it may explain


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
        floor = floor_cell.value if floor_cell else sum_branches(own) if own else 0.0
        known = list_known(beside | cells, one.total)
        outside = [fuel for fuel in carried if fuel.is_outside and _is_of(fuel.product, one.total)]
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
            cells[key] = Cell(
                rest, total.unit, Origin("residual", "gamma", source=f"{where}; {one.source}")
            )
            continue
        gap = total.value - taken - floor
        message = (
            f"{one.total} is {total.value:.6g} {total.unit} in all and {taken:.6g} elsewhere: "
            f"{total.value - taken:.6g} would be left for {product} of {one.flow}, of which "
            f"{floor:.6g} is known; it is refused and the known part kept"
        )
        if floor or floor_cell:
            source = f"known part of the row, kept in place of {where}"
            cells[key] = Cell(floor, total.unit, Origin("derived", "gamma", source=source))
        notes.append(
            Finding(
                "city-residual",
                "error",
                message,
                total.statement.where,
                _suspect(gap, carried, one.total),
            )
        )
    return notes


def _print_total(total: Fact, case: str) -> Cell:
    cell = print_cell(total, case)
    return Cell(cell.value, cell.unit, cell.origin, cell.printed)


def _is_of(product: str, total: str) -> bool:
    return vocabulary.is_product_within(product, total)


def list_known(cells: Cells, total: str) -> dict[Key, float]:
    """Return the uses of a total's kinds, each once: the outermost printed row of each kind."""
    held = {
        key: abs(cell.value)
        for key, cell in cells.items()
        if not np.isnan(cell.value)
        and _is_of(key[1], total)
        and any(vocabulary.is_within(key[0], block) for block in _BLOCKS)
        and vocabulary.flows()[key[0]].part != "of"
        and _is_use(key[0], cell)
    }
    return {
        key: value
        for key, value in held.items()
        if not any(other != key and _holds(other, key) for other in held)
    }


def _is_use(flow: str, cell: Cell) -> bool:
    """Whether a cell uses its product: what a plant puts out does not."""
    return cell.value < 0 or not vocabulary.is_within(flow, "transformation")


def _holds(outer: Key, inner: Key) -> bool:
    return vocabulary.is_within(inner[0], outer[0]) and vocabulary.is_product_within(
        inner[1], outer[1]
    )


def _suspect(gap: float, carried: Sequence[Carried], total: str) -> str:
    """Return whose fuel may be in one number and not in the other."""
    for fuel in sorted(carried, key=lambda fuel: abs(abs(gap) - fuel.value)):
        if _is_of(fuel.product, total) and abs(abs(gap) - fuel.value) <= _SUSPECT * abs(gap):
            return (
                f"{fuel.label} ({fuel.value:.6g} {fuel.unit}) is near the gap: one side may hold "
                f"it and the other not; --outside {fuel.label} takes it out of the city"
            )
    return "check the total, and whether both are of one year and boundary"


def add_totals_alone(
    totals: Mapping[str, Sequence[Fact]], cells: Cells, beside: Cells, carried: Sequence[Carried]
) -> list[Finding]:
    """Add the totals of fuels of which nothing else is known (case delta)."""
    notes = []
    for product, facts in totals.items():
        if vocabulary.is_electricity_or_heat(product) or list_known(beside | cells, product):
            continue
        chosen = physical(facts) or facts[0]
        outside = [fuel for fuel in carried if fuel.is_outside and _is_of(fuel.product, product)]
        if not outside:
            cells["final_consumption", product] = _print_total(chosen, "delta")
        elif (cell := _subtract(chosen, outside)) is not None:
            cells["final_consumption", product] = cell
        else:
            message = (
                f"{product} is {chosen.value:.6g} {chosen.unit}, and what is outside the boundary "
                "is more, or in a unit that cannot be compared"
            )
            notes.append(
                Finding(
                    "city-residual",
                    "error",
                    message,
                    chosen.statement.where,
                    "check both numbers and their units",
                )
            )
    return notes


def _subtract(total: Fact, outside: Sequence[Carried]) -> Cell | None:
    """Return a total less what is outside the boundary, in the unit of the total."""
    amounts = [
        fuel.value * _find_coefficient(fuel.product, fuel.unit, total.unit) for fuel in outside
    ]
    rest = take_rest(total.value, sum(amounts))
    if rest is None:
        return None
    named = " - ".join(f"{fuel.label} {fuel.where}" for fuel in outside)
    return Cell(
        rest, total.unit, Origin("residual", "delta", source=f"{total.statement.where} - {named}")
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
            fuel.value for fuel in carried if fuel.is_outside and _is_of(fuel.product, product)
        )
        gap = total.value - sum(known.values()) - outside
        if abs(gap) > _CLOSE * total.value:
            message = (
                f"{product} is {total.value:.6g} {total.unit} in all, its uses give "
                f"{total.value - gap:.6g}: {gap:+.6g} is in no row"
            )
            notes.append(
                Finding(
                    "city-closure",
                    "warning",
                    message,
                    total.statement.where,
                    _suspect(gap, carried, product),
                )
            )
    return notes


def note_carried(totals: Mapping[str, Sequence[Fact]], carried: Sequence[Carried]) -> list[Finding]:
    """Say which fuel follows the seat of a company, and what part of the city's total it is."""
    notes = []
    for fuel in carried:
        if fuel.is_outside:
            message = (
                f"{fuel.label}, {fuel.value:.6g} {fuel.unit} of {fuel.product}, is outside the "
                "boundary: it is no use of the city and is taken out of its total"
            )
            notes.append(Finding("city-boundary", "info", message, fuel.where))
            continue
        whole = next(
            (
                one
                for name, facts in totals.items()
                if _is_of(fuel.product, name) and (one := physical(facts))
            ),
            None,
        )
        share = (
            f", {fuel.value / whole.value:.1%} of {whole.meaning.product}"
            if whole and whole.value
            else ""
        )
        message = (
            f"{fuel.label}, {fuel.value:.6g} {fuel.unit} of {fuel.product}{share}, "
            f"follows the seat of the {fuel.carrier} company and not the city"
        )
        notes.append(
            Finding(
                "city-boundary",
                "warning",
                message,
                fuel.where,
                f"official totals may leave it out; --outside {fuel.label} does",
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
    message = (
        f"electricity: use {use / 1e8:.6g} and {parts} x 10^8 kWh leave {gap / 1e8:+.4g}: "
        "they are printed apart and kept"
    )
    severity: Severity = "info" if abs(gap) <= _CLOSE * use else "warning"
    return [
        Finding(
            "city-electricity",
            severity,
            message,
            total.statement.where,
            "losses and another boundary of the grid make such gaps",
        )
    ]


def name_unused(totals: Mapping[str, Sequence[Fact]]) -> list[Finding]:
    """Say which totals are printed in coal equivalent alone: they leave no residual."""
    alone = [product for product, facts in totals.items() if physical(facts) is None]
    if not alone:
        return []
    message = f"totals in coal equivalent alone leave no residual: {name_some(alone, 5)}"
    return [
        Finding(
            "city-residual",
            "info",
            message,
            totals[alone[0]][0].statement.where,
            "give them in tonnes or cubic metres too",
        )
    ]
