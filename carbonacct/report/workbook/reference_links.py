"""The reference approach as formulas: amounts as read, factors from the sheet of emission factors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name

from carbonacct.report.workbook.links import replace_columns
from carbonacct.report.workbook.plan import chain_key
from carbonacct.report.workbook.table import FIRST_ROW, Formula, quote
from carbonacct.report.workbook.workbook_words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.report.workbook.plan import Plan

_CLOSE = 1e-9
_FACTORS = ("net_calorific_value", "carbon_content", "oxidation_factor")


@dataclass(frozen=True)
class Reference:
    """The table of the reference approach on a sheet: its rows, and the column of each name."""

    sheet: str
    frame: pd.DataFrame

    def cell(self, name: str, row: int) -> str:
        """Return a cell, for a formula on another sheet."""
        return f"{quote(self.sheet)}!{self.at(name, row)}"

    def at(self, name: str, row: int) -> str:
        """Return a cell, for a formula on the same sheet."""
        return f"{xl_col_to_name(self.frame.columns.get_loc(name))}{FIRST_ROW + row}"


def link_reference(
    plan: Plan, table: Reference, where: Sequence[tuple[str, int]], lang: str
) -> pd.DataFrame:
    """Return the table with formulas; a number that the formula does not give stays one.

    Notes
    -----
    CO2 = (apparent consumption x NCV x carbon content - excluded carbon) x oxidation x 44/12.
    """
    numbers = [str(name) for name in table.frame if table.frame[name].dtype.kind == "f"]
    columns: dict[str, list[Any]] = {name: list(table.frame[name]) for name in numbers}
    letters = {name: xl_col_to_name(at) for at, name in enumerate(table.frame.columns)}
    rows = zip(*(table.frame[name].tolist() for name in ("product", *numbers)), strict=True)
    for i, (period, (product, *values)) in enumerate(zip(where, rows, strict=True)):
        own = dict(zip(numbers, values, strict=True))
        cells = {name: f"{letters[name]}{FIRST_ROW + i}" for name in own}
        per_unit = math.prod(own[name] for name in _FACTORS)
        ratio = own["emission_factor"] / per_unit if per_unit else math.nan
        for name in _FACTORS:
            if cell := _find_factor(plan, period, product, (name, own[name], ratio), lang=lang):
                columns[name][i] = Formula(f"={cell}", own[name])
        for name, (text, value) in _write_formulas(own, cells, ratio).items():
            if math.isclose(value, own[name], rel_tol=_CLOSE, abs_tol=1e-9):
                columns[name][i] = Formula(text, own[name])
    return replace_columns(table.frame, columns)


def link_approaches(
    frame: pd.DataFrame, where: Sequence[tuple[str, int]], reference: Reference
) -> pd.DataFrame:
    """Return the reference side of the two approaches, and their differences, with formulas."""
    table, shown = reference.frame, Reference("", frame)
    energy, co2 = list(frame["energy_reference_tj"]), list(frame["co2_reference_kt"])
    differences: dict[str, list[Any]] = {}
    held: dict[tuple[str, int, str], list[int]] = {}
    keys = zip(*(table[name].tolist() for name in ("area", "year", "fuel_group")), strict=True)
    for row, (area, year, group) in enumerate(keys):
        for name in (group, "total"):
            held.setdefault((area, year, name), []).append(row)
    nets, emissions = _net_energies(reference), table["emissions"].tolist()
    for i, (period, group) in enumerate(zip(where, frame["fuel_group"].tolist(), strict=True)):
        rows = held.get((*period, group), [])
        net = [nets[row] for row in rows]
        energy[i] = _sum([text for text, _ in net], [value for _, value in net], energy[i])
        emitted = [emissions[row] for row in rows]
        co2[i] = _sum([reference.cell("emissions", row) for row in rows], emitted, co2[i])
    for what in ("energy", "co2"):
        unit = {"energy": "tj", "co2": "kt"}[what]
        sides = (f"{what}_reference_{unit}", f"{what}_sectoral_{unit}")
        name = f"{what}_difference_percent"
        differences[name] = [
            (
                Formula(f"=({shown.at(sides[0], i)}/{shown.at(sides[1], i)}-1)*100", value)
                if not math.isnan(value)
                else value
            )
            for i, value in enumerate(frame[name])
        ]
    columns = {"energy_reference_tj": energy, "co2_reference_kt": co2, **differences}
    return replace_columns(frame, columns)


def _net_energies(reference: Reference) -> list[tuple[str, float]]:
    """Return of each row the energy of what came in less what is excluded, in GJ: as text and as number."""
    names = ("apparent_energy", "excluded_amount", "excluded_fraction", "net_calorific_value")
    found = []
    columns = (reference.frame[name].tolist() for name in names)
    for row, (came, amount, fraction, energy) in enumerate(zip(*columns, strict=True)):
        cells = [reference.cell(name, row) for name in names]
        left = 0.0 if amount == 0 or math.isnan(amount) else amount * fraction * energy
        text = f"{cells[0]}-{cells[1]}*{cells[2]}*{cells[3]}" if left else cells[0]
        found.append((text, came - left))
    return found


def _sum(texts: Sequence[str], values: Sequence[float], value: float) -> Any:
    """Return a thousandth of the sum of cells, or the number that it is not."""
    total = math.fsum(number for number in values if not math.isnan(number)) / 1e3
    if not texts or not math.isclose(total, value, rel_tol=_CLOSE, abs_tol=1e-9):
        return value
    return Formula(f"=({'+'.join(texts)})/1000", value)


def _write_formulas(
    own: dict[str, float], cells: dict[str, str], ratio: float
) -> dict[str, tuple[str, float]]:
    """Return the formula of each column that follows from others, with what it gives now.

    `ratio` is the CO2 of carbon, t CO2/t C.
    """
    carbon = own["excluded_amount"] * own["excluded_fraction"]
    carbon *= own["net_calorific_value"] * own["carbon_content"]
    made = {
        "apparent_energy": (
            "={apparent_consumption}*{net_calorific_value}",
            own["apparent_consumption"] * own["net_calorific_value"],
        ),
        "total_carbon": (
            "={apparent_energy}*{carbon_content}",
            own["apparent_energy"] * own["carbon_content"],
        ),
        "excluded_carbon": (
            "={excluded_amount}*{excluded_fraction}*{net_calorific_value}*{carbon_content}",
            carbon,
        ),
        "net_carbon": (
            "={total_carbon}-{excluded_carbon}",
            own["total_carbon"] - own["excluded_carbon"],
        ),
    }
    if not math.isnan(ratio):
        unit = f"{{net_calorific_value}}*{{carbon_content}}*{{oxidation_factor}}*{ratio!r}"
        made["emission_factor"] = (f"={unit}", own["emission_factor"])
        emitted = f"={{net_carbon}}*{{oxidation_factor}}*{ratio!r}"
        made["emissions"] = (emitted, own["net_carbon"] * own["oxidation_factor"] * ratio)
    return {name: (text.format(**cells), value) for name, (text, value) in made.items()}


def _find_factor(
    plan: Plan, period: tuple[str, int], product: str, asked: tuple[str, float, float], *, lang: str
) -> str:
    """Return the cell of a factor that a chain of the product holds; "" where none has this value.

    A carbon content may stand as an emission factor of energy: divided by the CO2 of carbon.
    """
    name, value, ratio = asked
    lines = plan.by_period.get((*period, "CO2", 1), [])
    for line in (line for line in lines if line.found.product == product):
        for step in line.found.steps:
            held, per = step.value, ""
            if (name, step.parameter, step.unit) == (
                "carbon_content",
                "emission_factor",
                "t CO2/GJ",
            ):
                held, per = step.value / ratio, f"/{ratio!r}"
            elif step.parameter != name or step.divides:
                continue
            if math.isclose(held, value, rel_tol=_CLOSE):
                position = plan.chain_columns.index((step.parameter, step.divides))
                row = plan.chain_rows[chain_key(line.found)]
                return f"{quote(word('chains', lang))}!{xl_col_to_name(3 + position)}{row}{per}"
    return ""
